"""A screening, written for its reader: a table for the terminal, JSON for programs, CSV for spreadsheets.

Each writer is a function from a Screening to text; none computes a sum of its own, so that no two outputs can disagree
about a figure. Nothing here prints or opens a file; the command line does. Writers are imported when they are used:
rich takes as long as a whole ``check``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from unionscreen.screening import Screening

# What `--format` accepts, and the suffix of `--out` that means the same.
FORMATS: Final = {"table": ".txt", "json": ".json", "csv": ".csv"}


def render(screening: Screening, fmt: str, *, width: int = 100, color: bool = False) -> str:
    """Write the whole report as text that ends in a newline.

    Args:
        screening: what was found.
        fmt: a key of :data:`FORMATS`.
        width: columns of the terminal; only the table heeds it.
        color: whether the table may use ANSI styles.
    """
    if fmt == "json":
        from unionscreen.reports.text import to_json

        return to_json(screening.to_dict(), indent=2) + "\n"
    if fmt == "csv":
        from unionscreen.reports.table import flags_csv

        return flags_csv(screening)
    from unionscreen.reports.terminal import to_terminal

    return to_terminal(screening, width=width, color=color)
