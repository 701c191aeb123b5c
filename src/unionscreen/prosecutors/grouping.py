"""Which recipients are one entry: the same filer, or the same person with the same office.

A surname alone never joins two committees: rivals share it, and so do places and slogans that look like one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from unionscreen.prosecutors.people import generation, name_parts, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, person_of
from unionscreen.prosecutors.words import key


class Recipient(NamedTuple):
    """What the filings say about one recipient; also the key that its rows are grouped under."""

    recipient: str
    recipient_id: str | None = None
    candidate: str | None = None
    office: str | None = None
    jurisdiction: str | None = None


Known = dict[Recipient, Prosecutor | None]
_Key = tuple[Hashable, ...]
# How many things tell namesakes apart: see ``_Marks._told``.
_TELLING = 6


def agreed(known: Mapping[Recipient, Prosecutor | None]) -> tuple[Known, list[str]]:
    """One answer for each committee, where its rows differ, and notes on it.

    A committee that lists its receipts under several candidates belongs to the one in its own name. A row that states
    no office is the prosecutor's too, because it may be the refund of a gift.

    Args:
        known: the recipients, each with the prosecutor that it names by itself.
    """
    result: Known = dict(known)
    notes: list[str] = []
    for members in _by(known, lambda each: (each.recipient_id, key(each.recipient))):
        found = {each: prosecutor for each in members if (prosecutor := known[each]) and prosecutor.how != "roster"}
        families = {prosecutor.family for prosecutor in found.values()}
        if len(members) == 1 or len(families) != 1:
            continue
        whose = _whose(members[0], found)
        if whose is None:
            continue
        others = sorted({each.name for each in found.values() if not same_person(each.name, whose.name)})
        notes += [
            f"{members[0].recipient} also names {name} as its candidate; its money is shown once, for {whose.name}"
            for name in others
        ]
        for each, prosecutor in found.items():
            if prosecutor.name in others:
                result[each] = replace(whose, jurisdiction=whose.jurisdiction or prosecutor.jurisdiction)
            elif not name_parts(prosecutor.name)[0] or not _is_named(each):
                result[each] = replace(prosecutor, name=whose.name)
        for each in members:
            if known[each] is None and _may_be(each, whose):
                result[each] = whose
    for members in _by((each for each in known if each.recipient_id), lambda each: each.recipient_id):
        prosecutors = [prosecutor for each in members if (prosecutor := result[each])]
        if len({(each.family, name_parts(each.name)[2]) for each in prosecutors}) != 1:
            continue
        for each in members:
            # "Jane Roe for Mayor" and "ROE, JANE (SENATE)" say another office in their own way.
            plain = "(" not in each.recipient and " for " not in f" {key(each.recipient)} "
            if result[each] is None and plain and _may_be(each, prosecutors[0]):
                own = person_of(each.recipient, each.candidate)
                if own and same_person(own, prosecutors[0].name):
                    result[each] = prosecutors[0]
    return result, notes


def _may_be(each: Recipient, prosecutor: Prosecutor) -> bool:
    """Whether a recipient that states no office can be the prosecutor's."""
    said = bool((each.office or "").strip()) or is_about(each.recipient)
    return not said and (not each.candidate or same_person(each.candidate, prosecutor.name))


def _whose(committee: Recipient, found: Mapping[Recipient, Prosecutor]) -> Prosecutor | None:
    """The one person in a committee's rows, else the one of them who is in its own name; None in doubt."""
    said = sorted(found.items(), key=lambda item: (-len(item[1].name), item[1].name, str(item[0])))
    full = [prosecutor for each, prosecutor in said if name_parts(prosecutor.name)[0] and _is_named(each)]
    candidates = full or [prosecutor for _, prosecutor in said]
    own = person_of(committee.recipient)
    if any(not same_person(candidates[0].name, each.name) for each in candidates):
        candidates = [each for each in candidates if own and same_person(own, each.name)]
    if not candidates or any(not same_person(candidates[0].name, each.name) for each in candidates):
        return None
    return candidates[0]


def _is_named(each: Recipient) -> bool:
    """Whether the filing names a person there, and not the committee alone."""
    return person_of(each.recipient, each.candidate) is not None


def grouped(chosen: Sequence[Recipient], known: Mapping[Recipient, Prosecutor | None]) -> list[list[Recipient]]:
    """Put recipients together that are one entry; in the order of their first members.

    Two are one when they share a filer id, or the first and last name, the office and, where known, the jurisdiction;
    an unknown person's committee is one by its own whole name. What the roster calls one person is one.

    Args:
        chosen: the recipients to show.
        known: whose each of them is, as :func:`agreed` says.
    """
    marks = _Marks(chosen, known)
    bucket_of: dict[_Key, Recipient] = {}
    parent = {each: each for each in chosen}

    def top(each: Recipient) -> Recipient:
        while parent[each] != each:
            parent[each] = each = parent[parent[each]]
        return each

    for each in chosen:
        for mark in marks.of(each):
            parent[top(each)] = top(bucket_of.setdefault(mark, each))
    return _by(chosen, top)


def _by(recipients: Iterable[Recipient], what: Callable[[Recipient], Hashable]) -> list[list[Recipient]]:
    groups: dict[Hashable, list[Recipient]] = {}
    for each in recipients:
        groups.setdefault(what(each), []).append(each)
    return [*groups.values()]


class _Marks:
    """What puts recipients into one entry: those that share a mark are together."""

    def __init__(self, chosen: Sequence[Recipient], known: Mapping[Recipient, Prosecutor | None]) -> None:
        self._whose = {each: prosecutor for each in chosen if (prosecutor := known[each])}
        self._persons = {each: _person_key(each, prosecutor) for each, prosecutor in self._whose.items()}
        self._said: dict[_Key, tuple[set[str], ...]] = {}
        self._ids: dict[_Key, set[str]] = {}
        self._surnames: dict[_Key, set[str]] = {}
        self._firsts: dict[_Key, set[str]] = {}
        self._listed: dict[_Key, set[_Key]] = {}
        for each, person in self._persons.items():
            prosecutor = self._whose[each]
            for values, value in zip(self._sets(person), self._told(prosecutor), strict=True):
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
            return [("recipient", each.recipient_id or key(each.recipient))]
        prosecutor, person = self._whose[each], self._persons[each]
        # Where several are stated, a committee that states none stays by itself: nothing shows whose it is.
        apart = tuple(
            value if len(values) > 1 else ""
            for values, value in zip(self._sets(person), self._told(prosecutor), strict=True)
        )
        marks: list[_Key] = [(*person, *apart)]
        if person[0] == "committee" and len(self._ids.get(person, ())) > 1:
            marks = [(*person, *apart, each.recipient_id)]
        filer = (each.recipient_id, prosecutor.family)
        if each.recipient_id and len(self._listed.get(filer, ())) < 2:  # the roster tells two people apart
            marks.append(("filer and name", *filer, key(each.recipient), self._surname(each, filer)))
            marks.append(("filer", *filer, self._surname(each, filer)))
        return marks

    def _name(self, each: Recipient) -> tuple[str, tuple[str, ...], str]:
        return name_parts(self._whose[each].name) if _is_named(each) else ("", (), "")

    def _sets(self, person: _Key) -> tuple[set[str], ...]:
        return self._said.setdefault(person, tuple(set() for _ in range(_TELLING)))

    @staticmethod
    def _told(prosecutor: Prosecutor) -> tuple[str, ...]:
        """What tells namesakes apart, where more than one value is stated.

        The jurisdiction, the office, a middle initial, Jr. or Sr., the state of the agency that the filing is of, and
        the id that the user's list gives.
        """
        _, middle, _ = name_parts(prosecutor.name)
        office = plain_office(prosecutor.office)
        listed = prosecutor.how == "roster"  # whose office may be left out, and who is one whatever the initial
        place, home = key(prosecutor.jurisdiction or ""), prosecutor.home or ""
        if prosecutor.assigned:
            return "", "", "", "", "", prosecutor.person_id or ""
        if listed:
            return place, "", "", "", "", ""
        return place, office, "".join(middle)[:1], generation(prosecutor.name), home, ""

    def _surname(self, each: Recipient, filer: _Key) -> str:
        """The surname that tells two agencies' filers of one id apart; "" where only one is stated."""
        surnames = self._surnames[filer] - self._firsts[filer]
        _, _, last = self._name(each)
        return last if len(surnames) > 1 else ""


def plain_office(office: str) -> str:
    """An office in the one form of its spellings.

    "State Attorney" and "State's Attorney" are one, and so are the two names of a Texan district attorney.
    """
    return office.replace("'s", "").removeprefix("Criminal ")


def is_person(each: Recipient, prosecutor: Prosecutor) -> bool:
    """Whether first and last name of a recipient's prosecutor are known, or the user's list says who it is."""
    return _person_key(each, prosecutor)[0] == "person"


def _person_key(each: Recipient, prosecutor: Prosecutor) -> _Key:
    """The person by first and last name, or the committee where no first name is known."""
    first, _, last = name_parts(prosecutor.name)
    if prosecutor.how == "roster" or prosecutor.assigned or (first and _is_named(each)):
        return ("person", first, last, prosecutor.family)
    return ("committee", key(each.recipient), prosecutor.family)
