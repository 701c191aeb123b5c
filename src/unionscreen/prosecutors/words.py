"""A name from a filing as words: compared folded, cut by their place in the original text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from unionscreen.invisible import without_invisible


class Word(NamedTuple):
    """One word: how it compares, and where it stands in the text it came from."""

    folded: str
    start: int
    end: int
    capitals: bool = False
    """Written in capitals, and not all around it is."""


# Initials with dots are one word ("D.A."), an apostrophe does not end one ("State's"); everything else does.
_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’`´][^\W_]+)*")
# "Vale4Justice", "ValeForDA": the preposition that a committee's name joins to its neighbors.
_JOINED: Final = re.compile(r"(?<=[^\W\d_])4(?=[^\W\d_]{2})|(?<=[a-z])For(?=[A-Z])|(?<=[a-zA-Z]{2})(?=(?:19|20)\d\d\b)")
_DROPPED: Final = str.maketrans("", "", ".'’`´")


def fold(text: str) -> str:
    """The form in which two spellings of a word compare equal: no case, accents, dots or apostrophes.

    >>> fold("State’s"), fold("D.A."), fold("GARCÍA")
    ('states', 'da', 'garcia')
    """
    decomposed = unicodedata.normalize("NFKD", without_invisible(text))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().translate(_DROPPED)


def spaced(text: str) -> str:
    """A committee's name with the words apart that it writes together.

    >>> spaced("Vale4Justice"), spaced("ValeForDA"), spaced("Laforge for DA 2026")
    ('Vale 4 Justice', 'Vale For DA', 'Laforge for DA 2026')
    """
    return _JOINED.sub(lambda match: f" {match.group()} ".replace("  ", " "), text)


@lru_cache(maxsize=65_536)  # a statewide filing names some 2,000 recipients, each looked at a few times
def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order; ``&`` counts as "and".

    >>> [word.folded for word in words("JOHNSON, RUSSELL (DIST. ATTY.)")]
    ['johnson', 'russell', 'dist', 'atty']
    """
    seen = without_invisible(text)
    if len(seen) != len(text):  # a character that nobody sees ends no word; the places are still the text's own
        at = [place for place, character in enumerate(text) if without_invisible(character)]
        return tuple(word._replace(start=at[word.start], end=at[word.end - 1] + 1) for word in words(seen))
    shouted = text.isupper()
    return tuple(
        Word(
            "and" if match.group() == "&" else fold(match.group()), match.start(), match.end(),
            capitals=not shouted and match.group().isupper(),
        )
        for match in re.finditer(f"{_WORD.pattern}|&", text)
    )  # fmt: skip


def key(text: str) -> str:
    """The folded words of a text, joined by single blanks.

    >>> key("Friends of  Jane  Roe!")
    'friends of jane roe'
    """
    return " ".join(word.folded for word in words(text))


def word_set(text: str) -> frozenset[str]:
    """A vocabulary written as running text.

    >>> sorted(word_set("jr sr"))
    ['jr', 'sr']
    """
    return frozenset(text.split())
