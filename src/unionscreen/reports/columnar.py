"""The flags as Parquet: typed columns for data frames, with diary and manifest in the file's metadata."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from unionscreen.reports.diary import diary
from unionscreen.reports.options import Options
from unionscreen.reports.tables import Cell, Column, tidy_table
from unionscreen.reports.text import to_json

if TYPE_CHECKING:
    from unionscreen.screening import Screening

_TYPES: Final = {
    "text": pa.string(),
    "integer": pa.int64(),
    "money": pa.decimal128(18, 2),  # exact; int64 cents fit
    "score": pa.float64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}


def write(screening: Screening, _options: Options) -> bytes:
    """The rows of the CSV as filed, in types; ``unionscreen.manifest`` in the schema's metadata is JSON."""
    table = tidy_table(screening)
    about = {
        "unionscreen.manifest": to_json(screening.manifest),
        "unionscreen.diary": to_json({fact.key: fact.value for fact in diary(screening)}),
        "unionscreen.notes": to_json(list(screening.notes)),
    }
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    arrays = [_array(column, cells) for column, cells in zip(table.columns, columns, strict=True)]
    schema = pa.schema(
        [pa.field(column.name, _TYPES[column.type], metadata={"about": column.about}) for column in table.columns],
        metadata=about,
    )
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, schema=schema), sink, compression="zstd")
    return bytes(sink.getvalue())


def _array(column: Column, cells: tuple[Cell, ...]) -> Any:
    values: list[Any] = list(cells)
    if column.type == "money":
        values = [None if cell is None else Decimal(cell).scaleb(-2) for cell in values]
    elif column.type == "text":  # Arrow's text is UTF-8, which has no half of a surrogate pair
        values = [cell and cell.encode("utf-8", "backslashreplace").decode() for cell in values]
    return pa.array(values, _TYPES[column.type])
