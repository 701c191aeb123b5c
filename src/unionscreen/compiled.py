"""Loops over the bytes of a block that an optional library in C does faster than Arrow. Results never depend on it.

``hatch_build.py`` compiles ``_loops.c`` when the package is installed and a compiler is there. Each function here
returns None where the library is missing or cannot decide for sure, and then the caller goes its usual way.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

# "0" here turns the library off: to compare, or if it misbehaves.
SWITCH: Final = "UNIONSCREEN_COMPILED"
SOURCE: Final = Path(__file__).with_name("_loops.c")
# Not ".so": Python would take it for a module.
LIBRARY: Final = SOURCE.with_suffix(".library")
# As in the source: bytes to spare after the texts of a column.
_SPARE: Final = 32
# From 32 MB on the system takes back every allocation at once, and gives only the pages that are written to.
_LARGE: Final = 33 << 20
# For so few bytes, asking the system takes longer than the splitting.
_SMALL: Final = 1 << 20
# Offsets of texts are int32.
_MAX_BYTES: Final = (1 << 31) - 1 - _SPARE


@lru_cache(maxsize=1)
def _loaded() -> ctypes.CDLL | None:
    """The library; None if there is none, or it was compiled from another version of its source."""
    try:
        library = ctypes.CDLL(str(LIBRARY))
        found = ctypes.c_char_p(ctypes.addressof(ctypes.c_char.in_dll(library, "source_sha256"))).value
        if found != hashlib.sha256(SOURCE.read_bytes()).hexdigest().encode():
            return None
    except (OSError, ValueError):
        return None
    whole, long, address = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p
    library.look_over.argtypes = [ctypes.c_char_p, long, whole, long, address, whole, whole]
    library.look_over.restype = whole
    library.split.argtypes = [ctypes.c_char_p, long, long, whole, whole, whole, address, address, address, address]
    library.split.restype = whole
    library.read_cents.argtypes = [address, address, long, address, address]
    library.read_cents.restype = long
    library.find_pieces.argtypes = [address, address, long, address, whole, address, whole, address]
    library.find_pieces.restype = None
    return library


def _library() -> ctypes.CDLL | None:
    return None if os.environ.get(SWITCH) == "0" else _loaded()


def is_active() -> bool:
    """Whether the library is there and not turned off."""
    return _library() is not None


def look_over(data: bytes, counted: int, stretch: int, wanted: bytes) -> tuple[np.ndarray, bool] | None:
    """How often a byte is in each stretch of the data, and whether one of two others is anywhere in it.

    Args:
        data: what to look at.
        counted: the byte to count.
        stretch: bytes of each; the last one may be shorter.
        wanted: the two others.
    """
    library = _library()
    if library is None:
        return None
    counts = np.empty(-(-len(data) // stretch), dtype=np.int64)
    found = library.look_over(data, len(data), counted, stretch, counts.ctypes.data, *wanted)
    return counts, bool(found)


def split_lines(
    data: bytes, lines: int, delimiter: str, fields: int, positions: Sequence[int], *, quoting: bool
) -> pa.Table | None:
    """The columns at these positions as text, named by their position; None if any line is not plainly one row.

    Args:
        data: whole lines, UTF-8.
        lines: how many.
        delimiter: between the cells.
        fields: cells of each line.
        positions: of the columns, ascending.
        quoting: whether cells may be in double quotes.
    """
    library = _library()
    # Arrow skips a byte-order mark at the start, and an empty line may be a row of one cell.
    if library is None or len(data) > _MAX_BYTES or fields < 2 or not delimiter.isascii() or data[:1] == b"\xef":
        return None
    wanted = np.full(fields, -1, dtype=np.int16)
    wanted[list(positions)] = np.arange(len(positions))
    used = np.zeros(len(positions), dtype=np.int32)
    offsets = [pa.allocate_buffer(4 * (lines + 1)) for _ in positions]
    for each in offsets:
        np.frombuffer(each, np.int32)[0] = 0
    room = (len(data) if len(data) < _SMALL else max(len(data), _LARGE)) + _SPARE
    texts = [np.empty(room, dtype=np.uint8) for _ in positions]
    starts = np.array([each.address for each in offsets], dtype=np.uintp)
    places = np.array([each.ctypes.data for each in texts], dtype=np.uintp)
    addresses = (wanted.ctypes.data, used.ctypes.data, starts.ctypes.data, places.ctypes.data)
    if not library.split(data, len(data), lines, ord(delimiter), quoting, fields, *addresses):
        return None
    columns = {
        str(at): pa.StringArray.from_buffers(lines, ends, pa.py_buffer(text[:size]))
        for at, ends, text, size in zip(positions, offsets, texts, used.tolist(), strict=True)
    }
    return pa.table(columns)


def read_cents(texts: pa.Array) -> tuple[np.ndarray, np.ndarray] | None:
    """Cents of amounts in the usual notation, and which texts are not in it: their cents are 0.

    Args:
        texts: strings without nulls.
    """
    library = _library()
    if library is None or not isinstance(texts, pa.StringArray):
        return None
    cents, odd = np.empty(len(texts), dtype=np.int64), np.empty(len(texts), dtype=bool)
    library.read_cents(*_addresses(texts), len(texts), cents.ctypes.data, odd.ctypes.data)
    return cents, odd


def find_pieces(texts: pa.Array, classes: np.ndarray, following: np.ndarray) -> np.ndarray | None:
    """Which texts have a piece of an automaton (``matching.pieces``), or a byte that it cannot judge.

    Args:
        texts: strings; a null has no piece.
        classes: the class of each byte.
        following: the next state of each state and class.
    """
    library = _library()
    if library is None or not isinstance(texts, pa.StringArray):
        return None
    found = np.empty(len(texts), dtype=bool)
    states, many = following.shape
    library.find_pieces(
        *_addresses(texts), len(texts), classes.ctypes.data, many, following.ctypes.data, states - 1, found.ctypes.data
    )
    return found


def _addresses(texts: pa.Array) -> tuple[int | None, int]:
    """Where the bytes of a column of text are, and its offsets."""
    _, offsets, data = texts.buffers()
    return None if data is None else data.address, offsets.address + 4 * texts.offset
