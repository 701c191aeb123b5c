"""The report for the terminal: for each prosecutor the money, the flags, and what is only related.

Order: prosecutors with flagged money first, by net total from the largest, then by name; flags by date (undated last),
then in the order of the filing. So a gift of September 1 and its return on September 20 stand together.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from unionscreen.contributions import money_text
from unionscreen.matching.explain import without_union
from unionscreen.output.tables import Cell, ResultTable, WriteOptions
from unionscreen.reports.compare import Candidate, races
from unionscreen.reports.money_out import column_heading, readable_tables
from unionscreen.reports.pledges import SIDE_WORDS, pledge_lines
from unionscreen.reports.reviews import REVIEWS, reviews_tables
from unionscreen.reports.tables import ScreeningReport
from unionscreen.reports.terminal_rows import AMOUNT_WIDTH, DATE_WIDTH, GAP, Rows
from unionscreen.reports.text import count, count_of, shorten, visible
from unionscreen.reports.words import (
    CAUTION,
    NAME_LIMIT,
    NOT_IDENTIFIED,
    entry_name,
    files_read,
    headline,
    in_order,
    lead,
    of_raised,
    raised,
    rows_counted,
    rows_looked_at,
    unread_said,
)

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry, Screening
    from unionscreen.screening.pledge import Pledge

MIN_WIDTH: Final = 60  # a narrower table has no room for the donor beside date, tier, score and amount
MAX_WIDTH: Final = 120  # longer lines are hard to follow from date to amount
WHAT_WIDTH: Final = 16  # sheriff-campaign
_LABEL_WIDTH: Final = 11  # from unions
_CANDIDATE_WIDTH: Final = 30  # of one candidate beside others
BESIDE_DONOR: Final = DATE_WIDTH + WHAT_WIDTH + AMOUNT_WIDTH + 3 * GAP
NONE_LIMIT: Final = 20  # recipients without a flag that are named one by one
RELATED_LIMIT: Final = 10  # related rows per recipient; --include-related shows all
REJECT_LIMIT: Final = 3  # rejected rows shown; JSON has all of them
# Nobody reads more than this at a terminal.
DIFFERENCE_LIMIT: Final = 600  # characters of a sentence about a filing
LINES_LIMIT: Final = 5_000  # contributions in one report
ENTRIES_LIMIT: Final = 1_000  # recipients with a table of their own


def write(report: ScreeningReport, options: WriteOptions) -> bytes:
    """The report as lines of text."""
    return to_terminal(report.screening, width=options.width, color=options.color).encode()


def to_terminal(screening: Screening, *, width: int, color: bool) -> str:
    """Lay the whole report out in lines of at most ``width`` columns, with ANSI styles if ``color``."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(MIN_WIDTH, min(width, MAX_WIDTH)),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},  # the caller has already read COLUMNS, NO_COLOR, etc.
    )
    for difference in screening.manifest.get("differences", ()):
        console.print(Text(f"{shorten(difference, DIFFERENCE_LIMIT)}\n", style="bold"))
    ordered = in_order(screening)
    if not ordered:
        console.print(Text(f"{headline(screening)}\n", style="bold"), Text(f"{lead(screening)}\n"), sep="")
    related_limit = None if screening.manifest["settings"].get("include_related") else RELATED_LIMIT
    clear = [entry for entry in ordered if not _has_rows(entry)]
    shown = [entry for entry in ordered if _has_rows(entry)]
    for race, candidates in races(screening).items():
        if len(candidates) > 1:
            console.print(_race(race, candidates, console.width))
    room = LINES_LIMIT
    for entry in shown[:ENTRIES_LIMIT]:
        console.print(_entry(entry, console.width, room, related_limit))
        room = max(0, room - sum(map(len, _groups(entry, related_limit))))
    if len(shown) > ENTRIES_LIMIT:
        console.print(_others(shown[ENTRIES_LIMIT:]))
    if clear:
        console.print(_nothing_flagged(clear))
    for table in (*readable_tables(screening), *reviews_tables(screening)):
        if table.name in _PAID_OUT_COLUMNS and (table.rows or table.name != REVIEWS):
            console.print(_money_out(table))
    console.print(_footer(screening))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")[:-1])


def _race(race: str, candidates: Sequence[Candidate], width: int) -> RenderableType:
    """The candidates of one race in columns, as many as fit beside each other."""
    fit = max(1, (width - _LABEL_WIDTH) // (_CANDIDATE_WIDTH + GAP))
    parts: list[RenderableType] = [Text(visible(race), style="bold")]
    for at in range(0, min(len(candidates), NONE_LIMIT), fit):
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, GAP, 0, 0))
        grid.add_column("", width=_LABEL_WIDTH, no_wrap=True)
        some = candidates[at : at + fit]
        for each in some:
            grid.add_column(Text(shorten(entry_name(each.entry), NAME_LIMIT)), width=_CANDIDATE_WIDTH, overflow="fold")
        money = [each.entry.flagged for each in some]
        grid.add_row("raised", *(Text(money_text(each.entry.raised)) for each in some))
        grid.add_row("from unions", *(Text(f"{money_text(each.net)} net") for each in money))
        grid.add_row("returned", *(Text(money_text(each.refunded)) for each in money))
        grid.add_row("share", *(Text(each.share or "unknown") for each in some))
        grid.add_row("top unions", *(Text("\n".join(map(visible, each.top)) or "none") for each in some))
        parts += [grid, Text("")]
    left = len(candidates) - NONE_LIMIT
    more = [Text(f"and {count(left, 'candidate')} more: --format xlsx has all\n")] if left > 0 else []
    return Group(*parts, *more)


def _has_rows(entry: ProsecutorEntry) -> bool:
    return bool(entry.flags or entry.related or entry.employers or entry.dismissed)


def _groups(entry: ProsecutorEntry, related_limit: int | None) -> tuple[Sequence[Flag], ...]:
    """The rows that an entry shows: flagged, dismissed, related, employers."""
    return entry.flags, entry.dismissed, entry.related[:related_limit], entry.employers


def _others(entries: Sequence[ProsecutorEntry]) -> Text:
    """The totals of the recipients that get no table."""
    net = money_text(sum(entry.flagged.net for entry in entries))
    rows = count(sum(len(entry.flags) for entry in entries), "flagged row")
    return Text(f"and {count(len(entries), 'recipient')} more with {rows}, {net} net: --format json names them\n")


def _entry(entry: ProsecutorEntry, width: int, room: int, related_limit: int | None) -> RenderableType:
    """One recipient: the money, then the rows, at most ``room`` of them."""
    names = _file_names([*entry.flags, *entry.related, *entry.employers, *entry.dismissed], width - BESIDE_DONOR)
    parts: list[RenderableType] = [_heading(entry), _money(entry, [full for full in names if names[full] != full])]
    limits = []
    for rows in _groups(entry, related_limit):
        limits.append(min(len(rows), room))
        room -= limits[-1]
    flags, dismissed, related, employers = limits
    if entry.flags:
        parts += [Text(""), _flags(entry.flags, names, width, flags)]  # padding would lay the whole table out twice
    if entry.pledge:
        parts.append(_pledge(entry.pledge))
    if entry.dismissed:
        parts.append(_apart("Reviewed and not a union, not counted above", entry.dismissed, names, width, dismissed))
    if entry.related:
        parts.append(_apart("Related, not counted above", entry.related, names, width, related, related_limit))
    if entry.employers:
        parts.append(_apart("Employed by a union, not counted above", entry.employers, names, width, employers))
    return Group(*parts, Text(""))


def _file_names(flags: Sequence[Flag], room: int) -> dict[str, str]:
    """How each source is shown: as given, or without its folders if ``file:row`` does not fit on one line.

    Two files with the same name in different folders keep their folders.
    """
    sources = sorted({flag.source for flag in flags})
    if all(cell_len(f"{visible(flag.source)}:{flag.row}") <= room for flag in flags):
        return {source: source for source in sources}
    short = {source: "!".join([Path(source.partition("!")[0]).name, *source.split("!")[1:]]) for source in sources}
    alike = {name for name, times in Counter(short.values()).items() if times > 1}
    return {source: source if name in alike else name for source, name in short.items()}


def _heading(entry: ProsecutorEntry) -> Text:
    title = Text(shorten(entry_name(entry), NAME_LIMIT), style="bold")
    office = ", ".join(visible(part) for part in (entry.office, entry.jurisdiction) if part)
    if office:
        title.append(f"\n{office}", style="not bold")
    return title


def _money(entry: ProsecutorEntry, files: Sequence[str]) -> Grid:
    """Committees, raised, flagged, files: label and value, the value folded under itself."""
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    if [visible(name) for name in entry.recipients] != [entry_name(entry)]:
        label = "committee" if len(entry.recipients) == 1 else "committees"
        grid.add_row(label, Text("; ".join(shorten(name, NAME_LIMIT) for name in entry.recipients)))
    grid.add_row("raised", Text(raised(entry)))
    if not entry.flags:
        grid.add_row("flagged", Text(_none_of(entry.contributions)))
    else:
        _add_flagged(grid, entry)
    for label, path in zip(["files" if len(files) > 1 else "file", *[""] * len(files)], files, strict=False):
        grid.add_row(label, Text(visible(path)))
    return grid


def _add_flagged(grid: Grid, entry: ProsecutorEntry) -> None:
    money = entry.flagged
    share = of_raised(entry)
    flagged = f"{money_text(money.gross)} given, {money_text(money.refunded)} returned, {money_text(money.net)} net"
    grid.add_row("flagged", Text(flagged))
    grid.add_row("", Text(f"{share}, in " * bool(share) + rows_counted(entry)))
    if money.loans:
        grid.add_row("", Text(f"{money_text(money.loans)} in loans in addition"))
    if entry.counted:
        grid.add_row("", Text(_tiers(entry.counted)))


def _none_of(contributions: int) -> str:
    verbs = ("matches the list or reads like", "match the list or read like")
    return f"{count_of(0, contributions, 'contribution', *verbs)} an officers' organization"


def _tiers(flags: Sequence[Flag]) -> str:
    listed = sum(flag.tier == "listed" for flag in flags)
    pattern = sum(flag.tier == "pattern" for flag in flags)
    parts = [f"{listed:,} {'matches' if listed == 1 else 'match'} the list"] if listed else []
    if pattern:
        read = "reads like an officers' organization" if pattern == 1 else "read like officers' organizations"
        parts.append(f"{pattern:,} {read}, {NOT_IDENTIFIED}")
    if asked := sum(flag.tier == "related" for flag in flags):
        parts.append(f"{asked:,} {'is' if asked == 1 else 'are'} related, and counted because you asked")
    return "; ".join(parts)


def _pledge(pledge: Pledge) -> RenderableType:
    """Gifts, given, returned and kept before and after the pledge date; then each returned gift."""
    source = f" ({visible(pledge.source)})" if pledge.source else ""
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Pledge")
    for name in ("Gifts", "Given", "Returned", "Kept", "kept, by wording"):
        table.add_column(name, justify="right")
    for name, side in pledge.sides.items():
        if name == "undated" and not (side.gifts or side.refunded):
            continue
        sums = (side.gross, side.refunded, side.net, side.pattern_net)
        table.add_row(SIDE_WORDS[name], f"{side.gifts:,}", *map(money_text, sums))
    lines = [Text(line) for line in pledge_lines(pledge)]
    return Group(Text(f"\nPledged {pledge.made}{source}: union money before and after", style="bold"),
                 table, *lines)  # fmt: skip


def _by_date(rows: Iterable[Flag]) -> list[Flag]:
    return sorted(rows, key=lambda row: (row.date is None, row.date or date.min))


def _flags(flags: Sequence[Flag], names: Mapping[str, str], width: int, limit: int) -> RenderableType:
    rows = Rows(flags, names, width, ("Tier", 7), ("Score", 5))
    for flag in _by_date(flags)[:limit]:
        unnamed = f"not a union: {flag.union_kind}" if flag.tier == "related" else without_union(flag.could_be)
        union = shorten(flag.union, NAME_LIMIT) if flag.union else unnamed
        rows.add(flag, "bold", [f"→ {union}"], flag.tier or "", f"{flag.score:.0f}")
    return Group(rows, *_more(len(flags) - limit))


def _apart(
    title: str,
    flags: Sequence[Flag],
    names: Mapping[str, str],
    width: int,
    limit: int,
    usual: int | None = None,
) -> RenderableType:
    """A separate table: a reporter has to see these rows, and must not add them to the flagged total.

    Args:
        title: above the table.
        flags: all rows.
        names: what each file is called.
        width: of the report.
        limit: how many rows to show.
        usual: how many are shown by default.
    """
    rows = Rows(flags, names, width, ("What it is", WHAT_WIDTH))
    for flag in _by_date(flags)[:limit]:
        rows.add(
            flag, "", [f"→ {shorten(flag.union, NAME_LIMIT)}"] if flag.union else [], visible(flag.union_kind or "")
        )
    asked = "--include-related shows all" if limit == usual else "--format json has all"
    heading = Text(f"\n{title}: {count(len(flags), 'row')}", style="bold")
    return Group(heading, rows, *_more(len(flags) - limit, asked))


def _more(rows: int, where: str = "--format csv has all") -> list[Text]:
    """What a table leaves out, and where it is."""
    return [Text(f"and {count(rows, 'row')} more: {where}")] if rows else []


def _nothing_flagged(entries: Sequence[ProsecutorEntry]) -> Text:
    text = Text()
    for entry in entries[:NONE_LIMIT]:
        office = f" ({visible(entry.office)})" if entry.office else ""
        text.append(shorten(entry_name(entry), NAME_LIMIT), style="bold")
        text.append(f"{office}: {_none_of(entry.contributions)}; {money_text(entry.raised)} raised")
        text.append(f"; {entry.raised_note}\n" if entry.raised_note else "\n")
    rest = entries[NONE_LIMIT:]
    if rest:
        rows = sum(entry.contributions for entry in rest)
        text.append(f"and {count(len(rest), 'recipient')} more: {_none_of(rows)}; --format json names them\n")
    return text


# What the terminal shows of each table of money that was paid out: the other columns are in the data files.
_PAID_OUT_COLUMNS: Final = {
    "givers": ("date", "giver", "recipient", "shown", "amount"),
    "spending_by_target": ("target", "support_oppose", "spender", "tier", "rows", "amount"),
    REVIEWS: ("date", "contributor", "sentence", "amount"),
    "traces": ("committee", "prosecutor", "date", "received", "stated_in", "percent", "unions"),
}


def _money_out(table: ResultTable) -> RenderableType:
    """Gifts in the givers' filings, independent spending and traces: shown apart, in no total."""
    # Where no spender matches, a column of their tiers would be empty.
    names = [name for name in _PAID_OUT_COLUMNS[table.name] if name != "tier" or any(table.column("tier"))]
    grid = Grid(box=box.SIMPLE_HEAD, padding=(0, GAP, 0, 0), pad_edge=False, show_edge=False)
    for name in names:
        number = name in ("amount", "rows", "received", "percent", "unions")
        grid.add_column(column_heading(name), justify="right" if number else "left", overflow="fold")
    cells = [table.names.index(name) for name in names]
    kinds = [table.columns[at].type for at in cells]
    known, county = (
        table.names.index(name) if name in table.names else None for name in ("recipient_days", "jurisdiction")
    )
    about = next((at for at, name in enumerate(names) if name in ("recipient", "target")), None)
    for row in table.rows[:LINES_LIMIT]:
        texts = [_shown(row[at], kind) for at, kind in zip(cells, kinds, strict=True)]
        if known is not None and row[known]:  # else the row alone looks as if the recipient had hidden it
            texts[names.index("shown")] += f" ({row[known]})"
        if about is not None and county is not None and row[county]:  # two people may have one name
            texts[about] += f" ({_shown(row[county], 'text')})"
        grid.add_row(*texts)
    heading = Text(f"{table.title}, not counted above: {count(len(table.rows), 'row')}", style="bold")
    return Group(heading, grid, *_more(max(0, len(table.rows) - LINES_LIMIT), "--format json has all"), Text(""))


def _shown(cell: Cell, kind: str) -> str:
    if kind == "cents" and isinstance(cell, int):
        return money_text(cell)
    return "" if cell is None else shorten(str(cell), NAME_LIMIT)


def _footer(screening: Screening) -> RenderableType:
    """What was read and what was not, whose rows are shown, which list was used, and what a match means."""
    manifest, settings = screening.manifest, screening.manifest["settings"]
    files = count(files_read(manifest), "file")
    read = Text(f"Screened {rows_looked_at(manifest):,} of {count(manifest['rows_read'], 'row')} in {files}.")
    if others := manifest.get("not_looked_up"):
        whose = count(others["recipients"], "other recipient")
        read.append(f" Not looked up: {count(others['rows'], 'row')} of {whose}.")
    if screening.rejected:
        read.append(f" Not screened: {count(len(screening.rejected), 'row')} (all in --format json).", style="bold")
    rejects = [
        Text(f"{visible(each.source)}:{each.row}: {visible(each.reason)}: {shorten(each.text, NAME_LIMIT)}")
        for each in screening.rejected[:REJECT_LIMIT]
    ]
    method = Text()
    if "recipients_why" in settings:
        method.append(f"Recipients shown: {settings['recipients']} ({visible(settings['recipients_why'])}).\n")
    if asked := settings.get("count"):
        method.append(f"Also counted, because you asked (--count): {', '.join(map(visible, asked))}.\n", style="bold")
    method.append(f"{CAUTION}\n")
    method.append(f"List {manifest['list_sha256'][:12]}, unionscreen {manifest['version']}.", style="dim")
    if unread := unread_said(manifest):
        method.append(f"\n{unread}", style="bold")
    return Group(read, *(Padding(each, (0, 0, 0, 2)) for each in rejects), method)
