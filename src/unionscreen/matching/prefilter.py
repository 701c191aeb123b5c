"""Prefilter: most donors are people and firms, and none of their words could make them a union.

Arrow checks a few regular expressions on a whole column before any name costs Python time. They keep every name that
:class:`Matcher` could answer with more than "clear" (a test checks both), about 1 name in 55.

One automaton reads every name and keeps about 1 in 12; smaller ones decide about the distinct names among these.
Misspellings are looked for only in names with another word for an organization, because a misspelled word for police
alone identifies nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from unionscreen.matching.names import TYPO_LENGTH, TYPO_LENGTH_TWO
from unionscreen.matching.vocabulary import load_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

# How many names with a second look are cached; at about 150 bytes each, 20 MB.
REMEMBERED: Final = 1 << 17
# For fewer names, building the automaton of the first look (4 ms) takes longer than it saves.
FEW: Final = 8_000
# For so few names, Python's expressions are faster (13 µs a name), once they are compiled: Arrow compiles its own at
# each call (2 ms, and 20 µs a name). Compiling Python's takes up to 20 ms, so the first small blocks do not ask for it.
HANDFUL: Final = 400
_FIRST_CALLS: Final = 4
# The longest acronym that is written with dots: "N.Y.S.C.O.P.B.A."
INITIALS: Final = 8

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
    r"[a-z]{3}(?:fops?|pbas?|poas?|dsas?)\b", r"\b(?:of|fop|pba|poa)(?:lodge|local|pac|no|fop|pba)", r"lodge\d",
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
    handfuls: list[int] = field(default_factory=list, compare=False, repr=False)
    """How many names each of the first calls with few names had."""

    @property
    def clue(self) -> str:
        """What every name that is worth matching matches: the others are excluded in one pass."""
        return "|".join((self.spelled, self.organization, self.initials, _DIGIT_AMONG_LETTERS))


@lru_cache(maxsize=4)
def prefilter_patterns(rare_words: frozenset[str] = frozenset()) -> PrefilterPatterns:
    """The expressions for a list.

    Args:
        rare_words: distinctive words of listed names without a word for police ("locust", "seba").
    """
    vocabulary = load_vocabulary()
    types = {w for w, group in vocabulary.type_groups.items() if group}
    wanted = {w for w in types | vocabulary.theme_words if w.isalpha()}
    wanted |= {spelling for spelling, word in vocabulary.words.items() if word in wanted}
    long = {word for word in wanted if len(word) >= TYPO_LENGTH}
    acronyms = {acronym for acronym in vocabulary.acronyms if acronym != "nys"} | vocabulary.safe_acronyms
    rare_words |= {short for short, place in vocabulary.places.items() if rare_words & {*place}}
    short = (wanted - long) | rare_words | acronyms
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


def prefilter(names: pa.Array, rare_words: frozenset[str] = frozenset()) -> pa.Array:
    """Which names are worth matching, as a boolean array of the same length; false is certainly "clear"."""
    import pyarrow.compute as pc

    patterns = prefilter_patterns(rare_words)
    text = pc.ascii_lower(names)
    if len(text) < FEW:
        if len(text) < HANDFUL:
            if len(patterns.handfuls) >= _FIRST_CALLS:
                return _one_by_one(text, patterns)
            patterns.handfuls.append(len(text))
        return pc.fill_null(_second_look(text, patterns), False)
    hit = pc.fill_null(pc.match_substring_regex(text, pattern=patterns.clue), False)
    # Not the distinct names of the whole block: most are in it once, so finding these costs more than checking all.
    asked = text.filter(hit).dictionary_encode()
    return pc.replace_with_mask(hit, hit, _remembered(asked.dictionary, patterns).take(asked.indices))


def _remembered(text: pa.Array, patterns: PrefilterPatterns) -> pa.Array:
    """The second look, only for names that were not checked before."""
    import pyarrow as pa

    names = text.to_pylist()
    known = patterns.answers
    new = [name for name in names if name not in known]
    checked = dict(zip(new, _second_look(pa.array(new, pa.string()), patterns).to_pylist(), strict=True)) if new else {}
    out = pa.array([checked[name] if name in checked else known[name] for name in names], pa.bool_())
    if len(known) + len(checked) <= REMEMBERED:
        known.update(checked)
    return out


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


def _second_look(text: pa.Array, patterns: PrefilterPatterns) -> pa.Array:
    """The same for names that matched a clue."""
    import pyarrow.compute as pc

    hit = pc.match_substring_regex(text, pattern=patterns.spelled)
    for clue, pattern in ((patterns.organization, patterns.misspelled), (patterns.initials, patterns.dotted)):
        asked = pc.and_not(pc.match_substring_regex(text, pattern=clue), hit)
        answers = pc.match_substring_regex(text.filter(asked), pattern=pattern)
        hit = pc.replace_with_mask(hit, asked, answers)
    asked = pc.and_not(pc.match_substring_regex(text, pattern=_DIGIT_AMONG_LETTERS), hit)
    slipped = text.filter(asked)
    if not pc.sum(asked).as_py():
        return hit
    for digit, letter in _LOOK_ALIKES.items():
        slipped = pc.replace_substring(slipped, digit, letter)
    as_l, as_i = (
        pc.match_substring_regex(pc.replace_substring(slipped, "1", letter), pattern=patterns.spelled)
        for letter in "li"
    )
    return pc.replace_with_mask(hit, asked, pc.or_(as_l, as_i))
