"""Spreadsheets (xlsx, xls, xlsm, xlsb, ods) as lines of text, one per sheet row, read in a process of their own."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from unionscreen.errors import FilingError
from unionscreen.filings.files.heads import HEAD_LINES
from unionscreen.filings.files.sources import Source
from unionscreen.workbooks.reading import Workbook, WorkbookError, read_workbook


def read_sheets(source: Source) -> Workbook:
    """The sheets of a workbook: each with its first rows, and all as CSV; the first line is row 1 of the sheet.

    Raises:
        FilingError: it is damaged, locked, no workbook, or more than can be read.
    """
    try:
        with _on_disk(source) as file:
            return read_workbook(file, HEAD_LINES + 1)  # one more than is looked at tells whether that is all
    except WorkbookError as error:
        raise FilingError(error.message, source=source.label, hint=error.hint) from error
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror or error}", source=source.label) from error


@contextmanager
def _on_disk(source: Source) -> Iterator[BinaryIO]:
    """The workbook as a file that another process can read; its name need not be one that it can say."""
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
