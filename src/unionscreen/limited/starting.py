"""Start a reader in a separate process, and say why it ended without an answer.

It is a new process (``python -m``), not a fork or a pool of ``multiprocessing``. So it works from threads and from the
workers of a cluster, and does not import the caller's script again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import Any, BinaryIO, Final

from unionscreen.limited.limits import Limits

# What Rust and Python write when the system refuses memory.
_NO_MEMORY: Final = (b"memory allocation of", b"MemoryError")


class Reader:
    """A module that reads a file on standard input, within limits, and answers on standard output."""

    def __init__(self, module: str, limits: Limits, thing: str, table: str) -> None:
        """Describe the reader.

        Args:
            module: the module to run as ``__main__``.
            limits: the limits of its files.
            thing: its files in a sentence: "the workbook".
            table: the content of a file in a sentence: "table".
        """
        # Without -P, a file called csv.py in the folder of a filing would be run.
        self.command: Sequence[str] = ("-P", "-m", module)
        self.limits, self.thing, self.table = limits, thing, table

    def run(self, file: BinaryIO, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Read a file on disk that is open at its start.

        Raises:
            subprocess.TimeoutExpired: it takes too long.
            OSError: no process can be started.
        """
        return subprocess.run(  # noqa: S603 - this interpreter, and a module of ours
            [os.fsdecode(part) for part in (get_executable(), *self.command, *arguments)],
            stdin=file,
            capture_output=True,
            timeout=self.limits.wall_seconds(os.fstat(file.fileno()).st_size),
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )

    def too_much(self, what: str, size: int) -> str:
        """The sentence for a file of this size that takes too much ``time`` or ``memory``."""
        seconds, memory = self.limits.cpu_seconds(size), self.limits.memory_bytes(size)
        most = f"{seconds} seconds" if what == "time" else f"{memory >> 20:,} MB of memory"
        return f"{self.thing} cannot be read: it takes more than {most}, which no {self.table} of its size does"

    def not_started(self, error: OSError) -> str:
        """The sentence for a process that cannot be started."""
        return f"{self.thing} cannot be read: its reader does not start: {error}"

    def death(self, code: int, stderr: bytes, size: int) -> str:
        """The reason why a process ended without an answer."""
        if any(said in stderr for said in _NO_MEMORY):
            return self.too_much("memory", size)
        if sys.platform != "win32" and code == -signal.SIGXCPU:
            return self.too_much("time", size)
        if sys.platform != "win32" and code == -signal.SIGKILL:
            return f"{self.thing} cannot be read: the system ended its reader, because memory or time ran out"
        if code == 1:  # an exception in Python: a fault of ours, or of the installation
            said = (stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
            return f"{self.thing} cannot be read: its reader failed: {said}"
        return f"{self.thing} cannot be read: it is damaged, and its reader failed (code {code})"


def pieces(answer: bytes) -> tuple[list[tuple[dict[str, Any], bytes]], dict[str, Any]]:
    """The answer of a reader: for each piece a line of JSON and the number of ``bytes`` in it, and how it ended.

    Raises:
        ValueError: the answer is incomplete.
        KeyError: a piece does not say how long it is.
        TypeError: it is not the answer of a reader.
    """
    found: list[tuple[dict[str, Any], bytes]] = []
    at = 0
    while True:
        line = answer.index(b"\n", at)
        if line == at:
            return found, json.loads(answer[line:])
        said = json.loads(answer[at:line])
        at = line + 1 + said["bytes"]
        found.append((said, answer[line + 1 : at]))


def child_environment() -> dict[str, str]:
    """The environment with the module path of this process, without the current folder."""
    paths = [path for path in sys.path if path]
    package = str(Path(__file__).parents[2])
    paths += [] if package in paths else [package]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "RUST_BACKTRACE": "0"}
