"""The rows that a screening of prosecutors examines: those of their own recipients, 1 in 50 of a state's file.

The rows of a recipient show whether it is a prosecutor's, so a block can decide; where only another block's rows show
it, ``prosecutor_keys`` does. Matching everybody else's donors would find rows that nobody is shown, and cost as much as
all the reading.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.totals import IDENTITY, BlockRecipients
from unionscreen.prosecutors import Recipient, Roster, prosecutor_of, recipient_key

# Recipients whose answer a process keeps: every block of a state's file names the same few thousand.
_CACHED_RECIPIENTS: Final = 1 << 16
# Threads that start together would each answer for the same recipients, and slow one another down.
_ASKING: Final = threading.Lock()

_Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class ProsecutorRows:
    """The prosecutors' part of a block.

    Args:
        rows: positions of the rows to examine; None is all of them.
        prosecutors: the ``recipient_key`` of every prosecutor's recipient in the block.
        skipped: the keys of those whose rows are not among ``rows``.
        first_two: the keys of at most two recipients of the block; one key means that the block has one recipient.
    """

    rows: pa.Array | None = None
    prosecutors: Sequence[str] = ()
    skipped: Sequence[str] = ()
    first_two: Sequence[str] = ()


def select_prosecutor_rows(
    recipients: BlockRecipients, roster: Roster | None, prosecutor_keys: Collection[str] = ()
) -> ProsecutorRows:
    """Separate the rows of prosecutors' recipients from the others.

    A block without prosecutors is examined whole: the other blocks may have none either, and then all recipients are
    shown; or its file holds one recipient and was given by its name. A row of the same committee that names no office
    counts as its prosecutor's: it may be the refund of a gift.

    Args:
        recipients: those of a block.
        roster: the user's own list of prosecutors.
        prosecutor_keys: keys that other blocks know to be prosecutors'.
    """
    with _ASKING:
        identities = [*zip(*(recipients.table[name].to_pylist() for name in IDENTITY), strict=True)]
        answers = [_answer(cells, roster) for cells in identities]
    keys = [key for key, _ in answers]
    wanted_keys = {key for key, is_prosecutors in answers if is_prosecutors}
    if prosecutor_keys:
        wanted_keys.update({*keys}.intersection(prosecutor_keys))
    wanted = [each in wanted_keys for each in keys]
    prosecutors = sorted(wanted_keys)
    first_two = nsmallest(2, {*keys})
    if recipients.of_row is None or all(wanted) or not any(wanted):
        return ProsecutorRows(None, prosecutors, (), first_two)
    rows = pc.indices_nonzero(pa.array(wanted).take(recipients.of_row))
    skipped = [each for each, is_wanted in zip(keys, wanted, strict=True) if not is_wanted]
    return ProsecutorRows(rows, prosecutors, skipped, first_two)


@lru_cache(maxsize=_CACHED_RECIPIENTS)
def _answer(cells: _Cells, roster: Roster | None) -> tuple[str, bool]:
    """The key of a recipient, and whether it is a prosecutor's."""
    is_prosecutors = prosecutor_of(Recipient(cells[0] or "", *cells[1:]), roster) is not None
    return recipient_key(*cells[:2]), is_prosecutors
