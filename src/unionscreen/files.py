"""Files of the user's: written at once or not at all, added to at their end, read as the text they hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unionscreen.errors import UsageError


def output_path(path: Path) -> Path:
    """The file that ``--out`` means, checked before the work begins: an hour of screening must not end in a typo.

    Raises:
        UsageError: a directory, or no place to write.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError("is a directory, not a file to write", source=str(path), hint="give --out a file name")
    if not target.parent.is_dir():
        raise UsageError("there is no such directory to write in", source=str(path.parent), hint="create it first")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise UsageError("no permission to write here", source=str(path))
    return target


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
