"""What detection finds: the format of a file, where its rows begin, and which column is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from unionscreen.filings.files.heads import Head, Record, row_width, uses_quotes
from unionscreen.filings.layouts.column_rules import ColumnRule
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.doubles import NO_DOUBLES, Doubles
from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.joins import Bound
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.layouts.mapper import is_known_header
from unionscreen.filings.layouts.notation import decimal_mark

MAPPED_ID: Final = "mapped"


@dataclass(frozen=True)
class ResolvedFormat:
    """The format of a file, where its rows begin, and which column is which."""

    format: FilingFormat
    head: Head
    header: Record | None
    skip_lines: int
    """Physical lines before the first row: titles and header."""
    rules: Mapping[str, ColumnRule]
    why: str
    payments: Mapping[str, ColumnRule] = field(default_factory=dict)
    """The same for rows of money that the filer paid out."""
    bound: Bound | None = None
    """The joins of a known format."""
    notes: tuple[str, ...] = ()
    doubles: Doubles = NO_DOUBLES
    """Columns that share a header."""
    layouts: dict[tuple[object, ...], Layout] = field(default_factory=dict, compare=False, repr=False)
    """The layouts of all files with this header, by what their rows show of them."""

    def layout(self, *, encoding: str | None = None, ocr: bool = False, row_note: str = "") -> Layout:
        """Everything needed to read any block of the file; files that are laid out alike share it."""
        quoting = self._quoting()
        header = () if self.header is None else self.header.fields
        named = len(header) or len(self.format.file_columns)
        rows = self.head.rows(self._start, quoting=True)
        as_read = rows if quoting else self.head.rows(self._start, quoting=False)
        fields = row_width(as_read, named)
        amounts = self.rules["amount_cents"].positions
        mark = decimal_mark([row[at] for row in rows for at in amounts if at < len(row)], self.head.delimiter)
        key = (self.head.delimiter, quoting, fields, mark, encoding, ocr, row_note)
        if key in self.layouts:
            return self.layouts[key]
        return self.layouts.setdefault(
            key,
            Layout(
                format_id=self.format.id,
                delimiter=self.head.delimiter,
                quoting=quoting,
                fields=fields,
                rules=self.rules,
                header=tuple(map(normalize_header, header)),
                date_formats=self.format.date_formats,
                encoding=encoding,
                virtual=self.bound.virtual if self.bound else {},
                extra_amounts=self._extra_amounts(),
                unique_id=self.format.unique_id,
                decimal_mark=mark,
                line_breaks=self.format.line_breaks,
                compiled=bool(self.format.compiled) and self.format.compiled in map(normalize_header, header),
                doubles=self.doubles.together,
                home=self.format.state,
                paid=self.format.paid,
                refunds_are_payments=self.format.refunds_are_payments,
                payments=self.payments,
                ocr=ocr,
                row_note=row_note,
            ),
        )

    @property
    def _start(self) -> int:
        """The position of the first row in the head."""
        return 0 if self.header is None else self.head.records.index(self.header) + 1

    def _quoting(self) -> bool:
        """Whether ``"`` quotes a field in this file.

        No agency uses commas between unquoted fields: a file with commas was saved again by a program that quotes.
        The lines of workbooks, JSON and Parquet are written with quotes by ourselves.
        """
        if self.format.quoting is None:
            return uses_quotes(self.head)
        return self.format.quoting or self.head.always_quoted

    def _extra_amounts(self) -> tuple[tuple[int, int], ...]:
        positions = self.bound.positions if self.bound else {}
        pairs = [(normalize_header(day), normalize_header(amount)) for day, amount in self.format.extra_amounts]
        return tuple((positions[day], positions[amount]) for day, amount in pairs if {day, amount} <= set(positions))

    def reads(self, header: str) -> bool:
        """Whether an additional column with this header would be read, or could be."""
        name = normalize_header(header)
        if self.format.id == MAPPED_ID:
            return is_known_header(name)
        return any(name == normalize_header(each) for rule in self.format.columns.values() for each in rule.named)

    @property
    def has_rows(self) -> bool:
        """Whether a row follows the header, or may follow after the head."""
        return not self.head.complete or any(True for _ in self.head.filled(self._start))


def describe_columns(rules: Mapping[str, ColumnRule]) -> dict[str, tuple[str, ...]]:
    """Canonical column to the headers (or the constant) it is made of."""
    return {
        name: rule.headers if rule.how != "constant" else (f'"{rule.value}"',)
        for name, rule in rules.items()
        if rule.how != "constant" or name == "recipient"
    }
