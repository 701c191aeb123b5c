"""What reading a workbook may cost, by the size of its file.

Where there is no ``resource`` (Windows) or it does not bind (memory on macOS), the check of the extent and the time in
which the answer must be there are what is left.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

if sys.platform != "win32":
    import resource

# Seconds of one processor for any workbook, and more for each MB: one of 50,000 rows is 2.8 MB and takes 0.6 s. A bomb
# of 1 MB must not cost more than half a minute.
_BASE_SECONDS: Final = 25
_SECONDS_PER_MB: Final = 5
# The clock runs on while other programs have the processor.
_PATIENCE: Final = 4 if sys.platform != "win32" else 1
# Memory for any workbook: a rectangle of MAX_CELLS is 1 GB. For one that is full the cells are held twice and their
# texts once, which is up to 30 times the packed file.
_BASE_MEMORY: Final = 3 << 29
_MEMORY_PER_BYTE: Final = 64
# Text that comes of it: a workbook names a text by its number, so a small file can hold a long text a million times.
_BASE_OUTPUT: Final = 128 << 20
_OUTPUT_PER_BYTE: Final = 64


def cpu_seconds(size: int) -> int:
    """Seconds of one processor that a workbook may take.

    Args:
        size: bytes of the file.
    """
    return _BASE_SECONDS + (_SECONDS_PER_MB * size >> 20)


def wall_seconds(size: int) -> int:
    """Seconds by the clock that a workbook of so many bytes may take."""
    return _PATIENCE * cpu_seconds(size)


def memory_bytes(size: int) -> int:
    """Memory that a workbook of so many bytes may take."""
    return _BASE_MEMORY + _MEMORY_PER_BYTE * size


def output_bytes(size: int) -> int:
    """Text that may come of a workbook of so many bytes."""
    return _BASE_OUTPUT + _OUTPUT_PER_BYTE * size


def limit_this_process(size: int) -> None:
    """Bind this process to the limits of a workbook of so many bytes; beyond them the system ends it."""
    if sys.platform != "win32":
        for what, most in (
            (resource.RLIMIT_CORE, 0),  # nobody wants the memory of a dead reader in a file
            (resource.RLIMIT_CPU, cpu_seconds(size)),
            (resource.RLIMIT_AS, memory_bytes(size)),
        ):
            with suppress(ValueError, OSError):  # where the system knows no such limit, or has set a lower one
                # At the upper limit of time the signal is that of any other kill.
                resource.setrlimit(what, (most, most + (what == resource.RLIMIT_CPU)))
