"""A PDF as filings, one for each page with rows, so that a row's source is ``file.pdf#page:line``."""

from __future__ import annotations

from pathlib import Path

from unionscreen.errors import NoContributionsError
from unionscreen.filings.pdf.report import Report, read_report
from unionscreen.filings.pdf.tables import page_tables


def agreed(path: Path, label: str, *, accept_difference: bool = False) -> Report:
    """A PDF filing that agrees with itself.

    Args:
        path: the file.
        label: what errors call it.
        accept_difference: read it also where it does not agree; its notes then begin with the difference.

    Raises:
        FilingError: it cannot be read, or does not agree.
    """
    report = read_report(path, label)
    if report.problems:
        if not accept_difference or not report.rows:
            raise report.refusal()
        report.notes[:0] = [f"DIFFERENCE ACCEPTED: {problem}" for problem in report.problems]
    return report


def open_report(path: Path, label: str, *, accept_difference: bool = False) -> tuple[Report, list[tuple[int, bytes]]]:
    """A PDF filing that agrees with itself, and the table of each of its pages.

    Args:
        path: the file.
        label: what errors call it.
        accept_difference: read it also where it does not agree; its notes then begin with the difference.

    Raises:
        FilingError: it cannot be read, or does not agree.
        NoContributionsError: it agrees, and itemizes nothing.
    """
    report = agreed(path, label, accept_difference=accept_difference)
    tables = page_tables(report)
    if not tables:
        raise NoContributionsError(
            "this report itemizes no contributions",
            source=label,
            hint="its schedules are empty and their lines say so; is it the right report?",
        )
    return report, tables
