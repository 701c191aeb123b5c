"""Endorsements that somebody has written into a table: endorser, candidate, date, source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.errors import UsageError
from unionscreen.files import shown
from unionscreen.lists import Cells, one_day, read_list

GIVEN_COLUMNS: Final = ("endorser", "candidate", "date", "source")
# A cell without which a row says nothing, or nothing that can be checked.
_NEEDED: Final = ("endorser", "candidate", "source")


class Given(NamedTuple):
    """One row of a table of endorsements."""

    line: int
    endorser: str
    candidate: str
    day: date | None
    source: str


def is_table(path: str) -> bool:
    """Whether a file is a table and not a page."""
    return Path(path).suffix.lower() in (".csv", ".tsv")


def read_given(path: str) -> list[Given]:
    """The rows of a table of endorsements.

    Raises:
        UsageError: a column or a cell is missing, or a date is not a date; with the file, the line and the column.
    """
    source = shown(path)
    header, rows = read_list(Path(path))
    for name in _NEEDED:
        if name not in header:
            raise UsageError(f"no column {name}", source=source, row=1, hint="columns: " + ",".join(GIVEN_COLUMNS))
    found = []
    for line, cells in rows:
        for name in _NEEDED:
            if not cells.get(name):
                raise UsageError(
                    f"the cell {name} is empty", source=source, row=line, cell="",
                    hint="each endorsement needs a source that a reader can open" if name == "source" else None,
                )  # fmt: skip
        day = Cells(cells, source, line).read("date", one_day, None, "a date", "write it as 2024-06-09")
        found.append(Given(line, cells["endorser"], cells["candidate"], day, cells["source"]))
    return found
