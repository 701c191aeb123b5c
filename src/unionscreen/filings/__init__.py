"""Filings as the agencies publish them, read into contributions under canonical names. Nothing is lost silently.

``open_filing`` finds out the format and the columns, ``Filing.tasks`` cuts the bytes into blocks, ``read_block`` reads
one of them. ``files`` makes tables of bytes, ``layouts`` knows which column means what, ``rows`` makes contributions.
"""

from unionscreen.filings.files.given import folder_files
from unionscreen.filings.files.tables import ReadOptions
from unionscreen.filings.layouts.definitions import FilingFormat, list_formats, load_format
from unionscreen.filings.opening import (
    Detection,
    detect_format,
    detect_pdf,
    filings_of,
    find_lookup_files,
    open_filing,
    open_path,
    survey,
)
from unionscreen.filings.rows.blocks import BlockTask, Filing, notes_of
from unionscreen.filings.rows.read import Block, read_block
from unionscreen.filings.rows.tolerant import PAID_OUT

__all__ = [
    "PAID_OUT",
    "Block",
    "BlockTask",
    "Detection",
    "Filing",
    "FilingFormat",
    "ReadOptions",
    "detect_format",
    "detect_pdf",
    "filings_of",
    "find_lookup_files",
    "folder_files",
    "list_formats",
    "load_format",
    "notes_of",
    "open_filing",
    "open_path",
    "read_block",
    "survey",
]
