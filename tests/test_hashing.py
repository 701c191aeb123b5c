"""Hashes that begin early are those of the files, and nothing waits for them that does not need them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from unionscreen import hashing
from unionscreen.hashing import begin_hashing, sha256_of
from unionscreen.lean import load_less


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "LARGE_BYTES", 1)
    monkeypatch.setattr(hashing, "_begun", {})


@pytest.mark.parametrize("size", [0, 1, 100, hashing._PIECE_BYTES, hashing._PIECE_BYTES + 1])
def test_the_hash_is_sha256(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * size)
    expected = hashlib.sha256(b"x" * size).hexdigest()
    assert sha256_of(path) == expected
    begin_hashing([str(path)])
    assert sha256_of(path) == expected


def test_what_was_begun_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        path.write_text(path.name, "utf-8")
    monkeypatch.chdir(tmp_path)
    begin_hashing(["--workers", "2", "a.csv", "no such file", "nul\0", str(tmp_path), str(paths[1])])
    assert all(each.done.wait(10) for each in hashing._begun.values())
    monkeypatch.setattr(hashing, "_hashed", lambda path: pytest.fail(f"{path} was read again"))
    for path in (*paths, Path("a.csv")):
        assert sha256_of(path) == hashlib.sha256(path.name.encode()).hexdigest()


def test_a_file_that_changed_since_is_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before", "utf-8")
    begin_hashing([str(path)])
    path.write_text("after, and longer", "utf-8")
    assert sha256_of(path) == hashlib.sha256(b"after, and longer").hexdigest()


def test_a_file_that_cannot_be_read_is_an_error_for_whoever_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x", "utf-8")

    def refuse(path: str) -> str:
        raise PermissionError(path)

    monkeypatch.setattr(hashing, "_hashed", refuse)
    begin_hashing([str(path)])
    with pytest.raises(PermissionError):
        sha256_of(path)


def test_small_files_are_hashed_when_they_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "LARGE_BYTES", 2)
    (tmp_path / "a.csv").write_text("x", "utf-8")
    begin_hashing([str(tmp_path / "a.csv")])
    assert not hashing._begun


def test_screen_hashes_what_is_read_then(tmp_path: Path) -> None:
    example = Path(__file__).parents[1] / "examples" / "netfile-avery.csv"
    code = (
        "import sys; from unionscreen import hashing; hashing.LARGE_BYTES = 1\n"
        f"sys.argv = ['unionscreen', 'screen', {str(example)!r}, '--format', 'json']\n"
        "from unionscreen.cli import main\n"
        "try: main()\n"
        "finally: print(len(hashing._begun), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert f'"sha256": "{hashlib.sha256(example.read_bytes()).hexdigest()}"' in done.stdout
    assert done.stderr.splitlines()[-1] == "1"


def test_numpy_starts_no_threads_unless_the_user_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    for given, expected in ((None, "1"), ("3", "3")):
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", given or "")
        if given is None:
            monkeypatch.delenv("OPENBLAS_NUM_THREADS")
        load_less()
        assert os.environ["OPENBLAS_NUM_THREADS"] == expected
