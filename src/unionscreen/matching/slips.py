"""Digits in place of the letters they look like: "P0lice 0fficers", "Po1ice", "F0P".

They come from text recognition, from typing, or from somebody who does not want to be found. They are read as letters
only where that makes a word of the vocabulary or of a listed name, and the answer reports it. A number stays a number
("Local 101").

Names that were read by OCR have further slips: "Cornrnunity", "Deparlment 0f", "PoliceOfficers", "Offi cers". These
are undone only for such names, see :func:`without_ocr_slips`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
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


# What OCR confuses: as read, and what may be printed. Digits are read as the letters they look like, too.
_CONFUSED: Final = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("l", "i"), ("i", "l"), ("1", "l"), ("1", "i"), ("0", "o"),
)  # fmt: skip
# Of more confusions in one word, nobody could say what was printed.
_MOST_CONFUSED: Final = 2
# A word that OCR cut or glued, or in which it confused letters, has at least this many letters: of shorter words, too
# many are close to each other.
_OCR_SHORTEST: Final = 5
# A piece of a glued word; "of", "the" and "for" are shorter.
_PIECE: Final = 4
_BETWEEN: Final = frozenset({"of", "the", "and", "for"})
# A number with letters in place of some of its digits ("l45", "2O7").
_NUMBER: Final = re.compile(r"(?=.*\d)[\doil]{2,}")
_AS_DIGITS: Final = str.maketrans("oil", "011")
_EDGES: Final = ".,;:-()#'\""


def without_ocr_slips(name: str, is_word: Callable[[str], bool]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A name that OCR read, with the words that are none read as the words that they look like.

    Args:
        name: as OCR read it.
        is_word: whether a lower-case word is known: of the vocabulary, the list, or the name of a place.

    Returns:
        The name, and each change: what OCR read, and what may be printed. Without a change, the name as it is.

    >>> known = {"springfield", "police", "officers", "firemen", "local"}.__contains__
    >>> without_ocr_slips("Springfie1d PoliceOffi cers Local l45", known)[0]
    'springfield police officers Local 145'
    >>> without_ocr_slips("Firernen", known)
    ('firemen', (('Firernen', 'firemen'),))
    """
    tokens = name.split()
    out: list[str] = []
    changes: list[tuple[str, str]] = []
    at = 0
    while at < len(tokens):
        for size in (1, 2):
            filed = " ".join(tokens[at : at + size])
            read = None if at + size > len(tokens) else _printed(tokens[at : at + size], is_word)
            if read is not None:
                changes.append((filed, read))
                out.append(read)
                at += size
                break
        else:
            out.append(tokens[at])
            at += 1
    return " ".join(out), tuple(changes)


def _printed(tokens: list[str], is_word: Callable[[str], bool]) -> str | None:
    """What may be printed where OCR read these words; None if they are words, or are like none."""
    words = [re.sub(r"[^a-z0-9]", "", token.strip(_EDGES).lower()) for token in tokens]
    whole = "".join(words)
    if len(tokens) > 1 and "" not in words and _names_officers(whole):  # "Pol ice", though both pieces are words
        return whole
    if all(not word or word.isdigit() or is_word(word) for word in words):
        return None
    if len(tokens) == 1 and _NUMBER.fullmatch(whole):
        return whole.translate(_AS_DIGITS)
    if len(whole) < _OCR_SHORTEST and not _SLIPPED.fullmatch(whole):
        return None
    if len(tokens) > 1 and is_word(whole):
        return whole
    found = next(filter(is_word, _unconfused(whole)), None)
    if found is None:
        parts = _parts(whole, is_word)
        found = " ".join(parts) if parts else None
    return found


def _unconfused(word: str) -> Iterator[str]:
    """The words that may be printed, those with fewer confusions first."""
    seen, last = {word}, [word]
    for _ in range(_MOST_CONFUSED):
        found = []
        for each, (read, printed) in product(last, _CONFUSED):
            at = each.find(read)
            while at >= 0:
                new = each[:at] + printed + each[at + len(read) :]
                if new not in seen:
                    seen.add(new)
                    found.append(new)
                at = each.find(read, at + 1)
        yield from found
        last = found


def _parts(word: str, is_word: Callable[[str], bool]) -> tuple[str, ...]:
    """The known words without blanks between them, one of which at least is of the vocabulary; empty without any."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, piece = best[start], word[start:end]
            fits = piece in _BETWEEN or (len(piece) >= _PIECE and is_word(piece))
            if before is not None and fits and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = (*before, piece)
    parts = best[-1] or ()
    return parts if len(parts) > 1 and any(map(_names_officers, parts)) else ()


def _names_officers(word: str) -> bool:
    """Whether a word is one of the vocabulary for officers and their organizations."""
    vocabulary = load_vocabulary()
    return len(word) >= _OCR_SHORTEST and any(
        one in vocabulary.type_groups or one in vocabulary.forms or one in vocabulary.words
        for one in (word, word.removesuffix("s"))
    )
