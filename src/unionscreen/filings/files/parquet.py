"""Parquet files: a stretch of a row group becomes a block of text lines."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from unionscreen.errors import FilingError
from unionscreen.filings.files.heads import sheet_head
from unionscreen.filings.files.sources import Source, Start, Stretch
from unionscreen.filings.files.tables import FileTables, ReadOptions, TextTable, always

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_MAGIC: Final = b"PAR1"
# Rows of a block, about 8 MB of text. Row groups of a million rows are common, and too large for memory.
BLOCK_ROWS: Final = 1 << 16
# Bytes of a column to hold at once; otherwise each is read whole, and a row group may be as large as its file.
_BUFFER: Final = 1 << 18
# One name with a byte that is not UTF-8 must not make the other names unreadable.
_TO_TEXT: Final = pc.CastOptions(pa.string(), allow_invalid_utf8=True)
# Longer cells are read from their lines, where very long ones are refused.
_LONG_CELL: Final = 1 << 16
# Rows to examine to recognize the columns.
_HEAD_ROWS: Final = 200


def recognizes(source: Source, start: Start) -> bool:
    """Whether it is a Parquet file on disk, which can be read from any position."""
    return source.plain and start.data.startswith(_MAGIC)


def tables(source: Source, _start: Start, _options: ReadOptions) -> FileTables:
    """The one table of the file.

    Raises:
        FilingError: it cannot be read as Parquet.
    """
    path, label = str(source.path), source.label
    columns = replace(source, stretches=lambda: _stretches(path, label))
    head = [sheet_head(_head_rows(path, label))]
    return FileTables([TextTable(source, head, always(columns), source.size, header_apart=True)])


def _head_rows(path: str, source: str) -> list[list[str]]:
    """The column names and the first rows, as text.

    Raises:
        FilingError: it cannot be read as Parquet.
    """
    with _opened(path, source) as file:
        names = file.schema_arrow.names
        for batch in file.iter_batches(_HEAD_ROWS):
            texts = [_as_text(column, name, source) for name, column in zip(names, batch.columns, strict=True)]
            columns = [[_decoded(cell) for cell in text.cast(pa.binary()).to_pylist()] for text in texts]
            return [names, *map(list, zip(*columns, strict=True))]
        return [names]


def _stretches(path: str, source: str) -> Iterator[Stretch]:
    """The rows of the file in stretches that fit into memory."""
    with _opened(path, source) as file:
        for group in range(file.num_row_groups):
            meta = file.metadata.row_group(group)
            size = sum(meta.column(at).total_compressed_size for at in range(meta.num_columns))
            for first in range(0, meta.num_rows, BLOCK_ROWS):
                rows = min(BLOCK_ROWS, meta.num_rows - first)
                yield Stretch(size * rows // meta.num_rows, (group, first, rows))


class _Group:
    """A row group that is read from its start, one stretch after the other."""

    def __init__(self, path: str, source: str, group: int, wanted: Sequence[int]) -> None:
        self._open = ExitStack()
        file = self._open.enter_context(_opened(path, source))
        self.names = file.schema_arrow.names
        # Columns are requested by name. Where two share a name, all are read, because they return in another order.
        # "a.b" is also the name of b in the struct a, so both would return.
        twice = len(set(self.names)) < len(self.names) or any(
            name.startswith(f"{field.name}.")
            for field in file.schema_arrow
            if pa.types.is_nested(field.type)
            for name in self.names
        )
        self.positions = range(len(self.names)) if twice else wanted
        asked = None if twice else [self.names[at] for at in wanted]
        self._batches = file.iter_batches(BLOCK_ROWS, row_groups=[group], columns=asked, use_threads=False)
        self._left: list[pa.RecordBatch] = []
        self.total = file.metadata.row_group(group).num_rows
        self.at = 0

    def rows(self, first: int, rows: int) -> pa.Table:
        """The rows from ``first`` on, which is not before ``at``; fewer than asked for if there are no more."""
        found: list[pa.RecordBatch] = []
        while self.at < first + rows and (batch := self._left.pop() if self._left else next(self._batches, None)):
            skipped = min(max(0, first - self.at), batch.num_rows)
            part = batch.slice(skipped, first + rows - self.at - skipped)
            if rest := batch.num_rows - skipped - part.num_rows:
                self._left.append(batch.slice(batch.num_rows - rest))
            self.at += skipped + part.num_rows
            found.append(part)
        return pa.Table.from_batches(found)

    def close(self) -> None:
        """Close the file."""
        self._open.close()


# Row groups that are being read, by file, group and columns. A row group can only be read from its start: with this,
# the blocks of a large one do not each begin there.
_GROUPS: Final[dict[tuple[object, ...], _Group]] = {}
_GROUPS_LOCK: Final = threading.Lock()
_MOST_GROUPS: Final = 2


def read_stretch(
    path: str,
    source: str,
    records: tuple[int, int, int],
    wanted: Sequence[int],
    *,
    needed: Collection[int],
    fields: int,
) -> pa.Table:
    """The rows of a stretch as text, with only the wanted columns filled. Columns are named by their position.

    Args:
        path: the file.
        source: as the user knows it.
        records: as in ``Stretch``.
        wanted: positions of the columns that are read.
        needed: the positions without which a row is not a contribution.
        fields: how many fields a line has.

    Raises:
        FilingError: the file is gone, or was changed in the meantime.
    """
    group, first, rows = records
    with _reading(source), _GROUPS_LOCK:
        state = Path(path).stat()
        key = (path, state.st_mtime_ns, state.st_size, group, *wanted)
        reader = _GROUPS.pop(key, None)
        if reader is None or reader.at > first:
            reader = _Group(path, source, group, wanted)
        names, positions, table = reader.names, reader.positions, reader.rows(first, rows)
        if reader.at < reader.total:
            _GROUPS[key] = reader
        else:
            reader.close()
        while len(_GROUPS) > _MOST_GROUPS:
            _GROUPS.pop(next(iter(_GROUPS))).close()
    if table.num_rows != rows:
        raise FilingError("the file was changed while it was read", source=source)
    empty = pa.repeat(pa.scalar(""), rows)
    read = dict(zip(positions, table.columns, strict=True))
    columns = [
        _as_text(read[at], name, source, needed=at in needed) if at in read else empty for at, name in enumerate(names)
    ]
    return pa.table(columns, names=[str(at) for at in range(fields)]).combine_chunks()


def is_clean(table: pa.Table) -> bool:
    """Whether columns of text are what their lines would give: all UTF-8, nothing to clean, and no very long cell."""
    return all(_is_clean(chunk) for column in table.columns for chunk in column.chunks)


def _is_clean(texts: pa.Array) -> bool:
    held = _bytes_of(texts)
    if b"\x00" in held or b"\x1a" in held or (pc.max(pc.binary_length(texts)).as_py() or 0) > _LONG_CELL:
        return False
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _bytes_of(texts: pa.Array) -> bytes:
    """The bytes of all cells, without a mark between them."""
    data = texts.buffers()[2]
    return b"" if data is None else bytes(data.to_pybytes())


def table_lines(table: pa.Table, delimiter: str) -> bytes:
    """Columns of text as lines."""
    out = io.BytesIO()
    options = pa_csv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="needed")
    pa_csv.write_csv(table, out, options)
    return out.getvalue()


@contextmanager
def _opened(path: str, source: str) -> Iterator[pq.ParquetFile]:
    """The open file. Exceptions inside become a FilingError, because damage may appear on any page."""
    import pyarrow.parquet as pq

    with (
        _reading(source),
        pq.ParquetFile(pa.OSFile(os.fsencode(path)), buffer_size=_BUFFER, pre_buffer=False) as file,  # may not be UTF-8
    ):
        yield file


@contextmanager
def _reading(source: str) -> Iterator[None]:
    """Exceptions inside become a FilingError, because damage may appear on any page."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError, IndexError) as error:
        if isinstance(error, OSError) and error.errno:
            raise FilingError(f"cannot be read: {error.strerror or error}", source=source) from error
        raise FilingError(f"the Parquet file is damaged: {error}", source=source, hint="download it again") from error


def _as_text(
    column: pa.Array | pa.ChunkedArray, name: str, source: str, *, needed: bool = False
) -> pa.Array | pa.ChunkedArray:
    """Values as in a text file: empty for null, one line each. Lists and structs are left out.

    Bytes stay unchanged; the reader of the block finds their encoding as in a text file.

    Raises:
        FilingError: a value has no text form, or a needed column holds lists.
    """
    try:
        text = pc.fill_null(pc.cast(column, options=_TO_TEXT), "")
    except pa.ArrowNotImplementedError as error:  # Arrow has no cast of this type to text: a list, a struct, a map
        if needed:
            raise FilingError(
                f"the column {name!r} holds {column.type}, not text", source=source, hint="name another with --map"
            ) from error
        return pa.repeat(pa.scalar(""), len(column))
    except pa.ArrowInvalid as error:
        raise FilingError(f"the column {name!r} cannot be read: {error}", source=source) from error
    chunks = text.chunks if isinstance(text, pa.ChunkedArray) else [text]
    held = [_bytes_of(chunk) for chunk in chunks]
    for mark in ("\n", "\r"):
        if any(mark.encode() in each for each in held):  # few columns have any, and this takes no time
            text = pc.replace_substring(text, mark, " ")
    return text


def _decoded(cell: bytes) -> str:
    """A cell of the first rows, which serve only to recognize the columns."""
    return cell.decode("utf-8", "replace")
