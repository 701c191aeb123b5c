"""One step back: how much of what a donor committee had received came from unions when it gave.

Only where the committee's own filing is among the files. One step, and no dollar of a gift is called a union's: money
in a committee's account is not marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from unionscreen.accounting.payments import folded, names_of
from unionscreen.prosecutors import Recipient, recipient_key
from unionscreen.screening.block import TRACED
from unionscreen.screening.merge import Gathered
from unionscreen.screening.paid_out import Trace
from unionscreen.screening.result import Flag, ProsecutorEntry


class Donor(NamedTuple):
    """A gift to a prosecutor from a committee whose own filing is among the files."""

    committees: tuple[Recipient, ...]
    prosecutor: str
    date: date | None
    amount_cents: int
    matched_by: str
    place: str


def may_be_traced(gathered: Gathered) -> tuple[str, ...]:
    """The names of all who received in these files, as donors may be called."""
    return tuple(sorted({folded(each.recipient) for each in gathered.recipients} - {""}))


def donors(gathered: Gathered, shown: Iterable[Recipient]) -> list[Donor]:
    """The gifts to the recipients shown from committees whose own filings are here.

    Args:
        gathered: read with ``Settings.givers`` as :func:`may_be_traced` says.
        shown: the prosecutors' recipients.
    """
    committees: dict[str, list[Recipient]] = {}
    for each in gathered.recipients:
        for name in names_of(each.recipient, each.recipient_id):
            committees.setdefault(name, []).append(each)
    wanted = {recipient_key(each.recipient, each.recipient_id) for each in shown}
    found = []
    for gift in gathered.received:
        if recipient_key(gift.recipient, gift.recipient_id) not in wanted or gift.status != "active":
            continue
        names = sorted(names_of(gift.giver, gift.giver_id) & committees.keys())  # an id sorts before a name
        if names:
            by = "id" if names[0].startswith("id ") else "name"
            theirs = tuple(dict.fromkeys(each for name in names for each in committees[name]))
            found.append(Donor(theirs, gift.recipient, gift.date, gift.amount_cents, by, gift.place))
    return found


def own_traces(entries: Iterable[ProsecutorEntry]) -> tuple[Trace, ...]:
    """The same of the committees that are shown themselves and are nobody's own, such as independent spenders."""
    return tuple(
        Trace(
            entry.name, "", None, 0, entry.raised, entry.flagged.net,
            len({flag.union_id or folded(flag.contributor) for flag in entry.counted}), "itself", "",
        )
        for entry in entries
        if entry.prosecutor is None and entry.flagged.net > 0
    )  # fmt: skip


def make_traces(found: Sequence[Donor], gathered: Gathered) -> tuple[Trace, ...]:
    """Add up what each donor committee had received when it gave.

    Args:
        found: the gifts.
        gathered: read with ``Settings.traced`` and ``Settings.known`` as the keys of their committees.
    """
    rows: dict[Recipient, list[tuple[str, Flag]]] = {}
    for recipient, finding, flag in gathered.interest:
        if finding in (TRACED, "union") and flag.counts:
            rows.setdefault(recipient, []).append((finding, flag))
    traces = []
    for gift in found:
        theirs = [each for committee in gift.committees for each in rows.get(committee, [])]
        until = [each for each in theirs if gift.date is None or (each[1].date or date.max) <= gift.date]
        received = sum(flag.amount_cents for finding, flag in until if finding == TRACED)
        unions = [flag for finding, flag in until if finding == "union"]
        traces.append(
            Trace(
                gift.committees[0].recipient, gift.prosecutor, gift.date, gift.amount_cents, received,
                sum(flag.amount_cents for flag in unions),
                len({flag.union_id or folded(flag.contributor) for flag in unions}), gift.matched_by, gift.place,
            )
        )  # fmt: skip
    return tuple(traces)


def trace_notes(traces: Sequence[Trace], *, again: bool) -> list[str]:
    """Why nothing was traced though it was asked for: without a word, it would look like "no union money".

    Args:
        traces: what was found.
        again: whether the files could be read again, which tracing needs.
    """
    if not again:
        return ["--trace: standard input cannot be read again, so no donor committee was traced; give a file"]
    if not traces:
        return ["--trace: no donor committee's own filing is among these files, so nothing was traced"]
    return []
