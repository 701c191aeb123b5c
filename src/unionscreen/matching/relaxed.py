"""A second, relaxed reading of names with a word for police: missing spaces and typos in short words.

"King Conty Police", "OrlandoFOP Lodge 25", "Polie Officers Association". It needs a dictionary: a token is split or
corrected only if it is not a word of the list or the vocabulary, and only into words of these.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final

from unionscreen.matching.names import Part, Word, read_words
from unionscreen.matching.near import nearest_word
from unionscreen.matching.slips import letters_for_digits
from unionscreen.matching.vocabulary import load_vocabulary

# How many tokens are remembered as this reading has them; each takes some 100 bytes.
_REMEMBERED: Final = 1 << 16
# A token shorter than this is too close to other real words.
SHORTEST: Final = 4


class Relaxer:
    """Reads a part of a name again, with the words of the list as its dictionary."""

    def __init__(self, known: Container[str]) -> None:
        self._known = known
        self._remembered: dict[tuple[str, bool], str | None] = {}

    def read(self, part: Part, *, officers: bool) -> Part | None:
        """The part with unknown tokens split or corrected; None where there was nothing to do.

        Args:
            part: a part of a name.
            officers: the first reading found officers in the name.
        """
        filed: dict[str, str] = {}
        tokens: list[str] = []
        for token in part.text.replace("/", " ").split():
            bare = token.strip(".,;:-()#")
            again = self.corrected(bare, officers=officers)
            filed.update(dict.fromkeys((again or "").split(), bare))
            tokens.append(token if again is None else again)
        if not filed:
            return None
        words = tuple(self._mark(word, part.words, filed) for word in read_words(" ".join(tokens)))
        return part._replace(words=words)

    @staticmethod
    def _mark(word: Word, before: tuple[Word, ...], filed: Mapping[str, str]) -> Word:
        """Mark a word that only this reading found as a typo: it is a doubt."""
        if any(word.word == old.word for old in before):
            return word
        respelled = " ".join(dict.fromkeys(filed.get(text, text) for text in word.text.split()))
        return word._replace(typo=True, respelled=respelled)

    def _again(self, token: str, targets: tuple[str, ...]) -> str | None:
        if len(token) < SHORTEST or token.isdigit() or self.is_word(token):
            return None
        slipped = (each for each in letters_for_digits(token) if self.is_word(each))
        return next(slipped, None) or self._cut(token) or self._correct(token, targets)

    def corrected(self, token: str, *, officers: bool = False) -> str | None:
        """A token as this reading has it, in a name with or without officers; None where it stays as it is."""
        key = (token, officers)
        if key in self._remembered:  # entries are never removed, because another thread may be here
            return self._remembered[key]
        vocabulary = load_vocabulary()
        found = self._again(token, vocabulary.slips if officers else vocabulary.cautious_slips)
        if len(self._remembered) < _REMEMBERED:
            self._remembered[key] = found
        return found

    def is_word(self, token: str) -> bool:
        """Whether a lower-case token is a word of the list or the vocabulary."""
        vocabulary = load_vocabulary()
        single = token[:-1] if token.endswith("s") else token
        return any(
            each in self._known or each in vocabulary.words or each in vocabulary.not_typos or each in vocabulary.tails
            or each in vocabulary.type_groups or each in vocabulary.forms or each in vocabulary.levels
            or each in vocabulary.acronyms or each in vocabulary.stops or each in vocabulary.places
            or each in vocabulary.slips or each in vocabulary.phrase_words
            for each in (token, single)
        )  # fmt: skip

    def _cut(self, token: str) -> str | None:
        for at in range(2, len(token) - 1):
            left, right = token[:at], token[at:]
            if self._is_piece(left) and self._is_piece(right):
                return f"{left} {right}"
        return None

    def _is_piece(self, piece: str) -> bool:
        if piece.isdigit() or piece in load_vocabulary().glued:
            return True
        return len(piece) >= SHORTEST and self.is_word(piece)

    @staticmethod
    def _correct(token: str, targets: tuple[str, ...]) -> str | None:
        if not token.isalpha():
            return None
        hit = nearest_word(token, targets, 1)
        if hit is None and token.endswith("s"):
            hit = nearest_word(token[:-1], targets, 1)
        return None if hit is None else hit[0]
