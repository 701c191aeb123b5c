"""``unionscreen screen``: filings in, flagged contributions per prosecutor out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from unionscreen.cli.filing_options import AcceptDifference, FilingFormat, MapOption, RecipientOption, read_mapping
from unionscreen.cli.intake import (
    DecisionLog,
    IntakeOptions,
    Letters,
    LetterTemplate,
    PolicyOption,
    Refunds,
    ReturnWithin,
)
from unionscreen.cli.intake import run as run_intake
from unionscreen.cli.output import Destinations, ExcelSafe, NoStrips, ReportFormat, ReportOut, refuse_overwriting_inputs
from unionscreen.cli.running import NoProgress, Quiet, Resume, Scheduler, Strict, Workers, screened_rows
from unionscreen.cli.streams import say
from unionscreen.errors import FilingError, UsageError
from unionscreen.reports.text import count
from unionscreen.reports.words import unread_said

if TYPE_CHECKING:
    from unionscreen.screening import Screening

EPILOG: Final = """\b
Examples:
  unionscreen screen export.csv
  unionscreen screen *.csv --format csv --out flags.csv
  unionscreen screen 2022.csv --prosecutor "Russell Johnson"
  unionscreen screen log.xlsx --map "contributor=Payer" --recipient "J. Roe"
  zcat big.csv.gz | unionscreen screen - --format json

A match with the list is a lead to check, not a finding of wrongdoing."""


class Recipients(StrEnum):
    """What `--recipients` takes."""

    prosecutors = "prosecutors"
    all = "all"


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def screen(
    filings: Annotated[
        list[str],
        typer.Argument(
            metavar="FILING...",
            help="Filings: CSV, TSV, text, XLSX, XLS, ODS, JSON, .fec, Parquet, HTML, PDF, in gz, zst, bz2, xz, zip; "
            "folders, patterns; - is stdin.",
        ),
    ],
    fmt: ReportFormat = None,
    out: ReportOut = None,
    excel_safe: ExcelSafe = False,
    no_strips: NoStrips = False,
    recipients: Annotated[
        Recipients | None,
        typer.Option(help="Whose contributions to report; by default prosecutors where any is recognized, else all."),
    ] = None,
    prosecutor: Annotated[
        str | None,
        typer.Option(metavar="NAME", help='Only this prosecutor: "Russell Johnson" finds "JOHNSON, RUSSELL".'),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Who is a prosecutor: prosecutor, recipient or recipient_id, ...")
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Who is behind a committee: recipient or recipient_id, person, ..."),
    ] = None,
    kinds: Annotated[
        list[str] | None, typer.Option(metavar="KIND,...", help="Only unions of these kinds: police, corrections, ...")
    ] = None,
    exclude_kinds: Annotated[
        list[str] | None, typer.Option(metavar="KIND,...", help="All kinds but these; docs/the-list.md has the table.")
    ] = None,
    counted: Annotated[
        list[str] | None,
        typer.Option(
            "--count",
            metavar="CATEGORY,...",
            help="Add related organizations to the sums: affinity, ...; docs/method.md has the table.",
        ),
    ] = None,
    include_related: Annotated[
        bool,
        typer.Option(
            "--include-related",
            help="Show all related organizations: in the table more than ten, in CSV and Parquet too. Never in a sum.",
        ),
    ] = False,
    employers: Annotated[
        bool, typer.Option("--employers", help="Also show individuals whose employer is a union; in no sum.")
    ] = False,
    min_score: Annotated[
        float, typer.Option(metavar="N", min=0, max=100, help="Leave out matches that score less.")
    ] = 0,
    unions: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Your own organizations, added to the curated list.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(metavar="PATH", help="What was decided in `review` (CSV, SQLite): said, and applied.")
    ] = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    state: Annotated[
        str | None,
        typer.Option(metavar="XX", help="Where the recipients run, if the filing does not say: tells namesakes apart."),
    ] = None,
    filing_format: FilingFormat = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    resume: Resume = None,
    max_rejects: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Exit 4 when more rows than this cannot be read.")
    ] = None,
    policy: PolicyOption = None,
    return_within: ReturnWithin = None,
    decision_log: DecisionLog = None,
    refunds: Refunds = None,
    letters: Letters = None,
    letter_template: LetterTemplate = None,
    accept_difference: AcceptDifference = False,
    fail_on_flag: Annotated[bool, typer.Option("--fail-on-flag", help="Exit 1 when anything is flagged.")] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
) -> None:
    """Print the flagged contributions of filings, per prosecutor."""
    columns = read_mapping(mapping or [])
    intake = IntakeOptions(policy, return_within, decision_log, refunds, letters, letter_template)
    if intake.check():
        filing_only: dict[str, object] = {"--prosecutor": prosecutor, "--roster": roster, "--recipients": recipients}
        filing_only |= {"--people": people}
        filing_only |= {"--min-score": min_score or None, "--include-related": include_related or None}
        filing_only |= {"--count": counted, "--accept-difference": accept_difference or None}
        filing_only |= {"--max-rejects": max_rejects, "--workers": workers, "--scheduler": scheduler}
        filing_only |= {"--resume": resume, "--excel-safe": excel_safe or None}
        if given := [name for name, value in filing_only.items() if value is not None]:
            raise UsageError(f"{given[0]} does not go with --policy", hint="a pre-screening judges every donation")
        found = run_intake(
            filings,
            intake,
            fmt=None if fmt is None else fmt.value,
            out=out,
            quiet=quiet,
            decisions=decisions,
            unions=unions,
            kinds=_kinds(kinds, exclude_kinds),
            employers=employers,
            mapping=columns,
            recipient=recipient,
            state=state,
            filing_format=filing_format,
        )
        if strict and found.manifest.get("unread"):
            raise typer.Exit(FilingError.exit_code)
        raise typer.Exit(1 if fail_on_flag and found.of("refuse") else 0)
    destinations = Destinations.of(fmt, out, excel_safe=excel_safe, strips=not no_strips)
    refuse_overwriting_inputs(destinations.targets, filings, roster, people, unions, decisions)
    from unionscreen import screen as run
    from unionscreen.cli.progress import progress_bar

    with progress_bar(shown=not (quiet or no_progress)) as report:
        screening = run(
            filings,
            recipients=None if recipients is None else recipients.value,
            prosecutor=prosecutor,
            roster=roster,
            people=people,
            kinds=_kinds(kinds, exclude_kinds),
            count=_categories(counted),
            include_related=include_related,
            unions=unions,
            min_score=min_score,
            mapping=columns,
            recipient=recipient,
            state=state,
            filing_format=filing_format,
            employers=employers,
            decisions=decisions,
            workers=workers,
            scheduler=scheduler,
            resume=resume,
            max_rejects=max_rejects,
            accept_difference=accept_difference,
            progress=report,
        )
    if not quiet:
        for note in screening.notes:
            say(note)
    destinations.write(screening)
    if not quiet and (risk := destinations.note(screening)):
        say(risk)
    if not quiet and (out or not sys.stderr.isatty()):
        say(_summary(screening) + destinations.said)
    if unread := unread_said(screening.manifest):
        if not quiet or strict:
            say(unread)
        if strict:
            raise typer.Exit(FilingError.exit_code)
    raise typer.Exit(1 if fail_on_flag and any(entry.flags for entry in screening.prosecutors) else 0)


def _kinds(only: Iterable[str] | None, but: Iterable[str] | None) -> frozenset[str] | None:
    """``--kinds police,corrections``, several times or with commas; unknown kinds are an error."""
    from unionscreen.unions import UNION_KINDS

    chosen = frozenset(UNION_KINDS) if only is None else _listed_kinds("--kinds", only)
    left = chosen - (frozenset() if but is None else _listed_kinds("--exclude-kinds", but))
    if not left:
        raise UsageError("--exclude-kinds leaves no kind to look for", hint="kinds are " + ", ".join(UNION_KINDS))
    return None if only is None and but is None else left


def _listed_kinds(option: str, values: Iterable[str]) -> frozenset[str]:
    from unionscreen.unions import UNION_KINDS

    kinds = frozenset(kind.strip() for value in values for kind in value.split(",") if kind.strip())
    unknown = sorted(kinds.difference(UNION_KINDS))
    if unknown or not kinds:
        raise UsageError(f"{option}: no such kind: {', '.join(unknown)}", hint="one of " + ", ".join(UNION_KINDS))
    return kinds


def _categories(values: Iterable[str] | None) -> tuple[str, ...]:
    """``--count affinity,prosecutors-union``, several times or with commas; unknown categories are an error."""
    from unionscreen.unions import COUNTABLE

    if values is None:
        return ()
    asked = tuple(dict.fromkeys(each.strip() for value in values for each in value.split(",") if each.strip()))
    unknown = sorted(set(asked).difference(COUNTABLE))
    if unknown or not asked:
        raise UsageError(f"--count: no such category: {', '.join(unknown)}", hint="one of " + ", ".join(COUNTABLE))
    return asked


def _summary(screening: Screening) -> str:
    """One line for a log: what was read, what was found."""
    from unionscreen.accounting import left_out

    manifest, entries = screening.manifest, screening.prosecutors
    flagged = sum(bool(entry.flags) for entry in entries)
    counted = sum(len(entry.counted) for entry in entries)
    others = left_out((1, flag.kind, flag.status) for entry in entries for flag in entry.flags)
    return (
        f"{screened_rows([manifest])}; "
        f"{counted:,} flagged at {flagged:,} of {count(len(entries), 'recipient')}"
        f"{f' ({others} not counted)' if others else ''}"
    )
