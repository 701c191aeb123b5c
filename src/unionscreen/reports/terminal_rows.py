"""The table of contributions in the report for the terminal.

rich lays out the heading and folds the few lines that are too long. It would lay out whole rows too, but each of their
cells is padded, split and cut several times over, which takes three times as long; a report may have 5,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich import box
from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from unionscreen.contributions import money_text
from unionscreen.reports.text import shorten, visible
from unionscreen.reports.words import NAME_LIMIT, filed_amount, outcome

if TYPE_CHECKING:
    from unionscreen.screening import Flag

DATE_WIDTH: Final = 10
AMOUNT_WIDTH: Final = 10  # -$1,400.00; wider where a larger sum is
GAP: Final = 2  # blanks between columns

_EVIDENCE: Final = "not bold"
_DETAIL: Final = "not bold dim"
_Lines = list[tuple[str, str]]
"""The lines of one cell, each with what its style adds to that of the row."""


class Rows:
    """A table of contributions: date and donor, the given columns, and the amount at the right edge."""

    def __init__(self, flags: Sequence[Flag], names: Mapping[str, str], width: int, *columns: tuple[str, int]) -> None:
        """Lay the columns out.

        Args:
            flags: all rows, of which some will be added.
            names: how each file is shown.
            width: of the whole table.
            columns: names and widths of those between donor and amount.
        """
        self.names = names
        amount_width = max(AMOUNT_WIDTH, *(len(money_text(filed_amount(flag))) for flag in flags))
        others = (DATE_WIDTH, *(column_width for _, column_width in columns), amount_width)
        self.donor_width = width - sum(others) - GAP * len(others)
        headings = (("Date", DATE_WIDTH), ("Donor as filed", self.donor_width), *columns, ("Amount", amount_width))
        self._widths = [column_width for _, column_width in headings]
        self._to_the_right = [name in ("Score", "Amount") for name, _ in headings]
        self._head = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, GAP - 1, 0, 0))
        for (name, column_width), right in zip(headings, self._to_the_right, strict=True):
            self._head.add_column(name, width=column_width, justify="right" if right else "left", overflow="fold")
        self._rows: list[tuple[str, list[_Lines]]] = []

    def add(self, row: Flag, style: str, evidence: Sequence[str], *cells: str) -> None:
        """Add a contribution: the donor, and below it the evidence, its place, and what became of the money."""
        donor = [(shorten(row.contributor, NAME_LIMIT), ""), *((line, _EVIDENCE) for line in evidence)]
        donor += [(line, _DETAIL) for line in _place(self.names[row.source], row.row, self.donor_width)]
        donor += [(line, _DETAIL) for line in _outcome(row)]
        day = row.date.isoformat() if row.date else "no date"
        others = [[(text, "")] for text in (*cells, money_text(filed_amount(row)))]
        self._rows.append((style, [[(day, "")], donor, *others]))

    def __rich_console__(self, console: Console, _: ConsoleOptions) -> RenderResult:
        """The heading and the rows."""
        yield self._head
        line_end = Segment.line()
        for style, cells in self._rows:
            folded = [_folded(console, each, width) for each, width in zip(cells, self._widths, strict=True)]
            for lines in zip_longest(*folded):
                yield from self._line(console, style, lines)
                yield line_end

    def _line(self, console: Console, style: str, lines: Iterable[tuple[str, str] | None]) -> Iterator[Segment]:
        """One line of a row, in which cells that have ended are blank."""
        donor = 1
        for at, (line, width, right) in enumerate(zip(lines, self._widths, self._to_the_right, strict=True)):
            if at:
                yield _BETWEEN
            if line is None:
                yield Segment(" " * width)
                continue
            text, more = line
            blank = " " * (width - cell_len(text))
            of_row = console.get_style(style) if at == donor else Style.null()
            if right:
                yield Segment(blank + text, of_row)
            elif not more:
                yield Segment(text + blank, of_row)
            else:
                yield Segment(text, of_row + console.get_style(more))
                yield Segment(blank, of_row)


_BETWEEN: Final = Segment(" " * GAP)


def _folded(console: Console, lines: _Lines, width: int) -> _Lines:
    """The lines of a cell, with those that are too long folded."""
    if all(cell_len(text) <= width for text, _ in lines):
        return lines
    return [(piece.plain, style) for text, style in lines for piece in Text(text).wrap(console, width, overflow="fold")]


def _place(source: str, row: int, width: int) -> list[str]:
    """``file:row`` in lines of at most ``width``; a row number is never split."""
    *lines, last = chop_cells(visible(source), width) or [""]
    return [*lines, f"{last}:{row}"] if cell_len(f"{last}:{row}") <= width else [*lines, last, f":{row}"]


def _outcome(flag: Flag) -> list[str]:
    """What became of the money, and what a reviewer decided about the donor."""
    what = ", ".join(outcome(flag))
    return [line for line in (what, shorten(flag.reviewed, NAME_LIMIT) if flag.reviewed else "") if line]
