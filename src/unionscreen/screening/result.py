"""What a screening found: plain values, the JSON of DESIGN §8, and DataFrames at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from unionscreen.accounting import Money

if TYPE_CHECKING:
    import pandas as pd


def dollars(cents: int) -> str:
    """Cents as a decimal string in dollars, exact.

    >>> dollars(1280000), dollars(-5), dollars(0)
    ('12800.00', '-0.05', '0.00')
    """
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Flag:
    """One contribution shown because of who gave it, as filed, with the evidence."""

    source: str
    row: int
    recipient: str
    contributor: str
    date: date | None
    amount_cents: int
    kind: str
    status: str
    tier: str | None
    union_id: str | None
    union: str | None
    union_kind: str | None
    score: float
    why: str
    status_cause: str | None = None
    """``file:row`` of the row that caused the status: the amended report, the refund."""
    alias: str | None = None
    recipient_id: str | None = None
    contributor_type: str | None = None
    employer: str | None = None
    occupation: str | None = None
    city: str | None = None
    state: str | None = None
    filing_id: str | None = None
    amendment: str | None = None
    transaction_id: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The keys of DESIGN §8, in its order."""
        return {
            "source": self.source,
            "row": self.row,
            "recipient": self.recipient,
            "contributor": self.contributor,
            "date": self.date.isoformat() if self.date else None,
            "amount": dollars(self.amount_cents),
            "kind": self.kind,
            "status": self.status,
            "tier": self.tier,
            "union_id": self.union_id,
            "union": self.union,
            "union_kind": self.union_kind,
            "score": round(self.score, 1),
            "why": self.why,
        }


@dataclass(frozen=True)
class ProsecutorEntry:
    """One prosecutor, or with ``--recipients all`` any recipient, and the money.

    Args:
        prosecutor: the person in natural order; None for a recipient that is no prosecutor.
        office: in the standard words, or None.
        jurisdiction: county, district or city where said.
        recipients: the committees as filed.
        contributions: how many rows they filed, whatever their status.
        raised: monetary and in-kind contributions less refunds, in cents.
        in_kind: how much of what was raised came in kind, in cents.
        loans: lent less repaid, in cents; in no other sum.
        flagged: the union rows' money.
        flags: the union rows.
        related: rows of look-alikes; in no sum.
        employers: individuals employed by a union, when asked for; in no sum.
        pledge_date: from the roster.
    """

    prosecutor: str | None
    office: str | None
    jurisdiction: str | None
    recipients: tuple[str, ...]
    contributions: int
    raised: int
    in_kind: int
    loans: int
    flagged: Money
    flags: tuple[Flag, ...]
    related: tuple[Flag, ...]
    employers: tuple[Flag, ...] = ()
    pledge_date: date | None = None

    def to_dict(self, *, employers: bool = False) -> dict[str, Any]:
        """The keys of DESIGN §8, in its order; ``employers`` adds that finding behind them."""
        entry: dict[str, Any] = {
            "prosecutor": self.prosecutor,
            "office": self.office,
            "jurisdiction": self.jurisdiction,
            "recipients": list(self.recipients),
            "contributions": self.contributions,
            "raised": dollars(self.raised),
            "flagged": {
                "count": len(self.flags),
                "gross": dollars(self.flagged.gross),
                "refunded": dollars(self.flagged.refunded),
                "net": dollars(self.flagged.net),
            },
            "flags": [flag.to_dict() for flag in self.flags],
            "related": [flag.to_dict() for flag in self.related],
        }
        if employers:
            entry["employers"] = [flag.to_dict() for flag in self.employers]
        return entry


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read as a contribution: where, why, and its text."""

    source: str
    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Screening:
    """The result of :func:`unionscreen.screen`.

    Args:
        prosecutors: one entry per prosecutor (or recipient), by name.
        rejected: the rows that were not screened.
        manifest: inputs with hashes, list hash, version, settings and counts: enough to run it again.
        notes: what the user should be told beside the result, one sentence each.
    """

    prosecutors: tuple[ProsecutorEntry, ...]
    rejected: tuple[Reject, ...]
    manifest: dict[str, Any]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of DESIGN §8 as plain values; the same input gives the same dictionary."""
        employers = bool(self.manifest["settings"].get("employers"))
        return {
            "manifest": self.manifest,
            "prosecutors": [entry.to_dict(employers=employers) for entry in self.prosecutors],
            "rejects": [
                {"source": each.source, "row": each.row, "reason": each.reason, "text": each.text}
                for each in self.rejected
            ],
        }

    @cached_property
    def flags(self) -> pd.DataFrame:
        """The union rows of all entries."""
        return _flag_frame((entry, flag) for entry in self.prosecutors for flag in entry.flags)

    @cached_property
    def related(self) -> pd.DataFrame:
        """The rows of look-alikes: management, foundations, police-themed PACs."""
        return _flag_frame((entry, flag) for entry in self.prosecutors for flag in entry.related)

    @cached_property
    def employers(self) -> pd.DataFrame:
        """Contributions of individuals who are employed by a union; empty unless asked for."""
        return _flag_frame((entry, flag) for entry in self.prosecutors for flag in entry.employers)

    @cached_property
    def rejects(self) -> pd.DataFrame:
        """The rows that were not screened."""
        import pandas as pd

        names = [each.name for each in fields(Reject)]
        return pd.DataFrame([[getattr(each, name) for name in names] for each in self.rejected], columns=names)

    @cached_property
    def prosecutor_table(self) -> pd.DataFrame:
        """One row per entry; sums in cents, because a float cannot hold $150,000.01."""
        import pandas as pd

        return pd.DataFrame([_entry_row(entry) for entry in self.prosecutors], columns=_ENTRY_COLUMNS)


_ENTRY_COLUMNS = [
    "prosecutor",
    "office",
    "jurisdiction",
    "recipients",
    "pledge_date",
    "contributions",
    "raised_cents",
    "in_kind_cents",
    "loans_cents",
    "flags",
    "flagged_gross_cents",
    "flagged_refunded_cents",
    "flagged_net_cents",
    "flagged_in_kind_cents",
    "flagged_loans_cents",
    "related",
]


def _entry_row(entry: ProsecutorEntry) -> list[Any]:
    flagged = entry.flagged
    return [
        entry.prosecutor,
        entry.office,
        entry.jurisdiction,
        "; ".join(entry.recipients),
        entry.pledge_date,
        entry.contributions,
        entry.raised,
        entry.in_kind,
        entry.loans,
        len(entry.flags),
        flagged.gross,
        flagged.refunded,
        flagged.net,
        flagged.in_kind,
        flagged.loans,
        len(entry.related),
    ]


def _flag_frame(pairs: Iterable[tuple[ProsecutorEntry, Flag]]) -> pd.DataFrame:
    import pandas as pd

    names = [each.name for each in fields(Flag)]
    rows = [[entry.prosecutor, *(getattr(flag, name) for name in names)] for entry, flag in pairs]
    frame = pd.DataFrame(rows, columns=["prosecutor", *names])
    frame["date"] = pd.to_datetime(frame["date"])
    return frame
