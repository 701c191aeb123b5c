"""Keep slow imports out of a process that does not need them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


def hide_pandas() -> None:
    """Make pandas look as if it were not installed, for the rest of this process."""
    sys.meta_path.insert(0, _NoPandas())


class _NoPandas:
    """Hides pandas, because no screening makes a DataFrame, and pyarrow's datasets, because no command reads one.

    pyarrow imports pandas with its first array if it is installed, which costs every command a quarter of a second, and
    datasets with its first grouping, which costs as much as reading the list.
    """

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None, /) -> None:
        if fullname in ("pandas", "pyarrow.dataset"):
            raise ModuleNotFoundError(f"a screening does not use {fullname}", name=fullname)
