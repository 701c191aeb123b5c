"""What reading a workbook may cost, by the size of its file."""

from __future__ import annotations

from typing import Final

from unionscreen.limited.limits import Limits

WORKBOOK: Final = Limits(
    # One of 50,000 rows is 2.8 MB and takes 0.6 s. A bomb of 1 MB must not cost more than half a minute.
    seconds=25,
    seconds_per_mb=5,
    # A rectangle of ``extent.MAX_CELLS`` is 1 GB. For one that is full the cells are held twice and their texts once,
    # which is up to 30 times the packed file.
    memory=3 << 29,
    memory_per_byte=64,
)
# Text that comes of it: a workbook names a text by its number, so a small file can hold a long text a million times.
_BASE_OUTPUT: Final = 128 << 20
_OUTPUT_PER_BYTE: Final = 64


def output_bytes(size: int) -> int:
    """Text that may come of a workbook of so many bytes."""
    return _BASE_OUTPUT + _OUTPUT_PER_BYTE * size
