"""The tables of a batch as files: Parquet or CSV, one per table, or one SQLite database."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from unionscreen.batch import Batch
from unionscreen.errors import UsageError
from unionscreen.files import output_path, write_file

TABLES: Final = ("flags", "totals", "prosecutors")
DATABASES: Final = (".sqlite", ".sqlite3", ".db")
SUFFIXES: Final = (".parquet", ".csv", *DATABASES)


def batch_paths(out: Path) -> dict[str, Path]:
    """Where each table and the manifest go, checked before the work begins.

    >>> sorted(path.name for path in batch_paths(Path("tn.csv")).values())
    ['tn.flags.csv', 'tn.manifest.json', 'tn.prosecutors.csv', 'tn.totals.csv']

    Raises:
        UsageError: no such format, or no such folder.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise UsageError(f"--out {out}: no format has this suffix", hint="end it in " + ", ".join(SUFFIXES))
    if out.suffix.lower() in DATABASES:
        return {"database": output_path(out)}
    paths = {name: output_path(out.with_suffix(f".{name}{out.suffix}")) for name in TABLES}
    return {**paths, "manifest": output_path(out.with_suffix(".manifest.json"))}


def write_batch(batch: Batch, paths: dict[str, Path]) -> None:
    """Write a batch to where :func:`batch_paths` said; the manifest last, so that it stands for complete tables."""
    if "database" in paths:
        write_file(paths["database"], _database(batch))
        return
    for name in TABLES:
        table = getattr(batch, name)
        write_file(paths[name], _csv(table) if paths[name].suffix.lower() == ".csv" else _parquet(table))
    write_file(paths["manifest"], json.dumps(batch.manifest, indent=2, ensure_ascii=False, default=str) + "\n")


def _csv(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pa_csv.write_csv(table, out, pa_csv.WriteOptions(quoting_style="needed"))
    return out.getvalue()


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _database(batch: Batch) -> bytes:
    with tempfile.TemporaryDirectory(prefix="unionscreen-") as folder:
        path = Path(folder) / "batch.sqlite"
        connection = sqlite3.connect(path)
        for name in TABLES:
            table: pa.Table = getattr(batch, name)
            columns = ", ".join(f'"{field.name}" {_sql_type(field.type)}' for field in table.schema)
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * table.num_columns)
            rows = zip(*(column.to_pylist() for column in map(_plain, table.columns)), strict=True)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608 - our own names
        connection.execute("CREATE TABLE manifest (screening TEXT, manifest TEXT)")
        said: list[dict[str, Any]] = batch.manifest["screenings"]
        connection.executemany(
            "INSERT INTO manifest VALUES (?, ?)",
            [(each["name"], json.dumps(each, ensure_ascii=False, default=str)) for each in said],
        )
        connection.commit()
        connection.close()
        return path.read_bytes()


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates as text, which SQLite has no type for."""
    return column.cast(pa.string()) if pa.types.is_date(column.type) else column


def _sql_type(kind: pa.DataType) -> str:
    return (
        "INTEGER"
        if pa.types.is_integer(kind) or pa.types.is_boolean(kind)
        else "REAL"
        if pa.types.is_floating(kind)
        else "TEXT"
    )
