"""An opened filing, and the blocks of whole records in which it is read.

A boundary is the first line after the nominal offset that begins a few whole records. It depends on the content alone,
not on the process that computes it, and is never inside a field with line breaks. No file is read whole.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NamedTuple

import pyarrow.compute as pc

from unionscreen.contributions import money_text
from unionscreen.errors import FilingError, NoContributionsError
from unionscreen.filings.files.sources import Source, Stretch
from unionscreen.filings.files.tables import PageText, TextTable
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.layouts.notation import notation_note
from unionscreen.filings.layouts.resolved import ResolvedFormat, describe_columns
from unionscreen.filings.rows.tolerant import MAX_JOINED_LINES, PAID_OUT, PROMISED, PROOF_RECORDS, starts_records

# The size of a block, which is one task: small enough for memory (its columns take about 3 times its size, and from 32
# MB on the system takes back every allocation), large enough to hide the overhead.
BLOCK_BYTES: Final = 24 << 20
# How many blocks of a stream are as large as one of a plain file. Each waiting task holds its bytes, and so does the
# stream: with small blocks, a packed file takes no more memory than a plain one.
_STREAM_SHARE: Final = 4
# The blocks of a long file are equal, and their number is a multiple of this, so that two or four workers end together.
_TOGETHER: Final = 4
# Bytes read after a nominal offset to find a boundary; doubled until one is found.
_WINDOW_BYTES: Final = 64 << 10
# If so much text has no records, the lines are not rows, and any line end will do.
_MAX_WINDOW_BYTES: Final = 4 << 20
_PROOF_LINES: Final = MAX_JOINED_LINES * PROOF_RECORDS
# Lines narrower than a row to skip; if all are narrow, any line end will do.
_MOST_NARROW: Final = 8
# No table has a longer line, and the line would have to be held in memory.
_MAX_LINE_BYTES: Final = 64 << 20
# Files that a note names; a count follows for the rest.
_NAMED: Final = 5


@dataclass(frozen=True)
class BlockTask:
    """One block of one filing: the place of its bytes, or the bytes. Picklable."""

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
    """Title and header lines at the start; only the first block has any."""
    records: tuple[int, int, int] | None = None
    """For a Parquet file, instead of bytes: the row group, the first row in it, and the number of rows."""

    def __str__(self) -> str:
        """Its name in an error."""
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
    failure: str | None = None
    """The whole error, if it is a filing; None for a file that is plainly not one, a hidden sheet, or one page."""


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
    """For the first filing in a folder or a zip: the files there that could not be read."""
    differences: tuple[str, ...] = ()
    """For the first page of a PDF with rows: how the rows of the form differ from its own totals."""
    other_pages: tuple[PageText, ...] = ()
    """For the first page of a PDF with rows: the pages without any."""
    empty: int = 0
    """For the first filing in a folder or a zip: how many files there itemize no contribution."""

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
    def headings(self) -> tuple[str, ...]:
        """The headings of its columns, as spelled in the file; without a header line, those of the format."""
        header = self.resolved.header
        return tuple(self.format.file_columns if header is None else header.fields)

    @property
    def size(self) -> int | None:
        """Bytes as unpacked, for progress; None when not known before reading."""
        return self.table.size

    def tasks(self) -> Iterator[BlockTask]:
        """The blocks in order, cut between records. Standard input can be read once.

        Raises:
            FilingError: the file cannot be read to its end.
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
        """SHA-256 of the file as given; for standard input, of what was read: call it after ``tasks()``."""
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
                hint="the payment of a pledge is a separate row, in the report of the period in which it was paid",
            )
        if rejected:
            return FilingError(
                f"no contributions in {self.source}: all {rejected} rows were rejected",
                source=self.source,
                hint="the columns are probably not what they seem; name them with --map, "
                f"the file was read as {self.format.id} with {_show_columns(self.columns)}",
            )
        return no_rows(self.source, self.table)


def notes_of(filings: Sequence[Filing]) -> list[str]:
    """The notes of the filings, each once and with the files that it is about."""
    found: dict[str, dict[str, None]] = {}
    for filing in filings:
        # The other notes name their file: they may be about a file from which there is no filing.
        own = {*filing.resolved.notes, *notation_note(filing.layout.decimal_mark), *filing.table.notes}
        for note in filing.notes:
            sources = found.setdefault(note, {})
            if note in own and not note.startswith(filing.file):
                sources[filing.source] = None
    return [f"{_some(tuple(sources))}: {note}" if sources else note for note, sources in found.items()]


def _some(sources: Sequence[str]) -> str:
    """Files in a sentence: the first ones, and how many more there are.

    >>> _some(["a.csv", "b.csv"]), _some(list("abcdefg"))
    ('a.csv, b.csv', 'a, b, c, d, e and 2 more files')
    """
    more = len(sources) - _NAMED
    return ", ".join(sources[:_NAMED]) + (f" and {more:,} more file{'s' * (more > 1)}" if more > 0 else "")


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
    hint = table.if_empty or "no row follows its header; is this the right file, and did the download finish?"
    return NoContributionsError("this report itemizes no contributions", source=label, hint=hint)


def boundary(window: bytes, layout: Layout) -> int | None:
    """The offset in the window of the first line that may begin a block; None if the window has none.

    Args:
        window: bytes from the nominal offset on; the first line is cut and not examined.
        layout: the layout of the records.
    """
    end = window.find(b"\n")
    if end < 0:
        return None
    start = end + 1
    if not layout.quoting:  # a later piece of a row that a line break cut is narrower
        delimiter, wide = layout.delimiter.encode(), layout.fields - 1
        for _ in range(_MOST_NARROW):
            end = window.find(b"\n", start)
            if end < 0:
                return None
            if window.count(delimiter, start, end) >= wide:
                break
            start = end + 1
        return start
    text = window[start:].decode("utf-8", "replace").replace("\0", " ")
    lines = [line.removesuffix("\r").replace("\r", " ") for line in text.split("\n")[:-1]]
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
    """The blocks of a file of columns. The length of a block is its share of the bytes on disk."""
    for index, (length, records) in enumerate(stretches):
        yield BlockTask(input_index, index, source, layout, path=path, length=length, records=records)


def file_tasks(
    path: str, size: int, layout: Layout, source: str, input_index: int, skip_lines: int
) -> Iterator[BlockTask]:
    """The blocks of a plain file. Only the windows around the boundaries are read."""
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
    """Where to cut in a window; None if a larger window is needed."""
    found = boundary(window, layout)
    if found is None and len(window) >= _MAX_WINDOW_BYTES:
        found = _any_boundary(window)
    if found is None and last:
        return len(window)
    if found is None and len(window) >= _MAX_LINE_BYTES:
        raise FilingError(
            f"a line longer than {_MAX_LINE_BYTES >> 20} MB: this is not a table of lines",
            source=source,
            hint="is it the agency's own file, or was it packed or converted?",
        )
    return found


def stream_tasks(
    stream: BinaryIO, layout: Layout, source: str, input_index: int, skip_lines: int
) -> Iterator[BlockTask]:
    """The blocks of a stream that can be read only once, from the start. Each task carries its bytes."""
    buffer, index, wanted, ended = b"", 0, _WINDOW_BYTES, False
    size = max(1, BLOCK_BYTES // _STREAM_SHARE)
    while True:
        pieces, got = [buffer], len(buffer)
        while not ended and got < size + wanted:
            piece = stream.read(max(size + wanted - got, io.DEFAULT_BUFFER_SIZE))
            ended = not piece
            pieces.append(piece)
            got += len(piece)
        buffer = b"".join(pieces)
        if len(buffer) <= size and ended:
            cut = len(buffer)
        else:
            window = buffer[size : size + wanted]
            found = _find(window, layout, last=ended, source=source)
            if found is None:
                wanted *= 2
                continue
            cut, wanted = size + found, _WINDOW_BYTES
        if cut == 0:
            return
        skip = skip_lines if index == 0 else 0
        data, buffer = buffer[:cut], buffer[cut:]
        del pieces
        yield BlockTask(input_index, index, source, layout, length=cut, data=data, skip_lines=skip)
        del data
        index += 1
