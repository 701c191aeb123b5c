"""All errors that are caused by the user's input, as one tree.

::

    UnionScreenError            exit code 3 unless noted
    ├── UsageError              2   an option or argument that cannot be right
    │   └── MappingError        2   --map, --recipient or the headers leave a column unclear
    ├── FilingError             3   a filing that cannot be read: no file, empty, a PDF, a directory
    │   ├── NotATableError      3   readable, but an image, a letter, a web page without a table
    │   └── OtherTableError     3   readable, but a table of something else than contributions
    │       └── UnknownFormatError  3   no format and no mapping fits
    ├── UnionListError          3   the curated list or the user's own list is wrong
    ├── TooManyRejectsError     4   more rows rejected than --max-rejects allows
    └── FormTotalsError         5   --require-totals, and rows do not add up to what their form states

The command line catches the root and prints ``str(error)``; anything else is our bug: one line to report, and exit 70.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import ClassVar, Final

from unionscreen._version import __version__

# Python refuses such a path with a ValueError.
NUL_IN_PATH: Final = "a path contains a NUL character; file names cannot contain it"
# An environment variable. If it is set, the traceback of an unexpected error is shown.
TRACEBACK: Final = "UNIONSCREEN_TRACEBACK"
# The ends of names that say that a file holds a table. Not .txt: most of those are letters and notes.
_TABLES: Final = frozenset(
    ".csv .tsv .tab .gz .zst .zip .xlsx .xlsm .xlsb .xls .ods .json .jsonl .ndjson .parquet .pdf .fec .cal".split()
)


class UnionScreenError(Exception):
    """A problem with the input, described in the user's words.

    Args:
        message: what is wrong, in one sentence.
        source: the file (and member or sheet) it is about.
        row: the physical line or record number in it, 1-based.
        cell: the text of the cell that is wrong.
        hint: what to do about it.
    """

    exit_code: ClassVar[int] = 3
    others: Sequence[UnionScreenError] = ()
    """The errors of other files that were found together with this one."""

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        row: int | None = None,
        cell: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.row = row
        self.cell = cell
        self.hint = hint

    def __str__(self) -> str:
        """``file:row: message`` and, on a separate line, the hint.

        >>> print(FilingError("'ten' is not an amount", source="filing.csv", row=2, hint="write 10.00"))
        filing.csv:2: 'ten' is not an amount
        Hint: write 10.00
        """
        where = "" if self.source is None else f"{self.source}:" + (f"{self.row}: " if self.row is not None else " ")
        return f"{where}{self.message}" + (f"\nHint: {self.hint}" if self.hint else "")


class UsageError(UnionScreenError):
    """An option or argument that cannot be right."""

    exit_code = 2


class MappingError(UsageError):
    """The columns of a filing are ambiguous, or ``--map`` names a column that does not exist."""


class FilingError(UnionScreenError):
    """A filing that cannot be read."""


class NoContributionsError(FilingError):
    """A filing that was read to its end and itemizes no contribution. Among several, it does not stop the others."""


class NotATableError(FilingError):
    """A file that holds no table: an image, a letter, a web page."""


class OtherTableError(FilingError):
    """A table of something else than contributions. In a folder it is noted, because agencies send several tables."""


class UnknownFormatError(OtherTableError):
    """A table whose columns are not recognized."""


class NoColumnsError(NotATableError, UnknownFormatError):
    """A text without columns, which no format fits."""


class UnionListError(UnionScreenError):
    """The curated list, or the user's own, breaks a rule of its format."""


class TooManyRejectsError(UnionScreenError):
    """More rows were rejected than the user allows."""

    exit_code = 4


class FormTotalsError(UnionScreenError):
    """The rows of a report do not add up to what its form states, and the user requires that they do."""

    exit_code = 5


def is_something_else(error: UnionScreenError) -> bool:
    """Whether the file of an error is plainly not a filing: another table, or no table and no name of one.

    A page of an error that was saved as a .csv is a filing that did not arrive.

    >>> is_something_else(NotATableError("this is an image", source="photo.png"))
    True
    >>> is_something_else(NotATableError("this is a web page", source="filing.csv"))
    False
    """
    if isinstance(error, NotATableError):
        return os.path.splitext(error.source or "")[1].lower() not in _TABLES  # noqa: PTH122 - pathlib loads slowly
    return isinstance(error, OtherTableError)


def fault(error: Exception) -> str:
    """One line for an unexpected error: what it is, and where in our code.

    >>> fault(KeyError("bug")).startswith("Error: a fault of unionscreen, not of your files: KeyError 'bug'")
    True
    """
    where, trace = "", error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename.replace(os.sep, "/")
        if "/unionscreen/" in path:
            where = f" at {path.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    said = " ".join(str(error).split())[:200]
    return (
        f"Error: a fault of unionscreen, not of your files: {type(error).__name__} {said}{where}, "
        f"version {__version__}. Please report this line and the command; {TRACEBACK}=1 shows more."
    )
