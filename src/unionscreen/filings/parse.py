"""The bytes of a block to text columns with exact line numbers.

The fast path is ``pyarrow.csv`` over the whole block. It is believed only when rows and skipped rows together are
exactly the physical lines: then no quote swallowed a line, and row numbers are line numbers. Otherwise the block is cut
into chunks between records, and only the chunks that fail the same test go to the line parser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from unionscreen.filings.amounts import parse_amounts
from unionscreen.filings.blocks import boundary
from unionscreen.filings.layout import Layout
from unionscreen.filings.tolerant import MAX_REJECT_TEXT, fit, parse_line, parse_lines

# Small enough that one bad row sends few good ones to the slow parser, large enough that pyarrow's call (0.3 ms) is
# little beside the parsing.
CHUNK_BYTES: Final = 64 * 1024

# Bytes compared at once when line ends are counted: what fits the processor's cache.
_COUNTED_BYTES: Final = 256 * 1024

_TOTAL_WORDS: Final = ("total", "totals", "grand total", "subtotal", "sub-total", "sub total", "report total")
_LONGEST_TOTAL: Final = max(map(len, _TOTAL_WORDS)) + 2  # with blanks or a colon


@dataclass
class Segment:
    """Rows of a stretch of lines: the columns screening needs, and the means to get the others."""

    table: pa.Table
    """Text columns named by their position in the file."""
    cents: pa.Array
    lines: np.ndarray
    """Where each row starts, in lines from the start of the block."""
    data: bytes
    """The lines themselves, UTF-8."""
    first_line: int
    whole: bool
    """Whether ``table`` already holds every mapped column."""


@dataclass
class Parsed:
    """Everything read from a block."""

    segments: list[Segment] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    repeated_headers: int = 0
    lines: int = 0


def count_lines(data: bytes) -> int:
    """Physical lines: line ends, and a last line without one."""
    # Not bytes.count: it stops at each of the many line ends, and takes four times as long.
    view = np.frombuffer(data, np.uint8)
    ends, found = 0, np.empty(min(len(view), _COUNTED_BYTES), dtype=bool)
    for start in range(0, len(view), _COUNTED_BYTES):
        piece = view[start : start + _COUNTED_BYTES]
        ends += int(np.count_nonzero(np.equal(piece, 0x0A, out=found[: len(piece)])))
    return ends + (bool(data) and not data.endswith(b"\n"))


def read_columns(
    data: bytes, layout: Layout, positions: Sequence[int], on_invalid: Callable[[pa_csv.InvalidRow], str]
) -> pa.Table:
    """The columns at these positions as text, by pyarrow, named by their position.

    Raises:
        pa.ArrowInvalid: pyarrow cannot make rows of it.
    """
    names = [str(at) for at in range(layout.fields)]
    wanted = [str(at) for at in positions]
    return pa_csv.read_csv(
        pa.BufferReader(data),
        read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
        parse_options=pa_csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if layout.quoting else False,
            newlines_in_values=layout.quoting,
            ignore_empty_lines=False,
            invalid_row_handler=on_invalid,
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=wanted,
            column_types={name: pa.string() for name in wanted},
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
            check_utf8=False,  # the block was decoded before
        ),
    )


def parse_block(data: bytes, layout: Layout, first_line: int) -> Parsed:
    """All rows and rejects of a block.

    Args:
        data: whole lines, UTF-8, without NULs.
        layout: how they are laid out.
        first_line: number of the first of these lines in the block.
    """
    out = Parsed(lines=first_line)
    if not data:
        return out
    if _fast(data, layout, out):
        return out
    start = 0
    while start < len(data):
        end = start + CHUNK_BYTES
        cut = boundary(data[end : end + CHUNK_BYTES], layout) if end < len(data) else None
        end = len(data) if cut is None else end + cut
        chunk = data[start:end]
        if not _fast(chunk, layout, out):
            _slow(chunk, layout, out)
        start = end
    return out


def _fast(data: bytes, layout: Layout, out: Parsed) -> bool:
    """Parse by pyarrow and add to ``out``; False (and nothing added) where its answer cannot be trusted."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False  # pyarrow takes a lone carriage return for a line end
    invalid: list[tuple[int, str]] = []

    def on_invalid(row: pa_csv.InvalidRow) -> str:
        invalid.append((row.number - 1, row.text))
        return "skip"

    try:
        table = read_columns(data, layout, layout.screened, on_invalid)
    except pa.ArrowInvalid:
        return False
    lines = count_lines(data)
    if table.num_rows + len(invalid) != lines:
        return False
    rejects: list[tuple[int, str, str]] = []
    for at, text in invalid:
        fields = parse_line(text.removesuffix("\r"), layout)
        if fields is None:
            return False
        if not any(cell.strip() for cell in fields):
            continue
        reason = fit(fields, layout)
        if not isinstance(reason, str):
            return False  # a harmless row that pyarrow left out: the line parser keeps it in its place
        rejects.append((at, reason, text[:MAX_REJECT_TEXT]))
    skipped = np.array([at for at, _ in invalid], dtype=np.int64)
    rows = np.delete(np.arange(lines), skipped) if len(skipped) else np.arange(lines)
    out.rejects += [(out.lines + at, reason, text) for at, reason, text in rejects]
    starts: list[int] = []

    def text_of(row: int) -> str:
        if not starts:
            starts.extend(line_starts(data).tolist())
        line = int(rows[row])
        return data[starts[line] : starts[line + 1]].decode("utf-8").rstrip("\r\n")

    _settle(table, rows, text_of, data, layout, out, whole=False)
    out.lines += lines
    return True


def _slow(data: bytes, layout: Layout, out: Parsed) -> None:
    """Parse line by line and add to ``out``."""
    records = parse_lines(data.decode("utf-8"), layout)
    out.rejects += [(out.lines + at, reason, text) for at, reason, text in records.rejects]
    out.repeated_headers += records.repeated_headers
    columns = {str(at): pa.array([row[at] for row in records.fields], pa.string()) for at in layout.mapped}
    rows = np.array(records.lines, dtype=np.int64)
    _settle(pa.table(columns), rows, records.text_of, data, layout, out, whole=True)
    out.lines += count_lines(data)


def line_starts(data: bytes) -> np.ndarray:
    """Offset of each line's first byte, and of the end after the last."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 0x0A) + 1
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    return np.concatenate(([0], ends))


def _settle(
    table: pa.Table,
    rows: np.ndarray,
    text_of: Callable[[int], str],
    data: bytes,
    layout: Layout,
    out: Parsed,
    *,
    whole: bool,
) -> None:
    """Keep the rows with an amount as a segment; the others are blank, a header once more, or rejected."""
    amounts = [_array(table, str(at)) for at in layout.amounts_at]
    cents = _sum_of(amounts) if len(amounts) > 1 else parse_amounts(amounts[0])
    drop: list[int] = []
    for row in pc.indices_nonzero(cents.is_null()).to_pylist() if cents.null_count else []:
        text = text_of(row)
        drop.append(row)
        fields = parse_line(text, layout) or [text]
        if layout.is_header(fields):
            out.repeated_headers += 1
        elif any(cell.strip() for cell in fields):
            amount = " + ".join(filter(None, (each[row].as_py().strip() for each in amounts)))
            reason = f"'{amount}' is not an amount" if amount else "the amount is empty"
            out.rejects.append((out.lines + int(rows[row]), reason, text[:MAX_REJECT_TEXT]))
    dropped = set(drop)
    for row in _nameless(table, layout):
        text = text_of(row)
        if row not in dropped and _is_total(parse_line(text, layout) or [text]):
            drop.append(row)
            reason = "a line of totals, not a contribution"
            out.rejects.append((out.lines + int(rows[row]), reason, text[:MAX_REJECT_TEXT]))
    if drop:
        keep = np.ones(len(rows), dtype=bool)
        keep[drop] = False
        mask = pa.array(keep)
        table, cents, rows = table.filter(mask), cents.filter(mask), rows[keep]
    out.segments.append(Segment(table, cents, rows + out.lines, data, out.lines, whole))


def _sum_of(amounts: Sequence[pa.Array]) -> pa.Array:
    """Cents of rows with several amounts: null where none is filled, or one is no amount."""
    out, nothing = None, None
    for texts in amounts:
        blank = pc.equal(pc.ascii_trim_whitespace(texts), "")
        cents = parse_amounts(pc.if_else(blank, "0", texts))
        out = cents if out is None else pc.add(out, cents)
        nothing = blank if nothing is None else pc.and_(nothing, blank)
    return pc.if_else(nothing, pa.scalar(None, pa.int64()), out)


def _array(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])


def _nameless(table: pa.Table, layout: Layout) -> list[int]:
    """Rows whose contributor is empty or a word for a sum, among which a line of totals may hide."""
    blank: pa.Array | None = None
    for at in layout.named:
        short = pc.less_equal(pc.binary_length(_array(table, str(at))), _LONGEST_TOTAL)
        blank = short if blank is None else pc.and_(blank, short)
    if blank is None:
        return []
    rows = pc.indices_nonzero(blank)
    for at in layout.named:
        words = pc.utf8_lower(pc.ascii_trim(_array(table, str(at)).take(rows), " :"))
        rows = rows.filter(pc.is_in(words, pa.array(["", *_TOTAL_WORDS])))
    return cast("list[int]", rows.to_pylist())


def _is_total(fields: Sequence[str]) -> bool:
    """Whether the first words of a row say that it sums up others."""
    words = next((cell.strip(" :").lower() for cell in fields if cell.strip()), "")
    return words in _TOTAL_WORDS or words.startswith(("total ", "total:", "grand total"))
