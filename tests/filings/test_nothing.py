from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.filings.layouts.column_rules import code_lookup
from unionscreen.filings.layouts.nothing import is_nothing, without_nothing
from unionscreen.filings.rows.values import look_up

WORDS = [
    "nan",
    "NaN",
    "NaT",
    "None",
    "NULL",
    "null",
    "NA",
    "N/A",
    "#N/A",
    "<NA>",
    "(null)",
    "\\N",
    "nan, nan",
    "None None",
]
NAMES = ["Nan Smith", "Null, Jane", "Nash", "N", "NAACP", "Nan", "A", "", "nanny", "NA Police", "FOP, nan", "n/a/b"]


@pytest.mark.parametrize("word", WORDS)
def test_words_of_programs_for_nothing_are_nothing(word):
    assert is_nothing(word)
    assert without_nothing(pa.array([word, "Doe"])).to_pylist() == ["", "Doe"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Nan"])
def test_a_name_that_holds_such_a_word_is_kept(name):
    assert not is_nothing(name)
    assert without_nothing(pa.array([name])).to_pylist() == [name]


@given(st.lists(st.sampled_from([*WORDS, *NAMES]) | st.text(alphabet="nNaAuUlL/<>, Te", max_size=12)))
def test_a_column_and_a_text_alone_agree(texts):
    texts = [text.strip() for text in texts]
    column = pa.array(["x", *texts], pa.string())[1:]  # a slice, as columns of blocks may be
    assert without_nothing(column).to_pylist() == ["" if is_nothing(text) else text for text in texts]


HEADER = "Recipient,Contributor,Amount,Date,City,State,Employer,Office,Transaction ID"


def test_a_cell_that_is_only_such_a_word_is_empty(read_text):
    got = read_text(f'{HEADER}\nRoe,Doe,5,nan,NaN,NULL,None,N/A,<NA>\nRoe,"nan, nan",5,NaT,,,,,\nNone,Null,5,,,,,,\n')
    empty = ("date", "city", "state", "employer", "office", "transaction_id")
    assert [got.rows[0][name] for name in empty] == [None] * 6
    assert got.values("contributor") == ["Doe", "nan, nan", "Null"]  # as filed
    assert got.values("recipient") == ["Roe", "Roe", ""]
    assert got.bad_dates == 0


def test_a_name_in_parts_is_the_body_or_the_person_that_is_there(read_text):
    text = "Recipient,Last Name,First Name,Organization Name,Amount\nRoe,Doe,Jane,nan,5\nRoe,nan,nan,Elm Street PBA,5\n"
    got = read_text(text + "Roe,NULL,NULL,NULL,5\nRoe,Null,Jane,,5\nRoe,Smith,Nan,,5\n")
    assert got.values("contributor") == ["Doe, Jane", "Elm Street PBA", "NULL, NULL", "Null, Jane", "Smith, Nan"]


def test_a_code_that_is_only_such_a_word_is_an_empty_code_unless_it_is_a_code():
    codes = (("", "monetary"), ("na", "other"), ("x|", "loan"))
    cells = pa.array(["", "nan", "NULL", "NA", "X|nan", "X|Y"])
    expected = ["monetary", "monetary", "monetary", "other", "loan", "in-kind"]
    assert look_up(cells, codes, "in-kind").to_pylist() == expected


def test_of_amounts_that_are_added_up_one_may_be_nothing(read_text, samples):
    text = (samples / "ga-legacy-ethics.csv").read_text(encoding="utf-8")
    assert "500.0000,0.0000" in text
    assert read_text(text.replace("500.0000,0.0000", "500.0,nan")).rows[0]["amount_cents"] == 50000
    assert (
        read_text(text.replace("500.0000,0.0000", "NULL,nan")).rejects[0]["reason"] == "'NULL + nan' is not an amount"
    )


CELLS = st.text(alphabet="abBxX-nN/ |*1.", max_size=8)


@given(st.lists(CELLS, max_size=12), st.lists(st.tuples(CELLS, st.sampled_from("pqr")), max_size=4))
def test_among_many_distinct_cells_each_has_the_code_that_it_has_alone(cells, codes):
    """Arrow leaves out the cells that no code fits, and no other."""
    many = [*cells, *(f"z{at}" for at in range(600))]
    lookup = code_lookup(tuple(codes), "rest")
    assert look_up(pa.array(many), tuple(codes), "rest").to_pylist() == [lookup(cell) for cell in many]
