"""Write a result to files; each file is written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.files import is_file, output_path, write_file
from unionscreen.output import TABLE_FORMATS, Writer, writer_of
from unionscreen.output.tables import USUAL, ResultTable, ResultTables, TableList, WriteOptions
from unionscreen.output.text import to_json

# For lists that a person edits: the program must be able to read them again.
_LIST_FORMATS: Final = ("xlsx", "csv")


def write_result(result: ResultTables, target: Path, writer: Writer, options: WriteOptions = USUAL) -> None:
    """Write the result, and its metadata file unless the target is a device or a pipe.

    Raises:
        UsageError: it cannot be written.
    """
    write_file(target, writer.render(result, options))
    if writer.beside and is_file(target) and result.about:
        metadata: bytes = import_module(writer.module).write_metadata(result, target)
        write_file(target.with_name(target.name + writer.beside), metadata)


def table_paths(out: Path, names: Sequence[str], *, manifest: bool = False) -> dict[str, Path]:
    """Where the tables of a result go, checked before the work begins.

    A format that holds one table gets a file for each; any other has one file, whose key is "".

    >>> sorted(path.name for path in table_paths(Path("tn.csv"), ("flags", "totals"), manifest=True).values())
    ['tn.flags.csv', 'tn.manifest.json', 'tn.totals.csv']

    Args:
        out: as given.
        names: of the tables.
        manifest: whether the manifest gets a file, next to those of the tables.

    Raises:
        UsageError: no such format, or no such folder.
    """
    if not writer_of(out, TABLE_FORMATS, "").one_table:
        return {"": output_path(out)}
    paths = {name: output_path(out.with_suffix(f".{name}{out.suffix}")) for name in names}
    return paths | ({"manifest": output_path(out.with_suffix(".manifest.json"))} if manifest else {})


def write_tables(result: ResultTables, paths: Mapping[str, Path]) -> None:
    """Write a result to where :func:`table_paths` says; the manifest last, so that it proves the tables complete."""
    if "" in paths:
        write_result(result, paths[""], writer_of(paths[""]))
        return
    for table in result.tables:
        if table.name in paths and table.part == "data":
            write_result(TableList.of(table), paths[table.name], writer_of(paths[table.name]))
    if "manifest" in paths:
        write_file(paths["manifest"], to_json(result.about["manifest"], indent=2) + "\n")


def list_path(path: Path, what: str) -> Path:
    """The file that a list is to be written to, checked before the work begins.

    Args:
        path: as given.
        what: what an error calls the list.

    Raises:
        UsageError: neither ``.xlsx`` nor ``.csv``, or no place to write.
    """
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{what} is written as .xlsx or .csv", source=str(path), hint="end the name in one of them")
    return output_path(path)


def write_list(path: Path, what: str, table: ResultTable) -> None:
    """Write a list as ``.xlsx`` or ``.csv``, by suffix; names stay as filed, and none becomes a formula.

    Raises:
        UsageError: another suffix, or it cannot be written.
    """
    target = list_path(path, what)
    write_result(TableList.of(table), target, writer_of(path, _LIST_FORMATS), WriteOptions(read_back=True))
