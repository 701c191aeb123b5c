"""Verdicts on pledges, and the money before and after: as lines for the terminal, and all signers as tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from unionscreen.contributions import money_text
from unionscreen.output.tables import Cell, ResultTable, TableList, TypedColumn
from unionscreen.reports.tables import pledges_table, screening_tables
from unionscreen.reports.text import count, shorten, visible
from unionscreen.signers import Identity, Signer, splits

if TYPE_CHECKING:
    from datetime import date

    from unionscreen.pledges import CheckedPledge, PledgeCheck
    from unionscreen.screening.pledge import Pledge, PledgeReturn
    from unionscreen.screening.verdicts import VerdictRow

SIGNER_LIMIT: Final = 120  # characters of a name
RETURNS_LIMIT: Final = 5  # returned gifts named one by one; JSON has all of them
DONOR_LIMIT: Final = 60
ROWS_LIMIT: Final = 20  # gifts named one by one; the other formats have all of them
SIDE_WORDS: Final = {
    "before": "before", "after": "on the day or after", "undated": "undated",
    "unclear": "in the time in which it was made",
}  # fmt: skip
# What is on record, and what it is about: nobody is said to have pledged what the source does not show.
MADE: Final = {
    "yes": ("pledged", "covers"),
    "no": ("not a pledge, a statement of", "about"),
    "unclear": ("perhaps not a pledge, a statement of", "about"),
}
VERDICT_CAUTION: Final = (
    "A verdict is about the gifts that these filings show and the list recognizes: check it against the source of the "
    "pledge."
)


def pledges_text(checked: PledgeCheck) -> str:
    """A paragraph for each signer: the verdict on each pledge, and what was kept before and after the first one."""
    lines: list[str] = []
    for each in _together(checked):
        signer = each[0].signer
        namesakes = {other.signer.who for other in checked.checked if other.signer.who.name == signer.who.name}
        state = signer.state if len(namesakes) > 1 else ""
        office = ", ".join(visible(part) for part in (signer.office, signer.jurisdiction, state) if part)
        lines.append(f"{shorten(signer.prosecutor, SIGNER_LIMIT)}" + (f" ({office})" if office else ""))
        for pledge in each:
            lines += _verdict(pledge)
        several = len(each) > 1
        own = {_split_at(pledge.signer) for pledge in each if splits(pledge.signer)}
        for entry in each[0].entries:
            # The money of a committee that may be a namesake's is split at the pledge of the namesake.
            if entry.pledge and (entry.pledge_date, entry.pledge_source) in own:
                lines += [f"  money before and after the pledge of {entry.pledge.made}:"] if several else []
                lines += _sides(entry.pledge)
        lines.append("")
    if checked.missing:
        lines.append(
            "Not found in these filings (this says nothing about them): " + ", ".join(map(visible, checked.missing))
        )
    lines.append(VERDICT_CAUTION)
    return "\n".join(lines) + "\n"


def _split_at(signer: Signer) -> tuple[date, str | None]:
    """What an entry shows of the pledge at which its money is split."""
    return signer.pledge_date, signer.source or None


def _together(checked: PledgeCheck) -> list[list[CheckedPledge]]:
    """The pledges of each person who is in these filings."""
    people: dict[Identity, list[CheckedPledge]] = {}
    for each in checked.checked:
        if each.entries:
            people.setdefault(each.signer.who, []).append(each)
    return [people[name] for name in sorted(people)]


def _verdict(each: CheckedPledge) -> list[str]:
    """When it was made and where that is documented, the verdict, and the rows that decide it."""
    signer, verdict = each.signer, each.verdict
    said, about = MADE[signer.judged_by.is_pledge]
    made = f"  {said} {signer.judged_by.made}" + (f" ({visible(signer.pledge)})" if signer.pledge else "")
    lines = [made + (f", {visible(signer.source)}" if signer.source else "")]
    lines.append(f"  {about} {signer.judged_by.words}")
    lines.append(f"  {verdict.verdict.upper()}: {'; '.join(map(visible, verdict.why))}")
    lines += [f"    {_row(row)}" for row in verdict.deciding[:ROWS_LIMIT]]
    more = len(verdict.deciding) - ROWS_LIMIT
    lines += [f"    and {count(more, 'gift')} more: --format json has all"] if more > 0 else []
    if outside := len(verdict.rows) - len(verdict.deciding):
        lines.append(f"    {count(outside, 'gift')} after it that it does not cover")
    return lines


def _row(row: VerdictRow) -> str:
    day = row.date.isoformat() if row.date else "no date"
    kept = f" on {row.returned_on}" if row.returned_on else ""
    kept += f", kept {count(row.days_kept, 'day')}" if row.days_kept is not None else ""
    donor = shorten(row.contributor, DONOR_LIMIT)
    return f"{day} {money_text(row.amount_cents)} {donor}, {visible(row.place)}: {row.answer}{kept}"


def _sides(pledge: Pledge) -> list[str]:
    lines = []
    for name, side in pledge.sides.items():
        if name not in ("before", "after") and not (side.gifts or side.refunded):
            continue
        sums = f"{money_text(side.gross)} given, {money_text(side.refunded)} returned, {money_text(side.net)} kept"
        pattern = (
            f", {money_text(side.pattern_net)} of it from givers not identified on the list" if side.pattern_net else ""
        )
        after = SIDE_WORDS[name] if not pledge.latest or name != "after" else "after that"
        lines.append(f"  {after}: {count(side.gifts, 'gift')}, {sums}{pattern}")
    return lines + [f"    {each}" for each in pledge_lines(pledge)]


def pledges_result(checked: PledgeCheck) -> TableList:
    """All tables of the signers; where a format holds one, a row per signer and side."""
    screening = checked.screening
    about = {"manifest": screening.manifest, "notes": list(screening.notes)}
    verdicts = verdicts_table(checked)
    return TableList(
        [verdicts, verdict_rows_table(checked), *screening_tables(screening)], _with_verdicts(checked), about
    )


_SIGNER: Final = (
    TypedColumn("prosecutor", "text", "who pledged"),
    TypedColumn("office", "text", "of the signer"),
    TypedColumn("jurisdiction", "text", "of the signer"),
    TypedColumn("pledge_date", "text", "when it was made, as precisely as is known"),
    TypedColumn("pledge", "text", "which pledge"),
)
_VERDICTS: Final = (
    *_SIGNER,
    TypedColumn("verdict", "text", "kept, broken, returned, cannot be decided"),
    TypedColumn("why", "text", "in sentences"),
    TypedColumn("covers", "text", "what its words cover"),
    TypedColumn("pledge_source", "text", "where the pledge is documented"),
    TypedColumn("note", "text", "about the pledge and its source"),
    TypedColumn("rows", "text", "file:row of the gifts on which the verdict rests"),
    TypedColumn("days_covered", "text", "days after the pledge that the filings cover"),
    TypedColumn("days_not_covered", "text", "days after the pledge that they do not cover"),
    TypedColumn("recipients", "text", "the committees; empty if the signer is not in these filings"),
)
_VERDICT_ROWS: Final = (
    *_SIGNER,
    TypedColumn("source", "text", "the file"),
    TypedColumn("row", "count", "the gift's row in it"),
    TypedColumn("contributor", "text", "the donor, as filed"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("tier", "text", "listed or pattern"),
    TypedColumn("date", "date", "of the gift"),
    TypedColumn("amount", "cents", "US dollars"),
    TypedColumn("answer", "text", "not returned, returned, cannot be decided, not covered by the pledge"),
    TypedColumn("why", "text", "why it cannot be decided or is not covered; or file:row of the refund"),
    TypedColumn("returned_on", "date", "of the refund"),
    TypedColumn("days_kept", "count", "between the two"),
)


def _who(each: CheckedPledge) -> tuple[Cell, ...]:
    signer = each.signer
    return signer.prosecutor, signer.office, signer.jurisdiction, signer.judged_by.made, signer.pledge


def verdicts_table(checked: PledgeCheck) -> ResultTable:
    """A row for each pledge, also of signers who are not in these filings."""
    rows: list[tuple[Cell, ...]] = [
        (
            *_who(each),
            *(each.verdict.verdict, "; ".join(each.verdict.why), each.signer.judged_by.words),
            *(each.signer.source, each.signer.note, "; ".join(row.place for row in each.verdict.deciding)),
            *(", ".join(map(str, each.verdict.covered)), each.verdict.not_covered_text, "; ".join(each.recipients)),
        )
        for each in checked.checked
    ]
    return ResultTable("verdicts", "Verdicts", "Whether each pledge was kept, as far as it shows", _VERDICTS, rows)


def verdict_rows_table(checked: PledgeCheck) -> ResultTable:
    """A row for each gift on or after the day of a pledge."""
    names = [column.name for column in _VERDICT_ROWS[len(_SIGNER) :]]
    rows: list[tuple[Cell, ...]] = [
        (*_who(each), *(getattr(row, "amount_cents" if name == "amount" else name) for name in names))
        for each in checked.checked
        for row in each.verdict.rows
    ]
    about = "What each gift on or after the day of a pledge means for it; in no sum"
    return ResultTable("verdict_rows", "Rows of verdicts", about, _VERDICT_ROWS, rows)


def _with_verdicts(checked: PledgeCheck) -> ResultTable:
    """The money of both sides, each row with the verdict on the pledge by which it was split."""
    table = pledges_table(checked.screening)
    split: dict[tuple[int, date | None, str | None], CheckedPledge] = {
        (id(entry), *_split_at(each.signer)): each
        for each in reversed(checked.checked)
        if splits(each.signer)
        for entry in each.entries
    }
    # The table has a row for each side of each entry with a pledge, in the same order.
    found = [
        split.get((id(entry), entry.pledge_date, entry.pledge_source))
        for entry in checked.screening.prosecutors
        if entry.pledge
        for _ in entry.pledge.sides
    ]
    added = [
        (each.verdict.verdict, "; ".join(each.verdict.why), "; ".join(row.place for row in each.verdict.deciding))
        if each
        else (None, None, None)
        for each in found
    ]
    named = (
        TypedColumn("verdict", "text", "on the pledge: kept, broken, returned, cannot be decided"),
        TypedColumn("verdict_why", "text", "in sentences"),
        TypedColumn("verdict_rows", "text", "file:row of the gifts on which it rests"),
    )
    rows = [(*row, *more) for row, more in zip(table.rows, added, strict=True)]
    return replace(table, columns=(*table.columns, *named), rows=rows)


def pledge_lines(pledge: Pledge) -> list[str]:
    """Each returned gift, with the number of days it was kept."""
    lines = [_returned(each) for each in pledge.returned[:RETURNS_LIMIT]]
    more = len(pledge.returned) - len(lines)
    return [*lines, f"and {count(more, 'gift')} more returned: --format json has all"] if more else lines


def _returned(each: PledgeReturn) -> str:
    given = each.date.isoformat() if each.date else "no date"
    back = f" on {each.returned_on.isoformat()}" if each.returned_on else ""
    kept = f", kept {count(each.days_kept, 'day')}" if each.days_kept is not None else ""
    return f"{money_text(each.amount_cents)} of {given} returned{back}{kept}"
