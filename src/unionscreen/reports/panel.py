"""The panel of a batch: each prosecutor in each year, also the years without union money; and what the filings cover.

A year is in the panel if a filing covers a day of it, or if money has its date. Without a filing there is no zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from unionscreen.accounting import Amount, total
from unionscreen.accounting.periods import Days
from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry, Screening
    from unionscreen.screening.paid_out import Spending

WHOLE_YEAR: Final = "whole year"
PART_OF_YEAR: Final = "part of the year"
ROWS_ONLY: Final = "rows only"
NO_FILING: Final = "no filing"
UNDATED: Final = "undated"
_SHARE_PLACES: Final = 6

PANEL: Final = (
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("office", "text", "in the standard words"),
    TypedColumn("jurisdiction", "text", "county, district or city, if the filing says"),
    TypedColumn("year", "count", "calendar year of the date; empty for rows without a date"),
    TypedColumn("cycle", "count", "the next election year of those that you gave; empty without one"),
    TypedColumn("raised", "cents", "monetary and in-kind contributions and incoming transfers, minus refunds; "
                "empty without a filing of this person"),
    TypedColumn("raised_rows", "count", "contributions and refunds that are counted in raised"),
    TypedColumn("gross", "cents", "the unions' gifts"),
    TypedColumn("returned", "cents", "what went back to unions in this year"),
    TypedColumn("net", "cents", "the difference; negative if more went back than came in"),
    TypedColumn("share", "score", "net divided by raised, 0 to 1; empty if nothing was raised"),
    TypedColumn("gifts", "count", "gifts of unions that are counted in gross"),
    TypedColumn("donors", "count", "unions that gave them: by id, or by name if not identified with one on the list"),
    TypedColumn("spent_for", "cents", "independent spending that supports this person, by anybody; empty if no file "
                "lists money paid out"),
    TypedColumn("spent_against", "cents", "independent spending that opposes this person, by anybody"),
    TypedColumn("spent_unclear", "cents", "independent spending about this person, where no column gives the side"),
    TypedColumn("union_spent_for", "cents", "how much of spent_for unions spent"),
    TypedColumn("union_spent_against", "cents", "how much of spent_against unions spent"),
    TypedColumn("covered", "text", f"{WHOLE_YEAR} or {PART_OF_YEAR}: by the periods of reports; {ROWS_ONLY}: no report "
                f"gives a period, and rows lie between these days; {NO_FILING}: nothing covers it, or only a list of "
                f"loans; {UNDATED}: no year"),
    TypedColumn("covered_from", "date", "first covered day in the year"),
    TypedColumn("covered_to", "date", "last covered day in the year"),
    TypedColumn("covered_days", "count", "covered days in the year"),
    TypedColumn("recipient_name", "text", "the person, or the committees where no person is known; as in the flags"),
    *ID_COLUMNS,
)  # fmt: skip
COVERAGE: Final = (
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("office", "text", "in the standard words"),
    TypedColumn("jurisdiction", "text", "county, district or city, if the filing says"),
    TypedColumn("files", "count", "files with rows of this person"),
    TypedColumn("sources", "text", "their names, separated by semicolons"),
    TypedColumn("rows", "count", "rows of this person, whatever their status"),
    TypedColumn("undated", "count", "rows without a date, or with an impossible one"),
    TypedColumn("first_date", "date", "of these rows"),
    TypedColumn("last_date", "date", "of these rows"),
    TypedColumn("reported_from", "date", "first day of the periods of reports; empty if no report gives a period"),
    TypedColumn("reported_to", "date", "last day of the periods of reports"),
    TypedColumn("gaps", "text", "days in between that neither a period nor, without periods, the rows of a file cover"),
    TypedColumn("gap_days", "count", "how many days that is"),
    TypedColumn("recipient_name", "text", "the person, or the committees where no person is known; as in the flags"),
    *ID_COLUMNS,
)
# The columns of independent spending, by support_oppose and whether a union spent.
_SIDES: Final = (("support", False), ("oppose", False), ("unknown", False), ("support", True), ("oppose", True))

_Who = tuple[str | None, str | None, str | None, str, str | None, str | None]


class _Covered(NamedTuple):
    """The covered days of a year."""

    how: str
    days: Sequence[Days]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The last columns of a row of the panel."""
        if not self.days:
            return (self.how, None, None, None)
        return (self.how, self.days[0].begin, self.days[-1].end, _count(self.days))


def _count(days: Iterable[Days]) -> int:
    return sum((each.end - each.begin).days + 1 for each in days)


def panel_table(screening: Screening, elections: Sequence[int] = ()) -> ResultTable:
    """One row for each person and year.

    Args:
        screening: made with ``by_year``.
        elections: election years, for the column ``cycle``.
    """
    rows: list[tuple[Cell, ...]] = []
    spending = [each for each in screening.books.spending if each.status == "active" and each.prosecutor]
    for name, entry in zip(screening.names, screening.prosecutors, strict=True):
        about = [each for each in spending if _is_about(each, entry)]
        spending = [each for each in spending if each not in about]
        rows += _of_entry(name, entry, about, elections, paid_out=screening.books.rows_read > 0)
    targets: dict[tuple[str | None, str | None], list[Spending]] = {}
    for each in spending:
        targets.setdefault((each.person_id, each.prosecutor), []).append(each)
    for (person_id, prosecutor), about in targets.items():
        who = (prosecutor, about[0].office, about[0].jurisdiction, prosecutor or "", person_id, None)
        for year in sorted({_year(each) for each in about}, key=_order):
            rows.append(_row(who, year, elections, (None, None), (), _spent(about, year), _Covered(NO_FILING, ())))
    about_table = "Each person in each year that a filing covers, also the years without union money"
    return ResultTable("panel", "Panel", about_table, PANEL, rows)


def _is_about(each: Spending, entry: ProsecutorEntry) -> bool:
    if each.person_id and entry.person_id:
        return each.person_id == entry.person_id
    return each.prosecutor == entry.prosecutor


def _year(each: Spending) -> int | None:
    return each.date.year if each.date else None


def _order(year: int | None) -> tuple[bool, int]:
    return year is None, year or 0


def _of_entry(
    name: str, entry: ProsecutorEntry, about: Sequence[Spending], elections: Sequence[int], *, paid_out: bool
) -> Iterable[tuple[Cell, ...]]:
    years = entry.by_year
    if years is None:
        return
    who = (entry.prosecutor, entry.office, entry.jurisdiction, name, entry.person_id, entry.committee_id)
    raised = {each.year: (each.raised, each.rows) for each in years.raised}
    flags: dict[int | None, list[Flag]] = {}
    for flag in entry.flags:
        flags.setdefault(flag.year, []).append(flag)
    for year in sorted({*raised, *flags, *years.covered_years(), *map(_year, about)}, key=_order):
        spent = _spent(about, year) if paid_out else (None,) * len(_SIDES)
        covered = _covered(entry, year)
        yield _row(who, year, elections, _raised(entry, year, raised, covered), flags.get(year, ()), spent, covered)


def _raised(
    entry: ProsecutorEntry, year: int | None, raised: Mapping[int | None, tuple[int, int]], covered: _Covered
) -> tuple[int | None, int | None]:
    """What was raised in a year, and in how many rows; both None where no file here could show a contribution."""
    found = raised.get(year, (0, 0))
    files = entry.by_year.files if entry.by_year else ()
    unseen = covered.how == NO_FILING or not any(file.gifts for file in files)
    return (None, None) if unseen and not found[1] and files else found


def _row(
    who: _Who,
    year: int | None,
    elections: Sequence[int],
    raised: tuple[int | None, int | None],
    flags: Sequence[Flag],
    spent: Sequence[Cell],
    covered: _Covered,
) -> tuple[Cell, ...]:
    *person, name, person_id, committee_id = who
    money = total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags)
    gifts = [flag for flag in flags if flag.counts and flag.amount_cents >= 0]
    donors = {flag.union_id or " ".join(flag.contributor.split()).casefold() for flag in gifts}
    share = _share(money.net, raised[0])
    sums: tuple[Cell, ...] = (money.gross, money.refunded, money.net, share, len(gifts), len(donors))
    if raised[0] is None:
        sums = (None,) * len(sums)
    cycle = None if year is None else min((each for each in elections if each >= year), default=None)
    return (*person, year, cycle, *raised, *sums, *spent, *covered.cells, name, person_id, committee_id)


def _share(net: int, raised: int | None) -> float | None:
    return round(net / raised, _SHARE_PLACES) if raised and raised > 0 else None


def _spent(about: Iterable[Spending], year: int | None) -> tuple[Cell, ...]:
    mine = [each for each in about if _year(each) == year]
    return tuple(
        sum(each.amount_cents for each in mine if each.support_oppose == side and (each.tier or not union))
        for side, union in _SIDES
    )


def _covered(entry: ProsecutorEntry, year: int | None) -> _Covered:
    if year is None or entry.by_year is None:
        return _Covered(UNDATED, ())
    reported, shown = entry.by_year.days_in(year)
    if reported:
        whole = _count(reported) == _count([Days.of_year(year)])
        return _Covered(WHOLE_YEAR if whole else PART_OF_YEAR, reported)
    return _Covered(ROWS_ONLY if shown else NO_FILING, shown)


def coverage_table(screening: Screening) -> ResultTable:
    """One row for each person: the files, the days that they cover, and the gaps."""
    rows: list[tuple[Cell, ...]] = []
    for name, entry in zip(screening.names, screening.prosecutors, strict=True):
        years = entry.by_year
        if years is None:
            continue
        runs = sorted(run for file in years.files for run in file.runs)
        sources = "; ".join(dict.fromkeys(file.source for file in years.files))
        first = min((run.begin for run in runs), default=None)
        last = max((run.end for run in runs), default=None)
        reported = (years.reported[0].begin, years.reported[-1].end) if years.reported else (None, None)
        rows.append(
            (
                *(entry.prosecutor, entry.office, entry.jurisdiction, len(years.files), sources),
                *(sum(file.rows for file in years.files), sum(file.undated for file in years.files), first, last),
                *(*reported, "; ".join(map(str, years.gaps)), _count(years.gaps)),
                *(name, entry.person_id, entry.committee_id),
            )
        )
    about = "Which days the filings of each person cover, and which they do not"
    return ResultTable("coverage", "Coverage", about, COVERAGE, rows)
