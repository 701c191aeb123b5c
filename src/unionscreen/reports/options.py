"""What the writers of reports can be asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How to write; each writer heeds what concerns it.

    Args:
        width: columns of the terminal.
        color: whether the terminal's table may use ANSI styles.
        excel_safe: in CSV, put an apostrophe before text that a spreadsheet would read as a formula, and a mark of
            UTF-8 before all, without which Excel shows accents wrongly.
        strips: in the HTML page, show for each flag from a PDF the strip of the page that it came from.
    """

    width: int = 100
    color: bool = False
    excel_safe: bool = False
    strips: bool = True
