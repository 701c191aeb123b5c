"""The rules of the class tier and of the look-alikes: each is named, and each decides a case of its own."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from unionscreen.matching import load_matcher
from unionscreen.matching.explain import fired
from unionscreen.matching.pattern import CLASS_RULES
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.unions import COUNTABLE, NOT_SHOWN, RELATED_CATEGORIES

CASES = list(
    csv.DictReader((Path(__file__).parent / "cases" / "class_rules.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"][:60])
def test_each_name_is_decided_by_its_rule(case):
    answer = load_matcher().match(case["name"])
    assert (answer.verdict, answer.category or "") == (case["verdict"], case["category"]), answer.why
    assert not case["rule"] or case["rule"] in answer.rules


def test_the_gate_lets_each_of_them_through():
    names = [case["name"] for case in CASES if case["verdict"] != "clear"]
    assert [
        name
        for name, passed in zip(names, load_matcher().prefilter(pa.array(names)).to_pylist(), strict=True)
        if not passed
    ] == []


def test_every_rule_has_a_name_of_its_own():
    names = [rule.name for rule in CLASS_RULES] + [rule.name for rule in load_vocabulary().related_rules]
    assert len(names) == len({*names})


def test_every_rule_says_what_it_looks_at_and_where_it_comes_from():
    assert all(rule.looks_at and rule.says and rule.source for rule in CLASS_RULES)
    assert {rule.category for rule in load_vocabulary().related_rules} <= {*RELATED_CATEGORIES}


@pytest.mark.parametrize("case", [case for case in CASES if case["rule"]], ids=lambda case: case["rule"])
def test_explain_tells_each_rule_that_decided(case):
    (said,) = fired(load_matcher().match(case["name"]).rules)
    assert said["rule"] == case["rule"]
    assert said["looks_at"]


def test_no_rule_is_explained_where_none_decided():
    assert fired("") == []


def test_what_cannot_be_shown_cannot_be_counted():
    assert {*COUNTABLE} | NOT_SHOWN == {*RELATED_CATEGORIES}


def test_an_officer_of_a_prosecutor_comes_with_a_warning():
    matcher = load_matcher()
    for name in (
        "San Diego County District Attorney Investigators Association",
        "Elmhaven Prosecutor Detectives Union",
    ):
        assert matcher.match(name, state="CA").why.endswith("Its members may work for the recipient.")
    assert "may work for" not in matcher.match("Elmhaven Police Officers Association").why


def test_a_fund_raisers_name_with_for_is_not_the_name_without_it():
    matcher = load_matcher()
    assert matcher.match("Association for Police Officers").verdict == "related"
    assert matcher.match("Police Officers Association").verdict == "union"


def test_of_a_sponsor_that_is_cut_off_and_a_listed_name_the_listed_one_is_the_answer():
    answer = load_matcher().match("LOS ANGELES POLICE PROTECTIVE LEAGUE PAC SPONSORED BY LAPPL INC. POLI", state="CA")
    assert (answer.tier, answer.union_id) == ("listed", "us-ca-los-angeles-police-protective-league")
