"""The partials of all blocks → one Screening, whatever order they come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting import (
    IDENTITY,
    STATUSES,
    TOTALS,
    Gift,
    Known,
    Line,
    Rules,
    Status,
    combine,
    group_ledger,
    is_report,
    ledger_totals,
    net_refunds,
    period_of,
    resolve,
    signed,
    statuses,
)
from unionscreen.accounting.payments import Payment, settle
from unionscreen.prosecutors import UNKNOWN, Agency, Recipient
from unionscreen.prosecutors.words import key
from unionscreen.screening.block import Partial
from unionscreen.screening.counted import InputCount, count_inputs
from unionscreen.screening.payments import payments_of
from unionscreen.screening.prosecutor_rows import recipient_key
from unionscreen.screening.reported_again import Found as _Found
from unionscreen.screening.reported_again import with_their_repeats
from unionscreen.screening.result import MARKED, Flag, Reject

# Rows of block totals that may wait before they are added up: some 10 MB for any number of blocks, added up in 20 ms.
_WAITING_TOTALS: Final = 100_000


@dataclass(frozen=True)
class Gathered:
    """All blocks together: rows numbered from the top of their file, statuses decided."""

    totals: pa.Table
    interest: tuple[_Found, ...]
    """Recipient, finding, and the row."""
    rejects: tuple[Reject, ...]
    inputs: dict[int, InputCount]
    left_out: dict[str, int]
    nameless: int
    """Rows looked at that name no donor."""
    by_status: dict[str, int]
    repeated: Known = field(default_factory=Known)
    """What the blocks did not know of each other's rows, and must to count each once."""
    repeat: tuple[str, str] | None = None
    """One row that repeats another, and that one, each as ``file:row``."""
    missed_recipients: tuple[str, ...] = ()
    """Keys of recipients to show with rows in a block that could not tell, and did not look at them."""
    alone: frozenset[str] = frozenset()
    """Keys of the recipients who are the only ones of a file given by its name."""

    payments: tuple[Payment, ...] = ()
    """Money that filers paid out, each with its status."""
    received: tuple[Payment, ...] = ()
    """Receipts of the givers whose books the user asked for."""
    rows_paid: int = 0
    """How many rows are money that filers paid out, whether they are among ``payments`` or not."""
    agencies: Mapping[Recipient, Collection[Agency]] = field(default_factory=dict)
    """Of the filings that name each recipient."""
    agency_of_source: Mapping[str, Agency] = field(default_factory=dict)
    """By the name under which rows are shown."""

    def agency(self, source: str) -> Agency:
        """Whose ids the rows of a filing use."""
        return self.agency_of_source.get(source, UNKNOWN)

    @property
    def homes(self) -> dict[Recipient, set[str]]:
        """The states of the agencies that each recipient's filings are of; empty where all filings are of one."""
        if len({each.state for each in self.agency_of_source.values() if each.state}) < 2:
            return {}
        return {whose: {each.state for each in of if each.state} for whose, of in self.agencies.items()}

    @property
    def recipients(self) -> list[Recipient]:
        """Every recipient of the filings."""
        return _recipients(self.totals)

    def rows_of(self, recipients: Collection[Recipient]) -> int:
        """How many rows these recipients have."""
        wanted = {*recipients}
        rows = zip(self.recipients, self.totals["rows"].to_pylist(), strict=True)
        return sum(count for recipient, count in rows if recipient in wanted)

    @property
    def given(self) -> list[Recipient]:
        """The recipients whom the user chose by the files they gave."""
        return [each for each in self.recipients if recipient_key(each.recipient, each.recipient_id) in self.alone]


def _recipients(table: pa.Table) -> list[Recipient]:
    """The recipient of each row."""
    columns = [table[name].to_pylist() for name in IDENTITY]
    return [recipient_of(cells) for cells in zip(*columns, strict=True)]


def recipient_of(cells: Iterable[str | None]) -> Recipient:
    """A recipient from the cells of its identity, in the order of accounting.IDENTITY."""
    name, *rest = cells
    return Recipient(name or "", *rest)


def gather(
    partials: Iterable[Partial], by_name: Sequence[Collection[int]] = (), agencies: Sequence[Agency] = ()
) -> Gathered:
    """Put the blocks of all inputs together; the result does not depend on the order they arrive in.

    Args:
        partials: what the blocks yielded.
        by_name: the inputs of each file given by its name, where one with a single recipient is to be shown.
        agencies: of each input.
    """
    blocks: list[Partial] = []
    sums: list[pa.Table] = []
    others: set[str] = set()
    named_by: dict[Recipient, set[Agency]] = {}
    several = len({*agencies}) > 1
    for partial in partials:
        if partial.ledger is None:
            sums.append(partial.totals)
        if sum(table.num_rows for table in sums) > _WAITING_TOTALS:
            sums = [combine(sums)]
        others.update(partial.others)
        if several:
            for each in _recipients(partial.totals if partial.ledger is None else partial.ledger):
                named_by.setdefault(each, set()).add(agencies[partial.input_index])
        blocks.append(replace(partial, totals=TOTALS.empty_table(), others=()))  # a slice would keep all of it
    blocks.sort(key=lambda each: (each.input_index, each.block_index))
    starts = _first_lines(blocks)
    ledger = _ledger(blocks, starts)
    if ledger is not None:
        sums.append(ledger_totals(ledger.table, ledger.decided))
    totals = combine(sums)
    if agencies and not several:
        named_by = {each: {agencies[0]} for each in _recipients(totals)}
    first_rows = _first_rows(blocks, starts)
    alone = _alone(blocks, by_name)
    looked_at = _looked_at(blocks, alone)
    found = _rows_of_interest(blocks, starts, ledger, first_rows)
    found = _rows_looked_at(found, _prosecutors(blocks), alone)
    rows = _net(found)
    payments = [
        each
        for block, start in zip(blocks, starts, strict=True)
        if block.payments is not None
        for each in payments_of(block.payments, start)
    ]
    return Gathered(
        totals=totals,
        interest=tuple(rows),
        rejects=_rejects(blocks, starts),
        inputs=count_inputs(blocks, starts),
        repeated=resolve({_place(each): each.hashes for each in blocks if each.hashes is not None}),
        repeat=_repeat(blocks, starts, first_rows),
        left_out=_added(each.left_out for each in looked_at),
        nameless=sum(each.nameless for each in looked_at),
        by_status=_by_status(totals, found, rows),
        missed_recipients=tuple(sorted(others & (_prosecutors(blocks) | alone))),
        alone=alone,
        agencies=named_by,
        agency_of_source={each.source: agencies[each.input_index] for each in blocks} if agencies else {},
        payments=tuple(settle(each for each, is_received in payments if not is_received)),
        received=tuple(each for each, is_received in payments if is_received),
        rows_paid=sum(each.rows_paid for each in blocks),
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


def _place(block: Partial) -> tuple[int, int]:
    return block.input_index, block.block_index


def _first_rows(blocks: Sequence[Partial], starts: Sequence[int]) -> dict[int, str]:
    """Where the row stands that others repeat, by their hash: the first of all blocks."""
    rows: dict[int, str] = {}
    for block, start in zip(blocks, starts, strict=True):
        for each in [] if block.first_rows is None else block.first_rows.to_pylist():
            rows.setdefault(each["hash"], f"{block.source}:{start + each['row'] + 1}")
    return rows


def _repeat(blocks: Sequence[Partial], starts: Sequence[int], first_rows: Mapping[int, str]) -> tuple[str, str] | None:
    for block, start in zip(blocks, starts, strict=True):
        if block.repeat is not None and block.repeat[1] in first_rows:
            return f"{block.source}:{start + block.repeat[0] + 1}", first_rows[block.repeat[1]]
    return None


# A row's place: input, and line from the top of the file.
_Place = tuple[int, int]

# What rows of one report share that end alike: recipient, filing, amendment, whether late, the day of a late row; and
# kind, memo, own status and direction, because one row marked in the file says nothing of the report's other rows.
_Report = tuple[str, str | None, str | None, bool, date | None, str, bool, str | None, bool]


class _Ledger(NamedTuple):
    """The lines of formats that repeat rows, all together, and what became of each."""

    table: pa.Table
    lines: list[Line]
    decided: list[Status]
    places: list[str]
    rows: dict[_Place, int]
    reports: dict[_Report, int]

    def status_of(self, place: _Place, row: dict[str, Any]) -> Status | None:
        """A row's status and the line that caused it; None where the ledger does not speak of it."""
        line = self.rows.get(place)
        if line is None:
            line = self.reports.get(_report(row, back=row["amount_cents"] < 0))
        if line is None:
            return None
        return self.decided[line]


def _ledger(blocks: Sequence[Partial], starts: Sequence[int]) -> _Ledger | None:
    """Decide the statuses of all rows of formats that have rules for it; blocks are in the order of the inputs."""
    lines: list[Line] = []
    places: list[str] = []
    tables: list[pa.Table] = []
    rows: dict[_Place, int] = {}
    reports: dict[_Report, int] = {}
    for of_input, start, rules, source, ledger in _ledgers(blocks, starts):
        tables.append(ledger)
        for row in ledger.to_pylist():
            line = start + row["row"] + 1
            if is_report(row):
                reports.setdefault(_report(row, back=row["back"]), len(lines))
            else:
                rows[of_input, line] = len(lines)
            lines.append(_line(row, rules))
            places.append(f"{source}:{line}")
    return _Ledger(pa.concat_tables(tables), lines, statuses(lines), places, rows, reports) if tables else None


def _ledgers(blocks: Sequence[Partial], starts: Sequence[int]) -> Iterator[tuple[int, int, Rules, str, pa.Table]]:
    """The ledgers with the line they are counted from; those of reports put together, input by input."""
    reports: dict[int, list[tuple[Partial, pa.Table]]] = {}
    for block, start in zip(blocks, starts, strict=True):
        if block.ledger is None or block.ledger.num_rows == 0:
            continue
        if block.rules.duplicates or block.rules.by_gift:
            yield block.input_index, start, block.rules, block.source, block.ledger
        else:
            at = block.ledger.schema.get_field_index("row")
            moved = block.ledger.set_column(at, "row", pc.add(block.ledger["row"], start))
            reports.setdefault(block.input_index, []).append((block, moved))
    for of_input, parts in reports.items():
        first = parts[0][0]
        together = group_ledger([ledger for _, ledger in parts])
        order = [("row", "ascending"), ("kind", "ascending"), ("back", "ascending"), ("date", "ascending")]
        yield of_input, 0, first.rules, first.source, together.sort_by(order)


def _recipient_key(row: dict[str, Any]) -> str:
    return recipient_key(row["recipient"], row["recipient_id"])


def _report(row: dict[str, Any], *, back: bool) -> _Report:
    late = bool(row["late"])
    report = (_recipient_key(row), row["filing_id"], row["amendment"], late, row["date"] if late else None)
    return *report, row["kind"], bool(row["memo"]), row["status"], back


def _line(row: dict[str, Any], rules: Rules) -> Line:
    begin, end = period_of(row)
    return Line(
        recipient=_recipient_key(row),
        filing_id=row["filing_id"],
        amendment=row["amendment"],
        transaction_id=row["transaction_id"],
        donor=key(row["contributor"] or ""),
        date=row["date"],
        amount_cents=row["cents"],
        memo=bool(row["memo"]),
        rules=rules,
        late=row["late"],
        begin=begin,
        end=end,
        report=is_report(row),
        status=row["status"],
    )


def _rows_of_interest(
    blocks: Sequence[Partial], starts: Sequence[int], ledger: _Ledger | None, first_rows: Mapping[int, str]
) -> list[_Found]:
    """The flagged and related rows of all blocks, numbered from the top of their file, in its order."""
    found: list[_Found] = []
    causes: list[int | None] = []
    for block, start in zip(blocks, starts, strict=True):
        for row in block.interest.to_pylist():
            line = start + row["row"] + 1
            status, cause = _status(row, ledger and ledger.status_of((block.input_index, line), row))
            causes.append(cause)
            values = {name: row[name] for name in _FROM_ROW}
            values |= {"row": line, "recipient": row["recipient"] or "", "contributor": row["contributor"] or ""}
            values["amount_cents"] = signed(row["amount_cents"], row["kind"])
            # A sentence that is copied into a story or a letter still says where it comes from.
            values["why"] = f"Row {line} of {row['source']}: {row['why']}"
            said = MARKED if row["status"] else None if ledger is None or cause is None else ledger.places[cause]
            if row["repeats"] is not None:
                said = first_rows.get(row["repeats"])
            flag = Flag(status=status, status_cause=said, **values)
            found.append((recipient_of(row[name] for name in IDENTITY), row["finding"], flag))
    if ledger is not None:
        found = with_their_repeats(found, [None if cause is None else ledger.lines[cause] for cause in causes])
    return sorted(found, key=lambda each: (each[2].source, each[2].row, each[1]))


def _alone(blocks: Sequence[Partial], by_name: Sequence[Collection[int]]) -> frozenset[str]:
    """The keys of recipients who are the only ones of a file given by its name."""
    keys: dict[int, set[str]] = {}
    for block in blocks:
        keys.setdefault(block.input_index, set()).update(block.recipients)
    of_files = [set[str]().union(*(keys.get(i, ()) for i in indices)) for indices in by_name]
    return frozenset(each for of_file in of_files if len(of_file) == 1 for each in of_file)


def _looked_at(blocks: Sequence[Partial], alone: Collection[str]) -> Sequence[Partial]:
    """The blocks that hold who is shown, or all blocks when none holds a prosecutor: then all recipients are shown."""
    if not _prosecutors(blocks):
        return blocks
    return [each for each in blocks if each.prosecutors or (len(each.recipients) == 1 and each.recipients[0] in alone)]


def _prosecutors(blocks: Sequence[Partial]) -> set[str]:
    return {each for block in blocks for each in block.prosecutors}


def _rows_looked_at(found: list[_Found], prosecutors: set[str], alone: Collection[str]) -> list[_Found]:
    """Without the rows that were only looked at because their block held no prosecutor."""
    if not prosecutors:
        return found
    shown = prosecutors.union(alone)
    return [each for each in found if recipient_key(each[0].recipient, each[0].recipient_id) in shown]


def _status(row: dict[str, Any], decided: Status | None) -> Status:
    """A row's status and its cause: what the file says of this row, else what was decided about it or its report."""
    if row["status"]:
        return Status(row["status"])
    if decided and decided.status not in ("active", "memo"):
        return decided
    return Status("memo" if row["memo"] else "active")


_NOT_FROM_ROW: Final = ("status", "status_cause", "reviewed", "decision", "person_id", "committee_id")
_FROM_ROW: Final = [each.name for each in fields(Flag) if each.name not in _NOT_FROM_ROW]


def _net(found: list[_Found]) -> list[_Found]:
    """Let each refund change the status of the gift it returns."""
    gifts = [
        Gift(
            recipient=recipient_key(recipient.recipient, recipient.recipient_id),
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


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    added: Counter[str] = Counter()
    for each in counts:
        added.update(each)
    return dict(sorted(added.items()))


def _by_status(totals: pa.Table, found: Sequence[_Found], netted: Sequence[_Found]) -> dict[str, int]:
    """How many rows ended in each status. Refunds are looked for among the flagged and related rows only."""
    rows: Counter[str] = Counter()
    for status, count in zip(totals["status"].to_pylist(), totals["rows"].to_pylist(), strict=True):
        rows[status] += count
    rows.update(flag.status for _, _, flag in netted)
    rows.subtract(flag.status for _, _, flag in found)
    return {status: rows[status] for status in STATUSES if rows[status]}
