"""Damaged files of every kind are read, with an account that adds up, or refused in words, within bounds."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fuzz import containers, driver, mutations, worker

EACH = 6  # inputs of each kind
SEED = 1

pytestmark = pytest.mark.xdist_group("fuzz")  # all from one worker, whose start costs as much as a dozen inputs


@pytest.fixture(scope="module")
def tallies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, driver.Tally]:
    kinds = list(containers.KINDS)
    return driver.run(driver.jobs(kinds, EACH * len(kinds), SEED), tmp_path_factory.mktemp("kept"))


@pytest.mark.parametrize("kind", containers.KINDS)
def test_a_damaged_file_is_read_or_refused_in_words(tallies: dict[str, driver.Tally], kind: str) -> None:
    assert tallies[kind].failures == []
    assert tallies[kind].read + tallies[kind].refused == EACH


@pytest.mark.parametrize("kind", containers.KINDS)
def test_a_sound_file_of_the_kind_is_read_whole(tmp_path: Path, kind: str) -> None:
    data, rows = containers.sample(kind, random.Random(5))
    path = tmp_path / f"filing.{containers.KINDS[kind].suffix}"
    path.write_bytes(data)
    code, stdout, stderr = worker.screened(path)
    assert code == 0, stderr
    assert json.loads(stdout)["manifest"]["rows_read"] == rows


def test_an_input_follows_from_its_kind_and_seed() -> None:
    made = [mutations.damaged("xlsx", seed)[0] for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def result(**changes: Any) -> str:
    manifest = {"rows_read": 3, "rows_screened": 2, "rows_rejected": 1, "by_status": {"active": 2}}
    return json.dumps({"manifest": manifest | changes, "prosecutors": [{"contributions": 2}]})


@pytest.mark.parametrize(
    ("code", "stdout", "stderr", "expected"),
    [
        (0, result(), "", None),
        (0, result(rows_rejected=0), "", "lost"),
        (0, result(by_status={"active": 1}), "", "lost"),
        (3, "", "Error: a.csv: the file is empty\nHint: did the download finish?\n", None),
        (3, "", "", "traceback"),
        (3, "", "Traceback (most recent call last):\nError: x\n", "traceback"),
        (70, "", "Error: a fault of unionscreen, not of your files: KeyError 'x'", "traceback"),
        (1, "", "", "traceback"),
    ],
)
def test_the_judge_tells_an_answer_from_a_fault(code: int, stdout: str, stderr: str, expected: str | None) -> None:
    assert worker.judged(code, stdout, stderr).get("fault") == expected


@pytest.mark.parametrize(("seconds", "memory", "over"), [(29.9, 1 << 30, 0), (30.1, 0, 1), (0, (2 << 30) + 1, 1)])
def test_time_and_memory_are_judged(seconds: float, memory: int, over: int) -> None:
    tally = driver.Tally()
    assert tally.add({"outcome": "read", "seconds": seconds, "memory": memory}, "csv --seed 1") is bool(over)
    assert tally.limits == over


def test_a_worker_that_dies_is_a_failure_and_its_input_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver.Worker, "_start", _dead)
    (tally,) = driver.run([("csv", 7)], tmp_path / "kept").values()
    assert (tally.limits, tally.tried) == (1, 1)
    assert (tmp_path / "kept" / "csv-7.csv").read_bytes() == mutations.damaged("csv", 7)[0]


def _dead(self: driver.Worker) -> Any:
    self._process = process = subprocess.Popen([sys.executable, "-c", ""], text=True, stdin=subprocess.PIPE)
    process.wait()
    self._answers.put("")
    return process
