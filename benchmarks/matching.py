"""Our matcher beside the tools that people use for this, on the same labelled names, in one run.

    pip install string-grouper tfidf-matcher splink        # the peers; those that are missing are named and left out
    .venv/bin/python benchmarks/matching.py [--labelled FOLDER]

Two tasks. *Class*: is this donor an officers' organization at all? On FOLDER/donors.csv (columns donor,label) and the
ordinary donors beside it; names of the list that are these very strings are withheld from every tool. *Identity*:
which one of the list? On tests/cases/donor_matches.csv. Every peer gets the list's names to compare with, and the
threshold at which it does best **on these very labels**, which favors it; ours gets none. Each tool runs in a process
of its own, so that seconds and megabytes are its own. Writes benchmarks/results/matching.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unionscreen.unions import UnionList

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).parent / "results" / "matching.json"
CASES = ROOT / "tests" / "cases" / "donor_matches.csv"

# A tool's answer for one name: its best score and the union it names.
Answer = tuple[float, str]
Tool = Callable[[Sequence[str], Sequence[str], Sequence[str]], list[Answer]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def listed_without(withheld: Sequence[str]) -> UnionList:
    """The list without those of its names that are asked about to the letter: nobody may look them up."""
    from unionscreen.unions import load_unions

    known, asked = load_unions(), {name.casefold() for name in withheld}
    kept = [alias for alias in known.aliases if alias.alias.casefold() not in asked]
    by_union = {
        key: tuple(a for a in value if a.alias.casefold() not in asked) for key, value in known.by_union.items()
    }
    return known._replace(aliases=kept, by_union=by_union)


def ours(names: Sequence[str], states: Sequence[str], withheld: Sequence[str]) -> list[Answer]:
    from unionscreen.matching import Matcher

    matcher = Matcher(listed_without(withheld))
    answers = (matcher.match(name, state=state or None) for name, state in zip(names, states, strict=True))
    return [(a.score if a.verdict == "union" else 0.0, a.union_id or "") for a in answers]


def aliases(withheld: Sequence[str]) -> tuple[list[str], list[str]]:
    known = listed_without(withheld)
    return [alias.alias for alias in known.aliases], [alias.union_id for alias in known.aliases]


def rapidfuzz_tool(scorer: str) -> Tool:
    def run(names: Sequence[str], _: Sequence[str], withheld: Sequence[str]) -> list[Answer]:
        import numpy as np
        from rapidfuzz import fuzz, process, utils

        listed, ids = aliases(withheld)
        lookup = [utils.default_process(alias) for alias in listed]
        answers = []
        for start in range(0, len(names), 500):
            queries = [utils.default_process(name) for name in names[start : start + 500]]
            scores = process.cdist(queries, lookup, scorer=getattr(fuzz, scorer), dtype=np.uint8)
            best = scores.argmax(axis=1)
            answers += [(float(scores[i, j]), ids[j]) for i, j in enumerate(best)]
        return answers

    return run


def string_grouper_tool(names: Sequence[str], _: Sequence[str], withheld: Sequence[str]) -> list[Answer]:
    import pandas as pd
    from string_grouper import match_strings

    listed, ids = aliases(withheld)
    found = match_strings(pd.Series(listed), pd.Series(list(names)), min_similarity=0.2, max_n_matches=1)
    best: list[Answer] = [(0.0, "")] * len(names)
    left, right = (
        next(c for c in found.columns if c.endswith("index") and c.startswith(side)) for side in ("left", "right")
    )
    for listed_at, name_at, score in zip(found[left], found[right], found["similarity"], strict=True):
        if score * 100 > best[name_at][0]:
            best[name_at] = (float(score) * 100, ids[listed_at])
    return best


def tfidf_matcher_tool(names: Sequence[str], _: Sequence[str], withheld: Sequence[str]) -> list[Answer]:
    import tfidf_matcher

    listed, ids = aliases(withheld)
    first = dict(zip(reversed(listed), reversed(ids), strict=True))
    distinct = list(dict.fromkeys(listed))
    found = tfidf_matcher.matcher(list(names), distinct, k_matches=1, ngram_length=3)
    confidence = next(c for c in found.columns if "onfidence" in c)
    match = next(
        c for c in found.columns if c.lower().startswith("lookup") and "onfidence" not in c and "ndex" not in c
    )
    return [(float(c) * 100, first.get(m, "")) for c, m in zip(found[confidence], found[match], strict=True)]


def splink_tool(names: Sequence[str], _: Sequence[str], withheld: Sequence[str]) -> list[Answer]:
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    listed, ids = aliases(withheld)
    left = pd.DataFrame({"unique_id": range(len(listed)), "name": [a.lower() for a in listed]})
    right = pd.DataFrame({"unique_id": range(len(names)), "name": [n.lower() for n in names]})
    for frame in (left, right):
        frame["first_word"] = frame["name"].str.extract(r"(\w+)", expand=False)
        frame["words"] = frame["name"].str.findall(r"\w{4,}").map(lambda found: sorted(set(found)))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.88, 0.8]),
            cl.ArrayIntersectAtSizes("words", [4, 3, 2, 1]),
        ],
        blocking_rules_to_generate_predictions=[block_on("first_word"), block_on("substr(name, 1, 6)")],
    )
    database = DuckDBAPI()
    linker = Linker([database.register(left), database.register(right)], settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_word"))
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    best: list[Answer] = [(0.0, "")] * len(names)
    for a, b, probability in zip(found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True):
        if probability * 100 > best[b][0]:
            best[b] = (float(probability) * 100, ids[a])
    return best


TOOLS: dict[str, Tool] = {
    "unionscreen": ours,
    "rapidfuzz token_set_ratio": rapidfuzz_tool("token_set_ratio"),
    "rapidfuzz WRatio": rapidfuzz_tool("WRatio"),
    "rapidfuzz token_sort_ratio": rapidfuzz_tool("token_sort_ratio"),
    "string_grouper": string_grouper_tool,
    "tfidf_matcher": tfidf_matcher_tool,
    "splink": splink_tool,
}


def f1(found: int, missed: int, false: int) -> float:
    return 2 * found / (2 * found + missed + false) if found else 0.0


def class_result(labels: Sequence[bool], scores: Sequence[float], *, fixed: float | None) -> dict[str, float]:
    """Precision, recall and F1 at the best threshold for these labels, or at a fixed one."""
    best: tuple[float, float] = (-1.0, 0.0)
    for threshold in [fixed] if fixed is not None else sorted({round(s) for s in scores if s > 0}):
        found = sum(label and score >= threshold for label, score in zip(labels, scores, strict=True))
        false = sum(not label and score >= threshold for label, score in zip(labels, scores, strict=True))
        best = max(best, (f1(found, sum(labels) - found, false), float(threshold)))
    threshold = best[1]
    found = sum(label and score >= threshold for label, score in zip(labels, scores, strict=True))
    false = sum(not label and score >= threshold for label, score in zip(labels, scores, strict=True))
    return {
        "threshold": threshold, "precision": round(found / max(found + false, 1), 4),
        "recall": round(found / max(sum(labels), 1), 4), "f1": round(best[0], 4),
    }  # fmt: skip


def measure(tool: str, folder: Path) -> dict[str, float | str]:
    """One tool on both tasks."""
    labelled = [row for row in rows(folder / "donors.csv") if row["label"] != "uncertain"]
    ordinary = [row["donor"] for f in ("negatives_random.csv", "hard_individuals.csv") for row in rows(folder / f)]
    names = [row["donor"] for row in labelled]
    cases = [row for row in rows(CASES) if row["label"] == "union"]
    fixed = 1.0 if tool == "unionscreen" else None
    started = time.perf_counter()
    answers = TOOLS[tool](names + ordinary, [""] * (len(names) + len(ordinary)), names)
    seconds = time.perf_counter() - started
    labels = [row["label"] in ("union", "mixed") for row in labelled]
    result: dict[str, float | str] = {"tool": tool}
    result |= class_result(labels, [score for score, _ in answers[: len(names)]], fixed=fixed)
    alarms = sum(score >= float(result["threshold"]) for score, _ in answers[len(names) :])
    result["alarms_per_10000"] = round(10_000 * alarms / len(ordinary), 1)
    named = TOOLS[tool]([row["name"] for row in cases], [row["state"] for row in cases], [])
    result |= {f"identity_{k}": v for k, v in identity_result(cases, named, fixed=fixed).items()}
    result["seconds"] = round(seconds, 2)
    result["names_per_second"] = round((len(names) + len(ordinary)) / seconds)
    result["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return result


def identity_result(cases: list[dict[str, str]], named: list[Answer], *, fixed: float | None) -> dict[str, float]:
    """Naming the right union, or none where none is on the list; at the best threshold, or at a fixed one."""
    best: dict[str, float] = {"f1": -1.0}
    for threshold in [fixed] if fixed is not None else range(40, 101):
        said = [union if score >= threshold else "" for score, union in named]
        right = sum(bool(s) and s == c["union_id"] for s, c in zip(said, cases, strict=True))
        wrong = sum(bool(s) and s != c["union_id"] for s, c in zip(said, cases, strict=True))
        missed = sum(bool(c["union_id"]) and s != c["union_id"] for s, c in zip(said, cases, strict=True))
        value = f1(right, missed, wrong)
        sisters = [s for s, c in zip(said, cases, strict=True) if not c["union_id"]]
        if value > best["f1"]:
            best = {
                "f1": round(value, 4), "precision": round(right / max(right + wrong, 1), 4),
                "sisters_misnamed": round(sum(map(bool, sisters)) / max(len(sisters), 1), 4),
            }  # fmt: skip
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path, default=ROOT.parent / "shared" / "data" / "labelled")
    parser.add_argument("--one", choices=[*TOOLS], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.labelled)))
        return
    results = []
    for tool in TOOLS:
        command = [sys.executable, __file__, "--one", tool, "--labelled", str(options.labelled)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{tool}: {done.stderr.strip().splitlines()[-1]}")
            continue
        results.append(json.loads(done.stdout.strip().splitlines()[-1]))
        print(results[-1], flush=True)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
