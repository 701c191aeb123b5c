"""Files of a folder that could not be read: every answer says how many, JSON names them all."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

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
    assert any(line.endswith(SAID) for line in result.stderr.splitlines())
    assert result.stderr.splitlines()[-1].startswith("Error: 20 files could not be read: ")
    assert cli("screen", folder / "good.csv", "--strict").exit_code == 0


def test_watch_is_strict_about_a_member_that_is_damaged(tmp_path: Path, cli: Callable[..., Result]) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    with zipfile.ZipFile(exports / "both.zip", "w") as archive:
        archive.writestr("good.csv", GOOD)
        archive.writestr("bad.csv.gz", b"\x1f\x8b\x08 cut off")
    result = cli("watch", exports, "--once", "--strict")
    assert (result.exit_code, "1 of 2 files could not be read" in result.stderr) == (3, True)


def damaged() -> dict[str, bytes]:
    """Filings that cannot be read, by the names they have in a folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.csv", GOOD)
    locked = bytearray(packed.getvalue())
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(start) + at] |= 1  # "this member is encrypted"
    return {
        "cut.csv.gz": gzip.compress(GOOD.encode())[:-12],
        "cut.zip": packed.getvalue()[:60],
        "cut.xlsx": b"PK\x03\x04 cut off",
        "cut.json": b'[{"contributor": "San Diego Police Officers Association", "amou',
        "cut.pdf": b"%PDF-1.4 cut off",
        "locked.zip": bytes(locked),
        "empty.csv": b"",
        "page.csv": b"<html><body>Service unavailable</body></html>",
        "letter.csv": b"Access denied",
        "noise.xlsx": bytes(range(32)) * 20,
        "nobody.csv": b"contributor,amount,date\nSan Diego Police Officers Association,250.00,2024-01-05\n",
    }


# What agencies and people put beside filings.
BESIDE: Final = {
    "README.txt": b"Downloaded in January.\n",
    "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "about.html": b"<html><body>About these files</body></html>",
    "codes.csv": b"code,meaning\n1,monetary\n2,in-kind\n",
    "batch.toml": b'[[screening]]\nname = "one"\n',
    "spent.csv": b"Payee,Amount,Expenditure Code,Date\nPrinter,5.00,LIT,2024-01-05\n",
    "letter.rtf": b"{\\rtf1 Dear Sir}",
}


@pytest.mark.parametrize("name", damaged())
def test_a_damaged_filing_in_a_folder_fails_as_in_a_list(tmp_path: Path, cli: Callable[..., Result], name: str) -> None:
    folder, out = tmp_path / "all", tmp_path / "out.csv"
    folder.mkdir()
    (folder / "good.csv").write_text(GOOD)
    (folder / name).write_bytes(damaged()[name])
    (tmp_path / "list.csv").write_text(f"filing\nall/good.csv\nall/{name}\n")
    found, listed = (cli("batch", given, "--out", out, "--quiet") for given in (folder, tmp_path / "list.csv"))
    assert (found.exit_code, listed.exit_code) == (3, 3)
    assert found.stderr.splitlines()[-1].startswith("Error: 1 file could not be read: ")
    assert found.stderr.removeprefix("all: ") == listed.stderr.removeprefix("list: ")
    cli("batch", folder, "--out", out, "--quiet")
    (screening,) = json.loads((tmp_path / "out.manifest.json").read_text())["screenings"]
    (failed,) = screening["failed_files"]
    assert failed["path"].startswith(str(folder / name))
    assert failed["reason"] in found.stderr
    assert [each["path"] for each in screening["unread"]] == [str(folder / name)]
    stopped = cli("batch", folder, "--out", tmp_path / "stopped.csv", "--stop-on-error")
    assert (stopped.exit_code, stopped.stderr) == (3, f"Error: all: {failed['reason']}\n")
    assert not list(tmp_path.glob("stopped*"))


def test_a_damaged_member_of_a_zip_fails_too(tmp_path: Path, cli: Callable[..., Result]) -> None:
    (tmp_path / "all").mkdir()
    with zipfile.ZipFile(tmp_path / "all" / "both.zip", "w") as archive:
        archive.writestr("good.csv", GOOD)
        archive.writestr("bad.csv.gz", b"\x1f\x8b\x08 cut off")
    (tmp_path / "list.csv").write_text("filing\nall/both.zip\n")
    for given in (tmp_path / "all", tmp_path / "list.csv"):
        result = cli("batch", given, "--out", tmp_path / "out.csv")
        assert result.exit_code == 3
        assert f"1 file could not be read: {tmp_path}/all/both.zip!bad.csv.gz; " in result.stderr


@pytest.mark.parametrize("beside", [False, True], ids=["in the folder", "beside folders"])
@pytest.mark.parametrize("name", BESIDE)
def test_what_is_plainly_not_a_filing_is_a_note(
    tmp_path: Path, cli: Callable[..., Result], name: str, *, beside: bool
) -> None:
    folder = tmp_path / "all"
    (folder / "tx").mkdir(parents=True)
    (folder / "tx" / "good.csv").write_text(GOOD)
    (folder / ("." if beside else "tx") / name).write_bytes(BESIDE[name])
    for loose in (False, True):
        result = cli("batch", folder, "--out", tmp_path / "out.csv", "--stop-on-error")
        assert result.exit_code == 0, result.stderr
        manifest = json.loads((tmp_path / "out.manifest.json").read_text())
        notes = [note for each in [manifest, *manifest["screenings"]] for note in each["notes"]]
        assert any("not read: " in note and name in note for note in notes)
        assert not any("failed_files" in each for each in manifest["screenings"])
        if beside and loose:
            assert "all: 1 of 2 files could not be read" in result.stderr
        (folder / "loose.csv").write_text(GOOD)


def test_a_folder_of_letters_alone_is_an_error(tmp_path: Path, cli: Callable[..., Result]) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "README.txt").write_text("Downloaded in January.\n")
    assert cli("batch", tmp_path / "all", "--out", tmp_path / "out.csv").exit_code == 3
