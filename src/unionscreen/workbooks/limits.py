"""What reading a workbook may cost, by the size of its file."""

from __future__ import annotations

from typing import Final

from unionscreen.limited.limits import Limits

WORKBOOK: Final = Limits(
    # One of 50,000 rows is 2.8 MB and takes 0.6 s. A bomb of 1 MB must not cost more than half a minute.
    seconds=25,
    seconds_per_mb=5,
    # A rectangle of ``extent.MAX_CELLS`` is 1 GB. If it is full, the cells are held twice and their texts once: 30
    # times the size of the packed file.
    memory=3 << 29,
    memory_per_byte=64,
)
# Limits of the resulting text: a workbook refers to texts by number, so a small file can repeat a long text often.
_BASE_OUTPUT: Final = 128 << 20
_OUTPUT_PER_BYTE: Final = 64


def output_bytes(size: int) -> int:
    """The most text that a workbook of this size may hold."""
    return _BASE_OUTPUT + _OUTPUT_PER_BYTE * size
