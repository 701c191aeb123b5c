"""A workbook: a sheet per table, typed columns, frozen headings, filters; no name ever becomes a formula or a link."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from unionscreen.errors import UsageError
from unionscreen.reports.options import Options
from unionscreen.reports.tables import Cell, Column, Table, about_tables, tables
from unionscreen.reports.text import visible_lines
from unionscreen.spreadsheet import MAX_TEXT, TEXT_STAYS_TEXT

if TYPE_CHECKING:
    from unionscreen.screening import Screening

# The same input gives the same bytes, so the file cannot say when it was made.
CREATED: Final = datetime(2000, 1, 1)
MAX_ROWS: Final = 1_048_575  # of a sheet, less its heading
_CUT: Final = " …[cut]"
# Characters that a column is wide for, by what it holds; names and sentences get more.
_WIDTHS: Final = {"integer": 9, "money": 14, "score": 7, "date": 12, "boolean": 9, "text": 16}
_WIDE: Final = {
    "why": 70, "contributor": 38, "union": 38, "recipient": 34, "recipients": 40, "prosecutor": 24, "path": 40,
    "sha256": 24, "reason": 40, "text": 60, "what": 46, "value": 60, "key": 30, "reviewed": 40,
}  # fmt: skip
_PRIVATE_OPTIONS: Final = {
    "in_memory": True,
    **TEXT_STAYS_TEXT,
    "default_date_format": "yyyy-mm-dd",
}


def write(screening: Screening, _options: Options) -> bytes:
    """The workbook; the diary is its first sheet, the manifest its last.

    Raises:
        UsageError: more rows than a sheet holds.
    """
    diary, *about = about_tables(screening)
    found = [table for table in tables(screening) if table.name not in {"diary", "inputs", "manifest"}]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _PRIVATE_OPTIONS)
    book.set_properties({"title": "UnionScreen report", "created": CREATED})
    styles = {
        "heading": book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True}),
        "money": book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "score": book.add_format({"num_format": "0.0"}),
        "integer": book.add_format({"num_format": "0"}),
    }
    for table in (diary, *found, *about):
        _sheet(book, table, styles)
    book.close()
    return out.getvalue()


def _sheet(book: Any, table: Table, styles: dict[str, Any]) -> None:
    if len(table.rows) > MAX_ROWS:
        raise UsageError(
            f"{table.title}: {len(table.rows):,} rows; a sheet holds {MAX_ROWS:,}",
            hint="write .sqlite, .parquet or .csv, or screen fewer files at once",
        )
    sheet = book.add_worksheet(table.title)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, _WIDE.get(column.name, _WIDTHS[column.type]))
        sheet.write_string(0, at, column.name, styles["heading"])
        if column.about:
            sheet.write_comment(0, at, column.about)
    for number, row in enumerate(table.rows, 1):
        for at, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if cell is not None:
                _cell(sheet, number, at, column, cell, styles)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(sheet: Any, row: int, at: int, column: Column, cell: Cell, styles: dict[str, Any]) -> None:
    style = styles.get(column.type)
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, cell, style)
    elif column.type == "money":
        sheet.write_number(row, at, int(cell or 0) / 100, style)  # a float is exact to the cent below 10 ** 13 dollars
    elif isinstance(cell, int | float):
        sheet.write_number(row, at, cell, style)
    elif cell:
        sheet.write_string(row, at, cell_text(cell))


def cell_text(text: str) -> str:
    """The text as a cell holds it: control characters written out, cut where a cell ends."""
    shown = visible_lines(text)
    return shown if len(shown) <= MAX_TEXT else shown[: MAX_TEXT - len(_CUT)] + _CUT
