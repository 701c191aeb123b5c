"""What screening costs beside bare reading, and beside what one would do without this tool.

    .venv/bin/python benchmarks/scale.py [--rows 1 5 20] [--rounds 3] [--donors CSV] [--parts rows files ...]

Every figure is a whole process, start-up included, on files of the shape of Tennessee's export that are made once in
the temporary folder; competitors take turns, and the median counts. *Floor* is pyarrow's bare streaming read of the six
columns that a screening needs. `pandas + rapidfuzz` compares each distinct donor with each name of the list, as a
script would; it is timed on a sample and extrapolated, and the figure says so. Peak memory is that of the largest
process. *files* compares a folder of many small files with one file of the same rows, in processor time, and merges
many tiny blocks. Writes benchmarks/results/scale.json and docs/scale.svg, which docs/performance.md shows.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "scale.json"
PLOT = HERE.parent / "docs" / "scale.svg"
TEMPORARY = Path(tempfile.gettempdir())
FILES, ROWS_OF_FILE = 2_000, 200  # a researcher's folder of filings
SAMPLE = 400  # distinct donors that the naive script is timed on

FLOOR = """
import sys, pyarrow as pa, pyarrow.csv as pc
columns = ["Recipient Name", "Contributor Name", "Amount", "Date", "Contributor Occupation", "Contributor Employer"]
options = pc.ConvertOptions(include_columns=columns, column_types={c: pa.string() for c in columns})
reader = pc.open_csv(sys.argv[1], read_options=pc.ReadOptions(block_size=16 << 20), convert_options=options)
print(sum(batch.num_rows for batch in reader))
"""
# The default looks up only the donors of prosecutors' recipients, which no other way here does.
EVERY_DONOR = ("--recipients", "all")
OURS = "from unionscreen.cli import main; main()"
PROCESSES = """
from unionscreen import engine
if __name__ == "__main__":
    engine.THREADS = 0
    from unionscreen.cli import main
    main()
"""
NAIVE = f"""
import json, sys, time
import pandas as pd
from rapidfuzz import fuzz, process
from unionscreen.unions import load_unions
begun = time.perf_counter()
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
donors = frame["Contributor Name"].unique()
read = time.perf_counter() - begun
names = [alias.alias.lower() for alias in load_unions().aliases]
begun = time.perf_counter()
sample = pd.Series(donors).sample(min({SAMPLE}, len(donors)), random_state=1)
for donor in sample:
    process.extractOne(donor.lower(), names, scorer=fuzz.token_set_ratio, score_cutoff=90)
each = (time.perf_counter() - begun) / len(sample)
print(json.dumps({{"seconds": read + each * len(donors), "donors": len(donors), "read": read}}))
"""
# The blocks of so many small files are merged: each has one row, and tables of its own, as read blocks have.
MERGE = """
import json, sys, time
from dataclasses import replace
import pyarrow as pa
from unionscreen import pipeline, screen
from unionscreen.screening.merge import gather
found, usual = [], pipeline.screen_block
def kept(task, settings):
    found.append(usual(task, settings))
    return found[-1]
pipeline.screen_block = kept
screen(sys.argv[1])
block = found[0]
def blocks(count):
    for at in range(count):
        totals = pa.Table.from_pylist(block.totals.to_pylist(), block.totals.schema)
        yield replace(block, input_index=at, totals=totals, excluded={}, unlisted={}, unknown_sides={}, differing={})
def cpu(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun
count = int(sys.argv[2])
making = cpu(lambda: [None for _ in blocks(2000)]) / 2000 * count
print(json.dumps({"seconds": cpu(lambda: gather(blocks(count))) - making}))
"""
CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp://") as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def donor_pool(count: int, real: Path | None) -> list[str]:
    """Distinct donors: people and firms made up, one in 500 from the list; or the ones in a CSV with a column donor."""
    if real is not None:
        opener = gzip.open if real.suffix == ".gz" else open
        with opener(real, "rt", encoding="utf-8") as handle:
            return sorted({row["donor"] for row in csv.DictReader(handle) if row["donor"]})[:count]
    from unionscreen.unions import load_unions

    rng = random.Random(7)  # noqa: S311 - test data
    syllables = (
        "an ber cal dor el fin gar hol in jor kel lan mor nor ol per quin ros sal ter ul van wil yar zim".split()
    )
    word = lambda: "".join(rng.choices(syllables, k=rng.randint(2, 3))).upper()  # noqa: E731
    firms = ("CONSTRUCTION LLC", "& SONS INC", "LAW OFFICE PLLC", "REALTY", "PAC", "FARMS", "MEDICAL GROUP PC")
    aliases = [alias.alias for alias in load_unions().aliases]
    pool: dict[str, None] = dict.fromkeys(rng.sample(aliases, min(len(aliases), max(1, count // 500))))
    while len(pool) < count:
        name = (
            f"{word()} {rng.choice(firms)}" if rng.random() < 0.15 else f"{word()}, {word()} {rng.choice('ABCDEJLMR')}"
        )
        pool[name] = None
    names = list(pool)
    rng.shuffle(names)
    return names


def file_of(rows: int, donors: int, real: Path | None = None) -> Path:
    """The file of so many rows and distinct donors, made unless it is there.

    By a process of its own: a child's peak memory counts from what its parent held when it was started.
    """
    options = [str(rows), str(donors), *([str(real)] if real else [])]
    subprocess.run([sys.executable, __file__, "--make", *options], check=True)
    return _path(rows, donors, real)


def _path(rows: int, donors: int, real: Path | None) -> Path:
    return TEMPORARY / f"unionscreen_scale_{rows}_{donors}{'_real' if real else ''}.csv"


def make(rows: int, donors: int, real: Path | None) -> None:
    """Make the file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    path = _path(rows, donors, real)
    if path.exists():
        return
    rng = np.random.default_rng(11)
    pool = pa.array(donor_pool(donors, real))
    amounts = pa.array([f"${value:,.2f}" for value in np.exp(rng.normal(5, 1.3, 50_000))])
    days = np.datetime64("2010-01-01") + np.arange(5000)
    dates = pa.array([f"{day.month:02d}/{day.day:02d}/{day.year}" for day in days.astype(object)])
    recipients = pa.array([f"ROE{i}, JANE (DIST. ATTY.)" if i < 40 else f"CANDIDATE{i}, PAT" for i in range(2000)])
    streets = pa.array([f"{i} MAIN ST, NASHVILLE, TN, 372{i % 90:02d}" for i in range(1, 9999)])
    take: Callable[..., Any] = lambda values, n: values.take(pa.array(rng.integers(0, len(values), n)))  # noqa: E731
    part, writer = path.with_suffix(".part"), None
    for start in range(0, rows, 500_000):
        n = min(500_000, rows - start)
        who = np.minimum((rng.random(n) ** 1.6 * len(pool)).astype(np.int64), len(pool) - 1)
        columns = {
            "Type": take(pa.array(["Monetary"] * 9 + ["In-Kind"]), n),
            "Adj": pa.repeat("N", n),
            "Amount": take(amounts, n),
            "Date": take(dates, n),
            "Election Year": take(pa.array(["2014", "2018", "2022"]), n),
            "Report Name": take(pa.array(["1st Quarter", "Pre-General"]), n),
            "Recipient Name": take(recipients, n),
            "Contributor Name": pool.take(pa.array(who)),
            "Contributor Address": take(streets, n),
            "Contributor Occupation": take(pa.array(["RETIRED", "ATTORNEY", "POLICE OFFICER", ""]), n),
            "Contributor Employer": take(pa.array(["SELF", "CITY OF MEMPHIS", "HCA", ""]), n),
            "Description": pa.repeat("", n),
        }
        table = pa.table(columns)
        writer = writer or pa_csv.CSVWriter(str(part), table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    part.replace(path)


class Timed(NamedTuple):
    """What a command took, and what it printed."""

    seconds: float
    cpu: float
    """Seconds of all processors together."""
    mb: float
    """Of its largest process."""
    printed: bytes


def timed(command: Sequence[str]) -> Timed:
    """Run a command to its end."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out, subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)[:120]}: exit {process.returncode}")
        out.seek(0)
        return Timed(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read())


def compare(commands: dict[str, list[str]], rounds: int) -> dict[str, dict[str, float]]:
    """Medians of commands that take turns."""
    runs: dict[str, list[Timed]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(timed(command))
    return {
        name: {
            "seconds": statistics.median(each.seconds for each in found),
            "cpu": statistics.median(each.cpu for each in found),
            "mb": max(each.mb for each in found),
        }
        for name, found in runs.items()
    }


def python(code: str, *arguments: str | Path) -> list[str]:
    """A program for this interpreter."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def ours(path: Path, *options: str) -> list[str]:
    """Our command on a file."""
    return python(OURS, "screen", path, "--format", "json", *options)


def by_rows(million: Sequence[float], rounds: int, real: Path | None, *, dask: bool) -> list[dict[str, Any]]:
    """Reading and screening, by the number of rows."""
    script = TEMPORARY / "unionscreen_scale_processes.py"  # a spawned worker reads its main program again
    script.write_text(PROCESSES, encoding="utf-8")
    results = []
    for each in million:
        path = file_of(int(each * 1_000_000), 550_000, real)
        processes = [sys.executable, str(script), "screen", str(path), "--format", "json", "--workers", "2"]
        commands = {
            "floor": python(FLOOR, path),
            "one worker": ours(path, "--workers", "1"),
            "two threads": ours(path, "--workers", "2"),
            "two processes": processes,
            "every donor, two threads": ours(path, "--workers", "2", *EVERY_DONOR),
        }
        found = compare(commands, rounds)
        if dask:
            found["dask, two workers"] = on_a_cluster(path, rounds)
        results.append({"rows": int(each * 1_000_000), "mb": path.stat().st_size / 1e6, "found": found})
        print(json.dumps(results[-1]))
    return results


def on_a_cluster(path: Path, rounds: int) -> dict[str, float]:
    """Our command against a local Dask cluster of two workers that stands already."""
    script = TEMPORARY / "unionscreen_scale_cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cluster:
        if cluster.stdin is None or cluster.stdout is None:
            raise AssertionError("pipes were asked for")
        address = cluster.stdout.readline().decode().strip()
        found = compare({"dask": ours(path, "--scheduler", address)}, rounds)["dask"]
        cluster.stdin.close()
    return found


def by_others(rounds: int, real: Path | None) -> dict[str, Any]:
    """What one would do instead, on a million rows."""
    path = file_of(1_000_000, 550_000, real)
    words = "police|sheriff|fraternal order|benevolent|law enforcement|correction|patrol"
    found = compare({"grep": ["grep", "-ciE", words, str(path)], "ours": ours(path, *EVERY_DONOR)}, rounds)
    naive = timed(python(NAIVE, path))
    return {**found, "pandas + rapidfuzz": {**json.loads(naive.printed), "mb": naive.mb, "sample": SAMPLE}}


def by_growth(rounds: int) -> dict[str, list[dict[str, float]]]:
    """How the time grows with distinct donors, and with the list; a million rows each."""
    donors = []
    for count in (10_000, 100_000, 500_000, 1_000_000):
        found = compare({"ours": ours(file_of(1_000_000, count), *EVERY_DONOR)}, rounds)["ours"]
        donors.append({"donors": count, **found})
    unions = []
    for more in (0, 2_000, 10_000):
        overlay = TEMPORARY / f"unionscreen_scale_unions_{more}.csv"
        lines = [f"{name.title()} Police Officers Association" for name in donor_pool(more + 10, None)[:more]]
        overlay.write_text("union\n" + "".join(f'"{line}"\n' for line in lines), encoding="utf-8")
        options = [*EVERY_DONOR, *(["--unions", str(overlay)] if more else [])]
        found = compare({"ours": ours(file_of(1_000_000, 100_000), *options)}, rounds)["ours"]
        unions.append({"added": more, **found})
    return {"donors": donors, "unions": unions}


def small_files(path: Path, rows: int) -> Path:
    """A folder with the same rows in files of so many rows, made unless it is there."""
    folder = path.with_suffix("")
    if not folder.exists():
        part = folder.with_suffix(".part")
        part.mkdir(exist_ok=True)
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        for at in range(0, len(lines), rows):
            (part / f"{at // rows:06d}.csv").write_text("".join([header, *lines[at : at + rows]]), encoding="utf-8")
        part.replace(folder)
    return folder


def by_files(rounds: int, real: Path | None) -> dict[str, Any]:
    """A folder of small files beside one file with the same rows, and the merge of many tiny blocks."""
    one = file_of(FILES * ROWS_OF_FILE, 100_000, real)
    many = small_files(one, ROWS_OF_FILE)
    # The target has a folder of its own: a batch would read its result as a filing.
    with tempfile.TemporaryDirectory() as scratch:
        batch = lambda path: python(OURS, "batch", path, "--out", Path(scratch, "out.sqlite"))  # noqa: E731
        alone = Path(scratch, "alone")
        alone.mkdir()
        (alone / one.name).symlink_to(one)
        commands = {
            "screen, one file": ours(one), "screen, many": ours(many), "batch, one file": batch(alone),
            "batch, many": batch(many),
        }  # fmt: skip
        found = compare(commands, rounds)
        tiny = Path(scratch, "tiny.csv")
        tiny.write_text("".join(one.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
        merges = []
        for blocks in (16_000, 100_000):
            merged = timed(python(MERGE, tiny, str(blocks)))
            merges.append({"blocks": blocks, "mb": merged.mb, **json.loads(merged.printed)})
    return {"files": FILES, "rows": ROWS_OF_FILE, "found": found, "merges": merges}


def plot(results: list[dict[str, Any]]) -> str:
    """Seconds over rows as an SVG drawing, a line per way."""
    width, height, left, bottom, top = 640, 340, 60, 50, 20
    most_rows = max(each["rows"] for each in results)
    most = max(one["seconds"] for each in results for one in each["found"].values())
    x = lambda rows: left + rows / most_rows * (width - left - 150)  # noqa: E731
    y = lambda seconds: height - bottom - seconds / most * (height - bottom - top)  # noqa: E731
    colors = ("#777777", "#b3541e", "#1f5fa8", "#4b8f3a", "#7b3fa0", "#a0803f")
    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
            'font-size="12">'
        ),
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<path d="M{left} {top}V{height - bottom}H{width - 150}" fill="none" stroke="black"/>',
        f'<text x="{(left + width - 150) / 2:.0f}" y="{height - 12}" text-anchor="middle">million rows</text>',
        (
            f'<text x="16" y="{height / 2:.0f}" transform="rotate(-90 16 {height / 2:.0f})" text-anchor="middle">'
            "seconds</text>"
        ),
    ]
    for each in results:
        at = x(each["rows"])
        out.append(f'<text x="{at:.0f}" y="{height - bottom + 18}" text-anchor="middle">{each["rows"] / 1e6:g}</text>')
    for part in range(5):
        seconds = most * part / 4
        out.append(f'<text x="{left - 8}" y="{y(seconds) + 4:.0f}" text-anchor="end">{seconds:.0f}</text>')
    # Labels at the ends of the lines, moved apart where they would lie on each other.
    last = sorted(results[-1]["found"].items(), key=lambda pair: -pair[1]["seconds"])
    label_at = 0.0
    for name, found in last:
        color = colors[list(results[-1]["found"]).index(name) % len(colors)]
        points = [(x(each["rows"]), y(each["found"][name]["seconds"])) for each in results if name in each["found"]]
        line = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        label_at = max(label_at + 15, y(found["seconds"]) + 4)
        out.append(f'<text x="{points[-1][0] + 8:.0f}" y="{label_at:.0f}" fill="{color}">{name}</text>')
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    """Measure what was asked for, and keep the rest of what was measured before."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, nargs="+", default=[1, 5, 20], help="millions")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--donors", type=Path, help="real donors: a CSV with the column donor, .gz or not")
    parser.add_argument("--parts", nargs="+", default=["rows", "others", "growth", "dask", "files"])
    parser.add_argument("--make", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        rows, donors, *real = options.make
        make(int(rows), int(donors), Path(real[0]) if real else None)
        return
    known = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    known["machine"] = f"{len(os.sched_getaffinity(0))} processors, Python {sys.version.split()[0]}"
    if "rows" in options.parts:
        known["load"] = os.getloadavg()[0]  # a busy machine makes every figure worse
    if "rows" in options.parts:
        known["rows"] = by_rows(options.rows, options.rounds, options.donors, dask="dask" in options.parts)
        PLOT.write_text(plot(known["rows"]), encoding="utf-8")
    if "others" in options.parts:
        known["others"] = by_others(options.rounds, options.donors)
    if "growth" in options.parts:
        known["growth"] = by_growth(options.rounds)
    if "files" in options.parts:
        known["files"] = by_files(options.rounds, options.donors) | {"load": os.getloadavg()[0]}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
