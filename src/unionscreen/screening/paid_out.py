"""Money that filers paid out, in the result of a screening: plain values, saved as JSON and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from unionscreen.accounting.money import cents_to_decimal, decimal_to_cents
from unionscreen.accounting.payments import WINDOW_DAYS, Shown
from unionscreen.contributions import count, money_text
from unionscreen.prosecutors.words import place_words, places_differ

# Innocent reasons why a gift may be in the giver's filing alone.
INNOCENT_REASONS: Final = (
    "the check was returned or never deposited",
    "the recipient reported it in another period",
    "it went to another committee of the same person",
    "the two sides report different amounts",
    "it is too small to be listed in the recipient's report by itself",
)
# Whose filing tells about the day of a gift, where the recipient's own is not here.
OTHER_COMMITTEE: Final = "another committee of the same person"
# Of a gift: given; given and then taken back; or, with a negative amount, what was taken back.
GiftStatus = Literal["active", "returned", "return"]
# Why a payment without a code may not be a gift.
WORDED: Final = "no code says that this is a gift, only the filer's own words"


@dataclass(frozen=True, slots=True)
class GivenGift:
    """A gift from a union or a named giver, or the return of one, and which side's filing shows it.

    Attributes:
        prosecutor: the person in natural order; None for a recipient that is not recognized as a prosecutor.
        recipient: as filed.
        shown: which of the two filings show it.
        giver_row: ``file:row`` in the giver's filing; None when only the recipient's shows it.
        recipient_row: ``file:row`` in the recipient's own filing; None when only the giver's shows it.
        recipient_filing: whether any filing of the recipient, or else of another committee of the same person, is among
            the files: without one, "only by the giver" says nothing about the recipient.
        recipient_days: what is known of the recipient's filings on the day of the gift, in words.
        recipient_covers_day: whether one of these filings covers that day; None where that is not known.
        possibly_same: ``file:row`` of another listing that may be the same gift; both are shown.
        status: active, returned (a gift that one of the filings takes back), or return (the row that takes one back).
        status_cause: ``file:row`` of the row that takes this one back, or is taken back by it.
        jurisdiction: the prosecutor's county, city or district, where it is known.
        person_id: the prosecutor's, the same in every file.
        committee_id: the recipient's; as in its own filing where that shows the gift.
    """

    prosecutor: str | None
    recipient: str
    giver: str
    date: date | None
    amount_cents: int
    shown: Shown
    giver_row: str | None
    recipient_row: str | None
    recipient_filing: bool
    tier: str | None = None
    union_id: str | None = None
    union: str | None = None
    why: str | None = None
    person_id: str | None = None
    committee_id: str | None = None
    recipient_days: str = ""
    recipient_covers_day: bool | None = None
    possibly_same: str | None = None
    status: GiftStatus = "active"
    status_cause: str | None = None
    jurisdiction: str | None = None

    @property
    def is_alone(self) -> bool:
        """Whether it is a gift, not returned, that only the giver's filing shows: a lead."""
        return self.shown == "only by the giver" and self.status == "active"


@dataclass(frozen=True, slots=True)
class Spending:
    """One payment of independent spending.

    Attributes:
        prosecutor: whom it is about; None where the target is not recognized as a prosecutor.
        target: the candidate as filed; "" where the row names none, as for a ballot measure.
        support_oppose: support, oppose or unknown.
        payee: the vendor that was paid.
        status: only active rows are in a sum.
        status_cause: ``file:row`` of the row that caused it.
        place: ``file:row``.
        person_id: the prosecutor's, the same in every file.
        committee_id: the target's, where the row gives its agency's id; None for a candidate's name alone.
        possibly_same: ``file:row`` of another listing that may be the same payment; both are in the sum.
        jurisdiction: the county, city or district of the prosecutor, else of the target as filed.
    """

    prosecutor: str | None
    target: str
    office: str | None
    support_oppose: str
    spender: str
    payee: str | None
    date: date | None
    amount_cents: int
    status: str
    status_cause: str | None
    place: str
    tier: str | None
    union_id: str | None
    union: str | None
    why: str | None
    person_id: str | None = None
    committee_id: str | None = None
    possibly_same: str | None = None
    jurisdiction: str | None = None


_SumKey = tuple[str | None, str, str, str, str | None, str | None, str | None]


def _sum_key(each: Spending) -> _SumKey:
    return each.prosecutor, each.target, each.support_oppose, each.spender, each.tier, each.union_id, each.person_id


class Spent(NamedTuple):
    """A sum of independent spending: who spent for or against whom."""

    prosecutor: str | None
    target: str
    support_oppose: str
    spender: str
    tier: str | None
    union_id: str | None
    rows: int
    amount_cents: int
    person_id: str | None
    committee_id: str | None
    """The target's, where a row gives its agency's id; several are separated by semicolons."""
    jurisdiction: str | None
    """The county, city or district of the prosecutor, else of the target as filed; several are separated so too."""


@dataclass(frozen=True)
class Books:
    """What filers paid out, as far as it concerns unions and prosecutors."""

    rows_read: int = 0
    """Rows of money paid out, whether they are shown or not."""
    gifts: tuple[GivenGift, ...] = ()
    spending: tuple[Spending, ...] = ()
    unclear_gifts: int = field(default=0, compare=False)
    """Payments that their filers call contributions, to payees that nobody knows as a committee. Not saved: a note
    counts them."""
    zero_rows: int = field(default=0, compare=False)
    """Rows of $0.00, which are neither among the gifts nor the spending. Not saved: a note counts them."""

    @property
    def active_spending(self) -> list[Spending]:
        """The spending that counts."""
        return [each for each in self.spending if each.status == "active"]

    def spent(self) -> list[Spent]:
        """The active spending by target, side and spender; targets of one name in two counties are two."""
        sums: dict[_SumKey, list[Spending]] = {}
        for each in self.active_spending:
            sums.setdefault(_sum_key(each), []).append(each)
        ordered = sorted(sums.items(), key=lambda item: tuple(cell or "" for cell in item[0]))
        return [
            Spent(
                *(*key[:-1], len(rows), sum(each.amount_cents for each in rows), key[-1]),
                _each_once(each.committee_id for each in rows),
                _each_once(each.jurisdiction for each in rows),
            )
            for key, same_name in ordered
            for rows in _by_county(same_name)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: amounts in dollars."""
        return {
            "rows_read": self.rows_read,
            "window_days": WINDOW_DAYS,
            "contributions_made": [_plain(each, GivenGift.__slots__) for each in self.gifts],
            "only_by_the_giver_may_mean": list(INNOCENT_REASONS),
            "independent_expenditures": [_plain(each, Spending.__slots__) for each in self.spending],
            "independent_expenditures_by_target": [_plain(each, _SPENT) for each in self.spent()],
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Books:
        """What :meth:`to_dict` saved; {} is nothing.

        Raises:
            KeyError, TypeError, ValueError: it is not such a dictionary.
        """
        if not saved:
            return cls()
        gifts = tuple(GivenGift(**_typed(row)) for row in saved["contributions_made"])
        spending = tuple(Spending(**_typed(row)) for row in saved["independent_expenditures"])
        return cls(saved["rows_read"], gifts, spending)


_SPENT: Final = Spent._fields


def _by_county(rows: Sequence[Spending]) -> list[list[Spending]]:
    """The rows about one name, by county where nothing else says whether they are about one person.

    Rows without a county are about whom the others are about, unless those are several.
    """
    if rows[0].person_id:
        return [[*rows]]
    counties: list[list[Spending]] = []
    unknown = []
    for each in sorted(rows, key=lambda row: row.jurisdiction or ""):
        if not place_words(each.jurisdiction):
            unknown.append(each)
            continue
        same = (found for found in counties if not places_differ(found[0].jurisdiction, each.jurisdiction))
        mine = next(same, None)
        if mine is None:
            counties.append(mine := [])
        mine.append(each)
    if len(counties) == 1:
        return [unknown + counties[0]]
    return [*([unknown] if unknown else []), *counties]


def _each_once(values: Iterable[str | None]) -> str | None:
    """The values, separated by semicolons; None where there is none."""
    return "; ".join(sorted({each for each in values if each})) or None


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "amount"}
    day = date.fromisoformat(row["date"]) if row["date"] else None
    return values | {"date": day, "amount_cents": decimal_to_cents(row["amount"])}


def _plain(row: object, names: Iterable[str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        if name == "amount_cents":
            out["amount"] = cents_to_decimal(value)
        else:
            out[name] = value.isoformat() if isinstance(value, date) else value
    return out


# What the law requires in a notice of independent spending: less than a report lists.
FORM_496_LISTS: Final = "contributors of $100 or more since the last campaign report"

TraceKind = Literal["contribution", "independent expenditure"]


class Trace(NamedTuple):
    """What a committee's own filing shows about its money on the day of a gift or of independent spending.

    Attributes:
        committee: the donor or spender, as its own filing names it.
        prosecutor: who received, or whom the spending is about, as filed; "" where the committee itself is shown.
        date: of the gift or the spending; None: all that the files hold is added.
        gift_cents: how much it gave or spent; None where the committee itself is shown.
        received_cents: what it had received until then, in these files: monetary and in-kind, less refunds.
        from_unions_cents: how much of that came from unions.
        unions: how many unions gave it.
        matched_by: ``id``, or ``name`` where the two filings share no id; ``itself`` without a gift.
        place: ``file:row`` of the gift in the prosecutor's filing, or of the spending in the spender's.
        kind: what the committee did.
        listed_cents: how much of ``received_cents`` is listed with Form 496 only: see :data:`FORM_496_LISTS`.
        union_rows: ``file:row`` of each contribution from a union.
        person_id: of who received, the same in every file.
        committee_id: of the donor.
    """

    committee: str
    prosecutor: str
    date: date | None
    gift_cents: int | None
    received_cents: int
    from_unions_cents: int
    unions: int
    matched_by: str
    place: str
    kind: TraceKind = "contribution"
    listed_cents: int = 0
    union_rows: tuple[str, ...] = ()
    person_id: str | None = None
    committee_id: str | None = None

    @property
    def stated_in(self) -> str:
        """Where the committee states what it received."""
        if not self.listed_cents:
            return "reports" if self.received_cents else ""
        return "Form 496 only" if self.listed_cents == self.received_cents else "reports and Form 496"

    @property
    def percent(self) -> int | None:
        """The share from unions, in whole percent, rounded down; None where nothing was received."""
        return 100 * self.from_unions_cents // self.received_cents if self.received_cents > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: amounts in dollars."""
        return {
            "committee": self.committee,
            "prosecutor": self.prosecutor,
            "date": self.date.isoformat() if self.date else None,
            "gift": None if self.gift_cents is None else cents_to_decimal(self.gift_cents),
            "received": cents_to_decimal(self.received_cents),
            "from_unions": cents_to_decimal(self.from_unions_cents),
            "percent": self.percent,
            "unions": self.unions,
            "matched_by": self.matched_by,
            "row": self.place,
            "kind": self.kind,
            "stated_in": self.stated_in,
            "listed_with_form_496": cents_to_decimal(self.listed_cents),
            "union_rows": list(self.union_rows),
            "person_id": self.person_id,
            "committee_id": self.committee_id,
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Trace:
        """What :meth:`to_dict` saved."""
        return cls(
            committee=saved["committee"],
            prosecutor=saved["prosecutor"],
            date=date.fromisoformat(saved["date"]) if saved["date"] else None,
            gift_cents=None if saved["gift"] is None else decimal_to_cents(saved["gift"]),
            received_cents=decimal_to_cents(saved["received"]),
            from_unions_cents=decimal_to_cents(saved["from_unions"]),
            unions=saved["unions"],
            matched_by=saved["matched_by"],
            place=saved["row"],
            kind=saved.get("kind", "contribution"),
            listed_cents=decimal_to_cents(saved.get("listed_with_form_496", 0)),
            union_rows=tuple(saved.get("union_rows", ())),
            person_id=saved.get("person_id"),
            committee_id=saved.get("committee_id"),
        )

    def sentence(self) -> str:
        """For a reader: the share, and what it is a share of."""
        when = f" up to {self.date.isoformat()}" if self.date else ""
        if self.percent is None:
            return f"{self.committee}: no receipts{when} in these files"
        came = f", from {count(self.unions, 'union')}" if self.unions else ""
        listed = f"; {money_text(self.listed_cents)} is from Form 496 ({FORM_496_LISTS})" if self.listed_cents else ""
        share = f"{self.percent} % of {money_text(self.received_cents)}{when} in these files"
        return f"{self.committee}: {share}{came}{listed}"
