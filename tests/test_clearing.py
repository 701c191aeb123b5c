"""Staff clear a donor: who did, when and why is recorded, and every list and report shows it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from unionscreen.review.decisions import Decision, cleared_notes
from unionscreen.review.store import load_decisions

Cli = Callable[..., Result]
LIKE = "Willow Bend Police Officers Association"
SAID = "reviewed, not a union by A.B. on 2026-01-31: a homeowners' club, bylaws on file"
CLEAR = ("--by", "A.B.", "--on", "2026-01-31", "--why", "a homeowners' club, bylaws on file")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(
        f"Date,Amount,Donor,State,Recipient\n2024-01-05,75.00,{LIKE},CA,Roe for District Attorney\n"
        "2024-01-06,5.00,Jane Smith,CA,Roe for District Attorney\n"
    )
    return path


@pytest.mark.parametrize("log", ["decisions.csv", "decisions.sqlite"])
def test_a_cleared_donor_is_accepted_and_shown_with_who_when_and_why(
    cli: Cli, export: Path, tmp_path: Path, log: str
) -> None:
    decisions = tmp_path / log
    assert "Review before depositing: 1 donation, $75.00" in cli("intake", export, "--policy", "refuse").stdout
    cleared = cli("review", "clear", LIKE, "--decisions", decisions, "--state", "CA", *CLEAR)
    assert cleared.exit_code == 0, cleared.stderr
    assert f"cleared: {LIKE} (CA): {SAID}" in cleared.stderr
    assert "It overrides this answer: " in cleared.stderr
    assert "union on the list" not in cleared.stderr

    shown = cli("intake", export, "--policy", "refuse", "--decisions", decisions)
    listed = shown.stdout[shown.stdout.index("Cleared by a person") :]
    assert listed.startswith("Cleared by a person, and accepted: 1 donation, $75.00\n")
    assert all(text in listed for text in (LIKE, SAID, "export.csv:2"))
    assert "Accept: 2 donations, $80.00, the cleared one included (--format csv" in shown.stdout
    assert f"cleared by a person: {LIKE}: {SAID}" in shown.stderr

    found = json.loads(cli("intake", export, "--decisions", decisions, "--format", "json").stdout)
    assert [each["reviewed"] for each in found["accept"]] == [SAID, None]
    log_path = tmp_path / "log.csv"
    cli("intake", export, "--decisions", decisions, "--decision-log", log_path)
    assert [row["reviewed"] for row in csv.DictReader(log_path.read_text().splitlines())] == [SAID, ""]


def test_who_clears_a_union_on_the_list_is_told_that_it_is_one(cli: Cli, tmp_path: Path) -> None:
    union = "San Diego Police Officers Association"
    cleared = cli("review", "clear", union, "--decisions", tmp_path / "d.csv", "--state", "CA", *CLEAR)
    assert cleared.exit_code == 0
    assert "This donor is a union on the list: San Diego Police Officers" in cleared.stderr
    assert "It overrides this answer: " in cleared.stderr


def test_the_notes_of_a_report_name_the_donor_that_was_cleared(cli: Cli, export: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    cli("review", "clear", LIKE, "--decisions", decisions, *CLEAR)
    shown = cli("screen", export, "--decisions", decisions)
    assert f"cleared by a person: {LIKE}: {SAID}" in shown.stderr
    assert "Reviewed and not a union, not counted above" in shown.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--by", "A.B."), "a donor is cleared only with a reason"),
        (("--by", "A.B.", "--why", "  "), "a donor is cleared only with a reason"),
        (("--why", "owners"), "nobody is named who clears the donor"),
        (("--by", "A.B.", "--why", "owners", "--on", "today"), "--on today: not a day"),
        (("--by", "A.B.", "--why", "owners", "--state", "Nowhere"), "'Nowhere' is not a state"),
    ],
)
def test_a_donor_is_not_cleared_without_who_when_and_why(
    cli: Cli, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    decisions = tmp_path / "decisions.csv"
    result = cli("review", "clear", LIKE, "--decisions", decisions, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not decisions.exists()


def test_a_donor_is_cleared_once_and_can_be_doubted_again(cli: Cli, export: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    cli("review", "clear", LIKE, "--decisions", decisions, *CLEAR)
    assert "cleared before" in cli("review", "clear", LIKE, "--decisions", decisions, *CLEAR).stderr
    assert load_decisions(decisions).log == (
        Decision(LIKE, "", "", "rejected", "A.B.", "2026-01-31", "a homeowners' club, bylaws on file"),
    )
    cli("review", "revoke", LIKE, "--decisions", decisions, "--by", "C.D.", "--why", "they are officers")
    shown = cli("intake", export, "--decisions", decisions).stdout
    assert "Review before depositing: 1 donation, $75.00" in shown
    assert "Cleared by a person" not in shown


def test_a_name_that_is_not_in_doubt_may_be_misspelled(cli: Cli, tmp_path: Path) -> None:
    result = cli("review", "clear", "Jane Smith", "--decisions", tmp_path / "decisions.csv", *CLEAR)
    assert result.exit_code == 0
    assert "is it spelled as in the export?" in result.stderr


def test_the_notes_name_ten_donors_and_count_the_rest() -> None:
    notes = cleared_notes({f"Club {number:02d}": "reviewed" for number in range(13)})
    assert len(notes) == 11
    assert notes[-1] == "cleared by a person: 3 more donors"
