"""What each recipient raised by calendar year, and which days its filings cover, for the panel of a batch.

Only on request: the dates of all rows of the recipients shown are read for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.form_totals import report_owner
from unionscreen.accounting.lines import SAME_DAY
from unionscreen.accounting.money import Amount, cents_to_decimal, counts, decimal_to_cents, total
from unionscreen.accounting.periods import Days, ReportPeriods, merged, within
from unionscreen.accounting.totals import IDENTITY, BlockRecipients
from unionscreen.filings import Block
from unionscreen.prosecutors import Recipient

if TYPE_CHECKING:
    from unionscreen.screening.merge import Gathered

# The rows of each recipient in an input, by year.
SPANS: Final = pa.schema(
    [
        *((name, pa.string()) for name in IDENTITY),
        ("input", pa.int64()),
        ("year", pa.int32()),  # null for rows without a date
        ("first", pa.date32()),
        ("last", pa.date32()),
        ("rows", pa.int64()),
    ]
)
_SPAN_KEYS: Final = [*IDENTITY, "input", "year"]
# Years in a row without a gift that still lie between the first and the last row of a file: fewer than the years
# between two elections. A longer silence is a gap, or a mistyped year.
LONGEST_SILENCE: Final = 3
# For so few rows, Arrow's plan of a group takes longer.
_FEW_ROWS: Final = 64
_DAY: Final = timedelta(days=1)


class YearRaised(NamedTuple):
    """What was raised in a year."""

    year: int | None
    """None: the rows without a date."""
    raised: int
    """In cents."""
    rows: int
    """How many are counted in it."""


class FileSpan(NamedTuple):
    """A person's rows in one file, whatever their status."""

    source: str
    rows: int
    undated: int
    runs: tuple[Days, ...]
    """From the first to the last row; in several parts where more than ``LONGEST_SILENCE`` years lie between."""
    gifts: bool = True
    """Whether it can hold contributions; the days of one that cannot, as of loans alone, are not covered."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; ``gifts`` only where it is False."""
        values = self._asdict() | {"runs": _plain(self.runs)}
        return {name: value for name, value in values.items() if name != "gifts" or not value}


@dataclass(frozen=True)
class ByYear:
    """The money of one entry by year, and the days that its filings cover.

    Args:
        raised: by year; together they are what the entry raised.
        files: where its rows are.
        reported: the days that the periods of its reports cover, without overlaps, in order.
        shown: the same, with the days between the first and the last row of recipients whose filings give no periods.
    """

    raised: tuple[YearRaised, ...]
    files: tuple[FileSpan, ...]
    reported: tuple[Days, ...]
    shown: tuple[Days, ...]

    @property
    def gaps(self) -> list[Days]:
        """The days between the first and the last covered one that nothing covers."""
        return [Days(a.end + _DAY, b.begin - _DAY) for a, b in zip(self.shown, self.shown[1:], strict=False)]

    def covered_years(self) -> set[int]:
        """The years of which the filings cover at least a day.

        NetFile shifts first days by a day: a period from December 31 on is one of the next year.
        """
        reported = (Days(min(each.begin + SAME_DAY, each.end), each.end) for each in self.reported)
        runs = (run for file in self.files if file.gifts for run in file.runs)
        return {year for each in (*reported, *runs) for year in range(each.begin.year, each.end.year + 1)}

    def days_in(self, year: int) -> tuple[list[Days], list[Days]]:
        """The covered days of a year: by the periods of reports, and by rows."""
        whole = Days.of_year(year)
        runs = merged(run for file in self.files if file.gifts for run in file.runs)
        return within(self.reported, whole), within(runs, whole)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: amounts in dollars."""
        return {
            "raised": [each._asdict() | {"raised": cents_to_decimal(each.raised)} for each in self.raised],
            "files": [each.to_dict() for each in self.files],
            "reported": _plain(self.reported),
            "shown": _plain(self.shown),
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ByYear:
        """What :meth:`to_dict` saved."""
        return cls(
            tuple(YearRaised(**each | {"raised": decimal_to_cents(each["raised"])}) for each in saved["raised"]),
            tuple(FileSpan(**each | {"runs": _days(each["runs"])}) for each in saved["files"]),
            _days(saved["reported"]),
            _days(saved["shown"]),
        )


def _plain(days: Iterable[Days]) -> list[list[str]]:
    return [[each.begin.isoformat(), each.end.isoformat()] for each in days]


def _days(saved: Iterable[Sequence[str]]) -> tuple[Days, ...]:
    return tuple(Days(*map(date.fromisoformat, each)) for each in saved)


def days_of_rows(block: Block, only: pa.Array | None) -> pa.Array:
    """The date of each row of a block.

    Args:
        block: its rows.
        only: the rows to read; the dates of the others are null. None reads all.
    """
    if only is None:
        return block.column("date")
    counted = block.dates  # the rows of interest are read again, and counted then
    found = block.rows(only, ("date",))["date"].combine_chunks()
    block.dates = counted
    places = np.full(block.num_rows, -1, dtype=np.int64)
    places[only.to_numpy()] = np.arange(len(only))
    return found.take(pa.array(places, mask=places < 0))


def block_spans(block: Block, recipients: BlockRecipients, days: pa.Array, only: pa.Array | None) -> pa.Table:
    """The rows of each recipient of a block by year, with the first and the last day."""
    who = pa.repeat(pa.scalar(0, pa.int32()), block.num_rows) if recipients.of_row is None else recipients.of_row
    if only is not None:
        who, days = who.take(only), days.take(only)
    if len(days) <= _FEW_ROWS:
        return _few_spans(block.input_index, recipients, who.to_pylist(), days.to_pylist())
    found = (
        pa.table({"who": who, "year": pc.cast(pc.year(days), pa.int32()), "day": days, "one": pa.repeat(1, len(days))})
        .group_by(["who", "year"], use_threads=False)
        .aggregate([("day", "min"), ("day", "max"), ("one", "sum")])
        .combine_chunks()
    )
    names = {name: recipients.table[name].take(found["who"].combine_chunks()) for name in IDENTITY}
    columns = {**names, "input": pa.repeat(pa.scalar(block.input_index, pa.int64()), found.num_rows)}
    columns |= {"year": found["year"], "first": found["day_min"], "last": found["day_max"], "rows": found["one_sum"]}
    return pa.table(columns).select(SPANS.names).cast(SPANS)


def _few_spans(
    input_index: int, recipients: BlockRecipients, who: Sequence[int], days: Sequence[date | None]
) -> pa.Table:
    """The same for few rows, where Python takes less time than a plan of Arrow's."""
    groups: dict[tuple[int, int | None], list[date | None]] = {}
    for whose, day in zip(who, days, strict=True):
        groups.setdefault((whose, None if day is None else day.year), []).append(day)
    whose_names = recipients.table.select(IDENTITY).take(pa.array([whose for whose, _ in groups], pa.int64()))
    rows = {
        "input": [input_index] * len(groups),
        "year": [year for _, year in groups],
        "first": [min(filter(None, of), default=None) for of in groups.values()],
        "last": [max(filter(None, of), default=None) for of in groups.values()],
        "rows": [*map(len, groups.values())],
    }
    columns = [*whose_names.columns, *(pa.array(values, SPANS.field(name).type) for name, values in rows.items())]
    return pa.table(columns, schema=SPANS)


def combine_spans(tables: Iterable[pa.Table]) -> pa.Table:
    """The spans of several blocks, those of one recipient, input and year put together."""
    together = pa.concat_tables([SPANS.empty_table(), *tables])
    wanted = [("first", "min"), ("last", "max"), ("rows", "sum")]
    grouped = together.group_by(_SPAN_KEYS, use_threads=False).aggregate(wanted)
    named = grouped.rename_columns([*_SPAN_KEYS, "first", "last", "rows"]).select(SPANS.names)
    return named.sort_by([(name, "ascending") for name in _SPAN_KEYS])


def by_years(
    recipients: Sequence[Collection[Recipient]],
    gathered: Gathered,
    periods: Iterable[ReportPeriods],
    sources: Sequence[str],
) -> Iterator[ByYear]:
    """The money and the coverage of each entry.

    Args:
        recipients: of each entry.
        gathered: what was read, with the years.
        periods: of the reports of each committee.
        sources: what each input is called.
    """
    amounts: dict[Recipient, list[tuple[int | None, int, Amount]]] = {}
    columns = [gathered.totals[name].to_pylist() for name in (*IDENTITY, "year", "rows", "cents", "kind", "status")]
    for *identity, year, rows, cents, kind, status in zip(*columns, strict=True):
        amounts.setdefault(Recipient.of(identity), []).append((year, rows, Amount(cents, kind, status)))
    spans: dict[Recipient, list[dict[str, Any]]] = {}
    for row in gathered.spans.to_pylist():
        spans.setdefault(Recipient.of(row[name] for name in IDENTITY), []).append(row)
    reported = {report_owner(each.recipient, each.recipient_id): each.periods for each in periods}
    for mine in recipients:
        yield _by_year(mine, amounts, spans, reported, sources, gathered.without_gifts)


def _by_year(
    mine: Collection[Recipient],
    amounts: Mapping[Recipient, Sequence[tuple[int | None, int, Amount]]],
    spans: Mapping[Recipient, Sequence[Mapping[str, Any]]],
    reported: Mapping[str, Sequence[Days]],
    sources: Sequence[str],
    without_gifts: Collection[int],
) -> ByYear:
    sums: dict[int | None, list[tuple[int, Amount]]] = {}
    rows_of: dict[int, list[Mapping[str, Any]]] = {}
    unreported: set[Recipient] = set()
    periods: list[Days] = []
    for recipient in mine:
        for year, rows, amount in amounts.get(recipient, ()):
            sums.setdefault(year, []).append((rows, amount))
        for row in spans.get(recipient, ()):
            rows_of.setdefault(row["input"], []).append(row)
        found = reported.get(report_owner(recipient.recipient, recipient.recipient_id), ())
        periods += found
        if not found:
            unreported.add(recipient)
    seen = {each: [row for row in spans.get(each, ()) if row["input"] not in without_gifts] for each in unreported}
    shown = [run for rows in seen.values() for run in _runs_by_input(rows)]
    return ByYear(
        tuple(_raised(year, sums[year]) for year in sorted(sums, key=lambda year: (year is None, year or 0))),
        tuple(_file(sources[at], rows_of[at], gifts=at not in without_gifts) for at in sorted(rows_of)),
        merged(periods),
        merged([*periods, *shown]),
    )


def _raised(year: int | None, sums: Iterable[tuple[int, Amount]]) -> YearRaised:
    known = [*sums]
    rows = sum(rows for rows, amount in known if counts(amount.kind, amount.status))
    return YearRaised(year, total(amount for _, amount in known).net, rows)


def _file(source: str, rows: Sequence[Mapping[str, Any]], *, gifts: bool) -> FileSpan:
    undated = sum(row["rows"] for row in rows if row["year"] is None)
    return FileSpan(source, sum(row["rows"] for row in rows), undated, tuple(_runs(rows)), gifts)


def _runs_by_input(rows: Iterable[Mapping[str, Any]]) -> Iterator[Days]:
    by_input: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_input.setdefault(row["input"], []).append(row)
    for of_input in by_input.values():
        yield from _runs(of_input)


def _runs(rows: Iterable[Mapping[str, Any]]) -> list[Days]:
    """The days from the first to the last row of one file, split at a longer silence."""
    found: list[Days] = []
    for each in sorted(Days(row["first"], row["last"]) for row in rows if row["year"] is not None):
        if found and each.begin.year - found[-1].end.year - 1 <= LONGEST_SILENCE:
            found[-1] = Days(found[-1].begin, max(found[-1].end, each.end))
        else:
            found.append(each)
    return found
