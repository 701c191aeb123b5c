"""Whether a pledge was kept: what its words cover, and what the flagged rows show on the days that filings cover.

A pledge was made on a day, or on an unknown day of a month, a year or an interval. Gifts after the last of these days
are after the pledge, and gifts before the first are before it. A gift on one of them cannot be decided, unless the
pledge says from which day it applies. What the words or the list leave open cannot be decided either: this is about
people, and doubt is shown as doubt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting.money import COUNTED_STATUSES, GIFT_KINDS, cents_to_decimal, goes_back
from unionscreen.accounting.periods import Days
from unionscreen.contributions import count, money_text
from unionscreen.matching.names import normalize
from unionscreen.screening.pledge import CONTRIBUTIONS, ENDORSEMENTS, TIERS, PledgeTerms

if TYPE_CHECKING:
    from unionscreen.screening.result import Flag
    from unionscreen.unions import UnionList

KEPT: Final = "kept"
BROKEN: Final = "broken"
RETURNED: Final = "returned"
NOT_DECIDED: Final = "cannot be decided"
# What one row means for a pledge.
AGAINST: Final = "not returned"
OUTSIDE: Final = "not covered by the pledge"

# Unions that a sentence names.
_NAMED: Final = 4
_NO_PLEDGE: Final = {
    "no": "the source shows no pledge of this person's own",
    "unclear": "the source does not show whether this was a pledge",
}


@dataclass(frozen=True)
class VerdictRow:
    """One gift on which a verdict rests: not returned, returned, cannot be decided, or not covered by the pledge."""

    source: str
    row: int
    contributor: str
    union_id: str | None
    tier: str | None
    date: dt.date | None
    amount_cents: int
    answer: str
    why: str = ""
    returned_on: dt.date | None = None
    days_kept: int | None = None

    @property
    def place(self) -> str:
        """``file:row``."""
        return f"{self.source}:{self.row}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the amount in dollars."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "amount_cents"}
        days = {name: day and day.isoformat() for name in ("date", "returned_on") for day in [values[name]]}
        return values | days | {"amount": cents_to_decimal(self.amount_cents)}


@dataclass(frozen=True)
class PledgeVerdict:
    """Whether one pledge was kept, as far as these filings show.

    Attributes:
        verdict: kept, broken, returned, or cannot be decided.
        why: sentences.
        rows: the gifts on or after the day, those that decide first.
        covered: the days after the pledge that the filings cover.
        not_covered: the days that they do not cover; an end of None is open.
    """

    verdict: str
    why: tuple[str, ...]
    rows: tuple[VerdictRow, ...] = ()
    covered: tuple[Days, ...] = ()
    not_covered: tuple[tuple[dt.date, dt.date | None], ...] = ()

    @property
    def deciding(self) -> tuple[VerdictRow, ...]:
        """The rows without those that the pledge does not cover."""
        return tuple(row for row in self.rows if row.answer != OUTSIDE)

    @property
    def has_kept_money(self) -> bool:
        """Whether a gift is left that is, or may be, against the pledge."""
        return any(row.answer in (AGAINST, NOT_DECIDED) for row in self.rows)

    def in_doubt(self, why: str) -> PledgeVerdict:
        """The same for money of which it cannot be decided whether it is the signer's."""
        rows = tuple(row if row.answer == OUTSIDE else replace(row, answer=NOT_DECIDED, why=why) for row in self.rows)
        also = self.why if self.deciding else ()
        return replace(self, verdict=NOT_DECIDED, why=(why, *also), rows=rows)

    def with_doubtful(self, perhaps: PledgeVerdict) -> PledgeVerdict:
        """The same with money that may be the signer's too: where it has a gift, only "broken" remains decided."""
        if not perhaps.deciding:
            return self
        answer = BROKEN if self.verdict == BROKEN else NOT_DECIDED
        return replace(self, verdict=answer, why=(*self.why, *perhaps.why), rows=(*self.rows, *perhaps.rows))

    def unless(self, reasons: Sequence[str]) -> PledgeVerdict:
        """The same unless there are reasons why gifts may be missing, which leave only "broken" decided."""
        if not reasons or self.verdict == BROKEN:
            return self
        return replace(self, verdict=NOT_DECIDED, why=(*reasons, *self.why))

    @property
    def not_covered_text(self) -> str:
        """The days that no filing covers, in words; "" where there are none."""
        return ", ".join(str(Days(first, last)) if last else f"{first} and later" for first, last in self.not_covered)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        covered = [{"begin": each.begin.isoformat(), "end": each.end.isoformat()} for each in self.covered]
        open_days = [
            {"begin": first.isoformat(), "end": last.isoformat() if last else None} for first, last in self.not_covered
        ]
        return {
            "verdict": self.verdict,
            "why": list(self.why),
            "rows": [row.to_dict() for row in self.rows],
            "days_covered": covered,
            "days_not_covered": open_days,
        }


@dataclass
class _Gifts:
    """The rows by what they mean, while a pledge is judged."""

    against: list[VerdictRow] = field(default_factory=list)
    returned: list[VerdictRow] = field(default_factory=list)
    doubtful: list[VerdictRow] = field(default_factory=list)
    outside: list[VerdictRow] = field(default_factory=list)

    def add_returned(self, row: VerdictRow, doubt: str) -> None:
        """Add a gift that went back; where it cannot be decided whether the pledge covers it, it decides nothing."""
        if doubt:
            self.doubtful.append(replace(row, why=f"{doubt}; it was returned"))
        else:
            self.returned.append(row)

    @property
    def rows(self) -> tuple[VerdictRow, ...]:
        return (*self.against, *self.doubtful, *self.returned, *self.outside)


def judge(
    terms: PledgeTerms,
    flags: Sequence[Flag],
    periods: Iterable[Days],
    unions: UnionList,
    *,
    undated_rows: bool = False,
) -> PledgeVerdict:
    """Whether a pledge was kept.

    Args:
        terms: what it says.
        flags: the flagged rows of the person, of all their committees.
        periods: the days that the filings cover.
        unions: the list, for the lodges and locals of a union.
        undated_rows: whether no row of the filings has a date.
    """
    gifts = _sorted_gifts(terms, flags, unions)
    covered, not_covered = terms.coverage(periods)

    def verdict(answer: str, *why: str) -> PledgeVerdict:
        also = ["endorsements are not in filings, and are not checked"] if ENDORSEMENTS in terms.covers else []
        return PledgeVerdict(answer, (*why, *also), gifts.rows, covered, not_covered)

    if terms.is_pledge != "yes":
        return PledgeVerdict(NOT_DECIDED, (_NO_PLEDGE[terms.is_pledge],))
    if CONTRIBUTIONS not in terms.covers:
        return PledgeVerdict(NOT_DECIDED, ("it is about endorsements only, and filings do not show endorsements",))
    if gifts.against:
        parts = dict.fromkeys(row.why for row in gifts.against if row.why)
        return verdict(BROKEN, f"{_given(gifts.against)} after the pledge and not returned", *parts, *_doubts(gifts))
    if gifts.doubtful:
        return verdict(NOT_DECIDED, *_doubts(gifts))
    unseen = [_UNSEEN] if terms.individuals else []
    if gifts.returned:
        back = f"{_given(gifts.returned)} after the pledge and returned{_after(gifts)}"
        return verdict(RETURNED, back, *unseen, *_gaps(not_covered))
    nothing = "no gift that it covers is flagged"
    if unseen:
        return verdict(NOT_DECIDED, nothing, *unseen)
    if not covered:
        return verdict(NOT_DECIDED, nothing, _NO_DATES if undated_rows else _NO_DAYS)
    days = ", ".join(map(str, covered))
    return verdict(KEPT, f"{nothing} on the days that the filings cover: {days}", *_gaps(not_covered))


_UNSEEN: Final = "it also covers officers as individuals, and filings do not mark their gifts"
_NO_DATES: Final = "no row of the filings has a date"
_NO_DAYS: Final = "the filings do not say that they cover a day after the pledge (--covers names the days)"


def _gaps(not_covered: Sequence[tuple[dt.date, dt.date | None]]) -> list[str]:
    text = PledgeVerdict("", (), not_covered=tuple(not_covered)).not_covered_text
    return [f"not covered: {text}"] if text else []


def _given(rows: Sequence[VerdictRow]) -> str:
    """How many gifts, of how much."""
    cents = money_text(sum(row.amount_cents for row in rows))
    return f"{count(len(rows), 'gift')} of {cents} {'was' if len(rows) == 1 else 'together were'} given"


def _after(gifts: _Gifts) -> str:
    days = sorted({row.days_kept for row in gifts.returned if row.days_kept is not None})
    if not days:
        return ""
    span = f"{days[0]:,}" if len(days) == 1 else f"{days[0]:,} to {days[-1]:,}"
    return f" after {span} day{'s' if days[-1] != 1 else ''}"


def _doubts(gifts: _Gifts) -> list[str]:
    """The reasons of the doubtful rows, each once, with their number."""
    reasons: dict[str, list[VerdictRow]] = {}
    for row in gifts.doubtful:
        reasons.setdefault(row.why, []).append(row)
    return [f"{_undecided(rows)}: {why}" for why, rows in reasons.items()]


def _undecided(rows: Sequence[VerdictRow]) -> str:
    """How many rows cannot be decided, of how much: a loan is not a gift, and others may not be one either."""
    cents = money_text(sum(row.amount_cents for row in rows))
    return f"{count(len(rows), 'row')} of {cents}{'' if len(rows) == 1 else ' together'} cannot be decided"


def _sorted_gifts(terms: PledgeTerms, flags: Sequence[Flag], unions: UnionList) -> _Gifts:
    gifts = _Gifts()
    refunds = {flag.place: flag for flag in flags if goes_back(flag.amount_cents, flag.kind)}
    small = _small_sums(terms, flags)
    for flag in flags:
        if not _may_be_a_gift(flag) or (side := terms.side(flag.date)) is None:
            continue
        outside, doubt = _scope(terms, flag, unions) if not _allowed(terms, flag) else _threshold(terms, flag, small)
        doubt = side or doubt
        if outside:
            gifts.outside.append(_row(flag, OUTSIDE, outside))
        elif flag.status == "refunded":
            row = _returned(flag, refunds.get(flag.status_cause or ""))
            gifts.add_returned(row, doubt or _which_went_back(terms, flag, flags, refunds))
        elif doubt := doubt or _loan(flag) or _which_went_back(terms, flag, flags, refunds):
            gifts.doubtful.append(_row(flag, NOT_DECIDED, doubt))
        else:
            gifts.against.append(_row(flag, AGAINST))
    _settle(gifts, flags, refunds)
    return gifts


def _which_went_back(terms: PledgeTerms, gift: Flag, flags: Sequence[Flag], refunds: Mapping[str, Flag]) -> str:
    """Whether an equal gift, which the pledge does not cover, may be the one that went back instead of this one.

    No row says which of two equal gifts a refund is of. It makes no difference where more gifts after the pledge are
    left than went back, because one of them was then kept; and where all of them went back.
    """
    if not refunds:
        return ""
    equal = [
        each for each in flags
        if _may_be_a_gift(each) and each.amount_cents == gift.amount_cents and _donor(each) == _donor(gift)
    ]  # fmt: skip
    after = [each for each in equal if terms.side(each.date) is not None]
    since = min((each.date for each in after if each.date), default=None)

    def went_back_since(each: Flag) -> bool:
        refund = refunds.get(each.status_cause or "")
        day = refund.date if refund else None
        return each.status == "refunded" and (day is None or since is None or day >= since)

    back = [each for each in equal if went_back_since(each)]
    before = [each for each in equal if each not in after and (each.status != "refunded" or went_back_since(each))]
    if not back or not before or len(back) == len(before) + len(after) or len(after) > len(back):
        return ""
    places = ", ".join(dict.fromkeys(each.status_cause or "" for each in back))
    return f"{money_text(sum(each.amount_cents for each in back))} went back ({places}), and no row says for which gift"


def _threshold(terms: PledgeTerms, flag: Flag, small: Mapping[str, int]) -> tuple[str, str]:
    """Why a gift within the threshold is not covered, or why that cannot be decided."""
    if small.get(_donor(flag), 0) > terms.threshold_cents:
        return "", "each is within the threshold, but the union's gifts together are above it"
    return f"not above {money_text(terms.threshold_cents)}", ""


def _may_be_a_gift(flag: Flag) -> bool:
    counted = flag.status in COUNTED_STATUSES and not goes_back(flag.amount_cents, flag.kind)
    return counted and flag.kind in {*GIFT_KINDS, "loan"}


def _scope(terms: PledgeTerms, flag: Flag, unions: UnionList) -> tuple[str, str]:
    """Why the pledge does not cover the giver, and why that cannot be decided; "" where neither."""
    if flag.tier not in TIERS:
        return "not a union", ""
    if terms.kinds and flag.union_kind not in terms.kinds:
        return f"of kind {flag.union_kind}", ""
    if terms.unions:
        belongs = _belongs(flag, terms.unions, unions)
        if belongs is False:
            return "another union", ""
        if belongs is None:
            return "", "whether the giver belongs to the unions that the pledge names cannot be decided"
    if flag.union_kind in terms.unclear_kinds:
        return "", f"the words do not say whether {flag.union_kind} unions are meant"
    if flag.decision == "unsure":
        return "", "the reviewer is not sure that the giver is a union"
    if flag.tier not in terms.tiers and flag.decision != "confirmed":
        return "", several_unions(flag, unions) or "the giver is not on the list and only has the name of a union"
    return "", ""


def several_unions(flag: Flag, unions: UnionList) -> str:
    """That a name fits several unions of the list, so that no union is known to have given; "" where it does not."""
    ids = (flag.could_be or "").split()
    named = [*dict.fromkeys(unions.unions[each].name if each in unions.unions else each for each in ids)]
    if not named:
        return ""
    more = [f"{len(named) - _NAMED:,} more"] if len(named) > _NAMED else []
    return f"the name fits several unions, and may be that of {' or '.join([*named[:_NAMED], *more])} on the list"


def _belongs(flag: Flag, wanted: Sequence[str], unions: UnionList) -> bool | None:
    """Whether a giver is one of these unions, or a lodge or local of one; None if that cannot be decided."""
    ids = [flag.union_id] if flag.union_id else (flag.could_be or "").split()
    found = {any(above in wanted for above in with_parents(each, unions)) for each in ids}
    if len(found) == 1:
        return found.pop()
    if found:
        return None
    words = set(normalize(flag.contributor).split())
    named = (unions.unions[each].name for each in wanted if each in unions.unions)
    return None if any(set(normalize(name).split()) <= words for name in named) else False


def with_parents(union_id: str, unions: UnionList) -> list[str]:
    """A union and those above it, the nearest first."""
    line: list[str] = []
    while union_id and union_id not in line:
        line.append(union_id)
        union = unions.unions.get(union_id)
        union_id = union.parent_id if union else ""
    return line


def _allowed(terms: PledgeTerms, flag: Flag) -> bool:
    return 0 < flag.amount_cents <= terms.threshold_cents


def _small_sums(terms: PledgeTerms, flags: Sequence[Flag]) -> Mapping[str, int]:
    """What each donor gave in gifts within the threshold that were not returned."""
    sums: dict[str, int] = {}
    for flag in flags:
        kept = _may_be_a_gift(flag) and flag.status != "refunded"
        if kept and _allowed(terms, flag) and terms.side(flag.date) is not None:
            sums[_donor(flag)] = sums.get(_donor(flag), 0) + flag.amount_cents
    return sums


def _donor(flag: Flag) -> str:
    return flag.union_id or normalize(flag.contributor)


def _loan(flag: Flag) -> str:
    return "it is a loan, and the words do not say whether loans are meant" if flag.kind == "loan" else ""


def _settle(gifts: _Gifts, flags: Sequence[Flag], refunds: Mapping[str, Flag]) -> None:
    """Refunds that no row says are of a certain gift: as much as they are, a donor's gifts may have been returned."""
    used = {flag.status_cause for flag in flags if flag.status == "refunded"}
    loose = [
        flag for place, flag in refunds.items()
        if place not in used and flag.status in COUNTED_STATUSES and flag.kind != "loan"
    ]  # fmt: skip
    donors: dict[str, list[VerdictRow]] = {}
    for row in gifts.against:
        donors.setdefault(row.union_id or normalize(row.contributor), []).append(row)
    for rows in donors.values():
        back = [each for each in loose if _may_return(each, rows, flags)]
        if not back:
            continue
        cents = sum(abs(each.amount_cents) for each in back)
        places = ", ".join(each.place for each in back)
        why = f"{money_text(cents)} went back ({places}), and no row says for which gift"
        gifts.against = [row for row in gifts.against if row not in rows]
        if cents >= sum(row.amount_cents for row in rows):
            gifts.doubtful += [replace(row, answer=NOT_DECIDED, why=why) for row in rows]
        else:
            gifts.against += [replace(row, why=why) for row in rows]


def _may_return(refund: Flag, rows: Sequence[VerdictRow], flags: Sequence[Flag]) -> bool:
    """Whether a refund may be of one of a donor's gifts.

    A donor without an id may be any donor under another spelling. A refund from before the gifts may have a wrong date,
    unless an earlier gift accounts for it.
    """
    ids = {refund.union_id} if refund.union_id else {*(refund.could_be or "").split()}
    given = {row.union_id for row in rows if row.union_id}
    if ids and given and ids.isdisjoint(given):
        return False
    since = min((row.date for row in rows if row.date), default=None)
    if refund.date is None or since is None or refund.date >= since:
        return True
    earlier = (
        flag.amount_cents for flag in flags
        if _may_be_a_gift(flag) and flag.status != "refunded" and _donor(flag) == _donor(refund)
        and flag.date is not None and flag.date <= refund.date
    )  # fmt: skip
    return sum(earlier) < abs(refund.amount_cents)


def _returned(flag: Flag, refund: Flag | None) -> VerdictRow:
    on = refund.date if refund else None
    days = (on - flag.date).days if on and flag.date else None
    return _row(flag, RETURNED, flag.status_cause or "", on, days)


def _row(
    flag: Flag, answer: str, why: str = "", returned_on: dt.date | None = None, days_kept: int | None = None
) -> VerdictRow:
    return VerdictRow(
        flag.source, flag.row, flag.contributor, flag.union_id, flag.tier, flag.date, flag.amount_cents, answer, why,
        returned_on, days_kept,
    )  # fmt: skip
