"""Read the rows of a section's pages, and note what could not be made into a row.

Every amount in the column of amounts must belong to a row with a date. An amount that is left over is a problem, and
the filing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from unionscreen.filings.pdf.forms import PdfSection
from unionscreen.filings.pdf.page import PdfLine, PdfPage, PdfWord, squeezed
from unionscreen.filings.pdf.values import cents, day, figures, looks_like_day, name_of, place_of

# A ruled line this close to the expected start of a column, in points, is the start.
_SNAP: Final = 14.0
# A vertical line of a table is longer than a check box, and a horizontal one crosses most of the page.
_TALL, _WIDE = 60.0, 0.6
# Columns without which a row cannot be read.
_NEEDED: Final = ("date", "amount")
# Two prints of one page place a header within this share of the width.
_STRAY: Final = 0.02
# Words of one line of a row are at most this far apart in height, in points.
_SAME_LINE: Final = 8.0
# A check box is to the left of its code, within this distance in points.
_BESIDE: Final = 18.0
# Codes of contributors next to check boxes.
_CODES: Final = {"IND", "COM", "OTH", "PTY", "SCC"}
# The city line of an address: a row whose name was lost must not be a gift of "Springfield, CA 90001".
_ADDRESS: Final = re.compile(r".*\b[A-Z]{2}\.? \d{5}(?:-\d{4})?")
# The time at which a computer recorded a row.
_STAMP: Final = re.compile(r"\b\d{1,2}:\d\d\b|\b[A-Z]{3}-\d\d-\d\d\b")
# The least letters of a description: fewer are a ruled line that was read as a letter.
_LETTERS: Final = 3


@dataclass(frozen=True)
class PdfRow:
    """One row of a section as on the page."""

    page: int
    line: int
    section: str
    kind: str
    date: str
    name: str
    cents: int
    type: str = ""
    employer: str = ""
    occupation: str = ""
    city: str = ""
    state: str = ""
    description: str = ""
    cumulative: int | None = None
    """What the donor gave so far, in cents, if the form prints it beside the amount."""
    ocr: bool = False


@dataclass
class PdfPageRows:
    """The rows and problems of one page of a section."""

    page: PdfPage
    rows: list[PdfRow] = field(default_factory=list)
    subtotal: int | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def cents(self) -> int:
        """The sum of the rows."""
        return sum(row.cents for row in self.rows)


@dataclass(frozen=True)
class PdfGrid:
    """The columns of a page."""

    edges: tuple[tuple[str, float, float], ...]
    """The role, the left and the right edge of each."""
    top: float
    """The height below which its rows are."""
    headers: tuple[tuple[str, float], ...]
    """Every word of a header on the page, and where it begins as a share of the width."""

    def span(self, role: str) -> tuple[float, float]:
        """The edges of a column; an empty span if there is no such column."""
        return next(((left, right) for each, left, right in self.edges if each == role), (0.0, 0.0))


def read_pages(section: PdfSection, pages: Sequence[PdfPage], width: float) -> list[PdfPageRows]:
    """The rows of a section, page by page.

    Args:
        section: of a form.
        pages: its pages, in order.
        width: the page width for which the form's offsets are written.
    """
    out: list[PdfPageRows] = []
    grid: PdfGrid | None = None
    for page in pages:
        read = PdfPageRows(page)
        found = find_grid(section, page, page.width / width)
        inherits = grid is not None and section.layout == "table" and not _moved(section, page, grid)
        grid = found or (grid if inherits else None)
        out.append(read)
        if grid is None:
            read.problems.append(f"page {page.number}: the headers of its columns are not where this form has them")
            continue
        _read(section, page, grid, read, page.width / width)
        page.forget()
    return out


def find_grid(section: PdfSection, page: PdfPage, scale: float) -> PdfGrid | None:
    """The columns by their headers and ruled lines; None if a header is missing or elsewhere.

    Args:
        section: of a form.
        page: one of its pages.
        scale: the width of the page, divided by the width for which the form's offsets are written.
    """
    places: dict[tuple[str, tuple[float, float]], PdfWord] = {}
    for column in section.columns:
        key = (column.header, column.near)
        if key in places:
            continue
        fitting = [
            word
            for word in _headed(section, page, column.header)
            if column.near[0] <= word.x0 / page.width <= column.near[1]
        ]
        if not fitting:
            return None
        places[key] = max(fitting, key=lambda word: word.y0)
    # The headers of one table are next to each other; a lower word is not a header.
    heights = [word.y0 for word in places.values()]
    if max(heights) - min(heights) > 40 * scale:
        return None
    tall = [(rule.x0 + rule.x1) / 2 for rule in page.rules if rule.y1 - rule.y0 > _TALL]
    lefts = []
    for column in section.columns:
        left = places[column.header, column.near].x0 + column.left * scale
        near = min(tall, key=lambda x, left=left: abs(x - left), default=None)  # type: ignore[misc]
        lefts.append(near if near is not None and abs(near - left) <= _SNAP else left)
    if lefts != sorted(lefts):
        return None
    edges = tuple(
        (column.role, left, right)
        for column, left, right in zip(section.columns, lefts, [*lefts[1:], page.width + 1], strict=True)
    )
    headers = tuple(
        (header, word.x0 / page.width)
        for header in {column.header for column in section.columns}
        for word in _headed(section, page, header)
    )
    return PdfGrid(edges, max(heights) if section.layout == "boxes" else min(heights), headers)


def _headed(section: PdfSection, page: PdfPage, header: str) -> list[PdfWord]:
    """The words on a page that may be a header."""
    return [
        word
        for word in page.words
        if word.y0 / page.height <= section.top
        and (text := squeezed(word.text)).startswith(header)
        and len(text) <= len(header) + 1
    ]


def _moved(section: PdfSection, page: PdfPage, grid: PdfGrid) -> bool:
    """Whether a page without the columns of this form has some of its headers, so that those of ``grid`` do not apply.

    OCR may lose a header, but it does not move one. In other text, a date without an amount has lost its header.
    """
    there = set()
    for column in section.columns:
        for word in _headed(section, page, column.header):
            at = word.x0 / page.width
            if not any(column.header == header and abs(at - x) < _STRAY for header, x in grid.headers):
                return True
            if column.role in _NEEDED and column.near[0] <= at <= column.near[1]:
                there.add(column.role)
    return len(there) == 1 and not page.read_by_machine


def _in(words: Sequence[PdfWord], span: tuple[float, float]) -> list[PdfWord]:
    return [word for word in words if span[0] <= word.middle < span[1]]


def _read(section: PdfSection, page: PdfPage, grid: PdfGrid, read: PdfPageRows, scale: float) -> None:
    bottom = _bottom(section, page, grid, read)
    top = section.top * page.height if section.layout == "boxes" else grid.top - 1
    body = [word for word in page.words if bottom < word.y0 < top]
    days = sorted((word for word in _in(body, grid.span("date")) if looks_like_day(word.text)), key=lambda w: -w.y0)
    if section.layout == "table":
        cells = _by_rules(page, days, top, bottom) or _around(days, section, top, bottom, scale)
    else:
        cells = _around(days, section, top, bottom, scale)
    taken: set[PdfWord] = set()
    for cell_top, cell_bottom in cells:
        words = [word for word in body if cell_bottom < word.y0 <= cell_top]
        taken.update(words)
        _rows_of_cell(section, page, grid, read, words, scale)
    left = [word for word in _in(body, grid.span("amount")) if word not in taken and figures(word.text)]
    for word in left:
        read.problems.append(
            f'page {page.number}, line {page.line_of(word)}: "{word.text}" does not belong to a row with a date'
        )


def _bottom(section: PdfSection, page: PdfPage, grid: PdfGrid, read: PdfPageRows) -> float:
    """The height below which there are no rows; also reads the subtotal of the page."""
    bottom = 0.0
    limit = grid.top if section.layout == "table" else section.top * page.height
    for stop in section.stops:
        for line in page.lines:
            if line.y < limit - 1 and stop in squeezed(line.text) and line.y + 4 > bottom:
                bottom = line.y + 4
                if stop == section.subtotal:
                    read.subtotal = _beside(line, page, stop)
    return bottom


def _beside(line: PdfLine, page: PdfPage, label: str) -> int | None:
    """The amount to the right of a label, on its line or slightly above or below."""
    words = [word for word in line.words if squeezed(word.text) == label]
    if not words:
        return None
    amounts = [
        value
        for word in page.words
        if word.x0 > words[-1].x1 and abs(word.y0 - words[-1].y0) < 8
        if (value := cents(word.text, exact=True)) is not None
    ]
    return amounts[0] if len(amounts) == 1 else None


def _by_rules(page: PdfPage, days: Sequence[PdfWord], top: float, bottom: float) -> list[tuple[float, float]]:
    """The bands between horizontal lines with a date or an amount; none if the page is not ruled."""
    heights = sorted(
        {(rule.y0 + rule.y1) / 2 for rule in page.rules if rule.x1 - rule.x0 > _WIDE * page.width}, reverse=True
    )
    inside = [height for height in heights if bottom - 20 < height < top]
    if len(inside) < 2 or not days:
        return []
    edges = [top, *inside, bottom]
    bands = [(upper, lower) for upper, lower in pairwise(edges) if upper - lower > 4]
    return [band for band in bands if any(band[1] < word.y0 <= band[0] for word in days)]


def _around(
    days: Sequence[PdfWord], section: PdfSection, top: float, bottom: float, scale: float
) -> list[tuple[float, float]]:
    """One band for each date, or for several dates close together."""
    starts: list[float] = []
    last = None
    for word in days:
        if last is None or last - word.y0 >= section.pitch * scale:
            starts.append(min(top, word.y0 + section.above * scale))
        last = word.y0
    return list(zip(starts, [*starts[1:], bottom], strict=False))  # the last ends with the table


def _rows_of_cell(
    section: PdfSection,
    page: PdfPage,
    grid: PdfGrid,
    read: PdfPageRows,
    words: Sequence[PdfWord],
    scale: float,
) -> None:
    days = sorted((word for word in _in(words, grid.span("date")) if looks_like_day(word.text)), key=lambda w: -w.y0)
    figured = sorted((word for word in _in(words, grid.span("amount")) if figures(word.text)), key=lambda w: -w.y0)
    amounts = [(word, cents(_with_sign(word, words))) for word in figured]
    where = f"page {page.number}, line {page.line_of(days[0])}"
    for word, value in amounts:
        if value is None:
            read.problems.append(f'page {page.number}, line {page.line_of(word)}: "{word.text}" is not an amount')
            return
    if len(days) != len(amounts):
        said = f"{len(days)} dates and {len(amounts)} amounts in one row"
        read.problems.append(f"{where}: {said if amounts else 'no amount next to the date ' + days[0].text}")
        return
    texts = _texts(section, page, grid, words, days[0], scale)
    if said := _astray(grid, words, texts["name"]):
        read.problems.append(f"{where}: {said}")
        return
    if not texts["name"] or _ADDRESS.fullmatch(texts["name"]):
        read.problems.append(f"{where}: no name next to the amount {figured[0].text}")
        return
    used: set[int] = {row.line for row in read.rows}
    for dated, (_, value) in zip(days, amounts, strict=True):
        line = page.line_of(dated)
        while line in used:  # the line identifies a row of a page
            line += 1
        used.add(line)
        found = day(dated.text)
        kind = "in-kind" if section.layout == "boxes" and texts["description"] else section.kind
        read.rows.append(
            PdfRow(
                page.number,
                line,
                section.id,
                kind,
                found.isoformat() if found else dated.text,
                cents=value or 0,
                cumulative=_cumulative(grid, words, dated),
                ocr=page.read_by_machine,
                **texts,
            )
        )


def _cumulative(grid: PdfGrid, words: Sequence[PdfWord], dated: PdfWord) -> int | None:
    """The donor's cumulative total on the line of a date; None without exactly one amount there."""
    near = [word for word in _in(words, grid.span("cumulative")) if abs(word.y0 - dated.y0) < _SAME_LINE]
    found = [value for word in near if (value := cents(word.text)) is not None]
    return found[0] if len(found) == 1 else None


def _astray(grid: PdfGrid, words: Sequence[PdfWord], name: str) -> str:
    """A text in a column where it cannot belong, which shows that the columns are not those of the form."""
    if any(cents(word, exact=True) is not None or looks_like_day(word) for word in name.split()):
        return f'an amount or a date in the column of names: "{name}"'
    if _STAMP.search(name):
        return f'a time in the column of names: "{name}"'
    if len(_CODES.intersection(name.upper().split())) > 1:
        return f'codes in the column of names: "{name}"'
    for role in ("occupation", "description", "code"):
        if any(place_of([line])[1] for line in _lines(_in(words, grid.span(role)))):
            return f"an address in the column of the {role}"
    return ""


def _with_sign(word: PdfWord, words: Sequence[PdfWord]) -> str:
    """An amount with a separate minus or bracket."""
    before = [each for each in words if each.text in ("-", "(", "-$", "($") and abs(each.y0 - word.y0) < 4]
    if any(0 <= word.x0 - each.x1 < 30 for each in before):
        return "-" + word.text.strip("()$-")
    return word.text


def _lines(words: Sequence[PdfWord]) -> list[str]:
    """Words as lines, from the top."""
    lines: list[list[PdfWord]] = []
    for word in sorted(words, key=lambda word: (-word.y0, word.x0)):
        if lines and lines[-1][0].y0 - word.y0 < 3.2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [" ".join(word.text for word in sorted(line, key=lambda word: word.x0)) for line in lines]


def _texts(
    section: PdfSection, page: PdfPage, grid: PdfGrid, words: Sequence[PdfWord], dated: PdfWord, scale: float
) -> dict[str, str]:
    """The name, type, employer and other cells of a row."""
    out = dict.fromkeys(("name", "type", "employer", "occupation", "city", "state", "description"), "")
    if section.layout == "boxes":
        cells = {each.role: _lines(_of_field(page, dated, each.across, each.up, scale)) for each in section.fields}
        name = [line for line in cells.get("name", ()) if "nameofcontributor" not in squeezed(line)]
        out["name"] = " ".join(name)
        out["occupation"] = " ".join(cells.get("occupation", ()))
        out["employer"] = " ".join(cells.get("employer", ()))
        out["city"], out["state"] = place_of(cells.get("city", ()))
        out["description"] = " ".join(
            line for line in cells.get("description", ()) if sum(letter.isalpha() for letter in line) >= _LETTERS
        )
        return out
    name_lines = _lines(_in(words, grid.span("name")))
    out["name"] = name_of(name_lines, section.name_prefix, section.name_stops)
    out["city"], out["state"] = place_of(name_lines)
    occupation, *employer = _lines(_in(words, grid.span("occupation"))) or [""]
    out["occupation"], out["employer"] = occupation, " ".join(employer)
    out["description"] = " ".join(_lines(_in(words, grid.span("description"))))
    out["type"] = _checked(page, _in(words, grid.span("code")))
    return out


def _of_field(
    page: PdfPage, dated: PdfWord, across: tuple[float, float], up: tuple[float, float], scale: float
) -> list[PdfWord]:
    return [
        word
        for word in page.words
        if across[0] <= word.middle / page.width < across[1] and up[0] * scale < word.y0 - dated.y0 <= up[1] * scale
    ]


def _checked(page: PdfPage, codes: Sequence[PdfWord]) -> str:
    """The code whose box is filled, or a lone code as text; empty if no box or several boxes are filled."""
    checked = {
        word.text.upper()
        for word in codes
        for mark in page.marks
        if abs((mark.y0 + mark.y1) / 2 - (word.y0 + word.y1) / 2) < 5 and 0 <= word.x0 - mark.x0 < _BESIDE
    }
    if not page.marks and len(codes) == 1:
        checked = {codes[0].text.upper()}
    return checked.pop() if len(checked) == 1 else ""
