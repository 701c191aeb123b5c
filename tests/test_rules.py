"""The rules of identity, one by one: tests/cases/rules.csv holds for each a donor and a name of the list."""

import csv
from pathlib import Path

import pytest

from unionscreen.matching.cleaning import clean
from unionscreen.matching.compare import ask_rules, hold, hold_cut_off, hold_to_the_letter
from unionscreen.matching.names import read_words, words_of
from unionscreen.matching.pairs import DonorContext, Pair
from unionscreen.matching.places import state_words
from unionscreen.matching.reading import sort_words
from unionscreen.matching.rule import Rule
from unionscreen.matching.rules import ALL_RULES
from unionscreen.unions import Alias, Union

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "rules.csv").read_text(encoding="utf-8").splitlines()))
# These are asked of names that are not held word against word.
APART = {"cut-off", "cut-before-it", "cut-too-soon", "nameless"}


def read(name):
    return sort_words(read_words(clean(name)))


def pair(
    donor, alias, *, state="", city="", home="", kind="police", scope="city", union_state="CA", place="", number="",
    alias_kind="official", ambiguous="",
):  # fmt: skip
    union = Union("us-xx", alias, kind, scope=scope, state=union_state, place=place, number=number)
    named = Alias("us-xx", alias, alias_kind, ambiguous)

    def known(_):
        return words_of(alias) | words_of(place) | state_words(union_state)

    return Pair(read(donor), read(alias), named, union, DonorContext(state, city, home, donor), known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}-{case['donor']}")
def test_each_rule_fires_for_its_case(case):
    wanted = {key: value for key, value in case.items() if key != "rule"}
    score = hold(pair(**wanted))
    assert score is not None
    assert case["rule"] in score.fired
    rule = next(rule for rule in ALL_RULES if rule.name == case["rule"])
    assert bool(score.veto) >= rule.vetoes
    assert score.left_open >= rule.leaves_open


def test_every_rule_has_a_case():
    assert {rule.name for rule in ALL_RULES} - APART == {case["rule"] for case in CASES}
    assert len({rule.name for rule in ALL_RULES}) == len(ALL_RULES)


def test_a_name_to_the_letter_has_no_rule_but_its_kind_and_its_state():
    same = pair("Elmhaven Police Union", "Elmhaven Police Union", state="CA", place="Elmhaven")
    assert hold(same).fired == hold_to_the_letter(same).fired == []
    assert hold_to_the_letter(pair("Officers", "Officers")).veto == "none of its words identifies an organization"


@pytest.mark.parametrize(("several", "veto"), [(False, ""), (True, "the names of other unions begin the same way")])
def test_a_name_that_was_cut_off(several, veto):
    cut = pair("Elmhaven Police Off", "Elmhaven Police Officers Union", state="CA", place="Elmhaven")
    score = hold_cut_off(cut, several=several)
    assert (score.notes, score.veto) == (["the filing cut the name off"], veto)


@pytest.mark.parametrize(
    ("donor", "before_it"),
    [
        ("Superior Officers Association", True),
        ("Superior Officers Association of the Police Department El", True),
        ("Superior Officers Association of the Police Department Elm", False),
    ],
)
def test_a_whole_name_is_not_what_a_cut_left_of_a_longer_one(donor, before_it):
    longer = "Superior Officers Association of the Police Department Elmhaven"
    score = hold_cut_off(pair(donor, longer, state="CA", place="Elmhaven"), several=False)
    assert bool(score.veto) == before_it


def test_a_rule_lowers_the_score_by_its_cost_each_time_it_fires():
    rule = Rule("twice", "anything", "{}", lambda _: [("one",), ("two",)], 3.0)
    score = ask_rules(pair("a", "b"), [rule])
    assert (score.points, score.notes, score.veto, score.fired) == (94.0, ["one", "two"], "", ["twice", "twice"])


# What settles which one is meant: donor, name of the list, and what else is known.
SETTLED = [
    ("Elmhaven Police Union", "Elmhaven Police Union", {"place": "Elmhaven"}),  # no US place of that name is listed
    ("Chicago Police Union", "Chicago Police Union", {"place": "Chicago", "union_state": "IL"}),
    ("Wayne Police Union", "Wayne Police Union", {"place": "Wayne", "union_state": "NJ", "state": "NJ"}),
    ("Wayne Police Union", "Wayne Police Union", {"place": "Wayne", "union_state": "NJ", "home": "NJ"}),
    ("Wayne New Jersey Police Union", "Wayne Police Union", {"place": "Wayne", "union_state": "NJ"}),
    ("Wayne PBA Local 136", "Wayne PBA Local 136", {"place": "Wayne", "union_state": "NJ", "number": "136"}),
    ("Cook County Deputy Sheriffs", "Cook County Deputy Sheriffs", {"union_state": "IL", "scope": "county"}),
    ("Rochester Locust Police Club", "Rochester Locust Police Club", {"union_state": "NY", "place": "Rochester"}),
    ("University Police Union", "University Police Union", {"union_state": "", "scope": "national"}),
]
OPEN = [
    ("Wayne Police Union", "Wayne Police Union", {"place": "Wayne", "union_state": "NJ"}),
    ("Wayne Police Union", "Wayne Police Union", {"place": "Wayne", "union_state": "NJ", "home": "PA"}),
    ("Clark Police Union", "Clark Police Union", {"place": "Clark", "union_state": "NJ"}),
    ("Jackson County Deputy Sheriffs", "Jackson County Deputy Sheriffs", {"union_state": "MO", "scope": "county"}),
    ("Cook Police Union", "Cook Police Union", {"union_state": "MN", "scope": "county"}),
    ("Kansas City Police Union", "Kansas City Police Union", {"union_state": "KS", "place": "Kansas City"}),
    ("Washington County Police Union", "Washington County Police Union", {"union_state": "WA", "scope": "county"}),
    ("Garden City Police Union", "Garden City Police Union", {"union_state": "NY", "place": "Garden City"}),
    ("University Police Union", "University Police Union", {"union_state": "NJ", "scope": "agency"}),
    ("Capital City Police Union", "Capital City Police Union", {"union_state": "KY", "place": "Frankfort"}),
]  # fmt: skip


@pytest.mark.parametrize(("donor", "alias", "known"), SETTLED)
def test_what_shows_which_one_is_meant(donor, alias, known):
    assert pair(donor, alias, **known).settled


@pytest.mark.parametrize(("donor", "alias", "known"), OPEN)
def test_a_name_that_others_may_bear_is_left_open(donor, alias, known):
    one = pair(donor, alias, **known)
    assert not one.settled
    score = hold(one)
    assert (score.left_open, score.veto) == (True, "")


@pytest.mark.parametrize(("mine", "its"), [("Wilton", "Milton"), ("Layton", "Dayton"), ("Salem", "Selma")])
def test_a_real_place_is_no_misspelling_of_another(mine, its):
    assert hold(pair(f"{mine} Police Union", f"{its} Police Union", place=its)) is None


def test_the_state_of_the_filing_never_speaks_against_a_union():
    score = hold(pair("Chicago FOP Lodge 7", "Chicago FOP Lodge 7", home="IN", union_state="IL", number="7"))
    assert score.veto == ""


def test_every_rule_names_what_it_rests_on():
    assert [rule.name for rule in ALL_RULES if not rule.source] == []
