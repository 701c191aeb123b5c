"""Decode bytes that are not all UTF-8. The encoding is decided byte by byte, never guessed for a whole file."""

from __future__ import annotations

import codecs
import re
from typing import Final

import numpy as np
import pyarrow as pa

# The error handler that decodes UTF-8 in which some bytes are Windows-1252.
CP1252_BYTES: Final = "unionscreen.cp1252"

# NUL and the old end-of-file mark become blanks. A blank within an amount makes it invalid, so nothing is guessed.
MARKS: Final = b"\x00\x1a"
# A single one between two letters would hide the word, so it is removed. Several of them are padding.
_IN_WORD: Final = re.compile(rb"(?<=[A-Za-z\x80-\xff])[\x00\x1a](?=[A-Za-z\x80-\xff])")


def _from_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode the bytes that are not UTF-8 as Windows-1252, and its five undefined bytes as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_CP1252[byte] for byte in wrong), error.end


_CP1252: Final = [
    bytes([byte]).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252") for byte in range(256)
]
codecs.register_error(CP1252_BYTES, _from_cp1252)


def to_utf8(data: bytes) -> tuple[bytes, str]:
    """Bytes as UTF-8 and the encoding they were in: ``utf-8``, or ``cp1252`` when some of them are not.

    Only the bytes that are not UTF-8 are read as Windows-1252, so that one such line does not change the other names.
    """
    if data.isascii() or _is_utf8(data):
        return data, "utf-8"
    return data.decode("utf-8", CP1252_BYTES).encode("utf-8"), "cp1252"


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are strict UTF-8. Arrow checks this in 1 ms per block; decoding takes 15 ms."""
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def without_marks(data: bytes) -> bytes:
    r"""UTF-8 without NULs and end-of-file marks: removed within words, blanks elsewhere.

    >>> without_marks(b"Pol\x00ice,1\x000\x00\x00\n")
    b'Police,1 0  \n'
    """
    for byte in MARKS:
        if byte in data:
            data = _IN_WORD.sub(b"", data).replace(bytes([byte]), b" ")
    return data
