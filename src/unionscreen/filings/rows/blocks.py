"""Cutting a source into blocks of whole records, and what a block task is.

A boundary is the first line after the nominal offset from which a few whole records follow: computed from the content
alone, so it does not depend on who computes it, and never inside a field with line breaks. No file is read whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from unionscreen.errors import FilingError
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.rows.tolerant import MAX_JOINED_LINES, PROOF_RECORDS, starts_records

# One block is at most this and one task: small enough for memory (about 3 times its size in columns, and from 32 MB on
# the system takes every one back), large enough to hide the overhead.
BLOCK_BYTES: Final = 24 << 20
# The blocks of a long file are equal, and a multiple of so many: two or four workers end together.
_TOGETHER: Final = 4
# Bytes read after a nominal offset to find a boundary; doubled until one is found.
_WINDOW_BYTES: Final = 64 << 10
# No records in so much text: the lines are not rows, and any line end is as good.
_MAX_WINDOW_BYTES: Final = 4 << 20
_PROOF_LINES: Final = MAX_JOINED_LINES * PROOF_RECORDS
# A line longer than this is no line of a table, and would have to be held in memory whole.
_MAX_LINE_BYTES: Final = 64 << 20


@dataclass(frozen=True)
class BlockTask:
    """One block of one filing: where its bytes are, or the bytes. Picklable."""

    input_index: int
    block_index: int
    source: str
    layout: Layout
    path: str | None = None
    offset: int = 0
    length: int = 0
    """Bytes at ``offset`` of ``path``; with ``data``, their number."""
    data: bytes | None = None
    skip_lines: int = 0
    """Lines at the start that are title or header; only the first block has any."""
    records: tuple[int, int, int] | None = None
    """Of a Parquet file instead of bytes: the row group, the first row in it, and how many."""

    def __str__(self) -> str:
        """What an error calls it."""
        if self.data is not None:
            return f"{self.source}, block {self.block_index + 1}"
        if self.records is not None:
            group, first, rows = self.records
            return f"{self.source}, row group {group}, rows {first:,} to {first + rows:,}"
        return f"{self.source}, bytes {self.offset:,} to {self.offset + self.length:,}"


def boundary(window: bytes, layout: Layout) -> int | None:
    """Offset in the window of the first line that a block may begin with, or None when there is none in it.

    Args:
        window: bytes from the nominal offset on; the line it begins in is cut, and not looked at.
        layout: what a record is.
    """
    end = window.find(b"\n")
    if end < 0:
        return None
    if not layout.quoting:
        return end + 1
    text = window[end + 1 :].decode("utf-8", "replace").replace("\0", " ")
    lines = [line.removesuffix("\r").replace("\r", " ") for line in text.split("\n")[:-1]]
    start = end + 1
    for at in range(len(lines)):
        if starts_records(lines[at : at + _PROOF_LINES], layout):
            return start
        start = window.index(b"\n", start) + 1
    return None


def _any_boundary(window: bytes) -> int | None:
    """The first line end, for text without records."""
    end = window.find(b"\n")
    return None if end < 0 else end + 1


def file_tasks(
    path: str, size: int, layout: Layout, source: str, input_index: int, skip_lines: int
) -> Iterator[BlockTask]:
    """The blocks of a plain file, of which only the windows around the boundaries are read."""
    start, index = 0, 0
    blocks = -(-size // BLOCK_BYTES)
    if blocks > _TOGETHER:
        blocks += -blocks % _TOGETHER
    nominal = -(-size // blocks) if blocks else size
    with open(path, "rb") as handle:  # noqa: PTH123 - the path is text in a task
        while start < size:
            end = start + nominal
            end = size if end >= size else end + _file_boundary(handle, end, layout, source)
            yield BlockTask(
                input_index, index, source, layout, path=path, offset=start, length=end - start,
                skip_lines=skip_lines if index == 0 else 0,
            )  # fmt: skip
            start, index = end, index + 1


def _file_boundary(handle: BinaryIO, at: int, layout: Layout, source: str) -> int:
    wanted = _WINDOW_BYTES
    while True:
        handle.seek(at)
        window = handle.read(wanted)
        found = _find(window, layout, last=len(window) < wanted, source=source)
        if found is not None:
            return found
        wanted *= 2


def _find(window: bytes, layout: Layout, *, last: bool, source: str) -> int | None:
    """Where to cut in a window; None to be asked again with more of the file."""
    found = boundary(window, layout)
    if found is None and len(window) >= _MAX_WINDOW_BYTES:
        found = _any_boundary(window)
    if found is None and last:
        return len(window)
    if found is None and len(window) >= _MAX_LINE_BYTES:
        raise FilingError(
            f"a line longer than {_MAX_LINE_BYTES >> 20} MB: this is not a table of lines",
            source=source,
            hint="is it the file the agency gave, and not packed or converted in another way?",
        )
    return found


def stream_tasks(
    stream: BinaryIO, layout: Layout, source: str, input_index: int, skip_lines: int
) -> Iterator[BlockTask]:
    """The blocks of a stream that cannot be read twice or from the middle; each task carries its bytes."""
    buffer, index, wanted, ended = b"", 0, _WINDOW_BYTES, False
    while True:
        while not ended and len(buffer) < BLOCK_BYTES + wanted:
            piece = stream.read(max(BLOCK_BYTES + wanted - len(buffer), io.DEFAULT_BUFFER_SIZE))
            ended = not piece
            buffer += piece
        if len(buffer) <= BLOCK_BYTES and ended:
            cut = len(buffer)
        else:
            found = _find(buffer[BLOCK_BYTES : BLOCK_BYTES + wanted], layout, last=ended, source=source)
            if found is None:
                wanted *= 2
                continue
            cut, wanted = BLOCK_BYTES + found, _WINDOW_BYTES
        if cut == 0:
            return
        skip = skip_lines if index == 0 else 0
        yield BlockTask(input_index, index, source, layout, length=cut, data=buffer[:cut], skip_lines=skip)
        buffer, index = buffer[cut:], index + 1
