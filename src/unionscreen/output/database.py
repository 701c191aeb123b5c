"""A SQLite database: every table, with keys, indexes and views. Datasette opens it as it is.

A second file has what SQLite cannot hold: what each table and column means, facets and saved queries, as Datasette
reads them (https://docs.datasette.io/en/stable/metadata.html). Datasette 1.0 takes the same file as metadata and as
configuration, and reads the queries from the configuration.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final

from unionscreen.output.cells import utf8
from unionscreen.output.tables import (
    Cell,
    DatabaseQuery,
    ResultTable,
    ResultTables,
    TypedColumn,
    WriteOptions,
    in_cents,
    with_organization,
)
from unionscreen.output.text import to_json

_TYPES: Final = {
    "text": "TEXT",
    "count": "INTEGER",
    "cents": "INTEGER",  # sums stay exact
    "score": "REAL",
    "date": "TEXT",
    "boolean": "INTEGER",
}
_IN_CENTS: Final = "Columns that end in _cents hold whole US cents."


def write(result: ResultTables, _options: WriteOptions) -> bytes:
    """The database's bytes, built in memory; amounts are whole cents in columns that end in ``_cents``."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("BEGIN")
        for table in result.tables:
            _add(database, with_organization(table))
        for view in result.database.views:
            database.execute(f'CREATE VIEW "{view.name}" AS {view.sql}')
        database.execute("COMMIT")
        database.execute("PRAGMA user_version = 1")
        return database.serialize()


def column_name(column: TypedColumn) -> str:
    """The column's name in the database: money says that it is in cents."""
    return f"{column.name}_cents" if column.type == "cents" else column.name


def write_metadata(result: ResultTables, target: Path) -> bytes:
    """The metadata of the database, for Datasette, under the name that Datasette gives it.

    Args:
        result: as it was written.
        target: the database.
    """
    tables = {table.name: _described(with_organization(table)) for table in result.tables}
    views = {view.name: _titled(view) | _faceted(view.facets) for view in result.database.views}
    own = {
        "title": result.single.about if result.single else "",
        "description": " ".join(filter(None, (result.database.about, _IN_CENTS))),
        "tables": tables | views,
        "queries": {query.name: {"sql": query.sql} | _titled(query) for query in result.database.queries},
    }
    metadata = {"databases": {target.stem: {key: value for key, value in own.items() if value}}}
    return (to_json(metadata, indent=2) + "\n").encode()


def _described(table: ResultTable) -> dict[str, Any]:
    columns = {"id": "number in this table"} if table.keys.numbered else {}
    for column in table.columns:
        columns[column_name(column)] = in_cents(column.about) if column.type == "cents" else column.about
    shown = {"label_column": table.keys.label} if table.keys.label else {}
    described = {"title": table.title, "description": f"{table.about}.", "columns": columns}
    return described | shown | _faceted(table.keys.facets)


def _titled(query: DatabaseQuery) -> dict[str, Any]:
    return {"title": query.title, "description": query.about}


def _faceted(facets: tuple[str, ...]) -> dict[str, Any]:
    return {"facets": [*facets]} if facets else {}


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
