"""The first lines of a text, split by each possible delimiter. Detection works on these."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Final, NamedTuple

import pyarrow as pa

FIELD_DELIMITERS: Final = (",", "\t", "|", ";")
# Of these, the delimiters that are common within names, so that fields between them must be quoted.
COMMAS: Final = (",", ";")
# Physical lines to examine: a header, up to ten title lines before it, and enough rows to see how they are written.
HEAD_LINES: Final = 200
# Title lines before the header to skip; agencies write up to three, people a few more.
MAX_PREAMBLE: Final = 10
FIRST_RECORDS: Final = MAX_PREAMBLE + 1
# How heads are packed: three times faster than zlib's fastest, and three times smaller than the text.
_CODEC: Final = "lz4_raw"
# The limit of Python's csv module; a longer field raises an exception.
_MAX_FIELD: Final = 131_072


class Packed(NamedTuple):
    """Compressed text, and its size."""

    data: bytes
    size: int


_NOTHING: Final = Packed(b"", 0)


class Record(NamedTuple):
    """One record of a head: its first line (0-based), its number of lines, and its fields."""

    line: int
    span: int
    fields: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether all its fields are empty."""
        return not any(map(str.strip, self.fields))


@dataclass(frozen=True)
class Head:
    """The first records of a source under one delimiter.

    A folder may hold thousands of files, and all are opened before the first is screened: a head keeps its lines packed
    and splits them when asked.
    """

    delimiter: str
    complete: bool
    """Whether this is the whole source."""
    packed: Packed = _NOTHING
    """The lines, compressed."""
    cells: tuple[Record, ...] | None = None
    """The records of a table whose cells were already separate."""

    @property
    def cut(self) -> bool:
        """Whether the cells were already separate: then we write the lines ourselves, with quotes."""
        return self.cells is not None

    @property
    def records(self) -> tuple[Record, ...]:
        """The records, where quotes count."""
        return _split(self.packed, self.delimiter) if self.cells is None else self.cells

    @property
    def first(self) -> tuple[Record, ...]:
        """The first records, one of which may be the header; the others need not be split for them."""
        if self.cells is not None:
            return self.cells[:FIRST_RECORDS]
        return _first(self.packed, self.delimiter)

    @property
    def raw(self) -> tuple[Record, ...]:
        """The same lines split at every delimiter, ignoring quotes: for files that do not quote."""
        return _split_raw(self.packed, self.delimiter) if self.cells is None else self.cells

    @property
    def always_quoted(self) -> bool:
        """Whether ``"`` always quotes fields: between commas, and in lines that we wrote."""
        return self.cut or self.delimiter in COMMAS

    def first_rows(self, count: int, *, quoting: bool = True) -> list[tuple[str, ...]]:
        """The fields of the first records that are not blank.

        Args:
            count: how many.
            quoting: whether quotes count.
        """
        rows = [record.fields for record in self.first if not record.blank] if quoting else []
        if len(rows) < count:
            rows = [record.fields for record in islice(self.filled(quoting=quoting), count)]
        return rows[:count]

    def filled(self, start: int = 0, *, quoting: bool = True) -> Iterator[Record]:
        """The records from position ``start`` that are not blank; where quotes do not count, the raw ones."""
        records = self.records if quoting else self.raw
        return (record for record in islice(records, start, None) if not record.blank)

    def rows(self, start: int, *, quoting: bool) -> list[tuple[str, ...]]:
        """The fields of :meth:`filled`."""
        records = self.records if quoting else self.raw
        return [fields for _, _, fields in records[start:] if any(map(str.strip, fields))]


def read_heads(text: str, *, complete: bool) -> list[Head]:
    """The head of a text under each delimiter that occurs in it.

    Args:
        text: the beginning of the file. It ends with a line end unless it is complete.
        complete: whether it is the whole file.
    """
    lines = text.replace("\r\n", "\n").split("\n", HEAD_LINES)
    if not lines[-1]:
        lines.pop()
    complete = complete and len(lines) <= HEAD_LINES
    # No lines and one empty line are not the same.
    head = "".join([f"{line[:_MAX_FIELD]}\n" for line in lines[:HEAD_LINES]]).replace("\r", " ")
    present = [delimiter for delimiter in FIELD_DELIMITERS if delimiter in head]
    data = head.encode("utf-8", "surrogatepass")
    packed = Packed(pa.compress(data, codec=_CODEC, asbytes=True), len(data))
    return [Head(delimiter, complete, packed) for delimiter in present or [","]]


@lru_cache(maxsize=1)  # the heads of the file in work
def _lines(packed: Packed) -> list[str]:
    if not packed.size:
        return []
    text = pa.decompress(packed.data, decompressed_size=packed.size, codec=_CODEC, asbytes=True)
    return str(text, "utf-8", "surrogatepass").split("\n")[:-1]


@lru_cache(maxsize=len(FIELD_DELIMITERS))
def _first(packed: Packed, delimiter: str) -> tuple[Record, ...]:
    """The first records of packed lines, where quotes count."""
    return tuple(_well_quoted(_lines(packed), delimiter, FIRST_RECORDS)) or _split(packed, delimiter)[:FIRST_RECORDS]


@lru_cache(maxsize=len(FIELD_DELIMITERS))
def _split(packed: Packed, delimiter: str) -> tuple[Record, ...]:
    """The records of packed lines, where quotes count."""
    lines = _lines(packed)
    return tuple(_well_quoted(lines, delimiter) or _quoted(lines, delimiter))


@lru_cache(maxsize=len(FIELD_DELIMITERS))
def _split_raw(packed: Packed, delimiter: str) -> tuple[Record, ...]:
    """The records of packed lines, where quotes do not count."""
    return tuple(Record(at, 1, tuple(line.split(delimiter))) for at, line in enumerate(_lines(packed)))


def sheet_head(rows: Sequence[Sequence[str]]) -> Head:
    """The head of a sheet, whose cells are already separate."""
    records = tuple(Record(at, 1, tuple(row)) for at, row in enumerate(rows[:HEAD_LINES]))
    return Head(",", len(rows) <= HEAD_LINES, cells=records)


def _well_quoted(lines: list[str], delimiter: str, most: int = HEAD_LINES + 1) -> list[Record]:
    """The same as :func:`_quoted` where every quote is closed within a few lines; else nothing.

    Args:
        lines: without their line ends.
        delimiter: one character.
        most: how many records are wanted; how the later lines are quoted does not matter.
    """
    reader = csv.reader(chain((f"{line}\n" for line in lines), (_END,)), delimiter=delimiter)
    records: list[Record] = []
    at = 0
    try:
        for fields in reader:
            if reader.line_num - at > MAX_PREAMBLE:
                return []
            records.append(Record(at, reader.line_num - at, tuple(fields)))
            at = reader.line_num
            if len(records) == most and at <= len(lines):
                return records
    except csv.Error:
        return []
    return records[:-1] if records[-1].fields == (_END,) else []


def _quoted(lines: list[str], delimiter: str) -> Iterator[Record]:
    """Records under CSV quoting. A quote that is not closed within a few lines ends with its line."""
    at = 0
    while at < len(lines):
        span = 1
        fields = one_record(lines[at : at + 1], delimiter)
        while fields is None and span < MAX_PREAMBLE and at + span < len(lines):
            span += 1
            fields = one_record(lines[at : at + span], delimiter)
        if fields is None:
            span, fields = 1, lines[at].split(delimiter)
        yield Record(at, span, tuple(fields))
        at += span


_END: Final = "\x00end\x00"  # NULs were replaced before, so no line equals this


def one_record(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """The fields of the one record on these physical lines; None when a quote stays open or the record ends early.

    Args:
        lines: without their line ends.
        delimiter: one character.
    """
    reader = csv.reader([*(f"{line}\n" for line in lines), _END], delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error:
        return None
    if len(rows) != 2 or rows[1] != [_END]:
        return None if lines != [""] else []
    return rows[0]


def row_width(rows: Sequence[Sequence[str]], header_fields: int) -> int:
    """The number of fields of a row: that of the header, or more when most rows end in further empty fields.

    Args:
        rows: the first rows after the header.
        header_fields: the number of fields of the header.
    """
    if not rows:
        return header_fields
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width > header_fields and count * 2 > len(rows):
        extra = [row[header_fields:] for row in rows if len(row) == width]
        if not any(field.strip() for fields in extra for field in fields):
            return width
    return header_fields


def uses_quotes(head: Head) -> bool:
    """Whether ``"`` quotes fields: always between commas, otherwise if some field of the head is quoted."""
    if head.always_quoted:
        return True
    fields = (field for record in head.raw for field in record.fields)
    if any(len(field) > 1 and field.startswith('"') and field.endswith('"') for field in fields):
        return True
    return _only_quotes_fit(head)


def _only_quotes_fit(head: Head) -> bool:
    """Whether some record has the usual width only if quotes around a delimiter or a line break count.

    Two stray quotes in two rows do not join them: those lines have the delimiters of two rows.
    """
    records = list(head.filled())
    width = max(Counter(len(record.fields) for record in records).items(), key=lambda item: item[1], default=(0, 0))[0]
    for record in records:
        if len(record.fields) != width or width < 2:
            continue
        delimiters = sum(len(line.fields) - 1 for line in head.raw[record.line : record.line + record.span])
        if (delimiters == width - 1) == (record.span > 1):
            return True
    return False
