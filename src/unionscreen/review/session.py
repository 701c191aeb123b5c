"""The review at a terminal, without the terminal: keys in, text out, decisions recorded one by one.

Every decision is recorded at once, so that a closed window loses nothing; undo records that the decision is revoked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from unionscreen.review.decisions import UNDONE, Decision
from unionscreen.review.queue import Item

# What "y" means for each kind of claim: a look-alike is confirmed as a union, not as a look-alike.
_YES: Final = {
    "listed": "it is that union",
    "pattern": "a union, not on the list",
    "related": "it is a union after all",
}
_VERDICTS: Final = {"y": "confirmed", "n": "rejected", "u": "unsure"}


def keys_for(item: Item) -> str:
    """The keys for an item, and their meaning."""
    near = {0: "", 1: "   1 it is that near miss"}.get(len(item.near), f"   1-{len(item.near)} it is that near miss")
    return f"y {_YES[item.tier]}   n not a union   u leave open{near}   w say why   s skip   z undo   q quit"


@dataclass
class SessionSummary:
    """How many items were decided, skipped and left."""

    decided: int = 0
    skipped: int = 0
    left: int = 0


@dataclass
class Session:
    """One pass through the queue."""

    items: Sequence[Item]
    key: Callable[[], str]
    """Gives the next key that was pressed; EOFError ends the session."""
    line: Callable[[str], str]
    """Asks for a line of text, with a prompt."""
    show: Callable[[str], None]
    record: Callable[[Decision], None]
    by: str
    """Who decides."""
    on: str
    """The day, as 2026-01-31."""
    card: Callable[[Item, int, int], str]
    """Formats an item as text: the item, its number from 1, and how many there are."""

    def run(self) -> SessionSummary:
        """Go through the queue until its end or ``q``."""
        made: list[Decision | None] = []  # one for each item that is done; None was skipped
        why = ""
        shown = -1
        while self.items:
            at = len(made)
            if at == len(self.items):
                if not self._undone_at_the_end(made):
                    break
                shown = -1
                continue
            item = self.items[at]
            if shown != at:
                self.show(self.card(item, at + 1, len(self.items)))
                self.show(keys_for(item))
                shown = at
            try:
                key = self.key().casefold()
            except (EOFError, KeyboardInterrupt):
                break
            if key == "q":
                break
            if key == "z":
                shown = -1
                why = ""
                self._undo(made)
            elif key == "w":
                why = self.line("why: ").strip()
            elif key == "s":
                made.append(None)
                why = ""
            elif (decision := self._decision(key, item, why)) is not None:
                self.record(decision)
                self.show(f"→ {decision.sentence()} ({decision.scope})")
                made.append(decision)
                why = ""
            elif key.strip():
                self.show(keys_for(item))
        skipped = sum(each is None for each in made)
        return SessionSummary(len(made) - skipped, skipped, len(self.items) - len(made))

    def _undone_at_the_end(self, made: list[Decision | None]) -> bool:
        """Whether the last decision is taken back, which the end of the queue must allow too."""
        self.show("That was the last one.   z undo   any other key ends")
        try:
            undo = self.key().casefold() == "z"
        except (EOFError, KeyboardInterrupt):
            return False
        if undo:
            self._undo(made)
        return undo

    def _decision(self, key: str, item: Item, why: str) -> Decision | None:
        if key in _VERDICTS:
            return item.decide(_VERDICTS[key], by=self.by, on=self.on, why=why)
        if key.isdecimal() and 1 <= int(key) <= len(item.near):
            return item.decide("confirmed", by=self.by, on=self.on, why=why, union_id=item.near[int(key) - 1].union_id)
        return None

    def _undo(self, made: list[Decision | None]) -> None:
        if not made:
            self.show("nothing to undo")
            return
        last = made.pop()
        if last is not None:
            self.record(last.revoked(self.by, self.on, UNDONE))
            held = self.items[len(made)].held
            if held is not None and held.key == last.key:
                self.record(held)  # an item that was left open before is open again
            self.show("undone")
