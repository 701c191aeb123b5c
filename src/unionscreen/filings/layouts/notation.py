"""How a file writes amounts: with a point before the cents, or with a comma as programs of other countries do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

# The character before the cents; "?" if it is unknown, so that an amount with two readings is rejected.
DecimalMark = Literal[".", ",", "?"]

# 1.000,50 and 25,5: only a comma can be before the cents.
_COMMA_CENTS: Final = re.compile(r"\D*(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}[^\d.,]*", re.ASCII)
# 1,000.50, 25.5, 1,000 and 1234.567: only a point can.
_POINT_CENTS: Final = re.compile(
    r"\D*(?:\d{1,3}(?:,\d{3})++(?:\.\d*)?|\d+\.\d{1,2}|(?:\d{4,}|0)\.\d+|\d+\.\d{4,})[^\d.,]*", re.ASCII
)
# Cells with a comma before the cents that show it where semicolons do not; one or two may be typing errors.
_LEAST: Final = 3
# An amount with a comma before the cents. Arrow uses these expressions, too, so they avoid what its engine lacks.
COMMA_AMOUNT: Final = r"^[^0-9.,]*([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]{1,2})?[^0-9.,]*$"
# 2.000 is two dollars or two thousand.
AMBIGUOUS: Final = r"^[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*$"


def decimal_mark(cells: Iterable[str], delimiter: str) -> DecimalMark:
    """The character before the cents in a column of amounts, by its first cells.

    Programs that write a decimal comma put semicolons between fields: there a point is not assumed.

    >>> decimal_mark(["1.000,50", "2.000"], ";"), decimal_mark(["25.00", "2.000"], ";"), decimal_mark(["2.000"], ",")
    (',', '.', '.')
    >>> decimal_mark(["2.000", "500"], ";"), decimal_mark(["1.000,50", "25.00", "2.000"], ",")
    ('?', '?')
    """
    there = [cell for cell in map(str.strip, cells) if cell]
    commas = [cell for cell in there if "," in cell and _COMMA_CENTS.fullmatch(cell)]
    comma = len(commas) >= _LEAST or any("." in cell or delimiter == ";" for cell in commas)
    point = any(map(_POINT_CENTS.fullmatch, there))
    if comma and not point:
        return ","
    return "?" if comma or (delimiter == ";" and not point) else "."


def notation_note(mark: DecimalMark) -> tuple[str, ...]:
    """A note for files with a comma before the cents."""
    return ("amounts are read with a comma before the cents: 1.000,50 is $1,000.50",) if mark == "," else ()
