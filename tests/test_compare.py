"""The candidates of one race side by side: ``screen --compare``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

HEADER = "Recipient,Contributor,Amount,Date,Office,County\n"
FOP = "Chicago FOP Lodge 7"
OFFICE = "State's Attorney,Cook"


@pytest.fixture
def race(tmp_path):
    rows = [
        f"Jane Roe for State's Attorney,{FOP},100,2020-01-02,{OFFICE}",
        f"Jane Roe for State's Attorney,{FOP},-40,2020-02-02,{OFFICE}",
        f"Jane Roe for State's Attorney,Oakland POA,30,2020-02-03,{OFFICE}",
        f"Jane Roe for State's Attorney,Doe Pat,910,2020-02-03,{OFFICE}",
        f"Jim Poe for State's Attorney,Doe Pat,2000,2020-02-03,{OFFICE}",
        f"Max Moe for State's Attorney,{FOP},5,2020-02-03,State's Attorney,Lake",
    ]
    path = tmp_path / "race.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return path


MAP = ("--map", "office=Office", "--map", "jurisdiction=County")


def test_the_candidates_of_a_race_stand_beside_each_other_above_the_report(cli, race):
    shown = cli("screen", race, "--compare", *MAP).stdout.splitlines()
    lines = [line.split("  ") for line in shown[:12]]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[0] == ["State's Attorney, Cook"]
    assert cells[1] == ["Jim Poe", "Jane Roe"]  # who raised most comes first
    assert ["raised", "$2,000.00", "$1,000.00"] in cells
    assert ["from unions", "$0.00 net", "$90.00 net"] in cells
    assert ["returned", "$0.00", "$40.00"] in cells
    assert ["share", "0.0 %", "9.0 %"] in cells
    assert cells[7][:2] == ["top unions", "none"]
    assert "State's Attorney, Lake" not in "\n".join(shown[:14])  # one candidate alone is no race


def test_without_the_option_nothing_is_compared(cli, race):
    assert "top unions" not in cli("screen", race, *MAP).stdout


def test_the_comparison_is_a_table_of_every_report(cli, race, tmp_path):
    outs = [part for suffix in ("sqlite", "md", "html", "json") for part in ("--out", tmp_path / f"r.{suffix}")]
    assert cli("screen", race, "--compare", *MAP, *outs).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "r.sqlite")) as database:
        rows = database.execute("SELECT race, name, raised_cents, net_cents, share, unions FROM comparison").fetchall()
    assert rows == [
        ("State's Attorney, Cook", "Jim Poe", 200_000, 0, "0.0 %", 0),
        ("State's Attorney, Cook", "Jane Roe", 100_000, 9_000, "9.0 %", 2),
        ("State's Attorney, Lake", "Max Moe", 500, 500, "100.0 %", 1),
    ]
    assert "## Comparison" in (tmp_path / "r.md").read_text()
    assert '<h2 id="comparison">Comparison</h2>' in (tmp_path / "r.html").read_text()
    assert json.loads((tmp_path / "r.json").read_text())["manifest"]["settings"]["compare"] is True
    assert "top unions" in cli("report", tmp_path / "r.json").stdout


def test_a_place_that_no_filing_gives_is_said(cli, tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{who} for State's Attorney,Doe,5,2020-01-01\n" for who in ("Jane Roe", "Jim Poe"))
    path.write_text(f"Recipient,Contributor,Amount,Date\n{rows}")
    said = "State's Attorney (place not in the filings, so perhaps several races)"
    assert cli("screen", path, "--compare").stdout.splitlines()[0] == said


def test_a_single_candidate_is_said_to_have_nobody_beside(cli, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Recipient,Contributor,Amount,Date\nJane Roe for District Attorney,Doe,5,2020-01-01\n")
    assert "--compare: no two candidates for one office" in cli("screen", path, "--compare").stderr


def test_two_states_may_have_a_county_of_one_name(cli, race, tmp_path):
    people = "recipient,person,person_id\n" + "".join(
        f"{who} for State's Attorney,{who},person:{state}/{who.lower().replace(' ', '-')}/states-attorney\n"
        for who, state in (("Jane Roe", "il"), ("Jim Poe", "mn"))
    )
    (tmp_path / "people.csv").write_text(people)
    said = cli("screen", race, "--compare", *MAP, "--people", tmp_path / "people.csv").stderr
    assert "--compare: no two candidates for one office" in said
