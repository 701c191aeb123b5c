"""The user's own list of prosecutors: ``--roster CSV``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.lists import read_list
from unionscreen.prosecutors.people import natural_order
from unionscreen.prosecutors.recognition import Prosecutor, standard_office
from unionscreen.prosecutors.words import name_key

ROSTER_COLUMNS: Final = ("prosecutor", "recipient", "recipient_id", "office", "jurisdiction", "pledge_date", "source")

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
}
_DATES: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")


@dataclass(frozen=True, eq=False)  # a roster is compared by identity: it is a key of cached answers
class Roster:
    """The user's prosecutors, by the id and by the folded name of their recipients."""

    path: str
    by_id: dict[str, Prosecutor]
    by_recipient: dict[str, Prosecutor]

    def find(self, recipient: str, recipient_id: str | None) -> Prosecutor | None:
        """The prosecutor to whom the roster gives this committee; the id is more reliable than the name."""
        by_id = self.by_id.get(recipient_id.strip()) if recipient_id else None
        return by_id or self.by_recipient.get(name_key(recipient))


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV with a prosecutor and a recipient or recipient_id on each row.

    Raises:
        UsageError: no such file, no such column, or a row that cannot be used, with file, row and cell.
    """
    source = str(path)
    by_id: dict[str, Prosecutor] = {}
    by_recipient: dict[str, Prosecutor] = {}
    header, rows = read_list(path, column=_canonical)
    _check_header(header, source)
    for line, row in rows:
        prosecutor = _prosecutor(row, source, line)
        if not (row.get("recipient") or row.get("recipient_id")):
            raise UsageError("the roster has no recipient and no recipient_id here", source=source, row=line)
        for index, cell in ((by_id, row.get("recipient_id", "")), (by_recipient, name_key(row.get("recipient", "")))):
            if cell and index.setdefault(cell, prosecutor) != prosecutor:
                raise UsageError(
                    f"{cell!r} is a committee of {index[cell].name} in an earlier row and of {prosecutor.name} here",
                    source=source,
                    row=line,
                    cell=cell,
                )
    if not by_id and not by_recipient:
        raise UsageError("the roster has no rows", source=source)
    return Roster(source, by_id, by_recipient)


def _canonical(cell: str) -> str:
    bare = "".join(c for c in cell.casefold() if c.isalnum())
    known = {name.replace("_", ""): name for name in ROSTER_COLUMNS} | _SYNONYMS
    return known.get(bare, cell)


def _check_header(header: Sequence[str], source: str) -> None:
    missing = [] if "prosecutor" in header else ["prosecutor"]
    missing += [] if {"recipient", "recipient_id"} & set(header) else ["recipient or recipient_id"]
    if missing:
        raise UsageError(
            f"the roster has no column {' and no column '.join(missing)}; found: {', '.join(header) or 'nothing'}",
            source=source,
            row=1,
            hint=f"the columns of a roster are {', '.join(ROSTER_COLUMNS)}",
        )


def _prosecutor(row: dict[str, str], source: str, line: int) -> Prosecutor:
    if not row.get("prosecutor"):
        raise UsageError("the roster has no prosecutor here", source=source, row=line, cell="")
    office, family = standard_office(row.get("office") or "prosecutor")
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
