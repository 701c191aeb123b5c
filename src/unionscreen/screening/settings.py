"""What a screening was asked to do, in a form that can be sent to worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen._version import __version__
from unionscreen.accounting.lines import Rules
from unionscreen.accounting.repeats import CrossBlockRepeats
from unionscreen.prosecutors import Roster

# The category of a row that is kept only because a person confirmed its donor.
CONFIRMED: Final = "confirmed"
# The tier of a look-alike that counts because the user asked for its category.
COUNTED_RELATED: Final = "related"


def fold_names(names: pa.Array) -> pa.Array:
    """Only the letters and digits of names, in lower case, whole columns at once.

    >>> fold_names(pa.array(["P.O.A. of Elk-Hills", None])).to_pylist()
    ['poaofelkhills', None]
    """
    return pc.replace_substring_regex(pc.utf8_lower(names), r"[^\p{L}\p{N}]+", "")


@dataclass(frozen=True)
class Settings:
    """The options that change what a block yields.

    Args:
        list_sha256: the hash of the union list; a worker that finds another list refuses to work with it.
        unions: the user's own organizations, added to the list.
        kinds: union kinds to flag; None is all.
        min_score: matches with a lower score are excluded, and counted.
        count: categories of related organizations that the user wants in the sums, sorted.
        employers: match the employers of individuals too.
        rules: how the formats at hand repeat rows, by format id; the others count every row.
        confirmed: donors that a person confirmed as unions, as :func:`fold_names` writes them; their rows are kept
            whatever the matcher answers.
        prosecutors_only: examine only the rows of prosecutors, in blocks that have any.
        roster: the user's own list of prosecutors, for that.
        prosecutor_keys: keys of prosecutors' recipients (``recipient_key``), for blocks whose own rows do not show it.
        state: the state of the recipients, two letters, where neither the filing nor its layout gives one.
        givers: committees whose books the user asked for, as ``accounting.payments.folded`` writes them.
        traced: keys of committees whose receipts are kept row by row, to add up what they had on some day.
        repeats: what each block must know about rows of other blocks that its own rows repeat.
        scan_dates: report the first and the last date of all rows, and rows that are equal word for word; for inputs
            so small that this costs little.
        form_totals: add up the rows by line of the form, because the inputs hold the form's own sums.
        by_year: keep the sums of each year apart, and the first and last day of each recipient's rows.
        version: of this tool; a worker that runs another one refuses to work with it.
    """

    list_sha256: str
    unions: Path | None = None
    kinds: frozenset[str] | None = None
    min_score: float = 0
    count: tuple[str, ...] = ()
    employers: bool = False
    rules: Mapping[str, Rules] = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    prosecutors_only: bool = False
    roster: Roster | None = None
    prosecutor_keys: tuple[str, ...] = ()
    state: str = ""
    givers: tuple[str, ...] = ()
    traced: tuple[str, ...] = ()
    repeats: CrossBlockRepeats = field(default_factory=CrossBlockRepeats)
    scan_dates: bool = False
    form_totals: bool = False
    by_year: bool = False
    version: str = __version__
