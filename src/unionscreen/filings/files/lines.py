"""The lines of a block: their count, and single lines by number."""

from __future__ import annotations

from typing import Final

import numpy as np

from unionscreen.compiled import look_over
from unionscreen.filings.files.encodings import MARKS

# Bytes searched for line ends at once: few enough for the processor's cache, and for a quick search of a single line.
_SEARCHED_BYTES: Final = 64 * 1024


def has_lone_returns(data: bytes) -> bool:
    r"""Whether a carriage return is not part of a line end.

    >>> [has_lone_returns(text) for text in (b"a\nb", b"a\r\nb\r\n", b"a\rb\r\n", b"a\r\nb\r")]
    [False, False, True, True]
    """
    if b"\r" not in data:
        return False
    view = np.frombuffer(data, np.uint8)
    for at in range(0, len(view), _SEARCHED_BYTES):  # not bytes.count, which takes many times as long on many matches
        piece = view[at : at + _SEARCHED_BYTES + 1]
        if np.any((piece[:-1] == 0x0D) & (piece[1:] != 0x0A)):
            return True
    return data.endswith(b"\r")


class Lines:
    r"""Whole lines of text. The last may lack its line end.

    >>> lines = Lines(b"a\nb\nc")
    >>> lines.count, lines.at(np.array([0, 2]))
    (3, [b'a\n', b'c'])
    """

    def __init__(self, data: bytes) -> None:
        """Count the line ends in each stretch of the text, and look for marks."""
        self.data = data
        view = np.frombuffer(data, np.uint8)
        self._stretches = [view[at : at + _SEARCHED_BYTES] for at in range(0, len(view), _SEARCHED_BYTES)]
        looked = look_over(data, 0x0A, _SEARCHED_BYTES, MARKS)
        if looked is None:  # not bytes.count, which takes four times as long on so many matches
            found = np.empty(min(len(view), _SEARCHED_BYTES), dtype=bool)
            ends = [np.count_nonzero(np.equal(each, 0x0A, out=found[: len(each)])) for each in self._stretches]
            looked = np.array(ends, dtype=np.int64), any(mark in data for mark in MARKS)
        self.has_marks = looked[1]
        """Whether ``encodings.without_marks`` would change the text."""
        self._before = np.append(0, np.cumsum(looked[0]))
        self._known, self._found = -1, np.empty(0, dtype=np.int64)  # the stretch searched last, its line ends

    @property
    def count(self) -> int:
        """Physical lines: line ends, and a last line without one."""
        return int(self._before[-1]) + (bool(self.data) and not self.data.endswith(b"\n"))

    def at(self, wanted: np.ndarray) -> list[bytes]:
        """Some lines with their line ends. Only the stretches in which they begin are searched.

        Args:
            wanted: line numbers, from 0; fastest in ascending order.
        """
        # Line n begins after line end n - 1.
        ends = wanted - 1
        holders = np.searchsorted(self._before, ends, "right") - 1
        return [self._after(*each) for each in zip(ends.tolist(), holders.tolist(), strict=True)]

    def blank(self) -> np.ndarray:
        r"""Which lines are empty but for their line end.

        >>> Lines(b"a\n\n\r\nb").blank().tolist()
        [False, True, True, False]
        """
        view = np.frombuffer(self.data, np.uint8)
        ends = np.flatnonzero(view == 0x0A)
        if len(ends) < self.count:
            ends = np.append(ends, len(view))
        starts = np.append(0, ends + 1)[: len(ends)]
        blank = ends == starts
        lone = np.flatnonzero(ends - starts == 1)
        blank[lone] = view[starts[lone]] == 0x0D
        return np.asarray(blank, dtype=bool)

    def _after(self, end: int, holder: int) -> bytes:
        """The line after a line end, which is in the stretch ``holder``."""
        if end >= 0 and holder != self._known:
            self._known = holder
            self._found = np.flatnonzero(self._stretches[holder] == 0x0A) + holder * _SEARCHED_BYTES
        begin = 0 if end < 0 else int(self._found[end - self._before[holder]]) + 1
        return self.data[begin : self.data.find(b"\n", begin) + 1 or len(self.data)]
