"""The tables of one workbook or web page beside each other: hidden ones, and those that are there twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from unionscreen.filings.files.sheets import to_csv
from unionscreen.workbooks.reading import Workbook


class Table(NamedTuple):
    """One table of a file that may hold several."""

    name: str
    head: Sequence[Sequence[str]]
    """Its first rows; at least as many as are looked at."""
    data: bytes
    """All of it as CSV, one line for each row."""
    hidden: bool = False

    @property
    def digest(self) -> bytes:
        """The same for tables with the same rows, wherever on their sheets they stand."""
        lines = (line.rstrip(b",") for line in self.data.split(b"\n"))
        return hashlib.sha256(b"\n".join(line for line in lines if line)).digest()


def of_workbook(workbook: Workbook) -> list[Table]:
    """The sheets of a workbook that are not empty, the visible ones first."""
    tables = [Table(sheet.name, sheet.head, sheet.csv, sheet.hidden) for sheet in workbook.sheets if sheet.csv.strip()]
    return sorted(tables, key=lambda table: table.hidden)


def of_page(tables: Iterable[list[list[str]]]) -> list[Table]:
    """The tables of a web page that are not empty, numbered as they stand on it."""
    made = [Table(f"table {at}", rows, to_csv(rows)) for at, rows in enumerate(tables, 1)]
    return [table for table in made if table.data.strip()]


def digests(tables: Sequence[Table]) -> list[bytes]:
    """What tells each table from the others; nothing is computed for one alone."""
    return [table.digest for table in tables] if len(tables) > 1 else [b""] * len(tables)
