"""The user's own lists: who is a prosecutor (``--roster CSV``), and who is behind a committee (``--people CSV``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from unionscreen.errors import UsageError
from unionscreen.lists import ListRow, day_span, read_list
from unionscreen.matching.places import state_code
from unionscreen.prosecutors.people import natural_order, same_person
from unionscreen.prosecutors.recognition import Prosecutor, standard_office
from unionscreen.prosecutors.words import name_key
from unionscreen.spreadsheet import unguarded

ROSTER_COLUMNS: Final = ("prosecutor", "recipient", "recipient_id", "office", "jurisdiction", "pledge_date", "source")
# The column that ``unionscreen prosecutors`` adds to a roster. "no": not a prosecutor's, whatever its name says.
# "mixed": as the filings say, row by row. Without the column, every row is a prosecutor's.
RECOGNIZED: Final = "recognized"
YES, NO, MIXED = "yes", "no", "mixed"
# The office of a roster's row without one.
DEFAULT_OFFICE: Final = "Prosecuting Attorney"
PEOPLE_COLUMNS: Final = ("recipient", "recipient_id", "person", "person_id")

# Other headers of these columns in spreadsheets; compared without case, spaces and underscores.
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
    "state": "state",
}


@dataclass(frozen=True, eq=False)  # a roster is compared by identity: it is a key of cached answers
class Roster:
    """The user's prosecutors, by the id and by the folded name of their recipients; None is nobody's recipient."""

    path: str
    by_id: dict[str, Prosecutor | None]
    by_recipient: dict[str, Prosecutor | None]

    def find(self, recipient: str, recipient_id: str | None) -> Prosecutor | None:
        """The prosecutor to whom the roster gives this committee; the id is more reliable than the name."""
        return self._lookup(recipient, recipient_id)[1]

    def excludes(self, recipient: str, recipient_id: str | None) -> bool:
        """Whether the roster says that this is not a prosecutor's committee."""
        return self._lookup(recipient, recipient_id) == (True, None)

    def has(self, recipient: str, recipient_id: str | None) -> bool:
        """Whether the roster has a row for this recipient."""
        return self._lookup(recipient, recipient_id)[0]

    def _lookup(self, recipient: str, recipient_id: str | None) -> tuple[bool, Prosecutor | None]:
        for index, cell in ((self.by_id, (recipient_id or "").strip()), (self.by_recipient, name_key(recipient))):
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
    header, rows = _read(path, _canonical)
    _check_header(header, source, "roster", "prosecutor", ROSTER_COLUMNS)
    for row in rows:
        recognized = _recognized(row, source)
        if recognized != MIXED:
            prosecutor = _prosecutor(row.cells, source, row.line) if recognized == YES else None
            _add(prosecutor, (by_id, by_recipient), row, source, "roster")
    if not by_id and not by_recipient and all(_recognized(row, source) != MIXED for row in rows):
        raise UsageError("the roster has no rows", source=source)
    return Roster(source, by_id, by_recipient)


def read_roster_rows(path: Path) -> list[ListRow]:
    """The rows of a roster under the names of its columns, as they are.

    Raises:
        UsageError: it cannot be read.
    """
    return _read(path, _canonical)[1]


def _read(path: Path, column: Callable[[str], str]) -> tuple[Sequence[str], list[ListRow]]:
    header, rows = read_list(path, column=column)
    return header, [ListRow(line, {name: unguarded(cell) for name, cell in cells.items()}) for line, cells in rows]


def _recognized(row: ListRow, source: str) -> str:
    """What a row of a roster says of its recipient: YES, NO or MIXED."""
    cell = row.cells.get(RECOGNIZED, "")
    word = cell.casefold() or YES
    if word not in (YES, NO, MIXED):
        raise UsageError(f"{cell!r} is not {YES}, {NO} or {MIXED}", source=source, row=row.line, cell=cell)
    return word


def _canonical(cell: str) -> str:
    bare = "".join(c for c in cell.casefold() if c.isalnum())
    known = {name.replace("_", ""): name for name in (*ROSTER_COLUMNS, *PEOPLE_COLUMNS, RECOGNIZED)} | _SYNONYMS
    return known.get(bare, cell)


class NamedPerson(NamedTuple):
    """A person in a people list, with the id to use; without one, the id is made of the name."""

    name: str
    id: str | None = None


@dataclass(frozen=True)
class PeopleList:
    """The people behind recipients, by the id and by the folded name of the recipients."""

    path: str
    by_id: dict[str, NamedPerson]
    by_recipient: dict[str, NamedPerson]
    rows: tuple[tuple[int, str, str], ...] = ()
    """Line, recipient and recipient_id of each row."""

    def find(self, recipient: str, recipient_id: str | None) -> NamedPerson | None:
        """The person behind a recipient; the id is more reliable than the name."""
        by_id = self.by_id.get(recipient_id.strip()) if recipient_id else None
        return by_id or self.by_recipient.get(name_key(recipient))

    def unused(self, found: Iterable[tuple[str, str | None]]) -> list[str]:
        """The rows that match none of these recipients (name and id), as line and cell for a note."""
        names, ids = set(), set()
        for recipient, recipient_id in found:
            names.add(name_key(recipient))
            ids.add((recipient_id or "").strip())
        return [
            f"line {line} ({recipient or recipient_id})"
            for line, recipient, recipient_id in self.rows
            if not (recipient and name_key(recipient) in names) and not (recipient_id and recipient_id in ids)
        ]


def read_people(path: Path) -> PeopleList:
    """Read a people list: a CSV with a person and a recipient or recipient_id on each row, and perhaps a person_id.

    Raises:
        UsageError: no such file, no such column, or a row that cannot be used, with file, row and cell.
    """
    source = str(path)
    by_id: dict[str, NamedPerson] = {}
    by_recipient: dict[str, NamedPerson] = {}
    of_id: dict[str, NamedPerson] = {}
    header, rows = _read(path, _people_column)
    _check_header(header, source, "people list", "person", PEOPLE_COLUMNS)
    for row in rows:
        if not row.cells["person"]:
            raise UsageError("the people list has no person here", source=source, row=row.line, cell="")
        person = NamedPerson(natural_order(row.cells["person"]), row.cells.get("person_id") or None)
        if person.id and not same_person(of_id.setdefault(person.id, person).name, person.name):
            raise UsageError(
                f"{person.id!r} is {of_id[person.id].name} in an earlier row and {person.name} here",
                source=source, row=row.line, cell=person.id,
            )  # fmt: skip
        _add(person, (by_id, by_recipient), row, source, "people list")
    if not rows:
        raise UsageError("the people list has no rows", source=source)
    given = tuple((line, cells.get("recipient", ""), cells.get("recipient_id", "")) for line, cells in rows)
    return PeopleList(source, by_id, by_recipient, given)


def _people_column(cell: str) -> str:
    name = _canonical(cell)
    return "person" if name == "prosecutor" else name


_Owner = TypeVar("_Owner", Prosecutor | None, NamedPerson)


def _add(
    owner: _Owner, indexes: tuple[dict[str, _Owner], dict[str, _Owner]], row: ListRow, source: str, what: str
) -> None:
    """Add the owner of a row to the indexes by id and by name.

    Raises:
        UsageError: the row has no recipient, or one that is somebody else's in an earlier row.
    """
    recipient, recipient_id = (row.cells.get(name, "") for name in ("recipient", "recipient_id"))
    if not (recipient or recipient_id):
        raise UsageError(f"the {what} has no recipient and no recipient_id here", source=source, row=row.line)
    for index, cell in zip(indexes, (recipient_id, name_key(recipient)), strict=True):
        if cell and index.setdefault(cell, owner) != owner:
            earlier, here = (each.name if each else "nobody" for each in (index[cell], owner))
            raise UsageError(
                f"{cell!r} is a committee of {earlier} in an earlier row and of {here} here",
                source=source,
                row=row.line,
                cell=cell,
            )


def _check_header(header: Sequence[str], source: str, what: str, who: str, columns: Sequence[str]) -> None:
    missing = [] if who in header else [who]
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
        raise UsageError("the roster has no prosecutor here", source=source, row=line, cell="")
    office, family = standard_office(row.get("office") or DEFAULT_OFFICE)
    pledge = row.get("pledge_date", "")
    first, last = _days(pledge, source, line) if pledge else (None, None)
    return Prosecutor(
        natural_order(row["prosecutor"]),
        office,
        family,
        row.get("jurisdiction") or None,
        "roster",
        first,
        row.get("source") or None,
        pledge_latest=last if last != first else None,
        state=state_code(row.get("state", "")),
    )


def _days(text: str, source: str, line: int) -> tuple[date, date]:
    if span := day_span(text):
        return span
    raise UsageError(
        f"{text!r} is not a pledge date", source=source, row=line, cell=text,
        hint="write it as 2020-06-09, or 2020-06 or 2020 where the day is not known",
    )  # fmt: skip
