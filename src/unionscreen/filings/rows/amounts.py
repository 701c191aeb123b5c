"""Convert amounts as filed to exact cents.

``$`` and USD, thousands commas, blanks, parentheses or a minus on either end (money going back), a dash in place of the
cents (1,000.-), scientific notation and float artifacts (16.240000000000002) are read, rounded to the nearest cent.
Anything else is not an amount: a comma in the wrong place or a blank between digits is never guessed away, 1.5k is
rounded, and the meaning of CR or DR depends on whose books it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.compiled import read_cents
from unionscreen.filings.layouts.notation import AMBIGUOUS, COMMA_AMOUNT, DecimalMark

# A hundred billion dollars: more than anybody ever gave, and less than phone numbers or ids read as amounts. The sum of
# 900,000 such rows fits into int64; accounting.totals refuses larger sums.
MAX_CENTS: Final = 10**13

# Each run is possessive ("*+"): a blank belongs to one run only, so that a cell full of blanks takes linear time.
_AMOUNT: Final = re.compile(
    r"""(?P<open>(?:(?:US)?\$)?\s*+\()?\s*+   # ( … ) around it is negative
        (?P<sign>[-+])?\s*+(?:USD|US(?=\s*+\$))?\s*+\$?\s*+(?P<inner>[-+])?\s*+
        (?P<number>(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.\d*+)?|\.\d++)
        (?P<exponent>[eE][-+]?\d{1,3})?
        (?:(?<=\.)[-\u2013\u2014]{1,2}(?:\s*+USD)?  # "1,000.-" has no cents, as accountants write it
          |(?<!\.)\s*+(?P<trailing>-)             # nothing follows: in "250-USD" it is not a minus
          |\s*+USD)?
        \s*+(?P<close>\))?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
# Amounts that Arrow's float parser reads in the same way as parse_amount.
_PLAIN: Final = r"^-?(\d+(\.\d*)?|\.\d+)$"
_GROUPED: Final = r"^\$?-?\d{1,3}(,\d{3})+(\.\d*)?$"
# Lines that each hold an amount as one of these two has it.
_EACH: Final = r"\$?-?(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.\d*+)?"
_ALL_PLAIN: Final = re.compile(rf"{_EACH}(?:\n{_EACH})*+", re.ASCII)
# For so few amounts, Python takes less time than the calls of Arrow, which take 0.2 ms.
_FEW_ROWS: Final = 1_000
_COMMA: Final = re.compile(COMMA_AMOUNT)
_UNCLEAR: Final = re.compile(AMBIGUOUS)
# Up to so many dollars a double holds cents exactly: its error times 100 stays under 0.005 cents.
_FLOAT_LIMIT: Final = 1e11
# If its cents are further from a whole number than this, a double has more than two decimals and is parsed exactly.
_FLOAT_TOLERANCE: Final = 1e-3


def _with_point(text: str, mark: DecimalMark) -> str:
    """An amount rewritten with a point before the cents; empty if it is ambiguous."""
    if mark == ".":
        return text
    if mark == ",":
        return text.replace(".", "").replace(",", ".") if _COMMA.match(text) else ""
    return "" if _UNCLEAR.match(text) else text


def parse_amount(text: str, mark: DecimalMark = ".") -> int | None:
    """Cents of one amount as filed, or None when it is not an amount.

    Args:
        text: as filed.
        mark: the character before the cents.

    >>> [parse_amount(t) for t in ("$1,500.50", "(45.00)", "-$45", "16.240000000000002", "1,23", "twenty")]
    [150050, -4500, -4500, 1624, None, None]
    """
    dollars = _dollars(_with_point(text, mark))
    # Checked first because quantize would overflow; 10**11 dollars is MAX_CENTS. Zero is zero in any notation.
    if dollars is None or (dollars and dollars.adjusted() > 11):
        return None
    cents = int((dollars * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return cents if abs(cents) <= MAX_CENTS else None


def why_no_amount(texts: Sequence[str], mark: DecimalMark = ".") -> str:
    """Why a row has no amount, after :func:`parse_amount` returned None.

    Args:
        texts: the cells to add up, usually one.
        mark: the character before the cents.

    >>> why_no_amount(["twenty"]), why_no_amount(["9999999999999.99"])
    ("'twenty' is not an amount", "'9999999999999.99' is implausible: no contribution is so large")
    """
    there = [text.strip() for text in texts if text.strip()]
    if not there:
        return "the amount is empty"
    if mark != "." and any(_dollars(text) is not None and not _with_point(text, mark) for text in there):
        return f"'{' + '.join(there)}' is ambiguous: cents or thousands may follow its point or comma"
    if all(_dollars(_with_point(text, mark)) is not None for text in there):
        return f"'{' + '.join(there)}' is implausible: no contribution is so large"
    return f"'{' + '.join(there)}' is not an amount"


def _dollars(text: str) -> Decimal | None:
    """The dollars of a text, however large."""
    match = _AMOUNT.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    if match is None or (match["open"] is None) != (match["close"] is None):
        return None
    signs = [match["sign"], match["inner"], match["trailing"]]
    if sum(sign is not None for sign in signs) + (match["open"] is not None) > 1:
        return None
    dollars = Decimal(match["number"].replace(",", "") + (match["exponent"] or ""))
    return dollars.copy_negate() if match["open"] or "-" in signs else dollars


def parse_amounts(texts: pa.Array, mark: DecimalMark = ".") -> pa.Array:
    """Cents of a column of amounts as filed: int64, null where it is not an amount.

    Args:
        texts: strings without nulls.
        mark: the character before the cents.
    """
    if mark == ",":
        pointed = pc.replace_substring(pc.replace_substring(texts, ".", ""), ",", ".")
        texts = pc.if_else(pc.match_substring_regex(texts, COMMA_AMOUNT), pointed, "")
    elif mark == "?":
        texts = pc.if_else(pc.match_substring_regex(texts, AMBIGUOUS), "", texts)
    if len(texts) == 0:
        return pa.array([], pa.int64())
    found = read_cents(texts)
    if found is not None:
        return pa.array(found[0]) if not found[1].any() else _settle(texts, found[0], np.flatnonzero(found[1]))
    odd = np.zeros(len(texts), dtype=bool)  # to parse one by one
    dollars = _plainly_written(texts) if len(texts) <= _FEW_ROWS else None
    if dollars is None:
        dollars = _any_dollars(texts, odd)
    with np.errstate(invalid="ignore"):  # "inf" and "nan" are floats to Arrow; they fail the comparison below
        exact = dollars * 100
        cents = np.rint(exact)
        fine = (np.abs(exact - cents) <= _FLOAT_TOLERANCE) & (np.abs(dollars) <= _FLOAT_LIMIT)
    odd |= ~fine
    where = np.flatnonzero(odd)
    if len(where) == 0:
        return pa.array(cents.astype(np.int64))
    return _settle(texts, np.where(odd, 0, cents).astype(np.int64), where)


def _plainly_written(texts: pa.Array) -> np.ndarray | None:
    """The dollars of a short column if all its amounts are written as most are; the many steps below cost more."""
    lines = "\n".join(texts.to_pylist())
    if not _ALL_PLAIN.fullmatch(lines):
        return None
    numbers = lines.replace("$", "").replace(",", "").split("\n")
    return np.array([*map(float, numbers)]) if len(numbers) == len(texts) else None


def _any_dollars(texts: pa.Array, odd: np.ndarray) -> np.ndarray:
    """The dollars of a column; rows that must be parsed one by one are marked in ``odd``."""
    plain = pc.ascii_ltrim(texts, "$")
    has_comma = pc.match_substring(plain, ",")
    with_comma = pc.indices_nonzero(has_comma)
    if len(with_comma):  # few amounts have one, so they are handled apart instead of searching all texts again
        as_filed = texts.take(with_comma)
        grouped = pc.match_substring_regex(as_filed, _GROUPED)
        odd[with_comma.to_numpy()[~_bools(grouped)]] = True
        plain = pc.if_else(has_comma, "0", plain)
        bare = pc.replace_substring(pc.if_else(grouped, pc.ascii_ltrim(as_filed, "$"), "0"), ",", "")
    try:
        dollars = pc.cast(plain, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        regular = pc.match_substring_regex(plain, _PLAIN)
        odd |= ~_bools(regular)
        dollars = pc.cast(pc.if_else(regular, plain, "0"), pa.float64()).to_numpy()
    if len(with_comma):
        dollars = dollars.copy()
        dollars[with_comma.to_numpy()] = pc.cast(bare, pa.float64()).to_numpy()
    # ltrim removed every leading "$", but two of them are invalid.
    doubled = pc.indices_nonzero(pc.starts_with(texts, "$$"))
    odd[doubled.to_numpy()] = True
    return np.asarray(dollars)


def _bools(values: pa.Array) -> np.ndarray:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=bool)


def _settle(texts: pa.Array, cents: np.ndarray, where: np.ndarray) -> pa.Array:
    """``cents`` with the rows at ``where`` parsed exactly, each distinct text once."""
    distinct = pc.dictionary_encode(texts.take(pa.array(where)))
    values = [parse_amount(text) for text in distinct.dictionary.to_pylist()]
    indices = distinct.indices.to_numpy()
    valid = np.array([value is not None for value in values], dtype=bool)[indices]
    cents[where] = np.array([value or 0 for value in values], dtype=np.int64)[indices]
    mask = np.zeros(len(cents), dtype=bool)
    mask[where[~valid]] = True
    return pa.array(cents, mask=mask)
