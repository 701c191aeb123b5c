"""Names and paths from outside: what may become a part of a path, and what lies in the served folder."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Container
from pathlib import Path, PurePosixPath
from typing import Final

from unionscreen.safe_text import visible
from unionscreen.serve.problem import Problem

# The end of a name that tells the kind of a file: .csv, .csv.gz.
_ENDINGS: Final = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}$")
# What separates folders, or has a meaning in paths, patterns or on Windows; and what nobody sees.
_NOT_IN_NAMES: Final = re.compile(r'[/\\<>:"|?*]')
_WINDOWS_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
LONGEST_FILE_NAME: Final = 180
"""Bytes of a name: file systems allow 255, and " (2)" and the ends of reports are added."""


def ending_of(name: str) -> str:
    """The extension of a name, with which the file is kept.

    >>> ending_of("gifts.CSV"), ending_of("2022.csv.gz"), ending_of("../x"), ending_of("a.b/c")
    ('.CSV', '.csv.gz', '', '')
    """
    found = _ENDINGS.search(name)
    return found[0] if found else ""


def clean_name(name: str) -> str:
    """A name of one file, under which a filing is shown: the last part of a path, without anything that has an effect.

    >>> clean_name("../../etc/passwd"), clean_name("gifts 2022.csv"), clean_name("..")
    ('passwd', 'gifts 2022.csv', 'upload')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(letter for letter in unicodedata.normalize("NFC", last) if visible(letter) == letter)
    kept = _NOT_IN_NAMES.sub("_", kept).strip().lstrip(".-~ ").rstrip(". ")
    if _WINDOWS_DEVICES.match(kept):
        kept = f"_{kept}"
    ending = ending_of(kept)
    stem = kept.removesuffix(ending).encode()[: LONGEST_FILE_NAME - len(ending)].decode("utf-8", "ignore").rstrip()
    return stem + ending if stem else f"upload{ending}"


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or with a number if another file has it.

    >>> free_name("a.csv", {"a.csv", "a (2).csv"})
    'a (3).csv'
    """
    ending = ending_of(name)
    stem = name.removesuffix(ending)
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){ending}"
    return free


def inside(root: Path, given: str) -> tuple[PurePosixPath, Path]:
    """A file or folder in the served folder.

    Args:
        root: the served folder.
        given: a path relative to it, with slashes.

    Returns:
        The path relative to the folder, and the real path.

    Raises:
        Problem: it leads out of the folder, also by a link, or there is no such file.
    """
    relative = PurePosixPath(given)
    shown = visible(given)
    if not given or "\0" in given or relative.is_absolute() or Path(given).is_absolute() or ".." in relative.parts:
        raise Problem(403, f"{shown!r} is not a path in the served folder", title="Outside of --root")
    top = root.resolve()
    try:
        real = (top / relative).resolve(strict=True)
        _refuse_outside(top, real, shown)
        if real.is_dir():
            for at, folders, files in os.walk(real):
                for name in (*folders, *files):
                    _refuse_outside(top, Path(at, name).resolve(), shown)
        elif not stat.S_ISREG(real.stat().st_mode):
            raise Problem(422, f"{shown}: not a file or a folder")
    except (OSError, ValueError, RuntimeError) as error:  # missing, too long, surrogates, a loop of links
        raise Problem(404, f"{shown}: there is no such file in the served folder") from error
    return relative, real


def _refuse_outside(top: Path, real: Path, shown: str) -> None:
    if not real.is_relative_to(top):
        raise Problem(403, f"{shown}: a link leads out of the served folder", title="Outside of --root")
