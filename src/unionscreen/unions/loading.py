"""The files of the list → the list, without any matching."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from unionscreen.errors import UnionListError
from unionscreen.files import read_text
from unionscreen.unions.data_files import LIST_DATE, LIST_FILES, VOCABULARY, data_path
from unionscreen.unions.model import (
    ALIAS_KINDS,
    RELATED_CATEGORIES,
    UNION_KINDS,
    Alias,
    Related,
    Union,
    UnionList,
)
from unionscreen.unions.overlay import apply_overlay

UNION_COLUMNS: Final = (
    "union_id", "name", "kind", "form", "scope", "state", "place", "parent_id", "number", "fec_ids", "ein",
    "filer_ids", "status", "source", "source_class", "confidence", "note",
)  # fmt: skip
ALIAS_COLUMNS: Final = ("union_id", "alias", "alias_kind", "ambiguous", "source")
RELATED_COLUMNS: Final = ("name", "state", "category", "aliases", "reason", "source")


def list_rows(path: Path, columns: Sequence[str]) -> list[list[str]]:
    """The rows of a list file, with header and width checked. Row `i` is at ``_line(path, i)``."""
    rows = _cells(read_text(path, UnionListError))
    if not rows or tuple(rows.pop(0)) != tuple(columns):
        raise UnionListError(
            "the header is not " + ",".join(columns), source=str(path), row=1, hint="restore the first line"
        )
    if {*map(len, rows)} - {len(columns)}:
        at = next(at for at, cells in enumerate(rows) if len(cells) != len(columns))
        raise UnionListError(
            f"{len(rows[at])} cells where {len(columns)} are expected",
            source=str(path),
            row=_line(path, at),
            hint="a cell with a comma needs quotes around it; delete empty lines",
        )
    return rows


def _cells(text: str) -> list[list[str]]:
    r"""The rows of a CSV. Lines without a quote are split at commas, in a third of the time of the csv module.

    >>> _cells('a,b\n"1,5",2\n')
    [['a', 'b'], ['1,5', '2']]
    """
    lines = text.split("\n")
    quoted = [line for line in lines if '"' in line]
    if "\r" in text or any(line.count('"') % 2 for line in quoted):  # a cell of several lines
        return list(csv.reader(io.StringIO(text, newline="")))
    if not lines[-1]:
        lines.pop()
    rows = iter(csv.reader(quoted))
    return [next(rows) if '"' in line else line.split(",") if line else [] for line in lines]


def _line(path: Path, at: int) -> int:
    """The physical line of a row; the file is read again, because only an error needs it."""
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.reader(handle)
        for number, _ in enumerate(reader, start=-1):
            if number == at:
                break
        return reader.line_num


def _read_unions(path: Path) -> dict[str, Union]:
    rows = list_rows(path, UNION_COLUMNS)
    unions = {row[0]: Union._make(row) for row in rows}
    # Sets first, because every command reads these rows when it starts.
    if {row[2] for row in rows} - {*UNION_KINDS}:
        at = next(at for at, row in enumerate(rows) if row[2] not in UNION_KINDS)
        raise UnionListError(
            f"{rows[at][2]!r} is not a kind", source=str(path), row=_line(path, at),
            hint="one of " + ", ".join(UNION_KINDS),
        )  # fmt: skip
    if not all(row[0] and row[1] for row in rows):
        at = next(at for at, row in enumerate(rows) if not (row[0] and row[1]))
        raise UnionListError("union_id or name is empty", source=str(path), row=_line(path, at))
    if len(unions) < len(rows):
        seen: set[str] = set()
        for at, row in enumerate(rows):
            if row[0] in seen:
                raise UnionListError(f"the id {row[0]!r} is in the file twice", source=str(path), row=_line(path, at))
            seen.add(row[0])
    return unions


def _read_aliases(path: Path, unions: Mapping[str, Union]) -> list[Alias]:
    rows = list_rows(path, ALIAS_COLUMNS)
    if {row[0] for row in rows} - unions.keys():
        at = next(at for at, row in enumerate(rows) if row[0] not in unions)
        raise UnionListError(f"no union has the id {rows[at][0]!r}", source=str(path), row=_line(path, at))
    if {row[2] for row in rows} - {*ALIAS_KINDS}:
        at = next(at for at, row in enumerate(rows) if row[2] not in ALIAS_KINDS)
        raise UnionListError(
            f"{rows[at][2]!r} is not an alias kind", source=str(path), row=_line(path, at),
            hint="one of " + ", ".join(ALIAS_KINDS),
        )  # fmt: skip
    return list(map(Alias._make, rows))


def _read_related(path: Path) -> list[Related]:
    related = []
    for at, (name, state, category, aliases, reason, source) in enumerate(list_rows(path, RELATED_COLUMNS)):
        if category not in RELATED_CATEGORIES:
            raise UnionListError(
                f"{category!r} is not a category", source=str(path), row=_line(path, at),
                hint="one of " + ", ".join(RELATED_CATEGORIES),
            )  # fmt: skip
        related.append(Related(name, state, category, tuple(a for a in aliases.split(";") if a), reason, source))
    return related


@lru_cache(maxsize=4)
def load_unions(overlay: Path | None = None) -> UnionList:
    """The shipped list, with the user's own list applied.

    Args:
        overlay: a CSV of the user's; ``union`` and ``alias`` are enough (:mod:`unionscreen.unions.overlay`).

    Raises:
        UnionListError: a file is missing or breaks a rule; with file and line.
    """
    paths = [data_path(name) for name in LIST_FILES]
    vocabulary = data_path(VOCABULARY)  # its words decide about matches too
    unions = _read_unions(paths[0])
    aliases = _read_aliases(paths[1], unions)
    related = _read_related(paths[2])
    if overlay is not None:
        apply_overlay(unions, aliases, overlay)
    date = data_path(LIST_DATE).read_text(encoding="ascii").strip()
    digest = hashlib.sha256()
    for path in [*paths, vocabulary, *([] if overlay is None else [overlay])]:
        digest.update(path.read_bytes())
    by_union: dict[str, list[Alias]] = {union_id: [] for union_id in unions}
    for alias in aliases:
        by_union[alias.union_id].append(alias)
    return UnionList(
        unions, aliases, related, digest.hexdigest(), date, {key: tuple(value) for key, value in by_union.items()}
    )
