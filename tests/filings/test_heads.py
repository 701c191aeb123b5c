"""The first lines of a text, split by each possible delimiter."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from unionscreen.filings.files import heads
from unionscreen.filings.files.heads import read_heads
from unionscreen.filings.layouts.headers import Signatures, misses

CELLS = st.sampled_from(['"', '""', ",", "a", "", " ", '"a,b"', '"a', 'b"', "|", "x y"])
LINES = st.lists(st.lists(CELLS, max_size=5).map("".join), max_size=30)
WORDS = st.frozensets(st.sampled_from("abcdef"))
OPTIONS = st.lists(st.sampled_from(["a", "b", "c", "!d", "!e"]), min_size=1).filter(
    lambda words: any(not word.startswith("!") for word in words)
)


@given(LINES)
def test_lines_are_split_at_once_as_they_are_split_one_by_one(lines):
    at_once = heads._well_quoted(lines, ",")
    assert at_once in ([], list(heads._quoted(lines, ",")))


@given(LINES)
def test_a_packed_head_has_all_its_lines(lines):
    (head, *_) = read_heads("".join(f"{line}\n" for line in lines), complete=True)
    assert sum(record.span for record in head.records) == len(lines) == len(head.raw)
    assert [head.delimiter.join(record.fields) for record in head.raw] == lines


def test_an_open_quote_ends_with_its_line():
    (head,) = read_heads('a,b\n1,"open\n' + "2,3\n" * 20, complete=True)
    assert [record.fields for record in itertools.islice(head.records, 3)] == [("a", "b"), ("1", '"open'), ("2", "3")]


@given(st.lists(st.tuples(st.integers(0, 5), st.lists(OPTIONS, max_size=3)), max_size=6), WORDS)
def test_signatures_found_by_a_word_are_those_that_hold(owners, names):
    expected = [(option, owner) for owner, options in owners for option in options if not misses(option, names)]
    assert Signatures(owners).fitting(names) == expected


@given(LINES, st.sampled_from(",|"))
def test_the_first_records_are_the_same_when_the_others_are_not_split(lines, delimiter):
    found = read_heads("".join(f"{line}\n" for line in lines), complete=True)
    for head in (each for each in found if each.delimiter == delimiter):
        assert head.first == head.records[: heads.FIRST_RECORDS]
        for quoting in (True, False):
            filled = [record.fields for record in head.filled(quoting=quoting)]
            assert head.first_rows(3, quoting=quoting) == filled[:3]


def test_lines_after_the_head_are_not_in_it():
    for count, complete in ((heads.HEAD_LINES, True), (heads.HEAD_LINES + 1, False)):
        (head,) = read_heads("a,b\n" * count, complete=True)
        assert (len(head.records), head.complete) == (heads.HEAD_LINES, complete)
