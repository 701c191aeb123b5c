"""One step back: how much of what a committee had received came from unions when it gave, or spent on its own.

Only where the committee's own filing is among the files. One step, and no dollar of a gift is called a union's: money
in a committee's account is not marked.

An independent spender states what it received in its reports, or with Form 496 (part 3). The form lists less: the
contributors of $100 or more since the last campaign report (California Government Code, sections 84204(b), 84211(f)).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from unionscreen.accounting.payments import folded, ids_differ, names_of
from unionscreen.contributions import count
from unionscreen.prosecutors import Recipient, Selection, is_candidates, recipient_key
from unionscreen.prosecutors.entries import shorten_list
from unionscreen.screening.block import TRACED, TRACED_496
from unionscreen.screening.merge import Gathered
from unionscreen.screening.paid_out import FORM_496_LISTS, Books, Trace, TraceKind
from unionscreen.screening.result import Flag, ProsecutorEntry
from unionscreen.screening.settings import Settings


class Traced(NamedTuple):
    """What was traced, and what a reader must know about it."""

    traces: tuple[Trace, ...] = ()
    notes: tuple[str, ...] = ()


def trace_money(
    gathered: Gathered,
    selection: Selection,
    entries: Sequence[ProsecutorEntry],
    books: Books,
    settings: Settings,
    screened: Callable[[Settings], Gathered] | None,
) -> Traced:
    """Trace the committees that gave to those who are shown, or spent for or against them.

    The filings are read again for the gifts of committees that are here too, and once more for what those received.
    Independent spending is in the first reading.

    Args:
        gathered: the first reading.
        selection: who is shown.
        entries: their money.
        books: the spending that is shown.
        settings: of the first reading.
        screened: reads the filings with other settings; None where they cannot be read again.
    """
    shown = [recipient for entry in selection.entries for recipient in entry.recipients]
    candidates = {each.recipient for each in shown if is_candidates(each.recipient, each.candidate)}
    itself = [entry for entry in entries if _is_own(entry) and candidates.isdisjoint(entry.recipients)]
    if screened is None:
        own_only = _own_traces(itself, {})
        return Traced(own_only, tuple(_trace_notes(own_only, (), again=False)))
    missed = gathered.missed_recipients
    given = _donors(screened(replace(settings, givers=_may_be_traced(gathered), prosecutor_keys=missed)), shown)
    everybody = selection.recipients == "all"
    about = {each.place for each in books.active_spending if everybody or each.prosecutor}
    about |= {
        each.giver_row
        for each in books.gifts
        if each.giver_row and each.shown == "only by the giver" and (everybody or each.prosecutor)
    }
    spent, untraced = _spenders(gathered, about)
    own = {name for entry in itself for name in entry.recipients}
    keys = {each.key for gift in (*given, *spent) for each in gift.committees}
    keys |= {each.key for each in gathered.recipients if each.recipient in own}
    traces: tuple[Trace, ...] = ()
    if keys:
        known = tuple(sorted(keys.union(missed)))
        receipts = screened(replace(settings, traced=tuple(sorted(keys)), prosecutor_keys=known))
        traces = (*_make_traces([*given, *spent], receipts), *_own_traces(itself, _listed_with_496(receipts)))
    return Traced(traces, tuple(_trace_notes(traces, untraced, again=True)))


class _Donor(NamedTuple):
    """A gift to a prosecutor, or spending for or against one, by a committee whose own filing is among the files."""

    committees: tuple[Recipient, ...]
    prosecutor: str
    date: date | None
    amount_cents: int
    matched_by: str
    place: str
    kind: TraceKind = "contribution"


def _may_be_traced(gathered: Gathered) -> tuple[str, ...]:
    """The names of all who received in these files, as donors may be called."""
    return tuple(sorted({folded(each.recipient) for each in gathered.recipients} - {""}))


class _Filers:
    """The filers of receipts in these files, by their names and ids."""

    def __init__(self, gathered: Gathered) -> None:
        self._names = {each: names_of(each.recipient, each.recipient_id) for each in gathered.recipients}
        self._named: dict[str, list[Recipient]] = {}
        for each, names in self._names.items():
            for name in names:
                self._named.setdefault(name, []).append(each)

    def find(self, name: str, agency_id: str | None) -> tuple[tuple[Recipient, ...], str]:
        """The filers that are this committee, and whether the id or the name matched. None of them has another id."""
        mine = names_of(name, agency_id)
        ids = sorted(each for each in mine & self._named.keys() if each.startswith("id "))
        shared = ids or sorted(mine & self._named.keys())
        found = (each for key in shared for each in self._named[key] if not ids_differ(mine, self._names[each]))
        return tuple(dict.fromkeys(found)), "id" if ids else "name"


def _donors(gathered: Gathered, shown: Iterable[Recipient]) -> list[_Donor]:
    """The gifts to the recipients shown from committees whose own filings are here.

    Args:
        gathered: read with ``Settings.givers`` as :func:`_may_be_traced` says.
        shown: the prosecutors' recipients.
    """
    filers = _Filers(gathered)
    wanted = {recipient_key(each.recipient, each.recipient_id) for each in shown}
    found = []
    for gift in gathered.received:
        if recipient_key(gift.recipient, gift.recipient_id) not in wanted or gift.status != "active":
            continue
        theirs, by = filers.find(gift.giver, gift.giver_id)
        if theirs:
            found.append(_Donor(theirs, gift.recipient, gift.date, gift.amount_cents, by, gift.place))
    return found


def _spenders(gathered: Gathered, places: Collection[str]) -> tuple[list[_Donor], list[str]]:
    """What committees paid whose receipts are in these files, and the names of the other independent spenders.

    Args:
        gathered: what was read.
        places: ``file:row`` of the spending that is shown, and of the gifts that only the giver's filing shows.
    """
    filers = _Filers(gathered)
    found, untraced = [], []
    for each in gathered.payments:
        if each.place not in places:
            continue
        theirs, by = filers.find(each.giver, each.giver_id)
        if theirs:
            about = each.candidate or each.recipient
            kind: TraceKind = "contribution" if each.kind == "contribution-made" else "independent expenditure"
            found.append(_Donor(theirs, about, each.date, each.amount_cents, by, each.place, kind))
        elif each.kind != "contribution-made":
            untraced.append(each.giver)
    return found, [*dict.fromkeys(untraced)]


def _own_traces(entries: Iterable[ProsecutorEntry], listed: Mapping[str, int]) -> tuple[Trace, ...]:
    """Trace committees that are shown themselves, such as independent spenders.

    Args:
        entries: these committees; no candidate's own, whose money the report shows anyway.
        listed: what is listed with Form 496 only, in cents, by the name of the recipient.
    """
    return tuple(
        Trace(
            entry.name, "", None, None, entry.raised, entry.flagged.net,
            _unions(entry.counted), "itself", "",
            listed_cents=sum(listed.get(name, 0) for name in entry.recipients),
            union_rows=tuple(flag.place for flag in entry.counted),
        )
        for entry in entries
    )  # fmt: skip


def _unions(flags: Iterable[Flag]) -> int:
    """How many unions gave; not one whose money went back, or that gave $0."""
    sums: dict[str, int] = {}
    for flag in flags:
        name = flag.union_id or folded(flag.contributor)
        sums[name] = sums.get(name, 0) + flag.amount_cents
    return sum(cents > 0 for cents in sums.values())


def _is_own(entry: ProsecutorEntry) -> bool:
    """Whether a committee that is shown itself has money from unions."""
    return entry.prosecutor is None and entry.flagged.net > 0


def _listed_with_496(gathered: Gathered) -> dict[str, int]:
    """What is listed with Form 496 only, in cents, by the name of the recipient.

    Args:
        gathered: read with ``Settings.traced``.
    """
    sums: dict[str, int] = {}
    for recipient, finding, flag in gathered.interest:
        if finding == TRACED_496 and flag.counts:
            sums[recipient.recipient] = sums.get(recipient.recipient, 0) + flag.amount_cents
    return sums


def _make_traces(found: Sequence[_Donor], gathered: Gathered) -> tuple[Trace, ...]:
    """Add up what each committee had received when it gave or spent.

    Args:
        found: the gifts and the spending.
        gathered: read with ``Settings.traced`` and ``Settings.prosecutor_keys`` as the keys of their committees.
    """
    rows: dict[Recipient, list[tuple[str, Flag]]] = {}
    for recipient, finding, flag in gathered.interest:
        if finding in (TRACED, TRACED_496, "union") and flag.counts:
            rows.setdefault(recipient, []).append((finding, flag))
    known: dict[tuple[tuple[Recipient, ...], date | None], list[tuple[str, Flag]]] = {}
    traces = []
    for gift in found:
        until = known.get((gift.committees, gift.date))
        if until is None:  # a spender has many rows of one day
            theirs = [each for committee in gift.committees for each in rows.get(committee, [])]
            until = [each for each in theirs if gift.date is None or (each[1].date or date.max) <= gift.date]
            known[gift.committees, gift.date] = until
        listed = sum(flag.amount_cents for finding, flag in until if finding == TRACED_496)
        received = sum(flag.amount_cents for finding, flag in until if finding == TRACED)
        unions = [flag for finding, flag in until if finding == "union"]
        traces.append(
            Trace(
                gift.committees[0].recipient, gift.prosecutor, gift.date, gift.amount_cents, received + listed,
                sum(flag.amount_cents for flag in unions),
                _unions(unions), gift.matched_by, gift.place,
                gift.kind, listed, tuple(flag.place for flag in unions),
                committee_id="; ".join(gathered.committee_ids(gift.committees)),
            )
        )  # fmt: skip
    return tuple(traces)


def _trace_notes(traces: Sequence[Trace], untraced: Sequence[str], *, again: bool) -> list[str]:
    """The limits of the shares, and why nothing was traced: without a note, that would look like "no union money".

    Args:
        traces: what was found.
        untraced: the independent spenders whose receipts are not in these files.
        again: whether the files could be read again, which tracing needs.
    """
    if not again:
        return ["--trace: standard input cannot be read again, so no donor committee was traced; give a file"]
    notes = []
    if not traces:
        notes.append("--trace: no donor committee's own filing is among these files, so nothing was traced")
    if untraced:
        spenders = count(len(untraced), "independent spender")
        notes.append(f"--trace: what {spenders} received is not in these files: {shorten_list([*untraced])}")
    if any(each.listed_cents for each in traces):
        notes.append(
            f"--trace: where receipts are stated in Form 496 only, the share is of what that form lists: "
            f"{FORM_496_LISTS}. It is one step back, and no dollar of the spending is called a union's"
        )
    return notes
