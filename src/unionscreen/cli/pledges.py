"""``unionscreen pledges``: who pledged to take no police-union money, and whether they did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.options import (
    AsJson,
    DecisionsOption,
    FormatOption,
    RecipientOption,
    UnionsOption,
)
from unionscreen.cli.output import OutputFormat, one_output, refuse_overwriting_inputs
from unionscreen.cli.running import Quiet
from unionscreen.cli.streams import say, write_data, write_file
from unionscreen.output import TABLE_FORMATS
from unionscreen.reports.text import count, to_json, visible

EPILOG: Final = """\b
Examples:
  unionscreen pledges check roster.csv 2020.csv 2021.csv
  unionscreen pledges check known *.csv --out pledges.csv
  unionscreen pledges check known log.xlsx --recipient "Jane Roe"

ROSTER is a CSV with prosecutor, recipient or recipient_id, pledge_date and source. Without committees, people are
found by their names. "known" is the shipped list of signers with sources, which is not complete."""

KNOWN: Final = "known"


# The usual one first.
PLEDGE_FORMATS: Final = ("table", "json", *TABLE_FORMATS)

app = typer.Typer(
    help="Check pledges to take no police-union money.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.command("list")
def list_signers(as_json: AsJson = False) -> None:
    """Print the signers that are publicly known.

    Each has a source. There are more signers than these.
    """
    from unionscreen.pledges import load_pledges

    signers = load_pledges()
    if as_json:
        from dataclasses import asdict

        rows = [asdict(each) | {"pledge_date": each.pledge_date.isoformat()} for each in signers]
        write_data(to_json(rows, indent=2) + "\n")
        return
    for each in signers:
        place = ", ".join(part for part in (each.office, each.jurisdiction, each.state) if part)
        write_data(f"{each.pledge_date}  {visible(each.prosecutor)} ({visible(place)}), {visible(each.pledge)}\n")
        write_data(f"            {visible(each.source)}\n")


@app.command("check", epilog=EPILOG)
def check(
    roster: Annotated[str, typer.Argument(metavar="ROSTER", help="Who pledged and when; `known`: the shipped list.")],
    filings: Annotated[list[str], typer.Argument(metavar="FILING...", help="Filings of any of them.")],
    fmt: Annotated[
        OutputFormat | None,
        typer.Option("--format", help="What to write; by default a table, or what --out's suffix says."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="PATH", help="Write here instead of standard output.")] = None,
    unions: UnionsOption = None,
    decisions: DecisionsOption = None,
    recipient: RecipientOption = None,
    filing_format: FormatOption = None,
    fail_on_flag: Annotated[
        bool, typer.Option("--fail-on-flag", help="Exit 1 when a signer kept money given after the pledge.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Print union money before and after each pledge.

    The report also shows what was returned, and how long it was kept.
    """
    from unionscreen.pledges import check_pledges
    from unionscreen.reports.pledges import pledges_result, pledges_text

    writer, target = one_output(fmt, out, PLEDGE_FORMATS)
    if target is not None:
        refuse_overwriting_inputs([target], filings, roster, unions, decisions)
    checked = check_pledges(
        None if roster == KNOWN else roster, filings, recipient=recipient, unions=unions, decisions=decisions,
        filing_format=filing_format,
    )  # fmt: skip
    if writer.name == "table":
        data = pledges_text(checked).encode()
    elif writer.name == "json":
        data = (to_json(checked.to_dict(), indent=2) + "\n").encode()
    else:
        data = writer.render(pledges_result(checked))
    if target is None:
        write_data(data)
    else:
        write_file(target, data)
    if not quiet:
        for note in checked.screening.notes:
            say(note)
        found = len({each.prosecutor for each in checked.screening.prosecutors})
        say(f"{count(found, 'signer')} in these filings, {len(checked.missing):,} not")
    raise typer.Exit(1 if fail_on_flag and checked.broken else 0)
