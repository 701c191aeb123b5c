"""docs/sql.md: its function for DuckDB, its examples, and the traps that it warns of."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import unionscreen

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: docs/sql.md shows a function for it")

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "sql.md"


@pytest.fixture
def page() -> dict[str, Any]:
    """What the first block of the page defines: the function, registered in a database."""
    defined: dict[str, Any] = {}
    exec(re.search(r"^```python\n(import.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)[1], defined)  # noqa: S102 - our own page
    return defined


def test_the_page_runs_as_printed(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, run = doctest.testfile(str(PAGE), module_relative=False, globs=page)
    assert failed == 0
    assert run >= 10


def answers_of(page, rows: pd.DataFrame, **settings: object) -> pd.DataFrame:
    """The function's answers for the columns number, donor, state and city, in order."""
    database = page["database"]
    for name, value in settings.items():
        database.execute(f"SET {name} = {value}")
    database.register("asked", rows)
    return database.sql(
        "SELECT answer.* FROM (SELECT number, check_donor(donor, state, city) AS answer FROM asked) ORDER BY number"
    ).df()


@pytest.mark.parametrize("threads", [1, 4])
def test_the_answers_are_those_of_check_many_whatever_the_chunks(page, threads):
    lodge, officers = "Fraternal Order of Police Lodge 5", "Police Officers Association"
    some = pd.DataFrame(
        [
            ("Marsh, Dana", "CA", None),
            (lodge, "PA", None),
            (lodge, None, None),
            (officers, "CA", "San Diego"),
            (officers, "CA", None),
            (None, "CA", None),
            ("", None, None),
            ("N/A", "CA", ""),
            ("Willow Bend Police Foundation", "OH", None),
            ("García Tile 警察", "Not a state", None),
        ],
        columns=["donor", "state", "city"],
    )
    clear = pd.DataFrame({"donor": [f"Marsh, Dana {number}" for number in range(5_000)], "state": None, "city": None})
    rows = pd.concat([some, clear, some, clear, some], ignore_index=True)  # more than DuckDB passes at once
    rows["number"] = range(len(rows))
    found = answers_of(page, rows, threads=threads)
    expected = unionscreen.check_many(rows.donor, rows.state, rows.city)
    assert set(expected.verdict) == {"clear", "union", "related", "no name"}
    for column in page["ANSWER"]:
        mine = [None if pd.api.types.is_scalar(each) and pd.isna(each) else each for each in found[column]]
        theirs = [None if pd.api.types.is_scalar(each) and pd.isna(each) else each for each in expected[column]]
        assert [list(a) if column == "could_be" else a for a in mine] == theirs, column


def test_an_unknown_state_hides_no_union_but_would_without_the_option_of_the_page(page):
    asked = "SELECT answer.verdict FROM (SELECT {}('Chicago FOP', NULL, NULL) AS answer)"
    database = page["database"]
    assert database.sql(asked.format("check_donor")).fetchall() == [("union",)]
    arguments = "careless", page["check_donor"], ["VARCHAR"] * 3, duckdb.struct_type(page["ANSWER"])
    database.create_function(*arguments, type="arrow")
    assert database.sql(asked.format("careless")).fetchall() == [(None,)]


def test_every_key_of_an_answer_is_a_field_of_the_function(page):
    assert ["name", *page["ANSWER"]] == list(unionscreen.check_many(["Marsh, Dana"]).columns)


def test_a_table_without_rows_has_no_answers(page):
    rows = pd.DataFrame({"number": [], "donor": [], "state": [], "city": []}).astype({"number": "int64"}).astype(object)
    assert len(answers_of(page, rows)) == 0


def test_an_error_of_unionscreen_stops_the_query_with_its_message(page, monkeypatch):
    def fails(*_):
        raise unionscreen.UnionScreenError("the list cannot be read")

    monkeypatch.setattr(unionscreen, "check_many", fails)
    with pytest.raises(duckdb.Error, match="the list cannot be read"):
        page["database"].sql("SELECT check_donor('Marsh, Dana', NULL, NULL)").fetchall()
