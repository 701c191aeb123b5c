"""Convert UTF-16, and lines that end in a lone CR, to UTF-8 with newlines while the text is read."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO, Final

from unionscreen.filings.files.sources import Source, converted

_PIECE: Final = 1 << 20
# The byte order mark at the start, which is not part of the text.
_MARK: Final = "\ufeff"


class Transcoded:
    """A stream of UTF-8 text with newlines, converted from another stream."""

    def __init__(self, stream: BinaryIO, encoding: str | None, *, bare_cr: bool) -> None:
        """Read ``stream`` in ``encoding`` (None: keep the bytes). With ``bare_cr``, make each line end a newline."""
        self._stream = stream
        # An odd last byte or half a surrogate pair becomes a replacement character: the row is kept and shows the
        # damage.
        self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._bare_cr = bare_cr
        self._at_start = True
        self._held = b""  # a CR at the end of a piece, whose newline may follow
        self._ready = b""
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of text; fewer than ``size`` only at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            raw = self._stream.read(_PIECE)
            self._ended = not raw
            self._ready += self._convert(raw)
        cut = len(self._ready) if size < 0 else size
        out, self._ready = self._ready[:cut], self._ready[cut:]
        return out

    def _convert(self, raw: bytes) -> bytes:
        if self._decoder is not None:
            text = self._decoder.decode(raw, final=self._ended)
            if self._at_start and text:
                text, self._at_start = text.removeprefix(_MARK), False
            raw = text.encode("utf-8", "replace")
        if not self._bare_cr:
            return raw
        raw, self._held = self._held + raw, b""
        if raw.endswith(b"\r") and not self._ended:
            raw, self._held = raw[:-1], b"\r"
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def transcoded(source: Source, encoding: str | None, *, bare_cr: bool) -> Source:
    """A source as UTF-8 text with newlines; the source itself if it needs no change."""
    if encoding is None and not bare_cr:
        return source

    def pieces(stream: BinaryIO) -> Iterator[bytes]:
        yield from iter(partial(Transcoded(stream, encoding, bare_cr=bare_cr).read, _PIECE), b"")

    return replace(converted(source, pieces), size=source.size)


def ends_in_bare_cr(text: str) -> bool:
    r"""Whether some line of a head ends in a lone carriage return before any line ends in a newline.

    On old Macs all lines do (some Ohio files). Only the header does where another program put it before the rows.

    >>> [ends_in_bare_cr(text) for text in ("a,b\r1,2\r", "a,b\r1,2\n3,4\n", "a,b\r\n1,2\r\n", 'a,"b\rc"\n1,2\n')]
    [True, True, False, False]
    """
    newline = text.find("\n")
    if newline < 0:
        return "\r" in text
    first = text[:newline].rstrip("\r")
    return any(first.count('"', 0, at) % 2 == 0 for at, letter in enumerate(first) if letter == "\r")
