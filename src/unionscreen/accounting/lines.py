"""The status of each row that may be filed again: amended, repeated, or covered by a later report.

There are two stages, because a report and its amendment may be in different blocks or files. Each block of a format
with such rules yields a *ledger* (only the columns that identify a transaction); when all blocks are done,
:func:`statuses` decides. Formats without rules have no such cost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

# Every status a row can end in. DESIGN §6: rows get a status, they are never deleted.
FINAL_STATUSES: Final = ("active", "superseded", "covered", "duplicate", "memo", "refunded", "void")

# The statuses of a row before it is compared with others.
_OPEN: Final = ("active", "memo")
# NetFile's own export shifts dates by a day (2021-12-31 for 2022-01-01: a time zone), so the same transaction may be
# dated a day off when it is filed again. Seen in a snapshot of Sacramento filings that has each row with both dates.
SAME_DAY: Final = timedelta(days=1)
# A late report is filed within days, from memory; the periodic report may correct the date. FORMATS.md "semantics".
LATE_SLACK: Final = timedelta(days=3)

# A report identified by its period, "…/2022-01-01/2022-04-23" (NetFile has no other id for it).
_PERIOD: Final = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)$")


@dataclass(frozen=True)
class Rules:
    """How a format repeats its rows: the names under ``accounting`` in its TOML.

    Args:
        amendments: of the reports of one recipient and period, only the highest amendment counts.
        duplicates: rows with one transaction id and the same donor, amount and date are one transaction.
        late: a row marked as a late report (without such marks: one outside any report) is repeated by the periodic
            report of its date.
        by_gift: a late row is repeated only by a row of the same donor and amount, dated within days; for files that
            do not identify reports.
    """

    amendments: bool = False
    duplicates: bool = False
    late: bool = False
    by_gift: bool = False

    @classmethod
    def named(cls, names: Sequence[str]) -> Rules:
        """The rules with these names; a format without any counts every row.

        >>> Rules.named(["late"])
        Rules(amendments=False, duplicates=False, late=True, by_gift=False)
        """
        return cls(**dict.fromkeys(names, True))

    def __bool__(self) -> bool:
        return self.amendments or self.duplicates or self.late


_Day = date | None


class LedgerLine(NamedTuple):
    """One row of a ledger."""

    recipient: str
    """Its id, else its name: two reports with the same one are one filer's."""
    filing_id: str | None
    """The report; it ends in ``2022-01-01/2022-04-23`` where the format identifies reports by their period."""
    amendment: str | None
    transaction_id: str | None
    donor: str
    date: date | None
    amount_cents: int
    memo: bool
    rules: Rules
    late: bool | None = None
    """Whether it is from a late report; None: it is if it is outside any report."""
    begin: _Day = None
    end: _Day = None
    """The first and last day that its report covers, where the format gives them."""
    report: bool = False
    """Whether it stands for all rows of a report, not for one transaction."""
    status: str | None = None
    """As the filing itself gives it."""

    @property
    def is_late(self) -> bool:
        """Whether a periodic report repeats it."""
        return self.rules.late and (not self.filing_id if self.late is None else self.late)


class Status(NamedTuple):
    """A row's status, and the position of the row that caused it."""

    status: str
    cause: int | None = None


def statuses(ledger: Sequence[LedgerLine]) -> list[Status]:
    """Decide every line of a ledger; the order of the ledger breaks ties, so it must be deterministic.

    >>> one = LedgerLine("1", "2022-01-01/2022-04-23", "0", "A1", "doe", None, 100, False, Rules(amendments=True))
    >>> [s.status for s in statuses([one, one._replace(amendment="1")])]
    ['superseded', 'active']
    """
    result = [Status(line.status or ("memo" if line.memo else "active")) for line in ledger]
    _supersede(ledger, result)
    _drop_duplicates(ledger, result)
    _cover(ledger, result)
    return result


def _supersede(ledger: Sequence[LedgerLine], result: list[Status]) -> None:
    """Keep the highest amendment of each report; its first row is the cause."""
    best: dict[tuple[str, str], tuple[tuple[int, ...], int]] = {}
    for i, line in enumerate(ledger):
        if line.rules.amendments and line.filing_id:
            report, version = (line.recipient, report_key(line.filing_id)), version_key(line.amendment)
            if report not in best or version > best[report][0]:
                best[report] = (version, i)
    for i, line in enumerate(ledger):
        if line.rules.amendments and line.filing_id and result[i].status in _OPEN:
            version, first = best[line.recipient, report_key(line.filing_id)]
            if version_key(line.amendment) < version:
                result[i] = Status("superseded", first)


def report_key(filing_id: str) -> str:
    """What two versions of one report share: the last day of a period is fixed, its first day may shift (SAME_DAY)."""
    match = _PERIOD.search(filing_id)
    return match.group(2) if match else filing_id


@lru_cache(maxsize=1 << 12)
def version_key(amendment: str | None) -> tuple[int, ...]:
    """The amendment number, or the day and time of filing: the later of two versions is greater.

    >>> version_key("001") < version_key("2"), version_key("12/31/2021 9:00:00 PM") < version_key("4/5/2022 1:00:00 AM")
    (True, True)
    """
    text = amendment or ""
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    if re.match(r"\s*\d{1,2}[-/]\d{1,2}[-/]\d{4}", text):
        month, day, year, *time = numbers
        if time and "PM" in text.upper():
            time[0] = time[0] % 12 + 12
        elif time and "AM" in text.upper():
            time[0] %= 12
        return (year, month, day, *time)
    return tuple(numbers) or (0,)


def _drop_duplicates(ledger: Sequence[LedgerLine], result: list[Status]) -> None:
    """Keep the first of several rows with one transaction id, donor, amount and (to a day) date."""
    kept: dict[tuple[object, ...], list[int]] = {}
    for i, line in enumerate(ledger):
        if not (line.rules.duplicates and line.transaction_id) or result[i].status not in _OPEN:
            continue
        late = line.is_late
        same = kept.setdefault((line.recipient, line.transaction_id, line.donor, line.amount_cents, late), [])
        earlier = next((j for j in same if _near(ledger[j].date, line.date, SAME_DAY)), None)
        if earlier is None:
            same.append(i)
        else:
            result[i] = Status("duplicate", earlier)


def _near(one: date | None, other: date | None, slack: timedelta) -> bool:
    return one == other if one is None or other is None else abs(one - other) <= slack


class _Periodic:
    """The content of one recipient's periodic reports, to look up a late row."""

    def __init__(self) -> None:
        self.transactions: dict[str, int] = {}
        self.gifts: dict[tuple[str, int], list[int]] = {}
        self.periods: dict[str, tuple[date, date, int]] = {}

    def add(self, i: int, line: LedgerLine) -> None:
        if line.transaction_id:
            self.transactions.setdefault(line.transaction_id, i)
        if not line.report:
            self.gifts.setdefault((line.donor, line.amount_cents), []).append(i)
        report = line.filing_id or ""
        begin, end = (line.begin, line.end) if line.begin and line.end else _period(report, line.date)
        if begin and end:
            if report in self.periods:
                first, last, cause = self.periods[report]
                self.periods[report] = (min(first, begin), max(last, end), cause)
            else:
                self.periods[report] = (begin, end, i)

    def covers(self, line: LedgerLine, ledger: Sequence[LedgerLine]) -> int | None:
        """The row that repeats a late one: by id, by donor, amount and date, or the first row of that date's report.

        The last, because the periodic report of that day repeats everything in a late report (FORMATS.md "Late / daily
        reports"): a gift that it leaves out was merged, corrected or taken back in it.
        """
        if line.report:
            return self._in_period(line.date)
        if line.transaction_id and (same := self.transactions.get(line.transaction_id)) is not None:
            return same
        for j in self.gifts.get((line.donor, line.amount_cents), []):
            if _near(ledger[j].date, line.date, LATE_SLACK):
                return j
        return None if line.rules.by_gift else self._in_period(line.date)

    def _in_period(self, day: date | None) -> int | None:
        if day is None:
            return None
        return min((i for first, last, i in self.periods.values() if first <= day <= last), default=None)


def _period(report: str, day: date | None) -> tuple[date | None, date | None]:
    """The days that a report covers: from its id, else from the dates of its rows."""
    match = _PERIOD.search(report)
    if match:
        return date.fromisoformat(match.group(1)), date.fromisoformat(match.group(2))
    return day, day


def _cover(ledger: Sequence[LedgerLine], result: list[Status]) -> None:
    """Mark the late rows that a loaded periodic report repeats; without such a report they count."""
    if not any(line.is_late for line in ledger):
        return
    periodic: dict[str, _Periodic] = {}
    for i, line in enumerate(ledger):
        if (line.filing_id or line.rules.by_gift) and not line.is_late and result[i].status in _OPEN:
            periodic.setdefault(line.recipient, _Periodic()).add(i, line)
    for i, line in enumerate(ledger):
        if line.is_late and result[i].status == "active" and line.recipient in periodic:
            cause = periodic[line.recipient].covers(line, ledger)
            if cause is not None:
                result[i] = Status("covered", cause)
