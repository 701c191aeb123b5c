"""A line break without quotes cuts a row into pieces that add up to its width: they are rejoined, and reported."""

from __future__ import annotations

import pytest

from unionscreen import screen
from unionscreen.filings.rows import blocks, parse

HEADER = ("Recipient Name", "Contributor Name", "Address", "City", "Amount", "Date", "Note")
GOOD = ("Roe", "Doe", "1 Main St", "Salem", "25.00", "03/04/2022", "")
BROKEN = ("Roe", "Lee", "2 Elm St", "Salem", "40.00", "03/05/2022", "thanks")


def text(*lines: str, delimiter: str = ",", end: str = "\n") -> str:
    return end.join([delimiter.join(HEADER), *lines, ""])


def row(cells=GOOD, delimiter: str = ",") -> str:
    return delimiter.join(cells)


@pytest.mark.parametrize("delimiter", [",", "\t", "|"], ids=["comma", "tab", "pipe"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("at", range(1, len(BROKEN) - 1))  # in the first or the last cell, one piece is a row by itself
def test_a_row_that_a_line_break_cuts_is_one_row(at, end, delimiter, read_text):
    cells = [*BROKEN]
    cells[at] = f"{cells[at][:2]}{end}{cells[at][2:]}"
    lines = [row(each, delimiter) for each in (GOOD, cells, GOOD)]
    got = read_text(text(*lines, delimiter=delimiter, end=end))
    assert got.values("amount_cents") == [2500, 4000, 2500]
    assert (got.row_numbers, got.rejects) == ([2, 3, 5], [])


def test_three_pieces_are_one_row_and_two_short_rows_are_not(read_text):
    three = "Roe,Lee,2 Elm St\nApt 4\n,Salem,40.00,03/05/2022,"
    got = read_text(text(row(), three, row()))
    assert got.values("amount_cents") == [2500, 4000, 2500]
    short = ["Roe,Lee,2 Elm St,Salem,40.00", "Roe,Poe,3 Oak St"]  # the first is a row, the second is cut off
    got = read_text(text(row(), *short, row()))
    assert got.values("contributor") == ["Doe", "Lee", "Doe"]
    assert [each["row"] for each in got.rejects] == [4]


def test_a_total_after_a_short_line_is_not_put_together(read_text):
    got = read_text(text(row(), "Report of 2022,by the county", ",,,,25.00,,", row()))
    assert got.values("amount_cents").count(2500) == 3
    assert [each["row"] for each in got.rejects] == [3]


@pytest.mark.parametrize("size", [150, 260, 400])
@pytest.mark.parametrize("delimiter", [",", "\t"], ids=["quoted", "not quoted"])
def test_the_size_of_the_blocks_does_not_change_it(size, delimiter, read_text, monkeypatch):
    cells = [*BROKEN]
    cells[2] = "2 Elm\nSt"
    lines = [row(GOOD, delimiter) if at % 9 else row(cells, delimiter) for at in range(60)]
    whole = read_text(text(*lines, delimiter=delimiter))
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(parse, "CHUNK_BYTES", max(size // 3, 50))
    cut = read_text(text(*lines, delimiter=delimiter))
    assert cut.blocks > 5
    assert (cut.rows, cut.rejects) == (whole.rows, whole.rejects)
    assert (len(whole.rows), whole.rejects) == (60, [])


def test_it_is_reported(tmp_path):
    path = tmp_path / "roe.csv"
    path.write_text(text(row(), "Roe,Lee,2 Elm\nSt,Salem,40.00,03/05/2022,", row()))
    (note,) = [each for each in screen(path).notes if "line breaks" in each]
    assert note == f"{path}: 1 row was cut by line breaks without quotes and rejoined, such as row 3: check it"
