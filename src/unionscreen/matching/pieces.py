"""Pieces of text that a name must have to match a regular expression, as an automaton that rules most names out.

The pieces are made from the expression itself, so that no word stands in two places. The automaton only excludes: a
name with such a piece is still checked by the expressions. ``unionscreen.compiled`` reads a column with it.
"""

from __future__ import annotations

import base64
import re
import threading
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np

from unionscreen.compiled import is_active
from unionscreen.saved_index import IndexFile, kept

# Classes of characters: everything between words, a to z, the digits that look like letters, and the other digits.
# Several characters between words count as one, so "N.  Y." is n, blank, y, blank.
_BLANK: Final = 0
_LIKE_LETTER: Final = 27
_OTHER_DIGIT: Final = 28
CLASSES: Final = 29
# The class of a character that only the expressions can judge: the name passes.
ODD: Final = 255
# A piece with more spellings than this is made shorter.
_MOST_SPELLINGS: Final = 1_000
# A set with so many classes is almost any letter.
_MANY_CLASSES: Final = 20
# More ways to write one alternative are not listed; it then counts as any text.
_MOST_WAYS: Final = 4_000

# How a text may be written: for each character its possible classes; None stands for any text.
_Way = tuple[frozenset[int] | None, ...]
_Run = tuple[frozenset[int], ...]
_BETWEEN: Final = frozenset({_BLANK})
_JUDGED: Final = frozenset({ODD})


def class_of(code: int) -> int:
    """The class of a character, or of a byte of one."""
    char = chr(code).lower()
    if code >= 0x7F or char == "_" or (code < 0x20 and char not in "\t\n\r"):
        return ODD
    if "a" <= char <= "z":
        return ord(char) - ord("a") + 1
    return _LIKE_LETTER if char in "0134578" else _OTHER_DIGIT if char in "269" else _BLANK


@lru_cache(maxsize=1)
def classes_table() -> np.ndarray:
    """The class of every byte."""
    return np.array([class_of(byte) for byte in range(256)], dtype=np.uint8)


class Automata:
    """The automata of pieces for the expressions of one list, made or read once, when they are first asked for."""

    def __init__(self, saved: IndexFile | None) -> None:
        """Keep them in the index file of the list, where there is one: making them takes 80 ms, reading them 5."""
        self._saved, self._lock = saved, threading.Lock()
        self._known: dict[str, np.ndarray | None] = {}

    def of(self, name: str, pattern: str) -> np.ndarray | None:
        """The automaton of an expression; None where its pieces cannot be listed, or nothing could read with it.

        Args:
            name: of the expression, as an attribute of ``PrefilterPatterns``.
            pattern: the expression.
        """
        if not is_active():
            return None
        with self._lock:  # threads that start together would each make it
            if name not in self._known:
                text = kept(self._saved, f"automaton-{name}", lambda: _packed(automaton_of(pattern)))
                found = _unpacked(text)
                # The library reads the table at the places that it names, so a damaged one is made again.
                self._known[name] = found if found is None or _is_whole(found) else automaton_of(pattern)
        return self._known[name]


def automaton_of(pattern: str) -> np.ndarray | None:
    """An automaton that every plain name which matches the pattern brings to its last state.

    Args:
        pattern: for RE2 over lower-case text, with ASCII classes. It is read by Python's own parser of expressions.

    Returns:
        For each state and class the next state; None if there is a match without any piece that could be listed.
    """
    from re import _parser  # type: ignore[attr-defined] # the only parser of expressions in the standard library

    pieces: set[tuple[int, ...]] = set()
    for way in _ways(_parser.parse(pattern, re.ASCII)):
        if _JUDGED in way:
            continue  # such a name passes anyway
        best = max(_windows(way), key=lambda window: (len(window), -_spellings(window)), default=None)
        if best is None:
            return None
        pieces.update(product(*best))
    return _automaton(pieces)


def _packed(automaton: np.ndarray | None) -> str | None:
    """An automaton as a text of ASCII, for the user's cache."""
    return None if automaton is None else base64.b64encode(zlib.compress(automaton.astype("<i4").tobytes(), 1)).decode()


def _unpacked(text: str | None) -> np.ndarray | None:
    """The automaton again."""
    if text is None:
        return None
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), "<i4").astype(np.int32).reshape(-1, CLASSES)


def _is_whole(automaton: np.ndarray) -> bool:
    """Whether every state leads to one of its states."""
    return len(automaton) > 0 and bool(automaton.min() >= 0 and automaton.max() < len(automaton))


def _automaton(pieces: Iterable[tuple[int, ...]]) -> np.ndarray:
    """The automaton of Aho and Corasick; the last state stands for every end of a piece."""
    states: list[dict[int, int]] = [{}]
    ends: set[int] = set()
    for piece in sorted(pieces, key=len):  # so that a piece within the start of another one makes it superfluous
        state = 0
        for each in piece:
            if state in ends:
                break
            if each not in states[state]:
                states.append({})
                states[state][each] = len(states) - 1
            state = states[state][each]
        ends.add(state)
    table = np.zeros((len(states) + 1, CLASSES), dtype=np.int32)
    shorter, waiting = [0] * len(states), deque([0])
    while waiting:
        state = waiting.popleft()
        if state in ends or shorter[state] in ends:
            ends.add(state)
            continue
        table[state] = table[shorter[state]]
        for each, following in states[state].items():
            shorter[following] = int(table[state, each])
            table[state, each] = following
            waiting.append(following)
    is_end = np.isin(np.arange(len(table)), [*ends])
    return np.where(is_end[table], len(states), table).astype(np.int32)


def _spellings(window: Iterable[frozenset[int]]) -> int:
    return prod(map(len, window))


def _windows(way: _Way) -> Iterator[_Run]:
    """A piece of each run of characters: all of it, or its start, that does not have too many spellings."""
    run: list[frozenset[int]] = []
    for each in (*way, None):
        if each is not None:
            # What stands between words counts once, and any letter at the start of a piece excludes little.
            if not (run and each == run[-1] == _BETWEEN) and (run or len(each) < _MANY_CLASSES):
                run.append(each)
            continue
        while run and (len(run[-1]) >= _MANY_CLASSES or _spellings(run) > _MOST_SPELLINGS):
            run.pop()
        if run:
            yield tuple(run)
        run = []


def _ways(parsed: Iterable[tuple[Any, Any]]) -> list[_Way]:
    """The ways to write a text that matches these nodes, one after the other."""
    parts = [_ways_of(str(kind), value) for kind, value in parsed]
    if prod(map(len, parts)) > _MOST_WAYS:
        return [(None,)]
    return [tuple(each for way in ways for each in way) for ways in product(*parts)]


def _ways_of(kind: str, value: Any) -> list[_Way]:
    """The ways to write what matches one node of the parser."""
    match kind:
        case "LITERAL":
            return [(frozenset({class_of(value)}),)]
        case "IN":
            return [(_classes("".join(_as_written(str(kind), member) for kind, member in value)),)]
        case "AT":
            return [(_BETWEEN,)] if str(value) == "AT_BOUNDARY" else [(None,)]
        case "BRANCH":
            return [way for branch in value[1] for way in _ways(branch)]
        case "SUBPATTERN":
            return _ways(value[3])
        case "MAX_REPEAT":
            return _repeated(*value)
    return [(None,)]


def _repeated(least: int, most: int, parsed: Iterable[tuple[Any, Any]]) -> list[_Way]:
    ways = _ways(parsed)
    optional: list[_Way] = [] if least else [()]
    if most == 1 or ways == [(_BETWEEN,)]:  # several characters between words count as one
        return optional + ways
    if least == most and len(ways) == 1:
        return [ways[0] * least]
    return [(*way, None) for way in ways] if least else [(None,)]


@lru_cache(maxsize=64)
def _classes(inside: str) -> frozenset[int]:
    """The classes of the characters in a set; ODD alone where no plain character is among them."""
    expression = re.compile(f"[{inside}]", re.ASCII)
    found = {class_of(code) for code in range(256) if expression.match(chr(code))}
    return frozenset(found - {ODD}) or _JUDGED


def _as_written(kind: str, value: Any) -> str:
    """A member of a set of characters as the expression has it."""
    match kind:
        case "NEGATE":
            return "^"
        case "LITERAL":
            return re.escape(chr(value))
        case "RANGE":
            return "-".join(re.escape(chr(each)) for each in value)
    return {"CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_WORD": r"\W", "CATEGORY_SPACE": r"\s"}.get(str(value), r"\s\S")
