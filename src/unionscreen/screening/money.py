"""The money and the rows of each prosecutor or recipient, from what was gathered."""

from __future__ import annotations

from collections.abc import Sequence

from unionscreen.accounting.money import Amount, counts, exclusion_summary, total
from unionscreen.accounting.totals import IDENTITY
from unionscreen.prosecutors import Entry, Recipient, Selection
from unionscreen.screening.merge import Gathered
from unionscreen.screening.result import ProsecutorEntry
from unionscreen.screening.statuses import FoundRow


def entries(gathered: Gathered, selection: Selection) -> tuple[ProsecutorEntry, ...]:
    """The money and the rows of each selected prosecutor or recipient."""
    amounts: dict[Recipient, list[tuple[int, Amount]]] = {}
    columns = [gathered.totals[name].to_pylist() for name in (*IDENTITY, "rows", "cents", "kind", "status")]
    for *identity, rows, cents, kind, status in zip(*columns, strict=True):
        amounts.setdefault(Recipient.of(identity), []).append((rows, Amount(cents, kind, status)))
    rows_of: dict[Recipient, list[FoundRow]] = {}
    for each in gathered.interest:
        rows_of.setdefault(each.recipient, []).append(each)
    return tuple(_entry(entry, amounts, rows_of) for entry in selection.entries)


def _entry(
    entry: Entry, amounts: dict[Recipient, list[tuple[int, Amount]]], rows_of: dict[Recipient, list[FoundRow]]
) -> ProsecutorEntry:
    sums = [each for recipient in entry.recipients for each in amounts.get(recipient, [])]
    found = [each for recipient in entry.recipients for each in rows_of.get(recipient, [])]
    found.sort(key=lambda each: (each.flag.source, each.flag.row))
    flags, related, employers = (
        tuple(each.flag for each in found if each.finding == finding) for finding in ("union", "related", "employer")
    )
    raised = total(amount for _, amount in sums)
    excluded = exclusion_summary((rows, amount.kind, amount.status) for rows, amount in sums)
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
        flagged=total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags),
        flags=flags,
        related=related,
        employers=employers,
        pledge_date=person.pledge_date if person else None,
        pledge_source=person.pledge_source if person else None,
        raised_rows=sum(rows for rows, amount in sums if counts(amount.kind, amount.status)),
        raised_left_out=excluded,
        raised_note=_raised_note(sums, excluded),
    )


def _raised_note(sums: Sequence[tuple[int, Amount]], excluded: str) -> str | None:
    """Why nothing counts as raised, or that all of it came as transfers; else None."""
    kinds = {amount.kind for _, amount in sums if counts(amount.kind, amount.status)}
    if kinds - {"refund"} == {"transfer"}:
        return "all that counts as raised came as transfers from other committees"
    return None if kinds or not excluded else f"nothing counts as raised; all rows are left out ({excluded})"
