"""An answer for other programs: the keys of ``check --json``, the columns of ``check_many``."""

from __future__ import annotations

from typing import Any, Final

from unionscreen.matching.cleaning import is_no_name
from unionscreen.matching.explain import fired, name_breakdown, nearest
from unionscreen.matching.matcher import Match, Matcher

# The verdict for a text that names nobody: nothing was compared, so it is not "clear".
NO_NAME: Final = "no name"


def no_name(text: str) -> Match:
    """The answer for a text that names nobody.

    Args:
        text: as given, for which :func:`~unionscreen.matching.cleaning.is_no_name` is true.
    """
    return Match(text, NO_NAME, None, None, None, None, 0.0, "There is no name to compare.")


def answer_of(matcher: Matcher, name: str, state: str, city: str) -> Match:
    """What is known about one name of many: "no name" where the text names nobody.

    Args:
        matcher: the list.
        name: as filed.
        state: two letters or "".
        city: or "".
    """
    return no_name(name) if is_no_name(name) else matcher.match(name, state=state, city=city)


def to_dict(match: Match) -> dict[str, Any]:
    """The answer as `check --json` gives it (DESIGN §8)."""
    return {
        "name": match.name,
        "verdict": match.verdict,
        "tier": match.tier,
        "union_id": match.union_id,
        "union": match.union,
        "category": match.category,
        "score": round(match.score, 1),
        "why": match.why,
        "ambiguous": match.ambiguous,
        "could_be": list(match.could_be),
    }


def explanation(match: Match) -> dict[str, Any]:
    """How the name was read, which rules led to the answer, and the nearest unions, as `check --explain` gives it."""
    return name_breakdown(match.name) | {"rules": fired(match.rules), "nearest": nearest(match.near)}
