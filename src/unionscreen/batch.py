"""Many filings of many jurisdictions → tidy tables: flags, totals by prosecutor, year and union, prosecutors.

Each jurisdiction is one screening of its own, because amendments and duplicates do not cross from one to another.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from unionscreen.accounting import Amount, total
from unionscreen.engine import Progress
from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.files import shown
from unionscreen.pipeline import screen
from unionscreen.prosecutors import listed
from unionscreen.screening import Flag, ProsecutorEntry, Screening
from unionscreen.screening.result import IDS, beside

# What may stand in a configuration, for all screenings or for one: options of :func:`unionscreen.screen`, each with
# what TOML must give for it.
OPTIONS: Final[Mapping[str, type]] = {
    "recipients": str, "roster": str, "people": str, "kinds": list, "count": list, "unions": str, "min_score": float,
    "mapping": dict, "recipient": str, "state": str, "filing_format": str, "employers": bool, "decisions": str,
    "max_rejects": int,
}  # fmt: skip
_SAID: Final = {
    str: "a text in quotes",
    list: 'a list of texts, like ["police", "corrections"]',
    float: "a number",
    dict: 'a table of texts, like { contributor = "Donor Name" }',
    bool: "true or false",
    int: "a whole number",
}
# Those of them that are paths, said from where the configuration is.
_PATHS: Final = ("roster", "people", "unions", "decisions")

_ENTRY: Final = [
    ("screening", pa.string()),
    ("prosecutor", pa.string()),
    ("office", pa.string()),
    ("jurisdiction", pa.string()),
]
_IDS: Final = [(name, pa.string()) for name in IDS]
PROSECUTORS: Final = pa.schema(
    [
        *_ENTRY,
        ("recipients", pa.string()),
        ("contributions", pa.int64()),
        ("raised_cents", pa.int64()),
        ("in_kind_cents", pa.int64()),
        ("loans_cents", pa.int64()),
        ("flags", pa.int64()),
        ("flagged_gross_cents", pa.int64()),
        ("flagged_refunded_cents", pa.int64()),
        ("flagged_net_cents", pa.int64()),
        ("not_counted", pa.int64()),  # flagged rows in no sum; `flags` are those that the sums add
        ("raised_rows", pa.int64()),  # of contributions, those that raised adds
        ("recipient_name", pa.string()),  # of the rows; told apart where two are called the same
        *_IDS,
    ]
)
TOTALS: Final = pa.schema(
    [
        *_ENTRY,
        ("year", pa.int64()),  # of the row's date; null where it has none
        ("union_id", pa.string()),  # null for what reads like a union but is not on the list
        ("union", pa.string()),
        ("union_kind", pa.string()),
        ("flags", pa.int64()),
        ("gross_cents", pa.int64()),
        ("refunded_cents", pa.int64()),
        ("net_cents", pa.int64()),
        ("not_counted", pa.int64()),
        ("recipient_name", pa.string()),
        *_IDS,
    ]
)
_FLAG_TYPES: Final = {"row": pa.int64(), "amount_cents": pa.int64(), "score": pa.float64(), "date": pa.date32()}
FLAGS: Final = pa.schema(
    [
        *_ENTRY,
        ("finding", pa.string()),  # union, related, employer, dismissed
        *((each.name, _FLAG_TYPES.get(each.name, pa.string())) for each in fields(Flag) if each.name not in IDS),
        ("counted", pa.bool_()),  # the counted rows of a recipient_name add up to its net sum
        ("recipient_name", pa.string()),
        ("year", pa.int64()),  # of the row's date; null where it has none
        *_IDS,
    ]
)


@dataclass(frozen=True)
class Job:
    """One screening of a batch.

    Args:
        name: the jurisdiction, or whatever the tables should call it.
        filings: files, folders and patterns.
        options: for :func:`unionscreen.screen`.
    """

    name: str
    filings: tuple[str, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """The result of a batch.

    Args:
        flags: one row per flagged, related, employer or dismissed row.
        totals: money by prosecutor, year and union; a refund counts in the year it was made.
        prosecutors: every prosecutor, with what was raised in all: the denominators.
        manifest: the manifests of all screenings, what failed, and notes on people who are in several.
    """

    flags: pa.Table
    totals: pa.Table
    prosecutors: pa.Table
    manifest: dict[str, Any]

    @property
    def failed(self) -> list[str]:
        """The screenings that failed."""
        return [each["name"] for each in self.manifest["screenings"] if "error" in each]


def read_jobs(config: Path) -> list[Job]:
    """The screenings that a configuration or a folder asks for.

    Args:
        config: a TOML file, or a folder: each folder in it is a screening of its name, the files beside them are one.

    Raises:
        UsageError: there is nothing to screen, or the configuration is wrong.
    """
    try:
        jobs = _jobs_of_folder(config) if config.is_dir() else list(_jobs_of_config(config))
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", source=str(config)) from error
    if not jobs:
        raise UsageError("nothing to screen", source=str(config), hint="see docs/batch.md")
    names = [job.name for job in jobs]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two screenings are called {name!r}", source=str(config))
    return jobs


def _jobs_of_folder(folder: Path) -> list[Job]:
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    jobs = [Job(shown(path.name), (str(path),), {}) for path in entries if path.is_dir()]
    files = tuple(str(path) for path in entries if not path.is_dir())  # a link to nothing is said when it is opened
    # A folder of files alone is screened as a folder is: what in it is no filing is noted, not refused.
    filings = files if jobs else (str(folder),)
    return [*jobs, Job(shown(folder.resolve().name), filings, {})] if files else jobs


def _jobs_of_config(config: Path) -> Iterator[Job]:
    try:
        read = tomllib.loads(config.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"is not TOML: {error}", source=str(config)) from error
    except RecursionError as error:
        raise UsageError("is nested too deeply", source=str(config), hint="see docs/batch.md") from error
    screenings = read.pop("screening", [])
    shared = _options(config, "the file", read)
    if not isinstance(screenings, list) or not all(isinstance(each, dict) for each in screenings):
        raise UsageError("write [[screening]], with two brackets", source=str(config))
    for number, written in enumerate(screenings, 1):
        name = written.pop("name", f"screening {number}")
        if not isinstance(name, (str, int)):
            raise UsageError(f"screening {number}: name must be {_SAID[str]}, not {name!r}", source=str(config))
        given = written.pop("filings", None)
        patterns = [given] if isinstance(given, str) else given
        if not patterns or not _is(list, patterns) or "" in patterns:
            raise UsageError(f"{name}: filings must be a path or a list of paths", source=str(config))
        filings = tuple(str(config.parent / each) for each in patterns)
        yield Job(str(name), filings, {**shared, **_options(config, str(name), written)})


def _options(config: Path, where: str, written: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(written) - set(OPTIONS)):
        raise UsageError(
            f"{where}: no such option: {', '.join(unknown)}", source=str(config), hint="one of " + ", ".join(OPTIONS)
        )
    for name, value in written.items():
        if not _is(OPTIONS[name], value):
            raise UsageError(f"{where}: {name} must be {_SAID[OPTIONS[name]]}, not {value!r}", source=str(config))
    return {name: str(config.parent / value) if name in _PATHS else value for name, value in written.items()}


def _is(wanted: type, value: object) -> bool:
    """Whether a value of TOML is of this type; its numbers may be whole, and true is none of them."""
    if isinstance(value, (list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        return isinstance(value, wanted) and all(isinstance(each, str) for each in inner)
    return type(value) is wanted or (wanted is float and type(value) is int)


def run_batch(
    jobs: Sequence[Job],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: str | os.PathLike[str] | None = None,
    keep_going: bool = False,
    progress: Callable[[Progress], None] | None = None,
    begin: Callable[[Job], None] | None = None,
) -> Batch:
    """Screen everything, one jurisdiction after the other, and put the results into tables.

    Args:
        jobs: from :func:`read_jobs`.
        workers: as in :func:`unionscreen.screen`, and so ``scheduler``, ``resume`` and ``progress``.
        scheduler: address of a Dask scheduler.
        resume: a folder that keeps finished blocks.
        keep_going: note a screening that fails in the manifest, and go on.
        progress: called after each block.
        begin: called before each screening.

    Raises:
        UnionScreenError: what a screening raised, with its name, unless ``keep_going``.
    """
    parts: dict[str, list[pa.Table]] = {"flags": [], "totals": [], "prosecutors": []}
    said: list[dict[str, Any]] = []
    for job in jobs:
        if begin is not None:
            begin(job)
        try:
            screening = screen(
                job.filings, **job.options, workers=workers, scheduler=scheduler, resume=resume, progress=progress
            )
        except UnionScreenError as error:
            if not keep_going:
                error.message = f"{job.name}: {error.message}"
                raise
            said.append({"name": job.name, "error": str(error)})
            continue
        said.append({"name": job.name, **screening.manifest, "notes": list(screening.notes)})
        parts["flags"].append(_flags(job.name, screening))
        parts["totals"].append(_totals(job.name, screening))
        parts["prosecutors"].append(_prosecutors(job.name, screening))
    return Batch(
        flags=pa.concat_tables([FLAGS.empty_table(), *parts["flags"]]),
        totals=pa.concat_tables([TOTALS.empty_table(), *parts["totals"]]),
        prosecutors=pa.concat_tables([PROSECUTORS.empty_table(), *parts["prosecutors"]]),
        manifest={"screenings": said, "notes": _several_times(parts["prosecutors"])},
    )


def _several_times(screenings: Sequence[pa.Table]) -> list[str]:
    """Notes on people who are in several screenings: rows that two of them hold count in each."""
    names: dict[str, list[str]] = {}
    counties: dict[str, set[str]] = {}
    for row in (row for table in screenings for row in table.to_pylist() if row["person_id"]):
        names.setdefault(row["person_id"], []).append(row["screening"])
        counties.setdefault(row["person_id"], set()).update(filter(None, [row["jurisdiction"]]))
    several = {who: sorted({*where}) for who, where in sorted(names.items()) if len({*where}) > 1}
    notes = []
    if several:
        people = listed([f"{who} ({', '.join(where)})" for who, where in several.items()])
        notes.append(
            f"in several screenings, each with its own sums; a row that two of them hold counts twice: {people}"
        )
    if doubtful := [f"{who} ({', '.join(sorted(counties[who]))})" for who in several if len(counties[who]) > 1]:
        notes.append(f"may be two people, because the screenings say different places: {listed(doubtful)}")
    return notes


def _identity(name: str, entry: ProsecutorEntry) -> dict[str, Any]:
    return {"screening": name, "prosecutor": entry.name, "office": entry.office, "jurisdiction": entry.jurisdiction}


def _ids(entry: ProsecutorEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in IDS}


def _flags(name: str, screening: Screening) -> pa.Table:
    rows = [
        {
            **_identity(name, entry),
            "finding": finding,
            **{each.name: getattr(flag, each.name) for each in fields(Flag)},
            **beside(of, finding, flag),
        }
        for of, entry in zip(screening.names, screening.prosecutors, strict=True)
        for finding, flag in entry.findings
    ]
    return pa.Table.from_pylist(rows, schema=FLAGS)


def _totals(name: str, screening: Screening) -> pa.Table:
    rows = []
    for of, entry in zip(screening.names, screening.prosecutors, strict=True):
        groups: dict[tuple[Any, ...], list[Flag]] = {}
        for flag in entry.flags:
            groups.setdefault((flag.year, flag.union_id, flag.union, flag.union_kind), []).append(flag)
        for key in sorted(groups, key=lambda key: (key[0] or 0, *map(str, key[1:]))):
            flags = groups[key]
            money = total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags)
            rows.append(
                {
                    **_identity(name, entry),
                    **dict(zip(("year", "union_id", "union", "union_kind"), key, strict=True)),
                    "flags": sum(flag.counts for flag in flags),
                    "gross_cents": money.gross,
                    "refunded_cents": money.refunded,
                    "net_cents": money.net,
                    "not_counted": sum(not flag.counts for flag in flags),
                    "recipient_name": of,
                    **_ids(entry),
                }
            )
    return pa.Table.from_pylist(rows, schema=TOTALS)


def _prosecutors(name: str, screening: Screening) -> pa.Table:
    rows = [
        {
            **_identity(name, entry),
            "recipients": "; ".join(entry.recipients),
            "contributions": entry.contributions,
            "raised_cents": entry.raised,
            "in_kind_cents": entry.in_kind,
            "loans_cents": entry.loans,
            "flags": len(entry.counted),
            "flagged_gross_cents": entry.flagged.gross,
            "flagged_refunded_cents": entry.flagged.refunded,
            "flagged_net_cents": entry.flagged.net,
            "not_counted": len(entry.flags) - len(entry.counted),
            "raised_rows": entry.raised_rows,
            "recipient_name": of,
            **_ids(entry),
        }
        for of, entry in zip(screening.names, screening.prosecutors, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=PROSECUTORS)
