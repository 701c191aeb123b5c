#!/usr/bin/env bash
# A good guess: DuckDB and Polars (with try_parse_dates=True) recognize a date like 10/01/24 or 10/01/2024. Where they
#   are not sure, they take the month first, as pandas does, or leave the text. The year is right in any case.
# What really happens: in a file with no day above 12, both take the day first: 10/02/2024 is February 10. With a year
#   of two digits, 10/01/24 is January 24, 2010, to DuckDB, and January 10 of the year 24 to Polars. One more row with
#   a later day, and DuckDB reads every date right; Polars then leaves the whole column as text. None of it is
#   reported.
# Versions: DuckDB 2.0.1, Polars 2.1.0, pandas 3.1.1 to compare with, CPython 3.11.
# Seen: in made-up exports of the first days of a reporting period.
# Why it matters here: the sum of the period is silently $0, and gifts show up in another month, or in years before
#   the campaign.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1' 'polars==2.1.0' 'pandas==3.1.1' \
    'numpy==2.3.4' 2>/dev/null

cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl


def first_date(*dates: str) -> list[str]:
    """The first of the dates of a file, as DuckDB, Polars and pandas read it."""
    Path("gifts.csv").write_text("\n".join(["donor,date", *(f"Doe,{date}" for date in dates), ""]))
    by_duckdb = duckdb.sql("SELECT date FROM 'gifts.csv'").fetchall()[0][0]
    by_polars = pl.read_csv("gifts.csv", try_parse_dates=True)["date"][0]
    by_pandas = pd.read_csv("gifts.csv", parse_dates=["date"])["date"][0].date()
    return [str(by_duckdb), str(by_polars), str(by_pandas)]


expected = {
    ("10/02/2024", "10/03/2024"): ["2024-02-10", "2024-02-10", "2024-10-02"],
    ("10/02/2024", "10/31/2024"): ["2024-10-02", "10/02/2024", "2024-10-02"],
    ("10/01/24", "10/02/24"): ["2010-01-24", "0024-01-10", "2024-10-01"],
    ("10/01/24", "10/31/24"): ["2024-10-01", "10/01/24", "2024-10-01"],
}
seen = {dates: first_date(*dates) for dates in expected}
print("duckdb", duckdb.__version__, "- polars", pl.__version__, "- pandas", pd.__version__)
for dates, read in seen.items():
    print(f"first date of {dates}: {read}")
sys.exit(0 if seen == expected else "the behavior has changed")
PYTHON
echo "seen: 10/01/24 is read by DuckDB as January 24, 2010, and by Polars as a day of the year 24"
