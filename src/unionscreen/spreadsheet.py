"""Keep spreadsheet programs from running a cell as a formula or turning it into another value."""

from __future__ import annotations

import re
from typing import Any, Final

# What makes a spreadsheet take a cell for a formula (OWASP "CSV injection"); the wide forms do in East Asian locales.
FORMULA_STARTS: Final = tuple("=+-@\t\r\n|%") + tuple("＝＋－＠")
MAX_TEXT: Final = 32_767  # characters of a cell
MAX_DIGITS: Final = 15  # of a number; a spreadsheet replaces the others with zeros
_MONTH: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
# Ids and names that a spreadsheet turns into another value when it opens a CSV:
_CONVERTED: Final = re.compile(
    rf"""0[0-9]+ | [0-9]{{{MAX_DIGITS + 1},}}  # leading zeros and digits after the fifteenth are lost
    | [0-9]*\.[0-9]* | [0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]*)?  # 1.50 becomes 1.5, and 1,000 becomes 1000
    | [0-9]+(?:\.[0-9]*)?e[+-]?[0-9]+  # 1E5 becomes 100000
    | [0-9]{{1,4}}\s*[-/.]\s*[0-9]{{1,2}}(?:\s*[-/.]\s*[0-9]{{1,4}})? | [0-9]{{1,2}}[-/.][0-9]{{4}}  # days
    | [0-9]{{1,3}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:\s*[ap]m?)?  # times
    | [0-9]{{1,4}}[-/.\s]?{_MONTH}(?:[-/.,\s]*[0-9]{{1,4}})? | {_MONTH}[-/.\s]*[0-9]{{1,4}}(?:[-/.,\s]+[0-9]{{1,4}})?
    | [0-9]+\s+[0-9]+/[0-9]+ | \$?[0-9.,]+%? | \([0-9.,]+\)  # fractions, money, shares, bookkeeping's minus
    | true | false""",
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN_NUMBER: Final = re.compile(rf"0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}}")


def guarded(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula; anything else stays as it is.

    Text that looks guarded gets one too: it would lose its own apostrophe when it is read back.

    >>> guarded("=HYPERLINK(1)"), guarded("'=1"), guarded("ACME"), guarded(-5)
    ("'=HYPERLINK(1)", "''=1", 'ACME', -5)
    """
    return f"'{cell}" if isinstance(cell, str) and runs(cell.lstrip("'")) else cell


def guarded_value(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run or turn into another value.

    >>> [guarded_value(each) for each in ("=1", "00000001", "1E5", "1-2", "C00123456", "1199")]
    ["'=1", "'00000001", "'1E5", "'1-2", 'C00123456', '1199']
    """
    text = cell.strip()
    converted = _CONVERTED.fullmatch(text) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{cell}" if converted else str(guarded(cell))


def runs(cell: str) -> bool:
    """Whether a spreadsheet would run this text as a formula."""
    return cell.startswith(FORMULA_STARTS)


def unguarded(cell: str) -> str:
    """The text before :func:`guarded`.

    >>> unguarded("'=HYPERLINK(1)"), unguarded("'t Hooft")
    ('=HYPERLINK(1)', "'t Hooft")
    """
    return cell[1:] if cell.startswith("'") and runs(cell.lstrip("'")) else cell
