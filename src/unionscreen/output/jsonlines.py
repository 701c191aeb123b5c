"""JSON Lines: one record a line, each with its kind. The flags come first, manifest and diary last.

Many readers guess the columns of a file from its first hundred lines, so those must be lines of the main table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from unionscreen.output.cells import plain
from unionscreen.output.tables import ResultTables, WriteOptions
from unionscreen.output.text import to_json

# What a row of a table is called.
_RECORD: Final = {"prosecutors": "prosecutor", "flags": "flag", "rejects": "reject", "employers": "employer"}


def write(result: ResultTables, _options: WriteOptions) -> bytes:
    """One JSON object a line; amounts are decimal strings in dollars, days ISO dates."""
    return "".join(to_json(record) + "\n" for record in _records(result)).encode()


def _records(result: ResultTables) -> Iterator[dict[str, Any]]:
    tables = [table for table in result.tables if table.part == "data"]
    for table in sorted(tables, key=lambda table: table.name != "flags"):
        for row in table.rows:
            cells = {column.name: plain(column, cell) for column, cell in zip(table.columns, row, strict=True)}
            yield {"record": _RECORD.get(table.name, table.name), **cells}
    about = dict(result.about)
    if "diary" in about:
        yield {"record": "diary", **about["diary"]}
    if "manifest" in about:
        yield {"record": "manifest", **about["manifest"], "notes": about.get("notes", [])}
