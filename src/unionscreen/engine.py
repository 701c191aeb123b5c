"""Run one function over many block tasks: here, or in processes. Knows nothing of what the tasks are."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, TypeVar

from unionscreen.errors import UnionScreenError, UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

# A worker costs about a second to start (a new interpreter, pyarrow, the union list): six blocks of 16 MB take less
# than that here, so smaller inputs are done before a worker could help.
INLINE_TASKS: Final = 6
# Tasks handed out per worker: one that it works on and one that waits for it. More would only fill memory.
TASKS_PER_WORKER: Final = 2


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Args:
        bytes_done: of the inputs as they lie on disk.
        bytes_total: None when an input does not know its size (standard input).
    """

    bytes_done: int
    bytes_total: int | None


def run(
    function: Callable[[Task], Result], tasks: Iterable[Task], workers: int | None = None
) -> Iterator[tuple[Task, Result]]:
    """Yield each task with its result, in whatever order they are done.

    Args:
        function: picklable and pure: it may run in any process.
        tasks: picklable; taken one by one as there is room for them.
        workers: how many processes; 1 is this one, None as many as the input is worth.

    Raises:
        UsageError: fewer than one worker.
        UnionScreenError: what a task raised, or that a worker died.
    """
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot do anything", hint="--workers takes 1 or more")
    count = workers or _processors()
    waiting = iter(tasks)
    head = list(islice(waiting, INLINE_TASKS + 1)) if workers is None and count > 1 else []
    if count == 1 or (workers is None and len(head) <= INLINE_TASKS):
        for task in chain(head, waiting):
            yield task, function(task)
        return
    yield from _in_processes(function, chain(head, waiting), count)


def _processors() -> int:
    """The processors this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(
    function: Callable[[Task], Result], tasks: Iterator[Task], count: int
) -> Iterator[tuple[Task, Result]]:
    """Keep a bounded number of tasks under way; on any error or Ctrl-C drop the rest and let the workers end."""
    # Not "fork": a forked child inherits pyarrow's locks, but not the threads that would release them.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin_worker)
    try:
        under_way: dict[Future[Result], Task] = {}
        for task in tasks:
            under_way[executor.submit(function, task)] = task
            if len(under_way) >= count * TASKS_PER_WORKER:
                yield from _finished(under_way)
        while under_way:
            yield from _finished(under_way)
    except BrokenProcessPool as error:
        raise UnionScreenError(
            "a worker process ended before it was done",
            hint="memory may have run out: try --workers 1. A script that calls screen() needs"
            ' `if __name__ == "__main__":` around it',
        ) from error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _finished(under_way: dict[Future[Result], Task]) -> Iterator[tuple[Task, Result]]:
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for future in done:
        yield under_way.pop(future), future.result()


def _begin_worker() -> None:
    """Make a worker one thread that leaves Ctrl-C to the process that started it."""
    import pyarrow as pa

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)  # as many workers as processors: threads on top would only wait for each other
