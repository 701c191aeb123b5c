"""Columns that have one header: a join or an API that repeats a name leaves two, of which one may be empty.

Row by row the first cell that is filled counts. Columns that contradict each other in every row are two things that
share a name, and are not put together; neither are those that the agency itself calls alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.layouts.definitions import normalize_header
from unionscreen.filings.layouts.nothing import is_nothing, without_nothing

# "Name.1", as pandas and R call the second of two columns "Name".
_NUMBERED: Final = re.compile(r"(.*\S)\.\d+")
# Position of the first column to the number of rows where another says something else, and the line of one of them.
Differing = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Doubles:
    """Positions of columns with one header, the first of them in front."""

    together: tuple[tuple[int, ...], ...] = ()
    """Those that are read as one."""
    opposed: tuple[tuple[int, ...], ...] = ()
    """Those that say something else in every row that was looked at: the first is read."""

    def note(self, headers: Sequence[str], telling: Collection[int]) -> tuple[str, ...]:
        """Said of each header whose columns are two things, where the first of them is read.

        Args:
            headers: of the file.
            telling: positions of what must be right.
        """
        return tuple(
            f'{len(group)} columns are called "{headers[group[0]].strip()}" and differ in every row: the first is read'
            for group in self.opposed
            if group[0] in telling
        )

    @property
    def hidden(self) -> frozenset[int]:
        """Columns that only stand in for another."""
        return frozenset(at for group in self.together for at in group[1:])


NO_DOUBLES: Final = Doubles()


def find_doubles(headers: Sequence[str], rows: Iterable[Sequence[str]], own: Sequence[str] = ()) -> Doubles:
    """Which columns of a file have one header.

    Args:
        headers: of the file.
        rows: its first rows.
        own: the headers of the agency's layout: what it calls alike itself stays apart.
    """
    names = [header.strip() for header in headers]
    agency = Counter(map(normalize_header, own))
    alike: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        numbered = _NUMBERED.fullmatch(name)
        copied = numbered and numbered[1] in names and normalize_header(name) not in agency
        alike.setdefault(numbered[1] if numbered and copied else name, []).append(at)
    groups = [tuple(at) for name, at in alike.items() if name and len(at) > 1 and agency[normalize_header(name)] < 2]
    if not groups:
        return NO_DOUBLES
    seen = list(rows)
    opposed = tuple(group for group in groups if _opposed(group, seen))
    return Doubles(tuple(group for group in groups if group not in opposed), opposed)


def _opposed(group: Sequence[int], rows: Iterable[Sequence[str]]) -> bool:
    """Whether each row that fills one of these columns fills all, with another text in each."""
    any_filled = False
    for row in rows:
        cells = [row[at].strip() for at in group if at < len(row)]
        filled = [cell for cell in cells if cell and not is_nothing(cell)]
        if not filled:
            continue
        any_filled = True
        if len(filled) < len(group) or len(set(filled)) < len(filled):
            return False
    return any_filled


def put_together(table: pa.Table, groups: Iterable[Sequence[int]]) -> tuple[pa.Table, dict[int, pa.Array]]:
    """Text columns named by position with the first filled cell of each group in its first, and where others differ.

    Args:
        table: whose columns are named by their position.
        groups: ``Doubles.together``; those that are not in the table are left alone.
    """
    differing: dict[int, pa.Array] = {}
    for first, *others in groups:
        if str(first) not in table.column_names:
            continue
        out = _texts(table, first)
        for other in others:
            text = _texts(table, other)
            differs = pc.and_(pc.and_(pc.not_equal(out, ""), pc.not_equal(text, "")), pc.not_equal(out, text))
            differing[first] = pc.or_(differing[first], differs) if first in differing else differs
            out = pc.if_else(pc.equal(out, ""), text, out)
        table = table.set_column(table.column_names.index(str(first)), str(first), out)
    return table, differing


def _texts(table: pa.Table, at: int) -> pa.Array:
    column = table.column(str(at))
    text = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])
    return without_nothing(pc.ascii_trim_whitespace(text))


def add_differing(old: Differing, new: Differing, start: int) -> Differing:
    """The rows of the blocks before, numbered from the top of the file, and those of the next block.

    Args:
        old: of the blocks before.
        new: of the block, counted from its first line.
        start: lines before it.
    """
    out = dict(old)
    for at, (count, line) in new.items():
        before, first = out.get(at, (0, start + line + 1))
        out[at] = (before + count, first)
    return out
