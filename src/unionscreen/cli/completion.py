"""The values that a shell offers after TAB: kinds, states, ids of formats and of organizations.

Typer asks these functions, and offers what begins as the word that was typed. Each imports only what it needs, because
the shell waits: no pyarrow, and no list is built. No value has a description, because typer wraps a long one, and fish
takes its second line for another value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import typer

from unionscreen.errors import UnionScreenError

# What `--policy` takes: POLICIES of unionscreen.intake, which takes too long to import. A test compares them.
_POLICIES: Final = ("refuse", "review")


def kinds() -> Iterable[str]:
    """One kind of union."""
    from unionscreen.unions import UNION_KINDS

    return UNION_KINDS


def list_of_kinds(incomplete: str) -> Iterator[str]:
    """Kinds of unions with commas between them."""
    return _listed(kinds(), incomplete)


def list_of_categories(incomplete: str) -> Iterator[str]:
    """Categories that `--count` adds, with commas between them."""
    from unionscreen.unions import COUNTABLE

    return _listed(COUNTABLE, incomplete)


def policies() -> Iterable[str]:
    """What to do with the money of listed unions."""
    return _POLICIES


def states(incomplete: str) -> Iterator[str]:
    """The codes of the states, in lower case if they are typed so."""
    from unionscreen.matching.places import STATE_NAMES

    return (code.lower() if incomplete.islower() else code for code in STATE_NAMES)


def filing_formats() -> list[str]:
    """The ids of the filing formats."""
    from unionscreen.unions.data_files import PACKAGE

    return sorted(path.stem for path in Path(PACKAGE, "filings", "formats").glob("*.toml"))


def union_ids(ctx: typer.Context) -> list[str]:
    """The ids of the organizations on the list, and of those on the user's own list if `--unions` came before."""
    with suppress(UnionScreenError):  # a message would stand in the middle of what is typed
        if own := ctx.params.get("unions"):
            from unionscreen.unions import load_unions

            return list(load_unions(Path(own)).unions)
        import csv

        from unionscreen.unions.data_files import LIST_FILES, read_data

        return [row[0] for row in csv.reader(read_data(LIST_FILES[0]).splitlines()[1:])]
    return []


def _listed(values: Iterable[str], incomplete: str) -> Iterator[str]:
    """What the last value of a list with commas may be, each with what is before it."""
    before, comma, _ = incomplete.rpartition(",")
    return (f"{before}{comma}{value}" for value in values if value not in before.split(","))
