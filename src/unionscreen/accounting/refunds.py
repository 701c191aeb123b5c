"""Which gift a refund returns: "took $1,400 on 9/1, returned it 9/20" comes out as exactly that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from unionscreen.accounting.lines import Status
from unionscreen.accounting.money import GIFT_KINDS, goes_back


class Gift(NamedTuple):
    """One row between a donor and a recipient, either way."""

    recipient: str
    donor: str
    """The donor's name, folded."""
    union_id: str | None
    """The union it was matched with; a refund may name it in another spelling."""
    date: date | None
    amount_cents: int
    kind: str
    transaction_id: str | None = None
    status: str = "active"


def net_refunds(rows: Sequence[Gift]) -> dict[int, Status]:
    """The rows whose status a refund changes, by position, with the refund that caused it.

    A refund returns the latest gift before it of the same amount from the same donor, else all of the donor's open
    gifts when they sum to it. A negative row with the transaction id and the date of a gift takes the entry back, not
    the money: both are void. A refund that fits no gift stays as it is, and is subtracted all the same.

    >>> gift = Gift("roe", "poa", None, date(2022, 9, 1), 140_000, "monetary")
    >>> net_refunds([gift, gift._replace(date=date(2022, 9, 20), amount_cents=-140_000)])
    {0: Status(status='refunded', cause=1)}
    """
    changed: dict[int, Status] = {}
    active = [i for i, row in enumerate(rows) if row.status == "active"]
    backs = [i for i in active if goes_back(rows[i].amount_cents, rows[i].kind) and rows[i].kind != "loan"]
    gifts = [i for i in active if rows[i].kind in GIFT_KINDS and rows[i].amount_cents > 0]
    for back in sorted(backs, key=lambda i: (rows[i].date or date.max, i)):
        open_gifts = [i for i in gifts if i not in changed and _same_parties(rows[i], rows[back])]
        voided = next((i for i in open_gifts if _voids(rows[back], rows[i])), None)
        if voided is not None:
            changed[voided], changed[back] = Status("void", back), Status("void", voided)
            continue
        for gift in _returned(rows, open_gifts, rows[back]):
            changed[gift] = Status("refunded", back)
    return changed


def _same_parties(gift: Gift, back: Gift) -> bool:
    same_donor = gift.donor == back.donor or (gift.union_id is not None and gift.union_id == back.union_id)
    return gift.recipient == back.recipient and same_donor


def _voids(back: Gift, gift: Gift) -> bool:
    """Offset rows after a correction carry the transaction they take back (FORMATS.md "Offset rows")."""
    return (
        back.kind != "refund"
        and bool(back.transaction_id)
        and back.transaction_id == gift.transaction_id
        and back.date == gift.date
        and -back.amount_cents == gift.amount_cents
    )


def _returned(rows: Sequence[Gift], open_gifts: list[int], back: Gift) -> list[int]:
    """The gifts that a refund returns in full."""
    cents = abs(back.amount_cents)
    before = [i for i in open_gifts if _not_after(rows[i].date, back.date)]
    exact = [i for i in before if rows[i].amount_cents == cents]
    if exact:
        return [max(exact, key=lambda i: (rows[i].date or date.min, i))]
    return before if sum(rows[i].amount_cents for i in before) == cents else []


def _not_after(gift: date | None, back: date | None) -> bool:
    return gift is None or back is None or gift <= back
