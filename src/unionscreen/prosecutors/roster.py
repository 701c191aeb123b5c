"""The user's own lists: who is a prosecutor (``--roster CSV``), and who is behind a committee (``--people CSV``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from unionscreen.errors import UsageError
from unionscreen.lists import ListRow, read_list
from unionscreen.prosecutors.people import natural_order, same_person
from unionscreen.prosecutors.recognition import Prosecutor, standard_office
from unionscreen.prosecutors.words import key

COLUMNS: Final = ("prosecutor", "recipient", "recipient_id", "office", "jurisdiction", "pledge_date", "source")
# What ``unionscreen prosecutors`` adds for an editor: "no" is not a prosecutor's whatever its name says, "mixed" is as
# the filings say row by row. Without the column every row is a prosecutor's.
RECOGNIZED: Final = "recognized"
YES, NO, MIXED = "yes", "no", "mixed"
# The office of a roster's row that says none.
UNSAID_OFFICE: Final = "Prosecuting Attorney"
PEOPLE_COLUMNS: Final = ("recipient", "recipient_id", "person", "person_id")

# How people head these columns in a spreadsheet; compared without case, blanks and underscores.
_SYNONYMS: Final = {
    "name": "prosecutor",
    "candidate": "prosecutor",
    "prosecutorname": "prosecutor",
    "committee": "recipient",
    "filer": "recipient",
    "recipientname": "recipient",
    "committeename": "recipient",
    "filername": "recipient",
    "committeeid": "recipient_id",
    "filerid": "recipient_id",
    "fppcid": "recipient_id",
    "county": "jurisdiction",
    "district": "jurisdiction",
    "pledge": "pledge_date",
    "pledged": "pledge_date",
    "url": "source",
}
_DATES: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")


@dataclass(frozen=True, eq=False)  # one roster, one object: answers are remembered by it
class Roster:
    """Prosecutors by the id and the folded name of their recipients; None stands for a recipient that is nobody's."""

    path: str
    by_id: dict[str, Prosecutor | None]
    by_recipient: dict[str, Prosecutor | None]

    def find(self, recipient: str, recipient_id: str | None) -> Prosecutor | None:
        """The prosecutor whose committee this is; the id is the better evidence."""
        return self._said(recipient, recipient_id)[1]

    def excludes(self, recipient: str, recipient_id: str | None) -> bool:
        """Whether the roster says that this is not a prosecutor's."""
        return self._said(recipient, recipient_id) == (True, None)

    def names(self, recipient: str, recipient_id: str | None) -> bool:
        """Whether the roster has a row for this recipient."""
        return self._said(recipient, recipient_id)[0]

    def _said(self, recipient: str, recipient_id: str | None) -> tuple[bool, Prosecutor | None]:
        for index, cell in ((self.by_id, (recipient_id or "").strip()), (self.by_recipient, key(recipient))):
            if cell in index:
                return True, index[cell]
        return False, None


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV with a prosecutor and a recipient or recipient_id on each row.

    Raises:
        UsageError: no such file, no such column, or a row that cannot be used, with file, row and cell.
    """
    source = str(path)
    by_id: dict[str, Prosecutor | None] = {}
    by_recipient: dict[str, Prosecutor | None] = {}
    header, rows = read_list(path, column=_canonical)
    _check_header(header, source, "roster", "prosecutor", COLUMNS)
    for each in rows:
        recognized = _recognized(each, source)
        if recognized != MIXED:
            prosecutor = _prosecutor(each.cells, source, each.line) if recognized == YES else None
            _add(prosecutor, by_id, by_recipient, each.cells, source, each.line, "roster")
    if not by_id and not by_recipient:
        raise UsageError("the roster has no rows", source=source)
    return Roster(source, by_id, by_recipient)


def _canonical(cell: str) -> str:
    bare = "".join(c for c in cell.casefold() if c.isalnum())
    known = {name.replace("_", ""): name for name in (*COLUMNS, *PEOPLE_COLUMNS, RECOGNIZED)} | _SYNONYMS
    return known.get(bare, cell)


class Person(NamedTuple):
    """A person as ``--people`` names one, with the id to use; None is the one that the name gives."""

    name: str
    id: str | None = None


@dataclass(frozen=True)
class People:
    """The person behind a recipient, as the user says: by the recipient's id and by its folded name."""

    path: str
    by_id: dict[str, Person]
    by_recipient: dict[str, Person]
    rows: tuple[tuple[int, str, str], ...] = field(default=())
    """Line, recipient and recipient_id of each row."""

    def find(self, recipient: str, recipient_id: str | None) -> Person | None:
        """The person behind a recipient; the id is the better evidence."""
        by_id = self.by_id.get(recipient_id.strip()) if recipient_id else None
        return by_id or self.by_recipient.get(key(recipient))

    def unused(self, found: Iterable[tuple[str, str | None]]) -> list[str]:
        """The rows that match none of the recipients found, each with its id: line and cell, for a note."""
        names, ids = set(), set()
        for recipient, recipient_id in found:
            names.add(key(recipient))
            ids.add((recipient_id or "").strip())
        return [
            f"line {line} ({recipient or recipient_id})"
            for line, recipient, recipient_id in self.rows
            if not (recipient and key(recipient) in names) and not (recipient_id and recipient_id in ids)
        ]


def read_people(path: Path) -> People:
    """Read who is behind a recipient: a CSV with a recipient or recipient_id, a person, and perhaps a person_id.

    Raises:
        UsageError: no such file, no such column, or a row that cannot be used, with file, row and cell.
    """
    source = str(path)
    by_id: dict[str, Person] = {}
    by_recipient: dict[str, Person] = {}
    ids: dict[str, Person] = {}
    header, rows = read_list(path, column=_people_column)
    _check_header(header, source, "people list", "person", PEOPLE_COLUMNS)
    for line, row in rows:
        if not row["person"]:
            raise UsageError("the people list names no person here", source=source, row=line, cell="")
        person = Person(natural_order(row["person"]), row.get("person_id") or None)
        if person.id and not same_person(ids.setdefault(person.id, person).name, person.name):
            raise UsageError(
                f"{person.id!r} is {ids[person.id].name} further up and {person.name} here",
                source=source, row=line, cell=person.id,
            )  # fmt: skip
        _add(person, by_id, by_recipient, row, source, line, "people list")
    if not rows:
        raise UsageError("the people list has no rows", source=source)
    given = tuple((line, row.get("recipient", ""), row.get("recipient_id", "")) for line, row in rows)
    return People(source, by_id, by_recipient, given)


def _people_column(cell: str) -> str:
    name = _canonical(cell)
    return "person" if name == "prosecutor" else name


_Whose = TypeVar("_Whose", Prosecutor | None, Person)


def _add(
    whose: _Whose,
    by_id: dict[str, _Whose],
    by_recipient: dict[str, _Whose],
    row: dict[str, str],
    source: str,
    line: int,
    what: str,
) -> None:
    """Add a row to the indexes.

    Raises:
        UsageError: it names no recipient, or one that is somebody else's further up.
    """
    if not (row.get("recipient") or row.get("recipient_id")):
        raise UsageError(f"the {what} names no recipient and no recipient_id here", source=source, row=line, cell="")
    for index, cell in ((by_id, row.get("recipient_id", "")), (by_recipient, key(row.get("recipient", "")))):
        if cell and index.setdefault(cell, whose) != whose:
            raise UsageError(
                f"{cell!r} is a committee of {_name(index[cell])} further up and of {_name(whose)} here",
                source=source,
                row=line,
                cell=cell,
            )


def _name(whose: Prosecutor | Person | None) -> str:
    return whose.name if whose else "nobody"


def _recognized(row: ListRow, source: str) -> str:
    """What a roster's row says of its recipient: YES, NO or MIXED."""
    cell = row.cells.get(RECOGNIZED, "")
    said = cell.casefold() or YES
    if said not in (YES, NO, MIXED):
        raise UsageError(f"{cell!r} is not {YES}, {NO} or {MIXED}", source=source, row=row.line, cell=cell)
    return said


def _check_header(header: Sequence[str], source: str, what: str, whose: str, columns: Sequence[str]) -> None:
    missing = [] if whose in header else [whose]
    missing += [] if {"recipient", "recipient_id"} & set(header) else ["recipient or recipient_id"]
    if missing:
        raise UsageError(
            f"the {what} has no column {' and no column '.join(missing)}; found: {', '.join(header) or 'nothing'}",
            source=source,
            row=1,
            hint=f"the columns of a {what} are {', '.join(columns)}",
        )


def _prosecutor(row: dict[str, str], source: str, line: int) -> Prosecutor:
    if not row.get("prosecutor"):
        raise UsageError("the roster names no prosecutor here", source=source, row=line, cell="")
    office, family = standard_office(row.get("office") or UNSAID_OFFICE)
    pledge = row.get("pledge_date", "")
    return Prosecutor(
        natural_order(row["prosecutor"]),
        office,
        family,
        row.get("jurisdiction") or None,
        "roster",
        _date(pledge, source, line) if pledge else None,
        row.get("source") or None,
    )


def _date(text: str, source: str, line: int) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise UsageError(
        f"{text!r} is not a pledge date", source=source, row=line, cell=text, hint="write it as 2020-06-09"
    )
