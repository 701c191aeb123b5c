"""Draw the strip of the page with a row, for a report."""

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
# Points below and above the line of a row to show: a box of the forms is 55 points high.
_BELOW, _ABOVE = 34.0, 24.0


def draw_strips(path: str, rows: Sequence[tuple[int, int]], sha256: str | None = None) -> list[str]:
    """PNG pictures of the strips of rows, in base64, at most 40 kB each; an empty text if there is no picture.

    Args:
        path: the PDF as given.
        rows: the page and line of each row.
        sha256: of the file that was screened; other files are not drawn.
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
