"""Where the later report holds a row that it reports again: "superseded, see row 42" has to name the same gift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from unionscreen.accounting import Line
from unionscreen.prosecutors import Recipient
from unionscreen.prosecutors.words import key
from unionscreen.screening.narrow import recipient_key
from unionscreen.screening.result import LEFT_OUT, Flag

# A row's recipient, what its donor was found to be, and the row.
Found = tuple[Recipient, str, Flag]

# A row of one of these says where the later report holds it.
_REPORTED_AGAIN: Final = ("superseded", "covered")


def with_their_repeats(found: list[Found], causes: Sequence[Line | None]) -> list[Found]:
    """Let the cause of a row that is reported again be the same gift in the later report, not that report's first row.

    Args:
        found: rows of interest: a donor that is of interest once is so in the later report too.
        causes: a line of the later report of each row.
    """
    reports: dict[tuple[str, str | None, str | None], list[Found]] = {}
    for each in found:
        reports.setdefault(
            (recipient_key(each[0].recipient, each[0].recipient_id), each[2].filing_id, each[2].amendment), []
        ).append(each)
    named = []
    for one, line in zip(found, causes, strict=True):
        recipient, finding, flag = one
        if line is not None and flag.status in _REPORTED_AGAIN:
            report = reports.get((line.recipient, line.filing_id, line.amendment), [])
            again = [other[2] for other in report if other is not one and _same_donor(one, other)]
            if again:
                nearest = min(again, key=lambda other: _distance(flag, other))
                flag = replace(flag, status_cause=f"{nearest.source}:{nearest.row}")
            else:
                flag = replace(flag, status_cause=f"{LEFT_OUT}{flag.status_cause}")
        named.append((recipient, finding, flag))
    return named


def _same_donor(one: Found, other: Found) -> bool:
    if key(one[2].contributor) == key(other[2].contributor):
        return True
    return one[1] == other[1] == "union" and one[2].union_id is not None and one[2].union_id == other[2].union_id


def _distance(flag: Flag, other: Flag) -> tuple[object, ...]:
    """The less, the more likely the other row is the same gift: by its id, else the nearest amount, else day."""
    another_id = not flag.transaction_id or flag.transaction_id != other.transaction_id
    days = abs((flag.date - other.date).days) if flag.date and other.date else 0 if flag.date == other.date else 1
    amounts = abs(flag.amount_cents - other.amount_cents)
    return another_id, amounts, days, other.status in _REPORTED_AGAIN, other.source, other.row
