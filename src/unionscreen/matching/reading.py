"""The words of a name sorted by what they say: who, what, where, and what is set aside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from unionscreen.matching.names import Word
from unionscreen.matching.vocabulary import load_vocabulary

# Groups that name a rank or a unit inside a force: the sergeants' union of a city is not its officers' union.
RANKS: Final = frozenset({"sergeant", "lieutenant", "captain", "detective", "superior"})


@dataclass(frozen=True)
class Reading:
    """One stretch of a name, its words sorted into classes."""

    words: tuple[Word, ...]
    identity: tuple[Word, ...]
    """Places, proper names, acronyms nobody knows: what tells one body from another."""
    numbers: frozenset[str]
    """Local and lodge numbers."""
    digits: frozenset[str]
    """Other numbers: years, dates, amounts."""
    groups: frozenset[str]
    """Whose body: police, sheriff, corrections …"""
    types: tuple[Word, ...]
    forms: frozenset[str]
    levels: frozenset[str]
    tails: tuple[Word, ...]

    @cached_property
    def key(self) -> frozenset[str]:
        """Every word that counts, order free."""
        tails = {w.word for w in self.tails}
        stops = load_vocabulary().stops
        return frozenset(w.word for w in self.words if w.word not in tails and w.word not in stops)

    def has(self, *words: str) -> bool:
        """Whether any of these canonical words is there."""
        return any(w.word in words for w in self.words)


def sort_words(words: tuple[Word, ...]) -> Reading:
    """Sort the words of one part of a name into classes."""
    vocabulary = load_vocabulary()
    identity: list[Word] = []
    types: list[Word] = []
    tails: list[Word] = []
    numbers: set[str] = set()
    digits: set[str] = set()
    groups: set[str] = set()
    forms: set[str] = set()
    levels: set[str] = set()
    for word in words:
        w = word.word
        counted = False
        if w in vocabulary.type_groups:
            types.append(word)
            groups.add(vocabulary.type_groups[w])
            counted = True
        if w in vocabulary.forms:
            forms.add(w)
            counted = True
        if w in vocabulary.levels:
            levels.add(w)
            counted = True
        if counted:
            continue
        if w in vocabulary.tails:
            tails.append(word)
        elif w in vocabulary.stops:
            continue
        elif word.numbered:
            numbers.add(w)
        elif w.isdigit():
            digits.add(w)
        else:
            identity.append(word)
    return Reading(
        words, tuple(identity), frozenset(numbers), frozenset(digits), frozenset(groups - {""}), tuple(types),
        frozenset(forms), frozenset(levels), tuple(tails),
    )  # fmt: skip
