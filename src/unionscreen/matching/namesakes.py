"""Rules about names that several organizations share: acronyms, common words, states, and names cut off."""

from __future__ import annotations

from typing import Final

from unionscreen.matching.cleaning import squash
from unionscreen.matching.gazetteer import Level, people
from unionscreen.matching.pairs import Pair, ends_as_theirs, words_for
from unionscreen.matching.places import state_words
from unionscreen.matching.rule import (
    COST_AMBIGUOUS,
    COST_CUT_OFF,
    COST_NO_STATE,
    COST_OTHER_STATE,
    FILED,
    LIST,
    PLACES,
    Rule,
    resting_on,
    veto,
)
from unionscreen.matching.vocabulary import load_vocabulary

# A cut word needs this many letters to be recognized; too many words begin with fewer.
SHORTEST_START: Final = 3

# -- acronyms: many are shared, or are words ---------------------------------------------------------------------

ACRONYM: Final = resting_on(
    FILED,
    veto(
        "spelled-out", "acronyms", "these words alone are not one of its names",
        lambda p: p.spelled_out,
    ),
    veto(
        "firm-or-word", "acronyms", "an acronym alone may be a firm, a word or a first name ({})",
        lambda p: p.firm_or_word,
    ),
)  # fmt: skip


# -- state: it separates namesakes ------------------------------------------------------------------------------


def _of_nobody(p: Pair) -> bool:
    """Whether others have this name and nothing shows the state.

    Unions other than the FOP number their locals nationwide, so that a number alone identifies one.
    """
    lodge = not p.reading.identity and bool(p.reading.numbers) and "fop" in p.reading.groups
    local = p.union.scope != "national" and (p.union.state or lodge)
    return bool(p.shared_name and not p.state_settles and (local or p.short_acronym))


def _acronym_of_others(p: Pair) -> bool:
    """Whether the name is only an acronym that others use, in which no letters show that it is some union's.

    Nothing shows that "MSPTA" is the union of the list, or that it is another organization.
    """
    return bool(p.bare_acronym) and not _says_police(p) if _of_nobody(p) else p.short_acronym


def _told_by_state(p: Pair) -> bool:
    return p.shared_name and p.state_settles and not (p.short_acronym or p.generic)


def _says_police(p: Pair) -> bool:
    """Whether the name has a word for police or an acronym of officers ("SFPOA", "CSLEA"): then it is some union."""
    only_letters = p.bare_acronym and all(w.acronym for w in p.donor.types)  # "DSA" has other meanings
    body = not only_letters and bool(p.donor.groups) and (bool(p.donor.forms) or p.says_a_body)
    council = p.donor.has("afscme") and bool(p.donor.numbers & words_for("police_councils"))
    safe = p.donor.has(*load_vocabulary().safe_acronyms)
    return body or council or safe or any(ends_as_theirs(w.word) for w in p.donor.identity)


def _place_of_that_name(p: Pair) -> bool:
    """Whether a place in the donor's state has the name of the union's state: "Oregon FOP" of Oregon, Ohio."""
    of_a_state = p.other_state and p.state_named and p.statewide and p.union.scope == "state"
    if not of_a_state or "state" in p.donor.levels:
        return False
    levels: tuple[Level, ...] = ("place", "county")
    return any(p.context.state in people(name, level) for name in state_words(p.union.state) for level in levels)


STATE: Final = resting_on(
    LIST,
    Rule(
        "address-elsewhere", "the donor's state", "the donor gives an address in {}",
        lambda p: p.context.state if p.other_state and p.state_named and p.union.scope == "state" else "",
        COST_OTHER_STATE,
    ),
    Rule(
        "place-of-that-name", "the donor's state", "a place in {} has that name too",
        lambda p: p.context.state if _place_of_that_name(p) else "", 0.0, leaves_open=True, source=PLACES,
    ),
    veto(
        "other-state", "the donor's state", "the donor is in {}, it is in {}",
        lambda p: ((p.context.state, p.union.state),)
        if p.other_state and not (p.state_named and p.union.scope == "state") else (),
    ),
    Rule(
        "no-state", "the donor's state", "",
        lambda p: not (p.context.state or p.context.home) and p.union.scope != "national", COST_NO_STATE,
    ),
    Rule(
        "told-by-state", "namesakes", "identified by the state ({})",
        lambda p: p.union.state if _told_by_state(p) else "", COST_AMBIGUOUS,
    ),
    veto(
        "nobody-in-particular", "namesakes", "others have this name, and the filing does not show which state",
        lambda p: _of_nobody(p) and not (_says_police(p) or p.bare_acronym),
    ),
    Rule(
        "others-bear-it", "namesakes", "others have this name",
        lambda p: _of_nobody(p) and _says_police(p), COST_AMBIGUOUS, leaves_open=True,
    ),
    Rule(
        "short-acronym", "acronyms", "others use this acronym",
        _acronym_of_others, COST_AMBIGUOUS, leaves_open=True,
    ),
    Rule(
        "generic", "namesakes", "any organization of this kind may have this name",
        lambda p: p.generic and not _of_nobody(p), COST_AMBIGUOUS, leaves_open=True,
    ),
    Rule(
        "no-witness", "namesakes", "nothing shows which state",
        lambda p: not p.settled and not _of_nobody(p), 0.0, leaves_open=True, source=PLACES,
    ),
)  # fmt: skip

# -- names cut off, and names that identify nobody ---------------------------------------------------------------


def _cut_before_it(p: Pair) -> bool:
    """Whether the words that identify this union are missing, so that the name is probably not cut off.

    "Superior Officers Association" is a whole name, not the beginning of the one of Nassau County.
    """
    if not (p.donor.identity or p.donor.numbers):
        return True
    mine, theirs = (squash("".join(w.text for w in reading.words)) for reading in (p.donor, p.reading))
    missing = [w for w in p.reading.identity if not p.donor.has(w.word)]
    return any(len(mine) < theirs.find(squash(w.text)) + _enough(w.text) for w in missing)


def _enough(text: str) -> int:
    """How many letters of a word that a cut left are enough: "Nas", and one of the last word in "New Y"."""
    before_last = squash(text.rpartition(" ")[0])
    return len(before_last) + 1 if before_last else SHORTEST_START


CUT_OFF: Final = Rule(
    "cut-off", "the length of the name", "the filing cut the name off", lambda _: True, COST_CUT_OFF, source=FILED
)
CUT_BEFORE_IT: Final = veto(
    "cut-before-it",
    "the length of the name",
    "the words that identify it are not in what is left of the name",
    _cut_before_it,
    FILED,
)
CUT_TOO_SOON: Final = veto(
    "cut-too-soon", "the length of the name", "the names of other unions begin the same way", lambda _: True, LIST
)
NAMELESS: Final = veto(
    "nameless", "all words", "none of its words identifies an organization",
    lambda p: not (p.reading.groups or p.reading.identity or p.reading.numbers), LIST,
)  # fmt: skip
