"""Seconds and memory for half a million distinct donors on one core, step by step.

    .venv/bin/python benchmarks/donors.py [FILE.csv.gz]

The file needs a column ``donor``. Writes benchmarks/results/donors.json, which docs/accuracy.md shows.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import resource
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.matching import load_matcher

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).parent / "results" / "donors.json"


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT.parent / "shared" / "data" / "donors.csv.gz")
    options = parser.parse_args()
    pa.set_cpu_count(1)
    with gzip.open(options.file, "rt", encoding="utf-8", newline="") as handle:
        names = pa.array(sorted({row["donor"] for row in csv.DictReader(handle)}))
    before, steps = megabytes(), {}
    started = time.perf_counter()
    matcher = load_matcher()
    steps["load the list"] = time.perf_counter() - started
    started = time.perf_counter()
    passed = names.filter(matcher.prefilter(names))
    steps["prefilter"] = time.perf_counter() - started
    started = time.perf_counter()
    answers = [matcher.match(name) for name in passed.to_pylist()]
    steps["match what passed"] = time.perf_counter() - started
    result = {
        "names": len(names),
        "passed": len(passed),
        "flagged": sum(answer.verdict == "union" for answer in answers),
        "related": sum(answer.verdict == "related" for answer in answers),
        "seconds": {step: round(value, 2) for step, value in steps.items()},
        "total_seconds": round(sum(steps.values()), 2),
        "mb_above_input": round(megabytes() - before),
        "mean_length": round(pc.mean(pc.utf8_length(names)).as_py(), 1),
    }
    print(json.dumps(result, indent=1))
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
