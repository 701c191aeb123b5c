"""Processor seconds and memory for 600,000 distinct donors in DuckDB: the function of docs/sql.md, and DuckDB's own.

    .venv/bin/python benchmarks/sql.py [FILE.csv.gz] [--rounds 3]

The donors of the file (a column ``donor``) are filled up with made-up ones, and each has a made-up state or none. Every
measurement is a process of its own with one thread, after start-up and the loading of the list and of the table. The
methods take turns, and the medians count. `jaro_winkler_similarity` compares each donor of a sample with each distinct
name of the list, in small letters; its time for all donors is computed from the sample. Writes
benchmarks/results/sql.json, which docs/sql.md shows.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from scale import donor_pool
from unionscreen.matching import load_matcher
from unionscreen.matching.places import STATE_NAMES

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).parent / "results" / "sql.json"
DONORS = 600_000
SAMPLE = 1_000  # donors that are compared with every name of the list


def page() -> dict[str, Any]:
    """What the first block of docs/sql.md defines: the function, registered in a database."""
    defined: dict[str, Any] = {}
    text = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
    exec(re.search(r"^```python\n(import.*?)^```", text, re.M | re.S)[1], defined)  # noqa: S102 - our own page
    return defined


def make(target: Path, real: Path | None) -> int:
    """Write the donors; how many of them are made up. A child's peak memory counts from its parent's: not in ours."""
    names = dict.fromkeys(donor_pool(DONORS, real) if real else ())
    given = len(names)
    for name in donor_pool(DONORS, None):
        if len(names) == DONORS:
            break
        names[name] = None
    rng = random.Random(19)  # noqa: S311 - test data
    states = [rng.choice([*sorted(STATE_NAMES), None]) for _ in names]
    pq.write_table(pa.table({"donor": [*names], "state": pa.array(states, pa.string())}), target)
    return DONORS - given


def by_function(database: duckdb.DuckDBPyConnection, _defined: dict[str, Any]) -> Any:
    """Each donor by the function, in SQL."""
    return database.sql(
        "SELECT answer.verdict, count(*) FROM (SELECT check_donor(donor, state, NULL) AS answer FROM donors)"
        "GROUP BY ALL"
    ).fetchall()


def whole_columns(database: duckdb.DuckDBPyConnection, defined: dict[str, Any]) -> Any:
    """The columns given to check_many at once."""
    rows = database.sql("FROM donors").to_arrow_table()
    found = defined["unionscreen"].check_many(rows["donor"], rows["state"])
    return [*found.verdict.value_counts().items()]


def jaro_winkler(database: duckdb.DuckDBPyConnection, _defined: dict[str, Any]) -> Any:
    """The nearest name of the list for each donor of the sample."""
    listed = sorted({alias.alias.lower() for alias in load_matcher().unions.aliases})
    database.register("listed", pa.table({"alias": listed}))
    donors = database.sql("FROM donors").to_arrow_table()["donor"].to_pylist()
    rng = random.Random(19)  # noqa: S311 - test data
    database.register("sample", pa.table({"donor": [name.lower() for name in rng.sample(donors, SAMPLE)]}))
    started = time.process_time()
    nearest = database.sql(
        "SELECT donor, max(jaro_winkler_similarity(donor, alias)) AS nearest FROM sample, listed GROUP BY donor"
    ).fetchall()
    return {"seconds": time.process_time() - started, "near": sum(score >= 0.9 for _, score in nearest)}


WAYS: dict[str, Callable[[duckdb.DuckDBPyConnection, dict[str, Any]], Any]] = {
    "check_donor": by_function,
    "check_many": whole_columns,
    "jaro_winkler_similarity": jaro_winkler,
}


def measure(way: str, donors: Path) -> None:
    """One way, in this process; prints what it cost. The list is loaded before, and so is the table."""
    pa.set_cpu_count(1)
    defined = page()
    database = defined["database"]
    database.execute("SET threads = 1")
    database.execute(f"CREATE TABLE donors AS FROM '{donors}'")
    load_matcher()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    answer = WAYS[way](database, defined)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if isinstance(answer, dict):  # of a sample: the comparison alone
        seconds = answer["seconds"]
    print(json.dumps({"seconds": seconds, "mb": peak / 1024, "mb_above": (peak - before) / 1024, "answer": answer}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        print(make(options.make, options.file))
        return
    if options.way:
        measure(options.way, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        donors = Path(folder) / "donors.parquet"
        file = [str(options.file)] if options.file else []
        making = [sys.executable, __file__, *file, "--make", str(donors)]
        made_up = int(subprocess.run(making, capture_output=True, check=True, text=True).stdout)
        found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _ in range(options.rounds):
            for way, runs in found.items():
                command = [sys.executable, __file__, str(donors), "--way", way]
                runs.append(json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout))
    middle = {way: {key: statistics.median(run[key] for run in runs) for key in ("seconds", "mb", "mb_above")}
              for way, runs in found.items()}  # fmt: skip
    counted = {tuple(sorted(map(tuple, run["answer"]))) for way in ("check_donor", "check_many") for run in found[way]}
    assert len(counted) == 1, counted
    per_donor = middle["jaro_winkler_similarity"]["seconds"] / SAMPLE
    result = {
        "donors": DONORS,
        "made_up": made_up,
        "aliases": len({alias.alias.lower() for alias in load_matcher().unions.aliases}),
        "sample": SAMPLE,
        "duckdb": duckdb.__version__,
        "rounds": options.rounds,
        "verdicts": dict(sorted(next(iter(counted)))),
        **{way: {key: round(value, 2) for key, value in each.items()} for way, each in middle.items()},
        "jaro_winkler_all_seconds": round(per_donor * DONORS),
        "ratio": {way: round(per_donor * DONORS / middle[way]["seconds"]) for way in ("check_donor", "check_many")},
    }
    print(json.dumps(result, indent=1))
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
