"""README, CONTRIBUTING and the examples' README say what is true. `make check` runs cog over them besides."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import Result

from unionscreen.cli.app import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md", *ROOT.glob("docs/*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def test_quick_start_is_two_commands_the_second_of_which_is_the_tests() -> None:
    block = README.split("## Quick start")[1].split("```")[1].splitlines()[1:]
    assert len(block) == 2
    assert "unionscreen screen examples/" in block[0]
    assert "-m pytest -q" in block[1]


@pytest.mark.parametrize("page", ["docs/python.md", "docs/researcher.md", "docs/reviews.md", "docs/pandas.md"])
def test_the_python_on_a_page_runs_as_printed(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.chdir(ROOT)
    failed, run = doctest.testfile(str(ROOT / page), module_relative=False)
    assert failed == 0
    assert run >= 3


@every_page
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@every_page
def test_every_option_that_is_mentioned_exists(page: Path, cli: Callable[..., Result]) -> None:
    commands: list[list[str]] = [[]]
    for name in COMMANDS:
        commands.append([name])
        app = import_module(f"unionscreen.cli.{name}").app
        commands += [[name, command.name] for command in app.registered_commands if command.name]
    known = set().union(
        *(
            re.findall(r"--[a-z-]+", cli(*command, shown).stdout)
            for command in commands
            for shown in ("--help", "--help-all")
        )
    )
    elsewhere = {
        "--config",  # Datasette's
        "--dist",  # pytest-xdist's
        "--editable",
        "--format json",
        "--labelled",
        "--metadata",  # Datasette's
        "--nworkers",
        "--nthreads",
        "--port",
        "--protocol",
        "--setting",  # Datasette's
        "--skip-text",
    }  # the others without a name before the last are Dask's, the last is ocrmypdf's
    mentioned = set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", page.read_text(encoding="utf-8")))
    assert mentioned - known - elsewhere == set()


def test_the_exit_codes_of_the_docs_are_those_of_the_errors() -> None:
    from unionscreen import errors

    codes = {int(code) for code in re.findall(r"^\| (\d) \|", COMMANDS_PAGE, re.MULTILINE)}
    raised = {each.exit_code for each in vars(errors).values() if hasattr(each, "exit_code")}
    assert codes == raised | {0, 1}


def test_every_option_that_asks_for_exit_code_1_is_beside_it(cli: Callable[..., Result]) -> None:
    shown = "".join(cli(name, option).stdout for name in COMMANDS for option in ("--help", "--help-all"))
    options = {*re.findall(r"--fail-on-\w+", shown)}
    (row,) = re.findall(r"^\| 1 \| (.*)", COMMANDS_PAGE, re.MULTILINE)
    assert len(options) > 1
    assert [each for each in options if each not in row or each not in cli("--help").stdout] == []


@every_page
def test_the_tests_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or f"\ndef {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []
    assert page.name != "reliability.md" or len(named) > 30
