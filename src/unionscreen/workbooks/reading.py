"""A workbook, read in a process of its own: damage, too much memory, or too much time ends that process alone.

It is a process started anew (``python -m``), not a fork or a pool of ``multiprocessing``: so it works from threads and
from the workers of a cluster, and does not import the caller's script a second time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import Any, BinaryIO, Final

from unionscreen.workbooks.limits import cpu_seconds, memory_bytes, wall_seconds

_AS_CSV: Final = "open it in a spreadsheet program and save the sheet as CSV"
_STRAY: Final = "delete the stray cells, or save the table alone as CSV"
# Without -P, a file called csv.py in the folder of a filing would be run.
_CHILD: Final = ("-P", "-m", "unionscreen.workbooks.child")
# What Rust writes when the system refuses it memory.
_NO_MEMORY: Final = b"memory allocation of"


class WorkbookError(Exception):
    """A workbook that cannot be read.

    Args:
        message: why, in words for the user.
        hint: what to do.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True)
class Sheet:
    """One sheet of cells."""

    name: str
    hidden: bool
    """Whether a spreadsheet program shows it only when asked to, or not at all."""
    head: list[list[str]]
    """Its first rows."""
    csv: bytes
    """All its rows, one line each, from row 1 of the sheet."""


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook, in its order."""

    sheets: list[Sheet]
    hidden: int
    """Rows and columns that are hidden in it, and are read all the same; known of xlsx and xlsm only."""


def read_workbook(file: BinaryIO, head_rows: int = 0, *, line_breaks: bool = False) -> Workbook:
    """Read a workbook of any kind.

    Args:
        file: on disk, at its start.
        head_rows: how many rows of each sheet are wanted as cells.
        line_breaks: leave the line breaks in cells, so that a row may take several lines of CSV.

    Raises:
        WorkbookError: it cannot be read, whatever became of the process that tried.
    """
    size = os.fstat(file.fileno()).st_size
    command = [get_executable(), *_CHILD, str(head_rows), str(int(line_breaks))]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, and a module of ours
            [os.fsdecode(part) for part in command],
            stdin=file,
            capture_output=True,
            timeout=wall_seconds(size),
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WorkbookError(_took("time", size), _AS_CSV) from None
    except OSError as error:
        raise WorkbookError(f"the workbook cannot be read: its reader does not start: {error}", _AS_CSV) from error
    try:
        sheets, end = _parts(done.stdout)
        how, said = end["end"], end.get("said")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WorkbookError(_death(done.returncode, done.stderr, size), _AS_CSV) from None
    match how:
        case "read":
            return Workbook(sheets, end.get("hidden", 0))
        case "locked":
            raise WorkbookError("the workbook is locked with a password", "save it without one")
        case "memory":
            raise WorkbookError(_took("memory", size), _AS_CSV)
        case "stretched":
            raise WorkbookError(f"the workbook is too large to read: {said}", _STRAY)
        case _:
            raise WorkbookError(f"the workbook cannot be read: {said}", _AS_CSV)


def _environment() -> dict[str, str]:
    """The modules of this process in the same order, but for what only stands in the folder that the user is in."""
    paths = [path for path in sys.path if path]
    package = str(Path(__file__).parents[2])
    paths += [] if package in paths else [package]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "RUST_BACKTRACE": "0"}


def _parts(answer: bytes) -> tuple[list[Sheet], dict[str, Any]]:
    """What came of the process.

    Raises:
        ValueError: it did not come to its end.
    """
    sheets: list[Sheet] = []
    at = 0
    while True:
        line = answer.index(b"\n", at)
        if line == at:
            return sheets, json.loads(answer[line:])
        said = json.loads(answer[at:line])
        at = line + 1 + said["bytes"]
        sheets.append(Sheet(said["name"], said["hidden"], said["head"], answer[line + 1 : at]))


def _took(what: str, size: int) -> str:
    most = f"{cpu_seconds(size)} seconds" if what == "time" else f"{memory_bytes(size) >> 20:,} MB of memory"
    return f"the workbook cannot be read: it takes more than {most}, which no table of its size does"


def _death(code: int, stderr: bytes, size: int) -> str:
    """Why a process ended that gave no answer."""
    if _NO_MEMORY in stderr or b"MemoryError" in stderr:
        return _took("memory", size)
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return _took("time", size)
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return "the workbook cannot be read: the system ended its reader, for want of memory or of time"
    if code == 1:  # Python's own, of an exception: a fault of ours, or of how it was installed
        said = (stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        return f"the workbook cannot be read: its reader failed: {said}"
    return f"the workbook cannot be read: it is damaged, and its reader broke off (code {code})"
