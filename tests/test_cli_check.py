"""`unionscreen check` as a campaign's staff and their scripts use it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Cli = Callable[..., Result]

UNION = "San Diego Police Officers Association"
KEYS = ["name", "verdict", "tier", "union_id", "union", "category", "score", "why", "ambiguous", "could_be"]
COMMAND = Path(sys.executable).with_name("unionscreen")


def answers(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("name", "verdict", "exit_code"),
    [
        (UNION, "union", 1),
        ("San Deigo Police Offcers Assn PAC", "union", 1),
        ("Willow Bend Police Officers Association", "union", 1),
        ("Willow Bend Police Foundation", "related", 0),
        ("Marshall, Dana", "clear", 0),
        ("Brightwater Dental Group", "clear", 0),
    ],
)
def test_the_exit_code_is_the_answer(cli: Cli, name: str, verdict: str, exit_code: int) -> None:
    result = cli("check", name)
    assert result.stdout.startswith(verdict)
    assert result.exit_code == exit_code


def test_one_union_among_many_names_is_exit_1(cli: Cli) -> None:
    assert cli("check", "Brightwater Dental Group", UNION, "Marshall, Dana").exit_code == 1


def test_the_answer_names_the_union_the_tier_and_the_reason(cli: Cli) -> None:
    shown = cli("check", "San Deigo Police Offcers Assn PAC").stdout
    assert "→ San Diego Police Officers Association (police), listed, score" in shown
    assert len(shown.splitlines()) == 3


def test_json_has_the_keys_of_the_contract_in_order(cli: Cli) -> None:
    (answer,) = answers(cli("check", "--json", UNION))
    assert list(answer) == KEYS
    assert answer["union_id"] == "us-ca-san-diego-police-officers-association"


def test_stdin_answers_line_by_line_in_order_blank_lines_too(cli: Cli) -> None:
    result = cli("check", "--stdin", "--json", stdin=f"Ann Lee\n\n{UNION}\r\n\nlast without end")
    assert [a["name"] for a in answers(result)] == ["Ann Lee", "", UNION, "", "last without end"]
    assert [a["verdict"] for a in answers(result)] == ["clear", "no name", "union", "no name", "clear"]
    assert result.exit_code == 1


def test_the_lines_without_a_name_are_counted_apart(cli: Cli) -> None:
    result = cli("check", "--stdin", stdin=f"{UNION}\nN/A\n...\nAnn Lee\n\n")
    assert result.stdout.count("\nno name ") == 3
    assert result.stderr == "2 names, 1 union among them; 3 lines without a name\n"


def test_a_hyphen_is_standard_input(cli: Cli) -> None:
    names = f"{UNION}\nAnn Lee\n"
    assert cli("check", "-", stdin=names).stdout == cli("check", "--stdin", stdin=names).stdout
    assert cli("check", "-", "--json", stdin=names).exit_code == 1


def test_only_a_line_feed_ends_a_line(cli: Cli) -> None:
    result = cli("check", "--stdin", "--json", stdin="A\x0bB\x85C\u2028D\rE\n")
    assert [a["name"] for a in answers(result)] == ["A\x0bB\x85C\u2028D\rE"]
    assert result.stdout.count("\n") == 1


def test_names_in_the_windows_code_page_and_a_byte_order_mark_are_read(cli: Cli) -> None:
    result = cli("check", "--stdin", "--json", stdin=b"\xef\xbb\xbfGarc\xeda\nGarc\xc3\xada\n")
    assert [a["name"] for a in answers(result)] == ["García", "García"]


def test_a_name_is_not_interpreted(cli: Cli) -> None:
    shown = cli("check", "[red]ACME\x1b[31m\u202e").stdout
    assert r"[red]ACME\x1b[31m\u202e" in shown


def test_the_state_tells_namesakes_apart(cli: Cli) -> None:
    (answer,) = answers(cli("check", "--json", "--state", "pa", "Fraternal Order of Police Lodge 5"))
    assert answer["union_id"] == "us-pa-fraternal-order-of-police-lodge-5"


def test_an_overlay_adds_the_users_own_union(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("union,alias\nQuillback Harbor Wardens,Quillback Wardens Committee\n")
    assert cli("check", "Quillback Wardens Committee").exit_code == 0
    assert cli("check", "--unions", own, "Quillback Wardens Committee").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give names, or --stdin"),
        (["--stdin", "ACME"], "give names, or --stdin"),
        (["--state", "ZZ", "ACME"], "'ZZ' is not a state"),
        (["ACME", ""], "a name is empty"),
        ([" "], "a name is empty"),
        (["N/A"], "N/A is not a name"),
        (["ACME", "..."], "... is not a name"),
        (["ACME", "-"], "give - alone to read names from standard input"),
        (["--nonsense"], "No such option"),
    ],
    ids=["nothing", "both", "state", "empty", "blank", "missing", "punctuation", "hyphen", "option"],
)
def test_wrong_usage_is_exit_2(cli: Cli, arguments: list[str], said: str) -> None:
    result = cli("check", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("stdin", ["", "\n\n", "N/A\n", "name,state\n,CA\n"])
def test_no_name_on_stdin_is_not_a_clear_bill(cli: Cli, stdin: str) -> None:
    result = cli("check", "--stdin", stdin=stdin)
    assert result.exit_code == 3
    assert "no name on standard input" in result.stderr


def test_an_unreadable_list_is_exit_3(cli: Cli, tmp_path: Path) -> None:
    result = cli("check", "--unions", tmp_path / "none.csv", "ACME")
    assert result.exit_code == 3
    assert "none.csv" in result.stderr


def test_check_imports_nothing_heavy() -> None:
    """The bar is 200 ms from nothing; pandas alone takes 900."""
    heavy = ["pandas", "numpy", "pyarrow", "rich", "pydantic", "jinja2", "python_calamine", "xlsxwriter"]
    script = (
        f"import sys\nsys.argv = ['unionscreen', 'check', {UNION!r}]\nfrom unionscreen.cli import main\n"
        "try: main()\nexcept SystemExit as done: assert done.code == 1\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_name_is_answered_before_the_next_is_sent() -> None:
    with subprocess.Popen(
        [COMMAND, "check", "--stdin", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("Ann Lee", UNION):
            process.stdin.write(name + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["name"] == name
        process.stdin.close()
        assert process.wait(timeout=30) == 1


def test_a_reader_that_stops_early_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"yes 'Ann Lee' | head -n 20000 | '{COMMAND}' check --stdin | head -n 1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("clear    Ann Lee\n", "")
