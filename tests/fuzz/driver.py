"""Gives inputs to workers, judges time and memory, keeps what failed, and counts."""

from __future__ import annotations

import itertools
import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fuzz import containers, made, mutations
from fuzz.worker import FILINGS

# What an input under 1 MB may take; all inputs of the suite are smaller.
MOST_SECONDS: Final = 30.0
MOST_BYTES: Final = 2 << 30
# A worker that says nothing for so long is ended. A reader of a workbook gives up before.
_PATIENCE: Final = 150.0
TESTS: Final = Path(__file__).resolve().parents[1]


@dataclass
class Tally:
    """What became of the inputs of one kind."""

    tried: int = 0
    read: int = 0
    refused: int = 0
    lost: int = 0
    tracebacks: int = 0
    killed: int = 0
    limits: int = 0
    """Runs that took too long or too much memory, or died."""
    slowest: float = 0.0
    memory: int = 0
    failures: list[str] = field(default_factory=list)
    """One line each: kind, seed and what was wrong."""

    def add(self, answer: dict[str, Any], name: str) -> bool:
        """Count an answer; whether it is a failure."""
        self.tried += 1
        self.slowest = max(self.slowest, answer["seconds"])
        self.memory = max(self.memory, answer["memory"])
        fault = answer.get("fault")
        if fault is None and (answer["seconds"] > MOST_SECONDS or answer["memory"] > MOST_BYTES):
            fault = "limit"
            answer["said"] = f"{answer['seconds']:.1f} s, {answer['memory'] >> 20} MB"
        self.read += answer.get("outcome") == "read"
        self.refused += answer.get("outcome") == "refused"
        self.killed += answer.get("outcome") == "killed"
        self.lost += fault == "lost"
        self.tracebacks += fault == "traceback"
        self.limits += fault in ("limit", "died")
        if fault:
            self.failures.append(f"{name}: {fault}: {answer.get('said', '')}")
        return fault is not None


class Worker:
    """A process that screens inputs, started anew when it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()
        self._listener: threading.Thread | None = None

    def ask(self, kind: str, seed: int) -> tuple[dict[str, Any], bytes]:
        """Screen one input: what became of it, and its bytes where something is wrong with the process."""
        process = self._process or self._start()
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps({"kind": kind, "seed": seed}) + "\n")
            process.stdin.flush()
            line = self._answers.get(timeout=_PATIENCE)
        except (queue.Empty, OSError):
            line = ""
        if line:
            return json.loads(line), b""
        process.kill()
        code, self._process = process.wait(), None
        self._end(process)
        left = b"".join(path.read_bytes() for path in self._folder.glob("input.*"))
        said = f"the worker ended with {code}" if code != -9 else f"no answer within {_PATIENCE:.0f} s"
        return {"fault": "died", "said": said, "seconds": 0.0, "memory": 0}, left

    def close(self) -> None:
        """Let the process end."""
        if self._process is not None:
            self._end(self._process)

    def _end(self, process: subprocess.Popen[str]) -> None:
        with suppress(OSError):  # what it was not given any more
            if process.stdin is not None:
                process.stdin.close()
        process.wait()
        if self._listener is not None:
            self._listener.join()
        if process.stdout is not None:
            process.stdout.close()

    def _start(self) -> subprocess.Popen[str]:
        paths = [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "fuzz.worker", self._folder], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "RUST_BACKTRACE": "0"},
        )  # fmt: skip
        self._answers = answers = queue.Queue()

        def listen() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                answers.put(line)
            answers.put("")

        self._listener = threading.Thread(target=listen, daemon=True)
        self._listener.start()
        return process


def jobs(kinds: Sequence[str], inputs: int, seed: int) -> Iterator[tuple[str, int]]:
    """So many inputs, of one kind after the other; the first of each kind has this seed, its next the next."""
    next_seed = dict.fromkeys(kinds, seed)
    for kind in itertools.islice(itertools.cycle(kinds), inputs):
        yield kind, next_seed[kind]
        next_seed[kind] += 1


def every_kind() -> list[str]:
    """Well-formed filings count three times: they are the ones in which a lost row shows for sure."""
    return [FILINGS, *containers.KINDS, FILINGS, FILINGS]


def run(work: Iterable[tuple[str, int]], kept: Path, workers: int = 1) -> dict[str, Tally]:
    """Screen all inputs.

    Args:
        work: kind and seed of each.
        kept: the folder of the inputs that failed; made when there is one.
        workers: processes at once.
    """
    waiting, tallies, lock = iter(work), dict[str, Tally](), threading.Lock()

    def screen(folder: Path) -> None:
        worker = Worker(folder)
        while True:
            with lock:
                job = next(waiting, None)
                if job is None:
                    break
            kind, seed = job
            answer, left = worker.ask(kind, seed)
            with lock:
                failed = tallies.setdefault(kind, Tally()).add(answer, f"{kind} --seed {seed}")
                if failed:
                    _keep(kept, kind, seed, left)
        worker.close()

    with tempfile.TemporaryDirectory(prefix="unionscreen-fuzz-") as scratch:
        threads = [threading.Thread(target=screen, args=(Path(scratch) / str(at),)) for at in range(workers)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    return tallies


def _keep(kept: Path, kind: str, seed: int, left: bytes) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    suffix = "csv" if kind == FILINGS else containers.KINDS[kind].suffix
    if not left:
        whole = kind == FILINGS
        left = made.filing(random.Random(f"{kind} {seed}")).data if whole else mutations.damaged(kind, seed)[0]
    (kept / f"{kind.replace(', ', '-').replace(' ', '-')}-{seed}.{suffix}").write_bytes(left)


def table(tallies: dict[str, Tally], first: str = "kind", taken: str = "refused") -> str:
    """The summary, a line for each kind and one for all.

    Args:
        tallies: by kind.
        first: what the kinds are.
        taken: the count beside those that were read: refused, or killed.
    """
    names = (first, "tried", "read" if taken == "refused" else "ended", taken, "lost", "tracebacks", "over limits")
    rows = [
        (kind, each.tried, each.read, getattr(each, taken), each.lost, each.tracebacks, each.limits,
         f"{each.slowest:.1f} s", f"{each.memory >> 20} MB")
        for kind, each in tallies.items()
    ]  # fmt: skip
    sums = [sum(int(row[at]) for row in rows) for at in range(1, 7)]
    slowest = max((each.slowest for each in tallies.values()), default=0.0)
    memory = max((each.memory for each in tallies.values()), default=0)
    cells = [(*names, "slowest", "memory"), *rows, ("all", *sums, f"{slowest:.1f} s", f"{memory >> 20} MB")]
    lines = ["| " + " | ".join(map(str, row[: 9 if taken == "refused" else 8])) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * lines[0].count(" | ") + "---|", *lines[1:]])
