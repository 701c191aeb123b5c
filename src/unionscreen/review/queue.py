"""The donors to review, highest (uncertainty × amount) first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from unionscreen.accounting.money import COUNTED_STATUSES
from unionscreen.contributions import OCR_NOTE
from unionscreen.matching import load_matcher
from unionscreen.matching.explain import without_union
from unionscreen.review.decisions import Decision, Decisions, Key, donor_key, state_key
from unionscreen.screening import Flag, Screening

# Even a score of 100 is worth a look when enough money depends on it.
LEAST_DOUBT: Final = 0.02
# A look-alike has no score, so half.
RELATED_DOUBT: Final = 0.5
# Places and spellings that an item shows.
SHOWN: Final = 3


@dataclass(frozen=True)
class Near:
    """Another union that it might be."""

    union_id: str
    union: str
    against: str


@dataclass(frozen=True)
class Item:
    """One donor's name to decide about, with the evidence."""

    donor: str
    """As filed, in its most frequent spelling."""
    state: str
    union_id: str
    """Of the union that it was matched with, or empty."""
    claim: str
    """The tool's answer in words."""
    tier: str
    """listed, pattern or related."""
    score: float
    evidence: str
    """The reason, in one sentence."""
    rows: int
    """How many contributions."""
    cents: int
    """The money in them, given and returned added up."""
    spellings: tuple[str, ...]
    """Other spellings as filed."""
    places: tuple[str, ...]
    """``file:row`` of some of them."""
    recipients: tuple[str, ...]
    near: tuple[Near, ...] = ()
    """Other unions that it might be."""
    held: Decision | None = None
    """An earlier decision that left it open."""

    @property
    def before(self) -> str | None:
        """The earlier decision in words."""
        return self.held.sentence() if self.held else None

    @property
    def doubt(self) -> float:
        """0 to 1: how far the answer is from certain."""
        return RELATED_DOUBT if self.tier == "related" else max((100 - self.score) / 100, LEAST_DOUBT)

    @property
    def weight(self) -> float:
        """Doubt times dollars."""
        return self.doubt * self.cents / 100

    def decide(self, verdict: str, *, by: str, on: str, why: str = "", union_id: str | None = None) -> Decision:
        """A decision about this name."""
        return Decision(self.donor, self.state, self.union_id if union_id is None else union_id, verdict, by, on, why)


def make_queue(
    screening: Screening,
    decisions: Decisions,
    *,
    related: bool = False,
    unsure: bool = False,
    unions: Path | None = None,
) -> list[Item]:
    """The donors that nobody has decided about, those of the greatest weight first."""
    groups: dict[Key, list[Flag]] = {}
    for entry in screening.prosecutors:
        for flag in (*entry.flags, *(entry.related if related else ())):
            groups.setdefault((donor_key(flag.contributor), state_key(flag.state)), []).append(flag)
    items = []
    for flags in groups.values():
        held = decisions.find(flags[0].contributor, flags[0].state)
        if held is None or (unsure and held.verdict == "unsure"):
            items.append(_item(flags, held, unions))
    return sorted(items, key=lambda item: (-item.weight, item.donor, item.state))


def _item(flags: list[Flag], held: Decision | None, unions: Path | None) -> Item:
    names = [flag.contributor for flag in flags]
    spellings = sorted(set(names), key=lambda name: (-names.count(name), name))
    first = next(flag for flag in flags if flag.contributor == spellings[0])
    tier = first.tier or "related"
    claims = {
        "listed": first.union or "",
        "pattern": f"an officers' organization ({first.union_kind}): {without_union(first.could_be)}",
        "related": f"not a union: {first.union_kind}",
    }
    ocr = OCR_NOTE in (first.note or "")
    match = load_matcher(unions).match(first.contributor, state=first.state, city=first.city, ocr=ocr)
    return Item(
        donor=first.contributor,
        state=state_key(first.state),
        union_id=first.union_id or "",
        claim=claims[tier],
        tier=tier,
        score=first.score,
        evidence=first.why,
        rows=len(flags),
        cents=sum(abs(flag.amount_cents) for flag in flags if flag.status in COUNTED_STATUSES),
        spellings=tuple(spellings[1:SHOWN]),
        places=tuple(f"{flag.source}:{flag.row}" for flag in flags[:SHOWN]),
        recipients=_first(flag.recipient for flag in flags),
        near=tuple(
            Near(found.union.union_id, found.union.name, found.veto)
            for found in match.near
            if found.union.union_id != first.union_id
        ),
        held=held,
    )


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:SHOWN]
