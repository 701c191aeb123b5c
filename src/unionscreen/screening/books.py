"""Money that a prosecutor's own filing does not show: gifts in the givers' filings, and independent spending.

None of it is in ``raised`` or ``flagged``. A gift is in the giver's filing and in the recipient's, so adding both would
count it twice; independent spending is not a gift to anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from unionscreen.accounting.payments import Gift, Payment, Shown, giver_names, pair
from unionscreen.prosecutors import Entry, Identities, People, Recipient, Roster, committee_id, identify, people
from unionscreen.screening.merge import Gathered
from unionscreen.screening.paid_out import Books, GivenGift, Spending
from unionscreen.screening.result import Flag


class _Received(NamedTuple):
    """A gift in a recipient's own filing."""

    recipient: Recipient
    giver: str
    gift: Gift
    flag: Flag | None


# A gift, and the recipient with the place of the row that names it best: its own filing's, else the giver's.
_Shown = tuple[GivenGift, Recipient, str]


def everybody(
    gathered: Gathered, roster: Roster | None, assigned: People | None
) -> tuple[dict[Recipient, Entry], Identities]:
    """The entry of everybody who received, or whom a payment is for or about; and everybody's ids.

    Args:
        gathered: what was read.
        roster: the user's own list of prosecutors.
        assigned: the user's own list of who is behind a recipient.
    """
    agencies = dict(gathered.agencies)
    for each in (*gathered.payments, *gathered.received):
        target = _target(each)
        agencies[target] = {*agencies.get(target, ()), gathered.agency(each.source)}
    found = [*gathered.recipients, *map(_target, (*gathered.payments, *gathered.received))]
    whose = people(found, roster, gathered.homes, assigned)
    return whose, identify(whose.values(), agencies, assigned)


def make_books(
    gathered: Gathered, whose: Mapping[Recipient, Entry], identities: Identities, *, prosecutors_only: bool
) -> Books:
    """Compare the givers' filings with the recipients' own, and list independent spending.

    Args:
        gathered: what was read.
        whose: everybody's entry, and ``identities`` everybody's ids, from :func:`everybody`.
        identities: of persons.
        prosecutors_only: leave out gifts to others.
    """
    if not gathered.rows_paid:
        return Books()
    made = [
        each
        for each in gathered.payments
        if each.kind == "contribution-made" and each.status == "active"
        if not prosecutors_only or whose[_target(each)].prosecutor
    ]
    received = [each for each in _received(gathered, whose) if not prosecutors_only or _person(whose, each.recipient)]
    shown = [*_compared(made, received, whose), *_not_in_the_books(made, received, whose, gathered.payments)]
    gifts = [
        replace(gift, person_id=identities.person([recipient]), committee_id=_committee(recipient, place, gathered))
        for gift, recipient, place in shown
    ]
    spending = [
        replace(
            _spending(each, whose),
            person_id=identities.person([_target(each)]),
            # A candidate's name is not a committee.
            committee_id=_committee(_target(each), each.place, gathered) if each.recipient_id else None,
        )
        for each in gathered.payments
        if each.kind == "independent-expenditure"
    ]
    return Books(gathered.rows_paid, tuple(sorted(gifts, key=_order)), tuple(spending))


def _committee(recipient: Recipient, place: str, gathered: Gathered) -> str:
    return committee_id(recipient.recipient, recipient.recipient_id, gathered.agency(place.rpartition(":")[0]))


def _order(gift: GivenGift) -> tuple[Any, ...]:
    day = gift.date.isoformat() if gift.date else ""
    return gift.prosecutor is None, gift.prosecutor or gift.recipient, day, gift.giver_row or gift.recipient_row


def _target(payment: Payment) -> Recipient:
    return Recipient(payment.recipient, payment.recipient_id, payment.candidate, payment.office, payment.jurisdiction)


def _person(whose: Mapping[Recipient, Entry], recipient: Recipient) -> str | None:
    prosecutor = whose[recipient].prosecutor
    return prosecutor.name if prosecutor else None


def _key(entry: Entry) -> str:
    """The same for all recipients of one entry."""
    return repr(min(entry.recipients, key=repr))


def _received(gathered: Gathered, whose: Mapping[Recipient, Entry]) -> Iterator[_Received]:
    """The gifts of unions and of named givers in the recipients' own filings."""
    for recipient, finding, flag in gathered.interest:
        if finding == "union" and flag.counts and flag.amount_cents > 0:
            names = giver_names(flag.contributor, None, flag.union_id)
            place = f"{flag.source}:{flag.row}"
            gift = Gift(names, _key(whose[recipient]), flag.date, flag.amount_cents, place)
            yield _Received(recipient, flag.contributor, gift, flag)
    for each in gathered.received:
        if each.status == "active":
            gift = Gift(giver_names(each.giver, None, None), _key(whose[_target(each)]), each.date, each.amount_cents,
                        each.place)  # fmt: skip
            yield _Received(_target(each), each.giver, gift, None)


def _paired(made: Sequence[Payment], received: Sequence[_Received], whose: Mapping[Recipient, Entry]) -> dict[int, int]:
    given = [
        Gift(giver_names(each.giver, each.giver_id, each.union_id), _key(whose[_target(each)]), each.date,
             each.amount_cents, each.place)
        for each in made
    ]  # fmt: skip
    return dict(pair(given, [each.gift for each in received]))


def _compared(
    made: Sequence[Payment], received: Sequence[_Received], whose: Mapping[Recipient, Entry]
) -> Iterator[_Shown]:
    """Each gift in a giver's filing, and the row of the recipient's filing that shows it."""
    pairs = _paired(made, received, whose)
    for at, each in enumerate(made):
        shown: Shown = "reported by both" if at in pairs else "only by the giver"
        row = received[pairs[at]].gift.place if at in pairs else None
        gift = GivenGift(
            _person(whose, _target(each)), each.recipient, each.giver, each.date, each.amount_cents, shown, each.place,
            row, each.tier, each.union_id, each.union, each.why,
        )  # fmt: skip
        yield gift, received[pairs[at]].recipient if at in pairs else _target(each), row or each.place


def _not_in_the_books(
    made: Sequence[Payment],
    received: Sequence[_Received],
    whose: Mapping[Recipient, Entry],
    payments: Collection[Payment],
) -> Iterator[_Shown]:
    """Gifts in the recipient's filing that the giver's own, which is here and covers the day, does not show."""
    books = _covered_days(payments)
    shown = set(_paired(made, received, whose).values())
    for at, each in enumerate(received):
        spans = [books[name] for name in sorted(each.gift.givers) if name in books]
        day = each.gift.date
        if at not in shown and day is not None and any(first <= day <= last for first, last in spans):
            found = (each.flag.tier, each.flag.union_id, each.flag.union, each.flag.why) if each.flag else ()
            gift = GivenGift(
                _person(whose, each.recipient), each.recipient.recipient, each.giver, day, each.gift.amount_cents,
                "only by the prosecutor", None, each.gift.place, *found,
            )  # fmt: skip
            yield gift, each.recipient, each.gift.place


def _covered_days(payments: Iterable[Payment]) -> dict[str, tuple[date, date]]:
    """The first and the last day on which each giver's own filing, as far as it is here, reports a payment."""
    days: dict[str, tuple[date, date]] = {}
    for each in payments:
        if each.date is not None:
            for name in giver_names(each.giver, each.giver_id, each.union_id):
                first, last = days.get(name, (each.date, each.date))
                days[name] = (min(first, each.date), max(last, each.date))
    return days


def _spending(each: Payment, whose: Mapping[Recipient, Entry]) -> Spending:
    return Spending(
        _person(whose, _target(each)), each.candidate or each.recipient, each.office, each.support_oppose or "unknown",
        each.giver, each.payee, each.date, each.amount_cents, each.status, each.status_cause, each.place, each.tier,
        each.union_id, each.union, each.why,
    )  # fmt: skip
