"""One word, one thing: the glossary is whole, and no public name is defined in two modules with two meanings."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "unionscreen"
GLOSSARY = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Glossary")[1].split("\n## ")[0]

# Names that several modules define with one meaning, and why each needs its own.
SAME_MEANING = {
    "app": "the Typer application of a command, which cli/app.py loads by this name",
    "EPILOG": "the examples at the end of a command's --help",
    "GROUPS": "the headings of a command's --help",
    "answer": "what a reader that is a process of its own does with one request",
    "main": "what a process runs: the command line, and each reader that is a process of its own",
    "recognizes": "whether a file is of a container: each module in opening.CONTAINERS has it",
    "routes": "the routes of a part of the server: each part has it",
    "tables": "the tables of a file in a container: each module in opening.CONTAINERS has it",
    "write": "a result in one format: each module in the list of writers has it",
    "write_metadata": "the file beside a result: each writer with `beside` has it",
}


def defined(path: Path) -> set[str]:
    """The public names that a module defines itself; a command is named like the function that it calls."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            command = any("app." in ast.unparse(each) for each in node.decorator_list)
            names |= set() if command else {node.name}
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_")}


@cache
def repeated() -> dict[str, list[str]]:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for name in defined(path):
            homes[name].append(path.relative_to(SOURCE).as_posix())
    return {name: modules for name, modules in homes.items() if len(modules) > 1}


def test_no_public_name_has_two_meanings() -> None:
    assert {name: modules for name, modules in repeated().items() if name not in SAME_MEANING} == {}


@pytest.mark.parametrize("name", sorted(SAME_MEANING))
def test_a_name_that_may_repeat_still_does(name: str) -> None:
    assert name in repeated(), f"{name} is defined once now: take it off the list in tests/test_glossary.py"


def test_the_glossary_has_some_forty_words_in_order_each_in_one_sentence() -> None:
    entries = re.findall(r"^- \*\*(.+?)\*\*: (.+?)(?=^- |\Z)", GLOSSARY, re.MULTILINE | re.DOTALL)
    words = [word for word, _ in entries]
    assert len(words) >= 40
    assert words == sorted(words, key=str.casefold)
    assert [word for word, said in entries if not re.fullmatch(r"[^.;]*(\.\w[^.;]*)*\.", " ".join(said.split()))] == []
