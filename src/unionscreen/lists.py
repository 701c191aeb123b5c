"""Small tables that people write by hand or in a spreadsheet: their own unions, a roster, pledges, labeled names.

All are read by one reader, because "CSV" from a spreadsheet differs between machines.
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.files import adding, read_text, shown, unread_hint

# Delimiters of spreadsheets: a comma, a semicolon where the comma is the decimal mark, a tab in "text" files.
LIST_DELIMITERS: Final = ",;\t"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# How people write a day, a month and a year.
_DATES: Final = {"%Y-%m-%d": "day", "%m/%d/%Y": "day", "%m/%d/%y": "day", "%Y-%m": "month", "%Y": "year"}
_QUOTES: Final = "put a cell with a comma, a line break or a quote in quotes, and double its own quotes"


class ListRow(NamedTuple):
    """One row: the line it begins on, 1-based, and its cells by column; a cell is one line without outer spaces."""

    line: int
    cells: dict[str, str]


_Value = TypeVar("_Value")


class Cells(NamedTuple):
    """The cells of one row, to be read with errors that name the file, the line and the cell."""

    cells: Mapping[str, str]
    source: str
    line: int

    def read(self, name: str, parse: Callable[[str], _Value | None], empty: _Value, what: str, hint: str) -> _Value:
        """The value of a cell.

        Args:
            name: the column; a missing one is an empty cell.
            parse: text to value, None where it is not one.
            empty: the value of an empty cell.
            what: what the cell should be, for the error.
            hint: how to write it.

        Raises:
            UsageError: it is something else.
        """
        cell = self.cells.get(name, "")
        if not cell:
            return empty
        found = parse(cell)
        if found is None:
            raise UsageError(f"{cell!r} is not {what}", source=self.source, row=self.line, cell=cell, hint=hint)
        return found


class PersonsList(NamedTuple):
    """A list as a person wrote it, without blank rows."""

    header: tuple[str, ...]
    rows: list[ListRow]


def read_list(
    path: Path, *, error: type[UnionScreenError] = UsageError, column: Callable[[str], str] = str.casefold
) -> PersonsList:
    """Read a CSV with a header line.

    Args:
        path: UTF-8, UTF-16 with its byte order mark, or the Windows code page.
        error: what to raise.
        column: the column of a header; of two headers for one column, the first cell that is not empty counts.

    Raises:
        UnionScreenError: ``error``: it cannot be opened, is not a CSV, or a row has more cells than the header.
    """
    return parse_list(list_text(path, error), shown(path), error=error, column=column)


def list_text(path: Path, error: type[UnionScreenError] = UsageError) -> str:
    """The text of a list in any of these encodings.

    Raises:
        UnionScreenError: ``error``: it cannot be opened, or is not text.
    """
    source = shown(path)
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise error("is a folder, not a list", source=source, hint="name a CSV file") from None
    except OSError as failure:
        raise error(f"cannot be opened: {failure.strerror}", source=source, hint=unread_hint(path, failure)) from None
    utf_16 = raw.startswith(_UTF_16)
    if b"\0" in raw and not utf_16:
        raise error("is not a text file", source=source, hint='in a spreadsheet, save it as "CSV UTF-8"')
    try:
        return raw.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as failure:
        if utf_16:
            raise error(f"is cut off or damaged at byte {failure.start}", source=source) from None
        return raw.decode("cp1252", errors="replace")


def parse_list(
    text: str,
    source: str,
    *,
    error: type[UnionScreenError] = UsageError,
    column: Callable[[str], str] = str.casefold,
) -> PersonsList:
    """The same for a text that was read already.

    Raises:
        UnionScreenError: ``error``: it is not a CSV, or a row has more cells than the header.
    """
    # Strict: an unclosed quote would put all rows below it into one cell, and nobody would notice.
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter_of(text), strict=True)
    rows: list[ListRow] = []
    header: tuple[str, ...] | None = None
    line = 1
    try:
        for cells in reader:
            values = [" ".join(cell.split()) for cell in cells]
            if any(values) and header is None:
                header = tuple(column(value) for value in values)
            elif any(values) and header is not None:
                rows.append(ListRow(line, _by_column(header, values, source, line, error)))
            line = reader.line_num + 1
    except csv.Error as failure:
        raise error(f"not a CSV from here on: {failure}", source=source, row=line, hint=_QUOTES) from None
    return PersonsList(header or (), rows)


def delimiter_of(text: str) -> str:
    """The delimiter of a list: of :data:`LIST_DELIMITERS`, the most frequent one in its first line."""
    return max(LIST_DELIMITERS, key=text.split("\n", 1)[0].count)


def _by_column(
    header: tuple[str, ...], values: list[str], source: str, line: int, error: type[UnionScreenError]
) -> dict[str, str]:
    beyond = [value for value in values[len(header) :] if value]
    if beyond:
        raise error(
            f"{len(values)} cells under {len(header)} headings", source=source, row=line, cell=beyond[0], hint=_QUOTES
        )  # fmt: skip
    cells = dict.fromkeys(header, "")
    for name, value in zip(header, values, strict=False):
        cells[name] = cells[name] or value
    return cells


def append_list(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    *,
    needed: Sequence[str],
    error: type[UnionScreenError] = UsageError,
) -> None:
    """Append rows to a list under its own columns; its content stays unchanged.

    Args:
        path: created with ``columns`` when it is missing or empty.
        columns: of a new list.
        rows: cells by column; cells of other columns are dropped.
        needed: columns without which nothing is written.
        error: what to raise.

    Raises:
        UnionScreenError: ``error``: a needed column is missing, or the file cannot be read or written.
    """
    with adding(path, error) as end:
        text = read_text(path, error, missing_ok=True)  # the added rows are UTF-8, and a file has one encoding
        header = parse_list(text, shown(path), error=error).header
        if header and (missing := [name for name in needed if name not in header]):
            raise error(
                f"it has no column for {', '.join(missing)}", source=shown(path), row=1,
                hint="make the first line read: " + ",".join(columns),
            )  # fmt: skip
        out = io.StringIO()
        delimiter = delimiter_of(text) if header else ","
        writer = csv.DictWriter(
            out, header or columns, restval="", extrasaction="ignore", lineterminator="\n", delimiter=delimiter
        )
        if not header:
            writer.writeheader()
        writer.writerows(rows)
        end.add(out.getvalue())


def day_span(text: str) -> tuple[date, date] | None:
    """The first and last day that a cell means: a day, a month, a year, or two days with a slash between them.

    Args:
        text: "2020-06-09", "6/9/2020", "2020-06", "2020" or "2020-08-24/2020-08-31".

    Returns:
        None where it is none of these.

    >>> day_span("2020-02")
    (datetime.date(2020, 2, 1), datetime.date(2020, 2, 29))
    """
    for form, precise in _DATES.items():
        try:
            first = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return first, {"day": first, "month": _month_end(first), "year": date(first.year, 12, 31)}[precise]
    ends = [day_span(part.strip()) for part in text.split("/")] if text.count("/") == 1 else []
    days = [day for end in ends if end for day in end]
    return (days[0], days[3]) if len(days) == 4 and days[0] <= days[3] else None


def days_text(first: date, last: date) -> str:
    """An interval of days as people write it; the reverse of :func:`day_span`.

    >>> days_text(date(2020, 8, 1), date(2020, 8, 31)), days_text(date(2018, 1, 1), date(2018, 12, 31))
    ('2020-08', '2018')
    """
    if first == last:
        return first.isoformat()
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return f"{first.year}"
    if first.day == 1 and last == _month_end(first):
        return f"{first:%Y-%m}"
    return f"{first}/{last}"


def one_day(text: str) -> date | None:
    """The day that a cell means, written in any way of :func:`day_span`; None where it is not one day.

    >>> one_day("6/9/2020"), one_day("2020-06")
    (datetime.date(2020, 6, 9), None)
    """
    span = day_span(text)
    return span[0] if span and span[0] == span[1] else None


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
