"""The layout of one file: everything that a process needs to read any block of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from unionscreen.filings.layouts.column_rules import ColumnRule
from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.joins import Joined
from unionscreen.filings.layouts.notation import DecimalMark

# Canonical columns that screening needs for whole blocks, or for the many rows that pass the prefilter. The others are
# read only for the few rows of interest.
SCREENED: Final = (
    "contributor", "contributor_type", "city", "state", "recipient", "recipient_id", "candidate", "office",
    "jurisdiction", "amount_cents", "kind", "memo", "filing_id", "amendment", "transaction_id", "status", "late",
    "period_begin", "period_end", "form_line", "outgoing", "promised",
)  # fmt: skip


# Who gave, who received, how much and when: a wrong guess here would be a wrong accusation.
TELLING: Final = ("contributor", "recipient", "amount_cents", "date")


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
    """The normalized header, to recognize it when it is repeated; empty when there is none."""
    date_formats: tuple[str, ...] = ()
    encoding: str | None = None
    """The encoding from which the source was transcoded; None: each block detects its encoding."""
    virtual: Mapping[int, Joined] = field(default_factory=dict)
    """Joined columns by position; they are not in the lines of the file."""
    extra_amounts: tuple[tuple[int, int], ...] = ()
    """Positions of additional pairs of date and amount, each a separate contribution."""
    unique_id: str = ""
    """The scope in which a transaction id is unique: ``agency``, ``filing``, or unknown."""
    compiled: bool = False
    """Whether the file was compiled from several exports: what it lists twice is counted and reported."""
    doubles: tuple[tuple[int, ...], ...] = ()
    """Positions of columns that share a header and are read as the first of them: see ``doubles``."""
    decimal_mark: DecimalMark = "."
    """The character before the cents of an amount."""
    line_breaks: bool = False
    """Whether the lines of a cell mean different things. Otherwise a line break in a name becomes a blank."""
    home: str = ""
    """The state whose agency the file is from, two letters; empty for national agencies and unknown layouts."""
    ocr: bool = False
    """Whether the rows were read from a scan, where names may be misread."""
    row_note: str = ""
    """What to check in each row."""
    lazy_addresses: bool = False
    """Whether addresses, half of some files, are read only for the few rows whose place is needed."""
    dated: bool = False
    """Whether the date is read for whole blocks."""
    paid: bool = False
    """Whether every row is money that the filer paid out."""
    refunds_are_payments: bool = False
    """Whether a negative payment is a gift that was paid back."""
    payments: Mapping[str, ColumnRule] = field(default_factory=dict)
    """The rules of the rows that ``outgoing`` marks; empty where they are rejected."""
    mapped: tuple[int, ...] = field(init=False)
    """Positions of the file columns that some rule reads."""
    screened: tuple[int, ...] = field(init=False)
    """Of these, the columns that screening needs for whole blocks."""
    required: tuple[int, ...] = field(init=False)
    """The columns without which a row is useless: contributor, amount, recipient."""
    named: tuple[int, ...] = field(init=False)
    """The columns of the contributor's name."""
    telling: frozenset[int] = field(init=False)
    """The columns for who gave, who received, how much and when. A second column that contradicts them is reported."""

    def __post_init__(self) -> None:
        others = {group[0]: group[1:] for group in self.doubles}

        def of(names: Iterable[str]) -> tuple[int, ...]:
            return tuple(
                sorted(self.file_columns(at for name in names if name in self.rules for at in self.rules[name].read))
            )

        def with_doubles(positions: Iterable[int]) -> tuple[int, ...]:
            found = set(positions)
            return tuple(sorted(found.union(*(others.get(at, ()) for at in found))))

        def from_address(name: str) -> bool:
            return name in self.rules and self.rules[name].how in ("city", "state")

        screened = [name for name in SCREENED if not (self.lazy_addresses and from_address(name))]

        pairs = {at for pair in self.extra_amounts for at in pair}
        repeats = ("date", "election", "listing", "entry") if self.finds_repeats else ()
        # Accounting needs the date of late rows, and every value that distinguishes rows that may repeat others.
        # A date in two columns is compared.
        asked = self.dated or pairs or "late" in self.rules or repeats or others.keys() & set(of(("date",)))
        dates = of(("date", *repeats)) if asked else ()
        paid = {at for rule in self.payments.values() for at in rule.read}
        object.__setattr__(self, "mapped", with_doubles({*of(tuple(self.rules)), *pairs, *self.file_columns(paid)}))
        object.__setattr__(self, "screened", with_doubles({*of(screened), *pairs, *dates}))
        object.__setattr__(self, "telling", frozenset(of(TELLING)))
        object.__setattr__(self, "named", of(("contributor",)))
        object.__setattr__(self, "required", of(("contributor", "amount_cents", "recipient")))

    @cached_property
    def without_addresses(self) -> Layout:
        """The same, with addresses read only for the rows whose place is needed; made once for all its blocks."""
        return replace(self, lazy_addresses=True)

    @cached_property
    def with_dates(self) -> Layout:
        """The same, with the date read for whole blocks; made once for all its blocks."""
        return replace(self, dated=True)

    @property
    def of_payments(self) -> Layout:
        """How the rows are read that ``outgoing`` marks."""
        return replace(
            self, rules=self.payments, payments={}, paid=True, extra_amounts=(), unique_id="", compiled=False
        )

    @property
    def finds_repeats(self) -> bool:
        """Whether repeated rows can be recognized."""
        return "listing" in self.rules or (bool(self.unique_id) and "transaction_id" in self.rules)

    def file_columns(self, positions: Iterable[int]) -> set[int]:
        """The columns of the file for these positions; for a joined column, its keys."""
        out: set[int] = set()
        for at in positions:
            out |= self.file_columns(self.virtual[at].at) if at in self.virtual else {at}
        return out

    @property
    def amounts_at(self) -> tuple[int, ...]:
        """Positions of the amounts: one in most formats, cash and in-kind in some."""
        return self.rules["amount_cents"].positions

    def cell(self, fields: Sequence[str], at: int) -> str:
        """A cell of a row; of columns that share a header, the first filled cell."""
        group = next((group for group in self.doubles if group[0] == at), (at,))
        return next((fields[each] for each in group if fields[each].strip()), "")

    def is_header(self, fields: list[str]) -> bool:
        """Whether a row repeats the header line, as in files that were compiled from several files."""
        return bool(self.header) and tuple(map(normalize_header, fields)) == self.header[: len(fields)]
