"""The options of commands that may run long: where the work is done, and what is said meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Workers = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Blocks at once; by default as many as the input is worth.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Screen on a Dask cluster: tcp://host:8786 or tls://host:8786.")
]
Resume = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Keep finished blocks here; the same command goes on from them.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on standard error but errors.")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="No progress bar on a terminal.")]
