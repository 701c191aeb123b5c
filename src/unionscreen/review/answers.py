"""A decision laid over the answer for one name. Loads nothing heavy: ``check`` uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from unionscreen.matching import Match
from unionscreen.review.decisions import Decision
from unionscreen.unions import Union


def decided(match: Match, decision: Decision | None, unions: Mapping[str, Union]) -> tuple[Match, str | None]:
    """The answer as it was decided, and the decision in words; without a decision the answer as it is.

    A rejected name is clear, a confirmed one a union; one that was left open keeps its answer. Why the tool would have
    answered otherwise stays behind the decision.

    Args:
        match: the tool's answer.
        decision: what was decided about the name.
        unions: the list by id.
    """
    if decision is None:
        return match, None
    union = unions.get(decision.union_id)
    said = decision.sentence(union.name if union else None)
    match = replace(match, why=f"{said[0].upper()}{said[1:]}. {match.why}".strip())
    if decision.verdict == "rejected":
        return replace(match, verdict="clear", tier=None, union_id=None, union=None, category=None, score=0.0), said
    if decision.verdict != "confirmed":
        return match, said
    if union is not None:
        same = match.union_id == union.union_id
        match = replace(match, verdict="union", tier="listed", score=match.score if same else 100.0)
        return replace(match, union_id=union.union_id, union=union.name, category=union.kind), said
    if match.verdict == "union":
        return match, said
    return replace(match, verdict="union", tier="pattern", union_id=None, union=None, category="police"), said
