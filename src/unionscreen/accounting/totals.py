"""Sums by recipient, in Arrow: small enough to send between processes, whatever the size of the filing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.errors import FilingError

# What distinguishes recipients; the same five fields as prosecutors.Recipient.
IDENTITY: Final = ("recipient", "recipient_id", "candidate", "office", "jurisdiction")

TOTALS_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in IDENTITY),
        ("kind", pa.string()),
        ("status", pa.string()),
        ("back", pa.bool_()),  # money going back, summed separately so that no detail is lost
        ("year", pa.int32()),  # of the date; null unless the years are asked for
        ("rows", pa.int64()),
        ("cents", pa.int64()),
    ]
)
NO_TOTALS: Final = TOTALS_SCHEMA.empty_table()
_NO_YES: Final = pa.array([False, True])
_ACTIVE_MEMO: Final = pa.array(["active", "memo"])
# Below this, a code times the number of values of one more key still fits int64.
_MOST_CODES: Final = 1 << 62
# For so few rows, sorting their codes takes less time than a plan of Arrow's, which takes 0.2 ms.
_FEW_ROWS: Final = 2_000
# A sum of cents that surely fits int64, and that a sum in doubles can distinguish from a larger one.
_MOST_CENTS: Final = 9 * 10**18
_KEYS: Final = [*IDENTITY, "kind", "status", "back", "year"]


class Columns(Protocol):
    """Anything with whole columns by name, such as a block of a filing."""

    def column(self, name: str) -> pa.Array:
        """The canonical column, all rows."""
        ...

    def distinct(self, name: str) -> pa.DictionaryArray:
        """A text column with each value stored once; null is a value."""
        ...


class BlockRecipients(NamedTuple):
    """The recipients of a block."""

    table: pa.Table
    """IDENTITY of each recipient, once."""
    of_row: pa.Array | None
    """Each row's recipient, as a position in the table; None when all rows have the first."""


def block_recipients(block: Columns, rows: int) -> BlockRecipients:
    """The distinct recipients of a block of ``rows`` rows, in the order of their first rows."""
    keys = {name: encoded_key(block.distinct(name)) for name in IDENTITY}
    varying = [key for key in keys.values() if key.indices is not None]
    if not varying:
        return BlockRecipients(pa.table([key.values.slice(0, rows) for key in keys.values()], [*keys]), None)
    if len(varying) == 1:
        of_row, first = varying[0].indices, None
    else:
        encoded = key_codes(varying, rows).dictionary_encode()
        of_row, indices = encoded.indices, encoded.indices.to_numpy()
        first = np.empty(len(encoded.dictionary), dtype=np.int64)
        first[indices[::-1]] = np.arange(rows)[::-1]  # the last value written is the first row
    each = len(varying[0].values) if first is None else len(first)
    columns = {}
    for name, key in keys.items():
        if key.indices is None:
            columns[name] = pa.repeat(key.values[0], each)
        else:
            columns[name] = key.values if first is None else key.values.take(key.indices.take(pa.array(first)))
    return BlockRecipients(pa.table(columns), of_row)


def block_totals(
    block: Columns, recipients: BlockRecipients, statuses: pa.Array | None = None, years: pa.Array | None = None
) -> pa.Table:
    """Sum a block's rows by recipient, kind, status and direction, and by year if the years are given.

    Every key becomes a small integer first, and the integers are grouped: grouping 100,000 rows by five strings costs
    about ten times as much.

    Args:
        block: its columns.
        recipients: its recipients.
        statuses: each row's status; None where only memo rows differ.
        years: each row's year; None where nobody asks for years.
    """
    amounts = block.column("amount_cents")
    if len(amounts) == 0:
        return NO_TOTALS
    cents = amounts.to_numpy()
    if max(-int(cents.min()), int(cents.max())) * len(amounts) > _MOST_CENTS:
        _check_sum(amounts)
    keys = {"recipient": GroupKey(pa.array(np.arange(recipients.table.num_rows)), recipients.of_row)}
    keys["kind"] = encoded_key(block.distinct("kind"))
    keys["status"] = _memo_or_active(block) if statuses is None else group_key(statuses)
    keys["back"] = GroupKey(pa.array([False, True]), pc.cast(pc.less(amounts, 0), pa.int8()))
    keys["year"] = GroupKey(pa.nulls(1, pa.int32()), None) if years is None else group_key(years)
    columns, of = _sums(key_codes([*keys.values()], len(amounts)), amounts)
    for name, key in keys.items():
        columns[name] = key.of_rows(of)
    who = columns.pop("recipient")
    columns |= {name: recipients.table[name].take(who) for name in IDENTITY}
    found = pa.table([columns[name] for name in TOTALS_SCHEMA.names], TOTALS_SCHEMA.names)
    return found if found.schema == TOTALS_SCHEMA else found.cast(TOTALS_SCHEMA)


def _sums(codes: pa.Array, amounts: pa.Array) -> tuple[dict[str, pa.Array], pa.Array]:
    """The rows and cents of each code, and its first row; amounts are never null."""
    if len(codes) <= _FEW_ROWS:
        _, first, of_row, rows = np.unique(codes.to_numpy(), return_index=True, return_inverse=True, return_counts=True)
        cents = np.zeros(len(first), dtype=np.int64)
        np.add.at(cents, of_row, amounts.to_numpy())
        return {"rows": pa.array(rows), "cents": pa.array(cents)}, pa.array(first)
    first = pc.indices_nonzero(pc.is_valid(amounts))  # 0, 1, 2, …
    sums = (
        pa.table({"code": codes, "cents": amounts, "first": first})
        .group_by("code", use_threads=False)
        .aggregate([("cents", "sum"), ("cents", "count"), ("first", "min")])
        .combine_chunks()
    )
    return {"rows": sums["cents_count"], "cents": sums["cents_sum"]}, sums["first_min"].combine_chunks()


class GroupKey(NamedTuple):
    """A column to group by: its distinct values, and which of them each row has."""

    values: pa.Array
    indices: pa.Array | None
    """None when all rows have the first value."""

    def of_rows(self, rows: pa.Array) -> pa.Array:
        """The values of these rows."""
        return (
            pa.repeat(self.values[0], len(rows)) if self.indices is None else self.values.take(self.indices.take(rows))
        )


def key_codes(keys: Sequence[GroupKey], rows: int) -> pa.Array:
    """One number per row, the same where all keys are."""
    code, codes = np.zeros(rows, dtype=np.int64), 1
    for key in keys:
        if key.indices is None:
            continue
        if codes * len(key.values) > _MOST_CODES:  # the product of the numbers of keys would overflow int64
            encoded = pa.array(code).dictionary_encode()
            code, codes = encoded.indices.to_numpy().astype(np.int64), len(encoded.dictionary)
        code = code * len(key.values) + key.indices.to_numpy()
        codes *= len(key.values)
    return pa.array(code)


def group_key(column: pa.Array) -> GroupKey:
    """A column as a key; null is a value."""
    return encoded_key(column.dictionary_encode(null_encoding="encode"))


def encoded_key(encoded: pa.DictionaryArray) -> GroupKey:
    """A column with each value stored once as a key."""
    return GroupKey(encoded.dictionary, encoded.indices if len(encoded.dictionary) > 1 else None)


def _memo_or_active(block: Columns) -> GroupKey:
    memo = block.column("memo")
    if not memo.true_count:
        return GroupKey(_ACTIVE_MEMO, None)
    return GroupKey(_ACTIVE_MEMO, pc.cast(pc.fill_null(memo, False), pa.int8()))


def combine(tables: Sequence[pa.Table]) -> pa.Table:
    """Add up the totals of several blocks; the same totals in any order give the same table."""
    together = pa.concat_tables([NO_TOTALS, *tables])
    if together.num_rows == 0:
        return together
    _check_sum(together["cents"])
    summed = together.group_by(_KEYS, use_threads=False).aggregate([("rows", "sum"), ("cents", "sum")])
    renamed = summed.rename_columns([*_KEYS, "rows", "cents"]).select(TOTALS_SCHEMA.names)
    return renamed.sort_by([(name, "ascending") for name in _KEYS])


def _check_sum(cents: pa.Array | pa.ChunkedArray) -> None:
    """Refuse a sum that overflows int64: Arrow would wrap around silently, and the money would be negative."""
    if pc.sum(pc.abs(pc.cast(cents, pa.float64(), safe=False))).as_py() > _MOST_CENTS:
        raise FilingError(
            "the amounts add up to more than ninety quadrillion dollars: they are not amounts of contributions",
            hint="this is probably not the amount column; name the right one with --map",
        )
