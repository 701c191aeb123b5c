"""JSON from an API as a table: an array of objects, one object per line, or pages that each hold an array.

A record is a row, and its number in the file is the row number. Nested values are written as JSON.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO, Final, cast

from unionscreen.errors import FilingError, NoContributionsError, NotATableError, OtherTableError
from unionscreen.filings.files.encodings import CP1252_BYTES
from unionscreen.filings.files.heads import HEAD_LINES, sheet_head
from unionscreen.filings.files.paging import Pages
from unionscreen.filings.files.plain_objects import LinePieces, PlainObjects, first_object
from unionscreen.filings.files.sources import Source, Start, converted
from unionscreen.filings.files.tables import FileTables, IsRead, ReadOptions, TextTable
from unionscreen.filings.files.wrappers import Score, Wrapper, wrapper_of

_PIECE: Final = 1 << 20
# Records whose keys form the header. APIs omit empty keys, so a few records are not enough.
_HEAD_RECORDS: Final = 10_000
_BETWEEN: Final = re.compile(r"[\s,]*")
# The size limit of a record, or of an object that holds the records: each is held in memory.
_MAX_RECORD: Final = 256 << 20
# Longer numbers are kept as text: no amount has so many digits.
_LONG_NUMBER: Final = 20


def recognizes(_source: Source, start: Start) -> bool:
    """Whether it is JSON: an array, an object, or one object per line."""
    return start.data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def tables(source: Source, _start: Start, options: ReadOptions) -> FileTables:
    """The records as one table. The keys are its header, which is not among the lines.

    Raises:
        FilingError: it is not JSON, or not a list of objects.
    """
    label, score = source.label, lru_cache(maxsize=1024)(options.header_score)
    with source.look() as stream:
        header, rows, pages = head_of(stream, label, score)

    def lines(is_read: IsRead) -> Source:
        return converted(source, lambda stream: as_lines(stream, label, header, is_read, score))

    part = pages.note()
    notes = [f"{label}: {part}"] if part else []
    notes += [f"{label}: the list {name} is not read" for name in pages.unread]
    table = TextTable(source, [sheet_head([header, *rows])], lines, None, header_apart=True, notes=tuple(notes))
    return FileTables([table], partial=part)


class Twice(dict[str, Any]):
    """An object that has one key twice: it is unknown which of the two values was meant."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    twice = Twice(found)
    twice.key = next(name for at, name in enumerate(names) if name in names[:at])
    return twice


def head_of(stream: BinaryIO, label: str, score: Score) -> tuple[list[str], list[list[str]], Pages]:
    """The keys of the first records in order of appearance, some of these records as rows, and what the pages say.

    Raises:
        FilingError: it is not JSON, or not a list of objects.
        NoContributionsError: it holds no records.
    """
    pages = Pages()
    every = records(stream, label, score, pages)
    first = list(islice(every, _HEAD_RECORDS))
    if pages.is_part():  # further pages may complete it
        for _ in every:
            pass
    if not first:
        part = pages.note()
        raise NoContributionsError(
            f"this is JSON without records: {part or 'an empty page of an API, or a search that found nothing'}",
            source=label,
            hint="check the page number, the filters and the dates of the request, or export the contributions as CSV",
        )
    header = list(dict.fromkeys(key for record in first for key in record))
    return header, [as_row(record, header) for record in first[:HEAD_LINES]], pages


def as_row(record: dict[str, Any], header: Sequence[str]) -> list[str]:
    """The cells of a record."""
    return [_cell(record.get(key)) for key in header]


def as_lines(stream: BinaryIO, label: str, header: Sequence[str], is_read: IsRead, score: Score) -> Iterator[bytes]:
    """The records as lines of CSV without a header. A record that shares no key with the header is a line of one cell.

    Args:
        stream: the file.
        label: for messages.
        header: the keys of the first records.
        is_read: whether a further key would be read as a part of a contribution.
        score: as in ``ReadOptions.header_score``.

    Raises:
        FilingError: as for ``records``, or a record has such a key, whose values would be lost.
    """
    known, plain, done = set(header), PlainObjects(header), 0
    lines = LinePieces(stream)
    for piece in lines:
        if (made := plain.as_lines(piece)) is not None:
            yield made
            done += made.count(b"\n")
            continue
        if not done and not _is_flat(first_object(piece)):  # pages are understood together
            yield from _with_care(lines.rest(piece), label, header, is_read, score, known, done)
            return
        try:
            rows = list(_with_care(BytesIO(piece), label, header, is_read, score, known, done))
        except FilingError:  # it may be part of something larger, like a list
            yield from _with_care(lines.rest(piece), label, header, is_read, score, known, done)
            return
        yield b"".join(rows)
        done += len(rows)


def _is_flat(record: dict[str, Any]) -> bool:
    """Whether an object is a record, which nothing is around."""
    return bool(record) and not any(isinstance(each, (list, dict)) for each in record.values())


def _with_care(
    stream: BinaryIO,
    label: str,
    header: Sequence[str],
    is_read: IsRead,
    score: Score,
    known: set[str],
    done: int,
) -> Iterator[bytes]:
    """The records as lines, one by one, after ``done`` others. Keys that are not read are added to ``known``."""
    for number, record in enumerate(records(stream, label, score, done=done), done + 1):
        cells = as_row(record, header)
        for key in () if record.keys() <= known else [key for key in record if key not in known]:
            if record[key] not in (None, ""):
                if is_read(key):
                    raise FilingError(
                        f"record {number:,} has the key {key!r}, which none of the first {_HEAD_RECORDS:,} has",
                        source=label,
                        row=number,
                        hint="export the contributions as CSV, or put a record with all keys first",
                    )
                known.add(key)
        if isinstance(record, Twice):
            cells = [f"the key {record.key!r} is there twice: {_cell(dict(record))}"]
        elif not any(cells) and any(record.values()):
            cells = [_cell(record)]  # it has no key of a contribution, so the reader rejects it with its text
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(cells)
        yield out.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return " ".join(value.splitlines())
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:  # the stack was less deep when it was read; no name or amount is nested so deeply
        return "(nested too deeply)"


def records(
    stream: BinaryIO, label: str, score: Score, pages: Pages | None = None, done: int = 0
) -> Iterator[dict[str, Any]]:
    """The records of the file, one after the other, with one top-level object in memory at a time.

    Args:
        stream: the file.
        label: for messages.
        score: as in ``ReadOptions.header_score``.
        pages: records what each page says about the others.
        done: how many records of the file came before.

    Raises:
        FilingError: the file is not JSON, is cut off, or is not a list of records.
    """
    wrapper = Wrapper()
    for number, (each, listed) in enumerate(_values(stream, label, done), done + 1):
        _check_record(each, label, number)
        rows = wrapper.rows(each) if wrapper.path else None
        if rows is None or (rows and wrapper.columns):  # each page names the columns of its lists
            found = wrapper_of(each, score, label, listed=listed if number == 1 else not wrapper.path)
            if number > 1 and found.path != wrapper.path:
                raise FilingError(
                    "some values of this JSON are records and some are pages that hold a list of records",
                    source=label,
                    row=number,
                    hint="put the pages and the records into separate files",
                )
            wrapper = found
        if wrapper.path and isinstance(each, Twice):
            raise FilingError(f"a page has the key {each.key!r} twice", source=label, row=number)
        if pages is not None and wrapper.path:
            pages.add(wrapper.levels(each), len(wrapper.rows(each) or ()) - wrapper.header_first)
            pages.unread.update(dict.fromkeys(wrapper.unread))
        for record in wrapper.records(each):
            _check_record(record, label, number)
            yield record


def _check_record(record: Any, label: str, number: int) -> None:
    if not isinstance(record, dict):
        raise OtherTableError(
            "this is JSON, but not a list of records", source=label, row=number, hint="export it as CSV"
        )


def _values(stream: BinaryIO, label: str, found: int) -> Iterator[tuple[Any, bool]]:
    """The values of the file, and whether each is in a list. Several lists may follow each other.

    Args:
        stream: the file, or the rest of it.
        label: for messages.
        found: how many values came before.
    """
    decoder = json.JSONDecoder(parse_int=_number, object_pairs_hook=_object)
    text, ended, at, listed = _Text(stream), False, 0, False
    buffer = text.more()
    if not found:
        buffer = buffer.removeprefix("\ufeff")
    while True:
        at = cast("re.Match[str]", _BETWEEN.match(buffer, at)).end()
        if buffer.startswith("]" if listed else "[", at):
            listed, at = not listed, at + 1
            continue
        try:
            value, at = decoder.raw_decode(buffer, at)
        except json.JSONDecodeError as error:
            if not ended and len(buffer) - at <= _MAX_RECORD:
                more = text.at_least(len(buffer) - at)  # double the size, so that a long record is not tried too often
                ended, buffer, at = not more, buffer[at:] + more, 0
                continue
            if at < len(buffer):
                long = "" if ended else f", or a record of more than {_MAX_RECORD >> 20} MB"
                # Text in brackets, as in a configuration, is not JSON at all; a file called .json is damaged.
                raise (FilingError if found else NotATableError)(
                    f"this is not valid JSON after record {found}: {error.msg}{long}", source=label, row=found + 1,
                    hint="did the download finish?",
                ) from error  # fmt: skip
            if listed:
                raise FilingError(
                    f"this JSON is cut off after record {found}: its list is not closed", source=label, row=found,
                    hint="download it again",
                ) from error  # fmt: skip
            return
        except RecursionError as error:
            raise FilingError(
                f"record {found + 1} is nested too deeply", source=label, row=found + 1, hint="export it as CSV"
            ) from error
        found += 1
        yield value, listed


def _number(digits: str) -> int | str:
    """A whole number. One that is longer than any amount or id stays text: Python refuses to read very long ones."""
    return int(digits) if len(digits) < _LONG_NUMBER else digits


class _Text:
    """The text of a stream, piece by piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")(CP1252_BYTES)

    def at_least(self, size: int) -> str:
        """At least so many characters; fewer only at the end."""
        pieces, got = [self.more()], 0
        while pieces[-1] and (got := got + len(pieces[-1])) < size:
            pieces.append(self.more())
        return "".join(pieces)

    def more(self) -> str:
        """The next piece, empty at the end."""
        while piece := self._stream.read(_PIECE):
            if text := self._decoder.decode(piece):
                return text
        return self._decoder.decode(b"", final=True)
