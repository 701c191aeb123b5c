"""California's ``.cal`` files (CAL format 2): one filing each, as county and city clerks give them.

A line is a record: HDR and CVR (the cover page) first, then SMRY (what the form says that its rows add up to), RCPT
(receipts), LOAN, EXPN (payments), S496 and S497 (late spending and contributions), and others. The records of receipts,
and of contributions and independent spending by the filer, become one table; the facts of the cover page stand beside
each row. A row stays on its line, so row numbers are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from unionscreen.contributions import count
from unionscreen.errors import FilingError
from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.heads import HEAD_LINES, sheet_head
from unionscreen.filings.files.record_lines import record_fields, rows_as_csv
from unionscreen.filings.files.sources import Source, Start, in_memory
from unionscreen.filings.files.summary import cents_of, day_of, stated_table
from unionscreen.filings.files.tables import FileTables, ReadOptions, TextTable, always

_BEGINNING: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,99}"?HDR"?\s{0,9},\s{0,9}"?CAL"?\s{0,9},')
# The layouts of version 1 had other fields.
_VERSION: Final = re.compile(r"2(\.|$)")
_RECORD: Final = re.compile(r"[A-Z][A-Z0-9]{2,3}")
# What every record that is read becomes. The header of the table, by which formats/ca-cal.toml knows it.
CAL_COLUMNS: Final = (
    "cal_form", "rec_type", "form_type", "tran_id", "entity_cd", "naml", "namf", "nams", "city", "st", "emp", "occ",
    "tran_type", "date", "date_thru", "amount", "memo_code", "filer_naml", "filer_namf", "filer_id", "cand_naml",
    "cand_namf", "office_cd", "offic_dscr", "juris_dscr", "cmtte_type", "sup_opp_cd", "from_date", "thru_date",
    "filing_id", "amend_id", "cmte_id", "about_naml", "about_namf", "about_office_cd", "about_offic_dscr",
    "about_juris_dscr", "about_sup_opp_cd",
)  # fmt: skip
# Where the columns stand in each record, "CAL format 2.01" (California Secretary of State, 2001), counted from 0; as in
# the tables of CAL-ACCESS, with two lines of address after each name.
_READ: Final[Mapping[str, Mapping[str, int]]] = {
    "RCPT": {
        "form_type": 1, "tran_id": 2, "entity_cd": 3, "naml": 4, "namf": 5, "nams": 7, "city": 10, "st": 11, "emp": 13,
        "occ": 14, "tran_type": 16, "date": 17, "date_thru": 18, "amount": 19, "memo_code": 59,
    },
    "LOAN": {
        "form_type": 1, "tran_id": 2, "tran_type": 3, "entity_cd": 4, "naml": 5, "namf": 6, "nams": 8, "city": 11,
        "st": 12, "date": 14, "amount": 16, "emp": 21, "occ": 22, "memo_code": 43,
    },
    "S497": {
        "form_type": 1, "tran_id": 2, "entity_cd": 3, "naml": 4, "namf": 5, "nams": 7, "city": 10, "st": 11, "emp": 13,
        "occ": 14, "date": 17, "date_thru": 18, "amount": 19, "cmte_id": 20, "about_naml": 21, "about_namf": 22,
        "about_office_cd": 25, "about_offic_dscr": 26, "about_juris_dscr": 28, "memo_code": 34,
    },
    "S496": {"form_type": 1, "tran_id": 2, "amount": 3, "date": 4, "date_thru": 5, "memo_code": 7},
    "EXPN": {
        "form_type": 1, "tran_id": 2, "entity_cd": 3, "naml": 4, "namf": 5, "nams": 7, "city": 10, "st": 11, "date": 13,
        "amount": 14, "tran_type": 18, "cmte_id": 24, "about_naml": 34, "about_namf": 35, "about_office_cd": 38,
        "about_offic_dscr": 39, "about_juris_dscr": 41, "about_sup_opp_cd": 47, "memo_code": 48,
    },
}  # fmt: skip
_COVER: Final = {
    "cal_form": 1, "filer_id": 2, "filer_naml": 4, "filer_namf": 5, "from_date": 12, "thru_date": 13, "cmtte_type": 40,
    "cand_naml": 48, "cand_namf": 49, "bal_name": 60, "office_cd": 63, "offic_dscr": 64, "juris_dscr": 66,
    "sup_opp_cd": 69,
}  # fmt: skip
_REPORT_NUMBER, _REPORT_DATE, _LATE_REPORT = 8, 9, 11
# The code of a contribution that was returned, among the payments.
_RETURNED_PAYMENT: Final = "RFD"
# The schedules of contributions and independent spending by the filer; on the others vendors are paid.
_MADE: Final = ("D", "F461P5", "F465P3")
# Where the candidate stands on the cover page of Forms 465 and 496. Such a report is about one candidate or measure.
_ABOUT: Final = {
    "about_naml": "cand_naml", "about_namf": "cand_namf", "about_office_cd": "office_cd",
    "about_offic_dscr": "offic_dscr", "about_juris_dscr": "juris_dscr", "about_sup_opp_cd": "sup_opp_cd",
}  # fmt: skip
# Records that say who paid the filer, and that are not read.
_UNREAD: Final = {"S498": "payments to a slate mailer organization"}
# The schedules that are compared, and the lines of their summaries; Schedule I has interest as line 3.
_SUMMED: Final = ("A", "C", "I")
_LINES: Final = {"itemized": "1", "unitemized": "2", "total": "3"}
# The lines of Form 460's summary page that repeat a schedule's total.
_PAGE: Final = {"A": ("F460", "1"), "C": ("F460", "4")}


@dataclass
class _Filing:
    """One file as read."""

    label: str
    cover: dict[str, str] = field(default_factory=dict)
    lines: list[list[str]] = field(default_factory=list)
    """One for each line of the file: the cells of a receipt, one cell of a line that is not a record, or nothing."""
    sums: dict[tuple[str, str], int] = field(default_factory=dict)
    """By schedule (or form) and number of the line: what SMRY says, in cents."""
    unread: dict[str, int] = field(default_factory=dict)

    def add(self, line: str, number: int) -> None:
        """Take in a line of the file."""
        fields = record_fields(line) or []  # a field too long for csv: the line is rejected with its text
        kind = fields[0].upper() if fields else ""
        if kind == "HDR":
            version = fields[3] if len(fields) > 3 else ""
            if not _VERSION.match(version):
                raise FilingError(
                    f"CAL format {version or '(no version)'} is not known, only version 2",
                    source=self.label,
                    row=number,
                    hint="ask the clerk for an export as CSV or Excel",
                )
        elif kind == "CVR":
            self._add_cover(fields)
        elif kind == "SMRY" and len(fields) > 3 and (amount := cents_of(fields[3])) is not None:
            self.sums[fields[1], fields[2]] = amount
        self.lines.append(self._row(kind, fields, line))

    def _row(self, kind: str, fields: Sequence[str], line: str) -> list[str]:
        at = _READ.get(kind)
        if at is None:
            if kind in _UNREAD:
                self.unread[kind] = self.unread.get(kind, 0) + 1
            return [] if not line.strip() or _RECORD.fullmatch(kind) else [line]
        own = {name: fields[place] if place < len(fields) else "" for name, place in at.items()}
        if kind == "EXPN" and own["tran_type"].upper() != _RETURNED_PAYMENT and own["form_type"].upper() not in _MADE:
            return []  # what the filer paid for goods and services
        if kind == "S496" or own["form_type"].upper() == "F465P3":
            self._name_target(kind, own)
        return [{**self.cover, "rec_type": kind, **own}.get(name, "") for name in CAL_COLUMNS]

    def _name_target(self, kind: str, own: dict[str, str]) -> None:
        """Complete independent spending with what the cover page says of its target, unless the row names another."""
        cover = {about: self.cover.get(name, "") for about, name in _ABOUT.items()}
        named = own.get("about_naml", "")
        if not named or named.casefold() == cover["about_naml"].casefold():
            own.update((about, text) for about, text in cover.items() if not own.get(about))
        if kind == "S496":  # it has no payee: the name is the target's
            own["naml"] = own["about_naml"] or self.cover.get("bal_name", "")
            own["namf"] = own["about_namf"]

    def _add_cover(self, fields: Sequence[str]) -> None:
        def at(place: int) -> str:
            return fields[place] if place < len(fields) else ""

        self.cover = {name: at(place) for name, place in _COVER.items()}
        days = "-".join(filter(None, (self.cover["from_date"], self.cover["thru_date"])))
        # A late report covers no period: its own number tells it from the others.
        which = days or at(_LATE_REPORT) or at(_REPORT_DATE)
        self.cover["filing_id"] = "/".join((self.cover["filer_id"], self.cover["cal_form"], which))
        self.cover["amend_id"] = at(_REPORT_NUMBER).lstrip("0") or "0"

    def stated(self) -> pa.Table | None:
        """What the SMRY lines say, as ``summary.STATED``; None without any."""
        if not self.sums:
            return None
        of_report: dict[str, Any] = {
            "source": self.label,
            "recipient": " ".join(filter(None, (self.cover["filer_namf"], self.cover["filer_naml"]))),
            "recipient_id": self.cover["filer_id"] or None,
            "filing_id": self.cover["filing_id"],
            "amendment": self.cover["amend_id"],
            "begin": day_of(self.cover["from_date"]),
            "end": day_of(self.cover["thru_date"]),
        }
        rows = []
        for schedule in _SUMMED:
            lines = {name: self.sums.get((schedule, line)) for name, line in _LINES.items()}
            if schedule == "I":
                lines["total"] = None
            page = self.sums.get(_PAGE[schedule]) if schedule in _PAGE else None
            rows.append({**of_report, "schedule": schedule, **lines, "page": page})
        return stated_table(rows)


def recognizes(_source: Source, start: Start) -> bool:
    """Whether it is a ``.cal`` file."""
    return bool(_BEGINNING.match(start.data))


def tables(source: Source, _start: Start, _options: ReadOptions) -> FileTables:
    """The receipts of a filing as one table.

    Raises:
        FilingError: it is in another version, or has no cover page.
    """
    label = source.label
    text = to_utf8(source.whole())[0].decode("utf-8", "replace").removeprefix("\ufeff")
    filing = _Filing(label)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        filing.add(line, number)
    if not filing.cover:
        raise FilingError(
            "this .cal file has no cover page (a line CVR): nobody knows who received",
            source=label,
            hint="did the download finish?",
        )
    rows = [list(CAL_COLUMNS), *filing.lines[1:]]  # in place of HDR
    data = rows_as_csv(rows)
    notes = [
        f"{label}: {count(lines, f'line {kind} is', f'lines {kind} are')} not read: {_UNREAD[kind]}"
        for kind, lines in filing.unread.items()
    ]
    form = filing.cover["cal_form"]
    what = f"it is form {form}: contributions received stand on lines RCPT, LOAN and S497"
    table = TextTable(
        source,
        [sheet_head([row or [""] for row in rows[: HEAD_LINES + 1]])],
        always(in_memory(source, data)),
        len(data),
        notes=tuple(notes),
        if_empty=what,
        stated=filing.stated(),
    )
    return FileTables([table])
