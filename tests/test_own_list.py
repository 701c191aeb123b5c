"""The user's own list: add, rename, switch off; and `unions add`, search and export."""

import csv
import io
import json

import pytest

from unionscreen.errors import UnionListError, UsageError
from unionscreen.matching import Matcher
from unionscreen.matching.additions import add_union
from unionscreen.matching.search import search_unions
from unionscreen.unions import load_unions
from unionscreen.unions.export import export_csv, export_ftm, export_json

OAKLAND = "us-ca-oakland-police-officers-association"


@pytest.fixture
def own(tmp_path):
    def write(text):
        path = tmp_path / "mine.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_union_is_switched_off_by_id(own):
    known = load_unions(own(f"union,alias,action\n{OAKLAND},,off\n"))
    assert OAKLAND not in known.unions
    assert Matcher(known).match("Oakland Police Officers Association", state="CA").union_id is None


def test_a_union_is_switched_off_by_name(own):
    assert OAKLAND not in load_unions(own("union,alias,action\noakland police officers' association,,OFF\n")).unions


def test_one_alias_is_switched_off(own):
    known = load_unions(own(f"union,alias,action\n{OAKLAND},OPOA,off\n"))
    assert "OPOA" not in {alias.alias for alias in known.by_union[OAKLAND]}


def test_a_union_is_renamed_and_found_by_both_names(own):
    matcher = Matcher(load_unions(own(f"union,alias,action\n{OAKLAND},Oakland Rank and File,rename\n")))
    assert matcher.match("Oakland Rank and File").union == "Oakland Rank and File"
    assert matcher.match("Oakland Police Officers Association", state="CA").union == "Oakland Rank and File"


def test_an_added_union_has_its_kind_and_state(own):
    known = load_unions(own("union,alias,kind,state\nElmhaven Jailers United,,corrections,ca\n"))
    assert known.unions["own-elmhaven-jailers-united"].kind == "corrections"
    assert Matcher(known).match("Elmhaven Jailers United", state="TX").union_id is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("union,alias,action\nNobody Knows Them,,off\n", "no union has the id or name 'Nobody Knows Them'"),
        (f"union,alias,action\n{OAKLAND},Nope,off\n", "has no alias 'Nope'"),
        (f"union,alias,action\n{OAKLAND},,rename\n", "rename needs the new name"),
        (f"union,alias,action\n{OAKLAND},x,explode\n", "'explode' is not an action"),
        ("union,kind\nX,wizards\n", "'wizards' is not a kind"),
        ("union,state\nX,California\n", "not a state's two letters"),
        ("union,color\nX,red\n", "no such column: color"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_row_is_named_with_file_and_line(own, text, said):
    with pytest.raises(UnionListError) as error:
        load_unions(own(text))
    assert said in str(error.value)
    assert "mine.csv:" in str(error.value)


def test_add_writes_a_list_that_screening_can_use(tmp_path):
    path = tmp_path / "new.csv"
    add_union(path, "Elmhaven Night Owls", aliases=["Owls of Elmhaven PAC"], source="https://example.org", state="ca")
    add_union(path, OAKLAND, aliases=["Lake Merritt Watch"], source="a filing")
    matcher = Matcher(load_unions.__wrapped__(path))
    assert matcher.match("OWLS OF ELMHAVEN PAC", state="CA").union == "Elmhaven Night Owls"
    assert matcher.match("Lake Merritt Watch", state="CA").union_id == OAKLAND


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("Elmhaven Night Owls", " ", "needs its source"),
        ("Oakland POA", "x", "is already Oakland Police Officers' Association"),
        ("Elmhaven Police Foundation", "x", "reads like a look-alike"),
        (OAKLAND, "x", "is already on the list"),
        ("", "x", "is empty"),
    ],
)
def test_add_refuses_what_would_mislead_and_writes_nothing(tmp_path, name, source, said):
    path = tmp_path / "new.csv"
    with pytest.raises(UsageError, match=said):
        add_union(path, name, source=source)
    assert not path.exists()


@pytest.mark.parametrize(
    ("wrong", "said"), [({"kind": "firemen"}, "'firemen' is not a kind"), ({"state": "ZZ"}, "'ZZ' is not a state")]
)
def test_add_writes_no_row_that_would_spoil_the_list(tmp_path, wrong, said):
    path = tmp_path / "new.csv"
    with pytest.raises(UsageError, match=said):
        add_union(path, "Elmhaven Night Owls", source="x", **wrong)
    assert not path.exists()


def test_add_never_appends_to_a_file_that_is_something_else(tmp_path):
    path = tmp_path / "filing.csv"
    path.write_text("Recipient,Amount\nx,1\n", encoding="utf-8")
    with pytest.raises(UnionListError, match="no column called 'union'"):
        add_union(path, "Elmhaven Night Owls", source="x")
    assert path.read_text(encoding="utf-8") == "Recipient,Amount\nx,1\n"


@pytest.mark.parametrize(
    ("words", "union_id"),
    [
        ("orange cnty deputies", "us-ca-association-of-orange-county-deputy-sheriffs"),
        ("fop 7 chicago", "us-il-chicago-fraternal-order-of-police-lodge-7"),
        ("oaklnd police", OAKLAND),
        (OAKLAND, OAKLAND),
        ("lappl", "us-ca-los-angeles-police-protective-league"),
    ],
)
def test_search_finds_by_words_someone_remembers(words, union_id):
    assert union_id in [hit.union.union_id for hit in search_unions(load_unions(), words)]


def test_search_for_nothing_finds_nothing():
    assert search_unions(load_unions(), "  ") == []


def test_every_alias_is_in_the_csv_export():
    known = load_unions()
    rows = list(csv.DictReader(io.StringIO(export_csv(known))))
    assert len(rows) == len(known.aliases)


def test_the_json_export_says_which_list_it_is():
    assert json.loads(export_json(load_unions()))["version"] == load_unions().version


def test_every_union_is_an_organization_entity_for_followthemoney():
    entities = [json.loads(line) for line in export_ftm(load_unions()).splitlines()]
    assert {entity["schema"] for entity in entities} == {"Organization"}
    assert len({entity["id"] for entity in entities}) == len(load_unions().unions)
    assert all(entity["properties"]["name"] and entity["properties"]["country"] == ["us"] for entity in entities)


def test_initials_are_weak_aliases_for_followthemoney():
    oakland = next(json.loads(line) for line in export_ftm(load_unions()).splitlines() if OAKLAND in line)
    assert "OPOA" in oakland["properties"]["weakAlias"]
    assert "OPOA" not in oakland["properties"]["alias"]


def test_two_names_that_would_share_an_id_are_refused_by_line(own):
    with pytest.raises(UnionListError, match="would have the id of 'Quillback Wardens'") as error:
        load_unions(own("union,alias\nQuillback Wardens,QW\nQuillback-Wardens!,QWX\n"))
    assert error.value.row == 3
    assert load_unions(own("union,alias\nQuillback Wardens,QW\nquillback wardens,QWX\n")).unions[
        "own-quillback-wardens"
    ]
