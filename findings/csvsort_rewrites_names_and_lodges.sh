#!/usr/bin/env bash
# A good guess: csvsort sorts the rows of a CSV and leaves the cells as they are. csvkit may guess wrongly at numbers,
#   and its help says how to turn that off; words stay words.
# What really happens: a column of the names April, June and May is taken for dates, and csvsort writes 0001-04-01.
#   Lodge numbers like 1-2 become 2001-01-02, a note "4 weeks" becomes "28 days, 0:00:00", a ZIP code loses its zero.
#   csvjson does the same.
# Versions: csvkit 2.2.0 with agate 1.14.2, parsedatetime 2.6 and pytimeparse 1.1.8, CPython 3.11.
# Seen: while sorting a small made-up list of donors before reading it.
# Why it matters here: a donor or a lodge that was only sorted can no longer be matched, and one more row (a donor
#   named Doe) leaves the names alone, so a test on other rows does not show it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'csvkit==2.2.0' 'agate==1.14.2' \
    'parsedatetime==2.6' 'pytimeparse==1.1.8' 2>/dev/null

cd "$work"
{
    echo 'first,lodge,zip,note'
    echo 'April,1-2,02134,4 weeks'
    echo 'May,3-4,02135,2 days'
} >donors.csv
sorted=$("$work/venv/bin/csvsort" -c lodge donors.csv | sed -n 2p)
echo 'Doe,Lodge 5,02136,none' >>donors.csv
with_doe=$("$work/venv/bin/csvsort" -c lodge donors.csv | grep April)
"$work/venv/bin/csvsort" --version
echo "in:                     April,1-2,02134,4 weeks"
echo "out, of two rows:       $sorted"
echo "out, with a third row:  $with_doe"
if [ "$sorted" != '0001-04-01,2001-01-02,2134,"28 days, 0:00:00"' ] ||
    [ "$with_doe" != 'April,1-2,2134,"28 days, 0:00:00"' ]; then
    echo "the behavior has changed" >&2
    exit 1
fi
echo "seen: a donor named April and lodge 1-2 leave csvsort as dates of the years 1 and 2001"
