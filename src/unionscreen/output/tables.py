"""A result as tables with typed columns: what every format is written from.

Cells are plain values: money in whole cents, days as dates, None for unknown. Each format converts them to its own
types, so all formats hold the same rows and columns under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, NamedTuple, Protocol

CellType = Literal["text", "count", "cents", "score", "date", "boolean"]
Cell = str | int | float | date | None


class TypedColumn(NamedTuple):
    """A column: its name in data files, its type, and what it holds.

    Attributes:
        name: unique in its table.
        type: how the cells are written in each format.
        about: one phrase for readers of the data; a workbook shows it as a comment.
        width: characters, in a workbook; None is the usual one of its type.
        choices: the values that a person may enter in a workbook.
    """

    name: str
    type: CellType
    about: str = ""
    width: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Keys:
    """What a database knows about a table besides its columns.

    Args:
        primary: the columns that identify a row.
        links: column to the table and column that it leads to. SQLite takes the primary key where none is named, but
            then Datasette's pages fail.
        indexed: columns with an index of their own.
        numbered: whether the rows are numbered, in a column ``id``.
        facets: columns with few values, by which a browser of databases counts and filters the rows.
        label: the column that a key to this table is shown by; Datasette 1.0 would take a key of text itself.
    """

    primary: tuple[str, ...] = ()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()
    numbered: bool = False
    facets: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class ResultTable:
    """Rows under typed columns.

    Args:
        name: in data files.
        title: for readers, and the name of the sheet.
        about: what a row is.
        columns: what a row holds, in this order.
        rows: the cells.
        part: ``data`` is what was found, ``about`` describes the result itself, ``lookup`` serves the keys of a
            database.
        keys: for databases.
    """

    name: str
    title: str
    about: str
    columns: tuple[TypedColumn, ...]
    rows: Sequence[tuple[Cell, ...]]
    part: Literal["data", "about", "lookup"] = "data"
    keys: Keys = Keys()

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> list[Cell]:
        """The cells of one column."""
        at = self.names.index(name)
        return [row[at] for row in self.rows]

    def _repr_html_(self) -> str:
        """For notebooks: the first rows."""
        from unionscreen.output.html import html_table

        return html_table(self)


class DatabaseQuery(NamedTuple):
    """A question about the tables of a database: a view, or a query that is saved with them.

    Attributes:
        name: in the database.
        title: for readers.
        about: what a row of the answer is.
        sql: one SELECT over tables that every database of this result has.
        facets: as in :class:`Keys`.
    """

    name: str
    title: str
    about: str
    sql: str
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatabaseParts:
    """What a database of a result has besides the tables.

    Args:
        about: what a reader must know before the figures.
        views: kept in the database.
        queries: kept in its metadata file.
    """

    about: str = ""
    views: Sequence[DatabaseQuery] = ()
    queries: Sequence[DatabaseQuery] = ()


class ResultTables(Protocol):
    """What a command found, ready to be written in any format."""

    @property
    def tables(self) -> Sequence[ResultTable]:
        """Every table, findings first."""

    @property
    def single(self) -> ResultTable | None:
        """The table for formats that hold one; None if each table becomes a separate file."""

    @property
    def about(self) -> Mapping[str, Any]:
        """What accompanies the tables if the format has room for it: manifest, diary, notes."""

    @property
    def database(self) -> DatabaseParts:
        """Views and queries of a database."""


@dataclass(frozen=True)
class TableList:
    """A result that is its tables and nothing else."""

    tables: Sequence[ResultTable]
    single: ResultTable | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    database: DatabaseParts = DatabaseParts()

    @classmethod
    def of(cls, table: ResultTable) -> TableList:
        """The result of one table."""
        return cls((table,), table)


@dataclass(frozen=True)
class WriteOptions:
    """How a result is written.

    Args:
        width: columns of the terminal; only for lines of text.
        color: ANSI styles; only for lines of text.
        excel_safe: CSV for a spreadsheet: no text becomes a formula, a number or a date, and accents are kept.
        strips: a page shows the strip of the PDF page with each flag.
        read_back: a list that a person fills in or a program reads again: text stays as filed, but for formulas.
    """

    width: int = 100
    color: bool = False
    excel_safe: bool = False
    strips: bool = True
    read_back: bool = False


USUAL: Final = WriteOptions()


def in_cents(about: str) -> str:
    """What a column of money holds where it holds whole cents instead of dollars.

    >>> in_cents("US dollars; negative is money going back"), in_cents("gifts")
    ('US cents; negative is money going back', 'US cents: gifts')
    """
    return about.replace("US dollars", "US cents") if "US dollars" in about else f"US cents: {about}"


def with_organization(table: ResultTable) -> ResultTable:
    """The table with ``organization``, the same as ``union``, because UNION is a keyword of SQL."""
    if "union" not in table.names or "organization" in table.names:
        return table
    at = table.names.index("union")
    added = table.columns[at]._replace(name="organization", about="the same as union, for SQL without quotes")
    return replace(table, columns=(*table.columns, added), rows=[(*row, row[at]) for row in table.rows])
