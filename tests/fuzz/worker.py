"""Screens inputs one after the other, bounded in memory; a line of JSON in for each, and one out.

A process of its own, so that whatever an input does to it, the driver lives and has the input.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any, Final
from unittest import mock

from fuzz import containers, made, mutations

# Address space, of which threads reserve much without using it. What is judged is the memory that was really used.
ADDRESS_BYTES: Final = 6 << 30
FILINGS: Final = "filings"


def peak_bytes() -> int:
    """The most memory this process used since the last call, or a reader that it waited for."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    words = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")).split()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return int(words[1]) << 10


def screened(path: Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``unionscreen screen``, in this process."""
    from typer.testing import CliRunner

    from unionscreen.cli.app import app

    done = CliRunner().invoke(app, ["screen", str(path), "--format", "json", "--recipients", "all"])
    return done.exit_code, done.stdout, done.stderr


def judged(code: int, stdout: str, stderr: str) -> dict[str, Any]:
    """What became of an input: read, refused, or a fault and which.

    It may be read, with an account that adds up, or refused in words: no other answer is right.
    """
    if code in (2, 3):
        said = stderr.strip()
        lines = [line for line in said.splitlines() if line.startswith("Error: ")]
        if len(lines) != 1 or "Traceback" in said or "a fault of unionscreen" in said:
            return {"fault": "traceback", "said": said[-2000:]}
        return {"outcome": "refused", "said": said[:300]}
    if code:
        return {"fault": "traceback", "said": f"exit {code}: {stderr[-2000:]}"}
    found = json.loads(stdout)
    manifest = found["manifest"]
    rows, kept, rejected = (manifest[f"rows_{name}"] for name in ("read", "screened", "rejected"))
    by_status = sum(manifest["by_status"].values())
    of_recipients = sum(each["contributions"] for each in found["prosecutors"])
    if rows != kept + rejected or by_status != kept or of_recipients > kept:
        said = (
            f"{rows} read, {kept} screened, {rejected} rejected, {by_status} by status, {of_recipients} of recipients"
        )
        return {"fault": "lost", "said": said}
    return {"outcome": "read", "rows": rows, "unread": len(manifest.get("unread", ()))}


def damaged(kind: str, seed: int, path: Path) -> dict[str, Any]:
    """One damaged file, screened as a user would."""
    data, rows = mutations.damaged(kind, seed)
    path.write_bytes(data)
    found = judged(*screened(path))
    if found.get("outcome") == "read":
        least = rows if rows is not None else containers.least_rows(kind, data)
        if found["rows"] < least and not found["unread"]:
            return {"fault": "lost", "said": f"{found['rows']} of at least {least} rows read"}
    if rows is not None and found.get("outcome") == "refused":
        return {"fault": "lost", "said": f"a sound file was refused: {found['said']}"}
    return found


def well_formed(seed: int, path: Path) -> dict[str, Any]:
    """One well-formed filing: the rows and the cents are those that Python's csv and Decimal find."""
    return against_oracle(made.filing(random.Random(f"{FILINGS} {seed}")), path)


def against_oracle(filing: made.Written, path: Path) -> dict[str, Any]:
    """Read a filing and compare it with what is in it."""
    from unionscreen import compiled
    from unionscreen.filings import open_filing, read_block
    from unionscreen.filings.rows import blocks, parse

    path.write_bytes(filing.data)
    before = blocks.BLOCK_BYTES, parse.CHUNK_BYTES
    blocks.BLOCK_BYTES = parse.CHUNK_BYTES = filing.block  # type: ignore[misc]
    try:
        (opened,) = open_filing(path)
        parts = [read_block(task) for task in opened.tasks()]
        with mock.patch.dict(os.environ, {compiled.SWITCH: "0"}):
            careful = [read_block(task) for task in opened.tasks()]
        found = judged(*screened(path))
    finally:
        blocks.BLOCK_BYTES, parse.CHUNK_BYTES = before  # type: ignore[misc]
    rows, rejected = sum(each.rows_read for each in parts), sum(each.rejects.num_rows for each in parts)
    cents = sum(sum(each.column("amount_cents").to_pylist()) for each in parts)
    if "fault" in found:
        return found
    if any(
        one.rows() != other.rows() or one.rejects != other.rejects for one, other in zip(parts, careful, strict=True)
    ):
        return {"fault": "lost", "said": f"the library in C reads it differently ({filing.said})"}
    if found["outcome"] != "read":
        return {"fault": "lost", "said": f"a sound filing was refused: {found['said']} ({filing.said})"}
    seen, expected = (rows, rejected, cents, found["rows"]), (filing.rows, filing.rejected, filing.cents, filing.rows)
    if seen != expected:
        return {"fault": "lost", "said": f"(rows, rejected, cents, screened) {seen}, not {expected} ({filing.said})"}
    return found


def main() -> None:
    """Answer every line of standard input until it ends."""
    folder, answers = Path(sys.argv[1]), sys.stdout
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    children = 0
    for line in sys.stdin:
        job = json.loads(line)
        kind, seed = job["kind"], job["seed"]
        suffix = "csv" if kind == FILINGS else containers.KINDS[kind].suffix
        path = folder / f"input.{suffix}"
        peak_bytes()
        started = time.perf_counter()
        try:
            found = well_formed(seed, path) if kind == FILINGS else damaged(kind, seed, path)
        except Exception as error:  # noqa: BLE001 - the worker lives; what it is stands in the answer
            found = {"fault": "traceback", "said": f"{type(error).__name__}: {error}"}
        waited = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
        found |= {"seconds": time.perf_counter() - started, "memory": max(peak_bytes(), waited * (waited > children))}
        children = max(children, waited)
        found |= {"input": path.name, "bytes": path.stat().st_size if path.exists() else 0}
        answers.write(json.dumps(found) + "\n")
        answers.flush()
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
