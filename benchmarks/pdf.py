"""How long reading a page of a PDF takes, as a multiple of pypdfium2's bare text extraction of the same page.

    .venv/bin/python benchmarks/pdf.py [FILE.pdf ...] [--rounds 15]

Without files, the made-up form of docs/samples. Both are measured in one run, in turn, in CPU time, and the fastest
round of each counts. Then 1,000 pages are read as the tool reads them, in a process of its own, for the memory of both
processes.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2

from unionscreen.filings.pdf.process import read_document
from unionscreen.pdfreader.extract import extract

SAMPLE = Path(__file__).parents[1] / "docs" / "samples" / "roe-460.pdf"
PAGES = 1_000


def bare(page: Any) -> None:
    """The text alone."""
    text = page.get_textpage()
    text.get_text_range()
    text.close()


def seconds(data: bytes, read: Callable[[Any], object]) -> float:
    """The time for all pages, which includes that for loading each, without that for opening the file."""
    document = pypdfium2.PdfDocument(data)
    total = 0.0
    for at in range(len(document)):
        started = time.process_time()
        page = document[at]
        read(page)
        page.close()
        total += time.process_time() - started
    document.close()
    return total


def ratio(data: bytes, rounds: int) -> tuple[float, float]:
    """The fastest round of each, in seconds: bare text, and everything that a form needs."""
    found = [(seconds(data, bare), seconds(data, extract)) for _ in range(rounds)]
    return min(each for each, _ in found), min(each for _, each in found)


def memory(data: bytes) -> tuple[float, float]:
    """The most memory of this process and of the reader, in MB, for 1,000 pages."""
    whole = pypdfium2.PdfDocument(data)
    many = pypdfium2.PdfDocument.new()
    while len(many) < PAGES:
        many.import_pages(whole, [*range(min(len(whole), PAGES - len(many)))])
    out = io.BytesIO()
    many.save(out)
    with tempfile.TemporaryFile() as file:
        file.write(out.getvalue())
        file.seek(0)
        read_document(file, "1,000 pages")
    return tuple(resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main() -> None:
    """Measure, and print a line for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", default=[SAMPLE])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    for path in options.files:
        data = path.read_bytes()
        pages = len(pypdfium2.PdfDocument(data))
        text, everything = ratio(data, options.rounds)
        sys.stdout.write(
            f"{path.name}: {1000 * text / pages:.2f} ms a page bare, {1000 * everything / pages:.2f} ms read: "
            f"{everything / text:.2f} times\n"
        )
    here, there = memory(options.files[0].read_bytes())
    sys.stdout.write(f"{PAGES:,} pages of {options.files[0].name}: {here:.0f} MB here, {there:.0f} MB in the reader\n")


if __name__ == "__main__":
    main()
