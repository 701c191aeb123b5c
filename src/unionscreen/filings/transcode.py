"""Text that is not UTF-8 with newlines, made so while it streams by: UTF-16, and lines ended by a lone CR."""

from __future__ import annotations

import codecs
from typing import BinaryIO, Final

_PIECE: Final = 1 << 20
# A mark at the start that says how the text is encoded, and is no part of it.
_MARK: Final = "\ufeff"


class Transcoded:
    """A stream of UTF-8 text with newlines from one that is otherwise."""

    def __init__(self, stream: BinaryIO, encoding: str | None, *, bare_cr: bool) -> None:
        """Read ``stream`` in ``encoding`` (None: leave the bytes); with ``bare_cr``, turn each CR into a newline."""
        self._stream = stream
        # An odd last byte or half a pair becomes a replacement character: the row is kept, and shows the damage.
        self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._bare_cr = bare_cr
        self._at_start = True
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
        return raw.replace(b"\r", b"\n") if self._bare_cr else raw


def ends_in_bare_cr(text: str) -> bool:
    """Whether the lines of a head end in a carriage return alone, as on old Macs (some Ohio files do)."""
    return "\n" not in text and "\r" in text
