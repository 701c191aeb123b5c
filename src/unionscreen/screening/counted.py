"""What was read of each input: rows, encodings, dates, and what a reader should know about its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.layouts.doubles import Differing, add_differing
from unionscreen.filings.rows.dates import NO_DATES, DateCount
from unionscreen.screening.block import Partial


class EqualRows(NamedTuple):
    """Rows of one input that repeat an earlier one word for word, and an example."""

    rows: int
    cents: int
    row: int
    same_as: int


@dataclass(frozen=True)
class InputCount:
    """What was read of one input; fields named as in ``Partial`` are its sums over the blocks."""

    rows_read: int = 0
    rows_rejected: int = 0
    encoding: str = ""
    """Of a file whose blocks have two encodings, both."""
    date_range: dict[str, str | int | None] | None = None
    unlisted: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    unknown_sides: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    listed_again: tuple[int, int] = (0, 0)
    equal_rows: EqualRows | None = None
    """Rows that count though they repeat another word for word."""
    dates: DateCount = NO_DATES
    differing: Differing = field(default_factory=dict)
    """As in a block, but counted from the top of the file."""


def count_inputs(blocks: Sequence[Partial], starts: Sequence[int]) -> dict[int, InputCount]:
    """What was read of each input, by its number; ``starts`` are the lines of its file before each block."""
    counts: dict[int, InputCount] = {}
    whole_rows: dict[int, list[pa.Table]] = {}
    for block, start in zip(blocks, starts, strict=True):
        old = counts.get(block.input_index, InputCount())
        encodings = [*filter(None, old.encoding.split(", ")), block.encoding]
        counts[block.input_index] = InputCount(
            old.rows_read + block.rows_read,
            old.rows_rejected + block.rejects.num_rows,
            ", ".join(dict.fromkeys(encodings)),
            _span(old.date_range, block.date_range),
            _sum_by_code(old.unlisted, block.unlisted),
            _sum_by_code(old.unknown_sides, block.unknown_sides),
            _sum(old.listed_again, block.listed_again or (0, 0)),
            dates=old.dates + DateCount(*block.dates),
            differing=add_differing(old.differing, block.differing, start),
        )
        if block.whole_rows is not None and block.whole_rows.num_rows:
            at = block.whole_rows.schema.get_field_index("row")
            moved = block.whole_rows.set_column(at, "row", pc.add(block.whole_rows["row"], start + 1))
            whole_rows.setdefault(block.input_index, []).append(moved)
    for i, tables in whole_rows.items():
        counts[i] = replace(counts[i], equal_rows=_equal_rows(pa.concat_tables(tables)))
    return counts


def _equal_rows(rows: pa.Table) -> EqualRows | None:
    hashes = rows["hash"].to_numpy()
    order = np.argsort(hashes, kind="stable")
    again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1]) + 1
    if len(again) == 0:
        return None
    repeats = order[again]
    at = int(again[np.argmin(repeats)])
    same_as = int(rows["row"][int(order[np.searchsorted(hashes[order], hashes[order[at]])])].as_py())
    cents = pc.sum(rows["cents"].take(pa.array(repeats))).as_py()
    return EqualRows(len(again), cents, int(rows["row"][int(order[at])].as_py()), same_as)


def _sum_by_code(
    one: Mapping[str, tuple[int, int]], other: Mapping[str, tuple[int, int]]
) -> Mapping[str, tuple[int, int]]:
    """Rows and cents by code of two blocks of one input."""
    return {code: _sum(one.get(code, (0, 0)), other.get(code, (0, 0))) for code in sorted({*one, *other})}


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _span(one: dict[str, Any] | None, other: dict[str, Any] | None) -> dict[str, Any] | None:
    """The date range of two blocks of one input."""
    if one is None or other is None:
        return one or other
    return {
        "first_date": min(filter(None, (one["first_date"], other["first_date"])), default=None),
        "last_date": max(filter(None, (one["last_date"], other["last_date"])), default=None),
        "undated": one["undated"] + other["undated"],
    }
