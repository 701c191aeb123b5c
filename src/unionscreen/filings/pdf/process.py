"""A PDF, read in a process of its own: damage, too much memory, or too much time ends that process alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from array import array
from dataclasses import dataclass
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import Any, BinaryIO, Final

from unionscreen.errors import FilingError
from unionscreen.filings.pdf.page import Page, Rule
from unionscreen.pdfreader.limits import cpu_seconds, memory_bytes, wall_seconds

# Without -P, a file called csv.py in the folder of a filing would be run.
_CHILD: Final = ("-P", "-m", "unionscreen.pdfreader.child")
_EXPORT: Final = "ask the agency for its export as CSV or Excel"
_PRINT: Final = "open it in a PDF viewer and print it to a new PDF, or ask the agency for its export"


@dataclass(frozen=True)
class Document:
    """The pages of a PDF, in order."""

    pages: list[Page]
    attached: tuple[str, ...] = ()
    """Names of files in it, which are not opened."""


def read_document(file: BinaryIO, label: str) -> Document:
    """Read the words and lines of every page.

    Args:
        file: on disk, at its start.
        label: what an error calls it.

    Raises:
        FilingError: it is locked, damaged or too large, whatever became of the process that tried.
    """
    size = os.fstat(file.fileno()).st_size
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, and a module of ours
            [os.fsdecode(part) for part in (get_executable(), *_CHILD)],
            stdin=file,
            capture_output=True,
            timeout=wall_seconds(size),
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FilingError(_took("time", size), source=label, hint=_PRINT) from None
    except OSError as error:
        raise FilingError(f"the PDF cannot be read: its reader does not start: {error}", source=label) from error
    try:
        pages, end = _parts(done.stdout)
        how, said = end["end"], end.get("said")
    except (ValueError, KeyError, TypeError):
        raise FilingError(_death(done.returncode, done.stderr, size), source=label, hint=_PRINT) from None
    match how:
        case "read" if pages:
            return Document(pages, tuple(end.get("attached", ())))
        case "read":
            raise FilingError("the PDF has no pages", source=label, hint="did the download finish?")
        case "locked":
            raise FilingError("the PDF is locked with a password", source=label, hint=_PRINT)
        case "memory":
            raise FilingError(_took("memory", size), source=label, hint=_PRINT)
        case "large":
            raise FilingError(f"the PDF is too large to read: {said}", source=label, hint=_EXPORT)
        case _:
            raise FilingError(
                f"this is a PDF that is damaged and cannot be read: {said}",
                source=label,
                hint="download it again, or " + _PRINT,
            )


def environment() -> dict[str, str]:
    """The modules of this process in the same order, but for what only stands in the folder that the user is in."""
    paths = [path for path in sys.path if path]
    package = str(Path(__file__).parents[3])
    paths += [] if package in paths else [package]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def _parts(answer: bytes) -> tuple[list[Page], dict[str, Any]]:
    """What came of the process.

    Raises:
        ValueError: it did not come to its end.
    """
    pages: list[Page] = []
    at = 0
    while True:
        line = answer.index(b"\n", at)
        if line == at:
            return pages, json.loads(answer[line:])
        said = json.loads(answer[at:line])
        at = line + 1
        text, *counts = said["parts"]
        texts = answer[at : at + text].decode("utf-8")
        at += text
        numbers = []
        for count in counts:
            values = array("f")
            values.frombytes(answer[at : at + 4 * count])
            at += 4 * count
            numbers.append(values)
        boxes, rules, marks = numbers
        pages.append(
            Page(
                number=len(pages) + 1,
                width=said["width"],
                height=said["height"],
                texts=texts,
                boxes=boxes,
                rules=tuple(map(Rule, *(rules[side::4] for side in range(4)))),
                marks=tuple(map(Rule, *(marks[side::4] for side in range(4)))),
                images=said["images"],
                ocr=said["ocr"],
                objects=said["objects"],
            )
        )


def _took(what: str, size: int) -> str:
    most = f"{cpu_seconds(size)} seconds" if what == "time" else f"{memory_bytes(size) >> 20:,} MB of memory"
    return f"the PDF cannot be read: it takes more than {most}, which no filing of its size does"


def _death(code: int, stderr: bytes, size: int) -> str:
    """Why a process ended that gave no answer."""
    if b"MemoryError" in stderr:
        return _took("memory", size)
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return _took("time", size)
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return "the PDF cannot be read: the system ended its reader, for want of memory or of time"
    if code == 1:  # Python's own, of an exception: a fault of ours, or of how it was installed
        said = (stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        return f"the PDF cannot be read: its reader failed: {said}"
    return f"the PDF cannot be read: it is damaged, and its reader broke off (code {code})"
