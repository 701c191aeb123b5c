#!/usr/bin/env bash
# A good guess: basename of cleanco removes legal forms from the end of a name. A union of county employees keeps its
#   name.
# What really happens: "Co" and "Co." at the end are the form "Company". "Police Officers Association of San Mateo
#   Co." is left as that of San Mateo, the name of a city. "SA", "AS" and "AB" at the end go too.
# Versions: cleanco 2.3, CPython 3.11.
# Seen: while comparing names of unions as filings abbreviate them.
# Why it matters here: Los Angeles, San Mateo, Sacramento and many others are a city and a county with unions of their
#   own. A gift of the one is matched with the other.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cleanco==2.3' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from cleanco import basename

NAMES = ("Police Officers Association of San Mateo", "Police Officers Association of San Mateo Co.")
left = [basename(name) for name in NAMES]
spelled_out = basename("Police Officers Association of San Mateo County")
print("cleanco", version("cleanco"))
print(*(f"{name} -> {base}" for name, base in zip(NAMES, left, strict=True)), sep="\n")
print("spelled out ->", spelled_out)
expected = [NAMES[0], NAMES[0]], "Police Officers Association of San Mateo County"
sys.exit(0 if (left, spelled_out) == expected else "the behavior has changed")
PYTHON
echo "seen: the unions of a city and of the county of the same name have one base name"
