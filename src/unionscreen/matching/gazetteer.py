"""How many people live in the US places and counties of a name, to decide whether a name alone identifies a place.

``data/places.csv`` holds the figures; ``tools/make_places.py`` says where they come from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from unionscreen.matching.cleaning import clean
from unionscreen.matching.names import read_words
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.unions.data_files import read_data

Level = Literal["place", "county"]

# A name without a state means the place that has this many times the people of all others of its name together: San
# Diego and San Jose do, Wayne and Jackson County do not.
TIMES: Final = 10


def key_of(name: str) -> str:
    """A place's name as words for comparison: ``St. Louis`` is ``saint louis``, ``New York`` is ``newyork``."""
    stops = load_vocabulary().stops
    return " ".join(word.word for word in read_words(clean(name)) if word.word not in stops)


@lru_cache(maxsize=1)
def _lines() -> str:
    """The rows as one text in alphabetical order: binary search in it is faster than building a table."""
    return read_data("places.csv").partition("\n")[2]


def _first(start: str) -> int:
    """The position of the first line that does not sort before `start`."""
    text = _lines()
    low, high = 0, len(text)
    while low < high:
        line = text.rfind("\n", 0, (low + high) // 2) + 1
        if text[line : line + len(start)] < start:
            low = text.find("\n", (low + high) // 2) + 1 or len(text)
        else:
            high = line
    return low


@lru_cache(maxsize=1 << 14)
def people(name: str, level: Level) -> dict[str, int]:
    """How many people live in the places of this name, by state; empty where there is none.

    Args:
        name: as ``key_of`` gives it.
        level: cities, towns and villages of 500 people and more, or counties.
    """
    found: dict[str, int] = {}
    text, start = _lines(), f"{name},{level},"
    at = _first(start)
    while text.startswith(start, at):
        end = text.index("\n", at)
        state, population = text[at + len(start) : end].split(",")
        found[state] = int(population)
        at = end + 1
    return found


def stands_alone(name: str, state: str, levels: tuple[Level, ...]) -> bool:
    """Whether a name can only mean the place in this state, because others are small or do not exist.

    Args:
        name: as ``key_of`` gives it.
        state: two letters.
        levels: which places to compare: a county's name is compared with counties.
    """
    counts = [people(name, level) for level in levels]
    own = max(count.get(state, 0) for count in counts)
    others = sum(number for count in counts for where, number in count.items() if where != state)
    return own >= TIMES * others


def is_place(name: str) -> bool:
    """Whether any US place or county has this name."""
    return bool(people(name, "place") or people(name, "county"))
