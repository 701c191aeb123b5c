"""Write ``data/agencies.csv`` anew: which union of the list represents the officers of which agency.

    python tools/make_agencies.py agencies.csv

``agencies.csv`` is the list of agencies of the FBI's Crime Data API (https://cde.ucr.cde.fbi.gov, public domain) as a
CSV with these of the API's names: agency_name, ori, state_abbr, state_name. An agency is taken from the name of an
organization only where the name states it plainly: a place and its police, a county and its deputies, a state and its
troopers; or from its source, where that is a labor board, a court case with the city, or a page in ``BY_SOURCE``.
A lodge that is named after a town alone is left out, because lodges often have members of several agencies.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.matching.places import STATE_NAMES
from unionscreen.unions.agencies import AGENCY_COLUMNS, AGENCY_SOURCE, agency_key

DATA: Final = Path(__file__).resolve().parents[1] / "data"
# "AFSCME Local 2080 Westport Police Officers": what stands before the number is the parent's name.
_LOCAL: Final = re.compile(r"^.*?\b(?:Local|Lodge|Chapter|Unit|No\.?|Council)\s+#?\d[\d-]*\w?,?\s+(?=\D)")
# "Fraternal Order of Police Metropolitan Police Department Labor Committee"
_PARENT: Final = re.compile(
    r"^(?:Fraternal Order of Police(?= .* Police Department\b)|Metropolitan Alliance of Police(?= .*Police)|NEPBA) "
)
# The FBI's list adds the kind of an agency to names that have it.
_TWICE: Final = re.compile(r"(Police Department) (?:Police Department|County Sheriff's Office)$")
_SHORT: Final = re.compile(r"^(?P<place>[A-Z][\w.'’ -]*?)\s+(?:PBA|POA)\b")
# What may follow "Police": then the words before it are a place, and not a description as in "Retired Police".
_MEMBERS: Final = (
    r"(?:Officers?|Patrol|Patrolm[ae]n|Supervisors?|Sergeants?|Lieutenants?|Captains?|Command|Commanders?|Detectives?|"
    r"Superiors?|Superior Officers?|Management|Managers?|Employees?|Services?|Association|Assn|Benevolent|Guild|Union|"
    r"Protective|Department|Federation|Fraternal|Labor|Local|Lodge|Organization|Mutual|Bargaining|Beneficial|Club|"
    r"Coalition|Chapter|AFSCME|UPSEU|IBPO|FOP|PBA)"
)
_POLICE: Final = re.compile(
    rf"^(?P<place>[A-Z][\w.'’ -]*?)\s+"
    rf"(?:Police(?=['’]?s?\s+{_MEMBERS}\b|$)|(?:Police|Patrol)m[ae]n['’]?s?\b|Patrol Officers)"
)
_POLICE_OF: Final = re.compile(
    r"^(?:Police|Patrolmen['’]?s) (?:[\w'’]+ )*?Association of (?:the )?(?:City of )?(?P<place>[A-Z][\w.'’ -]+)$"
)
_SHERIFF: Final = re.compile(
    r"^(?P<place>[A-Z][\w.'’ -]*?(?: County| Parish)?)\s+(?:Deputy|Deputies|Deputy Sheriff|Sheriff)['’]?s?['’]?\b"
)
_SHERIFF_OF: Final = re.compile(
    r"^(?:Deputy Sheriff|Sheriff)s?['’]?s? Association of (?P<place>[A-Z][\w.'’ -]+? (?:County|Parish))$"
)
_STATED: Final = re.compile(r"^(?P<agency>[A-Z][\w.'’ -]*? (?:Police Department|Sheriff['’]s (?:Office|Department)))\b")
# The statewide force without the name of its state. The FBI's list has it as one agency ("State Police"), with a post
# ("Highway Patrol: Inyo County"), or as the department that it belongs to.
_STATE_FORCE: Final = re.compile(
    r"(?P<force>(?:State )?(?:Highway (?:Safety )?Patrol|Police|Patrol|Troopers)|Department of (?:Public )?Safety)"
    r"(?:,? Headquarters)?(?P<post>: ?.*)?"
)
# How a union of a statewide force names it. Troopers and patrolmen are those of any force.
_OF_THE_FORCE: Final = (
    (re.compile(r"\bState Police\b(?! Officers Council)"), ("Police",)),
    (re.compile(r"\b(?:Highway|State) Patrol\b"), ("Patrol",)),
    (re.compile(r"\bDepartment of Public Safety\b"), ("Department of Public Safety",)),
    (re.compile(r"\bHighway Patrolm[ae]n\b"), ("Highway Patrol",)),
    (re.compile(r"\bTroopers?\b"), ("Police", "Patrol", "Troopers", "Safety")),
)
_DEPUTIES: Final = re.compile(r"\b(?:Deput(?:y|ies)|Sheriffs?)\b")
_POLICE_OFFICERS: Final = re.compile(r"\b(?:Police|Patrolm[ae]n|PD)\b")
_NAMED_FORCE: Final = re.compile(r"^(?P<agency>[A-Z][\w ]*? (?:State Police|Highway Patrol|State Patrol))\b")
# Not the union that bargains for the officers, and not of one agency.
_NOT_THE_UNION: Final = (
    "unit went to",
    "bargaining agent",
    "affinity",
    "several",
    "county-wide",
    "agencies",
    "departments",
)
# Words of an organization or a group of people, not of a place.
_ORGANIZATION: Final = re.compile(
    r"\b(?:Fraternal|Order|Brotherhood|Association|Alliance|Retired|Local|Coalition|FOP|PBA|IBPO|AFSCME|Hispanic|Black|Asian|Latino)\b"
)
# "Freeport Village Police Department", "Las Vegas Metropolitan Police Department"
_KINDS_OF_PLACES: Final = ("city", "town", "township", "village", "borough", "metropolitan", "metro", "county")


# Sources of organizations that bargain with one employer: boards that certify units or decide on their contracts.
_BOARD: Final = re.compile(r"Illinois Labor Relations Board|/ilrb/|perc\.state\.nj\.us/publicsectorcontracts|\(PECB, ")
# Agencies that a page names, with the page: union, agency, address.
BY_SOURCE: Final = (
    (
        "us-il-chicago-fraternal-order-of-police-lodge-7", "Chicago Police Department",
        "https://assets.documentcloud.org/documents/3259924/Chicago-IL.txt (agreement 2012-2017)",
    ),
    (
        "us-pa-fraternal-order-of-police-lodge-5", "Philadelphia Police Department",
        "https://phila.legistar.com/LegislationDetail.aspx?ID=1239919&GUID=321F7DD8-4ADB-45D1-B584-99319C712760",
    ),
    (
        "us-pa-fraternal-order-of-police-lodge-5", "Philadelphia County Sheriff's Office",
        "https://phila.legistar.com/LegislationDetail.aspx?ID=1239919&GUID=321F7DD8-4ADB-45D1-B584-99319C712760",
    ),
    ("us-md-baltimore-city-fraternal-order-of-police-lodge-3", "Baltimore Police Department", "http://www.fop3.org/"),
)  # fmt: skip


class Known(NamedTuple):
    """An agency of the FBI's list."""

    name: str
    ori: str


def main(path: Path) -> None:
    """Read the FBI's list and the list of unions, and write one row for each organization whose agency is plain."""
    known: dict[str, dict[str, set[Known]]] = defaultdict(lambda: defaultdict(set))
    forces: dict[str, dict[str, str]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            state = {"NB": "NE", "GM": "GU"}.get(row["state_abbr"], row["state_abbr"])
            name = _TWICE.sub(r"\1", row["agency_name"])
            known[state][agency_key(name)].add(Known(name, row["ori"]))
            note_force(forces[state], row["agency_name"], row["state_name"], row["ori"])
    names: dict[str, list[str]] = defaultdict(list)
    for alias in _rows("union_aliases.csv"):
        if alias["alias_kind"] == "official" and not alias["ambiguous"]:
            names[alias["union_id"]].append(alias["alias"])
    rows = [
        row
        for union in _rows("unions.csv")
        for row in [
            *_by_source(union, known),
            _of_the_state(union, forces.get(union["state"], {}))
            or _agency(union, [union["name"], *names[union["union_id"]]], known),
        ]
    ]
    with (DATA / "agencies.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(AGENCY_COLUMNS)
        writer.writerows(sorted({row[:2]: row for row in reversed(rows) if row}.values()))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def note_force(forces: dict[str, str], agency: str, state_name: str, ori: str) -> None:
    """Add an agency of the FBI's list to the statewide forces of its state: their names, with the FBI's ids.

    >>> forces = {}
    >>> note_force(forces, "Highway Patrol: Inyo County", "California", "CA0149900")
    >>> note_force(forces, "Inyo County Sheriff's Office", "California", "CA0140000")
    >>> forces
    {'California Highway Patrol': ''}
    """
    found = _STATE_FORCE.fullmatch(agency.removeprefix(f"{state_name} "))
    if found:
        name = f"{state_name} {found['force']}"
        forces[name] = forces.get(name) or ("" if found["post"] else ori)


def _of_the_state(union: Mapping[str, str], forces: Mapping[str, str]) -> tuple[str, ...] | None:
    """The statewide force that a union of state police names; None where the state has several that it can be."""
    if union["kind"] != "state-police" or union["scope"] != "state" or _is_not_the_union(union):
        return None
    for words, ends in _OF_THE_FORCE:
        fit = [force for force in forces if force.endswith(ends)]
        if words.search(union["name"]) and len(fit) == 1:
            ori = forces[fit[0]]
            rests_on = ("name and FBI list", AGENCY_SOURCE) if ori else ("name", union["source"])
            return union["union_id"], fit[0], union["state"], ori, *rests_on
    return None


def _agency(
    union: Mapping[str, str], names: Sequence[str], known: Mapping[str, Mapping[str, set[Known]]]
) -> tuple[str, ...] | None:
    """The agency that the first of these names states plainly; None if none does."""
    if not union["state"] or _is_not_the_union(union):
        return None
    here = known.get(union["state"], {})
    for agency, plain in (each for name in names for each in _candidates(name, union)):
        found = _in_the_list(agency, here)
        if len(found) == 1:
            (only,) = found
            return union["union_id"], only.name, union["state"], only.ori, "name and FBI list", AGENCY_SOURCE
        place = agency_key(agency).rpartition(" ")[0]
        if plain and not found and not any(key.startswith(f"{place} ") for key in here):
            return union["union_id"], agency, union["state"], "", "name", union["source"]
    return None


def _by_source(union: Mapping[str, str], known: Mapping[str, Mapping[str, set[Known]]]) -> Iterator[tuple[str, ...]]:
    """The agencies that the source of an organization names, or that a page in ``BY_SOURCE`` does."""
    place, source, kind = union["place"], union["source"], union["kind"]
    if _is_not_the_union(union):
        return
    named = [(agency, page) for union_id, agency, page in BY_SOURCE if union_id == union["union_id"]]
    if place and (_BOARD.search(source) or f"City of {place}" in source):
        if kind == "police" and union["scope"] == "city":
            named.append((f"{place} Police Department", source))
        elif kind == "sheriff-deputies" and union["scope"] == "county":
            named.append((f"{place} Sheriff's Office", source))
    for agency, page in named:
        found = _in_the_list(agency, known.get(union["state"], {}))
        only = next(iter(found)) if len(found) == 1 else Known(agency, "")
        basis = "source and FBI list" if only.ori else "source"
        yield union["union_id"], only.name, union["state"], only.ori, basis, page


def _is_not_the_union(union: Mapping[str, str]) -> bool:
    return any(words in union["note"] for words in _NOT_THE_UNION)


def _in_the_list(agency: str, here: Mapping[str, set[Known]]) -> set[Known]:
    """The agencies of the FBI's list that an agency can be: those of its name, else with the kind of place in it."""
    key = agency_key(agency)
    if key in here:
        return here[key]
    place, _, force = key.rpartition(" ")
    return {each for kind in _KINDS_OF_PLACES for each in here.get(f"{place} {kind} {force}", ())}


def _candidates(name: str, union: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Agencies that a name can state, and whether it states them plainly enough without the FBI's list."""
    kind, place, county = union["kind"], union["place"], union["scope"] == "county"
    name = _PARENT.sub("", _LOCAL.sub("", name)).replace(" Professional ", " ")
    stated = _STATED.match(name)
    if stated and not _ORGANIZATION.search(stated["agency"]):
        yield stated["agency"], True
    if kind == "state-police" and (force := _NAMED_FORCE.match(name)):
        yield force["agency"], _state_of(force["agency"]) == union["state"]
    if kind in ("police", "mixed-public-safety") and union["scope"] in ("city", "county"):
        found = _POLICE.match(name) or _POLICE_OF.match(name)
        if found and not _ORGANIZATION.search(found["place"]) and county == found["place"].endswith(" County"):
            yield f"{found['place']} Police Department", found["place"] == place and not county
        elif not county and (short := _SHORT.match(name)):
            yield f"{short['place']} Police Department", False
    if kind == "sheriff-deputies" and (found := _SHERIFF.match(name) or _SHERIFF_OF.match(name)):
        where = found["place"]
        whole = where if where.endswith((" County", " Parish")) else f"{where} County"
        yield f"{whole} Sheriff's Office", whole == where == place
        yield f"{where} Sheriff's Office", False
    yield from _of_the_place(name, union)


def _of_the_place(name: str, union: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """The agency of the organization's place, if its name has the place and the officers, in any order of words."""
    kind, place, scope = union["kind"], union["place"], union["scope"]
    bare = place.removesuffix(" County").removesuffix(" Parish")
    if not bare or union["form"] == "lodge" or not re.search(rf"\b{re.escape(bare)}\b", name):
        return
    if kind == "sheriff-deputies" and scope == "county" and bare != place and _DEPUTIES.search(name):
        yield f"{place} Sheriff's Office", False
    if kind == "police" and scope == "city" and _POLICE_OFFICERS.search(name):
        yield f"{place} Police Department", False


def _state_of(agency: str) -> str:
    """The state with whose name an agency of a state begins."""
    letters = "".join(agency.split()).lower()
    return next((code for code, name in STATE_NAMES.items() if letters.startswith(name)), "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
