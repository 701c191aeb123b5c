#!/usr/bin/env bash
# A good guess: an .ods cell formatted as currency is a number to pyexcel, as the same cell with a plain format is,
#   and as a currency cell of an .xlsx file is.
# What really happens: pyexcel-ods3 gives the text "1250.55 USD" for it, beside plain numbers of other cells.
# Versions: pyexcel-ods3 0.6.1 with pyexcel-ezodf 0.3.4, CPython 3.11; the sheet is written by odfpy 1.4.1.
# Seen: in a made-up sheet of gifts whose amounts were given the currency format of LibreOffice Calc, but for one.
# Why it matters here: code that adds up what is a number gets the total of the cells without a dollar sign only.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyexcel-ods3==0.6.1' 'pyexcel-ezodf==0.3.4' \
    'odfpy==1.4.1' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import pyexcel_ods3
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

table = Table(name="gifts")
for kind, value, shown in (
    ({"valuetype": "currency", "currency": "USD"}, 1250.55, "$1,250.55"),
    ({"valuetype": "currency", "currency": "USD"}, -250.0, "-$250.00"),
    ({"valuetype": "float"}, 900.0, "900"),
):
    cell = TableCell(value=value, **kind)
    cell.addElement(P(text=shown))
    row = TableRow()
    row.addElement(cell)
    table.addElement(row)
document = OpenDocumentSpreadsheet()
document.spreadsheet.addElement(table)
document.save("gifts.ods")

amounts = [cell for (cell,) in pyexcel_ods3.get_data("gifts.ods")["gifts"]]
total = sum(amount for amount in amounts if isinstance(amount, int | float))
print(*(f"{name} {version(name)}" for name in ("pyexcel-ods3", "pyexcel-ezodf", "odfpy")))
print("amounts:", amounts, "- total of the numbers:", total)
sys.exit(0 if (amounts, total) == (["1250.55 USD", "-250 USD", 900], 900) else "the behavior has changed")
PYTHON
echo "seen: a currency cell of 1250.55 is the text '1250.55 USD', a plain cell beside it a number"
