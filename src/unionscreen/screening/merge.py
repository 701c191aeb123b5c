"""The partials of all blocks → one Screening, whatever order they come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, NamedTuple

import pyarrow as pa

from unionscreen.accounting import (
    IDENTITY,
    STATUSES,
    Amount,
    Gift,
    Line,
    Rules,
    Status,
    combine,
    ledger_totals,
    net_refunds,
    statuses,
    total,
)
from unionscreen.prosecutors import Entry, Recipient, Selection
from unionscreen.prosecutors.words import key
from unionscreen.screening.block import Partial
from unionscreen.screening.result import Flag, ProsecutorEntry, Reject

# Rows of block totals that may wait before they are added up: bounds memory at some 100 MB for any number of blocks.
_WAITING_TOTALS: Final = 500_000


@dataclass(frozen=True)
class InputCount:
    """What was read of one input."""

    rows_read: int
    rows_rejected: int
    encoding: str


@dataclass(frozen=True)
class Gathered:
    """All blocks together: rows numbered from the top of their file, statuses decided."""

    totals: pa.Table
    interest: tuple[_Found, ...]
    """Recipient, finding, and the row."""
    rejects: tuple[Reject, ...]
    inputs: dict[int, InputCount]
    left_out: dict[str, int]
    by_status: dict[str, int]

    @property
    def recipients(self) -> list[Recipient]:
        """Every recipient of the filings."""
        columns = [self.totals[name].to_pylist() for name in IDENTITY]
        return [_recipient(cells) for cells in zip(*columns, strict=True)]


def _recipient(cells: Iterable[str | None]) -> Recipient:
    name, *rest = cells
    return Recipient(name or "", *rest)


def gather(partials: Iterable[Partial]) -> Gathered:
    """Put the blocks of all inputs together; the result does not depend on the order they arrive in."""
    blocks: list[Partial] = []
    sums: list[pa.Table] = []
    for partial in partials:
        if partial.ledger is None:
            sums.append(partial.totals)
        if sum(table.num_rows for table in sums) > _WAITING_TOTALS:
            sums = [combine(sums)]
        blocks.append(replace(partial, totals=partial.totals.slice(0, 0)))
    blocks.sort(key=lambda each: (each.input_index, each.block_index))
    starts = _first_lines(blocks)
    ledger = _ledger(blocks, starts)
    if ledger is not None:
        sums.append(ledger_totals(ledger.table, ledger.decided))
    totals = combine(sums)
    rows = _net(_rows_of_interest(blocks, starts, ledger.by_place() if ledger else {}))
    return Gathered(
        totals=totals,
        interest=tuple(rows),
        rejects=_rejects(blocks, starts),
        inputs=_inputs(blocks),
        left_out=_added(each.left_out for each in blocks),
        by_status=_by_status(totals, [flag for _, _, flag in rows]),
    )


def _first_lines(blocks: Sequence[Partial]) -> list[int]:
    """How many lines of its file come before each block."""
    starts: list[int] = []
    line, of = 0, -1
    for block in blocks:
        if block.input_index != of:
            line, of = 0, block.input_index
        starts.append(line)
        line += block.lines
    return starts


# A row's place: input, and line from the top of the file.
_Place = tuple[int, int]
_Found = tuple[Recipient, str, Flag]


class _Ledger(NamedTuple):
    """The rows of formats that repeat rows, all together, and what became of each."""

    table: pa.Table
    decided: list[Status]
    places: list[_Place]
    sources: list[str]

    def by_place(self) -> dict[_Place, tuple[str, str | None]]:
        """Each row's status, and where the row stands that caused it."""
        return {
            place: (status.status, None if status.cause is None else self._where(status.cause))
            for place, status in zip(self.places, self.decided, strict=True)
        }

    def _where(self, i: int) -> str:
        return f"{self.sources[i]}:{self.places[i][1]}"


def _ledger(blocks: Sequence[Partial], starts: Sequence[int]) -> _Ledger | None:
    """Decide the statuses of all rows of formats that have rules for it; blocks are in the order of the inputs."""
    lines: list[Line] = []
    places: list[_Place] = []
    sources: list[str] = []
    tables: list[pa.Table] = []
    for block, start in zip(blocks, starts, strict=True):
        if block.ledger is None or block.ledger.num_rows == 0:
            continue
        tables.append(block.ledger)
        for row in block.ledger.to_pylist():
            lines.append(_line(row, block.rules))
            places.append((block.input_index, start + row["row"] + 1))
            sources.append(block.source)
    return _Ledger(pa.concat_tables(tables), statuses(lines), places, sources) if tables else None


def _line(row: dict[str, Any], rules: Rules) -> Line:
    return Line(
        recipient=row["recipient_id"] or key(row["recipient"] or ""),
        filing_id=row["filing_id"],
        amendment=row["amendment"],
        transaction_id=row["transaction_id"],
        donor=key(row["contributor"] or ""),
        date=row["date"],
        amount_cents=row["amount_cents"],
        memo=bool(row["memo"]),
        rules=rules,
    )


def _rows_of_interest(
    blocks: Sequence[Partial], starts: Sequence[int], decided: dict[_Place, tuple[str, str | None]]
) -> list[_Found]:
    """The flagged and related rows of all blocks, numbered from the top of their file, in its order."""
    found: list[_Found] = []
    for block, start in zip(blocks, starts, strict=True):
        for row in block.interest.to_pylist():
            line = start + row["row"] + 1
            status, cause = decided.get((block.input_index, line)) or ("memo" if row["memo"] else "active", None)
            values = {name: row[name] for name in _FROM_ROW}
            values |= {"row": line, "recipient": row["recipient"] or "", "contributor": row["contributor"] or ""}
            flag = Flag(status=status, status_cause=cause, **values)
            found.append((_recipient(row[name] for name in IDENTITY), row["finding"], flag))
    return sorted(found, key=lambda each: (each[2].source, each[2].row, each[1]))


_FROM_ROW: Final = [each.name for each in fields(Flag) if each.name not in ("status", "status_cause")]


def _net(found: list[_Found]) -> list[_Found]:
    """Let each refund change the status of the gift it returns."""
    gifts = [
        Gift(
            recipient=recipient.recipient_id or key(recipient.recipient),
            donor=key(flag.contributor),
            union_id=flag.union_id if finding == "union" else None,
            date=flag.date,
            amount_cents=flag.amount_cents,
            kind=flag.kind,
            transaction_id=flag.transaction_id,
            status=flag.status,
        )
        for recipient, finding, flag in found
    ]
    changed = net_refunds(gifts)
    return [
        each if i not in changed else (*each[:2], _changed(each[2], changed[i], found)) for i, each in enumerate(found)
    ]


def _changed(flag: Flag, status: Status, found: list[_Found]) -> Flag:
    cause = None if status.cause is None else found[status.cause][2]
    return replace(flag, status=status.status, status_cause=f"{cause.source}:{cause.row}" if cause else None)


def _rejects(blocks: Sequence[Partial], starts: Sequence[int]) -> tuple[Reject, ...]:
    return tuple(
        Reject(block.source, start + row["row"] + 1, row["reason"], row["text"] or "")
        for block, start in zip(blocks, starts, strict=True)
        for row in block.rejects.to_pylist()
    )


def _inputs(blocks: Sequence[Partial]) -> dict[int, InputCount]:
    """What was read of each input; a file whose blocks are in two encodings is said to be in both."""
    counts: dict[int, InputCount] = {}
    for block in blocks:
        old = counts.get(block.input_index, InputCount(0, 0, ""))
        encodings = [*filter(None, old.encoding.split(", ")), block.encoding]
        counts[block.input_index] = InputCount(
            old.rows_read + block.rows_read,
            old.rows_rejected + block.rejects.num_rows,
            ", ".join(dict.fromkeys(encodings)),
        )
    return counts


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    added: Counter[str] = Counter()
    for each in counts:
        added.update(each)
    return dict(sorted(added.items()))


def _by_status(totals: pa.Table, flags: Iterable[Flag]) -> dict[str, int]:
    """How many rows ended in each status. Refunds are looked for among the flagged and related rows only."""
    rows: Counter[str] = Counter()
    for status, count in zip(totals["status"].to_pylist(), totals["rows"].to_pylist(), strict=True):
        rows[status] += count
    moved = Counter(flag.status for flag in flags if flag.status in ("refunded", "void"))
    rows.update(moved)
    rows["active"] -= sum(moved.values())
    return {status: rows[status] for status in STATUSES if rows[status]}


def entries(gathered: Gathered, selection: Selection) -> tuple[ProsecutorEntry, ...]:
    """The money and the rows of each selected prosecutor or recipient."""
    amounts: dict[Recipient, list[tuple[int, Amount]]] = {}
    columns = [gathered.totals[name].to_pylist() for name in (*IDENTITY, "rows", "cents", "kind", "status")]
    for *identity, rows, cents, kind, status in zip(*columns, strict=True):
        amounts.setdefault(_recipient(identity), []).append((rows, Amount(cents, kind, status)))
    rows_of: dict[Recipient, list[_Found]] = {}
    for each in gathered.interest:
        rows_of.setdefault(each[0], []).append(each)
    return tuple(_entry(entry, amounts, rows_of) for entry in selection.entries)


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
    )
