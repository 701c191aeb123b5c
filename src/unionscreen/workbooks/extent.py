"""Find out how far apart the cells of a workbook are before reading it.

The reader allocates a sheet as one rectangle, from its first cell to its last: two cells far apart are enough to fill
the memory. The size that a sheet declares (``<dimension>``) is often wrong, and the reader does not use it. So a large
declared size is not a reason to refuse a small table, and a small one cannot be trusted. Each cell has its position.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Final

# Cells of a rectangle, filled or not: 32 columns down to the last row of a spreadsheet. The reader needs 32 bytes per
# cell, so this is 1 GB, and takes 3 s.
MAX_CELLS: Final = 32 << 20
# A larger sheet is read anyway if one in so many of its cells is filled: it is large, not stretched.
_MAX_SPREAD: Final = 4
# Bytes of a part to search at once: large enough for little overhead, and small compared with the limit.
_PIECE_BYTES: Final = 4 << 20
# The reader unpacks a sheet whole; a full one of 1,048,576 rows is about 1 GB of XML.
MAX_WORKBOOK_BYTES: Final = 2 << 30

_PART: Final = re.compile(r"xl/(?:worksheets|macrosheets|dialogsheets)/[^/]{1,999}\.(?:xml|bin)$", re.IGNORECASE)
# The position of a cell that holds something; the reader skips cells that are only formatted.
_CELL: Final = re.compile(rb"""\sr\s?=\s?["']([A-Za-z]{1,99}+[0-9]{1,99}+)["'][^<>/]*+>(?!</)""")
# A cell that may be outside of the first 32 columns and 999,999 rows, which are less than MAX_CELLS. Most sheets have
# none, and this search takes a sixth of the time of finding the position of each cell.
_MAYBE_FAR: Final = re.compile(rb'<c(?! r="(?:[A-Z]|A[A-F])[0-9]{1,6}"|ol)')
# A cell without a position belongs to its row.
_UNPLACED_CELL: Final = re.compile(rb"<(?:\w{1,9}:)?c(?=[\s>])(?![^<>]*\sr\s?=)")
_ROW_TAG: Final = re.compile(rb"""<(?:\w{1,9}:)?row(?=\s)[^<>]*?\sr\s?=\s?["']([0-9]{1,99}+)["']""")
_HIDDEN: Final = re.compile(rb"""<(?:\w{1,9}:)?(?:row|col)(?=\s)[^<>]*?\shidden\s?=\s?["'](?:1|true)["']""")
_DIGITS: Final = b"0123456789"
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Tags of an OpenDocument table, and their repeat counts.
_ODS_TAG: Final = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^<>]*+)>")
_ODS_REPEATED: Final = re.compile(rb"""number-(?:rows|columns)-repeated\s?=\s?["']([0-9]{1,99}+)["']""")
# Records of a binary sheet (MS-XLSB 2.3.2): a row and its cells.
_ROW_RECORD: Final = 0
_CELL_RECORDS: Final = range(2, 12)  # 1 is a cell without a value


class StretchedError(Exception):
    """A workbook whose cells span more than can be read."""


class Extent:
    """The rectangle that the cells of a sheet span, counted from 1 and inclusive, and how many there are."""

    def __init__(self) -> None:  # not a dataclass: importing dataclasses takes a tenth of the start of the process
        self.top = self.left = self.bottom = self.right = self.filled = 0

    def take_in(self, row: int, column: int) -> None:
        """Extend it to include a cell."""
        self.top, self.left = min(self.top or row, row), min(self.left or column, column)
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)

    @property
    def cells(self) -> int:
        """Cells of the rectangle."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom else 0

    @property
    def stretched(self) -> bool:
        """Whether the rectangle is too large to read."""
        return self.cells > max(MAX_CELLS, _MAX_SPREAD * self.filled)

    def error(self, sheet: str) -> StretchedError:
        """The error for a rectangle that is too large."""
        where = f"{column_letters(self.left)}{self.top}:{column_letters(self.right)}{self.bottom}"
        return StretchedError(f"the cells of {sheet} span {where}, {self.cells:,} of them, most of which are empty")


def column_letters(column: int) -> str:
    """The letters of a column, counted from 1.

    >>> [column_letters(column) for column in (1, 26, 27, 16384)]
    ['A', 'Z', 'AA', 'XFD']
    """
    letters = ""
    while column > 0:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def check_extents(archive: zipfile.ZipFile) -> int:
    """Check every sheet of a workbook in a zip (xlsx, xlsm, xlsb, ods).

    Returns:
        How many rows and columns are hidden (xlsx and xlsm).

    Raises:
        StretchedError: the cells of a sheet are too far apart, or the workbook unpacks to too much.
    """
    total = sum(info.file_size for info in archive.infolist())
    if total > MAX_WORKBOOK_BYTES:
        raise StretchedError(f"it unpacks to {total >> 20:,} MB")
    hidden = 0
    for name in archive.namelist():
        if name == "content.xml":
            with archive.open(name) as stream:
                _check_ods(stream)
        elif _PART.search(name):
            extent, found = _extent_of(archive, name)
            if extent.stretched:
                raise extent.error(_sheet_of(archive, name))
            hidden += found
    return hidden


def _extent_of(archive: zipfile.ZipFile, part: str) -> tuple[Extent, int]:
    """Check the positions of the cells of a sheet; returns how many rows and columns are hidden."""
    with archive.open(part) as stream:
        if part.lower().endswith(".bin"):
            return _binary_extent(stream.read()), 0
        near, hidden = _look_over(stream)
    if near:
        return Extent(), hidden
    with archive.open(part) as stream:
        return _xml_extent(stream), hidden


def _sheet_of(archive: zipfile.ZipFile, part: str) -> str:
    """The user's name for a part of a workbook."""
    from xml.etree import ElementTree  # only when there is an error to report

    try:
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - in the process for it
        ids = {link.get("Id") for link in links if part.endswith(link.get("Target", "").lstrip("/") or part + "/")}
        for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
            if sheet.tag.endswith("}sheet") and ids.intersection(sheet.attrib.values()):
                return f'sheet "{sheet.get("name")}"'
    except (KeyError, ElementTree.ParseError):
        pass
    return part


def _tags(stream: IO[bytes]) -> Iterator[bytes]:
    """A part of the workbook in pieces that are cut between tags."""
    left = b""
    while piece := stream.read(_PIECE_BYTES):
        piece = left + piece
        cut = piece.rfind(b"<")
        # A text longer than a piece contains no tag.
        left = piece[cut:] if len(piece) - cut < _PIECE_BYTES else b""
        yield piece[:cut] if left else piece
    yield left


def _look_over(stream: IO[bytes]) -> tuple[bool, int]:
    """Whether all cells of a sheet are certainly near each other, and how many rows and columns are hidden."""
    near, rows, hidden = True, False, 0
    for piece in _tags(stream):
        near = near and _MAYBE_FAR.search(piece) is None
        rows = rows or b"<row" in piece  # a sheet may name its tags <x:row> and <x:c>
        if b"hidden" in piece:
            hidden += sum(1 for _ in _HIDDEN.finditer(piece))
    return near and rows, hidden


def _xml_extent(stream: IO[bytes]) -> Extent:
    extent = Extent()
    for piece in _tags(stream):
        found = _CELL.findall(piece)
        extent.filled += len(found)
        _take_in(extent, found)
        if _UNPLACED_CELL.search(piece):
            _take_in(extent, [b"A" + row for row in _ROW_TAG.findall(piece)])
    return extent


def _take_in(extent: Extent, refs: Sequence[bytes]) -> None:
    """Extend an extent to include cells, all at once, because workbooks have very many cells."""
    if refs:
        joined = b" ".join(refs).upper()
        columns = [_column(letters) for letters in {*joined.translate(None, _DIGITS).split()}]
        rows = [int(row) for row in {*joined.translate(None, _LETTERS).split()}]
        extent.take_in(min(rows), min(columns))
        extent.take_in(max(rows), max(columns))


def _check_ods(stream: IO[bytes]) -> None:
    """Check each table of an OpenDocument spreadsheet, in which rows and cells have repeat counts."""
    extent, tables = Extent(), 0
    row = rows = column = 0
    for piece in _tags(stream):
        for kind, said in _ODS_TAG.findall(piece):
            repeated = _ODS_REPEATED.search(said)
            times = int(repeated[1]) if repeated else 1
            if kind == b"table":
                extent, row, rows, tables = Extent(), 0, 0, tables + 1
            elif kind == b"table-row":
                row, rows, column = row + rows, times, 0
            else:
                if not said.endswith(b"/") or b"value" in said:
                    extent.filled += 1
                    extent.take_in(row + 1, column + 1)
                    extent.take_in(row + rows, column + times)
                    if extent.stretched:
                        raise extent.error(f"table {tables}")
                column += times


def _binary_extent(data: bytes) -> Extent:
    """The extent of a sheet of an xlsb, which consists of records with a type, a size and the bytes."""
    extent = Extent()
    at, end, row = 0, len(data), 0
    while at < end:
        kind, at = data[at], at + 1
        if kind & 0x80 and at < end:
            kind, at = (kind & 0x7F) | (data[at] & 0x7F) << 7, at + 1
        size = shift = 0
        while at < end and shift < 28:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if kind == _ROW_RECORD:
            row = int.from_bytes(data[at : at + 4], "little")
        elif kind in _CELL_RECORDS:
            extent.filled += 1
            extent.take_in(row + 1, int.from_bytes(data[at : at + 4], "little") + 1)
        at += size
    return extent
