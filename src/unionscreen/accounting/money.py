"""What a recipient raised, and what of it is flagged: gross, refunded, net. DESIGN §6 and §8."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

# A gift, whatever its form: a PAC's gift is often filed as a transfer (FORMATS.md "Transfers").
GIFT_KINDS: Final = frozenset({"monetary", "in-kind", "transfer"})
RAISED_KINDS: Final = GIFT_KINDS | {"refund"}
# A refunded gift was raised, and the row that returns it is subtracted: both stay in the sum.
COUNTED: Final = frozenset({"active", "refunded"})


class Amount(NamedTuple):
    """One amount, or the sum of several alike, in cents."""

    cents: int
    kind: str
    status: str


@dataclass(frozen=True)
class Money:
    """Sums in US cents.

    Args:
        gross: the gifts.
        refunded: what went back, positive.
        in_kind: how much of the gifts came as goods or services.
        loans: lent, less repaid; in no other sum.
    """

    gross: int = 0
    refunded: int = 0
    in_kind: int = 0
    loans: int = 0

    @property
    def net(self) -> int:
        """What was kept: gross less refunded."""
        return self.gross - self.refunded


def goes_back(amount_cents: int, kind: str) -> bool:
    """Whether a row is money going back: a negative amount, or a refund, which some agencies file as positive."""
    return amount_cents < 0 or kind == "refund"


def total(amounts: Iterable[Amount]) -> Money:
    """Add amounts up; memo, superseded, covered, duplicate and void ones are left out.

    >>> total([Amount(140_000, "monetary", "refunded"), Amount(-140_000, "monetary", "active")]).net
    0
    """
    gross = refunded = in_kind = loans = 0
    for cents, kind, status in amounts:
        if status not in COUNTED:
            continue
        if kind == "loan":
            loans += cents
        elif kind in RAISED_KINDS:
            if goes_back(cents, kind):
                refunded += abs(cents)
            else:
                gross += cents
                in_kind += cents if kind == "in-kind" else 0
    return Money(gross, refunded, in_kind, loans)


def dollars(cents: int) -> str:
    """Cents as a decimal string in dollars, exact.

    >>> dollars(1280000), dollars(-5), dollars(0)
    ('12800.00', '-0.05', '0.00')
    """
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
