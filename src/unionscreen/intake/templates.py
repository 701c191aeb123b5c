"""The template of a letter, run within limits: it always ends, and its errors are reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from unionscreen.errors import UsageError

# A letter with a thousand gifts takes some thousand steps; a template that takes more has an unintended loop.
_MAX_STEPS: Final = 100_000
# A letter is a page or two of text.
_MAX_TEXT: Final = 1 << 20
# No letter needs a larger exponent, and the time and memory of a power grow with it.
_MAX_POWER: Final = 64
# Filters and methods that create text of a length given in the template.
_LENGTHENING: Final = frozenset(("center", "format", "indent", "ljust", "rjust", "zfill", "expandtabs", "xmlattr"))


class Template:
    """A compiled template.

    Args:
        text: Jinja2.
        source: its path, for messages.

    Raises:
        UsageError: it is not a valid template.
    """

    def __init__(self, text: str, source: str) -> None:
        """Compile ``text``."""
        self._source = source
        self._environment = _Bounded()
        try:
            tree = self._environment.parse(text)
            for loop in tree.find_all(nodes.For):
                loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
            for each in tree.find_all((nodes.Filter, nodes.Getattr)):
                name = each.name if isinstance(each, nodes.Filter) else each.attr  # type: ignore[attr-defined]
                if name in _LENGTHENING:
                    raise SecurityError(f"{name} is not for letters (line {each.lineno})")
            self._compiled = self._environment.from_string(tree)
        except Exception as error:  # Jinja compiles the user's template to Python, which may raise anything
            raise self._refused(error) from error

    def render(self, values: Mapping[str, Any]) -> str:
        """The letter.

        Raises:
            UsageError: the template raises an error, does not end, or writes too much text.
        """
        self._environment.steps = 0
        pieces, length = [], 0
        try:
            for piece in self._compiled.generate(values):
                pieces.append(piece)
                length += len(piece)
                if length > _MAX_TEXT:
                    raise SecurityError("it writes more than a megabyte")
        except Exception as error:  # code in a template may raise anything
            raise self._refused(error) from error
        return "".join(pieces)

    def _refused(self, error: Exception) -> UsageError:
        said = "it calls itself endlessly" if isinstance(error, RecursionError) else str(error) or repr(error)
        return UsageError(f"the letter's template cannot be used: {said[:300]}", source=self._source)


class _Bounded(SandboxedEnvironment):
    """Counts loops and calls, and refuses operators that create huge values."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def __init__(self) -> None:
        # A letter is plain text without markup.
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
        self.steps = 0
        self.filters["counted"] = self._counted

    def call(self, *args: Any, **kwargs: Any) -> Any:
        self._step()
        return super().call(*args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if operator == "**" and not (numbers and abs(left) < 1e9 and abs(right) <= _MAX_POWER):
            raise SecurityError("a power that is too large for a letter")
        if operator in "*%" and not numbers:
            raise SecurityError(f"{operator} is for numbers only")
        return super().call_binop(context, operator, left, right)

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for each in values:
            self._step()
            yield each

    def _step(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise SecurityError(f"it does not end within {_MAX_STEPS:,} steps")
