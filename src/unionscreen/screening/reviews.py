"""Gifts of a union while a prosecutor reviews the conduct of its members: what overlaps in time, and nothing more.

The user's table says which prosecutor had a review of which agency's officers open from when to when, each with a
source. Each gift from a union of these officers gets a sentence. An overlap in time is not a finding: it has no score
and is in no sum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting.money import GIFT_KINDS, cents_to_decimal, decimal_to_cents, goes_back
from unionscreen.contributions import count
from unionscreen.errors import UsageError
from unionscreen.lists import Cells, one_day, read_list
from unionscreen.matching.places import state_code
from unionscreen.prosecutors import natural_order, same_person
from unionscreen.prosecutors.identity import Post, contradiction, states_of
from unionscreen.prosecutors.people import name_parts
from unionscreen.prosecutors.words import name_key
from unionscreen.unions.agencies import UnionAgency, load_agencies

if TYPE_CHECKING:
    from unionscreen.screening.result import Flag, ProsecutorEntry
    from unionscreen.unions import UnionList

REVIEW_COLUMNS: Final = ("prosecutor", "agency", "union_id", "state", "ori", "opened", "closed", "source")
# How a gift lies to a review. The first two overlap in time.
WHILE_OPEN: Final = "while it was open"
OPEN_SO_FAR: Final = "open as far as the table says"
BEFORE: Final = "before it was opened"
AFTER: Final = "after it was closed"
NO_DATE: Final = "the gift has no date"
_OVERLAPS: Final = {WHILE_OPEN: True, OPEN_SO_FAR: True, BEFORE: False, AFTER: False}
# How many names a note has.
_NAMED: Final = 5
_DAY_HINT: Final = "write it as 2020-06-09"


@dataclass(frozen=True)
class OpenReview:
    """One row of the user's table.

    Attributes:
        prosecutor: who reviews.
        about: the agency as the table names it, else the union.
        unions: ids of the unions of its officers, each with what that rests on; empty if none is known.
        opened: the first day.
        closed: the last day; None where the table has none.
        source: where the review is documented.
        line: in the table.
        state: of the agency and so of the prosecutor, two letters; "" if the table leaves it out.
    """

    prosecutor: str
    about: str
    unions: Mapping[str, str]
    opened: date
    closed: date | None
    source: str
    line: int
    state: str = ""


@dataclass(frozen=True)
class OpenReviews:
    """The user's table, with the hash of its bytes."""

    path: str
    sha256: str
    reviews: tuple[OpenReview, ...]


def read_reviews(path: Path, unions: UnionList) -> OpenReviews:
    """Read a table of reviews.

    Args:
        path: a CSV with ``prosecutor``, ``opened``, ``source``, and ``agency``, ``ori`` or ``union_id``.
        unions: the list.

    Raises:
        UsageError: a column is missing, or a cell cannot be used, with file, line and cell.
    """
    source = str(path)
    header, rows = read_list(path)
    needed = [name for name in ("prosecutor", "opened", "source") if name not in header]
    needed += [] if {"agency", "union_id", "ori"} & set(header) else ["agency"]
    if needed:
        raise UsageError(f"no column {needed[0]}", source=source, row=1, hint="columns: " + ",".join(REVIEW_COLUMNS))
    reviews = tuple(_review(Cells(cells, source, line), unions) for line, cells in rows)
    if not reviews:
        raise UsageError("the table of reviews has no rows", source=source)
    return OpenReviews(source, hashlib.sha256(path.read_bytes()).hexdigest(), reviews)


def _review(row: Cells, unions: UnionList) -> OpenReview:
    for name in ("prosecutor", "opened", "source"):
        if not row.cells.get(name):
            raise UsageError(f"has no {name}", source=row.source, row=row.line, hint="every review needs one")
    opened = row.read("opened", one_day, date.min, "a day", _DAY_HINT)
    closed = row.read("closed", one_day, None, "a day", _DAY_HINT + ", or leave it empty while it is open")
    if closed and closed < opened:
        raise UsageError(
            f"closed on {closed}, before it was opened on {opened}", source=row.source, row=row.line,
            cell=row.cells["closed"], hint="exchange the two days, or correct one",
        )  # fmt: skip
    state = row.read("state", lambda cell: state_code(cell) or None, "", "a state", "write two letters, for example CA")
    about, found = _unions_of(row, unions, state)
    return OpenReview(row.cells["prosecutor"], about, found, opened, closed, row.cells["source"], row.line, state)


def _unions_of(row: Cells, unions: UnionList, state: str) -> tuple[str, dict[str, str]]:
    """The agency or union of a row in words, and the ids of the unions, each with what that rests on."""
    agency, ori = row.cells.get("agency", ""), row.cells.get("ori", "")
    union_id = row.read(
        "union_id", lambda cell: cell if cell in unions.unions else None, "", "an id of the curated list",
        "`unionscreen unions search NAME` prints ids",
    )  # fmt: skip
    if union_id:
        return agency or f"members of {unions.unions[union_id].name}", {union_id: "your table"}
    if not agency and not ori:
        raise UsageError(
            "has no agency, ori or union_id", source=row.source, row=row.line, hint="every review needs one of them"
        )
    found = load_agencies().find(agency, state, ori)
    _check_one(found, row, agency or ori)
    return agency or (found[0].agency if found else ori), {each.union_id: each.basis for each in found}


def _check_one(found: Sequence[UnionAgency], row: Cells, cell: str) -> None:
    states = sorted({each.state for each in found})
    if len(states) > 1:
        raise UsageError(
            f"{cell!r} is an agency in {' and '.join(states)}", source=row.source, row=row.line, cell=cell,
            hint="fill in the column state, ori or union_id",
        )  # fmt: skip


@dataclass(frozen=True)
class ReviewedGift:
    """One gift and one review: how they lie in time.

    Attributes:
        timing: while it was open, open as far as the table says, before it was opened, after it was closed, or the
            gift has no date.
        overlaps: whether they overlap in time; None without a date.
        days: from the day on which the review was opened to the gift; negative before it.
        sentence: the same in words, with the source.
        basis: what it rests on that the union is one of the officers under review.
    """

    prosecutor: str
    agency: str
    opened: date
    closed: date | None
    review_source: str
    review_row: str
    contributor: str
    recipient: str
    union_id: str
    date: date | None
    amount_cents: int
    status: str
    source: str
    row: int
    timing: str
    overlaps: bool | None
    days: int | None
    sentence: str
    basis: str
    person_id: str | None = None
    committee_id: str | None = None

    @property
    def place(self) -> str:
        """Where the gift is: ``file:row``."""
        return f"{self.source}:{self.row}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the amount in dollars."""
        values = asdict(self)
        values["amount"] = cents_to_decimal(values.pop("amount_cents"))
        return values | {name: values[name] and values[name].isoformat() for name in _DAYS}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ReviewedGift:
        """What :meth:`to_dict` saved."""
        values = {each.name: saved[each.name] for each in fields(cls) if each.name in saved}
        days = {name: date.fromisoformat(saved[name]) if saved[name] else None for name in _DAYS}
        return cls(**values | days | {"amount_cents": decimal_to_cents(saved["amount"])})


_DAYS: Final = ("opened", "closed", "date")


def reviewed_gifts(entries: Sequence[ProsecutorEntry], table: OpenReviews) -> tuple[ReviewedGift, ...]:
    """Every gift from a union of officers under review, with every review of its prosecutor; by date.

    A review whose prosecutor may be one of several is compared with nobody's gifts: :func:`review_notes` names it.
    """
    found = [
        _reviewed(entry, flag, union_id, review, table.path)
        for review in table.reviews
        if review.unions and len(entries_of_it := _entries_of(review, entries)) == 1
        for entry in entries_of_it
        for flag in entry.flags
        if flag.counts and flag.kind in GIFT_KINDS and not goes_back(flag.amount_cents, flag.kind)
        for union_id in _of(flag, review)
    ]
    return tuple(sorted(found, key=lambda each: (each.prosecutor, str(each.date), each.source, each.row, each.opened)))


def _entries_of(review: OpenReview, entries: Iterable[ProsecutorEntry]) -> list[ProsecutorEntry]:
    """Who may be the prosecutor of a review: of several, those whose first name is known, if the table has it too."""
    found = [each for each in entries if _is_named(each, review.prosecutor) and not _of_another_state(each, review)]
    if len(found) > 1 and _has_first_name(natural_order(review.prosecutor)):
        return [each for each in found if _has_first_name(each.prosecutor)] or found
    return found


def _has_first_name(name: str | None) -> bool:
    return bool(name and name_parts(name)[0])


def _is_named(entry: ProsecutorEntry, prosecutor: str) -> bool:
    if entry.prosecutor:
        return same_person(natural_order(prosecutor), entry.prosecutor)
    return any(name_key(prosecutor) == name_key(recipient) for recipient in entry.recipients)


def _of_another_state(entry: ProsecutorEntry, review: OpenReview) -> bool:
    states = states_of((entry.person_id, *entry.committee_ids)) or {""}
    return all(contradiction(Post(review.state), Post(state, "", entry.jurisdiction or "")) for state in states)


def _of(flag: Flag, review: OpenReview) -> list[str]:
    """The union of the review that gave, or may have given; none if another did."""
    ids = [flag.union_id] if flag.union_id else (flag.could_be or "").split()
    return [each for each in ids if each in review.unions][:1]


def _reviewed(entry: ProsecutorEntry, flag: Flag, union_id: str, review: OpenReview, path: str) -> ReviewedGift:
    timing, days = _timing(flag.date, review)
    doubt = "" if flag.union_id else "; the donor's name may be that of another union"
    back = "; the gift was returned" if flag.status == "refunded" else ""
    return ReviewedGift(
        prosecutor=entry.name,
        agency=review.about,
        opened=review.opened,
        closed=review.closed,
        review_source=review.source,
        review_row=f"{path}:{review.line}",
        contributor=flag.contributor,
        recipient=flag.recipient,
        union_id=union_id,
        date=flag.date,
        amount_cents=flag.amount_cents,
        status=flag.status,
        source=flag.source,
        row=flag.row,
        timing=timing,
        overlaps=_OVERLAPS.get(timing),
        days=days,
        sentence=_sentence(review, timing, days, flag.date) + back + doubt,
        basis=review.unions[union_id],
        person_id=entry.person_id,
        committee_id=entry.committee_id,
    )


def _timing(day: date | None, review: OpenReview) -> tuple[str, int | None]:
    if day is None:
        return NO_DATE, None
    days = (day - review.opened).days
    if days < 0:
        return BEFORE, days
    if review.closed is None:
        return OPEN_SO_FAR, days
    return (WHILE_OPEN if day <= review.closed else AFTER), days


def _sentence(review: OpenReview, timing: str, days: int | None, day: date | None) -> str:
    """How a gift and a review lie in time, in words.

    >>> review = OpenReview("Roe", "Elmhaven PD", {}, date(2022, 1, 1), date(2022, 3, 1), "https://example.org", 2)
    >>> _sentence(review, WHILE_OPEN, 17, date(2022, 1, 18))
    '17 days after the review of Elmhaven PD was opened (https://example.org), while it was open'
    """
    named = f"the review of {review.about} was opened ({review.source})"
    if days is None or day is None:
        return f"the gift has no date, and {named} on {review.opened}"
    if days == 0:
        when = f"on the day on which {named}"
    else:
        when = f"{count(abs(days), 'day')} {'after' if days > 0 else 'before'} {named}"
    if timing == AFTER and review.closed:
        return f"{when}, and {count((day - review.closed).days, 'day')} after it was closed"
    return when if timing == BEFORE else f"{when}, {timing}"


def review_notes(entries: Sequence[ProsecutorEntry], table: OpenReviews, found: Sequence[ReviewedGift]) -> list[str]:
    """What overlaps, and which reviews could not be compared with any gift."""
    overlapping = [each for each in found if each.overlaps]
    gifts = len({each.place for each in overlapping})
    what = f"{count(gifts, 'gift')} {'overlaps' if gifts == 1 else 'overlap'}" if gifts else "no gift overlaps"
    why = f", which says nothing about why {'it was' if gifts == 1 else 'they were'} given" if gifts else ""
    notes = [f"{table.path}: {what} in time with a review of the giver's members{why}"]
    unknown = {review.about: review.line for review in table.reviews if not review.unions}
    if unknown:
        which = "that agency" if len(unknown) == 1 else "these agencies"
        notes.append(
            f"{table.path}: the table of agencies has no union for {_listed(unknown)}, so gifts of a union of {which} "
            "are not compared; fill in union_id if you know it"
        )
    absent: dict[str, int] = {}
    several: dict[str, int] = {}
    for review in table.reviews:
        number = len(_entries_of(review, entries))
        if number > 1:
            several[review.prosecutor] = review.line
        elif not number:
            elsewhere = any(_is_named(entry, review.prosecutor) for entry in entries)
            absent[review.prosecutor + (f" of {review.state}" if elsewhere else "")] = review.line
    if absent:
        notes.append(f"{table.path}: not in these filings: {_listed(absent)}")
    if several:
        notes.append(
            f"{table.path}: not compared, because several people in these filings may be meant: {_listed(several)}; "
            "write the full name, or fill in the state"
        )
    return notes


def _listed(lines: Mapping[str, int]) -> str:
    named = [f"{name} (line {line})" for name, line in list(lines.items())[:_NAMED]]
    more = len(lines) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")
