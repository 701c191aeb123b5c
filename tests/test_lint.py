"""The rules of docs/the-list.md: each is broken once on purpose, and named with file and row."""

import csv
import shutil

import pytest

from unionscreen.matching import lint as module
from unionscreen.matching.lint import lint
from unionscreen.unions import loading
from unionscreen.unions.loading import load_unions

UNION = {
    "union_id": "us-ca-elmhaven-police-officers-association", "name": "Elmhaven Police Officers Association",
    "kind": "police", "form": "association", "scope": "city", "state": "CA", "place": "Elmhaven", "parent_id": "",
    "number": "", "fec_ids": "", "ein": "", "filer_ids": "", "status": "active", "source": "https://example.org",
    "source_class": "web-or-repo", "confidence": "high", "note": "",
}  # fmt: skip
ALIAS = {
    "union_id": UNION["union_id"], "alias": UNION["name"], "alias_kind": "official", "ambiguous": "",
    "source": "https://example.org",
}  # fmt: skip
RELATED = {
    "name": "Elmhaven Police Foundation", "state": "CA", "category": "foundation", "aliases": "", "reason": "charity",
    "source": "https://example.org",
}  # fmt: skip
AGENCY = {
    "union_id": UNION["union_id"], "agency": "Elmhaven Police Department", "state": "CA", "ori": "CA0999900",
    "basis": "name and FBI list", "source": "https://example.org",
}  # fmt: skip


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """Lint a small list of made-up rows; gives the problems as text."""
    for name in ("vocabulary.toml", "list_date.txt"):
        shutil.copy(loading.data_path(name), tmp_path / name)
    for where in (loading, module):
        monkeypatch.setattr(where, "data_path", lambda name: tmp_path / name)

    def run(unions=(UNION,), aliases=(ALIAS,), related=(RELATED,), agencies=(AGENCY,)):
        write(tmp_path / "unions.csv", unions)
        write(tmp_path / "union_aliases.csv", aliases)
        write(tmp_path / "related_organizations.csv", related)
        write(tmp_path / "agencies.csv", agencies)
        return [str(problem) for problem in lint(load_unions.__wrapped__())]

    return run


def test_the_shipped_list_breaks_no_rule():
    assert [str(problem) for problem in lint(load_unions())] == []


def test_a_clean_list_has_no_problem(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"union_id": "us-tx-elmhaven"}, "new ids begin with us-ca-"),
        ({"union_id": "Elmhaven POA"}, "lower-case letters and hyphens"),
        ({"state": "ZZ"}, "state 'ZZ'"),
        ({"scope": "galaxy"}, "scope 'galaxy'"),
        ({"status": "asleep"}, "status 'asleep'"),
        ({"source": ""}, "no source"),
        ({"source": "general knowledge"}, "make the two agree"),
        ({"parent_id": "us-nobody"}, "parent 'us-nobody' is not on the list"),
        ({"ein": "12"}, "EIN '12'"),
        ({"fec_ids": "00123"}, "FEC id '00123'"),
        ({"place": "Elm  haven"}, "stray blanks"),
        ({"note": "PeÃ±a"}, "damage"),
        ({"name": "Elmhaven POA"}, "not among its aliases"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_cell_of_a_union_is_named_with_its_row(problems, change, said):
    union = UNION | change
    found = problems(unions=[union], aliases=[ALIAS | {"union_id": union["union_id"]}])
    assert any(line.startswith("unions.csv:2: ") and said in line for line in found), found


def test_an_alias_of_two_unions_says_what_separates_them(problems):
    other = UNION | {"union_id": "us-tx-elmhaven-police-officers-association", "state": "TX"}
    shared = [ALIAS, ALIAS | {"union_id": other["union_id"]}]
    assert any("is also a name of us-tx-elmhaven" in line for line in problems([UNION, other], shared))
    assert problems([UNION, other], [row | {"ambiguous": "state"} for row in shared]) == []


def test_the_state_separates_only_unions_of_two_states(problems):
    other = UNION | {"union_id": "us-ca-elmhaven-second-body"}
    shared = [row | {"ambiguous": "state"} for row in (ALIAS, ALIAS | {"union_id": other["union_id"]})]
    assert any("the state does not separate" in line for line in problems([UNION, other], shared))


def test_an_alias_that_the_matcher_does_not_find_is_named(problems):
    lost = ALIAS | {"alias": "Zinnia Circle Managers Association", "alias_kind": "as-filed"}
    trap = ALIAS | {"alias": "Elmhaven Fire Fighters", "alias_kind": "as-filed"}
    generic = ALIAS | {"alias": "Association"}
    found = problems(aliases=[generic, trap, ALIAS, lost])
    assert any("'Association' of us-ca-elmhaven" in line for line in found), found


def test_rows_out_of_order_and_rows_that_stand_twice_are_named(problems):
    second = UNION | {"union_id": "us-ca-aaa"}
    found = problems(unions=[UNION, second], aliases=[ALIAS, ALIAS])
    assert any(line.startswith("unions.csv:3: ") and "sort the file" in line for line in found)
    assert any("is in the file twice" in line for line in found)


def test_no_organisation_is_on_both_lists(problems):
    both = RELATED | {"name": UNION["name"]}
    assert any("related_organizations.csv:2" in line and "keep one" in line for line in problems(related=[both]))


LODGE = UNION | {
    "union_id": "us-ca-elmhaven-fraternal-order-of-police-lodge-912",
    "name": "Elmhaven Fraternal Order of Police Lodge 912",
    "form": "lodge",
    "number": "912",
    "ein": "01-0000001",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"union_id": "us-ca-z", "name": "Oak Pond FOP Lodge 912", "ein": ""}, "has the number and state of"),
        (
            {"union_id": "us-ca-z", "name": "Oak Pond FOP Lodge 9", "number": "9", "ein": "02-0000002;010000001"},
            "has the EIN of",
        ),
        (
            {"union_id": "us-ca-z", "name": "Elmhaven F.O.P. Lodge #912", "number": "", "ein": ""},
            "has the name and state of",
        ),
    ],
    ids=["number", "EIN", "name"],
)
def test_one_organization_under_two_ids_is_named(problems, change, said):
    twin = LODGE | change
    names = [ALIAS | {"union_id": each["union_id"], "alias": each["name"]} for each in (LODGE, twin)]
    found = problems(unions=(LODGE, twin), aliases=names)
    assert any(f"us-ca-z {said} {LODGE['union_id']}" in problem for problem in found)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "NV", "union_id": "us-nv-z"},
        {"number": "913", "name": "Elmhaven Fraternal Order of Police Lodge 913"},
        {"name": "Elmhaven PBA Local 912", "parent_id": ""},
    ],
    ids=["another state", "another number", "another federation's local"],
)
def test_a_number_is_anothers_in_another_state_or_federation(problems, change):
    other = LODGE | {"union_id": "us-ca-z", "ein": ""} | change
    names = [ALIAS | {"union_id": each["union_id"], "alias": each["name"]} for each in (LODGE, other)]
    assert not [problem for problem in problems(unions=(LODGE, other), aliases=names) if " and state of" in problem]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"union_id": "us-ca-nobody"}, "union 'us-ca-nobody' is not on the list"),
        ({"agency": ""}, "no agency"),
        ({"state": "NV", "ori": "NV0999900"}, "state 'NV'"),
        ({"ori": "CA99"}, "ORI 'CA99'"),
        ({"ori": "NV0999900"}, "ORI 'NV0999900'"),
        ({"basis": "hearsay"}, "basis 'hearsay'"),
        ({"ori": ""}, "basis 'name and FBI list' and ORI ''"),
        ({"source": ""}, "no source"),
        ({"agency": "Elmhaven  Police"}, "stray blanks"),
    ],
)
def test_an_agency_is_of_a_listed_union_in_its_state_with_a_source(problems, cells, message):
    found = problems(agencies=[AGENCY | cells])
    assert found
    assert all(each.startswith("agencies.csv:2: ") for each in found)
    assert any(message in each for each in found)


def test_an_agency_twice_is_named(problems):
    assert "is in the file twice" in problems(agencies=[AGENCY, AGENCY])[0]
