"""A rule of identity, and the score that it lowers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from unionscreen.matching.pairs import Pair

COST_CONTRADICTION: Final = 15.0  # puts near misses in order: one contradiction is nearer than two
COST_TYPO: Final = 4.0  # a word read through one or two wrong letters
COST_OMITTED_WORD: Final = 5.0  # "Oakland Police Association" for "Oakland Police Officers Association"
COST_OTHER_FORM: Final = 10.0  # union for association: usually the same organization, sometimes its rival
COST_LEVEL: Final = 6.0  # "Alameda" for "Alameda County"
COST_NUMBER_OMITTED: Final = 12.0  # "Chicago FOP" for "Chicago FOP Lodge 7"
COST_NUMBER_ADDED: Final = 10.0  # a number that the list does not have for it
COST_CUT_OFF: Final = 6.0  # the agency's software cut the name
COST_NO_STATE: Final = 3.0  # the state of the donor is not known
COST_OTHER_STATE: Final = 6.0  # a statewide organization with a post-office box elsewhere
COST_AMBIGUOUS: Final = 8.0  # a name that others have too, identified by the state alone
COST_NOISE: Final = 2.0  # words without information: "General Fund", "11-09"
COST_PLACE_FROM_DONOR: Final = 8.0  # the place is in the donor's address, not in the name
COST_SHORTENED: Final = 0.5  # each abbreviated word: only the exact name scores 100
COST_ORDER: Final = 1.0  # the same words in another order
# How directly a kind of alias names the organization: own name, committee, spelling seen, former name, initials.
COST_ALIAS: Final = {"official": 0.0, "pac-name": 1.0, "as-filed": 2.0, "former-name": 4.0, "acronym": 5.0}

# What a rule rests on: its `source`.
LIST: Final = "the names of the list, and what tells one organization there from another"
FILED: Final = "donors of CA, IL, MA, NY, RI, TN and the FEC, read one by one"
REGISTER: Final = "names in the register of tax-exempt organizations"
PLACES: Final = "data/places.csv: the places and counties of the US, and how many people live there"

# What a rule found: for each find, a tuple with the texts that fill the rule's sentence.
Fills = Sequence[tuple[str, ...]]
_ONCE: Final[Fills] = ((),)


class Rule(NamedTuple):
    """One reason against a match, or a doubt about it."""

    name: str
    looks_at: str
    says: str
    """Its words in ``why``, with placeholders for what was found; empty where there is nothing to report."""
    finds: Callable[[Pair], object]
    """What it found: a false value for nothing, a text for the sentence, ``Fills``, or a true value for one find."""
    cost: float = COST_CONTRADICTION
    vetoes: bool = False
    leaves_open: bool = False
    """The name may belong to this union and to others: neither a veto nor an identity."""
    source: str = ""
    """What it rests on."""


class MatchScore:
    """The result of a comparison so far: the score, the doubts in words, a veto, and the rules that fired."""

    def __init__(self) -> None:
        self.points = 100.0
        self.notes: list[str] = []
        self.veto = ""
        self.left_open = False
        """Other organizations may be meant as well."""
        self.fired: list[str] = []

    def apply(self, rule: Rule, found: object) -> None:
        """Lower the score for a rule that found something, or veto; of several vetoes the first one is reported."""
        fills = ((found,),) if isinstance(found, str) else found if isinstance(found, tuple | list) else _ONCE
        for each in fills:
            self.points -= rule.cost
            self.fired.append(rule.name)
            self.left_open = self.left_open or rule.leaves_open
            sentence = rule.says.format(*each)
            if rule.vetoes:
                self.veto = self.veto or sentence
            elif sentence:
                self.notes.append(sentence)


def veto(name: str, looks_at: str, says: str, finds: Callable[[Pair], object], source: str = "") -> Rule:
    """A rule that vetoes the match: it is another organization."""
    return Rule(name, looks_at, says, finds, vetoes=True, source=source)


def resting_on(source: str, *rules: Rule) -> tuple[Rule, ...]:
    """Rules that rest on one source, except those that name their own."""
    return tuple(rule if rule.source else rule._replace(source=source) for rule in rules)
