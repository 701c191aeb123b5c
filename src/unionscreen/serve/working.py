"""Run a function of this package in a child process, and end the process with the one who asked."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import Any, Final

from unionscreen.limited.starting import child_environment
from unionscreen.safe_text import to_json
from unionscreen.serve.problem import Problem

# The longest answer: an intake of a hundred thousand donations has 45 MB.
MOST_ANSWER: Final = 64 << 20
_PIECE: Final = 1 << 20


async def in_child(
    function: str,
    arguments: dict[str, Any],
    *,
    scratch: Path,
    tell: Callable[[dict[str, Any]], None] = lambda _: None,
) -> dict[str, Any]:
    """The answer of a function that runs in a process of its own; canceling this ends the process.

    Args:
        function: ``module:name`` of ``function(arguments, tell)`` in this package, which returns a dictionary.
        arguments: plain values.
        scratch: a folder for its temporary files, deleted by the caller.
        tell: called with what the function tells on its way.

    Raises:
        Problem: the function failed, or the process died.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    # In a session of its own: Ctrl-C at the terminal is for the server, which ends the whole group.
    process = await asyncio.create_subprocess_exec(
        *map(os.fsdecode, (get_executable(), "-P", "-m", "unionscreen.serve.child")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=child_environment() | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
        start_new_session=sys.platform != "win32",
        limit=_PIECE,
    )
    try:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(to_json({"function": function, "arguments": arguments}).encode() + b"\n")
        with suppress(ConnectionError):  # it died; the end of its output says so
            await process.stdin.drain()
        answer = await _answer(process.stdout, tell)
        if answer is None:
            raise _death(await process.wait())
    finally:
        await _end(process)
    if "error" in answer:
        more = answer["error"]
        raise Problem(more.pop("status"), more.pop("detail"), **more)
    found: dict[str, Any] = answer["answer"]
    return found


async def _answer(output: asyncio.StreamReader, tell: Callable[[dict[str, Any]], None]) -> dict[str, Any] | None:
    """The last line of the child; None if it ended without one."""
    import json

    line = bytearray()
    while piece := await output.read(_PIECE):
        end, *more = piece.split(b"\n")
        line += end
        if len(line) > MOST_ANSWER:
            raise Problem(
                413,
                f"the answer has more than {MOST_ANSWER:,} bytes, which is too much for a page; "
                "the command line writes it to files",
            )
        for begin in more:
            said: dict[str, Any] = json.loads(line)
            if "progress" not in said:
                return said
            tell(said["progress"])
            line = bytearray(begin)
    return None  # it died before the end of a line


def _death(code: int) -> Problem:
    if sys.platform != "win32" and code == -signal.SIGKILL:
        why = "the system ended the process that read the files, probably because memory ran out"
    else:
        why = f"the process that read the files failed (code {code}): a file may be damaged"
    return Problem(500, f"{why}; `unionscreen screen` in a terminal may say more")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the process and those that it started, whatever happens meanwhile."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(process.wait())
