"""What the form itself says its rows add up to: one line of its summary for each schedule of each report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

# The columns of a summary. Amounts are in cents; null where the form does not state one.
STATED: Final = pa.schema(
    [
        ("source", pa.string()),
        ("recipient", pa.string()),  # null where only the rows name it
        ("recipient_id", pa.string()),
        ("filing_id", pa.string()),
        ("amendment", pa.string()),
        ("begin", pa.date32()),  # of the period that the report covers
        ("end", pa.date32()),
        ("schedule", pa.string()),  # what the rows have in their column "form_line"
        ("itemized", pa.int64()),
        ("unitemized", pa.int64()),
        ("total", pa.int64()),
        ("page", pa.int64()),  # the total once more, on the summary page
    ]
)
# What each line is called: of a schedule its name, and the lines for itemized rows, the total, and the summary page.
# Form 460 of the California FPPC, Forms 3, 3P and 3X of the FEC, the cover sheets of the Texas Ethics Commission, and
# Form D-2 of the Illinois State Board of Elections.
LINES: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "A": ("monetary contributions", "Schedule A line 1", "Schedule A line 3", "Form 460 line 1"),
    "C": ("nonmonetary contributions", "Schedule C line 1", "Schedule C line 3", "Form 460 line 4"),
    "I": ("miscellaneous increases to cash", "Schedule I line 1", "Schedule I line 4", ""),
    "11A": ("contributions of individuals", "line 11(a)(i)", "line 11(a)(iii)", ""),
    "11B": ("contributions of party committees", "line 11(b)", "", ""),
    "11C": ("contributions of other committees", "line 11(c)", "", ""),
    "11D": ("contributions of the candidate", "line 11(d)", "", ""),
    "12": ("transfers", "line 12", "", ""),
    "13": ("loans received", "line 13", "", ""),
    "13A": ("loans of the candidate", "line 13(a)", "", ""),
    "13B": ("other loans", "line 13(b)", "", ""),
    "17A": ("contributions of individuals", "line 17(a)(i)", "line 17(a)(iii)", ""),
    "17B": ("contributions of party committees", "line 17(b)", "", ""),
    "17C": ("contributions of other committees", "line 17(c)", "", ""),
    "17D": ("contributions of the candidate", "line 17(d)", "", ""),
    "18": ("transfers", "line 18", "", ""),
    "19A": ("loans of the candidate", "line 19(a)", "", ""),
    "19B": ("other loans", "line 19(b)", "", ""),
    "TEC": ("cover sheet, without pledges and loans", "total contributions", "total contributions", ""),
    "1A": ("individual contributions", "Form D-2 part 1A", "", ""),
    "2A": ("transfers in", "Form D-2 part 2A", "", ""),
    "3A": ("loans received", "Form D-2 part 3A", "", ""),
    "4A": ("other receipts", "Form D-2 part 4A", "", ""),
    "5A": ("in-kind contributions", "Form D-2 part 5A", "", ""),
}

# Amounts and dates as programs write them in .fec and .cal files.
_AMOUNT: Final = re.compile(r"-?\d{1,11}(\.\d*)?")
_DAYS: Final = ("%Y%m%d", "%m/%d/%Y")


def cents_of(text: str) -> int | None:
    """Cents of an amount in plain digits, as programs write it; None for anything else.

    >>> cents_of("12.50"), cents_of("-3"), cents_of("")
    (1250, -300, None)
    """
    return round(Decimal(text) * 100) if _AMOUNT.fullmatch(text) else None


def day_of(text: str) -> date | None:
    """A date as programs write it; None for anything else.

    >>> day_of("20260218") == day_of("2/18/2026")
    True
    """
    for form in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(text, form).date()
    return None


def stated_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A summary from its lines.

    Args:
        rows: the columns of ``STATED``; those that are left out are null.
    """
    return pa.Table.from_pylist([dict(row) for row in rows], schema=STATED)
