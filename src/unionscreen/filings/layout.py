"""How the text of one file is laid out: all that a process needs to read any block of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from unionscreen.filings.definitions import ColumnRule, normalize_header

# Canonical columns that screening asks for on whole blocks; the others are read only for the few rows of interest.
SCREENED: Final = (
    "contributor", "contributor_type", "recipient", "recipient_id", "candidate", "office", "jurisdiction",
    "amount_cents", "kind", "memo", "filing_id", "amendment", "transaction_id",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Delimiter, quoting, width and resolved columns of one file. Picklable and small."""

    format_id: str
    delimiter: str
    quoting: bool
    fields: int
    """Fields of a row."""
    rules: Mapping[str, ColumnRule]
    """Canonical column to its rule, bound to positions."""
    header: tuple[str, ...] = ()
    """The normalized header, to know it when it is repeated; empty when there is none."""
    date_formats: tuple[str, ...] = ()
    serial_dates: bool = False
    """Whether a bare number in a date column is a spreadsheet's day number."""
    encoding: str | None = None
    """What the source was transcoded from before it was cut into blocks; None: each block finds out."""
    mapped: tuple[int, ...] = field(init=False)
    """Positions of the file columns that some rule reads."""
    screened: tuple[int, ...] = field(init=False)
    """Those of them that screening needs on whole blocks."""
    required: tuple[int, ...] = field(init=False)
    """Those without which a row says nothing: contributor, amount, recipient."""

    def __post_init__(self) -> None:
        def of(names: tuple[str, ...]) -> tuple[int, ...]:
            return tuple(sorted({at for name in names if name in self.rules for at in self.rules[name].positions}))

        object.__setattr__(self, "mapped", of(tuple(self.rules)))
        object.__setattr__(self, "screened", of(SCREENED))
        object.__setattr__(self, "required", of(("contributor", "amount_cents", "recipient")))

    @property
    def amount_at(self) -> int:
        """Position of the amount."""
        return self.rules["amount_cents"].at[0]

    def is_header(self, fields: list[str]) -> bool:
        """Whether a row is the header line once more, as in files that were put together from several."""
        return bool(self.header) and tuple(map(normalize_header, fields)) == self.header[: len(fields)]
