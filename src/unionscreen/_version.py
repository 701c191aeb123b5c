"""The version, as a constant: asking importlib.metadata costs ``check`` a tenth of its time."""

from typing import Final

__version__: Final = "0.1.0"  # a test compares it with pyproject.toml
