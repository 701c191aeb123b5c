"""The common form of every container: text tables, each with a label, its first records, and its lines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

import pyarrow as pa

from unionscreen.filings.files.heads import Head
from unionscreen.filings.files.sources import Source, Start

# Whether an additional column with this header would be read as part of a contribution.
IsRead = Callable[[str], bool]


@dataclass(frozen=True)
class ReadOptions:
    """How the user wants a filing to be read, and a function of the layouts that containers need."""

    filing_format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    recipient: str | None = None
    accept_difference: bool = False
    """Read a filing whose rows do not add up to its own summary lines."""
    profile_mapping: Mapping[str, str] = field(default_factory=dict)
    """A mapping for every export of a campaign. It is not used for a known layout without its headers."""
    header_score: Callable[[Sequence[str]], int] = len
    """How much a list of names looks like the header of a table of contributions."""


class PageText(NamedTuple):
    """What a page of a PDF contains."""

    number: int
    """The first page of the file is 1."""
    text: Literal["text", "OCR", "none"]
    """Text of its own, text that OCR read from a picture, or none."""
    section: str
    """The schedule that it belongs to, or another kind of page."""


@dataclass(frozen=True)
class TextTable:
    """One table of text: a whole file, a sheet, a page, or a table in a web page."""

    file: Source
    """The file or member that holds it. The manifest has the hash of this file."""
    heads: Sequence[Head]
    """Its first records, under each possible delimiter."""
    lines: Callable[[IsRead], Source]
    """Its lines as UTF-8 text. If a late record has an additional column that would be read, it is refused."""
    size: int | None
    """Bytes of its lines, for progress; None when not known before reading."""
    name: str = ""
    """Its name within its file; empty if the file is the table."""
    header_apart: bool = False
    """Whether the header is not among the lines: the keys of JSON, the names of Parquet's columns."""
    encoding: str | None = None
    """What the lines were transcoded from; None: each block finds out."""
    format: str | None = None
    """The id of its format where the container says it: the form of a PDF."""
    page: PageText | None = None
    """Of a page of a PDF."""
    row_note: str = ""
    """What to check in each of its rows."""
    notes: tuple[str, ...] = ()
    hidden: bool = False
    digest: bytes = b""
    """The same for tables of one file that hold the same rows; empty where nobody compares them."""
    if_empty: str | None = None
    """What the file is, for the user who gives one without contributions."""
    stated: pa.Table | None = None
    """What the form itself says that its rows add up to, as ``summary.STATED``."""
    joinable: bool = False
    """Whether its file holds delimited text, in which a lookup file is read."""
    recognized: list[Any] = field(default_factory=list, compare=False, repr=False)
    """What kind of lookup file it is, once that was asked: see ``summaries.lookup_file_of``."""

    @property
    def label(self) -> str:
        """As shown to the user: the file as given, ``!member`` of a zip, ``#Sheet``."""
        return f"{self.file.label}#{self.name}" if self.name else self.file.label


@dataclass(frozen=True)
class FileTables:
    """The tables of one file."""

    tables: Sequence[TextTable]
    what: str = "table"
    """What one of them is called in a sentence."""
    notes: tuple[str, ...] = ()
    """About the file as a whole."""
    differences: tuple[str, ...] = ()
    """How its rows differ from its own totals, which the user accepts."""
    pages: tuple[PageText, ...] = ()
    """Of a PDF: all its pages, also those without rows."""
    partial: str | None = None
    """Why a part of what the file belongs to is missing: it is one page of several."""


def always(lines: Source) -> Callable[[IsRead], Source]:
    """The lines of a table that are the same whatever is read of them."""
    return lambda _is_read: lines


class Container(Protocol):
    """A kind of file: a module that recognizes it, and makes tables of it."""

    def recognizes(self, source: Source, start: Start, /) -> bool:
        """Whether a file is of this kind, by its first bytes."""
        ...

    def tables(self, source: Source, start: Start, options: ReadOptions, /) -> FileTables:
        """The tables of such a file.

        Raises:
            FilingError: it is damaged, or cannot be read.
        """
        ...


def rows_digest(data: bytes) -> bytes:
    """The same for lines of CSV that hold the same rows, wherever on their sheets they stand."""
    lines = (line.rstrip(b",") for line in data.split(b"\n"))
    return hashlib.sha256(b"\n".join(line for line in lines if line)).digest()
