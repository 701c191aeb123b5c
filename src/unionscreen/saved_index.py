"""A file of keys and values in the user's cache folder, of which one ``check`` reads the few lines that it needs.

It is text: a header, then one line for each key, in alphabetical order, so that a key is found by binary search.
Nothing in it can be run. Each line ends in its own checksum, which is compared for every line that a search passes, so
that damage is noticed instead of looking like a missing key.

Why a cache and not a file in the package: it also has to fit a list that somebody edits, and the user's own list. Why
not SQLite: it notices a changed byte only by reading the whole file.
"""

from __future__ import annotations

import mmap
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final, TypeVar, cast

from unionscreen._version import __version__

# The first word of the file. Another layout gets another number.
_LAYOUT: Final = "unionscreen-index-1"
# A file that was changed so recently may be changed again without a new time stamp, so nothing is kept of it.
_SETTLED: Final = 2 * 10**9  # nanoseconds
# How many indexes of one kind are kept: of the shipped list, and of the user's own lists, one each.
_KEPT: Final = 4
_SUFFIX: Final = ".index"


# The only key of an index that is read as a whole.
_ALL: Final = "all"

_Value = TypeVar("_Value")


class DamagedIndexError(Exception):
    """The file is not what was written."""


class SavedIndex:
    """The lines of an index, read when they are asked for."""

    def __init__(self, lines: mmap.mmap, begin: int) -> None:
        self._lines, self._begin = lines, begin
        self._known: dict[str, str | None] = {}

    def get(self, key: str) -> str | None:
        """The value of a key, or None.

        Raises:
            DamagedIndexError: a line on the way to it is not as it was written.
        """
        if key not in self._known:
            wanted = _encoded(key) + b"\t"
            at = self._first(wanted)
            line = self._line(at)[0] if at < len(self._lines) else b""
            self._known[key] = line[len(wanted) :].decode("ascii") if line.startswith(wanted) else None
        return self._known[key]

    def starting_with(self, start: str) -> Iterator[tuple[str, str]]:
        """Keys that begin so and their values, in alphabetical order; `start` is plain letters and digits."""
        wanted = _encoded(start)
        at = self._first(wanted)
        while at < len(self._lines):
            line, at = self._line(at)
            if not line.startswith(wanted):
                return
            key, _, value = line.decode("ascii").partition("\t")
            yield key, value

    def _line(self, at: int) -> tuple[bytes, int]:
        """The line that begins here without its checksum, and where the next one begins."""
        end = self._lines.find(b"\n", at)
        line, _, checksum = self._lines[at:end].rpartition(b"\t")
        if end < 0 or checksum != _checksum(line):
            raise DamagedIndexError
        return line, end + 1

    def _first(self, wanted: bytes) -> int:
        """Where the first line begins that does not sort before these bytes."""
        low, high = self._begin, len(self._lines)
        while low < high:
            at = self._lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            line, after = self._line(at)
            if line < wanted:
                low = after
            else:
                high = at
        return low


def _encoded(key: str) -> bytes:
    """A key on one line of ASCII, without tabs."""
    return key.encode("unicode_escape")


def _checksum(line: bytes) -> bytes:
    return b"%08x" % zlib.crc32(line)


def _folder() -> str:
    """The program's folder in the user's cache folder, as each system has it; empty where there is none."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    return os.path.join(base, "unionscreen") if os.path.isabs(base) else ""


def _is_mine(status: os.stat_result) -> bool:
    """Whether only this user can have written a file or folder."""
    return sys.platform == "win32" or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


class IndexFile:
    """The index files that are made from the same files, one for each kind of content."""

    def __init__(self, files: Sequence[str]) -> None:
        """Look at the files that the indexes are made from.

        Args:
            files: absolute paths of everything they depend on, the code included. Another first or last path gets
                other index files; a change of any of them makes the index out of date.

        Raises:
            OSError: one of them is missing.
        """
        made_from = [__version__, sys.version, *files]
        newest = 0
        for path in files:
            status = os.stat(path)
            made_from.append(f"{status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}")
            newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        self._settled = newest + _SETTLED < time.time_ns()
        self._header = _encoded(" ".join(made_from))
        self._folder = _folder()
        self._name = _checksum(_encoded(f"{sys.version} {files[0]} {files[-1]}")).decode("ascii") + _SUFFIX

    def _path(self, kind: str) -> str:
        return os.path.join(self._folder, f"{kind}-{self._name}") if self._folder else ""

    def open(self, kind: str) -> SavedIndex | None:
        """The index, if one was made from these files, by this user.

        Args:
            kind: what is in the index, as the beginning of its file name.
        """
        path = self._path(kind)
        if not path:
            return None
        with suppress(OSError, ValueError), open(path, "rb") as handle:
            status = os.fstat(handle.fileno())
            if not _is_mine(status):
                return None
            lines = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            end = lines.find(b"\n")
            if lines[: end + 1] == self._first_line(len(lines) - end - 1):
                return SavedIndex(lines, end + 1)
        return None

    def kept(self, kind: str, make: Callable[[], _Value]) -> _Value:
        """What was made from the same files before, or is made now and saved.

        Args:
            kind: what it is; each has a file of its own.
            make: makes the value, which JSON can hold.
        """
        import json

        saved = self.open(kind)
        with suppress(DamagedIndexError):
            if saved is not None and (found := saved.get(_ALL)) is not None:
                return cast("_Value", json.loads(found))
        value = make()
        self.save(kind, [(_ALL, json.dumps(value))])
        return value

    def _first_line(self, size: int) -> bytes:
        line = b"%s\t%d\t%s" % (_LAYOUT.encode("ascii"), size, self._header)
        return line + b"\t" + _checksum(line) + b"\n"

    def save(self, kind: str, entries: Iterable[tuple[str, str]]) -> None:
        """Write the index for the next time; where that is not possible, the list is read again then.

        Args:
            kind: as for ``open``.
            entries: keys and values; a value is ASCII on one line. They are made only if they can be written.
        """
        path = self._path(kind)
        if not (path and self._settled):
            return
        with suppress(OSError):
            folder = os.path.dirname(path)
            os.makedirs(folder, 0o700, exist_ok=True)
            if not _is_mine(os.stat(folder)):
                return
            partial = f"{path}.{os.getpid()}"
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(self._whole(entries))
                os.replace(partial, path)
            except BaseException:
                os.unlink(partial)
                raise
            _tidy(folder, kind)

    def _whole(self, entries: Iterable[tuple[str, str]]) -> bytes:
        lines = sorted(_encoded(key) + b"\t" + value.encode("ascii") for key, value in entries)
        body = b"".join(line + b"\t" + _checksum(line) + b"\n" for line in lines)
        return self._first_line(len(body)) + body


def _tidy(folder: str, kind: str) -> None:
    """Remove the oldest indexes of a kind, whose lists may not exist anymore."""
    with os.scandir(folder) as found:
        ours = sorted((each.stat().st_mtime_ns, each.path) for each in found if each.name.startswith(f"{kind}-"))
    for _, path in ours[:-_KEPT]:
        os.unlink(path)


def modules(*folders: str) -> list[str]:
    """The modules in these folders, which an index depends on."""
    found: list[str] = []
    for folder in folders:
        with os.scandir(folder) as entries:
            found += sorted(each.path for each in entries if each.name.endswith(".py"))
    return found


def kept(file: IndexFile | None, kind: str, make: Callable[[], _Value]) -> _Value:
    """The same where there may be no place to save it."""
    return make() if file is None else file.kept(kind, make)
