"""What a screening reports about itself: enough to run it again, and what the user should know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc

from unionscreen._version import __version__
from unionscreen.accounting.money import COUNTED_STATUSES
from unionscreen.contributions import money_text
from unionscreen.errors import UsageError
from unionscreen.files import pdf_page, shown
from unionscreen.filings import notes_of
from unionscreen.filings.files.tables import PageText
from unionscreen.filings.layouts.resolved import MAPPED_ID
from unionscreen.hashing import sha256_of
from unionscreen.prosecutors import Selection
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.counted import EqualRows, InputCount
from unionscreen.screening.doubts import about_dates, about_doubles, about_the_future
from unionscreen.screening.inputs import FilingSet
from unionscreen.screening.merge import Gathered
from unionscreen.screening.result import Flag, ProsecutorEntry
from unionscreen.screening.settings import COUNTED_RELATED
from unionscreen.unions import UnionList

# Silent limits of portals (FORMATS.md "Row caps") and of spreadsheets, which hold one row less than their size.
ROW_CAPS: Final = (1_000, 5_000, 10_000, 50_000, 65_000, 65_535, 99_999, 100_000, 1_000_000, 1_048_575)
# Recipients that a note names.
_NAMED: Final = 5


def make_manifest(
    inputs: FilingSet, gathered: Gathered, selection: Selection, listed: UnionList, options: dict[str, Any]
) -> dict[str, Any]:
    """The manifest of DESIGN §8, with keys in its order.

    Raises:
        UsageError: two inputs hold the same bytes under two names.
    """
    rows = []
    for i, filing in enumerate(inputs.filings):
        count = gathered.inputs.get(i, InputCount())
        rows.append(
            {
                "path": filing.source,
                "sha256": inputs.sha256(i),
                "format": filing.format.id,
                "encoding": count.encoding,
                "rows_read": count.rows_read,
                "rows_screened": count.rows_read - count.rows_rejected,
                "rows_rejected": count.rows_rejected,
                **(count.date_range or {}),
                **_page(filing.table.page),
            }
        )
    _check_distinct(inputs, rows)
    differences = accepted_differences(inputs)
    manifest: dict[str, Any] = {
        **({"differences": differences} if differences else {}),
        "inputs": _with_pages(inputs, rows),
        "list_sha256": listed.sha256,
        "version": __version__,
        "settings": {"recipients": selection.recipients, "recipients_why": selection.why, **options},
        **{name: sum(row[name] for row in rows) for name in ("rows_read", "rows_screened", "rows_rejected")},
        "by_status": gathered.by_status,
        "list_version": listed.version,
    }
    if selection.others:
        others = {each.recipient for each in selection.others}
        manifest["not_looked_up"] = {"recipients": len(others), "rows": gathered.rows_of(selection.others)}
    if inputs.joined:
        manifest["joined"] = [{"path": shown(path), "sha256": sha256_of(Path(path))} for path in inputs.joined]
    if inputs.empty:
        manifest["without_contributions"] = [error.source for error in inputs.empty]
    manifest |= inputs.unread
    if gathered.unnamed_rows:
        manifest["rows_without_donor"] = gathered.unnamed_rows
    if gathered.excluded:
        manifest["left_out"] = gathered.excluded
    return manifest


def accepted_differences(inputs: FilingSet) -> list[str]:
    """How forms differ from their own totals, where the user accepts it. Every report begins with these sentences."""
    return [each for filing in inputs.filings for each in filing.differences]


def _page(page: PageText | None) -> dict[str, str]:
    """What kind of text a page of a PDF has, and which schedule it belongs to; empty for other inputs."""
    return {} if page is None else {"text": page.text, "section": page.section}


def _with_pages(inputs: FilingSet, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The inputs, and each page of a PDF that has no rows as an input of its own; pages in their order."""
    out: list[dict[str, Any]] = []
    of_file = zip(inputs.filings, rows, strict=True)
    for file, group in groupby(of_file, key=lambda each: each[0].file):
        found = [*group]
        (first, like), *_ = found
        pages = {each.table.page.number: row for each, row in found if each.table.page is not None}
        for page in first.other_pages:
            none = dict.fromkeys(("rows_read", "rows_screened", "rows_rejected"), 0)
            undated = {"first_date": None, "last_date": None, "undated": 0} if "undated" in like else {}
            pages[page.number] = {**like, "path": f"{file}#{page.number}", "encoding": "", **none, **undated}
            pages[page.number] |= _page(page)
        out += [pages[number] for number in sorted(pages)] if pages else [row for _, row in found]
    return out


def _check_distinct(inputs: FilingSet, rows: list[dict[str, Any]]) -> None:
    """The same bytes under two names would count all money twice."""
    first: dict[str, str] = {}
    for path, row in zip(inputs.files, rows, strict=True):
        other = first.setdefault(row["sha256"], path)
        if other != path:
            raise UsageError(f"{shown(path)} holds the same bytes as {shown(other)}; its money would count twice")


def make_notes(inputs: FilingSet, gathered: Gathered, selection: Selection) -> tuple[str, ...]:
    """One sentence for each thing that a reader of the result should know and cannot see in it."""
    notes = notes_of(inputs.filings)
    notes += [f"{error.source}: {error.message}" for error in inputs.empty]
    for i, filing in enumerate(inputs.filings):
        count = gathered.inputs.get(i, InputCount())
        if count.rows_read == 0:
            notes.append(f"{filing.source}: {filing.no_contributions().message}")
        if count.encoding not in ("", "utf-8"):
            notes.append(f"{filing.source}: read as {count.encoding}")
        if count.unlisted:
            kind = filing.layout.rules["kind"]
            notes.append(f"{filing.source}: {_unlisted(count.unlisted, kind.default, filing.format.id)}")
        if count.unknown_sides:
            notes.append(f"{filing.source}: {_unknown_sides(count.unknown_sides)}")
        if count.listed_again[0]:
            notes.append(f"{filing.source}: {_listed_again(*count.listed_again)}")
        if count.equal_rows is not None:
            notes.append(f"{filing.source}: {_equal_rows(count.equal_rows)}")
        if count.rows_read in {*ROW_CAPS, *filing.format.row_caps}:
            notes.append(
                f"{filing.source}: exactly {count.rows_read:,} rows, a limit at which portals cut off exports without "
                "notice; compare with the agency's own count, or ask for shorter date ranges"
            )
        notes += about_dates(filing, count.dates, all_rows=count.date_range is not None)
        notes += about_doubles(filing, count.differing)
    if gathered.repeat_example is not None:
        notes.append(_repeats(gathered, *gathered.repeat_example))
    flags = [flag for _, finding, flag in gathered.interest if finding == "union"]
    notes += about_the_future(flags)
    if undated := sum(flag.date is None for flag in flags):
        notes.append(f"{_rows(undated, 'flagged row has', 'flagged rows have')} no date, or an impossible one")
    if gathered.unnamed_rows:
        notes.append(
            f"{_rows(gathered.unnamed_rows, 'row has', 'rows have')} no contributor name and could not be compared "
            "with the list: unitemized sums, or names in another column"
        )
    if not inputs.can_be_read_again:
        notes += _missed_recipients(gathered)
    notes += _in_two_files(gathered, selection)
    notes += [
        f"{_rows(count, 'union row is', 'union rows are')} left out: {reason}"
        for reason, count in gathered.excluded.items()
    ]
    return (*notes, *selection.notes)


def _rows(count: int, one: str, several: str) -> str:
    """A count with its noun and verb.

    >>> _rows(1, "row has", "rows have"), _rows(2_000, "row has", "rows have")
    ('1 row has', '2,000 rows have')
    """
    return f"{count:,} {one if count == 1 else several}"


def _repeats(gathered: Gathered, row: str, first: str) -> str:
    """How many rows repeat others, whether or not they are flagged, and how much that is."""
    duplicates = gathered.totals.filter(pc.equal(gathered.totals["status"], "duplicate"))
    rows, cents = (pc.sum(duplicates[name]).as_py() or 0 for name in ("rows", "cents"))
    return (
        f"{_rows(rows, 'row repeats another and is', 'rows repeat another and are')} left out ({money_text(cents)}): "
        "the same id with the same filer, date and amount, or the same gift listed twice, such as "
        f"{row}, which repeats {first}"
    )


def _missed_recipients(gathered: Gathered) -> list[str]:
    """Rows that were not examined because standard input cannot be read a second time."""
    advice = "give the file by its name instead of -, or use --recipients all"
    notes = []
    if unmarked := [each for each in gathered.missed_recipients if each not in gathered.sole_recipients]:
        notes.append(
            f"some rows of {_some(unmarked)} do not show that it is a prosecutor's, and a refund among them was not "
            f"looked for: {advice}"
        )
    if sole := [each for each in gathered.missed_recipients if each in gathered.sole_recipients]:
        notes.append(f"some rows of {_some(sole)} are among other recipients' rows and were not looked up: {advice}")
    return notes


def _listed_again(rows: int, cents: int) -> str:
    """For a file made of several exports: equal rows may be two gifts, or one that was found twice."""
    return (
        f"{f'1 row ({money_text(cents)}) is' if rows == 1 else f'{rows:,} rows ({money_text(cents)}) are'} equal to "
        "another in all but the heading above. This file was made of several exports: such a row may be a second gift, "
        "or one gift found by two searches. All of them are counted; compare with the agency's own list"
    )


def _equal_rows(equal: EqualRows) -> str:
    """No id shows whether equal rows are one gift: payrolls and ticket sales regularly give such rows."""
    return (
        f"{_rows(equal.rows, 'row repeats', 'rows repeat')} another word for word ({money_text(equal.cents)}). This "
        f"may be real, so all are counted; look at row {equal.row}, which is equal to row {equal.same_as}"
    )


def _shown(code: str) -> str:
    """A code in a sentence: its first line, because some layouts write the filer below it."""
    return " / ".join(part.splitlines()[0] for part in code.split("|") if part.strip())


def _unlisted(codes: Mapping[str, tuple[int, int]], rest: str | None, format_id: str) -> str:
    """The codes that the format does not list."""
    rows, cents, named = _listed_codes(codes)
    effect = "counted as gifts of money" if rest == "monetary" else "in no sum"
    code = "that this format does not list" if format_id != MAPPED_ID else "that is not known as a kind of receipt"
    word = "a code" if format_id != MAPPED_ID else "a word"
    return f"{_rows(rows, 'row has', 'rows have')} {word} {code}; {money_text(cents)} {effect}: {named}"


def _unknown_sides(words: Mapping[str, tuple[int, int]]) -> str:
    """Unknown words for a side: whether this spending is for or against somebody is not known."""
    rows, cents, named = _listed_codes(words)
    spending = _rows(rows, "row of independent spending has", "rows of independent spending have")
    return f"{spending} an unknown word for the side, which stays unknown ({money_text(cents)}): {named}"


def _listed_codes(codes: Mapping[str, tuple[int, int]]) -> tuple[int, int, str]:
    """The rows and cents of all codes, and the codes in words, those of most rows first."""
    ordered = sorted(codes.items(), key=lambda item: (-item[1][0], item[0]))
    named = [f'"{_shown(code)}" ({rows:,})' for code, (rows, _) in ordered[:_NAMED]]
    more = [f"and {len(ordered) - _NAMED} more codes"] if len(ordered) > _NAMED else []
    rows, cents = (sum(each[at] for each in codes.values()) for at in (0, 1))
    return rows, cents, ", ".join([*named, *more])


def raised_notes(entries: Sequence[ProsecutorEntry]) -> list[str]:
    """The recipients of whom nothing counts as raised, or only transfers or goods: each sentence once, with names."""
    names: dict[str, list[str]] = {}
    for entry in entries:
        if entry.raised_note:
            names.setdefault(entry.raised_note, []).append(entry.name)
    return [
        f"{', '.join(group[:_NAMED])}{f' and {more:,} more' if (more := len(group) - _NAMED) > 0 else ''}: {note}"
        for note, group in names.items()
    ]


def counted_notes(entries: Sequence[ProsecutorEntry], count: Collection[str]) -> list[str]:
    """What is in the sums only because the user counts its category."""
    if not count:
        return []
    rows = sum(flag.tier == COUNTED_RELATED for entry in entries for flag in entry.flags)
    because = f"flagged because of --count {','.join(sorted(count))}: these donors are not police unions"
    return [f"{_rows(rows, 'row is', 'rows are')} {because}"]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" and others" if names[_NAMED:] else "")


def _in_two_files(gathered: Gathered, selection: Selection) -> list[str]:
    """A state's whole export beside one committee's own: each is right, and together they count its money twice."""
    files: dict[tuple[object, ...], dict[str, Flag]] = {}
    selected = {recipient for entry in selection.entries for recipient in entry.recipients}
    for recipient, finding, flag in gathered.interest:
        if finding == "union" and flag.status in COUNTED_STATUSES and recipient in selected:
            gift = (recipient.key, name_key(flag.contributor), flag.date, flag.amount_cents, flag.kind)
            file, _ = pdf_page(flag.source)
            files.setdefault(gift, {}).setdefault(file, flag)
    repeated = [[*found.values()] for found in files.values() if len(found) > 1]
    if not repeated:
        return []
    first, second, *_ = repeated[0]
    gifts = _rows(len(repeated), "flagged gift is", "flagged gifts are")
    example = f"such as {first.place} and {second.place}: compare them, or give one of the files"
    rest = "Other rows may be in both too; then what was raised is too high as well"
    return [f"{gifts} in two files and may count twice, {example}. {rest}"]
