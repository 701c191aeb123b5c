"""Ids of committees and people: the same in every file, run and year, in any order of the inputs.

A committee's id is ``committee:<register>/<id>``, where the register is the agency whose ids the filing uses, such as
``committee:ca-fppc/1400001``. Where the filing has no id, the committee's name without case and punctuation takes
its place: ``committee:tn-tncamp/gibbons-dist-atty-bill``. The id depends only on the row.

A person's id is ``person:<state>/<first and last name>/<office>``, such as
``person:tn/bill-gibbons/district-attorney``; ``us`` is an unknown state. The county, a middle name and "Jr." are not
in it, because only some files have them. They are added where two people in one run would have the same id.

One person has two ids in these cases:

* no row of a committee has the first name: the committee's id is added, because a surname alone is not a person;
* the first name (Bill, William), the last name or the office differs;
* a file does not give the state: the ``state`` option does, or the column ``state`` of a roster;
* a run also has a namesake in the same state.

``--people`` corrects each of them: recipients with the same ``person_id`` are one person. Without a ``person_id``, the
id is made of the name in the list. That corrects the name, but not the office or the state.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from unionscreen.matching.places import STATE_NAMES, state_code
from unionscreen.prosecutors.entries import Entry, shorten_list
from unionscreen.prosecutors.grouping import Recipient, plain_office
from unionscreen.prosecutors.offices import load_offices, office_in_cell
from unionscreen.prosecutors.people import generation, name_parts
from unionscreen.prosecutors.recognition import Prosecutor, recognize_prosecutor
from unionscreen.prosecutors.roster import DEFAULT_OFFICE, PeopleList
from unionscreen.prosecutors.words import COMMITTEE_WORDS, name_key, place_words

# National layouts in which many agencies number their own filers.
_MANY_AGENCIES: Final = frozenset({"socrata"})
# The place in an id where no state is known.
NO_STATE: Final = "us"
# California's Secretary of State gives each committee one number (Government Code, section 84101), and the systems of
# cities and counties, the state's export and the paper form all use it. Filers without one have local ids, which differ
# in length.
_FPPC: Final = "ca-fppc"
_WITH_FPPC_NUMBERS: Final = frozenset({_FPPC, "ca-netfile", "ca-calaccess", "ca-cal", "ca-southtech", "ca-powersearch"})
_FPPC_NUMBER: Final = re.compile(r"\d{6,7}")
# The state in front of a jurisdiction or behind it: "NY, Kings County", "Los Angeles, CA".
_STATE_IN_PLACE: Final = re.compile(r"^([A-Z]{2}),|,\s*([A-Z]{2})$")
# Other words for an office that is not a prosecutor's.
_OTHER_POSTS: Final = COMMITTEE_WORDS["posts"] - {"miss", "prosecutor", "solicitor"} | {
    "judge",
    "governor",
    "treasurer",
}


class Agency(NamedTuple):
    """The agency whose ids a filing uses.

    Attributes:
        register: such as ``ca-netfile``; "" where the ids of several agencies look alike, or the agency is unknown.
        state: two capital letters; "" if unknown.
    """

    register: str
    state: str


UNKNOWN_AGENCY: Final = Agency("", "")


def agency_of(format_id: str, state: str, *, known: bool, home: str = "") -> Agency:
    """The agency of a filing format.

    Args:
        format_id: all layouts of an agency begin with the same word or two.
        state: of the format, two letters; "" for a national one.
        known: whether the format belongs to an agency, unlike a table that is read by its headers.
        home: the user's state.

    >>> agency_of("ca-netfile-api", "CA", known=True), agency_of("fec-itcont", "", known=True, home="TN")
    (Agency(register='ca-netfile', state='CA'), Agency(register='fec', state='TN'))
    """
    parts = format_id.split("-")
    register = "-".join(parts[:2]) if state else parts[0]
    return Agency(register if known and register not in _MANY_AGENCIES else "", state or home)


def _id_part(text: str) -> str:
    """A text without case and punctuation: "GIBBONS (DIST. ATTY), BILL" is "gibbons-dist-atty-bill"."""
    return name_key(text).replace(" ", "-") or "unnamed"


@lru_cache(maxsize=1 << 16)  # the rows of one committee share the text
def committee_id(recipient: str, recipient_id: str | None, agency: Agency = UNKNOWN_AGENCY) -> str:
    """A committee's id, from its id with the agency, else from its name.

    >>> committee_id("Roe for DA", "1400001", Agency("ca-netfile", "CA")), committee_id("Roe for DA", None)
    ('committee:ca-fppc/1400001', 'committee:us/roe-for-da')
    """
    return f"committee:{_register(agency, recipient_id)}/{_tail(recipient, recipient_id, agency)}"


def _register(agency: Agency, recipient_id: str | None) -> str:
    if agency.register in _WITH_FPPC_NUMBERS and _FPPC_NUMBER.fullmatch(recipient_id or ""):
        return _FPPC
    return agency.register or agency.state.lower() or NO_STATE


def _tail(recipient: str, recipient_id: str | None, agency: Agency) -> str:
    filed = "-".join((recipient_id or "").split())
    if not filed:
        return _id_part(recipient)
    return filed if agency.register else f"{filed}-{_id_part(recipient)}"


Agencies = Mapping[Recipient, Collection[Agency]]


class Identities(NamedTuple):
    """The ids of all people in a run, and notes on them."""

    person_ids: Mapping[Recipient, str]
    """Of the recipients whose person is known."""
    notes: tuple[str, ...]

    def person(self, recipients: Iterable[Recipient]) -> str | None:
        """The id of the person to whom these recipients belong; None where that is not known."""
        return min((self.person_ids[each] for each in recipients if each in self.person_ids), default=None)


def identify(entries: Iterable[Entry], agencies: Agencies, assigned: PeopleList | None = None) -> Identities:
    """Give each person one id.

    Args:
        entries: of all recipients, not only of those that are shown.
        agencies: of each recipient's filings.
        assigned: the user's own list; rows that match nobody are noted.
    """
    ids: dict[Recipient, str] = {}
    alike: dict[str, list[Entry]] = defaultdict(list)
    entries = [*dict.fromkeys(entries)]
    for entry in entries:
        if entry.prosecutor is None:
            ids |= _of_others(entry, agencies, assigned)
        elif entry.person_id:
            ids |= dict.fromkeys(entry.recipients, entry.person_id)
        else:
            alike[_by_name(entry, entry.prosecutor, agencies)].append(entry)
    notes = []
    if assigned and (
        unused := assigned.unused((each.recipient, each.recipient_id) for entry in entries for each in entry.recipients)
    ):
        notes.append(f"{assigned.path}: rows that match no recipient of these filings: {shorten_list(unused)}")
    for name, several in alike.items():
        added = [f"/{_distinction(entry, agencies)}" if len(several) > 1 else "" for entry in several]
        for entry, words in zip(several, added, strict=True):
            # A filer whose rows name two counties may have the county of a namesake.
            committee = f"-{_committee(entry, agencies)}" if added.count(words) > 1 else ""
            ids |= dict.fromkeys(entry.recipients, name + words + committee)
        if len(several) > 1:
            notes.append(
                f"{len(several)} people in these filings may have the id {name}; the county or committee is added to "
                "distinguish them, but not in a run that has only one of them: --people gives each an id of their own"
            )
    return Identities(ids, tuple(notes))


def _of_others(entry: Entry, agencies: Agencies, assigned: PeopleList | None) -> dict[Recipient, str]:
    """The ids that the user's list gives to recipients without a recognized prosecutor."""
    ids = {}
    for each in entry.recipients if assigned else ():
        if assigned and (person := assigned.find(each.recipient, each.recipient_id)):
            ids[each] = person.id or f"person:{_state([each], agencies)}/{_name(person.name)}"
    return ids


def _by_name(entry: Entry, prosecutor: Prosecutor, agencies: Agencies) -> str:
    base = f"person:{prosecutor.state.lower() or _state(entry.recipients, agencies)}"
    office = _id_part(plain_office(_office(entry, prosecutor)))
    if entry.full_name is None:
        return f"{base}/{_id_part(prosecutor.name)}/{office}/{_committee(entry, agencies)}"
    return f"{base}/{_name(entry.full_name)}/{office}"


def _name(full_name: str) -> str:
    first, _, last = name_parts(full_name)
    return _id_part(f"{first} {last}")


def _office(entry: Entry, prosecutor: Prosecutor) -> str:
    """The office; where the roster leaves it out, the one in the filings."""
    if prosecutor.how != "roster" or prosecutor.office != DEFAULT_OFFICE:
        return prosecutor.office
    found = (
        recognize_prosecutor(each.recipient, each.candidate, each.office, each.jurisdiction)
        for each in entry.recipients
    )
    return min((each.office for each in found if each), default=prosecutor.office)


def _distinction(entry: Entry, agencies: Agencies) -> str:
    """What distinguishes a person from a namesake: the county, a middle initial or Jr., else the committee."""
    name = entry.full_name or ""
    middle = [each[0] for each in name_parts(name)[1][:1]]
    place = entry.prosecutor.jurisdiction if entry.prosecutor else None
    return _id_part(" ".join([place or "", *middle, generation(name)])) if place else _committee(entry, agencies)


def _committee(entry: Entry, agencies: Agencies) -> str:
    """One committee of an entry, independent of the order: one with an id, else the first by name."""
    found = [(each, agency) for each in entry.recipients for agency in (agencies.get(each) or (UNKNOWN_AGENCY,))]
    numbered = [(each, agency) for each, agency in found if each.recipient_id] or found
    return min(
        f"{_register(agency, each.recipient_id)}-{_tail(each.recipient, each.recipient_id, agency)}"
        for each, agency in numbered
    )


def _state(recipients: Iterable[Recipient], agencies: Agencies) -> str:
    states = {agency.state for each in recipients for agency in agencies.get(each, ()) if agency.state}
    return min(states, default=NO_STATE).lower()


class Post(NamedTuple):
    """Where a person holds or seeks an office, as far as a source says; "" is unknown."""

    state: str = ""
    office: str = ""
    place: str = ""


def contradiction(one: Post, other: Post) -> str:
    """What shows that the same name in two sources is two people: state, office or place; "" where nothing does.

    >>> contradiction(Post("NY", "District Attorney", "Ulster County"), Post("TN", "District Attorney"))
    'state'
    >>> contradiction(Post("NY", "District Attorney"), Post("", "Attorney General"))
    'office'
    >>> contradiction(Post("NY", "", "Kings County (Brooklyn)"), Post("", "", "NY, Kings County"))
    ''
    """
    states = [{code for code in (state_code(each.state), state_in_place(each.place)) if code} for each in (one, other)]
    if all(states) and states[0].isdisjoint(states[1]):
        return "state"
    offices = [_kind_of_office(each.office) for each in (one, other)]
    if all(offices) and offices[0] != offices[1]:
        return "office"
    if offices == ["state", "state"]:  # "Vermont", "Statewide"
        return ""
    here, there = (_place_words(each.place) for each in (one, other))
    return "" if here <= there or there <= here else "place"


def agreement(one: Post, other: Post) -> bool:
    """Whether both sources have the same state or the same place; without that, a name alone is left."""
    codes = [state_code(each.state) or state_in_place(each.place) for each in (one, other)]
    places = [_place_words(each.place) for each in (one, other)]
    return (codes[0] != "" and codes[0] == codes[1]) or (
        all(places) and not contradiction(one._replace(office=""), other)
    )


def states_of(ids: Iterable[str | None]) -> set[str]:
    """The states in ids of people and committees, where they have one.

    >>> sorted(states_of(["person:tn/jane-roe/district-attorney", "committee:ca-netfile/1400001", "committee:us/roe"]))
    ['CA', 'TN']
    """
    registers = ((each or "").partition(":")[2].partition("/")[0].partition("-")[0].upper() for each in ids)
    return {code for code in registers if code in STATE_NAMES}


def state_in_place(place: str) -> str:
    """The state in front of a jurisdiction or behind it, two letters; "" if there is none.

    >>> state_in_place("NY, Kings County"), state_in_place("Kings County")
    ('NY', '')
    """
    found = _STATE_IN_PLACE.search(place.strip())
    return state_code(found[1] or found[2]) if found else ""


def _place_words(place: str) -> frozenset[str]:
    return place_words(_STATE_IN_PLACE.sub(" ", place.strip()) if state_in_place(place) else place)


def _kind_of_office(text: str) -> str:
    """Prosecutors of a state, of a city, of a county or district; or another office by its word; "" is unknown."""
    found = office_in_cell(text) or next(
        (each for each in load_offices().spellings.values() if name_key(each.title) == name_key(text)), None
    )
    if found is not None:
        return found.family if found.prosecutes else found.title
    return min(_OTHER_POSTS.intersection(name_key(text).split()), default="")
