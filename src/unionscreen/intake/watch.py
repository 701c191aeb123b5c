"""A folder for incoming exports: each is sorted once, under any name and however often the watch runs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.errors import FilingError, UnionScreenError, UsageError
from unionscreen.files import make_folder, output_path, read_text, write_file
from unionscreen.hashing import sha256_of
from unionscreen.intake.donations import Intake
from unionscreen.intake.outputs import donations_csv, write_refunds

STATE_NAME: Final = ".unionscreen-watch.json"
# Suffixes of incomplete files that browsers, office programs and copying leave.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", ".lock")
_UNREADABLE: Final = "error: "
# Suffixes of exports; any other file in the folder is reported as skipped.
_EXPORT_SUFFIXES: Final = (
    ".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".parquet", ".htm",
    ".html", ".fec", ".gz", ".zst", ".bz2", ".xz", ".zip",
)  # fmt: skip


@dataclass
class WatchState:
    """The exports that were sorted, kept in a file by hash, so that a renamed copy is not sorted again.

    Args:
        path: the state file.
        done: hash to name and outcome.
    """

    path: Path
    done: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> WatchState:
        """Read the state file.

        Raises:
            UsageError: it is not a state file, or the folder cannot be written.
        """
        path = output_path(path)
        if not path.exists():
            return cls(path)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {str(key): dict(each) for key, each in value["done"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(
                f"the state of the watch cannot be read: {error}",
                source=str(path),
                hint="delete it to sort everything again",
            ) from error

    def holds(self, digest: str, reading: str) -> bool:
        """Whether a file was sorted, or could not be read with the options that it would be read with now."""
        entry = self.done.get(digest)
        return entry is not None and (not _unreadable(entry.get("outcome", "")) or entry.get("reading") == reading)

    def mark(self, digest: str, name: str, outcome: str, reading: str = "") -> None:
        """Record a file on disk.

        Raises:
            UsageError: the state cannot be written.
        """
        self.done[digest] = {"name": name, "outcome": outcome} | ({"reading": reading} if _unreadable(outcome) else {})
        write_file(self.path, json.dumps({"done": self.done}, indent=1, sort_keys=True) + "\n")


class WatchResult(NamedTuple):
    """How many exports were sorted, and how many failed."""

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
    """Sort every new export in a folder, once or until Ctrl-C; a file is read when it has stopped growing.

    Args:
        folder: where exports arrive; folders in it are ignored.
        screen: sorts one file and returns the outcome. A user's error is never fatal: a file that cannot be read is
            remembered; any other error (a wrong option, a full disk) is reported, and the file is tried again.
        state: what was done before.
        say: prints a message.
        sleep: waits the given seconds; Ctrl-C during it ends the watch without losing anything.
        interval: seconds between two looks.
        once: look once, and read the files as they are.
        leave: files in the folder that this program wrote.
        reading: how files are read; an unreadable file is tried again when this differs.
        quiet: report only errors.

    Returns:
        How many files were sorted without an error, and how many were not.

    Raises:
        UsageError: it is not a folder, or the state cannot be written.
    """
    own = {path.resolve() for path in (*leave, state.path)}
    looks = _Looks(screen, state, say, reading=reading, quiet=quiet)
    while True:
        for path, seen in _whole_files(folder, own):
            if looks.is_new(path, seen, settled=once):
                looks.take(path, seen)
        if once:
            return looks.result
        try:
            sleep(interval)
        except KeyboardInterrupt:
            if not quiet:
                say("Watch ended.")
            return looks.result


@dataclass
class _Looks:
    """What the looks into a folder have found so far, by path: size and time of each file, and its last error."""

    screen: Callable[[Path], str]
    state: WatchState
    say: Callable[[str], None]
    reading: str
    quiet: bool
    sizes: dict[Path, tuple[int, int]] = field(default_factory=dict)
    known: dict[Path, tuple[int, int]] = field(default_factory=dict)
    errors: dict[Path, str] = field(default_factory=dict)
    good: int = 0
    unreadable: int = 0

    @property
    def result(self) -> WatchResult:
        return WatchResult(self.good, self.unreadable + len(self.errors))

    def is_new(self, path: Path, seen: tuple[int, int], *, settled: bool) -> bool:
        """Whether it is an export that has stopped growing, and was not taken as it is now."""
        if not path.name.casefold().endswith(_EXPORT_SUFFIXES):
            if path not in self.known and not self.quiet:
                self.say(f"{path.name}: skipped: no export has this suffix")
            self.known[path] = seen
            return False
        settled = settled or self.sizes.get(path) == seen
        self.sizes[path] = seen
        return settled and self.known.get(path) != seen

    def take(self, path: Path, seen: tuple[int, int]) -> None:
        """Sort it, unless its bytes were sorted before."""
        try:
            digest = _sha256(path)
            outcome = None if self.state.holds(digest, self.reading) else _outcome(path, self.screen)
        except UnionScreenError as error:
            if self.errors.get(path) != str(error):
                self.say(f"{path.name}: {error}")
            self.errors[path] = str(error)
            return
        self.known[path] = seen
        self.errors.pop(path, None)
        if outcome is None:
            return
        self.state.mark(digest, path.name, outcome, self.reading)  # after the work: a crash repeats it, never skips
        self.good += not _unreadable(outcome)
        self.unreadable += _unreadable(outcome)
        if _unreadable(outcome) or not self.quiet:
            self.say(f"{path.name}: {outcome}")


def _outcome(path: Path, screen: Callable[[Path], str]) -> str:
    """The outcome of `screen` for a file, or why it cannot be read."""
    try:
        return screen(path)
    except FilingError as error:
        return f"{_UNREADABLE}{error}"


def _unreadable(outcome: str) -> bool:
    return outcome.startswith(_UNREADABLE)


def _whole_files(folder: Path, own: Collection[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    """The complete files by name, with size and time."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise UsageError(f"not a folder to watch: {error.strerror}", source=str(folder)) from error
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
        return sha256_of(path)
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=str(path)) from error


def write_results(folder: Path, export: Path, intake: Intake) -> Path:
    """Write the three lists of an export and its refund list; results of another export of the same name are kept.

    Args:
        folder: created if missing.
        export: gives the results their names; if these exist, a part of its hash is added.
        intake: the sorted donations.

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
