"""A name from a filing as words: compared folded, cut by their place in the original text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple


class Word(NamedTuple):
    """One word: how it compares, and where it stands in the text it came from."""

    folded: str
    start: int
    end: int
    capitals: bool = False
    """Written in capitals, and not all around it is."""


# Initials with dots are one word ("D.A."), an apostrophe does not end one ("State's"); everything else does.
_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’`´][^\W_]+)*")
_DROPPED: Final = str.maketrans("", "", ".'’`´")


def fold(text: str) -> str:
    """The form in which two spellings of a word compare equal: no case, accents, dots or apostrophes.

    >>> fold("State’s"), fold("D.A."), fold("GARCÍA")
    ('states', 'da', 'garcia')
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().translate(_DROPPED)


@lru_cache(maxsize=65_536)  # a statewide filing names some 2,000 recipients, each looked at a few times
def words(text: str) -> tuple[Word, ...]:
    """The words of a text in order; ``&`` counts as "and".

    >>> [word.folded for word in words("JOHNSON, RUSSELL (DIST. ATTY.)")]
    ['johnson', 'russell', 'dist', 'atty']
    """
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
