#!/usr/bin/env bash
# A good guess: pyarrow.compute.binary_join_element_wise works row by row, so its answer is as long as its input. With
#   null_handling="skip" the documentation says that nulls are left out of the joined text: a row of nulls gives "".
# What really happens: a row whose parts are all null is left out of the answer. The answer is shorter than the input,
#   and every later row moves up by one, without an error.
# Versions: pyarrow 26.0.1, CPython 3.11.
# Seen: when first and last names of donors were joined into one column.
# Why it matters here: donors' names end up beside other rows' amounts. A gift is shown as another donor's.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyarrow==26.0.1' 'numpy==2.3.4' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import sys

import pyarrow as pa
import pyarrow.compute as pc

last = pa.array(["Doe", None, "Poe"])
first = pa.array(["Lee", None, "Ann"])
amount = pa.array([100, 200, 300])
joined = pc.binary_join_element_wise(last, first, ", ", null_handling="skip")
replaced = pc.binary_join_element_wise(last, first, ", ", null_handling="replace")

print("pyarrow", pa.__version__)
print("rows in:", len(amount), "- rows out with skip:", len(joined), joined.to_pylist())
print("rows out with replace:", len(replaced), replaced.to_pylist())
changed = len(joined) != 2 or joined.to_pylist() != ["Doe, Lee", "Poe, Ann"] or len(replaced) != 3
sys.exit("the behavior has changed" if changed else 0)
PYTHON
echo "seen: 3 rows in, 2 rows out; the second name of the answer belongs to the third row"
