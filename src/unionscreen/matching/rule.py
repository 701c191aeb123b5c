"""What a rule of identity is, and the score that it lowers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from unionscreen.matching.pairs import Pair

COST_CONTRADICTION: Final = 15.0  # orders near misses: one contradiction is nearer than two

# What fills the sentence of a rule, once for each time that it fires.
Fills = Iterable[tuple[str, ...]]
ONCE: Final = ((),)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that speaks against a name, or makes it doubtful."""

    name: str
    looks_at: str
    says: str
    """Its words in ``why``, with places for what was found; empty where there is nothing to say."""
    finds: Callable[[Pair], Fills]
    cost: float = COST_CONTRADICTION
    vetoes: bool = False
    leaves_open: bool = False
    """The name may be this one's, and others' too: neither a veto nor an identity."""


@dataclass
class MatchScore:
    """What a comparison has found so far: a score that falls, the doubts in words, a veto, the rules that fired."""

    points: float = 100.0
    notes: list[str] = field(default_factory=list)
    veto: str = ""
    open: bool = False
    """Others may be meant as well."""
    fired: list[str] = field(default_factory=list)

    def apply(self, rule: Rule, pair: Pair) -> None:
        """Let a rule lower the score, or refuse; of several vetoes the first one is told."""
        for fills in rule.finds(pair):
            self.points -= rule.cost
            self.fired.append(rule.name)
            self.open = self.open or rule.leaves_open
            said = rule.says.format(*fills)
            if rule.vetoes:
                self.veto = self.veto or said
            elif said:
                self.notes.append(said)


def when(holds: Callable[[Pair], object]) -> Callable[[Pair], Fills]:
    """A rule that fires once or not at all, and whose sentence has no places."""
    return lambda pair: ONCE if holds(pair) else ()


def with_found(found: Callable[[Pair], str]) -> Callable[[Pair], Fills]:
    """A rule whose sentence holds what it found; nothing found, nothing said."""

    def finds(pair: Pair) -> Fills:
        said = found(pair)
        return ((said,),) if said else ()

    return finds


def veto(name: str, looks_at: str, says: str, finds: Callable[[Pair], Fills]) -> Rule:
    """A rule that refuses: it is another organization."""
    return Rule(name, looks_at, says, finds, vetoes=True)
