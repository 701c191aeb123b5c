"""A SQLite database: tables with keys and indexes, views in dollars. Datasette opens it as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Final

from unionscreen.reports.options import Options
from unionscreen.reports.tables import Cell, Column, Table, tables

if TYPE_CHECKING:
    from unionscreen.screening import Screening

_TYPES: Final = {
    "text": "TEXT",
    "integer": "INTEGER",
    "money": "INTEGER",  # cents: sums stay exact
    "score": "REAL",
    "date": "TEXT",
    "boolean": "INTEGER",
}
_KEYS: Final = {
    "prosecutors": "PRIMARY KEY (prosecutor_id)",
    "organisations": "PRIMARY KEY (organisation_id)",
    "recipients": (
        "PRIMARY KEY (prosecutor_id, recipient), FOREIGN KEY (prosecutor_id) REFERENCES prosecutors (prosecutor_id)"
    ),
    "diary": "PRIMARY KEY (fact)",
    "inputs": "PRIMARY KEY (path)",
}
# A key names the column it leads to: SQLite takes the primary key where none is named, and Datasette's pages fail.
_OF_CONTRIBUTIONS: Final = (
    "FOREIGN KEY (prosecutor_id) REFERENCES prosecutors (prosecutor_id), "
    "FOREIGN KEY (union_id) REFERENCES organisations (organisation_id)"
)
# Tables of contributions; a row is found by them in every way a reader asks.
_CONTRIBUTIONS: Final = ("flags", "related", "employers", "dismissed")
_INDEXED: Final = ("prosecutor_id", "union_id", "contributor", "date", "tier", "status")
_ORGANISATION: Final = (
    Column("organisation_id", "text", "id in the curated list"),
    Column("name", "text", "in the curated list"),
    Column("kind", "text", "police, corrections, ...; or what a related organization is"),
)
_RECIPIENT: Final = (Column("prosecutor_id", "integer", ""), Column("recipient", "text", "the committee, as filed"))

VIEWS: Final = """
CREATE VIEW flags_in_dollars AS
  SELECT id, prosecutor, recipient, date, contributor, "union", tier, amount_cents / 100.0 AS amount, kind, status,
         counted, score, why, source, row, recipient_name, year
    FROM flags ORDER BY date, id;
CREATE VIEW money_by_prosecutor AS
  SELECT prosecutor_id, name, office, jurisdiction,
         raised_cents / 100.0 AS raised, flagged_gross_cents / 100.0 AS given,
         flagged_refunded_cents / 100.0 AS returned, flagged_net_cents / 100.0 AS net, flagged_rows AS rows,
         flagged_not_counted AS not_counted
    FROM prosecutors ORDER BY flagged_net_cents DESC, name;
CREATE VIEW money_by_union AS
  SELECT "union", tier, union_kind, rows, gross_cents / 100.0 AS given, refunded_cents / 100.0 AS returned,
         net_cents / 100.0 AS net, not_counted
    FROM by_union ORDER BY net_cents DESC, "union";
"""


def write(screening: Screening, _options: Options) -> bytes:
    """The database's bytes, built in memory; amounts are whole cents in columns that end in ``_cents``."""
    every = tables(screening)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("BEGIN")
        for table in (_organisations(every), *every[:1], _recipients(screening), *every[1:]):
            _add(database, table)
        for view in filter(str.strip, VIEWS.split(";")):
            database.execute(view)
        database.execute("COMMIT")
        database.execute("PRAGMA user_version = 1")
        return database.serialize()


def _organisations(every: list[Table]) -> Table:
    """The listed bodies that occur, so that union_id leads somewhere; the first name met stands."""
    found: dict[Cell, tuple[Cell, ...]] = {}
    for table in every:
        if table.name in _CONTRIBUTIONS:
            at = [table.names.index(name) for name in ("union_id", "union", "union_kind")]
            for row in table.rows:
                if row[at[0]] is not None:
                    found.setdefault(row[at[0]], tuple(row[i] for i in at))
    rows = sorted(found.values(), key=str)
    return Table("organisations", "Organizations", "Listed bodies that occur here", _ORGANISATION, rows)


def _recipients(screening: Screening) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (number, name)
        for number, entry in enumerate(screening.prosecutors, 1)
        for name in dict.fromkeys(entry.recipients)
    ]
    return Table("recipients", "Recipients", "Whose committees they are", _RECIPIENT, rows)


def column_name(column: Column) -> str:
    """The column's name in the database: money says that it is in cents."""
    return f"{column.name}_cents" if column.type == "money" else column.name


def _add(database: sqlite3.Connection, table: Table) -> None:
    contributions = table.name in _CONTRIBUTIONS
    parts = ["id INTEGER PRIMARY KEY"] * contributions
    parts += [f'"{column_name(column)}" {_TYPES[column.type]}' for column in table.columns]
    parts += [_OF_CONTRIBUTIONS] if contributions else [_KEYS[table.name]] if table.name in _KEYS else []
    database.execute(f'CREATE TABLE "{table.name}" ({", ".join(parts)})')
    names = ", ".join(f'"{column_name(column)}"' for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    database.executemany(
        f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608 - names are ours, values are bound
        (tuple(map(_value, row)) for row in table.rows),
    )
    for name in _INDEXED if contributions else ():
        database.execute(f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")')


def _value(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):  # SQLite's text is UTF-8, which has no half of a surrogate pair
        return cell.encode("utf-8", "backslashreplace").decode()
    return cell.isoformat() if isinstance(cell, date) else cell
