"""Parquet files: a stretch of a row group becomes a block of text lines."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
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
# Rows of a block, about 16 MB of text. Row groups of a million rows are common, and too large for memory.
BLOCK_ROWS: Final = 1 << 17
# One name with a byte that is not UTF-8 must not make the other names unreadable.
_TO_TEXT: Final = pc.CastOptions(pa.string(), allow_invalid_utf8=True)
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


def read_stretch(
    path: str,
    source: str,
    records: tuple[int, int, int],
    wanted: Sequence[int],
    *,
    needed: Collection[int],
    fields: int,
    delimiter: str,
) -> bytes:
    """The rows of a stretch as lines of text, with only the wanted columns filled.

    Args:
        path: the file.
        source: as the user knows it.
        records: as in ``Stretch``.
        wanted: positions of the columns that are read.
        needed: the positions without which a row is not a contribution.
        fields: how many fields a line has.
        delimiter: between them.

    Raises:
        FilingError: the file is gone, or was changed in the meantime.
    """
    group, first, rows = records
    with _opened(path, source) as file:
        names = file.schema_arrow.names
        # Columns are requested by name. Where two share a name, all are read, because they return in another order.
        # "a.b" is also the name of b in the struct a, so both would return.
        twice = len(set(names)) < len(names) or any(
            name.startswith(f"{field.name}.")
            for field in file.schema_arrow
            if pa.types.is_nested(field.type)
            for name in names
        )
        positions = range(len(names)) if twice else wanted
        asked = None if twice else [names[at] for at in positions]
        found, done = [], 0
        for batch in file.iter_batches(BLOCK_ROWS, row_groups=[group], columns=asked, use_threads=False):
            part = batch.slice(max(0, first - done), max(0, min(rows, first + rows - done)))
            done += batch.num_rows
            found.append(part)
            if done >= first + rows:
                break
        table = pa.Table.from_batches(found)
    if table.num_rows != rows:
        raise FilingError("the file was changed while it was read", source=source)
    empty = pa.repeat(pa.scalar(""), rows)
    read = dict(zip(positions, table.columns, strict=True))
    columns = [
        _as_text(read[at], name, source, needed=at in needed) if at in read else empty for at, name in enumerate(names)
    ]
    out = io.BytesIO()
    named = pa.table(columns, names=[str(at) for at in range(fields)])
    options = pa_csv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="needed")
    pa_csv.write_csv(named, out, options)
    return out.getvalue()


@contextmanager
def _opened(path: str, source: str) -> Iterator[pq.ParquetFile]:
    """The open file. Exceptions inside become a FilingError, because damage may appear on any page."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.OSFile(os.fsencode(path))) as file:  # a file name may not be UTF-8
            yield file
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
    except pa.ArrowNotImplementedError as error:
        if needed:
            raise FilingError(
                f"the column {name!r} holds {column.type}, not text", source=source, hint="name another with --map"
            ) from error
        return pa.repeat(pa.scalar(""), len(column))
    except pa.ArrowInvalid as error:
        raise FilingError(f"the column {name!r} cannot be read: {error}", source=source) from error
    for mark in ("\n", "\r"):
        if pc.any(pc.match_substring(text, mark)).as_py():
            text = pc.replace_substring(text, mark, " ")
    return text


def _decoded(cell: bytes) -> str:
    """A cell of the first rows, which serve only to recognize the columns."""
    return cell.decode("utf-8", "replace")
