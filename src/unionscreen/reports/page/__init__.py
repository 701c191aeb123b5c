"""The report as one self-contained page: it needs no network, works without its script, and prints well.

``report.html.j2`` is the page; ``style.css`` and ``script.js`` are inserted. A security policy in the page allows these
two, by their hashes, and nothing else. The template engine escapes every name; control characters were escaped before.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from unionscreen.accounting import exclusion_summary
from unionscreen.contributions import money_text
from unionscreen.files import pdf_page
from unionscreen.output.tables import Cell, ResultTable, WriteOptions
from unionscreen.reports import text, words
from unionscreen.reports.compare import comparison_tables
from unionscreen.reports.coverage import coverage
from unionscreen.reports.money_out import column_heading, readable_tables
from unionscreen.reports.page.charts import Timeline, share, timeline
from unionscreen.reports.reviews import reviews_tables
from unionscreen.reports.tables import ScreeningReport, by_union, by_year
from unionscreen.reports.words import CLEAR_LIMIT, NAME_LIMIT, ROW_LIMIT
from unionscreen.screening.result import ONLY_IN_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unionscreen.screening import Flag, ProsecutorEntry, Screening
    from unionscreen.screening.paid_out import Spending

SECTION_LIMIT: Final = 100  # prosecutors with their own section
STRIP_LIMIT: Final = 100  # strips of PDF pages, 40 kB each at most
GROUP_LIMIT: Final = 200  # organizations in the table of bars
# A browser breaks a word that is wider than its column at any letter, or lets it push other columns out of sight. So a
# line may end after these parts of a path or of another long run of letters. Words of a language are shorter: they stay
# whole.
_LONG: Final = re.compile(r"\S{21,}")
_PARTS: Final = re.compile(r"[^/_.-]{0,19}[/_.-](?=.)|[^/_.-]{20}(?=.)")
# Columns that only other programs need; recipient_days has the two of a recipient's filing in words.
_FOR_PROGRAMS: Final = frozenset(
    "union_id organization why person_id committee_id recipient_filing recipient_covers_day".split()
)
_PLACES: Final = frozenset({"place", "giver_row", "recipient_row", "status_cause", "possibly_same", "union_rows"})


def write(report: ScreeningReport, options: WriteOptions) -> bytes:
    """The page as UTF-8."""
    style, script = _part("style.css"), _part("script.js")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src {_hash(style)}; script-src {_hash(script)}"
    )
    page = _environment().get_template("report.html.j2")
    context = _context(report.screening) | {"strips": _strips(report.screening, options)}
    shown = page.render(policy=Markup(policy), style=Markup(style), script=Markup(script), **context)  # noqa: S704 - our own files
    return shown.encode("utf-8", "backslashreplace")


@cache
def _part(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "dollars": money_text,
        "name": lambda name: text.shorten(name, NAME_LIMIT),
        "parts": _in_parts,
        "sentence": lambda sentence: text.shorten(sentence, words.SENTENCE_LIMIT),
        "figure": lambda value: f"{value:,}" if isinstance(value, int) else value,
        "visible": text.visible,
        "json": lambda value: text.to_json(value, indent=2),
    }
    environment.globals |= {
        "amount": words.filed_amount,
        "column_heading": column_heading,
        "count": text.count,
        "entry_name": words.entry_name,
        "outcome": words.outcome,
        "percent": text.percent,
        "places": _PLACES,
        "quotable": words.quotable,
        "raised_in_words": words.raised,
        "rows_counted": words.rows_counted,
    }
    return environment


def _in_parts(shown: str) -> Markup:
    """The text with the places where a line may end in a path or another long run of letters."""
    marked = _LONG.sub(lambda run: _PARTS.sub(lambda part: f"{part[0]}\0", run[0]), shown)
    return escape(marked).replace("\0", Markup("<wbr>"))


def _context(screening: Screening) -> dict[str, Any]:
    entries = words.in_order(screening)
    prosecutors = words.prosecutors_alone(entries)
    flagged = [entry for entry in entries if entry.flags]
    clear = [entry for entry in entries if not entry.flags]
    pairs = [(entry, flag) for entry in flagged for flag in _by_date(entry.flags)]
    flags = [flag for _, flag in pairs]
    changed = [(entry, flag) for entry, flag in pairs if _changed(flag)]
    unions, years = by_union(flags), by_year(flags)
    sections, spending_only = _timelines(screening, [*flagged, *clear])
    return {
        "title": words.headline(screening),
        "caution": words.CAUTION,
        "limits": words.LIMITS,
        "entries": entries,
        "flagged": flagged,
        "offices": any(entry.office or entry.jurisdiction for entry in flagged),
        "clear": clear[:CLEAR_LIMIT],
        "clear_more": len(clear) - CLEAR_LIMIT,
        "sections": sections[:SECTION_LIMIT],
        "spending_only": spending_only[: max(0, SECTION_LIMIT - len(sections))],
        "sections_more": len(sections) + len(spending_only) - SECTION_LIMIT,
        "lead": words.lead(screening),
        "money": words.money_together(entries),
        "alone": None if len(prosecutors) in (0, len(entries)) else words.money_together(prosecutors),
        "alone_raised": sum(entry.raised for entry in prosecutors),
        "spent": words.unions_spent(screening),
        "only_in_kind": {entry.raised_note for entry in entries if entry.raised} == {ONLY_IN_KIND},
        "raised": sum(entry.raised for entry in entries),
        "counted": sum(flag.counts for flag in flags),
        "tiers": {tier: sum(flag.tier == tier and flag.counts for flag in flags) for tier in ("listed", "pattern")},
        "not_counted": exclusion_summary((1, flag.kind, flag.status) for flag in flags),
        "statuses": sorted({flag.status for flag in flags}),
        "coverage": coverage(screening),
        "unions": _with_bars(unions, GROUP_LIMIT),
        "unions_more": len(unions.rows) - GROUP_LIMIT,
        "years": _with_bars(years, len(years.rows)),
        "flags": pairs[:ROW_LIMIT],
        "flags_more": len(pairs) - ROW_LIMIT,
        "changed": changed[:ROW_LIMIT],
        "changed_more": len(changed) - ROW_LIMIT,
        "apart": [
            (ident, title, about, rows[:ROW_LIMIT], len(rows) - ROW_LIMIT)
            for ident, title, about, rows in _apart(entries)
            if rows
        ],
        "returned_or_noted": any(words.outcome(flag) or not flag.counts for _, flag in pairs[:ROW_LIMIT]),
        "comparison": [_readable(table) for table in comparison_tables(screening)],
        "money_out": [_readable(table) for table in (*readable_tables(screening), *reviews_tables(screening))],
        "row_limit": ROW_LIMIT,
        "reviewed": any(flag.reviewed for flag in flags),
        "rejects": screening.rejected[:ROW_LIMIT],
        "rejects_more": len(screening.rejected) - ROW_LIMIT,
        "notes": screening.notes,
        "manifest": screening.manifest,
        "unread": words.unread_said(screening.manifest),
    }


def _timelines(
    screening: Screening, entries: Sequence[ProsecutorEntry]
) -> tuple[list[tuple[ProsecutorEntry, Timeline | None]], list[tuple[str, Timeline]]]:
    """The timelines of the entries with flags or independent spending, and of other people with such spending.

    Args:
        screening: what was found.
        entries: its entries, those with flags first.
    """
    spending: dict[str, list[Spending]] = {}
    for each in screening.books.spending:
        if each.prosecutor is not None:
            spending.setdefault(each.person_id or each.prosecutor, []).append(each)
    drawn: list[tuple[ProsecutorEntry, Timeline | None]] = []
    for entry in entries:
        about = spending.pop(entry.person_id or entry.prosecutor or "", [])
        line = None
        if len(drawn) < SECTION_LIMIT:
            line = timeline(entry.flags, entry.pledge_date, about, entry.pledge_latest)
        if entry.flags or line or (about and len(drawn) >= SECTION_LIMIT):
            drawn.append((entry, line))
    others = [
        (str(_with_county(rows[0].prosecutor, rows[0].jurisdiction)), timeline((), None, rows))
        for _, rows in sorted(spending.items())
    ]
    return drawn, [(name, line) for name, line in others if line]


def _with_county(name: Cell, county: Cell) -> Cell:
    """Whom money is about; the county distinguishes two people of one name.

    >>> _with_county("Jane Roe", "Elm County"), _with_county("Jane Roe", None)
    ('Jane Roe (Elm County)', 'Jane Roe')
    """
    return f"{name} ({county})" if county else name


def _readable(table: ResultTable) -> ResultTable:
    """The table without the columns that only other programs need, and those that are empty: they only take room.

    The county of a person is beside the name.
    """
    rows, about = table.rows, next((name for name in ("target", "recipient") if name in table.names), None)
    left_out = _FOR_PROGRAMS
    if about and "jurisdiction" in table.names:
        left_out |= {"jurisdiction"}
        at, county = table.names.index(about), table.names.index("jurisdiction")
        rows = [(*row[:at], _with_county(row[at], row[county]), *row[at + 1 :]) for row in rows]
    kept = [
        at
        for at, column in enumerate(table.columns)
        if column.name not in left_out and any(row[at] not in (None, "") for row in rows[:ROW_LIMIT])
    ]
    return replace(
        table,
        columns=tuple(table.columns[at] for at in kept),
        rows=[tuple(row[at] for at in kept) for row in rows],
    )


def _strips(screening: Screening, options: WriteOptions) -> list[tuple[Flag, str]]:
    """Flags from PDF files, each with the strip of its page as an image in base64."""
    if not options.strips:
        return []
    by_file: dict[str, list[tuple[int, Flag]]] = {}
    for entry in words.in_order(screening):
        for flag in _by_date(entry.flags):
            file, page = pdf_page(flag.source)
            if page is not None:
                by_file.setdefault(file, []).append((page, flag))
    if not by_file:
        return []
    from unionscreen.filings.pdf.strips import draw_strips

    hashes = {each["path"]: each.get("sha256") for each in screening.manifest.get("inputs", ())}
    out = []
    for path, flags in by_file.items():
        flags = flags[:STRIP_LIMIT]
        drawn = draw_strips(path, [(page, flag.row) for page, flag in flags], hashes.get(flags[0][1].source))
        out += [(flag, picture) for (_, flag), picture in zip(flags, drawn, strict=True) if picture]
    return out[:STRIP_LIMIT]


def _changed(flag: Flag) -> bool:
    return flag.status != "active" or words.filed_amount(flag) < 0


def _by_date(flags: tuple[Flag, ...]) -> list[Flag]:
    return sorted(flags, key=lambda flag: (flag.date is None, str(flag.date), flag.source, flag.row))


def _with_bars(table: ResultTable, limit: int) -> list[tuple[dict[str, Cell], float, float]]:
    """The rows by column name, each with the lengths of its bars: what was kept and what was given, in percent."""
    rows = [dict(zip(table.names, row, strict=True)) for row in table.rows[:limit]]
    longest = max([int(str(row["gross"])) for row in rows], default=0)
    return [(row, share(row["net"], longest), share(row["gross"], longest)) for row in rows]


def _apart(entries: list[ProsecutorEntry]) -> list[tuple[str, str, str, list[tuple[ProsecutorEntry, Flag]]]]:
    """The tables of rows that are not counted in totals."""
    kinds = (
        (
            "dismissed",
            "Reviewed and not a union",
            "A person looked at these donors and decided that they are not unions.",
        ),
        ("related", "Related organizations", "They share words with police unions, but are not unions."),
        ("employers", "Employed by a union", "Individuals whose stated employer is a union; they gave as individuals."),
    )
    return [
        (name, title, about, [(entry, flag) for entry in entries for flag in _by_date(getattr(entry, name))])
        for name, title, about in kinds
    ]
