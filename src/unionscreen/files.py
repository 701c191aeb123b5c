"""The user's files: write them completely or not at all, append to them, and read them as text."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from unionscreen.errors import UnionScreenError, UsageError

# Each page of a PDF and each sheet of a workbook is a separate source of rows: ``file.pdf#page``.
_PDF_PAGE: Final = re.compile(r"(.+\.pdf)#(\d+)", re.IGNORECASE | re.DOTALL)
_SHEET: Final = re.compile(r"(.+?\.(?:xls[xmb]?|ods|html?))#.+", re.IGNORECASE | re.DOTALL)
# The errors of file systems without locks.
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


def unread_hint(path: Path, error: OSError) -> str | None:
    """What to do about a file that cannot be opened; None where the error says it all."""
    if isinstance(error, PermissionError):
        return "you may not read it: ask its owner, or copy it to a folder of your own"
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        return None
    import difflib  # most commands do not need it

    try:
        names = {entry.name.casefold(): entry.name for entry in sorted(path.parent.iterdir())}
        near = difflib.get_close_matches(path.name.casefold(), names, n=1)
    except FileNotFoundError:
        return f"the directory {shown(path.parent)} does not exist either"
    except OSError as problem:
        return f"{shown(path.parent)}: {problem.strerror}"
    if near:
        return f"did you mean {shown(path.parent / names[near[0]])}?"
    return f"there is nothing like it in {shown(path.parent)}"


def output_path(path: Path) -> Path:
    """The file for ``--out``, checked before the work begins: an hour of screening must not end in a typo.

    Raises:
        UsageError: it is a directory, or cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.is_dir():
            raise UsageError("is a directory, not a file to write", source=str(path), hint="give a file name")
        if not target.parent.is_dir():
            raise UsageError("there is no such directory to write in", source=str(path.parent), hint="create it first")
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise UsageError("no permission to write here", source=str(path))
    except OSError as error:  # a folder that may not be entered, a name too long
        raise UsageError(f"cannot be written: {error.strerror}", source=str(path)) from error
    return target


def make_folder(path: Path) -> Path:
    """A folder to write in, created with its parents if it does not exist.

    Raises:
        UsageError: a file has this name, or the folder cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"this folder cannot be created: {error.strerror}", source=str(path)) from error
    return path


def write_file(target: Path, data: str | bytes) -> None:
    """Write a file completely or not at all. A device or a pipe is written directly.

    Args:
        target: from :func:`output_path`.
        data: text is written as UTF-8, and its line ends are kept.

    Raises:
        UsageError: it cannot be written.
    """
    data = data.encode("utf-8") if isinstance(data, str) else data
    try:
        if not is_file(target):
            target.write_bytes(data)
            return
        with _whole_or_nothing(target) as part:
            part.write_bytes(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", source=str(target)) from error


def write_lines(target: Path, lines: Iterator[str]) -> None:
    """Write lines one by one, into a file that appears when it is complete.

    Args:
        target: from :func:`output_path`.
        lines: with their line ends. If the iterator raises, the old file stays as it was.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        if not is_file(target):
            with target.open("w", encoding="utf-8", newline="") as handle:
                handle.writelines(lines)
            return
        with _whole_or_nothing(target) as part, part.open("w", encoding="utf-8", newline="") as handle:
            handle.writelines(lines)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", source=str(target)) from error


class Addition:
    """A file to which this process may append; made by :func:`adding`."""

    def __init__(self, path: Path, handle: int, error: type[UnionScreenError]) -> None:
        """Built by :func:`adding`."""
        self._path = path
        self._handle = handle
        self._error = error

    def add(self, text: str) -> None:
        """Append whole records, all of them or nothing. A last line without a line end gets one first.

        What others wrote is never cut off, even after a failed write on a share whose locks do not work.

        Raises:
            UnionScreenError: the type given to :func:`adding`: it cannot be written.
        """
        data = text.encode("utf-8")
        try:
            size = os.fstat(self._handle).st_size
            if size and _bytes_at(self._handle, size - 1, 1) != b"\n":
                data = b"\n" + data
            written = 0
            try:
                while written < len(data):  # one write, unless the disk accepts less
                    written += os.write(self._handle, data[written:])
                os.fsync(self._handle)
            except OSError:
                with suppress(OSError):
                    self._take_back(data[:written])  # half a line would look like a line
                raise
        except OSError as problem:
            raise self._error(f"cannot be written: {problem.strerror}", source=str(self._path)) from problem

    def _take_back(self, ours: bytes) -> None:
        """Remove what we wrote, if it is still the end of the file."""
        start = os.fstat(self._handle).st_size - len(ours)
        if ours and _bytes_at(self._handle, start, len(ours)) == ours:
            os.ftruncate(self._handle, start)


@contextmanager
def adding(path: Path, error: type[UnionScreenError] = UsageError) -> Iterator[Addition]:
    """Lock a file to append to it, so that nobody else changes its end before the addition is written.

    Other processes of this tool wait. The lock is advisory and ends with the process. It works between the processes
    of one machine, and on network shares that support locks (NFS from version 4 and SMB do, between their clients; a
    share without locks is written without a lock). A file that was created for an addition that never came is removed
    again. On Windows there is no lock.

    Raises:
        UnionScreenError: ``error``: it cannot be opened to write.
    """
    try:
        handle, made = _locked(path)
    except OSError as problem:
        raise error(f"cannot be written: {problem.strerror}", source=str(path)) from problem
    try:
        yield Addition(path, handle, error)
    finally:
        with suppress(OSError):
            if made and os.fstat(handle).st_size == 0:
                path.unlink(missing_ok=True)  # a waiting process sees that it is gone, and creates it again
        os.close(handle)


def append_text(path: Path, text: str, error: type[UnionScreenError] = UsageError) -> None:
    """Append to a file, everything or nothing. A hand-edited last line without a line end gets one first.

    Raises:
        UnionScreenError: ``error``: it cannot be written.
    """
    with adding(path, error) as end:
        end.add(text)


def _locked(path: Path) -> tuple[int, bool]:
    """The file, opened to append and locked, and whether it was created for this."""
    while True:
        made = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _lock(handle)
            if _is_at(handle, path):
                return handle, made
        except BaseException:  # also for an interrupt while waiting
            os.close(handle)
            raise
        os.close(handle)  # somebody removed it while we waited


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as problem:
        if problem.errno not in _NO_LOCKS:
            raise


def _is_at(handle: int, path: Path) -> bool:
    try:
        return sys.platform == "win32" or os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _bytes_at(handle: int, at: int, length: int) -> bytes:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        return b""
    os.lseek(handle, max(at, 0), os.SEEK_SET)  # the position to read; additions go to the end anyway
    return os.read(handle, length)


def read_text(
    path: Path, error: type[UnionScreenError] = UsageError, *, missing_ok: bool = False, otherwise: str | None = None
) -> str:
    """The text of a file, with its line ends.

    Args:
        path: UTF-8, with or without a byte order mark.
        error: the type of error for a file that cannot be read.
        missing_ok: whether a missing file counts as empty.
        otherwise: the encoding of a file that is not UTF-8; None refuses it.

    Raises:
        UnionScreenError: ``error``: it cannot be opened, or is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as problem:
        if missing_ok and isinstance(problem, FileNotFoundError):
            return ""
        raise error(
            f"cannot be opened: {problem.strerror}", source=str(path), hint=unread_hint(path, problem)
        ) from problem
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if otherwise is not None:
            return raw.decode(otherwise, "replace")
        raise error(f"not UTF-8 at byte {problem.start}", source=str(path), hint="save it as UTF-8") from None


def shown(path: str | os.PathLike[str]) -> str:
    r"""A path for display: bytes that are not UTF-8 are escaped, because reports cannot hold them.

    >>> shown("caf\udce9.csv")
    'caf\\xe9.csv'
    """
    name = os.fspath(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def pdf_page(source: str) -> tuple[str, int | None]:
    """The file and the page of a source of rows; the page is None if it is not a page of a PDF.

    >>> pdf_page("roe.pdf#4"), pdf_page("log.xlsx#4")
    (('roe.pdf', 4), ('log.xlsx#4', None))
    """
    found = _PDF_PAGE.fullmatch(source)
    return (found[1], int(found[2])) if found else (source, None)


def file_of(source: str) -> str:
    """The file of a source of rows, which may be a sheet or a page of it.

    >>> file_of("roe.pdf#4"), file_of("log.xlsx#Gifts #2"), file_of("all.zip!gifts.csv")
    ('roe.pdf', 'log.xlsx', 'all.zip!gifts.csv')
    """
    found = _PDF_PAGE.fullmatch(source) or _SHEET.fullmatch(source)
    return found[1] if found else source


def is_file(target: Path) -> bool:
    """Whether this is a file, or will be one: not a device or a pipe."""
    return not target.exists() or stat.S_ISREG(target.stat().st_mode)


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    """A path to write, moved to ``target`` at the end. A run that dies leaves the old file as it was."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
