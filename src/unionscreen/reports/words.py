"""The words that all reports for readers share: names, order, statuses, method and limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting import Money, exclusion_summary, signed
from unionscreen.contributions import money_text
from unionscreen.files import file_of
from unionscreen.filings.files.paging import ONE_PAGE
from unionscreen.reports.text import count, percent, visible
from unionscreen.screening.result import MARKED, NOT_IN_LATER_REPORT, ONLY_IN_KIND

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry, Screening

NAME_LIMIT: Final = 240  # characters of a name where it is shown; the longest committee in filings has 203
SENTENCE_LIMIT: Final = 1_200  # a reason names the donor, the alias and what speaks against the nearest other
ROW_LIMIT: Final = 2_000  # rows of one table: with more, a browser is slow and a CMS fails
CLEAR_LIMIT: Final = 300  # recipients without a flag that are named

CAUTION: Final = "A match with the list is a lead to check, not a finding of wrongdoing."
# A pattern may be ambiguous, and then it fits organizations on the list: "not on the list" would be wrong.
NOT_IDENTIFIED: Final = "not identified with one on the list"

# What a status means for the reader (DESIGN §6). The row that caused it follows.
STATUS_WORDS: Final = {
    "active": "",
    "superseded": "superseded by an amendment",
    "covered": "repeated in a later report",
    "duplicate": "filed twice",
    "memo": "memo, not counted in totals",
    "refunded": "returned",
    "void": "withdrawn, not counted in totals",
}

_LIMITS: Final = """
Here, a union is any organized association of law enforcement officers that was formed to protect and further their
rights and interests, whatever it calls itself. Its political committees are included.

Listed: the donor is the named organization on the curated list, under one of the names it is known to use. A different
place or lodge number rules a match out, however similar the names are.

Pattern: the name reads like an officers' organization, but is not identified with one on the list: either none there
fits, or the name is ambiguous and nothing shows which one is meant. Find out what it is before you quote it.

Related organizations (chiefs, foundations, police-themed committees, a sheriff's own campaign) are shown separately and
are not counted in totals.

The score, 0 to 100, ranks matches by how certain they are. It is not a probability.

Given is the total of gifts of money and goods, returned is what was paid back, and net is the difference. Loans, memo
rows, rows superseded by an amendment and rows repeated in a later report are shown, but not counted in totals.

Names are shown as filed; the tool identified the organizations. Open the filing at file:row before you publish.

Gifts below the itemization threshold, and filings that the tool was not given, are not included. The list is not
complete: a donor that is not flagged may still be a police union.

Organizations that give through a committee with an unrelated name are found only if that committee is on the list.
"""
LIMITS: Final = tuple(" ".join(each.split()) for each in _LIMITS.strip().split("\n\n"))


def entry_name(entry: ProsecutorEntry) -> str:
    """The person's name, or the committees where no person is known, on one line."""
    return visible(entry.name) or "(no recipient named)"


def raised(entry: ProsecutorEntry) -> str:
    """What was raised, in how many rows, and what is left out: "$5.00 in 7 contributions; 9 repeats not counted".

    Loans follow with their own total.
    """
    rows = entry.contributions if entry.raised_rows is None else entry.raised_rows
    text = f"{money_text(entry.raised)} in {count(rows, 'contribution')}"
    if entry.in_kind and entry.raised_note != ONLY_IN_KIND:
        text += f", {money_text(entry.in_kind)} of it in kind"
    text += f"; {money_text(entry.loans)} in loans in addition" if entry.loans else ""
    note = entry.raised_note or ""
    if entry.raised_left_out and entry.raised_left_out not in note:
        text += f"; {entry.raised_left_out} not counted"
    return f"{text}; {note}" if note else text


def rows_counted(entry: ProsecutorEntry) -> str:
    """How many flagged rows are counted in the totals, and what is left out: "3 rows; 9 repeats not counted"."""
    rows, others = count(len(entry.counted), "row"), entry.not_counted
    return f"{rows}; {others} not counted" if others else rows


def in_order(screening: Screening) -> list[ProsecutorEntry]:
    """The entries in reading order: the largest net total first, then by name."""
    return sorted(screening.prosecutors, key=lambda entry: (-entry.flagged.net, not entry.flags, entry_name(entry)))


def headline(screening: Screening) -> str:
    """The report's title."""
    return f"Police-union contributions: {_whose(screening)}"


def _whose(screening: Screening) -> str:
    entries, settings = screening.prosecutors, screening.manifest["settings"]
    if len(entries) == 1:
        return entry_name(entries[0])
    if not entries and settings.get("prosecutor"):
        return visible(settings["prosecutor"])
    if not entries and settings.get("recipients") == "all":
        return "none in these files"
    prosecutors = len(prosecutors_alone(entries))
    if prosecutors == len(entries):
        return count(len(entries), "prosecutor")
    among = f", {prosecutors:,} of them {'a prosecutor' if prosecutors == 1 else 'prosecutors'}" if prosecutors else ""
    return f"{count(len(entries), 'recipient')}{among}"


def prosecutors_alone(entries: Iterable[ProsecutorEntry]) -> list[ProsecutorEntry]:
    """The entries of prosecutors: other recipients may be shown beside them."""
    return [entry for entry in entries if entry.prosecutor is not None]


def money_together(entries: Iterable[ProsecutorEntry]) -> Money:
    """The flagged money of several entries. No recipient belongs to two of them, so their totals can be added."""
    each = [entry.flagged for entry in entries]
    return Money(
        gross=sum(money.gross for money in each),
        refunded=sum(money.refunded for money in each),
        in_kind=sum(money.in_kind for money in each),
        loans=sum(money.loans for money in each),
    )


def lead(screening: Screening) -> str:
    """What a report begins with: who took what, or that nothing was received; and what unions spent independently."""
    entries = screening.prosecutors
    spent = unions_spent(screening)
    spending = f"organizations that match police unions spent {money_text(spent)} independently, see below"
    spending += " for and against whom"  # it may be against the one that is shown, or about somebody else
    if not entries:
        received = _nothing_received(screening)
        return f"{received}; {spending}." if spent else f"{received}."
    took = quotable(entries[0]) if len(entries) == 1 else _who_took(entries)
    return f"{took} {spending[0].upper()}{spending[1:]}." if spent else took


def unions_spent(screening: Screening) -> int:
    """Cents of independent spending, for or against anybody, by spenders that match police unions."""
    return sum(each.amount_cents for each in screening.books.active_spending if each.tier in ("listed", "pattern"))


def _nothing_received(screening: Screening) -> str:
    """Why no recipient is shown, without a period. It must not read as if somebody had taken nothing."""
    manifest = screening.manifest
    given = sum(each.giver_row is not None and each.status != "return" for each in screening.books.gifts)
    also = f"; the givers' own filings list {count(given, 'gift')}, see below" if given else ""
    if others := manifest.get("not_looked_up"):
        whose = count(others["recipients"], "recipient")
        return f"None of the {whose} in these files is recognized as a prosecutor, so no donors were looked up{also}"
    if asked := manifest["settings"].get("prosecutor"):
        return f"These files list no contributions to {visible(asked)}{also}"
    if screening.rejected or manifest.get("unread"):
        return f"No contributions received could be read in these files{also}"
    return f"These files list no contributions received{also}"


def _who_took(entries: Sequence[ProsecutorEntry]) -> str:
    """How many of several took what; where prosecutors are among others, their own sums follow."""
    flags = [*chain.from_iterable(entry.flags for entry in entries)]
    if not flags:
        return "Nothing that they reported matches the list or reads like an officers' organization."
    took = _takers(entries)
    if not took:
        left = exclusion_summary((1, flag.kind, flag.status) for flag in flags)
        return f"Nothing that matches police unions is counted in totals; not counted: {left}."
    prosecutors = prosecutors_alone(entries)
    if len(prosecutors) in (0, len(entries)):
        return f"{took:,} of {len(entries):,} took money that matches police unions: {_sums(entries)}."
    among = _takers(prosecutors)
    alone = f"{among:,} of {len(prosecutors):,} took such money" + (f": {_sums(prosecutors)}" if among else "")
    return (
        f"{took:,} of {len(entries):,} recipients took money that matches police unions: {_sums(entries)}. "
        f"Of the prosecutors alone, {alone}."
    )


def _takers(entries: Iterable[ProsecutorEntry]) -> int:
    return sum(bool(entry.counted) for entry in entries)


def _sums(entries: Iterable[ProsecutorEntry]) -> str:
    money = money_together(entries)
    gross, refunded, net = map(money_text, (money.gross, money.refunded, money.net))
    return f"{gross} was given, {refunded} returned, {net} kept"


def of_raised(entry: ProsecutorEntry) -> str:
    """The share of what was raised: "18.9 % of raised", or of the goods where no money is listed; "" where unknown."""
    share = percent(entry.flagged.net, entry.raised)
    whole = "goods and services raised" if entry.raised_note == ONLY_IN_KIND else "raised"
    return f"{share} of {whole}" if share else ""


def quotable(entry: ProsecutorEntry) -> str:
    """One sentence that a reporter can quote.

    It says "match": the reader has to check whether the identification is right.
    """
    name, money = entry_name(entry), entry.flagged
    if not entry.flags:
        if entry.contributions == 1:
            one = f"The one contribution that {name} reported does not match the list"
            return f"{one} or read like an officers' organization."
        rows = count(entry.contributions, "contribution")
        return f"None of the {rows} that {name} reported matches the list or reads like an officers' organization."
    if not entry.counted:
        verb = "is" if len(entry.flags) == 1 else "are"
        left = f"{entry.not_counted} {verb} not counted"
        return f"Nothing that {name} took from donors that match police unions is counted in totals: {left}."
    share = percent(money.net, entry.raised)
    whole = "in goods and services" if entry.raised_note == ONLY_IN_KIND else "raised"
    part = f"{share} of the {money_text(entry.raised)} {whole}" if share else ""
    took = f"{name} took {money_text(money.gross)} from donors that match police unions"
    if not money.refunded:
        return f"{took}{', ' * bool(part)}{part}."
    back = f"{money_text(money.refunded)} was returned, which leaves {money_text(money.net)}"
    return f"{took}; {back}{', ' * bool(part)}{part}."


def filed_amount(flag: Flag) -> int:
    """Cents, negative where money went back; some agencies file a refund as a positive amount."""
    return signed(flag.amount_cents, flag.kind)


def _cause(cause: str, source: str) -> str:
    """The row to look at, or why there is none; the file name is left out for a row of the same file."""
    if cause == MARKED:
        return f", {MARKED}"
    place = cause.removeprefix(NOT_IN_LATER_REPORT)
    shown = f"row {visible(place.removeprefix(f'{source}:'))}" if place.startswith(f"{source}:") else visible(place)
    return f", see {shown}" if place == cause else f"; {NOT_IN_LATER_REPORT}{shown}"


def outcome(flag: Flag) -> list[str]:
    """What became of the money, where it was not simply given and kept; and what to check in the row."""
    kind = "" if flag.kind == "monetary" else flag.kind
    if flag.amount_cents < 0 and not kind:
        kind = "money back"
    status = STATUS_WORDS.get(flag.status, flag.status)
    if status and flag.status_cause:
        status += _cause(flag.status_cause, flag.source)
    return [part for part in (kind, status, flag.note or "") if part]


def files_read(manifest: Mapping[str, Any]) -> int:
    """How many files were read: the pages of a PDF and the sheets of a workbook are inputs of their own, and one file.

    >>> files_read({"inputs": [{"path": "roe.pdf#3"}, {"path": "roe.pdf#4"}, {"path": "log.csv"}]})
    2
    >>> files_read({"inputs": [{"path": "export#A", "sha256": "1f"}, {"path": "export#B", "sha256": "1f"}]})
    1
    """
    inputs = manifest["inputs"]
    # Outside of a zip the same bytes are the same file, whatever it is called.
    return len(
        {file_of(each["path"]) if "!" in each["path"] else each.get("sha256", file_of(each["path"])) for each in inputs}
    )


def rows_looked_at(manifest: Mapping[str, Any]) -> int:
    """How many rows were screened: rows of recipients whose donors were not looked up do not count.

    >>> rows_looked_at({"rows_screened": 9, "not_looked_up": {"recipients": 2, "rows": 5}})
    4
    """
    rows: int = manifest["rows_screened"] - (manifest.get("not_looked_up") or {}).get("rows", 0)
    return rows


def unread_said(manifest: Mapping[str, Any]) -> str | None:
    """The last line of every report where files could not be read, or are one page of several; else None.

    >>> unread_said({"files": 1, "unread": [{"path": "a.json", "reason": "this is a page: 2 of 9 records"}]})
    'a.json is one page of several: the others are not counted'
    >>> unread_said({"files": 21, "unread": [{"path": "a.csv", "reason": "is damaged"}]})
    '1 of 21 files could not be read'
    >>> unread_said({"files": 2, "unread": [{"path": "a.xlsx#Old", "reason": "this sheet is hidden"}]})
    '1 of 2 files or sheets could not be read'
    >>> damaged = {"path": "a.csv", "reason": "is damaged"}
    >>> letter = {"path": "letter.pdf", "reason": "no known form"}
    >>> unread_said({"files": 21, "unread": [damaged, letter], "failed_files": [damaged]})
    '1 of 21 files could not be read, and 1 is not recognized as a filing'
    """
    unread = manifest.get("unread")
    if not unread:
        return None
    pages = [each["path"] for each in unread if each["reason"].startswith(ONE_PAGE)]
    said = []
    if others := [each["path"] for each in unread if not each["reason"].startswith(ONE_PAGE)]:
        sheets = any("#" in path for path in others)  # a name may hold one, too: then this is no less true
        files = count(manifest["files"], *(("file or sheet", "files or sheets") if sheets else ("file",)))
        failed = {each["path"] for each in manifest.get("failed_files", ())}.intersection(others)
        said.append(f"{len(failed or others):,} of {files} could not be read")
        if failed and (plain := len(others) - sum(path in failed for path in others)):
            said[-1] += f", and {count(plain, 'is', 'are')} not recognized as {'a filing' if plain == 1 else 'filings'}"
    if pages:
        which = f"{pages[0]} is" if len(pages) == 1 else f"{len(pages):,} files are each"
        said.append(f"{which} one page of several: the others are not counted")
    return "; ".join(said)
