#!/usr/bin/env bash
# A good guess: sheet_to_csv of SheetJS writes the values of the cells. LibreOffice's converter, csvkit's in2csv and
#   xlsx2csv all write 1250.55 for a cell of 1250.55 that is formatted without cents.
# What really happens: it writes what Excel would show: "1,251" under the format #,##0, and 1.3 under a format of
#   thousands. The cents, and with the latter the thousands, are in the workbook and not in the CSV.
# Versions: SheetJS (npm package xlsx) 0.18.5, the newest of the npm registry, Node 20; XlsxWriter 3.3.1 writes the
#   workbook and xlsx2csv 0.8.6 is there to compare with.
# Seen: in a made-up workbook of gifts in whole dollars, converted for a web page.
# Why it matters here: totals of such a CSV differ from those of the workbook by cents, or by a factor of 1,000.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'xlsxwriter==3.3.1' 'xlsx2csv==0.8.6' 2>/dev/null
npm install --silent --no-audit --no-fund --prefix "$work" 'xlsx@0.18.5' >/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import xlsxwriter

book = xlsxwriter.Workbook("gifts.xlsx")
sheet = book.add_worksheet()
for column, shown in enumerate(("General", "#,##0", "0.0,")):
    sheet.write_number(0, column, 1250.55, book.add_format({"num_format": shown}))
book.close()
PYTHON
by_sheetjs=$(node -e 'const X = require("xlsx"); const book = X.readFile("gifts.xlsx");
    process.stdout.write(X.utils.sheet_to_csv(book.Sheets[book.SheetNames[0]]))')
by_xlsx2csv=$("$work/venv/bin/xlsx2csv" gifts.xlsx | tr -d '\r')
echo "Node $(node --version), SheetJS $(node -p 'require("xlsx").version'), xlsx2csv $("$work/venv/bin/xlsx2csv" --version)"
echo "1250.55 formatted as General, #,##0 and 0.0,"
echo "SheetJS:  $by_sheetjs"
echo "xlsx2csv: $by_xlsx2csv"
if [ "$by_sheetjs" != '1250.55,"1,251",1.3' ] || [ "$by_xlsx2csv" != '1250.55,1250.55,1250.55' ]; then
    echo "the behavior has changed" >&2
    exit 1
fi
echo "seen: sheet_to_csv writes 1250.55 as 1,251 and as 1.3, as the cell's format shows it"
