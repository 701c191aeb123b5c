"""The JSON of DESIGN §8: everything, in one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unionscreen.reports.options import Options
from unionscreen.reports.text import to_json

if TYPE_CHECKING:
    from unionscreen.screening import Screening


def write(screening: Screening, _options: Options) -> bytes:
    """One JSON object, indented; amounts are decimal strings in dollars."""
    return (to_json(screening.to_dict(), indent=2) + "\n").encode()
