"""The form's own totals and the periods of reports: what a block hands on, and the comparison for who is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.form_totals import FORM_SUMS, FormComparison, compare_form_totals, report_owner
from unionscreen.accounting.lines import Rules
from unionscreen.accounting.periods import PERIODS, ReportPeriods, report_periods
from unionscreen.accounting.totals import BlockRecipients
from unionscreen.filings import Block

if TYPE_CHECKING:
    from unionscreen.prosecutors import Selection
    from unionscreen.screening.merge import Gathered

# A report that is named by its period, as NetFile names them: accounting.lines.
_PERIOD: Final = r"(?P<begin>\d{4}-\d\d-\d\d)/(?P<end>\d{4}-\d\d-\d\d)$"
# "SA11AI" and "SA11A1" are line 11(a)(i); the letter behind 11 tells who gave.
_SCHEDULE_A_LINE: Final = r"^SA(\d+[A-D]?).*$"
# Between a name and an id: in neither.
_BETWEEN: Final = "\x1f"
_DISTINCT: Final = ("filing_id", "amendment", "form_line", "kind", "status")


def block_form_sums(block: Block, recipients: BlockRecipients) -> pa.Table | None:
    """The rows of a block by report and line of the form; None where the format has no lines.

    Args:
        block: its rows.
        recipients: its recipients.
    """
    if "form_line" not in block.layout.rules or block.num_rows == 0:
        return None
    columns = {name: block.distinct(name) for name in _DISTINCT}
    numbers = {name: column.indices for name, column in columns.items()}
    nobody_else = pa.repeat(pa.scalar(0, pa.int32()), block.num_rows)
    numbers["recipient"] = nobody_else if recipients.of_row is None else recipients.of_row
    numbers["memo"] = pc.fill_null(block.column("memo"), False)
    sums = (
        pa.table({**numbers, "cents": block.column("amount_cents")})
        .group_by([*numbers], use_threads=False)
        .aggregate([("cents", "count"), ("cents", "sum")])
        .combine_chunks()
    )
    found = {name: column.dictionary.take(sums[name].combine_chunks()) for name, column in columns.items()}
    line = pc.utf8_upper(pc.utf8_trim_whitespace(found.pop("form_line")))
    found["schedule"] = pc.replace_substring_regex(line, _SCHEDULE_A_LINE, r"\1")
    who = sums["recipient"].combine_chunks()
    found |= {name: recipients.table[name].take(who) for name in ("recipient", "recipient_id")}
    found |= {"memo": sums["memo"], "rows": sums["cents_count"], "cents": sums["cents_sum"]}
    found["input"] = pa.repeat(pa.scalar(block.input_index, pa.int64()), sums.num_rows)
    return pa.table(found).select(FORM_SUMS.names).cast(FORM_SUMS)


def block_periods(block: Block, recipients: BlockRecipients, rules: Rules) -> pa.Table | None:
    """The periods of the reports in a block; None where the format does not say.

    A format without rules pays only if it has columns for the period, as the forms read from PDF have.

    Args:
        block: its rows.
        recipients: its recipients.
        rules: those of its format; with them, these columns are read for the ledger.
    """
    if block.num_rows == 0 or not (rules or "period_begin" in block.layout.rules):
        return None
    if "period_begin" in block.layout.rules:
        begin, end = block.column("period_begin"), block.column("period_end")
    else:
        named = block.distinct("filing_id")
        days = pc.extract_regex(named.dictionary, _PERIOD)
        if days.null_count == len(days):
            return None
        begin, end = (_date(pc.struct_field(days, name)).take(named.indices) for name in ("begin", "end"))
    if rules.late:
        on_time = pc.invert(pc.fill_null(block.column("late"), False))
        begin, end = (pc.if_else(on_time, day, pa.scalar(None, pa.date32())) for day in (begin, end))
    nobody_else = pa.repeat(pa.scalar(0, pa.int32()), block.num_rows)
    who = nobody_else if recipients.of_row is None else recipients.of_row
    found = pa.table({"who": who, "begin": begin, "end": end}).filter(pc.is_valid(begin))
    found = found.group_by(["who", "begin", "end"], use_threads=False).aggregate([]).combine_chunks()
    names = {name: recipients.table[name].take(found["who"].combine_chunks()) for name in ("recipient", "recipient_id")}
    return pa.table({**names, "begin": found["begin"], "end": found["end"]}).cast(PERIODS)


def block_days(block: Block, recipients: BlockRecipients) -> pa.Table | None:
    """The first and the last date of each recipient's rows in a block, as PERIODS; a notice covers no days.

    Args:
        block: its rows.
        recipients: its recipients.
    """
    if "date" not in block.layout.rules or block.num_rows == 0:
        return None
    days = block.column("date")
    counted = pc.is_valid(days)
    if "late" in block.layout.rules:
        counted = pc.and_(counted, pc.invert(pc.fill_null(block.column("late"), False)))
    nobody_else = pa.repeat(pa.scalar(0, pa.int32()), block.num_rows)
    who = nobody_else if recipients.of_row is None else recipients.of_row
    found = pa.table({"who": who, "day": days}).filter(counted)
    found = found.group_by("who", use_threads=False).aggregate([("day", "min"), ("day", "max")]).combine_chunks()
    names = {name: recipients.table[name].take(found["who"].combine_chunks()) for name in ("recipient", "recipient_id")}
    return pa.table({**names, "begin": found["day_min"], "end": found["day_max"]}).cast(PERIODS)


def _date(texts: pa.Array) -> pa.Array:
    """ISO dates; what only looks like one, as the 31st of June, is none."""
    days = pc.strptime(texts, format="%Y-%m-%d", unit="s", error_is_null=True)
    return pc.cast(days, pa.date32())


def form_totals_of(
    gathered: Gathered, stated: pa.Table, selection: Selection, sources: Sequence[str], *, everybody: bool
) -> tuple[FormComparison, tuple[ReportPeriods, ...]]:
    """Compare the reports of who is shown with their forms, and list the periods of their reports.

    Args:
        gathered: what was read.
        stated: what the forms state, as ``summary.STATED``.
        selection: who is shown.
        sources: what each input is called.
        everybody: whether all recipients are shown, those too of whom no row was read.
    """
    shown = {
        report_owner(each.recipient, each.recipient_id) for entry in selection.entries for each in entry.recipients
    }
    hidden = {report_owner(each.recipient, each.recipient_id) for each in gathered.recipients} - shown
    sums = _of(gathered.form_sums, shown, hidden, everybody=False)
    named = stated.filter(pc.is_valid(stated["recipient"]))
    unnamed = stated.filter(pc.is_null(stated["recipient"]))
    unnamed = unnamed.filter(pc.is_in(unnamed["filing_id"], pc.unique(sums["filing_id"])))
    stated = pa.concat_tables([_of(named, shown, hidden, everybody=everybody), unnamed])
    comparison = FormComparison()
    if gathered.form_sums.num_rows:  # else these are files of money paid out, and there are no rows to compare
        # A report whose number nobody knows, as of standard input, is told from others by its file.
        files = pa.array(sources, pa.string()).take(sums["input"].combine_chunks())
        numbered = _with_number(sums, pa.chunked_array([files]))
        stated = _with_number(stated, stated["source"])
        comparison = compare_form_totals(numbered, stated, _rejected(gathered, sources, sums))
    periods = pa.concat_tables([gathered.periods, named.select(PERIODS.names)])
    return comparison, _report_periods(_of(periods, shown, hidden, everybody=False))


def _with_number(table: pa.Table, files: pa.ChunkedArray) -> pa.Table:
    """The same with the file in place of a filing id that is not there."""
    number = table["filing_id"]
    known = pc.if_else(pc.equal(pc.fill_null(number, ""), ""), files, number)
    return table.set_column(table.schema.get_field_index("filing_id"), "filing_id", known)


def _rejected(gathered: Gathered, sources: Sequence[str], sums: pa.Table) -> dict[int, list[tuple[str, str]]]:
    """The place and the text of the rejected rows of each input; in a file with one filer, all are that filer's."""
    filers: dict[int, set[str]] = {}
    for row in sums.select(["input", "recipient", "recipient_id"]).to_pylist():
        filers.setdefault(row["input"], set()).add(row["recipient_id"] or row["recipient"] or "")
    of_source = {source: i for i, source in enumerate(sources)}
    found: dict[int, list[tuple[str, str]]] = {}
    for each in gathered.rejects:
        of = of_source.get(each.source)
        if of in filers:
            only = "".join(filers[of]) if len(filers[of]) == 1 else ""
            found.setdefault(of, []).append((f"{each.source}:{each.row}", f"{each.text}\n{only}"))
    return found


def _of(table: pa.Table, shown: set[str], hidden: set[str], *, everybody: bool) -> pa.Table:
    """The rows of who is shown."""
    who = table.select(["recipient", "recipient_id"]).group_by(["recipient", "recipient_id"]).aggregate([]).to_pylist()
    owners = {
        (each["recipient"], each["recipient_id"]): report_owner(each["recipient"], each["recipient_id"]) for each in who
    }
    wanted = {who for who, owner in owners.items() if owner in shown or (everybody and owner not in hidden)}
    if len(wanted) == len(owners):
        return table
    one = [pc.fill_null(table[name], "") for name in ("recipient", "recipient_id")]
    keys = pa.array([f"{name or ''}{_BETWEEN}{number or ''}" for name, number in wanted], pa.string())
    return table.filter(pc.is_in(pc.binary_join_element_wise(*one, _BETWEEN), keys))


def _report_periods(periods: pa.Table) -> tuple[ReportPeriods, ...]:
    by_owner: dict[str, list[dict[str, Any]]] = {}
    for row in periods.to_pylist():
        by_owner.setdefault(report_owner(row["recipient"], row["recipient_id"]), []).append(row)
    found = [
        report_periods(rows[0]["recipient"], rows[0]["recipient_id"], [(row["begin"], row["end"]) for row in rows])
        for rows in by_owner.values()
    ]
    return tuple(
        sorted((each for each in found if each.periods), key=lambda each: (each.recipient, each.recipient_id or ""))
    )
