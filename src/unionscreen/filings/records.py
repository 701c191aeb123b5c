"""JSON as an API gives it (an array of objects, one object a line, or an array inside an object) as a table.

A record is a row; its number in the file is the row's number. What is nested in a record is written as JSON.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, Final, cast

from unionscreen.errors import FilingError

_PIECE: Final = 1 << 20
# Records whose keys make the header; APIs leave empty keys out, so one is not enough.
_HEAD_RECORDS: Final = 200
_BETWEEN: Final = re.compile(r"[\s,\[\]]*")
_BETWEEN_LINES: Final = re.compile(r"[\s,]*")
# A record longer than this, or an object that holds the records, would have to be held in memory whole.
_MAX_RECORD: Final = 256 << 20


def head_of(stream: BinaryIO, label: str) -> tuple[list[str], list[list[str]]]:
    """The keys of the first records in the order they are met, and these records as rows.

    Raises:
        FilingError: it is no JSON, or no list of objects.
    """
    first = list(islice(records(stream, label), _HEAD_RECORDS))
    if not first:
        raise FilingError("this is JSON without records", source=label, hint="export the contributions as CSV")
    header = list(dict.fromkeys(key for record in first for key in record))
    return header, [as_row(record, header) for record in first]


def as_row(record: dict[str, Any], header: Sequence[str]) -> list[str]:
    """The cells of a record."""
    return [_cell(record.get(key)) for key in header]


def lines(stream: BinaryIO, label: str, header: Sequence[str]) -> Iterator[bytes]:
    """The records as lines of CSV, without a header."""
    for record in records(stream, label):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(as_row(record, header))
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
    return json.dumps(value, ensure_ascii=False)


def records(stream: BinaryIO, label: str) -> Iterator[dict[str, Any]]:
    """The objects of the file, one after the other, without holding more than one.

    Raises:
        FilingError: what is there is no JSON, or no list of objects.
    """
    decoder = json.JSONDecoder()
    text, ended, found, at = _Text(stream), False, 0, 0
    buffer = text.more().removeprefix("\ufeff").lstrip()
    between = _BETWEEN if buffer.startswith("[") else _BETWEEN_LINES
    while True:
        at = cast("re.Match[str]", between.match(buffer, at)).end()
        try:
            record, at = decoder.raw_decode(buffer, at)
        except json.JSONDecodeError as error:
            if ended and at == len(buffer):
                return
            if ended or len(buffer) - at > _MAX_RECORD:
                raise FilingError(
                    f"this is no valid JSON after record {found}: {error.msg}", source=label, row=found + 1,
                    hint="did the download finish?",
                ) from error  # fmt: skip
            more = text.at_least(len(buffer) - at)  # twice as much, so that a long record is not tried too often
            ended, buffer, at = not more, buffer[at:] + more, 0
            continue
        inner = _wrapped(record) if not found else None
        for each in [record] if inner is None else inner:
            if not isinstance(each, dict):
                raise FilingError("this is JSON, but no list of records", source=label, hint="export it as CSV")
            found += 1
            yield each


def _wrapped(record: Any) -> list[Any] | None:
    """The records that stand in a list inside one object, as ``{"results": […], "totalMatchingCount": 2}``."""
    if not isinstance(record, dict):
        return None
    lists = [value for value in record.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return lists[0] if len(lists) == 1 else None


class _Text:
    """The text of a stream, piece by piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def at_least(self, size: int) -> str:
        """So many characters, fewer only at the end."""
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
