"""The version, as a constant: asking importlib.metadata costs ``check`` a tenth of its time."""

from typing import Final

__version__: Final = "0.2.0"  # the only place; pyproject.toml reads it here
