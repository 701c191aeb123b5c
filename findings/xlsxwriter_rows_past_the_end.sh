#!/usr/bin/env bash
# A good guess: a sheet of Excel holds 1,048,576 rows. XlsxWriter raises an error, or warns, for a row beyond.
# What really happens: write() answers -1 and writes nothing. No error, no warning; the workbook closes well and opens
#   without its last rows.
# Versions: XlsxWriter 3.3.1, CPython 3.11.
# Seen: while looking for what a workbook of a whole cycle's contributions leaves out.
# Why it matters here: a year of a large state or of the FEC has more rows. The last ones, and their dollars, are missing from
#   the workbook, and nobody is told.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'xlsxwriter==3.3.1' 'openpyxl==3.1.5' 2>/dev/null

cd "$work"
"$work/venv/bin/python" -W error - <<'PYTHON'
import sys

import openpyxl
import xlsxwriter

book = xlsxwriter.Workbook("gifts.xlsx", {"constant_memory": True})
sheet = book.add_worksheet()
answers = [sheet.write(row, 0, 250.0) for row in (0, 1_048_575, 1_048_576, 1_048_577)]
book.close()
read = openpyxl.load_workbook("gifts.xlsx", read_only=True).active
amounts = [cell for (cell,) in read.iter_rows(values_only=True) if cell is not None]
print("xlsxwriter", xlsxwriter.__version__)
print("answers of write():", answers, "- amounts in the workbook:", amounts)
sys.exit(0 if (answers, amounts) == ([0, 0, -1, -1], [250.0, 250.0]) else "the behavior has changed")
PYTHON
echo "seen: four amounts written without an error, two in the workbook"
