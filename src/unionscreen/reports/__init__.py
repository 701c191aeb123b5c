"""A screening, written for its reader: a page, a workbook, a database, data files, a table for the terminal.

One registry names the writers and the suffixes they are chosen by. A writer is a module with a function ``write`` from
a Screening to bytes; it is imported when it is used, since rich alone takes as long as a whole ``check``. None computes
a sum of its own (``accounting.total`` does), reads a clock or a random number, prints or opens a file: no two outputs
can disagree about a figure, and the same input gives the same bytes.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from unionscreen.errors import UsageError
from unionscreen.reports.options import Options

if TYPE_CHECKING:
    from unionscreen.screening import Screening


class Writer(NamedTuple):
    """One way to write a report.

    Attributes:
        name: what ``--format`` calls it.
        suffixes: of the files that it writes; the first is the usual one.
        module: where its ``write(screening, options)`` is.
        about: what it is for, in a few words.
        binary: bytes that are no text, and do not belong on a terminal.
        beside: a second file that goes with it, by what its name adds: the module has a ``write_beside`` too.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    about: str
    binary: bool = False
    beside: str | None = None

    def render(self, screening: Screening, options: Options | None = None) -> bytes:
        """The whole report as bytes; text is UTF-8 and ends in a newline."""
        return cast("bytes", import_module(self.module).write(screening, options or Options()))

    def render_beside(self, screening: Screening, target: Path) -> bytes:
        """What stands in the second file."""
        return cast("bytes", import_module(self.module).write_beside(screening, target))


WRITERS: Final = (
    Writer("table", (".txt",), "unionscreen.reports.terminal", "lines for a terminal"),
    Writer("json", (".json",), "unionscreen.reports.whole", "all of it, for programs and for `unionscreen report`"),
    Writer("csv", (".csv",), "unionscreen.reports.delimited", "the flags, for a spreadsheet", beside="-metadata.json"),
    Writer("jsonl", (".jsonl", ".ndjson"), "unionscreen.reports.stream", "a record a line, for pipes"),
    Writer("md", (".md",), "unionscreen.reports.markdown", "Markdown, for a repository or a CMS"),
    Writer("html", (".html", ".htm"), "unionscreen.reports.page", "one page that stands alone, to read and to print"),
    Writer("xlsx", (".xlsx",), "unionscreen.reports.workbook", "a workbook, a sheet per table", binary=True),
    Writer("sqlite", (".sqlite", ".db"), "unionscreen.reports.database", "a database; opens in Datasette", binary=True),
    Writer("parquet", (".parquet",), "unionscreen.reports.columnar", "the flags, typed, for data frames", binary=True),
)
BY_NAME: Final = {writer.name: writer for writer in WRITERS}
BY_SUFFIX: Final = {suffix: writer for writer in WRITERS for suffix in writer.suffixes}


def writer_of(path: Path) -> Writer:
    """The writer that a file's suffix means.

    Raises:
        UsageError: there is none.
    """
    writer = BY_SUFFIX.get(path.suffix.lower())
    if writer is None:
        raise UsageError(
            f"--out {path}: no format has the suffix {path.suffix}",
            hint="end it in " + ", ".join(BY_SUFFIX) + ", or say --format",
        )
    return writer


def write_report(screening: Screening, *paths: str | Path, excel_safe: bool = False) -> None:
    """Write a report to each path, in the format that its suffix means; each file at once or not at all.

    Args:
        screening: what was found, or what :func:`load_result` read.
        paths: files to write.
        excel_safe: see :class:`Options`.

    Raises:
        UsageError: no format has the suffix, or the file cannot be written.
    """
    from unionscreen.files import output_path
    from unionscreen.reports.files import write_files

    targets = [(output_path(Path(path)), writer_of(Path(path))) for path in paths]
    for target, writer in targets:
        write_files(screening, target, writer, Options(excel_safe=excel_safe))


def load_result(path: str | Path) -> Screening:
    """Read what ``screen --format json`` wrote, to write it in other formats.

    Raises:
        UnionScreenError: the file cannot be read, or is no such result.
    """
    from unionscreen.reports.saved import load

    return load(Path(path))
