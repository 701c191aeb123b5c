"""Words that programs write for missing values: pandas' ``nan``, a database's ``NULL``, R's ``NA``."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# pandas (nan, NaN, NaT, <NA>), Python (None), databases (NULL, \N), R and Excel (NA, #N/A), and people (N/A).
_WORD: Final = r"(?:nan|nat|none|null|<null>|\(null\)|na|n/a|#n/a|<na>|\\n)"
# One of them, or several that a join put next to each other: "nan, nan".
_NOTHING: Final = rf"(?i)^{_WORD}(?:[ ,;]+{_WORD})*[ ,;]*$"
_COMPILED: Final = re.compile(_NOTHING)
# The length of "(null), (null) (null), (null)", a name of four parts.
_LONGEST: Final = 30
# The first and last letters of these words. Other texts rarely begin and end so.
_FIRST: Final = np.isin(np.arange(256), list(b"nN<(#\\"))
_LAST: Final = np.isin(np.arange(256), list(b"nNtTeElLaA>),; "))


def is_nothing(text: str) -> bool:
    """Whether a text consists only of such words.

    >>> [is_nothing(text) for text in ("nan", " NULL ", "nan, nan", "<NA>", "Nan Smith", "")]
    [True, True, True, True, False, False]
    """
    return _COMPILED.match(text.strip()) is not None


def without_nothing(texts: pa.Array) -> pa.Array:
    """Trimmed texts; those that consist only of such words become empty.

    Args:
        texts: strings without nulls.
    """
    rows = rows_of_nothing(texts)
    if len(rows) == 0:
        return texts
    mask = np.zeros(len(texts), dtype=bool)
    mask[rows] = True
    return pc.if_else(pa.array(mask), "", texts)


def rows_of_nothing(texts: pa.Array) -> np.ndarray:
    """The positions of trimmed texts that consist only of such words. Two letters of a text rule out most.

    Args:
        texts: strings.
    """
    _, offsets, data = texts.buffers()
    if not data:
        return np.empty(0, np.int64)
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    letters = np.frombuffer(data, np.uint8)
    last = np.int32(len(letters) - 1)  # an empty last text begins after the last letter
    rows = np.flatnonzero(_FIRST[letters[np.minimum(ends[:-1], last)]])
    rows = rows[_LAST[letters[ends[1:][rows] - 1]]]
    lengths = ends[1:][rows] - ends[:-1][rows]
    rows = rows[(lengths > 0) & (lengths <= _LONGEST)]
    if len(rows) == 0:
        return rows
    found = pc.indices_nonzero(pc.match_substring_regex(texts.take(pa.array(rows)), _NOTHING))
    return np.asarray(rows[found.to_numpy()], dtype=np.int64)
