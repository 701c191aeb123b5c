"""A name from a filing as words: compared in folded form, each with its position in the original text."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from unionscreen.invisible import without_invisible
from unionscreen.unions import data_path


class NameWord(NamedTuple):
    """One word: its folded form, and its position in the original text."""

    folded: str
    start: int
    end: int
    capitals: bool = False
    """Written in capitals, in a text that is not all capitals."""


def _committee_words() -> dict[str, frozenset[str]]:
    """The word lists of ``data/committee_words.toml`` by their name."""
    with data_path("committee_words.toml").open("rb") as handle:
        lists = tomllib.load(handle)
    return {name: frozenset(words.split() if isinstance(words, str) else words) for name, words in lists.items()}


COMMITTEE_WORDS: Final = _committee_words()

# Initials with dots are one word ("D.A."), an apostrophe does not end one ("State's"); everything else does.
_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’`´][^\W_]+)*")
# "Vale4Justice", "ValeForDA": a preposition that is joined to its neighbors.
_JOINED: Final = re.compile(r"(?<=[^\W\d_])4(?=[^\W\d_]{2})|(?<=[a-z])For(?=[A-Z])|(?<=[a-zA-Z]{2})(?=(?:19|20)\d\d\b)")
_DROPPED: Final = str.maketrans("", "", ".'’`´")


def fold_word(text: str) -> str:
    """The form in which two spellings of a word compare equal: no case, accents, dots or apostrophes.

    >>> fold_word("State’s"), fold_word("D.A."), fold_word("GARCÍA")
    ('states', 'da', 'garcia')
    """
    if text.isascii() and text.isalnum():  # nearly all words: nothing to decompose or drop
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", without_invisible(text))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().translate(_DROPPED)


def spaced(text: str) -> str:
    """A committee's name with joined words separated.

    >>> spaced("Vale4Justice"), spaced("ValeForDA"), spaced("Laforge for DA 2026")
    ('Vale 4 Justice', 'Vale For DA', 'Laforge for DA 2026')
    """
    return _JOINED.sub(lambda match: f" {match.group()} ".replace("  ", " "), text)


@lru_cache(maxsize=65_536)  # a statewide filing names some 2,000 recipients, each looked at a few times
def name_words(text: str) -> tuple[NameWord, ...]:
    """The words of a text in order; ``&`` counts as "and".

    >>> [word.folded for word in name_words("JOHNSON, RUSSELL (DIST. ATTY.)")]
    ['johnson', 'russell', 'dist', 'atty']
    """
    seen = without_invisible(text)
    if len(seen) != len(text):  # invisible characters do not end a word; the positions are still those of the text
        at = [place for place, character in enumerate(text) if without_invisible(character)]
        return tuple(word._replace(start=at[word.start], end=at[word.end - 1] + 1) for word in name_words(seen))
    all_capitals = text.isupper()
    return tuple(
        NameWord(
            "and" if match.group() == "&" else fold_word(match.group()), match.start(), match.end(),
            capitals=not all_capitals and match.group().isupper(),
        )
        for match in re.finditer(f"{_WORD.pattern}|&", text)
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def name_key(text: str) -> str:
    """The folded words of a text, joined by single spaces.

    >>> name_key("Friends of  Jane  Roe!")
    'friends of jane roe'
    """
    return " ".join(word.folded for word in name_words(text))


# Words of a jurisdiction that do not identify it.
_PLACE_WORDS: Final = frozenset({"county", "city", "and", "of", "the", "parish", "district"})


def place_words(jurisdiction: str | None) -> frozenset[str]:
    """The words that identify a jurisdiction.

    >>> sorted(place_words("City and County of San Francisco"))
    ['francisco', 'san']
    """
    return frozenset(word.folded for word in name_words(jurisdiction or "")) - _PLACE_WORDS


def places_differ(one: str | None, other: str | None) -> bool:
    """Whether both jurisdictions are known and name different places.

    >>> places_differ("Kern", "County of Kern"), places_differ("Kern County", None), places_differ("Kern", "Elm County")
    (False, False, True)
    """
    here, there = place_words(one), place_words(other)
    return bool(here and there) and not (here <= there or there <= here)


def names_kind_of_place(jurisdiction: str | None) -> bool:
    """Whether a jurisdiction says that it is a county, a city or the like; "Statewide" and "CA" do not."""
    return not COMMITTEE_WORDS["jurisdiction_end"].isdisjoint(word.folded for word in name_words(jurisdiction or ""))
