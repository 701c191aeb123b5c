"""Who pledged to take no police-union money, and what their filings show before and after.

``data/pledges.csv`` has one row for each signer with a published source; nothing about a person is in it without the
address of the source. It is not the complete list of signers, and a signer's pledge may be narrower than our list: see
the columns ``pledge`` and ``note``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from unionscreen.errors import UsageError
from unionscreen.lists import read_list
from unionscreen.pipeline import PathLike, screen
from unionscreen.prosecutors import person_of, read_roster, same_person
from unionscreen.prosecutors.words import name_key
from unionscreen.screening import ProsecutorEntry, Screening
from unionscreen.unions import data_path

SIGNER_COLUMNS: Final = ("prosecutor", "office", "jurisdiction", "state", "pledge_date", "pledge", "source", "note")
# Words of a jurisdiction that do not identify it.
_PLACE_WORDS: Final = frozenset({"county", "city", "and", "of", "the", "parish", "district"})


@dataclass(frozen=True)
class Signer:
    """One person's pledge, and its source."""

    prosecutor: str
    office: str
    jurisdiction: str
    state: str
    pledge_date: date
    pledge: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class PledgeCheck:
    """What the filings show about every signer.

    Args:
        screening: the signers' entries, each with its ``pledge``.
        missing: signers who are not in these filings, which says nothing about them.
    """

    screening: Screening
    missing: tuple[str, ...]

    @property
    def broken(self) -> tuple[ProsecutorEntry, ...]:
        """Signers who kept union money given on the day of the pledge or after."""
        return tuple(each for each in self.screening.prosecutors if each.pledge and each.pledge.after.net > 0)

    def to_dict(self) -> dict[str, Any]:
        """Plain values: the manifest, each signer with the pledge and the flags, and who is not in these filings."""
        whole = self.screening.to_dict()
        return {
            "manifest": whole["manifest"],
            "signers": whole["prosecutors"],
            "not_in_these_filings": list(self.missing),
            "rejects": whole["rejects"],
        }


def load_pledges(path: PathLike | None = None) -> tuple[Signer, ...]:
    """The signers that are publicly known and sourced.

    Args:
        path: another file with the columns of ``data/pledges.csv``; None is the shipped one.

    Raises:
        UsageError: a row without a date or a published source, or a person listed twice.
    """
    file = Path(path) if path is not None else data_path("pledges.csv")
    source = str(file)
    header, rows = read_list(file)
    if missing := [name for name in ("prosecutor", "pledge_date", "source") if name not in header]:
        raise UsageError(f"no column {missing[0]}", source=source, row=1, hint="columns: " + ",".join(SIGNER_COLUMNS))
    signers: list[Signer] = []
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        cells = {name: row.get(name, "") for name in SIGNER_COLUMNS}
        signers.append(_signer(cells, source, line))
        person = name_key(cells["prosecutor"]), name_key(cells["jurisdiction"])
        if person in seen:
            raise UsageError(f"{cells['prosecutor']} is listed twice", source=source, row=line)
        seen.add(person)
    return tuple(signers)


def _signer(cells: dict[str, str], source: str, line: int) -> Signer:
    if not cells["prosecutor"]:
        raise UsageError("has no prosecutor", source=source, row=line)
    address = urlsplit(cells["source"])
    if address.scheme not in ("http", "https") or not address.netloc:
        raise UsageError(
            f"the pledge of {cells['prosecutor']} has no published source", source=source, row=line,
            hint="the address of the statement, or of a report about it",
        )  # fmt: skip
    try:
        day = date.fromisoformat(cells["pledge_date"])
    except ValueError:
        raise UsageError(
            f"{cells['pledge_date']!r} is not a pledge date", source=source, row=line, hint="write it as 2020-06-09"
        ) from None
    return Signer(**{**cells, "pledge_date": day})  # type: ignore[arg-type]


def check_pledges(
    roster: PathLike | None,
    filings: PathLike | Sequence[PathLike],
    *,
    recipient: str | None = None,
    **options: Any,
) -> PledgeCheck:
    """Before and after the pledge, for every signer.

    Args:
        roster: a roster with ``pledge_date`` and committees, or a list of people like ``data/pledges.csv``, who are
            then found by their names; None is the shipped list.
        filings: the filings of any of them.
        recipient: who received the money, for filings that do not say: the name of a signer or of their committee.
        options: further arguments of :func:`unionscreen.screen`.

    Raises:
        UsageError: nobody on the roster has a pledge date.
    """
    if roster is not None and _has_committees(Path(roster)):
        return _by_committee(Path(roster), filings, recipient, options)
    return _by_name(load_pledges(roster), filings, recipient, options)


def _has_committees(path: Path) -> bool:
    header = read_list(path).header
    return any(word in name for name in header for word in ("recipient", "committee", "filer"))


def _by_committee(path: Path, filings: Any, recipient: str | None, options: dict[str, Any]) -> PledgeCheck:
    roster = read_roster(path)
    people = {person.name: person for person in (*roster.by_id.values(), *roster.by_recipient.values()) if person}
    signers = {name: person for name, person in sorted(people.items()) if person.pledge_date}
    if not signers:
        raise UsageError(
            "nobody on the roster has a pledge date", source=str(path), hint="fill in the column pledge_date"
        )
    screening = _screened(filings, recipient, {**options, "roster": path})
    entries = [each for each in screening.prosecutors if each.pledge_date]
    for each in screening.prosecutors:
        owners = [person for person in signers.values() if _is_given(person.name, each, recipient)]
        if len(owners) == 1 and not each.pledge_date:
            (person,) = owners
            entries.append(
                replace(
                    each,
                    prosecutor=person.name,
                    office=person.office,
                    jurisdiction=person.jurisdiction,
                    pledge_date=person.pledge_date,
                    pledge_source=person.pledge_source,
                )
            )
    found = {each.prosecutor for each in entries}
    return PledgeCheck(
        _only(screening, entries, *_nobody(recipient, entries)),
        tuple(name for name in signers if name not in found),
    )


def _by_name(signers: Sequence[Signer], filings: Any, recipient: str | None, options: dict[str, Any]) -> PledgeCheck:
    screening = _screened(filings, recipient, options)
    entries: list[ProsecutorEntry] = []
    missing: list[str] = []
    for signer in signers:
        mine = [each for each in screening.prosecutors if _is(signer, each)]
        mine += [
            replace(each, prosecutor=signer.prosecutor, office=signer.office, jurisdiction=signer.jurisdiction)
            for each in screening.prosecutors
            if _is_given(signer.prosecutor, each, recipient)
        ]
        if not mine:
            missing.append(signer.prosecutor)
        entries += [replace(each, pledge_date=signer.pledge_date, pledge_source=signer.source) for each in mine]
    note = "signers are found by their names: make sure that each committee is theirs"
    return PledgeCheck(_only(screening, entries, note, *_nobody(recipient, entries)), tuple(missing))


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
    here, there = _place(signer.jurisdiction), _place(entry.jurisdiction or "")
    return here <= there or there <= here


def _place(jurisdiction: str) -> set[str]:
    words = "".join(c if c.isalnum() else " " for c in jurisdiction.casefold()).split()
    return set(words) - _PLACE_WORDS


def _only(screening: Screening, entries: Sequence[ProsecutorEntry], *notes: str) -> Screening:
    """The screening with only the signers' entries, by name."""
    ordered = sorted(entries, key=lambda each: (name_key(each.prosecutor or ""), each.recipients))
    return replace(screening, prosecutors=tuple(ordered), notes=(*screening.notes, *notes))
