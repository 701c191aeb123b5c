"""Files that several processes add to at once: nothing is lost, nothing is there twice, nobody's line is cut off."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from unionscreen.errors import UsageError
from unionscreen.files import append_text
from unionscreen.intake.donations import judge_donations
from unionscreen.intake.log import append_log, read_log
from unionscreen.review.decisions import DECISION_COLUMNS, Decision
from unionscreen.review.store import append_decisions, append_new, load_decisions

PROCESSES = 8
FILES = 10
ROUNDS = 200 // FILES  # of each process, on each file
FAILURES = 0.2  # of the writes
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def decision(donor: str) -> Decision:
    return Decision(donor, "CA", "", "rejected", "A.B.", "2026-01-31", "a pub, no union")


def disk_that_fills_up(seed: int) -> None:
    """From here on some writes of this process take half and then fail."""
    chance = random.Random(seed)  # noqa: S311 - the same failures in every run
    write = os.write
    full = False

    def fails(handle: int, data: bytes) -> int:
        nonlocal full
        if full:
            full = False
            raise OSError(errno.ENOSPC, "No space left on device")
        if b"rejected" in data and chance.random() < FAILURES:
            full = True
            return write(handle, data[: len(data) // 2])
        return write(handle, data)

    os.write = fails


def add_rounds(folder: str, who: int, start: Any, written: Any) -> None:
    disk_that_fills_up(who)
    kept, failed = [], 0
    for at in range(FILES):
        start.wait()  # all at once on a file that is not there
        for number in range(ROUNDS):
            name = f"Donor {at} of {who} number {number}"
            try:
                append_decisions(Path(folder) / f"{at}.csv", [decision(name)])
                kept.append((at, name))
            except UsageError:
                failed += 1
    written.put((kept, failed))


def import_the_same(folder: str, _: int, start: Any, written: Any) -> None:
    start.wait()
    for suffix in ("csv", "db"):
        _, added = append_new(Path(folder) / f"log.{suffix}", [decision(f"Donor {at}") for at in range(50)])
        written.put(len(added))


def log_the_same(folder: str, _: int, start: Any, written: Any) -> None:
    intake = judge_donations(Path(folder) / "actblue.csv")
    for at in range(FILES):
        for suffix in ("csv", "jsonl"):
            start.wait()
            written.put(append_log(Path(folder) / f"{at}.{suffix}", intake, NOW))


def at_once(work: Any, folder: Path, answers: int) -> list[Any]:
    context = multiprocessing.get_context("spawn")  # pyarrow's threads do not live through a fork
    start, written = context.Barrier(PROCESSES), context.Queue()
    processes = [context.Process(target=work, args=(str(folder), who, start, written)) for who in range(PROCESSES)]
    for each in processes:
        each.start()
    out = [written.get(timeout=120) for _ in range(answers)]
    for each in processes:
        each.join()
    return out


def test_eight_processes_and_a_failing_disk_lose_and_double_nothing(tmp_path: Path) -> None:
    answers = at_once(add_rounds, tmp_path, PROCESSES)
    assert sum(failed for _, failed in answers) > 100
    said = sorted(each for kept, _ in answers for each in kept)
    found = [(at, each.donor) for at in range(FILES) for each in load_decisions(tmp_path / f"{at}.csv").log]
    assert sorted(found) == said
    for at in range(FILES):
        lines = (tmp_path / f"{at}.csv").read_text().splitlines()
        assert lines.count(",".join(DECISION_COLUMNS)) == 1


def test_the_same_table_imported_by_eight_at_once_is_there_once(tmp_path: Path) -> None:
    assert sum(at_once(import_the_same, tmp_path, 2 * PROCESSES)) == 100
    for suffix in ("csv", "db"):
        assert len(load_decisions(tmp_path / f"log.{suffix}").log) == 50


def test_the_same_export_logged_by_eight_at_once_is_there_once(tmp_path: Path) -> None:
    header = "Receipt ID,Date,Amount,Donor First Name,Donor Last Name,Donor City,Donor State,Donor Employer"
    rows = [f"AB{at},2024-01-05,50.00,Ann,Example{at},Elm,CA," for at in range(40)]
    (tmp_path / "actblue.csv").write_text("\n".join([header, *rows]) + "\n")
    assert sum(at_once(log_the_same, tmp_path, 2 * FILES * PROCESSES)) == 2 * FILES * 40
    for at in range(FILES):
        for suffix in ("csv", "jsonl"):
            assert len(read_log(tmp_path / f"{at}.{suffix}")) == 40


def test_a_failed_write_takes_back_its_own_bytes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a share knows no locks, somebody may write behind our half line."""
    path = tmp_path / "log.csv"
    path.write_text("one\n")
    write = os.write

    def fails(handle: int, data: bytes) -> int:
        write(handle, data[:2])
        with path.open("a") as other:
            other.write("theirs\n")
        monkeypatch.setattr(os, "write", write)
        monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))
        return 2

    monkeypatch.setattr(os, "write", fails)
    with pytest.raises(UsageError, match="I/O error"):
        append_text(path, "ours\n")
    assert "theirs\n" in path.read_text()


@pytest.mark.parametrize("cut", [1, 5, 20, 30, 40])
def test_a_torn_last_line_is_read_up_to_reported_and_not_added_to(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "log.csv"
    append_decisions(path, [decision("Elk Hills POA")])
    whole = path.stat().st_size
    append_decisions(path, [decision('Springfield "Blue" PBA, Local 3')])
    os.truncate(path, whole + cut)
    log = load_decisions(path)
    assert [each.donor for each in log.log] == ["Elk Hills POA"]
    assert log.notes == (f"{path}:3: an incomplete decision (writing was interrupted), which is ignored",)
    with pytest.raises(UsageError, match="an incomplete decision"):
        append_decisions(path, [decision("Elm POA")])
    assert path.stat().st_size == whole + cut


def test_the_commands_say_that_the_last_line_is_torn(tmp_path: Path, cli: Any) -> None:
    path = tmp_path / "log.csv"
    append_decisions(path, [decision("Elk Hills POA")])
    with path.open("a") as handle:
        handle.write("Springfield PBA,CA,,conf")
    said = f"note: {path}:3: an incomplete decision"
    for arguments in (["review", "log", "--decisions", path], ["check", "Elk Hills POA", "--decisions", path]):
        result = cli(*map(str, arguments))
        assert said in result.stderr
        assert result.exit_code == 0


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "'=1", "''+1", "'t Hooft", "-5", "@a", "|calc", "%1", "＝1"])
def test_a_decision_is_written_inert_and_read_back_exactly(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "log.csv"
    made = Decision(cell, "CA", "", "rejected", cell, "2026-01-31", cell)
    append_decisions(path, [made])
    assert load_decisions(path).log == (made,)
    assert f"\n{cell}," not in path.read_text() or cell == "'t Hooft"
