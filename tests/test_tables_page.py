"""The data dictionary has every table and every column; the pages for R and pandas name columns that exist."""

from __future__ import annotations

import ast
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from unionscreen.batch import batch_paths, manifest_table, run_batch, write_batch
from unionscreen.batch_jobs import Job
from unionscreen.output.database import column_name
from unionscreen.output.tables import with_organization
from unionscreen.reports.money_out import MONEY_OUT

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
JOBS = [
    Job("CA", (str(ROOT / "examples" / "netfile-avery.csv"),), {}),
    Job("TN", (str(ROOT / "examples" / "tennessee-2022.csv"),), {}),
]


@pytest.fixture(scope="module")
def tables():
    """Every table of every command, as the page was made from."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import cog_tables
    finally:
        sys.path.pop(0)
    return [(command, table) for command, found in cog_tables.every_table() for table in found]


def literals(name: str) -> list[tuple[Path, str]]:
    """The first arguments of the calls of a class in our code, where they are literals."""
    found = []
    for path in sorted((ROOT / "src" / "unionscreen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.append((path, first.value))
    return found


def test_every_table_that_the_code_makes_is_on_the_page(tables):
    made = {name for _, name in literals("ResultTable")} | {*MONEY_OUT, "related", "employers", "dismissed"}
    assert len(made) > 25
    assert made - {table.name for _, table in tables} == set()
    for name in made:
        assert f"### {name} (" in PAGE


def test_every_column_is_on_the_page_with_its_meaning(tables):
    for command, table in tables:
        assert [column.name for column in table.columns if not column.about] == [], (command, table.name)
        section = PAGE.split(f"### {table.name} ({command})")[1].split("\n##")[0]
        if "The columns are those of" not in section:
            assert re.findall(r"^\| `(\w+)` \|", section, re.M) == table.names


def test_a_database_has_no_table_and_no_column_that_the_page_lacks(cli, tmp_path, tables):
    out = tmp_path / "all.sqlite"
    example = ROOT / "examples" / "netfile-avery.csv"
    asked = ("--employers", "--compare", "--roster", ROOT / "examples" / "pledges.csv")
    assert cli("screen", example, *asked, "--out", out).exit_code == 0
    known = {table.name: table for command, table in tables if command == "screen and report"}
    with closing(sqlite3.connect(out)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert len(names) > 10
        for name in set(names) - {"sqlite_sequence"}:
            columns = {row[1] for row in database.execute(f'PRAGMA table_info("{name}")')} - {"id"}
            assert columns == {column_name(column) for column in with_organization(known[name]).columns}, name


def test_a_database_of_a_dossier_has_no_table_and_no_column_that_the_page_lacks(cli, tmp_path, tables):
    out, example = tmp_path / "union.sqlite", ROOT / "examples" / "netfile-avery.csv"
    union = "us-ca-sacramento-police-officers-association"
    assert cli("unions", "dossier", union, example, "--out", out).exit_code == 0
    known = {table.name: table for command, table in tables if command == "unions dossier"}
    assert {*known} > {*MONEY_OUT} - {"traces"}
    with closing(sqlite3.connect(out)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert len(names) > 2
        for name in names - {"sqlite_sequence"}:
            columns = {row[1] for row in database.execute(f'PRAGMA table_info("{name}")')} - {"id"}
            assert columns == {column_name(column) for column in with_organization(known[name]).columns}, name


def test_the_files_of_a_batch_have_the_columns_of_the_page(tmp_path, tables):
    found = run_batch(JOBS)
    of_page = {table.name: table.names for command, table in tables if command == "batch"}
    assert {table.name: table.names for table in (*found.tables, manifest_table(found))} == of_page


def r_code() -> list[str]:
    page = (ROOT / "docs" / "r.md").read_text(encoding="utf-8")
    return re.findall(r"^```r\n(.*?)^```", page, re.M | re.S)


def test_the_columns_that_the_r_page_names_exist():
    found = run_batch(JOBS)
    columns = {name for table in found.tables for name in table.names}
    code = "\n".join(r_code())
    named = {*re.findall(r"\$(\w+)", code), *re.findall(r"(\w+) = col_", code), *re.findall(r"(\w+_cents)", code)}
    assert len(named) > 8
    assert named - columns == set()
    assert all(code.count(one) == code.count(other) for one, other in ("()", "[]"))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="no Rscript on this machine: R is not a dependency")
def test_the_r_code_runs(tmp_path):
    found = run_batch(JOBS)
    for suffix in ("parquet", "csv"):
        write_batch(found, batch_paths(tmp_path / f"states.{suffix}"))
    for code in r_code():
        package = re.search(r"library\((\w+)\)", code)[1]
        script = tmp_path / "page.R"
        script.write_text(f'if (!requireNamespace("{package}", quietly = TRUE)) quit(status = 0)\n{code}')
        done = subprocess.run(["Rscript", script], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
