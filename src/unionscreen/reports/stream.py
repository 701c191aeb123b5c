"""JSON lines: one record a line, each saying what it is. Manifest and diary come first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting.money import cents_to_decimal
from unionscreen.reports.diary import diary
from unionscreen.reports.options import Options
from unionscreen.reports.tables import Cell, Column, tables
from unionscreen.reports.text import to_json

if TYPE_CHECKING:
    from unionscreen.screening import Screening

# The singular that a row of a table is called by.
_RECORD: Final = {"prosecutors": "prosecutor", "flags": "flag", "rejects": "reject", "employers": "employer"}
_SAID_BEFORE: Final = {"diary", "inputs", "manifest"}


def write(screening: Screening, _options: Options) -> bytes:
    """One JSON object a line; amounts are decimal strings in dollars, days ISO dates."""
    return "".join(to_json(record) + "\n" for record in _records(screening)).encode()


def _records(screening: Screening) -> Iterator[dict[str, Any]]:
    yield {"record": "manifest", **screening.manifest, "notes": list(screening.notes)}
    yield {"record": "diary", **{fact.key: fact.value for fact in diary(screening)}}
    for table in tables(screening):
        if table.name not in _SAID_BEFORE:
            for row in table.rows:
                cells = {column.name: _plain(column, cell) for column, cell in zip(table.columns, row, strict=True)}
                yield {"record": _RECORD.get(table.name, table.name), **cells}


def _plain(column: Column, cell: Cell) -> Any:
    if column.type == "money" and isinstance(cell, int):
        return cents_to_decimal(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
