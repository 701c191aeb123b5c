"""Whether a recipient is a prosecutor, and who: by the office column, or by the words in its name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from unionscreen.prosecutors.offices import Found, Office, load_offices, office_in_cell, offices_in
from unionscreen.prosecutors.people import is_slogan, natural_case, natural_order, person_in, with_given_name
from unionscreen.prosecutors.words import Word, key, spaced, word_set, words


@dataclass(frozen=True, slots=True)
class Prosecutor:
    """Who a recipient's money is for.

    Args:
        name: the person in natural order where the filing tells, else the recipient as filed.
        office: in the standard words of ``data/offices.csv``.
        family: which offices count as the same post: local, city or state.
        jurisdiction: county, district or city where said, else None.
        how: what told us: ``office``, ``name`` or ``roster``.
        pledge_date: when this person pledged to take no police-union money; from the roster only.
        pledge_source: where that is documented; from the roster only.
        home: the state of the agency that the filing is of, where filings of several are screened together.
        assigned: whether ``--people`` says that this is the person; ``person_id`` is the id it gives, if any.
    """

    name: str
    office: str
    family: str
    jurisdiction: str | None
    how: str
    pledge_date: date | None = None
    pledge_source: str | None = field(default=None, compare=False)
    home: str | None = field(default=None, compare=False)
    assigned: bool = field(default=False, compare=False)
    person_id: str | None = field(default=None, compare=False)


# Somebody else's committee about a prosecutor: its money is not the prosecutor's. "… in support of Thien Ho for DA".
_ABOUT: Final = re.compile(
    r"\b(?:in support of|supporting|in opposition to|oppos(?:e|es|ed|ing)|against|recall(?:ing)?|impeach(?:ment)?"
    r"|independent expenditures?|defeat|stop|no on)\b",
    re.IGNORECASE,
)
# "Crime Victims United for Jane Roe for District Attorney": an organization before the first "for" of two.
_ORGANISATION: Final = word_set(
    "united association assn union unions partnership coalition alliance federation league council action victims"
    " justice project network local lodge guild chamber business pac fund society workers employees"
)
_FOR: Final = frozenset({"for", "4"})
_NO_PLACE: Final = word_set("the your our next a better re reelect elect vote keep retain")
# "San Luis Obispo County": longer is a person and a place.
_TITLE_PLACE: Final = 4
# "Dane County", with "the" or two words before it; what is longer begins with a person.
_PLACE_WORDS: Final = 3
_PLACE_END: Final = word_set("county parish borough city district circuit")
# Places of two words whose first is no surname: "… MIKE DALEY NEW YORK COUNTY DISTRICT ATTORNEY".
_PLACE_BEGIN: Final = word_set("new san santa los st saint el la le fort palm prince")
# Places that stand without "county" between a name and an office, in the committees of New York and California.
_BARE_PLACES: Final = word_set("bronx brooklyn manhattan queens sf nyc ny ca")
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
    folded = [word.folded for word in words(spaced(recipient))]
    fors = [i for i, word in enumerate(folded) if word in _FOR]
    return len(fors) > 1 and not _ORGANISATION.isdisjoint(folded[: fors[0]])


@lru_cache(maxsize=65_536)  # as many as words() keeps
def recognize(
    recipient: str, candidate: str | None = None, office: str | None = None, jurisdiction: str | None = None
) -> Prosecutor | None:
    """The prosecutor whose committee a recipient is, or None.

    Args:
        recipient: the committee or filer as filed.
        candidate: its candidate, where the filing says.
        office: the office column, text or code.
        jurisdiction: the county, district or city column.

    >>> recognize("JOHNSON, RUSSELL (DIST. ATTY.)").name
    'Russell Johnson'
    >>> recognize("Friends of Jane Roe for Dane County District Attorney").jurisdiction
    'Dane County'
    >>> recognize("Los Angeles Association of Deputy District Attorneys") is None
    True
    """
    place = (jurisdiction or "").strip() or None
    said = office_in_cell(office, place) if office and office.strip() else None
    if said is not None and not said.prosecutes:
        return None
    filed, recipient = recipient, spaced(recipient)
    found = _office_in_name(recipient)
    if said is not None:
        # "Committee to Recall DA Roe" is not Roe, whatever office it files under.
        name = _candidate(candidate) or (None if _ABOUT.search(recipient) else _person_in_name(recipient, found))
        place = place or _place_in_cell(office or "") or (_place(recipient, found) if found else None)
        return Prosecutor(name or filed, said.title, said.family, place, "office")
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


def _person_in_name(recipient: str, found: Found | None) -> str | None:
    """The person whom a committee's name names; what follows a semicolon is the given name (CAL-ACCESS)."""
    head, semicolon, given = recipient.partition(";")
    if not semicolon or (found and words(recipient)[found.end - 1].start > len(head)):
        titled = _titled(recipient, found) if found else None
        return titled[0] if titled else _person(recipient, found) if found else person_in(recipient)
    return with_given_name(_person(head, found) if found else person_in(head), given)


def office_words(recipient: str) -> str:
    """The words of a recipient's name that say the office; "" where none do.

    >>> office_words("JOHNSON, RUSSELL (DIST. ATTY.)")
    'DIST. ATTY'
    """
    text = spaced(recipient)
    found, parts = _office_in_name(text), words(text)
    return text[parts[found.first].start : parts[found.end - 1].end] if found else ""


def names_office(recipient: str) -> bool:
    """Whether a recipient's name speaks of a prosecutor's office at all, its own or another's."""
    return _office_in_name(recipient) is not None


def _candidate(candidate: str | None) -> str | None:
    if not candidate or not candidate.strip():
        return None
    if not _FOR.isdisjoint(word.folded for word in words(candidate)):  # a committee where a person should stand
        return person_of(candidate)
    return natural_order(candidate)


def _office_in_name(recipient: str) -> Found | None:
    """The office that the committee is for: the last one named, at the first place that names it.

    "County Attorney Roe for Attorney General" runs for the second; "Roe for DA (District Attorney)" says one twice.
    """
    text = spaced(recipient)
    head = text.partition(";")[0]  # what follows is a given name, and no neighbor of "DA"
    if head != text and (in_head := _office_in_name(head)):
        return in_head
    found = [office for office in offices_in(words(text), in_name=True) if office.office.prosecutes]
    return next((each for each in found if each.office == found[-1].office), None)


def _titled(recipient: str, found: Found) -> tuple[str, str] | None:
    """Person and place where the office is a title: "Elm County District Attorney Jane Roe"."""
    before, behind = _around(recipient, found)
    inside = [word for word in words(before) if word.folded not in _NO_PLACE]
    own = person_in(_YEAR_OR_ID.sub("", behind))
    if not inside or own is None or len(words(own)) < 2 or behind.startswith(",") or len(inside) > _TITLE_PLACE:
        return None
    county = words(recipient)[found.first].folded == "county"  # "King | County Prosecutor"
    if not (county or inside[-1].folded in _PLACE_END) or any(word.folded in _FOR for word in inside):
        return None
    return own, natural_case(before[inside[0].start : inside[-1].end]) + " County" * county


def _person(recipient: str, found: Found) -> str | None:
    """The person beside the office: before it, else behind it, else on both sides (CAL-ACCESS)."""
    before, behind = _around(recipient, found)
    if (
        "(" in before and ")" not in before[before.rindex("(") :]
    ):  # "GIBBONS (DIST. ATTY), BILL": the office is an aside
        return person_in(
            f"{before[: before.rindex('(')].rstrip()}{behind[behind.find(')') + 1 :] if ')' in behind else ''}"
        )
    before = before[: _place_start(before, behind)]
    titles = offices_in(words(before), in_name=True)  # "County Attorney Roe for Attorney General"
    own = person_in(before[words(before)[titles[-1].end - 1].end :] if titles else before)
    if own is None:
        return person_in(_YEAR_OR_ID.sub("", behind.lstrip(" ,:")))
    # "TEMPLIN FOR ATTORNEY GENERAL, ADVOCATES FOR DIANE": the agency sorts committees by surname.
    if len(words(own)) == 1 and (given := _GIVEN.match(behind)):
        return with_given_name(own, given.group(1))
    return own


def _around(recipient: str, found: Found) -> tuple[str, str]:
    """The text before the office, without its "for", and the text behind it."""
    parts = words(recipient)
    return recipient[: parts[found.first].start], recipient[parts[found.end - 1].end :].lstrip(". ")


def _place_start(before: str, behind: str = "") -> int:
    """Where the place begins that stands between the person and the office; the end when there is none."""
    parts = words(before)
    for i in range(len(parts) - 1, max(-1, len(parts) - 6), -1):
        if parts[i].folded in _FOR:
            if person_in(before[: parts[i].start]) or person_in(_YEAR_OR_ID.sub("", behind)):
                return parts[i].start
            inside = [part.folded for part in parts[i + 1 :]]
            if person_in(before) or (len(inside) > _PLACE_WORDS and _PLACE_BEGIN.isdisjoint(inside)):
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


def _place(recipient: str, found: Found) -> str | None:
    """The county, city or district that the name says: before the office, or behind it after "of" or a comma."""
    before, behind = _around(recipient, found)
    between = before[_place_start(before, behind) :]
    inside = [word for word in words(between) if word.folded not in _FOR and word.folded not in _NO_PLACE]
    if inside and not is_slogan([word.folded for word in inside]):  # "for a new District Attorney"
        return _as_said(between, inside)
    if district := _DISTRICT.search(behind):
        return natural_case(district.group())
    if match := re.match(r"\s*(?:of|for)\s+(?:the\s+)?(.+)", behind, re.IGNORECASE | re.DOTALL):
        place = _YEAR_OR_ID.sub("", match.group(1)).strip(" ,.")
        return natural_case(place) or None
    return None


def _as_said(text: str, inside: list[Word]) -> str | None:
    said = text[inside[0].start : inside[-1].end]
    return said if len(said) <= _ABBREVIATION else natural_case(said)


def _place_in_cell(office: str) -> str | None:
    """Where an office cell says it: "Dane County District Attorney", "District Attorney -- 22nd Judicial District"."""
    cell = office.rsplit("/", maxsplit=1)[-1]
    found = offices_in(words(cell), in_name=False)
    if not found:
        return None
    before, behind = _around(cell, found[0])
    inside = [word for word in words(before) if word.folded not in _NO_PLACE]
    if inside:
        return _as_said(before, inside)
    if match := re.match(r"\s*(?:--|-|–|,|of\b)\s*(.+)", behind):
        return match.group(1).strip() or None
    return None


def standard_office(text: str) -> tuple[str, str]:
    """An office as a roster writes it, in the standard words, and its family; as written when unknown.

    >>> standard_office("Dist. Atty."), standard_office("Crown prosecution")
    (('District Attorney', 'local'), ('Crown prosecution', 'local'))
    """
    known: Office | None = office_in_cell(text)
    if known is None:
        known = next((o for o in load_offices().spellings.values() if key(o.title) == key(text)), None)
    return (known.title, known.family) if known else (text.strip(), "local")
