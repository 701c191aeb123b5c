"""Tables in a web page, as some portals give them under the name of a spreadsheet (Missouri's ``.xls``)."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

# Columns that a cell may span; browsers take no more than a thousand.
_SPAN: Final = re.compile("[0-9]{1,3}")


class _Tables(HTMLParser):
    """Collects the rows of each table; a table in a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self._open.append(self.tables[-1])
            self._cell = None
        elif tag == "tr" and self._open:
            self._close()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._close()
            if not self._open[-1]:
                self._open[-1].append([])
            self._cell = []
            span = next((value for name, value in attrs if name == "colspan"), None)
            self._span = int(span) if span and _SPAN.fullmatch(span) else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._close()
        elif tag == "table" and self._open:
            self._close()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        """Take in the last cell, too, where the page ends within it."""
        super().close()
        self._close()

    @property
    def cut_off(self) -> bool:
        """Whether the page ended within a table."""
        return bool(self._open)

    def _close(self) -> None:
        if self._cell is not None and self._open and self._open[-1]:
            text = " ".join("".join(self._cell).split())
            self._open[-1][-1] += [text] + [""] * (self._span - 1)
        self._cell = None


def read_tables(text: str) -> tuple[list[list[list[str]]], bool]:
    """The tables of a page that have rows, each as rows of cells; and whether the page ends within a table.

    >>> read_tables("<table><tr><th>Donor<th>Amount<tr><td>A &amp; B</td><td>$5</table>")
    ([[['Donor', 'Amount'], ['A & B', '$5']]], False)
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [rows for table in parser.tables if (rows := [row for row in table if row])], parser.cut_off
