"""``unionscreen.check``: one name, one answer, in a fifth of a second."""

from __future__ import annotations

import os
from pathlib import Path

from unionscreen.errors import UsageError
from unionscreen.matching import Match, load_matcher
from unionscreen.matching.places import known_state


def check(
    name: str,
    *,
    state: str | None = None,
    city: str | None = None,
    contributor_type: str | None = None,
    unions: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
) -> Match:
    """Say whether a donor is a police union, and why.

    Args:
        name: the donor, as on the cheque or in the filing.
        state: its two letters or its name; separates namesakes.
        city: the donor's city; a second witness for names without a place.
        contributor_type: individual, organization, committee or unknown.
        unions: a CSV of organisations to add to the curated list.
        decisions: what people decided about donors; a reviewed name is answered as it was decided.

    Raises:
        UsageError: the name is empty, there is no such state, or the decisions cannot be read.
        UnionListError: the list cannot be read.

    >>> check("Smith, Jane").verdict
    'clear'
    """
    if not name.strip():
        raise UsageError("no name to check")
    state = known_state(state) if state else None
    matcher = load_matcher(Path(unions) if unions else None)
    match = matcher.match(name, state=state, city=city, contributor_type=contributor_type)
    if decisions is None:
        return match
    from unionscreen.review.answers import decided
    from unionscreen.review.store import load_decisions

    return decided(match, load_decisions(decisions).find(name, state), matcher.unions.unions)[0]
