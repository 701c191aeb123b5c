"""Paths that the user gave: whether the file exists, and which similar name may be meant."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from unionscreen.errors import FilingError, UsageError
from unionscreen.files import unread_hint

# Files that operating systems add to folders.
_IGNORED: Final = ("Thumbs.db", "desktop.ini")
_HIDDEN: Final = (".", "__MACOSX")


def existing(path: Path, label: str) -> Path:
    """The path of a file that exists and is not empty.

    Raises:
        UsageError: the path is empty.
        FilingError: there is no such file, or it cannot be read.
    """
    if not label:
        raise UsageError("the path is empty", hint="a variable in the command may be unset")
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FilingError("there is no such file", source=label, hint=unread_hint(path, error)) from None
    except OSError as error:
        raise FilingError(f"cannot be read: {error.strerror}", source=label, hint=unread_hint(path, error)) from error
    if stat.S_ISDIR(found.st_mode):
        raise FilingError("a link to a folder is not followed", source=label, hint="give the folder itself")
    if not stat.S_ISREG(found.st_mode):
        raise FilingError("this is not a regular file", source=label, hint="pipe it in and read standard input with -")
    if found.st_size == 0:
        raise FilingError("the file is empty", source=label, hint="did the download finish?")
    return path


def folder_files(folder: Path, unlisted: Callable[[OSError], None] | None = None) -> list[Path]:
    """The files in a folder and in the folders in it, by name; hidden files are skipped.

    A link to a folder is not followed. It is listed as a file, and opening it reports the link.

    Args:
        folder: where to look.
        unlisted: called with the error of each folder that cannot be listed.
    """
    found: list[Path] = []
    for at, folders, files in os.walk(folder, onerror=unlisted):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        links = [name for name in folders if os.path.islink(os.path.join(at, name))]  # noqa: PTH114, PTH118 - os.walk's
        found += [Path(at, name) for name in (*files, *links) if not name.startswith(_HIDDEN) and name not in _IGNORED]
    return sorted(found)
