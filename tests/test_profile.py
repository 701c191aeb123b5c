"""The profile of a campaign's intake: one file of settings, and nothing in it is ignored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from unionscreen.errors import MappingError, UsageError
from unionscreen.intake import judge_donations, load_profile
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions

Cli = Callable[..., Result]
UNION = "San Diego Police Officers Association"
GUARDS = "California Correctional Peace Officers Association"
FOUNDATION = "Willow Bend Police Foundation"
LIKE = "Willow Bend Police Officers Association"
PROFILE = """\
recipient = "Riley Chen for DA"
state = "CA"
policy = "review"
return_within = 30
decisions = "kept/decisions.csv"
letters = "letters"
letter_template = "kept/own.txt"
decision_log = "log.csv"

[kinds]
police = "refuse"
corrections = "review"
foundation = "accept"

[mapping]
contributor = "Payer"
amount = "Check $"
date = "Deposited"
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A campaign's folder with a profile; an export is in another folder."""
    folder = tmp_path / "campaign"
    (folder / "kept").mkdir(parents=True)
    (folder / "kept" / "own.txt").write_text("{{ recipient }} returns ${{ total }} to {{ donor }} by {{ due }}")
    (folder / "intake.toml").write_text(PROFILE)
    append_decisions(
        folder / "kept" / "decisions.csv", [Decision(LIKE, "CA", "", "rejected", "A.B.", "2026-01-31", "x")]
    )
    return folder


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "exports" / "today.csv"
    path.parent.mkdir()
    rows = [(UNION, "1,500.00"), (GUARDS, "40"), (FOUNDATION, "30"), (LIKE, "20"), ("Jane Roe", "10")]
    lines = ["Deposited,Payer,Check $,Other", *(f'2099-01-05,{name},"{amount}",9' for name, amount in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def lists(result: Result) -> dict[str, str]:
    found = json.loads(result.stdout)
    return {each["donor"]: action for action in ("accept", "review", "refuse") for each in found[action]}


def test_a_profile_decides_by_kind_and_its_paths_are_relative_to_it(cli: Cli, campaign: Path, exported: Path) -> None:
    result = cli("intake", exported, "--profile", campaign / "intake.toml", "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert lists(result) == {
        UNION: "refuse",
        GUARDS: "review",
        FOUNDATION: "accept",
        LIKE: "accept",
        "Jane Roe": "accept",
    }
    (refused,) = json.loads(result.stdout)["refuse"]
    assert refused["due"] == "2099-02-04"
    (letter,) = (campaign / "letters").iterdir()
    assert letter.read_text() == f"Riley Chen for DA returns $1,500.00 to {UNION} by 2099-02-04"
    assert "review (corrections: review, foundation: accept, police: refuse)" in (campaign / "log.csv").read_text()


def test_watch_sorts_by_the_same_profile(cli: Cli, campaign: Path, exported: Path) -> None:
    result = cli("watch", exported.parent, "--profile", campaign / "intake.toml", "--once")
    assert result.exit_code == 0, result.stderr
    assert "1 refuse, 1 review, 3 accept" in result.stderr
    assert len(list((campaign / "letters").iterdir())) == 1


def test_options_win_over_the_profile(cli: Cli, campaign: Path, exported: Path, tmp_path: Path) -> None:
    options = ("--policy", "review", "--return-within", "10", "--map", "amount=Other", "--recipient", "Roe for DA")
    letters = ("--letters", tmp_path / "mine")
    shown = cli("intake", exported, "--profile", campaign / "intake.toml", *options, *letters, "--format", "json")
    assert lists(shown) == {
        UNION: "review",
        GUARDS: "review",
        FOUNDATION: "review",
        LIKE: "accept",
        "Jane Roe": "accept",
    }
    (first, *_) = json.loads(shown.stdout)["review"]
    assert (first["due"], first["amount"]) == ("2099-01-15", "9.00")
    assert not (campaign / "letters").exists()


def test_before_the_first_decision_the_file_of_decisions_may_be_missing(
    cli: Cli, campaign: Path, exported: Path
) -> None:
    (campaign / "kept" / "decisions.csv").unlink()
    result = cli("intake", exported, "--profile", campaign / "intake.toml", "--format", "json")
    assert "there are no decisions yet" in result.stderr
    assert lists(result)[LIKE] == "refuse" or lists(result)[LIKE] == "review"


SAMPLES = Path(__file__).parent / "filings" / "samples"


@pytest.mark.parametrize("layout", ["actblue-contributions", "everyaction-van", "square-transactions"])
def test_an_export_in_a_known_layout_is_read_without_the_mapping_of_a_spreadsheet(
    cli: Cli, campaign: Path, layout: str
) -> None:
    export = SAMPLES / f"{layout}.csv"
    with_profile = cli("intake", export, "--profile", campaign / "intake.toml", "--format", "csv")
    assert with_profile.exit_code == 0, with_profile.stderr
    note = f'[mapping] is not used: this is {layout}, a known layout, and "Payer" is not a header of it'
    assert note in with_profile.stderr
    (campaign / "intake.toml").write_text(PROFILE.partition("[mapping]")[0])
    without = cli("intake", export, "--profile", campaign / "intake.toml", "--format", "csv")
    assert with_profile.stdout == without.stdout
    assert "[mapping]" not in without.stderr


def test_a_mapping_whose_headers_are_all_there_wins_over_a_known_layout() -> None:
    export = SAMPLES / "actblue-contributions.csv"
    plain = judge_donations(export)
    mapped = judge_donations(export, profile_mapping={"contributor": "Donor Last Name"})
    assert {each.donor for each in mapped.donations}.isdisjoint(each.donor for each in plain.donations)
    assert not any("[mapping]" in note for note in mapped.notes)


@pytest.mark.parametrize("given", [{"mapping": {"contributor": "Payer"}}, {"filing_format": "actblue-contributions"}])
def test_a_mapping_that_was_given_for_this_export_or_a_given_layout_must_fit(given: dict[str, Any]) -> None:
    with pytest.raises(MappingError, match='"Payer" is not a header'):
        judge_donations(SAMPLES / "actblue-contributions.csv", profile_mapping={"contributor": "Payer"}, **given)


def test_in_an_export_in_no_known_layout_every_header_of_the_mapping_must_be_there(
    cli: Cli, campaign: Path, exported: Path
) -> None:
    exported.write_text(exported.read_text().replace("Check $", "Sum"))
    result = cli("intake", exported, "--profile", campaign / "intake.toml")
    assert result.exit_code == 2
    assert (
        '[mapping] amount: "Check $" is not a header of this file, and the file is in no known layout' in result.stderr
    )
    assert 'correct [mapping] in the profile; the headers are: "Deposited", "Payer", "Sum", "Other"' in result.stderr
    fits = cli("intake", exported, "--profile", campaign / "intake.toml", "--map", "amount=Sum", "--format", "json")
    assert lists(fits)[UNION] == "refuse", fits.stderr


def test_a_kind_of_related_organizations_is_refused_only_when_the_profile_names_it(exported: Path) -> None:
    mapping = {"contributor": "Payer", "amount": "Check $", "date": "Deposited"}
    plain = judge_donations(exported, policy="refuse", mapping=mapping)
    named = judge_donations(exported, policy="refuse", policy_by_kind={"foundation": "refuse"}, mapping=mapping)
    assert [each.action for found in (plain, named) for each in found.donations if each.donor == FOUNDATION] == [
        "review",
        "refuse",
    ]


@pytest.mark.parametrize(
    ("text", "key", "allowed"),
    [
        ('recipent = "Roe"', "unknown key recipent", "did you mean recipient? keys are recipient, state,"),
        ('policy = "accept"', 'policy = "accept": not allowed', 'policy is "refuse" or "review"'),
        ("return_within = 14", "return_within = 14: not allowed", "a number of days: 10, 30 or 60"),
        ("return_within = true", "return_within = true: not allowed", "a number of days: 10, 30 or 60"),
        ('return_within = "10d"', 'return_within = "10d": not allowed', "a number of days: 10, 30 or 60"),
        ('employers = "yes"', 'employers = "yes": not allowed', "employers is true or false"),
        ('state = "Nowhere"', 'state = "Nowhere": not allowed', "the two letters of a state"),
        ('recipient = ""', 'recipient = "": not allowed', "recipient is a text in quotes"),
        ('filing_format = "actbleu"', 'filing_format = "actbleu": not allowed', "the id of a filing format"),
        ('unions = "own.csv"', 'unions = "own.csv": not allowed', "a file, relative to the profile"),
        (
            'letter_template = "none.txt"',
            'letter_template = "none.txt": not allowed',
            "a file, relative to the profile",
        ),
        ('kinds = "police"', 'kinds = "police": not allowed', "a table: begin it with a line [kinds]"),
        (
            '[kinds]\npolicee = "refuse"',
            "unknown key policee in [kinds]",
            "did you mean police? keys in [kinds] are police",
        ),
        ('[kinds]\npolice = "return"', 'kinds.police = "return": not allowed', '"accept" or "review" or "refuse"'),
        ('[mapping]\npayer = "X"', "unknown key payer in [mapping]", "keys in [mapping] are amount, donor"),
        ("[mapping]\namount = 5", "mapping.amount = 5: not allowed", "mapping.amount is a text in quotes"),
        ("policy = refuse", "this is not a TOML file: Invalid value (at line 1", 'policy = "refuse"'),
    ],
)
def test_a_wrong_profile_is_refused_by_file_and_key_with_what_is_allowed(
    cli: Cli, exported: Path, tmp_path: Path, text: str, key: str, allowed: str
) -> None:
    path = tmp_path / "intake.toml"
    path.write_text(text + "\n")
    with pytest.raises(UsageError) as error:
        load_profile(path)
    assert (error.value.source, error.value.message.startswith(key)) == (str(path), True)
    assert allowed in (error.value.hint or "")
    for command in ("intake", exported), ("watch", exported.parent, "--once"):
        result = cli(*command, "--profile", path)
        assert result.exit_code == 2
        assert f"{path}: {key}" in result.stderr


def test_a_profile_that_is_not_there_is_named(cli: Cli, exported: Path, tmp_path: Path) -> None:
    result = cli("intake", exported, "--profile", tmp_path / "none.toml")
    assert result.exit_code == 2
    assert "none.toml" in result.stderr
