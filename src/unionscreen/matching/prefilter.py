"""Prefilter: most donors are people and firms, and none of their words could make them a union.

Arrow checks a few regular expressions on a whole column before any name costs Python time. They keep every name that
:class:`Matcher` could answer with more than "clear" (a test checks both), about 1 name in 55. Most of these pass by one
ordinary word of a listed name ("services", "California"). :class:`PlainNames` excludes those that do not have all words
of such a name, without a full comparison.

One automaton reads every name and keeps about 1 in 12; smaller ones decide about the distinct names among these.
Misspellings are looked for only in names with another word for an organization, because a misspelled word for police
alone identifies nobody.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from unionscreen.compiled import find_pieces
from unionscreen.matching.addresses import split_address
from unionscreen.matching.names import NUMBER_WORDS, TYPO_LENGTH, TYPO_LENGTH_TWO, read_words
from unionscreen.matching.pieces import Automata, classes_table
from unionscreen.matching.reading import sort_words
from unionscreen.matching.relaxed import Relaxer
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.saved_index import IndexFile

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# How many names with a second look are cached; at about 150 bytes each, 20 MB.
REMEMBERED: Final = 1 << 17
# For fewer names, building the automaton of the first look (4 ms) takes longer than it saves.
# The same holds for the automaton of pieces (40 ms), unless many calls have fewer names.
FEW: Final = 8_000
# For so few names, Python's expressions are faster (13 µs a name), once they are compiled: Arrow compiles its own at
# each call (2 ms, and 20 µs a name). Compiling Python's takes up to 20 ms, so the first small blocks do not ask for it.
HANDFUL: Final = 400
_FIRST_CALLS: Final = 4
# The longest acronym that is written with dots: "N.Y.S.C.O.P.B.A."
INITIALS: Final = 8

# A name that can be checked word by word has only these letters and marks, and is not a paragraph.
_WORD_BY_WORD: Final = re.compile(r"[a-z0-9 .,;:()/-]{1,200}+")
# What separates two tokens besides a blank.
_APART: Final = str.maketrans("()/", "   ")
# A number this long may be an id that is removed before the name is read.
_DIGITS_OF_AN_ID: Final = 5
# A word that may be a Roman numeral, and so the number of a lodge.
_ROMAN: Final = re.compile(r"[ivxl]+")

# An acronym at the end of a word ("elmhavenpoa").
_GLUED_ACRONYM: Final = r"[a-z]{3}(?:fops?|pbas?|poas?|dsas?)\b"
# Phrases whose parts are ordinary words: matched as a whole.
_RUNS: Final = (
    r"law\W+enforc", r"public\W+safety", r"court\W*of[fc]", r"peace\W*of[fc]", r"game\W+(?:warden|protect)",
    r"(?:park|forest)\W+ranger",
    r"superior\W*of[fc]", r"fraternal\W+or?d?e?r?\b", r"court\W+protection", r"command(?:ing)?\W+of[fc]",
    r"distr?i?c?t?\W+att", r"attorneys?\W+general", r"\bd(?:e?puty|ep)\W+da'?s?\b",
    r"(?:conservation|wildlife|game|resources?|immigration|customs|cbp|ice)\W+of[fc]",
    r"border\W+protection", r"judicial\W+marsh",
    r"customs\W+enforc", r"\bice\W+(?:agent|council)", r"\bda'?s?\W+invest", r"\bk\W?9",
    r"\bfrat[a-z]*\W+ord", r"officers?\W+benev",
    r"(?:hispanic|latin[oa]|black|asian|american|muslim|gay|minority|women|female|lgbtq?)\W+of[fc]", r"special\W+agent",
    r"blue\W+(?:line|lives)", r"back\W+the\W+blue", r"(?:the|with)\W+badge",
    r"(?:county|state|prosecuting|commonwealth|circuit)\W?s?\W+att",
    _GLUED_ACRONYM, r"\b(?:of|fop|pba|poa)(?:lodge|local|pac|no|fop|pba)", r"lodge\d",
)  # fmt: skip

# The part of a word for an organization that a typo or a cut leaves: such a name is worth a second look.
_ORGANIZATION: Final = (
    r"ass[no]|ass\b|asc|asoc|union|lodge|benev|local|feder|\bfed\b|guild|lea[gq]|council|confer|coali|allian|brother|"
    r"pacs?\b|frater|offi|ofc|committee|cmte|fund|polit|endow|organi|societ|club|unit|protective|prof"
)
_INITIALS: Final = r"\b[a-z]\.\s?[a-z]\b|\b[a-z] [a-z] [a-z]\b"
# Names that are not plain ASCII, or that have control characters, pass: encoding damage is undone later.
_NOT_PLAIN: Final = r"[^\t\n\r -~]"
# A digit among letters may stand for the letter it looks like ("P0lice", "0fficers", "F0P").
_DIGIT_AMONG_LETTERS: Final = r"[a-z][0134578]+[a-z]|\b[0134578]+[a-z]{2}|[a-z]{2}[0134578]+\b"
# Digits and the letters they look like; 1 may be an l or an i.
_LOOK_ALIKES: Final = dict(zip("034578", "oeastb", strict=True))
_LETTERS: Final = str.maketrans(_LOOK_ALIKES)


@dataclass(frozen=True)
class PrefilterPatterns:
    """The expressions, for RE2 over lower-case text."""

    spelled: str
    """Words with the right spelling, and the abbreviations of the vocabulary."""
    organization: str
    misspelled: str
    """Checked only for names that match `organization`."""
    initials: str
    dotted: str
    """Acronyms with dots or blanks between the letters; checked only for names that match `initials`."""
    answers: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)
    """Results of the second look for earlier names: many of them are in the next block again."""
    small_calls: count[int] = field(default_factory=count, compare=False, repr=False)
    """Counts the calls with few names."""
    middling_calls: count[int] = field(default_factory=count, compare=False, repr=False)
    """Counts the calls with more names, but fewer than a large block has."""
    automata: Automata = field(default_factory=lambda: Automata(None), compare=False, repr=False)

    @property
    def clue(self) -> str:
        """What every name that is worth matching matches: the others are excluded in one pass."""
        # Three letters before an acronym need not be counted here: the automaton is smaller without.
        spelled = self.spelled.replace(_GLUED_ACRONYM, _GLUED_ACRONYM.removeprefix("[a-z]{3}"))
        return "|".join((spelled, self.organization, self.initials, _DIGIT_AMONG_LETTERS))


@lru_cache(maxsize=4)
def prefilter_patterns(rare_words: frozenset[str] = frozenset(), saved: IndexFile | None = None) -> PrefilterPatterns:
    """The expressions for a list.

    Args:
        rare_words: distinctive words of listed names without a word for police ("locust", "seba").
        saved: the index file of the list they are from.
    """
    vocabulary = load_vocabulary()
    types = {w for w, group in vocabulary.type_groups.items() if group}
    wanted = {w for w in types | vocabulary.theme_words if w.isalpha()}
    wanted |= {spelling for spelling, word in vocabulary.words.items() if word in wanted}
    long = {word for word in wanted if len(word) >= TYPO_LENGTH}
    acronyms = {acronym for acronym in vocabulary.acronyms if acronym != "nys"} | vocabulary.safe_acronyms
    rare_words |= {short for short, place in vocabulary.places.items() if rare_words & {*place}}
    short = (wanted - long) | rare_words | acronyms
    long = {*_without_longer(long)}
    long.add(rf"council\W+(?:{'|'.join(sorted(vocabulary.pattern_words['police_councils']))})\b")
    misspelled: set[str] = set()
    for word in vocabulary.typos:
        if word in types or word == "enforcement":
            misspelled.update(_one_letter_wrong(word))
            if len(word) >= TYPO_LENGTH_TWO:
                misspelled.add(word[:4] + "...")
    initials = {word for word in short if word.isalpha() and len(word) <= INITIALS}
    return PrefilterPatterns(
        spelled="|".join([_NOT_PLAIN, *sorted(long), *_RUNS, rf"\b(?:{'|'.join(map(re.escape, sorted(short)))})s?\b"]),
        organization=_ORGANIZATION,
        misspelled="|".join(_without_longer(misspelled)),
        initials=_INITIALS,
        dotted=r"\b(?:" + "|".join(r"[. ]*".join(word) for word in sorted(initials)) + r")s?\b",
        automata=Automata(saved),
    )


def _one_letter_wrong(word: str) -> list[str]:
    """Patterns that match `word` with one letter wrong, missing, added or swapped with the next.

    Characters before and after do not matter: a wildcard there costs time and decides nothing.

    >>> _one_letter_wrong("law")
    ['aw', 'l.{0,2}w', 'la', 'alw', 'lwa']
    """
    inner = [word[:i] + ".{0,2}" + word[i + 1 :] for i in range(1, len(word) - 1)]
    swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]
    return [word[1:], *inner, word[:-1], *swapped]


def _without_longer(patterns: Iterable[str]) -> list[str]:
    """The patterns without those that contain another one, which finds whatever they find."""
    kept: list[str] = []
    for pattern in sorted(patterns, key=len):
        if not any(short in pattern for short in kept):
            kept.append(pattern)
    return sorted(kept)


def prefilter(names: pa.Array, rare_words: frozenset[str] = frozenset(), saved: IndexFile | None = None) -> pa.Array:
    """Which names are worth matching, as a boolean array of the same length; false is certainly "clear".

    Args:
        names: as filed.
        rare_words: as for ``prefilter_patterns``.
        saved: the same.
    """
    import pyarrow.compute as pc

    patterns = prefilter_patterns(rare_words, saved)
    found = _with_piece(names, patterns)
    if found is not None:
        return _second_looks(found, pc.ascii_lower(names.filter(found)), patterns)
    text = pc.ascii_lower(names)
    if len(text) < FEW:
        if len(text) < HANDFUL and next(patterns.small_calls) >= _FIRST_CALLS:
            return _one_by_one(text, patterns)
        return pc.fill_null(_second_look(text, patterns), False)
    hit = pc.fill_null(pc.match_substring_regex(text, pattern=patterns.clue), False)
    return _second_looks(hit, text.filter(hit), patterns)


def _with_piece(names: pa.Array, patterns: PrefilterPatterns) -> pa.Array | None:
    """Which names have a piece of text without which no clue matches; None where the expressions are to say it."""
    if len(names) < HANDFUL or (len(names) < FEW and next(patterns.middling_calls) < _FIRST_CALLS):
        return None
    following = patterns.automata.of("clue", patterns.clue)
    found = None if following is None else find_pieces(names, classes_table(), following)
    return None if found is None else _as_array(found)


def _as_array(found: np.ndarray | list[bool]) -> pa.Array:
    import pyarrow as pa

    return pa.array(found, pa.bool_())


def _second_looks(hit: pa.Array, text: pa.Array, patterns: PrefilterPatterns) -> pa.Array:
    """The answers for all names, from the lower-case names that have a clue."""
    import pyarrow.compute as pc

    # Not the distinct names of the whole block: most are in it once, so finding these costs more than checking all.
    asked = text.dictionary_encode()
    return pc.replace_with_mask(hit, hit, _remembered(asked.dictionary, patterns).take(asked.indices))


def _remembered(text: pa.Array, patterns: PrefilterPatterns) -> pa.Array:
    """The second look, only for names that were not checked before."""
    import pyarrow as pa

    names = text.to_pylist()
    known = patterns.answers
    answers = [*map(known.get, names)]
    new = [at for at, answer in enumerate(answers) if answer is None]
    if new:
        checked = _second_look(text.take(pa.array(new)), patterns, bulk=True).to_pylist()
        for at, answer in zip(new, checked, strict=True):
            answers[at] = answer
            if len(known) < REMEMBERED:
                known[names[at]] = answer
    return pa.array(answers, pa.bool_())


def _one_by_one(text: pa.Array, patterns: PrefilterPatterns) -> pa.Array:
    """The same as the second look, and false for null, by Python's expressions."""
    import pyarrow as pa

    return pa.array([name is not None and _may_be_union(name, patterns) for name in text.to_pylist()], pa.bool_())


def _may_be_union(name: str, patterns: PrefilterPatterns) -> bool:
    """The second look at one name."""
    if _found(patterns.spelled, name):
        return True
    if _found(patterns.organization, name) and _found(patterns.misspelled, name):
        return True
    if _found(patterns.initials, name) and _found(patterns.dotted, name):
        return True
    if not _found(_DIGIT_AMONG_LETTERS, name):
        return False
    slipped = name.translate(_LETTERS)
    return any(_found(patterns.spelled, slipped.replace("1", letter)) for letter in "li")


def _found(pattern: str, text: str) -> bool:
    return _compiled(pattern).search(text) is not None


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str]:
    """An expression for RE2 as one of Python. With ASCII, its classes of characters mean the same in both."""
    return re.compile(pattern, re.ASCII)


def _second_look(text: pa.Array, patterns: PrefilterPatterns, *, bulk: bool = False) -> pa.Array:
    """The same for names that matched a clue.

    Args:
        text: lower-case names; in bulk none is null.
        patterns: the expressions.
        bulk: many calls follow, which are worth automata of pieces (30 ms) and Python's expressions (20 ms each).
    """
    import pyarrow.compute as pc

    def matching(text: pa.Array, pattern: str) -> pa.Array:
        if bulk and len(text) < HANDFUL:
            return _as_array([_found(pattern, each) for each in text.to_pylist()])
        return pc.match_substring_regex(text, pattern=pattern)

    def search(text: pa.Array, name: str) -> pa.Array:
        """Asked only about the texts with one of the pieces. Dotted acronyms can be written in too many ways for it."""
        pattern = getattr(patterns, name)
        following = patterns.automata.of(name, pattern) if bulk and name != "dotted" else None
        found = None if following is None else find_pieces(text, classes_table(), following)
        if found is None:
            return matching(text, pattern)
        hit = _as_array(found)
        return pc.replace_with_mask(hit, hit, matching(text.filter(hit), pattern))

    hit = search(text, "spelled")
    for clue, name in ((patterns.organization, "misspelled"), (patterns.initials, "dotted")):
        asked = pc.and_not(matching(text, clue), hit)
        answers = search(text.filter(asked), name)
        hit = pc.replace_with_mask(hit, asked, answers)
    asked = pc.and_not(matching(text, _DIGIT_AMONG_LETTERS), hit)
    slipped = text.filter(asked)
    if not pc.sum(asked).as_py():
        return hit
    for digit, letter in _LOOK_ALIKES.items():
        slipped = pc.replace_substring(slipped, digit, letter)
    as_l, as_i = (search(pc.replace_substring(slipped, "1", letter), "spelled") for letter in "li")
    return pc.replace_with_mask(hit, asked, pc.or_(as_l, as_i))


class _Token(NamedTuple):
    """What one token of a name may stand for."""

    words: frozenset[str]
    initials: int
    number: bool


class PlainNames:
    """Names that are "clear" because of their words alone, whatever place or type the filing gives.

    A name without a word for officers must have all words of a name on the list. So it is clear if it has no word for
    officers or a theme, no number of a lodge or local, and not all words of any such name.
    """

    def __init__(self, relaxer: Relaxer, keys: Iterable[frozenset[str]], literal: Container[str]) -> None:
        """Prepare to check names.

        Args:
            relaxer: knows what a misspelled word may be.
            keys: the words of each listed name and look-alike without a word for officers.
            literal: all listed names as text.
        """
        vocabulary = load_vocabulary()
        self._relaxer, self._literal = relaxer, literal
        self._officers = vocabulary.type_groups.keys() | vocabulary.theme_words | vocabulary.safe_acronyms
        self._officers |= {"fop", "fraternal"}  # "Fraternal Order of Po": cut off
        keys = {key for key in keys if key}
        often = Counter(word for key in keys for word in key)
        self._keys: dict[str, list[frozenset[str]]] = {}  # by their rarest word
        for key in keys:
            self._keys.setdefault(min(key, key=lambda word: (often[word], word)), []).append(key)
        self._tokens: dict[str, _Token | None] = {}
        self._names: dict[str, bool] = {}

    def without(self, names: pa.Array, passed: pa.Array) -> pa.Array:
        """The names that passed the prefilter, without the plain ones, as booleans.

        Args:
            names: as filed.
            passed: the answer of the prefilter for each.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        asked = names.filter(passed).dictionary_encode()
        kept = [not self._is_plain(name) for name in asked.dictionary.to_pylist()]
        return pc.replace_with_mask(passed, passed, pa.array(kept, pa.bool_()).take(asked.indices))

    def _is_plain(self, name: str) -> bool:
        found = self._names.get(name)
        if found is None:
            found = self.is_plain(name)
            if len(self._names) < REMEMBERED:
                self._names[name] = found
        return found

    def is_plain(self, name: str) -> bool:
        """Whether a name is certainly "clear"; False where only the matcher can tell."""
        text = name.lower()
        if "&" in text:
            text = html.unescape(html.unescape(text)).lower().replace("&", " and ")
        text = split_address(text.replace("'", "")).name
        if not _WORD_BY_WORD.fullmatch(text) or " ".join(text.split()) in self._literal:
            return False
        words: set[str] = set()
        initials, number = 0, False
        for token in text.translate(_APART).split():
            read = self._tokens[token] if token in self._tokens else self._read(token)
            if read is None:
                return False
            words |= read.words
            initials += read.initials
            number |= read.number
        if initials > 1 or (number and not load_vocabulary().numbered.isdisjoint(words)):
            return False  # "P. B. A.", "Lodge 7"
        return self._of_no_name(words)

    def _of_no_name(self, words: set[str]) -> bool:
        """Whether no phrase for officers, and no name on the list, consists of some of these words."""
        phrases = load_vocabulary().phrases
        joined = {word for first in words & phrases.keys() for parts, word in phrases[first] if words.issuperset(parts)}
        if not joined.isdisjoint(self._officers):
            return False
        words |= joined
        return not any(key <= words for word in words & self._keys.keys() for key in self._keys[word])

    def _read(self, token: str) -> _Token | None:
        """What a token may stand for; None if that can be officers, or depends on other words."""
        found = self._whole(token)
        if len(self._tokens) < REMEMBERED:  # entries are never removed, because another thread may read them
            self._tokens[token] = found
        return found

    def _whole(self, token: str) -> _Token | None:
        pieces = re.findall(r"[a-z0-9]+", token)
        if any(self._relaxer.corrected(each) is not None for each in {token.strip(".,;:-"), *pieces}):
            return None
        words: set[str] = set()
        for piece in pieces:
            read = self._words_of(piece)
            if read is None:
                return None
            words |= read
        initials = sum(len(piece) == 1 for piece in pieces)
        number = any(piece.isdigit() or piece in NUMBER_WORDS or _ROMAN.fullmatch(piece) for piece in pieces)
        return _Token(frozenset(words), initials, number)

    def _words_of(self, piece: str) -> set[str] | None:
        vocabulary = load_vocabulary()
        if piece.isdigit():
            return {word.word for word in read_words(piece)} if len(piece) < _DIGITS_OF_AN_ID else None
        if not piece.isalpha() or piece in vocabulary.acronyms or piece in vocabulary.places.keys() & vocabulary.tails:
            return None
        read = read_words(piece)
        words = {word.word for word in read}
        if sort_words(read).types or not words.isdisjoint(self._officers):
            return None
        return words | {"federal"} if "federation" in words else words  # "Fed PAC"
