"""The rules that decide whether a donor's name is a name on the list; they are checked from top to bottom.

Each rule looks at one fact of a :class:`~unionscreen.matching.pairs.Pair`. It either vetoes the match (it is another
organization) or lowers the score, which starts at 100. The order of the costs matters more than their sizes: a missing
number is worse than another word for "association", and a name that only the state separates from its namesakes never
scores highest. Each rule names what it rests on; ``tests/cases/rules.csv`` has a name for which it fires.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from unionscreen.matching.namesakes import ACRONYM, CUT_BEFORE_IT, CUT_OFF, CUT_TOO_SOON, NAMELESS, STATE
from unionscreen.matching.pairs import Pair, any_of, words_for
from unionscreen.matching.reading import RANKS
from unionscreen.matching.rule import (
    COST_ALIAS,
    COST_AMBIGUOUS,
    COST_LEVEL,
    COST_NOISE,
    COST_NUMBER_ADDED,
    COST_NUMBER_OMITTED,
    COST_OMITTED_WORD,
    COST_ORDER,
    COST_OTHER_FORM,
    COST_PLACE_FROM_DONOR,
    COST_SHORTENED,
    COST_TYPO,
    FILED,
    LIST,
    REGISTER,
    Fills,
    Rule,
    resting_on,
    veto,
)
from unionscreen.matching.vocabulary import load_vocabulary

# -- identity: places and proper names ---------------------------------------------------------------------------

_IDENTITY: Final = resting_on(
    LIST,
    Rule("slip", "words that identify an organization", '"{}" read as {}', lambda p: p.aligned.slips, COST_TYPO),
    Rule(
        "split-or-joined", "words that identify an organization", "words split or run together",
        lambda p: p.aligned.split_or_joined, COST_TYPO,
    ),
    Rule(
        "place-from-address", "the donor's address", "{} from the donor's address",
        lambda p: [(each,) for each in p.aligned.from_address], COST_PLACE_FROM_DONOR,
    ),
    Rule(
        "noise", "single letters and cut-off tails", "",
        lambda p: [()] * p.aligned.noise, COST_NOISE,
    ),
    veto(
        "other-word", "words that identify an organization", '"{}" is not in its names',
        lambda p: [(each,) for each in p.aligned.unexplained],
    ),
)  # fmt: skip


# -- class: which officers, which rank --------------------------------------------------------------------------


def _other_rank(p: Pair) -> str:
    ranks = [group for group in p.other_groups if group in RANKS]
    return ", ".join(ranks) if not p.only_superiors else ""


def _other_force(p: Pair) -> str:
    """What the names say about the officers, in their own words."""
    odd = p.other_groups
    if not odd or set(odd) & RANKS:
        return ""
    groups = load_vocabulary().type_groups
    mine, theirs = (
        "/".join(dict.fromkeys(w.text for w in reading.types if groups[w.word] in odd))
        for reading in (p.donor, p.reading)
    )
    if mine and theirs:
        return f'its name says "{theirs}", not "{mine}"'
    return f'its name does not say "{mine}"' if mine else f'its name says "{theirs}", this one does not'


def _police_in_one(p: Pair) -> bool:
    mine, theirs = p.donor.groups, p.reading.groups
    return bool(mine and theirs and mine - {"police"} == theirs - {"police"} and mine != theirs)


def _socialists(p: Pair) -> bool:
    return any(each in words_for("socialists") for each in p.bare_acronyms) and "county" not in p.donor.levels


def _elected_sheriffs(p: Pair) -> bool:
    sheriffs = p.donor.groups == {"sheriff"} and not p.donor.has("deputy")
    return sheriffs and "police" in p.reading.groups and p.statewide


def _supervisors(p: Pair) -> str:
    supervising = words_for("supervisors")
    mine, theirs = ({w.word for w in r.types} & supervising for r in (p.donor, p.reading))
    return any_of(mine ^ theirs) if bool(mine) != bool(theirs) else ""


_CLASS: Final = resting_on(
    LIST,
    Rule("superiors-of-several", "ranks", "", lambda p: p.only_superiors, COST_OMITTED_WORD),
    veto("other-rank", "ranks", "another rank: {}", _other_rank),
    veto("supervisors", "ranks", "another rank: {}", _supervisors),
    veto("other-force", "which officers", "{}", _other_force),
    Rule("police-in-one", "which officers", "", _police_in_one, COST_OMITTED_WORD),
    veto(
        "no-police-word", "which officers", "no word for police",
        lambda p: p.reading.groups and not p.donor.groups and not p.same_lodge,
    ),
    Rule(
        "lodge-alone", "which officers", "no word for police, but the name and the number of the lodge agree",
        lambda p: p.same_lodge and not p.donor.groups, COST_AMBIGUOUS,
    ),
    veto(
        "socialists", "the acronym DSA", '"DSA" with a city usually means the Democratic Socialists',
        _socialists, FILED,
    ),
    Rule(
        "only-an-acronym", "acronyms with two meanings", 'only "{}" stands for police',
        lambda p: any_of({*p.bare_acronyms}).upper(), COST_AMBIGUOUS,
    ),
    veto(
        "elected-sheriffs", "sheriffs of a whole state", "a state's sheriffs are not its police and deputies",
        _elected_sheriffs, REGISTER,
    ),
    veto(
        "sheriffs-of-a-state", "sheriffs without deputies", "a state's sheriffs are not their deputies",
        lambda p: p.sheriffs_for_deputies and p.union.scope in ("state", "national"), REGISTER,
    ),
    Rule(
        "sheriffs-for-deputies", "sheriffs without deputies", '"sheriffs" in place of "deputy sheriffs"',
        lambda p: p.sheriffs_for_deputies, COST_OTHER_FORM,
    ),
    veto(
        "words-missing", "words for the organization", "some of its words are missing",
        lambda p: p.donor.groups and not p.reading.groups and p.reading.forms - p.donor.forms,
    ),
)  # fmt: skip


# -- form: association, union, lodge ----------------------------------------------------------------------------


def _form_left_out(p: Pair) -> str:
    ours, its = p.forms
    return any_of(its - ours) if ours & its else ""


def _lodge_or_not(p: Pair) -> bool:
    lodges = [bool(forms & {"fop", "lodge"}) for forms in p.forms]
    return p.other_form and any(lodges) and not all(lodges)


def _two_forms(p: Pair) -> Fills:
    ours, its = p.forms
    return ((any_of(ours), any_of(its)),) if p.other_form else ()


def _loose_form(p: Pair) -> Fills:
    return () if p.anchored else _two_forms(p)


def _benevolent_in_one(p: Pair) -> bool:
    ours, its = p.forms
    both = bool(p.reading.forms and p.donor.forms)
    return both and not p.other_form and ("benevolent" in ours) != ("benevolent" in its)


def _no_form(p: Pair) -> bool:
    return bool(p.reading.forms and not p.donor.forms)


def _labor_council(p: Pair) -> Fills:
    if "labor" not in p.donor.key or "labor" not in p.reading.key:
        return ()
    mine, theirs = (reading.after("labor") for reading in (p.donor, p.reading))
    return ((mine, theirs),) if mine and theirs and mine != theirs else ()


_FORM: Final = resting_on(
    LIST,
    veto(
        "one-of-several", "words for the organization", "an association of PBAs is not one of them",
        lambda p: p.donor.of_several != p.reading.of_several,
    ),
    veto("labor-body", "what follows labor", "labor {} is not labor {}", _labor_council),
    Rule("form-left-out", "words for the organization", 'no "{}"', _form_left_out, COST_OMITTED_WORD),
    veto("lodge-or-not", "words for the organization", "a lodge of the FOP is another organization", _lodge_or_not),
    veto("loose-form", "words for the organization", "{} is not {}, and no place shows that it is meant", _loose_form),
    Rule("other-form", "words for the organization", '"{}" in place of "{}"', _two_forms, COST_OTHER_FORM),
    Rule(
        "benevolent-in-one", "words for the organization", '"benevolent" is in only one of the names',
        _benevolent_in_one, COST_OTHER_FORM,
    ),
    veto(
        "no-body", "words for the organization", "no word for an organization: a department, or one officer",
        lambda p: _no_form(p) and not p.says_a_body,
    ),
    Rule(
        "no-form", "words for the organization", "no word for {}",
        lambda p: any_of(p.reading.forms) if _no_form(p) and p.says_a_body else "", COST_OMITTED_WORD,
    ),
    Rule(
        "slip-in-a-class", "words for officers", '"{}" read as {}',
        lambda p: [w.slip for w in p.donor.types if w.typo], COST_TYPO,
    ),
    veto(
        "not-officers", "words for the members", 'its name says "officers", this one does not',
        lambda p: "officer" in p.other_members and not p.reading.forms,
    ),
    Rule("other-members", "words for the members", "", lambda p: p.other_members, COST_OMITTED_WORD),
)  # fmt: skip


# -- level: county, city, town ----------------------------------------------------------------------------------


def _county_for_city(p: Pair) -> bool:
    mine, theirs = p.levels
    return "county" in mine and p.union.scope in ("city", "agency") and "county" not in theirs


def _two_levels(p: Pair) -> Fills:
    mine, theirs = p.levels
    clash = mine and theirs and not mine & theirs and not _county_for_city(p)
    return ((any_of(mine), any_of(theirs)),) if clash else ()


def _no_county(p: Pair) -> str:
    mine, _ = p.levels
    other = mine and p.union.scope == "county" and "county" not in mine
    return any_of(mine) if other and not _two_levels(p) else ""


def _level_in_one(p: Pair) -> bool:
    return p.levels != (frozenset(), frozenset()) and not (_county_for_city(p) or _two_levels(p) or _no_county(p))


def _words_of_common_name(p: Pair) -> str:
    """The missing words of a name that needs all of its words to identify an organization."""
    if not p.common_name:
        return ""
    forms = p.reading.forms - p.donor.forms - ({"fop", "local", "lodge"} if p.donor.forms else set())
    missing = (p.reading.levels - p.donor.levels) | forms
    return any_of(missing | (p.other_members & p.reading.key))


def _state_university(p: Pair) -> bool:
    schools = words_for("schools")
    if p.donor.key.isdisjoint(schools) or p.reading.key.isdisjoint(schools):
        return False
    return (p.donor.after("state") in schools) != (p.reading.after("state") in schools)


_LEVEL: Final = resting_on(
    LIST,
    veto(
        "common-name", "names of common words", 'no "{}", and the other words are common',
        _words_of_common_name,
    ),
    veto(
        "state-university", "universities", "a state university is not the university of that state",
        _state_university,
    ),
    veto("county-for-city", "levels of government", "a county's organization, not the city's", _county_for_city),
    veto(
        "place-for-state", "levels of government", "a place's organization, not the state's",
        lambda p: p.union.scope == "state" and p.levels[0] and not p.levels[1],
    ),
    veto("other-level", "levels of government", "{} is not {}", _two_levels),
    veto("no-county", "levels of government", "{} is not a county", _no_county),
    Rule(
        "level-left-out", "levels of government", "",
        lambda p: _level_in_one(p) and p.levels[1], COST_LEVEL,
    ),
    Rule(
        "level-added", "levels of government", "",
        lambda p: _level_in_one(p) and not p.levels[1], COST_NOISE,
    ),
)  # fmt: skip


# -- number: lodges and locals ----------------------------------------------------------------------------------


def _other_number(p: Pair) -> Fills:
    mine, theirs = p.numbers, p.reading.numbers
    if mine and theirs:
        return () if mine & theirs else ((any_of(mine), any_of(theirs)),)
    return ((p.added_number, p.union.number),) if p.added_number and p.union.number else ()


def _whole_or_local(p: Pair) -> str:
    """Why a name with a number is not this union, where the list has no number for it."""
    if not p.added_number or p.union.number:
        return ""
    if p.union.scope in ("state", "national"):
        return "a lodge or local is not the state or national organization"
    return "" if p.donor.identity else "a local is not the whole organization"


def _number_added(p: Pair) -> str:
    return p.added_number if not p.union.number and not _whole_or_local(p) else ""


_NUMBER: Final = resting_on(
    LIST,
    veto("other-number", "numbers of lodges and locals", "number {}, not {}", _other_number),
    Rule(
        "number-left-out", "numbers of lodges and locals", "no number (it is {})",
        lambda p: any_of(p.reading.numbers) if not p.numbers else "", COST_NUMBER_OMITTED,
    ),
    veto("local-or-whole", "numbers of lodges and locals", "{}", _whole_or_local),
    Rule(
        "number-added", "numbers of lodges and locals", "number {} is not on the list",
        _number_added, COST_NUMBER_ADDED,
    ),
    Rule(
        "other-digits", "years and dates", "",
        lambda p: p.donor.digits - p.numbers and not p.donor.numbers, COST_NOISE,
    ),
)  # fmt: skip


# -- spelling: only the exact name scores 100 -------------------------------------------------------------------


def _shortened(p: Pair) -> Fills:
    theirs = {w.text for w in p.reading.words}
    return [
        ()
        for w in p.donor.words
        if not (w.typo and w not in p.donor.types)
        and w.text not in theirs
        and w.text.rstrip("s") != w.word
        and not w.numbered
    ]


def _other_order(p: Pair) -> bool:
    shared = p.donor.key & p.reading.key
    mine, its = ([w.word for w in r.words if w.word in shared] for r in (p.donor, p.reading))
    return mine != its


def _is_a(kind: str) -> Callable[[Pair], bool]:
    return lambda p: p.alias.alias_kind == kind


ALIAS_KIND: Final = resting_on(
    LIST,
    *(
        Rule(f"alias-{kind}", "the kind of name on the list", "", _is_a(kind), cost)
        for kind, cost in COST_ALIAS.items()
        if cost
    ),
)

_SPELLING: Final = resting_on(
    FILED,
    *ALIAS_KIND,
    Rule(
        "slip-elsewhere", "other words", '"{}" read as {}',
        lambda p: [w.slip for w in p.donor.words if w.typo and w not in p.donor.types], COST_TYPO,
    ),
    Rule("shortened", "abbreviations", "", _shortened, COST_SHORTENED),
    Rule("other-order", "the order of the words", "", _other_order, COST_ORDER),
)  # fmt: skip


RULES: Final = (*_IDENTITY, *ACRONYM, *_CLASS, *_FORM, *_LEVEL, *_NUMBER, *_SPELLING, *STATE)


ALL_RULES: Final = (*RULES, CUT_OFF, CUT_BEFORE_IT, CUT_TOO_SOON, NAMELESS)
VETOES: Final = frozenset(rule.name for rule in ALL_RULES if rule.vetoes)
