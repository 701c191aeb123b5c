"""``unionscreen batch``: many filings and jurisdictions in, tidy tables out."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.options import AcceptDifference, PeopleOption, Reported, RosterOption
from unionscreen.cli.running import NoProgress, Quiet, Resume, Scheduler, Strict, Workers, screened_rows
from unionscreen.cli.streams import say
from unionscreen.errors import FilingError, UnionScreenError, UsageError
from unionscreen.output import BY_NAME, TABLE_FORMATS, suffixes_of
from unionscreen.reports.text import count

EPILOG: Final = """\b
Examples:
  unionscreen batch states.toml --out states.parquet
  unionscreen batch filings/ --out filings.sqlite --resume kept/
  unionscreen batch list.csv --out panel.csv --elections 2018,2022
  unionscreen batch states.toml --out us.csv --scheduler tcp://10.0.0.5:8786

docs/batch.md explains the configuration and how to use a cluster."""


def _endings(*, one_table: bool) -> str:
    """The suffixes of ``--out`` with which every table is a file, or all are one."""
    return ", ".join(suffixes_of([name for name in TABLE_FORMATS if BY_NAME[name].one_table is one_table]))


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def batch(
    config: Annotated[
        Path,
        typer.Argument(
            metavar="CONFIG.toml|LIST.csv|FOLDER",
            help="What to screen: a configuration; a list with the columns filing, screening, recipient; or a folder, "
            "each folder in it separately.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="PATH",
            help=f"PATH.flags, .totals, .prosecutors, .panel and others as {_endings(one_table=True)}; or one file: "
            f"{_endings(one_table=False)}.",
        ),
    ],
    recipients: Annotated[
        Reported | None, typer.Option(help="Whose contributions to report, where the configuration does not say.")
    ] = None,
    roster: RosterOption = None,
    people: PeopleOption = None,
    elections: Annotated[
        str | None, typer.Option(metavar="YEAR,...", help="Election years, for the column cycle of the panel.")
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    resume: Resume = None,
    accept_difference: AcceptDifference = False,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going/--stop-on-error",
            help="If a file or a screening fails: continue, name it at the end and exit 3; or stop and write nothing.",
        ),
    ] = True,
    strict: Strict = False,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
) -> None:
    """Screen many filings and jurisdictions into tables.

    The tables are flags, totals by year and union, prosecutors, the panel of people and years, coverage, and what
    filers paid out: gifts in the givers' filings and independent spending.
    """
    from unionscreen.batch import batch_paths, money_out_summary, run_batch, write_batch
    from unionscreen.batch_jobs import Job, read_jobs
    from unionscreen.cli.progress import progress_bar
    from unionscreen.prosecutors import NOT_LOOKED_UP
    from unionscreen.reports.words import unread_said

    paths = batch_paths(out)
    jobs = read_jobs(config)
    given = {
        "recipients": recipients and recipients.value,
        "roster": roster and str(roster),
        "people": people and str(people),
        "elections": None if elections is None else _years(elections),
    }
    given = {name: value for name, value in given.items() if value is not None}
    jobs = [replace(job, options={**given, **job.options}) for job in jobs]  # a screening's own take precedence

    if accept_difference:
        jobs = [replace(job, options={"accept_difference": True, **job.options}) for job in jobs]

    def begin(job: Job) -> None:
        if not quiet and sys.stderr.isatty():
            say(f"{job.name} ...")

    with progress_bar(shown=not (quiet or no_progress)) as report:
        found = run_batch(
            jobs, workers=workers, scheduler=scheduler, resume=resume, keep_going=keep_going, progress=report,
            begin=begin,
        )  # fmt: skip
    write_batch(found, paths)
    if not quiet:
        done = found.manifest["screenings"]
        for each in done:
            for difference in each.get("differences", ()):
                say(f"{each['name']}: {difference}")
        flags, others = (found.prosecutors[name].to_pylist() for name in ("flags", "not_counted"))
        shown = sum(any(both) for both in zip(flags, others, strict=True))
        left = f" ({sum(others):,} not counted)" if any(others) else ""
        whose = count(len(flags), "prosecutor or recipient", "prosecutors or recipients")
        notes = sum(len(each.get("notes", ())) for each in done)
        say(
            f"{count(len(done), 'screening')}, {screened_rows(done)}; "
            f"{sum(flags) - found.manifest.get('flagged_again', 0):,} flagged at {shown:,} of {whose}{left}; "
            f"written to {', '.join(map(str, paths.values()))}"
        )
        for note in filter(None, (money_out_summary(found), *found.manifest["notes"])):
            say(note)
        for each in done:
            for note in each.get("notes", ()):
                if note.startswith(NOT_LOOKED_UP):
                    say(f"{each['name']}: {note}")
        if notes:
            say(f"{count(notes, 'note')} in the manifest: how files were read, what was not, what may count twice")
    unread = [(each["name"], line) for each in found.manifest["screenings"] if (line := unread_said(each))]
    if not quiet or strict:
        for name, line in unread:
            say(f"{name}: {line}")
    for each in found.manifest["screenings"]:
        for reason in (*filter(None, [each.get("error")]), *(file["reason"] for file in each.get("failed_files", ()))):
            say(f"{each['name']}: {reason}")
    screenings = count(len(found.manifest["screenings"]), "screening")
    failed = [f"{len(found.failed)} of {screenings} failed: {', '.join(found.failed)}"]
    failed = failed if found.failed else []
    if found.failed_files:
        failed.append(f"{count(len(found.failed_files), 'file')} could not be read: {', '.join(found.failed_files)}")
    if failed:
        raise UnionScreenError(f"{'; '.join(failed)}; the manifest says why")
    if strict and unread:
        raise typer.Exit(FilingError.exit_code)


def _years(text: str) -> list[int]:
    """``--elections 2018,2022``."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(re.fullmatch("[12][0-9]{3}", part) for part in parts):
        raise UsageError(f"--elections {text}: not a list of years", hint="for example --elections 2018,2022")
    return [int(part) for part in parts]
