#!/usr/bin/env bash
# A good guess: SQLite lets a foreign key leave out the column it refers to ("REFERENCES unions"): it then means the
#   primary key, and PRAGMA foreign_key_list gives NULL for that column. A browser of SQLite files shows such tables.
# What really happens: Datasette answers the table's page with Error 500, as soon as the table has a row. The JSON of
#   the same table is fine, so a test that asks for JSON sees nothing.
# Versions: Datasette 0.65.5 (the newest stable release in November 2026), CPython 3.11.
# Seen: in a report written as SQLite, whose flags refer to a table of organizations.
# Why it matters here: reporters publish such files with Datasette; the page of findings is the one that fails.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'datasette==0.65.5' 2>/dev/null

cd "$work"
# Datasette writes a traceback for each Error 500; it is shown only when the behavior has changed.
"$work/venv/bin/python" - 2>"$work/stderr" <<'PYTHON' || { cat "$work/stderr" >&2; exit 1; }
import asyncio
import sqlite3
import sys
from importlib.metadata import version

from datasette.app import Datasette


def make(path: str, reference: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE unions (union_id TEXT PRIMARY KEY, name TEXT);"
        f"CREATE TABLE flags (donor TEXT, union_id TEXT REFERENCES {reference});"
        "INSERT INTO unions VALUES ('u1', 'Springfield Police Union');"
        "INSERT INTO flags VALUES ('SPRINGFIELD POLICE UNION', 'u1');"
    )
    database.close()


async def statuses(path: str) -> list[int]:
    name = path.removesuffix(".db")
    client = Datasette([path]).client
    return [(await client.get(f"/{name}/flags{end}")).status_code for end in ("", ".json")]


make("implicit.db", "unions")
make("explicit.db", "unions (union_id)")
implicit, explicit = (asyncio.run(statuses(path)) for path in ("implicit.db", "explicit.db"))
print("datasette", version("datasette"))
print("REFERENCES unions:            page, JSON =", implicit)
print("REFERENCES unions (union_id): page, JSON =", explicit)
sys.exit(0 if (implicit, explicit) == ([500, 200], [200, 200]) else "the behavior has changed")
PYTHON
echo "seen: the page of a table whose foreign key names no column is Error 500, its JSON is not"
