"""The pipeline's two halves, one block → partial and partials → result, and what the result is. DESIGN §2 and §9."""

from unionscreen.screening.block import Partial, prepared_matcher, screen_block
from unionscreen.screening.merge import Gathered, entries, gather
from unionscreen.screening.result import Flag, ProsecutorEntry, Reject, Screening
from unionscreen.screening.settings import Settings

__all__ = [
    "Flag",
    "Gathered",
    "Partial",
    "ProsecutorEntry",
    "Reject",
    "Screening",
    "Settings",
    "entries",
    "gather",
    "prepared_matcher",
    "screen_block",
]
