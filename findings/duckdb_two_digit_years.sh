#!/usr/bin/env bash
# A good guess: read_csv of DuckDB recognizes dates like 01/02/24. Where month and day could be swapped, the worst that can
#   happen is a swapped month and day; the year is 2024 in any case.
# What really happens: in a file with no day above 12, the first number is taken for the year. 10/01/24 becomes January 24,
#   2010. One more row with a later day (10/31/24), and every date of the file is right.
# Versions: DuckDB 2.0.1, CPython 3.11.
# Seen: in a made-up export of the first days of a reporting period, with dates as MM/DD/YY.
# Why it matters here: the sum of a period is silently $0, and the gifts show up in years before the campaign.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sys
from pathlib import Path

import duckdb

ROWS = "donor,date,amount\nDoe,10/01/24,100.00\nRoe,10/02/24,250.00\n"


def years(text: str) -> list[tuple[object, ...]]:
    Path("gifts.csv").write_text(text)
    return duckdb.sql("SELECT year(date), sum(amount) FROM 'gifts.csv' GROUP BY 1").fetchall()


early, late = years(ROWS), years(ROWS + "Poe,10/31/24,75.00\n")
print("duckdb", duckdb.__version__)
print("year and sum, October 1 and 2:      ", early)
print("year and sum, October 1, 2 and 31:  ", late)
sys.exit(0 if (early, late) == ([(2010, 350.0)], [(2024, 425.0)]) else "the behavior has changed")
PYTHON
echo "seen: gifts of October 2024 are read as gifts of January 2010, until a row has a day above 12"
