"""The curated list: organizations, their names, and look-alikes that are not unions.

People edit ``data/*.csv``; this package loads and checks it, applies the user's own list, and exports it.
"""

from unionscreen.unions.loading import data_path, load_unions
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
