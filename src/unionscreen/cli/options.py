"""Options that several commands share: how filings are read, and which organizations to look for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unionscreen.cli import completion
from unionscreen.errors import UsageError


class TextFormat(StrEnum):
    """What `--format` takes where the result is a text."""

    table = "table"
    json = "json"
    csv = "csv"


class Reported(StrEnum):
    """What `--recipients` takes."""

    prosecutors = "prosecutors"
    all = "all"


TextFormatOption = Annotated[
    TextFormat | None,
    typer.Option(
        "--format", case_sensitive=False, help="What to write; by default a table, or what --out's suffix says."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="NAME=HEADER", help='A column by its header; join parts with +: "Last + First".'),
]
RecipientOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who received, for a filing that does not say.")
]
StateOption = Annotated[
    str | None,
    typer.Option(
        metavar="XX", autocompletion=completion.states, help="Where the recipients run, for a filing that does not say."
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--filing-format",
        metavar="ID",
        autocompletion=completion.filing_formats,
        help="Read as this format (see `formats list`).",
    ),
]
AcceptDifference = Annotated[
    bool, typer.Option("--accept-difference", help="Read a PDF whose rows do not add up to its form's own totals.")
]
RosterOption = Annotated[
    Path | None,
    typer.Option(
        "--roster", metavar="CSV", help="Who is a prosecutor: columns prosecutor, recipient or recipient_id, ..."
    ),
]
PeopleOption = Annotated[
    Path | None,
    typer.Option(
        "--people", metavar="CSV", help="Who is behind a committee: columns recipient or recipient_id, person."
    ),
]
UnionsOption = Annotated[
    Path | None, typer.Option("--unions", metavar="CSV", help="Your own organizations, added to the curated list.")
]
DecisionsOption = Annotated[
    Path | None, typer.Option("--decisions", metavar="PATH", help="Apply what was decided in `review` (CSV, SQLite).")
]
KindsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kinds",
        metavar="KIND,...",
        autocompletion=completion.list_of_kinds,
        help="Only unions of these kinds: police, corrections, ...",
    ),
]
ExcludeKinds = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude-kinds",
        metavar="KIND,...",
        autocompletion=completion.list_of_kinds,
        help="All kinds but these (table in docs/the-list.md).",
    ),
]


def read_mapping(options: Iterable[str]) -> dict[str, str]:
    """``--map contributor="Donor Name"`` given several times, as a dictionary."""
    mapping: dict[str, str] = {}
    for option in options:
        name, equals, header = (part.strip() for part in option.partition("="))
        if not (name and equals and header):
            raise UsageError(f"--map {option}: not NAME=HEADER", hint='for example --map contributor="Donor Name"')
        if name in mapping:
            raise UsageError(
                f"--map: {name} is given twice", hint='join parts with +: --map "contributor=Last + First"'
            )
        mapping[name] = header
    return mapping


def read_kinds(only: Iterable[str] | None, but: Iterable[str] | None) -> frozenset[str] | None:
    """``--kinds`` and ``--exclude-kinds``, given several times or with commas; None is all kinds.

    Raises:
        UsageError: an unknown kind, or no kind is left.
    """
    from unionscreen.unions import UNION_KINDS

    chosen = frozenset(UNION_KINDS) if only is None else _known_kinds("--kinds", only)
    left = chosen - (frozenset() if but is None else _known_kinds("--exclude-kinds", but))
    if not left:
        raise UsageError("--exclude-kinds leaves no kind to look for", hint="kinds are " + ", ".join(UNION_KINDS))
    return None if only is None and but is None else left


def _known_kinds(option: str, values: Iterable[str]) -> frozenset[str]:
    from unionscreen.unions import UNION_KINDS

    kinds = frozenset(kind.strip().casefold() for value in values for kind in value.split(",") if kind.strip())
    unknown = sorted(kinds.difference(UNION_KINDS))
    if unknown or not kinds:
        raise UsageError(f"{option}: no such kind: {', '.join(unknown)}", hint="one of " + ", ".join(UNION_KINDS))
    return kinds
