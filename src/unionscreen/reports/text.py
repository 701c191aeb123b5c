"""Words and figures of a report: names safe to show, dollars, counts, shares."""

from __future__ import annotations

from unionscreen.contributions import count as count
from unionscreen.contributions import count_of as count_of
from unionscreen.output.text import to_json, visible, visible_lines

__all__ = ["count", "percent", "shorten", "to_json", "visible", "visible_lines"]


def shorten(text: str, limit: int) -> str:
    """The visible text, cut to ``limit`` characters with an ellipsis: a name of 10,000 would hide the table.

    >>> shorten("POLICE ASSOCIATION", 10)
    'POLICE AS…'
    """
    shown = visible(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def percent(part: int, whole: int) -> str | None:
    """``part`` of ``whole`` to a tenth of a percent, or None where a share has no meaning.

    That is so if nothing was raised, or if all of it is flagged, as in a file that lists the gifts of one donor.

    >>> percent(500_00, 84769_00), percent(1, 1_000_000)
    ('0.6 %', 'under 0.1 %')
    >>> percent(500, 0) is percent(500, 500) is None
    True
    """
    if whole <= 0 or not 0 <= part < whole:
        return None
    tenths = (2000 * part + whole) // (2 * whole)  # exact, half up
    return "under 0.1 %" if part and not tenths else f"{tenths // 10}.{tenths % 10} %"
