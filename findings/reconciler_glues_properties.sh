#!/usr/bin/env bash
# A good guess: reconciler asks once for each distinct value of a column. With property_mapping it sends the property
#   of the row too, such as the donor's city.
# What really happens: for a value that stands in several rows, it sends the cities of all of them in one text, with
#   line breaks and the padding of a printed table between them. A missing city is sent as "None".
# Versions: reconciler 0.2.2, pandas 2.3.3, numpy 1.26.4, CPython 3.11. (With numpy 2, it fails at the first value
#   that has no candidate, as it uses a name that numpy no longer has.)
# Seen: in the requests for a made-up column of donors with their cities.
# Why it matters here: a service that compares cities finds none that is equal, and the donors with most gifts are the
#   ones whose union is not found.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'reconciler==0.2.2' 'pandas==2.3.3' \
    'numpy==1.26.4' 2>/dev/null

"$work/venv/bin/python" - 2>"$work/stderr" <<'PYTHON' || { cat "$work/stderr" >&2; exit 1; }
import json
import sys
from importlib.metadata import version

import pandas as pd
from reconciler import webutils

asked: list[str] = []


def answer(request: str, endpoint: str) -> dict[str, object]:
    asked.append(request)
    return {"0": {"result": []}}


webutils.perform_query = answer
donors = pd.Series(["Police Union", "Police Union", "Sheriffs Association", "Peace Officers League"])
cities = pd.Series(["Springfield", "Salem", "Salem", None])
webutils.return_reconciled_raw(donors, None, {"city": cities}, "stand-in")
queries = json.loads(json.loads(asked[0])["queries"]).values()
sent = {query["query"]: query["properties"][0]["v"] for query in queries}
print(*(f"{name} {version(name)}" for name in ("reconciler", "pandas", "numpy")))
print("cities sent:", sent)
expected = {
    "Police Union": "Springfield\n      Salem",
    "Sheriffs Association": "Salem",
    "Peace Officers League": "None",
}
sys.exit(0 if sent == expected else "the behavior has changed")
PYTHON
echo "seen: a donor in two rows is asked about with one city, a text of two lines with both"
