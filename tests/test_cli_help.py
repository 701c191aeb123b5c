"""What `--help` shows: whole summaries, at most twenty options, and all of them with `--help-all`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import Result

from unionscreen import screen
from unionscreen.cli.app import COMMANDS
from unionscreen.cli.help import GroupedCommand
from unionscreen.output import BY_NAME
from unionscreen.reports import write_report

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


AVERY = "examples/netfile-avery.csv"
# Every command with --format, and what else it needs.
WITH_FORMAT: dict[tuple[str, ...], tuple[str, ...]] = {
    ("screen",): (AVERY,),
    ("report",): ("RESULT",),
    ("diff",): ("RESULT", "RESULT"),
    ("prosecutors",): (AVERY,),
    ("unions", "dossier"): ("us-ca-oakland-police-officers-association", AVERY),
    ("unions", "export"): (),
    ("pledges", "check"): ("examples/pledges.csv", AVERY),
    ("endorsements",): ("examples/endorsements.html",),
    ("intake",): (AVERY,),
}


def test_every_command_with_a_format_is_known() -> None:
    found = {words for words, command in ALL.items() for each in command.params if "--format" in each.opts}
    assert found == set(WITH_FORMAT)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("formats") / "result.json"
    write_report(screen(AVERY), path)
    return path


@pytest.mark.parametrize("words", WITH_FORMAT, ids=" ".join)
def test_help_lists_the_formats_that_a_command_takes_and_a_refusal_names_them(
    cli: Cli, words: tuple[str, ...], result: Path, tmp_path: Path
) -> None:
    shown = cli(*words, "--help").stdout
    (listed,) = re.findall(r"^  --format [<[]?([a-z|]+)", shown, re.MULTILINE)
    names = listed.split("|")
    given = [str(result) if each == "RESULT" else each for each in WITH_FORMAT[words]]
    for name in dict.fromkeys((*BY_NAME, *names)):
        out = () if words[-1] == "export" else ("--out", tmp_path / f"out{BY_NAME[name].suffixes[0]}")
        done = cli(*words, *given, "--format", name, *out)
        assert (done.exit_code == 2) == (name not in names), done.stderr
        if name not in names:
            assert all(each in done.stderr.replace(name, "", 1) for each in names)
    if "--out PATH" in shown and words != ("intake",):  # it lists them in its own words
        about = "".join(shown.partition("--out PATH")[2].partition("\n  -")[0].split())
        suffixes = [suffix for name in names for suffix in BY_NAME[name].suffixes]
        assert sorted(re.findall(r"\.[a-z0-9]+", about.partition("output")[2])) == sorted(suffixes)


@pytest.mark.parametrize("suffix", [".md", ".html", ".pdf"])
def test_a_suffix_that_a_command_does_not_write_is_refused_with_the_formats_it_has(
    cli: Cli, result: Path, tmp_path: Path, suffix: str
) -> None:
    refused = cli("diff", result, result, "--out", tmp_path / f"out{suffix}")
    assert refused.exit_code == 2
    assert refused.stderr.rstrip().endswith("or add --format table|json|csv|jsonl|xlsx|sqlite|parquet")
    assert ("no format has the suffix" in refused.stderr) == (suffix == ".pdf")
