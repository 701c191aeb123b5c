"""Every command that writes, killed while it writes: what it leaves is old or new, and it runs again."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import kills

pytestmark = pytest.mark.xdist_group("fuzz")


@pytest.mark.parametrize("command", kills.COMMANDS)
def test_a_kill_leaves_whole_files_and_the_command_runs_again(command: str, tmp_path: Path) -> None:
    found = kills.killed(command, 1, tmp_path)
    assert "fault" not in found, found["said"]


def test_half_a_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"ne")
    known = kills.COMMANDS["report"]
    assert known.whole(tmp_path, {"a.csv": b"old"}, {"a.csv": b"new"}) is not None
    (tmp_path / "a.csv").write_bytes(b"new")
    assert known.whole(tmp_path, {"a.csv": b"old"}, {"a.csv": b"new"}) is None


@pytest.mark.parametrize("torn", ["a,b\n1,2\n3", "a,b\n1,2\n3\n", "a,b\na,b\n1,2\n", ""])
def test_a_torn_or_shorter_log_is_noticed(tmp_path: Path, torn: str) -> None:
    (tmp_path / "log.csv").write_text(torn)
    known = kills.COMMANDS["review import"]
    assert known.whole(tmp_path, {"log.csv": b"a,b\n1,2\n"}, {"log.csv": b"a,b\n1,2\n3,4\n5,6\n"}) is not None
