"""A result that ``screen --format json`` saved → the Screening it was written from."""

from __future__ import annotations

import json
from pathlib import Path

from unionscreen.errors import FilingError
from unionscreen.screening import Screening


def load(path: Path) -> Screening:
    """Read a saved result.

    Raises:
        FilingError: no file, no JSON, or no result of this version's form.
    """
    try:
        saved = json.loads(path.read_bytes())
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=str(path)) from error
    except ValueError as error:
        raise FilingError("is no JSON", source=str(path), hint=_HINT) from error
    try:
        return Screening.from_dict(saved)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FilingError("is JSON, but no result of `unionscreen screen`", source=str(path), hint=_HINT) from error


_HINT = "save one with: unionscreen screen FILING... --out result.json"
