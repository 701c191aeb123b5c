"""The bytes or the cells of one block, from its file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import pyarrow as pa

from unionscreen.errors import FilingError
from unionscreen.filings.files import parquet
from unionscreen.filings.files.encodings import to_utf8, without_marks
from unionscreen.filings.files.lines import Lines
from unionscreen.filings.rows.blocks import BlockTask
from unionscreen.filings.rows.parse import Parsed, parse_block, parse_table

_UTF8_BOM: Final = b"\xef\xbb\xbf"


def block_text(task: BlockTask) -> str:
    """The lines of a block with all columns, titles and headings included.

    Raises:
        FilingError: the file is gone, or was changed in the meantime.
    """
    if task.records is None:
        data = _load(task)
    else:
        table = _stretch(task, task.records, range(task.layout.fields))
        data = parquet.table_lines(table, task.layout.delimiter)
    return without_marks(to_utf8(data.removeprefix(_UTF8_BOM))[0]).decode()


def _load(task: BlockTask) -> bytes:
    if task.data is not None:
        return task.data
    if task.path is None:
        raise AssertionError("a task has a path or its bytes")
    try:
        with open(task.path, "rb") as handle:  # noqa: PTH123 - the path is text in a task
            handle.seek(task.offset)
            data = handle.read(task.length)
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=task.source) from error
    if len(data) != task.length:
        raise FilingError("the file became shorter while it was read", source=task.source)
    return data


def _stretch(task: BlockTask, records: tuple[int, int, int], positions: Sequence[int]) -> pa.Table:
    if task.path is None:
        raise AssertionError("a block of columns has a path")
    needed, fields = task.layout.required, task.layout.fields
    return parquet.read_stretch(task.path, task.source, records, positions, needed=needed, fields=fields)


def parsed_block(task: BlockTask) -> tuple[Parsed, str]:
    """The rows of a block, and the encoding of its lines. Clean cells of a file of columns need not become lines."""
    layout = task.layout
    if task.records is None:
        data = _load(task)
    else:
        table = _stretch(task, task.records, layout.mapped)
        as_lines = partial(parquet.table_lines, table, layout.delimiter)
        if layout.quoting and parquet.is_clean(table):
            return parse_table(table, layout, as_lines), "utf-8"
        data = as_lines()
    if task.block_index == 0:
        data = data.removeprefix(_UTF8_BOM)
    start = 0
    for _ in range(task.skip_lines):
        start = data.find(b"\n", start) + 1 or len(data)
    data = data[start:] if start else data
    data, encoding = to_utf8(data)
    lines = Lines(data)
    if lines.has_marks:
        lines = Lines(without_marks(data))
    return parse_block(lines, layout, task.skip_lines), encoding
