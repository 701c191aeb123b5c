#!/usr/bin/env bash
# A good guess: tablib reads the cells of an .ods sheet as it reads those of an .xlsx sheet: each cell's value, row by
#   row and column by column. The file format stores an equal neighbor once with a count (number-columns-repeated, as
#   LibreOffice writes it, and number-rows-repeated).
# What really happens: tablib ignores the counts. An amount that equals the total beside it is one cell, and the cells
#   after it move one column to the left; three equal rows are one row. It also reads the text that the cell shows,
#   not its value: 250.49 with a format without cents is read as 250.0. None of it is an error.
# Versions: tablib 3.10.0, odfpy 1.4.1 (which writes the sheet too), CPython 3.11; pandas 3.1.1 to compare with.
# Seen: in a list of gifts saved by LibreOffice Calc as .ods.
# Why it matters here: a donor's first gift equals the total to date. Its date ends up in the column of the
#   total, and repeated gifts and cents are missing from the sum.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'tablib==3.10.0' 'odfpy==1.4.1' 'pandas==3.1.1' \
    'numpy==2.3.4' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import tablib
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def cell(value: str | float, shown: str, **repeated: int) -> TableCell:
    kind = {"valuetype": "string"} if isinstance(value, str) else {"valuetype": "float", "value": value}
    made = TableCell(**kind, **repeated)
    made.addElement(P(text=shown))
    return made


def row(*cells: TableCell, **repeated: int) -> TableRow:
    made = TableRow(**repeated)
    for one in cells:
        made.addElement(one)
    return made


table = Table(name="gifts")
table.addElement(row(*(cell(name, name) for name in ("donor", "amount", "total", "city"))))
table.addElement(row(cell("Doe", "Doe"), cell(100.0, "100", numbercolumnsrepeated=2), cell("Salem", "Salem")))
table.addElement(row(cell("Roe", "Roe"), cell(250.49, "250"), cell(900.0, "900"), cell("Salem", "Salem")))
poe = (cell("Poe", "Poe"), cell(50.0, "50"), cell(150.0, "150"), cell("Salem", "Salem"))
table.addElement(row(*poe, numberrowsrepeated=3))
document = OpenDocumentSpreadsheet()
document.spreadsheet.addElement(table)
document.save("gifts.ods")

by_tablib = [*tablib.Dataset().load(Path("gifts.ods").read_bytes(), format="ods")]
by_pandas = [tuple(one) for one in pd.read_excel("gifts.ods", engine="odf").to_numpy().tolist()]
print(*(f"{name} {version(name)}" for name in ("tablib", "odfpy", "pandas")))
print("tablib:", by_tablib)
print("pandas:", by_pandas)
poe_read = ("Poe", 50.0, 150.0, "Salem")
expected = (
    [("Doe", 100.0, "Salem", ""), ("Roe", 250.0, 900.0, "Salem"), poe_read],
    [("Doe", 100.0, 100.0, "Salem"), ("Roe", 250.49, 900.0, "Salem"), poe_read, poe_read, poe_read],
)
sys.exit(0 if (by_tablib, by_pandas) == expected else "the behavior has changed")
PYTHON
echo "seen: of five gifts of \$500.49, tablib gives three of \$400.00, and a city in the column of the total"
