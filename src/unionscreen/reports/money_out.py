"""What filers paid out, as tables of a report: gifts in the givers' filings, independent spending, traced committees.

Nothing here is counted in any total of the report. ``docs/money.md`` explains the kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS

if TYPE_CHECKING:
    from unionscreen.screening import Screening

_WHO: Final = (
    TypedColumn("tier", "text", "of the giver or spender: listed, pattern, or empty"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("union", "text", "name in the curated list"),
    TypedColumn("organization", "text", "the same as union"),
)
_GIFTS: Final = (
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("recipient", "text", "who received, as filed"),
    TypedColumn("giver", "text", "who gave, as filed"),
    TypedColumn("date", "date", "of the gift, as the giver filed it"),
    TypedColumn("amount", "cents", "US dollars"),
    TypedColumn("shown", "text", "reported by both, only by the giver, or only by the prosecutor"),
    TypedColumn("giver_row", "text", "file:row in the giver's filing"),
    TypedColumn("recipient_row", "text", "file:row in the recipient's own filing"),
    TypedColumn("recipient_filing", "boolean", "whether any filing of the recipient is among the files"),
    *_WHO,
    TypedColumn("why", "text", "the evidence that the giver is a union"),
    *ID_COLUMNS,
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
    ID_COLUMNS[0],
)
_TRACES: Final = (
    TypedColumn("committee", "text", "the donor, as its own filing names it"),
    TypedColumn("prosecutor", "text", "who received from it; empty if the committee itself is shown"),
    TypedColumn("date", "date", "of the gift"),
    TypedColumn("gift", "cents", "how much it gave, US dollars"),
    TypedColumn("received", "cents", "what it had received by then in these files, US dollars"),
    TypedColumn("from_unions", "cents", "how much of that came from unions, US dollars"),
    TypedColumn("percent", "count", "the share, in whole percent"),
    TypedColumn("unions", "count", "how many unions"),
    TypedColumn("matched_by", "text", "id or name; itself without a gift"),
    TypedColumn("place", "text", "file:row of the gift"),
)
# The tables of this module, by name, in the order in which a report shows them.
MONEY_OUT: Final = ("givers", "independent_spending", "spending_by_target", "traces")


def money_out_tables(screening: Screening) -> list[ResultTable]:
    """The tables that have rows; none where nothing was paid out and nothing was traced."""
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
        ("traces", "One step back", "What donor committees had received from unions", _TRACES, screening.traces),
    )  # fmt: skip
    return [
        ResultTable(name, title, about, columns, [_row(each, columns) for each in rows])
        for name, title, about, columns, rows in found
        if rows
    ]


def _row(each: object, columns: Sequence[TypedColumn]) -> tuple[Cell, ...]:
    return tuple(getattr(each, _field(column)) for column in columns)


def _field(column: TypedColumn) -> str:
    if column.name == "organization":
        return "union"
    return f"{column.name}_cents" if column.type == "cents" else column.name
