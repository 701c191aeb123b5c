"""Where a report goes: ``--format``, ``--out`` and ``--excel-safe``, alike in every command that writes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from unionscreen.cli.streams import colors_wanted, output_path, width, write_data
from unionscreen.errors import UsageError
from unionscreen.reports import BY_NAME, BY_SUFFIX, WRITERS, Writer, writer_of
from unionscreen.reports.files import write_files
from unionscreen.reports.options import Options
from unionscreen.reports.text import count

if TYPE_CHECKING:
    from unionscreen.screening import Screening


class Format(StrEnum):
    """What `--format` takes."""

    table = "table"
    json = "json"
    csv = "csv"
    jsonl = "jsonl"
    md = "md"
    html = "html"
    xlsx = "xlsx"
    sqlite = "sqlite"
    parquet = "parquet"


ReportFormat = Annotated[
    Format | None, typer.Option("--format", help="What to write; by default a table, or what --out's suffix says.")
]
ReportOut = Annotated[
    list[Path] | None,
    typer.Option(
        "--out", metavar="PATH", help=f"Write here instead of standard output; repeatable. {', '.join(BY_SUFFIX)}"
    ),
]
ExcelSafe = Annotated[
    bool, typer.Option("--excel-safe", help="CSV for spreadsheets: no name is taken for a formula, accents show.")
]
NoStrips = Annotated[
    bool, typer.Option("--no-strips", help="HTML: do not show the strip of the PDF page beside a flag.")
]


TEXT_SUFFIXES: Final = {".json": "json", ".csv": "csv", ".txt": "table", "": "table"}


def text_format(out: Path) -> str:
    """What the suffix of ``--out`` asks of a command that writes a table, JSON or CSV.

    Raises:
        UsageError: none of them has the suffix.
    """
    if out.suffix.lower() not in TEXT_SUFFIXES:
        raise UsageError(
            f"--out {out}: no format has the suffix {out.suffix}",
            hint=f"end it in {', '.join(filter(None, TEXT_SUFFIXES))}, or say --format",
        )
    return TEXT_SUFFIXES[out.suffix.lower()]


def refuse_overwriting_inputs(outputs: Iterable[Path], filings: Sequence[str], *lists: Path | str | None) -> None:
    """Refuse to write over what is to be read: `screen *.csv --out flags.csv` once more, in the same folder.

    Args:
        outputs: files to be written.
        filings: files, folders and patterns to be screened.
        lists: other files that are read: a roster, decisions, the user's unions.

    Raises:
        UsageError: an output is one of them.
    """
    from unionscreen.screening.inputs import overwritten

    for output in filter(Path.exists, outputs):
        if any(Path(each).exists() and output.samefile(each) for each in lists if each is not None):
            raise UsageError("this is a list that is to be read, and would be overwritten", source=str(output))
        if overwritten(output, filings):
            raise UsageError("this is one of the filings, and would be overwritten", source=str(output))


@dataclass(frozen=True)
class Destinations:
    """The files to write, or standard output where there is none, each with its writer."""

    writers: tuple[Writer, ...]
    targets: tuple[Path, ...]
    given: tuple[Path, ...]
    options: Options

    @classmethod
    def of(cls, fmt: Format | None, out: list[Path] | None, *, excel_safe: bool, strips: bool = True) -> Destinations:
        """Read the options; a mistake in them is found before any work is done.

        Raises:
            UsageError: a suffix that means nothing, a file twice, bytes for a terminal.
        """
        given = tuple(out or ())
        targets = tuple(output_path(path) for path in given)
        if len(set(targets)) < len(targets):
            raise UsageError("--out: the same file is given twice")
        if fmt and len(given) > 1:
            raise UsageError("--format goes with one --out", hint="several are written as their suffixes say")
        if fmt or not given:
            writer = BY_NAME[fmt.value if fmt else "table"]
            if writer.binary and not given:
                raise UsageError(f"--format {writer.name} is no text", hint=f"add --out FILE{writer.suffixes[0]}")
            writers: tuple[Writer, ...] = (writer,)
        else:
            writers = tuple(writer_of(path) if path.suffix else WRITERS[0] for path in given)
        colors = not given and colors_wanted()
        return cls(writers, targets, given, Options(width(), colors, excel_safe, strips))

    def write(self, screening: Screening) -> None:
        """Write the report to every destination."""
        if not self.targets:
            write_data(self.writers[0].render(screening, self.options))
        for writer, target in zip(self.writers, self.targets, strict=bool(self.targets)):
            write_files(screening, target, writer, self.options)

    def note(self, screening: Screening) -> str | None:
        """What whoever opens a plain CSV in a spreadsheet should know; else None."""
        from unionscreen.reports.delimited import formulas

        plain = any(writer.name == "csv" for writer in self.writers) and not self.options.excel_safe
        if not plain or not (found := formulas(screening)):
            return None
        return f"{count(found, 'cell')} of the CSV would run as a formula in a spreadsheet; --excel-safe prevents it"

    @property
    def said(self) -> str:
        """For the end of a summary: where the report is."""
        return f"; written to {', '.join(map(str, self.given))}" if self.given else ""
