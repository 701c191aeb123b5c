"""Digits in place of the letters they look like: "P0lice 0fficers", "Po1ice", "F0P".

They come from text recognition, from typing, or from somebody who does not want to be found. They are read as letters
only where that makes a word of the vocabulary or of a listed name, and the answer reports it. A number stays a number
("Local 101").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from unionscreen.matching.vocabulary import load_vocabulary

# Digits that look like letters; a 1 is an l or an i, the same in the whole word.
_LOOK_ALIKE: Final = tuple(str.maketrans("0134578", f"o{one}eastb") for one in "li")
_SLIPPED: Final = re.compile(r"[a-z]*+[0134578][a-z0134578]*+")
# Such a word has at least this many letters: "7a" is the number of a lodge.
_LETTERS: Final = 2
# The only word of two letters that is read so: "Fraternal 0rder 0f P0lice".
_OF: Final = "0f"
# A word this short with a digit is read only as an acronym ("p0a").
_SHORT_SLIP: Final = 3


def letters_for_digits(token: str) -> tuple[str, ...]:
    """What a token with digits among its letters may be, with the letters that they look like; empty for other tokens.

    >>> letters_for_digits("po1ice"), letters_for_digits("101"), letters_for_digits("police")
    (('police', 'poiice'), (), ())
    """
    if token.isalpha() or not _SLIPPED.fullmatch(token):
        return ()
    if sum(map(str.isalpha, token)) < _LETTERS or token[:-2].isdigit():  # an ordinal: "4th", "21st"
        return ()
    return tuple(dict.fromkeys(token.translate(table) for table in _LOOK_ALIKE))


@lru_cache(maxsize=65536)
def without_digits(token: str) -> str:
    """A token with its digits read as letters ("p0lice", "f0p"), if that makes a word of the vocabulary.

    >>> [without_digits(token) for token in ("p0lice", "0fficers", "po1ice", "f0p", "0f", "101", "7a", "4th", "t0m")]
    ['police', 'officers', 'police', 'fop', 'of', '101', '7a', '4th', 't0m']
    """
    vocabulary = load_vocabulary()
    if token == _OF:
        return "of"
    for each in letters_for_digits(token):
        if each in vocabulary.acronyms or each in vocabulary.safe_acronyms:
            return each
        single = each.removesuffix("s")
        if len(each) > _SHORT_SLIP and any(
            one in vocabulary.words or one in vocabulary.type_groups or one in vocabulary.forms
            or one in vocabulary.phrase_words
            for one in (each, single)
        ):  # fmt: skip
            return each
    return token
