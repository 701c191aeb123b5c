"""One table as Parquet: typed columns for data frames, with diary and manifest in the file's metadata."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from unionscreen.output.cells import utf8
from unionscreen.output.tables import Cell, ResultTable, ResultTables, TypedColumn, WriteOptions, with_organization
from unionscreen.output.text import to_json

_TYPES: Final = {
    "text": pa.string(),
    "count": pa.int64(),
    "cents": pa.decimal128(18, 2),  # exact; int64 cents fit
    "score": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def write(result: ResultTables, _options: WriteOptions) -> bytes:
    """The rows as filed, in types; ``unionscreen.manifest`` in the schema's metadata is JSON."""
    table = arrow_table(with_organization(result.single or result.tables[0]))
    about = {f"unionscreen.{key}": to_json(value) for key, value in result.about.items()}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(about or None), sink, compression="zstd")
    return bytes(sink.getvalue())


def arrow_table(table: ResultTable) -> pa.Table:
    """The table in Arrow's types; each column says what it holds."""
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    arrays = [_array(column, cells) for column, cells in zip(table.columns, columns, strict=True)]
    fields = [pa.field(column.name, _TYPES[column.type], metadata={"about": column.about}) for column in table.columns]
    return pa.table(arrays, schema=pa.schema(fields))


def _array(column: TypedColumn, cells: tuple[Cell, ...]) -> Any:
    values: list[Any] = list(cells)
    if column.type == "cents":
        values = [None if cell is None else Decimal(cell).scaleb(-2) for cell in values]
    elif column.type == "text":
        values = [cell and utf8(cell) for cell in values]
    return pa.array(values, _TYPES[column.type])
