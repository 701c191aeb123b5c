"""Electronic FEC filings (``.fec``): the contributions of all versions as one table, the other lines blank.

Contributions received are on Schedule A. Returned contributions are on Schedule B, as positive amounts on the form's
line for refunds; they become negative here. Line 23 of Schedule B is what the committee gave to others; the other
lines are what it spent. Schedule E is independent spending, which Form 24 reports within 24 or 48 hours. Large gifts
shortly before an election are reported within 48 hours on lines F65 of Form 6, and again on the next Schedule A. Lines
F56 are receipts of independent spenders (Form 5). Other lines with gifts (``UNREAD``) are named in a note.

Each line keeps its position, so row numbers are those of the filing. The name of the committee is on the cover line
only and is written next to each row. Versions 1 to 5 are separated by commas, later ones by the file separator 0x1C,
where ``"`` is an ordinary character. The oldest begin with a block of comments. FORMATS.md, fec-electronic.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import BinaryIO, Final, NamedTuple

import pyarrow as pa

from unionscreen.errors import FilingError
from unionscreen.filings.files import delimited
from unionscreen.filings.files.fec_cover import cover_totals
from unionscreen.filings.files.sources import Source, Start, converted
from unionscreen.filings.files.tables import FileTables, ReadOptions
from unionscreen.filings.files.transcode import ends_in_bare_cr, transcoded

# Editors and mail programs put a byte-order mark or blank lines before it.
_BEGINNING: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,999}+("?HDR"?[\x1c,]"?FEC"?[\x1c,]|/\* Header)')
_FS: Final = "\x1c"
_PIECE: Final = 1 << 20
# No filing has a longer line, and the line would have to be held in memory.
_MAX_LINE: Final = 64 << 20
# The header of the resulting table; formats/fec-electronic.toml has its signature.
FEC_COLUMNS: Final = (
    "fec_form", "fec_line", "committee_id", "committee_name", "filing_id", "amendment", "transaction_id", "entity",
    "organization", "name", "last", "first", "middle", "suffix", "city", "state", "date", "amount", "employer",
    "occupation", "memo", "candidate_last", "candidate_first", "candidate_id", "candidate_office", "support_oppose",
)  # fmt: skip
_FROM_LINE: Final = FEC_COLUMNS[6:]
_AMOUNT: Final = _FROM_LINE.index("amount")
_FILING_NUMBER: Final = re.compile(r"(?:FEC-)?(\d+)$", re.IGNORECASE)
_STEM_NUMBER: Final = re.compile(r"(?<!\d)(\d+)\.fec(\.(gz|zst|bz2|xz))?$", re.IGNORECASE)
# Before this version the number of the amended report is one field later, after the name delimiter.
_FIRST_FS_VERSION: Final = 6


# The line "refunds of contributions": line 20 of FEC Form 3, line 28 of Forms 3X and 3P, each with a, b and c.
_REFUNDS: Final = {"F3X": "SB28", "F3P": "SB28", "F3": "SB20"}
# Lines that name givers but are not contributions to a candidate's committee like those on Schedule A.
UNREAD: Final = {
    "SA3L": "contributions that lobbyists bundled",
    "SL": "Levin funds of a party",
    "F92": "gifts for electioneering communications",
    "F132": "donations to an inaugural committee",
}
_FORM: Final = re.compile(r"F[0-9]{1,2}[A-Z]*")
# The lines that are read, by their prefix, and which set of columns they have.
_KINDS: Final = {
    "SA": "contribution", "SB": "refund", "SB23": "refund", "SE": "spending", "F65": "notice", "F56": "notice",
}  # fmt: skip
# Contributions to candidates and other committees: line 23 of Form 3X. On Form 3P it is operating expenditures.
_GIVEN: Final = "SB23"


@cache
def _columns() -> dict[str, list[tuple[re.Pattern[str], dict[str, int]]]]:
    """For each kind of line, patterns of versions, each with the positions of the columns."""
    text = (resources.files("unionscreen.filings.files") / "fec_versions.toml").read_text(encoding="utf-8")
    versions, spending = (
        [(re.compile(each.pop("pattern")), each) for each in tomllib.loads(text)[key]]
        for key in ("version", "spending")
    )
    inner = {kind: [(pattern, each.pop(kind)) for pattern, each in versions] for kind in ("refund", "notice")}
    return {**inner, "contribution": versions, "spending": spending}


def columns_of(version: str, kind: str = "contribution") -> dict[str, int]:
    """The positions of the columns in a version. An impossible version ("180.5" was seen) is read as the current one.

    Args:
        version: as in the header.
        kind: contribution (Schedule A), refund (Schedule B), spending (Schedule E) or notice (F65 and F56).

    >>> columns_of("3.00")["amount"], columns_of("8.4")["amount"], columns_of("180.5")["amount"]
    (15, 20, 20)
    """
    for pattern, columns in _columns()[kind]:
        if pattern.search(version):
            return columns
    return columns_of("8.5", kind)


def _refund_line(form: str) -> str:
    """The prefix of a form's lines for refunds of contributions.

    >>> _refund_line("F3XN"), _refund_line("F3A"), _refund_line("F5N")
    ('SB28', 'SB20', '')
    """
    return next((line for of_form, line in _REFUNDS.items() if form.startswith(of_form)), "")


def recognizes(_source: Source, start: Start) -> bool:
    """Whether it is an electronic FEC filing."""
    return bool(_BEGINNING.match(start.data))


def tables(source: Source, start: Start, options: ReadOptions) -> FileTables:
    """The contributions of a filing as one table.

    Raises:
        FilingError: a line is longer than any filing's.
    """
    label = source.label
    bare_cr = ends_in_bare_cr(start.data.decode("latin-1"))
    lines = transcoded(source, None, bare_cr=bare_cr)
    made = converted(lines, lambda stream: as_table(stream, label))
    (table,) = delimited.tables(made, made.start(), options).tables
    data = start.data.replace(b"\r", b"\n") if bare_cr else start.data
    notes, hint = tuple(unread_lines(data)), without_contributions(data)
    return FileTables([replace(table, notes=notes, if_empty=hint, stated=stated_on_cover(data, label))])


def as_table(stream: BinaryIO, label: str) -> Iterator[bytes]:
    """The lines of a filing as the lines of the table.

    Args:
        stream: the filing.
        label: its name, which holds the number of the filing.

    Raises:
        FilingError: a line is longer than any filing's.
    """
    lines = (_text(line) for line in _lines(stream, label))
    yield _csv(FEC_COLUMNS)
    version, delimiter, chain, amendment, above = _header(lines, label)
    yield b"\n" * above
    form = name = refund = ""
    wanted = {
        start: [columns_of(version, kind).get(column, -1) for column in _FROM_LINE] for start, kind in _KINDS.items()
    }
    for line in lines:
        start = _start(line, refund, form)
        if start and (fields := _fields(line, delimiter)):
            own = [fields[at] if 0 <= at < len(fields) else "" for at in wanted[start]]
            _split_name(own)
            if start == "SB":
                own[_AMOUNT] = _negative(own[_AMOUNT])
            committee = fields[1] if len(fields) > 1 else ""
            yield _csv([form, fields[0], committee, name, chain, amendment, *own])
            continue
        if not form and line.startswith(("F", '"F')):
            fields = _fields(line, delimiter)
            form, name = fields[0], fields[2] if len(fields) > 2 else ""
            refund = _refund_line(form)
        yield b"\n"


class _Header(NamedTuple):
    """What the lines before the cover page say."""

    version: str
    delimiter: str
    filing_id: str
    """The number of the filing, or of the one that it amends."""
    amendment: str
    above: int
    """How many lines stand before the cover page, without the first."""


def _header(lines: Iterator[str], label: str) -> _Header:
    """Read the header of a filing.

    Args:
        lines: of the filing; the next one is then its cover page.
        label: the name of the file, which holds the number of the filing.
    """
    first, above = next(lines, "").removeprefix("\ufeff").lstrip(), 0
    while not first and (line := next(lines, None)) is not None:  # blank lines before the header
        first, above = line.lstrip(), above + 1
    if first.startswith("/*"):
        header, blank = _old_header(lines)
        version, delimiter, above = header.get("FEC_Ver_#", "2"), ",", above + blank
        number, amendment = None, "0"
    else:
        delimiter = _FS if _FS in first else ","
        fields = _fields(first, delimiter)
        version = fields[2] if len(fields) > 2 else ""
        number, amendment = _amended(fields, version)
    stem = _STEM_NUMBER.search(label)
    return _Header(version, delimiter, number or (stem[1] if stem else ""), amendment, above)


def stated_on_cover(head: bytes, label: str) -> pa.Table | None:
    """What the cover page states, as ``summary.STATED``; None for forms without receipts.

    Args:
        head: the first bytes of a filing.
        label: its name, which holds the number of the filing.
    """
    lines = (_text(line) for line in head.splitlines())
    header = _header(lines, label)
    cover = next((line for line in lines if line.startswith(("F", '"F'))), "")
    fields = _fields(cover, header.delimiter)
    return cover_totals(fields, header.version, label, header.filing_id, header.amendment)


def _start(line: str, refund: str, form: str) -> str:
    """The prefix of a line that is read, a key of ``_KINDS``; empty for other lines.

    Args:
        line: a line of the filing.
        refund: the prefix of the lines for refunds.
        form: of the filing, such as "F3XN".
    """
    head = line[:5].lstrip('"')
    if head.startswith("SA"):
        return "" if head.startswith("SA3L") else "SA"
    if form.startswith("F3X") and head.startswith(_GIVEN):
        return _GIVEN
    if head.startswith("SE"):
        return "SE"
    if refund and head.startswith(refund):
        return "SB"
    return head[:3] if head.startswith(("F65", "F56")) else ""


def unread_lines(head: bytes) -> list[str]:
    r"""A note for each type of line in the first bytes of a filing that holds gifts and is not read.

    >>> unread_lines(b"HDR,FEC,8.3\nF3XN,C00900001\nSL1A,C00900001\n")
    ['lines SL are not read: Levin funds of a party']
    """
    starts = {line[:4].lstrip(b'"').decode("ascii", "replace") for line in head.splitlines()}
    return [
        f"lines {kind} are not read: {what}"
        for kind, what in UNREAD.items()
        if any(start.startswith(kind) for start in starts)
    ]


def _lines(stream: BinaryIO, label: str) -> Iterator[bytes]:
    """The lines of a stream that has only ``read``, such as an unpacked file or standard input."""
    rest = b""
    while piece := stream.read(_PIECE):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > _MAX_LINE:
            raise FilingError(f"a line longer than {_MAX_LINE >> 20} MB: this is not an FEC filing", source=label)
    if rest:
        yield rest


def _old_header(lines: Iterator[str]) -> tuple[dict[str, str], int]:
    """The block of comments at the start of the oldest filings, and its number of lines."""
    header: dict[str, str] = {}
    blank = 0
    for line in lines:
        blank += 1
        if line.startswith("/*"):
            break
        name, equals, value = line.partition("=")
        if equals:
            header[name.strip()] = value.strip()
    return header, blank


def _amended(fields: list[str], version: str) -> tuple[str | None, str]:
    """The number of the filing that this one amends, and the number of the amendment."""
    major = re.match(r"(\d+)", version)
    at = 5 if major is None or int(major[1]) >= _FIRST_FS_VERSION else 6
    number = _FILING_NUMBER.match(fields[at].strip()) if len(fields) > at else None
    if number is None:
        return None, "0"
    times = fields[at + 1].strip() if len(fields) > at + 1 else ""
    return number[1], times or "1"


def _split_name(own: list[str]) -> None:
    """Split ``Last^First^Prefix^Suffix``, as versions before 6 have it, into its parts."""
    at = {column: i for i, column in enumerate(_FROM_LINE)}
    name = own[at["name"]]
    if "^" in name and not own[at["last"]]:
        last, first, _, suffix, *_ = [*name.split("^"), "", "", ""]
        own[at["name"]] = ""
        own[at["last"]], own[at["first"]], own[at["suffix"]] = last, first, suffix


def _negative(amount: str) -> str:
    """The amount of a refund with its sign reversed, for money going back is negative. A reversed refund is positive.

    >>> _negative("300.00"), _negative("-200.00"), _negative("")
    ('-300.00', '200.00', '')
    """
    return amount[1:] if amount.startswith("-") else f"-{amount}" if amount else ""


def _fields(line: str, delimiter: str) -> list[str]:
    if delimiter == _FS:
        return [field.strip() for field in line.split(_FS)]
    try:
        return [field.strip() for field in next(csv.reader([line.replace("\r", " ")]), [])]
    except csv.Error:  # a field longer than csv accepts: the row is rejected because it has no amount
        return [line]


def form_of(head: bytes) -> str:
    r"""The form of a report, such as F3N or F99: the first field of the line after the header; else ``unknown``.

    >>> form_of(b"HDR,FEC,8.3\nF99,C00900001\n")
    'F99'
    """
    for line in head.splitlines():
        form = re.split(rb"[,\x1c]", line.strip().strip(b'"'), maxsplit=1)[0].strip(b'"').decode("ascii", "replace")
        if _FORM.fullmatch(form):
            return form
    return "unknown"


# Forms that hold no contributions, by their prefix.
_WHAT_IT_IS: Final = {
    "F99": "a letter of text",
    "F1M": "a notice that a committee supports several candidates",
    "F1": "the registration of a committee",
    "F2": "the registration of a candidate",
    "F6": "a notice of contributions within 48 hours, without any",
    "F24": "a notice of independent spending",
    "F5": "a report of independent spending",
    "F9": "a report of electioneering communications, whose donors (lines F92) are not read",
    "F7": "a report of communication costs",
    "F13": "a report of an inaugural committee, whose donors (lines F132) are not read",
    "F3L": "a report of what lobbyists bundled",
}


def without_contributions(head: bytes) -> str:
    r"""A hint for a filing without contributions: what kind of form it is.

    >>> without_contributions(b"HDR,FEC,8.3\nF99,C00900001\n")
    'it is a letter of text (form F99): contributions are on Schedule A of F3, F3X and F3P, and on F65 and F56'
    """
    form = form_of(head)
    where = "contributions are on Schedule A of F3, F3X and F3P, and on F65 and F56"
    for start in sorted(_WHAT_IT_IS, key=len, reverse=True):
        if form.startswith(start):
            return f"it is {_WHAT_IT_IS[start]} (form {form}): {where}"
    return f"its form is {form}, and it has no line of contributions: {where}"


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace").rstrip("\r\n")


def _csv(fields: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(" ".join(field.split("\n")) for field in fields)
    return out.getvalue().encode("utf-8")
