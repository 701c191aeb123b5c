"""Commands that write, killed at a random moment: what is on disk is old or new, and the command runs again."""

from __future__ import annotations

import atexit
import csv
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fuzz.made import HEADER, gifts, text_of

TESTS: Final = Path(__file__).resolve().parents[1]
# Calls between the first file opened to write and the death: most commands are done after 100,000.
_MOST_CALLS: Final = 5.0  # as a power of ten
_OUT: Final = ("html", "json", "csv", "xlsx", "sqlite", "parquet", "md", "jsonl", "txt")
Contents = dict[str, bytes]


def _run(folder: Path, *arguments: str, calls: int | None = None) -> subprocess.CompletedProcess[str]:
    """A command in a folder, killed after so many calls unless it has ended before."""
    module = ["unionscreen"] if calls is None else ["fuzz.dying", str(calls)]
    paths = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-m", *module, *arguments], cwd=folder, text=True, capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": paths, "COLUMNS": "80", "NO_COLOR": "1"}, timeout=120,
    )  # fmt: skip


def _contents(folder: Path, names: list[str]) -> Contents:
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


def _filing(seed: int, rows: int = 30) -> bytes:
    table = [HEADER, *gifts(random.Random(seed), rows)]
    return text_of(table, ",", "\n").encode()


@dataclass(frozen=True)
class Command:
    """A command, what it needs, and what must hold of what it wrote.

    Args:
        arguments: of the command line, run in the folder.
        prepare: puts its inputs there, and what it wrote in an earlier run with other inputs.
        written: the files it writes.
        whole: what is wrong with a folder after a kill, given what stood there before and what a whole run leaves;
            None where nothing is.
        again: exit codes that a second run over its own results may have.
    """

    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    written: tuple[str, ...]
    whole: Callable[[Path, Contents, Contents], str | None]
    again: tuple[int, ...] = (0,)


def _old_or_new(folder: Path, before: Contents, after: Contents) -> str | None:
    """Each file is as it was, or as it will be."""
    for name in before.keys() | after.keys():
        path = folder / name
        now = path.read_bytes() if path.exists() else None
        if now not in (before.get(name), after.get(name)):
            return f"{name} is neither old nor new: {len(now or b'')} bytes"
    return None


def _lines(folder: Path, before: Contents, after: Contents) -> str | None:
    """A file that is only added to holds what it held, and whole lines; a new one has one header."""
    for name in before.keys() | after.keys():
        path, old, new = folder / name, before.get(name, b""), after[name]
        now = path.read_bytes() if path.exists() else b""
        if not now.startswith(old) or (now and not now.endswith(b"\n")):
            return f"{name} is torn: {now[-80:]!r}"
        if name.endswith(".jsonl"):
            for line in now.splitlines():
                json.loads(line)
        elif now:
            rows = list(csv.reader(now.decode().splitlines()))
            if rows.count(rows[0]) != 1 or {len(row) for row in rows} != {len(rows[0])}:
                return f"{name} has a broken table: {now[-80:]!r}"
        if len(now) > len(new):
            return f"{name} is longer than after a whole run"
    return None


def _database(folder: Path, before: Contents, after: Contents) -> str | None:
    """An SQLite log is sound and has none or all of what was to be added."""
    path = folder / "decisions.db"
    if not path.exists():
        return None if not before else "the log is gone"
    with closing(sqlite3.connect(path)) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'decisions'").fetchone()[0]
        rows = connection.execute("SELECT count(*) FROM decisions").fetchone()[0] if tables else 0
    return None if sound == "ok" and rows in (0, _DECIDED) else f"the log says {sound}, and has {rows} decisions"


_DECIDED: Final = 25


def _with_nothing(folder: Path) -> None:
    """The command needs no input."""
    assert folder.is_dir()


def _with_filing(folder: Path) -> None:
    (folder / "filing.csv").write_bytes(_filing(1))


def _with_old_reports(folder: Path) -> None:
    (folder / "filing.csv").write_bytes(_filing(2))
    _must(folder, "screen", "filing.csv", *_outs())
    _with_filing(folder)


def _outs() -> list[str]:
    return [part for suffix in _OUT for part in ("--out", f"result.{suffix}")]


def _must(folder: Path, *arguments: str) -> None:
    done = _run(folder, *arguments)
    assert done.returncode == 0, done.stderr


def _with_result(folder: Path) -> None:
    _with_filing(folder)
    _must(folder, "screen", "filing.csv", "--out", "result.json")


def _with_folders(folder: Path) -> None:
    for at in range(3):
        place = folder / "filings" / f"state{at}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "gifts.csv").write_bytes(_filing(10 + at))


def _with_old_tables(folder: Path) -> None:
    _with_folders(folder)
    (folder / "filings" / "state0" / "gifts.csv").write_bytes(_filing(20))
    _must(folder, "batch", "filings", "--out", "us.csv")
    (folder / "filings" / "state0" / "gifts.csv").write_bytes(_filing(10))


def _with_queue(folder: Path) -> None:
    rows = [f"Donor {at} Police Officers,CA,rejected,A.B.,2026-01-31,no union" for at in range(_DECIDED)]
    (folder / "queue.csv").write_text("\n".join(["donor,state,verdict,by,on,why", *rows, ""]))


def _with_log(folder: Path) -> None:
    _with_queue(folder)
    (folder / "earlier.csv").write_text(
        "donor,state,verdict,by,on,why\nThe Blue Lodge Pub,CA,rejected,A.B.,2026-01-30,a pub\n"
    )
    _must(folder, "review", "import", "earlier.csv", "--decisions", "decisions.csv")


def _with_export(folder: Path) -> None:
    (folder / "in").mkdir()
    rows = [
        f"2024-01-{at + 1:02},{at + 1}.00,{donor}" for at, donor in enumerate(["Smith", "San Diego POA", "Roe"] * 5)
    ]
    text = "\n".join(["Date,Amount,Donor", *rows, ""])
    (folder / "in" / "first.csv").write_text(text)
    (folder / "in" / "second.csv").write_text(text.replace("Smith", "Jones"))


_TABLES: Final = tuple(f"us.{name}" for name in ("flags.csv", "totals.csv", "prosecutors.csv", "manifest.json"))
_INTAKE: Final = ("intake", "in/first.csv", "--policy", "refuse", "--out", "lists.csv", "--quiet")

COMMANDS: Final[dict[str, Command]] = {
    "screen --out": Command(
        ("screen", "filing.csv", *_outs()), _with_old_reports, tuple(f"result.{suffix}" for suffix in _OUT), _old_or_new
    ),
    "report": Command(
        ("report", "result.json", "--out", "page.html", "--out", "book.xlsx", "--out", "base.sqlite"), _with_result,
        ("page.html", "book.xlsx", "base.sqlite"), _old_or_new,
    ),
    "batch": Command(("batch", "filings", "--out", "us.csv"), _with_old_tables, _TABLES, _old_or_new),
    "batch --resume": Command(
        ("batch", "filings", "--out", "us.csv", "--resume", "kept"), _with_folders, _TABLES, _old_or_new
    ),
    "review import": Command(
        ("review", "import", "queue.csv", "--decisions", "decisions.csv"), _with_log, ("decisions.csv",), _lines
    ),
    "review import, SQLite": Command(
        ("review", "import", "queue.csv", "--decisions", "decisions.db"), _with_queue, ("decisions.db",), _database
    ),
    "decision log": Command((*_INTAKE, "--decision-log", "log.csv"), _with_export, ("log.csv",), _lines),
    "decision log, JSON": Command((*_INTAKE, "--decision-log", "log.jsonl"), _with_export, ("log.jsonl",), _lines),
    "watch": Command(
        ("watch", "in", "--policy", "refuse", "--once", "--results", "out"), _with_export,
        tuple(f"out/{name}.csv.{what}.csv" for name in ("first", "second") for what in ("screened", "refunds")),
        _old_or_new,
    ),
    "unions add": Command(
        ("unions", "add", "Elmhaven Constables Guild", "--source", "its page", "--to", "own.csv", "--kind", "police"),
        _with_nothing, ("own.csv",), _lines, (0, 2),
    ),
}  # fmt: skip


@cache
def _start(command: str) -> tuple[Path, Contents, Contents]:
    """A folder as it is before the command, what it then holds, and what a whole run leaves."""
    known = COMMANDS[command]
    scratch = Path(tempfile.mkdtemp(prefix="unionscreen-kill-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    known.prepare(_made(scratch / "before"))
    before = _contents(scratch / "before", [*known.written])
    shutil.copytree(scratch / "before", scratch / "work")
    done = _run(scratch / "work", *known.arguments)
    assert done.returncode == 0, done.stderr
    after = _contents(scratch / "work", [*known.written])
    assert after.keys() == set(known.written), (sorted(after), done.stderr)
    shutil.rmtree(scratch / "work")
    return scratch, before, after


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def killed(command: str, seed: int, kept: Path) -> dict[str, Any]:
    """Kill a command at a moment, look at what it left, and run it again.

    Args:
        command: of :data:`COMMANDS`.
        seed: says when.
        kept: the folder in which a folder is kept that is not as it should be.
    """
    known = COMMANDS[command]
    scratch, before, after = _start(command)
    calls = round(10 ** random.Random(f"{command} {seed}").uniform(0, _MOST_CALLS))
    # The same path in every run, for reports hold paths.
    work = scratch / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(scratch / "before", work)
    started = time.perf_counter()
    died = _run(work, *known.arguments, calls=calls)
    found: dict[str, Any] = {"outcome": "killed" if died.returncode == -signal.SIGKILL else "read", "memory": 0}
    said = known.whole(work, before, after) if died.returncode in (0, -signal.SIGKILL) else died.stderr[-500:]
    if said is None:
        again = _run(work, *known.arguments)
        if again.returncode not in known.again or "Traceback" in again.stderr:
            said = f"the second run: exit {again.returncode}: {again.stderr[-500:]}"
        else:
            said = _finished(work, known, after)
    if said is not None:
        found |= {"fault": "lost", "said": f"killed after {calls} calls: {said}"}
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copytree(work, kept / f"{command.replace(' ', '-')}-{seed}", dirs_exist_ok=True)
    return found | {"seconds": time.perf_counter() - started}


def _finished(folder: Path, known: Command, after: Contents) -> str | None:
    """What a second run leaves is what one whole run leaves, but for the time in a log."""
    if known.whole is _database:
        return _database(folder, {"decisions.db": b""}, after)
    now = _contents(folder, [*known.written])
    if known.whole is _lines:
        for name, expected in after.items():
            if now[name].count(b"\n") != expected.count(b"\n"):
                return f"{name} has {now[name].count(10)} lines after the second run, not {expected.count(10)}"
        return None
    wrong = [name for name in after if now.get(name) != after[name]]
    return f"after the second run {', '.join(wrong)} differ from those of a whole run" if wrong else None
