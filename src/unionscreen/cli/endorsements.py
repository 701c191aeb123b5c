"""``unionscreen endorsements``: which unions a saved page names, and whether they endorse."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli import completion
from unionscreen.cli.options import UnionsOption
from unionscreen.cli.output import OneFormat, OneOut, one_output, refuse_overwriting_inputs, write_one
from unionscreen.cli.running import Quiet
from unionscreen.cli.streams import say
from unionscreen.errors import UsageError
from unionscreen.lists import one_day

EPILOG: Final = """\b
Examples:
  unionscreen endorsements page.html --candidate "Jane Roe"
  unionscreen endorsements release.txt guide.pdf --format csv
  pbpaste | unionscreen endorsements - --date 2024-06-03

FILE is a saved page (.txt, .html, .md, PDF) or a CSV with endorser, candidate, date and source. "check" means that
the words do not settle it. A union that is not shown may still have endorsed."""


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def endorsements(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Saved pages, CSVs, or - for standard input.")],
    candidate: Annotated[
        str | None, typer.Option(metavar="NAME", help='Whose endorsements; those of others are then "no".')
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="When the pages were published.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            metavar="XX", autocompletion=completion.states, help="Where the pages are from: tells namesakes apart."
        ),
    ] = None,
    pledges: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Who pledged and when; by default the shipped list of signers.")
    ] = None,
    unions: UnionsOption = None,
    fmt: OneFormat = None,
    out: OneOut = None,
    fail_on_yes: Annotated[
        bool, typer.Option("--fail-on-yes", help="Exit 1 when a text says that a union endorses.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Print the unions that a page names, and whether they endorse.

    The answer is yes, no or check. Endorsements are a table of their own and are never part of a sum.
    """
    writer, target = one_output(fmt, out)
    if target is not None:
        refuse_overwriting_inputs([target], [], pledges, unions, *(each for each in files if each != "-"))
    from unionscreen.endorsements import find_endorsements
    from unionscreen.reports.endorsements import (
        SILENCE,
        endorsements_json,
        endorsements_result,
        endorsements_summary,
        endorsements_text,
    )

    found = find_endorsements(files, candidate=candidate, day=_day(day), state=state, pledges=pledges, unions=unions)
    write_one(
        writer,
        target,
        text=lambda: endorsements_text(found),
        values=lambda: endorsements_json(found),
        result=lambda: endorsements_result(found),
    )
    if not quiet:
        for note in found.notes:
            say(note)
        say(endorsements_summary(found) + (f"; written to {out}" if out else ""))
        if writer.name != "table":
            say(SILENCE)
    raise typer.Exit(1 if fail_on_yes and found.endorsing else 0)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    if (day := one_day(text)) is None:
        raise UsageError(f"--date {text}: not a date", hint="write it as 2024-06-03")
    return day
