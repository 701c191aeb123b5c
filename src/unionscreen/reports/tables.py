"""A screening as tables: what a workbook, a database and data files are written from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from unionscreen.accounting import Amount, total
from unionscreen.output.tables import Cell, DatabaseParts, Keys, ResultTable, TypedColumn
from unionscreen.reports.columns import (
    CONTRIBUTION,
    CONTRIBUTION_KEYS,
    CONTRIBUTION_NAMES,
    FORM_TOTALS,
    ID_COLUMNS,
    INPUT_NAMES,
    INPUTS,
    NOT_COUNTED_COLUMN,
    ORGANIZATIONS,
    PROSECUTORS,
    RECIPIENTS,
    REPORT_DAYS,
    SUMS,
    TOTAL_COLUMNS,
)
from unionscreen.reports.compare import comparison_tables
from unionscreen.reports.coverage import coverage
from unionscreen.reports.money_out import cells_of, money_out_tables
from unionscreen.reports.queries import DATABASE
from unionscreen.reports.reviews import reviews_tables, with_reviews
from unionscreen.screening.result import FINDING_OF, Flag, report_columns

if TYPE_CHECKING:
    from unionscreen.screening import ProsecutorEntry, Screening


@dataclass(frozen=True)
class ScreeningReport:
    """A screening as every format writes it; the tables are made when a format asks for them."""

    screening: Screening
    database: DatabaseParts = DATABASE

    @cached_property
    def tables(self) -> list[ResultTable]:
        """Every table, findings first; with the tables that the keys of a database lead to."""
        found = screening_tables(self.screening)
        return [_organisations(found), _recipients(_numbered(self.screening)), *found]

    @cached_property
    def single(self) -> ResultTable:
        """The flags, with what else was asked for."""
        return with_reviews(tidy_table(self.screening), self.screening)

    @cached_property
    def about(self) -> dict[str, Any]:
        """Manifest, diary and notes."""
        return {
            "manifest": self.screening.manifest,
            "diary": {fact.key: fact.value for fact in coverage(self.screening)},
            "notes": list(self.screening.notes),
        }


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
        "office": of.entry.office,
        "jurisdiction": of.entry.jurisdiction,
        "amount": flag.amount_cents,
        "score": round(flag.score, 1),
        "finding": finding,
        **report_columns(of.name, finding, flag),
    }
    return tuple(own[name] if name in own else getattr(flag, name) for name in CONTRIBUTION_NAMES)


def screening_tables(screening: Screening) -> list[ResultTable]:
    """Every table of a report, findings first."""
    numbered = _numbered(screening)
    found = [
        _rows_table(numbered, "flags", "Flags", "Contributions of police unions; totals are of the counted rows"),
        _rows_table(numbered, "related", "Related", "Look-alikes that are not unions; not counted in totals"),
    ]
    if any(of.entry.employers for of in numbered) or screening.manifest["settings"].get("employers"):
        found.append(
            _rows_table(numbered, "employers", "Employers", "Individuals employed by a union; not counted in totals")
        )
    if any(of.entry.dismissed for of in numbered):
        found.append(
            _rows_table(numbered, "dismissed", "Dismissed", "Reviewed, and not a union; not counted in totals")
        )
    if any(of.entry.pledge for of in numbered):
        found += [pledges_table(screening), _returns(numbered)]
    flags = [flag for of in numbered for flag in of.entry.flags]
    return [
        prosecutors_table(screening),
        *comparison_tables(screening),
        *found,
        by_union(flags),
        by_year(flags),
        *money_out_tables(screening),
        *_form_tables(screening),
        *reviews_tables(screening),
        _rejects(screening),
        *about_tables(screening),
    ]


def _form_tables(screening: Screening) -> list[ResultTable]:
    """What the filings' forms state beside the rows, and the days that their reports cover; none where they do not."""
    days = [
        (each.recipient, each.recipient_id, what, *span, each.person_id, each.committee_id)
        for each in screening.periods
        for what, spans in (("report", each.periods), ("gap", each.gaps), ("overlap", each.overlaps))
        for span in spans
    ]
    totals = cells_of(screening.form_totals, FORM_TOTALS)
    found = (
        ResultTable("form_totals", "Form totals", "Each line of a form's summary beside the rows", FORM_TOTALS, totals),
        ResultTable("periods", "Periods", "The days that reports cover, and the gaps and overlaps", REPORT_DAYS, days),
    )
    return [table for table in found if table.rows]


def about_tables(screening: Screening) -> list[ResultTable]:
    """What a report says about itself: the diary, the inputs, the manifest."""
    return [_coverage(screening), _inputs(screening), _manifest(screening)]


def _rows_table(numbered: Sequence[Numbered], name: str, title: str, about: str) -> ResultTable:
    rows = [contribution(of, flag, FINDING_OF[name]) for of in numbered for flag in getattr(of.entry, name)]
    return ResultTable(name, title, about, CONTRIBUTION, rows, keys=CONTRIBUTION_KEYS)


def _organisations(found: Iterable[ResultTable]) -> ResultTable:
    """The listed organizations that occur, for ``union_id`` to point to; the first name found is used."""
    names: dict[Cell, tuple[Cell, ...]] = {}
    for table in found:
        if table.columns is not CONTRIBUTION:
            continue
        for listed in zip(*map(table.column, ("union_id", "union", "union_kind")), strict=True):
            if listed[0] is not None:
                names.setdefault(listed[0], listed)
    rows = sorted(names.values(), key=str)
    about = "Listed organizations that occur here"
    keys = Keys(("organisation_id",), label="name")
    return ResultTable("organisations", "Organizations", about, ORGANIZATIONS, rows, "lookup", keys)


def _recipients(numbered: Iterable[Numbered]) -> ResultTable:
    rows: list[tuple[Cell, ...]] = [(of.number, name) for of in numbered for name in dict.fromkeys(of.entry.recipients)]
    keys = Keys(("prosecutor_id", "recipient"), {"prosecutor_id": ("prosecutors", "prosecutor_id")})
    return ResultTable("recipients", "Recipients", "Which committees belong to whom", RECIPIENTS, rows, "lookup", keys)


def tidy_table(screening: Screening, *, related: bool = False) -> ResultTable:
    """The rows of a single-table file: the flags, with ``--include-related`` each prosecutor's related rows after.

    What ``--employers`` found follows, and with ``--decisions`` what was dismissed, neither counted: nothing that was
    asked for or reviewed is hidden.

    Args:
        screening: what was found.
        related: with the related rows, whether they were asked for or not.
    """
    related = related or bool(screening.manifest["settings"].get("include_related"))
    rows = [
        contribution(of, flag, finding)
        for of in _numbered(screening)
        for finding, flag in of.entry.findings
        if related or finding != "related"
    ]
    about = "Contributions of police unions to prosecutors, as far as they match a curated list"
    return ResultTable("flags", "Flags", about, CONTRIBUTION, rows, keys=CONTRIBUTION_KEYS)


def prosecutors_table(screening: Screening) -> ResultTable:
    """One row per prosecutor, or with ``--recipients all`` per recipient."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(number, entry.prosecutor, entry.office, entry.jurisdiction, "; ".join(entry.recipients)),
            *(entry.pledge_date, entry.contributions, entry.raised, entry.in_kind, entry.loans, len(entry.counted)),
            *(entry.flagged.gross, entry.flagged.refunded, entry.flagged.net),
            *(entry.flagged.in_kind, entry.flagged.loans, len(entry.related)),
            *(len(entry.flags) - len(entry.counted), entry.raised_rows, name, entry.raised_note, name),
            *(entry.person_id, entry.committee_id),
        )
        for number, name, entry in _numbered(screening)
    ]
    about = "One row each, with what was raised and flagged"
    return ResultTable(
        "prosecutors",
        "Prosecutors",
        about,
        PROSECUTORS,
        rows,
        keys=Keys(("prosecutor_id",), facets=("office", "jurisdiction"), label="name"),
    )


def totals_table(screening: Screening) -> ResultTable:
    """The money by prosecutor, year and union; a refund counts in the year in which it was made."""
    rows: list[tuple[Cell, ...]] = []
    for of in _numbered(screening):
        groups: dict[tuple[Any, ...], list[Flag]] = {}
        for flag in of.entry.flags:
            groups.setdefault((flag.year, flag.union_id, flag.union, flag.union_kind), []).append(flag)
        ordered = {key: groups[key] for key in sorted(groups, key=lambda key: (key[0] or 0, *map(str, key[1:])))}
        rows += [
            (
                *(of.entry.prosecutor, of.entry.office, of.entry.jurisdiction, *key, *sums, of.name),
                *(of.entry.person_id, of.entry.committee_id),
            )
            for key, sums in _summed(ordered)
        ]
    return ResultTable("totals", "Totals", "Flagged money by prosecutor, year and union", TOTAL_COLUMNS, rows)


def _summed(groups: Mapping[Any, Sequence[Flag]]) -> Iterable[tuple[Any, tuple[int, int, int, int, int]]]:
    for group, flags in groups.items():
        money = total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags)
        counted = sum(flag.counts for flag in flags)
        yield group, (counted, money.gross, money.refunded, money.net, len(flags) - counted)


def by_union(flags: Iterable[Flag]) -> ResultTable:
    """What each organization gave, the largest net total first. One that is not identified has its name as filed."""
    groups: dict[tuple[str | None, ...], list[Flag]] = {}
    for flag in flags:
        name = flag.union or " ".join(flag.contributor.split())
        key = (flag.tier, flag.union_id, flag.union_kind, flag.union_id or name.casefold())
        groups.setdefault(key, []).append(flag)
    rows: list[tuple[Cell, ...]] = []
    for (tier, union_id, kind, _), sums in _summed(groups):
        first = groups[tier, union_id, kind, _][0]
        name = first.union or " ".join(first.contributor.split())
        rows.append((tier, union_id, name, kind, *sums, *_ids(groups[tier, union_id, kind, _])))
    rows.sort(key=lambda row: (-int(str(row[7])), str(row[2])))
    columns = (
        TypedColumn("tier", "text", "listed, or pattern for one that is not identified with one on the list"),
        TypedColumn("union_id", "text", "id in the curated list"),
        TypedColumn("union", "text", "name in the curated list, else as filed"),
        TypedColumn("union_kind", "text", "police, corrections, ..."),
        *SUMS,
        NOT_COUNTED_COLUMN,
        TypedColumn("person_id", "text", "who received, the same in every file; several are separated by semicolons"),
        ID_COLUMNS[1],
    )
    keys = Keys(facets=("tier", "union_kind"))
    return ResultTable("by_union", "By union", "Flagged money by organization", columns, rows, keys=keys)


def _ids(flags: Iterable[Flag]) -> tuple[str | None, str | None]:
    """The ids of all people and of all committees of the rows."""
    rows = list(flags)
    people, committees = ({each.person_id for each in rows}, {each.committee_id for each in rows})
    return "; ".join(sorted(filter(None, people))) or None, "; ".join(sorted(filter(None, committees))) or None


def by_year(flags: Iterable[Flag]) -> ResultTable:
    """What was given in each calendar year; the undated last."""
    groups: dict[int | None, list[Flag]] = {}
    for flag in flags:
        groups.setdefault(flag.date.year if flag.date else None, []).append(flag)
    rows: list[tuple[Cell, ...]] = [(year, *sums) for year, sums in _summed(groups)]
    rows.sort(key=lambda row: (row[0] is None, row[0] or 0))
    columns = (TypedColumn("year", "count", "empty for rows without a date"), *SUMS, NOT_COUNTED_COLUMN)
    return ResultTable("by_year", "By year", "Flagged money by calendar year", columns, rows)


def pledges_table(screening: Screening) -> ResultTable:
    """Each pledge's money on both sides of the day, as ``accounting.pledge_money`` split it."""
    columns = (
        *PROSECUTORS[1:5],
        TypedColumn("pledge_date", "date", "the first possible day, from the roster"),
        TypedColumn("pledge_source", "text", "where the pledge is documented"),
        TypedColumn("side", "text", "before, after (from the day on), undated; unclear where the day is not known"),
        TypedColumn("gifts", "count", "how many"),
        *SUMS[1:],
        TypedColumn(
            "pattern_gross", "cents", "of gross, from organizations that are not identified with one on the list"
        ),
        TypedColumn("pattern_refunded", "cents", "of refunded, the same"),
        TypedColumn("pattern_net", "cents", "of net, the same"),
        PROSECUTORS[0],
        *ID_COLUMNS,
    )
    rows: list[tuple[Cell, ...]] = [
        (
            *(entry.prosecutor, entry.office, entry.jurisdiction, "; ".join(entry.recipients)),
            *(pledge.date, pledge.source, name, side.gifts, side.gross, side.refunded, side.net),
            *(side.pattern_gross, side.pattern_refunded, side.pattern_net, number, entry.person_id, entry.committee_id),
        )
        for number, _, entry in _numbered(screening)
        if (pledge := entry.pledge)
        for name, side in pledge.sides.items()
    ]
    return ResultTable("pledges", "Pledges", "Union money before and after a pledge to take none", columns, rows)


def _returns(numbered: Sequence[Numbered]) -> ResultTable:
    names = ("source", "row", "contributor", "amount_cents", "date", "returned_on", "days_kept", "side")
    columns = (
        TypedColumn("prosecutor_id", "count", "number in this report"),
        TypedColumn("source", "text", "the file"),
        TypedColumn("row", "count", "the gift's row in it"),
        TypedColumn("contributor", "text", "the donor, as filed"),
        TypedColumn("amount", "cents", "US dollars"),
        TypedColumn("date", "date", "of the gift"),
        TypedColumn("returned_on", "date", "of the refund"),
        TypedColumn("days_kept", "count", "between the two"),
        TypedColumn("side", "text", "of the pledge: before, after, undated, unclear"),
        *ID_COLUMNS,
    )
    rows: list[tuple[Cell, ...]] = [
        (number, *(getattr(each, name) for name in names), entry.person_id, entry.committee_id)
        for number, _, entry in numbered
        if (pledge := entry.pledge)
        for each in pledge.returned
    ]
    return ResultTable("returned", "Returned", "Gifts that were returned, and how long they were kept", columns, rows)


def _rejects(screening: Screening) -> ResultTable:
    columns = (
        TypedColumn("source", "text", "the file"),
        TypedColumn("row", "count", "line or record number in it"),
        TypedColumn("reason", "text", "why it could not be read as a contribution"),
        TypedColumn("text", "text", "the row"),
    )
    rows: list[tuple[Cell, ...]] = [(each.source, each.row, each.reason, each.text) for each in screening.rejected]
    keys = Keys(facets=("source", "reason"))
    return ResultTable("rejects", "Not screened", "Rows that could not be read", columns, rows, keys=keys)


def _coverage(screening: Screening) -> ResultTable:
    """What was read; the table keeps the name that it has had since its first version."""
    columns = (
        TypedColumn("fact", "text", "its name in data files"),
        TypedColumn("what", "text", "in words"),
        TypedColumn("value", "text", "a number or a text"),
    )
    rows: list[tuple[Cell, ...]] = [(fact.key, fact.label, str(fact.value)) for fact in coverage(screening)]
    about = "What was read, and what became of it"
    return ResultTable("diary", "Diary", about, columns, rows, "about", Keys(("fact",)))


def _inputs(screening: Screening) -> ResultTable:
    days = ("first_date", "last_date")
    rows: list[tuple[Cell, ...]] = [
        tuple(_day(each.get(name)) if name in days else each.get(name) for name in INPUT_NAMES)
        for each in screening.manifest["inputs"]
    ]
    about = "The files that were read, with their hashes"
    return ResultTable("inputs", "Inputs", about, INPUTS, rows, "about", Keys(("path",)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _manifest(screening: Screening) -> ResultTable:
    """The manifest without its inputs, one row per value; lists and dictionaries of settings as JSON."""
    rows: list[tuple[Cell, ...]] = []
    for key, value in screening.manifest.items():
        if key == "inputs":
            continue
        parts = {f"{key}.{name}": part for name, part in value.items()} if isinstance(value, dict) else {key: value}
        rows += [(name, _as_text(part)) for name, part in parts.items()]
    rows += [("note", note) for note in screening.notes]
    columns = (
        TypedColumn("key", "text", "name of the value; parts are joined by a dot"),
        TypedColumn("value", "text", "as text; lists and dictionaries as JSON"),
    )
    return ResultTable("manifest", "Manifest", "Version, list, settings and counts of this run", columns, rows, "about")


def _as_text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
