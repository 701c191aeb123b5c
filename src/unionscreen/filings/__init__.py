"""Filings as the agencies give them, read into contributions under canonical names: nothing is lost silently.

``open_filing`` tells the format and the columns, ``Filing.tasks`` cuts the bytes into blocks, ``read_block`` reads one.
"""

from unionscreen.filings.bundles import find_lookup_files, folder_files
from unionscreen.filings.filing import Filing
from unionscreen.filings.layouts.definitions import FilingFormat, list_formats, load_format
from unionscreen.filings.layouts.detect import Detection
from unionscreen.filings.opening import detect_format, detect_pdf, open_filing
from unionscreen.filings.rows.blocks import BlockTask
from unionscreen.filings.rows.read import Block, read_block

__all__ = [
    "Block",
    "BlockTask",
    "Detection",
    "Filing",
    "FilingFormat",
    "detect_format",
    "detect_pdf",
    "find_lookup_files",
    "folder_files",
    "list_formats",
    "load_format",
    "open_filing",
    "read_block",
]
