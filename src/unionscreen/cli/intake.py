"""``unionscreen intake``: incoming donations sorted into accept, review and refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from unionscreen.cli import completion
from unionscreen.cli.help import HelpAll, help_groups
from unionscreen.cli.options import (
    DecisionsOption,
    ExcludeKinds,
    FormatOption,
    KindsOption,
    MapOption,
    RecipientOption,
    StateOption,
    TextFormat,
    TextFormatOption,
    UnionsOption,
    read_kinds,
    read_mapping,
)
from unionscreen.cli.output import refuse_overwriting_inputs, text_format
from unionscreen.cli.running import Quiet, Strict
from unionscreen.cli.streams import say, write_data
from unionscreen.errors import FilingError, UsageError
from unionscreen.files import output_path, write_file
from unionscreen.reports.text import count, to_json

if TYPE_CHECKING:
    from unionscreen.intake import Intake

EPILOG: Final = """\b
Examples:
  unionscreen intake actblue.csv
  unionscreen intake actblue.csv --policy refuse --return-within 10d
  unionscreen intake log.xlsx --map "contributor=Payer" --out lists.csv
  unionscreen intake today.csv --profile intake.toml

Every donation is listed once, with a reason. Columns with cards, accounts or identity papers are never read.
A match with the list is a lead to check, not a finding of wrongdoing."""

GROUPS: Final = {
    "Policy": ("profile policy return_within kinds employers", "exclude_kinds"),
    "What is written": ("fmt out refunds letters decision_log", "letter_template"),
    "Your own lists": ("decisions unions", ""),
    "How exports are read": ("mapping recipient state", "filing_format"),
    "Running": ("fail_on_flag quiet", "strict"),
}

PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="refuse|review",
        autocompletion=completion.policies,
        help="What to do with the money of listed unions; default: review.",
    ),
]
ProfileOption = Annotated[
    Path | None,
    typer.Option("--profile", metavar="TOML", help="Settings of your campaign (intake.toml); options win over it."),
]
ReturnWithin = Annotated[
    str | None, typer.Option("--return-within", metavar="10d", help="Days from receipt to return money.")
]
DecisionLog = Annotated[
    Path | None,
    typer.Option("--decision-log", metavar="PATH", help="Add every donation and its answer to this .csv or .jsonl."),
]
Refunds = Annotated[
    Path | None, typer.Option("--refunds", metavar="PATH", help="Write what goes back, as .csv or .xlsx.")
]
Letters = Annotated[
    Path | None, typer.Option("--letters", metavar="DIR", help="Write a letter per donor, by DIR/letter-template.txt.")
]
LetterTemplate = Annotated[
    Path | None, typer.Option("--letter-template", metavar="FILE", help="With --letters: use this Jinja2 text instead.")
]
Employers = Annotated[bool, typer.Option("--employers", help="Review people whose employer is a union.")]

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG, cls=help_groups(GROUPS))
def intake(
    exports: Annotated[
        list[str],
        typer.Argument(metavar="EXPORT...", help="Exports of ActBlue, Stripe, Square, a bank, or any spreadsheet."),
    ],
    profile: ProfileOption = None,
    policy: PolicyOption = None,
    return_within: ReturnWithin = None,
    kinds: KindsOption = None,
    exclude_kinds: ExcludeKinds = None,
    employers: Employers = False,
    fmt: TextFormatOption = None,
    out: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="Write here (.csv, .json, .txt); repeatable.")
    ] = None,
    refunds: Refunds = None,
    letters: Letters = None,
    letter_template: LetterTemplate = None,
    decision_log: DecisionLog = None,
    decisions: DecisionsOption = None,
    unions: UnionsOption = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    state: StateOption = None,
    filing_format: FormatOption = None,
    fail_on_flag: Annotated[bool, typer.Option("--fail-on-flag", help="Exit 1 when a donation is refused.")] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    help_all: HelpAll = False,  # noqa: ARG001 - its callback answers
) -> None:
    """Sort incoming donations: accept, review or refuse."""
    options, settings = with_profile(
        profile,
        IntakeOptions(policy, return_within, decision_log, refunds, letters, letter_template),
        decisions=decisions,
        unions=unions,
        employers=employers,
        mapping=read_mapping(mapping or []),
        recipient=recipient,
        state=state,
        filing_format=filing_format,
    )
    run_intake(
        exports,
        options,
        fmt=fmt,
        out=out,
        fail_on_flag=fail_on_flag,
        strict=strict,
        quiet=quiet,
        kinds=read_kinds(kinds, exclude_kinds),
        **settings,
    )


@dataclass(frozen=True)
class IntakeOptions:
    """The policy, and what is written beside the three lists."""

    policy: str | None
    return_within: str | None = None
    decision_log: Path | None = None
    refunds: Path | None = None
    letters: Path | None = None
    letter_template: Path | None = None

    def refuse_without_policy(self) -> None:
        """Refuse the options of an intake in a screening.

        Raises:
            UsageError: one of them was given.
        """
        beside = {
            "--return-within": self.return_within,
            "--decision-log": self.decision_log,
            "--refunds": self.refunds,
            "--letters": self.letters,
            "--letter-template": self.letter_template,
        }
        if given := [name for name, value in beside.items() if value is not None]:
            raise UsageError(f"{given[0]} goes with --policy", hint="type `unionscreen intake` instead")

    def check(self) -> None:
        """Find mistakes before any work is done.

        Raises:
            UsageError: no such policy or template, or no place for what is to be written.
        """
        from unionscreen.intake import POLICIES
        from unionscreen.intake.log import log_path
        from unionscreen.intake.outputs import refunds_path

        if self.policy not in POLICIES:
            raise UsageError(f"--policy {self.policy}: no such policy", hint="one of " + ", ".join(POLICIES))
        if self.letter_template is not None and self.letters is None:
            raise UsageError("--letter-template goes with --letters")
        if self.letter_template is not None and not self.letter_template.is_file():
            raise UsageError("there is no such template", source=str(self.letter_template))
        if self.letters is not None and self.letters.exists() and not self.letters.is_dir():
            raise UsageError("is a file, not a folder for letters", source=str(self.letters))
        if self.decision_log is not None:
            log_path(self.decision_log)
        if self.refunds is not None:
            refunds_path(self.refunds)


def with_profile(path: Path | None, options: IntakeOptions, **settings: Any) -> tuple[IntakeOptions, dict[str, Any]]:
    """The options and settings of a command, completed from a profile. What the command line gives wins.

    Args:
        path: the profile, or None.
        options: as given; a policy on the command line replaces the profile's policy and its policies for kinds.
        settings: arguments of :func:`unionscreen.intake.judge_donations`; None, False or empty where not given.

    Raises:
        UsageError: the profile cannot be read, or has an unknown key or a wrong value.
    """
    from unionscreen.intake.profile import Profile, complete, load_profile

    profile = Profile() if path is None else load_profile(path)
    settings = complete(profile, {**settings, "policy": options.policy, "return_within": options.return_within})
    if settings["decisions"] is None and profile.decisions is not None:
        say(f"{profile.decisions}: there are no decisions yet")
    letters = options.letters or profile.letters
    within = settings.pop("return_within")
    completed = replace(
        options,
        policy=settings.pop("policy"),
        return_within=None if within is None else str(within),
        decision_log=options.decision_log or profile.decision_log,
        letters=letters,
        letter_template=options.letter_template or (profile.letter_template if letters else None),
    )
    return completed, settings


def run_intake(
    exports: list[str],
    options: IntakeOptions,
    *,
    fmt: str | None = None,
    out: list[Path] | None = None,
    fail_on_flag: bool = False,
    strict: bool = False,
    quiet: bool = False,
    **settings: Any,
) -> None:
    """Judge the donations of exports, write everything that was asked for, and exit.

    Args:
        exports: files.
        options: the policy, and what to write beside.
        fmt: table, json or csv; else what the suffix of `out` says.
        out: files instead of standard output.
        fail_on_flag: exit 1 when a donation is refused.
        strict: exit 3 when a file in a folder or archive could not be read.
        quiet: print nothing on standard error.
        settings: further arguments of :func:`unionscreen.intake.judge_donations`.
    """
    from unionscreen.intake import judge_donations, return_days
    from unionscreen.reports.intake import intake_summary

    options.check()
    if fmt is not None and fmt not in tuple(TextFormat):
        raise UsageError(f"--format {fmt}: an intake is written as table, json or csv")
    targets = [(output_path(path), fmt or text_format(path)) for path in out or ()]
    written = [target for target, _ in targets]
    written += [output_path(path) for path in (options.decision_log, options.refunds) if path is not None]
    if len(set(written)) < len(written):
        raise UsageError("--out, --decision-log, --refunds: the same file is given twice")
    refuse_overwriting_inputs(written, exports, settings.get("unions"), settings.get("decisions"))
    within = return_days(options.return_within) if options.return_within else None
    policy: Any = options.policy
    found = judge_donations(exports, policy=policy, return_within=within, **settings)
    now = datetime.now(UTC)
    if not targets:
        write_data(_render(found, fmt or "table", now))
    for target, kind in targets:
        write_file(target, _render(found, kind, now))
    write_intake_files(found, options, now, settings.get("recipient"))
    if not quiet:
        for note in found.notes:
            say(note)
        donations = sum(not each.goes_back for each in found.donations)
        say(f"{count(donations, 'donation')}: {intake_summary(found)}")
    if strict and found.manifest.get("unread"):
        raise typer.Exit(FilingError.exit_code)
    raise typer.Exit(1 if fail_on_flag and found.of("refuse") else 0)


def write_intake_files(intake: Intake, options: IntakeOptions, now: datetime, recipient: str | None = None) -> None:
    """Write the decision log, the refund list and the letters that were asked for."""
    if options.decision_log is not None:
        from unionscreen.intake.log import append_log

        append_log(options.decision_log, intake, now)
    if options.refunds is not None:
        from unionscreen.intake.outputs import write_refunds

        write_refunds(options.refunds, intake.to_return)
    if options.letters is not None:
        from unionscreen.intake.letters import write_letters

        write_letters(
            options.letters,
            intake.to_return,
            today=now.astimezone().date(),
            template=options.letter_template,
            recipient=recipient,
        )


def _render(intake: Intake, fmt: str, now: datetime) -> str:
    if fmt == "json":
        return to_json(intake.to_dict(), indent=2) + "\n"
    if fmt == "csv":
        from unionscreen.intake.outputs import donations_csv

        return donations_csv(intake.donations)
    from unionscreen.reports.intake import intake_text

    return intake_text(intake, today=now.astimezone().date())
