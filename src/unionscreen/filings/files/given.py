"""What the user gave: whether there is such a file, and what else may be meant."""

from __future__ import annotations

import difflib
import stat
from pathlib import Path

from unionscreen.errors import FilingError
from unionscreen.files import shown


def existing(path: Path, label: str) -> Path:
    """The path of a file that is there and not empty."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise FilingError("there is no such file", source=label, hint=_nearest(path)) from None
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=label) from error
    if stat.S_ISDIR(found.st_mode):
        raise FilingError("a link to a folder is not followed", source=label, hint="give the folder itself")
    if not stat.S_ISREG(found.st_mode):
        raise FilingError("this is no regular file", source=label, hint="pipe it in and read standard input with -")
    if found.st_size == 0:
        raise FilingError("the file is empty", source=label, hint="did the download finish?")
    return path


def _nearest(path: Path) -> str:
    try:
        near = difflib.get_close_matches(path.name, sorted(entry.name for entry in path.parent.iterdir()), n=1)
    except FileNotFoundError:
        return f"the directory {shown(path.parent)} does not exist either"
    except OSError as error:
        return f"{shown(path.parent)}: {error.strerror}"
    if near:
        return f"did you mean {shown(path.parent / near[0])}?"
    return f"there is nothing like it in {shown(path.parent)}"


def first_bytes(path: Path, label: str) -> bytes:
    """The first 4 KB of a file, by which its kind is told.

    Raises:
        FilingError: it cannot be read.
    """
    try:
        with path.open("rb") as handle:
            return handle.read(4096)
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=label) from error
