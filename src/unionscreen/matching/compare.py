"""Compare a donor with a name on the list: which rules are checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from unionscreen.matching.namesakes import ACRONYM, CUT_BEFORE_IT, CUT_OFF, CUT_TOO_SOON, NAMELESS, STATE
from unionscreen.matching.pairs import Pair, words_for
from unionscreen.matching.rule import MatchScore, Rule
from unionscreen.matching.rules import ALIAS_KIND, RULES

# A donor with this many words that no name of the union has is not even a near miss; most candidates end here.
_FAR: Final = 2


def hold(pair: Pair) -> MatchScore | None:
    """Compare a donor with a name on the list; None where it is not a candidate at all."""
    if not (pair.reading.groups or pair.donor.groups or same_words(pair) or pair.local_of):
        return None
    if pair.aligned.hopeless or len(pair.aligned.unexplained) >= _FAR:
        return None
    return ask_rules(pair, RULES)


def hold_to_the_letter(pair: Pair) -> MatchScore:
    """A listed name, letter for letter: only namesakes can speak against it."""
    return ask_rules(pair, (*ALIAS_KIND, NAMELESS, *ACRONYM, *STATE))


def hold_cut_off(pair: Pair, *, several: bool) -> MatchScore:
    """A listed name that goes on where the donor's name ends.

    Args:
        pair: the two names.
        several: names of other unions begin the same way.
    """
    return ask_rules(pair, (*ALIAS_KIND, CUT_OFF, CUT_BEFORE_IT, *STATE, *([CUT_TOO_SOON] if several else [])))


def ask_rules(pair: Pair, rules: Iterable[Rule]) -> MatchScore:
    """Check the rules one after another."""
    score = MatchScore()
    for rule in rules:
        if found := rule.finds(pair):
            score.apply(rule, found)
    return score


def same_words(pair: Pair) -> bool:
    """Whether every word and number is the same: needed where neither name has a word for police."""
    donor, reading = pair.donor, pair.reading
    if donor.numbers != reading.numbers or donor.digits - reading.digits or donor.forms != reading.forms:
        return False
    return donor.key == reading.key and not any(w.word in words_for("firms") for w in donor.tails)
