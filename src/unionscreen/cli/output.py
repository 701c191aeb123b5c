"""Where output goes: ``--format``, ``--out`` and ``--excel-safe``, the same in every command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from unionscreen.cli.streams import colors_wanted, width, write_data
from unionscreen.errors import UsageError
from unionscreen.files import output_path, write_file
from unionscreen.output import BY_NAME, BY_SUFFIX, TABLE_FORMATS, WRITERS, Writer, suffixes_of, writer_of
from unionscreen.output.tables import USUAL, ResultTables, WriteOptions
from unionscreen.reports.text import count, to_json

if TYPE_CHECKING:
    from unionscreen.screening import Screening


# What `--format` takes: the names in the list of writers.
OutputFormat = StrEnum("OutputFormat", {writer.name: writer.name for writer in WRITERS})  # type: ignore[misc]

# What the commands take that write one list instead of a report.
TEXT_FORMATS: Final = ("table", "json", "csv")
# What the commands take that write one result instead of a report, the usual one first.
ONE_FORMATS: Final = ("table", "json", *TABLE_FORMATS)
ResultFormat = StrEnum("ResultFormat", {name: name for name in ONE_FORMATS})  # type: ignore[misc]

ReportFormat = Annotated[
    OutputFormat | None,
    typer.Option("--format", case_sensitive=False, help="Output format; default: the suffix of --out, else a table."),
]
ReportOut = Annotated[
    list[Path] | None,
    typer.Option(
        "--out", metavar="PATH", help=f"Write here instead of standard output; repeatable. {', '.join(BY_SUFFIX)}"
    ),
]
ExcelSafe = Annotated[
    bool,
    typer.Option(
        "--excel-safe", help="CSV for spreadsheets: no text turns into a formula, number or date; accents are kept."
    ),
]
# The help lists what `one_output` accepts.
OneFormat = Annotated[
    ResultFormat | None,
    typer.Option(
        "--format", case_sensitive=False, help="What to write; by default a table, or what --out's suffix says."
    ),
]
OneOut = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="PATH", help=f"Write here instead of standard output. {', '.join(suffixes_of(ONE_FORMATS))}"
    ),
]
NoStrips = Annotated[bool, typer.Option("--no-strips", help="HTML: leave out the strips of PDF pages.")]


def text_format(out: Path) -> str:
    """The format that the suffix of ``--out`` means for a command that writes a table, JSON or CSV.

    Raises:
        UsageError: none of them has the suffix.
    """
    return writer_of(out, TEXT_FORMATS).name if out.suffix else "table"


def one_output(fmt: ResultFormat | None, out: Path | None) -> tuple[Writer, Path | None]:
    """The format and the file of a command that writes one output.

    Args:
        fmt: as given.
        out: as given; None is standard output.

    Raises:
        UsageError: another suffix, binary output to a terminal, or a place that cannot be written.
    """
    target = None if out is None else output_path(out)
    writer = (
        BY_NAME[fmt.value if fmt else ONE_FORMATS[0]]
        if fmt or not out or not out.suffix
        else writer_of(out, ONE_FORMATS)
    )
    if writer.binary and target is None:
        raise UsageError(f"--format {writer.name} is not text", hint=f"add --out FILE{writer.suffixes[0]}")
    return writer, target


def write_one(
    writer: Writer,
    target: Path | None,
    *,
    text: Callable[[], str],
    values: Callable[[], object],
    result: Callable[[], ResultTables],
    options: WriteOptions = USUAL,
) -> None:
    """Write the one output of a command to its file or to standard output.

    Args:
        writer: the format, from :func:`one_output`.
        target: the file; None is standard output.
        text: makes the lines for a terminal.
        values: makes the plain values for JSON.
        result: makes the tables for the other formats.
        options: how these are written.
    """
    if writer.name == "table":
        data = text().encode("utf-8", "backslashreplace")
    elif writer.name == "json":
        data = (to_json(values(), indent=2) + "\n").encode()
    else:
        data = writer.render(result(), options)
    if target is None:
        write_data(data)
    else:
        write_file(target, data)


def refuse_overwriting_inputs(outputs: Iterable[Path], filings: Sequence[str], *lists: Path | str | None) -> None:
    """Refuse to overwrite input files, as by running `screen *.csv --out flags.csv` twice in one folder.

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
            raise UsageError("this is an input list, and would be overwritten", source=str(output))
        if overwritten(output, filings):
            raise UsageError("this is one of the filings, and would be overwritten", source=str(output))


@dataclass(frozen=True)
class Destinations:
    """The files to write, each with its writer; standard output if there are none."""

    writers: tuple[Writer, ...]
    targets: tuple[Path, ...]
    given: tuple[Path, ...]
    options: WriteOptions

    @classmethod
    def of(
        cls, fmt: OutputFormat | None, out: list[Path] | None, *, excel_safe: bool, strips: bool = True
    ) -> Destinations:
        """Read the options, so that mistakes are found before any work is done.

        Raises:
            UsageError: an unknown suffix, a file given twice, or binary output to a terminal.
        """
        given = tuple(out or ())
        targets = tuple(output_path(path) for path in given)
        if len(set(targets)) < len(targets):
            raise UsageError("--out: the same file is given twice")
        if fmt and len(given) > 1:
            raise UsageError("--format goes with one --out", hint="the suffixes of several files are their formats")
        if fmt or not given:
            writer = BY_NAME[fmt.value if fmt else "table"]
            if writer.binary and not given:
                raise UsageError(f"--format {writer.name} is not text", hint=f"add --out FILE{writer.suffixes[0]}")
            writers: tuple[Writer, ...] = (writer,)
        else:
            writers = tuple(writer_of(path) if path.suffix else WRITERS[0] for path in given)
        colors = not given and colors_wanted()
        return cls(writers, targets, given, WriteOptions(width(), colors, excel_safe, strips))

    def write(self, screening: Screening) -> str | None:
        """Write the report to every destination.

        Returns:
            A warning for opening a plain CSV in a spreadsheet, or None.
        """
        from unionscreen.output.files import write_result
        from unionscreen.reports.tables import ScreeningReport

        report = ScreeningReport(screening)
        if not self.targets:
            write_data(self.writers[0].render(report, self.options))
        for writer, target in zip(self.writers, self.targets, strict=bool(self.targets)):
            write_result(report, target, writer, self.options)
        if self.options.excel_safe or not any(writer.name == "csv" for writer in self.writers):
            return None
        from unionscreen.output.delimited import formulas

        found = formulas(report.single)
        cells = count(found, "cell")
        return (
            f"{cells} of the CSV would run as a formula in a spreadsheet; --excel-safe prevents it" if found else None
        )

    @property
    def said(self) -> str:
        """For the end of a summary: where the report was written."""
        return f"; written to {', '.join(map(str, self.given))}" if self.given else ""
