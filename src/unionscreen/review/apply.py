"""Decisions applied to answers and to screenings: nothing is hidden, and rejected donors leave the sums.

Light to import, because ``check`` uses it: what needs pyarrow is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from unionscreen.contributions import count_of
from unionscreen.matching import Match
from unionscreen.review.decisions import Decision, Decisions, cleared_notes
from unionscreen.unions import Union

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry


def apply_to_match(match: Match, decision: Decision | None, unions: Mapping[str, Union]) -> tuple[Match, str | None]:
    """The answer with the decision about its name applied, and the decision in words.

    A rejected name is clear and a confirmed one is a union; one that was left open keeps its answer. The reason of
    the matcher's own answer follows the decision.
    """
    if decision is None:
        return match, None
    union = unions.get(decision.union_id)
    sentence = decision.sentence(union.name if union else None)
    match = match._replace(why=f"{sentence[0].upper()}{sentence[1:]}. {match.why}".strip())
    if decision.verdict == "rejected":
        match = match._replace(verdict="clear", tier=None, union_id=None, union=None, category=None, score=0.0)
    elif decision.verdict == "confirmed" and union is not None:
        score = match.score if match.union_id == union.union_id else 100.0
        match = match._replace(verdict="union", tier="listed", score=score)
        match = match._replace(union_id=union.union_id, union=union.name, category=union.kind)
    elif decision.verdict == "confirmed" and match.verdict != "union":
        match = match._replace(verdict="union", tier="pattern", union_id=None, union=None, category="police")
    return match, sentence


def apply_decisions(
    entries: Sequence[ProsecutorEntry],
    decisions: Decisions,
    unions: Mapping[str, Union],
    kinds: Collection[str] | None = None,
    min_score: float = 0,
) -> tuple[tuple[ProsecutorEntry, ...], list[str]]:
    """The entries with every decision applied and shown, and notes for the user.

    Rows of a rejected donor move to ``dismissed`` and leave the sums. A confirmed look-alike becomes a flag. A
    confirmed union replaces the one that was matched. A donor left open counts as before, and its flags show that.

    Args:
        entries: what the screening found.
        decisions: what people decided.
        unions: the list by id, for names and kinds.
        kinds: the kinds that were asked for; a confirmed look-alike of another kind stays where it is.
        min_score: a row with a lower score is here only because somebody of its donor's name was confirmed.
    """
    from unionscreen.accounting.money import Amount, total
    from unionscreen.screening.block import BELOW_MIN_SCORE
    from unionscreen.screening.settings import CONFIRMED, COUNTED_RELATED

    used: set[tuple[str, str]] = set()
    changed_union: set[str] = set()
    cleared: dict[str, str] = {}
    elsewhere: set[str] = set()
    namesakes = 0
    result = []
    for entry in entries:
        flags: list[Flag] = []
        related: list[Flag] = []
        dismissed: list[Flag] = []
        for flag in (*entry.flags, *entry.related):
            was_related = flag.tier is None
            decision = decisions.find(flag.contributor, flag.state)
            if decision is None and decisions.not_applied(flag.contributor, flag.state):
                elsewhere.add(f"{flag.contributor} ({flag.state})")
            confirmed = decision is not None and decision.verdict == "confirmed"
            if flag.union_kind == CONFIRMED and not confirmed:
                continue  # a namesake in another state: the matcher calls it clear, and nobody decided otherwise
            if flag.score < min_score and flag.tier != COUNTED_RELATED and not was_related and not confirmed:
                namesakes += 1
                continue
            if decision is None:
                (related if was_related else flags).append(flag)
                continue
            used.add(decision.key)
            flag_after = apply_to_flag(flag, decision, unions)
            if confirmed:
                allowed = kinds is None or flag_after.union_kind in kinds
                (flags if allowed or not was_related else related).append(flag_after)
            elif was_related:
                related.append(flag_after)
            elif decision.verdict == "rejected":
                dismissed.append(flag_after)
                cleared[flag.contributor] = flag_after.reviewed or ""
                if decision.union_id and flag.union_id and decision.union_id != flag.union_id:
                    changed_union.add(flag.contributor)
            else:
                flags.append(flag_after)
        flags.sort(key=lambda each: (each.source, each.row))
        result.append(
            replace(
                entry,
                flags=tuple(flags),
                related=tuple(related),
                dismissed=tuple(dismissed),
                flagged=total(Amount(each.amount_cents, each.kind, each.status) for each in flags),
            )
        )
    notes = [f"{count_of(len(used), len(decisions.current), 'decision', 'applies', 'apply')} to these filings"]
    if namesakes:
        notes.append(f"left out, {BELOW_MIN_SCORE}: {namesakes:,} more, of donors whose names are confirmed elsewhere")
    notes += cleared_notes(cleared)
    notes += [
        f"rejected, but it now matches another union than when it was reviewed: {n}" for n in sorted(changed_union)
    ]
    notes += [
        f"decided without a state, and the name is ambiguous, so the decision is not applied to {name}"
        for name in sorted(elsewhere)
    ]
    return tuple(result), notes


def confirmed_names(decisions: Decisions) -> tuple[str, ...]:
    """The donors that were confirmed, as ``Settings.confirmed`` takes them."""
    import pyarrow as pa

    from unionscreen.screening.settings import fold_names

    names = [each.donor for each in decisions.current.values() if each.verdict == "confirmed"]
    return tuple(sorted(filter(None, set(fold_names(pa.array(names, pa.string())).to_pylist()))))


def apply_to_flag(flag: Flag, decision: Decision, unions: Mapping[str, Union]) -> Flag:
    """The flag with the decision about its donor applied."""
    from unionscreen.screening.settings import COUNTED_RELATED

    union = unions.get(decision.union_id)
    flag = replace(flag, reviewed=decision.sentence(union.name if union else None), decision=decision.verdict)
    if decision.verdict != "confirmed":
        return flag
    if union is not None:
        return replace(flag, tier="listed", union_id=union.union_id, union=union.name, union_kind=union.kind)
    if flag.tier in (None, COUNTED_RELATED):  # a look-alike that a reviewer knows to be a union, not on the list
        return replace(flag, tier="pattern", union_id=None, union=None, union_kind="police")
    return flag
