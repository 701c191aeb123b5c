"""What a mention is, and what a whole page says about the names on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from unionscreen.matching import Match, Matcher
from unionscreen.matching.vocabulary import load_vocabulary

# A short name has three to eight letters: "PBA", "NYSCOPBA".
ACRONYM_LETTERS: Final = range(3, 9)


class Mention(NamedTuple):
    """An organization that a sentence names."""

    begin: int
    end: int
    """Its words in the sentence, without the end."""
    text: str
    """As written."""
    read_as: str
    """The name that was matched: with coordinated names spelled out, and short names as the text explains them."""
    match: Match
    named: bool = True
    """Whether the text names it; "the police union" does not."""


@dataclass
class PageNames:
    """What the whole page says about names: short names it explains, and whether police are its subject."""

    matcher: Matcher
    state: str | None = None
    explained: dict[str, Mention | None] = field(default_factory=dict)
    """Short name → the mention that it stands for; None where several have it."""
    police: bool = False
    """Whether it has a word for police, or an organization of officers."""
    not_police: bool = False
    _answers: dict[str, Match] = field(default_factory=dict)

    def match(self, name: str) -> Match:
        """The matcher's answer, once for each name."""
        found = self._answers.get(name)
        if found is None:
            found = self._answers[name] = self.matcher.match(name, state=self.state)
        return found

    @cached_property
    def unmarked(self) -> dict[str, list[tuple[str, ...]]]:
        """Names on the list that have no word for officers, by their first word, the longest first."""
        vocabulary = load_vocabulary()
        marked = {word for word, group in vocabulary.type_groups.items() if group} | set(vocabulary.acronyms)
        marked |= {spelling for spelling, word in vocabulary.words.items() if word in marked}
        found: dict[str, list[tuple[str, ...]]] = {}
        for alias in self.matcher.unions.aliases:
            words = tuple(alias.alias.lower().replace(".", "").replace("#", "").split())
            if len(words) > 1 and not any(word.rstrip("s'") in marked or word in marked for word in words):
                found.setdefault(words[0], []).append(words)
        for names in found.values():
            names.sort(key=len, reverse=True)
        return found

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Short names on the list."""
        return frozenset(
            alias.alias for alias in self.matcher.unions.aliases if alias.alias.isupper() and " " not in alias.alias
        )


def tidied(text: str) -> str:
    """The name for the matcher: a possessive at its end is not a part of it."""
    for ending in ("'s", "\u2019s"):
        text = text.removesuffix(ending)
    return text.rstrip("'\u2019 .,")
