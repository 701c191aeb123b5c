"""The positions of the marks in the page's charts: plain numbers, which the template writes as SVG.

Horizontal positions are percentages and vertical ones are pixels, so a chart is as wide as the screen and its letters
keep their size. There are no style attributes, because the page's security policy forbids them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from unionscreen.reports.words import filed_amount

if TYPE_CHECKING:
    from unionscreen.screening import Flag

# The part of the width, in percent, for the dates; amounts are written to the left of it.
LEFT: Final = 12.0
RIGHT: Final = 97.0
TOP: Final = 30  # pixels; the pledge's label stands above
HEIGHT: Final = 150  # of the field of marks
MAX_TICKS: Final = 5  # labels that fit under a chart on a phone
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 480)  # months between ticks
_MARGIN: Final = timedelta(days=15)
MARKS_LIMIT: Final = 1_000  # more than a reader can tell apart, and a browser stays quick
_DOT: Final = 11  # pixels from one dot of a day to the next
_DAY_WIDTH: Final = 66  # pixels that the dots of one day take at most


class Mark(NamedTuple):
    """A gift or a refund: a dot on a stem from the line of zero."""

    x: float
    y: float
    shape: str
    """listed, pattern, returned or back: a class of the style sheet."""
    flag: Flag
    aside: float = 0.0
    """Pixels to the right of its day, so that several gifts on one day are several dots."""


class Tick(NamedTuple):
    """A place on an axis and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """The counted, dated rows of one prosecutor on an axis of days."""

    marks: tuple[Mark, ...]
    zero: float
    days: tuple[Tick, ...]
    sums: tuple[Tick, ...]
    pledge: float | None
    left_out: int
    """Rows that are not drawn: undated, or not counted in totals."""
    smaller: int = 0
    """Rows that are not drawn because there are so many larger ones."""

    @property
    def bottom(self) -> float:
        """Where the field of marks ends."""
        return TOP + HEIGHT

    @property
    def label_left(self) -> bool:
        """Whether the pledge's label is to the left of its line, because there is no room at the right."""
        return self.pledge is not None and self.pledge > 60


def timeline(flags: Iterable[Flag], pledge_date: date | None) -> Timeline | None:
    """The timeline of the rows; None if there is nothing to draw."""
    rows = list(flags)
    dated = [flag for flag in rows if flag.date and flag.counts]
    largest = sorted(dated, key=lambda flag: (-abs(flag.amount_cents), flag.source, flag.row))[:MARKS_LIMIT]
    drawn = sorted(largest, key=lambda flag: (str(flag.date), flag.source, flag.row))
    if not drawn:
        return None
    days = [flag.date for flag in drawn if flag.date]
    first = min([*days, pledge_date or days[0]]) - _MARGIN
    last = max([*days, pledge_date or days[0]]) + _MARGIN
    span = (last - first).days

    def across(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - first).days / span, 2)

    top = max(0, *(filed_amount(flag) for flag in drawn))
    low = min(0, *(filed_amount(flag) for flag in drawn))
    step = _step((top - low) / 100)
    high, deep = _up(top, step), -_up(-low, step)

    def down(cents: float) -> float:
        return round(TOP + HEIGHT * (high - cents) / ((high - deep) or 1), 1)

    asides = _asides(days)
    marks = tuple(
        Mark(across(day), down(filed_amount(flag)), _shape(flag), flag, aside)
        for flag, day, aside in zip(drawn, days, asides, strict=True)
    )
    sums = range(int(deep), int(high) + 1, int(step))
    return Timeline(
        marks=marks,
        zero=down(0),
        days=tuple(Tick(across(day), label) for day, label in _ticks(first, last)),
        sums=tuple(Tick(down(cents), f"{'−' if cents < 0 else ''}${abs(cents) // 100:,}") for cents in sums),
        pledge=across(pledge_date) if pledge_date else None,
        left_out=len(rows) - len(dated),
        smaller=len(dated) - len(drawn),
    )


def _asides(days: list[date]) -> list[float]:
    """How far each mark is moved from its day: marks of one day stand side by side, centered on it.

    >>> _asides([date(2022, 3, 1), date(2022, 3, 1), date(2022, 3, 2)])
    [-5.5, 5.5, 0.0]
    """
    times, seen = Counter(days), Counter[date]()
    out = []
    for day in days:
        others = times[day] - 1
        step = min(_DOT, _DAY_WIDTH / others) if others else 0
        out.append(round((seen[day] - others / 2) * step, 1))
        seen[day] += 1
    return out


def _shape(flag: Flag) -> str:
    if filed_amount(flag) < 0:
        return "back"
    if flag.status == "refunded":
        return "returned"
    return "pattern" if flag.tier == "pattern" else "listed"


def _step(dollars: float) -> int:
    """A round amount in cents that fits two to four times: 1, 2 or 5 times a power of ten.

    >>> _step(6300), _step(90)
    (200000, 5000)
    """
    step = 1
    while True:
        for factor in (1, 2, 5):
            if dollars <= step * factor * 4:
                return step * factor * 100
        step *= 10


def _up(cents: int, step: int) -> int:
    return -(-cents // step) * step


def _ticks(first: date, last: date) -> list[tuple[date, str]]:
    """Firsts of months, at most :data:`MAX_TICKS` of them."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)  # the first that begins after `first`
    for step in _STEPS:
        chosen = [month for month in months if month % step == 0]
        if len(chosen) <= MAX_TICKS:
            break
    starts = [date(month // 12, month % 12 + 1, 1) for month in chosen]
    return [(day, str(day.year) if step >= 12 else f"{_MONTHS[day.month - 1]} {day.year}") for day in starts]


def share(sum_: object, longest: int) -> float:
    """The length of a bar in percent of the longest; zero for an amount of zero or less.

    >>> share(100, 400), share(-5, 400), share(0, 0)
    (25.0, 0.0, 0.0)
    """
    cents = sum_ if isinstance(sum_, int) else 0
    return round(100 * max(cents, 0) / longest, 1) if longest > 0 else 0.0
