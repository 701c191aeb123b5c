"""The screenings of a batch, from a folder, a list of filings or a configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UsageError
from unionscreen.files import shown, unread_hint
from unionscreen.lists import read_list

# What a configuration may contain, for all screenings or for one: options of :func:`unionscreen.screen`, each with the
# type of its TOML value.
OPTIONS: Final[Mapping[str, type]] = {
    "recipients": str, "roster": str, "people": str, "kinds": list, "count": list, "unions": str, "min_score": float,
    "mapping": dict, "recipient": str, "state": str, "filing_format": str, "employers": bool, "decisions": str,
    "max_rejects": int, "accept_difference": bool, "givers": list, "trace": bool, "elections": tuple,
}  # fmt: skip
_TYPE_WORDS: Final = {
    str: "a text in quotes",
    list: 'a list of texts, like ["police", "corrections"]',
    float: "a number",
    dict: 'a table of texts, like { contributor = "Donor Name" }',
    bool: "true or false",
    int: "a whole number",
    tuple: "a list of years, like [2018, 2022]",
}
# The options that are paths, relative to the folder of the configuration.
_PATHS: Final = ("roster", "people", "unions", "decisions")
# The columns of a list of filings; the first is required.
_LIST_COLUMNS: Final = ("filing", "screening", "recipient")


@dataclass(frozen=True)
class Job:
    """One screening of a batch.

    Args:
        name: the jurisdiction, or another name for the tables.
        filings: files, folders and patterns.
        options: for :func:`unionscreen.screen`, and ``elections``.
        recipients: who received, by filing or pattern, for those that do not say.
        found: the filings are what lies in a folder: one that is plainly something else is noted.
    """

    name: str
    filings: tuple[str, ...]
    options: Mapping[str, Any]
    recipients: Mapping[str, str] = field(default_factory=dict)
    found: bool = False


def read_jobs(config: Path) -> list[Job]:
    """The screenings that a configuration, a list or a folder asks for.

    Args:
        config: a TOML file, a CSV with the column ``filing`` and perhaps ``screening`` and ``recipient``, or a folder.
            Each folder in it is a screening with that name; the loose files are another.

    Raises:
        UsageError: there is nothing to screen, or the configuration is wrong.
    """
    try:
        if config.is_dir():
            jobs = _jobs_of_folder(config)
        else:
            jobs = list((_jobs_of_list if config.suffix.lower() == ".csv" else _jobs_of_config)(config))
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", source=str(config), hint=unread_hint(config, error)
        ) from error
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
    files = tuple(str(path) for path in entries if not path.is_dir())  # a broken link is reported when it is opened
    # A folder with only files is screened as a folder: non-filings inside it are noted, not errors.
    filings = files if jobs else (str(folder),)
    return [*jobs, Job(shown(folder.resolve().name), filings, {}, found=bool(jobs))] if files else jobs


def _jobs_of_list(config: Path) -> Iterator[Job]:
    """The screenings of a CSV: a row for each filing; without the column ``screening`` all are one screening."""
    header, rows = read_list(config)
    if _LIST_COLUMNS[0] not in header or (unknown := sorted(set(header) - {*_LIST_COLUMNS, ""})):
        wrong = "needs the column filing" if _LIST_COLUMNS[0] not in header else f"no such column: {', '.join(unknown)}"
        raise UsageError(wrong, source=str(config), row=1, hint=f"columns are {', '.join(_LIST_COLUMNS)}")
    filings: dict[str, dict[str, str]] = {}
    for line, row in rows:
        if not row["filing"]:
            raise UsageError("the filing is empty", source=str(config), row=line)
        path = str(config.parent / row["filing"])
        name = row.get("screening") or shown(config.stem)
        if path in filings.setdefault(name, {}):
            raise UsageError(f"{row['filing']} is given twice", source=str(config), row=line)
        filings[name][path] = row.get("recipient", "")
    for name, whose in filings.items():
        yield Job(name, tuple(whose), {}, {path: recipient for path, recipient in whose.items() if recipient})


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
            raise UsageError(f"screening {number}: name must be {_TYPE_WORDS[str]}, not {name!r}", source=str(config))
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
            raise UsageError(f"{where}: {name} must be {_TYPE_WORDS[OPTIONS[name]]}, not {value!r}", source=str(config))
    return {name: str(config.parent / value) if name in _PATHS else value for name, value in written.items()}


def _is(wanted: type, value: object) -> bool:
    """Whether a TOML value is of this type. A number may be whole; true is not a number."""
    if wanted is tuple:
        return isinstance(value, list) and all(type(each) is int for each in value)
    if isinstance(value, (list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        return isinstance(value, wanted) and all(isinstance(each, str) for each in inner)
    return type(value) is wanted or (wanted is float and type(value) is int)
