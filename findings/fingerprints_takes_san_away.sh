#!/usr/bin/env bash
# A good guess: fingerprints.remove_types takes legal forms like Inc., LLC or GmbH off a company's name and leaves a
#   name without one alone.
# What really happens: its list of forms holds "San", "International" and "Spa" too, and forms are removed anywhere in
#   the name. San Diego becomes "diego", San Jose "jose", and the International Union is "union".
# Versions: fingerprints 1.3.1, CPython 3.11.
# Seen: in the names of police unions of California.
# Why it matters here: unions named after San Jose, San Diego or San Francisco lose the half of the place that tells
#   them from a donor named Diego or Jose. A matcher on top of it finds other pairs than its users believe.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'fingerprints==1.3.1' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from fingerprints import remove_types

EXPECTED = {
    "San Diego Police Officers Association": "diego police officers association",
    "San Jose Police Officers Association": "jose police officers association",
    "Santa Ana Police Officers Association": "santa ana police officers association",
    "International Union of Police Associations": "union of police associations",
    "Sacramento Police Officers Association, Inc.": "sacramento police officers association",
}
print("fingerprints", version("fingerprints"))
found = {name: remove_types(name) for name in EXPECTED}
for name, left in found.items():
    print(f"{name} -> {left}")
sys.exit(0 if found == EXPECTED else "the behavior has changed")
PYTHON
echo "seen: San Diego is left as 'diego', and San Jose as 'jose'"
