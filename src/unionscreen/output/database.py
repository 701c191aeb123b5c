"""A SQLite database: every table, with keys, indexes and views. Datasette opens it as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import Final

from unionscreen.output.cells import utf8
from unionscreen.output.tables import Cell, ResultTable, ResultTables, TypedColumn, WriteOptions, with_organization

_TYPES: Final = {
    "text": "TEXT",
    "count": "INTEGER",
    "cents": "INTEGER",  # sums stay exact
    "score": "REAL",
    "date": "TEXT",
    "boolean": "INTEGER",
}


def write(result: ResultTables, _options: WriteOptions) -> bytes:
    """The database's bytes, built in memory; amounts are whole cents in columns that end in ``_cents``."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("BEGIN")
        for table in result.tables:
            _add(database, with_organization(table))
        for view in filter(str.strip, result.views.split(";")):
            database.execute(view)
        database.execute("COMMIT")
        database.execute("PRAGMA user_version = 1")
        return database.serialize()


def column_name(column: TypedColumn) -> str:
    """The column's name in the database: money says that it is in cents."""
    return f"{column.name}_cents" if column.type == "cents" else column.name


def _add(database: sqlite3.Connection, table: ResultTable) -> None:
    keys = table.keys
    parts = ["id INTEGER PRIMARY KEY"] * keys.numbered
    parts += [f'"{column_name(column)}" {_TYPES[column.type]}' for column in table.columns]
    parts += [f"PRIMARY KEY ({', '.join(keys.primary)})"] * bool(keys.primary and not keys.numbered)
    parts += [f"FOREIGN KEY ({own}) REFERENCES {other} ({key})" for own, (other, key) in keys.links.items()]
    database.execute(f'CREATE TABLE "{table.name}" ({", ".join(parts)})')
    names = ", ".join(f'"{column_name(column)}"' for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    database.executemany(
        f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608 - names are ours, values are bound
        (tuple(map(_value, row)) for row in table.rows),
    )
    for name in keys.indexed:
        database.execute(f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")')


def _value(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return utf8(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
