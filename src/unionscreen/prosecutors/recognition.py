"""Whether a recipient is a prosecutor, and who: from the office column, or from the words in its name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.prosecutors.offices import Office, OfficeMention, load_offices, office_in_cell, offices_in
from unionscreen.prosecutors.people import is_slogan, natural_case, natural_order, person_in, with_given_name
from unionscreen.prosecutors.words import COMMITTEE_WORDS, NameWord, name_key, name_words, spaced


@dataclass(frozen=True, slots=True)
class Prosecutor:
    """The person that a recipient's money is for."""

    name: str
    """In natural order where the filing gives a person, else the recipient as filed."""
    office: str
    """In the standard words of ``data/offices.csv``."""
    family: str
    """Which offices count as the same post: local, city or state."""
    jurisdiction: str | None
    """County, district or city, where the filing gives it."""
    how: str
    """What showed it: ``office``, ``name`` or ``roster``."""
    pledge_date: date | None = None
    """When this person pledged to take no police-union money; from the roster only."""
    pledge_source: str | None = field(default=None, compare=False)
    """Where that is documented; from the roster only."""
    pledge_latest: date | None = field(default=None, compare=False)
    """Where the day of the pledge is not known, the last day on which it can have been made."""
    home: str | None = field(default=None, compare=False)
    """The state of the filing's agency, where filings of several states are screened together."""
    state: str = ""
    """Two letters, where the roster names the state."""
    assigned: bool = field(default=False, compare=False)
    """Whether ``--people`` says that this is the person."""
    person_id: str | None = field(default=None, compare=False)
    """The id that ``--people`` gives, if any."""


# Another committee about a prosecutor, whose money is not the prosecutor's: "… in support of Thien Ho for DA".
_ABOUT: Final = re.compile(
    r"\b(?:in support of|supporting|in opposition to|oppos(?:e|es|ed|ing)|against|recall(?:ing)?|impeach(?:ment)?"
    r"|independent expenditures?|defeat|stop|no on)\b",
    re.IGNORECASE,
)
# What each list is for: see ``data/committee_words.toml``.
_ORGANIZATION: Final = COMMITTEE_WORDS["organization"]
_NO_PLACE: Final = COMMITTEE_WORDS["not_a_place"]
_PLACE_END: Final = COMMITTEE_WORDS["jurisdiction_end"]
_PLACE_BEGIN: Final = COMMITTEE_WORDS["place_begin"]
_BARE_PLACES: Final = COMMITTEE_WORDS["bare_places"]
_FOR: Final = frozenset({"for", "4"})
# "Elect Jane Roe", "Committee to Re-Elect Jane Roe". Not "vote" or "keep": those ask for measures too.
_ELECTS: Final = frozenset({"elect", "reelect"})
# "San Luis Obispo County": more words are a person and a place.
_TITLE_PLACE: Final = 4
# "Dane County", with "the" or two words before it; more words begin with a person.
_WORDS_OF_PLACE: Final = 3
# SF, NY, NYC stay in capitals.
_ABBREVIATION: Final = 3
_GIVEN: Final = re.compile(r"\s*(?:(?:19|20)\d\d\s*)?,\s*(.*)", re.DOTALL)
_YEAR_OR_ID: Final = re.compile(
    r"(?<![\s,])[\s,]*+(?:#?\s*+\d{4,}|fppc\b|\(|-|–|—|committee\b|campaign\b|ballot\b|inc\b|pac\b).*", re.I | re.S
)
_DISTRICT: Final = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r"(?:\s+judicial)?\s+(?:district|circuit)\b",
    re.IGNORECASE,
)


def is_about(recipient: str) -> bool:
    """Whether a committee supports or opposes somebody else instead of being the candidate's own.

    >>> is_about("Law Enforcement Partnership in support of Thien Ho for DA 2022"), is_about("Thien Ho for DA 2022")
    (True, False)
    """
    if _ABOUT.search(recipient):
        return True
    folded = [word.folded for word in name_words(spaced(recipient))]
    fors = [i for i, word in enumerate(folded) if word in _FOR]
    return len(fors) > 1 and not _ORGANIZATION.isdisjoint(folded[: fors[0]])


def is_candidates(recipient: str, candidate: str | None = None) -> bool:
    """Whether a committee is a candidate's own, for any office: the filing names its candidate, or its name shows it.

    >>> is_candidates("Jim Cooper for Sheriff 2022"), is_candidates("Friends of Jane Roe")
    (True, True)
    >>> is_candidates("Neighbors for Safety"), is_candidates("Real Justice PAC"), is_candidates("Police PAC for Mayor")
    (False, False, False)
    """
    if is_about(recipient):
        return False
    if candidate and candidate.strip():
        return True
    person, folded = person_of(recipient), [word.folded for word in name_words(spaced(recipient))]
    if person is None or not folded:
        return False
    named = next((at for at, word in enumerate(folded) if word in _FOR), len(folded))
    if not _ORGANIZATION.isdisjoint(folded[:named]):
        return False
    offices = load_vocabulary().campaign_offices
    if any(word.removesuffix("s") in offices for word in folded[named + 1 :]):
        return True
    asks = folded[:2] == ["friends", "of"] or not _ELECTS.isdisjoint(folded)
    return asks and len(name_words(person)) > 1


@lru_cache(maxsize=65_536)  # as many as words() keeps
def recognize_prosecutor(
    recipient: str, candidate: str | None = None, office: str | None = None, jurisdiction: str | None = None
) -> Prosecutor | None:
    """The prosecutor whose committee a recipient is, or None.

    Args:
        recipient: the committee or filer as filed.
        candidate: its candidate, where the filing says.
        office: the office column, text or code.
        jurisdiction: the county, district or city column.

    >>> recognize_prosecutor("JOHNSON, RUSSELL (DIST. ATTY.)").name
    'Russell Johnson'
    >>> recognize_prosecutor("Friends of Jane Roe for Dane County District Attorney").jurisdiction
    'Dane County'
    >>> recognize_prosecutor("Los Angeles Association of Deputy District Attorneys") is None
    True
    """
    place = (jurisdiction or "").strip() or None
    filed_office = office_in_cell(office, place) if office and office.strip() else None
    if filed_office is not None and not filed_office.prosecutes:
        return None
    filed, recipient = recipient, spaced(recipient)
    found = _office_in_name(recipient)
    if filed_office is not None:
        # "Committee to Recall DA Roe" is not Roe, whatever office it files under.
        name = _candidate(candidate) or (None if _ABOUT.search(recipient) else _person_in_name(recipient, found))
        place = place or _place_in_cell(office or "") or (_place(recipient, found) if found else None)
        return Prosecutor(name or filed, filed_office.title, filed_office.family, place, "office")
    if found is None or is_about(recipient):
        return None
    titled = _titled(recipient, found)
    name = _candidate(candidate) or (titled[0] if titled else _person_in_name(recipient, found))
    place = place or (titled[1] if titled else _place(recipient, found))
    return Prosecutor(name or filed, found.office.title, found.office.family, place, "name")


@lru_cache(maxsize=65_536)  # asked for each recipient a few times, as words() is
def person_of(recipient: str, candidate: str | None = None) -> str | None:
    """The person behind a recipient of any office, for ``--prosecutor`` and the headings.

    >>> person_of("Jim Cooper for Sheriff 2022"), person_of("Citizens for Jane Roe")
    ('Jim Cooper', 'Jane Roe')
    >>> person_of("ROE FOR ASSEMBLY 2026; JANE"), person_of("Committee to Elect Jane Roe District Attorney")
    ('Jane Roe', 'Jane Roe')
    """
    recipient = spaced(recipient)
    return _candidate(candidate) or _person_in_name(recipient, _office_in_name(recipient))


def _person_in_name(recipient: str, found: OfficeMention | None) -> str | None:
    """The person in a committee's name; what follows a semicolon is the given name (CAL-ACCESS)."""
    head, semicolon, given = recipient.partition(";")
    if not semicolon or (found and name_words(recipient)[found.end - 1].start > len(head)):
        titled = _titled(recipient, found) if found else None
        return titled[0] if titled else _person(recipient, found) if found else person_in(recipient)
    return with_given_name(_person(head, found) if found else person_in(head), given)


def office_words(recipient: str) -> str:
    """The words of a recipient's name that are the office; "" where there are none.

    >>> office_words("JOHNSON, RUSSELL (DIST. ATTY.)")
    'DIST. ATTY'
    """
    text = spaced(recipient)
    found, parts = _office_in_name(text), name_words(text)
    return text[parts[found.first].start : parts[found.end - 1].end] if found else ""


def names_office(recipient: str) -> bool:
    """Whether a recipient's name has a prosecutor's office in it, its own or another's."""
    return _office_in_name(recipient) is not None


def _candidate(candidate: str | None) -> str | None:
    if not candidate or not candidate.strip():
        return None
    if not _FOR.isdisjoint(word.folded for word in name_words(candidate)):  # a committee in the place of a person
        return person_of(candidate)
    return natural_order(candidate)


def _office_in_name(recipient: str) -> OfficeMention | None:
    """The office that the committee is for: the last one named, where it is first named.

    "County Attorney Roe for Attorney General" runs for the second; "Roe for DA (District Attorney)" names one twice.
    """
    text = spaced(recipient)
    head = text.partition(";")[0]  # what follows is a given name, not a neighbor of "DA"
    if head != text and (in_head := _office_in_name(head)):
        return in_head
    found = [office for office in offices_in(name_words(text), in_name=True) if office.office.prosecutes]
    return next((each for each in found if each.office == found[-1].office), None)


def _titled(recipient: str, found: OfficeMention) -> tuple[str, str] | None:
    """Person and place where the office is a title: "Elm County District Attorney Jane Roe"."""
    before, behind = _around(recipient, found)
    inside = [word for word in name_words(before) if word.folded not in _NO_PLACE]
    own = person_in(_YEAR_OR_ID.sub("", behind))
    if not inside or own is None or len(name_words(own)) < 2 or behind.startswith(",") or len(inside) > _TITLE_PLACE:
        return None
    county = name_words(recipient)[found.first].folded == "county"  # "King | County Prosecutor"
    if not (county or inside[-1].folded in _PLACE_END) or any(word.folded in _FOR for word in inside):
        return None
    return own, natural_case(before[inside[0].start : inside[-1].end]) + " County" * county


def _person(recipient: str, found: OfficeMention) -> str | None:
    """The person beside the office: before it, else behind it, else on both sides (CAL-ACCESS)."""
    before, behind = _around(recipient, found)
    if (
        "(" in before and ")" not in before[before.rindex("(") :]
    ):  # "GIBBONS (DIST. ATTY), BILL": the office is an aside
        return person_in(
            f"{before[: before.rindex('(')].rstrip()}{behind[behind.find(')') + 1 :] if ')' in behind else ''}"
        )
    before = before[: _place_start(before, behind)]
    titles = offices_in(name_words(before), in_name=True)  # "County Attorney Roe for Attorney General"
    own = person_in(before[name_words(before)[titles[-1].end - 1].end :] if titles else before)
    if own is None:
        return person_in(_YEAR_OR_ID.sub("", behind.lstrip(" ,:")))
    # "TEMPLIN FOR ATTORNEY GENERAL, ADVOCATES FOR DIANE": the agency sorts committees by surname.
    if len(name_words(own)) == 1 and (given := _GIVEN.match(behind)):
        return with_given_name(own, given.group(1))
    return own


def _around(recipient: str, found: OfficeMention) -> tuple[str, str]:
    """The text before the office, without its "for", and the text behind it."""
    parts = name_words(recipient)
    return recipient[: parts[found.first].start], recipient[parts[found.end - 1].end :].lstrip(". ")


def _place_start(before: str, behind: str = "") -> int:
    """Where the place begins that stands between the person and the office; the end when there is none."""
    parts = name_words(before)
    for i in range(len(parts) - 1, max(-1, len(parts) - 6), -1):
        if parts[i].folded in _FOR:
            if person_in(before[: parts[i].start]) or person_in(_YEAR_OR_ID.sub("", behind)):
                return parts[i].start
            inside = [part.folded for part in parts[i + 1 :]]
            if person_in(before) or (len(inside) > _WORDS_OF_PLACE and _PLACE_BEGIN.isdisjoint(inside)):
                break  # "Citizens for Jane Roe, District Attorney": the person follows "for"
            return parts[i].start
    if not parts:
        return len(before)
    last = parts[-1].folded
    if last in _PLACE_END and len(parts) > 2:
        begin = len(parts) - 2
        if parts[begin - 1].folded in _PLACE_BEGIN:
            begin -= 1
        return parts[begin].start
    return parts[-1].start if last in _BARE_PLACES else len(before)


def _place(recipient: str, found: OfficeMention) -> str | None:
    """The county, city or district in the name: before the office, or after it behind "of" or a comma."""
    before, behind = _around(recipient, found)
    between = before[_place_start(before, behind) :]
    inside = [word for word in name_words(between) if word.folded not in _FOR and word.folded not in _NO_PLACE]
    if inside and not is_slogan([word.folded for word in inside]):  # "for a new District Attorney"
        return _place_text(between, inside)
    if district := _DISTRICT.search(behind):
        return natural_case(district.group())
    if match := re.match(r"\s*(?:of|for)\s+(?:the\s+)?(.+)", behind, re.IGNORECASE | re.DOTALL):
        place = _YEAR_OR_ID.sub("", match.group(1)).strip(" ,.")
        return natural_case(place) or None
    return None


def _place_text(text: str, inside: list[NameWord]) -> str | None:
    place = text[inside[0].start : inside[-1].end]
    return place if len(place) <= _ABBREVIATION else natural_case(place)


def _place_in_cell(office: str) -> str | None:
    """The place in an office cell: "Dane County District Attorney", "District Attorney -- 22nd Judicial District"."""
    cell = office.rsplit("/", maxsplit=1)[-1]
    found = offices_in(name_words(cell), in_name=False)
    if not found:
        return None
    before, behind = _around(cell, found[0])
    inside = [word for word in name_words(before) if word.folded not in _NO_PLACE]
    if inside:
        return _place_text(before, inside)
    if match := re.match(r"\s*(?:--|-|–|,|of\b)\s*(.+)", behind):
        return match.group(1).strip() or None
    return None


def standard_office(text: str) -> tuple[str, str]:
    """An office from a roster in the standard words, and its family; unchanged when unknown.

    >>> standard_office("Dist. Atty."), standard_office("Crown prosecution")
    (('District Attorney', 'local'), ('Crown prosecution', 'local'))
    """
    known: Office | None = office_in_cell(text)
    if known is None:
        known = next((o for o in load_offices().spellings.values() if name_key(o.title) == name_key(text)), None)
    return (known.title, known.family) if known else (text.strip(), "local")
