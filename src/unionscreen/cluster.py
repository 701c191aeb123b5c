"""A Dask cluster as an executor. The only module that imports Dask, which is an extra (``unionscreen[dask]``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from unionscreen.errors import UnionScreenError, UsageError

Task = TypeVar("Task")
Result = TypeVar("Result")

# Seconds to wait for the scheduler to answer, and for its first worker: a cluster that starts is there by then.
_PATIENCE: Final = 30
# Tasks handed out per thread of a worker, so that none waits for the way to the scheduler and back.
_TASKS_PER_THREAD: Final = 2


@dataclass(frozen=True)
class OnWorker(Generic[Task, Result]):
    """A function as workers run it: what goes wrong with a file says on which of them, because only it may lack it."""

    function: Callable[[Task], Result]

    def __call__(self, task: Task) -> Result:
        """Run it.

        Raises:
            UnionScreenError: what the function raised, with the worker's address.
        """
        try:
            return self.function(task)
        except UnionScreenError as error:
            from distributed import get_worker

            error.message += f" (on worker {get_worker().address})"
            raise


@contextmanager
def connect(address: str) -> Iterator[tuple[Executor, int, tuple[type[Exception], ...]]]:
    """The workers behind a scheduler: an executor, how many tasks to hand out, and what lost workers raise.

    Args:
        address: ``tcp://host:8786``, or ``tls://…``; keys and certificates come from Dask's own configuration.

    Raises:
        UsageError: no such address, or Dask is not installed.
        UnionScreenError: nobody answers there, or no worker is connected.
    """
    if not address.startswith(("tcp://", "tls://")):
        raise UsageError(f"--scheduler {address}: not an address", hint="for example --scheduler tcp://10.0.0.5:8786")
    try:
        import distributed
    except ImportError as error:
        raise UsageError("--scheduler needs Dask", hint="pip install 'unionscreen[dask]'") from error
    try:
        new_client: Any = distributed.Client
        client = new_client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # refused, no certificate for tls://, not a host
        raise UnionScreenError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise UnionScreenError(
                f"the scheduler at {address} has no workers", hint=f"start some: dask worker {address}"
            ) from error
        # What a worker computes goes with it when it dies: Dask does it again on another one, by itself.
        with client.get_executor(pure=False) as executor:
            room = max(1, sum(client.nthreads().values())) * _TASKS_PER_THREAD
            yield executor, room, (distributed.KilledWorker,)
    finally:
        client.close()
