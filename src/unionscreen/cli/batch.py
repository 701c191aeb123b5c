"""``unionscreen batch``: many filings and jurisdictions in, tidy tables out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.options import AcceptDifference, PeopleOption
from unionscreen.cli.running import NoProgress, Quiet, Resume, Scheduler, Strict, Workers, screened_rows
from unionscreen.cli.streams import say
from unionscreen.errors import FilingError, UnionScreenError
from unionscreen.reports.text import count
from unionscreen.reports.words import unread_said

EPILOG: Final = """\b
Examples:
  unionscreen batch states.toml --out states.parquet
  unionscreen batch filings/ --out filings.sqlite --resume kept/
  unionscreen batch states.toml --out us.csv --scheduler tcp://10.0.0.5:8786

docs/batch.md explains the configuration and how to use a cluster."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def batch(
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG.toml|FOLDER", help="What to screen; each folder in FOLDER separately.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="PATH",
            help="PATH.flags, .totals, .prosecutors and others as .parquet or .csv; or one .sqlite, .xlsx or .jsonl.",
        ),
    ],
    people: PeopleOption = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    resume: Resume = None,
    accept_difference: AcceptDifference = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="If a screening fails, record it in the manifest and continue; exit 3.")
    ] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
) -> None:
    """Screen many filings and jurisdictions into tables.

    The tables are flags, totals by year and union, prosecutors, and what filers paid out: gifts in the givers' filings
    and independent spending.
    """
    from unionscreen.batch import Job, batch_paths, money_out_summary, read_jobs, run_batch, write_batch
    from unionscreen.cli.progress import progress_bar
    from unionscreen.prosecutors import NOT_LOOKED_UP

    paths = batch_paths(out)
    jobs = read_jobs(config)
    if people is not None:  # a screening's own list takes precedence
        jobs = [replace(job, options={"people": str(people), **job.options}) for job in jobs]

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
            f"{count(len(jobs), 'screening')}, {screened_rows(done)}; "
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
    if found.failed:
        raise UnionScreenError(
            f"{len(found.failed)} of {count(len(jobs), 'screening')} failed: {', '.join(found.failed)}",
            hint="the manifest says why",
        )
    if strict and unread:
        raise typer.Exit(FilingError.exit_code)
