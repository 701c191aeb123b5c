#!/usr/bin/env bash
# A good guess: read_csv of Polars with try_parse_dates=True leaves a date alone that it cannot be sure of. Where it does
#   read 01/02/2024, the month comes first, as in pandas.
# What really happens: the day comes first. A file with no day above 12 gets dates with day and month swapped; with one day
#   above 12, the same column stays text. Neither is reported. Series.str.to_date() without a format reads the day first too.
# Versions: Polars 2.1.0, CPython 3.11; pandas 3.1.1 to compare with.
# Seen: in a made-up filing of US dates.
# Why it matters here: a gift of January 2 lands in February, thus in another reporting period or behind a pledge.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0' 'pandas==3.1.1' 'numpy==2.3.4' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import sys
from io import StringIO

import pandas as pd
import polars as pl

ROWS = "donor,date\nDoe,01/02/2024\nRoe,03/04/2024\n"


def dates(text: str) -> list[str]:
    return [str(value) for value in pl.read_csv(StringIO(text), try_parse_dates=True)["date"]]


early, late = dates(ROWS), dates(ROWS + "Poe,01/31/2024\n")
to_date = [str(value) for value in pl.Series(["01/02/2024"]).str.to_date()]
by_pandas = [str(value.date()) for value in pd.to_datetime(pd.Series(["01/02/2024", "03/04/2024"]))]
print("polars", pl.__version__, "- pandas", pd.__version__)
print("no day above 12: ", early)
print("one day above 12:", late)
print("str.to_date:     ", to_date)
print("pandas:          ", by_pandas)
expected = (
    ["2024-02-01", "2024-04-03"],
    ["01/02/2024", "03/04/2024", "01/31/2024"],
    ["2024-02-01"],
    ["2024-01-02", "2024-03-04"],
)
sys.exit(0 if (early, late, to_date, by_pandas) == expected else "the behavior has changed")
PYTHON
echo "seen: 01/02/2024 becomes February 1, unless another row has a day above 12; then the column is text"
