"""A screening as tables: what a workbook, a database and data files are written from.

Cells are plain values: money in whole cents, days as dates, None where nothing is known. Each writer turns them into
the types of its format, so that all formats hold the same rows and columns under the same names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from unionscreen.accounting import Amount, total
from unionscreen.reports.diary import diary
from unionscreen.screening.result import FINDING_OF, beside

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry, Screening

Type = Literal["text", "integer", "money", "score", "date", "boolean"]
Cell = str | int | float | date | None


class Column(NamedTuple):
    """A column: its name in data files, its type, and what it holds."""

    name: str
    type: Type
    about: str


@dataclass(frozen=True)
class Table:
    """Rows under typed columns."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [column.name for column in self.columns]


_IDS: Final = (
    Column("person_id", "text", "the recipient's person, the same in every file; empty where it is not a prosecutor"),
    Column("committee_id", "text", "the recipient, the same in every file; several are separated by semicolons"),
)
# A contribution, wherever it is shown as a row of data. The first fifteen are those of the CSV since its first version;
# new ones come behind.
CONTRIBUTION: Final = (
    Column("source", "text", "the file, and the member or sheet inside it"),
    Column("row", "integer", "line (text) or record number (sheet) in that file; the heading is 1"),
    Column("prosecutor", "text", "the person; empty for a recipient that is no prosecutor"),
    Column("recipient", "text", "the committee that received, as filed"),
    Column("contributor", "text", "the donor, as filed"),
    Column("date", "date", "empty when absent or impossible"),
    Column("amount", "money", "US dollars; negative is money going back"),
    Column("kind", "text", "monetary, in-kind, loan, refund, transfer, independent-expenditure, other"),
    Column("status", "text", "active, superseded, covered, duplicate, memo, refunded, void"),
    Column("tier", "text", "listed, pattern, related (counted as asked), or empty for a related organization"),
    Column("union_id", "text", "id in the curated list"),
    Column("union", "text", "name in the curated list"),
    Column("union_kind", "text", "police, corrections, ...; or what a related organization is"),
    Column("score", "score", "0 to 100, orders doubt; no probability"),
    Column("why", "text", "the evidence in one sentence, with its place"),
    Column("status_cause", "text", "file:row of the row that caused the status, or a sentence where none did"),
    Column("counted", "boolean", "whether the row is in the flagged sums: the counted amounts add up to net"),
    Column("alias", "text", "the name on the list that was met"),
    Column("prosecutor_id", "integer", "number of the prosecutor (or recipient) in this report"),
    Column("recipient_id", "text", "the committee's id with the agency"),
    Column("contributor_type", "text", "individual, organization, committee, unknown"),
    Column("employer", "text", "the donor's employer, as filed"),
    Column("occupation", "text", "the donor's occupation, as filed"),
    Column("city", "text", "the donor's city"),
    Column("state", "text", "the donor's state"),
    Column("filing_id", "text", "the report that the row was filed in"),
    Column("amendment", "text", "which version of that report"),
    Column("transaction_id", "text", "the agency's or filer's id of the transaction"),
    Column("reviewed", "text", "what a person decided about this donor: verdict, by whom, when"),
    Column("finding", "text", "union, related, employer (works for a union), dismissed (reviewed, and not a union)"),
    Column("recipient_name", "text", "the person, else the committees: whose sum the row is in"),
    Column("year", "integer", "of the date"),
    Column("could_be", "text", "ids of unions that an ambiguous name may mean, parted by blanks"),
    *_IDS,
)

_PROSECUTORS: Final = (
    Column("prosecutor_id", "integer", "number in this report"),
    Column("prosecutor", "text", "the person; empty for a recipient that is no prosecutor"),
    Column("office", "text", "in the standard words"),
    Column("jurisdiction", "text", "county, district or city where said"),
    Column("recipients", "text", "the committees, as filed"),
    Column("pledge_date", "date", "the day of the pledge, from the roster"),
    Column("contributions", "integer", "rows of these committees, whatever their status"),
    Column("raised", "money", "monetary and in-kind contributions and transfers in, less refunds"),
    Column("in_kind", "money", "how much of what was raised came in kind"),
    Column("loans", "money", "lent less repaid; in no other sum"),
    Column("flagged_rows", "integer", "union rows that the sums add"),
    Column("flagged_gross", "money", "the unions' gifts"),
    Column("flagged_refunded", "money", "what went back to them"),
    Column("flagged_net", "money", "the difference"),
    Column("flagged_in_kind", "money", "how much of the gifts came in kind"),
    Column("flagged_loans", "money", "lent by unions; in no other sum"),
    Column("related_rows", "integer", "rows of related organizations, in no sum"),
    Column("flagged_not_counted", "integer", "union rows in no sum: repeats, memo items, loans, rows taken back"),
    Column("raised_rows", "integer", "of contributions, the rows that raised adds"),
    Column("name", "text", "the person, else the committees: recipient_name of the rows"),
    Column("raised_note", "text", "why nothing counts as raised, or that all of it came as transfers"),
    *_IDS,
)
_SUMS: Final = (
    Column("rows", "integer", "flagged rows that the sums add"),
    Column("gross", "money", "gifts"),
    Column("refunded", "money", "what went back"),
    Column("net", "money", "the difference"),
)
_NOT_COUNTED: Final = Column("not_counted", "integer", "flagged rows in no sum")
_INPUTS: Final = (
    Column("path", "text", "as given"),
    Column("sha256", "text", "of the bytes as given"),
    Column("format", "text", "id of the filing format; mapped for a table read by its headings"),
    Column("encoding", "text", "the one that was met"),
    Column("rows_read", "integer", "rows_screened and rows_rejected"),
    Column("rows_screened", "integer", "rows with an amount"),
    Column("rows_rejected", "integer", "rows that could not be read; table rejects says why"),
    Column("first_date", "date", "of all rows"),
    Column("last_date", "date", "of all rows"),
    Column("undated", "integer", "rows without a date, or with an impossible one"),
)


class Numbered(NamedTuple):
    """An entry with its number and its name in the report."""

    number: int
    name: str
    entry: ProsecutorEntry


def _numbered(screening: Screening) -> list[Numbered]:
    names = zip(screening.names, screening.prosecutors, strict=True)
    return [Numbered(number, name, entry) for number, (name, entry) in enumerate(names, 1)]


def contribution(of: Numbered, flag: Flag, finding: str) -> tuple[Cell, ...]:
    """A flag under the columns of :data:`CONTRIBUTION`.

    Args:
        of: whose row it is.
        flag: the row.
        finding: what it is found to be, one of the values of ``screening.result.FINDING_OF``.
    """
    own: dict[str, Cell] = {
        "prosecutor": of.entry.prosecutor,
        "prosecutor_id": of.number,
        "amount": flag.amount_cents,
        "score": round(flag.score, 1),
        "finding": finding,
        **beside(of.name, finding, flag),
    }
    return tuple(own[name] if name in own else getattr(flag, name) for name, *_ in CONTRIBUTION)


def tables(screening: Screening) -> list[Table]:
    """Every table of a report, findings first."""
    numbered = _numbered(screening)
    found = [
        prosecutors_table(screening),
        flags_table(screening),
        _rows_table(numbered, "related", "Related", "Look-alikes that are no union; in no sum"),
    ]
    if any(of.entry.employers for of in numbered) or screening.manifest["settings"].get("employers"):
        found.append(_rows_table(numbered, "employers", "Employers", "Individuals employed by a union; in no sum"))
    if any(of.entry.dismissed for of in numbered):
        found.append(_rows_table(numbered, "dismissed", "Dismissed", "Reviewed, and not a union; in no sum"))
    if any(of.entry.pledge for of in numbered):
        found += [_pledges(numbered), _returns(numbered)]
    flags = [flag for of in numbered for flag in of.entry.flags]
    return [*found, by_union(flags), by_year(flags), _rejects(screening), *about_tables(screening)]


def about_tables(screening: Screening) -> list[Table]:
    """What a report says about itself: the diary, the inputs, the manifest."""
    return [diary_table(screening), _inputs(screening), _manifest(screening)]


def _rows_table(numbered: Sequence[Numbered], name: str, title: str, about: str) -> Table:
    rows = [contribution(of, flag, FINDING_OF[name]) for of in numbered for flag in getattr(of.entry, name)]
    return Table(name, title, about, CONTRIBUTION, rows)


def flags_table(screening: Screening) -> Table:
    """The flagged rows, prosecutor by prosecutor in the order of the report."""
    return _rows_table(
        _numbered(screening), "flags", "Flags", "Contributions of police unions; sums are of the counted rows"
    )


def tidy_table(screening: Screening) -> Table:
    """The rows of a single-table file: the flags, with ``--include-related`` each prosecutor's related rows after.

    What ``--employers`` found follows, and with ``--decisions`` what was dismissed, neither counted: nothing that was
    asked for or reviewed is hidden.
    """
    related = screening.manifest["settings"].get("include_related")
    rows = [
        contribution(of, flag, finding)
        for of in _numbered(screening)
        for finding, flag in of.entry.findings
        if related or finding != "related"
    ]
    return Table("flags", "Flags", "Contributions of police unions, as far as they match", CONTRIBUTION, rows)


def prosecutors_table(screening: Screening) -> Table:
    """One row per prosecutor, or with ``--recipients all`` per recipient."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(number, entry.prosecutor, entry.office, entry.jurisdiction, "; ".join(entry.recipients)),
            *(entry.pledge_date, entry.contributions, entry.raised, entry.in_kind, entry.loans, len(entry.counted)),
            *(entry.flagged.gross, entry.flagged.refunded, entry.flagged.net),
            *(entry.flagged.in_kind, entry.flagged.loans, len(entry.related)),
            *(len(entry.flags) - len(entry.counted), entry.raised_rows, name, entry.raised_note),
            *(entry.person_id, entry.committee_id),
        )
        for number, name, entry in _numbered(screening)
    ]
    return Table("prosecutors", "Prosecutors", "One row each, with what was raised and flagged", _PROSECUTORS, rows)


def _summed(groups: Mapping[Any, Sequence[Flag]]) -> Iterable[tuple[Any, tuple[int, int, int, int, int]]]:
    for group, flags in groups.items():
        money = total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags)
        counted = sum(flag.counts for flag in flags)
        yield group, (counted, money.gross, money.refunded, money.net, len(flags) - counted)


def by_union(flags: Iterable[Flag]) -> Table:
    """What each organization gave, the largest net sum first; one that is not on the list goes by its name as filed."""
    groups: dict[tuple[str | None, ...], list[Flag]] = {}
    for flag in flags:
        name = flag.union or " ".join(flag.contributor.split())
        key = (flag.tier, flag.union_id, flag.union_kind, flag.union_id or name.casefold())
        groups.setdefault(key, []).append(flag)
    rows: list[tuple[Cell, ...]] = []
    for (tier, union_id, kind, _), sums in _summed(groups):
        first = groups[tier, union_id, kind, _][0]
        rows.append((tier, union_id, first.union or " ".join(first.contributor.split()), kind, *sums))
    rows.sort(key=lambda row: (-int(str(row[7])), str(row[2])))
    columns = (
        Column("tier", "text", "listed, or pattern for one that is not on the list"),
        Column("union_id", "text", "id in the curated list"),
        Column("union", "text", "name in the curated list, else as filed"),
        Column("union_kind", "text", "police, corrections, ..."),
        *_SUMS,
        _NOT_COUNTED,
    )
    return Table("by_union", "By union", "Flagged money by organization", columns, rows)


def by_year(flags: Iterable[Flag]) -> Table:
    """What was given in each calendar year; the undated last."""
    groups: dict[int | None, list[Flag]] = {}
    for flag in flags:
        groups.setdefault(flag.date.year if flag.date else None, []).append(flag)
    rows: list[tuple[Cell, ...]] = [(year, *sums) for year, sums in _summed(groups)]
    rows.sort(key=lambda row: (row[0] is None, row[0] or 0))
    columns = (Column("year", "integer", "empty for rows without a date"), *_SUMS, _NOT_COUNTED)
    return Table("by_year", "By year", "Flagged money by calendar year", columns, rows)


def _pledges(numbered: Sequence[Numbered]) -> Table:
    """Each pledge's money on both sides of the day, as ``accounting.pledge_money`` parted it."""
    columns = (
        Column("prosecutor_id", "integer", "number in this report"),
        Column("prosecutor", "text", "the person"),
        Column("pledge_date", "date", "from the roster"),
        Column("pledge_source", "text", "where the pledge is documented"),
        Column("side", "text", "before, after (from the day on), undated"),
        Column("gifts", "integer", "how many"),
        *_SUMS[1:],
        Column("pattern_gross", "money", "of gross, from organizations that are not on the list"),
        Column("pattern_refunded", "money", "of refunded, the same"),
        Column("pattern_net", "money", "of net, the same"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(number, entry.prosecutor, pledge.date, pledge.source, name, side.gifts, side.gross, side.refunded),
            *(side.net, side.pattern_gross, side.pattern_refunded, side.pattern_net),
        )
        for number, _, entry in numbered
        if (pledge := entry.pledge)
        for name, side in pledge.sides.items()
    ]
    return Table("pledges", "Pledges", "Union money before and after a pledge to take none", columns, rows)


def _returns(numbered: Sequence[Numbered]) -> Table:
    names = ("source", "row", "contributor", "amount_cents", "date", "returned_on", "days_kept", "side")
    columns = (
        Column("prosecutor_id", "integer", "number in this report"),
        Column("source", "text", "the file"),
        Column("row", "integer", "the gift's row in it"),
        Column("contributor", "text", "the donor, as filed"),
        Column("amount", "money", "US dollars"),
        Column("date", "date", "of the gift"),
        Column("returned_on", "date", "of the refund"),
        Column("days_kept", "integer", "between the two"),
        Column("side", "text", "of the pledge: before, after, undated"),
    )
    rows: list[tuple[Cell, ...]] = [
        (number, *(getattr(each, name) for name in names))
        for number, _, entry in numbered
        if (pledge := entry.pledge)
        for each in pledge.returned
    ]
    return Table("returned", "Returned", "Gifts that were returned, and how long they were kept", columns, rows)


def _rejects(screening: Screening) -> Table:
    columns = (
        Column("source", "text", "the file"),
        Column("row", "integer", "line or record number in it"),
        Column("reason", "text", "why it could not be read as a contribution"),
        Column("text", "text", "the row"),
    )
    rows: list[tuple[Cell, ...]] = [(each.source, each.row, each.reason, each.text) for each in screening.rejected]
    return Table("rejects", "Not screened", "Rows that could not be read", columns, rows)


def diary_table(screening: Screening) -> Table:
    """The data diary."""
    columns = (
        Column("fact", "text", "its name in data files"),
        Column("what", "text", "in words"),
        Column("value", "text", ""),
    )
    rows: list[tuple[Cell, ...]] = [(fact.key, fact.label, str(fact.value)) for fact in diary(screening)]
    return Table("diary", "Diary", "What was read, and what became of it", columns, rows)


def _inputs(screening: Screening) -> Table:
    days = ("first_date", "last_date")
    rows: list[tuple[Cell, ...]] = [
        tuple(_day(each.get(name)) if name in days else each.get(name) for name, *_ in _INPUTS)
        for each in screening.manifest["inputs"]
    ]
    return Table("inputs", "Inputs", "The files, by which the result can be had again", _INPUTS, rows)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _manifest(screening: Screening) -> Table:
    """The manifest without its inputs, one row per value; lists and dictionaries of settings as JSON."""
    rows: list[tuple[Cell, ...]] = []
    for key, value in screening.manifest.items():
        if key == "inputs":
            continue
        parts = {f"{key}.{name}": part for name, part in value.items()} if isinstance(value, dict) else {key: value}
        rows += [(name, _said(part)) for name, part in parts.items()]
    rows += [("note", note) for note in screening.notes]
    columns = (Column("key", "text", ""), Column("value", "text", ""))
    return Table("manifest", "Manifest", "Version, list, settings and counts of this run", columns, rows)


def _said(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
