"""Find an organization on the list by the words that someone remembers."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from unionscreen.matching.cleaning import clean
from unionscreen.matching.names import read_words
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.unions import Union, UnionList

# A word counts as found if it is this similar to a word of the name (0–100): two wrong letters of nine.
WORD_LIKENESS: Final = 78.0
# Hits with a smaller share of the words are not shown.
LEAST_SHARE: Final = 0.6
MOST_HITS: Final = 25


class Hit(NamedTuple):
    """A union that was found, and its names with the words."""

    union: Union
    names: tuple[str, ...]
    share: float
    """The share of the words that were found, 0–1; near misses count by their similarity."""


def search_unions(known: UnionList, words: str, *, limit: int = MOST_HITS) -> list[Hit]:
    """Unions by words in any order, abbreviated or misspelled; best first.

    Args:
        known: the list.
        words: "orange cnty deputies", "fop 7 chicago", an id, initials.
        limit: the largest number of hits.
    """
    wanted = _words(words)
    if not wanted:
        return []
    if words.strip() in known.unions:
        return [Hit(known.unions[words.strip()], (), 1.0)]
    hits = []
    for union_id, union in known.unions.items():
        where = _words(f"{union.place} {union.state}")
        best, names = 0.0, []
        for alias in known.by_union.get(union_id, ()):
            share = _share(wanted, _words(alias.alias) | where)
            if share > best:
                best, names = share, [alias.alias]
            elif share == best:
                names.append(alias.alias)
        if best >= LEAST_SHARE:
            hits.append(Hit(union, tuple(names), round(best, 3)))
    hits.sort(key=lambda hit: (-hit.share, min(map(len, hit.names)), hit.union.name, hit.union.union_id))
    full = [hit for hit in hits if hit.share == 1.0]
    return (full or hits)[:limit]


def _words(text: str) -> frozenset[str]:
    """Canonical words, and acronyms as typed."""
    stops = load_vocabulary().stops
    read = read_words(clean(text))
    typed = {token for token in re.findall(r"[a-z0-9]+", clean(text)) if len(token) > 1 and token.isalpha()}
    canonical = {part for word in read for part in (word.word,)} - stops
    acronyms = {w.text for w in read if w.acronym}
    return frozenset(canonical | (typed & acronyms))


def _share(wanted: frozenset[str], there: frozenset[str]) -> float:
    found = 0.0
    for word in wanted:
        if word in there:
            found += 1
        elif not word.isdigit():
            hit = process.extractOne(word, there, scorer=fuzz.ratio, score_cutoff=WORD_LIKENESS)
            if hit:
                found += hit[1] / 100
            elif any(other.startswith(word) for other in there if len(word) > 2):
                found += 0.9
    return found / len(wanted)
