"""Data goes to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

from unionscreen.errors import UnionScreenError
from unionscreen.safe_text import visible_lines

PIPE_WIDTH: Final = 100  # columns where there is no terminal and COLUMNS is not set


def say(message: str) -> None:
    """Write a message for the user to standard error, whatever characters a file name or cell in it holds.

    If standard error cannot be written, the message is lost; the exit code still reports the result.
    """
    data = visible_lines(message).encode(sys.stderr.encoding or "utf-8", "backslashreplace")
    try:
        sys.stderr.write(data.decode(sys.stderr.encoding or "utf-8") + "\n")
        sys.stderr.flush()
    except OSError:
        _abandon(2)


def reopen_closed() -> None:
    """Reopen the standard streams that `>&-` closed.

    Python sets a closed stream to None, and the next file that is opened would take its number and receive what is
    written to the stream. Standard output is opened read-only, so that writing data fails instead of losing it.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest free number, which is this one
    sys.stdin = sys.stdin or os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


def write_data(data: str | bytes) -> None:
    """Write to standard output. Text is UTF-8 in every locale, because data must not depend on it.

    Raises:
        BrokenPipeError: the reader of the pipe has ended.
        UnionScreenError: the device is full or gone.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data.encode("utf-8") if isinstance(data, str) else data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise UnionScreenError(f"standard output cannot be written: {error.strerror}") from error


def abandon_stdout() -> None:
    """Redirect standard output to the null device, so that the last flush does not report a closed pipe."""
    _abandon(1)


def spare_last_flush() -> None:
    """Redirect standard output to the null device if it cannot be written, so that no second error is printed."""
    try:
        sys.stdout.flush()
    except OSError:
        abandon_stdout()


def _abandon(number: int) -> None:
    with suppress(OSError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, number)
        os.close(nothing)


def colors_wanted() -> bool:
    """Whether standard output is a terminal that should get colors (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Width of the output in columns: the terminal's, else COLUMNS, else a hundred."""
    import shutil

    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
