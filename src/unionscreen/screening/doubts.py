"""What is doubtful about the dates and the columns of a filing, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Protocol

from unionscreen.filings import Filing
from unionscreen.filings.layouts.doubles import Differing
from unionscreen.filings.layouts.private import without_numbers
from unionscreen.filings.rows.dates import DateCount
from unionscreen.filings.rows.tolerant import REJOINED

# Characters of a cell that are shown: a date has fewer, and a shifted row may bring in a whole address.
_SHOWN: Final = 40


def today() -> date:
    """The current day; tests replace it."""
    return date.today()


def about_dates(filing: Filing, dates: DateCount, *, all_rows: bool) -> Iterator[str]:
    """A note where none of the dates could be read, of all rows or of the flagged and related ones."""
    if dates.read or not dates.bad or "date" not in filing.columns:
        return
    column = " + ".join(filing.columns["date"])
    of = "" if all_rows else " of the flagged rows"
    example = (without_numbers(dates.example) or "").strip()
    shown = example if len(example) <= _SHOWN else f"{example[:_SHOWN]}…"
    yield (
        f'{filing.source}: no date{of} in the column "{column}" could be read, such as "{shown}": sums by year, and '
        "before or after a pledge, cannot be shown"
    )


def about_doubles(filing: Filing, differing: Differing) -> Iterator[str]:
    """Said where two columns with one header are both filled and differ, and where rows were put together again.

    Args:
        filing: the filing.
        differing: in how many rows.
    """
    header = filing.resolved.header
    differing = dict(differing)
    if broken := differing.pop(REJOINED, None):
        count, line = broken
        rows = "1 row was" if count == 1 else f"{count:,} rows were"
        yield f"{filing.source}: {rows} cut by line breaks without quotes and rejoined, such as row {line:,}: check it"
    for at, (count, line) in sorted(differing.items(), key=lambda each: int(each[0])):
        name = "" if header is None else header.fields[int(at)].strip()
        rows = "1 row" if count == 1 else f"{count:,} rows"
        yield f'{filing.source}: the columns called "{name}" differ in {rows}, such as row {line:,}: the first counts'


class Dated(Protocol):
    """A row with a date: a flag or a donation."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def row(self) -> int: ...  # noqa: D102
    @property
    def date(self) -> date | None: ...  # noqa: D102


def about_the_future(rows: Sequence[Dated]) -> Iterator[str]:
    """A note about flagged rows that are dated after today, which looks like a typing error."""
    now = today()
    late = [row for row in rows if row.date is not None and row.date > now]
    if late:
        first = late[0]
        count = "1 flagged row is" if len(late) == 1 else f"{len(late):,} flagged rows are"
        example = f"{first.source}:{first.row} ({first.date})"
        yield f"{count} dated in the future, such as {example}: a typing error, or day and month in the wrong order"
