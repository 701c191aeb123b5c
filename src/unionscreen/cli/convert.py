"""``unionscreen convert``: the rows of a filing as they are read, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from unionscreen.cli.options import AcceptDifference, FormatOption, MapOption, RecipientOption, read_mapping
from unionscreen.cli.output import refuse_overwriting_inputs
from unionscreen.cli.running import Quiet
from unionscreen.cli.streams import say, write_data
from unionscreen.files import output_path, write_lines
from unionscreen.reports.text import count

# Rows in one piece of text.
_ROWS_AT_ONCE = 1_000

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def convert(
    filing: Annotated[str, typer.Argument(metavar="FILING", help="A filing of any kind that `screen` reads.")],
    out: Annotated[Path | None, typer.Option(metavar="CSV", help="Write here instead of standard output.")] = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    filing_format: FormatOption = None,
    accept_difference: AcceptDifference = False,
    quiet: Quiet = False,
) -> None:
    """Write the rows of a filing as they are read, as CSV.

    The columns page, line, kind, date, name, amount and so on can be checked next to the page of a PDF.
    """
    target = None if out is None else output_path(out)
    refuse_overwriting_inputs([target] if target else [], [filing])
    from unionscreen.filings.converting import CONVERTED_COLUMNS, Converted

    found = Converted(
        filing,
        filing_format=filing_format,
        mapping=read_mapping(mapping or []),
        recipient=recipient,
        accept_difference=accept_difference,
    )
    if not quiet:
        for note in found.notes:
            say(note)
    pieces = _pieces(CONVERTED_COLUMNS, found.rows())
    if target is None:
        for piece in pieces:
            write_data(piece)
    else:
        write_lines(target, pieces)
    if not quiet:
        rejected = f", {found.rows_rejected:,} could not be read" if found.rows_rejected else ""
        say(f"{count(found.rows_written, 'row')} written{rejected}")


def _pieces(header: tuple[str, ...], rows: Iterator[list[Any]]) -> Iterator[str]:
    """The rows as CSV, in pieces."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for at, row in enumerate(rows):
        writer.writerow(row)
        if at % _ROWS_AT_ONCE == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
