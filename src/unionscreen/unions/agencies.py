"""Which union of the list represents the officers of which agency: ``data/agencies.csv``.

``tools/make_agencies.py`` writes that file from the names of the list. ``basis`` says what a row rests on: "name" is
the name of the organization, "source" a page that says so, such as the certificate of a labor board or a contract;
with "FBI list", the agency is in the FBI's list of agencies too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from unionscreen.unions.data_files import data_path
from unionscreen.unions.loading import list_rows

AGENCY_COLUMNS: Final = ("union_id", "agency", "state", "ori", "basis", "source")
AGENCY_SOURCE: Final = "https://cde.ucr.cde.fbi.gov (Crime Data API, agencies)"
BASES: Final = ("name", "name and FBI list", "source", "source and FBI list")

_POSSESSIVE: Final = re.compile(r"['’`´]s?\b")
# Words that differ between spellings of one agency. "City" alone does not: Union City and Union Township both have one.
_PLAIN: Final = {
    "dept": "", "department": "", "office": "", "ofc": "", "the": "", "pd": "police", "so": "sheriff",
    "sheriffs": "sheriff", "co": "county", "parish": "county", "mt": "mount", "st": "saint", "ft": "fort",
}  # fmt: skip
_CITY_OF: Final = re.compile(r"^city of ")
# "Town of Newburgh Police" is not the police of the city of Newburgh.
_TOWN_OF: Final = re.compile(r"^(town|township|village|borough|county) of (.*?)(?= police| sheriff| pd\b|$)")


class UnionAgency(NamedTuple):
    """An agency whose officers a union of the list represents."""

    union_id: str
    agency: str
    state: str
    ori: str
    """The FBI's id; empty where it is not known."""
    basis: str
    source: str


def agency_key(name: str) -> str:
    """The form in which two spellings of an agency's name compare equal.

    >>> agency_key("City of Elmhaven Police Dept."), agency_key("ELMHAVEN PD")
    ('elmhaven police', 'elmhaven police')
    >>> agency_key("Elm County Sheriff's Department"), agency_key("Elm Co. Sheriff’s Office")
    ('elm county sheriff', 'elm county sheriff')
    >>> agency_key("Town of Elmhaven Police Department"), agency_key("Elmhaven Town Police Department")
    ('elmhaven town police', 'elmhaven town police')
    """
    bare = _POSSESSIVE.sub("", name).casefold()
    bare = _TOWN_OF.sub(r"\2 \1", _CITY_OF.sub("", bare))
    words = "".join(c if c.isalnum() else " " for c in bare).split()
    return " ".join(filter(None, (_PLAIN.get(word, word) for word in words)))


@dataclass(frozen=True)
class AgencyList:
    """The agencies, to be found by name or ORI."""

    rows: Sequence[UnionAgency]
    by_key: Mapping[str, Sequence[UnionAgency]]
    by_ori: Mapping[str, Sequence[UnionAgency]]

    def find(self, name: str, state: str = "", ori: str = "") -> list[UnionAgency]:
        """The rows of an agency, one for each of its unions.

        Args:
            name: of the agency, in any usual spelling.
            state: two letters; without it, agencies of all states that have this name are found.
            ori: the FBI's id, more reliable than the name.
        """
        if ori and ori in self.by_ori:
            return list(self.by_ori[ori])
        found = self.by_key.get(agency_key(name), ()) if name else ()
        # An agency with another id is another agency.
        return [each for each in found if state in ("", each.state) and not (ori and each.ori and each.ori != ori)]


@lru_cache(maxsize=1)
def load_agencies() -> AgencyList:
    """The shipped table.

    Raises:
        UnionListError: the file is missing or damaged.
    """
    rows = [UnionAgency(*cells) for cells in list_rows(data_path("agencies.csv"), AGENCY_COLUMNS)]
    by_key: dict[str, list[UnionAgency]] = defaultdict(list)
    by_ori: dict[str, list[UnionAgency]] = defaultdict(list)
    for row in rows:
        by_key[agency_key(row.agency)].append(row)
        if row.ori:
            by_ori[row.ori].append(row)
    return AgencyList(rows, dict(by_key), dict(by_ori))
