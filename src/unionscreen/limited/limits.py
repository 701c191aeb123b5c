"""What reading a file in a process of its own may cost, by the size of the file.

Where there is no ``resource`` (Windows) or it does not bind (memory on macOS), the time in which the answer must be
there and the reader's own checks are what is left.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

if sys.platform != "win32":
    import resource

# The clock continues while other programs use the processor.
_PATIENCE: Final = 4 if sys.platform != "win32" else 1


class Limits:
    """The limits of one kind of file: each has a base for any file, plus an amount by its size."""

    def __init__(self, *, seconds: int, seconds_per_mb: int, memory: int, memory_per_byte: int) -> None:
        # Not a dataclass: importing dataclasses takes a tenth of the start of such a process.
        self.seconds, self.seconds_per_mb = seconds, seconds_per_mb
        self.memory, self.memory_per_byte = memory, memory_per_byte

    def cpu_seconds(self, size: int) -> int:
        """Processor seconds that a file may take.

        Args:
            size: bytes of the file.
        """
        return self.seconds + (self.seconds_per_mb * size >> 20)

    def wall_seconds(self, size: int) -> int:
        """Seconds by the clock that a file of this size may take."""
        return _PATIENCE * self.cpu_seconds(size)

    def memory_bytes(self, size: int) -> int:
        """Memory that a file of this size may take."""
        return self.memory + self.memory_per_byte * size

    def bind_this_process(self, size: int) -> None:
        """Set the limits for a file of this size on this process. The system ends the process beyond them."""
        if sys.platform != "win32":
            for what, most in (
                (resource.RLIMIT_CORE, 0),  # no core dumps
                (resource.RLIMIT_CPU, self.cpu_seconds(size)),
                (resource.RLIMIT_AS, self.memory_bytes(size)),
            ):
                with suppress(ValueError, OSError):  # the system has no such limit, or a lower one is set
                    # At the hard limit of time, the signal is SIGKILL instead.
                    resource.setrlimit(what, (most, most + (what == resource.RLIMIT_CPU)))
