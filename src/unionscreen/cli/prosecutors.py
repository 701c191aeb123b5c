"""``unionscreen prosecutors``: who is recognized, why, and who nearly is, as a roster to edit."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from unionscreen.cli.filing_options import FilingFormat, MapOption, RecipientOption, read_mapping
from unionscreen.cli.output import refuse_overwriting_inputs, text_format
from unionscreen.cli.running import NoProgress, Quiet, Workers
from unionscreen.cli.streams import output_path, say, write_data, write_file
from unionscreen.reports.text import count, to_json, visible

if TYPE_CHECKING:
    from unionscreen.recognizing import Recognized

EPILOG: Final = """\b
Examples:
  unionscreen prosecutors state.csv
  unionscreen prosecutors filings/ --out roster.csv
  unionscreen screen filings/ --roster roster.csv

In the CSV, change "no" to "yes" under `recognized` to add a prosecutor."""

COLUMNS: Final = (
    "prosecutor", "recipient", "recipient_id", "office", "jurisdiction", "pledge_date", "source", "recognized", "why",
    "rows", "person_id", "committee_id",
)  # fmt: skip


class Format(StrEnum):
    """What `--format` takes."""

    table = "table"
    csv = "csv"
    json = "json"


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def prosecutors(
    filings: Annotated[list[str], typer.Argument(metavar="FILING...", help="Filings of any kind that `screen` reads.")],
    fmt: Annotated[
        Format | None, typer.Option("--format", help="What to write; by default a table, or what --out's suffix says.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="PATH", help="Write here: .csv, .json, .txt.")] = None,
    roster: Annotated[Path | None, typer.Option(metavar="CSV", help="Your own list of prosecutors so far.")] = None,
    people: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Who is behind a committee: recipient or recipient_id, person, ..."),
    ] = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    state: Annotated[
        str | None, typer.Option(metavar="XX", help="Where the recipients run, if the filing does not say.")
    ] = None,
    filing_format: FilingFormat = None,
    workers: Workers = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
) -> None:
    """Print who is recognized as a prosecutor, why, and who nearly is; as CSV, a roster to edit."""
    target = None if out is None else output_path(out)
    kind = fmt.value if fmt else text_format(out) if out else "table"
    refuse_overwriting_inputs([target] if target else [], filings, roster, people)
    from unionscreen.cli.progress import progress_bar
    from unionscreen.recognizing import recognized_in

    with progress_bar(shown=not (quiet or no_progress)) as report:
        found = recognized_in(
            filings,
            roster=roster,
            people_list=people,
            mapping=read_mapping(mapping or []),
            recipient=recipient,
            state=state,
            filing_format=filing_format,
            workers=workers,
            progress=report,
        )
    text = _render(found, kind)
    if target is None:
        write_data(text)
    else:
        write_file(target, text)
    if not quiet:
        for note in found.notes:
            say(note)
        say(_summary(found) + (f"; written to {out}" if out else ""))


def _summary(found: Recognized) -> str:
    sure = sum(row.recognized for row in found.rows)
    rejected = f", {found.rows_rejected:,} not" if found.rows_rejected else ""
    return (
        f"{count(found.rows_read - found.rows_rejected, 'row')} read{rejected}; {count(sure, 'committee')} recognized "
        f"as a prosecutor's, {len(found.rows) - sure:,} nearly, of {count(found.recipients, 'recipient')}"
    )


def _render(found: Recognized, kind: str) -> str:
    from unionscreen.prosecutors import as_roster

    if kind == "json":
        return to_json([row.to_dict() for row in found.rows], indent=2) + "\n"
    if kind == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(as_roster(found.rows))
        return text.getvalue()
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Recognized) -> list[str]:
    lines = []
    for recognized, title in ((True, "Recognized"), (False, "Nearly, and not counted as a prosecutor's")):
        rows = [row for row in found.rows if row.recognized == recognized]
        lines += [f"{title}: {len(rows):,}"]
        for row in rows:
            about = ", ".join(filter(None, (row.prosecutor, row.office, row.jurisdiction)))
            number = f" ({row.recipient_id})" if row.recipient_id else ""
            lines += [f"  {visible(row.recipient)}{visible(number)}, {count(row.rows, 'row')}"]
            lines += [f"    {visible(about)}"] if about else []
            lines += [f"    {visible(row.why)}"]
    return lines
