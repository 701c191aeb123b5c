"""Adding to the user's own list, with the checks that the shipped list has to pass too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unionscreen.errors import UnionListError, UsageError
from unionscreen.matching.matcher import Matcher, load_matcher
from unionscreen.matching.places import known_state
from unionscreen.unions import UNION_KINDS, load_unions
from unionscreen.unions.overlay import OverlayRow, append_rows, read_overlay


def add_union(
    path: Path,
    name: str,
    *,
    aliases: Sequence[str] = (),
    source: str,
    kind: str = "",
    state: str = "",
    place: str = "",
) -> list[str]:
    """Write an organization, or more names of a listed one, into the user's list.

    Args:
        path: the user's CSV; created if missing.
        name: a new organization's name, or the id or name of a listed one.
        aliases: other names it gives under.
        source: where the user found it.
        kind: one of UNION_KINDS.
        state: its two letters or its name.
        place: city or county.

    Returns:
        What was done, one sentence each.

    Raises:
        UsageError: a name is taken or reads like a look-alike, or the kind or state is unknown. Nothing is written.
        UnionListError: the file exists and is not a user's list.
    """
    if not source.strip():
        raise UsageError("an entry needs its source", hint="--source 'https://…' or --source 'general knowledge'")
    if kind and kind not in UNION_KINDS:
        raise UsageError(f"{kind!r} is not a kind", hint="one of " + ", ".join(UNION_KINDS))
    state = known_state(state) if state else ""
    overlay = path if path.exists() and path.stat().st_size else None
    known = load_unions(overlay)
    by_name = {union.name.casefold(): union.union_id for union in known.unions.values()}
    listed = name if name in known.unions else by_name.get(name.strip().casefold())
    matcher = load_matcher(overlay)
    for each in [*([] if listed else [name]), *aliases]:
        _check(each, listed, state, matcher)
    if listed and not aliases:
        raise UsageError(f"{known.unions[listed].name} is already on the list", hint="--alias adds a name to it")
    union = known.unions[listed].union_id if listed else name.strip()
    row = OverlayRow(0, union, "", "add", kind, state, place, source=source)
    append_rows(path, [row._replace(alias=alias.strip()) for alias in aliases] or [row])
    try:
        read_overlay(path)
        found = Matcher(load_unions.__wrapped__(path))
    except UnionListError as error:
        raise UnionListError(f"{error.message}; correct the line that was just added", source=str(path)) from None
    done = [f"{path}: added {union}" + (f", also as {', '.join(aliases)}" if aliases else "")]
    for each in [*([] if listed else [name]), *aliases]:
        answer = found.match(each, state=state or None)
        if answer.verdict != "union" or answer.union is None:
            done.append(f'"{each}" alone does not identify it: {answer.why}')
    return done


def _check(name: str, listed: str | None, state: str, matcher: Matcher) -> None:
    if not name.strip():
        raise UsageError("a name is empty")
    answer = matcher.match(name, state=state or None)
    if answer.union_id is not None and answer.union_id != listed and answer.score >= 95:
        raise UsageError(
            f"{name!r} is already {answer.union}", hint=f"`unionscreen unions show {answer.union_id}` shows its names"
        )
    if answer.verdict == "related" or answer.category == "trap":
        raise UsageError(f"{name!r} reads like a look-alike", hint=answer.why)
