"""Digits that stand for the letters they look like: "P0lice 0fficers", "Po1ice", "F0P".

A recognizer of text or a typist slips so, or somebody who would not be found. They are read as letters only where that
makes a word of the field or of a listed name; the answer says so, and a number stays a number ("Local 101").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from unionscreen.matching.vocabulary import load_vocabulary

# Digits that are read, or written, for letters; a 1 is an l or an i, the same in the whole word.
_LOOK_ALIKE: Final = tuple(str.maketrans("0134578", f"o{one}eastb") for one in "li")
_SLIPPED: Final = re.compile(r"[a-z]*+[0134578][a-z0134578]*+")
# Letters of such a word: "7a" is a lodge's number.
_LETTERS: Final = 2
# The one word of two letters that parts the words of a union: "Fraternal 0rder 0f P0lice".
_OF: Final = "0f"
# A word this short with a digit in it is read as an acronym only ("p0a").
_SHORT_SLIP: Final = 3


def letters_for_digits(token: str) -> tuple[str, ...]:
    """What a token may be whose digits stand for the letters they look like; empty where there are none among letters.

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
    """A token whose digits are letters misread or disguised ("p0lice", "f0p"), if that makes a word of the field.

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
