"""Where the later report holds a row that it reports again: "superseded, see row 42" has to name the same gift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from unionscreen.accounting import LedgerLine
from unionscreen.prosecutors import Recipient
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.prosecutor_rows import recipient_key
from unionscreen.screening.result import NOT_IN_LATER_REPORT, Flag

# A row's recipient, what its donor was found to be, and the row.
Found = tuple[Recipient, str, Flag]

# A row of one of these says where the later report holds it.
_REPORTED_AGAIN: Final = ("superseded", "covered")


def with_their_repeats(found: list[Found], causes: Sequence[LedgerLine | None]) -> list[Found]:
    """Let the cause of a row that is reported again be the same gift in the later report, not that report's first row.

    Args:
        found: rows of interest: a donor that is of interest once is so in the later report too.
        causes: a line of the later report of each row.
    """
    held: dict[tuple[object, ...], list[Flag]] = {}
    for recipient, finding, flag in found:
        report = (recipient_key(recipient.recipient, recipient.recipient_id), flag.filing_id, flag.amendment)
        for donor in _names(finding, flag):
            held.setdefault((*report, donor), []).append(flag)
    named = []
    for (recipient, finding, flag), line in zip(found, causes, strict=True):
        if line is not None and flag.status in _REPORTED_AGAIN:
            report = (line.recipient, line.filing_id, line.amendment)
            again = [
                other
                for donor in _names(finding, flag)
                for other in held.get((*report, donor), ())
                if other is not flag
            ]
            nearest = min(again, key=partial(_distance, flag), default=None)
            cause = f"{nearest.source}:{nearest.row}" if nearest else f"{NOT_IN_LATER_REPORT}{flag.status_cause}"
            flag = replace(flag, status_cause=cause)
        named.append((recipient, finding, flag))
    return named


def _names(finding: str, flag: Flag) -> list[tuple[str, str]]:
    """By what a donor is known in two reports: its name folded, and the union it was matched with."""
    names = [("name", name_key(flag.contributor))]
    return [*names, ("union", flag.union_id)] if finding == "union" and flag.union_id else names


def _distance(flag: Flag, other: Flag) -> tuple[object, ...]:
    """The less, the more likely the other row is the same gift: by its id, else the nearest amount, else day."""
    another_id = not flag.transaction_id or flag.transaction_id != other.transaction_id
    days = abs((flag.date - other.date).days) if flag.date and other.date else 0 if flag.date == other.date else 1
    amounts = abs(flag.amount_cents - other.amount_cents)
    return another_id, amounts, days, other.status in _REPORTED_AGAIN, other.source, other.row
