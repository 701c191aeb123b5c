"""``unionscreen show``: one row of a filing, as filed and as read."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from unionscreen.cli.options import AcceptDifference, AsJson, FormatOption, MapOption, RecipientOption, read_mapping
from unionscreen.cli.streams import write_data
from unionscreen.reports.text import to_json

EPILOG: Final = """\b
Examples:
  unionscreen show filing.csv:12
  unionscreen show "log.xlsx#Checks:4"
  unionscreen show late.zip!late.csv:3
  unionscreen show "report.pdf#2:17"                page 2, line 17

Every flag names its row like this."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def show(
    place: Annotated[str, typer.Argument(metavar="FILE:ROW", help="The file and the row, as a report names them.")],
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    filing_format: FormatOption = None,
    accept_difference: AcceptDifference = False,
    as_json: AsJson = False,
) -> None:
    """Print a row as filed, and how each column is read.

    FILE:ROW is how a report names a row, with the sheet, the member of a zip or the page of a PDF.
    """
    from unionscreen.filings.converting import filed_row
    from unionscreen.reports.filed import filed_text

    row = filed_row(
        place,
        mapping=read_mapping(mapping or []),
        recipient=recipient,
        filing_format=filing_format,
        accept_difference=accept_difference,
    )
    write_data(to_json(row.to_dict(), indent=2) + "\n" if as_json else filed_text(row))
