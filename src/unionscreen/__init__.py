"""Screen campaign contributions to prosecutors for police-union money.

>>> import unionscreen
>>> unionscreen.check("San Diego Police Officers Assn. PAC").verdict
'union'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from unionscreen._version import __version__

if TYPE_CHECKING:
    from unionscreen.checking import check, check_many
    from unionscreen.errors import UnionScreenError
    from unionscreen.matching import Match
    from unionscreen.pipeline import screen
    from unionscreen.reports import load_result, write_report
    from unionscreen.screening import Screening
    from unionscreen.unions import load_unions

__all__ = [
    "Match",
    "Screening",
    "UnionScreenError",
    "__version__",
    "check",
    "check_many",
    "load_result",
    "load_unions",
    "screen",
    "write_report",
]

# The module of each name, imported on first use: pyarrow alone takes longer than a whole `check`.
_HOMES: Final = {
    "Match": "unionscreen.matching",
    "Screening": "unionscreen.screening",
    "UnionScreenError": "unionscreen.errors",
    "check": "unionscreen.checking",
    "check_many": "unionscreen.checking",
    "load_result": "unionscreen.reports",
    "load_unions": "unionscreen.unions",
    "screen": "unionscreen.pipeline",
    "write_report": "unionscreen.reports",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
