"""Single lines of a block by their numbers."""

from __future__ import annotations

from typing import Final

import numpy as np

# Bytes searched for line ends at once: the fewer, the less is searched in vain.
_SEARCHED_BYTES: Final = 32 * 1024


def lines_at(data: bytes, wanted: np.ndarray) -> list[bytes]:
    r"""Some lines with their ends: only the stretches they begin in are searched for line ends.

    Args:
        data: whole lines.
        wanted: numbers of lines, the first is 0; ascending.

    >>> lines_at(b"a\nb\nc", np.array([0, 2]))
    [b'a\n', b'c']
    """
    view = np.frombuffer(data, np.uint8)
    stretches = [view[at : at + _SEARCHED_BYTES] for at in range(0, len(view), _SEARCHED_BYTES)]
    before = np.cumsum([0, *(np.count_nonzero(stretch == 0x0A) for stretch in stretches)])
    # A line begins after the line end with the number before its own.
    ends = wanted - 1
    holders = np.searchsorted(before, ends, "right") - 1
    known, found = -1, np.empty(0, dtype=np.int64)
    out: list[bytes] = []
    for end, holder in zip(ends.tolist(), holders.tolist(), strict=True):
        if end >= 0 and holder != known:
            known, found = holder, np.flatnonzero(stretches[holder] == 0x0A) + holder * _SEARCHED_BYTES
        begin = 0 if end < 0 else int(found[end - before[holder]]) + 1
        out.append(data[begin : data.find(b"\n", begin) + 1 or len(data)])
    return out
