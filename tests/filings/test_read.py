from __future__ import annotations

import random
from dataclasses import replace

import pyarrow as pa
import pytest

from unionscreen.contributions import COLUMNS, CONTRIBUTOR_TYPES, KINDS
from unionscreen.filings import Block, open_filing, read_block
from unionscreen.filings.layouts.layout import SCREENED

TYPES = {"string": pa.string(), "int64": pa.int64(), "date32": pa.date32(), "bool": pa.bool_()}
ROWS = 50
PLACES = ["Galt", "Lodi"]


@pytest.fixture
def block(tmp_path) -> Block:
    """A block with a bad row, a rejoined row and a blank line, in a layout with parts of names."""
    lines = ["Committee,Last Name,First Name,Amount,Date,City,Employer,Type"]
    lines += [f"Roe,DOE{i},JO,{i}.10,3/{1 + i % 28}/22,{PLACES[i % 2]},Employer {i}," for i in range(ROWS)]
    lines[10] = "Roe,DOE9,JO,nine,,,,"
    lines[20] = 'Roe,"DOE\n19",JO,19.10,,Galt,"Employer\n19",Refund'
    lines[30] = ""
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    (filing,) = open_filing(path)
    return read_block(next(filing.tasks()))


@pytest.mark.parametrize("name", COLUMNS)
def test_every_canonical_column_has_its_type_and_length(name, block):
    column = block.column(name)
    assert column.type == TYPES[COLUMNS[name].type]
    assert len(column) == block.num_rows == ROWS - 2
    assert column.validate(full=True) is None


@pytest.mark.parametrize("indices", [[], [0], [47, 3, 3, 18, 20], list(range(48))], ids=["none", "one", "some", "all"])
@pytest.mark.parametrize("first", [[], ["city"], ["contributor", "employer", "date"]], ids=str)
def test_some_rows_are_those_rows_of_the_whole(indices, first, block):
    for name in first:
        block.column(name)
    some = block.rows(indices).to_pylist()
    everything = block.rows().to_pylist()
    assert some == [everything[i] for i in indices]


@pytest.mark.parametrize("name", [name for name, column in COLUMNS.items() if column.type == "string"])
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_the_distinct_values_of_a_column_are_the_column(name, first, block):
    whole = None if first else block.column(name).to_pylist()
    values = block.distinct(name)
    assert values.dictionary_decode().to_pylist() == (whole or block.column(name).to_pylist())
    assert len(set(values.dictionary.to_pylist())) == len(values.dictionary)


def test_recipients_that_differ_in_their_blanks_are_one(read_text, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Recipient,Donor,Amount\nRoe ,Doe,5\n Roe,Doe,6\nPoe,Doe,7\n")
    (filing,) = open_filing(path)
    recipients = read_block(next(filing.tasks())).distinct("recipient")
    assert (recipients.dictionary.to_pylist(), recipients.indices.to_pylist()) == (["Roe", "Poe"], [0, 0, 1])


@pytest.mark.parametrize("word", ["TOTAL", "Totals:", " Grand Total ", "sub-total", "Report Total", ""])
def test_a_line_of_totals_is_no_contribution_in_whatever_case(word, read_text):
    got = read_text(f'Recipient,Donor,Amount\nRoe,"Tittle, S",5\n,"{word}",105\nTotal,"{word}",105\nRoe,Toles,100\n')
    assert got.values("contributor")[-1] == "Toles"
    assert "a line of totals, not a contribution" in {reject["reason"] for reject in got.rejects}


@pytest.mark.parametrize(("lazy_addresses", "address"), [(False, ["8"]), (True, [])])
def test_screening_reads_only_its_columns(lazy_addresses, address, samples):
    (filing,) = open_filing(samples / "tn-tncamp.csv")
    task = next(filing.tasks())
    read = read_block(replace(task, layout=replace(task.layout, lazy_addresses=lazy_addresses)))
    for name in set(SCREENED) - {"city", "state"}:  # in this format they stand in the address
        read.column(name)
    assert [segment.table.column_names for segment in read._segments] == [["0", "2", "6", "7", *address]]
    assert read.rows(pa.array([1], pa.uint64()), ["city", "state"]).to_pylist() == [
        {"city": "OAK RIDGE", "state": "TN"}
    ]
    assert read.rows([1]).to_pylist()[0]["date"] is not None
    assert not read._segments[0].whole


def test_refunds_filed_as_positive_amounts_go_back(block):
    row = next(row for row in block.rows().to_pylist() if row["kind"] == "refund")
    assert (row["contributor"], row["amount_cents"], row["employer"]) == ("DOE 19, JO", -1910, "Employer 19")


def test_rejected_rows_keep_line_reason_and_text(block):
    assert block.rejects.to_pylist() == [
        {"row": 10, "reason": "'nine' is not an amount", "text": "Roe,DOE9,JO,nine,,,,"}
    ]
    assert block.rows_read == ROWS - 1


def test_impossible_dates_are_null_and_counted(read_text):
    got = read_text(
        "Recipient,Donor,Amount,Date\nRoe,Doe,1,2/30/2022\nRoe,Doe,1,\nRoe,Doe,1,1/1/1900\nRoe,Doe,1,1/2/22\n"
    )
    assert [day is None for day in got.values("date")] == [True, True, True, False]
    assert got.bad_dates == 2


@pytest.mark.parametrize(
    ("row", "contributor"),
    [
        ("DOE,JANE,,,", "DOE, JANE"),
        ("DOE,JANE,Q.,,", "DOE, JANE Q."),
        ("DOE,JANE,Q.,III,", "DOE III, JANE Q."),
        ("DOE,,,,", "DOE"),
        (",JANE,,,", "JANE"),
        (",,,,Police Officers Association", "Police Officers Association"),
        ("DOE,JANE,,,Police Officers Association", "Police Officers Association"),
        (",,,,", ""),
        (" DOE , JANE ,,,", "DOE, JANE"),
    ],
)
def test_names_in_parts_are_joined_readably(row, contributor, read_text):
    header = "Committee,Last Name,First Name,Middle Name,Suffix,Organization Name,Amount"
    others = "ROE,JO,,,,1"  # pyarrow 26 loses rows whose parts are all null when it joins with null_handling="skip"
    got = read_text(f"{header}\nJane,{row},5\nJane,{others}\n")
    assert got.values("contributor") == [contributor, "ROE, JO"]


def test_kinds_and_contributor_types_come_from_the_words_in_one_column(read_text):
    words = {
        "I|individual": ("monetary", "individual"), "O|committee": ("monetary", "committee"),
        "O|other": ("monetary", "organization"), "In-Kind": ("in-kind", "unknown"), "Loan": ("loan", "unknown"),
        "Refund of Contribution": ("refund", "unknown"), "Returned": ("refund", "unknown"), "": ("monetary", "unknown"),
        "Non-monetary, individual": ("in-kind", "individual"), "Cash Expenditure": ("other", "unknown"),
        "Labor Union": ("monetary", "organization"), "PAC": ("monetary", "committee"),
    }  # fmt: skip
    rows = "".join(f'Roe,Doe,5,"{word}"\n' for word in words)
    got = read_text("Recipient,Donor,Amount,Type\n" + rows)
    assert list(zip(got.values("kind"), got.values("contributor_type"), strict=True)) == list(words.values())
    assert set(got.values("kind")) <= set(KINDS)
    assert set(got.values("contributor_type")) <= set(CONTRIBUTOR_TYPES)


def test_a_tick_in_an_in_kind_column_is_in_kind(read_text):
    got = read_text("Recipient,Donor,Amount,In-Kind\nRoe,Doe,5,X\nRoe,Doe,5,yes\nRoe,Doe,5,\nRoe,Doe,5,N\n")
    assert got.values("kind") == ["in-kind", "in-kind", "monetary", "monetary"]


def test_empty_details_are_null_but_names_are_always_text(read_text):
    got = read_text("Recipient,Donor,Amount,City\n,,5,\nRoe,Doe,1,x\n")
    assert (got.rows[0]["recipient"], got.rows[0]["contributor"], got.rows[0]["city"]) == ("", "", None)


def test_any_rows_in_any_order(block):
    order = list(range(block.num_rows))
    random.Random(7).shuffle(order)  # noqa: S311 - made-up data
    assert (
        block.rows(pa.array(order)).column("row").to_pylist() == block.column("row").take(pa.array(order)).to_pylist()
    )
