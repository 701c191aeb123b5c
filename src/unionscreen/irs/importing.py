"""Files of the register → rows of a user's list, and the outcome for each organization of officers.

An organization is taken only if its name shows what it is. One that is already on the list is recognized by its EIN,
by a lodge's number and state, or by its name. A look-alike is left out with the reason. What the names alone cannot
decide is reported, and left to a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from unionscreen.errors import UsageError
from unionscreen.irs.names import LODGE, Body, read_body, state_name
from unionscreen.irs.register import read_register, register_words
from unionscreen.matching.cleaning import clean
from unionscreen.matching.matcher import Match, Matcher, load_matcher
from unionscreen.matching.names import normalize, read_words
from unionscreen.matching.reading import sort_words
from unionscreen.unions import Union, UnionList, load_unions
from unionscreen.unions.overlay import OverlayRow, append_rows, read_overlay, slug

OUTCOMES: Final = ("taken", "merged", "left out", "to decide")

_EIN: Final = re.compile(r"(\d{2})-?(\d{7})")


class Outcome(NamedTuple):
    """The outcome for one organization of the register."""

    action: str
    """One of OUTCOMES."""
    body: Body
    why: str
    union_id: str = ""
    """The id of the listed organization that it is."""
    twin: str = ""
    """The EIN of the organization in these files that it is."""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        row, body = self.body.row, self.body
        return {
            "action": self.action, "ein": row.ein, "filed": row.filed, "name": body.name, "kind": body.kind,
            "state": row.state, "place": body.place, "number": body.number, "union_id": self.union_id or None,
            "why": self.why, "file": row.file, "line": row.line,
        }  # fmt: skip


@dataclass(frozen=True)
class ImportReport:
    """What was found in the register's files, and the outcome for each organization."""

    outcomes: tuple[Outcome, ...]
    read: int
    """Organizations in the files, those that are not about officers included; each is counted once."""
    repeated: int
    """Rows of organizations that an earlier row or file holds too."""
    added: int
    """Rows that were written to the user's list."""

    def of(self, action: str) -> list[Outcome]:
        """The outcomes of one of OUTCOMES."""
        return [outcome for outcome in self.outcomes if outcome.action == action]


def import_register(
    files: Sequence[Path], to: Path, *, take: Collection[str] = (), dry_run: bool = False
) -> ImportReport:
    """Add the organizations of officers in the register's files to a user's list; a second run adds nothing.

    Args:
        files: ``eo_xx.csv`` as the IRS publishes them.
        to: the user's list, in the form that ``--unions`` takes; created if missing.
        take: EINs of organizations that a person decided to take.
        dry_run: only report, and write nothing.

    Raises:
        FilingError: a file cannot be read, or is not a file of the register.
        UnionListError: the file of the user's list exists and is not a list.
        UsageError: a number to take is not an EIN, or not in the files.
    """
    wanted = {_ein(number) for number in take}
    seen: set[str] = set()
    read = [read_register(file, seen) for file in files]
    bodies = [read_body(row) for rows, _ in read for row in rows]
    repeated = sum(count for _, count in read) - len(seen)
    if unknown := wanted - {body.row.ein for body in bodies}:
        raise UsageError(f"--take {min(unknown)}: no organization about officers has this EIN in the files")
    overlay = to if to.exists() and to.stat().st_size else None
    # The user's list is read again, because it may have changed after it was loaded. Names are matched with the shipped
    # list only, so that a second run has the same result as the first.
    known = load_unions.__wrapped__(to) if overlay else load_unions()
    outcomes = _Sorter(known, load_matcher(), wanted).sort(bodies)
    written = rows_of(outcomes, known)
    if written and not dry_run:
        append_rows(to, written)
        read_overlay(to)
    return ImportReport(tuple(outcomes), len(seen), repeated, len(written))


def _ein(text: str) -> str:
    hit = _EIN.fullmatch(text.strip())
    if hit is None:
        raise UsageError(f"--take {text}: this is not an EIN", hint="12-3456789")
    return f"{hit[1]}-{hit[2]}"


class _Sorter:
    """Decides about each organization from the list and the organizations taken before it."""

    def __init__(self, known: UnionList, matcher: Matcher, wanted: Collection[str]) -> None:
        self.matcher = matcher
        self.wanted = wanted
        self.by_ein = {
            "-".join(hit.groups()): union for union in known.unions.values() for hit in _EIN.finditer(union.ein)
        }
        self.lodges: dict[tuple[str, str], list[Union]] = defaultdict(list)
        self.locals: dict[tuple[str, str], list[Union]] = defaultdict(list)
        for union in known.unions.values():
            if union.number:
                held = self.lodges if "fop" in normalize(union.name).split() else self.locals
                held[union.state, union.number].append(union)
        self.by_name: dict[tuple[str, str], list[Union]] = defaultdict(list)
        for alias in known.aliases:
            union = known.unions[alias.union_id]
            if alias.alias_kind != "acronym" and union.state:
                self.by_name[union.state, normalize(alias.alias)].append(union)

    def sort(self, bodies: Iterable[Body]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        taken: dict[tuple[str, str], Body] = {}
        for body in bodies:
            outcome = self._decide(body)
            if outcome.action == "taken":
                key = (body.row.state, f"lodge {body.number}" if body.is_lodge else normalize(body.name))
                twin = taken.setdefault(key, body)
                if twin is not body and (not body.is_lodge or _agree(twin.name, body.name)):
                    outcome = Outcome("merged", body, f"the same as {twin.name}, EIN {twin.row.ein}", twin=twin.row.ein)
                elif twin is not body and body.row.ein not in self.wanted:
                    outcome = Outcome("to decide", body, f"{twin.name}, EIN {twin.row.ein}, has its number and state")
            outcomes.append(outcome)
        return outcomes

    def _decide(self, body: Body) -> Outcome:
        row = body.row
        if (union := self.by_ein.get(row.ein)) is not None:
            return Outcome("merged", body, "its EIN is on the list", union.union_id)
        wanted = row.ein in self.wanted
        answer = self.matcher.match(body.name, state=row.state)
        if not wanted and (category := left_out(body, answer)):
            return Outcome("left out", body, category)
        charity = row.subsection not in register_words()["subsections"]
        if charity and not wanted:
            if answer.verdict != "union":
                return Outcome("left out", body, f"501(c)({row.subsection.lstrip('0')})")
            return Outcome(
                "to decide", body, f"an association by its name, 501(c)({row.subsection.lstrip('0')}) by tax status"
            )
        if (outcome := self._listed(body, answer)) is not None:
            return Outcome("taken", body, "decided") if wanted and outcome.action == "to decide" else outcome
        if not wanted and answer.verdict != "union" and not body.is_lodge:
            return Outcome("to decide", body, "its name alone does not show that it is of officers")
        return Outcome("taken", body, "decided" if wanted else f"501(c)({row.subsection.lstrip('0')})")

    def _listed(self, body: Body, answer: Match) -> Outcome | None:
        """The listed organization that it is, or may be."""
        state = body.row.state
        if body.is_lodge:
            same = self.lodges.get((state, body.number), [])
            for union in same:
                if _agree(body.name, union.name) or _in(union.place, body.row.city):
                    return Outcome("merged", body, f"lodge {body.number} of {state} is on the list", union.union_id)
            if same:
                return Outcome("to decide", body, f"the list gives its number and state to {same[0].union_id}")
            return None
        for union in self.locals.get((state, body.number), ()) if body.number else ():
            if body.place and (
                union.place == body.place or f" {body.place} ".casefold() in f" {union.name} ".casefold()
            ):
                return Outcome("merged", body, f"local {body.number} of {body.place} is on the list", union.union_id)
        for name in (body.name, *body.aliases):
            found = {union.union_id for union in self.by_name.get((state, normalize(name)), ())}
            if len(found) == 1:
                return Outcome("merged", body, "its name is on the list", found.pop())
        if answer.tier == "listed" and answer.union_id is not None:
            union = self.matcher.unions.unions[answer.union_id]
            if union.state == state and _places(body) & {union.place.casefold(), ""}:
                return Outcome("to decide", body, f"it may be {answer.union_id}")
        return None


def _places(body: Body) -> set[str]:
    return {body.place.casefold()}


def _in(place: str, city: str) -> bool:
    return bool(place) and place.casefold() == city.casefold()


# Words that any lodge's name may have: they do not identify one.
_COMMON: Final = frozenset({"memorial", "city", "lodge", "fop", "regional", "greater", "valley"})


def _agree(one: str, other: str) -> bool:
    """Whether two names of lodges with one number share a word of their own, or one of them has none."""
    mine, its = (
        {word.word for word in sort_words(read_words(clean(name))).identity} - _COMMON for name in (one, other)
    )
    return not mine or not its or bool(mine & its)


def left_out(body: Body, answer: Match) -> str:
    """Why an organization is not one of officers although its name has a word for them; empty if it may be one."""
    name = f" {' '.join(clean(body.name).split())} "
    if body.is_lodge:
        return "beside a lodge" if any(f" {word} " in name for word in register_words()["beside_a_lodge"]) else ""
    if " sheriffs association " in name and not any(f" {word} " in name for word in register_words()["deputies"]):
        return "management"  # the association of the sheriffs themselves
    for category, parts in register_words()["left_out"].items():
        if any(f" {part} " in name for part in parts):
            return str(category)
    if answer.verdict == "related" or answer.category in ("trap", "fire-only"):
        return str(answer.category)
    return ""


def rows_of(outcomes: Sequence[Outcome], known: UnionList) -> list[OverlayRow]:
    """The rows to add to a user's list: new organizations with their names, and new names of listed ones."""
    own_names = _own_names(outcomes, known)
    rows: list[OverlayRow] = []
    for outcome in outcomes:
        body, row = outcome.body, outcome.body.row
        if outcome.action == "taken":
            name = own_names[row.ein]
            first = _more(name, body.name if name != body.name else "", row.ein, row.source)
            rows.append(first._replace(kind=body.kind, state=row.state, place=body.place, number=body.number))
            rows += [_more(name, alias, "", row.source) for alias in body.aliases]
        elif outcome.action == "merged":
            union = outcome.union_id
            listed = known.unions.get(union)
            have = {clean(alias.alias) for alias in known.by_union.get(union, ())}
            ein = "" if listed and row.ein in listed.ein else row.ein
            alias = "" if clean(row.filed) in have else row.filed
            if ein or alias:
                rows.append(_more(union or own_names[outcome.twin], alias, ein, row.source))
    return rows


def _more(union: str, alias: str, ein: str, source: str) -> OverlayRow:
    """A row for a name; one that a lodge of another order or state may have needs the donor's state."""
    reading = sort_words(read_words(clean(alias)))
    shared = bool(alias and reading.numbers) and not (reading.groups and reading.identity)
    return OverlayRow(0, union, alias, ein=ein, ambiguous="state" if shared else "", source=source)


def _own_names(outcomes: Sequence[Outcome], known: UnionList) -> dict[str, str]:
    """The name of each taken organization in the user's list, by EIN; with the state where others may have it."""
    used = {slug(union.name) for union in known.unions.values()}
    names: dict[str, str] = {}
    for outcome in outcomes:
        body = outcome.body
        if outcome.action != "taken":
            continue
        name = body.name
        if slug(name) in used or (body.is_lodge and name == f"{LODGE} Lodge {body.number}"):
            name = f"{name} ({state_name(body.row.state)})"
        used.add(slug(name))
        names[body.row.ein] = name
    return names
