"""The words of a name sorted by meaning: who, what, where, and what is set aside."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

from unionscreen.matching.names import Word
from unionscreen.matching.vocabulary import Vocabulary, load_vocabulary

# Groups that name a rank or unit of a force: the sergeants' union of a city is not its officers' union.
RANKS: Final = frozenset({"sergeant", "lieutenant", "captain", "detective", "superior"})


class _Sorted(NamedTuple):
    """The words of one part of a name, sorted into classes."""

    words: tuple[Word, ...]
    identity: tuple[Word, ...]
    """Places, proper names, unknown acronyms: what identifies an organization."""
    numbers: frozenset[str]
    """Local and lodge numbers."""
    digits: frozenset[str]
    """Other numbers: years, dates, amounts."""
    groups: frozenset[str]
    """Whose organization: police, sheriff, corrections …"""
    types: tuple[Word, ...]
    forms: frozenset[str]
    levels: frozenset[str]
    tails: tuple[Word, ...]


class Reading(_Sorted):
    """One part of a name, its words sorted into classes, and what follows from them."""

    @cached_property
    def key(self) -> frozenset[str]:
        """Every word that counts, in no order."""
        tails, stops = {*map(id, self.tails)}, load_vocabulary().stops
        return frozenset(w.word for w in self.words if id(w) not in tails and w.word not in stops)

    @cached_property
    def acronym(self) -> str:
        """The acronym that is the whole name, tails and stop words apart: "PBA", "STAN PAC"; else empty."""
        tails, stops = {*map(id, self.tails)}, load_vocabulary().stops
        texts = {w.text for w in self.words if id(w) not in tails and w.word not in stops and w.text != "co"}
        return next(iter(texts)) if len(texts) == 1 and " " not in min(texts) else ""

    @cached_property
    def of_several(self) -> bool:
        """Whether it is an organization of organizations: "Association of PBAs"."""
        acronyms = load_vocabulary().acronyms
        return any(w.text in acronyms and w.text[:-1] in acronyms for w in self.words)

    def after(self, word: str) -> str:
        """The word that follows `word`; empty where it is missing or last."""
        words = [w.word for w in self.words]
        return words[words.index(word) + 1] if word in words[:-1] else ""

    def has(self, *words: str) -> bool:
        """Whether the name has any of these canonical words."""
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
    for at, word in enumerate(words):
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
        if w in vocabulary.tails and not (w in vocabulary.before_tails and _goes_on(words[at + 1 :], vocabulary)):
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


def _goes_on(after: tuple[Word, ...], vocabulary: Vocabulary) -> bool:
    """Whether the name continues after a word such as "federal", which is then a part of it.

    "Federal" is set aside in "Elmhaven POA Federal PAC", and is a part of "Federal Protective Service Union".
    """
    following = next((w.word for w in after if w.word not in vocabulary.stops), None)
    return following is not None and following not in vocabulary.tails
