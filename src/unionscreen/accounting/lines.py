"""What became of each row of a filing that is filed again: amended, repeated, or covered by a later report.

Two stages, because a report and its amendment may lie in different blocks or files. A block hands on the rows of a
format that has such rules as a *ledger* (the columns that identify a transaction, nothing else); when all blocks are
there, :func:`statuses` decides. Formats without rules never pay for this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

# Every status a row can end in. DESIGN §6: rows get a status, they are never deleted.
ROW_STATUSES: Final = ("active", "superseded", "covered", "duplicate", "memo", "refunded", "void")

# What a row is before another one is looked at.
_OPEN: Final = ("active", "memo")
# NetFile's own export shifts dates by a day (2021-12-31 for 2022-01-01: a time zone), so the same transaction, filed
# again, may be dated a day off. Seen in a snapshot of Sacramento filings that holds each row with both dates.
SAME_DAY: Final = timedelta(days=1)
# A late report is filed within days from memory; the periodic report may correct the date. FORMATS.md "semantics".
LATE_SLACK: Final = timedelta(days=3)

# A report named by its period, "…/2022-01-01/2022-04-23" (NetFile has no other name for it).
_PERIOD: Final = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)$")


@dataclass(frozen=True)
class Rules:
    """How a format repeats its rows: the names under ``accounting`` in its TOML.

    Args:
        amendments: of the reports of one recipient and period only the highest amendment counts.
        duplicates: one transaction id with the same donor, amount and date is one transaction.
        late: a row marked as a late report (where the format marks none: outside any report) is repeated by the
            periodic report of its date.
        by_gift: a late row is repeated only by a row of the same donor and amount, dated within days: for files that
            name no reports.
    """

    amendments: bool = False
    duplicates: bool = False
    late: bool = False
    by_gift: bool = False

    @classmethod
    def named(cls, names: Sequence[str]) -> Rules:
        """The rules of these names; none is a format that counts every row.

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
    """Its id, else its name: what makes two reports one filer's."""
    filing_id: str | None
    """The report; it ends in ``2022-01-01/2022-04-23`` where the format names reports by their period."""
    amendment: str | None
    transaction_id: str | None
    donor: str
    date: date | None
    amount_cents: int
    memo: bool
    rules: Rules
    late: bool | None = None
    """Whether it is of a late report; None: it is when it is outside any report."""
    begin: _Day = None
    end: _Day = None
    """The days that its report covers, where the format says so."""
    report: bool = False
    """Whether it stands for all rows of a report, not for one transaction."""
    status: str | None = None
    """As the file itself says it."""

    @property
    def is_late(self) -> bool:
        """Whether a periodic report repeats it."""
        return self.rules.late and (not self.filing_id if self.late is None else self.late)


class Status(NamedTuple):
    """A row's status, and the position of the row that caused it."""

    status: str
    cause: int | None = None


def statuses(ledger: Sequence[LedgerLine]) -> list[Status]:
    """Decide every line of a ledger; the order of the ledger breaks ties, so it must not depend on chance.

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
            report, version = (line.recipient, _period_end(line.filing_id)), _version(line.amendment)
            if report not in best or version > best[report][0]:
                best[report] = (version, i)
    for i, line in enumerate(ledger):
        if line.rules.amendments and line.filing_id and result[i].status in _OPEN:
            version, first = best[line.recipient, _period_end(line.filing_id)]
            if _version(line.amendment) < version:
                result[i] = Status("superseded", first)


def _period_end(filing_id: str) -> str:
    """What two versions of one report share: a period ends on a fixed day, but its first day is shifted (SAME_DAY)."""
    match = _PERIOD.search(filing_id)
    return match.group(2) if match else filing_id


def _version(amendment: str | None) -> tuple[int, ...]:
    """What tells the later of two versions: a number, or the day and time it was filed.

    >>> _version("001") < _version("2"), _version("12/31/2021 9:00:00 PM") < _version("4/5/2022 1:00:00 AM")
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
    """What the periodic reports of one recipient hold, to look a late row up in."""

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
        """The row that repeats a late one: by id, by donor, amount and date, or the first of its date's report.

        The last because what a late report says is reported again in the periodic report of that day (FORMATS.md
        "Late / daily reports"): a gift that the periodic report leaves out was merged, corrected or taken back in it.
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
    """The days that a report covers: by its name, else by the dates of its rows."""
    match = _PERIOD.search(report)
    if match:
        return date.fromisoformat(match.group(1)), date.fromisoformat(match.group(2))
    return day, day


def _cover(ledger: Sequence[LedgerLine], result: list[Status]) -> None:
    """Mark the late rows that a loaded periodic report repeats; alone they are all there is, and count."""
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
