"""How a cell is written as text: money, days and hostile names. One rule for all formats."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from unionscreen.accounting.money import cents_to_decimal
from unionscreen.output.tables import Cell, TypedColumn, WriteOptions
from unionscreen.output.text import visible_lines
from unionscreen.spreadsheet import MAX_TEXT, guarded, guarded_value

_CUT: Final = " …[cut]"


def plain(column: TypedColumn, cell: Cell) -> Any:
    """The cell as a JSON value: money as a decimal string in cents_to_decimal, a day as an ISO date."""
    if column.type == "cents" and isinstance(cell, int):
        return cents_to_decimal(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def text_of(column: TypedColumn, cell: Cell, options: WriteOptions) -> str:
    """The cell as CSV holds it; empty for unknown.

    Control characters are escaped, as in the terminal, unless the file will be read back.
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    value = plain(column, cell)
    if column.type != "text" or value is None:
        return "" if value is None else str(value)
    if options.read_back:
        return str(guarded(str(value)))
    return guarded_value(visible_lines(str(value))) if options.excel_safe else visible_lines(str(value))


def sheet_text(text: str) -> str:
    """The text as a cell of a workbook holds it: control characters escaped, cut to the length of a cell."""
    return cut(visible_lines(text))


def cut(text: str) -> str:
    """The text, cut to the length of a cell of a workbook."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT


def utf8(text: str) -> str:
    """The text as databases and Parquet hold it: UTF-8 has no single surrogates."""
    return text.encode("utf-8", "backslashreplace").decode()
