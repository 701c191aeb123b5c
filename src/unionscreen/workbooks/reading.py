"""Read a workbook in a separate process, so that damage, too much memory or too much time ends only that process."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import BinaryIO, Final

from unionscreen.limited.starting import Reader, pieces
from unionscreen.workbooks.limits import WORKBOOK

_AS_CSV: Final = "open it in a spreadsheet program and save the sheet as CSV"
_STRAY: Final = "delete the stray cells, or save the table alone as CSV"
WORKBOOK_READER: Final = Reader("unionscreen.workbooks.child", WORKBOOK, "the workbook", "table")


class WorkbookError(Exception):
    """A workbook that cannot be read.

    Args:
        message: why, in words for the user.
        hint: what to do.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True)
class Sheet:
    """One sheet of cells."""

    name: str
    hidden: bool
    """Whether a spreadsheet program hides it."""
    head: list[list[str]]
    """Its first rows."""
    csv: bytes
    """All its rows, one line each, from row 1 of the sheet."""


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook, in its order."""

    sheets: list[Sheet]
    hidden: int
    """The number of hidden rows and columns, which are read anyway; known for xlsx and xlsm only."""


def read_workbook(file: BinaryIO, head_rows: int = 0, *, line_breaks: bool = False) -> Workbook:
    """Read a workbook of any kind.

    Args:
        file: on disk, at its start.
        head_rows: how many rows of each sheet to return as cells.
        line_breaks: keep line breaks within cells, so that a row may take several lines of CSV.

    Raises:
        WorkbookError: it cannot be read, however the process ended.
    """
    size = os.fstat(file.fileno()).st_size
    try:
        done = WORKBOOK_READER.run(file, str(head_rows), str(int(line_breaks)))
    except subprocess.TimeoutExpired:
        raise WorkbookError(WORKBOOK_READER.too_much("time", size), _AS_CSV) from None
    except OSError as error:
        raise WorkbookError(WORKBOOK_READER.not_started(error), _AS_CSV) from error
    try:
        found, end = pieces(done.stdout)
        sheets = [Sheet(each["name"], each["hidden"], each["head"], csv) for each, csv in found]
        how, said = end["end"], end.get("said")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WorkbookError(WORKBOOK_READER.death(done.returncode, done.stderr, size), _AS_CSV) from None
    match how:
        case "read":
            return Workbook(sheets, end.get("hidden", 0))
        case "locked":
            raise WorkbookError("the workbook is locked with a password", "save it without one")
        case "memory":
            raise WorkbookError(WORKBOOK_READER.too_much("memory", size), _AS_CSV)
        case "stretched":
            raise WorkbookError(f"the workbook is too large to read: {said}", _STRAY)
        case _:
            raise WorkbookError(f"the workbook cannot be read: {said}", _AS_CSV)
