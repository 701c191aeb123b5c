"""A whole screening as one JSON object (DESIGN §8), and back."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, Final

from unionscreen.errors import FilingError
from unionscreen.files import unread_hint
from unionscreen.output.tables import WriteOptions
from unionscreen.output.text import to_json
from unionscreen.reports.tables import ScreeningReport
from unionscreen.screening import Flag, Screening

_HINT: Final = "save one with: unionscreen screen FILING... --out result.json"

_NO_RESULT: Final = "is JSON, but not a result of `unionscreen screen`, or a damaged one"

# Databases and Parquet hold no larger number; JSON can contain 1e999.
_MOST: Final = 2**63 - 1

# What writers rely on. The keys of a dictionary must exist with values of these types. A list has one item, the type of
# all its items. Of a tuple, one type must fit. "*" is any key.
_MAYBE: Final = (str, NoneType)
_COUNTS: Final = dict.fromkeys(("rows_read", "rows_screened", "rows_rejected"), int)
_FLAG: Final = {
    **{each.name: _MAYBE for each in fields(Flag)},
    **dict.fromkeys(("source", "recipient", "contributor", "amount", "kind", "status", "why"), str),
    "row": int,
    "amount_cents": object,  # saved as amount
    "score": (int, float),
}
_ENTRY: Final = {
    **dict.fromkeys(("prosecutor", "office", "jurisdiction"), _MAYBE),
    "recipients": [str],
    "contributions": int,
    "flags": [_FLAG],
    "related": [_FLAG],
    **dict.fromkeys(("employers", "dismissed"), ([_FLAG], NoneType)),
    "pledge": ({"source": _MAYBE, "latest": _MAYBE}, NoneType),
    "raised_rows": (int, NoneType),
    **dict.fromkeys(("raised_left_out", "raised_note"), _MAYBE),
}
_INPUT: Final = {
    **dict.fromkeys(("path", "sha256", "format", "encoding"), str),
    **_COUNTS,
    **dict.fromkeys(("first_date", "last_date"), _MAYBE),
    "undated": (int, NoneType),
}
_RESULT: Final = {
    "manifest": {
        **dict.fromkeys(("list_sha256", "version"), str),
        "inputs": [_INPUT],
        "settings": {"recipients": str, "recipients_why": str},
        **_COUNTS,
        "by_status": {"*": int},
        "left_out": ({"*": int}, NoneType),
        "rows_without_donor": (int, NoneType),
        "files": (int, NoneType),
        "unread": ([{"path": str, "reason": str}], NoneType),
        "not_looked_up": (dict.fromkeys(("recipients", "rows"), int), NoneType),
    },
    "prosecutors": [_ENTRY],
    "rejects": [{"source": str, "row": int, "reason": str, "text": str}],
    "notes": [str],
}


def write(report: ScreeningReport, _options: WriteOptions) -> bytes:
    """One JSON object, indented; amounts are decimal strings in dollars."""
    return (to_json(report.screening.to_dict(), indent=2) + "\n").encode()


def read_saved(path: Path) -> Screening:
    """Read a saved result.

    Raises:
        FilingError: the file is missing, is not JSON, or is not a result in the form of this version.
    """
    found = find_saved(path)
    if found is None:
        raise FilingError(_NO_RESULT, source=str(path), hint=_HINT)
    return found


def find_saved(path: Path) -> Screening | None:
    """The result in a JSON file; None if it is other JSON, which may be a filing.

    Raises:
        FilingError: the file is missing, is not JSON, or is a result in the form of another version.
    """
    try:
        saved = json.loads(path.read_bytes())
    except OSError as error:
        raise FilingError(
            f"cannot be read: {error.strerror}", source=str(path), hint=unread_hint(path, error)
        ) from error
    except ValueError as error:
        raise FilingError("is not JSON", source=str(path), hint=_HINT) from error
    except RecursionError as error:
        raise FilingError("is nested too deeply to be a result", source=str(path), hint=_HINT) from error
    if not (isinstance(saved, dict) and "manifest" in saved):
        return None
    try:
        screening = Screening.from_dict(saved)
        for each in saved["manifest"]["inputs"]:
            for day in filter(None, (each.get("first_date"), each.get("last_date"))):
                date.fromisoformat(day)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise FilingError(_NO_RESULT, source=str(path), hint=_HINT) from error
    if not _fits(saved, _RESULT):
        raise FilingError(_NO_RESULT, source=str(path), hint=_HINT)
    return screening


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, tuple):
        return any(_fits(value, each) for each in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
    if isinstance(shape, dict):
        asked = dict.fromkeys(value, shape["*"]) if "*" in shape and isinstance(value, dict) else shape
        return isinstance(value, dict) and all(_fits(value.get(key), each) for key, each in asked.items())
    return isinstance(value, shape) and not (isinstance(value, (int, float)) and not abs(value) <= _MOST)
