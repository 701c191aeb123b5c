"""Parse the bytes of a block into text columns with exact line numbers.

Where every line is plainly one row, the optional library in C splits them (``compiled``). The usual fast path is
``pyarrow.csv`` for the whole block. Its result counts only if rows and skipped rows add up to exactly
the physical lines: then no quote swallowed a line, and row numbers are line numbers. Otherwise the block is cut into
chunks between records, and only the chunks that fail the same test go to the line parser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from unionscreen.compiled import split_lines
from unionscreen.filings.files.lines import Lines, has_lone_returns
from unionscreen.filings.layouts.doubles import Differing, put_together
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.layouts.notation import DecimalMark
from unionscreen.filings.layouts.nothing import without_nothing
from unionscreen.filings.rows.amounts import parse_amounts, why_no_amount
from unionscreen.filings.rows.blocks import boundary
from unionscreen.filings.rows.tolerant import (
    MAX_REJECT_TEXT,
    PAID_OUT,
    PROMISED,
    REJOINED,
    fit,
    may_be_pieces,
    parse_line,
    parse_lines,
)
from unionscreen.filings.rows.values import build_flag

# Small enough that one bad row sends few good rows to the slow parser, large enough that the overhead of pyarrow's call
# (0.3 ms) is small.
CHUNK_BYTES: Final = 64 * 1024

# Bytes that pyarrow parses at once: the result stays in the processor's cache until it is converted to columns. A block
# of 16 MB takes 30 ms in such pieces and 45 ms in one.
_PARSED_BYTES: Final = 1 << 20

# If more rows than this have no amount, blank lines among them are searched together: a sheet with one cell in its last
# row is a million blank lines.
_MANY_BLANK: Final = 1_000

_TOTAL_WORDS: Final = ("total", "totals", "grand total", "subtotal", "sub-total", "sub total", "report total")
_NAMELESS: Final = frozenset(("", *_TOTAL_WORDS))
_LONGEST_TOTAL: Final = max(map(len, _TOTAL_WORDS)) + 2  # with blanks or a colon


def _one_of(letters: str) -> np.ndarray:
    """For each byte, whether it is one of these letters, or a blank or colon next to the word."""
    return np.isin(np.arange(256), list((letters.lower() + letters.upper() + " :").encode()))


_FIRST_OF_TOTAL: Final = _one_of("".join(word[0] for word in _TOTAL_WORDS))
_LAST_OF_TOTAL: Final = _one_of("".join(word[-1] for word in _TOTAL_WORDS))


@dataclass
class Segment:
    """Rows of a stretch of lines: the columns that screening needs, and the lines to read the others."""

    table: pa.Table
    """Text columns named by their position in the file."""
    cents: pa.Array
    lines: np.ndarray
    """The line on which each row starts, from the start of the block."""
    text: Lines
    """The lines themselves, UTF-8."""
    first_line: int
    whole: bool
    """Whether ``table`` already holds every mapped column."""


@dataclass
class Parsed:
    """Everything read from a block."""

    segments: list[Segment] = field(default_factory=list)
    unread: list[Segment] = field(default_factory=list)
    """The rows that were rejected because of their amount, which is 0 here."""
    paid_out: list[Segment] = field(default_factory=list)
    """The rows of money that the filer paid out, where the format says how they are read."""
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    lines: int = 0
    differing: Differing = field(default_factory=dict)
    """By the position of the first of several columns that share a header: the rows in which they differ, and one of
    these rows. Under ``REJOINED``: the rows that line breaks cut into pieces."""


def read_columns(
    data: bytes, layout: Layout, positions: Sequence[int], on_invalid: Callable[[pa_csv.InvalidRow], str]
) -> pa.Table:
    """The columns at these positions as text, parsed by pyarrow and named by their position.

    Raises:
        pa.ArrowInvalid: pyarrow cannot parse it.
    """
    return pa_csv.read_csv(
        pa.BufferReader(data),
        read_options=pa_csv.ReadOptions(
            use_threads=False,
            column_names=[str(at) for at in range(layout.fields)],
            block_size=min(len(data) + 1, _PARSED_BYTES),
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if layout.quoting else False,
            newlines_in_values=layout.quoting,
            ignore_empty_lines=False,
            invalid_row_handler=on_invalid,
        ),
        convert_options=_convert_options(tuple(positions)),
    )


@lru_cache(maxsize=64)  # shared by the many small files of a folder
def _convert_options(positions: tuple[int, ...]) -> pa_csv.ConvertOptions:
    wanted = [str(at) for at in positions]
    return pa_csv.ConvertOptions(
        include_columns=wanted,
        column_types={name: pa.string() for name in wanted},
        strings_can_be_null=False,
        quoted_strings_can_be_null=False,
        check_utf8=False,  # the block was decoded before
    )


def parse_block(physical: Lines, layout: Layout, first_line: int) -> Parsed:
    """All rows and rejects of a block.

    Args:
        physical: its lines, UTF-8, without marks.
        layout: how they are laid out.
        first_line: number of the first of these lines in the block.
    """
    out = Parsed(lines=first_line)
    data = physical.data
    if not data or _fast(physical, layout, out):
        return out
    start = 0
    while start < len(data):
        end = start + CHUNK_BYTES
        cut = boundary(data[end : end + CHUNK_BYTES], layout) if end < len(data) else None
        end = len(data) if cut is None else end + cut
        chunk = Lines(data[start:end])
        if not _fast(chunk, layout, out):
            _slow(chunk, layout, out)
        start = end
    return out


def parse_table(table: pa.Table, layout: Layout, as_lines: Callable[[], bytes]) -> Parsed:
    """All rows and rejects of a block whose cells were never lines.

    Args:
        table: its cells, named by their position: what ``parse_block`` would make of its lines.
        layout: how the lines would be laid out.
        as_lines: its lines, one for each row, for the text of rejected rows.
    """
    out = Parsed()
    made: list[Lines] = []

    def text_of(row: int) -> str:
        if not made:
            made.append(Lines(as_lines()))
        return made[0].at(np.array([row]))[0].decode("utf-8").rstrip("\r\n")

    _settle(table, np.arange(table.num_rows), text_of, Lines(b""), layout, out, whole=True)
    out.lines = table.num_rows
    return out


def _fast(physical: Lines, layout: Layout, out: Parsed) -> bool:
    """Parse by pyarrow and add to ``out``; False, with nothing added, if the result cannot be trusted."""
    data, lines = physical.data, physical.count
    table = split_lines(data, lines, layout.delimiter, layout.fields, layout.screened, quoting=layout.quoting)
    if table is not None:
        _keep(table, np.arange(lines), physical, layout, out)
        return True
    if has_lone_returns(data):
        return False  # pyarrow treats a lone carriage return as a line end
    invalid: list[tuple[int, str]] = []

    def on_invalid(row: pa_csv.InvalidRow) -> str:
        invalid.append((row.number - 1, row.text))
        return "skip"

    try:
        table = read_columns(data, layout, layout.screened, on_invalid)
    except pa.ArrowInvalid:
        return False
    if table.num_rows + len(invalid) != lines:
        return False
    rejects: list[tuple[int, str, str]] = []
    widths: list[tuple[int, int]] = []
    for at, text in invalid:
        fields = parse_line(text.removesuffix("\r"), layout)
        if fields is None:
            return False
        widths.append((at, len(fields)))
        if not any(cell.strip() for cell in fields):
            continue
        reason = fit(fields, layout)
        if not isinstance(reason, str):
            return False  # a harmless row that pyarrow skipped: the line parser keeps it in place
        rejects.append((at, reason, text[:MAX_REJECT_TEXT]))
    if may_be_pieces(widths, layout):
        return False
    skipped = np.array([at for at, _ in invalid], dtype=np.int64)
    rows = np.delete(np.arange(lines), skipped) if len(skipped) else np.arange(lines)
    out.rejects += [(out.lines + at, reason, text) for at, reason, text in rejects]
    # The pieces are combined once, because every column is needed as one array.
    _keep(table.combine_chunks(), rows, physical, layout, out)
    return True


def _keep(table: pa.Table, rows: np.ndarray, physical: Lines, layout: Layout, out: Parsed) -> None:
    """Add rows that are each one line to ``out``."""

    def text_of(row: int) -> str:
        return physical.at(rows[row : row + 1])[0].decode("utf-8").rstrip("\r\n")

    _settle(table, rows, text_of, physical, layout, out, whole=False)
    out.lines += physical.count


def _slow(physical: Lines, layout: Layout, out: Parsed) -> None:
    """Parse line by line and add to ``out``."""
    records = parse_lines(physical.data.decode("utf-8"), layout)
    out.rejects += [(out.lines + records.number(at), reason, text) for at, reason, text in records.rejects]
    if records.rejoined:
        count, first = out.differing.get(REJOINED, (0, -1))
        found = first if count else out.lines + records.number(records.rejoined[0])
        out.differing[REJOINED] = (count + len(records.rejoined), found)
    columns = {str(at): pa.array([row[at] for row in records.fields], pa.string()) for at in layout.mapped}
    rows = np.array([records.number(at) for at in records.lines], dtype=np.int64)
    _settle(pa.table(columns), rows, records.text_of, physical, layout, out, whole=True)
    out.lines += physical.count


def _settle(
    table: pa.Table,
    rows: np.ndarray,
    text_of: Callable[[int], str],
    physical: Lines,
    layout: Layout,
    out: Parsed,
    *,
    whole: bool,
) -> None:
    """Keep the rows with an amount as a segment. The others are blank, a repeated header, or rejected."""
    if layout.doubles:
        table, differing = put_together(table, layout.doubles)
        for at in differing.keys() & layout.telling:
            there = pc.indices_nonzero(differing[at]).to_pylist()
            count, first = out.differing.get(str(at), (0, -1))
            if there:
                out.differing[str(at)] = (count + len(there), first if count else out.lines + int(rows[there[0]]))
    amounts = [_array(table, str(at)) for at in layout.amounts_at]
    mark = layout.decimal_mark
    cents = _sum_of(amounts, mark) if len(amounts) > 1 else parse_amounts(amounts[0], mark)
    drop: list[int] = []
    unread: list[int] = []
    promised = _flagged(layout, "promised", table)
    for row in promised:
        drop.append(row)
        out.rejects.append((out.lines + int(rows[row]), PROMISED, text_of(row)[:MAX_REJECT_TEXT]))
    settled = set(promised)
    if cents.null_count > _MANY_BLANK and physical.count:
        blank = np.flatnonzero(cents.is_null().to_numpy(zero_copy_only=False) & physical.blank()[rows]).tolist()
        drop += blank
        settled.update(blank)
    for row in pc.indices_nonzero(cents.is_null()).to_pylist() if cents.null_count else []:
        if row in settled:
            continue
        text = text_of(row)
        drop.append(row)
        fields = parse_line(text, layout) or [text]
        if any(cell.strip() for cell in fields) and not layout.is_header(fields):
            reason = why_no_amount([each[row].as_py() for each in amounts], mark)
            out.rejects.append((out.lines + int(rows[row]), reason, text[:MAX_REJECT_TEXT]))
            unread.append(row)
    if unread:
        nothing = pa.array(np.zeros(len(unread), dtype=np.int64))
        lines = rows[unread] + out.lines
        out.unread.append(Segment(table.take(pa.array(unread)), nothing, lines, physical, out.lines, whole))
    dropped = set(drop)
    if "outgoing" in layout.rules:
        paid_out = build_flag(layout.rules["outgoing"], lambda at: _array(table, str(at)))
        paid = [row for row in pc.indices_nonzero(_went_out(paid_out, cents, layout)).to_pylist() if row not in dropped]
        drop += paid
        dropped.update(paid)
        if layout.payments and paid:
            everything = Segment(table, cents, rows + out.lines, physical, out.lines, whole)
            out.paid_out.append(some_rows(everything, np.array(paid), layout))
        else:
            out.rejects += [(out.lines + int(rows[row]), PAID_OUT, text_of(row)[:MAX_REJECT_TEXT]) for row in paid]
    for row in _nameless(table, layout):
        if row in dropped:
            continue
        text = text_of(row)
        if _is_total(parse_line(text, layout) or [text]):
            drop.append(row)
            reason = "a line of totals, not a contribution"
            out.rejects.append((out.lines + int(rows[row]), reason, text[:MAX_REJECT_TEXT]))
    if drop:
        keep = np.ones(len(rows), dtype=bool)
        keep[drop] = False
        mask = pa.array(keep)
        table, cents, rows = table.filter(mask), cents.filter(mask), rows[keep]
    out.segments.append(Segment(table, cents, rows + out.lines, physical, out.lines, whole))


def _went_out(paid_out: pa.Array, cents: pa.Array, layout: Layout) -> pa.Array:
    """Which rows are money that went out."""
    if layout.payments and not layout.refunds_are_payments:
        return paid_out
    return pc.and_(paid_out, pc.greater(cents, 0))


def some_rows(segment: Segment, local: np.ndarray, layout: Layout) -> Segment:
    """Some rows of a segment with every mapped column."""
    kept = segment.table.take(pa.array(local)) if segment.whole else None
    table = parse_rows(segment, local, layout.mapped, layout) if kept is None else kept
    cents = segment.cents.take(pa.array(local))
    return Segment(table, cents, segment.lines[local], segment.text, segment.first_line, True)


def parse_rows(segment: Segment, local: np.ndarray, positions: Sequence[int], layout: Layout) -> pa.Table:
    """Some rows of a segment, each of which is one line, parsed once more with these columns."""
    if len(local) == 0:
        return pa.table({str(at): pa.array([], pa.string()) for at in positions})
    lines = segment.lines[local] - segment.first_line
    if len(lines) == segment.text.count and lines[0] == 0 and (np.diff(lines) == 1).all():  # every line, in order
        data = segment.text.data
    else:
        pieces = segment.text.at(lines)
        data = b"".join(piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces)
    table = read_columns(data, layout, positions, lambda _row: "error")
    if table.num_rows != len(local):
        raise AssertionError(f"{len(local)} lines gave {table.num_rows} rows")
    return put_together(table, layout.doubles)[0]


def _flagged(layout: Layout, name: str, table: pa.Table) -> list[int]:
    """The rows for which a flag of the format is true; none if it has no such flag."""
    if name not in layout.rules:
        return []
    found: list[int] = pc.indices_nonzero(build_flag(layout.rules[name], lambda at: _array(table, str(at)))).to_pylist()
    return found


def _sum_of(amounts: Sequence[pa.Array], mark: DecimalMark) -> pa.Array:
    """Cents of rows with several amounts: null if none is filled, or one is not an amount."""
    out, nothing = None, None
    for texts in amounts:
        blank = pc.equal(without_nothing(pc.ascii_trim_whitespace(texts)), "")
        cents = parse_amounts(pc.if_else(blank, "0", texts), mark)
        out = cents if out is None else pc.add(out, cents)
        nothing = blank if nothing is None else pc.and_(nothing, blank)
    return pc.if_else(nothing, pa.scalar(None, pa.int64()), out)


def _array(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])


def _nameless(table: pa.Table, layout: Layout) -> list[int]:
    """Rows whose contributor is empty or a word for a sum, which may be lines of totals."""
    named = [_array(table, str(at)) for at in layout.named]
    if not named or table.num_rows == 0:
        return []
    # First by length and by the letters at both ends: many names are as short as such a word.
    rows = np.flatnonzero(np.logical_and.reduce([_may_be_total(texts) for texts in named]))
    for texts in named:
        words = texts.take(pa.array(rows)).to_pylist() if len(rows) else []
        rows = rows[[word.strip(" :").lower() in _NAMELESS for word in words]]
    return rows.tolist()


def _may_be_total(texts: pa.Array) -> np.ndarray:
    """Which texts are empty, or have the length and the first and last letter of a word for a sum."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(ends)
    alike = lengths == 0
    short = np.flatnonzero((lengths <= _LONGEST_TOTAL) & ~alike)
    letters = np.frombuffer(data or b"", np.uint8)
    alike[short] = _FIRST_OF_TOTAL[letters[ends[:-1][short]]] & _LAST_OF_TOTAL[letters[ends[1:][short] - 1]]
    return np.asarray(alike, dtype=bool)


def _is_total(fields: Sequence[str]) -> bool:
    """Whether the first words of a row say that it is a total."""
    words = next((cell.strip(" :").lower() for cell in fields if cell.strip()), "")
    return words in _TOTAL_WORDS or words.startswith(("total ", "total:", "grand total"))
