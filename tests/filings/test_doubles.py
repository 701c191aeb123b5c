from __future__ import annotations

import pytest

from unionscreen.errors import MappingError
from unionscreen.filings.layouts.doubles import find_doubles


def test_columns_with_one_header_are_one_unless_they_contradict_each_other_in_every_row():
    headers = ["Name", "Amount", "Name", "Date", " Date ", "Amount", "Note", "Note.1", "", ""]
    rows = [
        ["", "5", "Roe", "1/1/2024", "1/1/2024", "7", "a", "nan", "", ""],
        ["Doe", "6", "Poe", "", "", "8", "", "b", "", ""],
    ]
    found = find_doubles(headers, rows)
    assert found.together == ((0, 2), (3, 4), (6, 7))
    assert found.opposed == ((1, 5),)
    assert found.hidden == {2, 4, 7}


def test_what_the_agency_calls_alike_stays_apart():
    assert not find_doubles(["Committee", "Committee"], [["Roe", ""]], own=["Committee", "committee"]).together
    assert not find_doubles(["Name", "Name.1"], [["Roe", ""]], own=["Name", "Name.1"]).together


def test_a_column_that_no_other_is_called_like_is_left_alone():
    assert not find_doubles(["Address.1", "Address.2", "Address 1"], [["a", "", ""]]).together


TWICE = "Recipient,Donor,Amount,Date,Donor,Amount,Date\n"


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_the_first_cell_that_is_filled_counts_row_by_row(read_text, name):
    rows = "Roe,,,1/1/2024,PBA,5,\nRoe,Doe,6,,nan,,2/2/2024\nRoe,Poe,7,3/3/2024,Poe,7,3/3/2024\n"
    text = TWICE + rows
    got = read_text(text.replace(",", "\t") if name.endswith("tsv") else text, name)
    assert got.values("contributor") == ["PBA", "Doe", "Poe"]
    assert got.values("amount_cents") == [500, 600, 700]
    assert [str(day) for day in got.values("date")] == ["2024-01-01", "2024-02-02", "2024-03-03"]
    assert not got.rejects


def test_it_counts_in_lines_that_need_the_slow_parser_too(read_text):
    got = read_text(TWICE + 'Roe,"D\noe",6,,,,2/2/2024\nRoe,,,1/1/2024,PBA,5,\n')
    assert got.values("contributor") == ["D oe", "PBA"]
    assert got.values("amount_cents") == [600, 500]


def test_a_pandas_copy_of_such_a_file_reads_alike(read_text):
    got = read_text("Recipient,Donor,Amount,Donor.1\nRoe,,5,PBA\nRoe,Doe,6,\n")
    assert got.values("contributor") == ["PBA", "Doe"]


def test_map_may_name_a_header_that_stands_twice(read_text):
    got = read_text("Recipient,Who,Amount,Who\nRoe,,5,PBA\nRoe,Doe,6,\n", mapping={"contributor": "Who"})
    assert got.values("contributor") == ["PBA", "Doe"]
    got = read_text("Recipient,Who,Amount,Who.1\nRoe,X,5,PBA\nRoe,,6,\n", mapping={"contributor": "Who.1"})
    assert got.values("contributor") == ["PBA", ""]


def test_two_things_of_one_name_are_the_users_to_decide(read_text):
    with pytest.raises(MappingError, match='the contributor could be "Donor" or "Donor"'):
        read_text("Recipient,Donor,Amount,Donor\nRoe,Doe,5,PBA\nRoe,Poe,6,Lodge 7\n")
    with pytest.raises(MappingError, match='"Who" is the header of several columns'):
        read_text("Recipient,Who,Amount,Who\nRoe,Doe,5,PBA\n", mapping={"contributor": "Who"})


def test_a_known_format_reads_them_as_one_and_says_where_they_are_two(sample, read_text, samples):
    text = (samples / "mo-mec-search.xls").read_text(encoding="utf-8")
    assert "Committee" in text
    assert sample("mo-mec-search.xls").rows[0]["recipient"] == "Citizens for Jane Roe Prosecuting Attorney"
    lines = (samples / "tn-tncamp.csv").read_text(encoding="utf-8").splitlines()
    twice = [f"{line},{'Recipient Name' if at == 0 else f'Else {at}'}" for at, line in enumerate(lines)]
    got = read_text("\n".join(twice) + "\n")
    assert got.values("recipient") == sample("tn-tncamp.csv").values("recipient")
    (note,) = [note for note in got.filing.notes if "Recipient Name" in note]
    assert note == '2 columns are called "Recipient Name" and differ in every row: the first is read'


def test_rows_in_which_they_differ_are_counted(read_text):
    got = read_text("Recipient,Donor,Amount,Donor,Note,Note\nRoe,Doe,5,,x,\nRoe,Doe,5,PBA,x,y\nRoe,Doe,5,Moe,x,x\n")
    assert got.values("contributor") == ["Doe", "Doe", "Doe"]
    assert got.differing == {"1": (2, 2)}
