"""Staff clear a donor: who, when and why is recorded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from unionscreen.errors import UsageError
from unionscreen.matching import Match, load_matcher
from unionscreen.matching.places import known_state
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_new


@dataclass(frozen=True)
class Clearing:
    """A donor that was cleared."""

    decision: Decision
    answer: Match
    """The tool's own answer, which the decision overrides."""
    new: bool
    """Whether it was recorded now; else the same decision held before."""


def clear_donor(
    log: str | os.PathLike[str],
    donor: str,
    *,
    by: str,
    on: str,
    why: str,
    state: str = "",
    unions: Path | None = None,
) -> Clearing:
    """Record that a donor is not a union.

    Args:
        log: the file of decisions; created if missing.
        donor: the name as filed or exported.
        by: who decides.
        on: the day, as 2026-01-31.
        why: the reason.
        state: only the donor in this state, in two letters or in words; empty is any state.
        unions: a CSV of organizations to add to the curated list.

    Raises:
        UsageError: the donor, the person or the reason is missing, there is no such state, or the file cannot be
            written.
    """
    if not donor.strip():
        raise UsageError("no donor is named", hint="give the name as it stands in the export")
    if not why.strip():
        raise UsageError(
            "a donor is cleared only with a reason", hint='why: for example "homeowners, see their bylaws"'
        )
    if not by.strip():
        raise UsageError("nobody is named who clears the donor", hint='by: for example "A.B."')
    where = known_state(state) if state else ""
    found = load_matcher(unions).match(donor, state=where or None)
    decision = Decision(donor.strip(), where, found.union_id or "", "rejected", by.strip(), on, why.strip())
    _, added = append_new(log, [decision])
    return Clearing(decision, found, bool(added))
