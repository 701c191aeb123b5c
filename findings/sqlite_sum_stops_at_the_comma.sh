#!/usr/bin/env bash
# A good guess: amounts written as 1,250.00 are either numbers after sqlite-utils has loaded the CSV and detected the
#   types, or SQLite refuses to add them up.
# What really happens: one such amount keeps the column text, without a word, and sum() of SQLite reads each text up
#   to the first character that is not part of a number: 1,250.00 counts as 1, ($250.00) and $75.50 as 0. Plain
#   amounts of the same column count in full. There is no error and no NULL.
# Versions: sqlite-utils 4.2.1, SQLite 3.40.1 (the one that Python has), CPython 3.11.
# Seen: in a made-up export with separators for thousands, loaded for Datasette.
# Why it matters here: the total of a donor is wrong exactly where the gifts are large, and it looks like a total.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'sqlite-utils==4.2.1' 2>/dev/null

cd "$work"
{
    echo 'donor,amount'
    echo 'Police Union,"1,250.00"'
    echo 'Police Union,"12,000.00"'
    echo 'Police Union,250.00'
    # shellcheck disable=SC2016  # a dollar sign of the data
    printf '%s\n' 'Police Union,$75.50' 'Police Union,($250.00)'
} >gifts.csv
"$work/venv/bin/sqlite-utils" insert gifts.db gifts gifts.csv --csv --silent
sum=$("$work/venv/bin/sqlite-utils" query gifts.db 'select sum(amount) from gifts' --raw)
"$work/venv/bin/sqlite-utils" --version
"$work/venv/bin/python" -c 'import sqlite3; print("SQLite", sqlite3.sqlite_version)'
echo "1,250.00 + 12,000.00 + 250.00 + \$75.50 + (\$250.00), sum: $sum"
if [ "$sum" != 263.0 ]; then
    echo "the behavior has changed" >&2
    exit 1
fi
echo "seen: amounts of \$13,325.50 in all add up to 263.0"
