"""A table as a small piece of HTML, for notebooks: bounded in rows and width, with every name escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from unionscreen.contributions import money_text
from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.output.text import visible

# A notebook keeps its output: enough rows to see what is there, few enough to scroll past.
ROWS_SHOWN: Final = 50
_TEXT_LIMIT: Final = 100
_COLUMNS_SHOWN: Final = 16
_NUMBERS: Final = ("cents", "count", "score")


def html_table(table: ResultTable) -> str:
    """The first rows and columns of a table; a caption says what is left out.

    Args:
        table: of any result.
    """
    columns = table.columns[:_COLUMNS_SHOWN]
    head = "".join(f"<th>{escape(column.name.replace('_', ' '))}</th>" for column in columns)
    body = "".join(f"<tr>{_row(columns, row)}</tr>" for row in table.rows[:ROWS_SHOWN])
    left = [
        f"{hidden:,} more {what}"
        for hidden, what in (
            (len(table.rows) - ROWS_SHOWN, "rows"),
            (len(table.columns) - len(columns), "columns"),
        )
        if hidden > 0
    ]
    caption = ": ".join(filter(None, (table.title, table.about)))
    more = f"<p>and {' and '.join(left)}</p>" if left else ""
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
    )


def _row(columns: Sequence[TypedColumn], row: Sequence[Cell]) -> str:
    cells = []
    for column, cell in zip(columns, row, strict=False):
        style = ' style="text-align:right"' if column.type in _NUMBERS else ""
        cells.append(f"<td{style}>{escape(_shown(column, cell))}</td>")
    return "".join(cells)


def _shown(column: TypedColumn, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if column.type == "cents" and isinstance(cell, int):
        return money_text(cell)
    if column.name == "year":
        return str(cell)
    text = f"{cell:,}" if isinstance(cell, int) else visible(str(cell))
    return text if len(text) <= _TEXT_LIMIT else f"{text[: _TEXT_LIMIT - 1]}…"
