"""``unionscreen screen``: filings in, flagged contributions per prosecutor out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from unionscreen.cli import completion
from unionscreen.cli.help import HelpAll, help_groups
from unionscreen.cli.intake import (
    DecisionLog,
    IntakeOptions,
    Letters,
    LetterTemplate,
    PolicyOption,
    Refunds,
    ReturnWithin,
    run_intake,
)
from unionscreen.cli.options import (
    AcceptDifference,
    DecisionsOption,
    ExcludeKinds,
    FormatOption,
    KindsOption,
    MapOption,
    PeopleOption,
    RecipientOption,
    Reported,
    RosterOption,
    StateOption,
    UnionsOption,
    read_kinds,
    read_mapping,
)
from unionscreen.cli.output import Destinations, ExcelSafe, NoStrips, ReportFormat, ReportOut, refuse_overwriting_inputs
from unionscreen.cli.running import NoProgress, Quiet, Resume, Scheduler, Strict, Workers, screened_rows
from unionscreen.cli.streams import say
from unionscreen.contributions import money_text
from unionscreen.errors import FilingError, UsageError
from unionscreen.reports.text import count

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


GROUPS: Final = {
    "Which contributions": (
        "recipients prosecutor roster kinds include_related employers min_score",
        "people exclude_kinds counted",
    ),
    "Money that the prosecutor's own filing does not show (docs/money.md)": ("", "givers trace require_totals"),
    "What is written": ("fmt out compare", "excel_safe no_strips"),
    "Your own lists": ("decisions unions", "reviews"),
    "How filings are read": ("mapping recipient state filing_format", "accept_difference max_rejects strict"),
    "Running": ("fail_on_flag quiet", "no_progress workers scheduler resume"),
    "Deprecated: type `unionscreen intake`": (
        "",
        "policy return_within decision_log refunds letters letter_template",
    ),
}


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG, cls=help_groups(GROUPS))
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
    compare: Annotated[bool, typer.Option("--compare", help="Put the candidates of one race side by side.")] = False,
    excel_safe: ExcelSafe = False,
    no_strips: NoStrips = False,
    recipients: Annotated[
        Reported | None,
        typer.Option(help="Whose contributions to report; default: prosecutors if any is recognized, else all."),
    ] = None,
    prosecutor: Annotated[
        str | None,
        typer.Option(metavar="NAME", help='Only this prosecutor: "Russell Johnson" finds "JOHNSON, RUSSELL".'),
    ] = None,
    roster: RosterOption = None,
    people: PeopleOption = None,
    kinds: KindsOption = None,
    exclude_kinds: ExcludeKinds = None,
    counted: Annotated[
        list[str] | None,
        typer.Option(
            "--count",
            metavar="CATEGORY,...",
            autocompletion=completion.list_of_categories,
            help="Add related organizations to the totals: affinity, ... (table in docs/method.md).",
        ),
    ] = None,
    include_related: Annotated[
        bool,
        typer.Option(
            "--include-related",
            help="Show all related organizations, also in CSV and Parquet (the table shows ten by default).",
        ),
    ] = False,
    employers: Annotated[
        bool,
        typer.Option("--employers", help="Also show individuals whose employer is a union; not counted in totals."),
    ] = False,
    min_score: Annotated[
        float, typer.Option(metavar="N", min=0, max=100, help="Leave out matches with a lower score.")
    ] = 0,
    unions: UnionsOption = None,
    decisions: DecisionsOption = None,
    reviews: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV", help="Reviews of officers: which gifts of their unions overlap in time (docs/reviews.md)."
        ),
    ] = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    state: StateOption = None,
    filing_format: FormatOption = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    resume: Resume = None,
    max_rejects: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Exit 4 if more rows than this cannot be read.")
    ] = None,
    givers: Annotated[
        list[str] | None,
        typer.Option(
            "--giver",
            metavar="NAME",
            help="A committee whose own filing is given too: show its gifts beside the recipients' filings. Unions are "
            "found without it. Repeatable.",
        ),
    ] = None,
    trace: Annotated[
        bool,
        typer.Option(
            "--trace",
            help="What share of the money of a donor committee or an independent spender came from unions, if its own "
            "filing is given too.",
        ),
    ] = False,
    require_totals: Annotated[
        bool, typer.Option("--require-totals", help="Exit 5 if rows do not add up to what their form states.")
    ] = False,
    policy: PolicyOption = None,
    return_within: ReturnWithin = None,
    decision_log: DecisionLog = None,
    refunds: Refunds = None,
    letters: Letters = None,
    letter_template: LetterTemplate = None,
    accept_difference: AcceptDifference = False,
    fail_on_flag: Annotated[bool, typer.Option("--fail-on-flag", help="Exit 1 if anything is flagged.")] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    help_all: HelpAll = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Print the flagged contributions of filings, per prosecutor."""
    intake = IntakeOptions(policy, return_within, decision_log, refunds, letters, letter_template)
    shared: dict[str, Any] = {
        "kinds": read_kinds(kinds, exclude_kinds),
        "employers": employers,
        "unions": unions,
        "decisions": decisions,
        "mapping": read_mapping(mapping or []),
        "recipient": recipient,
        "state": state,
        "filing_format": filing_format,
    }
    filings_only: dict[str, Any] = {
        "recipients": recipients and recipients.value,
        "prosecutor": prosecutor,
        "roster": roster,
        "people": people,
        "reviews": reviews,
        "count": _categories(counted),
        "include_related": include_related,
        "compare": compare,
        "min_score": min_score or None,
        "workers": workers,
        "scheduler": scheduler,
        "resume": resume,
        "max_rejects": max_rejects,
        "accept_difference": accept_difference,
        "givers": tuple(givers or ()),
        "trace": trace,
        "require_totals": require_totals,
    }
    if policy is None:
        intake.refuse_without_policy()
    else:
        _refuse_with_policy(filings_only | {"excel_safe": excel_safe})
        if not quiet:
            say(f"`screen --policy` is deprecated: type `unionscreen intake EXPORT... --policy {policy}` instead")
        end = {"fail_on_flag": fail_on_flag, "strict": strict, "quiet": quiet}
        run_intake(filings, intake, fmt=fmt and fmt.value, out=out, **end, **shared)
    destinations = Destinations.of(fmt, out, excel_safe=excel_safe, strips=not no_strips)
    refuse_overwriting_inputs(destinations.targets, filings, roster, people, unions, decisions, reviews)
    from unionscreen import screen as run
    from unionscreen.cli.progress import progress_bar
    from unionscreen.reports.words import unread_said

    filings_only["min_score"] = min_score
    with progress_bar(shown=not (quiet or no_progress)) as report:
        screening = run(filings, **filings_only, **shared, progress=report)
    _write(screening, destinations, quiet=quiet)
    if compare and not quiet and not _has_race(screening):
        say("--compare: no two candidates for one office are in these files")
    unread = unread_said(screening.manifest)
    if unread and (strict or not quiet):
        say(unread)
    if unread and strict:
        raise typer.Exit(FilingError.exit_code)
    raise typer.Exit(1 if fail_on_flag and any(entry.flags for entry in screening.prosecutors) else 0)


def _refuse_with_policy(options: Mapping[str, object]) -> None:
    """Refuse what is about filings, and not about donations; an option that was not given is None, False or ()."""
    if given := [name for name, value in options.items() if value is not None and value is not False and value != ()]:
        option = "--" + given[0].replace("_", "-")
        raise UsageError(f"{option} does not go with --policy", hint="an intake sorts every donation")


def _write(screening: Screening, destinations: Destinations, *, quiet: bool) -> None:
    """Write the report; its notes, and a summary for a log, go to standard error."""
    notes = () if quiet else screening.notes
    for note in notes:
        say(note)
    risk = destinations.write(screening)
    if quiet:
        return
    if risk:
        say(risk)
    if destinations.given or not sys.stderr.isatty():
        say(_summary(screening) + destinations.said)


def _has_race(screening: Screening) -> bool:
    from unionscreen.reports.compare import races

    return any(len(candidates) > 1 for candidates in races(screening).values())


def _categories(values: Iterable[str] | None) -> tuple[str, ...]:
    """``--count affinity,prosecutors-union``, given several times or with commas; unknown categories are an error."""
    from unionscreen.unions import COUNTABLE

    if values is None:
        return ()
    asked = tuple(dict.fromkeys(each.strip() for value in values for each in value.split(",") if each.strip()))
    unknown = sorted(set(asked).difference(COUNTABLE))
    if unknown or not asked:
        raise UsageError(f"--count: no such category: {', '.join(unknown)}", hint="one of " + ", ".join(COUNTABLE))
    return asked


def _summary(screening: Screening) -> str:
    """One line for a log: what was read, and what was found."""
    from unionscreen.accounting import exclusion_summary
    from unionscreen.reports.words import unions_spent

    manifest, entries = screening.manifest, screening.prosecutors
    flagged = sum(bool(entry.flags) for entry in entries)
    counted = sum(len(entry.counted) for entry in entries)
    others = exclusion_summary((1, flag.kind, flag.status) for entry in entries for flag in entry.flags)
    spent = unions_spent(screening)
    return (
        f"{screened_rows([manifest])}; "
        f"{counted:,} flagged at {flagged:,} of {count(len(entries), 'recipient')}"
        f"{f' ({others} not counted)' if others else ''}"
        f"{f'; organizations that match police unions spent {money_text(spent)} independently' if spent else ''}"
    )
