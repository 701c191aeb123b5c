"""The report as Markdown (GitHub's tables), for a repository, a note or a CMS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from unionscreen.contributions import money_text
from unionscreen.output.tables import Cell, ResultTable, TypedColumn, WriteOptions
from unionscreen.reports.compare import comparison_tables
from unionscreen.reports.coverage import coverage
from unionscreen.reports.money_out import readable_tables
from unionscreen.reports.reviews import reviews_tables
from unionscreen.reports.tables import ScreeningReport, about_tables, by_union, by_year
from unionscreen.reports.text import count, shorten
from unionscreen.reports.words import (
    CAUTION,
    CLEAR_LIMIT,
    LIMITS,
    NAME_LIMIT,
    ROW_LIMIT,
    SENTENCE_LIMIT,
    entry_name,
    filed_amount,
    headline,
    in_order,
    lead,
    of_raised,
    outcome,
    raised,
    rows_counted,
    unread_said,
)

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry, Screening

# Characters that could turn a name into a heading, a link, emphasis, code, HTML or another cell.
_ACTIVE: Final = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")
_LINKS: Final = re.compile(r"(?<=[a-zA-Z]):(?=//)|@|(?<=\bwww)\.", re.IGNORECASE)


def escape(text: str, limit: int = NAME_LIMIT) -> str:
    r"""A name for Markdown: on one line of at most ``limit`` characters, with nothing in it active.

    >>> escape("[red](http://example.org) <b>")
    '\\[red\\](http&#58;//example.org) \\<b\\>'
    """
    return _LINKS.sub(lambda match: f"&#{ord(match[0])};", _ACTIVE.sub(r"\\\1", shorten(text, limit)))


def write(report: ScreeningReport, _options: WriteOptions) -> bytes:
    """The whole report. A table that is cut says how many rows are left out."""
    return ("\n".join(_report(report.screening)).rstrip() + "\n").encode("utf-8", "backslashreplace")


def _report(screening: Screening) -> Iterator[str]:
    yield f"# {escape(headline(screening))}\n"
    yield f"{escape(lead(screening), SENTENCE_LIMIT)}\n"
    yield from (f"> **{escape(each)}**\n" for each in screening.manifest.get("differences", ()))
    yield f"> {CAUTION}\n"
    yield "## What was read\n"
    yield from (f"- {fact.label}: {escape(_figure(fact.value))}" for fact in coverage(screening))
    yield from (f"- Note: {escape(note)}" for note in screening.notes)
    yield ""
    for table in comparison_tables(screening):
        yield f"## {table.title}\n"
        yield from _table(table)
        yield ""
    ordered = in_order(screening)
    for entry in ordered:
        if entry.flags or entry.related or entry.employers or entry.dismissed:
            yield from _entry(entry)
    clear = [entry for entry in ordered if not (entry.flags or entry.related or entry.employers or entry.dismissed)]
    if clear:
        yield "## Nothing flagged\n"
        for entry in clear[:CLEAR_LIMIT]:
            note = f"; {entry.raised_note}" if entry.raised_note else ""
            yield f"- {escape(entry_name(entry))}: 0 of {count(entry.contributions, 'contribution')}{note}"
        yield f"- and {len(clear) - CLEAR_LIMIT:,} more" if len(clear) > CLEAR_LIMIT else ""
        yield ""
    flags = [flag for entry in screening.prosecutors for flag in entry.flags]
    if flags:
        for table in (by_union(flags), by_year(flags)):
            yield f"## {table.title}\n"
            yield from _table(table)
    for table in (*readable_tables(screening), *reviews_tables(screening)):
        yield f"## {table.title}, not counted above\n"
        yield f"{table.about}.\n"
        yield from _table(table)
    yield from _rejects(screening)
    yield "## Method and limits\n"
    yield from (f"- {line}" for line in LIMITS)
    yield "\n## Manifest\n"
    for table in about_tables(screening)[1:]:
        yield from _table(table)
    if unread := unread_said(screening.manifest):
        yield f"\n**{unread}**"


def _entry(entry: ProsecutorEntry) -> Iterator[str]:
    money = entry.flagged
    yield f"## {escape(entry_name(entry))}\n"
    office = ", ".join(escape(part) for part in (entry.office, entry.jurisdiction) if part)
    yield f"{office}  " if office else ""
    yield f"Committees: {'; '.join(map(escape, entry.recipients))}\n"
    flagged = f"{money_text(money.gross)} given, {money_text(money.refunded)} returned, **{money_text(money.net)} net**"
    flagged += f", {share}" if (share := of_raised(entry)) else ""
    yield f"Raised {raised(entry)}. Flagged: {flagged}, in {rows_counted(entry)}.\n"
    if entry.pledge:
        yield f"Pledge of {entry.pledge.made}" + _source(entry.pledge.source) + ":\n"
        yield "| side | gifts | given | returned | net |\n| --- | ---: | ---: | ---: | ---: |"
        for name, side in entry.pledge.sides.items():
            sums = " | ".join(map(money_text, (side.gross, side.refunded, side.net)))
            yield f"| {name} | {side.gifts:,} | {sums} |"
        yield ""
    groups: Sequence[tuple[str, Sequence[Flag], str]] = (
        ("Flagged", entry.flags, rows_counted(entry)),
        ("Reviewed and not a union, not counted above", entry.dismissed, count(len(entry.dismissed), "row")),
        ("Related, not counted above", entry.related, count(len(entry.related), "row")),
        ("Employed by a union, not counted above", entry.employers, count(len(entry.employers), "row")),
    )
    for title, rows, how_many in groups:
        if rows:
            yield f"### {title}: {how_many}\n"
            yield from _rows(rows)


def _source(source: str | None) -> str:
    return f" ({escape(source)})" if source else ""


def _rows(flags: Sequence[Flag]) -> Iterator[str]:
    yield "| date | donor as filed | organization | tier | score | amount | status | file:row | why |"
    yield "| --- | --- | --- | --- | ---: | ---: | --- | --- | --- |"
    ordered = sorted(flags, key=lambda flag: (flag.date is None, str(flag.date), flag.source, flag.row))
    for flag in ordered[:ROW_LIMIT]:
        cells = (
            flag.date.isoformat() if flag.date else "no date",
            escape(flag.contributor),
            escape(flag.union or flag.union_kind or ""),
            flag.tier or "",
            f"{flag.score:.1f}" if flag.tier else "",
            money_text(filed_amount(flag)),
            escape("; ".join([*outcome(flag), *([flag.reviewed] if flag.reviewed else [])])),
            escape(f"{flag.source}:{flag.row}"),
            escape(flag.why),
        )
        yield f"| {' | '.join(cells)} |"
    yield _more(len(flags))


def _more(rows: int) -> str:
    return f"\nand {rows - ROW_LIMIT:,} more: in the .xlsx and .sqlite reports\n" if rows > ROW_LIMIT else ""


def _rejects(screening: Screening) -> Iterator[str]:
    yield "## Not screened\n"
    if not screening.rejected:
        yield "Every row could be read.\n"
        return
    yield "| file:row | reason | text |\n| --- | --- | --- |"
    for each in screening.rejected[:ROW_LIMIT]:
        yield f"| {escape(f'{each.source}:{each.row}')} | {escape(each.reason)} | {escape(each.text)} |"
    yield _more(len(screening.rejected))


def _table(table: ResultTable) -> Iterator[str]:
    numbers = {"count", "cents", "score"}
    yield f"| {' | '.join(column.name for column in table.columns)} |"
    yield f"| {' | '.join('---:' if column.type in numbers else '---' for column in table.columns)} |"
    for row in table.rows[:ROW_LIMIT]:
        yield f"| {' | '.join(_cells(table.columns, row))} |"
    yield _more(len(table.rows))


def _cells(columns: Iterable[TypedColumn], row: Iterable[Cell]) -> Iterator[str]:
    for column, cell in zip(columns, row, strict=True):
        if column.type == "cents" and isinstance(cell, int):
            yield money_text(cell)
        else:
            yield escape("" if cell is None else str(cell))


def _figure(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value
