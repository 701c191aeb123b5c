"""One page as words with positions, and queries on it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

# A page with fewer words has no text of its own: scans carry stamps and page numbers.
_MIN_WORDS: Final = 12
# Words whose lower edges differ by less, in points, are on one line; lines of a form are at least 8 points apart.
_LINE: Final = 3.2
# A page with a larger share covered by images is a picture.
_PICTURE: Final = 0.5


class PdfWord(NamedTuple):
    """A word and its position, in points from the lower left corner."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str

    @property
    def middle(self) -> float:
        """Halfway between its left and right edge."""
        return (self.x0 + self.x1) / 2


class PdfRule(NamedTuple):
    """A ruled line, or a filled square."""

    x0: float
    y0: float
    x1: float
    y1: float


class PdfLine(NamedTuple):
    """The words of a line, from left to right."""

    number: int
    """The first line of a page is 1."""
    y: float
    words: tuple[PdfWord, ...]

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(word.text for word in self.words)


def squeezed(text: str) -> str:
    """A text without blanks, case and punctuation, which OCR and PDF programs render differently.

    >>> squeezed("Schedule A (CONT.)")
    'scheduleacont'
    """
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@dataclass(frozen=True, eq=False)
class PdfPage:
    """One page of a PDF."""

    number: int
    """The first page of the file is 1, whatever number is printed on it."""
    width: float
    height: float
    texts: str
    """The words in the order of the file, one per line."""
    boxes: array[float] = field(default_factory=lambda: array("f"))
    """Left, bottom, right, top of each."""
    rules: tuple[PdfRule, ...] = ()
    marks: tuple[PdfRule, ...] = ()
    images: float = 0.0
    ocr: bool = False
    objects: int = 0

    @cached_property
    def words(self) -> tuple[PdfWord, ...]:
        """The words in the order of the file."""
        texts = self.texts.split("\n") if self.texts else []
        return tuple(map(PdfWord, *(self.boxes[side::4] for side in range(4)), texts)) if texts else ()

    def forget(self) -> None:
        """Drop everything derived, so that a thousand pages take little memory."""
        for name in ("words", "lines", "text", "text_by_lines"):
            self.__dict__.pop(name, None)

    @property
    def unread(self) -> bool:
        """Whether it contains something other than text: a scan, or a drawing of letters."""
        few = self.texts.count("\n") + 1 < _MIN_WORDS
        return few and (self.images > _PICTURE or (not self.texts and self.objects > 0))

    @property
    def read_by_machine(self) -> bool:
        """Whether its text was read from a picture by OCR, and may be wrong."""
        return bool(self.texts) and (self.ocr or self.images > _PICTURE)

    @cached_property
    def lines(self) -> tuple[PdfLine, ...]:
        """The lines of words, from the top down."""
        lines: list[list[PdfWord]] = []
        for word in sorted(self.words, key=lambda word: (-word.y0, word.x0)):
            if lines and lines[-1][0].y0 - word.y0 < _LINE:
                lines[-1].append(word)
            else:
                lines.append([word])
        return tuple(
            PdfLine(at, words[0].y0, tuple(sorted(words, key=lambda word: word.x0)))
            for at, words in enumerate(lines, 1)
        )

    @cached_property
    def text(self) -> str:
        """All its text, squeezed, in the order of the file."""
        return squeezed(self.texts)

    @cached_property
    def text_by_lines(self) -> str:
        """All its text, squeezed, line by line."""
        return squeezed("".join(word.text for line in self.lines for word in line.words))

    def says(self, phrase: str) -> bool:
        """Whether it contains a phrase, which must be squeezed."""
        return phrase in self.text or phrase in self.text_by_lines

    def line_of(self, word: PdfWord) -> int:
        """The number of the line with a word."""
        return next((line.number for line in self.lines if word in line.words), 0)

    def within(self, box: Sequence[float]) -> list[PdfWord]:
        """The words in a part of the page.

        Args:
            box: left, right, bottom, top as shares of its width and height.
        """
        left, right, bottom, top = box
        return [
            word
            for word in self.words
            if left <= word.middle / self.width <= right and bottom <= word.y0 / self.height <= top
        ]

    def phrase(self, phrase: str, box: Sequence[float] = (0, 1, 0, 1)) -> list[tuple[PdfWord, ...]]:
        """The runs of consecutive words that make up a phrase.

        Args:
            phrase: words separated by blanks; compared squeezed.
            box: the part of the page to search, as for :meth:`within`.
        """
        wanted = squeezed(phrase)
        found = []
        for line in self.lines:
            if not box[2] <= line.y / self.height <= box[3]:
                continue
            for at, word in enumerate(line.words):
                if box[0] <= word.middle / self.width <= box[1] and (run := _run(line.words[at:], wanted)):
                    found.append(run)
        return found


def _run(words: Sequence[PdfWord], wanted: str) -> tuple[PdfWord, ...]:
    """The first words, if they make up a text; otherwise none."""
    got = ""
    for at, word in enumerate(words):
        got += squeezed(word.text)
        if not got or not (wanted.startswith(got) or got.startswith(wanted)):
            return ()
        if len(got) >= len(wanted):
            return tuple(words[: at + 1])
    return ()


def joined(words: Iterable[PdfWord]) -> str:
    """Words in reading order, as a text."""
    return " ".join(word.text for word in words)
