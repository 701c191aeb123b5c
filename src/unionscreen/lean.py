"""Keep out of a process what only costs time when modules are loaded."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


def load_less() -> None:
    """Make pandas look as if it were not installed, and numpy start no threads, for the rest of this process."""
    sys.meta_path.insert(0, _NoPandas())
    # The threads of OpenBLAS, which comes with numpy, wait busily for matrices, of which there are none: a quarter of
    # the processor time of loading pyarrow. Its own variable for the number of threads is read when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class _NoPandas:
    """Hides pandas, because no screening makes a DataFrame, and pyarrow's datasets, because no command reads one.

    pyarrow imports pandas with its first array if it is installed, which costs every command a quarter of a second, and
    datasets with its first grouping, which costs as much as reading the list.
    """

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None, /) -> None:
        if fullname in ("pandas", "pyarrow.dataset"):
            raise ModuleNotFoundError(f"a screening does not use {fullname}", name=fullname)
