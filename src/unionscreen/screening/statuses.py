"""The status of every row of interest: what the filing itself says, what a later report changes, what a refund returns.

"superseded, see row 42" has to name the same gift in the later report, not the first row of that report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.ledgers import group_ledger, is_report, period_of, report_keys
from unionscreen.accounting.lines import LedgerLine, Rules, Status, statuses
from unionscreen.accounting.money import signed
from unionscreen.accounting.refunds import Gift, net_refunds
from unionscreen.accounting.totals import IDENTITY
from unionscreen.prosecutors import Recipient, recipient_key
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.block import Partial
from unionscreen.screening.result import MARKED, NOT_IN_LATER_REPORT, Flag

# A row's position: input, and line from the top of the file.
_Position = tuple[int, int]
# What rows of one report share that end alike: recipient, filing, amendment, whether late, the day of a late row; and
# kind, memo, own status and direction, because one row marked in the filing does not change the report's other rows.
_Report = tuple[str, str | None, str | None, bool, date | None, str, bool, str | None, bool]

# A row of one of these names the row of the later report.
_REPORTED_AGAIN: Final = ("superseded", "covered")
_NOT_FROM_ROW: Final = ("status", "status_cause", "reviewed", "decision", "person_id", "committee_id", "note")
_FROM_ROW: Final = [each.name for each in fields(Flag) if each.name not in _NOT_FROM_ROW]


class FoundRow(NamedTuple):
    """A row of interest: its recipient, what its donor was found to be, and the row itself."""

    recipient: Recipient
    finding: str
    flag: Flag


class MergedLedger(NamedTuple):
    """The ledgers of all blocks together, and the status of each line."""

    table: pa.Table
    """To add up: a line of a report is split by year where the years are asked for."""
    lines: list[LedgerLine]
    decided: list[Status]
    """Of each line."""
    of_table: list[int]
    """The line of each row of the table."""
    places: list[str]
    rows: dict[_Position, int]
    reports: dict[_Report, int]

    def status_of(self, position: _Position, row: dict[str, Any]) -> Status | None:
        """A row's status and the line that caused it; None where the ledger has no line for it."""
        line = self.rows.get(position)
        if line is None:
            line = self.reports.get(_report(row, back=row["amount_cents"] < 0))
        return None if line is None else self.decided[line]


def merge_ledgers(blocks: Sequence[Partial], starts: Sequence[int]) -> MergedLedger | None:
    """Decide the statuses of all rows of formats that have rules for it; None where no format has any."""
    lines: list[LedgerLine] = []
    places: list[str] = []
    tables: list[pa.Table] = []
    rows: dict[_Position, int] = {}
    reports: dict[_Report, int] = {}
    of_table: list[int] = []
    for input_index, start, rules, source, ledger, split in _ledgers(blocks, starts):
        tables.append(split)
        at = {key: len(lines) + i for i, key in enumerate(report_keys(ledger))} if split is not ledger else {}
        of_table += [at[key] for key in report_keys(split)] if at else range(len(lines), len(lines) + ledger.num_rows)
        for row in ledger.to_pylist():
            line = start + row["row"] + 1
            if is_report(row):
                reports.setdefault(_report(row, back=row["back"]), len(lines))
            else:
                rows[input_index, line] = len(lines)
            lines.append(_line(row, rules))
            places.append(f"{source}:{line}")
    if not tables:
        return None
    return MergedLedger(pa.concat_tables(tables), lines, statuses(lines), of_table, places, rows, reports)


def _ledgers(
    blocks: Sequence[Partial], starts: Sequence[int]
) -> Iterator[tuple[int, int, Rules, str, pa.Table, pa.Table]]:
    """The ledgers, and the line that their rows count from; those of whole reports are combined for each input.

    The last value is the same ledger, with the lines of a report split by year where the blocks have years.
    """
    reports: dict[int, list[tuple[Partial, pa.Table]]] = {}
    for block, start in zip(blocks, starts, strict=True):
        if block.ledger is None or block.ledger.num_rows == 0:
            continue
        if block.rules.duplicates or block.rules.by_gift:
            yield block.input_index, start, block.rules, block.source, block.ledger, block.ledger
        else:
            at = block.ledger.schema.get_field_index("row")
            moved = block.ledger.set_column(at, "row", pc.add(block.ledger["row"], start))
            reports.setdefault(block.input_index, []).append((block, moved))
    for input_index, parts in reports.items():
        first = parts[0][0]
        order = [("row", "ascending"), ("kind", "ascending"), ("back", "ascending"), ("date", "ascending")]
        ledgers = [ledger for _, ledger in parts]
        combined = group_ledger(ledgers).sort_by(order)
        by_year = any(ledger["year"].null_count < ledger.num_rows for ledger in ledgers)
        split = group_ledger(ledgers, by_year=True) if by_year else combined
        yield input_index, 0, first.rules, first.source, combined, split


def _report(row: dict[str, Any], *, back: bool) -> _Report:
    late = bool(row["late"])
    report = (recipient_key(row["recipient"], row["recipient_id"]), row["filing_id"], row["amendment"])
    return *report, late, row["date"] if late else None, row["kind"], bool(row["memo"]), row["status"], back


def _line(row: dict[str, Any], rules: Rules) -> LedgerLine:
    begin, end = period_of(row)
    return LedgerLine(
        recipient=recipient_key(row["recipient"], row["recipient_id"]),
        filing_id=row["filing_id"],
        amendment=row["amendment"],
        transaction_id=row["transaction_id"],
        donor=name_key(row["contributor"] or ""),
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


def rows_of_interest(
    blocks: Sequence[Partial], starts: Sequence[int], ledger: MergedLedger | None, first_rows: Mapping[int, str]
) -> list[FoundRow]:
    """The flagged and related rows of all blocks, numbered from the top of their file, in its order."""
    found: list[FoundRow] = []
    causes: list[int | None] = []
    for block, start in zip(blocks, starts, strict=True):
        for row in block.interest.to_pylist() if block.interest.num_rows else ():
            line = start + row["row"] + 1
            status, cause = _status(row, ledger and ledger.status_of((block.input_index, line), row))
            causes.append(cause)
            values = {name: row[name] for name in _FROM_ROW}
            values |= {"row": line, "recipient": row["recipient"] or "", "contributor": row["contributor"] or ""}
            values["amount_cents"] = signed(row["amount_cents"], row["kind"])
            # A sentence that is copied into a story or a letter still names its source.
            values["why"] = f"Row {line} of {row['source']}: {row['why']}"
            place = MARKED if row["status"] else None if ledger is None or cause is None else ledger.places[cause]
            if row["repeats"] is not None:
                place = first_rows.get(row["repeats"])
            flag = Flag(status=status, status_cause=place, note=block.row_note or None, **values)
            found.append(FoundRow(Recipient.of(row[name] for name in IDENTITY), row["finding"], flag))
    if ledger is not None:
        found = name_the_same_gift(found, [None if cause is None else ledger.lines[cause] for cause in causes])
    return sorted(found, key=lambda each: (each.flag.source, each.flag.row, each.finding))


def _status(row: dict[str, Any], decided: Status | None) -> Status:
    """A row's status and its cause: what the filing says of this row, else what was decided about it or its report."""
    if row["status"]:
        return Status(row["status"])
    if decided and decided.status not in ("active", "memo"):
        return decided
    return Status("memo" if row["memo"] else "active")


def name_the_same_gift(found: list[FoundRow], causes: Sequence[LedgerLine | None]) -> list[FoundRow]:
    """For a row that is reported again, make the cause the same gift in the later report.

    Args:
        found: rows of interest; a donor that is of interest once is of interest in the later report too.
        causes: for each row, a line of the later report.
    """
    rows_of: dict[tuple[object, ...], list[Flag]] = {}
    for recipient, finding, flag in found:
        for donor in _donor_keys(finding, flag):
            rows_of.setdefault((recipient.key, flag.filing_id, flag.amendment, donor), []).append(flag)
    result = []
    for each, line in zip(found, causes, strict=True):
        flag = each.flag
        if line is not None and flag.status in _REPORTED_AGAIN:
            report = (line.recipient, line.filing_id, line.amendment)
            same = [other for donor in _donor_keys(each.finding, flag) for other in rows_of.get((*report, donor), ())]
            others = [other for other in same if other is not flag]
            nearest = min(others, key=partial(_distance, flag), default=None)
            cause = nearest.place if nearest else f"{NOT_IN_LATER_REPORT}{flag.status_cause}"
            each = each._replace(flag=replace(flag, status_cause=cause))
        result.append(each)
    return result


def _donor_keys(finding: str, flag: Flag) -> list[tuple[str, str]]:
    """What identifies a donor in two reports: its folded name, and the union it was matched with."""
    keys = [("name", name_key(flag.contributor))]
    return [*keys, ("union", flag.union_id)] if finding == "union" and flag.union_id else keys


def _distance(flag: Flag, other: Flag) -> tuple[object, ...]:
    """The lower, the more likely the other row is the same gift: the same id, else the nearest amount, else day."""
    another_id = not flag.transaction_id or flag.transaction_id != other.transaction_id
    days = abs((flag.date - other.date).days) if flag.date and other.date else 0 if flag.date == other.date else 1
    amounts = abs(flag.amount_cents - other.amount_cents)
    return another_id, amounts, days, other.status in _REPORTED_AGAIN, other.source, other.row


def apply_refunds(found: list[FoundRow]) -> list[FoundRow]:
    """Let each refund change the status of the gift that it returns."""
    gifts = [
        Gift(
            recipient=recipient.key,
            donor=name_key(flag.contributor),
            union_id=flag.union_id if finding == "union" else None,
            date=flag.date,
            amount_cents=flag.amount_cents,
            kind=flag.kind,
            transaction_id=flag.transaction_id,
            status=flag.status,
        )
        for recipient, finding, flag in found
    ]
    result = [*found]
    for i, status in net_refunds(gifts).items():
        cause = None if status.cause is None else found[status.cause].flag.place
        result[i] = found[i]._replace(flag=replace(found[i].flag, status=status.status, status_cause=cause))
    return result
