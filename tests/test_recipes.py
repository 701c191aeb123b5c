"""The recipes of CONTRIBUTING.md, followed in a copy of the project: they name every file, and the result works."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

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
        assert done.returncode == exit_code, f"{' '.join(command)}\n{(done.stdout + done.stderr)[-2000:]}"
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
    """The files to change that a recipe names, from the root of the project."""
    steps = CONTRIBUTING.split(f"### {recipe}\n")[1].split("\n#")[0]
    return set(re.findall(r"`((?:src|data|tests|docs)/[\w./-]+)`", steps))


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


TSV = '''"""Tab-separated values: the first table, a line per row."""

from __future__ import annotations

from unionscreen.output.cells import text_of
from unionscreen.output.tables import ResultTables, WriteOptions


def write(result: ResultTables, options: WriteOptions) -> bytes:
    """A header line, then a line per row; tabs and line breaks in a text become blanks."""
    table = result.single or result.tables[0]
    rows = [[text_of(column, cell, options) for column, cell in zip(table.columns, row)] for row in table.rows]
    return "".join("\\t".join(" ".join(cell.split()) for cell in row) + "\\n" for row in [table.names, *rows]).encode(
        "utf-8", "backslashreplace"
    )
'''


def test_an_output_is_added(copy: Copy) -> None:
    home = "src/unionscreen/output"
    copy.add(f"{home}/tsv.py", TSV)
    line = '    Writer("tsv", (".tsv",), f"{_HERE}.tsv", "the flags, separated by tabs", one_table=True),\n'
    copy.change(f"{home}/__init__.py", "\nWRITERS: Final = (\n", f"\nWRITERS: Final = (\n{line}")
    copy.change(
        "tests/test_reports_writers.py", '    "csv": inert_csv,\n', '    "csv": inert_csv,\n    "tsv": inert_text,\n'
    )
    copy.change("docs/commands.md", "`.csv`, `.jsonl`,", "`.csv`, `.tsv`, `.jsonl`,")
    assert {name.replace("/tsv.", "/NAME.") for name in copy.changed()} == files_of("An output")
    copy.pytest("tests/test_reports_writers.py", "-k", "tsv")
    header, first, *_ = copy.unionscreen("screen", "examples/netfile-avery.csv", "--format", "tsv").splitlines()
    row = dict(zip(header.split("\t"), first.split("\t"), strict=True))
    assert (row["contributor"], row["amount"]) == ("Sacramento Police Officers Assn PAC", "1400.00")
    copy.unionscreen("screen", "examples/netfile-avery.csv", "--out", "flags.tsv")
    assert (copy.folder / "flags.tsv").read_text().startswith(header)


def test_a_field_of_a_flag_is_added(copy: Copy) -> None:
    file = "src/unionscreen/screening/result.py"
    added = '    candidate: str | None = field(default=None, metadata={"about": "the candidate, as filed"})\n'
    copy.change(file, "    could_be: str | None = None\n", f"{added}    could_be: str | None = None\n")
    assert copy.changed() == files_of("A field of a flag")
    sample = "tests/filings/samples/id-sunshine.csv"
    outs = [part for suffix in ("json", "csv", "jsonl", "xlsx", "sqlite") for part in ("--out", f"out.{suffix}")]
    copy.unionscreen("screen", sample, *outs)
    rows = csv.DictReader(io.StringIO((copy.folder / "out.csv").read_text()))
    assert {row["candidate"] for row in rows} == {"Jane Roe"}
    for name in ("out.json", "out.jsonl"):
        assert '"candidate": "Jane Roe"' in (copy.folder / name).read_text()
    with closing(sqlite3.connect(copy.folder / "out.sqlite")) as database:
        assert database.execute("SELECT DISTINCT candidate FROM flags").fetchall() == [("Jane Roe",)]
    header, *_ = CalamineWorkbook.from_path(str(copy.folder / "out.xlsx")).get_sheet_by_name("Flags").to_python()
    assert "candidate" in header
