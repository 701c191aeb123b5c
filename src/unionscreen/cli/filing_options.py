"""What a user may say about how filings are read, for the commands that read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from unionscreen.errors import UsageError

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="NAME=HEADER", help='A column by its header; parts joined by +: "Last + First".'),
]
RecipientOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who received, for a filing that does not say.")
]
FilingFormat = Annotated[
    str | None, typer.Option("--filing-format", metavar="ID", help="Read as this format (see `formats list`).")
]
AcceptDifference = Annotated[
    bool, typer.Option("--accept-difference", help="Read a PDF whose rows do not add up to its form's own lines.")
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
