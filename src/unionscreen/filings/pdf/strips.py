"""The strip of the page that a row came from, for a report."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from unionscreen.errors import FilingError
from unionscreen.filings.pdf.process import read_document
from unionscreen.limited.starting import Reader
from unionscreen.pdfreader.limits import PDF

_READER: Final = Reader("unionscreen.pdfreader.strips", PDF, "the PDF", "filing")
# Points below and above a row's line that are shown: a box of the forms is 55 points high.
_BELOW, _ABOVE = 34.0, 24.0


def draw_strips(path: str, rows: Sequence[tuple[int, int]], sha256: str | None = None) -> list[str]:
    """PNG pictures in base64 of rows' strips, each at most 40 kB; empty texts where there is none to be had.

    Args:
        path: the PDF as it was given.
        rows: page and line of each.
        sha256: of the file that was screened; of another one nothing is shown.
    """
    none = [""] * len(rows)
    try:
        data = Path(path).read_bytes()
        if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
            return none
        with Path(path).open("rb") as file:
            pages = read_document(file, path).pages
            wanted = []
            for number, line in rows:
                y = pages[number - 1].lines[line - 1].y
                wanted.append(f"{number}:{y - _BELOW:.1f}:{y + _ABOVE:.1f}")
            file.seek(0)
            done = _READER.run(file, *wanted)
    except (OSError, FilingError, IndexError, subprocess.TimeoutExpired):
        return none
    drawn = done.stdout.decode("ascii", "replace").split("\n")[:-1]
    return drawn if done.returncode == 0 and len(drawn) == len(rows) else none
