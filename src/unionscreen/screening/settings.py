"""What a screening was asked to do, in a form that travels to worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unionscreen.accounting import Rules


@dataclass(frozen=True)
class Settings:
    """The options that change what a block yields.

    Args:
        list_sha256: the hash of the union list; a worker that finds another list refuses to work with it.
        unions: the user's own organisations, laid over the list.
        kinds: union kinds to flag; None is all.
        min_score: matches that score less are left out, and counted.
        employers: look at individuals' employers too.
        rules: how the formats at hand repeat rows, by format id; the others count every row.
    """

    list_sha256: str
    unions: Path | None = None
    kinds: frozenset[str] | None = None
    min_score: float = 0
    employers: bool = False
    rules: Mapping[str, Rules] = field(default_factory=dict)
