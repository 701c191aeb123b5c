"""Pledges and their sources: the shipped list, a list of the user, and the pledges of a roster."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from unionscreen.errors import UsageError
from unionscreen.lists import Cells, day_span, one_day, read_list
from unionscreen.matching.places import state_code
from unionscreen.prosecutors import Post, contradiction, natural_order
from unionscreen.prosecutors.recognition import standard_office
from unionscreen.prosecutors.roster import read_roster_rows
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.pledge import CONTRIBUTIONS, COVERABLE, TIERS, PledgeTerms
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


class Identity(NamedTuple):
    """What tells signers apart, each part in its standard form."""

    name: str
    place: str
    state: str
    office: str


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
    def who(self) -> Identity:
        """The person. Two identities with the same name can still be one person, where a cell is empty."""
        office = standard_office(self.office)[0]
        return Identity(
            name_key(self.prosecutor), name_key(self.jurisdiction), state_code(self.state), name_key(office)
        )

    @property
    def post(self) -> Post:
        """What distinguishes the signer from a namesake."""
        return Post(self.state, self.office, self.jurisdiction)

    def contradicts(self, *, state: str = "", office: str = "", place: str = "") -> bool:
        """Whether somebody with the same name cannot be the signer; "" is unknown, and contradicts nothing."""
        return bool(contradiction(self.post, Post(state, office, place)))

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


def load_pledges(path: str | os.PathLike[str] | None = None) -> tuple[Signer, ...]:
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
    seen: set[tuple[Identity, str]] = set()
    for line, row in rows:
        cells = {name: row.get(name, "") for name in SIGNER_COLUMNS}
        signer = _signer(cells, source, line)
        signers.append(signer)
        pledge = (signer.who, name_key(signer.pledge))
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
    Cells(cells, source, line).read("state", lambda cell: state_code(cell) or None, "", "a state", "for example CA")
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

    starts = row.read("applies_from", one_day, None, "a day", "write it as 2020-06-09")
    ended = row.read("ended", day_span, None, "a date", _DAYS_HINT)
    for name, last in (("applies_from", starts), ("ended", ended and ended[1])):
        if last and last < span[0]:
            raise UsageError(
                f"{name} is before the pledge of {cells['pledge_date']}", source=source, row=line, cell=cells[name],
                hint="a pledge applies from the day on which it was made, or later",
            )  # fmt: skip
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
        starts=starts,
        threshold_cents=row.read("threshold", _cents, 0, "an amount of dollars", "write it as 250 or 250.00"),
        ended=ended,
    )


def _words(cell: str, choices: Collection[str]) -> tuple[str, ...] | None:
    """The words of a cell with commas; None if one is not among the choices."""
    words = tuple(dict.fromkeys(word.strip() for word in cell.split(",") if word.strip()))
    return words if words and all(word in choices for word in words) else None


def _cents(cell: str) -> int | None:
    bare = cell.removeprefix("$").replace(",", "")
    dollars, _, cents = bare.partition(".")
    if not dollars.isdecimal() or not (cents == "" or (cents.isdecimal() and len(cents) <= 2)):
        return None
    return int(dollars) * 100 + int(cents.ljust(2, "0"))


def roster_signers(path: Path) -> tuple[Signer, ...]:
    """The pledges of a roster, by name; a person has a row for each committee, and one of them has the source.

    Raises:
        UsageError: a pledge without a published source, or a cell that cannot be used.
    """
    source = str(path)
    made: dict[tuple[str, PledgeTerms], list[list[tuple[int, dict[str, str]]]]] = {}
    for line, row in read_roster_rows(path):
        if row.get("pledge_date") and row.get("prosecutor"):
            cells = {name: row.get(name, "") for name in SIGNER_COLUMNS} | {
                "prosecutor": natural_order(row["prosecutor"]), "pledge": "",
            }  # fmt: skip
            people = made.setdefault((cells["prosecutor"], _terms(cells, source, line)), [])
            _of_one_person(people, cells).append((line, cells))
    signers = []
    for rows in (rows for people in made.values() for rows in people):
        line, cells = next((each for each in rows if each[1]["source"]), rows[0])
        signers.append(_signer(cells, source, line))
    return tuple(sorted(signers, key=lambda signer: signer.prosecutor))


def _of_one_person(
    people: list[list[tuple[int, dict[str, str]]]], cells: Mapping[str, str]
) -> list[tuple[int, dict[str, str]]]:
    """The earlier rows of the person of a row; a namesake in another state or place is somebody else."""
    post = Post(cells["state"], "", cells["jurisdiction"])
    for rows in people:
        if not any(contradiction(post, Post(each["state"], "", each["jurisdiction"])) for _, each in rows):
            return rows
    people.append([])
    return people[-1]


def splits(signer: Signer) -> bool:
    """Whether money can be split into before and after: it is a pledge, and about money."""
    return signer.judged_by.is_pledge == "yes" and CONTRIBUTIONS in signer.judged_by.covers
