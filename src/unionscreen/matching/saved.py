"""A matcher over the saved index of a list: it reads the few names that a donor comes near, however long the list is.

The answers are those of a matcher that has read the whole list; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar, overload

from unionscreen.matching.listed import ListedIndex
from unionscreen.matching.matcher import Matcher
from unionscreen.matching.reading import Reading
from unionscreen.matching.related import RelatedFinding, RelatedIndex, _key
from unionscreen.matching.vocabulary import read_vocabulary_file, use_saved_vocabulary
from unionscreen.saved_index import DamagedIndexError, IndexFile, SavedIndex
from unionscreen.unions.model import Alias, Related, Union, UnionList

# The first letter of a key is what it is about.
_UNION: Final = "u"
_ALIAS: Final = "a"
_NAMES_OF: Final = "b"  # the names of a union
_WORD: Final = "p"  # the names with a distinctive word
_LETTERS: Final = "l"  # the names to the letter
_GENERIC: Final = "g"  # the names without a distinctive word, by all their words
_PARENT: Final = "f"  # the unions with numbered locals
_SQUASHED: Final = "s"  # the names as letters and digits only, each with its number
_RELATED: Final = "r"  # the look-alikes by their words, those with a number and the others
_TOKENS: Final = "t"
_VOCABULARY: Final = "v"
_VERSION: Final = "m"

_Row = TypeVar("_Row")


def entries_of(matcher: Matcher) -> Iterator[tuple[str, str]]:
    """What is saved of a matcher that has read a whole list: keys and values."""
    unions, listed, related = matcher.unions, matcher._listed, matcher._related
    numbers: dict[str, list[int]] = {union_id: [] for union_id in unions.unions}
    for number, alias in enumerate(unions.aliases):
        numbers[alias.union_id].append(number)
        yield f"{_ALIAS}{number}", json.dumps(alias)
    for union_id, union in unions.unions.items():
        yield _UNION + union_id, json.dumps(union)
    tables = ((_NAMES_OF, numbers), (_WORD, listed.postings), (_LETTERS, listed.literal), (_GENERIC, listed.generic))
    for kind, table in tables:
        for key, found in table.items():
            yield kind + key, " ".join(map(str, found))
    for union_id in {union.parent_id for union in unions.unions.values()}:
        if union_id in listed.parents:
            yield _PARENT + union_id, ""
    for line, number in listed._squashed:
        yield f"{_SQUASHED}{line} {number:09d}", ""
    for numbered in (True, False):
        for key, entry in related._index(numbered=numbered).items():
            yield f"{_RELATED}{int(numbered)}{key}", json.dumps(entry)
    yield _TOKENS, json.dumps(listed.tokens)
    yield _VOCABULARY, json.dumps(read_vocabulary_file())
    yield _VERSION, json.dumps([unions.sha256, unions.date])


class _Numbers(Mapping[str, "list[int]"]):
    """Keys of one kind as a mapping to lists of numbers."""

    def __init__(self, saved: SavedIndex, kind: str) -> None:
        self._saved, self._kind = saved, kind

    def __getitem__(self, key: str) -> list[int]:
        value = self._saved.get(self._kind + key)
        if value is None:
            raise KeyError(key)
        return list(map(int, value.split()))

    def __contains__(self, key: object) -> bool:
        return self._saved.get(f"{self._kind}{key}") is not None

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix(self._kind) for key, _ in self._saved.starting_with(self._kind))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Rows(Mapping[str, _Row]):
    """Rows of the list by key, each read when it is asked for."""

    def __init__(self, saved: SavedIndex, kind: str, made: Callable[[Any], _Row]) -> None:
        self._saved, self._kind, self._made = saved, kind, made

    def __getitem__(self, key: str) -> _Row:
        value = self._saved.get(self._kind + key)
        if value is None:
            raise KeyError(key)
        return self._made(json.loads(value))

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix(self._kind) for key, _ in self._saved.starting_with(self._kind))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Aliases(Sequence[Alias]):
    """The names by their number."""

    def __init__(self, saved: SavedIndex) -> None:
        self._rows = _Rows(saved, _ALIAS, Alias._make)

    @overload
    def __getitem__(self, at: int) -> Alias: ...
    @overload
    def __getitem__(self, at: slice) -> list[Alias]: ...
    def __getitem__(self, at: int | slice) -> Alias | list[Alias]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        try:
            return self._rows[str(at)]
        except KeyError:
            raise IndexError(at) from None

    def __len__(self) -> int:
        return len(self._rows)


class _NamesOf(Mapping[str, "tuple[Alias, ...]"]):
    """The names of a union by its id."""

    def __init__(self, saved: SavedIndex, aliases: Sequence[Alias]) -> None:
        self._numbers, self._aliases = _Numbers(saved, _NAMES_OF), aliases

    def __getitem__(self, key: str) -> tuple[Alias, ...]:
        return tuple(self._aliases[number] for number in self._numbers[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _SavedListed(ListedIndex):
    """The names of the list by their distinctive words, from a saved index."""

    def __init__(self, saved: SavedIndex, unions: UnionList) -> None:
        self._index = saved
        super().__init__(unions)

    def _fill(self, saved: IndexFile | None) -> None:  # noqa: ARG002 - the signature is that of the base class
        self.postings, self.literal = _Numbers(self._index, _WORD), _Numbers(self._index, _LETTERS)

    @cached_property
    def generic(self) -> Mapping[str, list[int]]:
        return _Numbers(self._index, _GENERIC)

    @cached_property
    def parents(self) -> Container[str]:
        return _Numbers(self._index, _PARENT)

    @cached_property
    def tokens(self) -> list[str]:
        return list(json.loads(_value(self._index, _TOKENS)))

    def _longer(self, start: str) -> list[int]:
        found = (key.split() for key, _ in self._index.starting_with(_SQUASHED + start))
        return [int(number) for line, number in found if len(line) > len(_SQUASHED + start)]


class _SavedRelated(RelatedIndex):
    """The look-alikes by their words, from a saved index."""

    def __init__(self, saved: SavedIndex) -> None:
        super().__init__(())
        self._rows = _Rows(saved, _RELATED, _look_alike)

    def find(self, donor: Reading) -> RelatedFinding | None:
        key = _key(donor)
        for numbered in "10":
            if key and (entry := self._rows.get(numbered + key)) is not None:
                return RelatedFinding(entry.category, entry.reason, entry.name, "named")
        return None


def _look_alike(row: list[Any]) -> Related:
    name, state, category, aliases, reason, source = row
    return Related(name, state, category, tuple(aliases), reason, source)


def _value(saved: SavedIndex, key: str) -> str:
    value = saved.get(key)
    if value is None:
        raise DamagedIndexError
    return value


def saved_matcher(saved: SavedIndex) -> Matcher:
    """A matcher over a saved index; only for :meth:`Matcher.match` without OCR.

    Raises:
        DamagedIndexError: here or from a match: the index is damaged.
    """
    use_saved_vocabulary(json.loads(_value(saved, _VOCABULARY)))
    sha256, date = json.loads(_value(saved, _VERSION))
    aliases = _Aliases(saved)
    unions = UnionList(_Rows(saved, _UNION, Union._make), aliases, (), sha256, date, _NamesOf(saved, aliases))
    return Matcher(unions, listed=_SavedListed(saved, unions), related=_SavedRelated(saved))
