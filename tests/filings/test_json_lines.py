"""Objects of text, one per line, become the same lines of CSV as when each is read with care."""

import io
import json
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from unionscreen.errors import FilingError
from unionscreen.filings.files import plain_objects, records
from unionscreen.filings.layouts.mapper import score_header
from unionscreen.safe_text import LINE_BREAKS

HEADER = ["amount", "contributor", "year"]
TEXTS = st.text(st.sampled_from("aé\u2028 ,\"'\\\x85\n\r\t1:{}[]"), max_size=5)
NUMBERS = st.sampled_from(["0", "-0", "-0.0", "1", "12.5", "12.50", "1e3", "0.001", "0.0001", "100.0", "9" * 13, "NaN"])
ODD = st.sampled_from(["true", "null", '{"a": 1}', "[1]", '"\\ud800"', '"x\ty"', '"amount\\": 5,"', '"\\u0000"', "[]"])
VALUES = st.one_of(TEXTS.map(json.dumps), NUMBERS, ODD)
KEYS = st.sampled_from([*HEADER, "amount", "note", 'x\\"amount'])
OBJECTS = st.lists(st.tuples(KEYS, VALUES), max_size=4).map(
    lambda pairs: "{" + ", ".join(f'"{key}": {value}' for key, value in pairs) + "}"
)
PLAIN = st.tuples(TEXTS, TEXTS, NUMBERS).map(
    lambda each: f'{{"amount": {each[2]}, "contributor": {json.dumps(each[0])}, "year": {json.dumps(each[1])}}}'
)
LINES = st.lists(st.one_of(PLAIN, PLAIN, OBJECTS, st.sampled_from(["", "[", "]", "x", "[{}]", "{},", "\ufeff"])))


def lines_of(data):
    """The lines of a file, and what was wrong with it."""
    out = []
    try:
        out.extend(records.as_lines(io.BytesIO(data), "a.json", HEADER, {"note"}.__contains__, score_header))
    except FilingError as error:
        return b"".join(out), str(error)
    return b"".join(out), None


@settings(max_examples=600, deadline=None)
@given(LINES, st.integers(1, 200))
@example(['{"amount": 1, "contributor": "a"}', '{"amount": 2, "amount": 3}'], 1)
@example(['{"results": [{"amount": "1", "contributor": "a"}]}'] * 3, 1)
def test_the_fast_and_the_careful_way_agree(lines, size):
    data = "\n".join(lines).encode("utf-8", "replace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_objects, "_PIECE", size)
        fast, wrong = lines_of(data)
        patch.setattr(plain_objects.PlainObjects, "as_lines", lambda _self, _piece: None)
        patch.setattr(records, "_is_flat", lambda _record: False)
        careful, also_wrong = lines_of(data)
    assert wrong == also_wrong
    # An error ends the reading; how many lines came before it does not matter.
    assert fast == careful if wrong is None else careful.startswith(fast)


@pytest.mark.parametrize("value", ['"x"', "null", "12", "0", "12.5", "-0.0", "100.0", "12.125"])
def test_objects_of_texts_and_usual_numbers_are_read_fast(value):
    piece = f'{{"amount": {value}, "contributor": "DOE, \\"PAT\\"", "year": "2022"}}\n'.encode() * 3
    made = plain_objects.PlainObjects(HEADER).as_lines(piece)
    shown = {'"x"': "x", "null": ""}.get(value, value)
    assert made == f'{shown},"DOE, ""PAT""",2022\n'.encode() * 3


def test_the_line_breaks_are_those_of_splitlines():
    every = map(chr, range(sys.maxunicode + 1))
    assert {*LINE_BREAKS} == {each for each in every if len(f"a{each}b".splitlines()) > 1}


@pytest.mark.parametrize("value", ["-0", "12.50", "1e3", "0.0001", "9" * 13, "true", "[1]", '"a\\nb"', '"\\u2028"'])
def test_what_python_would_write_differently_is_read_with_care(value):
    piece = f'{{"amount": {value}, "contributor": "a", "year": "b"}}\n'.encode()
    assert plain_objects.PlainObjects(HEADER).as_lines(piece) is None
