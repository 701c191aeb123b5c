"""TAB completes commands, options and values in bash, zsh and fish, and does not make the shell wait."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unionscreen.cli.app import COMMANDS
from unionscreen.cli.completion import policies
from unionscreen.filings import list_formats
from unionscreen.intake import POLICIES
from unionscreen.unions import COUNTABLE, UNION_KINDS, load_unions

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).parent / "unionscreen"
FORMATS = sorted(each.id for each in list_formats())
UNIONS = list(load_unions().unions)
OAKLAND = [each for each in UNIONS if each.startswith("us-ca-oakland-")]
# What is typed, and all that may follow.
OFFERS = {
    "che": ["check"],
    "unions d": ["dossier"],
    "screen --filing-f": ["--filing-format"],
    "screen --kinds ": [*UNION_KINDS],
    "screen --kinds po": ["police"],
    "screen --kinds police,co": ["police,corrections", "police,court-officers"],
    "screen --kinds police --exclude-kinds court": ["court-officers"],
    "screen --count ": [*COUNTABLE],
    "screen --filing-format ": FORMATS,
    "intake --filing-format fec-it": [each for each in FORMATS if each.startswith("fec-it")],
    "formats show ca-cal": [each for each in FORMATS if each.startswith("ca-cal")],
    "unions show ": UNIONS,
    "unions show us-ca-oakland-": OAKLAND,
    "unions dossier us-ca-oakland-": OAKLAND,
    "unions add us-ca-oakland-": OAKLAND,
    "unions list --kind state": ["state-police"],
    "unions list --state W": ["WA", "WV", "WI", "WY"],
    "check --state w": ["wa", "wv", "wi", "wy"],
    "review clear Roe --state N": ["NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND"],
    "screen --recipients ": ["prosecutors", "all"],
    "batch --recipients a": ["all"],
    "intake --policy ": ["refuse", "review"],
    "watch --policy ref": ["refuse"],
    "diff --format x": ["xlsx"],
    "screen --prosecutor ": [],
}


def asked(shell: str, typed: str) -> str:
    """What the command answers to a shell that asks for completions of a line."""
    line = f"unionscreen {typed}"
    env = os.environ | {
        "_UNIONSCREEN_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }  # fmt: skip
    done = subprocess.run([COMMAND], env=env, capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("typed", OFFERS)
def test_a_value_is_offered(typed: str) -> None:
    assert asked("bash", typed).split() == OFFERS[typed]


@pytest.mark.parametrize("typed", ["screen --kinds police,co", "unions show us-ca-oakland-"])
def test_zsh_and_fish_get_the_same(typed: str) -> None:
    assert asked("fish", typed).splitlines() == OFFERS[typed]
    assert (
        asked("zsh", typed).strip() == "_arguments '*: :((" + "\n".join(f'"{each}"' for each in OFFERS[typed]) + "))'"
    )


def test_an_own_list_is_offered_too(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("union,alias,state\nElm Street Police Union,,NY\n", encoding="utf-8")
    added = set(load_unions(own).unions) - set(UNIONS)
    assert added
    assert set(asked("bash", f"unions show --unions {own} ").split()) == {*UNIONS, *added}
    own.write_text('union,"\n', encoding="utf-8")  # a damaged list is reported when the command runs, not at TAB
    assert asked("bash", f"unions show --unions {own} ").split() == []


def test_the_policies_are_those_of_an_intake() -> None:
    assert (*policies(),) == (*POLICIES,)


def test_completion_and_help_load_nothing_slow() -> None:
    """An import of pyarrow takes five times as long as all else that completion does."""
    code = (
        "import sys\nfrom importlib import import_module\n"
        f"for name in {COMMANDS!r}: import_module('unionscreen.cli.' + name)\n"
        "from unionscreen.cli import completion\n"
        "[*completion.list_of_kinds(''), *completion.list_of_categories(''), *completion.states('')]\n"
        "completion.filing_formats()\n"
        "print(sorted({'pyarrow', 'numpy', 'pandas', 'rapidfuzz', 'rich', 'jinja2', 'pydantic'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# Each starts a real shell with the script that `--show-completion` prints, types a line, and prints what is offered.
BASH = """
source <(_UNIONSCREEN_COMPLETE=source_bash unionscreen)
COMP_WORDS=({typed} "") COMP_CWORD=3
$(complete -p unionscreen | sed 's/.*-F \\([^ ]*\\) .*/\\1/') unionscreen
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# Zsh's own _arguments works only at a prompt, and is given what it would show.
ZSH = """
compdef() {{ completer=$1 }}
_arguments() {{ print -r -- ${{1#*:*:}} | tr -d '()"' }}
source <(_UNIONSCREEN_COMPLETE=source_zsh unionscreen)
words=({typed} "") CURRENT=4
$completer
"""
FISH = """
_UNIONSCREEN_COMPLETE=source_fish unionscreen | source
complete -C "{typed} "
"""


@pytest.mark.parametrize(("shell", "script"), [("bash", BASH), ("zsh", ZSH), ("fish", FISH)])
def test_a_real_shell_offers_the_values(shell: str, script: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    env = os.environ | {"PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    command = script.format(typed="unionscreen intake --policy")
    done = subprocess.run(
        [shell, *(["-f"] if shell == "zsh" else []), "-c", command],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["refuse", "review"], done.stderr
