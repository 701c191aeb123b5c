"""Which offices prosecute, and how filings spell them: ``data/offices.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from unionscreen.errors import UnionListError
from unionscreen.prosecutors.words import COMMITTEE_WORDS, NameWord, name_key, name_words
from unionscreen.unions import data_path

# What each list is for: see ``data/committee_words.toml``.
NOT_BEFORE: Final = COMMITTEE_WORDS["not_before"]
NOT_AFTER: Final = COMMITTEE_WORDS["not_after"]
_OFFICE_WORDS: Final = tuple(sorted(COMMITTEE_WORDS["office_words"]))  # in order, so that ties are decided alike
_AFTER_SHORT: Final = COMMITTEE_WORDS["after_short_office"]
_ASKS_TO: Final = COMMITTEE_WORDS["asks_to"]
# Shorter words are too close to other words to correct a letter.
_CORRECTED_LENGTH: Final = 6
_FOR: Final = frozenset({"for", "4"})
# "for San Luis Obispo County D.A.": the words of a place in between.
_WORDS_OF_PLACE: Final = 4
_SHORT: Final = frozenset({"da", "d a", "ag"})
# CAL-ACCESS lookup codes such as 30026; the shorter numbers are New York's 26 and Massachusetts' 602.
_LONG_NUMBER: Final = 5
_AFTER_FOR: Final = frozenset({"solicitor", "circuit solicitor"}) | _SHORT


@dataclass(frozen=True, slots=True)
class Office:
    """An office in the standard words."""

    title: str
    """As the tool writes it, such as ``District Attorney``."""
    family: str
    """``local``, ``city`` or ``state``: one person's committees of one family are one entry."""
    prosecutes: bool
    """False for offices with similar names (public defender, county counsel)."""


class OfficeMention(NamedTuple):
    """An office in a text: its first word, the word after its last, and which office it is."""

    first: int
    end: int
    office: Office


class Offices(NamedTuple):
    """The table, ready to search."""

    spellings: dict[tuple[str, ...], Office]
    codes: dict[str, list[tuple[str, Office]]]
    longest: int


@cache
def load_offices() -> Offices:
    """Read ``data/offices.csv`` once per process.

    Raises:
        UnionListError: a row has no title, or a spelling is claimed by two offices.
    """
    path = data_path("offices.csv")
    spellings: dict[tuple[str, ...], Office] = {}
    codes: dict[str, list[tuple[str, Office]]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            office = Office(row["office"], row["family"], row["prosecutor"] == "yes")
            if not office.title:
                raise UnionListError("an office without a title", source=str(path))
            for spelling in filter(None, row["spellings"].split("|")):
                words = tuple(spelling.split())
                if spellings.setdefault(words, office) != office:
                    raise UnionListError(f"{spelling!r} is claimed by two offices", source=str(path))
            for code in filter(None, row["codes"].split("|")):
                codes.setdefault(code, []).append((row["state"], office))
    return Offices(spellings, codes, max(map(len, spellings)))


def office_by_code(text: str, jurisdiction: str | None = None) -> Office | None:
    """The office of an agency's code, when the cell has nothing else in it.

    Short numbers differ between states, so they count only where the jurisdiction begins with the state.

    >>> office_by_code("DISTATTY").title
    'District Attorney'
    >>> office_by_code("26"), office_by_code("26", "NY, Kings County").title
    (None, 'District Attorney')
    """
    code, state = text.strip().upper(), (jurisdiction or "")[:2].upper()
    for where, office in load_offices().codes.get(code, []):
        if not code.isdigit() or len(code) >= _LONG_NUMBER or where == state:
            return office
    return None


def offices_in(text_words: tuple[NameWord, ...], *, in_name: bool) -> list[OfficeMention]:
    """Every office in the words, left to right, longest spelling first; "DA" in a name needs more evidence."""
    table, folded = load_offices(), [_corrected(word.folded) if in_name else word.folded for word in text_words]
    found, i = [], 0
    while i < len(folded):
        for length in range(min(table.longest, len(folded) - i), 0, -1):
            office = table.spellings.get(tuple(folded[i : i + length]))
            if office is None:
                continue
            if _is_held(folded, i, i + length) and (not in_name or _is_office_in_name(text_words, i, i + length)):
                found.append(OfficeMention(i, i + length, office))
            i += length
            break
        else:
            i += 1
    return found


@lru_cache(maxsize=65_536)  # the words of some ten thousand recipients
def _corrected(word: str) -> str:
    """A word of an office with one letter corrected ("DISRICT ATTORNEY"); "attorneys" are lawyers, not an office.

    >>> _corrected("disrict"), _corrected("genral"), _corrected("attorneys"), _corrected("roe")
    ('district', 'general', 'attorneys', 'roe')
    """
    if len(word) < _CORRECTED_LENGTH or word.removesuffix("s") in _OFFICE_WORDS:
        return word
    hit = process.extractOne(word, _OFFICE_WORDS, scorer=OSA.distance, score_cutoff=1)
    return word if hit is None else hit[0]


def _is_held(folded: list[str], first: int, end: int) -> bool:
    """Whether the neighboring words allow that the person holds the office."""
    return not (first and folded[first - 1] in NOT_BEFORE) and not (end < len(folded) and folded[end] in NOT_AFTER)


def _is_office_in_name(text_words: tuple[NameWord, ...], first: int, end: int) -> bool:
    """Whether a short or ambiguous spelling is the office, not a particle or a profession."""
    folded = [word.folded for word in text_words]
    spelling = " ".join(folded[first:end])
    if spelling not in _AFTER_FOR:
        return True
    after = folded[end] if end < len(folded) else None
    asked_for = not _FOR.isdisjoint(folded[max(0, first - 1 - _WORDS_OF_PLACE) : first])
    if spelling not in _SHORT:
        return asked_for
    dotted = text_words[first].end - text_words[first].start > len(spelling)
    in_capitals = dotted or text_words[first].capitals
    if after is not None and after.isdigit():
        return True
    if spelling == "da" and first > 1 and folded[first - 1] == "county" and in_capitals:  # "Elm County DA Jane Roe"
        return True
    if spelling == "da" and _FOR.isdisjoint(folded[end:]):  # in "Elect D.A. Roe for Council" they are initials
        if in_capitals and first and folded[first - 1] in _ASKS_TO:  # "Re-Elect DA Roe"
            return True
        asked_for = asked_for or not _ASKS_TO.isdisjoint(folded[:first])
    return asked_for and (dotted or after is None or after in _AFTER_SHORT)


def office_in_cell(text: str, jurisdiction: str | None = None) -> Office | None:
    """The office in a cell of an office column, by code or in words.

    >>> office_in_cell("District Attorney -- 22nd Judicial District Court").title
    'District Attorney'
    >>> office_in_cell("State Senate") is None
    True
    """
    if by_code := office_by_code(text, jurisdiction):
        return by_code
    found = offices_in(_cell_words(text), in_name=False)
    return found[0].office if found else None


def _cell_words(text: str) -> tuple[NameWord, ...]:
    """An office cell may join its words with underscores or slashes: ``COUNTY_ATTORNEY``."""
    return name_words(name_key(text.replace("_", " ")))
