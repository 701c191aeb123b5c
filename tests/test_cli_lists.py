"""`unionscreen unions`, `unionscreen formats`, `--version`, `--help` and completion."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import Result

from unionscreen.cli.app import app

Cli = Callable[..., Result]

SAN_DIEGO = "us-ca-san-diego-police-officers-association"


def test_version_says_the_tool_and_the_list(cli: Cli) -> None:
    from unionscreen import __version__, load_unions

    first, second = cli("--version").stdout.splitlines()
    assert first in (f"unionscreen {__version__} ({how})" for how in ("with the library in C", "pure Python"))
    assert second.startswith(f"list {load_unions().version}, ")


def every_command(group: Any, *name: str) -> Iterator[tuple[str, ...]]:
    yield name
    for part in group.list_commands(None) if hasattr(group, "list_commands") else ():
        yield from every_command(group.get_command(None, part), *name, part)


@pytest.mark.parametrize("command", [*every_command(get_command(app))], ids=" ".join)
def test_help_is_plain_text_of_at_most_80_columns(cli: Cli, command: tuple[str, ...]) -> None:
    shown = cli(*command, "--help").stdout
    assert shown.startswith("Usage: unionscreen")
    assert not set(shown) & set("\x1b│╭")
    assert max(map(len, shown.splitlines())) <= 81
    assert "\\" not in shown  # a mark for the layout that was not taken for one


def test_shell_completion_is_on(cli: Cli) -> None:
    assert "--install-completion" in cli("--help").stdout


def test_an_unknown_command_names_the_nearest(cli: Cli) -> None:
    result = cli("scren", "x.csv")
    assert result.exit_code == 2
    assert "screen" in result.stderr


def test_search_finds_a_union_by_words_of_any_of_its_names(cli: Cli) -> None:
    result = cli("unions", "search", "diego", "police", "officers")
    assert SAN_DIEGO in result.stdout
    assert "Chicago" not in result.stdout


def test_search_takes_a_number_whole_and_dots_away(cli: Cli) -> None:
    found = json.loads(cli("unions", "search", "F.O.P.", "lodge", "7", "--json").stdout)
    assert "us-il-chicago-fraternal-order-of-police-lodge-7" in {union["union_id"] for union in found}
    assert not any("97" in union["name"] or "70" in union["name"] for union in found)


def test_search_that_finds_nothing_says_so(cli: Cli) -> None:
    result = cli("unions", "search", "zebulon", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "0 organizations" in result.stderr


def test_show_gives_every_name_with_its_source(cli: Cli) -> None:
    union = json.loads(cli("unions", "show", SAN_DIEGO, "--json").stdout)
    assert union["name"] == "San Diego Police Officers Association"
    assert all(alias["alias"] and alias["source"] for alias in union["aliases"])
    shown = cli("unions", "show", SAN_DIEGO).stdout
    assert all(alias["alias"] in shown for alias in union["aliases"])


def test_show_of_an_unknown_id_names_the_nearest(cli: Cli) -> None:
    result = cli("unions", "show", SAN_DIEGO.replace("diego", "deigo"))
    assert result.exit_code == 3
    assert SAN_DIEGO in result.stderr


def test_a_state_is_named_by_its_letters_or_its_name_and_no_state_is_no_empty_list(cli: Cli) -> None:
    assert cli("unions", "list", "--state", "Hawaii").stdout == cli("unions", "list", "--state", "hi").stdout != ""
    wrong = cli("unions", "list", "--state", "ZZ")
    assert (wrong.exit_code, "'ZZ' is not a state" in wrong.stderr) == (2, True)


def test_list_can_be_cut_to_a_kind_and_a_state(cli: Cli) -> None:
    unions = json.loads(cli("unions", "list", "--kind", "corrections", "--state", "ca", "--json").stdout)
    assert {(union["kind"], union["state"]) for union in unions} == {("corrections", "CA")}


def test_list_of_an_unknown_kind_is_wrong_usage(cli: Cli) -> None:
    result = cli("unions", "list", "--kind", "fire")
    assert result.exit_code == 2
    assert "sheriff-deputies" in result.stderr


def test_an_overlay_is_searched_too(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("union,alias\nQuillback Harbor Wardens,Quillback Wardens Committee\n")
    assert "Quillback Wardens Committee" in cli("unions", "search", "--unions", own, "quillback", "committee").stdout


def test_formats_are_listed_with_their_title(cli: Cli) -> None:
    formats = json.loads(cli("formats", "list", "--json").stdout)
    shown = cli("formats", "list").stdout
    assert {"ca-netfile-api-json", "tn-tncamp", "fec-itcont"} <= {each["id"] for each in formats}
    lines = {line.split()[0]: line for line in shown.splitlines()}
    assert all(lines[each["id"]].split()[1] == each["checked"] for each in formats)
    assert all(lines[each["id"]].endswith(each["title"]) for each in formats)


def test_a_format_shows_its_columns_and_its_source(cli: Cli) -> None:
    shown = json.loads(cli("formats", "show", "tn-tncamp", "--json").stdout)
    assert {"contributor", "amount_cents", "recipient"} <= set(shown["columns"])
    assert shown["source"]
    assert "Contributor Name" in cli("formats", "show", "tn-tncamp").stdout


def test_an_unknown_format_is_wrong_usage(cli: Cli) -> None:
    result = cli("formats", "show", "tn-tncmap")
    assert result.exit_code == 2
    assert "tn-tncamp" in result.stderr


@pytest.mark.parametrize(
    ("name", "format_id"), [("netfile-avery.csv", "ca-netfile-api-json"), ("tennessee-2022.csv", "tn-tncamp")]
)
def test_detect_names_the_format(cli: Cli, name: str, format_id: str) -> None:
    assert json.loads(cli("formats", "detect", f"examples/{name}", "--json").stdout)["format"] == format_id
    assert format_id in cli("formats", "detect", f"examples/{name}").stdout


def test_detect_of_no_file_is_exit_3(cli: Cli) -> None:
    assert cli("formats", "detect", "none.csv").exit_code == 3


def test_lint_finds_nothing_in_the_shipped_list(cli: Cli) -> None:
    result = cli("unions", "lint")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(" 0 problems\n")


@pytest.mark.parametrize(("form", "rows"), [("csv", "aliases"), ("ftm", "unions")])
def test_the_whole_list_is_exported(cli: Cli, form: str, rows: str) -> None:
    from unionscreen import load_unions

    result = cli("unions", "export", "--format", form)
    assert len(result.stdout.splitlines()) == len(getattr(load_unions(), rows)) + (form == "csv")
    assert f"{len(load_unions().unions):,} organizations" in result.stderr
    assert cli("unions", "export", "--format", "pdf").exit_code == 2


def test_an_organization_that_was_added_is_found(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    result = cli("unions", "add", "Elmhaven Night Owls", "--source", "a filing", "--state", "CA", "--to", own)
    assert result.exit_code == 0, result.stderr
    assert cli("check", "Elmhaven Night Owls", "--unions", own).exit_code == 1


def test_rates_on_labeled_names_are_printed(cli: Cli, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("name,label\nOakland POA,union\nAcme Inc,union\nSmith Jane,other\n")
    rates = json.loads(cli("evaluate", cases, "--json").stdout)["all"]
    assert (rates["found"], rates["missed"], rates["false"]) == (1, 1, 0)
    shown = cli("evaluate", cases)
    assert "missed: 1\n  3: Acme Inc" in shown.stdout
    assert shown.stderr == "3 cases, 2 unions among them\n"
