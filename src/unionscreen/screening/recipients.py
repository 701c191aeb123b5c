"""The recipients of filings, without looking at donors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from unionscreen.accounting.totals import IDENTITY, block_recipients
from unionscreen.filings import Block, BlockTask, read_block
from unionscreen.prosecutors import Agency, Recipient


@dataclass(frozen=True)
class BlockNames:
    """The recipients of one block, and how many rows each has."""

    input_index: int
    rows: dict[Recipient, int]
    rows_read: int
    rows_rejected: int


@dataclass
class RecipientNames:
    """The recipients of all filings."""

    rows: Counter[Recipient] = field(default_factory=Counter)
    agencies: dict[Recipient, set[Agency]] = field(default_factory=dict)
    rows_read: int = 0
    rows_rejected: int = 0


def recipient_names(task: BlockTask) -> BlockNames:
    """The recipients of a block, also those whom payments are for or about."""
    block = read_block(task)
    paid = block.payments()
    rows: Counter[Recipient] = Counter()
    for part in (block, *paid):
        rows.update(_counted(part))
    read = block.rows_read + sum(each.num_rows for each in paid)
    return BlockNames(block.input_index, dict(rows), read, block.rejects.num_rows)


def _counted(block: Block) -> dict[Recipient, int]:
    if block.num_rows == 0:
        return {}
    found = block_recipients(block, block.num_rows)
    cells = zip(*(found.table[name].to_pylist() for name in IDENTITY), strict=True)
    # Independent spending names only the candidate.
    everybody = [Recipient.of((each[0] or each[2], *each[1:])) for each in cells]
    if found.of_row is None:
        return {everybody[0]: block.num_rows}
    counts = np.bincount(found.of_row.to_numpy(), minlength=len(everybody)).tolist()
    rows: Counter[Recipient] = Counter()
    for each, count in zip(everybody, counts, strict=True):
        rows[each] += count
    return rows


def gather_names(blocks: Iterable[BlockNames], agencies: Sequence[Agency]) -> RecipientNames:
    """Combine the recipients of all blocks.

    Args:
        blocks: in any order.
        agencies: of each input.
    """
    names = RecipientNames()
    for block in blocks:
        names.rows.update(block.rows)
        names.rows_read += block.rows_read
        names.rows_rejected += block.rows_rejected
        for each in block.rows:
            names.agencies.setdefault(each, set()).add(agencies[block.input_index])
    return names
