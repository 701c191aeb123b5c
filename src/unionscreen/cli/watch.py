"""``unionscreen watch``: each new export in a folder is sorted once, as by ``intake``."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from unionscreen._version import __version__
from unionscreen.cli.intake import (
    DecisionLog,
    Employers,
    IntakeOptions,
    Letters,
    LetterTemplate,
    PolicyOption,
    ProfileOption,
    ReturnWithin,
    with_profile,
    write_intake_files,
)
from unionscreen.cli.options import DecisionsOption, FormatOption, MapOption, UnionsOption, read_mapping
from unionscreen.cli.running import Quiet, Strict
from unionscreen.cli.streams import say
from unionscreen.errors import FilingError, UsageError
from unionscreen.files import make_folder
from unionscreen.reports.text import to_json

EPILOG: Final = """\b
Examples:
  unionscreen watch exports/ --policy refuse --return-within 10d
  unionscreen watch exports/ --policy review --once     from a timer
  unionscreen watch exports/ --profile intake.toml

For each export NAME.csv, the results folder gets NAME.csv.screened.csv (the three lists) and NAME.csv.refunds.csv. A
later export of the same name gets its own results, with a part of its hash in their names. The hash of each export is
kept in FOLDER/.unionscreen-watch.json, so that a renamed copy is not sorted again."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def watch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where exports arrive.")],
    profile: ProfileOption = None,
    policy: PolicyOption = None,
    results: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results go; default: FOLDER/screened.")
    ] = None,
    return_within: ReturnWithin = None,
    decision_log: DecisionLog = None,
    letters: Letters = None,
    letter_template: LetterTemplate = None,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was sorted; default: a file in FOLDER.")
    ] = None,
    decisions: DecisionsOption = None,
    unions: UnionsOption = None,
    employers: Employers = False,
    mapping: MapOption = None,
    recipient: Annotated[str | None, typer.Option(metavar="NAME", help="Your committee, for the letters.")] = None,
    filing_format: FormatOption = None,
    interval: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="Time between two looks.")] = 5.0,
    once: Annotated[
        bool, typer.Option("--once", help="Look once and end; exit 3 if an export cannot be read.")
    ] = False,
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Sort each new export in a folder, as `intake` does.

    Each export is read once; Ctrl-C ends the watch.
    """
    from unionscreen.filings import load_format
    from unionscreen.intake import judge_donations, return_days
    from unionscreen.intake.watch import STATE_NAME, WatchState, write_results
    from unionscreen.intake.watch import watch as run
    from unionscreen.reports.intake import intake_summary
    from unionscreen.reports.words import unread_said

    if not folder.is_dir():
        raise UsageError("not a folder to watch", source=str(folder))
    options, settings = with_profile(
        profile,
        IntakeOptions(policy, return_within, decision_log, None, letters, letter_template),
        decisions=decisions,
        unions=unions,
        employers=employers,
        mapping=read_mapping(mapping or []),
        recipient=recipient,
        state=None,
        filing_format=filing_format,
    )
    options.check()
    if settings["filing_format"] is not None:
        load_format(settings["filing_format"])  # a wrong id is an error of the command, not of the next export
    within = return_days(options.return_within) if options.return_within else None
    target = results or folder / "screened"
    for name, path in (("--results", target), ("--letters", options.letters)):
        if path is not None and path.resolve() == folder.resolve():
            raise UsageError(f"{name} is the watched folder: results there would be taken for exports")
    make_folder(target)
    asked: Any = options.policy

    partly: list[Path] = []  # exports in which some file could not be read

    def screen(path: Path) -> str:
        intake = judge_donations(path, policy=asked, return_within=within, **settings)
        lists = write_results(target, path, intake)
        write_intake_files(intake, options, datetime.now(UTC), settings["recipient"])
        if not quiet:
            for note in intake.notes:
                say(f"{path.name}: {note}")
        if unread_said(intake.manifest):
            partly.append(path)
        return f"{intake_summary(intake)}; in {lists}"

    if not (quiet or once):
        say(f"Watching {folder}; press Ctrl-C to end.")
    files = (profile, options.decision_log, settings["decisions"], settings["unions"], options.letter_template)
    own = [path for path in files if path is not None]
    looked = run(
        folder,
        screen,
        state=WatchState.load(state or folder / STATE_NAME),
        say=say,
        sleep=time.sleep,
        interval=interval,
        once=once,
        leave=own,
        quiet=quiet,
        reading=to_json([__version__, settings["filing_format"], settings["mapping"], settings["profile_mapping"]]),
    )
    raise typer.Exit(FilingError.exit_code if ((once or strict) and looked.failed) or (strict and partly) else 0)
