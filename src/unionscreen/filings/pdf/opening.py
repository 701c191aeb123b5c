"""A PDF as tables, one for each page with rows, so that a row's source is ``file.pdf#page:line``."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from unionscreen.contributions import DIFFERENCE_NOTE, OCR_NOTE
from unionscreen.errors import FilingError, MappingError, NoContributionsError
from unionscreen.filings.files.heads import sheet_head
from unionscreen.filings.files.sources import Source, Start, in_memory
from unionscreen.filings.files.tables import FileTables, ReadOptions, TextTable, always

if TYPE_CHECKING:
    from unionscreen.filings.pdf.report import PdfReport


def recognizes(source: Source, start: Start) -> bool:
    """Whether it is a PDF that is not packed."""
    return source.plain and is_pdf(start.data)


def is_pdf(head: bytes) -> bool:
    """Whether the first bytes are those of a PDF; some begin with a mark or a blank line."""
    return head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF")


def tables(source: Source, _start: Start, options: ReadOptions) -> FileTables:
    """The pages of a PDF with rows.

    Raises:
        FilingError: it cannot be read, does not agree with itself, or does not name the filer.
        MappingError: the user asks for another layout than that of its form.
    """
    from unionscreen.filings.pdf.tables import page_tables  # 20 ms, only when a PDF is read

    label = source.label
    report = agreed(
        Path(str(source.path)), label, recipient=options.recipient, accept_difference=options.accept_difference
    )
    form = report.form.format
    if not report.screened:
        raise NoContributionsError(
            "this report itemizes no contributions",
            source=label,
            hint="its schedules are empty and their lines say so; is it the right report?",
        )
    if form.refuse:
        raise FilingError(f"{report.form.name}: {form.refuse}", source=label)
    if options.mapping or options.filing_format not in (None, form.id):
        raise MappingError(f"a PDF is read by its form, which is {report.form.name}", source=label)
    if not report.facts.get("filer"):
        raise FilingError(
            "the name of the filer cannot be read on this form", source=label, hint="give it with --recipient"
        )
    found = []
    pages = report.page_texts
    for number, data in page_tables(report):
        text = pages[number - 1]
        head = sheet_head([*csv.reader(io.StringIO(data.decode("utf-8")))])
        lines = always(in_memory(source, data))
        note = row_note(ocr=text.text == "OCR", differs=bool(report.accepted))
        found.append(TextTable(source, [head], lines, len(data), str(number), format=form.id, page=text, row_note=note))
    return FileTables(
        found,
        "page",
        tuple(f"{label}: {note}" for note in report.notes),
        tuple(f"{label}: {each}" for each in report.accepted),
        pages,
    )


def row_note(*, ocr: bool, differs: bool) -> str:
    """What to check in each row of a page.

    Args:
        ocr: its text was read by OCR.
        differs: the form does not add up to its own totals.
    """
    return "; ".join([OCR_NOTE] * ocr + [DIFFERENCE_NOTE] * differs)


def agreed(path: Path, label: str, *, recipient: str | None = None, accept_difference: bool = False) -> PdfReport:
    """A PDF filing that agrees with itself.

    Args:
        path: the file.
        label: its name in errors.
        recipient: the filer, if the form does not name one.
        accept_difference: read it even if it does not agree; ``accepted`` then has the differences.

    Raises:
        FilingError: it cannot be read, or does not agree.
    """
    from unionscreen.filings.pdf.report import read_report

    report = read_report(path, label)
    filer = report.facts.get("filer")
    if recipient is not None and filer and filer != recipient:
        report.notes.append(f"--recipient is not used: the form names the filer, {filer}")
    elif recipient is not None:
        report.facts["filer"] = recipient
    if report.problems:
        if not accept_difference or not report.rows:
            raise report.refusal()
        report.accepted = tuple(f"DIFFERENCE ACCEPTED: {problem}" for problem in report.problems)
    return report
