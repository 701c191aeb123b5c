"""Money that filers paid out: each payment counts once, and each gift is compared with the recipient's filing.

One payment may be filed three times: in a 24-hour notice, in the periodic report of its date, and on a second schedule
of that report. A gift is in two filings, the giver's and the recipient's, made by different people on different days.
Sources: FORMATS.md "semantics"; Form 496 and Form 460 Schedules D and E of the California FPPC.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from unionscreen.accounting.lines import LATE_SLACK, report_key, version_key
from unionscreen.prosecutors import person_of, recognize_prosecutor, same_person
from unionscreen.prosecutors.people import name_parts
from unionscreen.prosecutors.words import names_kind_of_place, places_differ

# How far apart, in days, the two filings of one gift may date it. A check is dated by the giver on the day it is
# written, and by the recipient on the day it arrives or is deposited: up to 9 days apart in the Oregon exports that
# were read. Gifts that recur do so monthly or by election, so a longer window would pair one gift with the next.
WINDOW_DAYS: Final = 30

# A committee's id as Oregon and the FPPC write it behind its name: "Friends of Jane Roe (15938)".
_ID: Final = re.compile(r"(?:fppc)? ?(?:id)? ?#? ?(\d{4,9}) ?", re.IGNORECASE)

_FAMILIES: Final = frozenset({"local", "city", "state"})  # what :func:`_office` gives for a prosecutor's office
# What names nobody: a listing without the target, which another listing of the same payment may name.
_NOBODY: Final = frozenset({""})

Shown = Literal["reported by both", "only by the giver", "only by the prosecutor", "only by the recipient"]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as its filer reported it.

    Attributes:
        giver: the filer that paid, as filed; ``giver_id`` is its id with the agency.
        recipient: whom the money is for (a contribution) or about (independent spending), as filed.
        payee: of independent spending: the vendor that was paid.
        support_oppose: support, oppose or unknown; None for a contribution.
        amount_cents: exact; negative is money that came back.
        late: whether it is in a 24-hour notice, which a report repeats.
        worded: whether only the filer's own words, and no code, say that it is a gift.
        second: whether another schedule of the same form lists it too: Schedule E, whose gifts are on Schedule D.
        tier, union_id, union, union_kind, score, why: the match of the giver with the list; None without a match.
        status: active, superseded (amended), duplicate, covered (a notice that a report repeats), memo or void.
        status_cause: ``file:row`` of the row that caused it.
        possibly_same: ``file:row`` of a listing that may be the same payment; both count, because that is not certain.
    """

    source: str
    row: int
    format: str
    kind: str
    giver: str
    giver_id: str | None
    recipient: str
    recipient_id: str | None
    candidate: str | None
    office: str | None
    jurisdiction: str | None
    payee: str | None
    support_oppose: str | None
    date: date | None
    amount_cents: int
    transaction_id: str | None
    filing_id: str | None
    amendment: str | None
    late: bool
    memo: bool
    tier: str | None = None
    union_id: str | None = None
    union: str | None = None
    union_kind: str | None = None
    score: float | None = None
    why: str | None = None
    status: str = "active"
    status_cause: str | None = None
    second: bool = False
    possibly_same: str | None = None
    worded: bool = False

    @property
    def filer(self) -> str:
        """The filer's id, else its folded name: the same in all of its payments."""
        return self.giver_id or folded(self.giver)

    @property
    def place(self) -> str:
        """``file:row``."""
        return f"{self.source}:{self.row}"


@lru_cache(maxsize=1 << 16)  # a filer and its payees have thousands of rows
def folded(name: str) -> str:
    """A name without case, punctuation and the id at its end.

    >>> folded("Friends of Jane Roe (15938)") == folded("FRIENDS OF JANE ROE")
    True
    """
    return " ".join(re.findall(r"[a-z0-9]+", _split_id(name)[0].lower().replace("'", "")))


def id_in(name: str) -> str | None:
    """The committee id that a filer wrote behind a name.

    >>> id_in("Friends of Jane Roe (15938)"), id_in("Roe for DA (FPPC# 1383020)"), id_in("Local (12)")
    ('15938', '1383020', None)
    """
    return _split_id(name)[1]


def _split_id(name: str) -> tuple[str, str | None]:
    """A name without the id at its end, and the id."""
    bare, bracket, end = name.rstrip().rpartition("(")
    found = _ID.fullmatch(end[:-1]) if bracket and end.endswith(")") else None
    return (bare, found.group(1)) if found else (name, None)


def settle(payments: Iterable[Payment]) -> list[Payment]:
    """Give each payment its status, so that active ones can be added up.

    Args:
        payments: in the order of the inputs, which breaks ties.
    """
    found = list(payments)
    _supersede(found)
    _drop_second_listings(found)
    _cover_notices(found)
    _cancel_voided(found)
    return found


def _supersede(found: list[Payment]) -> None:
    """Of the versions of one report only the last counts."""
    last: dict[tuple[str, str], Payment] = {}
    for each in found:
        if each.filing_id and each.status == "active":
            report = (each.filer, report_key(each.filing_id))
            if report not in last or version_key(each.amendment) > version_key(last[report].amendment):
                last[report] = each
    for at, each in enumerate(found):
        if each.filing_id and each.status == "active":
            cause = last[each.filer, report_key(each.filing_id)]
            if version_key(each.amendment) < version_key(cause.amendment):
                found[at] = replace(each, status="superseded", status_cause=cause.place)


def _drop_second_listings(found: list[Payment]) -> None:
    """One transaction of a filer is one payment, wherever it is listed: the row with the most information stays."""
    kept: dict[tuple[object, ...], int] = {}
    for at, each in enumerate(found):
        if each.status != "active" or not each.transaction_id:
            continue
        first = kept.setdefault((each.filer, each.transaction_id, each.amount_cents, each.date), at)
        if first != at:
            stays, goes = (at, first) if _rank(each) < _rank(found[first]) else (first, at)
            kept[each.filer, each.transaction_id, each.amount_cents, each.date] = stays
            status = "covered" if found[goes].late else "duplicate"
            found[goes] = replace(found[goes], status=status, status_cause=found[stays].place)


def _rank(each: Payment) -> tuple[bool, int]:
    """Which of two listings stays, lowest first: a gift or spending before a payment, then by :func:`_level`."""
    return each.kind == "expenditure", _level(each)


def _level(each: Payment) -> int:
    """Which listing repeats which: Schedule D (0) is repeated by Schedule E (1), and a notice (2) by both."""
    return 2 if each.late else 1 if each.second else 0


def _cover_notices(found: list[Payment]) -> None:
    """Mark listings that a report repeats: the same filer, kind, amount, and recipient or target, dated within days.

    A report replaces every notice like it, even where there are two: what it no longer lists was corrected in it.
    """
    listed: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, each in enumerate(found):
        if each.status == "active" and each.kind != "expenditure":
            listed[each.filer, each.kind, each.amount_cents].append(at)
    for rows in listed.values():
        for at in (row for row in rows if _level(found[row])):
            mine = found[at]
            others = [(other, _same_target(mine, found[other])) for other in rows if _may_repeat(mine, found[other])]
            reports = [found[other] for other, same in others if same]
            in_doubt = [other for other, same in others if same is None]
            if reports:
                cause = min(reports, key=_level)
                found[at] = replace(mine, status="covered", status_cause=cause.place)
            elif in_doubt:
                found[at] = replace(mine, possibly_same=found[in_doubt[0]].place)
                for other in in_doubt:
                    found[other] = replace(found[other], possibly_same=found[other].possibly_same or mine.place)


def _may_repeat(notice: Payment, report: Payment) -> bool:
    """Whether a report may list the payment of a notice, as far as days and sides tell."""
    if _level(report) >= _level(notice):
        return False
    if notice.date != report.date and (
        notice.date is None or report.date is None or abs(notice.date - report.date) > LATE_SLACK
    ):
        return False
    sides = {each.support_oppose or "unknown" for each in (notice, report)} - {"unknown"}
    return len(sides) < 2


def _same_target(one: Payment, other: Payment) -> bool | None:
    """Whether two listings are for or about the same person or committee; None where that is in doubt.

    "Smith, Jane" of Elm County is not "Smith, Jane" of Oak County. "Statewide" and "California" are a doubt.
    """
    same = _same_name(one, other)
    if same is False or not places_differ(one.jurisdiction, other.jurisdiction):
        return same
    return False if all(names_kind_of_place(each.jurisdiction) for each in (one, other)) else None


def _same_name(one: Payment, other: Payment) -> bool | None:
    """Whether ids, names and offices of two listings are those of one person or committee; None in doubt.

    "Smith, Jane" and "Jane Smith for DA" are one person. A surname alone, a typing error or another office is a doubt.
    """
    names, others = _about(one), _about(other)
    if ids_differ(names, others):
        return False
    if not names.isdisjoint(others):
        return None if _offices_differ(one, other) else True
    if "" in names | others:  # one of them names nobody
        return True if one.second and names == _NOBODY else None  # a second list of one form names what the first names
    people = [person_of(_split_id(each.recipient)[0], each.candidate) for each in (one, other)]
    if None in people:
        return None if _share_surname(one, other, people) else False
    person, same = str(people[0]), str(people[1])
    if not same_person(person, same, typos=True):
        return False
    full = all(name_parts(each)[0] for each in (person, same))
    offices = {_office(each) for each in (one, other)} - {""}
    return True if full and len(offices) < 2 and same_person(person, same) else None


def _share_surname(one: Payment, other: Payment, people: Sequence[str | None]) -> bool:
    """Whether the name of which no person could be read has the surname of the other's person."""
    for text, person in ((one, people[1]), (other, people[0])):
        surname = name_parts(person)[2] if person else ""
        if surname and surname in folded(text.candidate or text.recipient).split():
            return True
    return False


def _office(each: Payment) -> str:
    """The office that a listing names, in any way; "" where it names none."""
    found = recognize_prosecutor(each.recipient, each.candidate, each.office, each.jurisdiction)
    return found.family if found else folded(each.office or "")


def _offices_differ(one: Payment, other: Payment) -> bool:
    """Whether one names a prosecutor's office and the other another. "City Council" and "Council Member" may be one."""
    offices = {_office(one), _office(other)} - {""}
    return len(offices) > 1 and not _FAMILIES.isdisjoint(offices)


def _about(each: Payment) -> frozenset[str]:
    """The names and ids of whom a payment is for (a contribution) or about (spending)."""
    name = each.recipient if each.kind == "contribution-made" else each.candidate or each.recipient
    return names_of(name, each.recipient_id) or _NOBODY


def _cancel_voided(found: list[Payment]) -> None:
    """A negative payment cancels an earlier one of the same filer, recipient and amount: neither counts.

    Of several the one with the same id, county and office is canceled, then the last. Where two fit equally well but
    are to different people, all stay: it is not known whose payment came back.
    """
    paid: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, each in enumerate(found):
        if each.status == "active" and each.amount_cents > 0:
            for key in _void_keys(each):
                paid[key].append(at)
    for at, each in enumerate(found):
        if each.status != "active" or each.amount_cents >= 0:
            continue
        day = each.date or date.max
        rows = {row for key in _void_keys(each) for row in paid.get(key, ()) if found[row].status == "active"}
        earlier = [row for row in rows if (found[row].date or day) <= day and not _differ(each, found[row])]
        agreement = {row: _agreement(each, found[row]) for row in earlier}
        best = [row for row in earlier if agreement[row] == max(agreement.values())]
        if not best:
            continue
        last = max(best, key=lambda row: (found[row].date or date.min, row))
        if not any(_differ(found[last], found[row]) for row in best):
            found[at] = replace(each, status="void", status_cause=found[last].place)
            found[last] = replace(found[last], status="void", status_cause=each.place)


def _to(each: Payment) -> frozenset[str]:
    """The names and ids of the recipient, or of the target of spending."""
    return names_of(each.recipient or each.candidate or "", each.recipient_id) or _NOBODY


def _void_keys(each: Payment) -> list[tuple[object, ...]]:
    """Keys of which a payment and the one that cancels it have at least one in common."""
    return [(each.filer, each.kind, each.support_oppose, abs(each.amount_cents), name) for name in sorted(_to(each))]


def _differ(one: Payment, other: Payment) -> bool:
    """Whether two payments of one name are to different people, by the ids, the counties or the offices."""
    places = places_differ(one.jurisdiction, other.jurisdiction)
    return places or ids_differ(_to(one), _to(other)) or _offices_differ(one, other)


def _agreement(one: Payment, other: Payment) -> int:
    """How many of id, county and office two payments state alike."""
    ids = any(each.startswith("id ") for each in _to(one) & _to(other))
    return ids + (one.jurisdiction == other.jurisdiction) + (_office(one) == _office(other))


@dataclass(frozen=True, slots=True)
class ReportedGift:
    """A gift as one side reported it.

    Attributes:
        givers: names and ids of the giver: the list's id, ids of agencies, the folded name. One in common is enough.
        recipients: the same for the recipient: the person, ids, the folded name of the committee.
        place: ``file:row``.
        county: the recipient's jurisdiction, where it is known.
    """

    givers: frozenset[str]
    recipients: frozenset[str]
    date: date | None
    amount_cents: int
    place: str
    county: str | None = None

    @property
    def keys(self) -> list[tuple[str, str, int]]:
        """Keys of which the same gift, as the other side reported it, has at least one."""
        return [(giver, to, self.amount_cents) for giver in sorted(self.givers) for to in sorted(self.recipients)]


def names_of(name: str, *ids: str | None) -> frozenset[str]:
    """The names and ids by which both sides may know a committee: its folded name and its ids.

    >>> sorted(names_of("Friends of Jane Roe (15938)", None))
    ['friends of jane roe', 'id 15938']
    """
    known = {f"id {each}" for each in (*ids, id_in(name)) if each}
    return frozenset(known | ({folded(name)} if folded(name) else set()))


def pair(
    given: Sequence[ReportedGift], received: Sequence[ReportedGift], window: int = WINDOW_DAYS
) -> list[tuple[int, int]]:
    """The gifts that both sides report: the same giver, recipient and amount, dated at most ``window`` days apart.

    Each gift is in one pair at most; of several that fit, the nearest in days are paired first. O(n log n).

    Args:
        given: as the givers reported them.
        received: as the recipient's filings show them.
        window: in days.

    Returns:
        Positions in ``given`` and in ``received``, in the order of the former.
    """
    dated: dict[tuple[str, str, int], list[tuple[date, int]]] = defaultdict(list)
    undated: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for at, gift in enumerate(received):
        for key in gift.keys:
            if gift.date is None:
                undated[key].append(at)
            else:
                dated[key].append((gift.date, at))
    for shelf in dated.values():
        shelf.sort()
    candidates: set[tuple[int, int, int]] = set()
    for at, gift in enumerate(given):
        for key in gift.keys:
            near = list(_near(dated.get(key, []), gift.date, window)) if gift.date is not None else []
            near += [(window, other) for other in undated.get(key, [])]
            candidates.update((days, at, other) for days, other in near if not _contradict(gift, received[other]))
    pairs: dict[int, int] = {}
    taken: dict[int, int] = {}
    choices: dict[int, list[int]] = defaultdict(list)
    for _, at, other in sorted(candidates):
        choices[at].append(other)
        if at not in pairs and other not in taken:
            pairs[at], taken[other] = other, at
    for at in sorted(choices.keys() - pairs.keys()):
        _make_room(at, choices, pairs, taken)
    return sorted(pairs.items())


def _make_room(at: int, choices: Mapping[int, Sequence[int]], pairs: dict[int, int], taken: dict[int, int]) -> None:
    """Find a partner for a gift; other gifts may get a partner further away. This is a shortest augmenting path."""
    wanted_by: dict[int, int] = {}
    asking = deque([at])
    while asking:
        gift = asking.popleft()
        for other in choices[gift]:
            if other in wanted_by:
                continue
            wanted_by[other] = gift
            if other in taken:
                asking.append(taken[other])
                continue
            free: int | None = other
            while free is not None:
                gift = wanted_by[free]
                before = pairs.get(gift)
                pairs[gift], taken[free] = free, gift
                free = before
            return


def _contradict(one: ReportedGift, other: ReportedGift) -> bool:
    """Whether both sides state an id of one kind for giver or recipient, and the ids differ; or two counties do."""
    ids = ids_differ(one.givers, other.givers) or ids_differ(one.recipients, other.recipients)
    return ids or places_differ(one.county, other.county)


def ids_differ(names: Collection[str], others: Collection[str]) -> bool:
    """Whether both committees have an id of one kind (the agencies' ids differ in length), and these ids differ.

    Args:
        names: of one committee, from :func:`names_of`.
        others: the same of the other.
    """
    mine, theirs = ({each for each in every if each.startswith("id ")} for every in (names, others))
    return mine.isdisjoint(theirs) and not {*map(len, mine)}.isdisjoint(map(len, theirs))


def _near(shelf: list[tuple[date, int]], day: date, window: int) -> Iterable[tuple[int, int]]:
    """Days apart, and position, of the gifts within the window."""
    first = bisect_left(shelf, (date.fromordinal(max(1, day.toordinal() - window)), -1))
    for other, at in shelf[first:]:
        if (other - day).days > window:
            return
        yield abs((other - day).days), at
