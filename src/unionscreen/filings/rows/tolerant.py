"""The line parser, for chunks that the fast parser cannot read reliably.

It rejoins the lines of a field with line breaks. After a quote that is never closed it continues at the next line, so
that one bad row costs one row. Every line becomes part of a record or of a reject.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from unionscreen.filings.files.heads import one_record
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.rows.amounts import parse_amount

# The most lines of one field with line breaks. Pasted remarks of a dozen lines exist. An unclosed quote never gets this
# far, because the next good row ends it.
MAX_JOINED_LINES: Final = 40
# Characters of a rejected line to keep: enough to recognize it, too few to fill the memory with a broken file.
MAX_REJECT_TEXT: Final = 500

# Lines of one row that line breaks without quotes cut into pieces: a pasted address has three or four.
_MAX_PIECES: Final = 5
# The name under which a block counts such rows.
REJOINED: Final = "rejoined"
# Consecutive records that prove that the first line begins a record: one may look whole by accident, three do not.
PROOF_RECORDS: Final = 3

UNCLOSED: Final = "a quote is opened and not closed"
# The reason for money that went the other way: the filer received nothing, and is not a recipient because of it.
PAID_OUT: Final = "money that the filer paid out, not a contribution to it"
# The reason for a row that the format marks (``promised``): no money was given, and it must not look like a gift of $0.
PROMISED: Final = "an unpaid pledge: no money was given yet"
_END: Final = "\x00"  # NULs were replaced before, so no line equals this


@dataclass
class Records:
    """The records and rejects of some lines."""

    lines: list[int] = field(default_factory=list)
    """The line on which each record starts, from the start of the text."""
    ends: list[int] = field(default_factory=list)
    """The line after each record."""
    fields: list[list[str]] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, reason, text."""
    rejoined: list[int] = field(default_factory=list)
    """The first lines of records that line breaks without quotes cut into pieces."""
    text: list[str] = field(default_factory=list)
    """The lines."""
    numbers: list[int] | None = None
    """The line of the text of each, if some lines hold several rows that carriage returns separate."""

    def text_of(self, record: int) -> str:
        """The lines of a record as one."""
        return " ".join(self.text[self.lines[record] : self.ends[record]])

    def number(self, line: int) -> int:
        """The number of a line in the text."""
        return line if self.numbers is None else self.numbers[line]

    def reject(self, line: int, reason: str, text: str) -> None:
        """Add a reject for a line that is not a contribution."""
        self.rejects.append((line, reason, text[:MAX_REJECT_TEXT]))


def parse_line(line: str, layout: Layout) -> list[str] | None:
    """The fields of one physical line, None when a quote stays open at its end."""
    if not layout.quoting or '"' not in line:
        return line.split(layout.delimiter)
    try:
        rows = list(csv.reader((line, _END), delimiter=layout.delimiter))
    except csv.Error:  # a field longer than csv accepts: a quote stayed open
        return None
    return rows[0] if len(rows) == 2 and rows[1] == [_END] else None


def _has_amount(fields: Sequence[str], layout: Layout) -> bool:
    """Whether some column of amounts is filled, and each filled one holds an amount."""
    filled = [cell for at in layout.amounts_at if (cell := layout.cell(fields, at).strip())]
    return bool(filled) and all(parse_amount(cell, layout.decimal_mark) is not None for cell in filled)


def starts_records(lines: Sequence[str], layout: Layout) -> bool:
    """Whether the first of these lines certainly begins a record: a few whole records follow, each with an amount.

    Inside a field with line breaks, the first record would have an odd number of quotes or the wrong width.
    """
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=layout.delimiter, strict=True)
    proven, last = 0, 0
    try:
        for fields in reader:
            quotes = sum(line.count('"') for line in lines[last : reader.line_num])
            last = reader.line_num
            if not fields:
                continue
            fitted = fit(fields, layout)
            if quotes % 2 or isinstance(fitted, str) or not _has_amount(fitted, layout):
                return False
            proven += 1
            if proven == PROOF_RECORDS:
                return True
    except csv.Error:
        return False
    return False


def _is_row(line: str, layout: Layout) -> bool:
    """Whether a line is a row by itself, which an open quote must not swallow: it fits and has an amount."""
    if line.count('"') % 2:
        return False
    fields = parse_line(line, layout)
    fitted = "" if fields is None else fit(fields, layout)
    return not isinstance(fitted, str) and _has_amount(fitted, layout)


def _is_well_formed(lines: Sequence[str], layout: Layout) -> bool:
    """Whether a delimiter follows each closing quote. Otherwise it was the opening quote of the next row's name."""
    try:
        return len(list(csv.reader([f"{line}\n" for line in lines], delimiter=layout.delimiter, strict=True))) == 1
    except csv.Error:
        return False


def fit(fields: list[str], layout: Layout) -> list[str] | str:
    """The fields adjusted to the width of the layout if that is harmless, else the reason why not.

    Extra fields must be empty; missing ones must not be the contributor, the amount or the recipient.
    """
    width = layout.fields
    if len(fields) == width:
        return fields
    if len(fields) > width and not any(extra.strip() for extra in fields[width:]):
        return fields[:width]
    if 1 < len(fields) < width and all(at < len(fields) for at in layout.required):
        return [*fields, *[""] * (width - len(fields))]
    return f"{len(fields)} field{'s' * (len(fields) != 1)} where {width} were expected"


def parse_lines(text: str, layout: Layout) -> Records:
    """Every line of a chunk as part of a record or reject; blank lines and repeated headers are neither.

    Args:
        text: whole lines.
        layout: how they are laid out.
    """
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    bare = text.count("\r") != text.count("\r\n")
    if layout.quoting and bare and (records := _by_quotes(text, layout)) is not None:
        return records
    lines, numbers = _whole_lines(lines, layout)
    if layout.quoting and (records := _strictly(lines, layout)) is not None:
        records.numbers = numbers
        return records
    out = Records(text=lines, numbers=numbers)
    at = 0
    while at < len(lines):
        line, span = lines[at], 1
        fields = parse_line(line, layout)
        if fields is None:
            fields, span = _rejoin(lines, at, layout)
        elif joined := rejoin_pieces(lines, at, layout):
            fields, span = joined
            out.rejoined.append(at)
        if fields is None:
            out.reject(at, UNCLOSED, line)
        else:
            _place(out, at, at + span, fields, layout)
        at += span
    return out


def _by_quotes(text: str, layout: Layout) -> Records | None:
    """All lines as records if each carriage return outside quotes ends one; None if that would break a row."""
    parts = text.replace("\r\n", "\n").split('"')
    parts[::2] = [part.replace("\r", _END) for part in parts[::2]]
    lines = '"'.join(parts).replace("\r", " ").removesuffix("\n").split("\n")
    pieces = [(number, piece) for number, line in enumerate(lines) for piece in line.split(_END)]
    records = _strictly([piece for _, piece in pieces], layout)
    if records is None or records.rejects:
        return None
    records.numbers = [number for number, _ in pieces]
    parted = {number for (number, _), (after, _) in itertools.pairwise(pieces) if number == after}
    # "5<CR>00" is not an amount of 5: the parts must be rows, by an amount or by all their fields.
    for at, end, fields in zip(records.lines, records.ends, records.fields, strict=True):
        if records.numbers[at] in parted and not _has_amount(fields, layout):
            whole = one_record(records.text[at:end], layout.delimiter)
            if whole is None or len(whole) != layout.fields:
                return None
    return records


def _whole_lines(lines: Sequence[str], layout: Layout) -> tuple[list[str], list[int] | None]:
    """The lines without carriage returns, and the number of each if some held several rows."""
    out: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(lines):
        pieces = _parted(line.rstrip("\r"), layout) if "\r" in line else (line,)
        out += pieces
        numbers += [number] * len(pieces)
    return out, None if len(out) == len(lines) else numbers


def _parted(line: str, layout: Layout) -> Sequence[str]:
    """The rows of a line that lone carriage returns separate, as programs for old Macs end lines; else the line itself.

    A stray carriage return in a cell or between quotes is a blank. It ends a row only if a row is before or after it
    and the whole line has another width.
    """
    whole = line.replace("\r", " ")
    fields = parse_line(whole, layout)
    fits = fields is not None and not isinstance(fit(fields, layout), str)
    places = [at for at, letter in enumerate(line) if letter == "\r"]
    if not places:
        return (line,)
    quotes = _quotes_before(line, places) if layout.quoting else [0] * len(places)
    for odd in (0, 1) if layout.quoting and line.count('"') % 2 else (0,):  # 1: the line begins between quotes
        cuts = [at for at, count in zip(places, quotes, strict=True) if count % 2 == odd]
        starts = [0, *(at + 1 for at in cuts)]
        pieces = [line[a:b].replace("\r", " ") for a, b in zip(starts, [*cuts, len(line)], strict=True)]
        pieces = [piece for piece in pieces if piece.strip()]
        rows = sum(_is_row(piece, layout) for piece in pieces)
        if len(pieces) > 1 and rows and (rows == len(pieces) or not fits):
            return pieces
    return (whole,)


def _quotes_before(line: str, places: Sequence[int]) -> list[int]:
    """The number of quotes before each of these positions."""
    found, count, last = [], 0, 0
    for at in places:
        count += line.count('"', last, at)
        found.append(count)
        last = at
    return found


def _strictly(lines: list[str], layout: Layout) -> Records | None:
    """All lines as records by one strict csv reader; None if a quote is misplaced or may have swallowed a row.

    Six times as fast as rejoining line by line, for files in which many fields have line breaks.
    """
    out = Records(text=lines)
    least = max(layout.required)  # the least number of delimiters in a row
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=layout.delimiter, strict=True)
    start = 0
    try:
        for fields in reader:
            end = reader.line_num
            if end - start > 1:
                inner = lines[start + 1 : end]
                if end - start > MAX_JOINED_LINES or any(
                    line.count(layout.delimiter) >= least and _is_row(line, layout) for line in inner
                ):
                    return None
                fields = fields if layout.line_breaks else [_one_line(cell) for cell in fields]
            elif rejoin_pieces(lines, start, layout, fields):
                return None
            _place(out, start, end, fields, layout)
            start = end
    except csv.Error:
        return None
    return out


def _one_line(cell: str) -> str:
    """A cell with blanks instead of line breaks, which are layout, not content, in a name."""
    return cell.replace("\n", " ") if "\n" in cell else cell


def _place(out: Records, start: int, end: int, fields: list[str], layout: Layout) -> None:
    """Add the record of these lines, or reject it. A blank line is neither.

    A repeated header is recognized here only if it does not fit. Otherwise its amount fails to parse, which identifies
    it later.
    """
    fitted = fit(fields, layout)
    if not isinstance(fitted, str):
        out.lines.append(start)
        out.ends.append(end)
        out.fields.append(fitted)
    elif not any(cell.strip() for cell in fields):
        return
    elif not layout.is_header(fields):
        out.reject(start, fitted, " ".join(out.text[start:end]))


def _rejoin(lines: Sequence[str], at: int, layout: Layout) -> tuple[list[str] | None, int]:
    """The record that begins on a line with an open quote, and its number of lines; None and 1 if it stays open."""
    for span in range(2, MAX_JOINED_LINES + 1):
        last = at + span - 1
        if last >= len(lines) or _is_row(lines[last], layout):
            break
        if '"' not in lines[last]:
            continue
        fields = one_record(lines[at : last + 1], layout.delimiter)
        if fields is not None:
            if isinstance(fit(fields, layout), str) or not _is_well_formed(lines[at : last + 1], layout):
                break
            return fields if layout.line_breaks else [_one_line(cell) for cell in fields], span
    return None, 1


def rejoin_pieces(
    lines: Sequence[str], at: int, layout: Layout, first: list[str] | None = None
) -> tuple[list[str], int] | None:
    """The row that begins on a line and continues after line breaks without quotes, and its number of lines.

    Its pieces are narrower than the layout and add up to exactly its width, it then has an amount, and no later piece
    is a row by itself.

    Args:
        lines: the lines of a chunk.
        at: the line that may be the first piece.
        layout: how they are laid out.
        first: its fields, if known.
    """
    fields = parse_line(lines[at], layout) if first is None else first
    if not fields or len(fields) >= layout.fields:
        return None
    for end in range(at + 1, min(at + _MAX_PIECES, len(lines))):
        piece = parse_line(lines[end], layout)
        if piece is None or len(piece) >= layout.fields or _is_row(lines[end], layout):
            return None
        in_amount = len(fields) - 1 in layout.amounts_at  # a blank would make it two numbers
        between = "" if in_amount else "\n" if layout.line_breaks else " "
        fields = [*fields[:-1], between.join(filter(None, (fields[-1], *piece[:1]))), *piece[1:]]
        if len(fields) >= layout.fields:
            return (fields, end + 1 - at) if len(fields) == layout.fields and _has_amount(fields, layout) else None
    return None


def may_be_pieces(widths: Sequence[tuple[int, int]], layout: Layout) -> bool:
    """Whether consecutive lines of the wrong width add up to the width of a row.

    Args:
        widths: the number and the field count of each such line, in order.
        layout: how the lines are laid out.
    """
    for start in range(len(widths)):
        together, last = widths[start][1], widths[start][0]
        for number, width in widths[start + 1 : start + _MAX_PIECES]:
            together += width - 1
            if number != last + 1 or together > layout.fields or width >= layout.fields:
                break
            if together == layout.fields:
                return True
            last = number
    return False
