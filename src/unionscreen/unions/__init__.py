"""The curated list: organizations, their names, and look-alikes that are not unions.

People edit ``data/*.csv``; this package loads and checks it, applies the user's own list, and exports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unionscreen.unions.data_files import data_path
from unionscreen.unions.model import (
    ALIAS_KINDS,
    COUNTABLE,
    NOT_SHOWN,
    RELATED_CATEGORIES,
    UNION_KINDS,
    Alias,
    Related,
    Union,
    UnionList,
)

if TYPE_CHECKING:
    from unionscreen.unions.loading import load_unions

__all__ = [
    "ALIAS_KINDS",
    "COUNTABLE",
    "NOT_SHOWN",
    "RELATED_CATEGORIES",
    "UNION_KINDS",
    "Alias",
    "Related",
    "Union",
    "UnionList",
    "data_path",
    "load_unions",
]


def __getattr__(name: str) -> Any:
    """Import what reads the list when it is first asked for: a plain ``check`` reads its saved index instead."""
    if name != "load_unions":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from unionscreen.unions.loading import load_unions

    globals()[name] = load_unions
    return load_unions
