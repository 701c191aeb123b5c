"""Many names at once: the same answers as one by one, in order, from Python and from a CSV on standard input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import Result

import unionscreen
from unionscreen.errors import UsageError

Cli = Callable[..., Result]

SAN_DIEGO = "San Diego Police Officers Association"
NAMES = [
    "Marshall, Dana",
    SAN_DIEGO,
    "Fraternal Order of Police Lodge 5",
    "Brightwater Dental Group",
    "Willow Bend Police Foundation",
    SAN_DIEGO,
    "García Tile",
]
STATES = ["CA", "CA", "PA", "", "OH", "", None]


def one_by_one(names, states):
    from unionscreen.matching.answers import to_dict

    return [to_dict(unionscreen.check(name, state=state or None)) for name, state in zip(names, states, strict=True)]


def test_each_name_is_answered_as_check_answers_it_in_order():
    frame = unionscreen.check_many(NAMES, STATES)
    expected = pd.DataFrame(one_by_one(NAMES, STATES))
    assert list(frame.columns) == list(expected.columns)
    for column in expected.columns:
        same = [
            (mine == its) or (pd.isna(mine) and pd.isna(its))
            for mine, its, verdict in zip(frame[column], expected[column], frame.verdict, strict=True)
            if column != "why" or verdict != "clear"
        ]
        assert all(same), column


@pytest.mark.parametrize(
    "column",
    [
        NAMES,
        tuple(NAMES),
        pd.Series(NAMES),
        pd.Series(NAMES, dtype="category"),
        pa.array(NAMES),
        pa.array(NAMES).dictionary_encode(),
        pa.chunked_array([NAMES[:3], NAMES[3:]]),
    ],
    ids=["list", "tuple", "series", "category", "array", "dictionary", "chunks"],
)
def test_a_list_a_series_and_an_arrow_array_are_answered_alike(column):
    assert list(unionscreen.check_many(column).name) == NAMES
    assert unionscreen.check_many(column, "CA").verdict.tolist()[:2] == ["clear", "union"]


def test_a_series_keeps_its_index_whatever_it_is():
    frame = unionscreen.check_many(pd.Series([SAN_DIEGO, "Lee, Ann", SAN_DIEGO], index=[7, 3, 7]))
    assert frame.index.tolist() == [7, 3, 7]
    assert frame.verdict.tolist() == ["union", "clear", "union"]


def test_missing_names_keep_their_row():
    frame = unionscreen.check_many(pd.Series([None, SAN_DIEGO, float("nan"), ""]))
    assert frame.name.tolist() == ["", SAN_DIEGO, "", ""]
    assert frame.verdict.tolist() == ["no name", "union", "no name", "no name"]


NO_NAMES = ["", " ", "...", "-", "N/A", "n/a", "NULL, none", "(null)", "<NA>", "\\N", "_", "\u200b", "NA\nNA"]
NAMES_ALL_THE_SAME = ["Nan Smith", "32BJ", "Ñ", "é.", "NANNA", "0", "NA1", "\u674e", "Nä"]


def test_a_text_that_names_nobody_is_never_clear(cli: Cli) -> None:
    names = [*NO_NAMES, *NAMES_ALL_THE_SAME]
    expected = ["no name"] * len(NO_NAMES) + ["clear"] * len(NAMES_ALL_THE_SAME)
    assert unionscreen.check_many(names).verdict.tolist() == expected
    lines = [name for name in names if "\n" not in name]
    result = cli("check", "--stdin", "--json", stdin="\n".join(lines) + "\n")
    assert [json.loads(line)["verdict"] for line in result.stdout.splitlines()] == [
        verdict for name, verdict in zip(names, expected, strict=True) if "\n" not in name
    ]
    for name in NO_NAMES:
        with pytest.raises(UsageError, match="no name"):
            unionscreen.check(name)


def test_no_name_is_no_row_under_all_columns():
    frame = unionscreen.check_many([])
    assert len(frame) == 0
    assert "verdict" in frame.columns


def test_the_city_of_its_row_is_a_witness():
    names = ["Police Officers Association", "Police Officers Association"]
    frame = unionscreen.check_many(names, "CA", ["San Diego", ""])
    assert frame.union.tolist() == [unionscreen.check(names[0], state="CA", city="San Diego").union, frame.union[1]]
    assert frame.union[1] != SAN_DIEGO


def test_each_distinct_donor_is_asked_about_once(monkeypatch):
    from unionscreen.matching import Matcher

    asked = []
    match = Matcher.match
    monkeypatch.setattr(
        Matcher,
        "match",
        lambda self, name, **beside: asked.append((name, beside["state"])) or match(self, name, **beside),
    )
    unionscreen.check_many(
        [SAN_DIEGO, "Juniper Tile", SAN_DIEGO, "Brightwater Dental"] * 500, ["CA", "", "NV", ""] * 500
    )
    assert sorted(asked) == [(SAN_DIEGO, "CA"), (SAN_DIEGO, "NV")]


def test_own_unions_and_decisions_count_as_in_check(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("union,alias\nQuillback Harbor Wardens,Quillback Wardens Committee\n")
    assert unionscreen.check_many(["Quillback Wardens Committee"], unions=own).verdict.tolist() == ["union"]


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"states": ["CA"]}, "states: 1 for 2 names"),
        ({"cities": ["A", "B", "C"]}, "cities: 3 for 2 names"),
        ({"states": "Freedonia"}, "'Freedonia' is not a state"),
    ],
)
def test_states_that_are_not_one_for_each_name_are_refused(beside, said):
    with pytest.raises(UsageError, match=said):
        unionscreen.check_many(["A", "B"], **beside)


def asked_of(cli: Cli, text: str, *options: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in cli("check", "--stdin", "--json", *options, stdin=text).stdout.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "name,state,city\nFraternal Order of Police Lodge 5,PA,Philadelphia\n",
        "State,Name\nPennsylvania,Fraternal Order of Police Lodge 5\n",
        "\ufeffcity;NAME;state\nPhiladelphia;Fraternal Order of Police Lodge 5;pa\n",
        'amount,name,state\n5.00,"Fraternal Order of Police Lodge 5",PA\n\n',
        'name\tstate\n"Fraternal Order of Police\nLodge 5"\tPA\r\n',
    ],
    ids=["all", "other order", "semicolons", "more columns", "a line end in a cell"],
)
def test_a_csv_says_the_state_of_each_name(cli: Cli, text: str) -> None:
    (answer,) = asked_of(cli, text)
    assert answer["name"] == "Fraternal Order of Police Lodge 5"
    assert answer["union_id"] == "us-pa-fraternal-order-of-police-lodge-5"


def test_the_rows_own_state_is_nearer_than_the_options(cli: Cli) -> None:
    text = "name,state\nFraternal Order of Police Lodge 5,PA\nFraternal Order of Police Lodge 5,\n"
    first, second = asked_of(cli, text, "--state", "OH")
    assert first["union_id"] == "us-pa-fraternal-order-of-police-lodge-5"
    assert second["union_id"] != first["union_id"]


def test_lines_without_such_a_header_stay_names(cli: Cli) -> None:
    lines = ["Name of the Rose, State Theater", "Lee, Ann, CA", 'Local 5", Pipe Fitters', "state,city"]
    assert [answer["name"] for answer in asked_of(cli, "\n".join(lines))] == lines


def test_under_the_heading_name_alone_a_comma_is_part_of_the_name(cli: Cli) -> None:
    names = [answer["name"] for answer in asked_of(cli, 'name\nSmith, Jane\n"Lee, Ann"\nACME\n')]
    assert names == ["Smith, Jane", "Lee, Ann", "ACME"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,state\nACME,CA\nSmith, Jane,CA\n", "standard input:3: 3 cells under 2 headings"),
        ('name,state\nACME,CA\n"Smith,CA\nLee,CA\n', "3: a quote is never closed"),
        ("name,state\n", "no name on standard input"),
    ],
    ids=["a comma without quotes", "an open quote", "no row"],
)
def test_a_row_that_cannot_be_read_is_exit_3_with_its_line(cli: Cli, text: str, said: str) -> None:
    result = cli("check", "--stdin", "--json", stdin=text)
    assert result.exit_code == 3
    assert said in result.stderr


def test_decisions_are_found_by_the_state_of_the_row(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "decisions.csv"
    log.write_text(
        f"donor,state,union_id,verdict,by,on,why\n{SAN_DIEGO},CA,,rejected,K. Vale,2021-03-04,\n",
        encoding="utf-8",
    )
    text = f"name,state\n{SAN_DIEGO},CA\n{SAN_DIEGO},\n"
    first, second = asked_of(cli, text, "--decisions", str(log))
    assert first["verdict"] == "clear"
    frame = unionscreen.check_many([SAN_DIEGO, SAN_DIEGO], ["CA", ""], decisions=log)
    assert frame.verdict.tolist() == [first["verdict"], second["verdict"]]


@pytest.mark.parametrize("heading", ["donor", "Contributor", "name"])
def test_a_header_by_another_word_for_the_donor_is_not_a_name(cli: Cli, heading: str) -> None:
    (answer,) = asked_of(cli, f"{heading},state\nFraternal Order of Police Lodge 5,PA\n")
    assert answer["union_id"] == "us-pa-fraternal-order-of-police-lodge-5"


def test_a_state_that_is_none_is_an_error_with_its_line_and_cell(cli: Cli) -> None:
    result = cli("check", "--stdin", stdin="name,state\nACME,CA\nACME,\nACME,ZZ\n")
    assert result.exit_code == 3
    assert "standard input:4" in result.stderr
    assert "'ZZ' is not a state" in result.stderr
