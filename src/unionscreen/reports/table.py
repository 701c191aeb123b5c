"""The flags as CSV: one row per flag, for a spreadsheet or a data frame."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from unionscreen.reports.text import visible_lines

if TYPE_CHECKING:
    from unionscreen.screening import Screening

COLUMNS: Final = (
    "source",
    "row",
    "prosecutor",
    "recipient",
    "contributor",
    "date",
    "amount",
    "kind",
    "status",
    "tier",
    "union_id",
    "union",
    "union_kind",
    "score",
    "why",
)


def flags_csv(screening: Screening) -> str:
    """Write one header line, then one row per flag in the order of the report; dollars, and empty where null.

    With ``--include-related`` the related rows follow those of their prosecutor; their tier is empty, and
    ``union_kind`` says what they are.

    Line ends inside a name stay (quoted); other control characters are written out as in the terminal. Text that a
    spreadsheet would read as a formula is left as filed.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    related = screening.manifest["settings"].get("include_related")
    for entry in screening.prosecutors:
        for flag in entry.flags + (entry.related if related else ()):
            row = flag.to_dict() | {"prosecutor": entry.prosecutor}
            writer.writerow({key: _cell(row[key]) for key in COLUMNS})
    return out.getvalue()


def _cell(value: object) -> object:
    return visible_lines(value) if isinstance(value, str) else value
