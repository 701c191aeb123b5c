"""Which recipients are shown, and whose they are: several committees of one person are one entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from rapidfuzz import fuzz, process

from unionscreen.errors import UsageError
from unionscreen.prosecutors.grouping import Recipient, agreed, grouped, is_person
from unionscreen.prosecutors.people import name_parts, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, names_office, person_of, recognize
from unionscreen.prosecutors.roster import People, Roster
from unionscreen.prosecutors.words import key

Recipients = Literal["prosecutors", "all"]

# What the note begins with that names the recipients whose donors were not looked up.
NOT_LOOKED_UP: Final = "not looked up: "
# How many recipients it names.
_LISTED: Final = 10
# How many names an error about an unknown --prosecutor lists.
_NEAREST: Final = 5


@dataclass(frozen=True)
class Entry:
    """One prosecutor with all committees, or one recipient that is not a prosecutor's."""

    prosecutor: Prosecutor | None
    recipients: tuple[Recipient, ...]
    full_name: str | None = None
    """The fullest name that a filing or the user's list says; None where no first name is known."""
    person_id: str | None = None
    """The id that ``--people`` gives."""

    @property
    def names(self) -> tuple[str, ...]:
        """The recipients as filed, each once, in alphabetical order."""
        return tuple(sorted({each.recipient for each in self.recipients}))


@dataclass(frozen=True)
class Selection:
    """The entries to show, what was chosen, and why, in words for the reader."""

    entries: tuple[Entry, ...]
    recipients: Recipients
    why: str
    notes: tuple[str, ...] = ()
    others: tuple[Recipient, ...] = ()
    """Recipients whose donors were not looked up, because prosecutors alone are shown."""


def select(
    found: Iterable[Recipient],
    *,
    recipients: Recipients | None = None,
    prosecutor: str | None = None,
    roster: Roster | None = None,
    homes: Mapping[Recipient, Collection[str]] | None = None,
    given: Collection[Recipient] = (),
    assigned: People | None = None,
) -> Selection:
    """Choose the recipients to show and put each person's committees together.

    Args:
        found: the distinct recipients of the filings.
        recipients: prosecutors only, or all; None takes prosecutors where any is recognized.
        prosecutor: show this person only, named in any order or case.
        roster: the user's own list, which is believed before anything else.
        homes: the states of the agencies that a recipient's filings are of, where there are several.
        given: recipients that the user chose by the file they gave; shown unless ``recipients`` asks for prosecutors.
        assigned: the user's own list of who is behind a recipient.

    Raises:
        UsageError: nobody is called ``prosecutor``.
    """
    everybody, known, said = _known(found, roster, homes, assigned)
    notes = [*_unused(roster, everybody), *said, *_about(everybody, known)]
    if prosecutor is not None:
        chosen, said = _named(prosecutor, known)
        return Selection(_entries(chosen, known), "prosecutors", f"asked for {prosecutor}", (*notes, *said))
    prosecutors = [each for each in everybody if known[each] is not None]
    if recipients is None and not prosecutors:
        why = "no recipient is recognized as a prosecutor, so all are shown"
        return Selection(_entries(everybody, known), "all", why, (*notes, why))
    if recipients == "all":
        return Selection(_entries(everybody, known), "all", "asked for all recipients", tuple(notes))
    why = "asked for prosecutors" if recipients else "prosecutors are recognized among the recipients"
    alone = {*given} if recipients is None else set()
    shown = {*prosecutors, *alone.intersection(everybody)}
    if len(shown) > len(prosecutors):
        why += ", and a file given by its name that holds one recipient is shown too"
    others = [each for each in everybody if each not in shown]
    if others:
        names = [*dict.fromkeys(each.recipient or "(no name)" for each in others)]
        notes.append(
            f"{len(prosecutors)} of {len(everybody)} recipients are prosecutors; "
            "the others' donors are not looked up: --recipients all does"
        )
        notes.append(f"{NOT_LOOKED_UP}{listed(names)}")
    return Selection(_entries(shown, known), "prosecutors", why, tuple(notes), tuple(others))


def _known(
    found: Iterable[Recipient],
    roster: Roster | None,
    homes: Mapping[Recipient, Collection[str]] | None,
    assigned: People | None,
) -> tuple[list[Recipient], dict[Recipient, Prosecutor | None], list[str]]:
    """The recipients in order, the prosecutor of each, and what the reader should know."""
    everybody = sorted(set(found), key=lambda each: tuple(cell or "" for cell in each))
    known, notes = agreed({each: prosecutor_of(each, roster) for each in everybody})
    for each, whose in known.items():
        if whose is not None and roster and roster.excludes(each.recipient, each.recipient_id):
            known[each] = whose = None
        states = homes.get(each, ()) if homes else ()
        if whose is not None and len(states) == 1:
            known[each] = whose = replace(whose, home=next(iter(states)))
        if whose is not None and assigned and (person := assigned.find(each.recipient, each.recipient_id)):
            known[each] = replace(whose, name=person.name, assigned=True, person_id=person.id)
    return everybody, known, notes


def people(
    found: Iterable[Recipient],
    roster: Roster | None = None,
    homes: Mapping[Recipient, Collection[str]] | None = None,
    assigned: People | None = None,
) -> dict[Recipient, Entry]:
    """Each recipient's entry, with everybody's committees put together whether they are shown or not.

    Args:
        found: the recipients of the filings, and whom payments are for or about.
        roster: the user's own list.
        homes: as for :func:`select`, and so ``assigned``.
        assigned: the user's own list of who is behind a recipient.
    """
    everybody, known, _ = _known(found, roster, homes, assigned)
    entries = [_entry(members, known) for members in grouped(everybody, known)]
    return {each: entry for entry in entries for each in entry.recipients}


def listed(names: Sequence[str]) -> str:
    """Names for a note: the first ten, and how many more there are.

    >>> listed(["Roe", "Poe"]), listed([str(number) for number in range(50)])
    ('Roe; Poe', '0; 1; 2; 3; 4; 5; 6; 7; 8; 9; ... and 40 more')
    """
    more = [f"... and {len(names) - _LISTED:,} more"] if len(names) > _LISTED else []
    return "; ".join([*names[:_LISTED], *more])


def prosecutor_of(each: Recipient, roster: Roster | None = None) -> Prosecutor | None:
    """The prosecutor whose recipient this is, by the roster, else by the filing; None where there is none."""
    if roster and roster.excludes(each.recipient, each.recipient_id):
        return None
    listed = roster.find(each.recipient, each.recipient_id) if roster else None
    return listed or recognize(each.recipient, each.candidate, each.office, each.jurisdiction)


def _unused(roster: Roster | None, everybody: Sequence[Recipient]) -> list[str]:
    """A note where the roster names no recipient: it is more likely the wrong roster than a clean record."""
    if roster is None:
        return []
    used = any(roster.names(each.recipient, each.recipient_id) for each in everybody)
    return [] if used else [f"{roster.path}: no recipient of these filings is on the roster"]


def _about(everybody: Sequence[Recipient], known: dict[Recipient, Prosecutor | None]) -> list[str]:
    """Notes on committees that support or oppose a prosecutor, and are not the prosecutor's own."""
    about = sorted({each.recipient for each in everybody if known[each] is None and _names_a_prosecutor(each)})
    return [f"not counted as a prosecutor's own committee: {name}" for name in about]


def _names_a_prosecutor(each: Recipient) -> bool:
    return is_about(each.recipient) and names_office(each.recipient)


def _named(wanted: str, known: dict[Recipient, Prosecutor | None]) -> tuple[list[Recipient], list[str]]:
    """The recipients of the person asked for: by the exact name, else with one typing error."""
    asked = recognize(wanted)
    person = asked.name if asked else person_of(wanted) or wanted
    names = {
        each: (found.name if found else person_of(each.recipient, each.candidate)) for each, found in known.items()
    }
    surname_only = not name_parts(person)[0]
    for typos in (False, True):
        chosen = [
            each
            for each, name in names.items()
            if name
            and same_person(person, name, typos=typos)
            # A surname alone would take in every candidate of that name, and "Roe for Mayor" everybody called Roe.
            and (known[each] is not None or not (surname_only or not name_parts(name)[0]))
        ]
        if not chosen:
            chosen = [each for each in known if key(each.recipient) == key(wanted)]
        if chosen:
            people = sorted({names[each] or each.recipient for each in chosen})
            said = [f"no {person}; taken for {', '.join(people)}"] if typos else []
            return chosen, [*said, *_namesakes(chosen, known)]
    raise UsageError(
        f"no recipient of these filings is called {wanted!r}", hint=_nearest(person, list(filter(None, names.values())))
    )


def _namesakes(chosen: Sequence[Recipient], known: Mapping[Recipient, Prosecutor | None]) -> list[str]:
    """Notes on recipients of the right name that are not recognized: shown apart, because they may be other people."""
    if all(known[each] is None for each in chosen):
        return []
    names = sorted({each.recipient for each in chosen if known[each] is None})
    return [f"also called so, but nothing says a prosecutor; shown apart: {name}" for name in names]


def _nearest(person: str, names: list[str]) -> str:
    nearest = process.extract(person, sorted(set(names)), scorer=fuzz.token_sort_ratio, processor=key, limit=_NEAREST)
    if not nearest:
        return "the filings name no person as recipient; see --recipients all"
    return "the nearest names are " + "; ".join(name for name, *_ in nearest)


def _entries(chosen: Collection[Recipient], known: Mapping[Recipient, Prosecutor | None]) -> tuple[Entry, ...]:
    """The entries of the chosen recipients, with all their committees, so that no figure depends on what was asked."""
    wanted = {*chosen}
    groups = [members for members in grouped([*known], known) if not wanted.isdisjoint(members)]
    entries = [_entry(members, known) for members in groups]
    return tuple(sorted(entries, key=lambda entry: (entry.prosecutor is None, _sort_name(entry), entry.names)))


def _entry(members: Sequence[Recipient], known: Mapping[Recipient, Prosecutor | None]) -> Entry:
    whose = [(each, prosecutor) for each in members if (prosecutor := known[each])]
    assigned = [prosecutor for _, prosecutor in whose if prosecutor.assigned]
    listed = [each for _, each in whose if each.how == "roster" and name_parts(each.name)[0]]
    named = assigned or listed or [found for each, found in whose if found.how != "roster" and is_person(each, found)]
    full_name = max((each.name for each in named), key=lambda name: (len(name), name), default=None)
    person_id = min((each.person_id for each in assigned if each.person_id), default=None)
    leader = _leader(members, known)
    if leader and assigned and full_name:
        leader = replace(leader, name=full_name)
    return Entry(leader, tuple(members), full_name, person_id)


def _leader(members: Sequence[Recipient], known: Mapping[Recipient, Prosecutor | None]) -> Prosecutor | None:
    """The member that says most: with a pledge, a jurisdiction, the longest name; ties by name."""
    found = [prosecutor for each in members if (prosecutor := known[each])]
    return max(
        found,
        key=lambda p: (p.pledge_date is not None, p.how == "roster", p.jurisdiction is not None, len(p.name), p.name),
        default=None,
    )


def _sort_name(entry: Entry) -> str:
    if entry.prosecutor is None:
        return key(entry.recipients[0].recipient)
    first, middle, last = name_parts(entry.prosecutor.name)
    return " ".join([last, first, *middle])
