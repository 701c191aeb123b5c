"""Words and names that differ by a few letters. rapidfuzz compares them; it is loaded only where that is needed.

Loading rapidfuzz takes longer than the whole match of one name. Most words are far from every word that they are
compared with, and counting their letters shows this: until rapidfuzz is loaded, such words are excluded first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def _may_differ_by(one: str, other: str, most: int) -> bool:
    """Whether the letters allow so few differences; false is certain.

    Each wrong, missing or added letter changes one letter of the set at most, and a swap of two letters changes none.

    >>> _may_differ_by("oakland", "oaklnad", 1), _may_differ_by("oakland", "lakeland", 2), _may_differ_by("abc", "", 2)
    (True, True, False)
    """
    if abs(len(one) - len(other)) > most:
        return False
    missing = len(one) - sum(min(one.count(letter), other.count(letter)) for letter in {*one})
    return missing <= most and missing + len(other) - len(one) <= most


def _loaded() -> bool:
    return "rapidfuzz" in sys.modules


def is_near(one: str, other: str, most: int) -> bool:
    """Whether two words differ by at most so many wrong, missing, added or swapped letters."""
    if not _loaded() and not _may_differ_by(one, other, most):
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=most) <= most


def nearest(word: str, words: Sequence[str], most: int) -> tuple[str, int] | None:
    """The word that differs least, and by how many letters; None where all differ by more than `most`."""
    if not _loaded():
        words = [each for each in words if _may_differ_by(word, each, most)]
        if not words:
            return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    hit = process.extractOne(word, words, scorer=OSA.distance, score_cutoff=most)
    return None if hit is None else (hit[0], hit[1])


def several_nearest(word: str, words: Sequence[str], most: int, limit: int) -> list[str]:
    """The words that differ least, best first, by at most `most` letters."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    return [hit[0] for hit in process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=limit)]


def likeness(one: str, other: str) -> float:
    """How similar two texts are, 0–100, the order of their letters included."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other)
