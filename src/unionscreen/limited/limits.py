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

# The clock runs on while other programs have the processor.
_PATIENCE: Final = 4 if sys.platform != "win32" else 1


class Limits:
    """The limits of one kind of file, each a base for any file and more by its size."""

    def __init__(self, *, seconds: int, seconds_per_mb: int, memory: int, memory_per_byte: int) -> None:
        # No dataclass: importing those costs a tenth of what such a process takes to start.
        self.seconds, self.seconds_per_mb = seconds, seconds_per_mb
        self.memory, self.memory_per_byte = memory, memory_per_byte

    def cpu_seconds(self, size: int) -> int:
        """Seconds of one processor that a file may take.

        Args:
            size: bytes of the file.
        """
        return self.seconds + (self.seconds_per_mb * size >> 20)

    def wall_seconds(self, size: int) -> int:
        """Seconds by the clock that a file of so many bytes may take."""
        return _PATIENCE * self.cpu_seconds(size)

    def memory_bytes(self, size: int) -> int:
        """Memory that a file of so many bytes may take."""
        return self.memory + self.memory_per_byte * size

    def bind_this_process(self, size: int) -> None:
        """Bind this process to the limits of a file of so many bytes; beyond them the system ends it."""
        if sys.platform != "win32":
            for what, most in (
                (resource.RLIMIT_CORE, 0),  # nobody wants the memory of a dead reader in a file
                (resource.RLIMIT_CPU, self.cpu_seconds(size)),
                (resource.RLIMIT_AS, self.memory_bytes(size)),
            ):
                with suppress(ValueError, OSError):  # where the system knows no such limit, or has set a lower one
                    # At the upper limit of time the signal is that of any other kill.
                    resource.setrlimit(what, (most, most + (what == resource.RLIMIT_CPU)))
