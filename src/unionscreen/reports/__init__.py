"""A screening, written for its reader: a page, a workbook, a database, data files, a table for the terminal.

The page, Markdown, the terminal and JSON are written here. Formats that hold tables, and the list of formats, are in
:mod:`unionscreen.output`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from unionscreen.output import BY_NAME, writer_of
from unionscreen.output.tables import USUAL, WriteOptions

if TYPE_CHECKING:
    from unionscreen.screening import Screening


def render(screening: Screening, name: str, options: WriteOptions = USUAL) -> bytes:
    """The whole report in the format of this name, as bytes; text is UTF-8 and ends in a newline."""
    from unionscreen.reports.tables import ScreeningReport

    return BY_NAME[name].render(ScreeningReport(screening), options)


def write_report(screening: Screening, *paths: str | Path, excel_safe: bool = False) -> None:
    """Write a report to each path, in the format that its suffix means; each file at once or not at all.

    Args:
        screening: what was found, or what :func:`load_result` read.
        paths: files to write.
        excel_safe: see :class:`WriteOptions`.

    Raises:
        UsageError: no format has the suffix, or the file cannot be written.
    """
    from unionscreen.files import output_path
    from unionscreen.output.files import write_result
    from unionscreen.reports.tables import ScreeningReport

    targets = [(output_path(Path(path)), writer_of(Path(path))) for path in paths]
    report = ScreeningReport(screening)
    for target, writer in targets:
        write_result(report, target, writer, WriteOptions(excel_safe=excel_safe))


def load_result(path: str | Path) -> Screening:
    """Read what ``screen --format json`` wrote, to write it in other formats.

    Raises:
        UnionScreenError: the file cannot be read, or is not such a result.
    """
    from unionscreen.reports.saved import read_saved

    return read_saved(Path(path))
