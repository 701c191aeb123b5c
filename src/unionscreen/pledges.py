"""Who pledged to take no police-union money or endorsements, and what their filings show before and after.

``data/pledges.csv`` has one row for each pledge with a published source; nothing about a person is in it without the
address of the source. It is not the complete list of signers. What the words of a pledge cover is in its columns, and
:func:`check_pledges` judges each pledge by them (see :mod:`unionscreen.screening.verdicts`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from unionscreen.accounting.periods import Days
from unionscreen.contributions import money_text
from unionscreen.errors import UsageError
from unionscreen.lists import Cells, ListRow, day_span, read_list
from unionscreen.pipeline import PathLike, screen
from unionscreen.prosecutors import natural_order, person_of, read_roster, same_person
from unionscreen.prosecutors.roster import read_roster_rows
from unionscreen.prosecutors.words import name_key, places_differ
from unionscreen.screening import ProsecutorEntry, Screening
from unionscreen.screening.pledge import CONTRIBUTIONS, COVERABLE, TIERS, PledgeTerms
from unionscreen.screening.verdicts import BROKEN, NOT_DECIDED, PledgeVerdict, judge
from unionscreen.unions import UNION_KINDS, data_path, load_unions

# The columns of the first version, then what the words of a pledge cover.
TERM_COLUMNS: Final = (
    "is_pledge", "covers", "union_kinds", "unclear_kinds", "unions", "tiers", "individuals", "applies_from",
    "threshold", "ended", "end_source",
)  # fmt: skip
SIGNER_COLUMNS: Final = (
    "prosecutor", "office", "jurisdiction", "state", "pledge_date", "pledge", "source", *TERM_COLUMNS, "note",
)  # fmt: skip
_DAYS_HINT: Final = "write it as 2020-06-09, or 2020-06 or 2020 where the day is not known"
_IDS_HINT: Final = "`unionscreen unions search NAME` prints ids"


@dataclass(frozen=True)
class Signer:
    """One pledge of one person, and its source."""

    prosecutor: str
    office: str
    jurisdiction: str
    state: str
    pledge_date: date
    """The first day on which it can have been made; ``terms`` has the last."""
    pledge: str
    source: str
    note: str = ""
    terms: PledgeTerms | None = None
    end_source: str = ""

    @property
    def judged_by(self) -> PledgeTerms:
        """What it covers; a pledge without words covers contributions."""
        return self.terms or PledgeTerms(self.pledge_date, self.pledge_date)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, under the names of the columns of ``data/pledges.csv``."""
        names = ("prosecutor", "office", "jurisdiction", "state", "pledge", "source", "note", "end_source")
        return {name: getattr(self, name) for name in names} | self.judged_by.to_dict() | {
            "pledge_date": self.judged_by.made
        }  # fmt: skip


@dataclass(frozen=True)
class CheckedPledge:
    """One pledge, and what these filings show about it."""

    signer: Signer
    verdict: PledgeVerdict
    recipients: tuple[str, ...] = ()
    """The committees whose rows were judged; none if the person is not in these filings."""

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
        broken = [set(each.recipients) for each in self.checked if each.verdict.verdict == BROKEN]
        return tuple(
            each for each in self.screening.prosecutors if any(set(each.recipients) <= names for names in broken)
        )

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


def load_pledges(path: PathLike | None = None) -> tuple[Signer, ...]:
    """The pledges that are publicly known and sourced.

    Args:
        path: another file with the columns of ``data/pledges.csv``, of which ``prosecutor``, ``pledge_date`` and
            ``source`` are needed; None is the shipped one.

    Raises:
        UsageError: a row without a date or a published source, a cell that cannot be used, or a pledge listed twice.
    """
    file = Path(path) if path is not None else data_path("pledges.csv")
    source = str(file)
    header, rows = read_list(file)
    if missing := [name for name in ("prosecutor", "pledge_date", "source") if name not in header]:
        raise UsageError(f"no column {missing[0]}", source=source, row=1, hint="columns: " + ",".join(SIGNER_COLUMNS))
    signers: list[Signer] = []
    seen: set[tuple[str, ...]] = set()
    for line, row in rows:
        cells = {name: row.get(name, "") for name in SIGNER_COLUMNS}
        signers.append(_signer(cells, source, line))
        pledge = tuple(name_key(cells[name]) for name in ("prosecutor", "jurisdiction", "pledge"))
        if pledge in seen:
            raise UsageError(
                f"{cells['prosecutor']} is listed twice", source=source, row=line, cell=cells["prosecutor"],
                hint="two pledges of one person differ in the column pledge",
            )  # fmt: skip
        seen.add(pledge)
    return tuple(signers)


def _signer(cells: dict[str, str], source: str, line: int) -> Signer:
    if not cells["prosecutor"]:
        raise UsageError("has no prosecutor", source=source, row=line)
    _check_address(cells["source"], f"the pledge of {cells['prosecutor']}", source, line)
    if cells["ended"]:
        _check_address(cells["end_source"], f"the end of the pledge of {cells['prosecutor']}", source, line)
    terms = _terms(cells, source, line)
    own = {name: cells[name] for name in SIGNER_COLUMNS if name not in (*TERM_COLUMNS, "pledge_date")}
    return Signer(**own, pledge_date=terms.first, terms=terms, end_source=cells["end_source"])


def _check_address(text: str, what: str, source: str, line: int) -> None:
    address = urlsplit(text)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise UsageError(
            f"{what} has no published source", source=source, row=line, cell=text,
            hint="the address of the statement, or of a report about it",
        )  # fmt: skip


def _terms(cells: Mapping[str, str], source: str, line: int) -> PledgeTerms:
    """What a row says about the words of the pledge; an empty cell is the usual case, and so is a missing column.

    Raises:
        UsageError: a cell that cannot be used.
    """
    row, known = Cells(cells, source, line), load_unions().unions
    if (span := row.read("pledge_date", day_span, None, "a pledge date", _DAYS_HINT)) is None:
        raise UsageError("has no pledge date", source=source, row=line, hint=_DAYS_HINT)

    def several(name: str, choices: Sequence[str], empty: tuple[str, ...] = ()) -> tuple[str, ...]:
        hint = "separate with commas: " + ", ".join(choices)
        return row.read(name, lambda cell: _words(cell, choices), empty, f"a list for {name}", hint)

    def yes_or_no(name: str, *also: str, empty: str) -> str:
        words = ("yes", "no", *also)
        return row.read(name, {word: word for word in words}.get, empty, f"an answer to {name}", " or ".join(words))

    return PledgeTerms(
        span[0],
        span[1],
        is_pledge=yes_or_no("is_pledge", "unclear", empty="yes"),
        covers=several("covers", COVERABLE, COVERABLE[:1]),
        kinds=several("union_kinds", UNION_KINDS),
        unclear_kinds=several("unclear_kinds", UNION_KINDS),
        unions=row.read("unions", lambda cell: _words(cell, known), (), "a list of ids of the curated list", _IDS_HINT),
        tiers=several("tiers", TIERS, TIERS[:1]),
        individuals=yes_or_no("individuals", empty="no") == "yes",
        starts=row.read("applies_from", _one_day, None, "a day", "write it as 2020-06-09"),
        threshold_cents=row.read("threshold", _cents, 0, "an amount of dollars", "write it as 250 or 250.00"),
        ended=row.read("ended", day_span, None, "a date", _DAYS_HINT),
    )


def _words(cell: str, choices: Collection[str]) -> tuple[str, ...] | None:
    """The words of a cell with commas; None if one is not among the choices."""
    words = tuple(dict.fromkeys(word.strip() for word in cell.split(",") if word.strip()))
    return words if words and all(word in choices for word in words) else None


def _one_day(cell: str) -> date | None:
    span = day_span(cell)
    return span[0] if span and span[0] == span[1] else None


def _cents(cell: str) -> int | None:
    bare = cell.removeprefix("$").replace(",", "")
    dollars, _, cents = bare.partition(".")
    if not dollars.isdecimal() or not (cents == "" or (cents.isdecimal() and len(cents) <= 2)):
        return None
    return int(dollars) * 100 + int(cents.ljust(2, "0"))


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
            then found by their names; None is the shipped list. Either may have the columns of ``TERM_COLUMNS``.
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
    checked = tuple(_judged(signer, owned[_who(signer)], screening, covers) for signer in signers)
    first = {_who(signer): signer for signer in reversed(signers) if _splits(signer)}
    entries = [
        replace(each, **_made(first.get(who))) for who in dict.fromkeys(map(_who, signers)) for each in owned[who]
    ]
    missing = dict.fromkeys(signer.prosecutor for signer in signers if not owned[_who(signer)])
    if covers:
        notes.append(f"--covers: that the filings cover {Days(*covers)} is what you said, not what they say")
    found = _only(screening, entries, *notes, *_nobody(recipient, entries))
    return PledgeCheck(found, tuple(missing), checked)


def _who(signer: Signer) -> tuple[str, str]:
    return name_key(signer.prosecutor), name_key(signer.jurisdiction)


def _splits(signer: Signer) -> bool:
    """Whether money can be split into before and after: it is a pledge, and about money."""
    return signer.judged_by.is_pledge == "yes" and CONTRIBUTIONS in signer.judged_by.covers


def _made(signer: Signer | None) -> dict[str, Any]:
    """The fields of an entry that are about a pledge."""
    if signer is None:
        return {"pledge_date": None, "pledge_source": None, "pledge_latest": None}
    last = signer.judged_by.last
    latest = last if last != signer.pledge_date else None
    return {"pledge_date": signer.pledge_date, "pledge_source": signer.source or None, "pledge_latest": latest}


def _judged(
    signer: Signer, entries: Sequence[ProsecutorEntry], screening: Screening, covers: tuple[date, date] | None
) -> CheckedPledge:
    if not entries:
        why = "not in these filings, which says nothing about the pledge"
        return CheckedPledge(signer, PledgeVerdict(NOT_DECIDED, (why,)))
    recipients = tuple(dict.fromkeys(name for entry in entries for name in entry.recipients))
    periods = [days for each in screening.periods if each.recipient in recipients for days in each.periods]
    dated = any(each.get("first_date") for each in screening.manifest["inputs"])
    verdict = judge(
        signer.judged_by,
        [flag for entry in entries for flag in entry.flags],
        [*periods, *([Days(*covers)] if covers else [])],
        load_unions(),
        undated_rows=not dated,
    )
    return CheckedPledge(signer, _with_givers(verdict, signer, screening), recipients)


def _with_givers(verdict: PledgeVerdict, signer: Signer, screening: Screening) -> PledgeVerdict:
    """A pledge is not kept as long as a union's own filing shows a later gift that the signer's filing does not."""
    later = [
        gift
        for gift in screening.books.gifts
        if gift.prosecutor and same_person(signer.prosecutor, gift.prosecutor) and gift.is_alone
        and gift.tier and (gift.date is None or gift.date >= signer.pledge_date)
    ]  # fmt: skip
    if not later or verdict.verdict == BROKEN:
        return verdict
    places = ", ".join(f"{gift.giver_row} ({money_text(gift.amount_cents)})" for gift in later)
    why = f"a union's own filing shows a gift that the signer's filing does not: {places}"
    return replace(verdict, verdict=NOT_DECIDED, why=(why, *verdict.why))


def _has_committees(path: Path) -> bool:
    header = read_list(path).header
    return any(word in name for name in header for word in ("recipient", "committee", "filer"))


_Owned = dict[tuple[str, str], list[ProsecutorEntry]]


def _by_committee(
    path: Path, filings: Any, recipient: str | None, options: dict[str, Any]
) -> tuple[tuple[Signer, ...], Screening, _Owned, list[str]]:
    roster = read_roster(path)
    people = {person.name: person for person in (*roster.by_id.values(), *roster.by_recipient.values()) if person}
    signers = tuple(each for each in _roster_signers(read_roster_rows(path), str(path)) if each.prosecutor in people)
    if not signers:
        raise UsageError(
            "nobody on the roster has a pledge date", source=str(path), hint="fill in the column pledge_date"
        )
    screening = _screened(filings, recipient, {**options, "roster": path})
    owned: _Owned = {}
    for signer in signers:
        person = people[signer.prosecutor]
        mine = [each for each in screening.prosecutors if each.pledge_date and each.prosecutor == person.name]
        mine += [
            replace(each, prosecutor=person.name, office=person.office, jurisdiction=person.jurisdiction)
            for each in screening.prosecutors
            if not each.pledge_date and _is_given(person.name, each, recipient)
        ]
        owned[_who(signer)] = mine
    return signers, screening, owned, []


def _roster_signers(rows: Sequence[ListRow], source: str) -> tuple[Signer, ...]:
    """The pledges of a roster, by name; a person has a row for each committee."""
    signers: dict[tuple[str, PledgeTerms], Signer] = {}
    for line, cells in rows:
        if cells.get("pledge_date") and cells.get("prosecutor"):
            terms, name = _terms(cells, source, line), natural_order(cells["prosecutor"])
            signers[name, terms] = Signer(
                name, cells.get("office", ""), cells.get("jurisdiction", ""), "", terms.first, "",
                cells.get("source", ""), terms=terms,
            )  # fmt: skip
    return tuple(sorted(signers.values(), key=lambda signer: signer.prosecutor))


def _by_name(
    signers: Sequence[Signer], filings: Any, recipient: str | None, options: dict[str, Any]
) -> tuple[Screening, _Owned, list[str]]:
    screening = _screened(filings, recipient, options)
    owned: _Owned = {}
    for signer in signers:
        mine = [each for each in screening.prosecutors if _is(signer, each)]
        mine += [
            replace(each, prosecutor=signer.prosecutor, office=signer.office, jurisdiction=signer.jurisdiction)
            for each in screening.prosecutors
            if _is_given(signer.prosecutor, each, recipient)
        ]
        owned[_who(signer)] = mine
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


def _is(signer: Signer, entry: ProsecutorEntry) -> bool:
    """Whether an entry can be the signer's: the same name, and no contradicting place."""
    if not entry.prosecutor or not same_person(signer.prosecutor, entry.prosecutor):
        return False
    return not places_differ(signer.jurisdiction, entry.jurisdiction)


def _only(screening: Screening, entries: Sequence[ProsecutorEntry], *notes: str) -> Screening:
    """The screening with only the signers' entries, by name."""
    ordered = sorted(entries, key=lambda each: (name_key(each.prosecutor or ""), each.recipients))
    return replace(screening, prosecutors=tuple(ordered), notes=(*screening.notes, *notes))
