"""Which days the reports of each committee cover, and which days none of them does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import pyarrow as pa

from unionscreen.accounting.ledgers import LONGEST_PERIOD
from unionscreen.accounting.lines import SAME_DAY

# The days that a report covers. One row for each period of each recipient.
PERIODS: Final = pa.schema(
    [("recipient", pa.string()), ("recipient_id", pa.string()), ("begin", pa.date32()), ("end", pa.date32())]
)
_DAY: Final = timedelta(days=1)
# Committees that a note names.
_NAMED: Final = 5


def combine_periods(tables: Iterable[pa.Table]) -> pa.Table:
    """The periods of several blocks, each once, in order."""
    together = pa.concat_tables([PERIODS.empty_table(), *tables])
    once = together.group_by(PERIODS.names, use_threads=False).aggregate([])
    return once.select(PERIODS.names).sort_by([(name, "ascending") for name in PERIODS.names])


class Days(NamedTuple):
    """Days from the first to the last, both included."""

    begin: date
    end: date

    @classmethod
    def of_year(cls, year: int) -> Days:
        """A calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    def __str__(self) -> str:
        """In a sentence."""
        return f"{self.begin} to {self.end}" if self.begin != self.end else f"{self.begin}"


@dataclass(frozen=True)
class ReportPeriods:
    """The periods of one committee's reports.

    Attributes:
        periods: each once, in order.
        gaps: the days between two of them that none covers.
        overlaps: the days that two of them cover.
    """

    recipient: str
    recipient_id: str | None
    periods: tuple[Days, ...]
    gaps: tuple[Days, ...] = ()
    overlaps: tuple[Days, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        days = {
            name: [{"begin": each.begin.isoformat(), "end": each.end.isoformat()} for each in getattr(self, name)]
            for name in _OF_DAYS
        }
        return {"recipient": self.recipient, "recipient_id": self.recipient_id, **days}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ReportPeriods:
        """What :meth:`to_dict` saved."""
        days = {
            name: tuple(Days(*(date.fromisoformat(each[end]) for end in Days._fields)) for each in saved[name])
            for name in _OF_DAYS
        }
        return cls(saved["recipient"], saved["recipient_id"], **days)


_OF_DAYS: Final = ("periods", "gaps", "overlaps")


def report_periods(
    recipient: str, recipient_id: str | None, periods: Iterable[tuple[date | None, date | None]]
) -> ReportPeriods:
    """Put the periods of a committee in order, and find gaps and overlaps.

    A period that is impossible or longer than a year comes from a mistyped date, and is left out. NetFile shifts first
    days by a day (``lines.SAME_DAY``), so one day is neither a second period nor an overlap.

    Args:
        recipient: the committee.
        recipient_id: its id.
        periods: first and last day of each report; None where it is not known.

    >>> first, second = (date(2022, 1, 1), date(2022, 5, 21)), (date(2022, 7, 1), date(2022, 12, 31))
    >>> found = report_periods("Roe", None, [first, second])
    >>> [str(gap) for gap in found.gaps]
    ['2022-05-22 to 2022-06-30']
    """
    known: list[Days] = []
    for begin, end in sorted({(begin, end) for begin, end in periods if begin is not None and end is not None}):
        again = any(each.end == end and begin - each.begin <= SAME_DAY for each in known)
        if begin <= end and end - begin <= LONGEST_PERIOD and not again:
            known.append(Days(begin, end))
    gaps, overlaps = [], []
    covered: date | None = None
    for each in known:
        if covered is not None and each.begin > covered + _DAY:
            gaps.append(Days(covered + _DAY, each.begin - _DAY))
        elif covered is not None and each.begin < covered:
            overlaps.append(Days(each.begin, min(covered, each.end)))
        covered = each.end if covered is None else max(covered, each.end)
    return ReportPeriods(recipient, recipient_id, tuple(known), tuple(gaps), tuple(overlaps))


def period_notes(found: Sequence[ReportPeriods]) -> list[str]:
    """Sentences on the days that no report covers, and on those that two cover.

    Args:
        found: the committees.
    """
    return [
        *_named([(each, f"no report from {_listed(each.gaps)}") for each in found if each.gaps], "gaps"),
        *_named([(each, f"two reports cover {_listed(each.overlaps)}") for each in found if each.overlaps], "overlaps"),
    ]


def _listed(days: Sequence[Days]) -> str:
    return ", ".join(str(each) for each in days)


def _named(sentences: Sequence[tuple[ReportPeriods, str]], what: str) -> list[str]:
    said = [f"{each.recipient}: {sentence}" for each, sentence in sentences[:_NAMED]]
    more = len(sentences) - _NAMED
    return said if more <= 0 else [*said, f"{more:,} more committees have {what} between their reports"]
