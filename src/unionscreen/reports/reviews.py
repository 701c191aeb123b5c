"""Gifts and open reviews, as a table of a report. It is not counted in any total, and has no score."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from unionscreen.output.tables import ResultTable, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS

if TYPE_CHECKING:
    from unionscreen.screening import Screening

REVIEWS: Final = "reviews"
_COLUMNS: Final = (
    TypedColumn("prosecutor", "text", "the person, or the committees where no person is known"),
    TypedColumn("contributor", "text", "the donor, as filed"),
    TypedColumn("date", "date", "of the gift"),
    TypedColumn("amount", "cents", "US dollars; not counted again"),
    TypedColumn("sentence", "text", "how the gift and the review lie in time"),
    TypedColumn("timing", "text", "while it was open, open as far as the table says, before, after, or no date"),
    TypedColumn("overlaps", "boolean", "whether they overlap in time; empty for a gift without a date"),
    TypedColumn("days", "count", "from the opening of the review to the gift; negative before it"),
    TypedColumn("agency", "text", "whose officers are under review"),
    TypedColumn("opened", "date", "first day of the review"),
    TypedColumn("closed", "date", "last day; empty where the table has none"),
    TypedColumn("review_source", "text", "where the review is documented"),
    TypedColumn("review_row", "text", "file:row in the table of reviews"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("basis", "text", "what it rests on that the union represents these officers"),
    TypedColumn("status", "text", "of the gift: active or refunded"),
    TypedColumn("place", "text", "file:row of the gift"),
    *ID_COLUMNS,
)


def reviews_tables(screening: Screening) -> list[ResultTable]:
    """The table, also without rows where reviews were given; nothing where they were not."""
    if REVIEWS not in screening.manifest:
        return []
    names = ["amount_cents" if column.name == "amount" else column.name for column in _COLUMNS]
    rows = [tuple(getattr(each, name) for name in names) for each in screening.reviews]
    about = "Gifts of unions whose members the prosecutor was reviewing: what overlaps in time, which is not a finding"
    return [ResultTable(REVIEWS, "Open reviews", about, _COLUMNS, rows)]


def with_reviews(table: ResultTable, screening: Screening) -> ResultTable:
    """A table of flags with the sentences of each, where reviews were given."""
    if REVIEWS not in screening.manifest:
        return table
    found: dict[tuple[object, object], list[str]] = {}
    for each in screening.reviews:
        found.setdefault((each.source, each.row), []).append(each.sentence)
    places = zip(table.column("source"), table.column("row"), strict=True)
    added = TypedColumn(REVIEWS, "text", "how the gift and open reviews lie in time")
    rows = [(*row, "; ".join(found.get(place, ())) or None) for row, place in zip(table.rows, places, strict=True)]
    return replace(table, columns=(*table.columns, added), rows=rows)
