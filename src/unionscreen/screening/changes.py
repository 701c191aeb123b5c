"""What changed between two saved results: flags that were added, amended, returned or are gone.

Only flags that the sums of a report can have are compared: a row that an amendment replaced is the same gift as its
successor, and no change. Row numbers and files are not compared, because a new export numbers its rows anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from unionscreen.accounting.lines import SAME_DAY
from unionscreen.accounting.money import COUNTED_STATUSES, goes_back
from unionscreen.contributions import money_text
from unionscreen.prosecutors.identity import NO_STATE
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.result import Flag, ProsecutorEntry, Screening

# In the order in which they are shown.
CHANGES: Final = ("added", "amended", "returned", "gone")
# Without an id of the transaction, a gift of the same amount on another day is the same gift only if the days are near.
_NEAR: Final = timedelta(days=10)
# What is compared of a gift that both results have, and what it is called.
_COMPARED: Final = {
    "contributor": "donor",
    "date": "date",
    "amount_cents": "amount",
    "kind": "kind",
    "status": "status",
    "union": "union",
    "tier": "tier",
}
# Settings that decide which rows are flagged.
_DECIDING: Final = (
    *("kinds", "count", "min_score", "unions", "roster", "people", "recipients", "prosecutor", "state"),
    *("mapping", "recipient", "filing_format", "accept_difference"),
)


@dataclass(frozen=True)
class Change:
    """One flag that changed.

    Args:
        change: one of :data:`CHANGES`.
        name: whose total the row is in.
        prosecutor: the person; None for a recipient that is not a prosecutor.
        flag: the row in the new result; the one in the old result if the new one does not have it, not even as a row
            that is in no sum.
        old: the row in the old result; None for one that was added.
        what: what changed, in words.
    """

    change: str
    name: str
    prosecutor: str | None
    flag: Flag
    old: Flag | None
    what: str


class SumChange(NamedTuple):
    """The sums of one person or recipient in both results, in cents; None where a result does not have it."""

    name: str
    old_raised: int | None
    raised: int | None
    old_net: int | None
    net: int | None


@dataclass(frozen=True)
class ResultChanges:
    """The changes from one result to another.

    Args:
        changes: of flags, in the order of :data:`CHANGES`, then by name and day.
        sums: of those whose raised or net differs.
        notes: what else may explain the changes: another union list, other settings.
    """

    changes: tuple[Change, ...]
    sums: tuple[SumChange, ...]
    notes: tuple[str, ...]


class _Row(NamedTuple):
    name: str
    prosecutor: str | None
    flag: Flag
    person: str = ""
    """The key of a person whom the two results identify in different ways; empty where the recipient is compared."""


_Entries = dict[str, tuple[str, ProsecutorEntry]]


def compare_results(old: Screening, new: Screening) -> ResultChanges:
    """Find what changed in the flags and the sums.

    Args:
        old: the earlier result.
        new: the later one.
    """
    people = _people(old, new)
    before, after = _rows(people.old, people.by_name), _rows(people.new, people.by_name)
    by_id = all(row.flag.committee_id for row in (*before, *after))
    pairs, gone, added = _paired(_live(before), _live(after), by_id=by_id)
    changes = [change for one, other in pairs if (change := _of_pair(one, other))]
    returned = {change.flag.status_cause for change in changes if change.change == "returned"}
    rejected = {_exact(row, by_id=by_id) for row in _rows(people.old, people.by_name, dismissed=True)}
    changes += [
        _of_added(row, rejected=_exact(row, by_id=by_id) in rejected) for row in added if row.flag.place not in returned
    ]
    without = [*(row for row in after if not _is_live(row)), *_rows(people.new, people.by_name, dismissed=True)]
    replaced = {_exact(row, by_id=by_id): row for row in without}
    changes += [_of_gone(row, replaced.get(_exact(row, by_id=by_id))) for row in gone]
    changes.sort(key=lambda each: (CHANGES.index(each.change), each.name, str(each.flag.date or ""), each.flag.place))
    return ResultChanges(tuple(changes), tuple(_sums(people)), tuple(_notes(old, new, people)))


class _People(NamedTuple):
    """The entries of both results, with the same key for the same person."""

    old: _Entries
    new: _Entries
    by_name: frozenset[str]
    """Keys of those whom only one result knows by an id, so that the name decided."""


def _people(old: Screening, new: Screening) -> _People:
    before, after = _entries(old), _entries(new)
    names: dict[str, list[str]] = {}
    for key in before.keys() - after.keys():
        names.setdefault(name_key(before[key][0]), []).append(key)
    same = set()
    for key in after.keys() - before.keys():
        name, entry = after[key]
        found = names.get(name_key(name), [])
        if len(found) == 1 and not _other_ids(before[found[0]][1], entry):
            before[key] = before.pop(found.pop())
            same.add(key)
    return _People(before, after, frozenset(same))


def _entries(screening: Screening) -> _Entries:
    named = zip(screening.names, screening.prosecutors, strict=True)
    return {entry.person_id or entry.committee_id or name: (name, entry) for name, entry in named}


def _other_ids(one: ProsecutorEntry, other: ProsecutorEntry) -> bool:
    """Whether ids show that they are two people, or two committees: an id of no known state shows nothing."""
    ids = [each.person_id for each in (one, other)]
    if not any(ids):
        ids = [each.committee_id for each in (one, other)]
    return all(each and f":{NO_STATE}/" not in each for each in ids)


def _rows(entries: _Entries, by_name: frozenset[str], *, dismissed: bool = False) -> list[_Row]:
    return [
        _Row(name, entry.prosecutor, flag, key if key in by_name else "")
        for key, (name, entry) in entries.items()
        for flag in (entry.dismissed if dismissed else entry.flags)
    ]


def _is_live(row: _Row) -> bool:
    return row.flag.status in COUNTED_STATUSES


def _live(rows: Iterable[_Row]) -> list[_Row]:
    return [row for row in rows if _is_live(row)]


_Key = Callable[[_Row], Hashable]


def _exact(row: _Row, *, by_id: bool) -> tuple[Hashable, ...]:
    flag = row.flag
    return _who(row, by_id=by_id), name_key(flag.contributor), flag.date, flag.amount_cents, flag.kind


def _who(row: _Row, *, by_id: bool) -> str:
    return row.person or ((row.flag.committee_id or "") if by_id else name_key(row.flag.recipient))


def _donor(row: _Row) -> str:
    return row.flag.union_id or name_key(row.flag.contributor)


def _paired(
    before: list[_Row], after: list[_Row], *, by_id: bool
) -> tuple[list[tuple[_Row, _Row]], list[_Row], list[_Row]]:
    """The same gift in both results, the surest pairs first; and what is left of each."""

    def with_id(*rest: Callable[[_Row], Hashable]) -> _Key:
        return lambda row: (
            (_who(row, by_id=by_id), row.flag.transaction_id, *(each(row) for each in rest))
            if row.flag.transaction_id
            else None
        )

    def without_id(rest: Callable[[_Row], Hashable]) -> _Key:
        return lambda row: (_who(row, by_id=by_id), _donor(row), rest(row))

    exact: _Key = lambda row: _exact(row, by_id=by_id)  # noqa: E731 - one of several keys
    stages: list[tuple[_Key, Callable[[Flag, Flag], bool]]] = [
        (with_id(exact), _any),
        (exact, _any),
        (with_id(_donor), _any),
        (with_id(lambda row: row.flag.amount_cents), _any),
        (with_id(lambda row: row.flag.date), _any),
        (without_id(lambda row: row.flag.date), _not_another),
        (without_id(lambda row: row.flag.amount_cents), _near),
    ]
    pairs: list[tuple[_Row, _Row]] = []
    for key, fits in stages:
        found = [*_stage(before, after, key, fits)]
        pairs += found
        used = {id(row) for pair in found for row in pair}
        before = [row for row in before if id(row) not in used]
        after = [row for row in after if id(row) not in used]
    return pairs, before, after


def _stage(
    before: Iterable[_Row], after: Iterable[_Row], key: _Key, fits: Callable[[Flag, Flag], bool]
) -> Iterator[tuple[_Row, _Row]]:
    waiting: dict[Hashable, list[_Row]] = {}
    for row in after:
        if (value := key(row)) is not None:
            waiting.setdefault(value, []).append(row)
    for row in before:
        candidates = waiting.get(key(row), [])
        other = next((each for each in candidates if fits(row.flag, each.flag)), None)
        if other is not None:
            candidates[:] = [each for each in candidates if each is not other]
            yield row, other


def _any(_old: Flag, _new: Flag) -> bool:
    return True


def _not_another(old: Flag, new: Flag) -> bool:
    """Whether no id shows that they are two gifts; a gift and its refund are two."""
    ids = (old.transaction_id, new.transaction_id)
    back = [goes_back(each.amount_cents, each.kind) for each in (old, new)]
    return (not all(ids) or ids[0] == ids[1]) and back[0] == back[1]


def _near(old: Flag, new: Flag) -> bool:
    near = old.date is not None and new.date is not None and abs(old.date - new.date) <= _NEAR
    return _not_another(old, new) and near


def _of_pair(old: _Row, new: _Row) -> Change | None:
    what = [
        f"{word}: {_shown(name, old.flag)} → {_shown(name, new.flag)}{_hint(name, old.flag, new.flag)}"
        for name, word in _COMPARED.items()
        if not _same(name, old.flag, new.flag)
    ]
    if not what:
        return None
    returned = new.flag.status == "refunded" != old.flag.status
    return Change("returned" if returned else "amended", new.name, new.prosecutor, new.flag, old.flag, "; ".join(what))


def _hint(name: str, old: Flag, new: Flag) -> str:
    """For a date that differs by a day, as between two exports of NetFile."""
    by_a_day = name == "date" and old.date and new.date and abs(old.date - new.date) == SAME_DAY
    return " (two exports of one agency may differ by a day)" if by_a_day else ""


def _same(name: str, old: Flag, new: Flag) -> bool:
    one, other = getattr(old, name), getattr(new, name)
    return name_key(one) == name_key(other) if name == "contributor" else one == other


def _shown(name: str, flag: Flag) -> str:
    value = getattr(flag, name)
    return money_text(value) if name == "amount_cents" else "none" if value is None else str(value)


def _of_added(row: _Row, *, rejected: bool) -> Change:
    back = goes_back(row.flag.amount_cents, row.flag.kind)
    what = [*(["a refund"] if back else []), *(["no longer rejected by a reviewer"] if rejected else [])]
    return Change("returned" if back else "added", row.name, row.prosecutor, row.flag, None, "; ".join(what))


def _of_gone(row: _Row, replaced: _Row | None) -> Change:
    if replaced is None:
        return Change("gone", row.name, row.prosecutor, row.flag, row.flag, "not in the new result")
    cause = replaced.flag.status_cause
    what = f"now {replaced.flag.status}" + (f", because of {cause}" if cause else "")
    if replaced.flag.decision == "rejected":
        what = "rejected by a reviewer"
    return Change("gone", row.name, row.prosecutor, replaced.flag, row.flag, what)


def _sums(people: _People) -> Iterator[SumChange]:
    for key in dict.fromkeys((*people.new, *people.old)):
        one, other = people.old.get(key), people.new.get(key)
        found = SumChange(
            (other or one or ("",))[0],
            one and one[1].raised,
            other and other[1].raised,
            one and one[1].flagged.net,
            other and other[1].flagged.net,
        )
        if (found.old_raised, found.old_net) != (found.raised, found.net):
            yield found


def _notes(old: Screening, new: Screening, people: _People) -> Iterator[str]:
    if old.manifest.get("list_sha256") != new.manifest.get("list_sha256"):
        yield "the two results were made with different union lists: a flag may be new because the list is"
    if old.manifest.get("version") != new.manifest.get("version"):
        yield f"made with unionscreen {old.manifest.get('version')} and {new.manifest.get('version')}"
    settings: Sequence[dict[str, Any]] = (old.manifest["settings"], new.manifest["settings"])
    if differ := [name for name in _DECIDING if settings[0].get(name) != settings[1].get(name)]:
        yield f"made with different settings: {', '.join(differ)}"
    decisions = [each.manifest.get("decisions", {}).get("sha256") for each in (old, new)]
    if decisions[0] != decisions[1]:
        yield "made with different decisions of reviewers: a flag may be new or gone because of them"
    if people.by_name:
        names = ", ".join(sorted(people.new[key][0] for key in people.by_name))
        yield f"compared by name, because the two results identify these in different ways: {names}"
