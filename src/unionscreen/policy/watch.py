"""A folder that exports are dropped into: each is screened once, whatever it is called and however often this runs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UnionScreenError, UsageError

STATE_NAME: Final = ".unionscreen-watch.json"
# What browsers, office programs and copying leave behind while a file is not whole.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", ".lock")
_EXPORTS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".gz", ".zst", ".zip")


@dataclass
class State:
    """Which bytes were screened, kept in a file: by hash, so that a renamed copy is not screened again.

    Args:
        path: the state file.
        done: hash to name and outcome.
    """

    path: Path
    done: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> State:
        """The state as it was left.

        Raises:
            UsageError: the file is no state file.
        """
        if not path.exists():
            return cls(path)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {str(key): dict(each) for key, each in value["done"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"the state of the watch cannot be read: {error}", source=str(path), hint="delete it to screen all anew"
            ) from error

    def mark(self, digest: str, name: str, outcome: str) -> None:
        """Remember a file, on disk before anything else happens.

        Raises:
            UsageError: the state cannot be written.
        """
        self.done[digest] = {"name": name, "outcome": outcome}
        part = self.path.with_name(f"{self.path.name}.part")
        try:
            part.write_text(json.dumps({"done": self.done}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            part.replace(self.path)
        except OSError as error:
            raise UsageError(f"the state cannot be written: {error.strerror}", source=str(self.path)) from error


def watch(
    folder: Path,
    screen: Callable[[Path], str],
    *,
    state: State,
    say: Callable[[str], None],
    sleep: Callable[[float], None],
    interval: float = 5.0,
    once: bool = False,
    leave: Collection[Path] = (),
) -> tuple[int, int]:
    """Screen every new export in a folder, for ever or once; a file is taken when it has stopped growing.

    Args:
        folder: where exports arrive; folders in it are not looked into.
        screen: does the work for one file, and says how it went. Its errors are said, and not fatal: the file is tried
            again by the next watch, which may have other options, or when its bytes change.
        state: what was done before.
        say: tells the person.
        sleep: waits so many seconds; Ctrl-C there ends the watch and loses nothing.
        interval: seconds between two looks.
        once: look once, and take what is there as it is.
        leave: files in the folder that are this program's own.

    Returns:
        How many files were screened, and how many could not be.

    Raises:
        UsageError: it is no folder.
    """
    if not folder.is_dir():
        raise UsageError("this is no folder to watch", source=str(folder))
    own = {path.resolve() for path in (*leave, state.path)}
    sizes: dict[Path, tuple[int, int]] = {}
    known: dict[Path, tuple[int, int]] = {}
    screened = failed = 0
    while True:
        for path, seen in list(_exports(folder, own)):
            settled = once or sizes.get(path) == seen
            sizes[path] = seen
            if not settled or known.get(path) == seen:
                continue
            known[path] = seen
            done = _take(path, screen, state, say)
            screened += done is True
            failed += done is False
        if once:
            return screened, failed
        try:
            sleep(interval)
        except KeyboardInterrupt:
            say("Watch ended.")
            return screened, failed


def _take(path: Path, screen: Callable[[Path], str], state: State, say: Callable[[str], None]) -> bool | None:
    """Screen one file unless its bytes were (None); what was done is kept after the work: a crash repeats it."""
    try:
        digest = _sha256(path)
    except OSError as error:
        say(f"{path.name}: cannot be read: {error.strerror}")
        return False
    if digest in state.done:
        return None
    try:
        outcome = screen(path)
    except UnionScreenError as error:
        say(f"{path.name}: {error}")
        return False
    state.mark(digest, path.name, outcome)
    say(f"{path.name}: {outcome}")
    return True


def _exports(folder: Path, own: Collection[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    """The files that look like whole exports, by name, with size and time."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        name = entry.name.casefold()
        if name.startswith((".", "~$")) or name.endswith(_UNFINISHED) or not name.endswith(_EXPORTS):
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
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        for chunk in iter(lambda: handle.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


def summary(manifest: dict[str, Any]) -> str:
    """The counts of a pre-screening in one line."""
    counts = manifest["counts"]
    return ", ".join(f"{counts[action]:,} {action}" for action in ("refuse", "review", "accept"))
