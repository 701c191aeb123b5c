"""The register's files, ``eo_xx.csv`` as the IRS publishes them, row by row.

A file of a large state has two hundred thousand organizations. Only rows with a word about officers are kept, and only
the columns that identify the organization: never the street or the person who receives its mail.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import FilingError
from unionscreen.unions import data_path

REGISTER_COLUMNS: Final = ("EIN", "NAME", "CITY", "STATE", "GROUP", "SUBSECTION", "STATUS", "SORT_NAME")
"""The columns that are read; others may be missing, as in extracts."""

URL: Final = "https://www.irs.gov/pub/irs-soi/"

# The register breaks a name after this many characters, even inside a word: "FRATERNAL ORDER OF PO LICE".
BREAK: Final = 35
_FILE: Final = re.compile(r"eo(?:_[a-z]{2}|[1-4])\.csv", re.IGNORECASE)
_EIN: Final = re.compile(r"\d{9}")
# Titles of people whom the second line of a row may name: "MURRAY JOHN SEC TREAS".
_PERSON: Final = re.compile(
    r"^%|\b(?:SEC|SECT|SECY|SECRETARY|TREAS|TREASURER|PRES|PRESIDENT|C/O|ATTN|CPA|TTEE|TRUSTEE|DIRECTOR|COMMANDER)\b"
)
# A person's name follows it, also inside a name: "… ASSOCIATION C/O JANE QUILL".
_IN_CARE: Final = re.compile(r"(?:^|\s)(?:C/O|ATTN:?|%)\s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One organization of the register."""

    ein: str
    """12-3456789."""
    name: str
    second: str
    """The subordinate's own name; empty where the register has a person's name."""
    city: str
    """The town of its mail, often an officer's home: not proof of the organization's place."""
    state: str
    group: str
    """Number of the parent's group exemption; 0000 for an exemption of its own."""
    subsection: str
    """Of section 501(c), two digits."""
    status: str
    file: str
    line: int

    @property
    def filed(self) -> str:
        """The name as in the register, both lines."""
        return " ".join(filter(None, (self.name, self.second)))

    @property
    def source(self) -> str:
        """What to cite: the page of the register and the organization's number in it."""
        page = URL + self.file.lower() if _FILE.fullmatch(self.file) else "IRS register of exempt organizations"
        return f"{page} EIN {self.ein}"


@lru_cache(maxsize=1)
def register_words() -> Mapping[str, Any]:
    """``data/irs_register.toml``: the register's words."""
    return tomllib.loads(data_path("irs_register.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _theme() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, register_words()["theme"])) + r")\b", re.IGNORECASE)


def about_officers(text: str) -> bool:
    """Whether a name in the register has a word about officers."""
    return _theme().search(text) is not None


def read_register(path: Path, seen: set[str] | None = None) -> tuple[list[RegisterRow], int]:
    """The rows of a register's file that are about officers, and how many rows it has.

    Args:
        path: the file.
        seen: EINs of the files read before. Their organizations are left out, and the new ones are added.

    Raises:
        FilingError: it cannot be read, is not a file of the register, or has no organizations.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as handle:
            rows = list(_rows(handle, path, set() if seen is None else seen))
    except csv.Error as failure:
        raise FilingError(f"is not a CSV: {failure}", source=str(path)) from None
    except IsADirectoryError:
        raise FilingError("is a folder", source=str(path), hint="name the file, for example eo_wy.csv") from None
    except OSError as failure:
        raise FilingError(f"cannot be opened: {failure.strerror}", source=str(path)) from None
    if not rows:
        raise FilingError("has no organizations", source=str(path), hint="was the download cut off?")
    return [row for row in rows if row is not None], len(rows)


def _rows(handle: Iterator[str], path: Path, seen: set[str]) -> Iterator[RegisterRow | None]:
    """A row for each organization about officers that was not read before, None for any other."""
    reader = csv.reader(handle)
    header = [cell.strip().upper() for cell in next(reader, [])]
    if missing := [column for column in REGISTER_COLUMNS if column not in header]:
        raise FilingError(
            f"has no column {', '.join(missing)}", source=str(path), row=1,
            hint=f"give a file of the register as it is published: {URL}eo_xx.csv, xx the state's letters",
        )  # fmt: skip
    at = [header.index(column) for column in REGISTER_COLUMNS]
    for cells in reader:
        if not any(cells):
            continue
        if len(cells) <= max(at):
            raise FilingError(
                f"{len(cells)} cells where {len(header)} are expected", source=str(path), row=reader.line_num,
                hint="was the download cut off? get the file again",
            )  # fmt: skip
        ein, name, city, state, group, subsection, status, second = (" ".join(cells[i].split()) for i in at)
        number = ein.replace("-", "").zfill(9)
        if number in seen:
            yield None
            continue
        seen.add(number)
        name, second = (_IN_CARE.split(text, maxsplit=1)[0].strip() for text in (unbroken(name), second))
        if not about_officers(f"{name} {second}"):
            yield None
            continue
        if not _EIN.fullmatch(number):
            raise FilingError(f"{ein!r} is not an EIN", source=str(path), row=reader.line_num)
        yield RegisterRow(
            f"{number[:2]}-{number[2:]}", name, "" if _is_a_person(second, group) else second,
            city, state.upper(), group.zfill(4), subsection.zfill(2), status, path.name, reader.line_num,
        )  # fmt: skip


def _is_a_person(second: str, group: str) -> bool:
    """Whether the second line is probably a person: only a group's member and a name about officers are kept."""
    own = bool(re.search(r"\d|\b(?:LODGE|LDG|LOCAL|UNION|CHAPTER|COUNCIL)\b", second.upper()))
    if _PERSON.search(second.upper()) and (second.startswith("%") or not own):
        return True
    return not own and not about_officers(second) and group.zfill(4) == "0000"


# Words that a break inside them splits in two; the first piece is not a word by itself.
_WHOLE: Final = frozenset(
    "ASSOCIATION POLICE OFFICERS OFFICER LODGE FRATERNAL ORDER BENEVOLENT SHERIFFS DEPUTY DEPUTIES DEPARTMENT "
    "EMPLOYEES EMPLOYEE PATROLMENS CORRECTIONS CORRECTIONAL ENFORCEMENT FEDERATION COUNTY BROTHERHOOD INTERNATIONAL "
    "INCORPORATED PROBATION PROTECTIVE SUPERVISORS".split()
)


def unbroken(name: str) -> str:
    """A name without the break that the register adds.

    >>> unbroken("FAYETTE COUNTY DEPUTY SHERIFFS ASSO CIATION INC")
    'FAYETTE COUNTY DEPUTY SHERIFFS ASSOCIATION INC'
    >>> unbroken("NEW HAMPSHIRE PROBATION PAROLE OFFI CERS AND COMMAND STAFF ASSOC")
    'NEW HAMPSHIRE PROBATION PAROLE OFFICERS AND COMMAND STAFF ASSOC'
    """
    if len(name) <= BREAK or name[BREAK] != " ":
        return name
    start, end = name[:BREAK], name[BREAK + 1 :]
    joined = start.rsplit(" ", 1)[-1] + end.split(" ", 1)[0]
    return start + end if joined.upper() in _WHOLE else name
