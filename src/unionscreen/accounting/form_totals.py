"""Whether the rows of each report add up to what its form says, to the cent, and if not, the likely reason.

A form has a summary: what was itemized on each schedule, what was not, and the total. Rows that were rejected, left out
of a file, or filed twice show there, and nowhere else. Sources: Form 460 of the California FPPC, Schedules A, C and I;
FEC Forms 3, 3P and 3X, detailed summary page; the cover sheets of the Texas Ethics Commission; Form D-2 of the Illinois
State Board of Elections; FORMATS.md "semantics".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, NamedTuple

import pyarrow as pa

from unionscreen.accounting.lines import report_key, version_key
from unionscreen.accounting.money import cents_to_decimal, decimal_to_cents
from unionscreen.contributions import count, count_of, money_text
from unionscreen.errors import FormTotalsError
from unionscreen.filings.files.summary import LINES
from unionscreen.prosecutors.words import name_key

# The rows of one report that a summary can be compared with, added up. ``input`` is the position of the input.
FORM_SUMS: Final = pa.schema(
    [
        ("input", pa.int64()),
        ("recipient", pa.string()),
        ("recipient_id", pa.string()),
        ("filing_id", pa.string()),
        ("amendment", pa.string()),
        ("schedule", pa.string()),
        ("kind", pa.string()),
        ("status", pa.string()),  # as the file itself says it, or duplicate; null is active
        ("memo", pa.bool_()),
        ("rows", pa.int64()),
        ("cents", pa.int64()),
    ]
)
_KEYS: Final = [name for name in FORM_SUMS.names if name not in ("rows", "cents")]


@dataclass(frozen=True, slots=True)
class FormTotal:
    """One line of a report's summary beside the rows of the report.

    Attributes:
        line: such as "Schedule A line 1"; ``name`` says what stands there.
        stated_cents: what the form says; None where it has no such line.
        itemized_cents: what the rows add up to; of a total, what the form says of them.
        unitemized_cents: what the form states without rows; None where it does not.
        difference_cents: how much the rows (of a total: the parts) are above what is stated; 0 is equal to the cent.
        reason: the likely reason for a difference; None without one.
        source: the file that states it.
        person_id: the filer's person, the same in every file; None where no person is known.
        committee_id: the filer's.
    """

    recipient: str
    recipient_id: str | None
    filing_id: str | None
    amendment: str | None
    period_begin: date | None
    period_end: date | None
    line: str
    name: str
    stated_cents: int | None
    itemized_cents: int
    unitemized_cents: int | None
    difference_cents: int
    reason: str | None
    source: str
    person_id: str | None = None
    committee_id: str | None = None

    def __str__(self) -> str:
        """What the rows and the form say, in a sentence."""
        report = f"filing {self.filing_id or self.source}"
        if self.period_begin and self.period_end:
            report = f"{self.period_begin} to {self.period_end}"
        parts = f"the rows add up to {money_text(self.itemized_cents)}"
        if self.reason in _OF_THE_FORM:
            parts = f"{money_text(self.itemized_cents)} is itemized"
        if self.unitemized_cents is not None and self.line.endswith(_TOTAL_LINES):
            parts += f", and {money_text(self.unitemized_cents)} is not itemized"
        says = "the form has no such line"
        if self.stated_cents is not None:
            more = f"{money_text(abs(self.difference_cents))} {'more' if self.difference_cents > 0 else 'less'}"
            says = f"the form states {money_text(self.stated_cents)} ({more})"
        reason = f"; likely reason: {self.reason}" if self.reason else ""
        return f"{self.recipient}, {report}: {self.line} ({self.name}): {parts}, {says}{reason}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: amounts in dollars."""
        out: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_cents"):
                out[each.name.removesuffix("_cents")] = None if value is None else cents_to_decimal(value)
            else:
                out[each.name] = value.isoformat() if isinstance(value, date) else value
        return out

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> FormTotal:
        """What :meth:`to_dict` saved."""
        values: dict[str, Any] = {}
        saved = {"person_id": None, "committee_id": None, **saved}
        for each in fields(cls):
            value = saved[each.name.removesuffix("_cents")]
            if value is not None and each.name.endswith("_cents"):
                value = decimal_to_cents(value)
            elif value is not None and each.name.startswith("period_"):
                value = date.fromisoformat(value)
            values[each.name] = value
        return cls(**values)


# Differences that the notes name one by one; a state's file may have hundreds.
_NAMED: Final = 20
# Reasons that are in the form itself, whatever the rows are.
_DO_NOT_ADD_UP: Final = "the form's own lines do not add up"
_PAGE_DIFFERS: Final = "the summary page and the schedule state different totals"
_OF_THE_FORM: Final = (_DO_NOT_ADD_UP, _PAGE_DIFFERS)
# How the reason ends that no file holds a schedule: one sentence then says it of all reports.
_ABSENT: Final = "is among these files"
_TOTAL_LINES: Final = tuple(total for _, _, total, _ in LINES.values() if total)

# Of each input, the place and the text of each row that was rejected.
Rejected = Mapping[int, Sequence[tuple[str, str]]]


class FormComparison(NamedTuple):
    """All reports whose form states sums."""

    totals: tuple[FormTotal, ...] = ()
    """Each line on which money stands, or should."""
    reports: int = 0
    """How many reports were compared."""
    equal: int = 0
    """Those that are equal to the cent on each line."""

    @property
    def differences(self) -> tuple[FormTotal, ...]:
        """The lines that differ."""
        return tuple(each for each in self.totals if each.difference_cents)


def combine_form_sums(tables: Iterable[pa.Table]) -> pa.Table:
    """Add up the sums of several blocks; the order does not matter."""
    together = pa.concat_tables([FORM_SUMS.empty_table(), *tables])
    if together.num_rows == 0:
        return together
    summed = together.group_by(_KEYS, use_threads=False).aggregate([("rows", "sum"), ("cents", "sum")])
    named = summed.rename_columns([*_KEYS, "rows", "cents"]).select(FORM_SUMS.names)
    return named.sort_by([(name, "ascending") for name in _KEYS])


@dataclass
class _Rows:
    """The rows of one schedule of a report."""

    given: int = 0
    back: int = 0
    """What was returned; not above 0."""
    memo: int = 0
    repeated: int = 0
    rows: int = 0
    inputs: set[int] = field(default_factory=set)

    def add(self, row: Mapping[str, Any]) -> None:
        self.rows += row["rows"]
        self.inputs.add(row["input"])
        if row["status"] == "duplicate":
            self.repeated += row["cents"]
        elif row["status"] not in (None, "", "active"):
            return
        elif row["memo"]:
            self.memo += row["cents"]
        elif row["kind"] == "refund":
            self.back += row["cents"]
        else:
            self.given += row["cents"]

    def sum_near(self, stated: int) -> int:
        """What the rows add up to; filers leave out what was returned, or add it, where the form does not say."""
        net = self.given + self.back
        return stated if stated in (net, self.given, self.given - self.back) else net


_Amendment = tuple[int, ...]


@dataclass
class _Report:
    """One report with its amendments: what the form states, and the rows."""

    stated: dict[_Amendment, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[_Amendment, dict[tuple[str, str], _Rows]] = field(default_factory=dict)
    """By amendment, then by filing and schedule."""


def compare_form_totals(sums: pa.Table, stated: pa.Table, rejected: Rejected) -> FormComparison:
    """Compare the rows of each report with its form's own sums.

    Of a report and its amendments only the last is compared.

    Args:
        sums: ``FORM_SUMS``; a report without a filing id has the name of its file, here and in ``stated``.
        stated: ``filings.files.summary.STATED``.
        rejected: of each input, the place and the text of each row that was rejected.
    """
    totals: list[FormTotal] = []
    compared = equal = 0
    schedules = {*sums["schedule"].to_pylist()}
    reports = _reports(sums, stated)
    for report in sorted(reports):
        found = [*_compared(reports[report], schedules, rejected)]
        differing = {filing for filing, total in found if total.difference_cents}
        filings = {filing for filing, _ in found}
        compared += len(filings)
        equal += len(filings - differing)
        totals += [total for _, total in found if total.stated_cents or total.itemized_cents or total.difference_cents]
    return FormComparison(tuple(totals), compared, equal)


def report_owner(recipient: str | None, recipient_id: str | None) -> str:
    """What makes two reports one filer's: its id, else its name."""
    return recipient_id or name_key(recipient or "")


def _reports(sums: pa.Table, stated: pa.Table) -> dict[tuple[str, str], _Report]:
    """The reports whose form states sums, by filer and period (or number)."""
    reports: dict[tuple[str, str], _Report] = defaultdict(_Report)
    owners: dict[str, tuple[str, str | None]] = {}
    rows = [row for row in sums.to_pylist() if row["filing_id"]]
    for row in rows:
        owners.setdefault(row["filing_id"], (row["recipient"] or "", row["recipient_id"]))
    for line in stated.to_pylist():
        if line["recipient"] is None:  # the summary does not name the filer: its rows do
            line["recipient"], line["recipient_id"] = owners.get(line["filing_id"], ("", None))
        of_report = reports[report_owner(line["recipient"], line["recipient_id"]), report_key(line["filing_id"])]
        of_report.stated.setdefault(version_key(line["amendment"]), []).append(line)
    compared = {line["schedule"] for report in reports.values() for lines in report.stated.values() for line in lines}
    for row in rows:
        report = (report_owner(row["recipient"], row["recipient_id"]), report_key(row["filing_id"]))
        if report in reports and row["schedule"] in compared:
            amended = reports[report].rows.setdefault(version_key(row["amendment"]), {})
            amended.setdefault((row["filing_id"], row["schedule"]), _Rows()).add(row)
    return reports


def _compared(report: _Report, schedules: Collection[str], rejected: Rejected) -> Iterator[tuple[str, FormTotal]]:
    """The lines of the last version of a report, each with its filing id."""
    last = max(report.stated)
    newest = max(report.rows, default=last)
    rows = report.rows.get(max(last, newest), {})
    for line in report.stated[last]:
        mine = rows.get((line["filing_id"], line["schedule"]), _Rows())
        amended = None
        if newest > last or (newest < last and not rows):
            amended = (
                f"the rows are of amendment {_number(newest)}, what the form states is of amendment {_number(last)}"
            )
        for total in _lines(line, mine):
            if total.difference_cents and total.reason is None:
                reason = amended or _reason(line, mine, total, schedules, rejected)
                total = replace(total, reason=reason)
            yield line["filing_id"], total


def _number(amendment: _Amendment) -> str:
    return ".".join(map(str, amendment))


def _lines(line: Mapping[str, Any], rows: _Rows) -> Iterator[FormTotal]:
    """The lines of one schedule: itemized rows, the form's total, and the summary page."""
    name, first, total_line, page_line = LINES[line["schedule"]]
    itemized, rest, total, page = (line[each] for each in ("itemized", "unitemized", "total", "page"))

    def made(
        label: str, stated: int | None, parts: int, rest: int | None = None, reason: str | None = None
    ) -> FormTotal:
        return FormTotal(
            recipient=line["recipient"],
            recipient_id=line["recipient_id"],
            filing_id=None if line["filing_id"] == line["source"] else line["filing_id"],
            amendment=line["amendment"],
            period_begin=line["begin"],
            period_end=line["end"],
            line=label,
            name=name,
            stated_cents=stated,
            itemized_cents=parts,
            unitemized_cents=rest,
            difference_cents=parts + (rest if rest and label == total_line else 0) - (stated or 0),
            reason=reason,
            source=line["source"],
        )

    if itemized is not None:
        got = rows.sum_near(itemized)
        yield made(first, itemized, got, rest)
        if total is not None and total not in (itemized + (rest or 0), got + (rest or 0)):
            yield made(total_line, total, itemized, rest, _DO_NOT_ADD_UP)
    elif total is not None:
        yield made(total_line, total, rows.sum_near(total - (rest or 0)), rest)
    elif line["schedule"] != "I":
        yield made(first, None, rows.given + rows.back)
    whole = total if total is not None else (itemized or 0) + (rest or 0)
    if page is not None and page != whole:
        yield made(page_line, page, whole, None, _PAGE_DIFFERS)


def _reason(
    line: Mapping[str, Any], rows: _Rows, total: FormTotal, schedules: Collection[str], rejected: Rejected
) -> str:
    """The likely reason why rows differ from what the form states."""
    missing = -total.difference_cents
    schedule = total.line.partition(" line ")[0] if total.line.startswith("Schedule") else total.line
    filer = line["recipient_id"] or line["recipient"]
    unread = [place for of in sorted(rows.inputs) for place, text in rejected.get(of, ()) if filer in text]
    if line["schedule"] not in schedules:
        return f"no row of {schedule} {_ABSENT}"
    if not rows.rows:
        return f"this report has no row of {schedule} in these files"
    if missing == rows.memo:
        return f"the form counts memo rows ({money_text(rows.memo)})"
    if missing == rows.repeated:
        return f"rows that repeat others are left out ({money_text(rows.repeated)})"
    if unread:
        more = f" and {len(unread) - 1:,} more" if unread[1:] else ""
        return f"{'rows' if more else 'a row'} of this filer could not be read ({unread[0]}{more})"
    if line["total"] is not None and total.itemized_cents + (line["unitemized"] or 0) == line["total"]:
        return "the rows agree with the form's total, so the itemized line is probably a mistake"
    if missing > 0:
        return "rows are missing from the file, or the form has a mistake"
    return "a row was added or filed twice, or the form has a mistake"


def check_totals(comparison: FormComparison) -> None:
    """Refuse a comparison with differences.

    Raises:
        FormTotalsError: a line differs; the message names the first.
    """
    if differences := comparison.differences:
        of = f"{comparison.reports - comparison.equal:,} of {comparison.reports:,} reports"
        raise FormTotalsError(
            f"the rows of {of} differ from what their form states; the first difference: {differences[0]}",
            source=differences[0].source,
            hint="without --require-totals the result is shown, and begins with all differences",
        )


def total_notes(comparison: FormComparison, *, required: bool = False) -> list[str]:
    """A sentence for each difference, and one that says how many reports are equal.

    Args:
        comparison: of all reports; without any there is nothing to say.
        required: whether the user requires that they are equal, and must know that nothing was compared.
    """
    if not comparison.reports:
        return ["--require-totals compared nothing: no report in these files has a summary"] if required else []
    by_reason: dict[object, list[FormTotal]] = {}
    for each in comparison.differences:
        reason = each.reason or ""
        by_reason.setdefault(reason if reason.endswith(_ABSENT) else each, []).append(each)
    said = [f"DIFFERENCE: {alike[0] if len(alike) == 1 else _together(alike)}" for alike in by_reason.values()]
    if len(said) > _NAMED:
        more = len(said) - _NAMED
        said[_NAMED:] = [
            f"DIFFERENCE: {count(more, 'more line differs', 'more lines differ')}; the JSON output lists them all"
        ]
    nouns = ("report with a summary", "is equal to its form's lines", "are equal to their form's lines")
    equal = count_of(comparison.equal, comparison.reports, *nouns, plural="reports with a summary")
    return [*said, f"{equal} to the cent"]


def _together(alike: Sequence[FormTotal]) -> str:
    """Reports that lack the same schedule, in one sentence."""
    stated = money_text(sum(each.stated_cents or 0 for each in alike))
    return f"{alike[0].reason}, and {len(alike):,} reports state {stated} there"
