"""A result that ``screen --format json`` saved → the Screening it was written from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from unionscreen.errors import FilingError
from unionscreen.screening import Screening


def load(path: Path) -> Screening:
    """Read a saved result.

    Raises:
        FilingError: no file, no JSON, or no result of this version's form.
    """
    found = find(path)
    if found is None:
        raise FilingError(_NO_RESULT, source=str(path), hint=_HINT)
    return found


def find(path: Path) -> Screening | None:
    """The result in a JSON file; None where it is some other JSON, which may be a filing.

    Raises:
        FilingError: no file, no JSON, or a result of another version's form.
    """
    try:
        saved = json.loads(path.read_bytes())
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=str(path)) from error
    except ValueError as error:
        raise FilingError("is no JSON", source=str(path), hint=_HINT) from error
    if not (isinstance(saved, dict) and "manifest" in saved):
        return None
    try:
        return Screening.from_dict(saved)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FilingError(_NO_RESULT, source=str(path), hint=_HINT) from error


_NO_RESULT: Final = "is JSON, but no result of `unionscreen screen`"
_HINT: Final = "save one with: unionscreen screen FILING... --out result.json"
