"""Tables in a web page. Some portals serve one under the name of a spreadsheet (Missouri's ``.xls``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final, NamedTuple

from unionscreen.errors import FilingError
from unionscreen.filings.files.contents import HTML, refuse_if_no_text, text_encoding
from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.sheets import tables_of_rows, to_csv
from unionscreen.filings.files.sources import Source, Start
from unionscreen.filings.files.tables import FileTables, ReadOptions

# Columns or rows that a cell may span; browsers accept no more than a thousand columns.
_SPAN: Final = re.compile("[0-9]{1,3}")
# Cells that spans may repeat or leave empty in all. Each is held in memory, and a page of filings has some hundred.
_MAX_SPANNED: Final = 1_000_000


# Bytes to examine when the page holds no table, to say what the file is.
_LOOKED_AT: Final = 4096


def recognizes(_source: Source, start: Start) -> bool:
    """Whether it is a web page, which may hold tables."""
    return bool(HTML.match(start.data)) and start.data.lstrip()[:5].lower() != b"<?xml"


def tables(source: Source, _start: Start, _options: ReadOptions) -> FileTables:
    """The tables of a web page that are not empty, numbered in the order of the page.

    Raises:
        FilingError: it holds none, or is damaged.
    """
    data = source.whole()
    encoding = text_encoding(data[:_LOOKED_AT])
    text = data.decode(encoding, "replace") if encoding else to_utf8(data)[0].decode("utf-8")
    page = read_tables(text, source.label)
    if not page.tables:
        refuse_if_no_text(data[:_LOOKED_AT], source.label)
    written = [(f"table {at}", rows, to_csv(rows), False) for at, rows in enumerate(page.tables, 1)]
    notes = [f"{source.label} ends within a table: did the download finish?"] if page.cut_off else []
    if page.repeated:
        notes.append(
            f"{source.label} has cells over several rows; they count in each: check that no amount is repeated so"
        )
    return FileTables(tables_of_rows(source, [each for each in written if each[2].strip()]), notes=tuple(notes))


class WebPage(NamedTuple):
    """What a page holds."""

    tables: list[list[list[str]]]
    """The tables that have rows, each as rows of cells."""
    cut_off: bool
    """Whether the page ends within a table."""
    repeated: bool
    """Whether a cell spans several rows: then it is repeated in each."""


@dataclass
class _Table:
    """A table whose rows are being read."""

    rows: list[list[str]]
    below: dict[int, tuple[int, str]]
    """By column: how many more rows a cell from above covers, and its text."""

    spanned: int = 0
    """Cells added by spans that are not counted yet."""

    def begin_row(self) -> None:
        self.end_row()
        self.rows.append([])

    def add(self, text: str, columns: int, rows: int) -> None:
        self._take_spanned()
        at = len(self.rows[-1])
        self.rows[-1] += [text] + [""] * (columns - 1)
        self.spanned += columns - 1
        if rows > 1:
            self.below |= {at + i: (rows, cell) for i, cell in enumerate(self.rows[-1][at:])}

    def end_row(self) -> None:
        if self.rows and self.rows[-1]:
            self._take_spanned()
        self.below = {at: (left - 1, text) for at, (left, text) in self.below.items() if left > 1}

    def _take_spanned(self) -> None:
        """Add the cells from above that also cover this row, up to the next free column."""
        row = self.rows[-1]
        while len(row) in self.below:
            row.append(self.below[len(row)][1])
            self.spanned += 1


class _Tables(HTMLParser):
    """Collects the rows of each table; a table in a cell is a table of its own."""

    def __init__(self, label: str | None) -> None:
        self._label = label
        self._spanned = 0
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.repeated = False
        self._open: list[_Table] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(_Table([], {}))
            self._open.append(self.tables[-1])
            self._cell = None
        elif tag == "tr" and self._open:
            self._close()
            self._open[-1].begin_row()
        elif tag in ("td", "th") and self._open:
            self._close()
            if not self._open[-1].rows:
                self._open[-1].begin_row()
            self._cell = []
            spans = [
                next((value or "" for name, value in attrs if name == wanted), "") for wanted in ("colspan", "rowspan")
            ]
            self._columns, self._rows = (max(1, int(each)) if _SPAN.fullmatch(each) else 1 for each in spans)
            self.repeated |= self._rows > 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._close()
        elif tag == "table" and self._open:
            self._close()
            self._open.pop().end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def parse_marked_section(self, i: int, report: int = 1) -> int:  # noqa: ARG002 - the signature is the parser's
        """Skip `<![…>`, whatever it holds. Python's own method raises for sections that it does not know."""
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else -1

    def close(self) -> None:
        """Add the last cell, too, where the page ends within it."""
        super().close()
        self._close()

    @property
    def cut_off(self) -> bool:
        """Whether the page ended within a table."""
        return bool(self._open)

    def _close(self) -> None:
        if self._cell is not None and self._open and self._open[-1].rows:
            self._open[-1].add(" ".join("".join(self._cell).split()), self._columns, self._rows)
            self._spanned += self._open[-1].spanned
            self._open[-1].spanned = 0
            if self._spanned > _MAX_SPANNED:
                raise FilingError(
                    f"cells of this web page span more than {_MAX_SPANNED:,} columns and rows in all",
                    source=self._label,
                    hint="open it in a spreadsheet program and save it as CSV",
                )
        self._cell = None


def read_tables(text: str, label: str | None = None) -> WebPage:
    """The tables of a page.

    Args:
        text: the page.
        label: its name, for messages.

    Raises:
        FilingError: its cells span more than any table holds, or its markup is damaged.

    >>> read_tables("<table><tr><th>Donor<th>Amount<tr><td>A &amp; B</td><td>$5</table>").tables
    [[['Donor', 'Amount'], ['A & B', '$5']]]
    """
    parser = _Tables(label)
    try:
        parser.feed(text)
        parser.close()
    except (AssertionError, ValueError) as error:  # what Python's parser raises when it cannot go on
        raise FilingError(
            f"the markup of this web page is damaged: {error}", source=label, hint="save the table in it as CSV"
        ) from error
    tables = [rows for table in parser.tables if (rows := [row for row in table.rows if row])]
    return WebPage(tables, parser.cut_off, parser.repeated)
