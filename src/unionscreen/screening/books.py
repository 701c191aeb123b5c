"""Money that a prosecutor's own filing does not show: gifts in the givers' filings, and independent spending.

None of it is in ``raised`` or ``flagged``. A gift is in the giver's filing and in the recipient's, so adding both would
count it twice; independent spending is not a gift to anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import pyarrow as pa

from unionscreen.accounting.payments import Payment, ReportedGift, folded, names_of, pair
from unionscreen.accounting.periods import Days
from unionscreen.filings import PAID_OUT
from unionscreen.matching.names import read_name
from unionscreen.matching.reading import sort_words
from unionscreen.prosecutors import (
    UNKNOWN_AGENCY,
    Entry,
    Identities,
    PeopleList,
    Prosecutor,
    Recipient,
    Roster,
    entry_of_each,
    identify,
)
from unionscreen.screening.merge import Gathered
from unionscreen.screening.own_filings import OwnFilings, county_of
from unionscreen.screening.paid_out import WORDED, Books, GiftStatus, GivenGift, Spending
from unionscreen.screening.paid_out_notes import money_out_notes
from unionscreen.screening.result import Flag


class _Received(NamedTuple):
    """A gift in a recipient's own filing."""

    recipient: Recipient
    giver: str
    gift: ReportedGift
    flag: Flag | None


def entries_and_ids(
    gathered: Gathered, roster: Roster | None, assigned: PeopleList | None
) -> tuple[dict[Recipient, Entry], Identities]:
    """The entry of each recipient, and of each person whom a payment is for or about; and the ids of all people.

    Args:
        gathered: what was read.
        roster: the user's own list of prosecutors.
        assigned: the user's own list of the people behind recipients.
    """
    agencies = {each: {*found} for each, found in gathered.agencies.items()}
    for each in chain(gathered.payments, gathered.received):
        agencies.setdefault(_target(each), set()).add(gathered.agency_of_source.get(each.source, UNKNOWN_AGENCY))
    whose = entry_of_each([*gathered.recipients, *agencies], roster, gathered.filing_states, assigned)
    return whose, identify(whose.values(), agencies, assigned)


def paid_for(gathered: Gathered) -> set[Recipient]:
    """Whom payments are for or about."""
    return {_target(each) for each in gathered.payments}


def make_books(
    gathered: Gathered,
    whose: Mapping[Recipient, Entry],
    identities: Identities,
    *,
    stated: pa.Table,
    prosecutors_only: bool,
    about: Collection[Recipient] | None = None,
) -> Books:
    """Compare the givers' filings with the recipients' own, and list independent spending.

    Args:
        gathered: what was read.
        whose: everybody's entry, from :func:`entries_and_ids`.
        identities: the ids of all people, from there too.
        stated: what the forms' own summaries state, as ``summary.STATED``.
        prosecutors_only: leave out gifts to others.
        about: the recipients of the one person to show; None shows all.
    """
    if not gathered.rows_paid:
        return Books()
    names = _names_of_each(whose)
    made, unclear = _made(gathered, whose, names)
    received = [*_received(gathered, names, whose)]
    if prosecutors_only and about is None:
        made = [each for each in made if _person(whose, _target(each))]
        received = [each for each in received if _person(whose, each.recipient)]
    pairs = _paired(made, [_given(each, names, whose) for each in made], [each.gift for each in received])
    filings = OwnFilings(gathered, names, whose, stated)
    wanted = None if about is None else {whose[each] for each in about}

    def is_shown(*found: Recipient) -> bool:
        return wanted is None or any(whose[each] in wanted for each in found)

    gifts = []
    zero = 0
    for at, each in enumerate(made):
        found = received[pairs[at]] if at in pairs else None
        if not is_shown(_target(each), *([found.recipient] if found else [])):
            continue
        if not each.amount_cents:
            zero += 1
            continue
        person_id, committee_id = identities.person([_target(each)]), _committee_id(found or each, gathered)
        gifts.append(_gift(each, found, whose[_target(each)].prosecutor, person_id, committee_id, filings))
    paired = {*pairs.values()}
    unpaired = (each for at, each in enumerate(received) if at not in paired and is_shown(each.recipient))
    for only in _not_in_the_books(unpaired, _covered_days(gathered.payments), names):
        person_id, committee_id = identities.person([only.recipient]), _committee_id(only, gathered)
        gifts.append(_only_received(only, whose[only.recipient].prosecutor, person_id, committee_id))
    spent = [each for each in gathered.payments if each.kind == "independent-expenditure" and is_shown(_target(each))]
    zero += sum(each.status == "active" and not each.amount_cents for each in spent)
    spending = [_spending(each, whose, identities, gathered) for each in spent if each.amount_cents]
    return Books(gathered.rows_paid, tuple(sorted(gifts, key=_order)), tuple(spending), unclear, zero)


def _made(
    gathered: Gathered, whose: Mapping[Recipient, Entry], names: Mapping[Recipient, frozenset[str]]
) -> tuple[list[Payment], int]:
    """The gifts in the givers' filings, with those that were taken back, and how many payments are not clearly gifts.

    Where only the filer's own words say that a payment is a gift, its payee must be known to receive gifts.
    """
    made = [each for each in gathered.payments if each.kind == "contribution-made" and _is_made(each)]
    filed = {name for each in gathered.recipients for name in names[each]}
    called = [each for each in made if each.worded and not _person(whose, _target(each))]
    unclear = {each.place for each in called if names[_target(each)].isdisjoint(filed)}
    return [each for each in made if each.place not in unclear], len(unclear)


def _is_made(each: Payment) -> bool:
    """Whether a gift was made, even if the giver's filing takes it back in another row."""
    return each.status == "active" or (each.status == "void" and each.status_cause is not None)


def _paired(made: Sequence[Payment], given: Sequence[ReportedGift], received: Sequence[ReportedGift]) -> dict[int, int]:
    """The position in ``received`` of each gift that both sides report, by its position in ``made``.

    A check that was voided and written again must not take the receipt of the second, so it comes last.
    """
    pairs: dict[int, int] = {}
    for status in ("active", "void"):
        ours = [at for at, each in enumerate(made) if each.status == status]
        taken = {*pairs.values()}
        theirs = [at for at in range(len(received)) if at not in taken]
        found = pair([given[at] for at in ours], [received[at] for at in theirs])
        pairs |= {ours[one]: theirs[other] for one, other in found}
    return pairs


def _committee_id(row: Payment | _Received, gathered: Gathered) -> str:
    """The id of the recipient's committee, as the filing of the row writes it."""
    recipient, place = (_target(row), row.place) if isinstance(row, Payment) else (row.recipient, row.gift.place)
    return gathered.committee_id(recipient.recipient, recipient.recipient_id, place.rpartition(":")[0])


def _order(gift: GivenGift) -> tuple[Any, ...]:
    day = gift.date.isoformat() if gift.date else ""
    return gift.prosecutor is None, gift.prosecutor or gift.recipient, day, gift.giver_row or gift.recipient_row


def _target(payment: Payment) -> Recipient:
    return Recipient(payment.recipient, payment.recipient_id, payment.candidate, payment.office, payment.jurisdiction)


def _person(whose: Mapping[Recipient, Entry], recipient: Recipient) -> str | None:
    prosecutor = whose[recipient].prosecutor
    return prosecutor.name if prosecutor else None


def _names_of_each(whose: Mapping[Recipient, Entry]) -> dict[Recipient, frozenset[str]]:
    """The names and ids of each recipient: those of its committee, and one that all committees of a person share."""
    entries = {id(entry): f"entry {min(map(repr, entry.recipients))}" for entry in whose.values()}
    return {each: names_of(each.recipient, each.recipient_id) | {entries[id(entry)]} for each, entry in whose.items()}


@lru_cache(maxsize=1 << 14)  # a union's committee gives to many, and each name is read once
def _givers(name: str, agency_id: str | None, union_id: str | None) -> frozenset[str]:
    """The names and ids of a giver: the recipient may write the union's name instead of its committee's."""
    words = sort_words(read_name(name).parts[0].words).key
    plain = {f"words {' '.join(sorted(words))}"} if len(words) > 1 else set()
    return names_of(name, agency_id) | plain | ({f"list {union_id}"} if union_id else set())


def _given(each: Payment, names: Mapping[Recipient, frozenset[str]], whose: Mapping[Recipient, Entry]) -> ReportedGift:
    givers, target = _givers(each.giver, each.giver_id, each.union_id), _target(each)
    return ReportedGift(givers, names[target], each.date, each.amount_cents, each.place, county_of(whose, target))


def _received(
    gathered: Gathered, names: Mapping[Recipient, frozenset[str]], whose: Mapping[Recipient, Entry]
) -> Iterator[_Received]:
    """The gifts of unions and of named givers in the recipients' own filings, and what was returned to them."""
    flagged: set[str] = set()
    for recipient, finding, flag in gathered.interest:
        if finding == "union" and flag.counts and flag.amount_cents:
            givers, place = _givers(flag.contributor, None, flag.union_id), f"{flag.source}:{flag.row}"
            flagged.add(place)
            county = county_of(whose, recipient)
            gift = ReportedGift(givers, names[recipient], flag.date, flag.amount_cents, place, county)
            yield _Received(recipient, flag.contributor, gift, flag)
    for each in gathered.received:
        if each.status == "active" and each.amount_cents and each.place not in flagged:
            givers, target = _givers(each.giver, None, None), _target(each)
            county = county_of(whose, target)
            gift = ReportedGift(givers, names[target], each.date, each.amount_cents, each.place, county)
            yield _Received(_target(each), each.giver, gift, None)


def _gift(
    made: Payment,
    received: _Received | None,
    prosecutor: Prosecutor | None,
    person_id: str | None,
    committee_id: str,
    filings: OwnFilings,
) -> GivenGift:
    """A gift in a giver's filing, and the row of the recipient's filing that shows it."""
    filed, days, covered = filings.on_day(_target(made), made.date)
    status, cause = _outcome(made.amount_cents, made.status_cause, received.flag if received else None)
    return GivenGift(
        prosecutor=prosecutor.name if prosecutor else None,
        recipient=made.recipient,
        giver=made.giver,
        date=made.date,
        amount_cents=made.amount_cents,
        shown="reported by both" if received else "only by the giver",
        giver_row=made.place,
        recipient_row=received.gift.place if received else None,
        recipient_filing=filed,
        tier=made.tier,
        union_id=made.union_id,
        union=made.union,
        why="; ".join(filter(None, (made.why, WORDED if made.worded else None))) or None,
        person_id=person_id,
        committee_id=committee_id,
        recipient_days="" if received else days,
        recipient_covers_day=True if received else covered,
        possibly_same=made.possibly_same,
        status=status,
        status_cause=cause,
        jurisdiction=prosecutor.jurisdiction if prosecutor else None,
    )


def _outcome(cents: int, cause: str | None, flag: Flag | None) -> tuple[GiftStatus, str | None]:
    """Whether money was given, was given and came back, or is what came back; and ``file:row`` of the other row.

    Args:
        cents: of the row.
        cause: in the giver's filing, the row that takes this one back or is taken back by it.
        flag: the row in the recipient's filing.
    """
    if cents < 0:
        return "return", cause
    if cause is None and flag and flag.status == "refunded":
        return "returned", flag.status_cause
    return ("returned", cause) if cause else ("active", None)


def _not_in_the_books(
    received: Iterable[_Received], books: Mapping[str, Sequence[_OwnBooks]], names: Mapping[Recipient, frozenset[str]]
) -> Iterator[_Received]:
    """Gifts in the recipient's filing that are missing from the giver's own, which is here and covers the day.

    A union's committee also goes by the union's name, but its payments show what it gave, not what it received from the
    union.
    """
    for each in received:
        day = each.gift.date
        of_giver = (found for name in each.gift.givers for found in books.get(name, ()))
        if day is not None and any(
            found.days.begin <= day <= found.days.end and found.filer.isdisjoint(names[each.recipient])
            for found in of_giver
        ):
            yield each


def _only_received(
    received: _Received, prosecutor: Prosecutor | None, person_id: str | None, committee_id: str
) -> GivenGift:
    """A gift that only the recipient's filing shows."""
    flag = received.flag
    status, cause = _outcome(received.gift.amount_cents, None, flag)
    return GivenGift(
        prosecutor=prosecutor.name if prosecutor else None,
        recipient=received.recipient.recipient,
        giver=received.giver,
        date=received.gift.date,
        amount_cents=received.gift.amount_cents,
        shown="only by the prosecutor" if prosecutor else "only by the recipient",
        giver_row=None,
        recipient_row=received.gift.place,
        recipient_filing=True,
        tier=flag.tier if flag else None,
        union_id=flag.union_id if flag else None,
        union=flag.union if flag else None,
        why=flag.why if flag else None,
        person_id=person_id,
        committee_id=committee_id,
        status=status,
        status_cause=cause,
        jurisdiction=prosecutor.jurisdiction if prosecutor else None,
    )


class _OwnBooks(NamedTuple):
    """The first and the last day on which a giver's own filing reports a payment; the filer's names and ids."""

    days: Days
    filer: frozenset[str]


def _covered_days(payments: Iterable[Payment]) -> dict[str, list[_OwnBooks]]:
    """The days that the filings of each giver cover, as far as they are here, by the giver's names and ids.

    A 24-hour notice is about one payment, and covers no days.
    """
    days: dict[frozenset[str], Days] = {}
    called: dict[frozenset[str], set[str]] = {}
    for each in payments:
        if each.date is not None and not each.late:
            filer = names_of(each.giver, each.giver_id)
            first, last = days.get(filer, (each.date, each.date))
            days[filer] = Days(min(first, each.date), max(last, each.date))
            called.setdefault(filer, set()).update(_givers(each.giver, each.giver_id, each.union_id))
    books: dict[str, list[_OwnBooks]] = {}
    for filer, names in called.items():
        for name in names:
            books.setdefault(name, []).append(_OwnBooks(days[filer], filer))
    return books


def _spending(each: Payment, whose: Mapping[Recipient, Entry], identities: Identities, gathered: Gathered) -> Spending:
    return Spending(
        prosecutor=_person(whose, _target(each)),
        target=each.candidate or each.recipient or each.recipient_id or "",
        office=each.office,
        support_oppose=each.support_oppose or "unknown",
        spender=each.giver,
        payee=each.payee,
        date=each.date,
        amount_cents=each.amount_cents,
        status=each.status,
        status_cause=each.status_cause,
        place=each.place,
        tier=each.tier,
        union_id=each.union_id,
        union=each.union,
        why=each.why,
        person_id=identities.person([_target(each)]),
        jurisdiction=county_of(whose, _target(each)) or each.jurisdiction,
        # A candidate's name is not a committee.
        committee_id=_committee_id(each, gathered) if each.recipient_id else None,
        possibly_same=each.possibly_same,
    )


def books_notes(books: Books, gathered: Gathered, givers: Iterable[str]) -> list[str]:
    """What a reader must know of money that was paid out, one sentence each.

    Args:
        books: what is shown of it.
        gathered: what was read.
        givers: the committees that the user named, as given.
    """
    known = {folded(each.giver) for each in chain(gathered.payments, gathered.received)}
    unknown = [each for each in givers if folded(each) not in known]
    unread = sum(each.reason == PAID_OUT for each in gathered.rejects)
    return money_out_notes(books, gathered.excluded_paid, unknown, unread)
