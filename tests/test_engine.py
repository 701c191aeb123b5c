"""Tasks run once each, wherever; a bounded number is under way; errors arrive as they were, and death is survived.

The functions are a library's: a spawned process cannot import a test module.
"""

import math
import operator
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from unionscreen import engine
from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.filings import load_format

# Threads of this process, and processes: (workers, threads).
EVERYWHERE = pytest.mark.parametrize(("workers", "threads"), [(2, 2), (2, 0)], ids=["threads", "processes"])


@pytest.mark.parametrize(("workers", "threads"), [(1, 3), (2, 3), (2, 0), (None, 3)])
def test_every_task_is_done_once(workers, threads):
    done = engine.run_tasks(math.sqrt, range(9), workers, threads=threads)
    assert sorted(done) == [(i, math.sqrt(i)) for i in range(9)]


@pytest.mark.parametrize(("tasks", "workers"), [(engine.INLINE_TASKS, None), (100, 1)])
def test_a_small_input_and_one_worker_start_nothing(tasks, workers, monkeypatch):
    monkeypatch.setattr(engine, "ProcessPoolExecutor", None)
    monkeypatch.setattr(engine, "ThreadPoolExecutor", None)
    assert len(list(engine.run_tasks(math.sqrt, range(tasks), workers))) == tasks


def test_small_tasks_are_done_in_one_thread_unless_workers_are_asked_for(monkeypatch):
    monkeypatch.setattr(engine, "processors", lambda: 2)
    pools = []
    monkeypatch.setattr(engine, "_threads", lambda count: pools.append(count) or engine.ThreadPoolExecutor(count))
    for workers, small in [(None, True), (2, True), (None, False)]:
        assert len(list(engine.run_tasks(math.sqrt, range(9), workers, small=small))) == 9
    assert pools == [2, 2]


@EVERYWHERE
def test_what_a_task_raises_arrives_whole(workers, threads):
    with pytest.raises(UsageError) as raised:
        list(engine.run_tasks(load_format, ["tn-tncamp", "tn-tncmp"], workers, threads=threads))
    assert (raised.value.cell, raised.value.exit_code) == ("tn-tncmp", 2)
    assert "did you mean tn-tncamp" in str(raised.value)


@EVERYWHERE
def test_what_fails_twice_names_its_task(workers, threads):
    with pytest.raises(ZeroDivisionError) as raised:
        list(engine.run_tasks((1).__truediv__, [4, 0, 2], workers, threads=threads))
    assert raised.value.__notes__ == ["while working on 0"]


def test_what_fails_once_is_tried_again():
    left = iter([OSError("the share was away")])

    def fails_once(task):
        for error in left:
            raise error
        return -task

    assert sorted(engine.run_tasks(fails_once, [1, 2, 3], 2)) == [(1, -1), (2, -2), (3, -3)]


def test_a_worker_that_dies_twice_over_a_task_is_said_not_waited_for():
    with pytest.raises(UnionScreenError, match=r"two workers ended over the same piece of work: 7"):
        list(engine.run_tasks(os._exit, [7], 2, threads=0))


def test_the_tasks_of_a_dead_worker_are_done_by_another(tmp_path):
    mark = tmp_path / "died"
    program = f"""
import os
def work(task):
    if task == 3:
        try:
            os.close(os.open({str(mark)!r}, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            pass
        else:
            os.kill(os.getpid(), 9)
    return -task
"""
    (tmp_path / "dying_worker.py").write_text(program)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from unionscreen import engine\nimport dying_worker\n"
        "if __name__ == '__main__':\n"
        "    print(sorted(engine.run_tasks(dying_worker.work, range(9), 2, threads=0)))\n"
    )
    (tmp_path / "script.py").write_text(script)
    done = subprocess.run([sys.executable, tmp_path / "script.py", tmp_path], capture_output=True, text=True)
    assert done.stdout.strip() == str([(i, -i) for i in range(9)]), done.stderr
    assert mark.exists()


@EVERYWHERE
def test_only_a_few_tasks_are_taken_ahead(workers, threads):
    taken = []

    def tasks():
        for _ in range(40):
            taken.append(0.01)
            yield 0.01

    done = engine.run_tasks(time.sleep, tasks(), workers, threads=threads)
    next(done)
    assert len(taken) <= workers * engine.TASKS_PER_WORKER
    assert len(list(done)) == 39


def test_whoever_stops_listening_stops_the_work():
    taken = []
    done = engine.run_tasks(operator.neg, (taken.append(i) or i for i in range(1000)), 2)
    next(done)
    done.close()
    assert len(taken) <= 2 * engine.TASKS_PER_WORKER + 1


@pytest.mark.parametrize("workers", [0, -1])
def test_no_worker_is_refused(workers):
    with pytest.raises(UsageError, match="workers cannot do anything"):
        list(engine.run_tasks(math.sqrt, [1], workers))


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "http://10.0.0.5", ""])
def test_what_is_no_scheduler_address_is_refused(address):
    with pytest.raises(UsageError, match="not an address"):
        list(engine.run_tasks(math.sqrt, [1], scheduler=address))


def test_workers_and_a_scheduler_exclude_each_other():
    with pytest.raises(UsageError, match="the cluster at --scheduler has its own"):
        list(engine.run_tasks(math.sqrt, [1], 2, "tcp://10.0.0.5:8786"))


def test_a_pool_that_breaks_while_nobody_waits_for_it_loses_nothing(monkeypatch):
    pools = []

    class Breaks(ThreadPoolExecutor):
        """Takes three tasks, then refuses, as a pool does whose worker died between two of them."""

        def __init__(self, *_, **__):
            super().__init__(1)
            self.taken = 0
            pools.append(self)

        def submit(self, function, task):
            if self.taken == 3:
                raise BrokenProcessPool
            self.taken += 1
            return super().submit(function, task)

    monkeypatch.setattr(engine, "ProcessPoolExecutor", Breaks)
    done = engine.run_tasks(math.sqrt, range(10), 2, threads=0)
    assert sorted(done) == [(i, math.sqrt(i)) for i in range(10)]
    assert [pool.taken for pool in pools] == [3, 3, 3, 1]
