"""The coverage of a report: what was read, of which days, and what became of it. Data files call it ``diary``.

A reader who sees only the findings cannot tell "no police money" from "the wrong year".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from unionscreen.reports.words import files_read, rows_looked_at

if TYPE_CHECKING:
    from unionscreen.screening import Flag, Screening

# What the rows with each status of DESIGN §6 are called here.
STATUS_LABELS: Final = {
    "active": "Rows that count as filed",
    "superseded": "Rows superseded by an amendment",
    "covered": "Rows of a late report that are repeated in a later report",
    "duplicate": "Rows filed twice",
    "memo": "Memo rows, not counted in totals",
    "refunded": "Flagged or related rows that were returned",
    "void": "Flagged or related rows that were withdrawn, not counted in totals",
}
_UNDATED: Final = "none has a date"


class Fact(NamedTuple):
    """One line of the coverage."""

    key: str
    label: str
    value: int | str


def coverage(screening: Screening) -> list[Fact]:
    """What a reader should know about the data before the findings. Unknown facts are left out."""
    manifest, entries = screening.manifest, screening.prosecutors
    flags = [flag for entry in entries for flag in entry.counted]
    not_counted = sum(len(entry.flags) for entry in entries) - len(flags)
    related = [flag for entry in entries for flag in entry.related]
    facts = [
        Fact("files", "Files", files_read(manifest)),
        Fact("rows_read", "Rows read", manifest["rows_read"]),
        Fact("rows_screened", "Rows screened", rows_looked_at(manifest)),
        Fact("rows_not_looked_up", "Rows of recipients not looked up", _not_looked_up(manifest)),
        Fact("rows_rejected", "Rows not screened", manifest["rows_rejected"]),
        *_all_rows(manifest["inputs"]),
        Fact("rows_without_donor", "Rows without a contributor name", manifest.get("rows_without_donor", "")),
        *(
            Fact(f"rows_{status}", STATUS_LABELS.get(status, f"Rows {status}"), rows)
            for status, rows in manifest.get("by_status", {}).items()
        ),
        Fact("recipients", "Recipients shown", _recipients(screening)),
        Fact("flagged_rows", "Flagged rows counted in totals", len(flags)),
        Fact("flagged_listed", "of them on the list", sum(flag.tier == "listed" for flag in flags)),
        Fact("flagged_pattern", "of them by wording only", sum(flag.tier == "pattern" for flag in flags)),
        *_counted_as_asked(manifest, flags),
        Fact("flagged_period", "First and last date of the flagged rows", period(flag.date for flag in flags)),
        Fact("flagged_undated", "Flagged rows without a date", sum(flag.date is None for flag in flags)),
        Fact("flagged_not_counted", "Flagged rows not counted in totals", not_counted),
        Fact("related_rows", "Related rows, not counted in totals", len(related)),
    ]
    facts += [
        Fact(f"left_out_{reason.replace(' ', '_').replace('-', '_')}", f"Union rows left out: {reason}", rows)
        for reason, rows in manifest.get("left_out", {}).items()
    ]
    return [fact for fact in facts if fact.value != ""]


def _counted_as_asked(manifest: dict[str, Any], flags: Sequence[Flag]) -> list[Fact]:
    """The related categories that are counted because the user asked for it, and their rows."""
    asked = manifest["settings"].get("count")
    if not asked:
        return []
    rows = sum(flag.tier == "related" for flag in flags)
    return [Fact("flagged_related", f"of them related, counted because you asked: {', '.join(asked)}", rows)]


def _not_looked_up(manifest: dict[str, Any]) -> int | str:
    others = manifest.get("not_looked_up")
    return int(others["rows"]) if others else ""


def _all_rows(inputs: list[dict[str, object]]) -> list[Fact]:
    """The dates of all rows, if they were read for every input."""
    if any(each.get("undated") is None for each in inputs):
        return []
    known = filter(None, (each.get(key) for each in inputs for key in ("first_date", "last_date")))
    days = [date.fromisoformat(str(day)) for day in known]
    undated = sum(int(str(each["undated"])) for each in inputs)
    return [
        Fact("period", "First and last date of all rows", period(days)),
        Fact("undated", "Rows without a date, or an impossible one", undated),
    ]


def _recipients(screening: Screening) -> str:
    settings = screening.manifest["settings"]
    why = settings.get("recipients_why")
    return f"{len(screening.prosecutors):,}" + (f": {why}" if why else "")


def period(days: Iterable[date | None]) -> str:
    """The first and the last day; "" if there are no rows.

    >>> period([date(2022, 3, 1), None, date(2021, 9, 1)]), period([None]), period([])
    ('2021-09-01 to 2022-03-01', 'none has a date', '')
    """
    rows = list(days)
    known = sorted(day for day in rows if day)
    if not known:
        return _UNDATED if rows else ""
    return known[0].isoformat() if known[0] == known[-1] else f"{known[0].isoformat()} to {known[-1].isoformat()}"
