"""Read a PDF in a separate process, so that damage, too much memory or too much time ends only that process."""

from __future__ import annotations

import os
import subprocess
from array import array
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from unionscreen.errors import FilingError
from unionscreen.filings.pdf.page import PdfPage, PdfRule
from unionscreen.limited.starting import Reader, pieces
from unionscreen.pdfreader.limits import PDF

PDF_READER: Final = Reader("unionscreen.pdfreader.child", PDF, "the PDF", "filing")
_EXPORT: Final = "ask the agency for its export as CSV or Excel"
_PRINT: Final = "open it in a PDF viewer and print it to a new PDF, or ask the agency for its export"


@dataclass(frozen=True)
class PdfDocument:
    """The pages of a PDF, in order."""

    pages: list[PdfPage]
    attached: tuple[str, ...] = ()
    """Names of files within it, which are not opened."""


def read_document(file: BinaryIO, label: str) -> PdfDocument:
    """Read the words and lines of every page.

    Args:
        file: on disk, at its start.
        label: what an error calls it.

    Raises:
        FilingError: it is locked, damaged or too large, however the process ended.
    """
    size = os.fstat(file.fileno()).st_size
    try:
        done = PDF_READER.run(file)
    except subprocess.TimeoutExpired:
        raise FilingError(PDF_READER.too_much("time", size), source=label, hint=_PRINT) from None
    except OSError as error:
        raise FilingError(PDF_READER.not_started(error), source=label) from error
    try:
        found, end = pieces(done.stdout)
        pages = [_page(number, *each) for number, each in enumerate(found, 1)]
        how, said = end["end"], end.get("said")
    except (ValueError, KeyError, TypeError):
        raise FilingError(PDF_READER.death(done.returncode, done.stderr, size), source=label, hint=_PRINT) from None
    match how:
        case "read" if pages:
            return PdfDocument(pages, tuple(end.get("attached", ())))
        case "read":
            raise FilingError("the PDF has no pages", source=label, hint="did the download finish?")
        case "locked":
            raise FilingError("the PDF is locked with a password", source=label, hint=_PRINT)
        case "memory":
            raise FilingError(PDF_READER.too_much("memory", size), source=label, hint=_PRINT)
        case "large":
            raise FilingError(f"the PDF is too large to read: {said}", source=label, hint=_EXPORT)
        case _:
            raise FilingError(
                f"this is a PDF that is damaged and cannot be read: {said}",
                source=label,
                hint="download it again, or " + _PRINT,
            )


def _page(number: int, facts: dict[str, Any], content: bytes) -> PdfPage:
    text, *counts = facts["parts"]
    boxes, rules, marks = numbers = [array("f") for _ in counts]
    at = text
    for values, count in zip(numbers, counts, strict=True):
        values.frombytes(content[at : at + values.itemsize * count])
        at += values.itemsize * count
    return PdfPage(
        number=number,
        width=facts["width"],
        height=facts["height"],
        texts=content[:text].decode("utf-8"),
        boxes=boxes,
        rules=tuple(map(PdfRule, *(rules[side::4] for side in range(4)))),
        marks=tuple(map(PdfRule, *(marks[side::4] for side in range(4)))),
        images=facts["images"],
        ocr=facts["ocr"],
        objects=facts["objects"],
    )
