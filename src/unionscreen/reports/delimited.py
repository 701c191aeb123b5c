"""The flags as CSV, and beside it what a CSV cannot carry: types, diary and manifest, as W3C "CSV on the Web" asks.

https://www.w3.org/TR/tabular-data-primer/: the metadata of ``flags.csv`` are in ``flags.csv-metadata.json``.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from unionscreen.accounting.money import cents_to_decimal
from unionscreen.reports.diary import diary
from unionscreen.reports.options import Options
from unionscreen.reports.tables import CONTRIBUTION, Cell, Column, tidy_table
from unionscreen.reports.text import to_json, visible_lines
from unionscreen.spreadsheet import guarded, runs

if TYPE_CHECKING:
    from unionscreen.screening import Screening

_BOM: Final = "\ufeff"
_CSVW_TYPES: Final = {
    "text": "string",
    "integer": "integer",
    "money": {"base": "decimal", "format": {"decimalChar": "."}},
    "score": "number",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "boolean": {"base": "boolean", "format": "true|false"},
}


def write(screening: Screening, options: Options) -> bytes:
    """One header line, then one row per flag in the order of the report; dollars, and empty where null.

    With ``--include-related`` the related rows follow those of their prosecutor; their tier is empty, and
    ``union_kind`` says what they are. With ``--employers`` those employed by a union do: ``finding`` tells all apart.

    Line ends inside a name stay (quoted); other control characters are written out as in the terminal. Text that a
    spreadsheet would read as a formula is left as filed, unless ``excel_safe`` asks for an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in CONTRIBUTION)
    for row in tidy_table(screening).rows:
        writer.writerow(_text(column, cell, options) for column, cell in zip(CONTRIBUTION, row, strict=True))
    return ((_BOM if options.excel_safe else "") + out.getvalue()).encode()


def _text(column: Column, cell: Cell, options: Options) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if column.type == "money" and isinstance(cell, int):
        return cents_to_decimal(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    shown = visible_lines(str(cell))
    return str(guarded(shown)) if options.excel_safe and column.type == "text" else shown


def formulas(screening: Screening) -> int:
    """How many cells of the plain CSV a spreadsheet would run."""
    texts = [at for at, column in enumerate(CONTRIBUTION) if column.type == "text"]
    return sum(runs(visible_lines(str(row[at]))) for row in tidy_table(screening).rows for at in texts if row[at])


def write_beside(screening: Screening, target: Path) -> bytes:
    """The metadata of the CSV: its columns, the diary, the manifest."""
    columns = [
        {"name": name, "titles": name, "dc:description": about, "datatype": _CSVW_TYPES[kind]}
        for name, kind, about in CONTRIBUTION
    ]
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": target.name,
        "dc:title": "Contributions of police unions to prosecutors, as far as they match a curated list",
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns, "primaryKey": ["source", "row"]},
        "unionscreen:diary": {fact.key: fact.value for fact in diary(screening)},
        "unionscreen:manifest": screening.manifest,
        "unionscreen:notes": list(screening.notes),
    }
    return (to_json(metadata, indent=2) + "\n").encode()
