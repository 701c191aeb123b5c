#!/usr/bin/env bash
# A good guess: csv-diff compares two versions of a CSV row by row. A row that is only in the older file is reported
#   as removed, and a key that occurs twice is an error.
# What really happens: it keeps one row per key, the last one, and without a key one row of each content. Rows that
#   repeat are gone before anything is compared. The tool prints nothing, which means "no difference".
# Versions: csv-diff 1.2, CPython 3.11.
# Seen: while comparing a made-up report with its amendment.
# Why it matters here: a donor's second equal gift of a day, and the rows of one transaction split over two lines, can
#   vanish from an amended report, and the comparison says that nothing changed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'csv-diff==1.2' 2>/dev/null

cd "$work"
printf 'id,donor,amount\nT1,Doe,5000.00\nT1,Doe,200.00\nT2,Roe,100.00\n' >report.csv
printf 'id,donor,amount\nT1,Doe,200.00\nT2,Roe,100.00\n' >amended.csv
printf 'donor,date,amount\nDoe,2024-01-02,100.00\nDoe,2024-01-02,100.00\n' >two.csv
printf 'donor,date,amount\nDoe,2024-01-02,100.00\n' >one.csv
by_key=$("$work/venv/bin/csv-diff" report.csv amended.csv --key=id)
by_content=$("$work/venv/bin/csv-diff" two.csv one.csv)
"$work/venv/bin/csv-diff" --version
echo "rows: $(wc -l <report.csv) and $(wc -l <amended.csv) lines; difference by key: '$by_key'"
echo "rows: $(wc -l <two.csv) and $(wc -l <one.csv) lines; difference by content: '$by_content'"
if [ -n "$by_key$by_content" ]; then
    echo "the behavior has changed" >&2
    exit 1
fi
echo "seen: a row of \$5,000 and one of two equal gifts are missing from the newer file; no difference is reported"
