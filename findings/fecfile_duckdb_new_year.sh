#!/usr/bin/env bash
# A good guess: the date of a contribution in a .fec file is a day without a time. fecfile gives it as a datetime, and
#   the year of that datetime is the year of the gift wherever the script runs.
# What really happens: fecfile makes it midnight of US/Eastern. DuckDB reads such a column as TIMESTAMP WITH TIME ZONE
#   and takes year() and ::DATE in the time zone of the session, which is the one of the machine. West of the Eastern
#   zone, each gift moves to the day before, and the gifts of January 1 to the year before.
# Versions: fecfile 0.9.1, DuckDB 2.0.1, pandas 3.1.1, pytz 2025.2, CPython 3.11.
# Seen: in sums per year of a made-up filing in a session with the time zone of Los Angeles.
# Why it matters here: an office in California gets other yearly totals than one in New York from the same file.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'fecfile==0.9.1' 'duckdb==2.0.1' 'pandas==3.1.1' \
    'numpy==2.3.4' 'pytz==2025.2' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import duckdb
import fecfile
import pandas as pd


def line(*cells: str, **at: str) -> str:
    cells = (*cells, *[""] * (45 - len(cells)))
    return "\x1c".join(at.get(f"c{number}", cell) for number, cell in enumerate(cells))


def gift(date: str, amount: str) -> str:
    return line("SA11AI", "C00999999", "T" + date, c5="IND", c7="Doe", c8="Ann", c19=date, c20=amount)


cover = "\x1c".join(["F3XN", "C00999999", "MADE-UP COMMITTEE"])
filing = "\n".join(["HDR\x1cFEC\x1c8.4\x1cMade-up\x1c1", cover, gift("20240101", "500.00"), gift("20240102", "250.00")])
gifts = pd.DataFrame(fecfile.loads(filing)["itemizations"]["Schedule A"])
QUERY = "SELECT year(contribution_date), sum(contribution_amount) FROM gifts GROUP BY 1 ORDER BY 1"
sums = {}
for zone in ("America/New_York", "America/Los_Angeles"):
    duckdb.sql(f"SET TimeZone = '{zone}'")
    sums[zone] = duckdb.sql(QUERY).fetchall()
    print(zone, "year and sum:", sums[zone])
print(*(f"{name} {version(name)}" for name in ("fecfile", "duckdb", "pandas")))
expected = [[(2024, 750.0)], [(2023, 500.0), (2024, 250.0)]]
sys.exit(0 if [*sums.values()] == expected else "the behavior has changed")
PYTHON
echo "seen: a gift of January 1, 2024 counts for 2023 where the session's time zone is that of Los Angeles"
