"""Tables that hold the forms' own sums and no contributions.

CAL-ACCESS' SMRY_CD and NetFile's sheet Summary have one line for each line of each form; Texas' cover sheets and
Illinois' D2Totals one for each report. A state's file has millions of lines, so they are read in pieces, and only what
rows can be compared with is kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from unionscreen.errors import FilingError
from unionscreen.filings.files.sources import Readable
from unionscreen.filings.files.summary import STATED
from unionscreen.filings.files.tables import TextTable
from unionscreen.filings.layouts.lookup_files import LookupFile, recognize_lookup_file
from unionscreen.filings.rows.amounts import parse_amounts
from unionscreen.filings.rows.dates import date_parser, parse_dates

# Their columns by normalized header, under the ids of lookup_files.toml.
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "ca-smry": {
        "filing_id": "filingid", "amendment": "amendid", "form": "formtype", "line": "lineitem", "cents": "amounta",
    },
    "ca-netfile-summary": {
        "recipient_id": "filerid", "recipient": "filernaml", "begin": "fromdate", "end": "thrudate",
        "amendment": "reportnum", "form": "formtype", "line": "lineitem", "cents": "amounta",
    },
}  # fmt: skip


class _Reports(NamedTuple):
    """A table with one line for each report, by normalized headers."""

    keys: Mapping[str, str]
    """Columns of ``STATED``."""
    replaced: str
    """The column that marks a report that an amendment replaced."""
    lines: Mapping[str, Mapping[str, str]]
    """Schedule to the columns of its amounts."""


# Sources: the CFS-ReadMe of the Texas Ethics Commission (CoverSheet1Data); Form D-2 of the Illinois State Board of
# Elections, whose parts are those of the column D2Part: I is itemized, NI is not.
_OF_REPORTS: Final[Mapping[str, _Reports]] = {
    "tx-cover": _Reports(
        {
            "recipient": "filername", "recipient_id": "filerident", "filing_id": "reportinfoident",
            "begin": "periodstartdt", "end": "periodenddt",
        },
        "infoonlyflag",
        {"TEC": {"unitemized": "unitemizedcontribamount", "total": "totalcontribamount"}},
    ),
    "il-d2totals": _Reports(
        {"filing_id": "fileddocid"},
        "archived",
        {
            "1A": {"itemized": "indivcontribi", "unitemized": "indivcontribni"},
            "2A": {"itemized": "xferini", "unitemized": "xferinni"},
            "3A": {"itemized": "loanrcvi", "unitemized": "loanrcvni"},
            "4A": {"itemized": "otherrcti", "unitemized": "otherrctni"},
            "5A": {"itemized": "inkindi", "unitemized": "inkindni"},
        },
    ),
}  # fmt: skip
_REPLACED: Final = ("Y", "TRUE", "1")
# Cover sheets of reports before an election, which have no totals.
_NO_TOTALS: Final = re.compile(r"\bcover_(?:ss|t)\b", re.IGNORECASE)
SUMMARIES: Final = (*_COLUMNS, *_OF_REPORTS)
# Form and line of what is kept: the schedule, and which of its amounts it is.
_KEPT: Final = {
    "A|1": ("A", "itemized"), "A|2": ("A", "unitemized"), "A|3": ("A", "total"), "F460|1": ("A", "page"),
    "C|1": ("C", "itemized"), "C|2": ("C", "unitemized"), "C|3": ("C", "total"), "F460|4": ("C", "page"),
    "I|1": ("I", "itemized"), "I|2": ("I", "unitemized"),
}  # fmt: skip
# Names are in Windows-1252 where they are not in UTF-8; the last reads any byte.
_ENCODINGS: Final = ("utf8", "cp1252", "latin-1")
# How Arrow says that no line follows the header.
_EMPTY: Final = "Empty CSV file"
_AMOUNTS: Final = ("itemized", "unitemized", "total", "page")
# What NetFile writes for filers that have no id yet.
_NO_ID: Final = ("PENDING", "")


class _Stream(io.RawIOBase):
    """A stream that can only be read, as Arrow wants it."""

    def __init__(self, stream: Readable) -> None:
        """Read from ``stream``."""
        self._stream = stream

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with the next bytes."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def lookup_file_of(table: TextTable) -> LookupFile | None:
    """Which lookup file a table is, without its path; None for other tables."""
    if not table.recognized:
        found = recognize_lookup_file(table.heads, source=table.label, path="", member=None, encoding=table.encoding)
        table.recognized.append(found)
    return cast("LookupFile | None", table.recognized[0])


def summary_of(table: TextTable) -> LookupFile | None:
    """How a table is laid out that holds sums of forms and no contributions; None for other tables."""
    found = lookup_file_of(table)
    return found if found is not None and found.id in SUMMARIES else None


def stated_in(table: TextTable) -> pa.Table | None:
    """What the forms say that their rows add up to, as ``summary.STATED``; None for tables that do not say.

    Raises:
        FilingError: the table cannot be read.
    """
    if table.stated is not None or (layout := summary_of(table)) is None:
        return table.stated
    for encoding in _ENCODINGS:
        with table.lines(lambda _: False).open() as stream:
            try:
                if layout.id in _OF_REPORTS:
                    return _by_report(stream, layout, encoding, table.label)
                return _by_schedule(_kept_lines(stream, layout, encoding), table.label)
            except (pa.ArrowInvalid, UnicodeDecodeError) as error:
                problem = error
    if _EMPTY in str(problem):
        return None
    raise FilingError(f"the sums of the forms cannot be read: {problem}", source=table.label)


def _pieces(stream: Readable, layout: LookupFile, encoding: str, columns: Mapping[str, str]) -> Iterator[pa.Table]:
    """The columns as text, by the names under which ``columns`` has their headers."""
    places = {name: str(layout.header.index(header)) for name, header in columns.items()}
    names = [str(at) for at in range(len(layout.header))]
    for batch in pa_csv.open_csv(
        io.BufferedReader(_Stream(stream)),
        read_options=pa_csv.ReadOptions(
            use_threads=False, column_names=names, skip_rows=layout.skip_lines, encoding=encoding
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if layout.quoting else False,
            newlines_in_values=layout.quoting,
            invalid_row_handler=lambda _row: "skip",
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=[*places.values()],
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
        ),
    ):
        yield pa.table({name: pc.ascii_trim_whitespace(batch.column(at)) for name, at in places.items()})


def _kept_lines(stream: Readable, layout: LookupFile, encoding: str) -> pa.Table:
    """The lines that are kept, as text."""
    columns = _COLUMNS[layout.id]
    pieces = [pa.table({name: pa.array([], pa.string()) for name in (*columns, "kept")})]
    for piece in _pieces(stream, layout, encoding, columns):
        line = pc.binary_join_element_wise(pc.ascii_upper(piece["form"]), pc.ascii_ltrim(piece["line"], "0"), "|")
        pieces.append(piece.append_column("kept", line).filter(pc.is_in(line, pa.array([*_KEPT]))))
    return pa.concat_tables(pieces)


def _by_report(stream: Readable, layout: LookupFile, encoding: str, label: str) -> pa.Table | None:
    """What each report states, of a table with one line for each; None for one without amounts."""
    of = _OF_REPORTS[layout.id]
    amounts = {f"{schedule} {name}": at for schedule, line in of.lines.items() for name, at in line.items()}
    keys = {name: header for name, header in of.keys.items() if header in layout.header}
    if not {of.replaced, *amounts.values()} <= {*layout.header} or _NO_TOTALS.search(label):
        return None
    tables = [STATED.empty_table()]
    for piece in _pieces(stream, layout, encoding, {**keys, **amounts, "replaced": of.replaced}):
        counts = pc.invert(pc.is_in(pc.ascii_upper(piece["replaced"]), pa.array(_REPLACED)))
        kept = piece.filter(counts).combine_chunks()
        rows = kept.num_rows
        texts = {name: _joined(kept[name]) for name in kept.column_names}
        filled = {name: _days(texts[name]) if name in ("begin", "end") else texts[name] for name in keys}
        for schedule, line in of.lines.items():
            cents = {name: parse_amounts(texts[f"{schedule} {name}"]) for name in line}
            made = {**filled, **cents, "schedule": pa.repeat(schedule, rows), "source": pa.repeat(label, rows)}
            columns = [made.get(field.name, pa.nulls(rows, field.type)) for field in STATED]
            tables.append(pa.table(columns, names=STATED.names).cast(STATED))
    found = pa.concat_tables(tables)
    return found.filter(pc.or_(pc.is_valid(found["itemized"]), pc.is_valid(found["total"])))


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays([pa.array([], pa.string()), *column.chunks])


def _by_schedule(lines: pa.Table, label: str) -> pa.Table:
    """One row for each schedule of each report, its amounts beside each other."""
    rows = lines.num_rows
    arrays = {name: _joined(lines[name]) for name in lines.column_names}
    place = pc.index_in(arrays.pop("kept"), value_set=pa.array([*_KEPT]))
    del arrays["form"], arrays["line"]
    schedule = pa.array([each for each, _ in _KEPT.values()]).take(place)
    amount = pa.array([each for _, each in _KEPT.values()]).take(place)
    cents = parse_amounts(arrays.pop("cents"))
    if "filing_id" not in arrays:
        arrays["filing_id"] = pc.binary_join_element_wise(arrays["recipient_id"], arrays["begin"], arrays["end"], "/")
    nothing = pa.nulls(rows, pa.string())
    keys = {
        "recipient": arrays.get("recipient", nothing),
        "recipient_id": arrays.get("recipient_id", nothing),
        "filing_id": arrays["filing_id"],
        "amendment": arrays["amendment"],
        **{name: _days(arrays[name]) if name in arrays else pa.nulls(rows, pa.date32()) for name in ("begin", "end")},
        "schedule": schedule,
    }
    no_id = pc.is_in(pc.ascii_upper(keys["recipient_id"]), pa.array(_NO_ID))
    keys["recipient_id"] = pc.if_else(no_id, pa.scalar(None, pa.string()), keys["recipient_id"])
    of = {name: pc.if_else(pc.equal(amount, name), cents, pa.scalar(None, pa.int64())) for name in _AMOUNTS}
    # A summary that was given in two copies states each line twice: the greatest of equal amounts is one of them.
    grouped = (
        pa.table({**keys, **of}).group_by([*keys], use_threads=False).aggregate([(name, "max") for name in _AMOUNTS])
    )
    named = grouped.rename_columns([*keys, *_AMOUNTS])
    return named.append_column("source", pa.repeat(pa.scalar(label), named.num_rows)).select(STATED.names).cast(STATED)


def _days(texts: pa.Array) -> pa.Array:
    return parse_dates(texts, date_parser(("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d")))[0]
