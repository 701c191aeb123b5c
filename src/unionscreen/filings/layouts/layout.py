"""How the text of one file is laid out: all that a process needs to read any block of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from unionscreen.filings.layouts.definitions import ColumnRule, normalize_header
from unionscreen.filings.layouts.joins import Joined
from unionscreen.filings.layouts.notation import DecimalMark

# Canonical columns that screening asks for on whole blocks, or of the many rows that it looks at twice; the others are
# read only for the few rows of interest.
SCREENED: Final = (
    "contributor", "contributor_type", "city", "state", "recipient", "recipient_id", "candidate", "office",
    "jurisdiction", "amount_cents", "kind", "memo", "filing_id", "amendment", "transaction_id", "status", "late",
    "period_begin", "period_end", "outgoing", "promised",
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
    """The normalized header, to know it when it is repeated; empty when there is none."""
    date_formats: tuple[str, ...] = ()
    encoding: str | None = None
    """What the source was transcoded from before it was cut into blocks; None: each block finds out."""
    virtual: Mapping[int, Joined] = field(default_factory=dict)
    """Positions of joined columns, which no line of the file has."""
    extra_amounts: tuple[tuple[int, int], ...] = ()
    """Positions of further pairs of date and amount, each a contribution of its own."""
    unique_id: str = ""
    """Within what a transaction id is given once: ``agency``, ``filing``, or nothing known."""
    compiled: bool = False
    """Whether the file was put together from several exports: what it lists twice is counted, and reported."""
    doubles: tuple[tuple[int, ...], ...] = ()
    """Positions of columns with one header, read as the first of them: see ``doubles``."""
    decimal_mark: DecimalMark = "."
    """What stands before the cents of an amount."""
    line_breaks: bool = False
    """Whether the lines of a cell are told apart; else a line break in a name compares and prints like a blank."""
    home: str = ""
    """The state whose agency the file is from, two letters; empty for national agencies and unknown layouts."""
    lazy_addresses: bool = False
    """Whether few rows will be asked for their place: then addresses, half of some files, are read of these alone."""
    paid: bool = False
    """Whether every row is money that the filer paid out."""
    refunds_are_payments: bool = False
    """Whether a negative payment is a gift that was paid back."""
    payments: Mapping[str, ColumnRule] = field(default_factory=dict)
    """The rules of the rows that ``outgoing`` marks; empty where they are rejected."""
    mapped: tuple[int, ...] = field(init=False)
    """Positions of the file columns that some rule reads."""
    screened: tuple[int, ...] = field(init=False)
    """Those of them that screening needs on whole blocks."""
    required: tuple[int, ...] = field(init=False)
    """Those without which a row says nothing: contributor, amount, recipient."""
    named: tuple[int, ...] = field(init=False)
    """Those of the contributor's name."""
    telling: frozenset[int] = field(init=False)
    """Those of who gave, who received, how much and when: where a second column contradicts, it is said."""

    def __post_init__(self) -> None:
        others = {group[0]: group[1:] for group in self.doubles}

        def of(names: Iterable[str]) -> tuple[int, ...]:
            return tuple(sorted(self._real(at for name in names if name in self.rules for at in self.rules[name].read)))

        def with_doubles(positions: Iterable[int]) -> tuple[int, ...]:
            found = set(positions)
            return tuple(sorted(found.union(*(others.get(at, ()) for at in found))))

        def from_address(name: str) -> bool:
            return name in self.rules and self.rules[name].how in ("city", "state")

        screened = [name for name in SCREENED if not (self.lazy_addresses and from_address(name))]

        pairs = {at for pair in self.extra_amounts for at in pair}
        repeats = ("date", "election", "listing", "entry") if self.finds_repeats else ()
        # Accounting asks late rows for their date, and rows that may repeat others for all that tells them apart.
        # And a date that stands in two columns is compared.
        asked = pairs or "late" in self.rules or repeats or others.keys() & set(of(("date",)))
        dates = of(("date", *repeats)) if asked else ()
        paid = {at for rule in self.payments.values() for at in rule.read}
        object.__setattr__(self, "mapped", with_doubles({*of(tuple(self.rules)), *pairs, *self._real(paid)}))
        object.__setattr__(self, "screened", with_doubles({*of(screened), *pairs, *dates}))
        object.__setattr__(self, "telling", frozenset(of(TELLING)))
        object.__setattr__(self, "named", of(("contributor",)))
        object.__setattr__(self, "required", of(("contributor", "amount_cents", "recipient")))

    @property
    def of_payments(self) -> Layout:
        """How the rows are read that ``outgoing`` marks."""
        return replace(
            self, rules=self.payments, payments={}, paid=True, extra_amounts=(), unique_id="", compiled=False
        )

    @property
    def finds_repeats(self) -> bool:
        """Whether a row can be told to repeat another."""
        return "listing" in self.rules or (bool(self.unique_id) and "transaction_id" in self.rules)

    def _real(self, positions: Iterable[int]) -> set[int]:
        """The columns of the file behind these positions: of a joined column its keys."""
        out: set[int] = set()
        for at in positions:
            out |= self._real(self.virtual[at].at) if at in self.virtual else {at}
        return out

    @property
    def amounts_at(self) -> tuple[int, ...]:
        """Positions of the amounts: one in most formats, cash and in-kind in some."""
        return self.rules["amount_cents"].positions

    def cell(self, fields: Sequence[str], at: int) -> str:
        """A cell of a row, of columns with one header the first that is filled."""
        group = next((group for group in self.doubles if group[0] == at), (at,))
        return next((fields[each] for each in group if fields[each].strip()), "")

    def is_header(self, fields: list[str]) -> bool:
        """Whether a row is the header line once more, as in files that were put together from several."""
        return bool(self.header) and tuple(map(normalize_header, fields)) == self.header[: len(fields)]
