"""Where words go: data to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.reports.text import visible_lines

PIPE_WIDTH: Final = 100  # columns where there is no terminal and COLUMNS is not set


def say(message: str) -> None:
    """Write a message for the person to standard error, whatever characters a file name or cell in it holds."""
    data = visible_lines(message).encode(sys.stderr.encoding or "utf-8", "backslashreplace")
    sys.stderr.write(data.decode(sys.stderr.encoding or "utf-8") + "\n")
    sys.stderr.flush()


def write_data(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale: data must not depend on it.

    Raises:
        BrokenPipeError: the reader went away.
        UnionScreenError: the device is full or gone.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise UnionScreenError(f"standard output cannot be written: {error.strerror}") from error


def abandon_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not complain of the closed pipe."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)


def colors_wanted() -> bool:
    """Whether standard output is a terminal that should get colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to write for: the terminal's, else COLUMNS, else a hundred."""
    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns


def output_path(path: Path) -> Path:
    """The file that ``--out`` means, checked before the work begins: an hour of screening must not end in a typo."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError("is a directory, not a file to write", source=str(path), hint="give --out a file name")
    if not target.parent.is_dir():
        raise UsageError("there is no such directory to write in", source=str(path.parent), hint="create it first")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise UsageError("no permission to write here", source=str(path))
    return target


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    """A path to write, moved to ``target`` at the end; a run that dies leaves the old file as it was."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_file(target: Path, text: str) -> None:
    """Write the file at once or not at all; a device or a pipe is written as it is.

    Args:
        target: as :func:`output_path` gave it.
        text: written as UTF-8 with the line ends it has.
    """
    data = text.encode("utf-8")
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(data)
            return
        with _whole_or_nothing(target) as part:
            part.write_bytes(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", source=str(target)) from error
