"""How one canonical column is built from the columns of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.nothing import is_nothing

How = Literal["text", "name", "join", "words", "city", "state", "extract", "sum", "constant", "codes", "flag"]
NAME_ROLES: Final = ("last", "first", "middle", "suffix", "organization")
ABSENT: Final = -1  # position of a part that this file does not have
# A pledge is not money; its payment is. Added to formats whose default for unlisted codes is a gift.
PLEDGE_CODES: Final = (
    ("*pledge*unpaid*", "other"),
    ("*unpaid*pledge*", "other"),
    ("*pledge*not*paid*", "other"),
    ("*pledge*to be paid*", "other"),
    ("*pledge*payment*", "monetary"),
    ("*pledge*paid*", "monetary"),
    ("*pledge*redeemed*", "monetary"),
    ("*payment*pledge*", "monetary"),
    ("*pledge*", "other"),
)


@dataclass(frozen=True)
class ColumnRule:
    """How one canonical column is built from the columns of a file."""

    how: How
    headers: tuple[str, ...] = ()
    """File columns: alternatives for ``text``, otherwise the parts of the value."""
    roles: tuple[str, ...] = ()
    """For ``name``: the role of each header, of ``NAME_ROLES``. If headers share a role, the first filled counts."""
    value: str | None = None
    """For ``constant``: the text of every row; for ``extract``: the regular expression."""
    separator: str = " "
    codes: tuple[tuple[str, str], ...] = ()
    """For ``codes`` and ``flag``: pattern and canonical value, in the order they are tried."""
    default: str | None = None
    missing: tuple[str, ...] = ()
    """Cell texts that mean "nothing here" in this column."""
    drop: str | None = None
    """A regular expression whose matches become a blank."""
    when: ColumnRule | None = None
    """A flag: where it is not true, the column is empty."""
    at: tuple[int, ...] = ()
    """Positions of the headers in the file, filled by ``resolve``."""

    def resolve(self, positions: Mapping[str, int]) -> ColumnRule | None:
        """The rule bound to a file's column positions, or None when the file cannot fill it.

        Args:
            positions: header to position, as spelled in the file and normalized.
        """
        if self.when is not None:
            when = self.when.resolve(positions)
            rest = replace(self, when=None).resolve(positions)
            return None if rest is None else replace(rest, when=when)
        found = tuple(positions.get(h, positions.get(normalize_header(h), ABSENT)) for h in self.headers)
        present = tuple(at for at in found if at != ABSENT)
        if self.how == "constant":
            return self
        if self.how == "text":
            return replace(self, at=present[:1]) if present else None
        if self.how == "join":
            return replace(self, at=found) if present == found else None
        if self.how == "codes" and not present and self.default is not None:
            return ColumnRule("constant", value=self.default)
        return replace(self, at=found) if present else None

    @property
    def lists_gifts(self) -> bool:
        """Whether gifts of money have their own codes, so that any other code is unknown."""
        return any(value == "monetary" for code, value in self.codes if (code, value) not in PLEDGE_CODES)

    @property
    def positions(self) -> tuple[int, ...]:
        """Positions of the file columns this rule reads."""
        return tuple(at for at in self.at if at != ABSENT)

    @property
    def named(self) -> tuple[str, ...]:
        """The headers of this rule, and those read by ``when``."""
        return self.headers + (self.when.named if self.when else ())

    @property
    def read(self) -> tuple[int, ...]:
        """The same, and the columns read by ``when``."""
        return self.positions + (self.when.read if self.when else ())


@cache
def code_lookup(codes: tuple[tuple[str, str], ...], default: str | None) -> Callable[[str], str | None]:
    """A function from a cell to its canonical value. It is called once per distinct cell."""
    exact: dict[str, tuple[int, str]] = {}
    patterns: list[tuple[int, re.Pattern[str], str]] = []
    for order, (pattern, value) in enumerate(codes):
        if "*" in pattern:
            expression = ".*".join(re.escape(part) for part in pattern.lower().split("*"))
            patterns.append((order, re.compile(expression, re.DOTALL), value))
        else:
            exact.setdefault(pattern.lower(), (order, value))

    def lookup(cell: str) -> str | None:
        text = cell.strip().lower()
        if text not in exact:  # unless the agency has a code of that spelling
            text = "|".join("" if is_nothing(part) else part for part in text.split("|"))
        order, answer = exact.get(text, (len(codes), default))
        for place, expression, value in patterns:
            if place < order and expression.fullmatch(text):
                return value
        return answer

    return lookup
