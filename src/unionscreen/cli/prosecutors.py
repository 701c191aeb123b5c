"""``unionscreen prosecutors``: who is recognized, why, and who nearly is, as a roster to edit."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from unionscreen.cli.options import (
    FormatOption,
    MapOption,
    PeopleOption,
    RecipientOption,
    RosterOption,
    StateOption,
    read_mapping,
)
from unionscreen.cli.output import OneFormat, OneOut, one_output, refuse_overwriting_inputs, write_one
from unionscreen.cli.running import NoProgress, Quiet, Workers
from unionscreen.cli.streams import say
from unionscreen.output.tables import WriteOptions

EPILOG: Final = """\b
Examples:
  unionscreen prosecutors state.csv
  unionscreen prosecutors filings/ --out roster.csv
  unionscreen screen filings/ --roster roster.csv

In the CSV, change "no" to "yes" under `recognized` to add a prosecutor."""


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def prosecutors(
    filings: Annotated[list[str], typer.Argument(metavar="FILING...", help="Filings of any kind that `screen` reads.")],
    fmt: OneFormat = None,
    out: OneOut = None,
    roster: RosterOption = None,
    people: PeopleOption = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    state: StateOption = None,
    filing_format: FormatOption = None,
    workers: Workers = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
) -> None:
    """Print who is recognized as a prosecutor, and who nearly is.

    Each has its reason. As CSV it is a roster to edit, for `screen --roster`.
    """
    writer, target = one_output(fmt, out)
    refuse_overwriting_inputs([target] if target else [], filings, roster, people)
    from unionscreen.cli.progress import progress_bar
    from unionscreen.recognizing import recognized_in
    from unionscreen.reports.recognized import recognized_summary, recognized_text, roster_result

    with progress_bar(shown=not (quiet or no_progress)) as report:
        found = recognized_in(
            filings,
            roster=roster,
            people=people,
            mapping=read_mapping(mapping or []),
            recipient=recipient,
            state=state,
            filing_format=filing_format,
            workers=workers,
            progress=report,
        )
    write_one(
        writer,
        target,
        text=lambda: recognized_text(found),
        values=lambda: [row.to_dict() for row in found.rows],
        result=lambda: roster_result(found),
        options=WriteOptions(read_back=True),
    )
    if not quiet:
        for note in found.notes:
            say(note)
        say(recognized_summary(found) + (f"; written to {out}" if out else ""))
