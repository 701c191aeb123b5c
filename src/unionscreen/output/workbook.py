"""A workbook: a sheet per table, typed columns, frozen headings, filters; no name ever becomes a formula or a link."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from unionscreen.errors import UsageError
from unionscreen.output.cells import cut, sheet_text
from unionscreen.output.tables import Cell, ResultTable, ResultTables, TypedColumn, WriteOptions

# The same input gives the same bytes, so the file does not say when it was made.
CREATED: Final = datetime(2000, 1, 1)
MAX_ROWS: Final = 1_048_575  # of a sheet, without its heading
# The width of a column in characters, by type; names and sentences get more.
_WIDTHS: Final = {"count": 9, "cents": 14, "score": 7, "date": 12, "boolean": 9, "text": 16}
_WIDE: Final = {
    "why": 70, "contributor": 38, "union": 38, "recipient": 34, "recipients": 40, "prosecutor": 24, "path": 40,
    "sha256": 24, "reason": 40, "text": 60, "what": 46, "value": 60, "key": 30, "reviewed": 40, "donor": 44,
}  # fmt: skip
_FORMATS: Final = {
    "heading": {"bold": True, "bottom": 1, "valign": "top", "text_wrap": True},
    "cents": {"num_format": "#,##0.00;[Red]-#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
    "score": {"num_format": "0.0###"},
    "count": {"num_format": "0"},
}
_BOOK_OPTIONS: Final = {
    "in_memory": True,
    # No name becomes a formula, a link or a number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def write(result: ResultTables, options: WriteOptions) -> bytes:
    """The workbook; the diary is its first sheet, the manifest its last.

    Raises:
        UsageError: more rows than a sheet holds.
    """
    tables = [table for table in result.tables if table.part != "lookup"]
    order = {"data": 1, "about": 2}
    tables.sort(key=lambda table: 0 if table.name == "diary" else order[table.part])
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _BOOK_OPTIONS)
    book.set_properties({"title": "UnionScreen report", "created": CREATED})
    styles = {name: book.add_format(style) for name, style in _FORMATS.items()}
    for table in tables:
        _sheet(book, table, styles, options)
    book.close()
    return out.getvalue()


def _sheet(book: Any, table: ResultTable, styles: dict[str, Any], options: WriteOptions) -> None:
    if len(table.rows) > MAX_ROWS:
        raise UsageError(
            f"{table.title}: {len(table.rows):,} rows; a sheet holds {MAX_ROWS:,}",
            hint="write .sqlite, .parquet or .csv, or screen fewer files at once",
        )
    sheet = book.add_worksheet(table.title)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width or _WIDE.get(column.name, _WIDTHS[column.type]))
        sheet.write_string(0, at, column.name, styles["heading"])
        if column.about:
            sheet.write_comment(0, at, column.about)
        if column.choices and table.rows:
            choices = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(1, at, len(table.rows), at, choices)
    for number, row in enumerate(table.rows, 1):
        for at, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if cell is not None:
                _cell(sheet, number, at, column, cell, styles, options)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(
    sheet: Any, row: int, at: int, column: TypedColumn, cell: Cell, styles: dict[str, Any], options: WriteOptions
) -> None:
    style = styles.get(column.type)
    if isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, cell, style)
    elif column.type == "cents":
        sheet.write_number(row, at, int(cell or 0) / 100, style)  # a float is exact to the cent below 10 ** 13 dollars
    elif isinstance(cell, int | float):
        sheet.write_number(row, at, cell, style)
    elif cell:
        sheet.write_string(row, at, cut(cell) if options.read_back else sheet_text(cell))
