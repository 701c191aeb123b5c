"""Lists that people write are read alike, however their spreadsheet saved them; what is no list is said so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.errors import UnionListError, UnionScreenError, UsageError
from unionscreen.lists import append_list, parse_list, read_list
from unionscreen.matching.evaluate import read_cases
from unionscreen.pledges import load_pledges
from unionscreen.policy.log import LOG_COLUMNS, read_log
from unionscreen.prosecutors import read_roster
from unionscreen.review.store import load_decisions
from unionscreen.unions.overlay import read_overlay

ROWS = [(2, {"union": "Peña Officers, Inc.", "alias": "POI"}), (3, {"union": "B", "alias": ""})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_a_spreadsheet_saves_is_read(tmp_path, encoding, delimiter, end):
    path = tmp_path / "own.csv"
    lines = [("Union", " alias "), ('"Peña Officers, Inc."', "POI"), ("B", ""), ("", "")]
    path.write_bytes("".join(delimiter.join(cells) + end for cells in lines).encode(encoding))
    assert [tuple(row) for row in read_list(path).rows] == ROWS


def test_a_line_break_in_a_cell_is_a_blank_and_lines_are_counted_as_an_editor_does(tmp_path):
    _, rows = parse_list('union,alias\n"Night\nOwls",\nB,\n', "own.csv")
    assert [(row.line, row.cells["union"]) for row in rows] == [(2, "Night Owls"), (4, "B")]


def test_of_two_heads_for_one_column_the_one_that_is_filled_in_counts():
    _, rows = parse_list("name,candidate\n,Roe\nDoe,Roe\n", "own.csv", column=lambda _: "prosecutor")
    assert [row.cells["prosecutor"] for row in rows] == ["Roe", "Doe"]


def test_an_unquoted_comma_is_not_cut_off():
    with pytest.raises(UsageError, match=r"own\.csv:2: 3 cells under 2 headings") as raised:
        parse_list("union,source\nOwls,Elmhaven, Ohio\n", "own.csv")
    assert raised.value.cell == "Ohio"


def test_an_open_quote_is_named_with_its_line():
    with pytest.raises(UsageError, match=r"own\.csv:3: no CSV from here on"):
        parse_list('union\nB\n"' + "x" * 200_000, "own.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\0\0workbook", "own.csv: is not a text file\nHint: in a spreadsheet, save it as \"CSV UTF-8\""),
        (b"\xff\xfeu\0n", "own.csv: is cut off or damaged at byte 4"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_said_so(tmp_path, content, said):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(UnionListError) as raised:
        read_list(path, error=UnionListError)
    assert said in str(raised.value)


def test_a_folder_and_a_missing_file_are_said(tmp_path):
    with pytest.raises(UsageError, match="is a folder, not a list"):
        read_list(tmp_path)
    with pytest.raises(UsageError, match="cannot be opened: No such file"):
        read_list(tmp_path / "own.csv")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_an_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        header, rows = read_list(path)
    except UsageError:
        return
    assert all(set(row.cells) == set(header) for row in rows)


def add(path, **cells):
    append_list(path, ("union", "alias"), [cells], needed=["union"])


def test_rows_are_added_under_the_columns_that_are_there(tmp_path):
    path = tmp_path / "own.csv"
    add(path, union="A", alias="a")
    add(path, union="B, Inc.", state="OH")
    assert path.read_text() == 'union,alias\nA,a\n"B, Inc.",\n'
    path.write_text("alias;note;union\na;;A")
    add(path, union="B", alias="b; c")
    assert path.read_text() == 'alias;note;union\na;;A\n"b; c";;B\n'


def test_nothing_is_added_where_it_would_be_lost(tmp_path):
    path = tmp_path / "own.csv"
    for content, said in ((b"name\nA\n", "no column for union"), ("union\nPeña\n".encode("cp1252"), "not UTF-8")):
        path.write_bytes(content)
        with pytest.raises(UsageError, match=said):
            add(path, union="B")
        assert path.read_bytes() == content


PLEDGE = "2020-06-09,https://example.org/"
LISTS = {
    "cases": (read_cases, "name,label", "Oakland POA,union"),
    "the user's unions": (read_overlay, "union,alias", "Elk Hills PBA,Elk Hills Police"),
    "roster": (read_roster, "prosecutor,recipient,pledge_date", "Jane Roe,Roe for DA,2020-06-09"),
    "pledges": (load_pledges, "prosecutor,pledge_date,source", f"Jane Roe,{PLEDGE}"),
    "decisions": (load_decisions, "donor,verdict,by,on", "Elk Hills PBA,confirmed,A.B.,2026-01-31"),
    "decision log": (read_log, ",".join(LOG_COLUMNS), "," * (len(LOG_COLUMNS) - 1) + "0.1.0"),
}
every_list = pytest.mark.parametrize(("read", "header", "row"), LISTS.values(), ids=LISTS)


@every_list
@pytest.mark.parametrize("size", [1, 140_000], ids=["short", "longer than csv takes"])
def test_a_quote_that_is_never_closed_takes_no_rows_below_it(tmp_path, read, header, row, size):
    path = tmp_path / "list.csv"
    path.write_text(f'{header}\n{row}\n"{row}\n' + "x" * size + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(UnionScreenError, match=r"list\.csv:3: no CSV from here on.*\nHint: .* quotes"):
        read(path)


@every_list
def test_a_comma_without_quotes_moves_no_cell_under_another_heading(tmp_path, read, header, row):
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n{row}\nInc, {row}\n", encoding="utf-8")
    with pytest.raises(UnionScreenError, match=r"list\.csv:3: \d+ cells under \d+ headings"):
        read(path)


@every_list
def test_what_cannot_be_opened_is_said_with_its_name(tmp_path, read, header, row):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises((UnionScreenError, OSError), match=r"folder\.csv"):
        read(tmp_path / "folder.csv")


@every_list
def test_empty_rows_and_empty_cells_at_the_end_are_nothing(tmp_path, read, header, row):
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n\n,,\n{row},,\n", encoding="utf-8")
    assert read(path)
