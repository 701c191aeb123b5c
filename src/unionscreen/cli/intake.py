"""``unionscreen screen --policy``: incoming donations judged, written where the campaign wants them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unionscreen.cli.output import refuse_overwriting_inputs, text_format
from unionscreen.cli.streams import output_path, say, write_data, write_file
from unionscreen.errors import UsageError
from unionscreen.reports.text import count, to_json

if TYPE_CHECKING:
    from unionscreen.policy import Intake

PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="refuse|review",
        help="Pre-screen incoming donations: lists accept, review, refuse; unions are refused or reviewed.",
    ),
]
ReturnWithin = Annotated[
    str | None, typer.Option("--return-within", metavar="10d", help="With --policy: days from receipt to return money.")
]
DecisionLog = Annotated[
    Path | None,
    typer.Option("--decision-log", metavar="PATH", help="With --policy: add every decision to this .csv or .jsonl."),
]
Refunds = Annotated[
    Path | None, typer.Option("--refunds", metavar="PATH", help="With --policy: what goes back, as .csv or .xlsx.")
]
Letters = Annotated[
    Path | None,
    typer.Option("--letters", metavar="DIR", help="With --policy: a letter per donor, by DIR/letter-template.txt."),
]
LetterTemplate = Annotated[
    Path | None, typer.Option("--letter-template", metavar="FILE", help="With --letters: this Jinja2 text instead.")
]


@dataclass(frozen=True)
class IntakeOptions:
    """What `--policy` writes beside the three lists."""

    policy: str | None
    return_within: str | None = None
    decision_log: Path | None = None
    refunds: Path | None = None
    letters: Path | None = None
    letter_template: Path | None = None

    def check(self) -> bool:
        """Whether this is a pre-screening.

        Raises:
            UsageError: an option without `--policy`, no such policy, or no place for what is to be written.
        """
        from unionscreen.policy import POLICIES
        from unionscreen.policy.log import log_path
        from unionscreen.policy.outputs import refunds_path

        beside = {
            "--return-within": self.return_within,
            "--decision-log": self.decision_log,
            "--refunds": self.refunds,
            "--letters": self.letters,
            "--letter-template": self.letter_template,
        }
        if self.policy is None:
            given = [name for name, value in beside.items() if value is not None]
            if given:
                raise UsageError(f"{given[0]} goes with --policy", hint="--policy refuse, or --policy review")
            return False
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
        return True


def run(
    exports: list[str],
    options: IntakeOptions,
    *,
    fmt: str | None = None,
    out: list[Path] | None = None,
    quiet: bool = False,
    **settings: Any,
) -> Intake:
    """Pre-screen exports and write everything that was asked for.

    Args:
        exports: files.
        options: the policy, and what to write beside.
        fmt: table, json or csv; else what the suffix of `out` says.
        out: files instead of standard output.
        quiet: say nothing on standard error.
        settings: further arguments of :func:`unionscreen.policy.prescreen`.
    """
    from unionscreen.policy import prescreen, return_days
    from unionscreen.reports.intake import intake_summary

    targets = [(output_path(path), fmt or text_format(path)) for path in out or ()]
    if fmt not in (None, "table", "json", "csv"):
        raise UsageError(f"--format {fmt}: a pre-screening is written as table, json or csv")
    written = [target for target, _ in targets]
    written += [output_path(path) for path in (options.decision_log, options.refunds) if path is not None]
    if len(set(written)) < len(written):
        raise UsageError("--out, --decision-log, --refunds: the same file is given twice")
    refuse_overwriting_inputs(written, exports, settings.get("unions"), settings.get("decisions"))
    within = return_days(options.return_within) if options.return_within else None
    policy: Any = options.policy
    intake = prescreen(exports, policy=policy, return_within=within, **settings)
    now = datetime.now(UTC)
    if not targets:
        write_data(_render(intake, fmt or "table", now))
    for target, kind in targets:
        write_file(target, _render(intake, kind, now))
    write_beside(intake, options, now, settings.get("recipient"))
    if not quiet:
        for note in intake.notes:
            say(note)
        donations = sum(not each.goes_back for each in intake.donations)
        say(f"{count(donations, 'donation')}: {intake_summary(intake)}")
    return intake


def write_beside(intake: Intake, options: IntakeOptions, now: datetime, recipient: str | None = None) -> None:
    """Write the decision log, the refund list and the letters that were asked for."""
    if options.decision_log is not None:
        from unionscreen.policy.log import append_log

        append_log(options.decision_log, intake, now)
    if options.refunds is not None:
        from unionscreen.policy.outputs import write_refunds

        write_refunds(options.refunds, intake.to_return)
    if options.letters is not None:
        from unionscreen.policy.letters import write_letters

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
        from unionscreen.policy.outputs import donations_csv

        return donations_csv(intake.donations)
    from unionscreen.reports.intake import intake_text

    return intake_text(intake, today=now.astimezone().date())
