"""Which recipients are shown, and who they belong to: several committees of one person are one entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from rapidfuzz import fuzz, process

from unionscreen.contributions import count_of
from unionscreen.errors import UsageError
from unionscreen.prosecutors.grouping import Prosecutors, Recipient, grouped, is_person, settle_committees
from unionscreen.prosecutors.people import name_parts, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, names_office, person_of, recognize_prosecutor
from unionscreen.prosecutors.roster import PeopleList, Roster
from unionscreen.prosecutors.words import name_key

RecipientFilter = Literal["prosecutors", "all"]

# The start of the note that lists the recipients whose donors were not looked up.
NOT_LOOKED_UP: Final = "not looked up: "
# How many recipients it lists.
_LISTED: Final = 10
# How many names an error about an unknown --prosecutor lists.
_NEAREST: Final = 5


@dataclass(frozen=True)
class Entry:
    """One prosecutor (or one other recipient), with all recipients that belong to them."""

    prosecutor: Prosecutor | None
    recipients: tuple[Recipient, ...]
    full_name: str | None = None
    """The fullest name in the filings or in the user's lists; None where no first name is known."""
    person_id: str | None = None
    """The id that ``--people`` gives."""

    @property
    def names(self) -> tuple[str, ...]:
        """The recipients as filed, each once, in alphabetical order."""
        return tuple(sorted({each.recipient for each in self.recipients}))


@dataclass(frozen=True)
class Selection:
    """The entries to show, what was chosen, and the reason in words for the reader."""

    entries: tuple[Entry, ...]
    recipients: RecipientFilter
    why: str
    notes: tuple[str, ...] = ()
    others: tuple[Recipient, ...] = ()
    """Recipients whose donors were not looked up, because only prosecutors are shown."""
    asked: tuple[Recipient, ...] = ()
    """Who the person asked for is: recipients, and whom payments are for or about."""


def select(
    found: Iterable[Recipient],
    *,
    recipients: RecipientFilter | None = None,
    prosecutor: str | None = None,
    roster: Roster | None = None,
    homes: Mapping[Recipient, Collection[str]] | None = None,
    given: Collection[Recipient] = (),
    assigned: PeopleList | None = None,
    paid: Iterable[Recipient] = (),
) -> Selection:
    """Choose the recipients to show and put each person's committees together.

    Args:
        found: the distinct recipients of the filings.
        recipients: prosecutors only, or all; None takes prosecutors where any is recognized.
        prosecutor: show only this person, named in any order or case.
        roster: the user's own list, which takes precedence over everything else.
        homes: the states of the agencies of a recipient's filings, where there are several.
        given: recipients that the user chose by the file they gave; shown unless ``recipients`` asks for prosecutors.
        assigned: the user's own list of the people behind recipients.
        paid: whom payments in the givers' and spenders' filings are for or about.

    Raises:
        UsageError: nobody is called ``prosecutor``.
    """
    everybody, owners, committee_notes = _owners(found, roster, homes, assigned)
    notes = [*_unused(roster, everybody), *committee_notes, *_about(everybody, owners)]
    if prosecutor is not None:
        paid_owners = _owners(paid, roster, homes, assigned)[1]
        chosen, about, name_notes = _named(prosecutor, owners, paid_owners)
        why = f"asked for {prosecutor}"
        return Selection(_entries(chosen, owners), "prosecutors", why, (*notes, *name_notes), asked=(*chosen, *about))
    prosecutors = [each for each in everybody if owners[each] is not None]
    if recipients is None and not prosecutors:
        why = (
            "no recipient is recognized as a prosecutor, so all are shown"
            if everybody
            else "these files contain no contributions received"
        )
        return Selection(_entries(everybody, owners), "all", why, (*notes, why))
    if recipients == "all":
        return Selection(_entries(everybody, owners), "all", "asked for all recipients", tuple(notes))
    why = "asked for prosecutors" if recipients else "prosecutors are recognized among the recipients"
    shown = {*prosecutors, *({*given}.intersection(everybody) if recipients is None else ())}
    if len(shown) > len(prosecutors):
        why += ", and a file that was given by its name and has one recipient is shown too"
    others = [each for each in everybody if each not in shown]
    if others:
        names = [*dict.fromkeys(each.recipient or "(no name)" for each in others)]
        among = count_of(len(prosecutors), len(everybody), "recipient", "is a prosecutor", "are prosecutors")
        whose = "the others' donors"
        if given_too := len(shown) - len(prosecutors):
            among += f", and {given_too:,} more {'is' if given_too == 1 else 'are'} shown because of the files given"
            rest = "recipient" if len(others) == 1 else f"{len(others):,}"
            whose = f"the donors of the other {rest}"
        notes.append(f"{among}; {whose} are not looked up: --recipients all does")
        notes.append(f"{NOT_LOOKED_UP}{shorten_list(names)}")
    return Selection(_entries(shown, owners), "prosecutors", why, tuple(notes), tuple(others))


def _owners(
    found: Iterable[Recipient],
    roster: Roster | None,
    homes: Mapping[Recipient, Collection[str]] | None,
    assigned: PeopleList | None,
) -> tuple[list[Recipient], Prosecutors, list[str]]:
    """The recipients in order, the prosecutor of each, and notes for the reader."""
    everybody = sorted(set(found), key=lambda each: tuple(cell or "" for cell in each))
    owners, notes = settle_committees({each: prosecutor_of(each, roster) for each in everybody})
    for each, owner in owners.items():
        if owner is None:
            continue
        if roster and roster.excludes(each.recipient, each.recipient_id):
            owners[each] = None
            continue
        states = homes.get(each, ()) if homes else ()
        if len(states) == 1:
            owner = replace(owner, home=next(iter(states)))
        if assigned and (person := assigned.find(each.recipient, each.recipient_id)):
            owner = replace(owner, name=person.name, assigned=True, person_id=person.id)
        owners[each] = owner
    return everybody, owners, notes


def entry_of_each(
    found: Iterable[Recipient],
    roster: Roster | None = None,
    homes: Mapping[Recipient, Collection[str]] | None = None,
    assigned: PeopleList | None = None,
) -> dict[Recipient, Entry]:
    """Each recipient's entry, with everybody's committees put together whether they are shown or not.

    Args:
        found: the recipients of the filings, and whom payments are for or about.
        roster: the user's own list.
        homes: as for :func:`select`, and so ``assigned``.
        assigned: the user's own list of the people behind recipients.
    """
    everybody, owners, _ = _owners(found, roster, homes, assigned)
    entries = [_entry(members, owners) for members in grouped(everybody, owners)]
    return {each: entry for entry in entries for each in entry.recipients}


def shorten_list(names: Sequence[str]) -> str:
    """Names for a note: the first ten, and how many more there are.

    >>> shorten_list(["Roe", "Poe"]), shorten_list([str(number) for number in range(50)])
    ('Roe; Poe', '0; 1; 2; 3; 4; 5; 6; 7; 8; 9; ... and 40 more')
    """
    more = [f"... and {len(names) - _LISTED:,} more"] if len(names) > _LISTED else []
    return "; ".join([*names[:_LISTED], *more])


def prosecutor_of(each: Recipient, roster: Roster | None = None) -> Prosecutor | None:
    """The prosecutor to whom a recipient belongs: by the roster, else by the filing itself; None if to nobody."""
    if roster and roster.excludes(each.recipient, each.recipient_id):
        return None
    listed = roster.find(each.recipient, each.recipient_id) if roster else None
    return listed or recognize_prosecutor(each.recipient, each.candidate, each.office, each.jurisdiction)


def _unused(roster: Roster | None, everybody: Sequence[Recipient]) -> list[str]:
    """A roster without any match is more likely a wrong roster than a clean record."""
    if roster is None or any(roster.has(each.recipient, each.recipient_id) for each in everybody):
        return []
    return [f"{roster.path}: no recipient of these filings is on the roster"]


def _about(everybody: Sequence[Recipient], owners: Prosecutors) -> list[str]:
    """Committees that support or oppose a prosecutor are not the prosecutor's; a note lists them."""
    others = {each.recipient for each in everybody if owners[each] is None}
    about = sorted(name for name in others if is_about(name) and names_office(name))
    return [f"not counted as a prosecutor's own committee: {name}" for name in about]


def _named(wanted: str, owners: Prosecutors, paid: Prosecutors) -> tuple[list[Recipient], list[Recipient], list[str]]:
    """The recipients of the person asked for, and those in ``paid``: the exact name first, then one typing error."""
    asked = recognize_prosecutor(wanted)
    person = asked.name if asked else person_of(wanted) or wanted
    everybody = paid | owners
    names = {
        each: (owner.name if owner else person_of(each.recipient, each.candidate)) for each, owner in everybody.items()
    }
    for typos in (False, True):
        found = [*_called(person, names, everybody, typos=typos)]
        if not found:
            found = [each for each in everybody if name_key(each.recipient) == name_key(wanted)]
        if found:
            people = sorted({names[each] or each.recipient for each in found})
            notes = [f"no {person}; read as {', '.join(people)}"] if typos else []
            chosen, about = ([each for each in found if each in group] for group in (owners, paid))
            if not chosen:
                notes.append(
                    f"no recipient of these filings is called {person}: what is shown is money that others report they "
                    "gave to this person or spent for or against"
                )
            return chosen, about, [*notes, *_namesakes(chosen, owners)]
    nobody = f"no recipient of these filings is called {wanted!r}"
    if paid:
        nobody += ", and no gift of a union and no independent spending in them is about a person of that name"
    raise UsageError(nobody, hint=_nearest(person, list(filter(None, names.values()))))


def _called(
    person: str, names: Mapping[Recipient, str | None], owners: Prosecutors, *, typos: bool
) -> Iterator[Recipient]:
    """The recipients of this name."""
    surname_only = not name_parts(person)[0]
    for each, name in names.items():
        # A surname alone would take in every candidate of that name, and "Roe for Mayor" everybody called Roe.
        if (
            name
            and same_person(person, name, typos=typos)
            and (owners[each] is not None or not (surname_only or not name_parts(name)[0]))
        ):
            yield each


def _namesakes(chosen: Sequence[Recipient], owners: Prosecutors) -> list[str]:
    """Recipients of the right name that may be somebody else, because nothing shows a prosecutor: own entries."""
    if all(owners[each] is None for each in chosen):
        return []
    names = sorted({each.recipient for each in chosen if owners[each] is None})
    return [f"the same name, but nothing shows that it is a prosecutor; listed separately: {name}" for name in names]


def _nearest(person: str, names: list[str]) -> str:
    nearest = process.extract(
        person, sorted(set(names)), scorer=fuzz.token_sort_ratio, processor=name_key, limit=_NEAREST
    )
    if not nearest:
        return "the filings have no person as recipient; see --recipients all"
    return "the nearest names are " + "; ".join(name for name, *_ in nearest)


def _entries(chosen: Collection[Recipient], owners: Prosecutors) -> tuple[Entry, ...]:
    """The entries of the chosen recipients, each whole: a figure must not depend on how its entry was asked for."""
    wanted = {*chosen}
    groups = [members for members in grouped([*owners], owners) if not wanted.isdisjoint(members)]
    entries = [_entry(members, owners) for members in groups]
    return tuple(sorted(entries, key=lambda entry: (entry.prosecutor is None, _sort_name(entry), entry.names)))


def _entry(members: Sequence[Recipient], owners: Prosecutors) -> Entry:
    found = [(each, owner) for each in members if (owner := owners[each])]
    assigned = [owner for _, owner in found if owner.assigned]
    listed = [owner for _, owner in found if owner.how == "roster" and name_parts(owner.name)[0]]
    filed = [owner for each, owner in found if owner.how != "roster" and is_person(each, owner)]
    names = [owner.name for owner in assigned or listed or filed]
    full_name = max(names, key=lambda name: (len(name), name), default=None)
    leader = _leader(members, owners)
    if leader and assigned and full_name:
        leader = replace(leader, name=full_name)
    person_id = min((owner.person_id for owner in assigned if owner.person_id), default=None)
    return Entry(leader, tuple(members), full_name, person_id)


def _leader(members: Sequence[Recipient], owners: Prosecutors) -> Prosecutor | None:
    """The most informative member: with a pledge, a jurisdiction, the longest name; ties by name."""
    found = [prosecutor for each in members if (prosecutor := owners[each])]
    return max(
        found,
        key=lambda p: (p.pledge_date is not None, p.how == "roster", p.jurisdiction is not None, len(p.name), p.name),
        default=None,
    )


def _sort_name(entry: Entry) -> str:
    if entry.prosecutor is None:
        return name_key(entry.recipients[0].recipient)
    first, middle, last = name_parts(entry.prosecutor.name)
    return " ".join([last, first, *middle])
