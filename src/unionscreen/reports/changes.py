"""The changes between two results: as lines for the terminal, and as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from unionscreen.contributions import money_text
from unionscreen.output.cells import plain
from unionscreen.output.tables import Cell, ResultTable, TableList, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS
from unionscreen.reports.text import count, shorten, visible
from unionscreen.reports.words import NAME_LIMIT
from unionscreen.screening.changes import CHANGES

if TYPE_CHECKING:
    from unionscreen.screening.changes import Change, ResultChanges

CHANGE_COLUMNS: Final = (
    TypedColumn("change", "text", "added, amended, returned or gone"),
    TypedColumn("what", "text", "what changed, with the old and the new value"),
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("recipient_name", "text", "the person, or the committees where no person is known; as in the flags"),
    TypedColumn("recipient", "text", "the committee that received, as filed"),
    TypedColumn("contributor", "text", "the donor, as filed"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("union", "text", "name in the curated list"),
    TypedColumn("tier", "text", "listed, pattern, or related (counted because asked for)"),
    TypedColumn("date", "date", "in the new result; of a row that is gone, in the old one"),
    TypedColumn("amount", "cents", "US dollars, of the same result; negative is money going back"),
    TypedColumn("kind", "text", "monetary, in-kind, loan, refund, transfer, independent-expenditure, other"),
    TypedColumn("status", "text", "active, superseded, covered, duplicate, memo, refunded, void"),
    TypedColumn("place", "text", "file:row in the new result; empty for a row that it does not have"),
    TypedColumn("old_date", "date", "in the old result; empty for a row that was added"),
    TypedColumn("old_amount", "cents", "US dollars, in the old result"),
    TypedColumn("old_place", "text", "file:row in the old result"),
    *ID_COLUMNS,
)
SUM_CHANGES: Final = (
    TypedColumn("recipient_name", "text", "the person, or the committees where no person is known"),
    TypedColumn("old_raised", "cents", "raised in the old result; empty if it does not have this person"),
    TypedColumn("raised", "cents", "raised in the new result"),
    TypedColumn("old_net", "cents", "net from unions in the old result"),
    TypedColumn("net", "cents", "net from unions in the new result"),
)
_TITLES: Final = {
    "added": "New flags",
    "amended": "Amended",
    "returned": "Returned",
    "gone": "Gone",
}


def changes_result(found: ResultChanges) -> TableList:
    """The changes as tables: of the flags, and of the sums."""
    changes = ResultTable(
        "changes", "Changes", "Flags that differ between two results", CHANGE_COLUMNS, [*map(_row, found.changes)]
    )
    sums = ResultTable("sums", "Sums", "Who raised or kept another amount", SUM_CHANGES, [*map(tuple, found.sums)])
    return TableList((changes, sums), changes)


def _row(each: Change) -> tuple[Cell, ...]:
    flag, old = each.flag, each.old
    return (
        *(each.change, each.what, each.prosecutor, each.name, flag.recipient, flag.contributor),
        *(flag.union_id, flag.union, flag.tier, flag.date, flag.amount_cents, flag.kind, flag.status),
        None if flag is old else flag.place,
        *((old.date, old.amount_cents, old.place) if old else (None, None, None)),
        *(flag.person_id, flag.committee_id),
    )


def changes_dict(found: ResultChanges) -> dict[str, Any]:
    """Plain values, for JSON: amounts as decimal strings in dollars."""
    tables = {
        table.name: [dict(zip(table.names, map(plain, table.columns, row), strict=True)) for row in table.rows]
        for table in changes_result(found).tables
    }
    return {**tables, "notes": list(found.notes)}


def changes_text(found: ResultChanges) -> str:
    """The new flags first, then what was amended, returned or is gone; the sums at the end."""
    lines = []
    for change in CHANGES:
        mine = [each for each in found.changes if each.change == change]
        if mine:
            lines.append(f"{_TITLES[change]}: {count(len(mine), 'row')}")
            lines += [line for each in mine for line in _lines(each)]
            lines.append("")
    for each in found.sums:
        net = f"{_money(each.old_net)} → {_money(each.net)} net from unions"
        lines.append(
            f"{shorten(each.name, NAME_LIMIT)}: {net}; {_money(each.old_raised)} → {_money(each.raised)} raised"
        )
    if not found.changes:
        lines.insert(0, "No flag changed.")
    return "\n".join(lines).rstrip() + "\n"


def _money(cents: int | None) -> str:
    return "not in it" if cents is None else money_text(cents)


def _lines(each: Change) -> list[str]:
    flag = each.flag
    day = flag.date.isoformat() if flag.date else "no date"
    lines = [
        f"  {day}  {money_text(flag.amount_cents)}  {shorten(flag.contributor, NAME_LIMIT)}",
        f"    to {shorten(each.name, NAME_LIMIT)}" + (f"; {shorten(flag.union, NAME_LIMIT)}" if flag.union else ""),
    ]
    if each.what:
        lines.append(f"    {shorten(each.what, 2 * NAME_LIMIT)}")
    return [*lines, f"    {visible(flag.place)}" + (" of the old result" if flag is each.old else "")]
