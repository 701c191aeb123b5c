"""Money that filers paid out, as tables of a report: gifts in givers' filings, independent spending, traces.

Nothing here is counted in any total of the report. ``docs/money.md`` explains the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS
from unionscreen.screening.paid_out import FORM_496_LISTS

if TYPE_CHECKING:
    from unionscreen.screening import Screening

_WHO: Final = (
    TypedColumn("tier", "text", "of the giver or spender: listed, pattern, or empty"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("union", "text", "name in the curated list"),
    TypedColumn("organization", "text", "the same as union"),
)
_POSSIBLY_SAME: Final = TypedColumn("possibly_same", "text", "file:row of a row that may list the same payment")
_JURISDICTION: Final = TypedColumn("jurisdiction", "text", "county, city or district of the person, where it is known")
_GIFTS: Final = (
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("recipient", "text", "who received, as filed"),
    TypedColumn("giver", "text", "who gave, as filed"),
    TypedColumn("date", "date", "of the gift, as the giver filed it"),
    TypedColumn("amount", "cents", "US dollars"),
    TypedColumn("shown", "text", "reported by both, only by the giver, or only by the prosecutor (or recipient)"),
    TypedColumn("giver_row", "text", "file:row in the giver's filing"),
    TypedColumn("recipient_row", "text", "file:row in the recipient's own filing"),
    TypedColumn(
        "recipient_filing",
        "boolean",
        "whether a filing of the recipient, or of another committee of the person, is here",
    ),
    *_WHO,
    TypedColumn("why", "text", "the evidence that the giver is a union"),
    *ID_COLUMNS,
    TypedColumn("recipient_days", "text", "what is known of the recipient's filings on the day of the gift"),
    TypedColumn("recipient_covers_day", "boolean", "whether a report of these filings covers it; empty if not known"),
    _POSSIBLY_SAME,
    TypedColumn("status", "text", "active; returned, a gift that a filing takes back; or return, the row that does it"),
    TypedColumn("status_cause", "text", "file:row of the row that takes it back, or that it takes back"),
    _JURISDICTION,
)
_SPENDING: Final = (
    TypedColumn("prosecutor", "text", "whom it is about; empty if the target is not recognized as a prosecutor"),
    TypedColumn("target", "text", "the candidate or measure, as filed"),
    TypedColumn("office", "text", "of the target, as filed"),
    TypedColumn("support_oppose", "text", "support, oppose or unknown"),
    TypedColumn("spender", "text", "as filed"),
    TypedColumn("payee", "text", "the vendor that was paid"),
    TypedColumn("date", "date", "of the payment, as filed"),
    TypedColumn("amount", "cents", "US dollars"),
    TypedColumn("status", "text", "active; superseded, covered and duplicate rows are not counted by target"),
    TypedColumn("status_cause", "text", "file:row of the row that caused the status"),
    TypedColumn("place", "text", "file:row"),
    *_WHO,
    TypedColumn("why", "text", "the evidence that the spender is a union"),
    *ID_COLUMNS,
    _POSSIBLY_SAME,
    _JURISDICTION,
)
_BY_TARGET: Final = (
    TypedColumn("prosecutor", "text", "whom it is about; empty if the target is not recognized as a prosecutor"),
    TypedColumn("target", "text", "the candidate or measure, as filed"),
    TypedColumn("support_oppose", "text", "support, oppose or unknown"),
    TypedColumn("spender", "text", "as filed"),
    TypedColumn("tier", "text", "of the spender: listed, pattern, or empty"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("rows", "count", "active rows"),
    TypedColumn("amount", "cents", "their sum, US dollars"),
    _JURISDICTION,
    *ID_COLUMNS,
)
_TRACES: Final = (
    TypedColumn("committee", "text", "the donor or spender, as its own filing names it"),
    TypedColumn("prosecutor", "text", "who received, or whom the spending is about; empty if the committee is shown"),
    TypedColumn("date", "date", "of the gift or the spending"),
    TypedColumn("gift", "cents", "how much it gave or spent, US dollars"),
    TypedColumn("received", "cents", "what it had received by then in these files, US dollars"),
    TypedColumn("from_unions", "cents", "how much of that came from unions, US dollars"),
    TypedColumn("percent", "count", "the share, in whole percent"),
    TypedColumn("unions", "count", "how many unions"),
    TypedColumn("matched_by", "text", "id or name; itself without a gift"),
    TypedColumn("place", "text", "file:row of the gift or the spending"),
    TypedColumn("kind", "text", "contribution or independent expenditure"),
    TypedColumn("stated_in", "text", f"reports, or Form 496, which lists only {FORM_496_LISTS}"),
    TypedColumn("listed", "cents", "how much of the money received is listed with Form 496 only, US dollars"),
    TypedColumn("union_rows", "text", "file:row of each contribution from a union"),
    TypedColumn("person_id", "text", "of who received, the same in every file; empty where no person is known"),
    TypedColumn("committee_id", "text", "of the donor, the same in every file"),
)
# The tables of this module, by name, in the order in which a report shows them.
MONEY_OUT: Final = ("givers", "spending_by_target", "independent_spending", "traces")


def money_out_tables(screening: Screening, *, empty: bool = False) -> list[ResultTable]:
    """The tables of :data:`MONEY_OUT`.

    Args:
        screening: what was found.
        empty: also those without rows; else there is none where nothing was paid out and nothing was traced.
    """
    books = screening.books
    found: Sequence[tuple[str, str, str, tuple[TypedColumn, ...], Sequence[object]]] = (
        ("givers", "In the givers' filings", "Gifts compared with the recipients' own filings", _GIFTS, books.gifts),
        (
            "spending_by_target", "Independent spending", "Spent for or against whom, by whom; not a gift", _BY_TARGET,
            books.spent(),
        ),
        (
            "independent_spending", "Independent spending, rows", "Each payment; not a gift", _SPENDING, books.spending,
        ),
        ("traces", "One step back", "What donors and spenders had received from unions", _TRACES, screening.traces),
    )  # fmt: skip
    return [
        ResultTable(name, title, about, columns, cells_of(rows, columns))
        for name, title, about, columns, rows in found
        if rows or empty
    ]


# What readers see where the filing names nobody: an empty cell would look like an error of the report. A row without a
# target may be about a ballot measure of which the filing gives the number only.
UNNAMED: Final = {
    "target": "(no candidate or measure named)",
    "spender": "(no name)",
    "giver": "(no name)",
    "recipient": "(no name)",
}

_HEADINGS: Final = {"support_oppose": "For or against", "place": "File and row"}
NO_PROSECUTOR: Final = "(not recognized as a prosecutor)"
# A committee whose money is traced because it is shown itself, not because of a gift or spending.
_ITSELF: Final = "(no gift to a prosecutor found in these files)"
_ITSELF_TOO: Final = "(the committee itself; see its other rows)"


def column_heading(name: str) -> str:
    """A column's name for readers.

    >>> column_heading("support_oppose"), column_heading("giver_row")
    ('For or against', 'Giver row')
    """
    return _HEADINGS.get(name) or name.replace("_", " ").capitalize()


def readable_tables(screening: Screening) -> list[ResultTable]:
    """The tables that have rows, as reports for readers show them: no name is an empty cell, and no return a gift."""
    return [
        replace(
            table,
            rows=[
                tuple(_readable(name, cell, row, table) for name, cell in zip(table.names, row, strict=True))
                for row in (_named_traces(screening, table) if table.name == "traces" else table.rows)
            ],
        )
        for table in money_out_tables(screening)
    ]


def _named_traces(screening: Screening, table: ResultTable) -> Iterator[tuple[Cell, ...]]:
    """The rows of the traces, each with a prosecutor or with words for why it names none."""
    books, at = screening.books, table.names.index("prosecutor")
    known = {name for entry in screening.prosecutors if entry.prosecutor for name in entry.recipients}
    known |= {each.place for each in books.spending if each.prosecutor}
    known |= {each.giver_row for each in books.gifts if each.giver_row and each.prosecutor}
    gave = {trace.committee for trace in screening.traces if trace.prosecutor}
    for trace, row in zip(screening.traces, table.rows, strict=True):
        if not trace.prosecutor:
            who = _ITSELF_TOO if trace.committee in gave else _ITSELF
        elif known.isdisjoint({trace.prosecutor, trace.place}):
            who = f"{trace.prosecutor} {NO_PROSECUTOR}"
        else:
            who = trace.prosecutor
        yield *row[:at], who, *row[at + 1 :]


def _readable(name: str, cell: Cell, row: Sequence[Cell], table: ResultTable) -> Cell:
    if name == "shown":
        status = row[table.names.index("status")]
        return f"return, {cell}" if status == "return" else f"{cell}, then returned" if status == "returned" else cell
    return cell or UNNAMED.get(name, cell)


def cells_of(found: Iterable[object], columns: Sequence[TypedColumn]) -> list[tuple[Cell, ...]]:
    """The cells of plain values whose attributes are called as the columns are; ``_cents`` is added for money."""
    return [tuple(_cell(getattr(each, _field(column))) for column in columns) for each in found]


def _cell(value: Cell | tuple[str, ...]) -> Cell:
    return "; ".join(value) if isinstance(value, tuple) else value


def _field(column: TypedColumn) -> str:
    if column.name == "organization":
        return "union"
    return f"{column.name}_cents" if column.type == "cents" else column.name
