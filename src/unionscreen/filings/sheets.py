"""Spreadsheets (xlsx, xls, xlsm, xlsb, ods) as lines of text, one per sheet row, by python-calamine."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any, Final

import python_calamine

from unionscreen.errors import FilingError

# A float that is a whole number below this prints exactly without a point: ids and cents are far below.
_MAX_WHOLE: Final = 2**53


def cell_text(value: Any) -> str:
    r"""A cell as text: whole numbers without a point, dates as ISO, line breaks as blanks.

    >>> [cell_text(value) for value in (1437445.0, 16.24, True, None, "A\nB")]
    ['1437445', '16.24', 'TRUE', '', 'A B']
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < _MAX_WHOLE:
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
    return " ".join(str(value).splitlines())


def read_sheets(data: bytes, label: str) -> list[tuple[str, list[list[str]]]]:
    """The sheets of a workbook: name, and rows of texts; the first row is row 1 of the sheet.

    Args:
        data: the workbook; by its path calamine does not find one whose name is not UTF-8.
        label: what to call it in errors.

    Raises:
        FilingError: it is damaged, locked, or no workbook.
    """
    try:
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        return [(name, _rows(workbook.get_sheet_by_name(name))) for name in _visible(workbook)]
    except python_calamine.PasswordError as error:
        raise FilingError("the workbook is locked with a password", source=label, hint="save it without one") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise FilingError(
            f"the workbook cannot be read: {error}", source=label, hint="open it and save the sheet as CSV"
        ) from error


def _visible(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    """Sheets of cells; charts and macros have none."""
    kinds = python_calamine.SheetTypeEnum
    return [meta.name for meta in workbook.sheets_metadata if meta.typ == kinds.WorkSheet]


def _rows(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    start = sheet.start
    rows: list[list[str]] = [[] for _ in range(start[0])] if start else []  # empty rows at the top count as rows
    rows += [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    return rows


def to_csv(rows: list[list[str]]) -> bytes:
    """Rows as UTF-8 CSV, one line each, all as wide as the widest."""
    width = max((len(row) for row in rows), default=0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        if any(row):
            writer.writerow(row + [""] * (width - len(row)))
        else:
            text.write("\n")
    return text.getvalue().encode("utf-8")
