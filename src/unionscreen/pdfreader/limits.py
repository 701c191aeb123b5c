"""What reading a PDF may cost, by the size of its file."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

if sys.platform != "win32":
    import resource

# The longest real filings have some 2,000 pages; a page takes milliseconds.
MAX_PAGES: Final = 5_000
# Objects of one page: a scan with a text layer has about 1,000, a dense table 5,000. More is a drawing or an attack.
MAX_OBJECTS: Final = 50_000
# Letters of one page: the densest page of a form has 6,000.
MAX_LETTERS: Final = 200_000
# Seconds of one processor for any file, and more for each MB: 68 scanned pages are 2.5 MB and take 0.3 s.
_BASE_SECONDS: Final = 30
_SECONDS_PER_MB: Final = 2
# The clock runs on while other programs have the processor.
_PATIENCE: Final = 4 if sys.platform != "win32" else 1
# Memory for any file, of which the interpreter and the reader reserve most; and what is kept of a large one.
_BASE_MEMORY: Final = 1 << 30
_MEMORY_PER_BYTE: Final = 8


def cpu_seconds(size: int) -> int:
    """Seconds of one processor that a file may take.

    Args:
        size: bytes of the file.
    """
    return _BASE_SECONDS + (_SECONDS_PER_MB * size >> 20)


def wall_seconds(size: int) -> int:
    """Seconds by the clock that a file of so many bytes may take."""
    return _PATIENCE * cpu_seconds(size)


def memory_bytes(size: int) -> int:
    """Memory that a file of so many bytes may take."""
    return _BASE_MEMORY + _MEMORY_PER_BYTE * size


def limit_this_process(size: int) -> None:
    """Bind this process to the limits of a file of so many bytes; beyond them the system ends it."""
    if sys.platform != "win32":
        for what, most in (
            (resource.RLIMIT_CORE, 0),  # nobody wants the memory of a dead reader in a file
            (resource.RLIMIT_CPU, cpu_seconds(size)),
            (resource.RLIMIT_AS, memory_bytes(size)),
        ):
            with suppress(ValueError, OSError):  # where the system knows no such limit, or has set a lower one
                # At the upper limit of time the signal is that of any other kill.
                resource.setrlimit(what, (most, most + (what == resource.RLIMIT_CPU)))
