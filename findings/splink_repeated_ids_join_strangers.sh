#!/usr/bin/env bash
# A good guess: splink needs an id for each row. Where an id occurs twice, it refuses the table or warns.
# What really happens: it does neither. Pairs are found row by row, but clusters are made of ids: everything that is
#   paired with one row of an id is joined with the other rows of that id. Donors that no rule ever paired get one
#   cluster.
# Versions: splink 5.0.0, DuckDB 2.0.1, pandas 2.3.3, CPython 3.11.
# Seen: with the transaction ids of two made-up FEC filings as unique_id. A committee's software may begin at the same
#   number in each of its filings; an id is unique in its filing only.
# Why it matters here: two reports in one table are enough, and the gifts of one donor are added to another's.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'splink==5.0.0' 'duckdb==2.0.1' 'pandas==2.3.3' \
    'numpy==2.3.4' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - 2>"$work/stderr" <<'PYTHON' || { cat "$work/stderr" >&2; exit 1; }
import logging
import sys
import warnings

import pandas as pd
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

GIFTS = [  # two filings, in each of which the transactions begin at T1
    ("T1", "Ann Doe"), ("T2", "Max Roe"),
    ("T1", "Sam Moe"), ("T2", "Ann Doe"),
]  # fmt: skip
told: list[str] = []
handler = logging.Handler(logging.WARNING)
handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
logging.getLogger("splink").addHandler(handler)
warnings.showwarning = lambda message, *_: told.append(str(message))


def clusters(ids: list[str]) -> dict[str, int]:
    rows = pd.DataFrame({"unique_id": ids, "name": [name for _, name in GIFTS]})
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.ExactMatch("name")],
        blocking_rules_to_generate_predictions=[block_on("name")],
        probability_two_random_records_match=0.5,
    )
    database = DuckDBAPI()
    linker = Linker(database.register(rows), settings)
    pairs = linker.inference.predict()
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.5).as_pandas_dataframe()
    return found.groupby("name")["cluster_id"].first().value_counts().to_dict()


repeated = clusters([number for number, _ in GIFTS])
distinct = clusters([f"{row}" for row, _ in enumerate(GIFTS)])
about_ids = [text for text in told if "unique" in text.lower() and "duplicate" in text.lower()]
print("splink", splink.__version__)
print("ids that repeat: donors of each cluster", sorted(repeated.values()), "- messages about the ids:", about_ids)
print("ids of their own: donors of each cluster", sorted(distinct.values()))
seen = sorted(repeated.values()), sorted(distinct.values()), about_ids
sys.exit(0 if seen == ([3], [1, 1, 1], []) else "the behavior has changed")
PYTHON
echo "seen: Ann Doe, Max Roe and Sam Moe are one cluster when the ids of two filings repeat"
