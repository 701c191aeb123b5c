"""``unionscreen pledges``: who pledged to take no police-union money, and whether they did."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from unionscreen.cli.options import AsJson, DecisionsOption, FormatOption, RecipientOption, UnionsOption
from unionscreen.cli.output import OneFormat, OneOut, one_output, refuse_overwriting_inputs, write_one
from unionscreen.cli.running import Quiet
from unionscreen.cli.streams import say, write_data
from unionscreen.errors import UsageError
from unionscreen.reports.text import count, to_json, visible

if TYPE_CHECKING:
    from unionscreen.pledges import PledgeCheck

EPILOG: Final = """\b
Examples:
  unionscreen pledges check roster.csv 2020.csv 2021.csv
  unionscreen pledges check known *.csv --out pledges.csv
  unionscreen pledges check known log.xlsx --recipient "Jane Roe"

ROSTER is a CSV with prosecutor, recipient or recipient_id, pledge_date and source. Without committees, people are
found by their names. "known" is the shipped list of signers with sources, which is not complete."""

KNOWN: Final = "known"


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
    from unionscreen.reports.pledges import MADE

    signers = load_pledges()
    if as_json:
        write_data(to_json([each.to_dict() for each in signers], indent=2) + "\n")
        return
    for each in signers:
        terms = each.judged_by
        place = ", ".join(part for part in (each.office, each.jurisdiction, each.state) if part)
        write_data(f"{terms.made}  {visible(each.prosecutor)} ({visible(place)}), {visible(each.pledge)}\n")
        said, about = MADE[terms.is_pledge]
        what = about if terms.is_pledge == "yes" else f"{said.partition(',')[0]}; {about}"
        write_data(f"            {what} {visible(terms.words)}\n            {visible(each.source)}\n")


@app.command("check", epilog=EPILOG)
def check(
    roster: Annotated[str, typer.Argument(metavar="ROSTER", help="Who pledged and when; `known`: the shipped list.")],
    filings: Annotated[list[str], typer.Argument(metavar="FILING...", help="Filings of any of them.")],
    fmt: OneFormat = None,
    out: OneOut = None,
    unions: UnionsOption = None,
    decisions: DecisionsOption = None,
    recipient: RecipientOption = None,
    covers: Annotated[
        str | None,
        typer.Option(metavar="FROM/TO", help="The days that the filings cover, where they do not say."),
    ] = None,
    filing_format: FormatOption = None,
    fail_on_flag: Annotated[
        bool, typer.Option("--fail-on-flag", help="Exit 1 if a signer kept a gift that a pledge covers, or may cover.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Print whether each pledge was kept, broken or cannot be decided.

    The report names the rows, and shows the union money before and after the pledge, and what was returned.
    """
    from unionscreen.pledges import check_pledges
    from unionscreen.reports.pledges import pledges_result, pledges_text

    writer, target = one_output(fmt, out)
    if target is not None:
        refuse_overwriting_inputs([target], filings, roster, unions, decisions)
    checked = check_pledges(
        None if roster == KNOWN else roster, filings, recipient=recipient, covers=_days(covers), unions=unions,
        decisions=decisions, filing_format=filing_format,
    )  # fmt: skip
    write_one(
        writer,
        target,
        text=lambda: pledges_text(checked),
        values=checked.to_dict,
        result=lambda: pledges_result(checked),
    )
    if not quiet:
        for note in checked.screening.notes:
            say(note)
        say(", ".join(f"{number:,} {answer}" for answer, number in _answers(checked).items()))
        found = len({each.signer.who for each in checked.checked if each.entries})
        say(f"{count(found, 'signer')} in these filings, {len(checked.missing):,} not")
    raise typer.Exit(1 if fail_on_flag and checked.kept_money else 0)


def _answers(checked: PledgeCheck) -> dict[str, int]:
    """How many pledges of signers in these filings have each verdict."""
    return dict(sorted(Counter(each.verdict.verdict for each in checked.checked if each.recipients).items()))


def _days(text: str | None) -> tuple[date, date] | None:
    """``--covers 2020-01-01/2020-12-31``, or a year or a month."""
    if text is None:
        return None
    from unionscreen.lists import day_span

    if span := day_span(text):
        return span
    raise UsageError(f"--covers: {text!r} is not FROM/TO", hint="for example --covers 2020-01-01/2022-06-30")
