"""Whether the curated list can be cited: every rule of docs/the-list.md, checked for every row.

The loader refuses what cannot be used at all; this finds what can be loaded but is wrong.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.matching.cleaning import clean
from unionscreen.matching.matcher import Matcher
from unionscreen.matching.names import normalize
from unionscreen.matching.places import STATE_NAMES
from unionscreen.unions import Alias, UnionList, data_path
from unionscreen.unions.agencies import BASES
from unionscreen.unions.overlay import TOLD_APART_BY

SCOPES: Final = ("city", "county", "state", "national", "agency")
SOURCE_CLASSES: Final = ("filing", "web-or-repo", "general-knowledge", "own")
CONFIDENCES: Final = ("high", "medium", "low", "yours")
UNION_STATUSES: Final = ("active", "renamed", "merged", "defunct")

_ID: Final = re.compile(r"us(-[a-z0-9]+)+")
# Traces of encoding damage, editing by hand, and copying from web pages.
_DIRT: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff\ufffd]|Ã|â€|&\w+;|\s{2}|^\s|\s$")


class ListProblem(NamedTuple):
    """One broken rule, where, and how to fix it."""

    file: str
    row: int
    """Physical line."""
    message: str
    hint: str

    def __str__(self) -> str:
        """``file:row: message``, then how to fix it."""
        return f"{self.file}:{self.row}: {self.message} ({self.hint})"


class _Row(NamedTuple):
    line: int
    cells: dict[str, str]


def lint(known: UnionList) -> list[ListProblem]:
    """Every broken rule of the shipped list, in file order.

    Args:
        known: the list as loaded, without an overlay.
    """
    unions, aliases, related, agencies = (
        _rows(data_path(f)) for f in ("unions.csv", "union_aliases.csv", "related_organizations.csv", "agencies.csv")
    )
    checks: tuple[Iterator[ListProblem], ...] = (
        _dirt("unions.csv", unions),
        _dirt("union_aliases.csv", aliases),
        _dirt("related_organizations.csv", related),
        _order("unions.csv", unions, lambda row: (row["union_id"],)),
        _order("union_aliases.csv", aliases, lambda row: (row["union_id"], row["alias"].casefold(), row["alias"])),
        _order("related_organizations.csv", related, lambda row: (row["name"].casefold(), row["state"])),
        _union_cells(unions, known),
        _twins(unions),
        _alias_cells(aliases),
        _shared_aliases(aliases, known),
        _found(aliases, known),
        _own_names(unions, known),
        _both(related, known),
        _dirt("agencies.csv", agencies),
        _order("agencies.csv", agencies, lambda row: (row["union_id"], row["agency"])),
        _agency_cells(agencies, known),
    )
    return [problem for check in checks for problem in check]


def _rows(path: Path) -> list[_Row]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.reader(handle)
        header = next(reader)
        return [_Row(reader.line_num, dict(zip(header, cells, strict=True))) for cells in reader]


def _dirt(file: str, rows: list[_Row]) -> Iterator[ListProblem]:
    for row in rows:
        for column, cell in row.cells.items():
            # A damaged spelling seen in filings is kept as it was seen.
            if _DIRT.search(cell) and row.cells.get("alias_kind") != "as-filed":
                yield ListProblem(
                    file, row.line, f"{column} {cell!r} has stray blanks, entities or encoding damage", "type it again"
                )


def _order(file: str, rows: list[_Row], key: Callable[[dict[str, str]], tuple[str, ...]]) -> Iterator[ListProblem]:
    for before, row in pairwise(rows):
        if key(row.cells) < key(before.cells):
            yield ListProblem(
                file, row.line, f"{key(row.cells)[0]!r} comes after {key(before.cells)[0]!r}", "sort the file"
            )
        elif key(row.cells) == key(before.cells):
            yield ListProblem(file, row.line, f"{key(row.cells)[-1]!r} is in the file twice", "delete one of the lines")


def _union_cells(rows: list[_Row], known: UnionList) -> Iterator[ListProblem]:
    for line, cells in rows:
        union_id, state = cells["union_id"], cells["state"]
        wrong = [
            (not _ID.fullmatch(union_id), f"id {union_id!r}", "us-state-name in lower-case letters and hyphens"),
            (state not in ("", *STATE_NAMES), f"state {state!r}", "two capital letters, empty for national ones"),
            (bool(state) and not union_id.startswith(f"us-{state.lower()}-") and union_id not in _OLD_IDS,
             f"id {union_id!r} of an organization in {state}", f"new ids begin with us-{state.lower()}-"),
            (cells["scope"] not in SCOPES, f"scope {cells['scope']!r}", "one of " + ", ".join(SCOPES)),
            (cells["source_class"] not in SOURCE_CLASSES, f"source_class {cells['source_class']!r}",
             "one of " + ", ".join(SOURCE_CLASSES)),
            (cells["confidence"] not in CONFIDENCES, f"confidence {cells['confidence']!r}",
             "one of " + ", ".join(CONFIDENCES)),
            (not cells["status"].startswith(UNION_STATUSES), f"status {cells['status']!r}",
             "begins with " + ", ".join(UNION_STATUSES)),
            (not cells["source"], "no source", "'general knowledge' if its source is unknown"),
            ((cells["source"] == "general knowledge") != (cells["source_class"] == "general-knowledge"),
             f"source {cells['source']!r} is of class {cells['source_class']!r}", "make the two agree"),
            (bool(cells["parent_id"]) and cells["parent_id"] not in known.unions,
             f"parent {cells['parent_id']!r} is not on the list", "add it, or leave it empty"),
            (bool(cells["ein"]) and not re.fullmatch(r"\d{2}-?\d{7}(;\d{2}-?\d{7})*", cells["ein"]),
             f"EIN {cells['ein']!r}", "12-3456789"),
            (bool(cells["fec_ids"]) and not re.fullmatch(r"C\d{8}(;C\d{8})*", cells["fec_ids"]),
             f"FEC id {cells['fec_ids']!r}", "C and eight digits"),
        ]  # fmt: skip
        for is_wrong, what, hint in wrong:
            if is_wrong:
                yield ListProblem("unions.csv", line, what, hint)


def _twins(rows: list[_Row]) -> Iterator[ListProblem]:
    """No organization is on the list twice: by EIN, by name and state, or by a parent's number and state."""
    first: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        cells = row.cells
        name = normalize(cells["name"])
        family = "a lodge of the FOP" if "fop" in name.split() else cells["parent_id"]
        claims = [
            ("EIN", ein.replace("-", ""), "an EIN belongs to one organization")
            for ein in cells["ein"].split(";")
            if ein
        ]
        claims.append(("name and state", f"{name} {cells['state']}", "merge the two, or make their names differ"))
        if cells["number"] and family:
            number = cells["number"].upper().lstrip("0")
            claims.append(
                (
                    "number and state",
                    f"{family} {number} {cells['state']}",
                    "find out whose number it is, or merge the two",
                )
            )
        for what, claim, hint in claims:
            other = first.setdefault((what, claim), row)
            if other is not row:
                yield ListProblem(
                    "unions.csv", row.line, f"{cells['union_id']} has the {what} of {other.cells['union_id']}", hint
                )


# Ids never change once published; these are older than the rule that an id has the state.
_OLD_IDS: Final = frozenset(
    {"us-fop-lodge-48", "us-fraternal-order-of-police-don-owens-memorial-lodge-88", "us-nepba-local-190"}
)


def _alias_cells(rows: list[_Row]) -> Iterator[ListProblem]:
    for line, cells in rows:
        if cells["ambiguous"] not in TOLD_APART_BY:
            yield ListProblem("union_aliases.csv", line, f"ambiguous {cells['ambiguous']!r}", "empty, state or place")
        if not cells["source"]:
            yield ListProblem("union_aliases.csv", line, "no source", "'general knowledge' if its source is unknown")


def _shared_aliases(rows: list[_Row], known: UnionList) -> Iterator[ListProblem]:
    """A name of two unions is marked with what separates them."""
    claims: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        claims[clean(row.cells["alias"])].append(row)
    for claimants in claims.values():
        if len({row.cells["union_id"] for row in claimants}) < 2:
            continue
        states = [known.unions[row.cells["union_id"]].state for row in claimants]
        for row in claimants:
            others = sorted({r.cells["union_id"] for r in claimants} - {row.cells["union_id"]})
            if not row.cells["ambiguous"]:
                yield ListProblem(
                    "union_aliases.csv", row.line, f"{row.cells['alias']!r} is also a name of {others[0]}",
                    "set ambiguous to state or place",
                )  # fmt: skip
            elif row.cells["ambiguous"] == "state" and len(set(states)) < len(states):
                yield ListProblem(
                    "union_aliases.csv", row.line,
                    f"the state does not separate {row.cells['alias']!r} from {others[0]}",
                    "set ambiguous to place",
                )  # fmt: skip


def _found(rows: list[_Row], known: UnionList) -> Iterator[ListProblem]:
    """The matcher, given the state, finds each union by each of its names."""
    matcher = Matcher(known)
    claims: dict[str, set[str]] = defaultdict(set)
    for alias in known.aliases:
        claims[normalize(alias.alias)].add(alias.union_id)
    for row, alias in zip(rows, known.aliases, strict=True):
        problem = _not_found(alias, matcher, claims)
        if problem:
            yield ListProblem("union_aliases.csv", row.line, f"{alias.alias!r} of {alias.union_id} {problem}", _FIX)


# Two letters of a state, as the FBI writes them, and what identifies the agency.
_ORI: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{7}")
_FBI_STATES: Final = {"NE": "NB"}


def _agency_cells(rows: list[_Row], known: UnionList) -> Iterator[ListProblem]:
    """Each agency is that of a union of the list, in its state, with a source."""
    for line, cells in rows:
        state, ori = cells["state"], cells["ori"]
        union = known.unions.get(cells["union_id"])
        wrong = [
            (union is None, f"union {cells['union_id']!r} is not on the list", "run tools/make_agencies.py"),
            (not cells["agency"], "no agency", "delete the line"),
            (union is not None and state != union.state, f"state {state!r}", "that of the union"),
            (bool(ori) and not (_ORI.fullmatch(ori) and ori[:2] == _FBI_STATES.get(state, state)),
             f"ORI {ori!r}", "the state and seven letters or digits"),
            (cells["basis"] not in BASES, f"basis {cells['basis']!r}", "one of " + ", ".join(BASES)),
            (bool(ori) != cells["basis"].endswith("FBI list"), f"basis {cells['basis']!r} and ORI {ori!r}",
             "an ORI is from the FBI's list"),
            (not cells["source"], "no source", "where the name of the organization is from"),
        ]  # fmt: skip
        for is_wrong, what, hint in wrong:
            if is_wrong:
                yield ListProblem("agencies.csv", line, what, hint)


_FIX: Final = "make the alias fuller, mark it ambiguous, or delete it"


def _not_found(alias: Alias, matcher: Matcher, claims: dict[str, set[str]]) -> str:
    union = matcher.unions.unions[alias.union_id]
    answer = matcher.match(alias.alias, state=union.state or None)
    if answer.union_id == alias.union_id and alias.alias_kind == "official" and not alias.ambiguous:
        # Any name is found to the letter; the name with "PAC" has to be read.
        answer = matcher.match(f"{alias.alias} PAC", state=union.state or None)
    if answer.union_id == alias.union_id:
        return ""
    if answer.category == "trap" and not alias.ambiguous:
        return f"reads like a look-alike: {answer.why}"
    if alias.ambiguous and alias.union_id in answer.could_be:  # a short acronym, which the state does not identify
        return ""
    shared = alias.ambiguous and (answer.union_id is None or answer.union_id in claims[normalize(alias.alias)])
    if shared and alias.ambiguous == "place":
        return ""
    return f"is found as {answer.union_id or answer.tier or answer.verdict}"


def _own_names(rows: list[_Row], known: UnionList) -> Iterator[ListProblem]:
    for line, cells in rows:
        if cells["name"] not in {alias.alias for alias in known.by_union[cells["union_id"]]}:
            yield ListProblem(
                "unions.csv",
                line,
                f"{cells['name']!r} is not among its aliases",
                "add it to union_aliases.csv as official",
            )


def _both(rows: list[_Row], known: UnionList) -> Iterator[ListProblem]:
    """No organization is on both lists."""
    names = {clean(alias.alias): alias.union_id for alias in known.aliases if len(alias.alias) > 6}
    for line, cells in rows:
        for name in (cells["name"], *cells["aliases"].split(";")):
            if clean(name) in names:
                yield ListProblem(
                    "related_organizations.csv",
                    line,
                    f"{name!r} is also a name of {names[clean(name)]}",
                    "keep one of the two",
                )
