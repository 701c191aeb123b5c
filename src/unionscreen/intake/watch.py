"""A folder that exports are dropped into: each is screened once, whatever it is called and however often this runs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.errors import FilingError, UnionScreenError, UsageError
from unionscreen.files import make_folder, output_path, read_text, write_file
from unionscreen.intake.donations import Intake
from unionscreen.intake.outputs import donations_csv, write_refunds

STATE_NAME: Final = ".unionscreen-watch.json"
# What browsers, office programs and copying leave behind while a file is not whole.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", ".lock")
_UNREADABLE: Final = "error: "
# What an export may be called; anything else in the folder is said to be passed over.
_EXPORT_SUFFIXES: Final = (
    ".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".parquet", ".htm",
    ".html", ".fec", ".gz", ".zst", ".bz2", ".xz", ".zip",
)  # fmt: skip


@dataclass
class WatchState:
    """Which bytes were screened, kept in a file: by hash, so that a renamed copy is not screened again.

    Args:
        path: the state file.
        done: hash to name and outcome.
    """

    path: Path
    done: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> WatchState:
        """The state as it was left.

        Raises:
            UsageError: the file is no state file, or no place to write one.
        """
        path = output_path(path)
        if not path.exists():
            return cls(path)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {str(key): dict(each) for key, each in value["done"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(
                f"the state of the watch cannot be read: {error}", source=str(path), hint="delete it to screen all anew"
            ) from error

    def holds(self, digest: str, reading: str) -> bool:
        """Whether a file was screened, or could not be read in the way that it would be read now."""
        entry = self.done.get(digest)
        return entry is not None and (not _unreadable(entry.get("outcome", "")) or entry.get("reading") == reading)

    def mark(self, digest: str, name: str, outcome: str, reading: str = "") -> None:
        """Remember a file, on disk before anything else happens.

        Raises:
            UsageError: the state cannot be written.
        """
        self.done[digest] = {"name": name, "outcome": outcome} | ({"reading": reading} if _unreadable(outcome) else {})
        write_file(self.path, json.dumps({"done": self.done}, indent=1, sort_keys=True) + "\n")


class WatchResult(NamedTuple):
    """What came of a watch."""

    screened: int
    failed: int


def watch(
    folder: Path,
    screen: Callable[[Path], str],
    *,
    state: WatchState,
    say: Callable[[str], None],
    sleep: Callable[[float], None],
    interval: float = 5.0,
    once: bool = False,
    leave: Collection[Path] = (),
    reading: str = "",
    quiet: bool = False,
) -> WatchResult:
    """Screen every new export in a folder, for ever or once; a file is taken when it has stopped growing.

    Args:
        folder: where exports arrive; folders in it are not looked into.
        screen: does the work for one file, and says how it went. No error of the user's is fatal. That a file cannot be
            read is remembered; any other (a wrong option, a full disk) is said, and the file is tried again.
        state: what was done before.
        say: tells the person.
        sleep: waits so many seconds; Ctrl-C there ends the watch and loses nothing.
        interval: seconds between two looks.
        once: look once, and take what is there as it is.
        leave: files in the folder that are this program's own.
        reading: how files are read; one that could not be is tried again when this is another.
        quiet: say only what went wrong.

    Returns:
        How many files were screened without an error, and how many could not be.

    Raises:
        UsageError: it is no folder, or the state cannot be written.
    """
    own = {path.resolve() for path in (*leave, state.path)}
    sizes: dict[Path, tuple[int, int]] = {}
    known: dict[Path, tuple[int, int]] = {}
    troubles: dict[Path, str] = {}
    good = unreadable = 0
    while True:
        for path, seen in _whole_files(folder, own):
            if not path.name.casefold().endswith(_EXPORT_SUFFIXES):
                if path not in known and not quiet:
                    say(f"{path.name}: passed over: no export has this suffix")
                known[path] = seen
                continue
            settled = once or sizes.get(path) == seen
            sizes[path] = seen
            if not settled or known.get(path) == seen:
                continue
            try:
                digest = _sha256(path)
                outcome = None if state.holds(digest, reading) else _outcome(path, screen)
            except UnionScreenError as error:
                if troubles.get(path) != str(error):
                    say(f"{path.name}: {error}")
                troubles[path] = str(error)
                continue
            known[path] = seen
            troubles.pop(path, None)
            if outcome is not None:
                state.mark(digest, path.name, outcome, reading)  # after the work: a crash repeats it, never skips
                good += not _unreadable(outcome)
                unreadable += _unreadable(outcome)
                if _unreadable(outcome) or not quiet:
                    say(f"{path.name}: {outcome}")
        if once:
            return WatchResult(good, unreadable + len(troubles))
        try:
            sleep(interval)
        except KeyboardInterrupt:
            if not quiet:
                say("Watch ended.")
            return WatchResult(good, unreadable + len(troubles))


def _outcome(path: Path, screen: Callable[[Path], str]) -> str:
    """What `screen` says of a file, or why it cannot be read."""
    try:
        return screen(path)
    except FilingError as error:
        return f"{_UNREADABLE}{error}"


def _unreadable(outcome: str) -> bool:
    return outcome.startswith(_UNREADABLE)


def _whole_files(folder: Path, own: Collection[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    """The files that are whole, by name, with size and time."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise UsageError(f"this is no folder to watch: {error.strerror}", source=str(folder)) from error
    for entry in entries:
        name = entry.name.casefold()
        if name.startswith((".", "~$")) or name.endswith(_UNFINISHED):
            continue
        try:
            if not entry.is_file():
                continue
            stat = entry.stat()
        except OSError:  # gone between two looks
            continue
        path = Path(entry.path)
        if stat.st_size and path.resolve() not in own:
            yield path, (stat.st_size, stat.st_mtime_ns)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=str(path)) from error


def write_results(folder: Path, export: Path, intake: Intake) -> Path:
    """Write the three lists of an export, and what goes back; what another export of its name came to is kept.

    Args:
        folder: made when it is not there.
        export: gives the results their names; where those are taken, the beginning of its hash is put into them.
        intake: what was decided.

    Returns:
        The file of the three lists.

    Raises:
        UsageError: a result cannot be written.
    """
    make_folder(folder)
    text = donations_csv(intake.donations)
    lists, refunds = _result_paths(folder, export.name)
    of_another = read_text(lists, otherwise="latin-1") != text if lists.exists() else refunds.exists()
    if of_another:
        lists, refunds = _result_paths(folder, f"{export.name}.{intake.manifest['inputs'][0]['sha256'][:8]}")
    write_file(lists, text)
    if intake.to_return:
        write_refunds(refunds, intake.to_return)
    else:
        refunds.unlink(missing_ok=True)  # of the same export, before something else was decided about it
    return lists


def _result_paths(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.screened.csv", folder / f"{name}.refunds.csv"
