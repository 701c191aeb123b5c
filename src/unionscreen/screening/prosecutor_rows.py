"""The rows that a screening of prosecutors has to look at: those of their own recipients, 1 in 50 of a state's file.

Which recipient is a prosecutor's is read from its rows, so a block can tell; where only another block's rows say so,
``known`` does. Looking for unions among everybody else's donors would find rows that nobody is shown, and cost as much
as all the reading.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting import IDENTITY, BlockRecipients
from unionscreen.prosecutors import Recipient, Roster, prosecutor_of
from unionscreen.prosecutors.words import name_key

# Recipients whose answer a process keeps: every block of a state's file names the same few thousand.
_REMEMBERED: Final = 1 << 16

# Threads that begin together would each ask about the same recipients, and keep one another from it.
_ASKING: Final = threading.Lock()

_Cells = tuple[str | None, ...]


@lru_cache(maxsize=_REMEMBERED)
def recipient_key(recipient: str | None, recipient_id: str | None) -> str:
    """What the rows of one recipient have in common: its id, else its name folded."""
    return recipient_id or name_key(recipient or "")


@dataclass(frozen=True)
class ProsecutorRows:
    """What a block holds of prosecutors.

    Args:
        rows: positions of the rows to look at; None is all of them.
        prosecutors: the :func:`recipient_key` of every prosecutor's recipient in the block.
        others: the same of those whose rows are not among ``rows``.
        first_two: the same of all recipients in the block, but no more than two: whether it holds one only.
    """

    rows: pa.Array | None = None
    prosecutors: Sequence[str] = ()
    others: Sequence[str] = ()
    first_two: Sequence[str] = ()


def select_prosecutor_rows(
    recipients: BlockRecipients, roster: Roster | None, known: Collection[str] = ()
) -> ProsecutorRows:
    """Tell the rows of prosecutors' recipients from the others.

    A block without any is looked at whole: the other blocks may hold none either, and then all recipients are shown; or
    it is of a file that holds one recipient, and was given by its name.
    A row of the same committee that names no office counts as its prosecutor's: it may be the refund of a gift.

    Args:
        recipients: those of a block.
        roster: the user's own list of prosecutors.
        known: keys that are prosecutors', as other blocks say.
    """
    with _ASKING:
        found = [*zip(*(recipients.table[name].to_pylist() for name in IDENTITY), strict=True)]
        keys = [recipient_key(*cells[:2]) for cells in found]
        wanted_keys = {keys[at] for at, cells in enumerate(found) if _is_prosecutors(cells, roster)}
        wanted_keys.update({*keys}.intersection(known))
        wanted = [each in wanted_keys for each in keys]
    prosecutors = sorted(wanted_keys)
    first_two = sorted({*keys})[:2]
    if recipients.of_row is None or all(wanted) or not any(wanted):
        return ProsecutorRows(None, prosecutors, (), first_two)
    rows = pc.indices_nonzero(pa.array(wanted).take(recipients.of_row))
    others = [each for each, is_wanted in zip(keys, wanted, strict=True) if not is_wanted]
    return ProsecutorRows(rows, prosecutors, others, first_two)


@lru_cache(maxsize=_REMEMBERED)
def _is_prosecutors(cells: _Cells, roster: Roster | None) -> bool:
    return prosecutor_of(Recipient(cells[0] or "", *cells[1:]), roster) is not None
