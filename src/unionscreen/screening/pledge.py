"""What the words of a pledge cover, and the union money before and after it: what came, what went back, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting.money import COUNTED_STATUSES, GIFT_KINDS, cents_to_decimal, goes_back
from unionscreen.accounting.periods import Days, merged, within
from unionscreen.contributions import money_text
from unionscreen.lists import days_text
from unionscreen.unions import load_unions

if TYPE_CHECKING:
    from unionscreen.screening.result import Flag

SIDES: Final = ("before", "after", "undated")
# The side of gifts within the month, the year or the interval of a pledge whose day is not known.
UNCLEAR: Final = "unclear"
CONTRIBUTIONS: Final = "contributions"
ENDORSEMENTS: Final = "endorsements"
COVERABLE: Final = (CONTRIBUTIONS, ENDORSEMENTS)
TIERS: Final = ("listed", "pattern")
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class PledgeSide:
    """The union money on one side of the day, in cents."""

    gifts: int = 0
    """How many gifts."""
    gross: int = 0
    refunded: int = 0
    """What of these gifts went back, whenever that was."""
    pattern_gross: int = 0
    """The part of ``gross`` from donors that read like a union, but are not identified with one on the list."""
    pattern_refunded: int = 0
    """The same part of ``refunded``."""

    @property
    def net(self) -> int:
        """What was kept."""
        return self.gross - self.refunded

    @property
    def pattern_net(self) -> int:
        """What was kept of the gifts in ``pattern_gross``."""
        return self.pattern_gross - self.pattern_refunded

    def to_dict(self) -> dict[str, Any]:
        """The sums as decimal strings in dollars; ``pattern`` is a part of them."""
        return {
            "gifts": self.gifts,
            **_sums(self.gross, self.refunded),
            "pattern": _sums(self.pattern_gross, self.pattern_refunded),
        }


def _sums(gross: int, refunded: int) -> dict[str, str]:
    sums = {"gross": gross, "refunded": refunded, "net": gross - refunded}
    return {name: cents_to_decimal(cents) for name, cents in sums.items()}


@dataclass(frozen=True)
class PledgeReturn:
    """One gift that was returned: when, and how long it was kept (None where a date is missing)."""

    source: str
    row: int
    contributor: str
    amount_cents: int
    date: dt.date | None
    returned_on: dt.date | None
    days_kept: int | None
    side: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the amount in dollars."""
        return {
            "source": self.source,
            "row": self.row,
            "contributor": self.contributor,
            "amount": cents_to_decimal(self.amount_cents),
            "date": self.date.isoformat() if self.date else None,
            "returned_on": self.returned_on.isoformat() if self.returned_on else None,
            "days_kept": self.days_kept,
            "side": self.side,
        }


@dataclass(frozen=True)
class Pledge:
    """A prosecutor's union money on both sides of a pledge. In these sums, a gift on the day itself is after it.

    Whether that gift is against the pledge is another question: see ``screening.verdicts``.
    """

    date: dt.date
    source: str | None
    before: PledgeSide
    after: PledgeSide
    undated: PledgeSide
    returned: tuple[PledgeReturn, ...]
    latest: dt.date | None = None
    """Where the day is not known, the last day on which it can have been made."""
    unclear: PledgeSide = field(default_factory=PledgeSide)
    """What came on one of these days, before or after the pledge."""

    @property
    def made(self) -> str:
        """When it was made, as precisely as is known."""
        return days_text(self.date, self.latest or self.date)

    @property
    def sides(self) -> Mapping[str, PledgeSide]:
        """The sides by name."""
        return {name: getattr(self, name) for name in (*SIDES, *([UNCLEAR] if self.latest else []))}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "date": self.date.isoformat(),
            "source": self.source,
            **({"latest": self.latest.isoformat()} if self.latest else {}),
            **{name: side.to_dict() for name, side in self.sides.items()},
            "returned": [each.to_dict() for each in self.returned],
        }


@dataclass(frozen=True)
class PledgeTerms:
    """What the words of a pledge say.

    Attributes:
        first: the first day on which it can have been made.
        last: the last such day; the same where the day is known.
        is_pledge: yes; no (for example, a call for a rule); or unclear.
        covers: contributions, endorsements, or both.
        kinds: the kinds of unions; empty is all.
        unclear_kinds: kinds of which the words do not say whether they are meant.
        unions: ids of the unions, which stand for their lodges and locals too; empty is all.
        tiers: whose gifts break it: "pattern" too only where each organization with the name of a union is meant.
        individuals: whether it covers officers as individuals, whose gifts no filing marks.
        starts: the day from which it applies, that day included; None is after it was made.
        threshold_cents: gifts up to this amount are allowed.
        ended: first and last day on which it can have ended.
    """

    first: dt.date
    last: dt.date
    is_pledge: str = "yes"
    covers: tuple[str, ...] = (CONTRIBUTIONS,)
    kinds: tuple[str, ...] = ()
    unclear_kinds: tuple[str, ...] = ()
    unions: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ("listed",)
    individuals: bool = False
    starts: dt.date | None = None
    threshold_cents: int = 0
    ended: tuple[dt.date, dt.date] | None = None

    @property
    def made(self) -> str:
        """When it was made, as precisely as is known."""
        return days_text(self.first, self.last)

    @property
    def applies_from(self) -> dt.date:
        """The first day on which it certainly applies."""
        if self.starts and (self.first == self.last or self.starts > self.last):
            return self.starts
        return self.last + _DAY

    def to_dict(self) -> dict[str, Any]:
        """Plain values, under the names of the columns of ``data/pledges.csv``."""
        return {
            "is_pledge": self.is_pledge,
            "covers": list(self.covers),
            "union_kinds": list(self.kinds),
            "unclear_kinds": list(self.unclear_kinds),
            "unions": list(self.unions),
            "tiers": list(self.tiers),
            "individuals": self.individuals,
            "applies_from": self.starts.isoformat() if self.starts else None,
            "threshold": cents_to_decimal(self.threshold_cents) if self.threshold_cents else None,
            "ended": days_text(*self.ended) if self.ended else None,
        }

    @property
    def words(self) -> str:
        """What it covers, in a phrase."""
        parts = [" and ".join(self.covers)]
        if self.unions:
            known = load_unions().unions
            named = [known[each].name if each in known else each for each in self.unions]
            parts.append(f"only of {', '.join(named)}, with lodges and locals")
        if self.kinds:
            parts.append(f"only of these kinds: {', '.join(self.kinds)}")
        if self.unclear_kinds:
            parts.append(f"unclear for these kinds: {', '.join(self.unclear_kinds)}")
        if self.threshold_cents:
            parts.append(f"only above {money_text(self.threshold_cents)}")
        if self.individuals:
            parts.append("also of officers as individuals")
        if self.starts:
            parts.append(f"from {self.starts} on")
        if self.ended:
            parts.append(f"until it ended on {days_text(*self.ended)}")
        return "; ".join(parts)

    def side(self, day: dt.date | None) -> str | None:
        """None if the pledge does not apply on the day; "" if it does; else why that cannot be decided."""
        if day is None:
            return "the row has no date"
        if self.first == self.last == day and self.starts is None:
            return "it came on the day of the pledge, and the words do not say whether that day counts"
        if self.first < self.last and max(self.first, self.starts or self.first) <= day <= self.last:
            return f"it came within {self.made}, when the pledge was made on an unknown day"
        if day < self.applies_from:
            return None
        if self.ended and day > self.ended[1]:
            return None
        if self.ended and day >= self.ended[0]:
            one_day = self.ended[0] == self.ended[1]
            return f"it came {'on' if one_day else 'within'} {days_text(*self.ended)}, when the pledge ended"
        return ""

    def coverage(self, periods: Iterable[Days]) -> tuple[tuple[Days, ...], tuple[tuple[dt.date, dt.date | None], ...]]:
        """The days on which the pledge applies that filings cover, and those that they do not."""
        start, stop = self.applies_from, self.ended[0] - _DAY if self.ended else None
        covered = merged(within(periods, Days(start, stop or dt.date.max)))
        open_days: list[tuple[dt.date, dt.date | None]] = []
        for days in covered:
            if start < days.begin:
                open_days.append((start, days.begin - _DAY))
            start = days.end + _DAY
        if stop is None or start <= stop:
            open_days.append((start, stop))
        return covered, tuple(open_days)


def pledge_money(pledged: dt.date, source: str | None, rows: Sequence[Flag], latest: dt.date | None = None) -> Pledge:
    """Split the flagged rows of a prosecutor at the day of the pledge.

    A refund counts on the side of the gift that it returns: a gift from before the pledge that went back after it is
    money from before, returned. A refund of no known gift counts on the side of its own day.

    Args:
        pledged: the day, or the first day on which it can have been made.
        source: where it is documented.
        rows: the flagged rows.
        latest: where the day is not known, the last day on which it can have been made.
    """
    refunds = {f"{row.source}:{row.row}": row for row in rows if goes_back(row.amount_cents, row.kind)}
    sides = dict.fromkeys((*SIDES, UNCLEAR), PledgeSide())
    returned: list[PledgeReturn] = []
    matched: set[str] = set()
    for row in rows:
        if row.status not in COUNTED_STATUSES or row.kind not in GIFT_KINDS or goes_back(row.amount_cents, row.kind):
            continue
        side = _side(row.date, pledged, latest)
        back = row.amount_cents if row.status == "refunded" else 0
        sides[side] = _add(sides[side], row, row.amount_cents, back, gifts=1)
        if back:
            refund = refunds.get(row.status_cause or "")
            matched.add(row.status_cause or "")
            on = refund.date if refund else None
            days = (on - row.date).days if on and row.date else None
            returned.append(
                PledgeReturn(row.source, row.row, row.contributor, row.amount_cents, row.date, on, days, side)
            )
    for place, row in refunds.items():
        if place not in matched and row.status in COUNTED_STATUSES and row.kind != "loan":
            side = _side(row.date, pledged, latest)
            sides[side] = _add(sides[side], row, 0, abs(row.amount_cents), gifts=0)
    returned.sort(key=lambda each: (each.date is None, each.date or dt.date.min, each.source, each.row))
    return Pledge(pledged, source, returned=tuple(returned), latest=latest, **sides)


def _side(day: dt.date | None, pledged: dt.date, latest: dt.date | None) -> str:
    if day is None:
        return "undated"
    if latest and pledged <= day <= latest:
        return UNCLEAR
    return "before" if day < pledged else "after"


def _add(side: PledgeSide, row: Flag, gross: int, refunded: int, *, gifts: int) -> PledgeSide:
    pattern = row.tier == "pattern"
    return replace(
        side,
        gifts=side.gifts + gifts,
        gross=side.gross + gross,
        refunded=side.refunded + refunded,
        pattern_gross=side.pattern_gross + (gross if pattern else 0),
        pattern_refunded=side.pattern_refunded + (refunded if pattern else 0),
    )
