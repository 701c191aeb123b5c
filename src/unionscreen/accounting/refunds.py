"""Which gift a refund returns: "took $1,400 on 9/1, returned it 9/20" comes out as exactly that."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from unionscreen.accounting.lines import Status
from unionscreen.accounting.money import GIFT_KINDS, goes_back


class Gift(NamedTuple):
    """One row between a donor and a recipient, either way."""

    recipient: str
    donor: str
    """The donor's name, folded."""
    union_id: str | None
    """The union it was matched with; a refund may spell the donor differently."""
    date: date | None
    amount_cents: int
    kind: str
    transaction_id: str | None = None
    status: str = "active"


def net_refunds(rows: Sequence[Gift]) -> dict[int, Status]:
    """The rows whose status a refund changes, by position, with the refund that caused it.

    A refund returns the latest earlier gift of the same amount from the same donor, else all of the donor's open gifts
    if their sum equals it. A negative row with the transaction id and the date of a gift corrects the entry and moves
    no money: both are void. A refund that fits no gift keeps its status, and is subtracted too.

    >>> gift = Gift("roe", "poa", None, date(2022, 9, 1), 140_000, "monetary")
    >>> net_refunds([gift, gift._replace(date=date(2022, 9, 20), amount_cents=-140_000)])
    {0: Status(status='refunded', cause=1)}
    """
    changed: dict[int, Status] = {}
    active = [i for i, row in enumerate(rows) if row.status == "active"]
    backs = [i for i in active if goes_back(rows[i].amount_cents, rows[i].kind) and rows[i].kind != "loan"]
    if not backs:
        return changed
    open_gifts = _OpenGifts(rows, [i for i in active if rows[i].kind in GIFT_KINDS and rows[i].amount_cents > 0])
    for back in sorted(backs, key=lambda i: (rows[i].date or date.max, i)):
        open_gifts.reach(rows[back].date)
        voided = open_gifts.voided_by(rows[back])
        if voided is not None:
            open_gifts.close(voided)
            changed[voided], changed[back] = Status("void", back), Status("void", voided)
            continue
        for gift in open_gifts.returned_by(rows[back]):
            open_gifts.close(gift)
            changed[gift] = Status("refunded", back)
    return changed


# The parties of a row: its donor, the union it was matched with, or both, and the recipient.
_Parties = tuple[str, str | None, str | None]


def _donor(row: Gift) -> _Parties:
    return row.recipient, row.donor, None


def _union(row: Gift) -> _Parties | None:
    return None if row.union_id is None else (row.recipient, None, row.union_id)


def _both(row: Gift) -> _Parties | None:
    return None if row.union_id is None else (row.recipient, row.donor, row.union_id)


class _OpenGifts:
    """The gifts that no refund has returned yet, indexed by their parties.

    Refunds come in the order of their dates, so each one sees all gifts that the one before it saw, and more. A closed
    gift stays in its list and is dropped when it is found: each is added and dropped once.
    """

    def __init__(self, rows: Sequence[Gift], gifts: Sequence[int]) -> None:
        self._rows = rows
        self._closed: set[int] = set()
        # Gifts that are later than all refunds so far, the earliest last; one without a date is earlier than all.
        self._coming = sorted(gifts, key=self._when, reverse=True)
        self._sum: defaultdict[_Parties, int] = defaultdict(int)
        self._of: defaultdict[_Parties, list[int]] = defaultdict(list)
        self._of_amount: defaultdict[tuple[_Parties, int], list[int]] = defaultdict(list)
        self._of_entry: defaultdict[tuple[_Parties, str, date | None, int], deque[int]] = defaultdict(deque)
        for i in gifts:
            row = rows[i]
            for parties in (_donor(row), _union(row)):
                if parties is not None and row.transaction_id:
                    self._of_entry[parties, row.transaction_id, row.date, row.amount_cents].append(i)

    def _when(self, i: int) -> tuple[date, int]:
        return self._rows[i].date or date.min, i

    def reach(self, day: date | None) -> None:
        """Open the gifts up to the day of the next refund; a refund without a date is later than all gifts."""
        while self._coming and (day is None or self._when(self._coming[-1])[0] <= day):
            i = self._coming.pop()
            row = self._rows[i]
            for parties in filter(None, (_donor(row), _union(row))):
                self._of[parties].append(i)
                self._of_amount[parties, row.amount_cents].append(i)
            self._add(row, row.amount_cents)

    def _add(self, row: Gift, cents: int) -> None:
        for parties in filter(None, (_donor(row), _union(row), _both(row))):
            self._sum[parties] += cents

    def close(self, i: int) -> None:
        """Remove an open gift."""
        self._closed.add(i)
        self._add(self._rows[i], -self._rows[i].amount_cents)

    def voided_by(self, back: Gift) -> int | None:
        """The first gift whose entry a row corrects, by transaction id, date and amount."""
        # Offset rows after a correction have the id of the transaction that they cancel (FORMATS.md "Offset rows").
        if back.kind == "refund" or not back.transaction_id:
            return None
        first = []
        for parties in filter(None, (_donor(back), _union(back))):
            entries = self._of_entry.get((parties, back.transaction_id, back.date, -back.amount_cents), deque())
            while entries and entries[0] in self._closed:
                entries.popleft()
            first += list(islice(entries, 1))
        return min(first, default=None)

    def returned_by(self, back: Gift) -> list[int]:
        """The gifts that a refund returns in full."""
        cents = abs(back.amount_cents)
        sides = [parties for parties in (_donor(back), _union(back)) if parties is not None]
        latest = []
        for parties in sides:
            exact = self._of_amount.get((parties, cents), [])
            while exact and exact[-1] in self._closed:
                exact.pop()
            latest += exact[-1:]
        if latest:
            return [max(latest, key=self._when)]
        both = _both(back)
        total = sum(self._sum.get(parties, 0) for parties in sides) - (self._sum.get(both, 0) if both else 0)
        if total != cents:
            return []
        # All of them go back, so these lists are not needed again.
        return sorted({i for parties in sides for i in self._of.pop(parties, [])} - self._closed)
