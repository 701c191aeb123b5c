"""``data/endorsement_words.toml`` as compiled phrases, and sentences as words with positions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from unionscreen.errors import UnionListError
from unionscreen.unions import data_path

# Up to this many words stand for "_" in a phrase.
_GAP: Final = 4
# A longer sentence is a page without punctuation; it is read in pieces of so many words.
LONGEST_SENTENCE: Final = 200
_APOSTROPHES: Final = str.maketrans("\u2019\u2018\u02bc\u00b4`\u201b", "''''''")
_WORD: Final = re.compile(
    r"(?:[^\W\d_]\.){2,}|#?\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[^\W_]+(?:['&][^\W_]+)*(?:(?<=s)')?|([^\w\s])\1{2,}|\S",
    re.UNICODE,
)
_SENTENCE_END: Final = re.compile(
    r"[.!?\u2026][\"\u201d\u2019')\]]*(?=\s+[\"\u201c\u2018'(\[\u2022]*[A-Z0-9\u00c0-\u00de])"
)
_LAST_WORD: Final = re.compile(r"(?<![\w.'])([\w.']+)[.!?\u2026]$")
_INITIALS: Final = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]?|[A-Za-z]")


def is_year(text: str) -> bool:
    """Whether a word is a year of the last or of this century."""
    return len(text) == 4 and text.isdigit() and text[:2] in ("19", "20")


class TextWord(NamedTuple):
    """A word or a punctuation mark of a sentence."""

    text: str
    low: str
    """In lower case with plain apostrophes."""
    start: int
    end: int
    """Where it is in the sentence."""

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


class Cue(NamedTuple):
    """A phrase of the vocabulary in a sentence, by its words."""

    kind: str
    begin: int
    end: int
    """The word after it."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, or an entry of a list."""

    text: str
    start: int
    """Where it begins in its block."""

    @cached_property
    def plain(self) -> str:
        """The text with plain apostrophes, of the same length."""
        return self.text.translate(_APOSTROPHES)

    @cached_property
    def words(self) -> tuple[TextWord, ...]:
        """Its words and punctuation marks."""
        plain = self.plain
        return tuple(
            TextWord(self.text[m.start() : m.end()], m[0].lower(), m.start(), m.end()) for m in _WORD.finditer(plain)
        )

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Every phrase of the vocabulary in it."""
        return tuple(endorsement_words().find([word.low for word in self.words]))


@dataclass(frozen=True)
class EndorsementWords:
    """The vocabulary."""

    phrases: Mapping[str, re.Pattern[str]]
    """Kind of phrase → what matches any of them, in words that are joined by blanks."""
    first: Mapping[str, frozenset[str]]
    """Kind → the words with which its phrases begin."""
    single: Mapping[str, frozenset[str]]
    """Kind → its phrases of one word."""
    reasons: Mapping[str, str]

    def find(self, words: list[str]) -> list[Cue]:
        """Every phrase in a sentence, in the order of the kinds; phrases of one kind do not overlap.

        >>> endorsement_words().find("she was endorsed by both unions".split())[0]
        Cue(kind='endorses', begin=2, end=3)
        """
        joined = "".join(f" {word}" for word in words) + " "
        starts = {0: 0}
        at = 0
        for number, word in enumerate(words, 1):
            at += len(word) + 1
            starts[at] = number
        there = set(words)
        return [
            Cue(kind, starts[found.start()], starts[found.end()])
            for kind, pattern in self.phrases.items()
            if not there.isdisjoint(self.first[kind])  # most sentences have no word of most kinds
            for found in pattern.finditer(joined)
        ]


# Kinds that are looked up word by word and never searched for in a sentence.
_ONLY_WORDS: Final = frozenset(
    "titles not_a_person begins_no_name ends_a_name ends_before_office abbreviations between preposition whole_of "
    "before_endorsement somebody_else group_label slate not_label other_section "
    "of_candidate not_the_object harmless_ing goes_on_ing not_the_person once_of_it part_of near_it rank label_word "
    "menu_word entry_word other_lines no_endorsement_yet not_a_candidate officers_of verb".split()
)


@lru_cache(maxsize=1)
def endorsement_words() -> EndorsementWords:
    """Read the vocabulary from the package or the checkout.

    Raises:
        UnionListError: a phrase of several words, of a kind that is looked up word by word.
    """
    path = data_path("endorsement_words.toml")
    with path.open("rb") as handle:
        raw: dict[str, Any] = tomllib.load(handle)
    for kind in _ONLY_WORDS & {*raw}:
        if longer := [phrase for phrase in raw[kind]["phrases"] if len(_apart(phrase)) > 1]:
            raise UnionListError(f"{longer[0]!r} is not one word, as {kind} needs", source=str(path))
    patterns = {kind: _pattern(entry["phrases"]) for kind, entry in raw.items() if kind not in _ONLY_WORDS}
    single = {
        kind: frozenset(word for phrase in entry["phrases"] if " " not in phrase for word in phrase.split("|"))
        for kind, entry in raw.items()
    }
    first = {
        kind: frozenset(word for phrase in raw[kind]["phrases"] for word in _apart(phrase)[0].split("|"))
        for kind in patterns
    }
    return EndorsementWords(patterns, first, single, {kind: entry.get("reason", "") for kind, entry in raw.items()})


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """One expression for many phrases, the longest first; it begins and ends between two words."""
    longest = sorted(phrases, key=lambda phrase: -len(phrase.split()))
    return re.compile("|".join(_phrase(phrase) for phrase in longest))


def _phrase(phrase: str) -> str:
    parts = []
    for part in _apart(phrase):
        if part == "_":
            parts.append(rf"(?: [^ ,;]+){{0,{_GAP}}}?")
        else:
            parts.append(f" (?:{'|'.join(map(re.escape, part.split('|')))})")
    return "".join(parts) + "(?= )"


def _apart(phrase: str) -> list[str]:
    """The parts of a phrase; a comma is one of them."""
    return re.sub(r"([,;])", r" \1 ", phrase).split()


def sentences(text: str) -> list[Sentence]:
    """The sentences of a block. A period after an abbreviation or an initial does not end one.

    >>> [each.text for each in sentences("Dist. Atty. J. Roe won. The P.B.A. did not. No. 5 did.")]
    ['Dist. Atty. J. Roe won.', 'The P.B.A. did not.', 'No. 5 did.']
    """
    abbreviations = endorsement_words().single["abbreviations"]
    found: list[Sentence] = []
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        last = _LAST_WORD.search(text, max(begin, end.start() - 40), end.start() + 1)
        word = last[1].rstrip(".").lower().translate(_APOSTROPHES) if last else ""
        if text[end.start()] == "." and (word in abbreviations or (last and _INITIALS.fullmatch(last[1]))):
            continue
        found += _pieces(text, begin, end.end())
        begin = end.end()
    return [*found, *_pieces(text, begin, len(text))]


def _pieces(text: str, begin: int, end: int) -> list[Sentence]:
    """A sentence without blanks around it; one that is too long in several pieces."""
    pieces = []
    limit = LONGEST_SENTENCE * 8  # characters: words have five letters and a blank
    while begin < end:
        cut = end if end - begin <= limit else max(text.rfind(" ", begin, begin + limit), begin + limit // 2)
        said = text[begin:cut]
        if stripped := said.strip():
            pieces.append(Sentence(stripped, begin + len(said) - len(said.lstrip())))
        begin = cut
    return pieces
