"""Processor seconds and memory for half a million distinct donors on one core, step by step.

In the same run, rapidfuzz's ``token_set_ratio`` compares a sample of them with each name of the list.

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
from rapidfuzz import fuzz, process, utils

from unionscreen.matching import load_matcher

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 400  # donors that rapidfuzz is timed on
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
    started = time.process_time()
    matcher = load_matcher()
    steps["load the list"] = time.process_time() - started
    started = time.process_time()
    found = matcher.prefilter(names)
    steps["prefilter"] = time.process_time() - started
    started = time.process_time()
    passed = names.filter(matcher.worth_matching(names, found))
    steps["check their words"] = time.process_time() - started
    started = time.process_time()
    answers = [matcher.match(name) for name in passed.to_pylist()]
    steps["match what passed"] = time.process_time() - started
    seconds = sum(steps.values())
    listed = [utils.default_process(alias.alias) for alias in matcher.unions.aliases]
    sample = [utils.default_process(name) for name in names.to_pylist()[:: len(names) // SAMPLE]]
    started = time.process_time()
    process.cdist(sample, listed, scorer=fuzz.token_set_ratio, workers=1)
    theirs = len(sample) / (time.process_time() - started)
    result = {
        "names": len(names),
        "prefiltered": pc.sum(found).as_py(),
        "passed": len(passed),
        "flagged": sum(answer.verdict == "union" for answer in answers),
        "related": sum(answer.verdict == "related" for answer in answers),
        "seconds": {step: round(value, 2) for step, value in steps.items()},
        "total_seconds": round(seconds, 2),
        "names_per_second": round(len(names) / seconds),
        "token_set_ratio_per_second": round(theirs),
        "mb_above_input": round(megabytes() - before),
        "mean_length": round(pc.mean(pc.utf8_length(names)).as_py(), 1),
    }
    print(json.dumps(result, indent=1))
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
