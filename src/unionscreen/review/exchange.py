"""The review queue as a spreadsheet, and decisions read from one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UsageError
from unionscreen.lists import list_text
from unionscreen.review.decisions import DECISION_COLUMNS, VERDICTS, Decision, decisions_of
from unionscreen.review.queue import Item
from unionscreen.review.store import SQLITE, check_header, load_decisions, read_table
from unionscreen.spreadsheet import MAX_TEXT, guarded, list_path, unguarded, write_list
from unionscreen.workbooks.reading import WorkbookError, read_workbook

# After the columns of a decision: what a reviewer needs to see, and `import` ignores.
EVIDENCE: Final = (
    "claim",
    "tier",
    "score",
    "rows",
    "given_or_returned",
    "evidence",
    "near_misses",
    "where",
    "recipients",
)
_DAY_AND_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?")
HEADER: Final = (*DECISION_COLUMNS, *EVIDENCE)
_WIDTHS: Final = (44, 6, 28, 12, 12, 12, 30, 40, 9, 7, 6, 12, 60, 50, 40, 40)


def queue_rows(items: Iterable[Item]) -> list[list[Any]]:
    """A row per item under :data:`HEADER`; verdict, by, on and why are for the reviewer."""
    return [
        [
            *(item.donor, item.state, item.union_id, "", "", "", ""),
            *(item.claim, item.tier, round(item.score, 1), item.rows, item.cents / 100, item.evidence),
            "; ".join(f"{each.union} [{each.union_id}]: {each.against}" for each in item.near),
            "; ".join(item.places),
            "; ".join(item.recipients),
        ]
        for item in items
    ]


def queue_path(path: Path) -> Path:
    """The file that the queue is to be written to, checked before the work begins.

    Raises:
        UsageError: another suffix than :func:`write_queue` knows, or no place to write.
    """
    return list_path(path, "the queue")


def write_queue(path: Path, items: Sequence[Item]) -> None:
    """Write the queue as a workbook or a CSV, by suffix; names stay text, whatever they begin with.

    Raises:
        UsageError: another suffix, or it cannot be written.
    """
    write_list(path, "the queue", lambda: _queue_csv(items), lambda book: _fill_workbook(book, items))


def _queue_csv(items: Iterable[Item]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in queue_rows(items):
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue()


def _fill_workbook(book: Any, items: Iterable[Item]) -> None:
    sheet = book.add_worksheet("queue")
    heading = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    rows = queue_rows(items)
    sheet.write_row(0, 0, HEADER, heading)
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell[:MAX_TEXT], wrapped)
            else:
                sheet.write_number(at, column, cell, money if HEADER[column] == "given_or_returned" else wrapped)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(HEADER) - 1)
        verdict = HEADER.index("verdict")
        sheet.data_validation(1, verdict, len(rows), verdict, {"validate": "list", "source": list(VERDICTS)})


def read_queue(path: Path, *, by: str = "", on: str = "") -> list[Decision]:
    """The decisions in a spreadsheet, a CSV, or another log; rows without a verdict are skipped.

    Args:
        path: .xlsx, .csv, or a log.
        by: who decided, where a row has nobody.
        on: the day, where a row has none.

    Raises:
        UsageError: it cannot be read, or a row cannot be a decision.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise UsageError("there is no such file", source=str(path))
    if suffix in SQLITE:
        return list(load_decisions(path).log)
    if suffix == ".xlsx":
        found = _read_workbook(path, by, on)
        return [replace(each, donor=unguarded(each.donor)) for each in found]
    return read_table(list_text(path), str(path), by=by, on=on)


def _read_workbook(path: Path, by: str, on: str) -> list[Decision]:
    try:
        with path.open("rb") as file:
            sheets = read_workbook(file, line_breaks=True).sheets
    except WorkbookError as error:
        raise UsageError(error.message, source=str(path), hint=error.hint) from error
    except OSError as error:
        raise UsageError(f"not a workbook: {error}", source=str(path)) from error
    text = sheets[0].csv.decode("utf-8") if sheets else ""
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise UsageError(f"the workbook cannot be read: {error}", source=str(path)) from error
    if not rows:
        return []
    header = [cell.strip().casefold() for cell in rows[0]]
    check_header(header, str(path))
    dicts = ({name: _without_time(cell) for name, cell in zip(header, cells, strict=False)} for cells in rows[1:])
    return decisions_of(enumerate(dicts, 2), str(path), by=by, on=on)


def _without_time(cell: str) -> str:
    """A day without the time of day that a spreadsheet added to it."""
    day = _DAY_AND_TIME.fullmatch(cell)
    return day[1] if day else cell
