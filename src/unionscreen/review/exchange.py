"""Write the review queue as a spreadsheet, and read decisions from one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.lists import list_text
from unionscreen.output.files import list_path, write_list
from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.review.decisions import VERDICTS, Decision, decisions_of
from unionscreen.review.queue import Item
from unionscreen.review.store import SQLITE, check_header, load_decisions, read_table
from unionscreen.spreadsheet import unguarded
from unionscreen.workbooks.reading import WorkbookError, read_workbook

# The columns of a decision, and after them what a reviewer needs to see, which `import` ignores.
_COLUMNS: Final = (
    TypedColumn("donor", "text", "as filed", width=44),
    TypedColumn("state", "text", "the donor's, two letters", width=6),
    TypedColumn("union_id", "text", "id in the curated list", width=28),
    TypedColumn("verdict", "text", "to fill in: your decision", width=12, choices=VERDICTS),
    TypedColumn("by", "text", "to fill in: who decided", width=12),
    TypedColumn("on", "text", "to fill in: the day", width=12),
    TypedColumn("why", "text", "to fill in: the reason", width=30),
    TypedColumn("claim", "text", "what is to be confirmed or rejected", width=40),
    TypedColumn("tier", "text", "listed or pattern", width=9),
    TypedColumn("score", "score", "0 to 100, the more certain the higher; not a probability"),
    TypedColumn("rows", "count", "rows of this donor"),
    TypedColumn("given_or_returned", "cents", "US dollars in these rows, gifts and returns added up"),
    TypedColumn("evidence", "text", "why the tool claims this", width=60),
    TypedColumn("near_misses", "text", "other organizations, and what is against each", width=50),
    TypedColumn("where", "text", "file:row of the rows", width=40),
    TypedColumn("recipients", "text", "who received", width=40),
)
_DAY_AND_TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?")
HEADER: Final = tuple(column.name for column in _COLUMNS)


def queue_table(items: Iterable[Item]) -> ResultTable:
    """A row per item; verdict, by, on and why are for the reviewer."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(item.donor, item.state, item.union_id, "", "", "", ""),
            *(item.claim, item.tier, round(item.score, 1), item.rows, item.cents, item.evidence),
            "; ".join(f"{each.union} [{each.union_id}]: {each.against}" for each in item.near),
            "; ".join(item.places),
            "; ".join(item.recipients),
        )
        for item in items
    ]
    return ResultTable("queue", "queue", "Donors to decide about", _COLUMNS, rows)


def queue_path(path: Path) -> Path:
    """The file that the queue is to be written to, checked before the work begins.

    Raises:
        UsageError: a suffix that :func:`write_queue` does not know, or a place that cannot be written.
    """
    return list_path(path, "the queue")


def write_queue(path: Path, items: Sequence[Item]) -> None:
    """Write the queue as a workbook or a CSV, by suffix; names stay text, whatever they begin with.

    Raises:
        UsageError: another suffix, or it cannot be written.
    """
    write_list(path, "the queue", queue_table(items))


def read_queue(path: Path, *, by: str = "", on: str = "") -> list[Decision]:
    """The decisions in a spreadsheet, a CSV, or another log; rows without a verdict are skipped.

    Args:
        path: .xlsx, .csv, or a log.
        by: who decided, if a row does not say.
        on: when, if a row does not say.

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
    """The date, without a time of day that a spreadsheet may have added."""
    day = _DAY_AND_TIME.fullmatch(cell)
    return day[1] if day else cell
