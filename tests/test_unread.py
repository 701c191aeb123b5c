"""Files of a folder that could not be read: every answer says how many, JSON names them all."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

GOOD = (
    "contributor,amount,date,recipient,office\n"
    "San Diego Police Officers Association,250.00,2024-01-05,Jane Roe for District Attorney,District Attorney\n"
)
SAID = "20 of 21 files could not be read"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "filings"
    path.mkdir()
    (path / "good.csv").write_text(GOOD)
    for at in range(20):
        (path / f"bad{at:02}.csv.gz").write_bytes(b"\x1f\x8b\x08 cut off")
    return path


def test_json_names_every_file_that_could_not_be_read(folder: Path, cli: Callable[..., Result]) -> None:
    result = cli("screen", folder, "--format", "json")
    assert result.exit_code == 0
    manifest = json.loads(result.stdout)["manifest"]
    assert manifest["files"] == 21
    assert [each["path"] for each in manifest["unread"]] == [str(folder / f"bad{at:02}.csv.gz") for at in range(20)]
    assert all(each["reason"] for each in manifest["unread"])
    assert result.stderr.rstrip().endswith(SAID)


@pytest.mark.parametrize("fmt", ["table", "md", "html"])
def test_the_last_line_of_a_report_says_how_many(folder: Path, cli: Callable[..., Result], fmt: str) -> None:
    said = cli("screen", folder, "--format", fmt).stdout
    said = said.partition("</footer>")[0]  # what a page's script says comes after
    assert SAID in said[-60:]


@pytest.mark.parametrize("fmt", ["csv", "jsonl", "sqlite", "parquet", "xlsx"])
def test_whoever_writes_a_file_is_told_last(folder: Path, tmp_path: Path, cli: Callable[..., Result], fmt: str) -> None:
    result = cli("screen", folder, "--format", fmt, "--out", tmp_path / f"out.{fmt}")
    assert result.stderr.splitlines()[-1] == SAID


def test_strict_shows_the_rest_and_exits_3(folder: Path, tmp_path: Path, cli: Callable[..., Result]) -> None:
    result = cli("screen", folder, "--strict", "--quiet", "--format", "json")
    assert (result.exit_code, result.stderr) == (3, f"{SAID}\n")
    assert json.loads(result.stdout)["prosecutors"]
    result = cli("batch", folder.parent, "--out", tmp_path / "out.csv", "--strict")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].endswith(SAID)
    assert cli("screen", folder / "good.csv", "--strict").exit_code == 0


def test_watch_is_strict_about_a_member_that_is_damaged(tmp_path: Path, cli: Callable[..., Result]) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    with zipfile.ZipFile(exports / "both.zip", "w") as archive:
        archive.writestr("good.csv", GOOD)
        archive.writestr("bad.csv.gz", b"\x1f\x8b\x08 cut off")
    result = cli("watch", exports, "--once", "--strict")
    assert (result.exit_code, "1 of 2 files could not be read" in result.stderr) == (3, True)
