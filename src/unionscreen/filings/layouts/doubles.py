"""Columns that share a header: a join or an API may repeat a name, and one of the two columns may be empty.

In each row the first filled cell counts. Columns that contradict each other in every row are two different things and
are not combined; neither are columns to which the agency itself gives the same name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.nothing import is_nothing, without_nothing

# "Name.1", as pandas and R call the second of two columns "Name".
_NUMBERED: Final = re.compile(r"(.*\S)\.\d+")
# Position of the first column to the number of rows where another column differs, and the line of one of them.
Differing = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Doubles:
    """Groups of columns that share a header, by position, the first column first."""

    together: tuple[tuple[int, ...], ...] = ()
    """Groups that are read as one column."""
    opposed: tuple[tuple[int, ...], ...] = ()
    """Groups that differ in every row that was examined: the first column is read."""

    def note(self, headers: Sequence[str], telling: Collection[int]) -> tuple[str, ...]:
        """A note for each header whose columns are two different things, of which the first is read.

        Args:
            headers: of the file.
            telling: positions of the columns that must be right.
        """
        return tuple(
            f'{len(group)} columns are called "{headers[group[0]].strip()}" and differ in every row: the first is read'
            for group in self.opposed
            if group[0] in telling
        )

    @property
    def hidden(self) -> frozenset[int]:
        """Columns that only supplement an earlier one."""
        return frozenset(at for group in self.together for at in group[1:])


NO_DOUBLES: Final = Doubles()


def find_doubles(headers: Sequence[str], rows: Iterable[Sequence[str]], own: Sequence[str] = ()) -> Doubles:
    """Find the columns of a file that share a header.

    Args:
        headers: of the file.
        rows: its first rows.
        own: the headers of the agency's layout; columns that it names alike itself stay separate.
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
    """Whether every row that fills one of these columns fills all, each with a different text."""
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
    """Combine each group into its first column: the first filled cell counts. Also returns where the others differ.

    Args:
        table: whose columns are named by their position.
        groups: ``Doubles.together``; columns that are not in the table are ignored.
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
    """Add the rows of the next block to those of the earlier blocks, numbered from the top of the file.

    Args:
        old: of the earlier blocks.
        new: of the block, counted from its first line.
        start: the number of lines before the block.
    """
    out = dict(old)
    for at, (count, line) in new.items():
        before, first = out.get(at, (0, start + line + 1))
        out[at] = (before + count, first)
    return out
