"""Words and names that differ by a few letters.

rapidfuzz compares them, but loading it takes longer than the whole match of one name. Until it is loaded, the few
comparisons that one name needs are made here, with the same results.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

# After this many comparisons rapidfuzz is loaded: there are many names.
_FEW: Final = 500
_compared: list[int] = [0]


def _loaded() -> bool:
    """Whether to compare with rapidfuzz."""
    _compared[0] += 1
    return _compared[0] > _FEW or "rapidfuzz" in sys.modules


def _may_differ_by(one: str, other: str, most: int) -> bool:
    """Whether the letters allow so few differences; false is certain.

    A wrong, missing or added letter changes one letter of the set, and a swap of two letters changes none.

    >>> _may_differ_by("oakland", "oaklnad", 1), _may_differ_by("oakland", "lakeland", 2), _may_differ_by("abc", "", 2)
    (True, True, False)
    """
    if abs(len(one) - len(other)) > most:
        return False
    missing = len(one) - sum(min(one.count(letter), other.count(letter)) for letter in {*one})
    return missing <= most and missing + len(other) - len(one) <= most


def _places(text: str) -> dict[str, int]:
    """The places of each letter, as the bits of a number."""
    places: dict[str, int] = {}
    for at, letter in enumerate(text):
        places[letter] = places.get(letter, 0) | 1 << at
    return places


def _distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, added or swapped with the next one (Hyyrö's algorithm, 2003).

    >>> _distance("oakland", "oaklnad"), _distance("police", "polcies"), _distance("", "ab")
    (1, 2, 2)
    """
    if not one:
        return len(other)
    places, last = _places(one), 1 << (len(one) - 1)
    up, down, before, diagonal = (last << 1) - 1, 0, 0, 0
    distance = len(one)
    for letter in other:
        same = places.get(letter, 0)
        swapped = ((~diagonal & same) << 1) & before
        diagonal = (((same & up) + up) ^ up) | same | down | swapped
        more, less = down | ~(diagonal | up), diagonal & up
        distance += bool(more & last) - bool(less & last)
        more, less = (more << 1) | 1, less << 1
        up, down, before = less | ~(diagonal | more), more & diagonal, same
    return distance


def is_near(one: str, other: str, most: int) -> bool:
    """Whether two words differ by at most so many wrong, missing, added or swapped letters."""
    if not _loaded():
        return _may_differ_by(one, other, most) and _distance(one, other) <= most
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=most) <= most


def nearest_word(word: str, words: Sequence[str], most: int) -> tuple[str, int] | None:
    """The word that differs least, and by how many letters; None where all differ by more than `most`."""
    if not _loaded():
        near = [(each, _distance(word, each)) for each in words if _may_differ_by(word, each, most)]
        first = min(near, key=lambda pair: pair[1], default=None)
        return first if first is not None and first[1] <= most else None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    hit = process.extractOne(word, words, scorer=OSA.distance, score_cutoff=most)
    return None if hit is None else (hit[0], hit[1])


def several_nearest(word: str, words: Sequence[str], most: int, limit: int) -> list[str]:
    """The words that differ least, best first, by at most `most` letters. For a long list, so with rapidfuzz."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    return [hit[0] for hit in process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=limit)]


def likeness(one: str, other: str) -> float:
    """How similar two texts are, 0–100: the share of letters that are in both in the same order."""
    if _loaded():
        from rapidfuzz import fuzz

        return fuzz.ratio(one, other)
    if not one and not other:
        return 100.0
    places, apart = _places(one), (1 << len(one)) - 1
    every = apart
    for letter in other:
        same = apart & places.get(letter, 0)
        apart = (apart + same) | (apart - same)
    letters = len(one) + len(other)
    differ = letters - 2 * (len(one) - (apart & every).bit_count())
    return (1.0 - differ / letters) * 100
