#!/usr/bin/env bash
# A good guess: csvs-to-sqlite --date reads a column as dates. What is not a day, such as 06/2024 or a year, is left
#   empty or becomes the first of the month or year.
# What really happens: the missing parts are those of today. On the 28th of a month, 06/2024 becomes 2024-06-28, and
#   on the next day 2024-06-29. A year gets the month and the day of today, and a quarter such as "Q1 2024" is a day
#   too.
# Versions: csvs-to-sqlite 1.3.1 with dateparser 1.5.0 and pandas 3.1.1, CPython 3.11.
# Seen: in a made-up export whose reporting periods were loaded with --date.
# Why it matters here: the same filing gives another database each day, and a comparison with a date, such as that of
#   a pledge, changes its answer overnight.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'csvs-to-sqlite==1.3.1' 'dateparser==1.5.0' \
    'pandas==3.1.1' \
    'numpy==2.3.4' 2>/dev/null

cd "$work"
printf 'donor,period\nDoe,07/2024\nRoe,2024\n' >gifts.csv
"$work/venv/bin/csvs-to-sqlite" gifts.csv gifts.db --date period >/dev/null
"$work/venv/bin/python" - <<'PYTHON'
import sqlite3
import sys
from datetime import date
from importlib.metadata import version

today = date.today()
periods = [period for (period,) in sqlite3.connect("gifts.db").execute("SELECT period FROM gifts ORDER BY rowid")]
print(*(f"{name} {version(name)}" for name in ("csvs-to-sqlite", "dateparser", "pandas")))
print(f"today: {today} - 07/2024 and 2024 became {periods}")
expected = [f"2024-07-{today.day:02}", f"2024-{today.month:02}-{today.day:02}"]
sys.exit(0 if periods == expected else "the behavior has changed")
PYTHON
echo "seen: 07/2024 becomes the day of July that the script is run on"
