"""The three lists as text, CSV or JSON, and the list of what goes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from unionscreen.intake.rules import Donation
from unionscreen.spreadsheet import MAX_TEXT, guarded, list_path, write_list

COLUMNS: Final = (
    "action", "due", "donor", "amount", "date", "reason", "source", "row", "transaction_id", "city", "state",
    "employer", "recipient", "kind", "tier", "union_id", "union", "score", "why", "reviewed", "returned",
)  # fmt: skip
REFUNDS: Final = (
    "due", "donor", "amount", "date", "transaction_id", "city", "state", "recipient", "reason", "source", "row",
)  # fmt: skip

_REFUND_LIST: Final = "the refund list"


def donations_csv(donations: Sequence[Donation], columns: Sequence[str] = COLUMNS) -> str:
    """A header and a row each; a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for each in donations:
        values = each.to_dict()
        writer.writerow([as_cell(name, values[name]) for name in columns])
    return out.getvalue()


def as_cell(name: str, value: Any) -> Any:
    """A value as it stands in a CSV: guarded, but for an amount, which begins with a minus when money goes back."""
    return value if name == "amount" else guarded(value)


def refunds_path(path: Path) -> Path:
    """The file of what goes back, checked before the work begins.

    Raises:
        UsageError: another suffix than :func:`write_refunds` knows, or no place to write.
    """
    return list_path(path, _REFUND_LIST)


def write_refunds(path: Path, donations: Sequence[Donation]) -> None:
    """Write what goes back, the day it is due first, as ``.csv`` or ``.xlsx``.

    Raises:
        UsageError: another suffix, or it cannot be written.
    """
    write_list(path, _REFUND_LIST, lambda: donations_csv(donations, REFUNDS), lambda book: _fill(book, donations))


def _fill(book: Any, donations: Sequence[Donation]) -> None:
    sheet = book.add_worksheet("refunds")
    heading = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, REFUNDS, heading)
    for at, each in enumerate(donations, 1):
        for column, name in enumerate(REFUNDS):
            if name == "amount" and each.unread:
                sheet.write_blank(at, column, None)
            elif name == "amount":
                sheet.write_number(at, column, each.amount_cents / 100, money)
            elif name == "row":
                sheet.write_number(at, column, each.row)
            elif (value := getattr(each, name)) is None:
                sheet.write_blank(at, column, None)
            elif name in ("due", "date"):
                sheet.write_datetime(at, column, value, day)
            else:
                sheet.write_string(at, column, str(value)[:MAX_TEXT])
    sheet.set_column(0, len(REFUNDS) - 1, 16)
    sheet.set_column(1, 1, 48)
    sheet.freeze_panes(1, 0)
    if donations:
        sheet.autofilter(0, 0, len(donations), len(REFUNDS) - 1)
