"""The campaign's record of what was decided about each donation. It only grows."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UsageError
from unionscreen.policy.intake import Intake
from unionscreen.spreadsheet import read_rows

COLUMNS: Final = (
    "at", "transaction_id", "action", "reason", "donor", "state", "amount", "date", "due", "source", "row", "sha256",
    "policy", "union_id", "reviewed", "list_sha256", "version",
)  # fmt: skip
# What makes an entry the same as one that stands there already: the same answer about the same transaction, which the
# next export of the month holds again; where there are no transaction ids, about the same row of the same bytes.
_ANSWER: Final = ("action", "reason", "due")
_TRANSACTION: Final = ("transaction_id", "donor", "amount", "date", *_ANSWER)
_ROW: Final = ("sha256", "source", "row", *_ANSWER)


def append_log(path: Path, intake: Intake, at: datetime) -> int:
    """Add every donation with what was decided about it; what stands there already, word for word, is not repeated.

    Args:
        path: ``.csv`` or ``.jsonl``.
        intake: what was decided.
        at: when.

    Returns:
        How many entries were added.

    Raises:
        UsageError: another suffix, or it cannot be read or written.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".jsonl"):
        raise UsageError("the decision log is a .csv or .jsonl file", source=str(path))
    hashes = {each["path"]: each["sha256"] for each in intake.manifest["inputs"]}
    try:
        seen = {_same(each) for each in _read(path)}
        fresh = [entry for entry in _entries(intake, hashes, at) if _same(entry) not in seen]
        _write(path, fresh)
    except (OSError, ValueError) as error:
        raise UsageError(f"the decision log cannot be used: {error}", source=str(path)) from error
    return len(fresh)


def _entries(intake: Intake, hashes: dict[str, str], at: datetime) -> Iterable[dict[str, Any]]:
    for each in intake.donations:
        values = each.to_dict()
        beside = {
            "at": at.isoformat(timespec="seconds"),
            "sha256": hashes.get(each.source, ""),
            "policy": intake.manifest["policy"],
            "list_sha256": intake.manifest["list_sha256"],
            "version": intake.manifest["version"],
        }
        yield {name: beside[name] if name in beside else values[name] for name in COLUMNS}


def _inert(name: str, value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    formula = isinstance(value, str) and name != "amount" and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if formula else value


def _same(entry: dict[str, Any]) -> tuple[str, ...]:
    names = _TRANSACTION if entry.get("transaction_id") else _ROW
    return tuple(str(_inert(name, entry.get(name)) if entry.get(name) is not None else "") for name in names)


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    if path.suffix.lower() == ".jsonl":
        entries = [json.loads(line) for line in text.splitlines() if line.strip()]
        if not all(isinstance(entry, dict) for entry in entries):
            raise ValueError("a line of it is no JSON object")
        return entries
    rows = read_rows(text, str(path))
    if text and tuple(next(rows, (1, []))[1]) != COLUMNS:
        raise ValueError("its first line is not " + ",".join(COLUMNS))
    return [dict(zip(COLUMNS, cells, strict=False)) for _, cells in rows]


def _write(path: Path, entries: list[dict[str, Any]]) -> None:
    if not entries:
        return
    out = io.StringIO()
    if path.suffix.lower() == ".jsonl":
        for entry in entries:
            out.write(json.dumps(entry, ensure_ascii=True) + "\n")
    else:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        if not path.exists() or path.stat().st_size == 0:
            writer.writeheader()
        writer.writerows({name: _inert(name, value) for name, value in entry.items()} for entry in entries)
    with path.open("ab") as handle:
        handle.write(out.getvalue().encode("utf-8"))
        handle.flush()
        os.fsync(handle.fileno())
