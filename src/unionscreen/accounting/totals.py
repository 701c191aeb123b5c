"""Sums by recipient, in Arrow: small enough to travel between processes, whatever the size of the filing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from unionscreen.accounting.statuses import Status

# What tells one recipient from another; the same five fields as prosecutors.Recipient.
IDENTITY: Final = ("recipient", "recipient_id", "candidate", "office", "jurisdiction")

TOTALS: Final = pa.schema(
    [
        *((name, pa.string()) for name in IDENTITY),
        ("kind", pa.string()),
        ("status", pa.string()),
        ("back", pa.bool_()),  # money going back, kept apart so that a sum loses nothing
        ("rows", pa.int64()),
        ("cents", pa.int64()),
    ]
)
_KEYS: Final = [*IDENTITY, "kind", "status", "back"]


class Columns(Protocol):
    """Whatever gives whole columns by name, such as a block of a filing."""

    def column(self, name: str) -> pa.Array:
        """The canonical column, all rows."""
        ...


def block_totals(block: Columns, statuses: pa.Array | None = None) -> pa.Table:
    """Sum a block's rows by recipient, kind, status and direction.

    Every key is made a small integer first and the integers are grouped: grouping 100,000 rows by five strings costs
    some ten times as much.

    Args:
        block: its columns.
        statuses: each row's status; None where only memo rows differ.
    """
    amounts = block.column("amount_cents")
    if len(amounts) == 0:
        return TOTALS.empty_table()
    if statuses is None:
        statuses = pc.if_else(pc.fill_null(block.column("memo"), False), "memo", "active")
    back = pc.less(amounts, 0)
    code = pc.cast(back, pa.int64())
    arrays = {name: block.column(name) for name in (*IDENTITY, "kind")} | {"status": statuses}
    for array in arrays.values():
        if array.null_count < len(array):
            encoded = array.dictionary_encode(null_encoding="encode")
            code = pc.add(pc.multiply(code, len(encoded.dictionary)), pc.cast(encoded.indices, pa.int64()))
    first = pc.indices_nonzero(pc.is_valid(amounts))  # 0, 1, 2, …: an amount is never null
    sums = (
        pa.table({"code": code, "cents": amounts, "first": first})
        .group_by("code", use_threads=False)
        .aggregate([("cents", "sum"), ("cents", "count"), ("first", "min")])
    )
    of = sums["first_min"].combine_chunks()
    return (
        pa.table(
            {
                **{name: pc.cast(array.take(of), pa.string()) for name, array in arrays.items()},
                "back": back.take(of),
                "rows": sums["cents_count"],
                "cents": sums["cents_sum"],
            }
        )
        .select(TOTALS.names)
        .cast(TOTALS)
    )


def combine(tables: Sequence[pa.Table]) -> pa.Table:
    """Add totals of several blocks up; the same totals in any order give the same table."""
    together = pa.concat_tables([TOTALS.empty_table(), *tables])
    if together.num_rows == 0:
        return together
    summed = together.group_by(_KEYS, use_threads=False).aggregate([("rows", "sum"), ("cents", "sum")])
    renamed = summed.rename_columns([*_KEYS, "rows", "cents"]).select(TOTALS.names)
    return renamed.sort_by([(name, "ascending") for name in _KEYS])


LEDGER: Final = pa.schema(
    [
        *((name, pa.string()) for name in IDENTITY),
        ("kind", pa.string()),
        ("amount_cents", pa.int64()),
        ("memo", pa.bool_()),
        ("filing_id", pa.string()),
        ("amendment", pa.string()),
        ("transaction_id", pa.string()),
        ("contributor", pa.string()),
        ("date", pa.date32()),
        ("row", pa.int64()),
    ]
)


def block_ledger(block: Columns) -> pa.Table:
    """The columns of a block from which :func:`unionscreen.accounting.statuses` decides."""
    return pa.table({field.name: block.column(field.name) for field in LEDGER}).cast(LEDGER)


def ledger_totals(ledger: pa.Table, decided: Sequence[Status]) -> pa.Table:
    """The totals of a ledger once every row has its status."""

    class _Ledger:
        def column(self, name: str) -> pa.Array:
            return ledger[name].combine_chunks()

    return block_totals(_Ledger(), pa.array([status.status for status in decided], pa.string()))
