"""Convert dates as filed to dates: first by the order of the format, then by the variants seen in real files.

Seen: ``04/23/2014``, ``4/23/14``, ``2022-02-25T00:00:00.000``, ``20220225``, ``02252022``, ``1/5/2021 12:00:00 AM``,
``23-Aug-07``, ``Thursday, August 23, 2007``, day numbers of a spreadsheet, seconds and milliseconds since 1970,
``/Date(1187827200000)/``, and whole numbers that became floats (``20220105.0``) or lost their leading zero. The day
counts as written, whatever time zone follows. An impossible date, a date outside 1970 to 2100, and a month or a year
alone are not dates; the row is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.layouts.nothing import is_nothing

# No electronic filing is older, and none is from the future: 1900 and 2202 were seen, and are typing errors.
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2100

_ZONE: Final = r"(?:Z|[-+]\d{2}:?\d{2})?"
_CLOCK: Final = r"\d{1,2}(?::\d{2}.*|\s*[AaPp]\.?[Mm]\b.*)"
_TIME: Final = rf"(?:,?[T ]+(?:at )?{_CLOCK}|{_ZONE})"
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})" + _TIME)

_WEEKDAY: Final = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +", re.IGNORECASE)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# A time may follow a year of two digits only after a blank: "Aug 07 12:30" is a day and a time without a year.
_YEAR: Final = rf"(?:(?P<year>\d{{4}})(?:[:]{_CLOCK}|{_TIME})|'?(?P<short>\d{{2}})(?:,?[T ]+{_CLOCK})?)"
_BETWEEN: Final = r"[ ,./-]*"
_NAMED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}{_BETWEEN}(?:of )?{_MONTH}{_BETWEEN}{_YEAR}",  # 23-Aug-07, 23AUG2007:00:00:00 (SAS)
        rf"{_MONTH}{_BETWEEN}{_DAY}[ ,./-]+{_YEAR}",  # August 23rd, 2007
        rf"{_MONTH} {_DAY} \d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: [a-z]{{3,4}})? (?P<year>\d{{4}})",  # as programs print it
        rf"(?P<year>\d{{4}}){_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}{_TIME}",  # 2007-Aug-23
    )
)

# ISO 8601 without hyphens; the blank and the colons are people's.
_RUN_WITH_TIME: Final = re.compile(rf"(\d{{8}})(?:T\d{{4,6}}(?:\.\d+)?{_ZONE}|[T ]{_CLOCK})", re.ASCII)
_NUMBER: Final = re.compile(r"(\d+)(?:\.(\d*))?", re.ASCII)
# "/Date(1187827200000-0700)/", as .NET writes JSON: the number is UTC, the zone is the writer's.
_DOT_NET: Final = re.compile(r"\\?/?Date\((\d+)([-+]\d{4})?\)\\?/?", re.ASCII)
# Digits of a number to its units per second. Fewer digits of seconds would be before 2001, when no API existed, and
# would make a date of any id.
_SINCE_1970: Final = {10: 1, 12: 1_000, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
_EPOCH: Final = date(1970, 1, 1)
_SECONDS_A_DAY: Final = 24 * 60 * 60
# Day 0 of a spreadsheet's serial numbers (Excel counts February 29, 1900, which never was).
_SERIAL_EPOCH: Final = date(1899, 12, 30)
# Days and seconds beyond these are far beyond LAST_YEAR, and more than a timedelta holds.
_MAX_DAYS: Final = 100_000

# "%d/%m/%Y", "%d-%m-%y", "%d%m%Y": the day is first.
_DAY_FIRST: Final = re.compile(r"%d\W?%m")
_MONTH_FIRST_DIGITS: Final = "%m%d%Y"
# %y as in POSIX: 69 to 99 are years of the last century.
_CENTURY_PIVOT: Final = 69


def _year(written: str) -> int:
    """A year as written. "0001", which some programs write for a missing date, is not a year of two digits."""
    year = int(written)
    return year if len(written) != 2 else year + (1900 if year >= _CENTURY_PIVOT else 2000)


def _make(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _after(start: date, days: int) -> date | None:
    if days > _MAX_DAYS:
        return None
    day = start + timedelta(days=days)
    return _make(day.year, day.month, day.day)


def _since_1970(digits: str, zone: str | None = None) -> date | None:
    """The day of a number of seconds, or fractions of a second, since 1970; None for other numbers of digits.

    The day is that of UTC: a date alone is at midnight UTC, or at midnight of a US time zone, which is the same day in
    UTC. Another time of day is converted to the writer's time zone if it is given.
    """
    unit = _SINCE_1970.get(len(digits))
    if unit is None:
        return None
    if digits[13:].strip("0"):  # no clock is so precise: it is another number of 16 or 19 digits
        return None
    seconds = int(digits) // unit
    if zone and seconds % _SECONDS_A_DAY:
        seconds += int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[3:])) * 60
    return _after(_EPOCH, seconds // _SECONDS_A_DAY)


def date_parser(formats: Sequence[str] = ()) -> Callable[[str], date | None]:
    """A function from a date as filed to a date, or None when it is not a date.

    Args:
        formats: the patterns of the format, as for ``strptime``. They decide what 3/4/2022 and 1012022 mean.

    >>> parse = date_parser(["%m/%d/%Y"])
    >>> [str(parse(t)) for t in ("04/23/2014", "4/23/14", "2022-02-25", "1/5/2021 12:00:00 AM", "02/30/2022")]
    ['2014-04-23', '2014-04-23', '2022-02-25', '2021-01-05', 'None']
    >>> [str(parse(t)) for t in ("23-Aug-07", "Aug. 23, 2007", "39317", "1187827200000", "20070823.0", "Aug-07")]
    ['2007-08-23', '2007-08-23', '2007-08-23', '2007-08-23', '2007-08-23', 'None']
    """
    return _date_parser(tuple(formats))


# The same days are in every block and file. 100 years have 36,525 days; a date with a clock is a text of its own.
_DAYS_KEPT: Final = 1 << 16


@cache
def _date_parser(formats: tuple[str, ...]) -> Callable[[str], date | None]:
    day_first = any(_DAY_FIRST.match(pattern) for pattern in formats)
    month_first_digits = _MONTH_FIRST_DIGITS in formats

    def year_last(first: str, second: str, year: str) -> date | None:
        month, day = (second, first) if day_first else (first, second)
        return _make(_year(year), int(month), int(day))

    def run_together(digits: str) -> date | None:
        """8 digits: never plausible both with the year first and with the year last, because no month is 19 or 20."""
        return _make(int(digits[:4]), int(digits[4:6]), int(digits[6:])) or year_last(
            digits[:2], digits[2:4], digits[4:]
        )

    def from_number(digits: str, fraction: str) -> date | None:
        whole = not fraction.strip("0")
        match len(digits):
            case 5:  # no other notation of a day has 5 digits
                return _after(_SERIAL_EPOCH, int(digits))
            case 7 if whole:
                # A leading zero was lost: 1012022 is January 1, unless the zero of the day is missing, too.
                if not month_first_digits and year_last(digits[:2], digits[2], digits[3:]):
                    return None
                return year_last(f"0{digits[0]}", digits[1:3], digits[3:])
            case 8 if whole:
                return run_together(digits)
            case 12 | 14 if whole and (found := _with_clock(digits)):
                return found
        return _since_1970(digits)

    def in_digits(text: str) -> date | None:
        if match := _YEAR_LAST.fullmatch(text):
            return year_last(*match.groups())
        if match := _YEAR_FIRST.fullmatch(text):
            return _make(*(int(part) for part in match.groups()))
        if match := _NUMBER.fullmatch(text):
            return from_number(match[1], match[2] or "")
        if match := _RUN_WITH_TIME.fullmatch(text):
            return run_together(match[1])
        return None

    def parse(text: str) -> date | None:
        text = text.strip()
        if found := in_digits(text):
            return found
        if match := _DOT_NET.fullmatch(text):
            return _since_1970(match[1], match[2])
        text = " ".join(text.split())
        bare = _WEEKDAY.sub("", text, count=1)
        for named in _NAMED:
            if match := named.fullmatch(bare):
                parts = match.groupdict()
                month = _MONTHS.index(parts["month"][:3].lower()) + 1
                return _make(_year(parts["year"] or parts["short"]), month, int(parts["day"]))
        for pattern in formats:
            try:
                at = datetime.strptime(text, pattern)
            except ValueError:
                continue
            return _make(at.year, at.month, at.day)
        return in_digits(bare)

    return lru_cache(maxsize=_DAYS_KEPT)(parse)


def _with_clock(digits: str) -> date | None:
    """The day of ``YYYYMMDDHHMM`` or ``YYYYMMDDHHMMSS``; as milliseconds the first would be a day of 1976."""
    if int(digits[8:10]) > 23 or int(digits[10:12]) > 59:
        return None
    return _make(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


@dataclass(frozen=True)
class DateCount:
    """The dates of a column: how many were read, how many cells were not dates, and one of these."""

    read: int = 0
    bad: int = 0
    example: str | None = None

    def __add__(self, other: DateCount) -> DateCount:
        return DateCount(self.read + other.read, self.bad + other.bad, self.example or other.example)


NO_DATES: Final = DateCount()


def parse_dates(
    texts: pa.Array, parse: Callable[[str], date | None], missing: Sequence[str] = ()
) -> tuple[pa.Array, DateCount]:
    """Dates as filed to date32, and their counts. Each distinct text is parsed once.

    Args:
        texts: strings; null, empty and words like "nan" are absent.
        parse: from ``date_parser``.
        missing: other texts that mean "no date".
    """
    distinct = pc.dictionary_encode(texts)
    if isinstance(distinct, pa.ChunkedArray):
        distinct = distinct.combine_chunks()
    words: list[str | None] = distinct.dictionary.to_pylist()
    absent = {"", *missing}
    present = [word is not None and word.strip() not in absent for word in words]
    values = [parse(word) if word is not None and there else None for word, there in zip(words, present, strict=True)]
    dates = pa.array(values, pa.date32()).take(distinct.indices)
    read = len(dates) - dates.null_count
    bad = [
        there and value is None and not is_nothing(word or "")
        for word, there, value in zip(words, present, values, strict=True)
    ]
    if not any(bad):
        return dates, DateCount(read)
    count = int(pc.sum(pa.array(bad).take(distinct.indices).cast(pa.int64())).as_py() or 0)
    return dates, DateCount(read, count, words[bad.index(True)])
