"""Before and after a pledge to take no police-union money: what came, what went back, how long it was kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from unionscreen.accounting.money import COUNTED, GIFT_KINDS, dollars, goes_back

SIDES: Final = ("before", "after", "undated")


@dataclass(frozen=True)
class PledgeSide:
    """The union money of one side of the day; sums in cents.

    Args:
        gifts: how many gifts.
        gross: what they came to.
        refunded: what of these gifts went back, whenever that was.
        pattern_gross: of ``gross``, what came from organizations that are not on the list and read like one.
        pattern_refunded: of ``refunded``, the same.
    """

    gifts: int = 0
    gross: int = 0
    refunded: int = 0
    pattern_gross: int = 0
    pattern_refunded: int = 0

    @property
    def net(self) -> int:
        """What was kept."""
        return self.gross - self.refunded

    @property
    def pattern_net(self) -> int:
        """What was kept of organizations that are not on the list."""
        return self.pattern_gross - self.pattern_refunded

    def to_dict(self) -> dict[str, Any]:
        """The sums as decimal strings in dollars; ``pattern`` is a part of them."""
        return {
            "gifts": self.gifts,
            "gross": dollars(self.gross),
            "refunded": dollars(self.refunded),
            "net": dollars(self.net),
            "pattern": {
                "gross": dollars(self.pattern_gross),
                "refunded": dollars(self.pattern_refunded),
                "net": dollars(self.pattern_net),
            },
        }


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
            "amount": dollars(self.amount_cents),
            "date": self.date.isoformat() if self.date else None,
            "returned_on": self.returned_on.isoformat() if self.returned_on else None,
            "days_kept": self.days_kept,
            "side": self.side,
        }


@dataclass(frozen=True)
class Pledge:
    """A prosecutor's union money on both sides of a pledge. A gift of the day itself counts as after it."""

    date: dt.date
    source: str | None
    before: PledgeSide
    after: PledgeSide
    undated: PledgeSide
    returned: tuple[PledgeReturn, ...]

    @property
    def sides(self) -> Mapping[str, PledgeSide]:
        """The sides by name."""
        return {"before": self.before, "after": self.after, "undated": self.undated}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "date": self.date.isoformat(),
            "source": self.source,
            **{name: side.to_dict() for name, side in self.sides.items()},
            "returned": [each.to_dict() for each in self.returned],
        }


def pledge_money(pledged: dt.date, source: str | None, rows: Sequence[Any]) -> Pledge:
    """Split the flagged rows of a prosecutor at the pledge date.

    A refund counts on the side of the gift that it returns: a gift from before the pledge that went back after it is
    money of before, returned. A refund of no known gift counts on the side of its own day.

    Args:
        pledged: the day.
        source: where the pledge is documented.
        rows: the flagged rows (``screening.Flag``), with their statuses.
    """
    refunds = {f"{row.source}:{row.row}": row for row in rows if goes_back(row.amount_cents, row.kind)}
    sides = dict.fromkeys(SIDES, PledgeSide())
    returned: list[PledgeReturn] = []
    answered: set[str] = set()
    for row in rows:
        if row.status not in COUNTED or row.kind not in GIFT_KINDS or goes_back(row.amount_cents, row.kind):
            continue
        side = _side(row.date, pledged)
        back = row.amount_cents if row.status == "refunded" else 0
        sides[side] = _add(sides[side], row, row.amount_cents, back, gifts=1)
        if back:
            refund = refunds.get(row.status_cause or "")
            answered.add(row.status_cause or "")
            on = refund.date if refund else None
            days = (on - row.date).days if on and row.date else None
            returned.append(
                PledgeReturn(row.source, row.row, row.contributor, row.amount_cents, row.date, on, days, side)
            )
    for place, row in refunds.items():
        if place not in answered and row.status in COUNTED and row.kind != "loan":
            side = _side(row.date, pledged)
            sides[side] = _add(sides[side], row, 0, abs(row.amount_cents), gifts=0)
    return Pledge(pledged, source, sides["before"], sides["after"], sides["undated"], tuple(_by_day(returned)))


def _side(day: dt.date | None, pledged: dt.date) -> str:
    if day is None:
        return "undated"
    return "before" if day < pledged else "after"


def _add(side: PledgeSide, row: Any, gross: int, refunded: int, *, gifts: int) -> PledgeSide:
    pattern = row.tier == "pattern"
    return replace(
        side,
        gifts=side.gifts + gifts,
        gross=side.gross + gross,
        refunded=side.refunded + refunded,
        pattern_gross=side.pattern_gross + (gross if pattern else 0),
        pattern_refunded=side.pattern_refunded + (refunded if pattern else 0),
    )


def _by_day(returned: Iterable[PledgeReturn]) -> list[PledgeReturn]:
    return sorted(returned, key=lambda each: (each.date is None, each.date or dt.date.min, each.source, each.row))
