"""What `--help` shows: whole summaries, at most twenty options, and all of them with `--help-all`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
import typer
from typer.testing import Result

from unionscreen.cli.app import COMMANDS
from unionscreen.cli.help import GroupedCommand

Cli = Callable[..., Result]
MOST_OPTIONS = 20  # what fits on a screen, and can be read at one go


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and subcommand: the words to type, and the command."""
    for name in COMMANDS:
        command = typer.main.get_command(import_module(f"unionscreen.cli.{name}").app)
        yield (name,), command
        yield from (((name, each), sub) for each, sub in getattr(command, "commands", {}).items())


ALL = dict(commands())
GROUPED = {words: command for words, command in ALL.items() if isinstance(command, GroupedCommand)}

every_command = pytest.mark.parametrize("words", ALL, ids=" ".join)
every_grouped = pytest.mark.parametrize("words", GROUPED, ids=" ".join)


def options(text: str) -> list[str]:
    return re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)


@every_command
def test_help_shows_at_most_twenty_options(cli: Cli, words: tuple[str, ...]) -> None:
    assert len(options(cli(*words, "--help").stdout)) <= MOST_OPTIONS


@every_grouped
def test_help_all_shows_every_option_once(cli: Cli, words: tuple[str, ...]) -> None:
    declared = [each.opts[0] for each in GROUPED[words].params if each.param_type_name == "option"]
    assert sorted(options(cli(*words, "--help-all").stdout)) == sorted([*declared, "--help"])


@every_grouped
def test_the_groups_of_a_command_name_its_parameters_each_once(words: tuple[str, ...]) -> None:
    named = " ".join(" ".join(both) for both in GROUPED[words].groups.values()).split()
    parameters = [each.name for each in GROUPED[words].params if each.param_type_name == "option"]
    assert sorted([*named, "help_all"]) == sorted(parameters)


@pytest.mark.parametrize("words", [(), *dict.fromkeys(words[:1] for words in ALL if len(words) > 1)], ids=" ".join)
def test_the_summary_of_every_command_fits_its_line(cli: Cli, words: tuple[str, ...]) -> None:
    summaries = cli(*words, "--help").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line for line in summaries if not re.fullmatch(r"  \S+ +\S.*[^.]\.", line)] == []


def test_screen_has_all_the_options_that_it_ever_had(cli: Cli) -> None:
    """An option may move to --help-all; scripts that use it go on to work."""
    kept = set(
        "--format --out --excel-safe --no-strips --recipients --prosecutor --roster --kinds --exclude-kinds --count "
        "--include-related --employers --min-score --unions --decisions --map --recipient --state --filing-format "
        "--workers --scheduler --resume --max-rejects --policy --return-within --decision-log --refunds --letters "
        "--letter-template --accept-difference --fail-on-flag --strict --quiet --no-progress".split()
    )
    assert kept <= set(options(cli("screen", "--help-all").stdout))
