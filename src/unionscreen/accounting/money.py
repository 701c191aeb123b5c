"""What a recipient raised, and what of it is flagged: gross, refunded, net. DESIGN §6 and §8."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

# A gift in any form: a PAC's gift is often filed as a transfer (FORMATS.md "Transfers").
GIFT_KINDS: Final = frozenset({"monetary", "in-kind", "transfer"})
RAISED_KINDS: Final = GIFT_KINDS | {"refund"}
# A refunded gift was raised, and the row that returns it is subtracted: both stay in the sum.
COUNTED_STATUSES: Final = frozenset({"active", "refunded"})
# Why a row is in no sum, in words for the reader: by its status, else by its kind; singular and plural.
_REPEAT: Final = ("repeat", "repeats")
_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "superseded": _REPEAT,
    "covered": _REPEAT,
    "duplicate": _REPEAT,
    "memo": ("memo item", "memo items"),
    "void": ("row taken back", "rows taken back"),
    "loan": ("loan", "loans"),
    "pledge": ("pledge", "pledges"),
    "independent-expenditure": ("independent expenditure", "independent expenditures"),
}
_OTHER: Final = ("row that is not a gift", "rows that are not gifts")


class Amount(NamedTuple):
    """One amount, or the sum of several of one kind and status, in cents."""

    cents: int
    kind: str
    status: str


@dataclass(frozen=True)
class Money:
    """Sums in US cents."""

    gross: int = 0
    refunded: int = 0
    """What went back, positive."""
    in_kind: int = 0
    """How much of ``gross`` came as goods or services."""
    loans: int = 0
    """Lent less repaid; in no other sum."""

    @property
    def net(self) -> int:
        """What was kept: gross less refunded."""
        return self.gross - self.refunded


def counts(kind: str, status: str) -> bool:
    """Whether a row is in the sums of gifts and refunds: the rule for all figures and for the column ``counted``.

    >>> counts("transfer", "active"), counts("monetary", "refunded"), counts("loan", "active"), counts("refund", "memo")
    (True, True, False, False)
    """
    return status in COUNTED_STATUSES and kind in RAISED_KINDS


def exclusion_summary(rows: Iterable[tuple[int, str, str]]) -> str:
    """Which of these rows are in no sum, in words; "" where all of them count.

    Args:
        rows: how many, of which kind and status.

    >>> rows = [(3, "monetary", "active"), (6, "loan", "superseded"), (3, "monetary", "void"), (1, "loan", "active")]
    >>> exclusion_summary(rows)
    '6 repeats, 3 rows taken back and 1 loan'
    """
    reasons: Counter[tuple[str, str]] = Counter()
    for number, kind, status in rows:
        if not counts(kind, status):
            reasons[_REASONS.get(kind if status in COUNTED_STATUSES else status, _OTHER)] += number
    order = dict.fromkeys([*_REASONS.values(), _OTHER])
    parts = [f"{reasons[each]:,} {each[0] if reasons[each] == 1 else each[1]}" for each in order if reasons[each]]
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def signed(amount_cents: int, kind: str) -> int:
    """The amount with its sign: negative where money goes back, however the agency files a refund.

    >>> signed(50_00, "refund"), signed(-50_00, "refund"), signed(50_00, "monetary")
    (-5000, -5000, 5000)
    """
    return -abs(amount_cents) if goes_back(amount_cents, kind) else amount_cents


def goes_back(amount_cents: int, kind: str) -> bool:
    """Whether a row is money going back: a negative amount, or a refund, which some agencies file as positive."""
    return amount_cents < 0 or kind == "refund"


def total(amounts: Iterable[Amount]) -> Money:
    """Add up amounts; memo, superseded, covered, duplicate and void ones are left out.

    >>> total([Amount(140_000, "monetary", "refunded"), Amount(-140_000, "monetary", "active")]).net
    0
    """
    gross = refunded = in_kind = loans = 0
    for cents, kind, status in amounts:
        if kind == "loan" and status in COUNTED_STATUSES:
            loans += cents
        elif counts(kind, status):
            if goes_back(cents, kind):
                refunded += abs(cents)
            else:
                gross += cents
                in_kind += cents if kind == "in-kind" else 0
    return Money(gross, refunded, in_kind, loans)


def cents_to_decimal(cents: int) -> str:
    """Cents as a decimal string in dollars, exact.

    >>> cents_to_decimal(1280000), cents_to_decimal(-5), cents_to_decimal(0)
    ('12800.00', '-0.05', '0.00')
    """
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def decimal_to_cents(amount: str) -> int:
    """Cents from a decimal string in dollars, as :func:`cents_to_decimal` writes it.

    Raises:
        ValueError: it is written in another way, such as "12.5".

    >>> decimal_to_cents("12800.00"), decimal_to_cents("-0.05")
    (1280000, -5)
    """
    found = int(amount.replace(".", "", 1))
    if cents_to_decimal(found) != amount:
        raise ValueError(amount)
    return found
