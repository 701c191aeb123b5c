"""Files of the user's: written at once or not at all, added to at their end, read as the text they hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from unionscreen.errors import UnionScreenError, UsageError


def output_path(path: Path) -> Path:
    """The file that ``--out`` means, checked before the work begins: an hour of screening must not end in a typo.

    Raises:
        UsageError: a directory, or no place to write.
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
    """A folder to write in, made with those above it when it is not there.

    Raises:
        UsageError: a file has the name, or it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"this folder cannot be made: {error.strerror}", source=str(path)) from error
    return path


def write_file(target: Path, data: str | bytes) -> None:
    """Write the file at once or not at all; a device or a pipe is written as it is.

    Args:
        target: as :func:`output_path` gave it.
        data: text is written as UTF-8 with the line ends it has.

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


def append_text(path: Path, text: str, error: type[UnionScreenError] = UsageError) -> None:
    """Add to the end of a file, all of it or nothing; a hand-edited last line without its line end gets one first.

    Raises:
        UnionScreenError: ``error``: it cannot be written.
    """
    try:
        size = path.stat().st_size if path.exists() else 0
        try:
            with path.open("a+b") as handle:
                if size:
                    handle.seek(-1, os.SEEK_END)
                    text = text if handle.read(1) == b"\n" else f"\n{text}"
                handle.write(text.encode("utf-8"))
                handle.flush()
                os.fsync(handle.fileno())
        except OSError:
            with suppress(OSError):
                os.truncate(path, size)  # half a line would be taken for a line
            raise
    except OSError as problem:
        raise error(f"cannot be written: {problem.strerror}", source=str(path)) from problem


def read_text(
    path: Path, error: type[UnionScreenError] = UsageError, *, missing_ok: bool = False, otherwise: str | None = None
) -> str:
    """The text of a file, with the line ends it has.

    Args:
        path: UTF-8, with or without a byte order mark.
        error: what a file that cannot be read is.
        missing_ok: whether a file that is not there is an empty one.
        otherwise: the encoding of a file that is not UTF-8; None refuses it.

    Raises:
        UnionScreenError: ``error``: it cannot be opened, or is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as problem:
        if missing_ok and isinstance(problem, FileNotFoundError):
            return ""
        raise error(f"cannot be opened: {problem.strerror}", source=str(path)) from problem
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if otherwise is not None:
            return raw.decode(otherwise, "replace")
        raise error(f"not UTF-8 at byte {problem.start}", source=str(path), hint="save it as UTF-8") from None


def shown(path: str | os.PathLike[str]) -> str:
    r"""A path as it is shown: bytes of its name that are no UTF-8 are written out, for no report could hold them.

    >>> shown("caf\udce9.csv")
    'caf\\xe9.csv'
    """
    name = os.fspath(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def is_file(target: Path) -> bool:
    """Whether this is a file, or will be one: no device, no pipe."""
    return not target.exists() or stat.S_ISREG(target.stat().st_mode)


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    """A path to write, moved to ``target`` at the end; a run that dies leaves the old file as it was."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
