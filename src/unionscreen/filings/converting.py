"""The rows of any filing as read, to compare with the page or the file: all of them, or a single one with its cells."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.contributions import COLUMNS
from unionscreen.errors import FilingError, MappingError, UsageError
from unionscreen.files import shown
from unionscreen.filings.files import cal, fec
from unionscreen.filings.files.archives import zip_members
from unionscreen.filings.files.sources import file_source
from unionscreen.filings.files.tables import ReadOptions
from unionscreen.filings.layouts.binding import NOBODY
from unionscreen.filings.layouts.private import has_private, is_private, without_cells, without_numbers
from unionscreen.filings.opening import filings_of, find_lookup_files, open_filing, open_path, survey
from unionscreen.filings.pdf.opening import agreed, is_pdf, row_note
from unionscreen.filings.pdf.report import PdfReport
from unionscreen.filings.pdf.tables import amount
from unionscreen.filings.rows.blocks import BlockTask, Filing, notes_of
from unionscreen.filings.rows.loading import block_text
from unionscreen.filings.rows.read import Block, read_block

# The first columns of the output; the other canonical columns follow.
OWN_COLUMNS: Final = ("page", "line", "section", "kind", "date", "name", "amount")
_CANONICAL: Final = tuple(name for name in COLUMNS if name not in ("kind", "date"))
CONVERTED_COLUMNS: Final = (*OWN_COLUMNS, *_CANONICAL, "note")
# For a cell of a column of cards, accounts or identity papers.
WITHHELD: Final = "(withheld)"


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
            self.notes = notes_of(self._filings)

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


@dataclass(frozen=True)
class FiledRow:
    """One row of a filing as filed, and how it is read.

    Args:
        source: the file, with the member or sheet.
        row: its number there.
        format: id and title of the format.
        line: the line of the file, where the container is lines that are rearranged for reading (``.fec``, ``.cal``).
        cells: heading and text of every cell, as filed.
        read: its contributions (or money paid out) under canonical names; none if it was rejected.
        columns: the headings that each canonical column is made of.
        rejected: why it could not be read as a contribution.
    """

    source: str
    row: int
    format: tuple[str, str]
    line: str | None
    cells: tuple[tuple[str, str], ...]
    read: tuple[Mapping[str, Any], ...]
    columns: Mapping[str, Sequence[str]]
    rejected: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; cells as pairs, because two columns may have one heading."""
        return {
            "source": self.source,
            "row": self.row,
            "format": self.format[0],
            "line": self.line,
            "filed": [list(cell) for cell in self.cells],
            "read": [
                {name: value if value is None or isinstance(value, (int, str)) else str(value)
                 for name, value in each.items()}
                for each in self.read
            ],
            "columns": {name: list(headings) for name, headings in self.columns.items()},
            "rejected": self.rejected,
        }  # fmt: skip


def filed_row(place: str, **options: Any) -> FiledRow:
    """The row at ``file:row``, as a flag names it.

    Args:
        place: the path, perhaps with ``!member`` or ``#Sheet``, a colon, and the row number.
        options: of ``open_filing``.

    Raises:
        UsageError: it is not a file and a row, the file holds several tables, or it has no such row.
        FilingError: it cannot be read.
    """
    source, _, number = place.rpartition(":")
    if not (source and number.isascii() and number.isdigit() and int(number)):
        raise UsageError(f"{place}: not FILE:ROW", hint="as a report writes it: filing.csv:12, book.xlsx#Sheet1:4")
    filing = _filing_at(source, options)
    wanted, start = int(number), 0
    for task in filing.tasks():
        block = read_block(task)
        if wanted <= start + block.lines:
            return _filed(filing, task, block, wanted, start)
        start += block.lines
    raise UsageError(f"{filing.source} has {start:,} rows", hint="row numbers begin with 1, the heading included")


def _filing_at(source: str, options: Mapping[str, Any]) -> Filing:
    """The table that a label names; the only one of a file may be named by the file alone."""
    path = next((each for each in _paths_in(source) if Path(each).exists()), source)
    if Path(path).is_dir():
        raise UsageError("is a folder", source=path, hint="name a file in it, as a report does")
    found = _opened(path, options)
    named = [each for each in found if each.source == shown(source)]
    if named or (len(found) == 1 and path == source):
        return (named or found)[0]
    if alone := _left_out(path, shown(source), options):
        return alone
    tables = ", ".join(each.source for each in found)
    raise UsageError(f"{source}: which table?", hint=f"it holds {tables}")


def _left_out(path: str, label: str, options: Mapping[str, Any]) -> Filing | None:
    """The table of an archive that was left out beside the others, as one that does not say who received.

    Raises:
        FilingError, MappingError: it cannot be read at all.
    """
    given = ReadOptions(
        options.get("filing_format"), options.get("mapping") or {}, options.get("recipient") or NOBODY,
        bool(options.get("accept_difference")),
    )  # fmt: skip
    opened = open_path(path, given)
    for file in opened.files:
        if label == file.label or label.startswith(f"{file.label}#"):
            found = filings_of(file, given, survey([opened])[0])
            named = [each for each in found if each.source == label]
            if named or (len(found) == 1 and label == file.label):
                return (named or found)[0]
    return None


def _paths_in(source: str) -> Iterator[str]:
    """The path of a label: whole, then without what follows a ``#`` or a ``!``, the longest first."""
    yield source
    for at in range(len(source) - 1, 0, -1):
        if source[at] in "#!":
            yield source[:at]


def _opened(path: str, options: Mapping[str, Any]) -> list[Filing]:
    """The filings in a file; with the lookup files beside it if it cannot be read alone."""
    try:
        return open_filing(path, **options)
    except FilingError:
        lookup_files = find_lookup_files([str(Path(path).parent)]) if Path(path).is_file() else {}
        if not lookup_files:
            raise
        return open_filing(path, **{**options, "lookup_files": lookup_files})
    except MappingError:
        if options.get("recipient") is not None:
            raise
        return open_filing(path, **{**options, "recipient": NOBODY})  # who received is not what is asked


def _filed(filing: Filing, task: BlockTask, block: Block, wanted: int, start: int) -> FiledRow:
    at = wanted - start - 1
    read = [row for each in (block, block.paid_out) if each is not None for row in _contributions(each, at)]
    rejects = block.rejects.filter(pc.equal(block.rejects["row"], pa.scalar(at, pa.int64()))).to_pylist()
    if not read and not rejects:
        raise UsageError(f"{filing.source}:{wanted} is a heading, a blank line or the rest of another row")
    columns = {name: made for name, made in filing.columns.items() if made != (f'"{NOBODY}"',)}
    return FiledRow(
        filing.source,
        wanted,
        (filing.format.id, filing.format.title),
        _line_of(filing, wanted),
        tuple(_cells(filing.headings, task, at, withhold_all=not read)),
        tuple(read),
        columns,
        _reason(rejects[0]["reason"], filing) if rejects and not read else None,
    )


def _contributions(block: Block, at: int) -> Iterator[dict[str, Any]]:
    positions = pc.indices_nonzero(pc.equal(block.column("row"), pa.scalar(at, pa.int64())))
    names = tuple(name for name in COLUMNS if name not in ("source", "row", "format"))
    for row in block.rows(positions, names).to_pylist():
        yield {name: None if value == NOBODY else value for name, value in row.items()}


def _reason(reason: str, filing: Filing) -> str:
    return without_cells(reason) if has_private(filing.headings) else reason


def _cells(header: Sequence[str], task: BlockTask, at: int, *, withhold_all: bool) -> Iterator[tuple[str, str]]:
    """The headings and the cells of the record that begins on this line of a block.

    In a file with columns of cards or accounts these are withheld, and with ``withhold_all`` every cell: in a row that
    cannot be read, cells may stand under other headings.
    """
    private = has_private(header)
    layout = task.layout
    lines = block_text(task).split("\n")[at:]
    if layout.quoting:
        fields = next(csv.reader((f"{line}\n" for line in lines), delimiter=layout.delimiter), [])
    else:
        fields = lines[0].split(layout.delimiter) if lines else []
    for number, (heading, text) in enumerate(itertools.zip_longest(header, fields, fillvalue=""), 1):
        if private:
            text = WITHHELD if withhold_all or is_private(heading) else without_numbers(text) or ""
        yield heading or f"column {number}", text.rstrip("\r")


def _line_of(filing: Filing, wanted: int) -> str | None:
    """The line of the file itself, for the containers that rearrange its fields."""
    table = filing.table.file  # its bytes are those of the rearranged table
    if table.path is None:
        return None
    label = shown(table.path)
    sources = [file_source(table.path, label)] if table.label == label else zip_members(table.path, label).sources
    file = next((each for each in sources if each.label == table.label), None)
    if file is None or not any(each.recognizes(file, file.start()) for each in (fec, cal)):
        return None
    line = file.whole().split(b"\n")[wanted - 1]
    return line.decode("utf-8", "backslashreplace").rstrip("\r")
