"""What a screening was asked to do, in a form that travels to worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen._version import __version__
from unionscreen.accounting import Known, Rules
from unionscreen.prosecutors import Roster

# What a row is said to be that is kept only because a person confirmed its donor.
CONFIRMED: Final = "confirmed"
# The tier of a look-alike that counts because the user asked for its category.
COUNTED_RELATED: Final = "related"


def fold(names: pa.Array) -> pa.Array:
    """Names by their letters and digits alone, in lower case, whole columns at once.

    >>> fold(pa.array(["P.O.A. of Elk-Hills", None])).to_pylist()
    ['poaofelkhills', None]
    """
    return pc.replace_substring_regex(pc.utf8_lower(names), r"[^\p{L}\p{N}]+", "")


@dataclass(frozen=True)
class Settings:
    """The options that change what a block yields.

    Args:
        list_sha256: the hash of the union list; a worker that finds another list refuses to work with it.
        unions: the user's own organizations, laid over the list.
        kinds: union kinds to flag; None is all.
        min_score: matches that score less are left out, and counted.
        count: categories of related organizations that the user wants in the sums, sorted.
        employers: look at individuals' employers too.
        rules: how the formats at hand repeat rows, by format id; the others count every row.
        confirmed: donors that a person confirmed as unions, folded by :func:`fold`: their rows are kept whatever the
            matcher thinks of them.
        prosecutors_only: look at prosecutors' recipients only, in blocks that hold any.
        roster: the user's own list of prosecutors, for that.
        known: keys of prosecutors' recipients (``recipient_key``), for blocks whose own rows do not say so.
        state: the state of the recipients, two letters, where neither the filing nor its layout says one.
        givers: committees whose books the user asked for, as ``accounting.payments.folded`` writes them.
        repeated: what each block must know of rows in other blocks that its own repeat.
        days: say the first and the last date of all rows, and which rows are equal word for word: for inputs of which
            that costs little.
        form_totals: add up the rows by line of the form, because the inputs hold the form's own sums.
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
    known: tuple[str, ...] = ()
    state: str = ""
    givers: tuple[str, ...] = ()
    repeated: Known = field(default_factory=Known)
    days: bool = False
    form_totals: bool = False
    version: str = __version__
