"""Which recipients are one entry: the same filer, or the same person with the same office.

A surname alone never joins two committees: rivals may share it, and places and slogans may look like one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from unionscreen.prosecutors.people import generation, name_parts, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, person_of
from unionscreen.prosecutors.words import name_key, places_differ


class Recipient(NamedTuple):
    """What the filings say about one recipient; also the key by which its rows are grouped."""

    recipient: str
    recipient_id: str | None = None
    candidate: str | None = None
    office: str | None = None
    jurisdiction: str | None = None

    @classmethod
    def of(cls, cells: Iterable[str | None]) -> Recipient:
        """A recipient from the cells of its identity, in the order of accounting.IDENTITY."""
        name, *rest = cells
        return cls(name or "", *rest)

    @property
    def key(self) -> str:
        """What all rows of this recipient have in common."""
        return recipient_key(self.recipient, self.recipient_id)


@lru_cache(maxsize=1 << 16)  # every block of a state's file names the same few thousand
def recipient_key(recipient: str | None, recipient_id: str | None) -> str:
    """What the rows of one recipient have in common: its id, else its folded name."""
    return recipient_id or name_key(recipient or "")


Prosecutors = dict[Recipient, Prosecutor | None]
_Key = tuple[Hashable, ...]
# How many properties distinguish namesakes: see ``_Marks._distinctions``.
_DISTINCTIONS = 6


def settle_committees(owners: Prosecutors) -> tuple[Prosecutors, list[str]]:
    """One owner for each committee, even where its rows differ, and notes for the reader.

    A committee that lists its receipts under several candidates belongs to the one in its name. A row of it without an
    office is its prosecutor's too: it may be the refund of a gift.
    """
    result: Prosecutors = dict(owners)
    notes: list[str] = []
    for members in _by(owners, lambda each: (each.recipient_id, name_key(each.recipient))):
        found = {each: prosecutor for each in members if (prosecutor := owners[each]) and prosecutor.how != "roster"}
        families = {prosecutor.family for prosecutor in found.values()}
        if len(members) == 1 or len(families) != 1:
            continue
        owner = _owner(members[0], found)
        if owner is None:
            continue
        others = sorted({each.name for each in found.values() if not same_person(each.name, owner.name)})
        notes += [
            f"{members[0].recipient} also names {name} as its candidate; its money is shown once, for {owner.name}"
            for name in others
        ]
        for each, prosecutor in found.items():
            if prosecutor.name in others:
                result[each] = replace(owner, jurisdiction=owner.jurisdiction or prosecutor.jurisdiction)
            elif not name_parts(prosecutor.name)[0] or not _names_person(each):
                result[each] = replace(prosecutor, name=owner.name)
        for each in [] if _in_several_places(found) else members:
            if owners[each] is None and _may_be(each, owner):
                result[each] = owner
    for members in _by((each for each in owners if each.recipient_id), lambda each: each.recipient_id):
        prosecutors = [prosecutor for each in members if (prosecutor := result[each])]
        if len({(each.family, name_parts(each.name)[2]) for each in prosecutors}) != 1:
            continue
        for each in members:
            # "Jane Roe for Mayor" and "ROE, JANE (SENATE)" name another office in their own way.
            plain = "(" not in each.recipient and " for " not in f" {name_key(each.recipient)} "
            if result[each] is None and plain and _may_be(each, prosecutors[0]):
                own = person_of(each.recipient, each.candidate)
                if own and same_person(own, prosecutors[0].name):
                    result[each] = prosecutors[0]
    return result, notes


def _in_several_places(found: Mapping[Recipient, Prosecutor]) -> bool:
    """Whether a name without an id is that of several people: its rows name places that differ.

    The rows of one id are one committee's, even where a row has another county.
    """
    places = {prosecutor.jurisdiction for each, prosecutor in found.items() if not each.recipient_id}
    return any(places_differ(one, other) for one, other in combinations(places, 2))


def _may_be(each: Recipient, prosecutor: Prosecutor) -> bool:
    """Whether a recipient without an office of its own can be the prosecutor's."""
    other = bool((each.office or "").strip()) or is_about(each.recipient)
    return not other and (not each.candidate or same_person(each.candidate, prosecutor.name))


def _owner(committee: Recipient, found: Mapping[Recipient, Prosecutor]) -> Prosecutor | None:
    """The one person in a committee's rows, else the one of them in its own name; None in doubt."""
    ordered = sorted(found.items(), key=lambda item: (-len(item[1].name), item[1].name, str(item[0])))
    full = [prosecutor for each, prosecutor in ordered if name_parts(prosecutor.name)[0] and _names_person(each)]
    candidates = full or [prosecutor for _, prosecutor in ordered]
    own = person_of(committee.recipient)
    if any(not same_person(candidates[0].name, each.name) for each in candidates):
        candidates = [each for each in candidates if own and same_person(own, each.name)]
    if not candidates or any(not same_person(candidates[0].name, each.name) for each in candidates):
        return None
    return candidates[0]


def _names_person(each: Recipient) -> bool:
    """Whether the filing gives a person, not only the committee."""
    return person_of(each.recipient, each.candidate) is not None


def grouped(chosen: Sequence[Recipient], owners: Prosecutors) -> list[list[Recipient]]:
    """Put recipients that are one entry together, in the order of their first members.

    Two belong together when they share a filer id, or the first and last name, the office and, where known, the
    jurisdiction; the committee of an unknown person is one by its whole name. A person of the roster is one.
    """
    marks = _Marks(chosen, owners)
    bucket_of: dict[_Key, Recipient] = {}
    parent = {each: each for each in chosen}

    def top(each: Recipient) -> Recipient:
        while parent[each] != each:
            parent[each] = each = parent[parent[each]]
        return each

    for each in chosen:
        for mark in marks.of(each):
            parent[top(each)] = top(bucket_of.setdefault(mark, each))
    # One committee may give the first name and another of the same filer the county: together they are a person who
    # may stand elsewhere with both.
    for members in _by(chosen, top):
        if (whole := marks.of_all(members)) is not None:
            parent[top(members[0])] = top(bucket_of.setdefault(whole, members[0]))
    return _by(chosen, top)


def _by(recipients: Iterable[Recipient], what: Callable[[Recipient], Hashable]) -> list[list[Recipient]]:
    groups: dict[Hashable, list[Recipient]] = {}
    for each in recipients:
        groups.setdefault(what(each), []).append(each)
    return [*groups.values()]


class _Marks:
    """Marks of recipients: those that share a mark are one entry."""

    def __init__(self, chosen: Sequence[Recipient], owners: Prosecutors) -> None:
        self._owner = {each: prosecutor for each in chosen if (prosecutor := owners[each])}
        self._persons = {each: _person_key(each, prosecutor) for each, prosecutor in self._owner.items()}
        self._values: dict[_Key, tuple[set[str], ...]] = {}
        self._ids: dict[_Key, set[str]] = {}
        self._surnames: dict[_Key, set[str]] = {}
        self._firsts: dict[_Key, set[str]] = {}
        self._listed: dict[_Key, set[_Key]] = {}
        for each, person in self._persons.items():
            prosecutor = self._owner[each]
            for values, value in zip(self._sets(person), self._distinctions(prosecutor), strict=True):
                values.update({value} if value else ())
            if each.recipient_id:
                self._ids.setdefault(person, set()).add(each.recipient_id)
                first, _, last = self._name(each)
                filer = (each.recipient_id, prosecutor.family)
                if prosecutor.how == "roster" or prosecutor.assigned:
                    self._listed.setdefault(filer, set()).add(person)
                self._surnames.setdefault(filer, set()).update({last} if last else ())
                self._firsts.setdefault(filer, set()).update({first} if first else ())

    def of(self, each: Recipient) -> list[_Key]:
        """The marks of one recipient."""
        if each not in self._persons:
            return [("recipient", each.recipient_id or name_key(each.recipient))]
        prosecutor, person = self._owner[each], self._persons[each]
        # Where there are several values, a committee without one stays separate: its owner is unknown.
        apart = tuple(
            value if len(values) > 1 else ""
            for values, value in zip(self._sets(person), self._distinctions(prosecutor), strict=True)
        )
        marks: list[_Key] = [(*person, *apart)]
        if person[0] == "committee" and len(self._ids.get(person, ())) > 1:
            marks = [(*person, *apart, each.recipient_id)]
        filer = (each.recipient_id, prosecutor.family)
        if (
            each.recipient_id and len(self._listed.get(filer, ())) < 2
        ):  # the user's lists have two people for this filer
            marks.append(("filer and name", *filer, name_key(each.recipient), self._surname(each, filer)))
            marks.append(("filer", *filer, self._surname(each, filer)))
        return marks

    def of_all(self, members: Sequence[Recipient]) -> _Key | None:
        """The mark of recipients that are one entry already; None where they are not clearly one known person."""
        persons = {self._persons[each] for each in members if each in self._persons}
        people = [each for each in persons if each[0] == "person"]
        if len(people) != 1 or len({each[-1] for each in persons}) != 1:
            return None
        known = [self._distinctions(self._owner[each]) for each in members if each in self._owner]
        apart: list[str] = []
        for values, found in zip(self._sets(people[0]), zip(*known, strict=True), strict=True):
            stated = {*found} - {""}
            if len(stated) > 1 or (len(values) > 1 and not stated):
                return None
            apart.append(min(stated) if len(values) > 1 else "")
        return (*people[0], *apart)

    def _name(self, each: Recipient) -> tuple[str, tuple[str, ...], str]:
        return name_parts(self._owner[each].name) if _names_person(each) else ("", (), "")

    def _sets(self, person: _Key) -> tuple[set[str], ...]:
        return self._values.setdefault(person, tuple(set() for _ in range(_DISTINCTIONS)))

    @staticmethod
    def _distinctions(prosecutor: Prosecutor) -> tuple[str, ...]:
        """What distinguishes namesakes.

        These are the jurisdiction, the office, a middle initial, Jr. or Sr., the state of the agency or of the
        roster, and the id that ``--people`` gives.
        """
        _, middle, _ = name_parts(prosecutor.name)
        listed = prosecutor.how == "roster"  # a roster may leave out the office, and its person is one despite initials
        place, home = name_key(prosecutor.jurisdiction or ""), prosecutor.home or ""
        if prosecutor.assigned:
            return "", "", "", "", "", prosecutor.person_id or ""
        if listed:
            return place, "", "", "", prosecutor.state, ""
        office = plain_office(prosecutor.office)
        return place, office, "".join(middle)[:1], generation(prosecutor.name), home, ""

    def _surname(self, each: Recipient, filer: _Key) -> str:
        """The surname that distinguishes two agencies' filers of one id; "" where there is only one."""
        surnames = self._surnames[filer] - self._firsts[filer]
        _, _, last = self._name(each)
        return last if len(surnames) > 1 else ""


def plain_office(office: str) -> str:
    """One form for the spellings of an office.

    "State Attorney" and "State's Attorney" are one, and so are the two names of a Texan district attorney.
    """
    return office.replace("'s", "").removeprefix("Criminal ")


def is_person(each: Recipient, prosecutor: Prosecutor) -> bool:
    """Whether the first and last name of a recipient's prosecutor are known, or the user's lists say who it is."""
    return _person_key(each, prosecutor)[0] == "person"


def _person_key(each: Recipient, prosecutor: Prosecutor) -> _Key:
    """The person by first and last name, or the committee where there is no first name."""
    first, _, last = name_parts(prosecutor.name)
    if prosecutor.how == "roster" or prosecutor.assigned or (first and _names_person(each)):
        return ("person", first, last, prosecutor.family)
    return ("committee", name_key(each.recipient), prosecutor.family)
