"""``unionscreen diff``: what changed between two saved results, new flags first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.output import OneFormat, OneOut, one_output, refuse_overwriting_inputs, write_one
from unionscreen.cli.running import Quiet
from unionscreen.cli.streams import say
from unionscreen.reports.text import count

EPILOG: Final = """\b
Examples:
  unionscreen screen filings/ --out monday.json
  unionscreen screen filings/ --out friday.json
  unionscreen diff monday.json friday.json

Exit 1 if a flag was added, amended, returned or is gone."""


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD.json", help="The earlier result that `screen` saved as JSON.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.json", help="The later one.")],
    fmt: OneFormat = None,
    out: OneOut = None,
    quiet: Quiet = False,
) -> None:
    """Print what changed between two saved results.

    New flags come first, then amended, returned and gone ones. Exit 1 if any flag changed.
    """
    writer, target = one_output(fmt, out)
    refuse_overwriting_inputs([target] if target else [], [], old, new)
    from unionscreen.reports import load_result
    from unionscreen.reports.changes import changes_dict, changes_result, changes_text
    from unionscreen.screening.changes import CHANGES, compare_results

    found = compare_results(load_result(old), load_result(new))
    write_one(
        writer,
        target,
        text=lambda: changes_text(found),
        values=lambda: changes_dict(found),
        result=lambda: changes_result(found),
    )
    if not quiet:
        for note in found.notes:
            say(note)
        each = [f"{sum(one.change == change for one in found.changes):,} {change}" for change in CHANGES]
        say(
            f"{count(len(found.changes), 'change')} of flags: {', '.join(each)}"
            + (f"; written to {out}" if out else "")
        )
    if found.changes:
        raise typer.Exit(1)
