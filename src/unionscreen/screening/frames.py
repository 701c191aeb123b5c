"""A screening as pandas data frames, for the edge of the library."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from unionscreen.screening.result import IDS, Flag, ProsecutorEntry, beside

if TYPE_CHECKING:
    from unionscreen.screening.result import Screening


def flag_frame(screening: Screening, finding: str) -> pd.DataFrame:
    """The rows of one finding; ``finding`` and what :func:`beside` says stand behind the fields of a flag.

    Args:
        screening: whose rows they are.
        finding: one of the values of ``result.FINDING_OF``.
    """
    names = [each.name for each in fields(Flag) if each.name not in IDS]
    rows = [
        [
            entry.prosecutor,
            *(getattr(flag, name) for name in names),
            finding,
            *beside(of, finding, flag).values(),
            *(getattr(flag, name) for name in IDS),
        ]
        for of, entry in zip(screening.names, screening.prosecutors, strict=True)
        for found, flag in entry.findings
        if found == finding
    ]
    columns = ["prosecutor", *names, "finding", "counted", "recipient_name", "year", *IDS]
    frame = pd.DataFrame(rows, columns=columns).astype({"counted": bool, "year": "Int64"})
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def entry_frame(screening: Screening) -> pd.DataFrame:
    """One row per entry, sums in cents; ``flags`` counts the rows that the sums add."""
    rows = [
        [*_entry_row(entry), name, entry.person_id, entry.committee_id]
        for name, entry in zip(screening.names, screening.prosecutors, strict=True)
    ]
    return pd.DataFrame(rows, columns=_ENTRY_COLUMNS)


_ENTRY_COLUMNS: Final = [
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
    "not_counted",
    "raised_rows",
    "recipient_name",
    *IDS,
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
        len(entry.counted),
        flagged.gross,
        flagged.refunded,
        flagged.net,
        flagged.in_kind,
        flagged.loans,
        len(entry.related),
        len(entry.flags) - len(entry.counted),
        entry.raised_rows,
    ]
