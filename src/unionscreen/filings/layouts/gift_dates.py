"""Which of several columns with dates holds the day of the gift, in a table of no known layout.

A pledge is kept or broken by this day, so a table with two such columns never has one of them read in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from unionscreen.filings.layouts.doubles import Doubles
from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.mapper import (
    canonical_name,
    find_header,
    find_strengths,
    header_vocabulary,
    split_mapping,
)
from unionscreen.filings.layouts.nothing import is_nothing


@dataclass(frozen=True)
class ChosenDates:
    """The columns with dates that are not read, by position, and the notes about them."""

    unused: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


def choose_dates(
    headers: Sequence[str], cells: Sequence[Sequence[str]] | None, doubles: Doubles, mapping: Mapping[str, str]
) -> ChosenDates:
    """Find the columns that are not the date of the gift, because another one is.

    A column without a value in the first rows gives way to one with values. Columns that fit equally well are all left:
    then the user decides.

    Args:
        headers: of the table.
        cells: the first rows by column; None if not known.
        doubles: the columns that share a header.
        mapping: ``--map``. A column it names is not available; nothing is chosen if it names the date.
    """
    if any(canonical_name(written) == "date" for written in mapping):
        return ChosenDates()
    parts = [part for value in mapping.values() for part in split_mapping(headers, value)]
    taken = {at for part in parts for at in find_header(headers, part)} | doubles.hidden
    strengths = {at: strength for at, strength in find_strengths(headers, "date").items() if at not in taken}
    filled = {at for at in strengths if cells is not None and _has_values(at, cells, doubles)}
    best = _best(headers, strengths, filled or strengths.keys())
    unused = frozenset(strengths) - best
    if len(best) != 1:
        return ChosenDates(unused)
    (used,) = best
    notes = []
    if cells is not None and (empty := _best(headers, strengths, strengths.keys()) - filled) and filled:
        rows = max(map(len, cells))
        first = f"the first {rows} rows" if rows > 1 else "the first row"
        notes.append(f"{_listed(headers, empty)} not used for the date: no value in {first}")
    if others := filled - {used}:
        how = f'"{headers[min(others)].strip()}" uses it' if len(others) == 1 else '"…" uses another column'
        notes.append(f'dates are of "{headers[used].strip()}"; {_listed(headers, others)} not used (--map date={how})')
    return ChosenDates(unused, tuple(notes))


def _has_values(at: int, cells: Sequence[Sequence[str]], doubles: Doubles) -> bool:
    """Whether a column, or one that supplements it, has a value."""
    group = next((group for group in doubles.together if group[0] == at), (at,))
    return any(cell and not is_nothing(cell) for position in group for cell in cells[position])


def _best(headers: Sequence[str], strengths: Mapping[int, int], among: Collection[int]) -> set[int]:
    """The columns that fit best: those of paper give way to the day of the gift, then the strongest header wins."""
    days = header_vocabulary()["days"]
    named = {at: normalize_header(headers[at]) for at in among}
    if any(name in days["gift"] for name in named.values()):
        named = {at: name for at, name in named.items() if name not in days["paper"]}
    top = max((strengths[at] for at in named), default=0)
    return {at for at in named if strengths[at] == top}


def _listed(headers: Sequence[str], columns: Collection[int]) -> str:
    quoted = [f'"{headers[at].strip()}"' for at in sorted(columns)]
    return f"{' and '.join(quoted)} {'is' if len(quoted) == 1 else 'are'}"
