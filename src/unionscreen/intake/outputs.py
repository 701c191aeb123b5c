"""The donations as tables: the three lists, and the list of what goes back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from unionscreen.intake.rules import Donation
from unionscreen.output.delimited import write
from unionscreen.output.files import list_path, write_list
from unionscreen.output.tables import ResultTable, TableList, TypedColumn, WriteOptions
from unionscreen.spreadsheet import guarded

_COLUMNS: Final = (
    TypedColumn("action", "text", "accept, review or refuse"),
    TypedColumn("due", "date", "the last day to return it"),
    TypedColumn("donor", "text", "as filed", width=48),
    TypedColumn("amount", "cents", "US dollars; empty where it could not be read"),
    TypedColumn("date", "date", "of receipt"),
    TypedColumn("reason", "text", "why this action"),
    TypedColumn("source", "text", "the file"),
    TypedColumn("row", "count", "line or record number in it"),
    TypedColumn("transaction_id", "text", "as in the export"),
    TypedColumn("city", "text", "the donor's city"),
    TypedColumn("state", "text", "the donor's state"),
    TypedColumn("employer", "text", "the donor's employer"),
    TypedColumn("recipient", "text", "who received"),
    TypedColumn("kind", "text", "monetary, in-kind, refund, ..."),
    TypedColumn("tier", "text", "listed, pattern, or empty"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("union", "text", "name in the curated list"),
    TypedColumn("score", "score", "0 to 100, the more certain the higher; not a probability"),
    TypedColumn("why", "text", "the evidence in one sentence"),
    TypedColumn("reviewed", "text", "what a person decided about this donor"),
    TypedColumn("returned", "boolean", "whether the same export shows that it went back"),
)
_REFUNDS: Final = (
    "due", "donor", "amount", "date", "transaction_id", "city", "state", "recipient", "reason", "source", "row",
)  # fmt: skip

_REFUND_LIST: Final = "the refund list"


def donations_table(donations: Sequence[Donation]) -> ResultTable:
    """Every donation with its action."""
    rows = [
        tuple(None if column.name == "amount" and each.unread else _cell(each, column.name) for column in _COLUMNS)
        for each in donations
    ]
    return ResultTable("donations", "donations", "Donations and what to do about them", _COLUMNS, rows)


def _cell(donation: Donation, name: str) -> Any:
    if name == "amount":
        return donation.amount_cents
    return round(donation.score, 1) if name == "score" else getattr(donation, name)


def refunds_table(donations: Sequence[Donation]) -> ResultTable:
    """What goes back, the earliest due date first."""
    table = donations_table(donations)
    at = [table.names.index(name) for name in _REFUNDS]
    columns = tuple(table.columns[each] for each in at)
    rows = [tuple(row[each] for each in at) for row in table.rows]
    return ResultTable("refunds", "refunds", "Donations to return", columns, rows)


def donations_csv(donations: Sequence[Donation]) -> str:
    """A header and a row each; text that a spreadsheet would run as a formula gets an apostrophe."""
    return write(TableList.of(donations_table(donations)), WriteOptions(read_back=True)).decode()


def as_cell(name: str, value: Any) -> Any:
    """A value for a CSV: guarded, except for an amount, which may begin with a minus."""
    return value if name == "amount" else guarded(value)


def refunds_path(path: Path) -> Path:
    """The file of what goes back, checked before the work begins.

    Raises:
        UsageError: another suffix than :func:`write_refunds` knows, or no place to write.
    """
    return list_path(path, _REFUND_LIST)


def write_refunds(path: Path, donations: Sequence[Donation]) -> None:
    """Write what goes back, the earliest due date first, as ``.csv`` or ``.xlsx``.

    Raises:
        UsageError: another suffix, or it cannot be written.
    """
    write_list(path, _REFUND_LIST, refunds_table(donations))
