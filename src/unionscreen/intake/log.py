"""The campaign's log of the decision about each donation. Entries are only added."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UsageError
from unionscreen.files import adding, output_path, read_text
from unionscreen.intake.donations import Intake
from unionscreen.intake.outputs import as_cell
from unionscreen.intake.rules import policy_text
from unionscreen.lists import parse_list
from unionscreen.spreadsheet import unguarded

LOG_COLUMNS: Final = (
    "at", "transaction_id", "action", "reason", "donor", "state", "amount", "date", "due", "source", "row", "sha256",
    "policy", "union_id", "reviewed", "list_sha256", "version",
)  # fmt: skip
# An entry is not added again if it has the same answer about the same transaction, which the next export of the month
# contains again; or, without transaction ids, about the same row of the same file.
_ANSWER: Final = ("action", "reason", "due")
_TRANSACTION: Final = ("transaction_id", "donor", "amount", "date", *_ANSWER)
_ROW: Final = ("sha256", "source", "row", *_ANSWER)


def append_log(path: Path, intake: Intake, at: datetime) -> int:
    """Add every donation with its decision. An entry that is already in the log is not repeated.

    Args:
        path: ``.csv`` or ``.jsonl``.
        intake: the sorted donations.
        at: the time of the entry.

    Returns:
        How many entries were added.

    Raises:
        UsageError: another suffix, or the log cannot be read or written.
    """
    log_path(path)
    hashes = {each["path"]: each["sha256"] for each in intake.manifest["inputs"]}
    entries = [*_entries(intake, hashes, at)]
    with adding(path) as end:  # locked from reading to writing, so nothing is written twice
        seen = {_same(each) for each in read_log(path)}
        fresh = [entry for entry in entries if _same(entry) not in seen]
        if fresh:
            end.add(_lines(path, fresh, new=not path.stat().st_size))
    return len(fresh)


def log_path(path: Path) -> Path:
    """The path of the log, checked before the work begins.

    Raises:
        UsageError: neither ``.csv`` nor ``.jsonl``, or it cannot be written.
    """
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise UsageError("the decision log is a .csv or .jsonl file", source=str(path), hint="end the name in .csv")
    return output_path(path)


def _entries(intake: Intake, hashes: dict[str, str], at: datetime) -> Iterable[dict[str, Any]]:
    for each in intake.donations:
        values = each.to_dict()
        beside = {
            "at": at.isoformat(timespec="seconds"),
            "sha256": hashes.get(each.source, ""),
            "policy": policy_text(intake.manifest),
            "list_sha256": intake.manifest["list_sha256"],
            "version": intake.manifest["version"],
        }
        yield {name: beside[name] if name in beside else values[name] for name in LOG_COLUMNS}


def _same(entry: dict[str, Any]) -> tuple[str, ...]:
    names = _TRANSACTION if entry.get("transaction_id") else _ROW
    cells = (as_cell(name, entry.get(name)) if entry.get(name) is not None else "" for name in names)
    return tuple(" ".join(str(cell).split()) for cell in cells)  # as lists are read


def read_log(path: Path) -> list[dict[str, Any]]:
    """The entries of the log; none if the file does not exist.

    Raises:
        UsageError: it cannot be read, so nothing may be added to it.
    """
    text = read_text(path, missing_ok=True)
    if path.suffix.lower() == ".jsonl":
        return [_object(line, str(path), at) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not text:
        return []
    header, rows = parse_list(text, str(path))
    if header != LOG_COLUMNS:
        raise UsageError(
            "its first line is not " + ",".join(LOG_COLUMNS),
            source=str(path),
            row=1,
            hint="give the log a separate file",
        )
    return [{name: unguarded(cell) for name, cell in row.cells.items()} for row in rows]


def _object(line: str, source: str, row: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not JSON: {error}", source=source, row=row, hint="fix or remove the line") from None
    if not isinstance(value, dict):
        raise UsageError("not a JSON object", source=source, row=row, hint="fix or remove the line")
    return value


def _lines(path: Path, entries: list[dict[str, Any]], *, new: bool) -> str:
    if path.suffix.lower() == ".jsonl":
        return "".join(json.dumps(entry, ensure_ascii=True) + "\n" for entry in entries)
    out = io.StringIO()
    writer = csv.DictWriter(out, LOG_COLUMNS, lineterminator="\n")
    if new:
        writer.writeheader()
    writer.writerows({name: as_cell(name, value) for name, value in entry.items()} for entry in entries)
    return out.getvalue()
