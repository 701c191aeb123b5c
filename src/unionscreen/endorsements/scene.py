"""A sentence with its organizations and cues, and the words that take an endorsement back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.people import Person, people_in
from unionscreen.endorsements.words import Cue, Sentence, TextWord, endorsement_words, is_year

YES: Final = "yes"
NO: Final = "no"
CHECK: Final = "check"

# Words before a cue in which "not", "lost" or "seeks" applies to it.
WORDS_BEFORE: Final = 8
_LIST_WORDS: Final = frozenset(
    {
        ",",
        "and",
        "&",
        "the",
        ";",
        "or",
        "both",
        "as",
        "well",
        "[",
        "]",
        "(",
        ")",
        "/",
        "a",
        "its",
        "'s",
        "also",
        "\u2022",
    }
)
DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday week month year last this earlier late "
    "on morning night afternoon evening".split()
)  # fmt: skip
MONTHS: Final = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)  # fmt: skip


_RACES: Final = frozenset({"election", "elections", "primary", "race", "races", "ballot", "runoff", "ticket", "slate"})


class Ruling(NamedTuple):
    """What the words say about one mention."""

    endorses: str
    """yes, no or check."""
    why: str
    candidate: str = ""
    """Who is endorsed, as written; empty where the sentence does not say."""
    rule: str = ""
    cue: Cue | None = None
    """The phrase that says it."""


@dataclass(frozen=True)
class Surroundings:
    """What the rest of the page says."""

    before: str = ""
    """The ruling of the sentence before, if it speaks of endorsements: yes or empty."""
    listed: str = ""
    """Of the list in which the sentence is: yes under a heading of endorsements, no under one of others, or empty."""
    signed: bool = False
    """Whether the page speaks of endorsements in the first person."""
    year: int | None = None
    """The year of the page, where it is known."""
    quoted: bool = False
    """Whether the sentence before is in the first person and endorses."""
    undone: bool = False
    """Whether the next sentence takes something back: "It withdrew that endorsement in May."."""
    tabled: bool = False
    """Whether it is a cell of a table with several columns."""
    endorsing_table: bool = False
    """Whether that table has a word for endorsements."""


@dataclass(frozen=True)
class Scene:
    """A sentence with its organizations, ready for the rules."""

    sentence: Sentence
    mentions: Sequence[Mention]
    around: Surroundings
    _chains: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @property
    def words(self) -> Sequence[TextWord]:
        """The words of the sentence."""
        return self.sentence.words

    @cached_property
    def taken(self) -> frozenset[int]:
        """The words of organizations."""
        return frozenset(at for each in self.mentions for at in range(each.begin, each.end))

    @cached_property
    def people(self) -> list[Person]:
        """The people in it."""
        return people_in(self.sentence, self.taken)

    @cached_property
    def cues(self) -> list[Cue]:
        """The cues outside the names of organizations."""
        return [cue for cue in self.sentence.cues if not self.taken.intersection(range(cue.begin, cue.end))]

    def of(self, *kinds: str) -> list[Cue]:
        """The cues of some kinds, in their order."""
        return sorted((cue for cue in self.cues if cue.kind in kinds), key=lambda cue: cue.begin)

    def within(self, kind: str, begin: int, end: int) -> Cue | None:
        """The first cue of a kind in a part of the sentence."""
        return next((cue for cue in self.cues if cue.kind == kind and begin <= cue.begin and cue.end <= end), None)

    def clause(self, begin: int, end: int) -> tuple[int, int]:
        """The statement that holds these words: from the break before to the break after."""
        breaks = self.of("break")
        start = max((cue.end for cue in breaks if cue.end <= begin), default=0)
        stop = min((cue.begin for cue in breaks if cue.begin >= end), default=len(self.words))
        return start, stop

    def chain(self, mention: Mention) -> tuple[int, int]:
        """The list of names that a mention is in."""
        found = self._chains.get((mention.begin, mention.end))
        if found is None:
            found = self._chains[mention.begin, mention.end] = self._chain(mention)
        return found

    def _chain(self, mention: Mention) -> tuple[int, int]:
        begin, end = mention.begin, mention.end
        while begin > 0 and self._in_list(begin - 1):
            begin -= 1
        while end < len(self.words) and self._in_list(end):
            end += 1
        while begin < mention.begin and begin not in self.taken and not self.words[begin].capital:
            begin += 1
        while (
            end > mention.end
            and end - 1 not in self.taken
            and not self.words[end - 1].capital
            and self.words[end - 1].text != ")"
        ):
            end -= 1
        return begin, end

    def _in_list(self, at: int) -> bool:
        word = self.words[at]
        if at in self.taken:
            return True
        single = endorsement_words().single
        if word.low in _LIST_WORDS:
            return True
        if word.text.isdigit():
            return self.words[at - 1].text == "["  # a note: "[17]"
        if not word.capital or word.low in single["ends_a_name"] or word.low in single["begins_no_name"]:
            return False
        return word.low not in DAYS and word.low not in MONTHS


def reason_of(kind: str) -> str:
    """The sentence that explains a ruling by a kind of phrase."""
    return endorsement_words().reasons[kind]


def taken_back(scene: Scene, start: int, cue: Cue, names: tuple[int, int]) -> Ruling | None:
    """The ruling if words around a cue say that an endorsement was not given, may be, or was for an earlier race."""
    begin, end = names
    near = [cue for cue in (scene.within("not", start, cue.end), scene.within("not", max(0, begin - 2), begin)) if cue]
    if near:
        return Ruling(NO, reason_of("not"), "", cue.kind)
    left, right = scene.clause(min(cue.begin, begin), max(cue.end, end))
    if (
        scene.words[-1].text == "?"
        or scene.within("perhaps", start, cue.end)
        or (begin < cue.begin and scene.within("perhaps", max(left, begin - WORDS_BEFORE), begin))
    ):
        return Ruling(CHECK, reason_of("perhaps"), "", cue.kind)
    if scene.within("earlier", left, right) or _turns_back(scene, right):
        return Ruling(NO, reason_of("earlier"), "", cue.kind)
    return _by_year(scene, left, right, cue)


def _turns_back(scene: Scene, at: int) -> bool:
    """Whether the next statement ends this one: "until", "before it withdrew"."""
    words = scene.words[at : at + 4]
    return (
        any(word.low in ("until", "before") for word in words[:2])
        and scene.within("not", at, len(scene.words)) is not None
    )


def _by_year(scene: Scene, left: int, right: int, cue: Cue) -> Ruling | None:
    """A year in the statement, against the year of the page."""
    for at in range(left, right):
        year = year_of(scene.words, at)
        if year is None or at in scene.taken:
            continue
        if scene.around.year is None and _of_its_race(scene.words, at, cue):
            continue
        if scene.around.year is None:
            return Ruling(CHECK, f"the text says {year}, and not when it was written", "", cue.kind)
        if year < scene.around.year:
            return Ruling(NO, reason_of("earlier"), "", cue.kind)
    return None


def _of_its_race(words: Sequence[TextWord], at: int, cue: Cue) -> bool:
    """Whether a year is that of the race in which it endorses now: "is endorsing Roe in the 2026 general election"."""
    race = {word.low for word in words[at + 1 : at + 4]} & _RACES
    near = {word.low for word in words[max(0, cue.begin - 3) : cue.begin]}
    now = words[cue.begin].low.endswith(("s", "ing")) or near & {"is", "are", "today", "now"}
    return bool(race) and bool(now)


def year_of(words: Sequence[TextWord], at: int) -> int | None:
    """The year that a word is, unless it is a part of a day: "Oct. 3, 2022"."""
    text = words[at].text
    if not is_year(text) or day_before(words, at):
        return None
    return int(text)


def day_before(words: Sequence[TextWord], at: int) -> bool:
    """Whether a month and a day are before this word."""
    near = [word.low for word in words[max(0, at - 4) : at]]
    return any(word in MONTHS for word in near) and any(word.rstrip("stndrh").isdigit() for word in near)
