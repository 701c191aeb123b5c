"""The money and the rows of each prosecutor or recipient, from what was gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from unionscreen.accounting import IDENTITY, Amount, counts, left_out, total
from unionscreen.prosecutors import UNKNOWN, Entry, Identities, Recipient, Selection, committee_id
from unionscreen.screening.merge import Gathered, recipient_of
from unionscreen.screening.reported_again import Found as _Found
from unionscreen.screening.result import Flag, ProsecutorEntry


def entries(
    gathered: Gathered, selection: Selection, identities: Identities | None = None
) -> tuple[ProsecutorEntry, ...]:
    """The money and the rows of each selected prosecutor or recipient, with the ids of persons and committees."""
    ids = identities or Identities({}, ())
    amounts: dict[Recipient, list[tuple[int, Amount]]] = {}
    columns = [gathered.totals[name].to_pylist() for name in (*IDENTITY, "rows", "cents", "kind", "status")]
    for *identity, rows, cents, kind, status in zip(*columns, strict=True):
        amounts.setdefault(recipient_of(identity), []).append((rows, Amount(cents, kind, status)))
    rows_of: dict[Recipient, list[_Found]] = {}
    for each in gathered.interest:
        rows_of.setdefault(each[0], []).append(each)
    return tuple(
        _identified(_entry(entry, amounts, rows_of), entry, ids.person(entry.recipients), gathered)
        for entry in selection.entries
    )


def _identified(made: ProsecutorEntry, entry: Entry, person: str | None, gathered: Gathered) -> ProsecutorEntry:
    """An entry with the ids of its person and its committees, also on its rows."""

    def of(flags: Sequence[Flag]) -> tuple[Flag, ...]:
        return tuple(
            replace(
                flag,
                person_id=person,
                committee_id=committee_id(flag.recipient, flag.recipient_id, gathered.agency(flag.source)),
            )
            for flag in flags
        )

    committees = {
        committee_id(each.recipient, each.recipient_id, agency)
        for each in entry.recipients
        for agency in gathered.agencies.get(each) or (UNKNOWN,)
    }
    return replace(
        made,
        flags=of(made.flags),
        related=of(made.related),
        employers=of(made.employers),
        person_id=person,
        committee_ids=tuple(sorted(committees)),
    )


def _entry(
    entry: Entry, amounts: dict[Recipient, list[tuple[int, Amount]]], rows_of: dict[Recipient, list[_Found]]
) -> ProsecutorEntry:
    sums = [each for recipient in entry.recipients for each in amounts.get(recipient, [])]
    found = [each for recipient in entry.recipients for each in rows_of.get(recipient, [])]
    found.sort(key=lambda each: (each[2].source, each[2].row))
    by_finding = {
        finding: tuple(flag for _, each, flag in found if each == finding)
        for finding in ("union", "related", "employer")
    }
    raised = total(amount for _, amount in sums)
    reasons = left_out((rows, amount.kind, amount.status) for rows, amount in sums)
    person = entry.prosecutor
    return ProsecutorEntry(
        prosecutor=person.name if person else None,
        office=person.office if person else None,
        jurisdiction=person.jurisdiction if person else None,
        recipients=entry.names,
        contributions=sum(rows for rows, _ in sums),
        raised=raised.net,
        in_kind=raised.in_kind,
        loans=raised.loans,
        flagged=total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in by_finding["union"]),
        flags=by_finding["union"],
        related=by_finding["related"],
        employers=by_finding["employer"],
        pledge_date=person.pledge_date if person else None,
        pledge_source=person.pledge_source if person else None,
        raised_rows=sum(rows for rows, amount in sums if counts(amount.kind, amount.status)),
        raised_left_out=reasons,
        raised_note=_raised_note(sums, reasons),
    )


def _raised_note(sums: Sequence[tuple[int, Amount]], reasons: str) -> str | None:
    """Why nothing counts as raised, or that all of it came as transfers; else None.

    Args:
        sums: how many rows, and their sum, by kind and status.
        reasons: what of them is left out.
    """
    kinds = {amount.kind for _, amount in sums if counts(amount.kind, amount.status)}
    if kinds - {"refund"} == {"transfer"}:
        return "all that counts as raised came as transfers from other committees"
    return None if kinds or not reasons else f"nothing counts as raised; all rows are left out ({reasons})"
