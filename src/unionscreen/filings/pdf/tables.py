"""The rows of a PDF as tables, one per page. A row has the line number that it has on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from unionscreen.contributions import money_text
from unionscreen.filings.pdf.report import PdfReport
from unionscreen.filings.pdf.rows import PdfRow

# The header after its first column, which is the id of the format and so its signature.
PDF_COLUMNS: Final = (
    "Section", "Kind", "Date", "Name", "Amount", "Type", "Employer", "Occupation", "City", "State",
    "Recipient", "Recipient ID", "Candidate", "Office", "From", "To", "Given",
)  # fmt: skip


def page_tables(report: PdfReport) -> list[tuple[int, bytes]]:
    """The pages with rows to screen, and the table of each as CSV. Rows that are not gifts are left out.

    Args:
        report: a filing as read.
    """
    pages: dict[int, list[PdfRow]] = {}
    for row in report.screened:
        pages.setdefault(row.page, []).append(row)
    return [(number, _table(report, rows)) for number, rows in pages.items()]


def _table(report: PdfReport, rows: Sequence[PdfRow]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow((report.form.format.id, *PDF_COLUMNS))
    at = 1
    facts = report.facts
    for row in rows:
        at += 1
        while at < row.line:  # a blank line is not a row
            text.write("\n")
            at += 1
        writer.writerow(
            (
                report.form.name,
                row.section,
                row.kind,
                row.date,
                row.name,
                amount(row.cents),
                row.type,
                row.employer,
                row.occupation,
                row.city,
                row.state,
                facts.get("filer", ""),
                facts.get("filer_id", ""),
                facts.get("candidate", ""),
                facts.get("office", ""),
                facts.get("from", ""),
                facts.get("to", ""),
                "Y" if row.kind == "given" else "",
            )
        )
    return text.getvalue().encode("utf-8", "replace")


def amount(cents: int) -> str:
    """Cents as a plain number of dollars.

    >>> amount(-180005)
    '-1800.05'
    """
    return money_text(cents).replace("$", "").replace(",", "")
