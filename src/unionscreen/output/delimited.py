"""One table as CSV, and in a second file what a CSV cannot hold: types, diary and manifest (W3C "CSV on the Web").

https://www.w3.org/TR/tabular-data-primer/: the metadata of ``flags.csv`` are in ``flags.csv-metadata.json``.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from unionscreen.output.cells import text_of
from unionscreen.output.tables import ResultTable, ResultTables, WriteOptions
from unionscreen.output.text import to_json, visible_lines
from unionscreen.spreadsheet import runs

_BOM: Final = "\ufeff"
_CSVW_TYPES: Final = {
    "text": "string",
    "count": "integer",
    "cents": {"base": "decimal", "format": {"decimalChar": "."}},
    "score": "number",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "boolean": {"base": "boolean", "format": "true|false"},
}


def write(result: ResultTables, options: WriteOptions) -> bytes:
    """One header line, then a line per row; dollars, and empty for unknown.

    Line breaks inside a name are kept (quoted). Text that a spreadsheet would take for a formula, a number or a date
    stays as filed, unless ``excel_safe`` asks for an apostrophe before it.
    """
    table = result.single or result.tables[0]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.names)
    for row in table.rows:
        writer.writerow([text_of(column, cell, options) for column, cell in zip(table.columns, row, strict=True)])
    return ((_BOM if options.excel_safe else "") + out.getvalue()).encode("utf-8", "backslashreplace")


def formulas(table: ResultTable) -> int:
    """How many cells of the plain CSV a spreadsheet would run."""
    texts = [column.name for column in table.columns if column.type == "text"]
    return sum(runs(visible_lines(str(cell))) for name in texts for cell in table.column(name) if cell)


def write_metadata(result: ResultTables, target: Path) -> bytes:
    """The metadata of the CSV: its columns, the diary, the manifest."""
    table = result.single or result.tables[0]
    columns = [
        {
            "name": column.name,
            "titles": column.name,
            "dc:description": column.about,
            "datatype": _CSVW_TYPES[column.type],
        }
        for column in table.columns
    ]
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": target.name,
        "dc:title": table.about,
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns, "primaryKey": list(table.keys.primary)},
        **{f"unionscreen:{key}": value for key, value in result.about.items()},
    }
    return (to_json(metadata, indent=2) + "\n").encode()
