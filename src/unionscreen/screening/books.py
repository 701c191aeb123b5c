"""Money that a prosecutor's own filing does not show: gifts in the givers' filings, and independent spending.

None of it is in ``raised`` or ``flagged``. A gift is in the giver's filing and in the recipient's, so adding both would
count it twice; independent spending is not a gift to anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from unionscreen.accounting.payments import Payment, ReportedGift, folded, names_of, pair
from unionscreen.matching.names import read_name
from unionscreen.matching.reading import sort_words
from unionscreen.prosecutors import (
    UNKNOWN_AGENCY,
    Entry,
    Identities,
    PeopleList,
    Recipient,
    Roster,
    entry_of_each,
    identify,
)
from unionscreen.screening.merge import Gathered
from unionscreen.screening.paid_out import INNOCENT_REASONS, WORDED, Books, GivenGift, Spending
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
    """The entry of everybody who received, or whom a payment is for or about; and the ids of all people.

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


def make_books(
    gathered: Gathered,
    whose: Mapping[Recipient, Entry],
    identities: Identities,
    *,
    prosecutors_only: bool,
    people: Collection[str] | None = None,
) -> Books:
    """Compare the givers' filings with the recipients' own, and list independent spending.

    Args:
        gathered: what was read.
        whose: everybody's entry, from :func:`entries_and_ids`.
        identities: the ids of all people, from there too.
        prosecutors_only: leave out gifts to others.
        people: names of the prosecutors to show; None shows all.
    """
    if not gathered.rows_paid:
        return Books()
    names = _names_of_each(whose)
    made = [each for each in gathered.payments if each.kind == "contribution-made" and each.status == "active"]
    received = [*_received(gathered, names)]
    filed = {name for each in gathered.recipients for name in names[each]}
    # Where only the filer's own words say that a payment is a gift, its payee must be known to receive gifts.
    called = [each for each in made if each.worded and not _person(whose, _target(each))]
    unclear = {each.place for each in called if names[_target(each)].isdisjoint(filed)}
    made = [each for each in made if each.place not in unclear]
    if prosecutors_only:
        made = [each for each in made if _person(whose, _target(each))]
        received = [each for each in received if _person(whose, each.recipient)]
    pairs = dict(pair([_given(each, names) for each in made], [each.gift for each in received]))
    gifts = []
    for at, each in enumerate(made):
        found = received[pairs[at]] if at in pairs else None
        gifts.append(
            _gift(
                each,
                found,
                _person(whose, _target(each)),
                person_id=identities.person([_target(each)]),
                committee_id=_committee_id(found or each, gathered),
                filed=not names[_target(each)].isdisjoint(filed),
            )
        )
    paired = {*pairs.values()}
    unpaired = (each for at, each in enumerate(received) if at not in paired)
    for only in _not_in_the_books(unpaired, _covered_days(gathered.payments)):
        person, person_id = _person(whose, only.recipient), identities.person([only.recipient])
        gifts.append(_only_received(only, person, person_id, _committee_id(only, gathered)))
    spending = [
        _spending(each, whose, identities, gathered)
        for each in gathered.payments
        if each.kind == "independent-expenditure"
    ]
    if people is not None:
        gifts = [each for each in gifts if each.prosecutor in people]
        spending = [each for each in spending if each.prosecutor in people]
    return Books(gathered.rows_paid, tuple(sorted(gifts, key=_order)), tuple(spending), len(unclear))


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
    """All that may name each recipient on both sides: its committee, and what is the same for all of the person's."""
    entries = {id(entry): f"entry {min(map(repr, entry.recipients))}" for entry in whose.values()}
    return {each: names_of(each.recipient, each.recipient_id) | {entries[id(entry)]} for each, entry in whose.items()}


@lru_cache(maxsize=1 << 14)  # a union's committee gives to many, and each name is read once
def _givers(name: str, agency_id: str | None, union_id: str | None) -> frozenset[str]:
    """All that may name a giver on both sides: the recipient may write the union's name for that of its committee."""
    words = sort_words(read_name(name).parts[0].words).key
    plain = {f"words {' '.join(sorted(words))}"} if len(words) > 1 else set()
    return names_of(name, agency_id) | plain | ({f"list {union_id}"} if union_id else set())


def _given(each: Payment, names: Mapping[Recipient, frozenset[str]]) -> ReportedGift:
    givers, recipients = _givers(each.giver, each.giver_id, each.union_id), names[_target(each)]
    return ReportedGift(givers, recipients, each.date, each.amount_cents, each.place)


def _received(gathered: Gathered, names: Mapping[Recipient, frozenset[str]]) -> Iterator[_Received]:
    """The gifts of unions and of named givers in the recipients' own filings."""
    flagged: set[str] = set()
    for recipient, finding, flag in gathered.interest:
        if finding == "union" and flag.counts and flag.amount_cents > 0:
            givers, place = _givers(flag.contributor, None, flag.union_id), f"{flag.source}:{flag.row}"
            flagged.add(place)
            gift = ReportedGift(givers, names[recipient], flag.date, flag.amount_cents, place)
            yield _Received(recipient, flag.contributor, gift, flag)
    for each in gathered.received:
        if each.status == "active" and each.place not in flagged:
            givers, recipients = _givers(each.giver, None, None), names[_target(each)]
            gift = ReportedGift(givers, recipients, each.date, each.amount_cents, each.place)
            yield _Received(_target(each), each.giver, gift, None)


def _gift(
    made: Payment,
    received: _Received | None,
    prosecutor: str | None,
    *,
    person_id: str | None,
    committee_id: str,
    filed: bool,
) -> GivenGift:
    """A gift in a giver's filing, and the row of the recipient's filing that shows it."""
    return GivenGift(
        prosecutor=prosecutor,
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
    )


def _not_in_the_books(received: Iterable[_Received], books: Mapping[str, tuple[date, date]]) -> Iterator[_Received]:
    """Gifts in the recipient's filing that the giver's own, which is here and covers the day, does not show."""
    for each in received:
        day = each.gift.date
        spans = [books[name] for name in each.gift.givers if name in books]
        if day is not None and any(first <= day <= last for first, last in spans):
            yield each


def _only_received(received: _Received, prosecutor: str | None, person_id: str | None, committee_id: str) -> GivenGift:
    """A gift that only the recipient's filing shows."""
    flag = received.flag
    return GivenGift(
        prosecutor=prosecutor,
        recipient=received.recipient.recipient,
        giver=received.giver,
        date=received.gift.date,
        amount_cents=received.gift.amount_cents,
        shown="only by the prosecutor",
        giver_row=None,
        recipient_row=received.gift.place,
        recipient_filing=True,
        tier=flag.tier if flag else None,
        union_id=flag.union_id if flag else None,
        union=flag.union if flag else None,
        why=flag.why if flag else None,
        person_id=person_id,
        committee_id=committee_id,
    )


def _covered_days(payments: Iterable[Payment]) -> dict[str, tuple[date, date]]:
    """The first and the last day on which each giver's own filing, as far as it is here, reports a payment.

    A notice of 24 hours is about one payment, and covers no days.
    """
    days: dict[str, tuple[date, date]] = {}
    for each in payments:
        if each.date is not None and not each.late:
            for name in _givers(each.giver, each.giver_id, each.union_id):
                first, last = days.get(name, (each.date, each.date))
                days[name] = (min(first, each.date), max(last, each.date))
    return days


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
        # A candidate's name is not a committee.
        committee_id=_committee_id(each, gathered) if each.recipient_id else None,
    )


def books_notes(books: Books, gathered: Gathered, givers: Iterable[str]) -> list[str]:
    """What a reader must know of money that was paid out, one sentence each.

    Args:
        books: what is shown of it.
        gathered: what was read.
        givers: the committees whose books the user asked for, as given.
    """
    known = {folded(each.giver) for each in chain(gathered.payments, gathered.received)}
    return [*_about_rows(books), *_about_excluded(gathered.excluded_paid), *_about_givers(givers, known)]


def _about_excluded(excluded: Mapping[str, int]) -> Iterator[str]:
    for reason, rows in excluded.items():
        counted = "1 row of gifts" if rows == 1 else f"{rows:,} rows of gifts"
        if rows:
            yield f"{counted} in the filings of unions left out: {reason}"


def _about_givers(givers: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """A committee that the user named and that no file knows: nothing was compared, and that is not "no gift"."""
    for each in givers:
        if folded(each) not in known:
            yield (
                f'--giver "{each}": no gift or independent spending of a committee with this name is in these files; '
                "write the name as the filing has it"
            )


def _about_rows(books: Books) -> list[str]:
    if not books.rows_read:
        return []
    rows = "1 row is" if books.rows_read == 1 else f"{books.rows_read:,} rows are"
    notes = [f"{rows} money that filers paid out: not counted as raised by anybody"]
    alone = [each for each in books.gifts if each.shown == "only by the giver"]
    if alone:
        gifts = "1 gift is" if len(alone) == 1 else f"{len(alone):,} gifts are"
        unfiled = sum(not each.recipient_filing for each in alone)
        of_them = f"for {unfiled:,} of them " if len(alone) > 1 else ""
        among = f"; {of_them}no filing of the recipient is among these files" if unfiled else ""
        notes.append(
            f"{gifts} in the givers' filings alone{among}. It may mean that {'; or that '.join(INNOCENT_REASONS)}"
        )
    if books.unclear_gifts:
        rows = "1 payment" if books.unclear_gifts == 1 else f"{books.unclear_gifts:,} payments"
        notes.append(
            f"{rows} of unions or named givers to payees that are not known as candidates' committees: called "
            "contributions in the filers' own words, without a code, and read as other spending"
        )
    unclear = sum(each.prosecutor is None and each.status == "active" for each in books.spending)
    if unclear:
        rows = (
            "1 row of independent spending names" if unclear == 1 else f"{unclear:,} rows of independent spending name"
        )
        notes.append(f"{rows} nobody who is recognized as a prosecutor")
    return notes
