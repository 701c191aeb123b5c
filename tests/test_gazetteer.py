"""Which places' names say by themselves which place is meant."""

import csv

import pytest

from unionscreen.matching.gazetteer import is_place, key_of, people, stands_alone
from unionscreen.matching.places import STATE_NAMES
from unionscreen.unions import data_path

ROWS = list(csv.DictReader(data_path("places.csv").read_text(encoding="utf-8").splitlines()))


def test_the_file_holds_places_and_counties_of_every_state():
    for level in ("place", "county"):
        assert {row["state"] for row in ROWS if row["level"] == level} == {*STATE_NAMES}
    assert all(int(row["population"]) > 0 for row in ROWS)


def test_its_names_are_as_names_are_read():
    odd = [row["name"] for row in ROWS[::7] if key_of(row["name"]) != row["name"]]
    assert odd == []


@pytest.mark.parametrize(
    ("name", "key"),
    [("St. Louis", "saint louis"), ("New York", "newyork"), ("Kansas City", "kansas city"), ("O'Fallon", "ofallon")],
)
def test_a_key_is_the_words_that_compare(name, key):
    assert key_of(name) == key


def test_its_lines_are_in_the_order_in_which_they_are_searched():
    lines = data_path("places.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == sorted(lines)
    assert all(people(row["name"], row["level"])[row["state"]] == int(row["population"]) for row in ROWS[::50])


def test_people_are_counted_by_state_and_level():
    assert people("kansas city", "place").keys() == {"KS", "MO"}
    assert people("cook", "county")["IL"] > 5_000_000
    assert people("elmhaven", "place") == {}


@pytest.mark.parametrize(
    ("name", "state", "levels", "alone"),
    [
        ("san diego", "CA", ("place",), True),
        ("san diego", "TX", ("place",), False),
        ("wayne", "NJ", ("place",), False),
        ("cook", "IL", ("county",), True),
        ("jackson", "MO", ("county",), False),
        ("houston", "TX", ("place",), True),
        ("houston", "TX", ("place", "county"), False),
        ("elmhaven", "CA", ("place",), True),
    ],
)
def test_a_place_ten_times_as_large_as_all_its_namesakes_stands_alone(name, state, levels, alone):
    assert stands_alone(name, state, levels) is alone


def test_a_place_is_one_of_either_level():
    assert is_place("cook")
    assert is_place("clark")
    assert not is_place("elmhaven")
