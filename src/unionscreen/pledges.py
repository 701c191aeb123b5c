"""Who pledged to take no police-union money or endorsements, and what their filings show before and after.

``data/pledges.csv`` has one row for each pledge with a published source; nothing about a person is in it without the
address of the source. It is not the complete list of signers. What the words of a pledge cover is in its columns, and
:func:`check_pledges` judges each pledge by them (see :mod:`unionscreen.screening.verdicts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, Final, NamedTuple

from unionscreen.accounting.periods import Days
from unionscreen.contributions import count, money_text
from unionscreen.errors import UsageError
from unionscreen.lists import read_list
from unionscreen.pipeline import PathLike, screen
from unionscreen.prosecutors import (
    Post,
    agreement,
    contradiction,
    person_of,
    read_roster,
    same_person,
    state_in_place,
    states_of,
)  # fmt: skip
from unionscreen.prosecutors.words import name_key
from unionscreen.screening import ProsecutorEntry, Screening
from unionscreen.screening.verdicts import BROKEN, NOT_DECIDED, PledgeVerdict, judge
from unionscreen.signers import Identity, Signer, load_pledges, roster_signers, splits
from unionscreen.unions import load_unions

__all__ = ["CheckedPledge", "PledgeCheck", "Signer", "check_pledges", "load_pledges"]

# Rows or files that a sentence names.
_NAMED: Final = 5
_OTHER_OFFICE: Final = "a committee of this name is for another office"
_NAMESAKES: Final = "several signers have this name, and nothing shows which of them this is"
_NO_PLACE: Final = (
    "only the name shows that this is the signer, because the list of signers and the filing have no state or place "
    "in common; a roster with the committees, or --recipient, says whose money it is"
)


@dataclass(frozen=True)
class CheckedPledge:
    """One pledge, and what these filings show about it."""

    signer: Signer
    verdict: PledgeVerdict
    entries: tuple[ProsecutorEntry, ...] = ()
    """The entries whose rows were judged; none if the person is not in these filings."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Their committees."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.recipients))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return self.signer.to_dict() | {"recipients": list(self.recipients)} | self.verdict.to_dict()


@dataclass(frozen=True)
class PledgeCheck:
    """What the filings show about every signer.

    Args:
        screening: the signers' entries. The money is split at the first pledge of a person that is about money;
            without such a pledge, an entry has no ``pledge``.
        missing: signers who are not in these filings, which says nothing about them.
        checked: each pledge with its verdict.
    """

    screening: Screening
    missing: tuple[str, ...]
    checked: tuple[CheckedPledge, ...] = ()

    @property
    def broken(self) -> tuple[ProsecutorEntry, ...]:
        """Signers who kept a gift that a pledge covers."""
        broken = {id(entry) for each in self.checked if each.verdict.verdict == BROKEN for entry in each.entries}
        return tuple(each for each in self.screening.prosecutors if id(each) in broken)

    @property
    def kept_money(self) -> tuple[CheckedPledge, ...]:
        """Pledges after which the signer kept a gift that is, or may be, covered."""
        return tuple(each for each in self.checked if each.verdict.has_kept_money)

    def to_dict(self) -> dict[str, Any]:
        """Plain values: the manifest, each signer with the pledge and the flags, and who is not in these filings."""
        whole = self.screening.to_dict()
        return {
            "manifest": whole["manifest"],
            "signers": whole["prosecutors"],
            "verdicts": [each.to_dict() for each in self.checked],
            "not_in_these_filings": list(self.missing),
            "rejects": whole["rejects"],
        }


def check_pledges(
    roster: PathLike | None,
    filings: PathLike | Sequence[PathLike],
    *,
    recipient: str | None = None,
    covers: tuple[date, date] | None = None,
    **options: Any,
) -> PledgeCheck:
    """Before and after the pledge, and the verdict, for every signer.

    Args:
        roster: a roster with ``pledge_date`` and committees, or a list of people like ``data/pledges.csv``, who are
            then found by their names; None is the shipped list. Either may have ``signers.TERM_COLUMNS``.
        filings: the filings of any of them.
        recipient: who received the money, for filings that do not say: the name of a signer or of their committee.
        covers: the first and last day that the filings cover, where they do not say.
        options: further arguments of :func:`unionscreen.screen`.

    Raises:
        UsageError: nobody on the roster has a pledge date, or a cell cannot be used.
    """
    if roster is not None and _has_committees(Path(roster)):
        signers, screening, owned, notes = _by_committee(Path(roster), filings, recipient, options)
    else:
        signers = load_pledges(roster)
        screening, owned, notes = _by_name(signers, filings, recipient, options)
    entries = _settle_namesakes(signers, screening, owned)
    checked = tuple(_judged(signer, owned[signer.who], entries, screening, covers) for signer in signers)
    if covers:
        notes.append(f"--covers: that the filings cover {Days(*covers)} is what you said, not what they say")
    found = _only(screening, [*entries.values()], *notes, *_nobody(recipient, [*entries.values()]))
    return PledgeCheck(found, _missing(signers, owned), checked)


def _missing(signers: Sequence[Signer], owned: _Owned) -> tuple[str, ...]:
    """The signers who are not in these filings; the place distinguishes one from a namesake."""
    namesakes = Counter(who.name for who in {signer.who for signer in signers})
    names = {
        ", ".join(filter(None, (signer.prosecutor, signer.jurisdiction, signer.state)))
        if namesakes[signer.who.name] > 1
        else signer.prosecutor: None
        for signer in signers
        if not owned[signer.who]
    }
    return tuple(names)


def _settle_namesakes(signers: Sequence[Signer], screening: Screening, owned: _Owned) -> dict[int, ProsecutorEntry]:
    """The entries of all signers, each once, with the pledge at which its money is split.

    An entry that may belong to several signers who cannot be one person is in doubt for all of them, and has no pledge.

    Args:
        signers: all pledges.
        screening: the entries.
        owned: the entries of each signer, in which the doubt is noted.

    Returns:
        the entries by their numbers in the screening.
    """
    entries: dict[int, ProsecutorEntry] = {}
    people = {signer.who: signer for signer in signers}
    for at in dict.fromkeys(each.at for who in people for each in owned[who]):
        claims = {who: each for who in people for each in owned[who] if each.at == at}
        sure = [who for who, each in claims.items() if not each.doubt] or [*claims]
        entry = claims[sure[0]].entry
        several = any(_are_two(people[one], people[other]) for one, other in combinations(sure, 2))
        if several:
            entry = replace(screening.prosecutors[at], prosecutor=entry.prosecutor)
            for who in sure:
                owned[who] = [
                    each._replace(doubt=each.doubt or _NAMESAKES) if each.at == at else each for each in owned[who]
                ]
        pledges = [] if several else [each for each in signers if each.who in sure and splits(each)]
        entries[at] = replace(entry, **_made(min(pledges, key=lambda each: each.pledge_date, default=None)))
    return entries


def _are_two(one: Signer, other: Signer) -> bool:
    return one.contradicts(state=other.state, office=other.office, place=other.jurisdiction)


def _made(signer: Signer | None) -> dict[str, Any]:
    """The fields of an entry that are about a pledge."""
    if signer is None:
        return {"pledge_date": None, "pledge_source": None, "pledge_latest": None}
    last = signer.judged_by.last
    latest = last if last != signer.pledge_date else None
    return {"pledge_date": signer.pledge_date, "pledge_source": signer.source or None, "pledge_latest": latest}


def _judged(
    signer: Signer,
    found: Sequence[_Found],
    entries: Mapping[int, ProsecutorEntry],
    screening: Screening,
    covers: tuple[date, date] | None,
) -> CheckedPledge:
    if not found:
        why = "not in these filings, which says nothing about the pledge"
        return CheckedPledge(signer, PledgeVerdict(NOT_DECIDED, (why,)))
    dated = any(each.get("first_date") for each in screening.manifest["inputs"])

    def of(entries: Sequence[ProsecutorEntry]) -> PledgeVerdict:
        names = {name for entry in entries for name in entry.recipients}
        periods = [days for each in screening.periods if each.recipient in names for days in each.periods]
        return judge(
            signer.judged_by,
            [flag for entry in entries for flag in entry.flags],
            [*periods, *([Days(*covers)] if covers else [])],
            load_unions(),
            undated_rows=not dated,
        )

    verdict = of([each.entry for each in found if not each.doubt])
    if doubtful := [each for each in found if each.doubt]:
        whose = "; ".join(dict.fromkeys(each.doubt for each in doubtful))
        names = ", ".join(dict.fromkeys(name for each in doubtful for name in each.entry.recipients))
        perhaps = of([each.entry for each in doubtful]).in_doubt(f"{names}: {whose}")
        verdict = perhaps if len(doubtful) == len(found) else verdict.with_doubtful(perhaps)
    judged = tuple(entries[each.at] for each in found)
    return CheckedPledge(signer, verdict.unless(_unseen(signer, found, screening)), judged)


def _unseen(signer: Signer, found: Sequence[_Found], screening: Screening) -> list[str]:
    """Where a gift may be that no row shows: a union's own filing, a row or a file that could not be read."""
    reasons = _from_givers(signer, screening)
    if all(each.entry.raised_rows == 0 for each in found):
        reasons.append("no row of the filings counts as a contribution; perhaps they only list loans or other money")
    if rejected := [f"{each.source}:{each.row}" for each in screening.rejected]:
        rows = count(len(rejected), "row")
        reasons.append(f"{rows} of the filings could not be read and may hold a gift: {_some(rejected)}")
    if unread := [each["path"] for each in screening.manifest.get("unread", ())]:
        reasons.append(f"{count(len(unread), 'file')} could not be read and may hold a gift: {_some(unread)}")
    return reasons


def _some(places: Sequence[str]) -> str:
    more = len(places) - _NAMED
    return ", ".join([*places[:_NAMED], *([f"and {more:,} more"] if more > 0 else [])])


def _from_givers(signer: Signer, screening: Screening) -> list[str]:
    """Later gifts that only a union's own filing shows."""
    later = [
        gift
        for gift in screening.books.gifts
        if gift.prosecutor and same_person(signer.prosecutor, gift.prosecutor) and gift.is_alone
        and gift.tier and (gift.date is None or gift.date >= signer.pledge_date)
        and not all(signer.contradicts(state=each) for each in states_of([gift.person_id, gift.committee_id]) or {""})
    ]  # fmt: skip
    if not later:
        return []
    places = ", ".join(f"{gift.giver_row} ({money_text(gift.amount_cents)})" for gift in later)
    return [f"a union's own filing shows a gift that the signer's filing does not: {places}"]


def _has_committees(path: Path) -> bool:
    header = read_list(path).header
    return any(word in name for name in header for word in ("recipient", "committee", "filer"))


class _Found(NamedTuple):
    """An entry that has the name of a signer, and why it may be somebody else's; "" if it is the signer's."""

    at: int
    """Its number in the screening."""
    entry: ProsecutorEntry
    doubt: str = ""


_Owned = dict[Identity, list[_Found]]


def _by_committee(
    path: Path, filings: Any, recipient: str | None, options: dict[str, Any]
) -> tuple[tuple[Signer, ...], Screening, _Owned, list[str]]:
    roster = read_roster(path)
    people = [person for person in (*roster.by_id.values(), *roster.by_recipient.values()) if person]
    names = {person.name for person in people}
    signers = tuple(each for each in roster_signers(path) if each.prosecutor in names)
    if not signers:
        raise UsageError(
            "nobody on the roster has a pledge date", source=str(path), hint="fill in the column pledge_date"
        )
    screening = _screened(filings, recipient, {**options, "roster": path})
    owned: _Owned = {}
    for signer in signers:
        own = [each for each in people if each.name == signer.prosecutor]
        # Namesakes on the roster differ in the state or the place.
        person = next(
            (each for each in own if not signer.contradicts(state=each.state, place=each.jurisdiction or "")), own[-1]
        )
        mine = [
            _Found(at, each)
            for at, each in enumerate(screening.prosecutors)
            if each.pledge_date and each.prosecutor == person.name and not _is_elsewhere(signer, each)
        ]
        mine += [
            _Found(at, replace(each, prosecutor=person.name, office=person.office, jurisdiction=person.jurisdiction))
            for at, each in enumerate(screening.prosecutors)
            if not each.pledge_date and _is_given(person.name, each, recipient)
        ]
        owned[signer.who] = mine
    return signers, screening, owned, []


def _is_elsewhere(signer: Signer, entry: ProsecutorEntry) -> bool:
    """Whether the roster gives an entry to a namesake of the signer in another state or place."""
    posts = (Post(post.state, "", post.place) for post in _posts(entry))
    return all(signer.contradicts(state=post.state, place=post.place) for post in posts)


def _by_name(
    signers: Sequence[Signer], filings: Any, recipient: str | None, options: dict[str, Any]
) -> tuple[Screening, _Owned, list[str]]:
    screening = _screened(filings, recipient, options)
    owned: _Owned = {}
    for signer in signers:
        found = [(_identity(signer, each, recipient), at, each) for at, each in enumerate(screening.prosecutors)]
        mine = [
            _Found(at, each if each.prosecutor else _with_name(each, signer), doubt)
            for doubt, at, each in found
            if doubt is not None and doubt != _OTHER_OFFICE
        ]
        # A pledge is a person's: what a committee for another office of theirs took would be missing.
        mine += [_Found(at, each, _OTHER_OFFICE) for doubt, at, each in found if mine and doubt == _OTHER_OFFICE]
        owned[signer.who] = mine
    return screening, owned, ["signers are found by their names: make sure that each committee is theirs"]


def _screened(filings: Any, recipient: str | None, options: dict[str, Any]) -> Screening:
    """The screening in which to look for signers. A recipient named by the user need not look like a prosecutor's."""
    return screen(filings, recipients="prosecutors" if recipient is None else "all", recipient=recipient, **options)


def _is_given(signer: str, entry: ProsecutorEntry, recipient: str | None) -> bool:
    """Whether an entry without a prosecutor is the recipient that the user named, with the signer's name."""
    if recipient is None or entry.prosecutor or entry.recipients != (recipient,):
        return False
    person = person_of(recipient)
    return person is not None and len(name_key(person).split()) > 1 and same_person(signer, person)


def _nobody(recipient: str | None, entries: Sequence[ProsecutorEntry]) -> list[str]:
    if recipient is None or any(recipient in each.recipients for each in entries):
        return []
    return [f"--recipient {recipient}: no signer has this name"]


def _with_name(entry: ProsecutorEntry, signer: Signer) -> ProsecutorEntry:
    return replace(entry, prosecutor=signer.prosecutor, office=signer.office, jurisdiction=signer.jurisdiction)


def _identity(signer: Signer, entry: ProsecutorEntry, recipient: str | None) -> str | None:
    """None if an entry is not the signer's; "" if it is; else why that cannot be decided."""
    named = recipient is not None and entry.recipients == (recipient,)
    if not entry.prosecutor:
        same = _is_given(signer.prosecutor, entry, recipient)
    else:
        same = same_person(signer.prosecutor, entry.prosecutor)
    if not same:
        return None
    posts = _posts(entry)
    against = {contradiction(signer.post, post) for post in posts}
    if against == {"office"} and any(agreement(signer.post, post) for post in posts):
        return _OTHER_OFFICE
    if "" not in against:
        return None
    if len(posts) > 1:
        return f"its committees are in several states: {', '.join(post.state for post in posts)}"
    return "" if named or agreement(signer.post, posts[0]) else _NO_PLACE


def _posts(entry: ProsecutorEntry) -> list[Post]:
    """The post of an entry in each state that the ids of its committees and its place name."""
    named = {*states_of([entry.person_id, *entry.committee_ids]), state_in_place(entry.jurisdiction or "")}
    states = named - {""} or {""}
    return [Post(state, entry.office or "", entry.jurisdiction or "") for state in sorted(states)]


def _only(screening: Screening, entries: Sequence[ProsecutorEntry], *notes: str) -> Screening:
    """The screening with only the signers' entries, by name."""
    ordered = sorted(entries, key=lambda each: (name_key(each.prosecutor or ""), each.recipients))
    return replace(screening, prosecutors=tuple(ordered), notes=(*screening.notes, *notes))
