"""What a short command costs before it does its work, beside a Python that does nothing.

    .venv/bin/python benchmarks/start.py [--rounds 15] [--add NAME=COMMAND ...]

Every figure is the CPU time (user and system) of a whole process; the commands take turns, and the median counts. A
list six times as long is the shipped one with a user's own list of five times as many names. Before it is measured,
each command runs twice, a few seconds apart: the first run compiles the modules and saves the index of the list, which
every `check` has from its second run on. `--add` measures another command in the same run, such as an older version's.
Writes benchmarks/results/start.json, which docs/performance.md shows.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scale import OURS, donor_pool

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "start.json"
EXAMPLE = ROOT / "examples" / "netfile-avery.csv"
FLOOR = "python3 -c pass"
# A saved index is kept only of files that have not just changed.
SETTLED = 2.5  # seconds
LISTED = "Oakland Police Officers Association"
MISSPELLED = "San Deigo Police Offcers Assn PAC"
PERSON = "Jane Smith"


def longer_list(folder: Path, times: int) -> Path:
    """A user's own list that makes the whole list so many times as long."""
    from unionscreen.unions import load_unions

    more = (times - 1) * len(load_unions().aliases)
    names = [f"{name.title()} Police Officers Association" for name in donor_pool(more + 10, None)[:more]]
    own = folder / "own.csv"
    own.write_text("union\n" + "".join(f'"{name}"\n' for name in dict.fromkeys(names)), encoding="utf-8")
    return own


def commands(own: Path) -> dict[str, list[str]]:
    """What is measured, by its name in the table."""
    ours = [sys.executable, "-c", OURS]
    longer = ["--unions", str(own)]
    return {
        FLOOR: [sys.executable, "-c", "pass"],
        "`check`, a listed union": [*ours, "check", LISTED],
        "`check`, a person": [*ours, "check", PERSON],
        "`check`, a misspelled union": [*ours, "check", MISSPELLED],
        "`check`, a listed union, list six times as long": [*ours, "check", *longer, LISTED],
        "`check`, a person, list six times as long": [*ours, "check", *longer, PERSON],
        "`check`, a misspelled union, list six times as long": [*ours, "check", *longer, MISSPELLED],
        f"`screen`, {len(EXAMPLE.read_bytes().splitlines()) - 1} rows": [*ours, "screen", str(EXAMPLE)],
    }


def cpu(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of user and system time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure every command, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--add", action="append", default=[], metavar="NAME=COMMAND")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asked = commands(longer_list(Path(folder), 6))
        asked |= {name: shlex.split(command) for name, _, command in (each.partition("=") for each in options.add)}
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(2):
            time.sleep(SETTLED)
            for command in asked.values():
                cpu(command, environment)
        seconds: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(options.rounds):
            for name, command in asked.items():
                seconds[name].append(cpu(command, environment))
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    found = {
        name: {"ms": round(each * 1000, 1), "ratio": round(each / medians[FLOOR], 1)} for name, each in medians.items()
    }
    machine = f"{len(os.sched_getaffinity(0))} processors, Python {sys.version.split()[0]}"
    result = {"machine": machine, "rounds": options.rounds, "load": os.getloadavg()[0], "found": found}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
