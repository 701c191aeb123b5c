#!/usr/bin/env bash
# A good guess: petl.fromcsv gives text, so a comparison of a column with a number fails, as it does in Python, or the
#   text is read as a number.
# What really happens: petl puts values of different types in an order of its own, in which text is above every
#   number. selectgt(table, "amount", 500) keeps all gifts, selectlt(table, "amount", 500) keeps none, both without an
#   error.
# Versions: petl 1.7.30, CPython 3.11.
# Seen: while selecting large gifts from a made-up filing.
# Why it matters here: "all gifts above $500" gives every gift, and "all gifts below $500" gives none. Both look like
#   answers.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'petl==1.7.30' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sys
from pathlib import Path

import petl

Path("gifts.csv").write_text("donor,amount\nDoe,75.00\nRoe,1000.00\n")
gifts = petl.fromcsv("gifts.csv")
above = list(petl.values(petl.selectgt(gifts, "amount", 500), "donor"))
below = list(petl.values(petl.selectlt(gifts, "amount", 500), "donor"))
converted = petl.convert(gifts, "amount", float)
really_above = list(petl.values(petl.selectgt(converted, "amount", 500), "donor"))
print("petl", petl.__version__)
print("gifts: Doe 75.00, Roe 1000.00")
print("above 500:", above, "- below 500:", below, "- above 500 after convert:", really_above)
sys.exit(0 if (above, below, really_above) == (["Doe", "Roe"], [], ["Roe"]) else "the behavior has changed")
PYTHON
echo "seen: of a gift of \$75 and one of \$1,000, both are above 500, and none is below"
