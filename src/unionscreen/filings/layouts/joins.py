"""Joined columns: values from a lookup file of the agency about the recipient of a row, by key, vectorized.

A joined column is like any other column of the filing, at a position beyond those of the file (``VIRTUAL``). Its table
is loaded where blocks are read, once per process; a task carries only the paths.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from unionscreen.filings.files.archives import member_or_file
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.lookup_files import LookupFile, load_lookup

# Positions from here on are joined columns; no file has so many columns.
VIRTUAL: Final = 1_000_000
# The separator of the parts of a key; no id contains it.
_SEPARATOR: Final = "\x1f"
# Tables that one process keeps; a filing has at most five.
_KEPT_TABLES: Final = 16
# If columns have more distinct rows than one in so many, processing those is hardly cheaper than processing each row.
_FEW_DISTINCT: Final = 4


@dataclass(frozen=True)
class JoinTable:
    """What to load from the files of one join. Picklable and small."""

    files: tuple[LookupFile, ...]
    keys: tuple[str, ...]
    """Their columns that form the key, normalized."""
    columns: tuple[str, ...]
    """Their columns that are needed, normalized."""
    last_by: str | None
    only: tuple[tuple[str, str], ...] = ()
    """Columns, normalized, and the value that each must have."""


@dataclass(frozen=True)
class Joined:
    """One joined column of a filing."""

    table: JoinTable
    at: tuple[int, ...]
    """The positions of the parts of the key in our file, in order; joined columns too."""
    column: str


@dataclass(frozen=True)
class Bound:
    """The joins of a format bound to a file and to the lookup files that were given with it."""

    positions: Mapping[str, int]
    """Normalized header to position, including joined columns."""
    virtual: Mapping[int, Joined]
    used: tuple[str, ...]
    missing: tuple[str, ...]
    """A sentence for each file that was not given: what is lost without it."""


def bind_joins(
    found: FilingFormat, positions: Mapping[str, int], lookup_files: Mapping[str, Sequence[LookupFile]]
) -> Bound:
    """Assign positions to the joined columns that are available.

    Args:
        found: the format.
        positions: normalized header of the file to position.
        lookup_files: the files given with it, by their id.
    """
    known = dict(positions)
    virtual: dict[int, Joined] = {}
    used: list[str] = []
    missing: list[str] = []
    for join in found.joins:
        files = tuple(lookup_files.get(join.file, ()))
        if not files:
            missing.append(f"without {load_lookup(join.file).title}: {join.lost}")
            continue
        at = tuple(known.get(normalize_header(ours), -1) for ours, _ in join.on)
        wanted = tuple(sorted(_asked(found, join.name)))
        if -1 in at or not wanted:
            continue
        keys = tuple(normalize_header(theirs) for _, theirs in join.on)
        last_by = None if join.last_by is None else normalize_header(join.last_by)
        only = tuple((normalize_header(column), value) for column, value in join.only)
        table = JoinTable(files, keys, wanted, last_by, only)
        used.append(f"{load_lookup(join.file).title}: {_shown(files)}")
        for column in wanted:
            place = VIRTUAL + len(virtual)
            virtual[place] = Joined(table, at, column)
            known[normalize_header(join.name) + column] = place
    return Bound(known, virtual, tuple(dict.fromkeys(used)), tuple(missing))


def _shown(files: Sequence[LookupFile]) -> str:
    return files[0].source if len(files) == 1 else f"{len(files)} files, the first is {files[0].source}"


def _asked(found: FilingFormat, name: str) -> set[str]:
    """The columns of a join that are used by rules and by the keys of other joins."""
    rules = [*found.columns.values(), *found.payments.values()]
    rules += [rule.when for rule in rules if rule.when is not None]
    headers = [header for rule in rules for header in rule.headers]
    headers += [ours for join in found.joins for ours, _ in join.on]
    return {normalize_header(header.partition(".")[2]) for header in headers if header.startswith(f"{name}.")}


# Positions of the rows of lookup tables, by table and key.
Places = dict[tuple[JoinTable, tuple[int, ...]], pa.Array]


class DistinctRows(NamedTuple):
    """What rows have in some columns of the file, each combination once."""

    first: pa.Array
    """The first row of each."""
    of_row: pa.Array
    """For each row, which of them it has."""
    places: Places
    """For the rows in ``first``; shared by the columns that are joined by the same key."""


def distinct_rows(columns: Iterable[pa.Array], rows: int) -> DistinctRows | None:
    """The distinct rows of some columns, in the order of their first rows; None if they are many.

    A state's table has thousands of rows of each filing, so what is joined by the id of the filing is looked up, and
    put together, once for each filing.

    Args:
        columns: texts.
        rows: how many rows there are.
    """
    of_row = pa.repeat(pa.scalar(0, pa.int64()), rows)
    for column in columns:
        texts = column.dictionary_encode()
        codes = pc.add(pc.multiply(of_row, len(texts.dictionary)), pc.cast(texts.indices, pa.int64()))
        encoded = codes.dictionary_encode()  # after each column, so that the next product does not overflow
        if len(encoded.dictionary) * _FEW_DISTINCT > rows:
            return None
        of_row = pc.cast(encoded.indices, pa.int64())
    positions = of_row.to_numpy()
    first = np.empty(int(positions.max(initial=-1)) + 1, dtype=np.int64)
    first[positions[::-1]] = np.arange(rows)[::-1]  # the last value written is the first row
    return DistinctRows(pa.array(first), of_row, {})


def lookup(joined: Joined, keys: Sequence[pa.Array], cache: Places) -> pa.Array:
    """The joined column for rows with these keys; empty where the lookup file has no such key.

    Args:
        joined: the column.
        keys: the texts of the parts of the key.
        cache: the positions of the rows in the table, for the other columns of the same join.
    """
    known, columns = _load(joined.table)
    place = (joined.table, joined.at)
    if place not in cache:
        cache[place] = pc.index_in(_key(keys), value_set=known)
    column = columns.get(joined.column)
    if column is None:
        return pa.repeat(pa.scalar("", pa.string()), len(keys[0]))
    return pc.fill_null(column.take(cache[place]), "")


def _key(parts: Sequence[pa.Array]) -> pa.Array:
    trimmed = [pc.ascii_trim_whitespace(part) for part in parts]
    return trimmed[0] if len(trimmed) == 1 else pc.binary_join_element_wise(*trimmed, _SEPARATOR)


@lru_cache(maxsize=_KEPT_TABLES)
def _load(table: JoinTable) -> tuple[pa.Array, dict[str, pa.Array]]:
    """The keys, each once, and the columns for them."""
    needed = [*table.keys, *table.columns, *filter(None, [table.last_by]), *(column for column, _ in table.only)]
    wanted = tuple(dict.fromkeys(needed))
    together = pa.concat_tables([_read(file, wanted) for file in table.files])
    for column, value in table.only:
        together = together.filter(pc.equal(together[column], value))
    together = together.combine_chunks()
    arrays = {name: together.column(name).combine_chunks() for name in together.column_names}
    keys = _key([_one(arrays[name]) for name in table.keys])
    order = pa.array(range(len(keys)), pa.int64())
    if table.last_by is not None:
        order = pc.sort_indices(pa.table({"by": arrays[table.last_by]}), sort_keys=[("by", "ascending")]).cast(
            pa.int64()
        )
    ordered = pa.table({"key": keys.take(order), "place": pa.array(range(len(keys)), pa.int64())})
    last = ordered.group_by("key", use_threads=False).aggregate([("place", "max")])
    chosen = order.take(_one(last["place_max"]))
    return _one(last["key"]), {name: _one(arrays[name]).take(chosen) for name in table.columns}


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column


def _read(file: LookupFile, wanted: Sequence[str]) -> pa.Table:
    """The columns of a file by normalized header, trimmed; a missing column is empty."""
    with member_or_file(Path(file.path), file.member).open() as stream:
        data = stream.read(-1)
    text = data.decode(file.encoding) if file.encoding else _decoded(data)
    text = text.removeprefix("\ufeff").replace("\x00", " ").replace("\x1a", " ")
    lines = text.split("\n", file.skip_lines)[-1] if file.skip_lines else text
    at = {name: i for i, name in reversed(list(enumerate(file.header)))}
    present = [name for name in wanted if name in at]
    columns = _columns(lines, file, [at[name] for name in present])
    rows = len(columns[0]) if columns else 0
    trimmed = {name: pc.ascii_trim_whitespace(column) for name, column in zip(present, columns, strict=True)}
    return pa.table({name: trimmed.get(name, pa.array([""] * rows, pa.string())) for name in wanted})


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _columns(text: str, file: LookupFile, positions: Sequence[int]) -> list[pa.Array]:
    """The columns at these positions, by pyarrow; line by line if that fails."""
    names = [str(at) for at in range(len(file.header))]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text.encode("utf-8")),
            read_options=pa_csv.ReadOptions(use_threads=False, column_names=names),
            parse_options=pa_csv.ParseOptions(
                delimiter=file.delimiter,
                quote_char='"' if file.quoting else False,
                newlines_in_values=file.quoting,
                invalid_row_handler=lambda _row: "skip",
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=[str(at) for at in positions],
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        if file.quoting:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=file.delimiter) if row]
        else:
            rows = [line.split(file.delimiter) for line in text.split("\n") if line.strip()]
        return [pa.array([row[at] if at < len(row) else "" for row in rows], pa.string()) for at in positions]
    return [_one(table.column(str(at))) if table.num_rows else pa.array([], pa.string()) for at in positions]
