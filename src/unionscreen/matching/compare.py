"""One name of the list held against a donor's, word by word: what contradicts, what is missing, what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from unionscreen.matching.names import Word, words_of
from unionscreen.matching.places import STATE_NAMES, STATES
from unionscreen.matching.reading import RANKS, Reading
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.unions import Alias, Union

# What each doubt costs, out of 100. The order matters more than the sizes: a missing number is worse than another
# word for "association", and a name that only the state separates from its namesakes never reaches the top.
COST_TYPO: Final = 4.0  # a word read through one or two wrong letters
COST_OMITTED_WORD: Final = 5.0  # "Oakland Police Association" for "Oakland Police Officers Association"
COST_OTHER_FORM: Final = 10.0  # union for association: most often the same body, sometimes its rival
COST_LEVEL: Final = 6.0  # "Alameda" for "Alameda County"
COST_NUMBER_OMITTED: Final = 12.0  # "Chicago FOP" for "Chicago FOP Lodge 7"
COST_NUMBER_ADDED: Final = 10.0  # a number that the list does not know for it
COST_CUT_OFF: Final = 6.0  # the agency's software cut the name
COST_NO_STATE: Final = 3.0  # nobody said which state the donor is in
COST_OTHER_STATE: Final = 6.0  # a state-wide body with a post-office box elsewhere
COST_AMBIGUOUS: Final = 8.0  # a name that others bear too, told apart by the state alone
COST_NOISE: Final = 2.0  # words that say nothing: "General Fund", "11-09"
COST_PLACE_FROM_DONOR: Final = 8.0  # the place stands in the donor's address, not in the name
COST_SHORTENED: Final = 0.5  # each word read through an abbreviation, each PAC word set aside: keeps the top thin
COST_CONTRADICTION: Final = 15.0  # orders near misses: one contradiction is nearer than two
COST_ORDER: Final = 1.0  # the same words in another order
# How directly a kind of alias names the body: its own name, its committee, a spelling seen, an old name, initials.
COST_ALIAS: Final = {"official": 0.0, "pac-name": 1.0, "as-filed": 2.0, "former-name": 4.0, "acronym": 5.0}

# Identity words shorter than this are compared to the letter: "Lake" and "Pike" are one letter from many.
NEAR_LENGTH: Final = 5
NEAR_LENGTH_TWO: Final = 9

_TOKEN: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Witness:
    """What the filing says about the donor beside the name."""

    state: str = ""
    city: str = ""


@dataclass
class Tally:
    """What a comparison has found so far: a score that falls, the doubts in words, a veto."""

    witness: Witness
    alias: str = ""
    score: float = 100.0
    notes: list[str] = field(default_factory=list)
    veto: str = ""
    hopeless: bool = False

    def charge(self, cost: float, note: str = "") -> None:
        """A doubt: lowers the score, and says why when there is something to say."""
        self.score -= cost
        if note:
            self.notes.append(note)

    def refuse(self, why: str) -> None:
        """A contradiction: it is another body. The first one is told."""
        self.veto = self.veto or why
        self.score -= COST_CONTRADICTION


UNJOINED: Final[Mapping[str, tuple[str, ...]]] = {
    "newyork": ("york",), "newjersey": ("jersey",), "newmexico": ("mexico",), "newhampshire": ("hampshire",),
    "rhodeisland": ("rhode",), "northcarolina": ("carolina",), "southcarolina": ("carolina",),
    "northdakota": ("dakota",), "southdakota": ("dakota",), "westvirginia": ("virginia",),
    "losangeles": ("angeles", "la"), "districtofcolumbia": ("columbia",), "nyc": ("nyc", "nypd", "york"),
}  # fmt: skip


# A firm's form: "MCO LTD INC" is no corrections organization.
_FIRMS: Final = frozenset({"llc", "ltd", "corp", "corporation", "nfp"})
# An acronym of this length names a dozen bodies: alone it needs the state.
SHORT_ACRONYM: Final = 3


def says_the_same(donor: Reading, alias: Reading) -> bool:
    """Without a police word on either side, every word and number must be the same."""
    if donor.numbers != alias.numbers or donor.digits - alias.digits or donor.forms != alias.forms:
        return False
    return donor.key == alias.key and not any(w.word in _FIRMS for w in donor.tails)


@cache  # asked for each comparison; there are as many as states
def state_words(state: str) -> frozenset[str]:
    """The words that name a union's state: "oregon" too where its letters are an English word ("OR", "IN", "ME")."""
    name = STATE_NAMES.get(state)
    return words_of(state) | ({name} if name else frozenset())


def allowed(word: str) -> int:
    """How many letters of an identity word may be wrong."""
    return 2 if len(word) >= NEAR_LENGTH_TWO else 1


def _same(donor: str, alias: str, known: frozenset[str]) -> bool | None:
    """True: the same word; None: a misspelling of it; False: another word."""
    if donor == alias:
        return True
    vocabulary = load_vocabulary()
    if alias in vocabulary.two_readings.get(donor, ()) or donor in vocabulary.two_readings.get(alias, ()):
        return True
    if len(donor) < NEAR_LENGTH or len(alias) < NEAR_LENGTH or donor in known:
        return False
    return None if OSA.distance(donor, alias, score_cutoff=2) <= allowed(alias) else False


def compare_identity(
    donor: Reading,
    alias: Reading,
    union: Union,
    known_words: Callable[[Union], frozenset[str]],
    tally: Tally,
) -> None:
    """Every identity word of the alias must be in the donor's name; what the donor has more must be explained."""
    explained = known_words(union)
    left = list(donor.identity)
    for word in alias.identity:
        for at, mine in enumerate(left):
            same = _same(mine.word, word.word, explained)
            if same is not False:
                if same is None:
                    tally.charge(COST_TYPO, f'"{mine.text}" read as {word.text}')
                del left[at]
                break
        else:
            if not _omitted(word, alias, donor, union, tally):
                if _run_together(donor, alias):
                    tally.charge(COST_TYPO, "words split or run together")
                    left = []
                    break
                tally.hopeless = True
                return
    vocabulary = load_vocabulary()
    for mine in left:
        if mine.word in explained or any(full in explained for full in vocabulary.two_readings.get(mine.word, ())):
            continue
        if len(mine.word) == 1 or (mine is donor.identity[-1] and len(mine.word) <= 3 and _starts_tail(mine.word)):
            tally.charge(COST_NOISE)
            continue
        tally.refuse(f'"{mine.text}" is not in its names')


def _starts_tail(word: str) -> bool:
    """The first letters of "political …" or "committee" that a cut left standing."""
    return any(tail.startswith(word) for tail in ("political", "committee", "action", "pac", "incorporated"))


def _omitted(word: Word, alias: Reading, donor: Reading, union: Union, tally: Tally) -> bool:
    """An identity word that the donor leaves out, when the filing says it elsewhere."""
    of_the_state = state_words(union.state)
    if word.word in of_the_state and len(alias.identity) > 1 and union.scope in ("city", "county", "agency"):
        return True  # "Memphis Police Association" for "Memphis Tennessee Police Association"
    if word.word in of_the_state and tally.witness.state == union.state and donor.groups == alias.groups:
        tally.charge(COST_PLACE_FROM_DONOR, f"{union.state} from the donor's address")
        return True
    city = words_of(tally.witness.city)
    if word.word in city and tally.witness.state in ("", union.state) and not donor.identity:
        tally.charge(COST_PLACE_FROM_DONOR, f"{word.text} from the donor's address")
        return True
    return False


def _run_together(donor: Reading, alias: Reading) -> bool:
    mine, theirs = ("".join(w.word for w in r.identity) for r in (donor, alias))
    return len(theirs) >= NEAR_LENGTH_TWO and OSA.distance(mine, theirs, score_cutoff=1) <= 1


def compare_class(donor: Reading, alias: Reading, union: Union, tally: Tally) -> None:
    """Whose body, which rank, what form and which level of government."""
    mine, theirs = donor.groups - {"police"}, alias.groups - {"police"}
    if mine != theirs:
        odd = sorted(mine ^ theirs)
        # An acronym on the list says the class by itself: "SEBA Sheriff" adds nothing, "SEBA Corrections" does.
        if theirs or alias.forms or not _kind_allows(mine, union):
            if "superior" in odd and not (odd[1:] or union.kind != "mixed-public-safety"):
                tally.charge(COST_OMITTED_WORD)
            else:
                tally.refuse(("another rank: " if set(odd) & RANKS else "another force: ") + ", ".join(odd))
    elif ("police" in donor.groups) != ("police" in alias.groups) and alias.groups and donor.groups:
        tally.charge(COST_OMITTED_WORD)
    if not donor.groups and alias.groups:
        tally.refuse("no word says police")
    bare = {w.text for w in donor.types if w.acronym}
    if bare and all(w.acronym or w.word == "officer" for w in donor.types):
        spelled = set(_TOKEN.findall(tally.alias.lower()))
        if not bare & spelled:
            if bare & {"dsa", "dsas"} and "county" not in donor.levels:
                tally.refuse('"DSA" with a city is as a rule the Democratic Socialists')
            tally.charge(COST_AMBIGUOUS, f'only "{_any_of(bare).upper()}" says police')
    statewide = all(w.word in STATES for w in donor.identity) and "county" not in donor.levels
    if donor.groups == {"sheriff"} and not donor.has("deputy") and "police" in alias.groups and statewide:
        tally.refuse("a state's sheriffs are not its police and deputies")
    deputies = any(w.word == "deputy" for w in alias.types) and not any(w.word == "deputy" for w in donor.types)
    if deputies and donor.groups == {"sheriff"}:
        if union.scope in ("state", "national"):
            tally.refuse("a state's sheriffs are not their deputies")
        tally.charge(COST_OTHER_FORM, "sheriffs for deputy sheriffs")
    if not alias.groups and donor.groups and alias.forms - donor.forms:
        tally.refuse("not all of its words")
    if alias.forms and donor.forms:
        plain = {"protective", "professional", "fraternal", "local", "unit", "chapter"}
        ours, its = donor.forms - plain, alias.forms - plain
        if its - ours and ours & its:
            tally.charge(COST_OMITTED_WORD, f'no "{_any_of(its - ours)}"')
        if ours and its and not ours & its:
            if "fop" in ours ^ its:
                tally.refuse("a lodge of the FOP is another body")
            if not _anchored(alias, union):
                tally.refuse(f"{_any_of(ours)} is not {_any_of(its)}, and no place says that it is meant")
            tally.charge(COST_OTHER_FORM, f'"{_any_of(ours)}" for {_any_of(its)}')
        elif ("benevolent" in ours) != ("benevolent" in its):
            tally.charge(COST_OTHER_FORM, "benevolent in one name only")
    elif alias.forms and not donor.forms and not _says_a_body(donor, alias):
        tally.refuse("no word for a body: a department, or one officer")
    elif alias.forms and not donor.forms:
        tally.charge(COST_OMITTED_WORD, f"no word for {_any_of(alias.forms)}")
    for word in donor.types:
        if word.typo:
            tally.charge(COST_TYPO, f'"{word.text}" read as {word.word}')
    types = {w.word for w in donor.types} ^ {w.word for w in alias.types}
    if types & {"officer", "employee", "manager", "supervisor"} and alias.types and donor.types:
        if not alias.forms and "officer" in types:
            tally.refuse("its name is of officers, this one is not")
        tally.charge(COST_OMITTED_WORD)
    _compare_level(donor, alias, union, tally)


def _any_of(words: Iterable[str]) -> str:
    return "/".join(sorted(words))


def _anchored(alias: Reading, union: Union) -> bool:
    """Whether the alias holds a place of the union, or a word of its own: "United" or "Support" alone is neither."""
    places = words_of(union.place) | state_words(union.state)
    return len(alias.identity) > 1 or any(w.word in places for w in alias.identity) or bool(alias.numbers)


def _says_a_body(donor: Reading, alias: Reading) -> bool:
    """A PAC, or several officers: "Anaheim Police Officers PAC"; "Metro Police Department" is neither."""
    vocabulary = load_vocabulary()
    if "benevolent" in alias.forms and not any(w.word in vocabulary.pac_words for w in donor.tails):
        return False
    if any(w.word in vocabulary.pac_words or w.word in ("fund", "contingency") for w in donor.tails):
        return True
    return any(w.text.endswith("s") for w in donor.types) and not donor.has("department")


def charge_spelling(donor: Reading, alias: Reading, alias_kind: str, tally: Tally) -> None:
    """How far the letters are from the union's own name: so that only that name, to the letter, scores 100."""
    tally.charge(COST_ALIAS[alias_kind])
    theirs = {w.text for w in alias.words}
    for word in donor.words:
        if word.typo and word not in donor.types:
            tally.charge(COST_TYPO, f'"{word.text}" read as {word.word}')
        elif word.text not in theirs and word.text.rstrip("s") != word.word and not word.numbered:
            tally.charge(COST_SHORTENED)
    shared = donor.key & alias.key
    mine, its = ([w.word for w in r.words if w.word in shared] for r in (donor, alias))
    if mine != its:
        tally.charge(COST_ORDER)


def _kind_allows(groups: frozenset[str], union: Union) -> bool:
    kinds = {
        "sheriff": "sheriff-deputies", "corrections": "corrections", "probation": "probation-parole",
        "state-police": "state-police", "court": "court-officers",
    }  # fmt: skip
    return all(kinds.get(group) == union.kind for group in groups)


def _compare_level(donor: Reading, alias: Reading, union: Union, tally: Tally) -> None:
    local = {"county", "city", "town", "village", "township", "borough", "parish"}
    mine, theirs = donor.levels & local, alias.levels & local
    if mine == theirs:
        return
    if "county" in mine and union.scope in ("city", "agency") and "county" not in theirs:
        tally.refuse("a county's body, not the city's")
    elif mine and theirs and not mine & theirs:
        tally.refuse(f"{_any_of(mine)} is not {_any_of(theirs)}")
    elif mine and union.scope == "county" and "county" not in mine:
        tally.refuse(f"{_any_of(mine)} is not a county")
    else:
        tally.charge(COST_LEVEL if theirs else COST_NOISE)


def compare_numbers(donor: Reading, alias: Reading, union: Union, tally: Tally) -> None:
    """A lodge's or local's number: another one is another body, a missing one is a doubt."""
    mine = donor.numbers
    if not mine and alias.numbers and donor.digits & alias.numbers:
        mine = donor.digits & alias.numbers
    theirs = alias.numbers
    if mine and theirs:
        if not mine & theirs:
            tally.refuse(f"number {_any_of(mine)}, not {_any_of(theirs)}")
    elif theirs:
        if not alias.identity:
            tally.hopeless = True
        tally.charge(COST_NUMBER_OMITTED, f"no number (it is {_any_of(theirs)})")
    elif mine:
        if union.number and union.number.lower() in mine:
            return
        if union.number:
            tally.refuse(f"number {_any_of(mine)}, not {union.number}")
        elif union.scope in ("state", "national"):
            tally.refuse("a lodge or local is not the state or national body")
        elif not donor.identity:
            tally.refuse("a local is not the whole body")
        else:
            tally.charge(COST_NUMBER_ADDED, f"number {_any_of(mine)} is not on the list")
    if donor.digits - mine and not donor.numbers:
        tally.charge(COST_NOISE)


def compare_state(donor: Reading, reading: Reading, union: Union, alias: Alias, tally: Tally) -> None:
    """The donor's state separates namesakes; without it a name that others bear too is not an identity."""
    state, local = tally.witness.state, union.scope != "national"
    named = {w.word for w in donor.identity} & state_words(union.state)
    if state and local and union.state and state != union.state:
        if named and union.scope == "state":
            tally.charge(COST_OTHER_STATE, f"the donor gives an address in {state}")
        else:
            tally.refuse(f"the donor is in {state}, it is in {union.state}")
    elif not state and local:
        tally.charge(COST_NO_STATE)
    lone = len(reading.key) == 1 and all(len(w) <= SHORT_ACRONYM for w in reading.key) and not reading.groups
    only_number = not reading.identity and bool(reading.numbers)
    nothing = not reading.identity and not reading.numbers
    if alias.ambiguous or only_number or nothing or lone:
        if named or (state and state == union.state):
            tally.charge(COST_AMBIGUOUS, f"told apart by the state ({union.state})")
        elif local and (
            union.state or (only_number and "fop" in reading.groups)
        ):  # other unions number their locals through the nation
            tally.refuse("others bear this name; the filing does not say which state")
