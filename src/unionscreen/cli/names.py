"""The names that ``check --stdin`` reads: one per line, or a CSV with the headings name (or donor), state and city."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from unionscreen.errors import FilingError
from unionscreen.lists import delimiter_of
from unionscreen.matching.places import state_code

NAME: Final = ("name", "donor", "contributor")
"""Headings of the column of names."""
BESIDE: Final = ("state", "city")
"""Columns that may stand beside the name."""

# A longer first line is a name, or not a list at all.
LONGEST_HEADER: Final = 4096
# A quote opens a cell only at the start of the cell; elsewhere it is part of the name: 'Local 5"'.
_OPENS: Final = re.compile(r'(?:^|[,;\t]) *+"')
_QUOTES: Final = "put a cell that contains a comma, a line break or a quote in quotes, and double its own quotes"


class Asked(NamedTuple):
    """One name, with the donor's state and city if the row gives them."""

    name: str
    state: str = ""
    city: str = ""


def read_names(batches: Iterable[list[str]]) -> Iterator[list[Asked]]:
    """The names in lines that arrive in batches; each batch is answered before the next one is read.

    Args:
        batches: lines without line breaks. If the first line is a header with one of :data:`NAME`, alone or with
            ``state`` or ``city`` in any order, the other lines are CSV rows under it. Otherwise each line is a name.

    Raises:
        FilingError: a CSV row has more cells than the header, a cell under ``state`` is not a state, or a quote is
            never closed.
    """
    table: _Table | None = None
    first = True
    for lines in batches:
        if first and lines:
            table, first = _Table.of(lines[0]), False
            lines = lines[1:] if table else lines
        yield [Asked(line) for line in lines] if table is None else list(table.rows(lines))
    if table is not None:
        table.end()


class _Table:
    """Rows under a header. A cell may contain line breaks, so a row ends only where its quotes are closed."""

    def __init__(self, header: list[str], delimiter: str) -> None:
        self.header, self.delimiter = header, delimiter
        self.line = self.begun = 1
        self.open: list[str] = []

    @classmethod
    def of(cls, line: str) -> _Table | None:
        if len(line) > LONGEST_HEADER:
            return None
        delimiter = delimiter_of(line)
        header = [cell.casefold() for cell in _cells(line, delimiter, 1)]
        beside = [cell for cell in header if cell in BESIDE]
        names = [at for at, cell in enumerate(header) if cell in NAME]
        if len(names) != 1 or not (beside or header == ["name"]):
            return None
        header[names[0]] = "name"
        return cls(header, delimiter)

    def rows(self, lines: list[str]) -> Iterator[Asked]:
        for line in lines:
            self.line += 1
            self.begun = self.begun if self.open else self.line
            self.open.append(line)
            text = "\n".join(self.open)
            if text.count('"') % 2 and _OPENS.search(text):
                continue
            self.open = []
            if text.strip():
                yield self._row(text)

    def end(self) -> None:
        if self.open:
            raise FilingError("a quote is never closed", source="standard input", row=self.begun, hint=_QUOTES)

    def _row(self, text: str) -> Asked:
        cells = _cells(text, self.delimiter, self.begun)
        if self.header == ["name"] and len(cells) > 1:
            return Asked(text)  # with only one column, a line without quotes is a name: "Smith, Jane"
        if any(cells[len(self.header) :]):
            raise FilingError(
                f"{len(cells)} cells under {len(self.header)} headings",
                source="standard input", row=self.begun, cell=cells[len(self.header)], hint=_QUOTES,
            )  # fmt: skip
        row = dict(zip(self.header, cells, strict=False))
        state = row.get("state", "")
        if state and not state_code(state):
            raise FilingError(
                f"{state!r} is not a state", source="standard input", row=self.begun, cell=state,
                hint="two letters or the name of a state; leave it empty where it is not known",
            )  # fmt: skip
        return Asked(row.get("name", ""), *(row.get(column, "") for column in BESIDE))


def _cells(text: str, delimiter: str, line: int) -> list[str]:
    """The cells of one row, each on one line and without surrounding blanks."""
    plain = text.replace("\r", " ").replace("\n", " ")
    if not _OPENS.search(plain):
        return [" ".join(cell.split()) for cell in plain.split(delimiter)]
    try:
        return [" ".join(cell.split()) for cell in next(csv.reader([plain], delimiter=delimiter), [])]
    except csv.Error as failure:
        raise FilingError(f"not CSV: {failure}", source="standard input", row=line, hint=_QUOTES) from None
