"""Tasks run once each, here or in processes, with a bounded number under way, and errors arrive as they were.

The functions are a library's: a spawned process cannot import a test module.
"""

import math
import os
import time

import pytest

from unionscreen import engine
from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.filings import load_format


@pytest.mark.parametrize("workers", [1, 2, None])
def test_every_task_is_done_once(workers):
    assert sorted(engine.run(math.sqrt, range(9), workers)) == [(i, math.sqrt(i)) for i in range(9)]


def test_a_small_input_starts_no_process(monkeypatch):
    monkeypatch.setattr(engine, "ProcessPoolExecutor", None)
    assert len(list(engine.run(math.sqrt, range(engine.INLINE_TASKS)))) == engine.INLINE_TASKS


def test_one_worker_is_this_process(monkeypatch):
    monkeypatch.setattr(engine, "ProcessPoolExecutor", None)
    assert len(list(engine.run(math.sqrt, range(100), 1))) == 100


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_arrives_whole(workers):
    with pytest.raises(UsageError) as raised:
        list(engine.run(load_format, ["tn-tncamp", "tn-tncmp"], workers))
    assert (raised.value.cell, raised.value.exit_code) == ("tn-tncmp", 2)
    assert "did you mean tn-tncamp" in str(raised.value)


def test_a_worker_that_dies_is_said_not_waited_for():
    with pytest.raises(UnionScreenError, match="ended before it was done"):
        list(engine.run(os._exit, range(3), 2))


def test_only_a_few_tasks_are_taken_ahead():
    taken = []

    def tasks():
        for _ in range(40):
            taken.append(0.01)
            yield 0.01

    done = engine.run(time.sleep, tasks(), 2)
    next(done)
    assert len(taken) <= 2 * engine.TASKS_PER_WORKER
    assert len(list(done)) == 39


@pytest.mark.parametrize("workers", [0, -1])
def test_no_worker_is_refused(workers):
    with pytest.raises(UsageError, match="workers cannot do anything"):
        list(engine.run(math.sqrt, [1], workers))
