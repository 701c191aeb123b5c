"""What a spreadsheet program must not do with a cell, and writing a list as a workbook or a CSV."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from unionscreen.errors import UsageError
from unionscreen.files import output_path, write_file

if TYPE_CHECKING:
    import xlsxwriter

# What makes a spreadsheet take a cell for a formula (OWASP "CSV injection"); the wide forms do in East Asian locales.
FORMULA_STARTS: Final = tuple("=+-@\t\r\n|%") + tuple("＝＋－＠")
# For xlsxwriter: no name ever becomes a formula, a link or a number.
TEXT_STAYS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MAX_TEXT: Final = 32_767  # characters of a cell


def guarded(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; anything else stays as it is.

    So does a text that looks guarded already, or it would lose its own apostrophe when it is read back.

    >>> guarded("=HYPERLINK(1)"), guarded("'=1"), guarded("ACME"), guarded(-5)
    ("'=HYPERLINK(1)", "''=1", 'ACME', -5)
    """
    return f"'{cell}" if isinstance(cell, str) and runs(cell.lstrip("'")) else cell


def runs(cell: str) -> bool:
    """Whether a spreadsheet would run this text as a formula."""
    return cell.startswith(FORMULA_STARTS)


def unguarded(cell: str) -> str:
    """The text before :func:`guarded`.

    >>> unguarded("'=HYPERLINK(1)"), unguarded("'t Hooft")
    ('=HYPERLINK(1)', "'t Hooft")
    """
    return cell[1:] if cell.startswith("'") and runs(cell.lstrip("'")) else cell


def list_path(path: Path, what: str) -> Path:
    """The file that a list is to be written to, checked before the work begins.

    Args:
        path: as given.
        what: what an error calls the list.

    Raises:
        UsageError: neither ``.xlsx`` nor ``.csv``, or no place to write.
    """
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{what} is written as .xlsx or .csv", source=str(path), hint="end the name in one of them")
    return output_path(path)


def write_list(path: Path, what: str, as_csv: Callable[[], str], fill: Callable[[xlsxwriter.Workbook], None]) -> None:
    """Write a list as ``.xlsx`` or ``.csv``, by suffix, at once or not at all.

    Args:
        path: where.
        what: what an error calls it.
        as_csv: gives the text of the CSV.
        fill: puts the list into an empty workbook.

    Raises:
        UsageError: another suffix, or it cannot be written.
    """
    target = list_path(path, what)
    if path.suffix.lower() == ".csv":
        write_file(target, as_csv())
        return
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **TEXT_STAYS_TEXT}) as book:
        fill(book)
    write_file(target, out.getvalue())
