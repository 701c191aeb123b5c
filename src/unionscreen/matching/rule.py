"""What a rule of identity is, and the score that it lowers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from unionscreen.matching.pairs import Pair

COST_CONTRADICTION: Final = 15.0  # orders near misses: one contradiction is nearer than two

# What a rule found, each a tuple of what fills its sentence: several finds, several doubts.
Fills = Sequence[tuple[str, ...]]
_ONCE: Final[Fills] = ((),)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that speaks against a name, or makes it doubtful."""

    name: str
    looks_at: str
    says: str
    """Its words in ``why``, with places for what was found; empty where there is nothing to say."""
    finds: Callable[[Pair], object]
    """What it found: nothing (anything false), a text that fills its sentence, ``Fills``, or anything true for once."""
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
    left_open: bool = False
    """Others may be meant as well."""
    fired: list[str] = field(default_factory=list)

    def apply(self, rule: Rule, found: object) -> None:
        """Let a rule that found something lower the score, or refuse; of several vetoes the first one is told."""
        fills = ((found,),) if isinstance(found, str) else found if isinstance(found, tuple | list) else _ONCE
        for each in fills:
            self.points -= rule.cost
            self.fired.append(rule.name)
            self.left_open = self.left_open or rule.leaves_open
            said = rule.says.format(*each)
            if rule.vetoes:
                self.veto = self.veto or said
            elif said:
                self.notes.append(said)


def veto(name: str, looks_at: str, says: str, finds: Callable[[Pair], object]) -> Rule:
    """A rule that refuses: it is another organization."""
    return Rule(name, looks_at, says, finds, vetoes=True)
