"""The list of formats in which results are written; :mod:`unionscreen.output.tables` defines what a result is.

A format is a module with a function ``write`` from a result to bytes, and a line in :data:`WRITERS`; ``--format`` and
the suffixes of ``--out`` come from that list. A module is imported when it is used, since rich alone takes as long as a
whole ``check``. A format module computes no totals, reads no clock and no random number, prints nothing and opens no
file. So no two outputs can disagree about a figure, and the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, cast

from unionscreen.errors import UsageError
from unionscreen.output.tables import USUAL, ResultTables, WriteOptions


class Writer(NamedTuple):
    """One format to write.

    Attributes:
        name: what ``--format`` calls it.
        suffixes: of the files that it writes; the first is the usual one.
        module: where its ``write(result, options)`` is.
        about: what it is for, in a few words.
        binary: bytes that are not text, and do not belong on a terminal.
        one_table: a file holds one table.
        report: a report of a screening for readers, instead of tables.
        beside: the end of the name of a second file, which ``write_metadata`` of the module writes.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    about: str
    binary: bool = False
    one_table: bool = False
    report: bool = False
    beside: str | None = None

    def render(self, result: ResultTables, options: WriteOptions = USUAL) -> bytes:
        """The whole result as bytes; text is UTF-8 and ends in a newline."""
        return cast("bytes", import_module(self.module).write(result, options))


_HERE: Final = "unionscreen.output"
_REPORTS: Final = "unionscreen.reports"
WRITERS: Final = (
    Writer("table", (".txt",), f"{_REPORTS}.terminal", "lines for a terminal", report=True),
    Writer("json", (".json",), f"{_REPORTS}.saved", "everything, for `unionscreen report` and programs", report=True),
    Writer("csv", (".csv",), f"{_HERE}.delimited", "the flags, for a spreadsheet", one_table=True,
           beside="-metadata.json"),
    Writer("jsonl", (".jsonl", ".ndjson"), f"{_HERE}.jsonlines", "one record a line, for pipes"),
    Writer("md", (".md",), f"{_REPORTS}.markdown", "Markdown, for a repository or a CMS", report=True),
    Writer("html", (".html", ".htm"), f"{_REPORTS}.page", "a self-contained page, to read and to print", report=True),
    Writer("xlsx", (".xlsx",), f"{_HERE}.workbook", "a workbook, one sheet per table", binary=True),
    Writer("sqlite", (".sqlite", ".sqlite3", ".db"), f"{_HERE}.database", "a database; opens in Datasette",
           binary=True, beside="-metadata.json"),
    Writer("parquet", (".parquet",), f"{_HERE}.columnar", "the flags, typed, for data frames", binary=True,
           one_table=True),
)  # fmt: skip
BY_NAME: Final = {writer.name: writer for writer in WRITERS}
BY_SUFFIX: Final = {suffix: writer for writer in WRITERS for suffix in writer.suffixes}
# The formats that every result has.
TABLE_FORMATS: Final = tuple(writer.name for writer in WRITERS if not writer.report)


def suffixes_of(names: Sequence[str]) -> list[str]:
    """The suffixes of these formats, in the order of the list."""
    return [suffix for writer in WRITERS if writer.name in names for suffix in writer.suffixes]


def writer_of(path: Path, names: Sequence[str] = tuple(BY_NAME), hint: str | None = None) -> Writer:
    """The writer that a file's suffix means.

    Args:
        path: the file to be written.
        names: the formats that this result has.
        hint: the end of the hint, after the suffixes; by default that ``--format`` takes these formats.

    Raises:
        UsageError: there is none.
    """
    writer = BY_SUFFIX.get(path.suffix.lower())
    if writer is None or writer.name not in names:
        end = f", or add --format {'|'.join(names)}" if hint is None else hint
        known = "this result is not written with the suffix" if writer else "no format has the suffix"
        wrong = f"{known} {path.suffix}" if path.suffix else "the name has no suffix, which says the format"
        raise UsageError(f"--out {path}: {wrong}", hint="end it in " + ", ".join(suffixes_of(names)) + end)
    return writer
