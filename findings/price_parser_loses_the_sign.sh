#!/usr/bin/env bash
# A good guess: price-parser reads "-$1,250.00" and the accountant's "($1,250.00)" as negative, or refuses them.
# What really happens: it reads both as 1250.00, and also "1,250.00-" and "-250.00". Nothing on the result says that
#   there was a sign.
# Versions: price-parser 0.5.1, CPython 3.11.
# Seen: while looking for a reader of the amount cells of state exports.
# Why it matters here: filings write returned gifts as negative amounts. A gift that was given back counts twice
#   instead of not at all.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'price-parser==0.5.1' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from price_parser import Price

TEXTS = ("$1,250.00", "-$1,250.00", "($1,250.00)", "1,250.00-", "-1250.00")
amounts = {text: str(Price.fromstring(text).amount) for text in TEXTS}
print("price-parser", version("price-parser"))
print(amounts)
sys.exit(0 if set(amounts.values()) <= {"1250.00"} else "the behavior has changed")
PYTHON
echo "seen: a returned gift of -\$1,250.00 is read as a gift of \$1,250.00"
