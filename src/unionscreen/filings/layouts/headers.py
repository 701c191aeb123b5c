"""The headers of a table, made comparable, and the signatures by which they are recognized."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, Generic, TypeVar

Owner = TypeVar("Owner")
_NOT_IN_NAME: Final = re.compile("[^a-z0-9]+")
_NOT_IN_NAMES: Final = {at: None for at in range(128) if _NOT_IN_NAME.match(chr(at))}  # the same in ASCII, and faster
_BETWEEN: Final = "\n"  # hardly ever within a header
_NOT_IN_LINE: Final = {at: None for at in _NOT_IN_NAMES if chr(at) != _BETWEEN}


def normalize_header(header: str) -> str:
    """A header without anything but letters and digits, so that spellings compare equal.

    >>> normalize_header("Report.Name") == normalize_header("Report Name") == normalize_header("REPORT_NAME")
    True
    """
    name = header.lower()
    return name.translate(_NOT_IN_NAMES) if name.isascii() else _NOT_IN_NAME.sub("", name)


def misses(option: Sequence[str], names: Collection[str]) -> list[str]:
    """The words of a signature that do not hold for a header: absent, or, with ``!``, present."""
    return [word for word in option if (word[1:] in names if word.startswith("!") else word not in names)]


class Signatures(Generic[Owner]):
    """Signatures of headers by their first word, so that a line is compared with few of them."""

    def __init__(self, owners: Iterable[tuple[Owner, Sequence[Sequence[str]]]]) -> None:
        """Index what each owner's header may hold: every option is a list of words that must all hold."""
        self._by_word: dict[str, list[tuple[int, Sequence[str], Owner]]] = {}
        options = ((owner, option) for owner, headers in owners for option in headers)
        for rank, (owner, option) in enumerate(options):
            word = next(word for word in option if not word.startswith("!"))
            self._by_word.setdefault(word, []).append((rank, option, owner))
        self._words = frozenset(self._by_word)

    def fitting(self, names: Collection[str]) -> list[tuple[Sequence[str], Owner]]:
        """The options that hold for a header and their owners, in the order in which they were given."""
        words = self._words.intersection(names)
        if not words:  # as in nearly every row, which is no header
            return []
        near = sorted((each for word in words for each in self._by_word[word]), key=itemgetter(0))
        return [(option, owner) for _, option, owner in near if not misses(option, names)]


@lru_cache(maxsize=4096)  # the files of one folder share few headers; rows that are no headers pass through
def header_names(fields: tuple[str, ...]) -> frozenset[str]:
    """The normalized headers of a line, if it is the header."""
    line = _BETWEEN.join(fields).lower()
    if line.isascii() and line.count(_BETWEEN) == len(fields) - 1:  # all at once, in half the time
        return frozenset(line.translate(_NOT_IN_LINE).split(_BETWEEN))
    return frozenset(map(normalize_header, fields))
