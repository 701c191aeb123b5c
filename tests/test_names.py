"""A name as filed → words that compare."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.matching.cleaning import MAX_LENGTH, clean, without_joins
from unionscreen.matching.names import normalize, read_name

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "names.csv").read_text(encoding="utf-8").splitlines()))

# Letters, digits, punctuation and the words that the rules are about: plain random text never meets a rule.
PIECES = st.sampled_from(
    ["police", "p.o.a.", "F O P", "lodge", "#7", "no.", "iv", "assn", "sheriff's", "&amp;", "new york",
     "(", ")", "dsa", "pac", "la", "é", "Ã©", "l.a.", "peaceofficers",
     "local", "twelve", "St.", "co.", "fed",
     "ctydetectives"]
)  # fmt: skip
NAMES = st.one_of(st.text(max_size=60), st.lists(PIECES | st.text(max_size=8), max_size=8).map(" ".join))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_spellings_are_read_as_one_form(case):
    assert normalize(case["as_filed"]) == case["normalized"]


@given(NAMES)
def test_normalizing_twice_changes_nothing(name):
    once = normalize(name)
    assert normalize(once) == once


@given(st.text(max_size=500))
def test_any_text_can_be_read(name):
    assert read_name(name).raw == name


def test_a_paragraph_is_read_to_the_limit():
    assert len(clean("police " * 10_000)) <= MAX_LENGTH


@pytest.mark.parametrize(
    ("name", "peeled"),
    [
        ("Richmond Police Officers PAC#951606", "951606"),
        ("ACME, LLC(RESPONSIBLE OFFICER: JANE ROE )", "responsible officer: jane roe"),
        ("Elmhaven Managers Association (Mailing address: P.O 1, Elmhaven)", "mailing address: p.o 1, elmhaven"),
    ],
)
def test_what_is_peeled_off_is_kept_as_evidence(name, peeled):
    assert peeled in read_name(name).peeled


def test_the_sponsor_is_a_part_of_its_own():
    parts = read_name("Ready for Reform sponsored by Elmhaven POA and IAFF Local 9").parts
    assert "elmhaven poa" in [part.text for part in parts if part.role == "sponsor"]


def test_the_intermediary_stands_before_the_phrase():
    parts = read_name("Members' dues. Oakland POA is the intermediary for all contributions.").parts
    assert parts[0].text == "oakland poa"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Elmhaven POA, nan", "Elmhaven POA"),
        ("Elmhaven POA, nan, nan", "Elmhaven POA"),
        ("nan, nan Elmhaven POA", "Elmhaven POA"),
        ("NULL, Elmhaven POA", "Elmhaven POA"),
        ("Elmhaven POA None None", "Elmhaven POA"),
        ("Elmhaven POA <NA>", "Elmhaven POA"),
        ("Elmhaven POA, NaT", "Elmhaven POA"),
        ("Elmhaven POA, N/A,", "Elmhaven POA"),
        ("NA, Elmhaven POA NA", "Elmhaven POA"),
        ("Nan Smith", "Nan Smith"),
        ("Smith, Nan", "Smith, Nan"),
        ("Null, Jane", "Null, Jane"),
        ("NAT ASSN OF POLICE", "NAT ASSN OF POLICE"),
        ("nan, NULL", "nan, NULL"),
        ("Nantucket PBA", "Nantucket PBA"),
    ],
)
def test_words_for_nothing_that_a_join_left_are_no_part_of_the_name(name, bare):
    assert without_joins(name) == bare
    assert read_name(name).text == clean(bare)
    assert bool(read_name(name).peeled) == (name != bare)
