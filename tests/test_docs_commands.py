"""Every command line in README and the docs pages runs as printed, and every command has a section and a test."""

from __future__ import annotations

import ast
import gzip
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import unionscreen
from test_cli_help import ALL, every_command
from test_docs import COMMANDS_PAGE, PAGES, ROOT
from test_irs import HEADER, line
from unionscreen.batch_jobs import OPTIONS
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions

# What is not run here, and why. An entry is a regular expression for the whole line.
NOT_RUN = {
    r"python3 -m venv .*": "installs from the network; .ci/run does it on a clean checkout",
    r"pip install .*|.*/pip install .*": "installs from the network",
    r"(pipx|uv tool) install .*": "installs into the user's home; tests/test_release.py does it elsewhere",
    r".*-m pytest -q.*|make (check|fix|expected|fuzz|mutants).*|\.ci/run": "runs these tests, or rewrites files",
    r"dask (scheduler|worker) .*": "runs until it is stopped",
    r"unionscreen mcp .*": "answers until its client goes; tests/test_mcp.py is a client",
    r"unionscreen .*--scheduler .*": "needs a cluster; tests/test_scale.py starts one",
    r"unionscreen serve.*": "runs until it is stopped; tests/test_serve_process.py starts it",
    r"datasette .*": "runs until it is stopped; tests/test_datasette.py asks it with the same options",
    r"curl .*": "asks a server that must run",
    r"unionscreen review (?!export|import|log|revoke|promote|clear).*": "needs a terminal, as in tests/test_review.py",
}
# Commands that end otherwise than with 0, or 1 for a union that was found: the page is about that.
EXIT_CODES = {
    "unionscreen screen docs/samples/roe-460-scan.pdf": 3,
    "unionscreen pledges check mine.csv log.csv --recipient 'Jane Roe'": 2,
    "unionscreen diff monday.json friday.json": 1,
}

EXPORT = ROOT / "examples" / "netfile-avery.csv"


def commands_of(page: Path) -> Iterator[str]:
    """The command lines in the fenced blocks of a page, in order, without comments."""
    for language, block in re.findall(r"^```(sh|console)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
        if language == "console":  # after a prompt; the rest is output
            commands = re.findall(r"^\$ (.*?(?:\".*?\".*?)*)$", block, re.M | re.S)
        else:
            commands = re.sub(r"\\\n\s*", "", block).splitlines()
        yield from filter(None, (re.sub(r"(^|\s+)#( .*)?$", "", command).strip() for command in commands))


def why_not_run(command: str) -> str | None:
    return next((reason for pattern, reason in NOT_RUN.items() if re.fullmatch(pattern, command, re.S)), None)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder like that of a reader: the checkout, and files under the names that the pages use."""
    for name in ("examples", "docs", "tests", "data", "src", "benchmarks", "Makefile"):
        (tmp_path / name).symlink_to(ROOT / name)
    text = EXPORT.read_bytes()
    for name in ("export.csv", "2021.csv", "filings/export.csv", "exports/today.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text)
    (tmp_path / "2022.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "late.zip", "w") as archive:
        archive.writestr("late.csv", text)
    shutil.copy(ROOT / "docs" / "samples" / "roe-460.pdf", tmp_path / "filing.pdf")
    (tmp_path / "eo_wy.csv").write_text(
        f"{HEADER}\n{line('010000003', 'WILLOW BEND POLICE OFFICERS ASSOCIATION INC')}\n"
    )
    (tmp_path / "states.toml").write_text(re.findall(r"```toml\n(.*?)```", page("batch"), re.S)[0])
    (tmp_path / "prosecutors.csv").write_text("prosecutor,recipient\nJordan Avery,Jordan Avery for DA\n")
    for name in ("tn/2022.csv", "tn/older/2021.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "examples" / "tennessee-2022.csv", tmp_path / name)
    with zipfile.ZipFile(tmp_path / "tn/older/2020.zip", "w") as archive:
        archive.write(ROOT / "examples" / "tennessee-2022.csv", "2020.csv")
    screening = unionscreen.screen(str(EXPORT))
    unionscreen.write_report(screening, tmp_path / "result.json")
    decision = Decision("CCPOA PAC", "CA", "", "confirmed", "A.B.", "2026-01-31")
    append_decisions(tmp_path / "decisions.csv", [decision])
    (tmp_path / "sacramento").mkdir()
    (tmp_path / "sacramento" / "log.csv").write_text(
        "Recipient,Last Name,First Name,Amount,Date\nRoe for District Attorney,Doe,Jo,5,2022-01-02\n"
    )
    return tmp_path


def page(stem: str) -> str:
    return (ROOT / "docs" / f"{stem}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", [each for each in PAGES if [*commands_of(each)]], ids=lambda page: str(page.relative_to(ROOT))
)
def test_the_commands_of_a_page_run_in_their_order(page: Path, desk: Path) -> None:
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    failed = []
    for command in commands_of(page):
        if why_not_run(command):
            continue
        if command == "source .venv/bin/activate":  # as PATH does here
            continue
        done = subprocess.run(command, shell=True, cwd=desk, env=environment, capture_output=True, text=True)  # noqa: S602 - our own text
        allowed = (EXIT_CODES[command],) if command in EXIT_CODES else (0, 1)
        if done.returncode not in allowed or (
            done.returncode == 1 and "check" not in command and command not in EXIT_CODES
        ):
            failed.append(f"$ {command}\nexit {done.returncode}\n{done.stderr}")
    assert failed == []


def test_what_is_not_run_is_on_some_page() -> None:
    lines = [command for each in PAGES for command in commands_of(each)]
    assert [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, line, re.S) for line in lines)] == []
    assert [command for command in EXIT_CODES if command not in lines] == []


@every_command
def test_a_command_has_a_section_with_an_example(words: tuple[str, ...]) -> None:
    sections = dict(re.findall(r"^##+ ([^\n]+)\n(.*?)(?=^##|\Z)", COMMANDS_PAGE, re.M | re.S))
    assert " ".join(words) in sections
    if not any(len(each) > 1 for each in ALL if each[0] == words[0]) or len(words) > 1:
        typed = [word for word in words if word != "terminal"]
        assert f"unionscreen {' '.join(typed)}" in sections[" ".join(words)]


def typed_in_tests() -> set[tuple[str, ...]]:
    """The first one and the first two words of whatever is handed to the command line in a test."""
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            inner = node.args if isinstance(node, ast.Call) else getattr(node, "elts", ())
            starred = [each.value if isinstance(each, ast.Starred) else each for each in inner]
            flat = [part for each in starred for part in getattr(each, "elts", [each])]
            words = [part.value if isinstance(part, ast.Constant) else None for part in flat[:2]]
            found |= {tuple(words[:1]), tuple(words)}
    return {words for words in found if all(isinstance(word, str) for word in words)}


def test_a_command_has_a_test() -> None:
    typed = typed_in_tests()
    assert [words for words in ALL if words not in typed] == []


def test_the_readme_is_short_and_says_early_how_to_read_your_own_file() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120
    assert lines.index("## Your own files") < 50


def test_the_page_on_batches_lists_every_option_of_a_configuration():
    (listed,) = re.findall(
        r"The options are those of `unionscreen.screen`: (.*?) is for the panel", page("batch"), re.S
    )
    assert set(re.findall(r"`(\w+)`", listed)) == {*OPTIONS}
