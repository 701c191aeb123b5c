"""``unionscreen formats``: the known filing formats, and how a file would be read."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from unionscreen.cli import completion
from unionscreen.cli.options import AsJson
from unionscreen.cli.streams import write_data
from unionscreen.errors import FilingError
from unionscreen.reports.text import to_json, visible

app = typer.Typer(
    help="List the known filing formats, or detect that of a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Print every known format, and whether it met real files.

    `real` was run on a filing of the agency, `layout` was written from the published layout.
    """
    from unionscreen.filings import list_formats

    formats = list_formats()
    if as_json:
        write_data(to_json([each.to_dict() for each in formats], indent=2) + "\n")
    else:
        widest = max(len(each.id) for each in formats)
        write_data("".join(f"{each.id:<{widest}}  {each.checked:<6}  {visible(each.title)}\n" for each in formats))


@app.command("show")
def show(
    format_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", autocompletion=completion.filing_formats, help="An id as `formats list` prints it."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Print one format: its columns, and how they are read."""
    from unionscreen.filings import load_format

    _print(load_format(format_id).to_dict(), as_json)


@app.command("detect")
def detect(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A filing.")],
    as_json: AsJson = False,
) -> None:
    """Print the format of a file and the reason.

    Nothing is screened. The exit code is 3 when the format is not recognized.
    """
    from unionscreen.filings import detect_format, detect_pdf

    if (report := detect_pdf(file)) is not None:
        _print(report, as_json)
        raise typer.Exit(FilingError.exit_code if report["problems"] else 0)
    found = detect_format(file)
    _print(found.to_dict(), as_json)
    raise typer.Exit(0 if found.format else FilingError.exit_code)


def _print(value: dict[str, Any], as_json: bool) -> None:
    write_data(to_json(value, indent=2) + "\n" if as_json else "".join(f"{line}\n" for line in _lines(value)))


def _lines(value: dict[str, Any], indent: str = "") -> list[str]:
    """A nested dictionary as indented lines, without empty values."""
    lines = []
    for key, each in value.items():
        name = f"{indent}{visible(str(key))}:"
        if each is None or each in ("", [], {}, ()):
            continue
        if isinstance(each, dict):
            lines += [name, *_lines(each, indent + "  ")]
        elif isinstance(each, list | tuple) and isinstance(each[0], dict):
            lines += [name, *(f"{indent}  {_words(item)}" for item in each)]
        else:
            lines.append(f"{name} {_words(each)}")
    return lines


def _words(value: Any) -> str:
    """A value on one line: a list with commas, a dictionary as names and values."""
    if isinstance(value, dict):
        return "; ".join(f"{visible(str(key))} {_words(each)}" for key, each in value.items() if each not in (None, ()))
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value))
    return visible(str(value))
