"""Spreadsheets (xlsx, xls, xlsm, xlsb, ods) as text tables, one line per sheet row, read in a separate process."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from unionscreen.errors import FilingError
from unionscreen.filings.files.contents import OLE, ZIP
from unionscreen.filings.files.heads import HEAD_LINES, sheet_head
from unionscreen.filings.files.sources import Source, Start, in_memory
from unionscreen.filings.files.tables import FileTables, ReadOptions, TextTable, always, rows_digest
from unionscreen.workbooks.reading import Workbook, WorkbookError, read_workbook

# Texts near the start of a zip that is a workbook. Other archives have neither.
_WORKBOOK_MARKS: Final = (b"[Content_Types].xml", b"application/vnd.oasis.opendocument.spreadsheet")
_MARKED_BYTES: Final = 4096


def recognizes(source: Source, start: Start) -> bool:
    """Whether it is a workbook. A zip on disk that is an archive of files was handled before."""
    if start.data.startswith(OLE):
        return True
    marked = any(mark in start.data[:_MARKED_BYTES] for mark in _WORKBOOK_MARKS)
    return start.data.startswith(ZIP) and (source.plain or marked)


def tables(source: Source, _start: Start, _options: ReadOptions) -> FileTables:
    """The sheets of a workbook that are not empty, the visible ones first.

    Raises:
        FilingError: it is damaged, locked, not a workbook, or more than can be read.
    """
    workbook = read_sheets(source)
    filled = sorted((sheet for sheet in workbook.sheets if sheet.csv.strip()), key=lambda sheet: sheet.hidden)
    named = [(sheet.name, sheet.head, sheet.csv, sheet.hidden) for sheet in filled]
    notes: tuple[str, ...] = ()
    if workbook.hidden:
        what = "1 hidden row or column" if workbook.hidden == 1 else f"{workbook.hidden:,} hidden rows or columns"
        notes = (f"{source.label} has {what}, which are read like the others",)
    return FileTables(tables_of_rows(source, named), "sheet", notes)


def tables_of_rows(source: Source, named: list[tuple[str, list[list[str]], bytes, bool]]) -> list[TextTable]:
    """Text tables of rows that are in memory.

    Args:
        source: the file that they are in.
        named: for each table its name, its first rows, all rows as CSV with one line each, and whether it is hidden.
    """
    return [
        TextTable(
            source,
            [sheet_head(head)],
            always(in_memory(source, data)),
            len(data),
            name,
            hidden=hidden,
            digest=rows_digest(data) if len(named) > 1 else b"",
        )
        for name, head, data, hidden in named
    ]


def read_sheets(source: Source) -> Workbook:
    """The sheets of a workbook, each with its first rows and all rows as CSV. The first line is row 1 of the sheet.

    Raises:
        FilingError: it is damaged, locked, not a workbook, or more than can be read.
    """
    try:
        with _on_disk(source) as file:
            return read_workbook(file, HEAD_LINES + 1)  # one more than is examined shows whether there are more
    except WorkbookError as error:
        raise FilingError(error.message, source=source.label, hint=error.hint) from error
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror or error}", source=source.label) from error


@contextmanager
def _on_disk(source: Source) -> Iterator[BinaryIO]:
    """The workbook as an open file for another process, whatever its name is."""
    if source.plain and source.path is not None:
        with source.path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as copy:
        copy.write(source.whole())
        copy.seek(0)
        yield cast("BinaryIO", copy)


def to_csv(rows: list[list[str]]) -> bytes:
    """Rows as UTF-8 CSV, one line each, all as wide as the widest."""
    width = max((len(row) for row in rows), default=0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        if any(row):
            writer.writerow(row + [""] * (width - len(row)))
        else:
            text.write("\n")
    return text.getvalue().encode("utf-8")
