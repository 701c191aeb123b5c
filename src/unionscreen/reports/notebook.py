"""A screening in a notebook: the table of prosecutors, and one line on what was read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from unionscreen.output.html import html_table
from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.reports.text import count, percent
from unionscreen.reports.words import CAUTION, entry_name

if TYPE_CHECKING:
    from unionscreen.screening import Screening

_COLUMNS: Final = (
    TypedColumn("name", "text", "the person, or the committees where no person is known"),
    TypedColumn("office", "text", "in the standard words"),
    TypedColumn("jurisdiction", "text", "county, district or city, if known"),
    TypedColumn("raised", "cents", "monetary and in-kind contributions and incoming transfers, minus refunds"),
    TypedColumn("given", "cents", "the unions' gifts"),
    TypedColumn("returned", "cents", "what went back to them"),
    TypedColumn("net", "cents", "the difference"),
    TypedColumn("share", "text", "net of raised"),
    TypedColumn("rows", "count", "union rows counted in totals"),
    TypedColumn("not_counted", "count", "union rows not counted in totals"),
)


def screening_html(screening: Screening) -> str:
    """The prosecutors with the largest net first, and what was read."""
    entries = sorted(screening.prosecutors, key=lambda entry: (-entry.flagged.net, entry.name))
    rows: list[tuple[Cell, ...]] = [
        (
            *(entry_name(entry), entry.office, entry.jurisdiction, entry.raised),
            *(entry.flagged.gross, entry.flagged.refunded, entry.flagged.net),
            *(percent(entry.flagged.net, entry.raised), len(entry.counted), len(entry.flags) - len(entry.counted)),
        )
        for entry in entries
    ]
    table = ResultTable("prosecutors", "Police-union money", "by prosecutor or recipient", _COLUMNS, rows)
    manifest = screening.manifest
    read = count(manifest.get("rows_screened", 0), "row")
    said = f"{read} screened, {manifest.get('rows_rejected', 0):,} not; {count(len(screening.notes), 'note')} in .notes"
    return f"{html_table(table)}<p>{escape(said)}. {escape(CAUTION)}</p>"
