"""Dates as filed to dates: the format's own pattern first, then the variants that were seen in real files.

Seen: ``04/23/2014``, ``4/23/14``, ``2022-02-25``, ``2022-02-25T00:00:00.000``, ``20220225``, ``1/5/2021 12:00:00 AM``,
serial day numbers in spreadsheets. A date that cannot be, or lies outside 1970 to 2100, is no date: the row is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

# No agency's electronic filings are older, none is from the future: 1900 and 2202 were seen, and are typing errors.
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2100

_TIME: Final = r"(?:[T ]+\d{1,2}:\d{2}.*)?"
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})" + _TIME)
_DIGITS: Final = re.compile(r"\d{8}")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d*)?")
# Day 0 of a spreadsheet's serial numbers (Excel counts a 29 February 1900 that never was).
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_DAY_FIRST: Final = "%d/%m/%Y"
_MONTH_FIRST_DIGITS: Final = "%m%d%Y"
# %y as POSIX reads it: 69 to 99 are of the last century.
_CENTURY_PIVOT: Final = 69


def _make(year: int, month: int, day: int) -> date | None:
    if year < 100:
        year += 1900 if year >= _CENTURY_PIVOT else 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def date_parser(formats: Sequence[str] = (), *, serials: bool = False) -> Callable[[str], date | None]:
    """A function from one date as filed to a date, or None when it is none.

    Args:
        formats: the format's patterns, as for ``strptime``; they decide what 8 digits and 3/4/2022 mean.
        serials: whether a bare number is a spreadsheet's day number.

    >>> parse = date_parser(["%m/%d/%Y"])
    >>> [str(parse(t)) for t in ("04/23/2014", "4/23/14", "2022-02-25", "1/5/2021 12:00:00 AM", "02/30/2022")]
    ['2014-04-23', '2014-04-23', '2022-02-25', '2021-01-05', 'None']
    """
    day_first = _DAY_FIRST in formats
    month_first_digits = _MONTH_FIRST_DIGITS in formats

    def parse(text: str) -> date | None:
        text = text.strip()
        if match := _YEAR_LAST.fullmatch(text):
            first, second, year = (int(part) for part in match.groups())
            return _make(year, second, first) if day_first else _make(year, first, second)
        if match := _YEAR_FIRST.fullmatch(text):
            return _make(*(int(part) for part in match.groups()))
        if _DIGITS.fullmatch(text):
            if month_first_digits:
                return _make(int(text[4:]), int(text[:2]), int(text[2:4]))
            return _make(int(text[:4]), int(text[4:6]), int(text[6:]))
        if serials and (match := _SERIAL.fullmatch(text)):
            day = _SERIAL_EPOCH + timedelta(days=int(match[1]))
            return _make(day.year, day.month, day.day)
        for pattern in formats:
            try:
                found = datetime.strptime(" ".join(text.split()), pattern)
            except ValueError:
                continue
            return _make(found.year, found.month, found.day)
        return None

    return parse


def parse_dates(
    texts: pa.Array, parse: Callable[[str], date | None], missing: Sequence[str] = ()
) -> tuple[pa.Array, int]:
    """Dates as filed to (date32, how many were there but impossible), each distinct text parsed once.

    Args:
        texts: strings; null and empty are absent.
        parse: from ``date_parser``.
        missing: further texts that mean "no date".
    """
    distinct = pc.dictionary_encode(texts)
    if isinstance(distinct, pa.ChunkedArray):
        distinct = distinct.combine_chunks()
    words: list[str | None] = distinct.dictionary.to_pylist()
    absent = {"", *missing}
    values = [parse(word) if word is not None and word.strip() not in absent else None for word in words]
    present = [word is not None and word.strip() not in absent for word in words]
    bad = [there and value is None for there, value in zip(present, values, strict=True)]
    dates = pa.array(values, pa.date32()).take(distinct.indices)
    if not any(bad):
        return dates, 0
    return dates, int(pc.sum(pa.array(bad).take(distinct.indices).cast(pa.int64())).as_py() or 0)
