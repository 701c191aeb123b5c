"""An address, or whom mail is for, in the cell of a donor's name is set aside: it is not a part of the name."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.matching import load_matcher
from unionscreen.matching.addresses import split_address
from unionscreen.matching.cleaning import clean, join_initials

OAKLAND = "Oakland Police Officers Association"
CASES = list(
    csv.DictReader((Path(__file__).parent / "cases" / "addresses.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_an_address_at_the_end_is_split_off(case: dict[str, str]) -> None:
    split = split_address(join_initials(clean(case["text"])))
    assert (split.name, split.address, split.state) == (case["name"], case["address"], case["state"])


@pytest.mark.parametrize("case", [case for case in CASES if case["address"]], ids=lambda case: case["text"])
def test_the_answer_with_an_address_is_the_answer_without(case: dict[str, str]) -> None:
    matcher = load_matcher()
    for name in (OAKLAND, "Oakland POA PAC", "FOP Lodge 7", "Roe, Jane"):
        alone = matcher.match(name, state=case["state"] or None)
        # The cells of the cases begin with a name, which another one replaces.
        address = case["address"]
        found = matcher.match(f"{name}, {address}")
        assert (found.verdict, found.tier, found.union_id) == (alone.verdict, alone.tier, alone.union_id)
        assert (address in found.why) == (found.verdict == "union")


def test_the_state_of_an_address_counts_where_the_filing_has_none() -> None:
    matcher = load_matcher()
    cell = "FOP Lodge 7, 12 Oak Street, Decatur, {} 35600"
    here, there = matcher.match(cell.format("AL")), matcher.match(cell.format("OK"))
    assert here.union_id == matcher.match("FOP Lodge 7", state="AL").union_id
    assert (there.tier, there.union_id) == ("pattern", None)
    assert matcher.match(cell.format("OK"), state="AL").union_id == here.union_id


NOTES = (
    "{} c/o Jane Roe",
    "{}, Attn: Jane Roe",
    "{} (in-kind)",
    "IN-KIND - {}",
    "{} PO Box 12",
    "{} c/o Roe, PO Box 12",
)


@pytest.mark.parametrize("note", NOTES)
def test_a_listed_name_with_a_note_has_the_answer_of_the_name(note: str) -> None:
    """Every 40th name of the list, acronyms among them."""
    matcher = load_matcher()
    names = [each.alias for each in matcher.unions.aliases][::40]
    filed = [note.format(name) for name in names]
    for name, cell in zip(names, filed, strict=True):
        alone, found = matcher.match(name), matcher.match(cell)
        assert (found.verdict, found.tier, found.union_id) == (alone.verdict, alone.tier, alone.union_id), cell
    assert all(matcher.worth_matching(pa.array(filed)).to_pylist())


def test_a_union_in_whose_care_a_person_is_stays_in_the_name() -> None:
    found = load_matcher().match(f"Jane Roe c/o {OAKLAND}")
    assert (found.verdict, found.tier) == ("union", "pattern")


@given(st.text(alphabet="ab 12,.#-()POBoxStreet", max_size=60))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    split = split_address(clean(text))
    assert split.address or split.name == clean(text)
    assert clean(text).startswith(split.name)
    assert split.address in clean(text)
