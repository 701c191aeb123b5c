"""Lists that people write are read alike, however their spreadsheet saved them; what is no list is said so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.errors import UnionListError, UsageError
from unionscreen.lists import append_list, parse_list, read_list

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
