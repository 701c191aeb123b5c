#!/usr/bin/env bash
# A good guess: read_excel of Polars takes the type of a column from its first 100 rows. A later cell that does not
#   fit is an error, as in read_csv of Polars, or the column becomes text.
# What really happens: such a cell becomes null, without an error or a warning. An amount kept as text (1,250.00) is
#   no longer there, and sum() leaves it out. A lodge number 12A is lost the same way. Among the first 100 rows, the
#   same cell makes the whole column text.
# Versions: Polars 2.1.0 with fastexcel 0.21.0, CPython 3.11; the workbook is written by openpyxl 3.1.5.
# Seen: in a made-up workbook of 200 gifts, one of which a person had typed as text.
# Why it matters here: the one cell that somebody corrected by hand is the one that goes missing from the total.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0' 'fastexcel==0.21.0' \
    'openpyxl==3.1.5' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import openpyxl
import polars as pl


def last_row(rows: int) -> dict[str, object]:
    book = openpyxl.Workbook()
    book.active.append(["donor", "lodge", "amount"])
    for number in range(rows):
        book.active.append(["Doe", number, 100.5])
    book.active.append(["Roe", "12A", "1,250.00"])
    book.save("gifts.xlsx")
    return pl.read_excel("gifts.xlsx").tail(1).to_dicts()[0]


short, long = last_row(50), last_row(200)
print(*(f"{name} {version(name)}" for name in ("polars", "fastexcel", "openpyxl")))
print("last row of  51 rows:", short)
print("last row of 201 rows:", long)
expected = [{"donor": "Roe", "lodge": lodge, "amount": amount} for lodge, amount in (("12A", "1,250.00"), (None, None))]
sys.exit(0 if [short, long] == expected else "the behavior has changed")
PYTHON
echo "seen: text below 200 rows of numbers becomes null, without an error; below 50 rows it makes the column text"
