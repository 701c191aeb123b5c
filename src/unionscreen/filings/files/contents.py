"""Identify a file by its magic bytes, not by its name. A file that holds no table is refused, with what it is."""

from __future__ import annotations

import re
from typing import Final

from unionscreen.errors import FilingError, NotATableError

ZIP: Final = b"PK\x03\x04"
EMPTY_ZIP: Final = b"PK\x05\x06"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_REFUSED: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"%PDF", "a PDF", "give it as a file of its own, unpacked"),
    (b"\x89PNG", "an image", "ask the agency for the data as CSV or Excel"),
    (b"\xff\xd8\xff", "an image", "ask the agency for the data as CSV or Excel"),
    (b"GIF8", "an image", "ask the agency for the data as CSV or Excel"),
    (b"II*\x00", "an image", "ask the agency for the data as CSV or Excel"),
    (b"MM\x00*", "an image", "ask the agency for the data as CSV or Excel"),
    (b"{\\rtf", "a text document (RTF)", "save the table in it as CSV"),
    (b"PAR1", "a Parquet file", "give it as a file of its own, unpacked"),
    (b"SQLite format 3", "a database (SQLite)", "export the table of contributions as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
)
# How a web page begins, with a table or without.
HTML: Final = re.compile(rb"\s*<(!doctype html|html|table|head|meta|style|\?xml)", re.IGNORECASE)
# Control characters that do not occur in text. A head with more than this share of them is not text.
_CONTROL: Final = bytes(frozenset(range(0x20)) - frozenset(b"\t\n\x0b\x0c\r\x1a\x1c"))
_MAX_CONTROL_SHARE: Final = 0.05
# In UTF-16 every other byte of Latin text is NUL.
_UTF16_NUL_SHARE: Final = 0.4
# The other byte is rarely NUL: in one of 256 characters, such as U+0100, and in halves of those beyond the basic plane.
_UTF16_OTHER_SHARE: Final = 0.05


def packing(head: bytes) -> str | None:
    """How a file is packed, by its first bytes."""
    return next((name for magic, name in _PACKED if head.startswith(magic)), None)


def refuse_if_no_text(head: bytes, label: str) -> None:
    """Refuse a file that is certainly not a table of text.

    Raises:
        FilingError: it is a PDF, an image, a web page, an archive in an archive, or another binary file.
    """
    for magic, what, hint in _REFUSED:
        if head.startswith(magic):
            raise NotATableError(f"this is {what}, not a table", source=label, hint=hint)
    if head.startswith((ZIP, OLE)) or packing(head):
        raise FilingError("packed twice", source=label, hint="unpack it once and give what comes out")
    if HTML.match(head):
        raise NotATableError(
            "this is a web page (HTML or XML) without a table of contributions, whatever its name says",
            source=label,
            hint="open it in a spreadsheet program and save it as CSV or .xlsx"
            if label.lower().endswith((".html", ".htm", ".xml"))
            else "the download returned a web page, such as a login page: download the file again",
        )
    controls = len(head) - len(head.translate(None, _CONTROL))  # one pass; a count of each takes as many as there are
    if text_encoding(head) is None and controls > _MAX_CONTROL_SHARE * len(head):
        raise NotATableError(
            "this is not a text file or spreadsheet", source=label, hint="give a CSV, TSV, Excel or zip file"
        )


def text_encoding(head: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be``, with or without a byte order mark; None for other encodings."""
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    sample = head[: 4096 - 4096 % 2]
    half = len(sample) // 2
    high, low = sample[1::2].count(0), sample[::2].count(0)
    if half and high > _UTF16_NUL_SHARE * half and low <= _UTF16_OTHER_SHARE * high:
        return "utf-16-le"
    if half and low > _UTF16_NUL_SHARE * half and high <= _UTF16_OTHER_SHARE * low:
        return "utf-16-be"
    return None
