#!/usr/bin/env bash
# A good guess: a sheet of Excel holds 1,048,576 rows. For a filing with more lines, fec2xlsx begins another sheet or
#   fails, as pandas and Polars do.
# What really happens: the lines beyond are dropped, without an error or a warning. XlsxWriter, which it writes with,
#   answers -1 for a row beyond the end, and fec2xlsx does not look at the answer. The workbook opens as if it were
#   whole.
# Versions: fec2xlsx 0.1.2 with XlsxWriter 3.3.1 and fecfile 0.9.1, CPython 3.11.
# Seen: while looking for what a workbook of all contributions leaves out; then with a made-up filing in fec2xlsx.
# Why it matters here: filings of the large conduit committees have more lines. The last gifts, and their dollars, are
#   missing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'fec2xlsx==0.1.2' 'xlsxwriter==3.3.1' \
    'fecfile==0.9.1' 2>/dev/null

cd "$work"
"$work/venv/bin/python" -W error - <<'PYTHON'
import sys
import zipfile
from importlib.metadata import version

from fec2xlsx.fec2xlsx import make_xlsx
from fecfile.fecparser import FecItem

LINES = 1_048_600  # 24 more than the rows of a sheet
gift = FecItem("itemization", {"form_type": "SA11AI", "contribution_amount": 250.0})
make_xlsx((gift for _ in range(LINES)), "filing.xlsx")
with zipfile.ZipFile("filing.xlsx") as book:
    sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
    rows = sum(book.read(name).count(b"<row ") for name in sheets)
print(*(f"{name} {version(name)}" for name in ("fec2xlsx", "xlsxwriter", "fecfile")))
print("gifts:", LINES, "- rows of all sheets, with the heading:", rows)
sys.exit(0 if rows == 1_048_576 else "the behavior has changed")
PYTHON
echo "seen: of 1,048,600 gifts, the workbook has 1,048,575, without an error"
