"""The positions of the marks in the page's charts: plain numbers, which the template writes as SVG.

Horizontal positions are percentages and vertical ones are pixels, so a chart is as wide as the screen and its letters
keep their size. There are no style attributes, because the page's security policy forbids them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from unionscreen.reports.words import filed_amount

if TYPE_CHECKING:
    from unionscreen.screening import Flag
    from unionscreen.screening.paid_out import Spending

# The part of the width, in percent, for the dates; amounts are written to the left of it.
LEFT: Final = 12.0
RIGHT: Final = 97.0
TOP: Final = 24  # pixels; the pledge's label stands above
LANE_LABEL: Final = 32  # of a lane's label, and of the highest amount below it
HEIGHT: Final = 150  # of the lanes that have one scale
LANE_GAP: Final = 10  # below a lane, where a dot at its lower end has room
MAX_TICKS: Final = 5  # labels that fit under a chart on a phone
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 480)  # months between ticks
_MARGIN: Final = timedelta(days=15)
MARKS_LIMIT: Final = 1_000  # of a lane: more than a reader can tell apart, and a browser stays quick
_DOT: Final = 11  # pixels from one dot of a day to the next
_DAY_WIDTH: Final = 66  # pixels that the dots of one day take at most

# The lanes from top to bottom, and their labels. Those of one group have the same scale of dollars: a return can be
# compared with the gift, and spending against with spending for, but a campaign of $70,000 does not flatten the gifts.
_GROUPS: Final[tuple[Mapping[str, str], ...]] = (
    {"gifts": "Gifts of police unions", "returned": "Returned to police unions"},
    {
        "support": "Independent spending for",
        "oppose": "Independent spending against",
        "unknown": "Independent spending, for or against not stated",
    },
)
_SIDES: Final = _GROUPS[1]
# What the shape of a mark means, for the legend.
SHAPES: Final = {
    "listed": "on the list",
    "pattern": "by its wording only",
    "other": "not recognized as a police union",
    "returned": "given, later returned",
    "back": "money back",
}


class Row(NamedTuple):
    """What a mark stands for."""

    date: date
    cents: int
    """Negative where money went back."""
    who: str
    """The donor or the spender, as filed."""
    place: str
    """``file:row``."""
    shape: str
    """One of :data:`SHAPES`: a class of the style sheet."""


class Mark(NamedTuple):
    """A row: a dot on a stem from the lane's line of zero."""

    x: float
    y: float
    row: Row
    aside: float = 0.0
    """Pixels to the right of its day, so that several rows of one day are several dots."""


class Tick(NamedTuple):
    """A place on an axis and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Lane:
    """The marks of one kind of money; no row is in two lanes, and no sum is over two."""

    name: str
    label: str
    marks: tuple[Mark, ...]
    top: float
    """Of its field of marks."""
    bottom: float
    zero: float
    sums: tuple[Tick, ...]
    smaller: int = 0
    """Rows that are not drawn because there are so many larger ones."""


@dataclass(frozen=True)
class Timeline:
    """What is known of one prosecutor, in lanes over one axis of days; a lane without rows is not drawn."""

    lanes: tuple[Lane, ...]
    days: tuple[Tick, ...]
    pledge: float | None
    """Where the pledge was made, or the first day on which it can have been made."""
    left_out: int
    """Flagged rows that are not drawn: undated, or not counted in totals."""
    spending_left_out: int = 0
    """Rows of independent spending that are not drawn: undated, or repeated by another row."""
    pledge_end: float | None = None
    """Where the time ends in which the pledge was made; None where its day is known, and is a line."""

    @property
    def bottom(self) -> float:
        """Where the last lane ends."""
        return self.lanes[-1].bottom

    @property
    def shapes(self) -> dict[str, str]:
        """The shapes that are drawn, and what they mean."""
        drawn = {mark.row.shape for lane in self.lanes for mark in lane.marks}
        return {shape: words for shape, words in SHAPES.items() if shape in drawn}

    @property
    def label_left(self) -> bool:
        """Whether the pledge's label is to the left of its line, because there is no room at the right."""
        return self.pledge is not None and self.pledge > 60


def timeline(
    flags: Iterable[Flag],
    pledge_date: date | None,
    spending: Iterable[Spending] = (),
    pledge_latest: date | None = None,
) -> Timeline | None:
    """The timeline of one prosecutor; None if there is nothing to draw.

    Args:
        flags: the flagged rows: gifts and returns.
        pledge_date: the day of the pledge, or the first day on which it can have been made.
        spending: independent spending about the prosecutor, which is not a gift.
        pledge_latest: where the day is not known, the last day on which it can have been made.
    """
    flags, spending = list(flags), list(spending)
    rows: dict[str, list[Row]] = {}
    for flag in flags:
        if flag.date and flag.counts:
            cents = filed_amount(flag)
            row = Row(flag.date, cents, flag.contributor, flag.place, _shape(flag))
            rows.setdefault("returned" if cents < 0 else "gifts", []).append(row)
    drawn = sum(map(len, rows.values()))
    for paid in spending:
        if paid.date and paid.status == "active":
            row = Row(paid.date, paid.amount_cents, paid.spender, paid.place, _shape_of(paid.tier))
            rows.setdefault(paid.support_oppose if paid.support_oppose in _SIDES else "unknown", []).append(row)
    if not rows:
        return None
    largest = {name: _largest(each) for name, each in rows.items()}
    days = [row.date for each in largest.values() for row in each]
    days += [day for day in (pledge_date, pledge_latest) if day]
    axis = _Days(min(days) - _MARGIN, max(days) + _MARGIN)
    lanes: list[Lane] = []
    for labels in _GROUPS:
        group = {name: largest[name] for name in labels if name in largest}
        top = lanes[-1].bottom + LANE_GAP if lanes else TOP
        lanes += [
            replace(lane, label=labels[lane.name], smaller=len(rows[lane.name]) - len(lane.marks))
            for lane in _lanes(group, axis, top)
        ]
    return Timeline(
        lanes=tuple(lanes),
        days=tuple(Tick(axis.across(day), label) for day, label in _ticks(axis.first, axis.last)),
        pledge=axis.across(pledge_date) if pledge_date else None,
        left_out=len(flags) - drawn,
        spending_left_out=len(spending) - (sum(map(len, rows.values())) - drawn),
        pledge_end=axis.across(pledge_latest) if pledge_latest else None,
    )


class _Days(NamedTuple):
    """The axis of days."""

    first: date
    last: date

    def across(self, day: date) -> float:
        """Where a day is, in percent of the width."""
        return round(LEFT + (RIGHT - LEFT) * (day - self.first).days / (self.last - self.first).days, 2)


def _largest(rows: list[Row]) -> list[Row]:
    """At most :data:`MARKS_LIMIT` of a lane's rows, by day."""
    largest = sorted(rows, key=lambda row: (-abs(row.cents), row.place))[:MARKS_LIMIT]
    return sorted(largest, key=lambda row: (row.date, row.place))


def _lanes(group: Mapping[str, Sequence[Row]], axis: _Days, top: float) -> Iterator[Lane]:
    """The lanes of one scale, one under the other.

    Args:
        group: the rows of each, by the lane's name.
        axis: of days.
        top: where the first begins, in pixels.
    """
    ends = {
        name: (min(0, *(row.cents for row in rows)), max(0, *(row.cents for row in rows)))
        for name, rows in group.items()
    }
    step = _step(sum(high - low for low, high in ends.values()) / 100)
    rounded = {name: (-_up(-low, step), _up(high, step)) for name, (low, high) in ends.items()}
    pixels = HEIGHT / (sum(high - low for low, high in rounded.values()) or 1)
    for name, rows in group.items():
        low, high = rounded[name]
        field = top + LANE_LABEL

        def down(cents: int, field: float = field, high: int = high) -> float:
            return round(field + (high - cents) * pixels, 1)

        asides = _asides([row.date for row in rows])
        yield Lane(
            name=name,
            label=name,
            marks=tuple(
                Mark(axis.across(row.date), down(row.cents), row, aside)
                for row, aside in zip(rows, asides, strict=True)
            ),
            top=field,
            bottom=down(low),
            zero=down(0),
            sums=tuple(
                Tick(down(cents), f"{'−' if cents < 0 else ''}${abs(cents) // 100:,}")
                for cents in range(low, high + 1, step)
            ),
        )
        top = down(low) + LANE_GAP


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
    return "returned" if flag.status == "refunded" else _shape_of(flag.tier)


def _shape_of(tier: str | None) -> str:
    return tier if tier in ("listed", "pattern") else "other"


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
