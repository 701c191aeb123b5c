"""Delimited text: CSV, TSV, pipes and semicolons, in any encoding."""

from __future__ import annotations

from unionscreen.errors import FilingError
from unionscreen.filings.files.contents import refuse_if_no_text, text_encoding
from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.heads import read_heads
from unionscreen.filings.files.sources import Source, Start
from unionscreen.filings.files.tables import FileTables, ReadOptions, TextTable, always
from unionscreen.filings.files.transcode import ends_in_bare_cr, transcoded


def recognizes(_source: Source, _start: Start) -> bool:
    """Always: the last container of the list. Files that are not text are refused when their table is made."""
    return True


def tables(source: Source, start: Start, _options: ReadOptions) -> FileTables:
    """The one table of a text.

    Raises:
        FilingError: it is empty, or not text.
    """
    data = start.data
    if not data.strip(b"\x00\x1a \t\r\n\xef\xbb\xbf"):
        raise FilingError("the file is empty", source=source.label, hint="did the download finish?")
    refuse_if_no_text(data, source.label)
    encoding = text_encoding(data)
    text = data.decode(encoding, "replace") if encoding else to_utf8(data)[0].decode("utf-8", "replace")
    text = text.removeprefix("\ufeff").replace("\x00", " ").replace("\x1a", " ")
    bare_cr = ends_in_bare_cr(text)
    if bare_cr:
        text = text.replace("\r", "\n")
    if not start.complete and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    lines = transcoded(source, encoding, bare_cr=bare_cr)
    table = TextTable(
        source,
        read_heads(text, complete=start.complete),
        always(lines),
        source.size,
        encoding=encoding,
        notes=(f"read as {encoding}",) if encoding else (),
        joinable=True,
    )
    return FileTables([table])
