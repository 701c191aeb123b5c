"""The long run: ``make fuzz``, or ``PYTHONPATH=tests python -m fuzz --inputs 10000``."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from pathlib import Path

from fuzz import containers, driver, kills
from fuzz.worker import FILINGS

# One input in so many is a command that is killed.
KILLED = 100


def main() -> int:
    """Run, print the summary and what failed; 1 when anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first input of each kind")
    parser.add_argument("--kind", choices=[FILINGS, *containers.KINDS, *kills.COMMANDS], help="only this kind")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kept", type=Path, default=Path("build/fuzz"), help="the folder of inputs that failed")
    options = parser.parse_args()
    started = time.perf_counter()
    commands = [each for each in kills.COMMANDS if options.kind in (None, each)]
    kinds = [each for each in driver.every_kind() if options.kind in (None, each)]
    deaths = options.inputs // KILLED if kinds and commands else options.inputs * bool(commands)
    killed: dict[str, driver.Tally] = {}

    def kill() -> None:
        for command, seed in driver.jobs(commands, deaths, options.seed):
            answer = kills.killed(command, seed, options.kept)
            killed.setdefault(command, driver.Tally()).add(answer, f"{command} --seed {seed}")

    beside = threading.Thread(target=kill)
    beside.start()
    tallies = driver.run(driver.jobs(kinds, options.inputs - deaths, options.seed), options.kept, options.workers)
    beside.join()
    failures = [each for tally in [*tallies.values(), *killed.values()] for each in tally.failures]
    if tallies:
        sys.stdout.write(driver.table(tallies) + "\n\n")
    if killed:
        sys.stdout.write(driver.table(killed, "command", "killed") + "\n")
    sys.stdout.write(f"\nseed {options.seed}, {time.perf_counter() - started:.0f} s\n")
    for each in failures:
        sys.stdout.write(f"FAILED {each}\n")
    if failures:
        sys.stdout.write(f"The inputs that failed are in {options.kept}.\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
