"""Decisions laid over what a screening found: nothing is hidden, rejected strings leave the sums."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from unionscreen.accounting import Amount, total
from unionscreen.review.decisions import Decision, Decisions
from unionscreen.screening import Flag, ProsecutorEntry
from unionscreen.screening.block import BELOW_MIN_SCORE
from unionscreen.screening.settings import CONFIRMED, COUNTED_RELATED, fold
from unionscreen.unions import Union


def apply_decisions(
    entries: Sequence[ProsecutorEntry],
    decisions: Decisions,
    unions: Mapping[str, Union],
    kinds: Collection[str] | None = None,
    min_score: float = 0,
) -> tuple[tuple[ProsecutorEntry, ...], list[str]]:
    """The entries with every decision applied and said, and notes for the user.

    A rejected string goes to ``dismissed`` and out of the sums. A confirmed look-alike becomes a flag. A confirmed
    union replaces the one that was matched. What was left open is counted as before, and says so.

    Args:
        entries: what the screening found.
        decisions: what people decided.
        unions: the list by id, for names and kinds.
        kinds: the kinds that were asked for; a confirmed look-alike of another kind stays where it is.
        min_score: what scores less is here only because somebody of its name was confirmed.
    """
    used: set[tuple[str, str]] = set()
    moved: set[str] = set()
    elsewhere: set[str] = set()
    namesakes = 0
    out = []
    for entry in entries:
        flags: list[Flag] = []
        related: list[Flag] = []
        dismissed: list[Flag] = []
        for flag in (*entry.flags, *entry.related):
            was_related = flag.tier is None
            decision = decisions.find(flag.contributor, flag.state)
            if decision is None and decisions.not_applied(flag.contributor, flag.state):
                elsewhere.add(f"{flag.contributor} ({flag.state})")
            if flag.union_kind == CONFIRMED and (decision is None or decision.verdict != "confirmed"):
                continue  # another state's namesake: the matcher's answer is clear, and nobody said otherwise
            low = flag.score < min_score and flag.tier != COUNTED_RELATED and not was_related
            if low and (decision is None or decision.verdict != "confirmed"):
                namesakes += 1
                continue
            if decision is None:
                (related if was_related else flags).append(flag)
                continue
            used.add(decision.key)
            said = reviewed(flag, decision, unions)
            if decision.verdict == "confirmed":
                allowed = kinds is None or said.union_kind in kinds
                (flags if allowed or not was_related else related).append(said)
            elif was_related:
                related.append(said)
            elif decision.verdict == "rejected":
                dismissed.append(said)
                if decision.union_id and flag.union_id and decision.union_id != flag.union_id:
                    moved.add(flag.contributor)
            else:
                flags.append(said)
        flags.sort(key=lambda each: (each.source, each.row))
        out.append(
            replace(
                entry,
                flags=tuple(flags),
                related=tuple(related),
                dismissed=tuple(dismissed),
                flagged=total(Amount(each.amount_cents, each.kind, each.status) for each in flags),
            )
        )
    notes = [f"{len(used):,} of {len(decisions.current):,} decisions apply to these filings"]
    if namesakes:
        notes.append(f"left out, {BELOW_MIN_SCORE}: {namesakes:,} more, of donors whose names are confirmed elsewhere")
    notes += [f"rejected, but it now matches another union than when it was reviewed: {name}" for name in sorted(moved)]
    notes += [
        f"decided without a state, and the name is ambiguous, so the decision is not applied to {name}"
        for name in sorted(elsewhere)
    ]
    return tuple(out), notes


def confirmed_names(decisions: Decisions) -> tuple[str, ...]:
    """The donors that were confirmed, as ``Settings.confirmed`` takes them."""
    names = [each.donor for each in decisions.current.values() if each.verdict == "confirmed"]
    return tuple(sorted(filter(None, set(fold(pa.array(names, pa.string())).to_pylist()))))


def reviewed(flag: Flag, decision: Decision, unions: Mapping[str, Union]) -> Flag:
    """The flag with what was decided about its donor."""
    union = unions.get(decision.union_id)
    said = decision.sentence(union.name if union else None)
    flag = replace(flag, reviewed=said, decision=decision.verdict)
    if decision.verdict != "confirmed":
        return flag
    if union is not None:
        return replace(flag, tier="listed", union_id=union.union_id, union=union.name, union_kind=union.kind)
    if flag.tier in (None, COUNTED_RELATED):  # a look-alike that somebody knows to be a union, not on the list
        return replace(flag, tier="pattern", union_id=None, union=None, union_kind="police")
    return flag
