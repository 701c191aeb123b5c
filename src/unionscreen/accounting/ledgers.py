"""Per-block ledger for formats with amendments or duplicate rows; :mod:`unionscreen.accounting.lines` decides from it.

Where one transaction may be filed twice (``Rules.duplicates``) the ledger has every row. Where only whole reports
replace or cover others, one line per report, kind and day of a late report is enough: a state's export of twenty
million rows becomes some hundred thousand lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.totals import (
    IDENTITY,
    NO_TOTALS,
    TOTALS_SCHEMA,
    Columns,
    combine,
    encoded_key,
    group_key,
    key_codes,
)

if TYPE_CHECKING:
    from unionscreen.accounting.lines import Rules, Status

LEDGER_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in IDENTITY),
        ("kind", pa.string()),
        ("memo", pa.bool_()),
        ("status", pa.string()),  # as the filing itself gives it; null is active
        ("back", pa.bool_()),
        ("filing_id", pa.string()),
        ("amendment", pa.string()),
        ("late", pa.bool_()),
        ("date", pa.date32()),  # of a line for a report: null unless it is a late one
        ("transaction_id", pa.string()),
        ("contributor", pa.string()),  # null in a line for a report
        ("begin", pa.date32()),
        ("end", pa.date32()),
        ("year", pa.int32()),  # null unless the years are asked for
        ("row", pa.int64()),  # of a line for a report: its first
        ("rows", pa.int64()),
        ("cents", pa.int64()),
    ]
)
_REPORT: Final = [
    *IDENTITY, "kind", "memo", "status", "back", "filing_id", "amendment", "late", "date", "transaction_id",
    "contributor",
]  # fmt: skip
_TEXTS: Final = (*IDENTITY, "kind", "status", "filing_id", "amendment")
# No report covers more: a longer period comes from a mistyped year.
LONGEST_PERIOD: Final = timedelta(days=400)


def block_ledger(block: Columns, rules: Rules, years: pa.Array | None = None) -> pa.Table:
    """The lines of a block: one per row, or one per report; one per report and year if the years are given."""
    if not (rules.duplicates or rules.by_gift):
        return _ledger_of_reports(block, rules, years)
    amounts = block.column("amount_cents")
    rows = len(amounts)
    columns = {name: block.column(name) for name in (*_TEXTS, "memo", "transaction_id", "contributor", "date", "row")}
    columns |= {"back": pc.less(amounts, 0), "cents": amounts, "rows": pa.repeat(pa.scalar(1, pa.int64()), rows)}
    columns |= {"late": block.column("late") if rules.late else pa.repeat(pa.scalar(False), rows)}
    columns |= {"year": pa.nulls(rows, pa.int32()) if years is None else years}
    columns |= {"begin": block.column("period_begin"), "end": block.column("period_end")}
    return pa.table({name: columns[name] for name in LEDGER_SCHEMA.names}).cast(LEDGER_SCHEMA)


def _ledger_of_reports(block: Columns, rules: Rules, years: pa.Array | None) -> pa.Table:
    """One line per report. Every key becomes a small integer first, as in ``totals.block_totals``."""
    amounts = block.column("amount_cents")
    rows = len(amounts)
    if rows == 0:
        return LEDGER_SCHEMA.empty_table()
    nothing = pa.nulls(rows, pa.date32())
    late = block.column("late") if rules.late else pa.repeat(pa.scalar(False), rows)
    day = block.column("date") if rules.late else nothing
    keys = {name: encoded_key(block.distinct(name)) for name in _TEXTS}
    others = {"memo": block.column("memo"), "back": pc.less(amounts, 0), "late": late}
    others |= {"date": pc.if_else(late, day, pa.scalar(None, pa.date32())), "year": years}
    keys |= {name: group_key(values) for name, values in others.items() if values is not None}
    columns = {
        "code": key_codes([*keys.values()], rows), "begin": pc.coalesce(block.column("period_begin"), day),
        "end": pc.coalesce(block.column("period_end"), day), "row": block.column("row"), "cents": amounts,
        "first": pa.array(np.arange(rows)),
    }  # fmt: skip
    wanted = [("begin", "min"), ("end", "max"), ("row", "min"), ("cents", "count"), ("cents", "sum"), ("first", "min")]
    found = pa.table(columns).group_by("code", use_threads=False).aggregate(wanted).combine_chunks()
    first = found["first_min"].combine_chunks()
    lines = {name: key.of_rows(first) for name, key in keys.items()}
    lines |= {"begin": found["begin_min"], "end": found["end_max"], "row": found["row_min"]}
    lines |= {"rows": found["cents_count"], "cents": found["cents_sum"]}
    lines |= {name: pa.nulls(len(first)) for name in LEDGER_SCHEMA.names if name not in lines}
    return pa.table({name: lines[name] for name in LEDGER_SCHEMA.names}).cast(LEDGER_SCHEMA)


def group_ledger(tables: Sequence[pa.Table], *, by_year: bool = False) -> pa.Table:
    """Lines of reports, added up; the row of each is its first.

    Args:
        tables: lines of ledgers.
        by_year: keep the years of a report apart.
    """
    table = pa.concat_tables([LEDGER_SCHEMA.empty_table(), *tables])
    if table.num_rows == 0:
        return table
    wanted = [("begin", "min"), ("end", "max"), ("row", "min"), ("rows", "sum"), ("cents", "sum")]
    keys = [*_REPORT, "year"] if by_year else _REPORT
    grouped = table.group_by(keys, use_threads=False).aggregate(wanted)
    grouped = grouped.rename_columns([*keys, "begin", "end", "row", "rows", "cents"])
    if not by_year:
        grouped = grouped.append_column("year", pa.nulls(grouped.num_rows, pa.int32()))
    return grouped.select(LEDGER_SCHEMA.names).cast(LEDGER_SCHEMA)


def report_keys(ledger: pa.Table) -> list[tuple[Any, ...]]:
    """What tells the report of each line from others of the same input."""
    return [*zip(*(ledger[name].to_pylist() for name in _REPORT), strict=True)]


def is_report(line: dict[str, Any]) -> bool:
    """Whether a line of a ledger stands for a whole report."""
    return line["contributor"] is None


def period_of(line: dict[str, Any]) -> tuple[date | None, date | None]:
    """The first and last day that the report of a line covers, where known."""
    begin, end = line["begin"], line["end"]
    if begin is None or end is None or end - begin > LONGEST_PERIOD:
        return None, None
    return begin, end


def ledger_totals(ledger: pa.Table, decided: Sequence[Status]) -> pa.Table:
    """The totals of a ledger once every line has its status."""
    if ledger.num_rows == 0:
        return NO_TOTALS
    statuses = pa.array([status.status for status in decided], pa.string())
    columns = {name: statuses if name == "status" else ledger[name] for name in TOTALS_SCHEMA.names}
    return combine([pa.table(columns).cast(TOTALS_SCHEMA)])


def own_statuses(block: Columns) -> pa.Array:
    """Each row's status as the filing itself gives it: superseded, void, …, memo, else active."""
    memo = pc.if_else(pc.fill_null(block.column("memo"), False), "memo", "active")
    return pc.coalesce(block.column("status"), memo)
