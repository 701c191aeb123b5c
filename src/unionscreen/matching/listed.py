"""Identity: whether this donor is a union that is on the list.

Candidates share a distinctive word, or a near miss of one. Then every identity word of both names must be explained:
a word that contradicts (another city, another lodge, another rank) is a veto, a missing word is a doubt, and the
donor's state separates namesakes. Why not a plain fuzzy score: DESIGN §5.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from unionscreen.matching.cleaning import clean, join_initials, split_words, squash, squashed
from unionscreen.matching.compare import hold, hold_cut_off, hold_to_the_letter
from unionscreen.matching.names import TYPO_LENGTH, Part, read_words, words_of
from unionscreen.matching.near import likeness, several_nearest
from unionscreen.matching.pairs import NEAR_LENGTH, DonorContext, Pair, allowed
from unionscreen.matching.places import state_words
from unionscreen.matching.reading import Reading, sort_words
from unionscreen.matching.rule import MatchScore
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.saved_index import IndexFile, kept
from unionscreen.unions import Alias, Union, UnionList

# Under this a candidate is a near miss, not an identity.
LISTED_THRESHOLD: Final = 75.0

# Systems cut names at 30 to 90 characters; a shorter name was not cut.
CUT_LENGTHS: Final = range(28, 91)

# A shorter beginning is not evidence: "Fraternal Order of Pol".
SHORTEST_CUT: Final = 24
# How many names with one beginning are compared; where there are more, none is meant.
MOST_CUT: Final = 8

# After this many donors whose names may be cut off, all names on the list are sorted once.
FEW_CUTS: Final = 4

UNJOINED: Final[Mapping[str, tuple[str, ...]]] = {
    "newyork": ("york",), "newjersey": ("jersey",), "newmexico": ("mexico",), "newhampshire": ("hampshire",),
    "rhodeisland": ("rhode",), "northcarolina": ("carolina",), "southcarolina": ("carolina",),
    "northdakota": ("dakota",), "southdakota": ("dakota",), "westvirginia": ("virginia",),
    "losangeles": ("angeles", "la"), "districtofcolumbia": ("columbia",), "nyc": ("nyc", "nypd", "york"),
}  # fmt: skip
# How many words of the list are looked up in place of a word that is not on it.
MOST_NEAR: Final = 4
# A word in this many names does not select candidates by itself.
COMMON: Final = 150

# Names are lines of one text; any character that is not a letter or digit separates two words.
_APART: Final = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "\n"}


_Tables = tuple[dict[str, list[int]], dict[str, list[int]], list[int]]


class Finding(NamedTuple):
    """A candidate on the list, compared with a donor."""

    union: Union
    alias: Alias
    score: float
    notes: tuple[str, ...] = ()
    """What was read differently, left out or set aside, in words."""
    veto: str = ""
    """Why it is not this union; empty where it is."""
    left_open: bool = False
    """It may be this union's name, and others may have it too."""
    rules: tuple[str, ...] = ()
    """The rules that fired, in order."""


class ListedIndex:
    """The names on the list by their distinctive words; a name is read only when a donor comes near it."""

    def __init__(self, unions: UnionList, saved: IndexFile | None = None) -> None:
        """Index the names.

        Args:
            unions: the list.
            saved: where the index of this list may be saved.
        """
        self.unions = unions
        self.postings: Mapping[str, list[int]] = {}
        """Distinctive word → the names that have it."""
        self.literal: Mapping[str, list[int]] = {}
        """Every name to the letter, except for case, apostrophes, and the periods and spaces of initials."""
        self.nameless: list[int] = []
        """Names without a distinctive word: "Fraternal Order of Police"."""
        self._readings: dict[int, tuple[str, Reading]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self._cuts_asked = 0
        self._saved = saved
        self._fill(saved)

    def _fill(self, saved: IndexFile | None) -> None:
        self.postings, self.literal, self.nameless = kept(saved, "words", self._build)

    def _build(self) -> _Tables:
        """Index the names by their distinctive words without reading them fully, so that commands start quickly."""
        vocabulary = load_vocabulary()
        classes = {
            *vocabulary.type_groups, *vocabulary.forms, *vocabulary.tails, *vocabulary.stops, *vocabulary.levels,
            *vocabulary.acronyms,
        }  # fmt: skip
        plain = classes | {spelling for spelling, word in vocabulary.words.items() if word in classes}
        for phrases in vocabulary.phrases.values():
            plain.update(part for parts, word in phrases if word in classes for part in parts)
        plain |= {word + "s" for word in plain}
        read_as = {spelling: (word,) for spelling, word in vocabulary.words.items()} | dict(vocabulary.places)
        text = "\n".join(alias.alias for alias in self.unions.aliases).lower()
        lines = text.replace("'", "").replace("\u2019", "").replace("&", " and ").replace("  ", " ").split("\n")
        literal: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            literal.setdefault(join_initials(line), []).append(number)
            if "." in line or not line.isascii():
                lines[number] = " ".join(split_words(clean(self.unions.aliases[number].alias)))  # initials together
        if self.unions.aliases:  # a list without names is one empty line
            return self._post("\n".join(lines), plain, read_as, literal)
        return {}, literal, []

    @staticmethod
    def _post(
        text: str, plain: set[str], read_as: Mapping[str, tuple[str, ...]], literal: dict[str, list[int]]
    ) -> _Tables:
        """One pass over all names, a line each: which name has which distinctive word."""
        postings: dict[str, list[int]] = {}
        nameless: list[int] = []
        for number, line in enumerate(text.translate(_APART).split("\n")):
            distinct = False
            for token in line.split():
                if token in plain:
                    continue
                distinct = True
                for word in read_as.get(token, (token,)):
                    if word not in postings:
                        postings[word] = [number]
                    elif postings[word][-1] != number:
                        postings[word].append(number)
            if not distinct:
                nameless.append(number)
        return postings, literal, nameless

    @cached_property
    def generic(self) -> Mapping[str, list[int]]:
        """Names without a distinctive word, by all their words; one without a word for police identifies nobody."""
        generic: dict[str, list[int]] = {}
        for number in self.nameless:
            text, reading = self.reading(number)
            if reading.groups or reading.has(*load_vocabulary().safe_acronyms):
                generic.setdefault(" ".join(sorted(reading.key)) or text, []).append(number)
        return generic

    def prepare(self) -> None:
        """Build now what :meth:`candidates` would build for the first name."""
        _ = self.generic, self.tokens, self.without_police_word

    def reading(self, number: int) -> tuple[str, Reading]:
        """An alias as read: its words in order as one string, and sorted into classes."""
        found = self._readings.get(number)
        if found is None:
            words = read_words(clean(self.unions.aliases[number].alias))
            found = self._readings[number] = (" ".join(w.word for w in words), sort_words(words))
        return found

    @cached_property
    def tokens(self) -> list[str]:
        """Every distinctive token, for near misses."""
        return list(self.postings)

    @cached_property
    def parents(self) -> Container[str]:
        """Unions with numbered locals on the list."""
        return frozenset(union.parent_id for union in self.unions.unions.values() if union.number)

    def known_words(self, union: Union) -> frozenset[str]:
        """Identity words that a name, the place, the state or the parent of this union explains."""
        words = self._known.get(union.union_id)
        if words is None:
            texts = [union.place, union.name]
            texts += [alias.alias for alias in self.unions.by_union.get(union.union_id, ())]
            parent = self.unions.unions.get(union.parent_id)
            if parent is not None:
                texts += [parent.name, *(a.alias for a in self.unions.by_union.get(parent.union_id, ()))]
            words = self._known[union.union_id] = state_words(union.state).union(*map(words_of, texts))
        return words

    def candidates(self, donor: Reading) -> set[int]:
        """Names on the list that share a distinctive word, or a near miss of one, with the donor."""
        if not donor.groups:
            return self._typeless_candidates(donor)
        found: set[int] = set()
        counted: list[tuple[int, list[int]]] = []
        words = [w.word for w in donor.identity]
        for word in [*words, *(a + b for a, b in pairwise(words)), *donor.numbers, *donor.digits]:
            parts = UNJOINED.get(word, (word,))
            lists = [self.postings[part] for part in parts if part in self.postings]
            if lists:
                together = sorted({number for numbers in lists for number in numbers}) if lists[1:] else lists[0]
                counted.append((len(together), together))
            elif len(word) >= NEAR_LENGTH:
                hits = several_nearest(word, self.tokens, allowed(word), limit=MOST_NEAR)
                counted.extend((len(self.postings[hit]), self.postings[hit]) for hit in hits)
                # Two words run together: "santaclara" is looked up by its longer half.
                for cut in range(4, len(word) - 2):
                    if word[:cut] in self.postings and word[cut:] in self.postings:
                        halves = sorted((self.postings[word[:cut]], self.postings[word[cut:]]), key=len)
                        counted.append((len(halves[0]), halves[0]))
        counted.sort(key=lambda pair: pair[0])
        for at, (count, numbers) in enumerate(counted):
            if count > COMMON and at > 0:
                break
            found.update(numbers)
        found.update(self.generic.get(" ".join(sorted(donor.key)), ()))
        return found

    @cached_property
    def _said_by_letters(self) -> list[bool]:
        """Which names have a word for police by their letters alone: most do, and need not be read."""
        vocabulary = load_vocabulary()
        groups = vocabulary.type_groups
        spelled = [word for word, group in groups.items() if group and len(word) >= TYPO_LENGTH]
        short = [short for short, (words, _) in vocabulary.acronyms.items() if any(map(groups.get, words))]
        apart = [
            r"\W+".join(parts) for known in vocabulary.phrases.values() for parts, word in known if groups.get(word)
        ]
        police = re.compile(rf"\b(?:{'|'.join([*spelled, *apart, *short])})s?\b")
        return [police.search(alias.alias.lower()) is not None for alias in self.unions.aliases]

    @cached_property
    def without_police_word(self) -> frozenset[int]:
        """The names without a word for police."""
        return frozenset(kept(self._saved, "without-police-word", self._find_without_police_word))

    def _find_without_police_word(self) -> list[int]:
        return [at for at, said in enumerate(self._said_by_letters) if not said and not self.reading(at)[1].groups]

    def _has_no_police_word(self, number: int) -> bool:
        if "without_police_word" in self.__dict__:
            return number in self.without_police_word
        return not self.reading(number)[1].groups  # for one donor, the few names are read instead of all

    def keys_without_police_word(self) -> Iterator[frozenset[str]]:
        """The words of each name without a word for police."""
        return (self.reading(number)[1].key for number in self.without_police_word)

    @cached_property
    def rare_words(self) -> frozenset[str]:
        """The rarest word of each name without a word for police: a donor without it cannot mean that name."""
        # A name with a police word passes the prefilter by that word.
        rarest: dict[int, str] = {}
        for word, numbers in self.postings.items():
            for number in self.without_police_word.intersection(numbers):
                best = rarest.get(number, word)
                rarest[number] = min(best, word, key=lambda w: (len(self.postings[w]), -len(w), w))
        # The other words of a lodge are people's names: "Michael Lutz Lodge".
        return frozenset(
            "lodge" if "lodge" in self.reading(number)[1].forms else word for number, word in rarest.items()
        )

    def _typeless_candidates(self, donor: Reading) -> set[int]:
        """Candidates for a donor without a word for police: listed names without one, and lodges by their number."""
        found: set[int] = set(self.generic.get(" ".join(sorted(donor.key)), ()))
        # Such a name has every word of the donor's; the rarest of them selects few.
        shortest: list[int] | None = None
        for word in [*(w.word for w in donor.identity), *donor.numbers]:
            numbers = [n for part in UNJOINED.get(word, (word,)) for n in self.postings.get(part, ())]
            # A word without a posting may still be a joined one: "DC-1".
            if numbers and (shortest is None or len(numbers) < len(shortest)):
                shortest = numbers
        found.update(filter(self._has_no_police_word, shortest or ()))
        if donor.numbers and "lodge" in donor.forms:  # "Queen City Lodge 69"
            numbered = {n for number in donor.numbers for n in self.postings.get(number, ())}
            found.update(n for n in numbered.intersection(shortest or ()) if self.reading(n)[1].identity)
        if donor.numbers and shortest is not None and len(donor.identity) == 1:  # "MassCOP Local 382"
            acronyms = self.postings.get(donor.identity[0].word, ())
            found.update(n for n in acronyms if self.unions.aliases[n].alias_kind == "acronym")
        return found

    def find(self, donor: Reading, part: Part, context: DonorContext, *, cut: bool) -> list[Finding]:
        """Compare the candidates with the donor; the best come first, vetoed ones follow as near misses.

        Args:
            donor: one part of the donor's name, sorted.
            part: the same part, with its text.
            context: the donor's state and city.
            cut: the name as filed is long enough to have been cut off.
        """
        found = [self._hold(number, donor, context) for number in sorted(self.candidates(donor))]
        found += self._cut_off(part.text, donor, context) if cut and donor.groups else []
        return best_of_each((finding for finding in found if finding is not None), part.text)

    @cached_property
    def _squashed(self) -> list[tuple[str, int]]:
        """Every name as letters and digits only, in alphabetical order."""
        lines = squashed([alias.alias for alias in self.unions.aliases])
        return sorted((line, number) for number, line in enumerate(lines))

    def _longer(self, start: str) -> list[int]:
        """Names that begin with these letters and continue, in alphabetical order."""
        self._cuts_asked += 1
        if self._cuts_asked > FEW_CUTS:
            at = bisect_left(self._squashed, (start, -1))
            goes_on = takewhile(lambda pair: pair[0].startswith(start), self._squashed[at:])
            return [number for line, number in goes_on if len(line) > len(start)]
        # For one donor, sorting all names takes longer than looking at those with its first letters.
        near = [
            number
            for number, alias in enumerate(self.unions.aliases)
            if (first := alias.alias[:3].lower()) == start[:3] or not (first.isascii() and first.isalpha())
        ]
        lines = squashed([self.unions.aliases[number].alias for number in near])
        found = sorted(zip(lines, near, strict=True))
        return [number for line, number in found if line.startswith(start) and len(line) > len(start)]

    def _cut_off(self, text: str, donor: Reading, context: DonorContext) -> list[Finding]:
        """Names that go on where the donor's name ends; if several unions have one, none is meant."""
        start = squash(text)
        if len(start) < SHORTEST_CUT:
            return []
        hits = self._longer(start)
        found = []
        several = len({self.unions.aliases[number].union_id for number in hits}) > 1
        for number in hits[:MOST_CUT]:
            pair = self._pair(number, donor, context)
            found.append(_finding(pair, hold_cut_off(pair, several=several)))
        return found

    def find_to_the_letter(self, text: str, donor: Reading, context: DonorContext) -> list[Finding]:
        """The unions with exactly this name, whatever words are in it."""
        numbers = [number for number in self.literal.get(text, ()) if self._distinctive(number)]
        return best_of_each(self._to_the_letter(number, donor, context) for number in numbers)

    def _distinctive(self, number: int) -> bool:
        """Whether a name has a word by which the prefilter lets it through: "LAW" alone is in too many names."""
        reading = self.reading(number)[1]
        return bool(reading.groups or reading.numbers) or any(
            part in self.postings for w in reading.identity for part in UNJOINED.get(w.word, (w.word,))
        )

    def _to_the_letter(self, number: int, donor: Reading, context: DonorContext) -> Finding:
        pair = self._pair(number, donor, context)
        return _finding(pair, hold_to_the_letter(pair))

    def _pair(self, number: int, donor: Reading, context: DonorContext) -> Pair:
        alias = self.unions.aliases[number]
        union = self.unions.unions[alias.union_id]
        return Pair(donor, self.reading(number)[1], alias, union, context, self.known_words)

    def _hold(self, number: int, donor: Reading, context: DonorContext) -> Finding | None:
        if not donor.groups:  # most candidates of most donors: not worth a pair
            reading = self.reading(number)[1]
            if not reading.groups and reading.key != donor.key and not donor.numbers:
                return None
        pair = self._pair(number, donor, context)
        score = hold(pair)
        return None if score is None else _finding(pair, score)


def _finding(pair: Pair, score: MatchScore) -> Finding:
    points = max(score.points, 0.0)
    return Finding(pair.union, pair.alias, points, tuple(score.notes), score.veto, score.left_open, tuple(score.fired))


def best_of_each(findings: Iterable[Finding], text: str = "") -> list[Finding]:
    """For each union its best name; matches first, then by score.

    Args:
        findings: names of unions, compared with a donor's.
        text: the donor's name; of names that fit equally well, the most similar one is better evidence.
    """
    best: dict[str, Finding] = {}
    for finding in findings:
        old = best.get(finding.union.union_id)
        if old is None or (not finding.veto, finding.score) > (not old.veto, old.score):
            best[finding.union.union_id] = finding
        elif not finding.veto and not old.veto and finding.score == old.score:
            best[finding.union.union_id] = max(old, finding, key=lambda f: likeness(text, f.alias.alias.lower()))
    return sorted(best.values(), key=lambda f: (bool(f.veto), -f.score, f.union.union_id))


def best_listed(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Split into matches, best first, and near misses."""
    holding = [f for f in findings if not f.veto and f.score >= LISTED_THRESHOLD]
    misses = [f for f in findings if f.veto or f.score < LISTED_THRESHOLD]
    return holding, misses
