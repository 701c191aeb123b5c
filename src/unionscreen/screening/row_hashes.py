"""Which rows of a block repeat others: the columns of a block → hashes for ``accounting.repeats``."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.lines import Rules
from unionscreen.accounting.repeats import (
    FIRST,
    ONLY_ROW,
    SECOND,
    CrossBlockRepeats,
    Repeats,
    combine_hashes,
    find_repeats,
    hash_texts,
)
from unionscreen.accounting.totals import BlockRecipients
from unionscreen.filings import Block
from unionscreen.filings.layouts.resolved import MAPPED_ID
from unionscreen.prosecutors import recipient_key

# Days are numbers counted from 1970; nothing was filed on this one.
_NO_DAY: Final = -(1 << 31)
# In the place of an id, so that the two kinds of repeats never share a hash.
_LISTED: Final = np.uint64(0x9E3779B97F4A7C15)


def block_repeats(
    block: Block, recipients: BlockRecipients, rules: Rules, across_blocks: CrossBlockRepeats
) -> Repeats | None:
    """The rows of a block to leave out; None where its format cannot show repeats.

    Args:
        block: its columns.
        recipients: its recipients.
        rules: of its format; one that finds duplicates itself needs nothing here.
        across_blocks: which rows of other blocks its own rows repeat.
    """
    if not block.layout.finds_repeats or rules.duplicates or block.num_rows == 0:
        return None
    open_rows = pc.is_null(block.column("status"))
    if "listing" in block.layout.rules:
        listing = block.column("listing")
        rows = _positions(pc.and_(open_rows, pc.is_valid(listing)))
        parts = np.where(_bools(pc.equal(listing.take(pa.array(rows)), "first")), FIRST, SECOND)
        hashes = combine_hashes(
            [np.full(len(rows), _LISTED), *_transaction_hashes(block, recipients, rows, ("entry",))]
        )
    else:
        ids = block.column("transaction_id")
        rows = _positions(pc.and_(open_rows, pc.is_valid(ids)))
        parts = np.full(len(rows), ONLY_ROW)
        within_filing = block.layout.unique_id == "filing" or rules.amendments
        names: tuple[str, ...] = ("election", "filing_id", "amendment") if within_filing else ("election",)
        if block.layout.format_id == MAPPED_ID:  # its ids may not be unique, so the donor must be the same too
            names += ("contributor",)
        ids_hashed = hash_texts(ids.take(pa.array(rows)))
        hashes = combine_hashes([ids_hashed, *_transaction_hashes(block, recipients, rows, names)])
    lines = block.column("row").to_numpy()[rows]
    return find_repeats(rows, hashes, parts, lines, across_blocks, (block.input_index, block.block_index))


def whole_rows(block: Block, only: pa.Array | None) -> pa.Table:
    """The hash of all cells of each row, with its row number and cents; of all rows or of those in ``only``."""
    rows = np.arange(block.num_rows) if only is None else only.to_numpy().astype(np.int64)
    kept = _bools(pc.is_null(block.column("status").take(pa.array(rows))))
    rows = rows[kept]
    hashes = combine_hashes([np.zeros(len(rows), np.uint64), *map(hash_texts, block.texts(rows))])
    taken = pa.array(rows)
    columns = {"hash": pa.array(hashes), "row": block.column("row").take(taken)}
    return pa.table(columns | {"cents": block.column("amount_cents").take(taken)})


def _positions(chosen: pa.Array) -> np.ndarray:
    return np.asarray(pc.indices_nonzero(chosen).to_numpy(), dtype=np.int64)


def _bools(values: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)


def _transaction_hashes(
    block: Block, recipients: BlockRecipients, rows: np.ndarray, names: tuple[str, ...]
) -> list[np.ndarray]:
    """The hashes of what makes two rows the same transaction, besides the id."""
    keys = [recipient_key(*pair) for pair in zip(*(recipients.table[n].to_pylist() for n in _WHO), strict=True)]
    whose = hash_texts(pa.array(keys, pa.string()))
    of_row = np.zeros(block.num_rows, np.int64) if recipients.of_row is None else recipients.of_row.to_numpy()
    days = pc.fill_null(pc.cast(block.column("date"), pa.int32()), _NO_DAY).to_numpy()
    flags = _bools(block.column("memo")) * 2 + (_bools(block.column("late")) if "late" in block.layout.rules else 0)
    numbers = (block.column("amount_cents").to_numpy(), days, flags)
    texts = ("kind", *(name for name in names if name in block.layout.rules))
    return [
        whose[of_row[rows]],
        *(each[rows].astype(np.int64).view(np.uint64) for each in numbers),
        *(_hashed(block, name)[rows] for name in texts),
    ]


_WHO: Final = ("recipient", "recipient_id")


def _hashed(block: Block, name: str) -> np.ndarray:
    distinct = block.distinct(name)
    hashed: np.ndarray = hash_texts(distinct.dictionary)[distinct.indices.to_numpy()]
    return hashed
