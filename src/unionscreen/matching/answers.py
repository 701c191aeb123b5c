"""An answer for other programs: the keys of ``check --json``, the columns of ``check_many``."""

from __future__ import annotations

from typing import Any

from unionscreen.matching.matcher import Match


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
