"""The partials of all blocks, in any order → the money and the rows of each prosecutor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa

from unionscreen.accounting.form_totals import FORM_SUMS, combine_form_sums
from unionscreen.accounting.ledgers import ledger_totals
from unionscreen.accounting.lines import FINAL_STATUSES
from unionscreen.accounting.money import Amount, counts, exclusion_summary, total
from unionscreen.accounting.payments import Payment, settle
from unionscreen.accounting.periods import PERIODS, combine_days, combine_periods
from unionscreen.accounting.repeats import CrossBlockRepeats, resolve
from unionscreen.accounting.totals import IDENTITY, NO_TOTALS, combine
from unionscreen.prosecutors import UNKNOWN_AGENCY, Agency, Entry, Identities, Recipient, Selection, committee_id
from unionscreen.screening.block import Partial
from unionscreen.screening.counted import InputCount, count_inputs
from unionscreen.screening.payments import payments_of
from unionscreen.screening.result import ONLY_IN_KIND, Flag, ProsecutorEntry, Reject
from unionscreen.screening.statuses import FoundRow, apply_refunds, merge_ledgers, rows_of_interest
from unionscreen.screening.years import SPANS, combine_spans

# Rows of block totals that are kept before they are added up: some 10 MB for any number of blocks, added up in 20 ms.
_PENDING_ROWS: Final = 100_000
# Tables that are kept before: one of a single row takes some 5 KB.
_PENDING_TABLES: Final = 4096


@dataclass(frozen=True)
class Gathered:
    """All blocks together: rows numbered from the top of their file, statuses decided."""

    totals: pa.Table
    interest: tuple[FoundRow, ...]
    rejects: tuple[Reject, ...]
    inputs: dict[int, InputCount]
    excluded: dict[str, int]
    """Union rows that the settings exclude, by reason."""
    unnamed_rows: int
    """Rows without a contributor name."""
    by_status: dict[str, int]
    repeats: CrossBlockRepeats = field(default_factory=CrossBlockRepeats)
    """What the blocks must know about one another's rows to count each once."""
    repeat_example: tuple[str, str] | None = None
    """One row that repeats another, and that one, each as ``file:row``."""
    missed_recipients: tuple[str, ...] = ()
    """Keys of recipients to show that have rows in a block which could not tell, and did not examine them."""
    sole_recipients: frozenset[str] = frozenset()
    """Keys of the recipients who are the only ones of a file given by its name."""
    payments: tuple[Payment, ...] = ()
    """Money that filers paid out, each with its status."""
    received: tuple[Payment, ...] = ()
    """Receipts of the givers whose books the user asked for."""
    rows_paid: int = 0
    """How many rows are money that filers paid out, whether they are among ``payments`` or not."""
    excluded_paid: Mapping[str, int] = field(default_factory=dict)
    """Gifts of unions in their own filings that the settings exclude, by reason."""
    form_sums: pa.Table = field(default_factory=FORM_SUMS.empty_table)
    """The rows by report and line of the form, where the inputs hold the form's own sums."""
    periods: pa.Table = field(default_factory=PERIODS.empty_table)
    """The periods of the reports, where the formats say them."""
    days: pa.Table = field(default_factory=PERIODS.empty_table)
    """The first and the last date of each recipient's rows, where all dates were read."""
    spans: pa.Table = field(default_factory=SPANS.empty_table)
    """The rows of each recipient in an input by year, where the years are asked for."""
    without_gifts: frozenset[int] = frozenset()
    """The inputs that cannot hold a contribution."""
    agencies: Mapping[Recipient, Collection[Agency]] = field(default_factory=dict)
    """The agencies of each recipient's filings."""
    agency_of_source: Mapping[str, Agency] = field(default_factory=dict)
    """By the name that a filing has in the rows."""

    @property
    def recipients(self) -> list[Recipient]:
        """Every recipient of the filings."""
        return _recipients(self.totals)

    @property
    def filing_states(self) -> dict[Recipient, set[str]]:
        """The states of the agencies of each recipient's filings; empty where all filings are from one state."""
        if len({each.state for each in self.agency_of_source.values()} - {""}) < 2:
            return {}
        return {recipient: {each.state for each in found} - {""} for recipient, found in self.agencies.items()}

    @property
    def given(self) -> list[Recipient]:
        """The recipients whom the user chose by the files they gave."""
        return [each for each in self.recipients if each.key in self.sole_recipients]

    def committee_id(self, recipient: str, recipient_id: str | None, source: str) -> str:
        """The id of the committee of a row in this filing."""
        return committee_id(recipient, recipient_id, self.agency_of_source.get(source, UNKNOWN_AGENCY))

    def committee_ids(self, recipients: Iterable[Recipient]) -> tuple[str, ...]:
        """The ids of the recipients' committees in the filings of all agencies that have them, sorted, each once."""
        found = {
            committee_id(each.recipient, each.recipient_id, agency)
            for each in recipients
            for agency in self.agencies.get(each) or (UNKNOWN_AGENCY,)
        }
        return tuple(sorted(found))

    def rows_of(self, recipients: Collection[Recipient]) -> int:
        """How many rows these recipients have."""
        wanted = {*recipients}
        rows = zip(self.recipients, self.totals["rows"].to_pylist(), strict=True)
        return sum(count for recipient, count in rows if recipient in wanted)


def _recipients(table: pa.Table) -> list[Recipient]:
    return [Recipient.of(cells) for cells in zip(*(table[name].to_pylist() for name in IDENTITY), strict=True)]


@dataclass
class _Pending:
    """Tables of blocks, added up from time to time: the work grows with their rows, whatever their number."""

    added_up: Callable[[Sequence[pa.Table]], pa.Table]
    tables: list[pa.Table] = field(default_factory=list)
    rows: int = 0
    most: int = _PENDING_ROWS

    def add(self, table: pa.Table | None) -> None:
        """Add the table of a block, if it has rows."""
        if table is None or table.num_rows == 0:
            return
        self.tables.append(table)
        self.rows += table.num_rows
        if self.rows > self.most or len(self.tables) > _PENDING_TABLES:
            self.total()

    def total(self) -> pa.Table:
        """All tables until now, added up."""
        found = self.added_up(self.tables)
        # Where the sums themselves are many, they are added up again when there are twice as many.
        self.tables, self.rows, self.most = [found], found.num_rows, max(_PENDING_ROWS, 2 * found.num_rows)
        return found


def gather(
    partials: Iterable[Partial],
    by_name: Sequence[Collection[int]] = (),
    agencies: Sequence[Agency] = (),
    without_gifts: Collection[int] = (),
) -> Gathered:
    """Combine the blocks of all inputs; the result does not depend on the order they arrive in.

    Args:
        partials: what the blocks yielded.
        by_name: the inputs of each file given by its name, where one with a single recipient is to be shown.
        agencies: of each input.
        without_gifts: the inputs that cannot hold a contribution, and whose periods do not count.
    """
    blocks: list[Partial] = []
    sums = _Pending(combine)
    form_sums, periods = _Pending(combine_form_sums), _Pending(combine_periods)
    days, spans = _Pending(combine_days), _Pending(combine_spans)
    empty: dict[str, pa.Table] = {}
    skipped: set[str] = set()
    found_in: dict[Recipient, set[Agency]] = {}
    several = len({*agencies}) > 1
    for partial in partials:
        if partial.ledger is None:
            sums.add(partial.totals)
        skipped.update(partial.skipped)
        for recipient in _recipients(partial.totals if partial.ledger is None else partial.ledger) if several else ():
            found_in.setdefault(recipient, set()).add(agencies[partial.input_index])
        form_sums.add(partial.form_sums)
        periods.add(None if partial.input_index in without_gifts else partial.periods)
        days.add(partial.days)
        spans.add(partial.spans)
        blocks.append(_without_sums(partial, empty))
    blocks.sort(key=_block_id)
    starts = _first_lines(blocks)
    ledger = merge_ledgers(blocks, starts)
    if ledger is not None:
        sums.add(ledger_totals(ledger.table, [ledger.decided[line] for line in ledger.of_table]))
    totals = sums.total()
    if agencies and not several:
        found_in = {each: {agencies[0]} for each in _recipients(totals)}
    first_rows = _first_rows(blocks, starts)
    prosecutors = {each for block in blocks for each in block.prosecutors}
    sole = _sole_recipients(blocks, by_name)
    found = rows_of_interest(blocks, starts, ledger, first_rows)
    examined: Sequence[Partial] = blocks
    if prosecutors:  # other blocks and rows were examined only because their block has no prosecutor
        examined = [
            each for each in blocks if each.prosecutors or (len(each.first_two) == 1 and each.first_two[0] in sole)
        ]
        found = [each for each in found if each.recipient.key in prosecutors or each.recipient.key in sole]
    rows = apply_refunds(found)
    payments = [
        each
        for block, start in zip(blocks, starts, strict=True)
        if block.payments is not None
        for each in payments_of(block.payments, start)
    ]
    excluded_paid: Counter[str] = Counter()
    for each in blocks:
        excluded_paid.update(each.excluded_paid)
    excluded: Counter[str] = Counter()
    for each in examined:
        excluded.update(each.excluded)
    return Gathered(
        totals=totals,
        interest=tuple(rows),
        rejects=_rejects(blocks, starts),
        inputs=count_inputs(blocks, starts),
        repeats=resolve({_block_id(each): each.hashes for each in blocks if each.hashes is not None}),
        repeat_example=_repeat_example(blocks, starts, first_rows),
        excluded=dict(sorted(excluded.items())),
        unnamed_rows=sum(each.unnamed_rows for each in examined),
        by_status=_by_status(totals, found, rows),
        missed_recipients=tuple(sorted(skipped & (prosecutors | sole))),
        sole_recipients=sole,
        agencies=found_in,
        agency_of_source={each.source: agencies[each.input_index] for each in blocks} if agencies else {},
        payments=tuple(settle(each for each, is_received in payments if not is_received)),
        received=tuple(each for each, is_received in payments if is_received),
        rows_paid=sum(each.rows_paid for each in blocks),
        excluded_paid=dict(sorted(excluded_paid.items())),
        form_sums=form_sums.total(),
        periods=periods.total(),
        days=days.total(),
        spans=spans.total(),
        without_gifts=frozenset(without_gifts),
    )


def _without_sums(partial: Partial, empty: dict[str, pa.Table]) -> Partial:
    """The block without what is added up, and with shared empty tables: blocks of other processes have their own.

    Args:
        partial: a block.
        empty: the first empty tables, by their names.
    """
    tables = {"interest": partial.interest, "rejects": partial.rejects}
    shared = {name: empty.setdefault(name, table) for name, table in tables.items() if table.num_rows == 0}
    return replace(partial, totals=NO_TOTALS, skipped=(), form_sums=None, periods=None, days=None, spans=None, **shared)


def _block_id(block: Partial) -> tuple[int, int]:
    return block.input_index, block.block_index


def _first_lines(blocks: Sequence[Partial]) -> list[int]:
    """How many lines of its file come before each block."""
    starts: list[int] = []
    line, input_index = 0, -1
    for block in blocks:
        if block.input_index != input_index:
            line, input_index = 0, block.input_index
        starts.append(line)
        line += block.lines
    return starts


def _first_rows(blocks: Sequence[Partial], starts: Sequence[int]) -> dict[int, str]:
    """``file:row`` of the first row of each repeated hash, in all blocks."""
    rows: dict[int, str] = {}
    for block, start in zip(blocks, starts, strict=True):
        for each in [] if block.first_rows is None else block.first_rows.to_pylist():
            rows.setdefault(each["hash"], f"{block.source}:{start + each['row'] + 1}")
    return rows


def _repeat_example(
    blocks: Sequence[Partial], starts: Sequence[int], first_rows: Mapping[int, str]
) -> tuple[str, str] | None:
    for block, start in zip(blocks, starts, strict=True):
        if block.repeat_example is not None and block.repeat_example[1] in first_rows:
            row, repeated = block.repeat_example
            return f"{block.source}:{start + row + 1}", first_rows[repeated]
    return None


def _sole_recipients(blocks: Sequence[Partial], by_name: Sequence[Collection[int]]) -> frozenset[str]:
    """The keys of recipients who are the only ones of a file given by its name."""
    keys: dict[int, set[str]] = {}
    for block in blocks:
        keys.setdefault(block.input_index, set()).update(block.first_two)
    of_files = [set[str]().union(*(keys.get(i, ()) for i in indices)) for indices in by_name]
    return frozenset(each for of_file in of_files if len(of_file) == 1 for each in of_file)


def _rejects(blocks: Sequence[Partial], starts: Sequence[int]) -> tuple[Reject, ...]:
    return tuple(
        Reject(block.source, start + row["row"] + 1, row["reason"], row["text"] or "")
        for block, start in zip(blocks, starts, strict=True)
        if block.rejects.num_rows
        for row in block.rejects.to_pylist()
    )


def _by_status(totals: pa.Table, found: Sequence[FoundRow], refunded: Sequence[FoundRow]) -> dict[str, int]:
    """How many rows ended in each status. Refunds are looked for among the flagged and related rows only."""
    rows: Counter[str] = Counter()
    for status, count in zip(totals["status"].to_pylist(), totals["rows"].to_pylist(), strict=True):
        rows[status] += count
    rows.update(each.flag.status for each in refunded)
    rows.subtract(each.flag.status for each in found)
    return {status: rows[status] for status in FINAL_STATUSES if rows[status]}


def entries(
    gathered: Gathered, selection: Selection, identities: Identities | None = None
) -> tuple[ProsecutorEntry, ...]:
    """The money and the rows of each selected prosecutor or recipient, with the ids of the person and committees."""
    ids = identities or Identities({}, ())
    amounts: dict[Recipient, list[tuple[int, Amount]]] = {}
    columns = [gathered.totals[name].to_pylist() for name in (*IDENTITY, "rows", "cents", "kind", "status")]
    for *identity, rows, cents, kind, status in zip(*columns, strict=True):
        amounts.setdefault(Recipient.of(identity), []).append((rows, Amount(cents, kind, status)))
    rows_of: dict[Recipient, list[FoundRow]] = {}
    for each in gathered.interest:
        rows_of.setdefault(each.recipient, []).append(each)
    return tuple(
        _with_ids(_entry(entry, amounts, rows_of), entry, ids.person(entry.recipients), gathered)
        for entry in selection.entries
    )


def _with_ids(made: ProsecutorEntry, entry: Entry, person: str | None, gathered: Gathered) -> ProsecutorEntry:
    """The entry with the ids of its person and committees, also on its rows."""

    def identified(flags: Sequence[Flag]) -> tuple[Flag, ...]:
        return tuple(
            replace(
                flag,
                person_id=person,
                committee_id=gathered.committee_id(flag.recipient, flag.recipient_id, flag.source),
            )
            for flag in flags
        )

    return replace(
        made,
        flags=identified(made.flags),
        related=identified(made.related),
        employers=identified(made.employers),
        person_id=person,
        committee_ids=gathered.committee_ids(entry.recipients),
    )


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
        pledge_latest=person.pledge_latest if person else None,
        raised_rows=sum(rows for rows, amount in sums if counts(amount.kind, amount.status)),
        raised_left_out=excluded,
        raised_note=_raised_note(sums, excluded),
    )


def _raised_note(sums: Sequence[tuple[int, Amount]], excluded: str) -> str | None:
    """Why nothing counts as raised, or that all of it came as transfers or in kind; else None."""
    kinds = {amount.kind for _, amount in sums if counts(amount.kind, amount.status)}
    if kinds - {"refund"} == {"transfer"}:
        return "all that counts as raised came as transfers from other committees"
    if kinds - {"refund"} == {"in-kind"} and not {amount.kind for _, amount in sums} & {"monetary", "transfer"}:
        return ONLY_IN_KIND
    return None if kinds or not excluded else f"nothing counts as raised; all rows are left out ({excluded})"
