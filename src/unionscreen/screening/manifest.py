"""What a screening says about itself: enough to run it again, and what the user should be told."""

from __future__ import annotations

from typing import Any

from unionscreen._version import __version__
from unionscreen.errors import UsageError
from unionscreen.prosecutors import Selection
from unionscreen.screening.inputs import Inputs
from unionscreen.screening.merge import Gathered, InputCount

_NOTHING = InputCount(0, 0, "")


def make_manifest(
    inputs: Inputs, gathered: Gathered, selection: Selection, list_sha256: str, asked: dict[str, Any]
) -> dict[str, Any]:
    """The manifest of DESIGN §8, with keys in its order.

    Args:
        inputs: what was opened.
        gathered: what was read.
        selection: which recipients are shown, and why.
        list_sha256: the hash of the union list.
        asked: the user's options; which recipients are shown stands before them.

    Raises:
        UsageError: two inputs hold the same bytes under two names.
    """
    rows = []
    for i, filing in enumerate(inputs.filings):
        count = gathered.inputs.get(i, _NOTHING)
        rows.append(
            {
                "path": filing.source,
                "sha256": inputs.sha256(i),
                "format": filing.format.id,
                "encoding": count.encoding,
                "rows_read": count.rows_read,
                "rows_screened": count.rows_read - count.rows_rejected,
                "rows_rejected": count.rows_rejected,
            }
        )
    _check_distinct(inputs, rows)
    manifest: dict[str, Any] = {
        "inputs": rows,
        "list_sha256": list_sha256,
        "version": __version__,
        "settings": {"recipients": selection.recipients, "recipients_why": selection.why, **asked},
        **{name: sum(row[name] for row in rows) for name in ("rows_read", "rows_screened", "rows_rejected")},
        "by_status": gathered.by_status,
    }
    if gathered.left_out:
        manifest["left_out"] = gathered.left_out
    return manifest


def _check_distinct(inputs: Inputs, rows: list[dict[str, Any]]) -> None:
    """The same bytes under two names would count all money twice."""
    first: dict[str, str] = {}
    for path, row in zip(inputs.paths, rows, strict=True):
        other = first.setdefault(row["sha256"], path)
        if other != path:
            raise UsageError(f"{path} holds the same bytes as {other}; its money would count twice")


def make_notes(inputs: Inputs, gathered: Gathered, selection: Selection) -> tuple[str, ...]:
    """One sentence for each thing that a reader of the result should know and cannot see in it."""
    notes = [note for filing in inputs.filings for note in filing.notes]
    for i, filing in enumerate(inputs.filings):
        count = gathered.inputs.get(i, _NOTHING)
        if count.encoding not in ("", "utf-8"):
            notes.append(f"{filing.source}: read as {count.encoding}")
    undated = sum(flag.date is None for _, finding, flag in gathered.interest if finding == "union")
    if undated:
        notes.append(f"{undated:,} flagged rows have no date, or an impossible one")
    notes += [f"{count:,} union rows are left out: {reason}" for reason, count in gathered.left_out.items()]
    return (*notes, *selection.notes)
