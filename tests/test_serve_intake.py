"""The intake view of `unionscreen serve`: a campaign's profile, and staff who clear a donor."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import Result

from test_serve_process import Server
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions, load_decisions
from unionscreen.serve.app import create_app
from unionscreen.serve.settings import ServeSettings

Cli = Callable[..., Result]
SAMPLES = Path(__file__).parent / "filings" / "samples"
UNION = "San Diego Police Officers Association"
GUARDS = "California Correctional Peace Officers Association"
FOUNDATION = "Willow Bend Police Foundation"
LIKE = "Willow Bend Police Officers Association"
OWN = "Elmhaven Jailers United"
PROFILE = """\
recipient = "Riley Chen for DA"
state = "CA"
return_within = 30
decisions = "kept/decisions.csv"
unions = "own.csv"
letters = "letters"
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
LISTS = ("accept", "review", "refuse")


@pytest.fixture
def campaign(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which staff work, with a profile and an export of today."""
    assert cli  # changes the folder first
    (tmp_path / "kept").mkdir()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter-template.txt").write_text("{{ recipient }} returns ${{ total }} by {{ due }}")
    (tmp_path / "own.csv").write_text(f"union,alias,kind,state\n{OWN},,corrections,ca\n")
    (tmp_path / "intake.toml").write_text(PROFILE)
    decided = Decision("Town PBA", "CA", "", "rejected", "A.B.", "2026-01-31", "x")
    append_decisions(tmp_path / "kept" / "decisions.csv", [decided])
    rows = [(UNION, "1,500.00"), (GUARDS, "40"), (FOUNDATION, "30"), (LIKE, "20"), ("Jane Roe", "10"), (OWN, "8")]
    rows += [("Town PBA", "7")]
    lines = ["Deposited,Payer,Check $,State", *(f'{date.today()},{name},"{amount}",CA' for name, amount in rows)]
    (tmp_path / "today.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def serve(campaign: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers in the campaign's folder."""
    running: list[Server] = []

    def start(*arguments: str) -> Server:
        running.append(Server(campaign / "temporary", *arguments))
        return running[-1]

    yield start
    for each in running:
        each.end()


def sorted_by(server: Server, export: Path, **options: str) -> dict[str, Any]:
    upload = server.upload(export.read_bytes(), export.name)
    asked = {"upload": upload, "candidate": options.pop("candidate", ""), "options": options}
    answer = server.client.post("intake", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def letters_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != "letter-template.txt"}


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and sessions are those of POSIX")


@posix
@pytest.mark.parametrize(
    "options", [(), ("--policy", "refuse"), ("--return-within", "10", "--recipient", "Roe for DA")]
)
def test_the_lists_and_letters_are_those_of_the_command_with_the_same_profile(
    serve: Callable[..., Server], campaign: Path, cli: Cli, options: tuple[str, ...]
) -> None:
    ours = cli("intake", "today.csv", "--profile", "intake.toml", *options, "--format", "json")
    assert ours.exit_code == 0, ours.stderr
    given = dict(zip((each.strip("-").replace("-", "_") for each in options[::2]), options[1::2], strict=True))
    given = {("candidate" if name == "recipient" else name): value for name, value in given.items()}
    found = sorted_by(serve("--profile", "intake.toml"), campaign / "today.csv", **given)
    expected = json.loads(ours.stdout)
    assert {each: found[each] for each in LISTS} == {each: expected[each] for each in LISTS}
    assert {each["name"]: each["text"] for each in found["letters"]} == letters_of(campaign / "letters")
    assert found["letters"], "the profile refuses police unions"
    assert found["notes"] == [line for line in ours.stderr.splitlines() if "7 donations:" not in line]
    assert found["profile"] == "intake.toml"
    if not options:
        assert {each["donor"]: action for action in LISTS for each in found[action]} == {
            UNION: "refuse", GUARDS: "review", FOUNDATION: "accept", LIKE: "review", "Jane Roe": "accept",
            OWN: "review", "Town PBA": "accept",
        }  # fmt: skip
        assert found["policy"] == "review (corrections: review, foundation: accept, police: refuse)"
    with (campaign / "log.csv").open(newline="") as file:
        assert len([*csv.DictReader(file)]) == 7  # the page adds the same entries, and none is kept twice


@posix
@pytest.mark.parametrize("layout", ["actblue-contributions", "everyaction-van"])
def test_an_export_in_a_known_layout_is_sorted_by_the_profile_of_a_spreadsheet(
    serve: Callable[..., Server], campaign: Path, cli: Cli, layout: str
) -> None:
    export = campaign / f"{layout}.csv"
    export.write_bytes((SAMPLES / export.name).read_bytes())
    ours = json.loads(cli("intake", export.name, "--profile", "intake.toml", "--format", "json").stdout)
    found = sorted_by(serve("--profile", "intake.toml"), export)
    assert {each: found[each] for each in LISTS} == {each: ours[each] for each in LISTS}
    assert any("[mapping] is not used" in note for note in found["notes"])


@posix
def test_the_run_uses_the_files_of_the_profile_and_options_win(serve: Callable[..., Server], campaign: Path) -> None:
    server = serve("--profile", "intake.toml")
    page = server.client.get(server.url).text
    assert "The profile <strong>intake.toml</strong> is used." in page
    for said in ("decisions.csv", "letter-template.txt", "own.csv", "contributor = Payer; amount = Check $", "log.csv"):
        assert said in page
    assert 'value="Riley Chen for DA"' in page
    (checked,) = server.client.get("check", params={"name": OWN, "state": "CA"}).json()["results"]
    assert checked["union_id"] == "own-elmhaven-jailers-united"
    (decided,) = server.client.get("check", params={"name": "Town PBA", "state": "CA"}).json()["results"]
    assert decided["decision"] == "rejected"
    other = serve("--profile", "intake.toml", "--decisions", "other.csv")
    found = sorted_by(other, campaign / "today.csv")
    assert "other.csv: there are no decisions yet" in found["notes"]
    assert "Town PBA" in {each["donor"] for each in found["review"]}


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ('recipent = "Roe"', "unknown key recipent"),
        ("return_within = 14", "return_within = 14: not allowed"),
        ('unions = "none.csv"', 'unions = "none.csv": not allowed'),
        ('decisions = "nowhere/decisions.csv"', "there is no such directory"),
        ('decision_log = "log.txt"', "the decision log is a .csv or .jsonl file"),
        ('letters = "today.csv"', "is a file, not a folder for letters"),
        ('letters = "letters"\nletter_template = "bad.txt"', "the letter's template cannot be used"),
    ],
)
def test_a_wrong_profile_fails_at_the_start_with_the_message_of_the_command(
    campaign: Path, cli: Cli, profile: str, said: str
) -> None:
    (campaign / "bad.txt").write_text("{{ donor ")
    (campaign / "intake.toml").write_text(profile + "\n")
    (campaign / "today.csv").write_text("Date,Donor,Amount\n2026-01-05,Jane Roe,10\n")
    ours = cli("intake", "today.csv", "--profile", "intake.toml")
    started = cli("serve", "--no-browser", "--port", "0", "--profile", "intake.toml")
    assert said in started.stderr
    error = [line for line in ours.stderr.splitlines() if line.startswith(("Error", "Hint"))]
    assert [line for line in started.stderr.splitlines() if line.startswith(("Error", "Hint"))] == error
    assert started.exit_code == ours.exit_code == 2


# Clearing


@pytest.fixture
def client(campaign: Path) -> Iterator[TestClient]:
    (campaign / "run").mkdir()
    settings = ServeSettings(campaign / "run", decisions=campaign / "kept" / "new.csv", overlay=campaign / "own.csv")
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as client:
        yield client


def test_a_donor_is_cleared_as_the_command_does(client: TestClient, campaign: Path, cli: Cli) -> None:
    asked = {"donor": LIKE, "state": "CA", "by": "A.B.", "why": "a homeowners' club"}
    found = client.post("/api/v1/intake/clear", json=asked).json()
    assert (found["new"], found["scope"]) == (True, "CA")
    (decision,) = load_decisions(campaign / "kept" / "new.csv").log
    assert found["decision"] == decision.sentence()
    assert f"Cleared: {LIKE} (CA)." == found["text"]
    ours = cli(
        "review", "clear", LIKE, "--decisions", "ours.csv", "--state", "CA", "--by", "A.B.", "--why",
        "a homeowners' club", "--unions", "own.csv",
    )  # fmt: skip
    assert found["overrides"] in ours.stderr
    assert load_decisions(campaign / "ours.csv").log == (decision,)
    assert client.post("/api/v1/intake/clear", json=asked).json()["new"] is False
    assert len(load_decisions(campaign / "kept" / "new.csv").log) == 1


def test_a_cleared_donor_is_accepted_and_the_list_says_who_when_and_why(client: TestClient, campaign: Path) -> None:
    export = b"Date,Donor,Amount,State\n2026-01-05," + LIKE.encode() + b",20,CA\n"
    upload = client.post("/api/v1/uploads?name=a.csv", content=export).json()["id"]
    before = client.post("/api/v1/intake", json={"upload": upload}).json()
    assert [each["donor"] for each in before["review"]] == [LIKE]
    assert "new.csv: there are no decisions yet" in before["notes"]
    client.post("/api/v1/intake/clear", json={"donor": LIKE, "state": "CA", "by": "A.B.", "why": "a club"})
    after = client.post("/api/v1/intake", json={"upload": upload}).json()
    (accepted,) = after["accept"]
    assert after["review"] == []
    assert accepted["reviewed"] == load_decisions(campaign / "kept" / "new.csv").log[0].sentence()
    assert accepted["reviewed"].endswith(": a club")


def test_a_cell_that_is_not_a_state_clears_the_name_in_any_state(client: TestClient) -> None:
    asked = {"donor": LIKE, "state": "n/a", "by": "A.B.", "why": "a club"}
    assert client.post("/api/v1/intake/clear", json=asked).json()["scope"] == "any state"


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"why": " "}, 422, "only with a reason"),
        ({"by": ""}, 422, "nobody is named"),
        ({"donor": ""}, 422, "no donor is named"),
        ({"by": 7}, 422, "are texts"),
    ],
)
def test_nobody_is_cleared_without_who_and_why(
    client: TestClient, campaign: Path, change: dict[str, Any], status: int, said: str
) -> None:
    asked = {"donor": LIKE, "by": "A.B.", "why": "a club", **change}
    answer = client.post("/api/v1/intake/clear", json=asked)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True)
    assert not (campaign / "kept" / "new.csv").exists()


def test_clearing_needs_a_file_of_decisions(campaign: Path) -> None:
    (campaign / "run").mkdir()
    with TestClient(create_app(ServeSettings(campaign / "run")), base_url="http://127.0.0.1:8765") as client:
        answer = client.post("/api/v1/intake/clear", json={"donor": LIKE, "by": "A.B.", "why": "a club"})
        assert answer.status_code == 409
        assert "--decisions" in answer.json()["detail"]
        assert 'id="clear"' not in client.get("/").text
