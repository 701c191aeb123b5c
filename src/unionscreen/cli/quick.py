"""A plain ``check NAME...``, answered from the saved index of the list and without typer.

Loading typer and the list takes longer than everything else that such a command does. Arguments that are not plain are
left to :mod:`unionscreen.cli.check`, which gives the same answers in the same bytes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from unionscreen.cli.failures import report_failure
from unionscreen.cli.streams import colors_wanted, write_data
from unionscreen.errors import UsageError
from unionscreen.safe_text import to_json, visible

if TYPE_CHECKING:
    from unionscreen.matching import Match, Matcher

INDENT: Final = " " * 9  # the width of the verdict
STYLES: Final = {"union": "\x1b[1;31m", "related": "\x1b[1;33m", "no name": "\x1b[1;33m", "clear": "\x1b[1;32m"}

# Where Windows has this in an argument, the other way replaces it with the names of files, or of variables.
_EXPANDED: Final = frozenset("*?[~$%")


class _Plain(NamedTuple):
    """What a plain command asks."""

    names: list[str]
    as_json: bool
    state: str | None
    unions: str | None


def quick_check(arguments: Sequence[str]) -> int | None:
    """Answer a plain ``check``.

    Args:
        arguments: those after ``check``.

    Returns:
        The exit code; None where the arguments are not plain, and nothing was done.
    """
    asked = _plain(arguments)
    if asked is None:
        return None
    try:
        return _check(asked)
    except (Exception, KeyboardInterrupt) as error:
        code = report_failure(error)
        if code is None:
            raise
        return code


def _plain(arguments: Sequence[str]) -> _Plain | None:
    """The names and the simple options; None where something else is among them."""
    names: list[str] = []
    values: dict[str, str] = {}
    as_json = False
    left = iter(arguments)
    for each in left:
        if sys.platform == "win32" and not _EXPANDED.isdisjoint(each):
            return None
        if not each.startswith("-"):
            names.append(each)
        elif each == "--json":
            as_json = True
        elif each in ("--state", "--unions"):
            values[each] = next(left, "")
            if not values[each] or values[each].startswith("-"):
                return None
        else:
            return None
    return _Plain(names, as_json, values.get("--state"), values.get("--unions")) if names else None


def _check(asked: _Plain) -> int:
    refuse_empty(asked.names)
    from unionscreen.matching.places import known_state

    state = "" if asked.state is None else known_state(asked.state)
    from unionscreen.saved_index import DamagedIndexError
    from unionscreen.unions.data_files import LIST_KIND, list_index

    file = list_index(asked.unions)
    saved = None if file is None else file.open(LIST_KIND)
    if saved is not None:
        from unionscreen.matching.saved import saved_matcher

        try:
            return _answer(asked, state, saved_matcher(saved))
        except DamagedIndexError:
            pass
    from unionscreen.matching import Matcher
    from unionscreen.unions import load_unions

    matcher = Matcher(load_unions(None if asked.unions is None else _path(asked.unions)), saved=file)
    code = _answer(asked, state, matcher)
    if file is not None:
        from unionscreen.matching.saved import entries_of

        file.save(LIST_KIND, entries_of(matcher))
    return code


def _path(text: str) -> Any:
    from pathlib import Path

    return Path(text)


def _answer(asked: _Plain, state: str, matcher: Matcher) -> int:
    matches = [matcher.match(decode(os.fsencode(name)), state=state, city="") for name in asked.names]
    write_data("".join(json_line(match, {}) if asked.as_json else lines(match) for match in matches))
    return 1 if any(match.verdict == "union" for match in matches) else 0


def refuse_empty(names: Sequence[str]) -> None:
    """Stop where an argument names nobody, because nothing can be said about it.

    Raises:
        UsageError: a name is empty, or has only punctuation or a word for a missing value ("N/A").
    """
    if not all(map(str.strip, names)):
        raise UsageError("a name is empty", hint="is the variable that holds it set?")
    from unionscreen.matching.cleaning import is_no_name

    for name in filter(is_no_name, names):
        hint = "give - alone to read names from standard input" if name == "-" else "give a donor's name"
        raise UsageError(f"{visible(name)} is not a name", hint=hint)


def decode(name: bytes) -> str:
    """Decode as filings are decoded: as UTF-8, else as the Windows code page of most exports."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp1252", "replace")


def json_line(match: Match, beside: Mapping[str, Any]) -> str:
    """The answer as one line of JSON.

    Args:
        match: the answer.
        beside: further keys.
    """
    from unionscreen.matching.answers import to_dict

    return to_json({**to_dict(match), **beside}) + "\n"


def lines(match: Match) -> str:
    """The verdict with the name as filed, the organization, and the reason."""
    word = f"{match.verdict:<8}"
    if colors_wanted():
        word = f"{STYLES[match.verdict]}{word}\x1b[0m"
    shown = [f"{word} {visible(match.name)}"]
    if match.verdict == "union":
        from unionscreen.matching.explain import without_union

        who = visible(match.union) if match.union else without_union(" ".join(match.could_be))
        kind = f" ({match.category})" if match.category else ""
        shown.append(f"{INDENT}→ {who}{kind}, {match.tier}, score {match.score:.0f}")
    elif match.verdict == "related":
        shown.append(f"{INDENT}→ not a union: {match.category}")
    if match.why:
        shown.append(INDENT + visible(match.why))
    return "\n".join(shown) + "\n"
