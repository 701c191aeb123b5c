"""Rows that occur twice in the files at hand and are one transaction: the first of them counts.

There are two kinds. A row repeats another when it has the same id and also the same filer, date, amount and kind (and
election, where the file has one); where ids are unique only within a filing, also the same filing. An id alone is not
enough: in New York City's files 1,325 of 4,436 REFNOs belong to more than one candidate. And a portal may list one gift
under two headings (``listing``): of rows that are otherwise equal, those of the second heading repeat those of the
first.

A block finds its own repeats. Repeats in different blocks are found by a 64-bit hash of each row, and then the blocks
are read once more; a hash takes 8 bytes instead of the row. The chance that two of 100 million different rows share a
hash is 1 in 4,000, and only two such rows in different blocks would be confused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BlockId = tuple[int, int]
"""Input and block number; blocks are ordered by it."""

ONLY_ROW, FIRST, SECOND = 0, 1, 2
"""The role of a row: identified by its id; under the first heading; under the second."""

HASHES_SCHEMA: Final = pa.schema([("hash", pa.uint64()), ("part", pa.int8())])
FIRST_ROWS_SCHEMA: Final = pa.schema([("hash", pa.uint64()), ("row", pa.int64())])

# Odd 64-bit numbers, one for each position in a text: a multilinear hash, whose sum of products wraps around.
_WEIGHTS: Final = np.random.default_rng(20260601).integers(0, 1 << 63, size=1 << 12, dtype=np.uint64) * 2 + 1
_MIX: Final = (
    np.uint64(0xFF51AFD7ED558CCD),
    np.uint64(0xC4CEB9FE1A85EC53),
)  # murmur3's finalizer: any odd numbers work
_SHIFT: Final = np.uint64(33)
# Rows hashed at once: the intermediate arrays take 8 times the text.
_HASHED_ROWS: Final = 1 << 14
# The hashes of all blocks are compared in this many parts, so that there is no second copy of them.
_PARTS: Final = 64


@dataclass(frozen=True)
class CrossBlockRepeats:
    """How many rows of each hash a block leaves out, where rows of other blocks have the same hash.

    Args:
        left_out: for a block, hashes in order and how many of its last rows with each are left out.
        asked: all these hashes; the block with the first row of one reports that row.
    """

    left_out: Mapping[BlockId, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    asked: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))

    def __repr__(self) -> str:
        """A digest of all its content: checkpoint files are named by their settings."""
        digest = hashlib.sha256(self.asked.tobytes())
        for place, (hashes, counts) in sorted(self.left_out.items()):
            digest.update(repr(place).encode() + hashes.tobytes() + counts.tobytes())
        return f"CrossBlockRepeats({digest.hexdigest()})"

    def __bool__(self) -> bool:
        return len(self.asked) > 0


class Repeats(NamedTuple):
    """The repeats in a block."""

    rows: np.ndarray
    """Positions of the rows to leave out, in order."""
    of: np.ndarray
    """The hash of each."""
    hashes: pa.Table
    """HASHES_SCHEMA of all rows that were compared, ordered by hash."""
    first_rows: pa.Table
    """FIRST_ROWS_SCHEMA: the first row of each repeated hash, if it is in this block."""


def hash_texts(texts: pa.Array) -> np.ndarray:
    """A 64-bit hash of each text, the same in every process; null is the empty text.

    >>> one, other, same = hash_texts(pa.array(["A1", "A2", "A1"]))
    >>> bool(one == same), bool(one == other)
    (True, False)
    """
    out = np.empty(len(texts), np.uint64)
    filled = pc.fill_null(texts, "")
    for at in range(0, len(texts), _HASHED_ROWS):
        part = pa.concat_arrays([filled.slice(at, _HASHED_ROWS)])
        _, offsets, data = part.buffers()
        ends = np.frombuffer(offsets, np.int32)[part.offset : part.offset + len(part) + 1].astype(np.int64)
        letters = np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]].astype(np.uint64)
        lengths = np.diff(ends)
        place = np.arange(len(letters)) - np.repeat(ends[:-1] - ends[0], lengths)
        weighed = _WEIGHTS[place % len(_WEIGHTS)] * (letters + 1) * (place // len(_WEIGHTS) + 1).astype(np.uint64)
        summed = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weighed, dtype=np.uint64)])
        out[at : at + len(part)] = summed[ends[1:] - ends[0]] - summed[ends[:-1] - ends[0]]
    return _mixed(out)


def _mixed(hashes: np.ndarray) -> np.ndarray:
    for factor in _MIX:
        hashes = (hashes ^ (hashes >> _SHIFT)) * factor
    mixed: np.ndarray = hashes ^ (hashes >> _SHIFT)
    return mixed


def combine_hashes(parts: Sequence[np.ndarray]) -> np.ndarray:
    """One hash from the hashes of several columns; their order matters."""
    out = parts[0]
    for part in parts[1:]:
        out = _mixed(out * _MIX[0] + part)
    return out


def find_repeats(
    rows: np.ndarray,
    hashes: np.ndarray,
    parts: np.ndarray,
    lines: np.ndarray,
    across_blocks: CrossBlockRepeats,
    block_id: BlockId,
) -> Repeats:
    """The rows of a block to leave out.

    Args:
        rows: positions in the block of the rows to compare, in order.
        hashes: the hash of each.
        parts: the role of each.
        lines: the line of each in the block.
        across_blocks: hashes that rows of other blocks have too.
        block_id: of the block.
    """
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(order) else order
    counts = np.diff(np.append(starts, len(order)))
    nothing = across_blocks.asked[:0]
    quota = dict(zip(*map(np.ndarray.tolist, across_blocks.left_out.get(block_id, (nothing, nothing))), strict=True))
    several = counts > 1
    if across_blocks:
        several |= np.isin(ordered[starts], across_blocks.asked)
    left: list[int] = []
    firsts: list[tuple[int, int]] = []
    for start, count in zip(starts[several].tolist(), counts[several].tolist(), strict=True):
        members = order[start : start + count]
        of = int(ordered[start])
        last = members[parts[members] != FIRST]
        under_first = count - len(last)
        local = min(under_first, len(last)) if under_first else len(last) - 1 if parts[members[0]] == ONLY_ROW else 0
        leave = quota.get(of, local)
        left += last[len(last) - leave :].tolist() if leave else []
        if leave < count:
            firsts.append((of, int(lines[members[0]])))
    left.sort()
    found = np.array(left, dtype=np.int64)
    return Repeats(
        rows[found],
        hashes[found],
        pa.table([pa.array(ordered), pa.array(parts[order], pa.int8())], schema=HASHES_SCHEMA),
        pa.Table.from_pylist([{"hash": of, "row": row} for of, row in firsts], schema=FIRST_ROWS_SCHEMA),
    )


def resolve(blocks: Mapping[BlockId, pa.Table]) -> CrossBlockRepeats:
    """What the blocks must know about one another: nothing where no two of them have rows of one hash."""
    ids = sorted(block_id for block_id, table in blocks.items() if table.num_rows)
    if len(ids) < 2:
        return CrossBlockRepeats()
    arrays = [(blocks[each]["hash"].to_numpy(), blocks[each]["part"].to_numpy()) for each in ids]
    asked: list[np.ndarray] = []
    quotas: dict[BlockId, tuple[list[int], list[int]]] = {}
    step = (1 << 64) // _PARTS
    for part in range(_PARTS):
        low, high = np.uint64(part * step), np.uint64(min((part + 1) * step, (1 << 64) - 1))
        pieces = []
        for which, (hashes, parts) in enumerate(arrays):
            begin = np.searchsorted(hashes, low)
            end = len(hashes) if part == _PARTS - 1 else np.searchsorted(hashes, high)
            pieces.append((hashes[begin:end], parts[begin:end], np.full(end - begin, which)))
        hashes, parts, whose = (np.concatenate(each) for each in zip(*pieces, strict=True))
        order = np.argsort(hashes, kind="stable")  # within one hash the earlier block comes first
        hashes, parts, whose = hashes[order], parts[order], whose[order]
        same = hashes[1:] == hashes[:-1]
        shared = np.unique(hashes[1:][same & (whose[1:] != whose[:-1])])
        asked.append(shared)
        for of in shared.tolist():
            begin, end = np.searchsorted(hashes, np.uint64(of)), np.searchsorted(hashes, np.uint64(of), "right")
            for which, leave in _quotas(parts[begin:end], whose[begin:end]):
                ofs, counts = quotas.setdefault(ids[which], ([], []))
                ofs.append(of)
                counts.append(leave)
    left_out = {
        place: (np.array(ofs, np.uint64), np.array(counts, np.int64)) for place, (ofs, counts) in quotas.items()
    }
    return CrossBlockRepeats(left_out, np.concatenate(asked)) if quotas else CrossBlockRepeats()


def _quotas(parts: np.ndarray, whose: np.ndarray) -> list[tuple[int, int]]:
    """How many rows of one hash each block leaves out."""
    under_first = int(np.count_nonzero(parts == FIRST))
    out = []
    for which in np.unique(whose).tolist():
        mine = parts[whose == which]
        if parts[0] == ONLY_ROW:
            leave = len(mine) - (which == whose[0])
        else:
            leave = min(under_first, int(np.count_nonzero(mine == SECOND)))
            under_first -= leave
        out.append((which, leave))
    return out
