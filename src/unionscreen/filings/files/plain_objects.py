"""Objects of text, one per line, as lines of CSV: Arrow reads them many times faster than Python does.

Anything else (a list, a key that appears twice, a line break within a cell, a number that is written in a rare way) is
left to ``records``, which also says what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.sources import Generated
from unionscreen.safe_text import LINE_BREAKS

# Bytes of lines to convert at once.
_PIECE: Final = 2 << 20
# Bytes that Arrow parses at once: its result stays in the processor's cache. A longer line is left to ``records``.
_PARSED: Final = 1 << 20
# They become a blank in ``records``.
_BREAKS: Final = tuple(map(str.encode, LINE_BREAKS))
# A number of which Python gives back the same text: whole, or with up to three decimals.
_NUMBER: Final = rb"(-?(?:[1-9][0-9]{0,11}|0(?=\.)|(?<!-)0)(?:\.(?:[0-9]{0,2}[1-9]|0))?)(?=\s{0,9}[,}])"


class LinePieces:
    """A stream in pieces that end with a line."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read ``stream``."""
        self._stream, self._left = stream, b""

    def __iter__(self) -> Iterator[bytes]:
        """The pieces. The last may lack its line end. A longer line is cut where its piece is full."""
        while data := self._stream.read(_PIECE):
            cut = data.rfind(b"\n") + 1
            if not cut and len(self._left) + len(data) > _PIECE:
                cut = len(data)
            piece, self._left = self._left + data[:cut], data[cut:]
            if cut:
                yield piece
            else:
                self._left = piece + self._left
        if self._left:
            piece, self._left = self._left, b""
            yield piece

    def rest(self, piece: bytes) -> BinaryIO:
        """A piece, and what follows it."""
        return cast("BinaryIO", Generated(self._bytes_after(piece)))

    def _bytes_after(self, piece: bytes) -> Iterator[bytes]:
        yield piece + self._left
        self._left = b""
        yield from iter(lambda: self._stream.read(_PIECE), b"")


class PlainObjects:
    """Converts objects whose values are texts, nulls or numbers, under these keys."""

    def __init__(self, header: Sequence[str]) -> None:
        """Take the keys, which are the columns."""
        self._schema = pa.schema([(name, pa.string()) for name in header])
        self._numbers: dict[str, re.Pattern[bytes]] = {}

    def as_lines(self, piece: bytes) -> bytes | None:
        """Whole lines with an object each as lines of CSV; None where they hold anything else."""
        # A line with one cell has another form where it is empty.
        if len(self._schema) < 2 or to_utf8(piece)[1] != "utf-8":
            return None
        table = self._read(piece)
        if table is None and self._has_more_numbers(piece):
            table = self._read(piece)
        if table is None:
            return None
        cells = [_cells(column.combine_chunks()) for column in table.columns]
        if not table.num_rows or any(each is None for each in cells):
            return None
        rows = pc.binary_join_element_wise(*cells, ",")
        every = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(rows)], pa.int32()), rows), "\n")
        return bytes(every[0].as_buffer()) + b"\n"

    def _read(self, piece: bytes) -> pa.Table | None:
        import pyarrow.json as pa_json

        for pattern in self._numbers.values():
            # Within a text, this would end it before a digit, which is not JSON. So it changes no text unnoticed.
            piece = pattern.sub(rb'\1"\2"', piece)
        try:
            return pa_json.read_json(
                pa.BufferReader(piece),
                pa_json.ReadOptions(use_threads=False, block_size=_PARSED),
                pa_json.ParseOptions(
                    explicit_schema=self._schema, newlines_in_values=False, unexpected_field_behavior="error"
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _has_more_numbers(self, piece: bytes) -> bool:
        """Find keys with numbers in the first object that were not known."""
        first = first_object(piece)
        found = {key for key, value in first.items() if type(value) in (int, float)} - self._numbers.keys()
        for key in found:
            self._numbers[key] = re.compile(b"(" + re.escape(json.dumps(key).encode()) + rb":\s{0,9})" + _NUMBER)
        return bool(found)


def first_object(piece: bytes) -> dict[str, Any]:
    """The object on the first line; empty where there is none."""
    try:
        found = json.loads(piece[: piece.find(b"\n") + 1] or piece)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _cells(texts: pa.Array) -> pa.Array | None:
    """A column as csv would write it; None where a cell has a line break."""
    texts = pc.fill_null(texts, "")
    data = texts.buffers()[2]
    held = b"" if data is None else data.to_pybytes()
    if any(each in held for each in _BREAKS):  # searching a column for each of them takes no time
        return None
    if b'"' in held:
        quoted = pc.match_substring_regex(texts, '[",]')
        return pc.if_else(quoted, _within_quotes(pc.replace_substring(texts, '"', '""')), texts)
    return pc.if_else(pc.match_substring(texts, ","), _within_quotes(texts), texts) if b"," in held else texts


def _within_quotes(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise('"', texts, '"', "")
