r"""One report of the Texas Ethics Commission as a CSV: a line is a record, and its first field says of what kind.

REPORT comes first, with the filer; CONTRIBUTION lines are receipts. The others (COVERED, TOTAL, EXPEND, LOAN, PLEDGE
and so on) are no contributions. A line break within a field is written as ``\n``, so a record is always one line, and
a row stays on its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from unionscreen.errors import FilingError
from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.heads import HEAD_LINES, sheet_head
from unionscreen.filings.files.record_lines import record_fields, rows_as_csv
from unionscreen.filings.files.sources import Source, Start, in_memory
from unionscreen.filings.files.tables import FileTables, ReadOptions, TextTable, always

# A REPORT record has 148 fields; another table may have a column or a first cell of that name.
_BEGINNING: Final = re.compile(rb'(?:\xef\xbb\xbf)?"?REPORT"?,(?:[^\r\n,]*,){140}')
_RECORD: Final = re.compile("[A-Za-z]*")
# The header of the table, by which formats/tx-tec-report-csv.toml knows it.
TEC_COLUMNS: Final = (
    "tec_record", "record_id", "contribution_dt", "contribution_amount", "sched_form_type_cd", "itemize_flag",
    "persent_type_cd", "persent_full_name", "report_id", "filer_ident", "filer_name", "seek_office_cd",
)  # fmt: skip
# Where they stand in a CONTRIBUTION record, counted from 0.
_CONTRIBUTION: Final = (0, 1, 4, 5, 7, 8, 9, 10)
_REPORT_ID, _FILER_IDENT = 1, 3
# The block of the filer in a REPORT record, and what stands before a name in it.
_FILER: Final = slice(74, 111)
_PERSON_TYPES: Final = ("INDIVIDUAL", "ENTITY")
_OFFICES: Final = ("DISTATTY", "CRIMINAL_DISTATTY", "ATTYGEN")
# The first letters of the form type of a report that takes the place of another.
_CORRECTION: Final = "COR"


def recognizes(_source: Source, start: Start) -> bool:
    """Whether it begins with a REPORT record."""
    return bool(_BEGINNING.match(start.data))


def tables(source: Source, _start: Start, _options: ReadOptions) -> FileTables:
    """The contributions of a report as one table.

    Raises:
        FilingError: the REPORT record does not say who filed.
    """
    text = to_utf8(source.whole())[0].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split(r"\r\n|\r|\n", text)
    read = [record_fields(line) for line in lines]
    report, *records = [[line] if fields is None else fields for line, fields in zip(lines, read, strict=True)]
    facts = _facts(report)
    if not facts[1]:
        raise FilingError("the REPORT record has no filer id: nobody knows who received", source=source.label)
    rows = [list(TEC_COLUMNS), *(_row(fields, facts) for fields in records)]  # the header in place of REPORT
    data = rows_as_csv(rows)
    notes: tuple[str, ...] = ()
    if any(cell.upper().startswith(_CORRECTION) for cell in report[: _FILER.start]):
        notes = (f"{source.label}: a correction, which repeats the report that it corrects: give only one of them",)
    table = TextTable(
        source,
        [sheet_head([row or [""] for row in rows[: HEAD_LINES + 1]])],
        always(in_memory(source, data)),
        len(data),
        notes=notes,
        if_empty="it is a report of the Texas Ethics Commission without a CONTRIBUTION record",
    )
    return FileTables([table])


def _facts(report: Sequence[str]) -> tuple[str, str, str, str]:
    """Report id, filer id, filer's name and the office sought, from the REPORT record."""

    def at(place: int) -> str:
        return report[place] if place < len(report) else ""

    filer = report[_FILER]
    name = next((after for each, after in pairwise(filter(None, filer)) if each in _PERSON_TYPES), "")
    office = next((each for each in filer if each in _OFFICES), "")
    return at(_REPORT_ID), at(_FILER_IDENT), name, office


def _row(fields: Sequence[str], facts: Sequence[str]) -> list[str]:
    """A contribution with the facts of its report.

    A record of another kind is an empty line. A line that is no record is one cell, so that it is rejected and shown.
    """
    if fields and not _RECORD.fullmatch(fields[0]):
        return [",".join(fields)]
    if not fields or fields[0].upper() != "CONTRIBUTION":
        return []
    return [*(fields[at] if at < len(fields) else "" for at in _CONTRIBUTION), *facts]
