"""``unionscreen unions``: look into the curated list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from unionscreen.cli.streams import say, write_data
from unionscreen.errors import UsageError
from unionscreen.reports.text import count, to_json, visible

if TYPE_CHECKING:
    from unionscreen.unions import Union, UnionList

ALIASES_SHOWN: Final = 3  # names under which a search found a union that are shown beside it

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Overlay = Annotated[Path | None, typer.Option(metavar="CSV", help="Your own organisations, added to the curated list.")]
Kind = Annotated[str | None, typer.Option(metavar="KIND", help="Only this kind: police, corrections, ...")]
State = Annotated[str | None, typer.Option(metavar="XX", help="Only this state, two letters.")]

app = typer.Typer(
    help="Look into the curated list of police unions.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.command("list")
def list_unions(kind: Kind = None, state: State = None, unions: Overlay = None, as_json: AsJson = False) -> None:
    """Print every organisation on the list: id, kind, state and name."""
    from unionscreen.unions import UNION_KINDS, load_unions

    if kind is not None and kind not in UNION_KINDS:
        raise UsageError(f"--kind {kind}: there is no such kind", hint="one of " + ", ".join(UNION_KINDS))
    found = [
        union
        for union in load_unions(unions).unions.values()
        if kind in (None, union.kind) and (state is None or union.state == state.upper())
    ]
    _print(found, as_json)
    say(count(len(found), "organisation"))


@app.command("show")
def show(
    union_id: Annotated[str, typer.Argument(metavar="ID", help="An id as `unions list` prints it.")],
    unions: Overlay = None,
    as_json: AsJson = False,
) -> None:
    """Print one organisation and every name it gives under."""
    from unionscreen.unions import load_unions

    known = load_unions(unions)
    union = known.get(union_id)
    aliases = known.by_union[union_id]
    if as_json:
        value = union._asdict() | {"aliases": [alias._asdict() for alias in aliases]}
        write_data(to_json(value, indent=2) + "\n")
        return
    lines = [f"{key:<12} {visible(value)}" for key, value in union._asdict().items() if value]
    lines += [f"{'local':<12} {visible(child.union_id)}" for child in known.children(union_id)]
    lines.append(f"{len(aliases)} names:")
    for alias in aliases:
        doubt = f", needs its {alias.ambiguous}" if alias.ambiguous else ""
        lines.append(f"  {visible(alias.alias)}  ({alias.alias_kind}{doubt}; {visible(alias.source)})")
    write_data("\n".join(lines) + "\n")


@app.command("search")
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Words of a name, in any order.")],
    unions: Overlay = None,
    as_json: AsJson = False,
) -> None:
    """Print the organisations of which a name holds every word."""
    from unionscreen.unions import load_unions

    known = load_unions(unions)
    found = search_unions(known, words)
    if as_json:
        write_data(to_json([union._asdict() | {"found_as": names} for union, names in found], indent=2) + "\n")
    else:
        write_data("".join(_line(union) + _found_as(union, names) for union, names in found))
    say(count(len(found), "organisation") + ("" if found else "; `unionscreen check` tells more about a single name"))


def search_unions(known: UnionList, words: Iterable[str]) -> list[tuple[Union, list[str]]]:
    """Unions with the names that hold every word, whole or begun, a number whole; found by their own name first."""
    wanted = _words(" ".join(words))

    def holds(text: str) -> bool:
        there = _words(text)
        return all(any(w == word or (w.startswith(word) and not word.isdigit()) for w in there) for word in wanted)

    found = []
    for union_id, union in known.unions.items():
        names = [alias.alias for alias in known.by_union[union_id] if holds(alias.alias)]
        by_name = holds(f"{union.name} {union.place} {union.state}")
        if names or by_name or holds(union_id):
            found.append((not by_name, union.name, union_id, names))
    return [(known.unions[union_id], names) for _, _, union_id, names in sorted(found)]


def _words(text: str) -> list[str]:
    """Words without case, dots and apostrophes: "F.O.P. Lodge #7" is fop, lodge, 7."""
    return re.findall(r"\w+", re.sub(r"[.'’]", "", text.casefold()))


def _print(found: list[Union], as_json: bool) -> None:
    if as_json:
        values: list[dict[str, Any]] = [union._asdict() for union in found]
        write_data(to_json(values, indent=2) + "\n")
    else:
        write_data("".join(map(_line, found)))


def _line(union: Union) -> str:
    place = ", ".join(visible(part) for part in (union.place, union.state) if part)
    return f"{visible(union.name)} ({union.kind}{'; ' if place else ''}{place})\n    {visible(union.union_id)}\n"


def _found_as(union: Union, names: list[str]) -> str:
    others = [name for name in names if name.casefold() != union.name.casefold()]
    if not others:
        return ""
    more = f" and {len(others) - ALIASES_SHOWN} more" if len(others) > ALIASES_SHOWN else ""
    return "    as " + "; ".join(map(visible, others[:ALIASES_SHOWN])) + more + "\n"
