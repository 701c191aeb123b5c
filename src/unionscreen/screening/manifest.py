"""What a screening says about itself: enough to run it again, and what the user should be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc

from unionscreen._version import __version__
from unionscreen.accounting.money import COUNTED_STATUSES
from unionscreen.contributions import money_text
from unionscreen.errors import UsageError
from unionscreen.files import pdf_page, shown
from unionscreen.filings.detect import MAPPED_ID
from unionscreen.filings.sources import sha256_of
from unionscreen.prosecutors import Selection
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.counted import Alike, InputCount
from unionscreen.screening.doubts import about_dates, about_doubles, about_the_future
from unionscreen.screening.inputs import FilingSet
from unionscreen.screening.merge import Gathered
from unionscreen.screening.prosecutor_rows import recipient_key
from unionscreen.screening.result import Flag, ProsecutorEntry
from unionscreen.screening.settings import COUNTED_RELATED
from unionscreen.unions import UnionList

# Silent limits of portals (FORMATS.md "Row caps") and of spreadsheets, which hold one row less than their size.
ROW_CAPS: Final = (1_000, 5_000, 10_000, 50_000, 65_000, 65_535, 99_999, 100_000, 1_000_000, 1_048_575)
# Recipients that a note names.
_NAMED: Final = 5
_NOTHING = InputCount(0, 0, "")


def make_manifest(
    inputs: FilingSet, gathered: Gathered, selection: Selection, listed: UnionList, asked: dict[str, Any]
) -> dict[str, Any]:
    """The manifest of DESIGN §8, with keys in its order.

    Args:
        inputs: what was opened.
        gathered: what was read.
        selection: which recipients are shown, and why.
        listed: the union list, the user's overlay included.
        asked: the user's options; which recipients are shown stands before them.

    Raises:
        UsageError: two inputs hold the same bytes under two names.
    """
    rows = []
    for i, filing in enumerate(inputs.filings):
        count = gathered.inputs.get(i, _NOTHING)
        rows.append(
            {
                "path": filing.source,
                "sha256": inputs.sha256(i),
                "format": filing.format.id,
                "encoding": count.encoding,
                "rows_read": count.rows_read,
                "rows_screened": count.rows_read - count.rows_rejected,
                "rows_rejected": count.rows_rejected,
                **(count.days or {}),
            }
        )
    _check_distinct(inputs, rows)
    manifest: dict[str, Any] = {
        "inputs": rows,
        "list_sha256": listed.sha256,
        "version": __version__,
        "settings": {"recipients": selection.recipients, "recipients_why": selection.why, **asked},
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
    if gathered.nameless:
        manifest["rows_without_donor"] = gathered.nameless
    if gathered.left_out:
        manifest["left_out"] = gathered.left_out
    return manifest


def _check_distinct(inputs: FilingSet, rows: list[dict[str, Any]]) -> None:
    """The same bytes under two names would count all money twice."""
    first: dict[str, str] = {}
    for path, row in zip(inputs.files, rows, strict=True):
        other = first.setdefault(row["sha256"], path)
        if other != path:
            raise UsageError(f"{shown(path)} holds the same bytes as {shown(other)}; its money would count twice")


def make_notes(inputs: FilingSet, gathered: Gathered, selection: Selection) -> tuple[str, ...]:
    """One sentence for each thing that a reader of the result should know and cannot see in it."""
    notes = list(dict.fromkeys(note for filing in inputs.filings for note in filing.notes))
    notes += [f"{error.source}: {error.message}" for error in inputs.empty]
    for i, filing in enumerate(inputs.filings):
        count = gathered.inputs.get(i, _NOTHING)
        if count.rows_read == 0:
            notes.append(f"{filing.source}: {filing.no_contributions().message}")
        if count.encoding not in ("", "utf-8"):
            notes.append(f"{filing.source}: read as {count.encoding}")
        if count.unlisted:
            kind = filing.layout.rules["kind"]
            notes.append(f"{filing.source}: {_unlisted(count.unlisted, kind.default, filing.format.id)}")
        if count.listed_again[0]:
            notes.append(f"{filing.source}: {_listed_again(*count.listed_again)}")
        if count.alike is not None:
            notes.append(f"{filing.source}: {_alike(count.alike)}")
        if count.rows_read in {*ROW_CAPS, *filing.format.row_caps}:
            notes.append(
                f"{filing.source}: exactly {count.rows_read:,} rows, where portals cut exports off without a word; "
                "compare with the agency's own count, or ask for shorter spans"
            )
        notes += about_dates(filing, count.dates, all_rows=count.days is not None)
        notes += about_doubles(filing, count.differing)
    if gathered.repeat is not None:
        notes.append(_left_out_once(gathered))
    notes += about_the_future([flag for _, finding, flag in gathered.interest if finding == "union"])
    undated = sum(flag.date is None for _, finding, flag in gathered.interest if finding == "union")
    if undated:
        rows = "1 flagged row has" if undated == 1 else f"{undated:,} flagged rows have"
        notes.append(f"{rows} no date, or an impossible one")
    if gathered.nameless:
        rows = "1 row names" if gathered.nameless == 1 else f"{gathered.nameless:,} rows name"
        notes.append(f"{rows} no donor, and could not be compared with the list: unitemized sums, or names elsewhere")
    if gathered.missed_recipients and not inputs.can_be_read_again:
        silent = [each for each in gathered.missed_recipients if each not in gathered.alone]
        advice = "give the file by its name instead of -, or --recipients all"
        if silent:
            notes.append(
                f"some rows of {_some(silent)} do not say that it is a prosecutor's, and a refund among them was not "
                f"looked for: {advice}"
            )
        if alone := [each for each in gathered.missed_recipients if each in gathered.alone]:
            notes.append(f"some rows of {_some(alone)} stand among other recipients, and were not looked up: {advice}")
    notes += _alike_in_two_files(gathered, selection)
    notes += [
        f"{count:,} union row{' is' if count == 1 else 's are'} left out: {reason}"
        for reason, count in gathered.left_out.items()
    ]
    return (*notes, *selection.notes)


def _left_out_once(gathered: Gathered) -> str:
    """How many rows repeat others, whether or not they are flagged, and how much that is."""
    twice = gathered.totals.filter(pc.equal(gathered.totals["status"], "duplicate"))
    rows, cents = (pc.sum(twice[name]).as_py() or 0 for name in ("rows", "cents"))
    row, first = gathered.repeat or ("", "")
    repeat = "1 row repeats another and is" if rows == 1 else f"{rows:,} rows repeat another and are"
    return (
        f"{repeat} left out ({money_text(cents)}): the same id with the same filer, date and amount, or the same gift "
        f"listed twice, such as {row}, which repeats {first}"
    )


def _listed_again(rows: int, cents: int) -> str:
    """Said of a file put together from several exports: equal rows may be two gifts, or one that was found twice."""
    are = f"1 row ({money_text(cents)}) is" if rows == 1 else f"{rows:,} rows ({money_text(cents)}) are"
    return (
        f"{are} equal to another but for the heading it is listed under. This file was put together from several "
        "exports, so what is listed a second time counts; compare with the agency's own list"
    )


def _alike(alike: Alike) -> str:
    """Said where no id tells whether equal rows are one gift: payrolls and ticket sales give such rows for good."""
    repeat = f"{alike.rows:,} rows repeat" if alike.rows > 1 else "1 row repeats"
    return (
        f"{repeat} another word for word ({money_text(alike.cents)}). This may be real, so all are counted; "
        f"look at row {alike.row}, which is equal to row {alike.like}"
    )


def _shown(code: str) -> str:
    """A code in a sentence: its first line, for some layouts write the filer below it."""
    return " / ".join(part.splitlines()[0] for part in code.split("|") if part.strip())


def _unlisted(codes: Mapping[str, tuple[int, int]], rest: str | None, format_id: str) -> str:
    """The codes that the format does not list, those of most rows first."""
    ordered = sorted(codes.items(), key=lambda item: (-item[1][0], item[0]))
    named = [f'"{_shown(code)}" ({rows:,})' for code, (rows, _) in ordered[:_NAMED]]
    more = [f"and {len(ordered) - _NAMED} more codes"] if len(ordered) > _NAMED else []
    rows, cents = (sum(each[at] for each in codes.values()) for at in (0, 1))
    what = "counted as gifts of money" if rest == "monetary" else "in no sum"
    code = (
        "a word for its kind that is not known" if format_id == MAPPED_ID else "a code that this format does not list"
    )
    are = "1 row has" if rows == 1 else f"{rows:,} rows have"
    return f"{are} {code}; {money_text(cents)} {what}: {', '.join([*named, *more])}"


def raised_notes(entries: Sequence[ProsecutorEntry]) -> list[str]:
    """Of whom nothing counts as raised, or only transfers: the same sentence once, with the first of its names."""
    names: dict[str, list[str]] = {}
    for entry in entries:
        if entry.raised_note:
            names.setdefault(entry.raised_note, []).append(entry.name)
    return [
        f"{', '.join(whose[:_NAMED])}{f' and {more:,} more' if (more := len(whose) - _NAMED) > 0 else ''}: {note}"
        for note, whose in names.items()
    ]


def counted_notes(entries: Sequence[ProsecutorEntry], count: Collection[str]) -> list[str]:
    """What stands in the sums only because the user counts its category.

    Args:
        entries: what was found.
        count: the categories that the user asked for.
    """
    if not count:
        return []
    added = [flag for entry in entries for flag in entry.flags if flag.tier == COUNTED_RELATED]
    rows = f"{len(added):,} row{' is' if len(added) == 1 else 's are'}"
    return [f"{rows} flagged because of --count {','.join(sorted(count))}: these donors are no police unions"]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" and others" if names[_NAMED:] else "")


def _alike_in_two_files(gathered: Gathered, selection: Selection) -> list[str]:
    """A state's whole export beside one committee's own: each is right, and together they count its money twice."""
    files: dict[tuple[object, ...], dict[str, Flag]] = {}
    selected = {recipient for entry in selection.entries for recipient in entry.recipients}
    for recipient, finding, flag in gathered.interest:
        if finding == "union" and flag.status in COUNTED_STATUSES and recipient in selected:
            same = (recipient_key(recipient.recipient, recipient.recipient_id), name_key(flag.contributor))
            file, _ = pdf_page(flag.source)
            files.setdefault((*same, flag.date, flag.amount_cents, flag.kind), {}).setdefault(file, flag)
    alike = [[*found.values()] for found in files.values() if len(found) > 1]
    if not alike:
        return []
    first, second, *_ = alike[0]
    gifts = "gift stands" if len(alike) == 1 else "gifts stand"
    example = f"{first.source}:{first.row} and {second.source}:{second.row}"
    note = f"{len(alike):,} flagged {gifts} alike in two files, and may count twice, such as {example}: "
    return [note + "compare them, or give one of the files"]
