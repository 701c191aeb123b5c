"""Where words go: data to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Final

from unionscreen.errors import UnionScreenError
from unionscreen.files import output_path, write_file
from unionscreen.reports.text import visible_lines

__all__ = ["abandon_stdout", "colors_wanted", "output_path", "say", "width", "write_data", "write_file"]

PIPE_WIDTH: Final = 100  # columns where there is no terminal and COLUMNS is not set


def say(message: str) -> None:
    """Write a message for the person to standard error, whatever characters a file name or cell in it holds."""
    data = visible_lines(message).encode(sys.stderr.encoding or "utf-8", "backslashreplace")
    sys.stderr.write(data.decode(sys.stderr.encoding or "utf-8") + "\n")
    sys.stderr.flush()


def write_data(data: str | bytes) -> None:
    """Write to standard output, text as UTF-8 whatever the locale: data must not depend on it.

    Raises:
        BrokenPipeError: the reader went away.
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
