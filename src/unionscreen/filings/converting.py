"""The rows of any filing as read, to compare with the page or the file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from unionscreen.contributions import COLUMNS
from unionscreen.files import shown
from unionscreen.filings.opening import open_filing
from unionscreen.filings.pdf.opening import agreed, is_pdf, row_note
from unionscreen.filings.pdf.report import PdfReport
from unionscreen.filings.pdf.tables import amount
from unionscreen.filings.rows.read import read_block

# The first columns of the output; the other canonical columns follow.
OWN_COLUMNS: Final = ("page", "line", "section", "kind", "date", "name", "amount")
_CANONICAL: Final = tuple(name for name in COLUMNS if name not in ("kind", "date"))
CONVERTED_COLUMNS: Final = (*OWN_COLUMNS, *_CANONICAL, "note")


class Converted:
    """The rows of a filing, with counts that are complete when all rows were read."""

    def __init__(self, path: str | Path, **options: Any) -> None:
        """Open a filing.

        Args:
            path: as for ``open_filing``.
            options: of ``open_filing``; ``accept_difference`` reads a PDF that does not agree with itself.

        Raises:
            FilingError: it cannot be read.
        """
        self.notes: list[str] = []
        self.rows_written = self.rows_rejected = 0
        self._path, self._options = path, options
        self._report: PdfReport | None = None
        if _starts_as_pdf(path):
            accept = bool(options.get("accept_difference"))
            recipient = options.get("recipient")
            self._report = agreed(Path(path), shown(path), recipient=recipient, accept_difference=accept)
            self.notes = [f"{shown(path)}: {note}" for note in (*self._report.accepted, *self._report.notes)]
        else:
            self._filings = open_filing(path, **options)
            self.notes = [note for filing in self._filings for note in filing.notes]

    def rows(self) -> Iterator[list[Any]]:
        """The rows, in the order of ``CONVERTED_COLUMNS``. They can be read once."""
        found = self._of_file() if self._report is None else _of_report(self._report)
        for row in found:
            self.rows_written += 1
            yield row

    def _of_file(self) -> Iterator[list[Any]]:
        for filing in self._filings:
            start = 0
            for task in filing.tasks():
                block = read_block(task)
                tables = [each.rows().to_pylist() for each in (block, block.paid_out) if each is not None]
                for row in sorted(itertools.chain.from_iterable(tables), key=itemgetter("row")):
                    row["row"] += start + 1
                    own = (
                        "", row["row"], "", row["kind"], row["date"] or "", row["contributor"] or "",
                        amount(row["amount_cents"]),
                    )  # fmt: skip
                    yield [*own, *(row[name] for name in _CANONICAL), ""]
                self.rows_rejected += block.rejects.num_rows
                start += block.lines


def _of_report(report: PdfReport) -> Iterator[list[Any]]:
    codes = report.form.format.columns["contributor_type"].codes
    facts, differs = report.facts, bool(report.accepted)
    for row in report.rows:
        canonical: dict[str, Any] = {
            "source": f"{report.source}#{row.page}",
            "row": row.line,
            "format": report.form.format.id,
            "recipient": "" if row.kind == "given" else facts.get("filer", ""),
            "recipient_id": "" if row.kind == "given" else facts.get("filer_id", ""),
            "candidate": facts.get("candidate", ""),
            "office": facts.get("office", ""),
            "contributor": facts.get("filer", "") if row.kind == "given" else row.name,
            "contributor_type": dict(codes).get(row.type, "unknown"),
            "employer": row.employer,
            "occupation": row.occupation,
            "city": row.city,
            "state": row.state,
            "amount_cents": row.cents,
            "memo": False,
        }
        own = (row.page, row.line, row.section, row.kind, row.date, row.name, amount(row.cents))
        yield [*own, *(canonical.get(name, "") for name in _CANONICAL), row_note(ocr=row.ocr, differs=differs)]


def _starts_as_pdf(path: str | Path) -> bool:
    file = Path(path)
    if not file.is_file():
        return False
    with file.open("rb") as handle:
        return is_pdf(handle.read(1024))
