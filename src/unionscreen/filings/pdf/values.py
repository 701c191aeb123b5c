"""Amounts, dates and names as printed on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

_MONEY: Final = re.compile(
    r"(?P<open>\()?(?P<minus>-)?\$?(?P<minus2>-)?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<cents>\.\d\d)?(?P<close>\))?"
)
# A damaged amount: two digits or more, so that it is not a list mark or a line number.
_FIGURES: Final = re.compile(r"\d.*\d")
_DAY: Final = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
# Two digits of a year: filings are of this century.
_CENTURY: Final = 2000

_PLACE: Final = re.compile(r"^(?P<city>\D*?),? (?P<state>[A-Z]{2}),? (?P<zip>\d{5}(-\d{0,4})?)$")
_STREET: Final = re.compile(r"^(\d+[A-Za-z]?\s|\d+\S*$|P\.? ?O\.? ?Box\b|c/o\b)", re.IGNORECASE)
_IDENT: Final = re.compile(
    r"^((committee|filer) )?(id|i\.d\.|\|\.d\.)\s?(no|number|#)?\.?[:#]|^#?\d{6,7}$", re.IGNORECASE
)
# After these words a number belongs to the name: "Teamsters Local" alone is not a name.
_NUMBERED: Final = re.compile(
    r"(\b(local|lodge|no|number|nbr|post|unit|chapter|district|council|division)\.?|#|-|&)$", re.IGNORECASE
)


def cents(text: str, *, exact: bool = False) -> int | None:
    """An amount in cents, negative in brackets; None if it is not an amount.

    Args:
        text: one word.
        exact: accept only amounts with cents, a comma or a dollar sign.

    >>> [cents(each) for each in ("$1,800.00", "($24.50)", "1.800,00", "1,80", "200", "12.5")]
    [180000, -2450, None, None, 20000, None]
    """
    found = _MONEY.fullmatch(text.strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    if exact and not (found["cents"] or "," in found["whole"] or "$" in text):
        return None
    value = int(found["whole"].replace(",", "")) * 100 + int((found["cents"] or ".00")[1:])
    return -value if found["open"] or found["minus"] or found["minus2"] else value


def figures(text: str) -> bool:
    """Whether a word in a column of amounts looks like one, readable or not.

    >>> figures("1,8OO.00"), figures("I"), figures("$")
    (True, False, False)
    """
    return bool(_FIGURES.search(text))


def day(text: str) -> date | None:
    """The date of a word, month first; None if it is not a date.

    >>> day("3/19/2025"), day("01/27/17"), day("13/1/2025")
    (datetime.date(2025, 3, 19), datetime.date(2017, 1, 27), None)
    """
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    month, in_month, year = map(int, found.groups())
    try:
        return date(year + (_CENTURY if len(found[3]) == 2 else 0), month, in_month)
    except ValueError:
        return None


def looks_like_day(text: str) -> bool:
    """Whether a word is written like a date, possible or not."""
    return bool(_DAY.fullmatch(text))


def name_of(lines: Sequence[str], prefix: str = "", stops: Iterable[str] = ()) -> str:
    """The name at the head of a cell, without the address and numbers that follow it.

    A wrapped name is joined, and is never cut before a number that is part of it.

    Args:
        lines: the lines of the cell, from the top.
        prefix: the text before the name.
        stops: the beginnings of lines that are not part of the name.

    >>> name_of(["Teamsters Local", "1932 PAC", "San Diego, CA 92108", "Committee ID: 870169"])
    'Teamsters Local 1932 PAC'
    >>> name_of(["Jo Doe", "12 Elm Street", "Ames, IA 50010"])
    'Jo Doe'
    """
    name: list[str] = []
    for line in lines:
        if name and not _NUMBERED.search(name[-1]) and (_STREET.match(line) or _IDENT.match(line)):
            break
        if name and (_PLACE.match(line) or line.startswith(tuple(stops))):
            break
        if not name:
            line = line.removeprefix(prefix).strip()
        name.append(line)
    return " ".join(" ".join(name).split())


def place_of(lines: Iterable[str]) -> tuple[str, str]:
    """City and state from the line that ends in a ZIP code; empty without such a line.

    >>> place_of(["Jo Doe", "12 Elm Street", "Ames, IA 50010"])
    ('Ames', 'IA')
    """
    found = [match for line in lines if (match := _PLACE.match(line))]
    return (found[-1]["city"].strip(), found[-1]["state"]) if found else ("", "")
