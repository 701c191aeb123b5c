"""The first sieve: most donors are people and firms, and none of their words could make them a union.

One regular expression, so that Arrow can ask it of a whole column before any name costs Python time. It lets through
all that :class:`Matcher` could answer with more than "clear" (a test asks both), and about 1 name in 20.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from unionscreen.matching.names import TYPO_LENGTH, TYPO_LENGTH_TWO
from unionscreen.matching.vocabulary import load_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

# The longest acronym that is written with dots.
INITIALS: Final = 6

# Phrases whose parts are ordinary words: asked for as a run.
_RUNS: Final = (
    r"law\W+enforc", r"public\W+safety", r"court\W+off", r"peace\W*off", r"game\W+warden", r"park\W+ranger",
    r"superior\W+off", r"command(?:ing)?\W+off", r"distr?i?c?t?\W+att", r"attorneys?\W+general",
    r"blue\W+(?:line|lives)",
    r"back\W+the\W+blue", r"(?:the|with)\W+badge", r"(?:county|state|prosecuting|commonwealth)\W?s?\W+att",
)  # fmt: skip


def _one_letter_wrong(word: str) -> list[str]:
    """Patterns that match `word` with one letter wrong, missing, added or swapped with the next."""
    wrong = [word[:i] + ".{0,2}" + word[i + 1 :] for i in range(len(word))]
    return wrong + [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def _dotted(word: str) -> str:
    """A short word, also as initials: "c.l.e.a.t."."""
    return r"\.?".join(word) if word.isalpha() and len(word) <= INITIALS else re.escape(word)


@lru_cache(maxsize=4)
def gate_pattern(rare_words: frozenset[str] = frozenset()) -> str:
    """The expression, for RE2 and Python's re alike, over lower-case text.

    Args:
        rare_words: distinctive words of listed names that hold no police word ("locust", "seba").
    """
    vocabulary = load_vocabulary()
    types = {w for w, group in vocabulary.type_groups.items() if group}
    themes = vocabulary.theme_words
    wanted = {w for w in types | themes if w.isalpha()}
    wanted |= {spelling for spelling, word in vocabulary.words.items() if word in wanted}
    patterns = {re.escape(word) for word in wanted if len(word) >= TYPO_LENGTH}
    for word in vocabulary.typos:
        if word in types:
            patterns.update(_one_letter_wrong(word))
            if len(word) >= TYPO_LENGTH_TWO:
                patterns.add(word[:4] + ".{3,9}")
    rare_words |= {short for short, place in vocabulary.places.items() if rare_words & {*place}}
    short = {word for word in wanted if len(word) < TYPO_LENGTH} | rare_words | vocabulary.safe_acronyms
    patterns |= {rf"\b{_dotted(word)}s?\b" for word in short}
    patterns |= {r"\b" + r"[. ]{0,3}".join(acronym) + r"\b" for acronym in vocabulary.acronyms if acronym != "nys"}
    return "|".join(sorted(patterns) + sorted(_RUNS))


def gate(names: pa.Array, rare_words: frozenset[str] = frozenset()) -> pa.Array:
    """Which names are worth reading, as a boolean array of the same length; false is certainly "clear".

    Apostrophes are ignored, and what is not plain ASCII passes: undoing encoding damage is the reader's work.
    """
    import pyarrow.compute as pc

    text = pc.replace_substring_regex(pc.utf8_lower(names), pattern="['&;#x0-9]*27;|['\u2019`]", replacement="")
    hit = pc.match_substring_regex(text, pattern=gate_pattern(rare_words))
    return pc.fill_null(pc.or_(hit, pc.invert(pc.string_is_ascii(names))), False)
