"""The curated list: loading, checking, the user's own."""

import csv
from pathlib import Path

import pytest

from unionscreen.errors import UnionListError
from unionscreen.matching import Matcher
from unionscreen.unions import load_unions
from unionscreen.unions import loading as module


def test_every_alias_belongs_to_a_union():
    loaded = load_unions()
    assert {alias.union_id for alias in loaded.aliases} <= set(loaded.unions)


def test_every_union_goes_by_its_own_name():
    loaded = load_unions()
    missing = [u.name for u in loaded.unions.values() if u.name not in {a.alias for a in loaded.by_union[u.union_id]}]
    assert missing == []


def test_every_parent_is_on_the_list():
    loaded = load_unions()
    assert {u.parent_id for u in loaded.unions.values()} - {""} <= set(loaded.unions)


def test_every_union_and_alias_has_a_source():
    loaded = load_unions()
    assert all(u.source for u in loaded.unions.values())
    assert all(a.source for a in loaded.aliases)


@pytest.mark.parametrize("name", ["unions.csv", "union_aliases.csv", "related_organizations.csv"])
def test_list_files_are_sorted_for_clean_diffs(name):
    with module.data_path(name).open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))[1:]
    keys = [[cell.casefold() for cell in row[:2]] if name != "unions.csv" else row[:1] for row in rows]
    keys = [key[:1] for key in keys] if name == "related_organizations.csv" else keys
    assert keys == sorted(keys)


def test_an_unknown_id_names_its_neighbours():
    with pytest.raises(UnionListError, match="did you mean us-ca-oakland-police-officers-association"):
        load_unions().get("us-ca-oakland-police-officer-association")


def test_a_new_union_of_the_users_is_found(tmp_path):
    own = tmp_path / "my.csv"
    own.write_text("union,alias\nElmhaven Night Owls,Owls PAC\n", encoding="utf-8")
    answer = Matcher(load_unions(own)).match("ELMHAVEN NIGHT OWLS")
    assert (answer.verdict, answer.union) == ("union", "Elmhaven Night Owls")


def test_an_alias_of_the_users_joins_the_listed_union(tmp_path):
    own = tmp_path / "my.csv"
    own.write_text("union,alias\nOakland Police Officers' Association,Lake Merritt Watch\n", encoding="utf-8")
    answer = Matcher(load_unions(own)).match("Lake Merritt Watch")
    assert answer.union_id == "us-ca-oakland-police-officers-association"


def test_the_users_list_changes_the_hash(tmp_path):
    own = tmp_path / "my.csv"
    own.write_text("union,alias\nElmhaven Night Owls,\n", encoding="utf-8")
    assert load_unions(own).sha256 != load_unions().sha256


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,alias\nx,y\n", "my.csv:1: no column called 'union'"),
        ("union,alias\n", "has no unions"),
        ("union,alias\n,y\n", "my.csv:2: the union's name is empty"),
    ],
)
def test_a_wrong_list_of_the_users_is_named_with_its_line(tmp_path, content, said):
    own = tmp_path / "my.csv"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(UnionListError) as error:
        load_unions(own)
    assert said in str(error.value)


def test_a_list_that_is_not_there_is_named():
    with pytest.raises(UnionListError, match=r"nowhere\.csv"):
        load_unions(Path("nowhere.csv"))


def test_a_list_saved_in_the_windows_code_page_is_read(tmp_path):
    own = tmp_path / "my.csv"
    own.write_bytes("union,alias\nPeña Officers,\n".encode("cp1252"))
    assert load_unions(own).unions["own-peña-officers"].name == "Peña Officers"


def test_a_line_break_in_a_name_of_the_users_is_a_blank(tmp_path):
    own = tmp_path / "my.csv"
    own.write_text('union,alias\n"Elmhaven\nNight Owls","Lake\r\nMerritt Watch"\n', encoding="utf-8")
    matcher = Matcher(load_unions(own))
    for name in ("Elmhaven Night Owls", "Lake Merritt Watch"):
        assert matcher.match(name).union == "Elmhaven Night Owls"
    assert matcher.match("Oakland Police Officers Associ").union == "Oakland Police Officers' Association"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x,X,knights,,,,,,,,,,,,,,", "'knights' is not a kind"),
        ("x,X", "2 cells where 17 are expected"),
    ],
)
def test_a_wrong_row_of_the_shipped_list_is_named(tmp_path, line, said):
    broken = tmp_path / "unions.csv"
    header = module.data_path("unions.csv").read_text(encoding="utf-8").splitlines()[0]
    broken.write_text(f"{header}\n{line}\n", encoding="utf-8")
    with pytest.raises(UnionListError) as error:
        module._read_unions(broken)
    assert said in str(error.value)
    assert "unions.csv:2" in str(error.value)


def test_a_cell_with_a_comma_a_quote_or_a_line_end_is_read_as_the_csv_reader_reads_it():
    import csv
    import io

    from unionscreen.unions.loading import _cells

    for text in (
        'a,b\n"1,5",2\n3,4',
        'a,b\n"say ""x""",\n,\n',
        'a,b\n"two\nlines",2\n3,"4"\n',
        "a,b\r\n1,2\r\n",
        "a,b\n\n1,2\n",
        "",
    ):
        assert _cells(text) == list(csv.reader(io.StringIO(text, newline="")))
