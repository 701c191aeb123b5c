"""Lookup files: cover pages, filers, committees. They hold no contributions but say who received them.

They are recognized by their own signatures (``lookup_files.toml``), and joined where a format says so (``joins.py``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from unionscreen.filings.files.heads import Head, Record, uses_quotes
from unionscreen.filings.layouts.headers import Signatures, header_names, normalize_header

# Rows without a header line that must all fit.
_TESTED_ROWS: Final = 3


@dataclass(frozen=True)
class Lookup:
    """A kind of lookup file."""

    id: str
    title: str
    source: str
    headers: tuple[tuple[str, ...], ...] = ()
    """Sets of normalized headers, one of which must all be there; ``!name`` must not be."""
    columns: tuple[str, ...] = ()
    """Without a header line: the columns in their order."""
    fields: tuple[int, ...] = ()
    """Without a header line: how many fields a row may have."""
    cells: tuple[tuple[int, str], ...] = ()
    """Without a header line: position and regular expression, tested on the first rows."""
    delimiter: str | None = None
    quoting: bool | None = None


@dataclass(frozen=True)
class LookupFile:
    """A lookup file and its layout. Picklable: the workers read it themselves."""

    id: str
    source: str
    path: str
    member: str | None
    """Its name in a zip."""
    delimiter: str
    quoting: bool
    skip_lines: int
    header: tuple[str, ...]
    """Normalized."""
    encoding: str | None = None


@cache
def _lookups() -> dict[str, Lookup]:
    text = (resources.files("unionscreen.filings.layouts") / "lookup_files.toml").read_text(encoding="utf-8")
    return {
        name: Lookup(
            id=name,
            title=raw["title"],
            source=raw["source"],
            headers=tuple(tuple(option) for option in raw.get("headers", [])),
            columns=tuple(raw.get("columns", [])),
            fields=tuple(raw.get("fields", [])),
            cells=tuple((int(at), pattern) for at, pattern in raw.get("cells", {}).items()),
            delimiter=raw.get("delimiter"),
            quoting=raw.get("quoting"),
        )
        for name, raw in tomllib.loads(text).items()
    }


def list_lookups() -> list[Lookup]:
    """All kinds of lookup files."""
    return list(_lookups().values())


def load_lookup(lookup_id: str) -> Lookup:
    """The kind with this id. Only our own definitions name ids."""
    return _lookups()[lookup_id]


def recognize_lookup_file(
    heads: Sequence[Head], *, source: str, path: str, member: str | None, encoding: str | None
) -> LookupFile | None:
    """The lookup file to which a head belongs, or None.

    Args:
        heads: the head under each possible delimiter.
        source: as the user knows the file.
        path: where it is.
        member: its name in a zip.
        encoding: the encoding of the file; None is UTF-8 or Windows-1252.
    """
    named: dict[str, tuple[Head, Record]] = {}
    for head in heads:
        for record in head.first:
            for known in _with_header(record.fields):
                if known.delimiter in (None, head.delimiter):
                    named.setdefault(known.id, (head, record))
    for known in list_lookups():
        if known.id in named:
            head, record = named[known.id]
            header = tuple(map(normalize_header, record.fields))
            skip = record.line + record.span
            quoting = _quotes(known, head)
            return LookupFile(known.id, source, path, member, head.delimiter, quoting, skip, header, encoding)
        for head in heads if known.fields else ():
            if known.delimiter not in (None, head.delimiter):
                continue
            if width := _width(known, head):
                quoting = _quotes(known, head)
                columns = tuple(map(normalize_header, known.columns))[:width]
                header = columns + tuple(f"unnamed{at}" for at in range(len(columns), width))
                return LookupFile(known.id, source, path, member, head.delimiter, quoting, 0, header, encoding)
    return None


@lru_cache(maxsize=4096)  # as of header_names
def _with_header(fields: tuple[str, ...]) -> tuple[Lookup, ...]:
    """The kinds whose header a line can be."""
    return tuple(known for _, known in _signatures().fitting(header_names(fields)))


@cache
def _signatures() -> Signatures[Lookup]:
    return Signatures((known, known.headers) for known in list_lookups())


def _quotes(known: Lookup, head: Head) -> bool:
    return known.quoting if known.quoting is not None else uses_quotes(head)


def _width(known: Lookup, head: Head) -> int:
    """The number of fields of the first rows; 0 when they are not of this kind."""
    rows = head.first_rows(_TESTED_ROWS, quoting=_quotes(known, head))
    fits = bool(rows) and all(
        len(row) == len(rows[0])
        and len(row) in known.fields
        and all(re.search(pattern, row[at].strip()) for at, pattern in known.cells)
        for row in rows
    )
    return len(rows[0]) if fits else 0
