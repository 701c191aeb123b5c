"""Accept, review and refuse rules, and the date by which a donation must be returned."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from unionscreen.accounting.money import cents_to_decimal, goes_back
from unionscreen.errors import UsageError
from unionscreen.matching import Match

Policy = Literal["refuse", "review"]
Action = Literal["accept", "review", "refuse"]

# refuse: money of listed unions is returned; review: a person decides about each donation.
POLICIES: Final = ("refuse", "review")
DONATION_ACTIONS: Final = ("accept", "review", "refuse")

# No policy for single kinds of organizations.
NO_POLICIES: Final[Mapping[str, str]] = MappingProxyType({})
# The reason for accepting a donor that does not match.
NO_MATCH: Final = "no match"
# The reason for accepting a donor that a person cleared, whatever its name looks like.
CLEARED: Final = "reviewed: not a union"
_DAYS: Final = re.compile(r"(\d{1,3})\s*(?:d|days?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Donation:
    """One incoming donation and the action for it. Contains nothing about cards, accounts or identity papers."""

    source: str
    row: int
    action: Action
    reason: str
    donor: str
    state: str | None = None
    city: str | None = None
    employer: str | None = None
    recipient: str | None = None
    date: dt.date | None = None
    amount_cents: int = 0
    kind: str = "monetary"
    transaction_id: str | None = None
    due: dt.date | None = None
    """The last day to return it; None without a date of receipt, or if there is nothing to return."""
    tier: str | None = None
    union_id: str | None = None
    union: str | None = None
    score: float = 0.0
    why: str = ""
    reviewed: str | None = None
    returned: bool = False
    """Whether the same export shows that it was returned."""
    unread: bool = False
    """Whether the row or its amount could not be read, so that the amount is unknown."""

    @property
    def goes_back(self) -> bool:
        """Whether this is a refund and not a donation."""
        return goes_back(self.amount_cents, self.kind)

    @property
    def cleared(self) -> bool:
        """Whether it is accepted because a person cleared its donor; ``reviewed`` says who, when and why."""
        return self.action == "accept" and self.reason == CLEARED

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON and CSV, the amount in dollars; None if it could not be read."""
        values = asdict(self)
        values["date"] = self.date.isoformat() if self.date else None
        values["due"] = self.due.isoformat() if self.due else None
        values["score"] = round(self.score, 1)
        cents, unread = values.pop("amount_cents"), values.pop("unread")
        return values | {"amount": None if unread else cents_to_decimal(cents)}


def judge_donor(
    match: Match, decision: str | None, policy: Policy, by_kind: Mapping[str, str] = NO_POLICIES
) -> tuple[Action, str]:
    """The action for a donor, and the reason.

    A listed union, and a donor that a person confirmed as a union, is refused under ``refuse`` and reviewed under
    ``review``. A donor that only reads like a union, or is related to one, is always reviewed.

    Args:
        match: the answer, with decisions applied.
        decision: confirmed, rejected, unsure, or None.
        policy: the policy of the campaign.
        by_kind: kind of organization to refuse, review or accept; for other kinds the policy holds. To refuse a kind of
            related organizations, it must be named here.
    """
    if decision == "rejected":
        return "accept", CLEARED
    chosen = by_kind.get(match.category or "")
    if chosen == "accept" and match.verdict != "clear":
        return "accept", f"the policy accepts this kind: {match.category}"
    if match.verdict == "union":
        certain = match.tier == "listed" or decision == "confirmed"
        name = match.union or "an organization of officers"
        if match.ambiguous and decision != "confirmed":
            return "review", f"ambiguous: a police union's name ({match.category}), and nothing shows which one's"
        if decision == "unsure" or not certain:
            return "review", f"reads like a police union ({match.category}), not identified with one on the list"
        what = f"{name} ({match.category})"
        return (
            ("refuse", f"police union: {what}")
            if (chosen or policy) == "refuse"
            else ("review", f"police union: {what}")
        )
    if match.verdict == "related":
        return "refuse" if chosen == "refuse" else "review", f"related to police, not a union: {match.category}"
    return "accept", NO_MATCH


def policy_text(manifest: Mapping[str, Any]) -> str:
    """The policy of an intake in words, with those for single kinds.

    >>> policy_text({"policy": "review", "policy_by_kind": {"foundation": "accept", "police": "refuse"}})
    'review (foundation: accept, police: refuse)'
    """
    by_kind = ", ".join(f"{kind}: {chosen}" for kind, chosen in manifest.get("policy_by_kind", {}).items())
    return f"{manifest['policy']} ({by_kind})" if by_kind else str(manifest["policy"])


def return_days(text: str) -> int:
    """The number of days in ``10d`` or ``10``, within which a donation must be returned.

    >>> return_days("10d"), return_days("30 days")
    (10, 30)

    Raises:
        UsageError: it is not a number of days.
    """
    hit = _DAYS.fullmatch(text.strip())
    if not hit:
        raise UsageError(f"--return-within {text}: not a number of days", hint="for example --return-within 10d")
    return int(hit[1])
