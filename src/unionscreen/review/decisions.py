"""A decision about a donor's name, and the log of decisions.

A decision is about a name, not about a row: the donor as filed, normalized, with the donor's state. It holds for every
filing with that name, amended or not. The log only grows: a later line replaces an earlier one about the same name, and
``revoked`` takes it back; earlier decisions stay readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.matching import load_matcher
from unionscreen.matching.cleaning import clean, without_joins
from unionscreen.matching.names import normalize
from unionscreen.matching.places import state_code

# The columns of the CSV, of the SQLite table and of the decisions that the HTML report exports.
DECISION_COLUMNS: Final = ("donor", "state", "union_id", "verdict", "by", "on", "why")
VERDICTS: Final = ("confirmed", "rejected", "unsure", "revoked")
UNDONE: Final = "undone"
"""Why a decision was taken back: by undo, right after it was made."""

# What people write in a spreadsheet's verdict column.
_VERDICT_OF: Final = {
    "y": "confirmed", "yes": "confirmed", "confirm": "confirmed", "true": "confirmed", "union": "confirmed",
    "n": "rejected", "no": "rejected", "reject": "rejected", "false": "rejected", "not a union": "rejected",
    "u": "unsure", "?": "unsure", "maybe": "unsure", "revoke": "revoked",
}  # fmt: skip

# Donors to name in the notes of a report; its tables have all of them.
_SHOWN_CLEARED: Final = 10

Key = tuple[str, str]


def donor_key(donor: str) -> str:
    """The form of a donor's name by which decisions are looked up.

    >>> donor_key("OAKLAND POLICE OFFICERS' ASSN.") == donor_key("Oakland P.O.A.")
    True
    """
    donor = without_joins(donor)
    return normalize(donor) or clean(donor) or donor.strip().casefold()


def state_key(state: str | None) -> str:
    """A state as decisions write it: its two letters, else the cell in capitals; empty where it is unknown."""
    capitals = (state or "").strip().upper()
    return state_code(capitals) or capitals


@lru_cache(maxsize=4096)
def _ambiguous(donor: str) -> bool:
    """Whether a name may be several bodies' where no state is given: "FOP Lodge 7"."""
    return load_matcher().match(donor).ambiguous


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log.

    Args:
        donor: the name as filed.
        state: the donor's state; empty holds for any state, except if the name is ambiguous.
        union_id: of a confirmed donor: its union, empty for one that is not on the list; otherwise the claimed one.
        verdict: one of :data:`VERDICTS`.
        by: who decided.
        on: the day, as 2026-01-31.
        why: in the reviewer's words.
    """

    donor: str
    state: str = ""
    union_id: str = ""
    verdict: str = "unsure"
    by: str = ""
    on: str = ""
    why: str = ""

    @property
    def key(self) -> Key:
        """The name and the state that the decision is about."""
        return donor_key(self.donor), state_key(self.state)

    @property
    def only_without_a_state(self) -> bool:
        """Whether it holds only for donors without a state: the name is ambiguous, and no state says whose it is."""
        return not self.state and _ambiguous(self.donor)

    @property
    def scope(self) -> str:
        """Where it holds, for messages."""
        if self.only_without_a_state:
            return "the name is ambiguous: this holds only for donors without a state"
        return self.state or "any state"

    def revoked(self, by: str, on: str, why: str = "") -> Decision:
        """The line that takes this decision back."""
        return Decision(self.donor, self.state, self.union_id, "revoked", by, on, why)

    def equals(self, other: Decision | None) -> bool:
        """Whether another decision is the same, in whatever spelling the donor is written."""
        return other is not None and astuple(self)[1:] == astuple(other)[1:]

    def sentence(self, union: str | None = None) -> str:
        """The decision in words for the reader.

        Args:
            union: the name of the union that ``union_id`` means.

        >>> Decision("POA of Elk Hills", verdict="rejected", by="A.B.", on="2026-01-31", why="owners").sentence()
        'reviewed, not a union by A.B. on 2026-01-31: owners'
        >>> Decision("Springfield PBA", verdict="confirmed", by="A.B.", on="2026-01-31").sentence()
        'reviewed, a union by A.B. on 2026-01-31'
        """
        what = {"rejected": "not a union", "unsure": "left open", "confirmed": union or self.union_id or "a union"}
        who = f" by {self.by}" if self.by else ""
        when = f" on {self.on}" if self.on else ""
        return f"reviewed, {what.get(self.verdict, self.verdict)}{who}{when}" + (f": {self.why}" if self.why else "")


def cleared_notes(cleared: Mapping[str, str]) -> list[str]:
    """Notes on donors that a person cleared, the first ones by name.

    Args:
        cleared: donor as filed to the decision in words.

    >>> cleared_notes({"Elk Hills POA": "reviewed, not a union by A.B. on 2026-01-31: owners"})
    ['cleared by a person: Elk Hills POA: reviewed, not a union by A.B. on 2026-01-31: owners']
    """
    notes = [f"cleared by a person: {donor}: {said}" for donor, said in sorted(cleared.items())]
    more = len(notes) - _SHOWN_CLEARED
    return notes if more <= 0 else [*notes[:_SHOWN_CLEARED], f"cleared by a person: {more:,} more donors"]


def decision_of(
    row: Mapping[str, str], *, by: str = "", on: str = "", source: str | None = None, line: int | None = None
) -> Decision | None:
    """A decision from a row of a table; None where the verdict is empty and nothing was decided.

    Args:
        row: cells by the names of :data:`DECISION_COLUMNS`.
        by: who decided, where the row has nobody.
        on: the day, where the row has none.
        source: the file, for errors.
        line: the line in it.

    Raises:
        UsageError: no donor, no such verdict, nobody who decided, or no day.
    """
    cells = {name: (row.get(name) or "").strip() for name in DECISION_COLUMNS}
    if not cells["verdict"]:
        return None
    verdict = _VERDICT_OF.get(cells["verdict"].casefold(), cells["verdict"].casefold())

    def refuse(message: str, cell: str = "", hint: str | None = None) -> UsageError:
        return UsageError(message, source=source, row=line, cell=cell, hint=hint)

    if verdict not in VERDICTS:
        raise refuse(f"{cells['verdict']!r} is not a verdict", cells["verdict"], "one of " + ", ".join(VERDICTS))
    if not cells["donor"]:
        raise refuse("a verdict without a donor", hint="the column donor holds the name as filed")
    who, day = cells["by"] or by, cells["on"] or on
    if not who:
        raise refuse("the person who decided is missing", hint="fill the column by, or use --by")
    try:
        day = date.fromisoformat(day[:10]).isoformat()
    except ValueError:
        raise refuse(f"{day!r} is not a day", day, "write it as 2026-01-31, or use --on") from None
    return Decision(cells["donor"], state_key(cells["state"]), cells["union_id"], verdict, who, day, cells["why"])


def decisions_of(
    rows: Iterable[tuple[int, Mapping[str, str]]], source: str, *, by: str = "", on: str = ""
) -> list[Decision]:
    """The decisions in the numbered rows of a table, as :func:`decision_of` reads each."""
    found = (decision_of(row, by=by, on=on, source=source, line=line) for line, row in rows)
    return [each for each in found if each is not None]


@dataclass(frozen=True)
class Decisions:
    """The log, and the decisions that are in force."""

    log: Sequence[Decision] = ()
    path: str | None = None
    torn: int | None = None
    """The number of an incomplete last line, which is not part of the log."""
    current: Mapping[Key, Decision] = field(init=False, repr=False)
    _states: Mapping[str, Sequence[Decision]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        current: dict[Key, Decision] = {}
        for each in self.log:
            current.pop(each.key, None)
            if each.verdict != "revoked":
                current[each.key] = each
        states: dict[str, list[Decision]] = {}
        for (donor, _), each in current.items():
            states.setdefault(donor, []).append(each)
        object.__setattr__(self, "current", current)
        object.__setattr__(self, "_states", states)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user of the log should know."""
        if self.torn is None:
            return ()
        return (f"{self.path}:{self.torn}: an incomplete decision (writing was interrupted), which is ignored",)

    def find(self, donor: str, state: str | None = None) -> Decision | None:
        """The decision about a donor of this state, else the one without a state.

        A decision without a state does not hold in a state where the name is ambiguous: there it may be another body's.
        A donor without a state gets the decision on which all states agree.
        """
        key, where = donor_key(donor), state_key(state)
        held = self.current.get((key, where)) or self.current.get((key, ""))
        if held is not None and where and held.only_without_a_state:
            return None
        if held is None and not where:
            said = self._states.get(key, ())
            if len({(each.verdict, each.union_id) for each in said}) == 1:
                return said[-1]
        return held

    def not_applied(self, donor: str, state: str | None = None) -> Decision | None:
        """The decision that was made on this name without a state, and therefore does not hold in this one."""
        held = self.current.get((donor_key(donor), ""))
        return held if held is not None and state_key(state) and self.find(donor, state) is None else None

    def in_force(self, donor: str, state: str | None = None) -> list[Decision]:
        """The decisions about a donor that are in force: of that state, else of any; without one, of all states."""
        if state_key(state):
            held = self.find(donor, state)
            return [] if held is None else [held]
        return list(self._states.get(donor_key(donor), ()))

    def history(self, donor: str, state: str | None = None) -> list[Decision]:
        """Every line about a donor, the oldest first; without a state, of all states."""
        key, where = donor_key(donor), state_key(state)
        return [each for each in self.log if each.key[0] == key and (not where or each.key[1] in (where, ""))]

    def new(self, offered: Iterable[Decision]) -> list[Decision]:
        """The offered decisions that are new: those already in force, word for word, are left out.

        A decision revoked without a state is revoked for every state, each in its own line.
        """
        fresh: list[Decision] = []
        holding = dict(self.current)
        for each in offered:
            held = holding.get(each.key)
            if each.verdict == "revoked":
                donor, state = each.key
                meant = [key for key in holding if key[0] == donor and (not state or key[1] in (state, ""))]
                fresh += [holding.pop(key).revoked(each.by, each.on, each.why) for key in meant]
            elif not each.equals(held):
                fresh.append(each)
                holding[each.key] = each
        return fresh
