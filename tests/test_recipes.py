"""The recipes of CONTRIBUTING.md, followed in a copy of the project: they name every file, and the result works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from test_glossary import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("src", "data", "tests", "examples", "docs", "Makefile", "pyproject.toml", "README.md", "CONTRIBUTING.md")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".hypothesis")
GIT = ("git", "-c", "user.name=A.B.", "-c", "user.email=a.b@example.org")


class Copy:
    """A copy of the project under version control, whose code is run instead of the checkout's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=LEFT_OUT)
            else:
                shutil.copy(source, folder / name)
        (folder / ".gitignore").write_text("__pycache__/\n.hypothesis/\n.pytest_cache/\n")
        self.run("git", "init", "-q")
        self.run("git", "add", "-A")
        self.run(*GIT, "commit", "-q", "-m", "as it is")

    def run(self, *command: str, exit_code: int = 0) -> str:
        environment = os.environ | {"PYTHONPATH": str(self.folder / "src"), "COLUMNS": "80", "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        assert done.returncode == exit_code, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def unionscreen(self, *arguments: str, exit_code: int = 0) -> str:
        return self.run(sys.executable, "-m", "unionscreen", *arguments, exit_code=exit_code)

    def pytest(self, *arguments: str) -> None:
        self.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)

    def make_expected(self, tests: str) -> str:
        """`make expected`, for those of its tests that the recipe is about; the diff that it shows."""
        return self.run("make", "expected", f"BIN={Path(sys.executable).parent}", f"EXPECTED_BY={tests}")

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def changed(self) -> set[str]:
        return {line[3:] for line in self.run("git", "status", "--porcelain", "-uall").splitlines()}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "project")


def files_of(recipe: str) -> set[str]:
    """The files that the numbered steps of a recipe name."""
    steps = CONTRIBUTING.split(f"### {recipe}\n")[1].split("\n#")[0]
    return {name for name in re.findall(r"`([\w./-]+/[\w.-]+\.\w+)`", steps) if not name.startswith("docs/pdf")}


FORMAT = """\
title = "Example State, contributions received"
agency = "Example State Board of Elections"
jurisdiction = "XX"
urls = ["https://example.gov/campaign-finance"]
source = "https://example.gov/campaign-finance/layout.pdf#page=3"
checked = "layout"
date_formats = ["%m/%d/%Y"]
file_columns = ["Registrant Of Receipt", "Received From", "Sum Received", "Day Received"]

[signature]
headers = [["registrantofreceipt", "receivedfrom", "sumreceived", "dayreceived"]]

[columns]
recipient = "Registrant Of Receipt"
contributor = "Received From"
amount_cents = "Sum Received"
date = "Day Received"
"""
SAMPLE = """\
Registrant Of Receipt,Received From,Sum Received,Day Received
Roe for District Attorney,Springfield Police Officers Association,1000.00,03/04/2022
Roe for District Attorney,"Doe, Lee",25.00,03/05/2022
Roe for District Attorney,Five Star Towing,100.00,03/06/2022
"""


def test_a_filing_format_is_added(copy: Copy) -> None:
    sample = "tests/filings/samples/xx-agency.csv"
    copy.add("src/unionscreen/filings/formats/xx-agency.toml", FORMAT)
    copy.add(sample, SAMPLE)
    diff = copy.make_expected("tests/filings/test_samples.py -k xx-agency")
    assert "+2,,,,Roe for District Attorney,,,,,Springfield Police Officers Association," in diff
    assert copy.changed() == files_of("A filing format")
    copy.pytest("tests/filings/test_samples.py", "tests/filings/test_formats.py", "-k", "xx-agency")
    assert "format: xx-agency\n" in copy.unionscreen("formats", "detect", sample)
    assert "Springfield Police Officers Association" in copy.unionscreen("screen", sample)


def test_an_abbreviation_is_added(copy: Copy) -> None:
    name = "Oakland Police Ofzz Assn"
    assert "pattern, score" in copy.unionscreen("check", name, "--state", "CA", exit_code=1)
    copy.change("data/vocabulary.toml", 'officer = ["oficial",', 'officer = ["ofzz", "oficial",')
    union = "us-ca-oakland-police-officers-association"
    copy.add("tests/cases/donor_matches.csv", f"{name},union,{union},CA,police,STRONG,a new abbreviation\n")
    diff = copy.make_expected("tests/test_matching.py -k frozen_reference")
    (line,) = [line for line in diff.splitlines() if re.match(r"[+-]\w", line)]
    assert line.startswith(f"+{name},CA,union,listed,{union},police,")
    assert copy.changed() == files_of("An abbreviation in the vocabulary")
    copy.pytest("tests/test_matching.py", "-k", "Ofzz or reference")
    assert "listed, score" in copy.unionscreen("check", name, "--state", "CA", exit_code=1)
