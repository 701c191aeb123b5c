"""The user's own organizations and names, which are applied to the shipped list.

A CSV with a header. Two columns are enough; the others are optional:

========= =====================================================================================================
union     an id or a name on the list, or the name of an organization to add
alias     another name it gives under; with ``rename`` its new name; with ``off`` the only name to switch off
action    empty or ``add``; ``rename``; ``off``
kind      of an added organization, one of UNION_KINDS; police when empty
state     of an added organization, two letters
place     of an added organization
number    the number of the local or lodge
ein       its number with the tax office, 12-3456789; several separated by ``;``
ambiguous for an alias that others have too: ``state`` or ``place``, whichever has to be known
source    where you found it
========= =====================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.errors import UnionListError
from unionscreen.lists import append_list, read_list
from unionscreen.unions.model import UNION_KINDS, Alias, Union

OVERLAY_COLUMNS: Final = ("union", "alias", "action", "kind", "state", "place", "number", "ein", "ambiguous", "source")
OVERLAY_ACTIONS: Final = ("add", "rename", "off")
TOLD_APART_BY: Final = ("", "state", "place")
EIN: Final = re.compile(r"\d{2}-?\d{7}(;\d{2}-?\d{7})*")


class OverlayRow(NamedTuple):
    """One line of the user's list."""

    line: int
    union: str
    alias: str = ""
    action: str = ""
    kind: str = ""
    state: str = ""
    place: str = ""
    number: str = ""
    ein: str = ""
    ambiguous: str = ""
    source: str = ""


def read_overlay(path: Path) -> list[OverlayRow]:
    """The rows of a user's list.

    Raises:
        UnionListError: it cannot be read, or a row breaks a rule; with the line and a hint.
    """
    header, listed = read_list(path, error=UnionListError)
    if "union" not in header:
        raise UnionListError(
            "no column called 'union'", source=str(path), row=1, hint="the first line must read: union,alias"
        )
    unknown = sorted(set(header) - {*OVERLAY_COLUMNS, ""})
    if unknown:
        raise UnionListError(
            f"no such column: {', '.join(unknown)}", source=str(path), row=1,
            hint="columns are " + ", ".join(OVERLAY_COLUMNS),
        )  # fmt: skip
    rows = []
    for line, cells in listed:
        row = OverlayRow(line, **{name: cells.get(name, "") for name in OVERLAY_COLUMNS})
        rows.append(row._replace(action=row.action.lower() or "add", state=row.state.upper()))
        _check(rows[-1], path)
    if not rows:
        raise UnionListError("has no unions", source=str(path), hint="one line for each name: union,alias")
    return rows


def _check(row: OverlayRow, path: Path) -> None:
    problem = ""
    if not row.union:
        problem = "the union's name is empty"
    elif row.action not in OVERLAY_ACTIONS:
        problem = f"{row.action!r} is not an action (one of {', '.join(OVERLAY_ACTIONS)})"
    elif row.action == "rename" and not row.alias:
        problem = "rename needs the new name in the column alias"
    elif row.kind and row.kind not in UNION_KINDS:
        problem = f"{row.kind!r} is not a kind (one of {', '.join(UNION_KINDS)})"
    elif row.state and not (len(row.state) == 2 and row.state.isalpha()):
        problem = f"{row.state!r} is not a state's two letters"
    elif row.ein and not EIN.fullmatch(row.ein):
        problem = f"{row.ein!r} is not an EIN (12-3456789)"
    elif row.ambiguous not in TOLD_APART_BY:
        problem = f"{row.ambiguous!r} does not separate names (state, place or nothing)"
    if problem:
        raise UnionListError(problem, source=str(path), row=row.line)


def slug(name: str) -> str:
    """A name as part of an id.

    >>> slug("St. Paul Police Federation")
    'st-paul-police-federation'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def apply_overlay(unions: dict[str, Union], aliases: list[Alias], path: Path) -> None:
    """Apply the rows of a user's list to the loaded one, in place and in their order.

    Raises:
        UnionListError: a row renames or switches off something that is not on the list.
    """
    by_name = {union.name.casefold(): union.union_id for union in unions.values()}
    for row in read_overlay(path):
        union_id = row.union if row.union in unions else by_name.get(row.union.casefold())
        if union_id is None and row.action != "add":
            raise UnionListError(
                f"no union has the id or name {row.union!r}", source=str(path), row=row.line,
                hint="`unionscreen unions search` finds its id",
            )  # fmt: skip
        if union_id is None:
            if (taken := unions.get(f"own-{slug(row.union)}")) is not None:
                raise UnionListError(
                    f"{row.union!r} would have the id of {taken.name!r}, and take its place", source=str(path),
                    row=row.line, hint="write both names the same way, or make them differ in a letter or digit",
                )  # fmt: skip
            union_id = _add(unions, aliases, row, path.name)
            by_name[row.union.casefold()] = union_id
        if row.action == "off":
            _switch_off(unions, aliases, union_id, row, path)
        elif row.action == "rename":
            unions[union_id] = unions[union_id]._replace(name=row.alias)
            by_name[row.alias.casefold()] = union_id
        elif row.ein:
            union = unions[union_id]
            eins = dict.fromkeys([*filter(None, union.ein.split(";")), *row.ein.split(";")])
            unions[union_id] = union._replace(ein=";".join(eins))
        if row.alias and row.action != "off":
            aliases.append(Alias(union_id, row.alias, "as-filed", row.ambiguous, row.source or path.name))


def _add(unions: dict[str, Union], aliases: list[Alias], row: OverlayRow, filename: str) -> str:
    union_id = f"own-{slug(row.union)}"
    source = row.source or f"{filename} (yours)"
    unions[union_id] = Union(
        union_id, row.union, row.kind or "police", scope=_scope(row.place), state=row.state, place=row.place,
        number=row.number, ein=row.ein, source=source, source_class="own", confidence="yours",
    )  # fmt: skip
    aliases.append(Alias(union_id, row.union, "official", "", source))
    return union_id


def _scope(place: str) -> str:
    if not place:
        return ""
    return "county" if place.endswith((" County", " Parish")) else "city"


def _switch_off(unions: dict[str, Union], aliases: list[Alias], union_id: str, row: OverlayRow, path: Path) -> None:
    left = [a for a in aliases if a.union_id != union_id or (row.alias and a.alias.casefold() != row.alias.casefold())]
    if len(left) == len(aliases):
        raise UnionListError(
            f"{unions[union_id].name} has no alias {row.alias!r}", source=str(path), row=row.line,
            hint=f"`unionscreen unions show {union_id}` lists them",
        )  # fmt: skip
    aliases[:] = left
    if not row.alias:
        del unions[union_id]


def append_rows(path: Path, rows: Iterable[OverlayRow]) -> None:
    """Append rows to a user's list, which is created if missing.

    Raises:
        UnionListError: the file exists and is not a user's list.
    """
    if path.exists() and path.stat().st_size:
        read_overlay(path)  # never append to another kind of file
    listed = [{name: getattr(row, name) for name in OVERLAY_COLUMNS} for row in rows]
    needed = [name for name in OVERLAY_COLUMNS if name != "action" and any(row[name] for row in listed)]
    append_list(path, OVERLAY_COLUMNS, listed, needed=needed, error=UnionListError)
