"""Run one function over many block tasks: in this thread, in threads, in processes, or on a Dask cluster. DESIGN §9.

It knows nothing about the tasks. Results come in the order in which they are done, so the merge must not depend on it.
The only module that imports Dask, which is an extra (``unionscreen[dask]``).
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
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Final, Generic, TypeVar

from unionscreen.errors import UnionScreenError, UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

# A second thread is worth its cost from the third block of 24 MB on.
INLINE_TASKS: Final = 2
# Up to this many workers are threads. A block spends most of its time in Arrow, which releases the interpreter lock.
# Threads start at once and share the answers for known donors; a process takes a second to start (a new interpreter,
# pyarrow, the union list) and matches every donor again. Measured with two: a quarter less processor time, and as fast
# or faster. From about four threads on, the matching, which is Python, would make them wait for each other.
THREADS: Final = 3
# How long a thread may hold the interpreter lock while another one waits for it. A block asks for it 200 times, after
# each call of Arrow. With ten times as much, 5 million rows take a tenth longer.
_SWITCH_SECONDS: Final = 0.00005
# Tasks submitted per worker: one that it works on and one that is ready for it. More would only fill memory.
TASKS_PER_WORKER: Final = 2
# Seconds to wait for the Dask scheduler and for its first worker: a cluster that is starting is up by then.
_CONNECT_SECONDS: Final = 30


@dataclass(frozen=True)
class Progress:
    """How far a run is, in bytes of the inputs on disk; the total is None when one has no known size (a pipe)."""

    bytes_done: int
    bytes_total: int | None


def run_tasks(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    workers: int | None = None,
    scheduler: str | None = None,
    *,
    threads: int | None = None,
    small: bool = False,
) -> Iterator[tuple[Task, Result]]:
    """Yield each task with its result, in the order in which they are done.

    A task that fails unexpectedly, or whose worker dies, is tried once more; then the error names it.

    Args:
        function: picklable and pure: it may run in any process.
        tasks: picklable; taken one by one as there is room for them. ``str(task)`` names it in errors.
        workers: how many tasks at once; 1 is this process alone, None fits the input and the machine.
        scheduler: address of a Dask scheduler whose workers do all of it; then ``workers`` must be None.
        threads: up to this many workers are threads of this process, more are processes; None is ``THREADS``.
        small: each task is so small that it is mostly Python; threads would only wait for each other.

    Raises:
        UsageError: fewer than one worker, or workers with a scheduler.
        UnionScreenError: what a task raised, or that two workers died working on it.
    """
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot do anything", hint="--workers takes 1 or more")
    if scheduler is not None:
        if workers is not None:
            raise UsageError("--workers is for this machine; the cluster at --scheduler has its own")
        with _cluster(scheduler) as (executor, room, lost):
            yield from _Run(_OnWorker(function), iter(tasks), lambda: nullcontext(executor), room, lost).results()
        return
    most_threads = THREADS if threads is None else threads
    count = workers or processors()
    if small and workers is None and count <= most_threads:
        count = 1
    waiting = iter(tasks)
    head = list(islice(waiting, INLINE_TASKS + 1)) if workers is None and count > 1 else []
    if count == 1 or (workers is None and len(head) <= INLINE_TASKS):
        for task in chain(head, waiting):
            yield task, function(task)
        return
    pool = _threads if count <= most_threads else _processes
    room = count * TASKS_PER_WORKER
    yield from _Run(function, chain(head, waiting), lambda: pool(count), room, BrokenProcessPool).results()


def processors() -> int:
    """How many processors this process may use; in a container they are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _threads(count: int) -> Iterator[Executor]:
    """Threads that switch often: one that matches names would make the others wait 5 ms after each Arrow call."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with ThreadPoolExecutor(count, "block") as executor:
            yield executor
    finally:
        sys.setswitchinterval(usual)


def _processes(count: int) -> AbstractContextManager[Executor]:
    # Not "fork": a forked child inherits pyarrow's locks, but not the threads that would release them.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin_worker)


def _begin_worker() -> None:
    """Give a worker process one thread, and leave Ctrl-C to the process that started it."""
    import pyarrow as pa

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)  # there are as many workers as processors, so more threads would only wait


@dataclass(frozen=True)
class _Job(Generic[Task]):
    task: Task
    failures: int = 0


@dataclass
class _Run(Generic[Task, Result]):
    """One run on an executor, with a bounded number of pending tasks.

    When a process dies, the whole pool is lost, and nobody knows which of the pending tasks killed it. A new pool then
    gets these one at a time: the one on which a worker dies again is the one to name.

    Args:
        function: what to do with each task.
        tasks: all tasks.
        new_executor: starts an executor; called again when it broke.
        room: how many tasks may be pending.
        lost: what a future raises when its worker died.
    """

    function: Callable[[Task], Result]
    tasks: Iterator[Task]
    new_executor: Callable[[], AbstractContextManager[Executor]]
    room: int
    lost: type[Exception] | tuple[type[Exception], ...]
    retries: deque[_Job[Task]] = field(default_factory=deque)
    suspects: deque[_Job[Task]] = field(default_factory=deque)
    pending: dict[Future[Result], _Job[Task]] = field(default_factory=dict)

    def results(self) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result; on any error or Ctrl-C cancel the others and let the workers end."""
        while True:
            with ExitStack() as stack:
                executor = stack.enter_context(self.new_executor())
                stack.callback(self._cancel, executor)
                broken = yield from self._until_broken(executor)
            if broken is None:
                return
            self.suspects.extend(broken)

    def _cancel(self, executor: Executor) -> None:
        for future in self.pending:
            future.cancel()
        self.pending.clear()
        if isinstance(executor, (ProcessPoolExecutor, ThreadPoolExecutor)):
            executor.shutdown(wait=True, cancel_futures=True)

    def _until_broken(self, executor: Executor) -> Generator[tuple[Task, Result], None, list[_Job[Task]] | None]:
        """Work on one executor to the end (None), or until it breaks; then return the jobs that were lost with it."""
        while True:
            accepting = self._submit(executor)
            if not self.pending:
                return None if accepting else []
            done, _ = wait(self.pending, return_when=FIRST_COMPLETED)
            lost: list[_Job[Task]] = []
            for future in done:
                job = self.pending.pop(future)
                error = future.exception()
                if error is None:
                    yield job.task, future.result()
                elif isinstance(error, self.lost):
                    lost.append(self._failed(job, error))
                elif isinstance(error, UnionScreenError) or not isinstance(error, Exception):
                    raise error
                else:
                    self.retries.append(self._failed(job, error))
            if lost:
                return lost + [self._failed(job, None) for job in self.pending.values()]

    def _submit(self, executor: Executor) -> bool:
        """Give the executor as many jobs as it has room for; False when it no longer accepts any.

        A worker may die while nobody waits for it, and then submitting fails. The job that was refused killed nobody
        and goes back unchanged; the pending ones report the death themselves, unless they were done by then.
        """
        room = 1 if self.suspects else self.room
        while len(self.pending) < room:
            queue = self.suspects or self.retries
            job = queue.popleft() if queue else next(map(_Job, self.tasks), None)
            if job is None:
                return True
            try:
                self.pending[executor.submit(self.function, job.task)] = job
            except self.lost:
                queue.appendleft(job)
                return False
        return True

    def _failed(self, job: _Job[Task], error: BaseException | None) -> _Job[Task]:
        """The job to be tried once more.

        Raises:
            UnionScreenError: it was tried twice, and both times its worker died.
            Exception: it was tried twice; what it raised, with the task named in a note.
        """
        if not job.failures or error is None:
            return replace(job, failures=job.failures + 1)
        if isinstance(error, self.lost):
            raise UnionScreenError(
                f"two workers ended over the same piece of work: {job.task}",
                hint="memory may have run out: try --workers 1. A script that calls screen() needs"
                ' `if __name__ == "__main__":` around it',
            ) from error
        error.add_note(f"while working on {job.task}")
        raise error


@dataclass(frozen=True)
class _OnWorker(Generic[Task, Result]):
    """A function as a Dask worker runs it: an error names the worker, because only that one may lack a file."""

    function: Callable[[Task], Result]

    def __call__(self, task: Task) -> Result:
        try:
            return self.function(task)
        except UnionScreenError as error:
            from distributed import get_worker

            error.message += f" (on worker {get_worker().address})"
            raise


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int, tuple[type[Exception], ...]]]:
    """The workers of a Dask scheduler: an executor, how many tasks to submit, and what lost workers raise.

    Args:
        address: ``tcp://host:8786``, or ``tls://…``; keys and certificates come from Dask's own configuration.

    Raises:
        UsageError: not an address, or Dask is not installed.
        UnionScreenError: the scheduler does not answer, or has no worker.
    """
    if not address.startswith(("tcp://", "tls://")):
        raise UsageError(f"--scheduler {address}: not an address", hint="for example --scheduler tcp://10.0.0.5:8786")
    try:
        import distributed
    except ImportError as error:
        raise UsageError("--scheduler needs Dask", hint="pip install 'unionscreen[dask]'") from error
    try:
        new_client: Any = distributed.Client
        client = new_client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # refused, no certificate for tls://, not a host
        raise UnionScreenError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError as error:
            raise UnionScreenError(
                f"the scheduler at {address} has no workers", hint=f"start some: dask worker {address}"
            ) from error
        # When a worker dies, its results are lost with it; Dask computes them again on another one by itself.
        with client.get_executor(pure=False) as executor:
            room = max(1, sum(client.nthreads().values())) * TASKS_PER_WORKER
            yield executor, room, (distributed.KilledWorker,)
    finally:
        client.close()
