"""Which days the reports of each committee cover, and which days none of them does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import pyarrow as pa

from unionscreen.accounting.ledgers import LONGEST_PERIOD
from unionscreen.accounting.lines import SAME_DAY
from unionscreen.contributions import count

# The days that a report covers. One row for each period of each recipient.
PERIODS: Final = pa.schema(
    [("recipient", pa.string()), ("recipient_id", pa.string()), ("begin", pa.date32()), ("end", pa.date32())]
)
_DAY: Final = timedelta(days=1)
# Periods that a sentence about one gift lists.
_NAMED_PERIODS: Final = 2
# Committees that a note names.
_NAMED: Final = 5


def combine_periods(tables: Iterable[pa.Table]) -> pa.Table:
    """The periods of several blocks, each once, in order."""
    together = pa.concat_tables([PERIODS.empty_table(), *tables])
    once = together.group_by(PERIODS.names, use_threads=False).aggregate([])
    return once.select(PERIODS.names).sort_by([(name, "ascending") for name in PERIODS.names])


def combine_days(tables: Iterable[pa.Table]) -> pa.Table:
    """The first and the last day of each committee, from those of several blocks."""
    together = pa.concat_tables([PERIODS.empty_table(), *tables])
    days = together.group_by(PERIODS.names[:2], use_threads=False).aggregate([("begin", "min"), ("end", "max")])
    named = days.select(["recipient", "recipient_id", "begin_min", "end_max"]).rename_columns(PERIODS.names)
    return named.sort_by([(name, "ascending") for name in PERIODS.names])


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


def merged(days: Iterable[Days]) -> tuple[Days, ...]:
    """The same days without overlaps, in order; days that follow each other are joined.

    >>> spring, summer = Days(date(2022, 1, 1), date(2022, 6, 30)), Days(date(2022, 7, 1), date(2022, 9, 30))
    >>> [str(each) for each in merged([summer, spring])]
    ['2022-01-01 to 2022-09-30']
    """
    found: list[Days] = []
    for each in sorted(days):
        if found and each.begin <= found[-1].end + _DAY:
            found[-1] = Days(found[-1].begin, max(found[-1].end, each.end))
        else:
            found.append(each)
    return tuple(found)


def within(days: Iterable[Days], whole: Days) -> list[Days]:
    """The parts of the days that are within ``whole``."""
    cut = (Days(max(each.begin, whole.begin), min(each.end, whole.end)) for each in days)
    return [each for each in cut if each.begin <= each.end]


@dataclass(frozen=True)
class ReportPeriods:
    """The periods of one committee's reports.

    Attributes:
        periods: each once, in order.
        gaps: the days between two of them that none covers.
        overlaps: the days that two of them cover.
        person_id: the person, the same in every file; None where no person is known.
        committee_id: the committee, the same in every file.
    """

    recipient: str
    recipient_id: str | None
    periods: tuple[Days, ...]
    gaps: tuple[Days, ...] = ()
    overlaps: tuple[Days, ...] = ()
    person_id: str | None = None
    committee_id: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        days = {
            name: [{"begin": each.begin.isoformat(), "end": each.end.isoformat()} for each in getattr(self, name)]
            for name in _OF_DAYS
        }
        ids = {"person_id": self.person_id, "committee_id": self.committee_id}
        return {"recipient": self.recipient, "recipient_id": self.recipient_id, **days, **ids}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ReportPeriods:
        """What :meth:`to_dict` saved."""
        days = {
            name: tuple(Days(*(date.fromisoformat(each[end]) for end in Days._fields)) for each in saved[name])
            for name in _OF_DAYS
        }
        ids = saved.get("person_id"), saved.get("committee_id")
        return cls(saved["recipient"], saved["recipient_id"], days["periods"], days["gaps"], days["overlaps"], *ids)


_OF_DAYS: Final = ("periods", "gaps", "overlaps")


class FiledDays(NamedTuple):
    """What is known of the days that the filings of one committee cover, as far as they were read.

    Attributes:
        reports: the periods that its reports state.
        rows: from the first to the last date of its rows. The reports may cover more days, so these do not show which
            days are covered.
    """

    reports: tuple[Days, ...] = ()
    rows: Days | None = None

    def covers(self, day: date | None) -> bool | None:
        """Whether a report covers the day; None where that is not known."""
        if day is None or not self.reports:
            return None
        return any(each.begin <= day <= each.end for each in self.reports)

    def about(self, day: date | None, committee: str) -> str:
        """What is known of a day, in words that say no more than that.

        >>> first_half = Days(date(2022, 1, 1), date(2022, 6, 30))
        >>> FiledDays((first_half,)).about(date(2022, 3, 1), "the recipient")
        'a report of the recipient covers that day'
        >>> FiledDays((first_half,)).about(date(2022, 7, 1), "the recipient")
        'no report of the recipient here covers that day, only 2022-01-01 to 2022-06-30'
        >>> FiledDays(rows=first_half).about(date(2022, 7, 1), "the recipient")
        'rows of the recipient here are from 2022-01-01 to 2022-06-30'
        """
        covered = self.covers(day)
        if covered:
            return f"a report of {committee} covers that day"
        if day is None:
            return "the gift has no date"
        if covered is False:
            several = f"{len(self.reports)} periods from {self.reports[0].begin} to {self.reports[-1].end}"
            only = _listed(self.reports) if len(self.reports) <= _NAMED_PERIODS else several
            return f"no report of {committee} here covers that day, only {only}"
        if self.rows:
            return f"rows of {committee} here are {'of' if self.rows.begin == self.rows.end else 'from'} {self.rows}"
        return f"which days the filings of {committee} here cover is not known"


def filed_days(stated: pa.Table, rows: pa.Table) -> dict[tuple[str | None, str | None], FiledDays]:
    """The days of each committee's filings, by its name and id.

    Args:
        stated: PERIODS of the reports.
        rows: PERIODS from the first to the last date of the rows.
    """
    reports: dict[tuple[str | None, str | None], list[tuple[date | None, date | None]]] = {}
    for row in stated.to_pylist():
        reports.setdefault((row["recipient"], row["recipient_id"]), []).append((row["begin"], row["end"]))
    dated = {(row["recipient"], row["recipient_id"]): Days(row["begin"], row["end"]) for row in rows.to_pylist()}
    return {
        key: FiledDays(report_periods(key[0] or "", key[1], reports.get(key, ())).periods, dated.get(key))
        for key in dict.fromkeys([*reports, *dated])
    }


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
    return (
        said
        if more <= 0
        else [*said, f"{count(more, 'more committee has', 'more committees have')} {what} between their reports"]
    )
