"""OpenSecrets' bulk files (``indivs22.txt`` and others): commas between the fields, and ``|`` instead of quotes.

Two replacements of bytes make it a CSV: a quote in a cell is doubled, and each pipe becomes a quote. A cell stays as it
was filed, and a row stays on its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO, Final

from unionscreen.filings.files import delimited
from unionscreen.filings.files.sources import Source, Start, converted
from unionscreen.filings.files.tables import FileTables, ReadOptions

# Each file begins with the cycle and another text, both between pipes.
_BEGINNING: Final = re.compile(rb"(?:\xef\xbb\xbf)?\|(?:19|20)\d\d\|,\|")
_PIECE: Final = 1 << 20


def recognizes(_source: Source, start: Start) -> bool:
    """Whether pipes quote its fields."""
    return bool(_BEGINNING.match(start.data))


def tables(source: Source, start: Start, options: ReadOptions) -> FileTables:
    """The one table of a text, as :mod:`delimited` makes it of the text with quotes.

    Raises:
        FilingError: it is not text.
    """

    def pieces(stream: BinaryIO) -> Iterator[bytes]:
        yield from map(_quoted, iter(partial(stream.read, _PIECE), b""))

    lines = replace(converted(source, pieces), size=source.size)
    found = delimited.tables(lines, start._replace(data=_quoted(start.data)), options)
    return replace(found, tables=[replace(table, joinable=False) for table in found.tables])


def _quoted(data: bytes) -> bytes:
    """Bytes with quotes in place of pipes; each byte is replaced by itself, so that pieces may be cut anywhere."""
    return data.replace(b'"', b'""').replace(b"|", b'"')
