#!/usr/bin/env bash
# A good guess: the CSV of a saved query in Datasette holds all rows of the query, at the latest with _stream=on,
#   which makes the CSV of a table complete. A shortened CSV would say that it is.
# What really happens: it stops at 1,000 rows (max_returned_rows). _stream=on is accepted and changes nothing for a
#   query, and neither the file nor the headers of the answer say that rows are missing. The JSON of the query has
#   "truncated": true.
# Versions: Datasette 0.65.5, CPython 3.11.
# Seen: with a database of 3,000 flags and a saved query that lists them.
# Why it matters here: a reporter who downloads a query of a large report adds up its first 1,000 rows.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'datasette==0.65.5' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import asyncio
import sqlite3
import sys
from importlib.metadata import version

from datasette.app import Datasette

database = sqlite3.connect("report.db")
database.execute("CREATE TABLE flags (id INTEGER PRIMARY KEY, amount_cents INTEGER)")
database.executemany("INSERT INTO flags VALUES (?, ?)", [(number, 10_000) for number in range(3000)])
database.commit()
database.close()


async def seen() -> tuple[object, ...]:
    metadata = {"databases": {"report": {"queries": {"all": "SELECT * FROM flags"}}}}
    datasette = Datasette(["report.db"], metadata=metadata)
    await datasette.invoke_startup()
    table = await datasette.client.get("/report/flags.csv?_stream=on")
    query = await datasette.client.get("/report/all.csv?_stream=on")
    as_json = await datasette.client.get("/report/all.json")
    told = "truncat" in f"{query.text}{query.headers}".lower()
    rows = [len(answer.text.splitlines()) - 1 for answer in (table, query)]
    return *rows, query.status_code, told, as_json.json()["truncated"]


found = asyncio.run(seen())
print("datasette", version("datasette"))
print("rows of the table's CSV, rows of the query's CSV, status, told in the CSV, told in the JSON:", *found)
sys.exit(0 if found == (3000, 1000, 200, False, True) else "the behavior has changed")
PYTHON
echo "seen: of 3,000 rows, the CSV of a query has 1,000, with _stream=on too, and does not say so"
