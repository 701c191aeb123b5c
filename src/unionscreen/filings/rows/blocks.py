"""A filing that was opened, and the blocks of whole records that it is read in.

A boundary is the first line after the nominal offset from which a few whole records follow: computed from the content
alone, so it does not depend on who computes it, and never inside a field with line breaks. No file is read whole.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NamedTuple

import pyarrow.compute as pc

from unionscreen.contributions import money_text
from unionscreen.errors import FilingError, NoContributionsError
from unionscreen.filings.files.sources import Source, Stretch
from unionscreen.filings.files.tables import TextTable
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.detect import ResolvedFormat, describe_columns
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.rows.tolerant import MAX_JOINED_LINES, PAID_OUT, PROMISED, PROOF_RECORDS, starts_records

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


class Unread(NamedTuple):
    """A file that was given and could not be read."""

    path: str
    reason: str


@dataclass(frozen=True)
class Filing:
    """One table of contributions: a file, a member of a zip, or a sheet, ready to be read in blocks."""

    source: str
    """As the user gave the path, plus ``!member`` and ``#Sheet``; ``<stdin>``."""
    table: TextTable = field(repr=False)
    resolved: ResolvedFormat = field(repr=False)
    """Its format, and which column is which."""
    layout: Layout = field(repr=False)
    lines: Source = field(repr=False)
    notes: tuple[str, ...]
    input_index: int = 0
    """Its position among the user's inputs, kept in every task."""
    unread: tuple[Unread, ...] = ()
    """Of the first filing in a folder or a zip: the files there that could not be read."""
    empty: int = 0
    """Of the same: how many files there itemize no contribution."""

    @property
    def path(self) -> str | None:
        """The file on disk that it is in; None for standard input."""
        return None if self.table.file.path is None else str(self.table.file.path)

    @property
    def file(self) -> str:
        """The file or member that it is in: several sheets share one."""
        return self.table.file.label

    @property
    def format(self) -> FilingFormat:
        """The agency's format."""
        return self.resolved.format

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Canonical column to the file columns (or the constant) it is made of."""
        return describe_columns(self.resolved.rules)

    @property
    def size(self) -> int | None:
        """Bytes as unpacked, for progress; None when not known before reading."""
        return self.table.size

    def tasks(self) -> Iterator[BlockTask]:
        """The blocks in order, cut between records; standard input can be asked once.

        Raises:
            FilingError: the file cannot be read on.
        """
        lines, skip = self.lines, self.resolved.skip_lines
        if lines.stretches is not None and self.path is not None:
            yield from _stretch_tasks(self.path, lines.stretches(), self.layout, self.source, self.input_index)
        elif lines.plain and lines.size is not None and self.path is not None:
            yield from file_tasks(self.path, lines.size, self.layout, self.source, self.input_index, skip)
        else:
            with lines.open() as stream:
                yield from stream_tasks(stream, self.layout, self.source, self.input_index, skip)

    def sha256(self) -> str:
        """SHA-256 of the bytes of the file as given; of standard input: of what was read, so ask after ``tasks()``."""
        return self.table.file.digest()

    def no_contributions(self, rejected: int = 0, reasons: Collection[str] = ()) -> FilingError:
        """The error to raise when nothing in it could be screened, which must never look like "no police money".

        Args:
            rejected: rows that were read and rejected.
            reasons: why they were.
        """
        if rejected and {*reasons} == {PAID_OUT}:
            return NoContributionsError(
                f"all {rejected} rows are money that the filer paid out: it received nothing here",
                source=self.source,
                hint="this is a giver's file; give the file of what the candidate received",
            )
        if rejected and PROMISED in reasons and {*reasons} <= {PAID_OUT, PROMISED}:
            return NoContributionsError(
                f"no contributions in {self.source}: all {rejected} rows are unpaid pledges or were paid out",
                source=self.source,
                hint="the payment of a pledge is a row of its own, in the report of the period in which it was paid",
            )
        if rejected:
            return FilingError(
                f"no contributions in {self.source}: all {rejected} rows were rejected",
                source=self.source,
                hint="the columns are probably not what they seem; name them with --map, "
                f"the file was read as {self.format.id} with {_show_columns(self.columns)}",
            )
        return no_rows(self.source, self.table)


def _show_columns(columns: Mapping[str, tuple[str, ...]]) -> str:
    shown = [name for name in ("contributor", "amount_cents", "recipient") if name in columns]
    return ", ".join(f"{name.removesuffix('_cents')} = {' + '.join(columns[name])}" for name in shown)


def no_rows(label: str, table: TextTable) -> NoContributionsError:
    """The error for a table without a row, which must never look like "no police money"."""
    stated = 0 if table.stated is None else pc.sum(table.stated["itemized"]).as_py() or 0
    if stated:
        return NoContributionsError(
            f"this report itemizes no contributions, but its form states that it itemizes {money_text(stated)}: "
            "rows are missing from this file",
            source=label,
            hint="get the complete filing from the agency",
        )
    hint = table.if_empty or "no row stands after its header; is this the right file, and did the download finish?"
    return NoContributionsError("this report itemizes no contributions", source=label, hint=hint)


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


def _stretch_tasks(
    path: str, stretches: Iterator[Stretch], layout: Layout, source: str, input_index: int
) -> Iterator[BlockTask]:
    """The blocks of a file of columns; a block's length is its share of the bytes on disk."""
    for index, (length, records) in enumerate(stretches):
        yield BlockTask(input_index, index, source, layout, path=path, length=length, records=records)


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
