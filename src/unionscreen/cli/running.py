"""Options of commands that may run for a long time: where they run, and what they report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from unionscreen.reports.text import count

Workers = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Blocks at once; default: chosen from the input size.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Screen on a Dask cluster: tcp://host:8786 or tls://host:8786.")
]
Resume = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Keep finished blocks here; the same command continues from them.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors on standard error.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit 3 if a file in a folder or zip cannot be read; the rest is shown.")
]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")]


def screened_rows(manifests: Sequence[Mapping[str, Any]]) -> str:
    """How many rows were screened, for a summary, without those of recipients that were not looked up.

    >>> screened_rows([{"rows_screened": 9, "rows_rejected": 1, "not_looked_up": {"recipients": 2, "rows": 5}}])
    '4 rows screened, 1 not; 5 rows of 2 other recipients not looked up'
    """
    from unionscreen.reports.words import rows_looked_at

    rows = sum(rows_looked_at(each) for each in manifests if "rows_screened" in each)
    rejected = sum(each.get("rows_rejected", 0) for each in manifests)
    others = [each["not_looked_up"] for each in manifests if "not_looked_up" in each]
    said = f"{count(rows, 'row')} screened, {rejected:,} not"
    if not others:
        return said
    left, whose = (sum(each[name] for each in others) for name in ("rows", "recipients"))
    return f"{said}; {count(left, 'row')} of {count(whose, 'other recipient')} not looked up"
