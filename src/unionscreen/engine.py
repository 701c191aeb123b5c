"""Run one function over many block tasks: here, in threads, in processes, or on a Dask cluster. DESIGN §9.

Knows nothing of what the tasks are. Results come in whatever order they are done; whoever merges them must not care.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final, Generic, TypeVar

from unionscreen.errors import UnionScreenError, UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

# A second thread pays from the third block of 24 MB on.
INLINE_TASKS: Final = 2
# Up to here workers are threads. Most of a block's time is spent in Arrow, which lets go of the interpreter; threads
# start at once and share the answers for donors met before, where a process takes a second to start (a new
# interpreter, pyarrow, the union list) and asks about every donor again.
# Measured with two: a quarter less processor time, and as fast or faster.
# From about four on the matching, which is Python, would keep them waiting for each other.
THREADS: Final = 3
# How long a thread may keep the interpreter while another one waits for it.
_SWITCH_SECONDS: Final = 0.0005
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
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    workers: int | None = None,
    scheduler: str | None = None,
    *,
    threads: int | None = None,
) -> Iterator[tuple[Task, Result]]:
    """Yield each task with its result, in whatever order they are done.

    A task that fails unexpectedly, or whose worker dies, is tried once more; then the error names it.

    Args:
        function: picklable and pure: it may run in any process.
        tasks: picklable; taken one by one as there is room for them. ``str(task)`` names it in errors.
        workers: how many at once; 1 is this process alone, None as many as the input and the machine are worth.
        scheduler: address of a Dask scheduler, whose workers do it all; then ``workers`` must be None.
        threads: up to so many workers are threads of this process, more are processes; None is ``THREADS``.

    Raises:
        UsageError: fewer than one worker, or workers with a scheduler.
        UnionScreenError: what a task raised, or that workers died over it twice.
    """
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot do anything", hint="--workers takes 1 or more")
    if scheduler is not None:
        if workers is not None:
            raise UsageError("--workers is for this machine; the cluster at --scheduler has its own")
        from unionscreen.cluster import OnWorker, connect

        with connect(scheduler) as (executor, room, lost):
            yield from _Run(OnWorker(function), iter(tasks), lambda: _borrowed(executor), room, lost).results()
        return
    count = workers or processors()
    waiting = iter(tasks)
    head = list(islice(waiting, INLINE_TASKS + 1)) if workers is None and count > 1 else []
    if count == 1 or (workers is None and len(head) <= INLINE_TASKS):
        for task in chain(head, waiting):
            yield task, function(task)
        return
    pool = (
        (lambda: _threads(count)) if count <= (THREADS if threads is None else threads) else (lambda: _processes(count))
    )
    yield from _Run(function, chain(head, waiting), pool, count * TASKS_PER_WORKER, BrokenProcessPool).results()


def processors() -> int:
    """The processors this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _borrowed(executor: Executor) -> Iterator[Executor]:
    """An executor that somebody else shuts down."""
    yield executor


@contextmanager
def _threads(count: int) -> Iterator[Executor]:
    """Threads that take turns often: one that matches names would let the others wait 5 ms after each Arrow call."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with ThreadPoolExecutor(count, "block") as executor:
            yield executor
    finally:
        sys.setswitchinterval(usual)


def _processes(count: int) -> ProcessPoolExecutor:
    # Not "fork": a forked child inherits pyarrow's locks, but not the threads that would release them.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin_worker)


def _begin_worker() -> None:
    """Make a worker one thread that leaves Ctrl-C to the process that started it."""
    import pyarrow as pa

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)  # as many workers as processors: threads on top would only wait for each other


@dataclass(frozen=True)
class _Job(Generic[Task]):
    task: Task
    failures: int = 0


class _Run(Generic[Task, Result]):
    """One run on an executor, with a bounded number of tasks under way.

    When a process dies, the whole pool is gone, and nobody knows which of the tasks under way killed it. A new pool
    then gets these one at a time: the one over which a worker dies again is the one to name.
    """

    def __init__(
        self,
        function: Callable[[Task], Result],
        tasks: Iterator[Task],
        new_executor: Callable[[], AbstractContextManager[Executor]],
        room: int,
        lost: type[Exception] | tuple[type[Exception], ...],
    ) -> None:
        """Prepare a run.

        Args:
            function: what to do.
            tasks: with what.
            new_executor: begins an executor; called again when it broke.
            room: how many tasks may be under way.
            lost: what a future raises when its worker died.
        """
        self._function, self._tasks, self._new_executor, self._room, self._lost = (
            function, tasks, new_executor, room, lost,
        )  # fmt: skip
        self._again: deque[_Job[Task]] = deque()
        self._suspects: deque[_Job[Task]] = deque()
        self._under_way: dict[Future[Result], _Job[Task]] = {}

    def results(self) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result; on any error or Ctrl-C drop the rest and let the workers end."""
        while True:
            with ExitStack() as stack:
                executor = stack.enter_context(self._new_executor())
                stack.callback(self._cancel, executor)
                broken = yield from self._until_broken(executor)
            if broken is None:
                return
            self._suspects.extend(broken)

    def _cancel(self, executor: Executor) -> None:
        for future in self._under_way:
            future.cancel()
        self._under_way.clear()
        if isinstance(executor, (ProcessPoolExecutor, ThreadPoolExecutor)):
            executor.shutdown(wait=True, cancel_futures=True)

    def _until_broken(self, executor: Executor) -> Generator[tuple[Task, Result], None, list[_Job[Task]] | None]:
        """Work on one executor to the end (None), or until it breaks; then return what was lost with it."""
        while True:
            taken = self._hand_out(executor)
            if not self._under_way:
                return None if taken else []
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            lost: list[_Job[Task]] = []
            for future in done:
                job = self._under_way.pop(future)
                error = future.exception()
                if error is None:
                    yield job.task, future.result()
                elif isinstance(error, self._lost):
                    lost.append(self._failed(job, error))
                elif isinstance(error, UnionScreenError) or not isinstance(error, Exception):
                    raise error
                else:
                    self._again.append(self._failed(job, error))
            if lost:
                return lost + [self._failed(job, None) for job in self._under_way.values()]

    def _hand_out(self, executor: Executor) -> bool:
        """Give the executor what it has room for; False when it takes nothing any more.

        A worker may die while nobody waits for it, and then the pool says so here. The task that it refused killed
        nobody and goes back as it came; what was under way tells of the death itself, unless it was done by then.
        """
        room = 1 if self._suspects else self._room
        while len(self._under_way) < room:
            queue = self._suspects or self._again
            job = queue.popleft() if queue else self._new()
            if job is None:
                return True
            try:
                self._under_way[executor.submit(self._function, job.task)] = job
            except self._lost:
                queue.appendleft(job)
                return False
        return True

    def _new(self) -> _Job[Task] | None:
        for task in self._tasks:
            return _Job(task)
        return None

    def _failed(self, job: _Job[Task], error: BaseException | None) -> _Job[Task]:
        """The job to be tried once more.

        Raises:
            UnionScreenError: it was tried twice, and twice its worker died.
            Exception: it was tried twice; what it raised, with the task named in a note.
        """
        if not job.failures or error is None:
            return replace(job, failures=job.failures + 1)
        if isinstance(error, self._lost):
            raise UnionScreenError(
                f"two workers ended over the same piece of work: {job.task}",
                hint="memory may have run out: try --workers 1. A script that calls screen() needs"
                ' `if __name__ == "__main__":` around it',
            ) from error
        error.add_note(f"while working on {job.task}")
        raise error
