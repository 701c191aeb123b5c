"""``unionscreen report``: a saved result, written again in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.output import Destinations, ExcelSafe, ReportFormat, ReportOut
from unionscreen.cli.running import Quiet
from unionscreen.cli.streams import say

EPILOG: Final = """\b
Examples:
  unionscreen screen FILING... --out result.json
  unionscreen report result.json --out report.html --out report.xlsx"""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT.json", help="A result that `screen` saved as JSON.")],
    fmt: ReportFormat = None,
    out: ReportOut = None,
    excel_safe: ExcelSafe = False,
    quiet: Quiet = False,
) -> None:
    """Convert a saved result to other formats.

    Nothing is screened again.
    """
    destinations = Destinations.of(fmt, out, excel_safe=excel_safe)
    from unionscreen.reports import load_result

    screening = load_result(result)
    if (risk := destinations.write(screening)) and not quiet:
        say(risk)
    if out and not quiet:
        say(destinations.said.removeprefix("; "))
