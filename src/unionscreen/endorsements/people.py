"""Which person a sentence speaks of, as far as its words say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from unionscreen.endorsements.words import Sentence, TextWord, endorsement_words
from unionscreen.matching.places import STATE_NAMES

# A name has at most this many words: "Dr. Mary Ann St. Clair Jones".
_LONGEST_PERSON: Final = 5
# How far after a verb its object may begin: "endorsed the most qualified candidate for district attorney, Jane Roe".
OBJECT_AHEAD: Final = 14
_STATES: Final = frozenset(name.lower() for name in STATE_NAMES.values())
_OPPONENTS: Final = frozenset({"challenger", "opponent", "rival", "challengers", "opponents", "rivals"})
_POSSESSIVES: Final = frozenset({"his", "her", "their", "its", "my", "your"})
# Words between "her opponent" and the opponent's name: ", Republican John Doe".
_NAMED_NEXT: Final = 3
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})


class Person(NamedTuple):
    """A person's name in a sentence, without titles."""

    begin: int
    end: int
    name: str


def people_in(sentence: Sentence, taken: Collection[int]) -> list[Person]:
    """The names of people: capitalized words that are not an organization's, a place's or a day's.

    Args:
        sentence: to read.
        taken: the words of organizations in it.
    """
    words = sentence.words
    found: list[Person] = []
    at = 0
    while at < len(words):
        if at in taken or not _may_begin(words, at):
            at += 1
            continue
        end = _name_end(words, at, taken)
        begin = _without_titles(words, at, end)
        group = end == at + 1 and at > 0 and words[at - 1].low == "the"  # "the Teamsters"
        if begin < end and not group and _is_person(words[begin:end]):
            text = sentence.text[words[begin].start : words[end - 1].end]
            found.append(Person(begin, end, _without_possessive(text)))
        at = max(end, at + 1)
    return _with_opponents(found, words)


def _may_begin(words: Sequence[TextWord], at: int) -> bool:
    single = endorsement_words().single
    word = words[at]
    return word.capital and word.low not in single["begins_no_name"] and word.low not in single["ends_a_name"]


def _name_end(words: Sequence[TextWord], at: int, taken: Collection[int]) -> int:
    end = at + 1
    ends = endorsement_words().single["ends_a_name"]
    while end < len(words) and end not in taken:
        word, before = words[end], words[end - 1]
        if before.low.endswith("'s"):
            break
        if (
            (word.capital and word.low not in ends)
            or word.low in ("de", "la", "von", "van", "del")
            or (
                word.text == "."
                and (len(before.text) == 1 or before.low in endorsement_words().single["abbreviations"])
            )
        ):
            end += 1
        elif (
            word.text in "-\u2013"
            and word.start == before.end
            and end + 1 < len(words)
            and words[end + 1].start == word.end
        ):
            end += 2
        else:
            break
    while (
        end > at + 1
        and words[end - 1].text in (".", "-")
        and len(words[end - 2].text) > 1
        and words[end - 2].low not in _SUFFIXES
    ):
        end -= 1
    return min(end, len(words))


def _without_titles(words: Sequence[TextWord], begin: int, end: int) -> int:
    titles = endorsement_words().single["titles"]
    last = max((at for at in range(begin, end) if words[at].low in titles), default=begin - 1)
    begin = last + 1 if last + 1 < end else end
    while begin < end and words[begin].text in ".-":
        begin += 1
    return begin


def _is_person(words: Sequence[TextWord]) -> bool:
    single = endorsement_words().single
    names = [word for word in words if word.text.isalpha() or "'" in word.low]
    return (
        0 < len(names) <= _LONGEST_PERSON
        and not any(word.low.removesuffix("'s") in single["not_a_person"] for word in names)
        and not all(word.low.removesuffix("'s") in single["titles"] for word in names)
        and any(len(word.text) > 1 for word in names)
        and " ".join(word.low for word in words) not in _STATES
        and not (len(names) == 1 and names[0].low in single["abbreviations"])
        and not (len(names) == 1 and names[0].text.isupper() and len(names[0].text) < 6)
    )


def _without_possessive(name: str) -> str:
    for ending in ("'s", "\u2019s"):
        name = name.removesuffix(ending)
    return name.strip(" .,") if not name.endswith(("Jr.", "Sr.")) else name


def _with_opponents(found: list[Person], words: Sequence[TextWord]) -> list[Person]:
    """The same with those who are only called somebody's opponent: "her opponent", "Jane Roe's challenger"."""
    people: dict[int, Person] = {each.begin: each for each in found}
    for at, word in enumerate(words):
        if word.low not in _OPPONENTS:
            continue
        owner = next(
            (each for each in found if at - 3 <= each.end <= at and words[each.end - 1].low.endswith("'s")), None
        )
        pronoun = next((i for i in range(max(0, at - 3), at) if words[i].low in _POSSESSIVES), None)
        if owner is not None:
            people[owner.begin] = Person(owner.begin, at + 1, f"{owner.name}'s {word.low}")
        elif pronoun is not None:
            people[pronoun] = Person(pronoun, at + 1, f"{words[pronoun].low} {word.low}")
    return [people[begin] for begin in sorted(people)]


def is_opponent(name: str) -> bool:
    """Whether somebody is named only as an opponent."""
    return name.rsplit(" ", 1)[-1] in _OPPONENTS


def object_of(people: Sequence[Person], after: int) -> str:
    """The person after a verb: "endorsed Jane Roe"; of "her opponent, John Doe" it is the one with a name."""
    near = [each for each in people if after <= each.begin <= after + OBJECT_AHEAD]
    if len(near) > 1 and is_opponent(near[0].name) and near[1].begin <= near[0].end + _NAMED_NEXT:
        return near[1].name
    return near[0].name if near else ""


def subject_before(people: Sequence[Person], before: int) -> str:
    """The person before a verb: "Jane Roe was endorsed"."""
    return next((each.name for each in reversed(people) if each.end <= before), "")


def same_candidate(one: str, other: str) -> bool:
    """Whether two names may be one person's: the last names agree, and the first names where both have one.

    >>> same_candidate("Roe", "Jane Roe"), same_candidate("John Roe", "Jane Roe"), same_candidate("J. Roe", "Jane Roe")
    (True, False, True)
    """
    if is_opponent(one) or is_opponent(other):
        return False
    first, second = _parts(one), _parts(other)
    if not first or not second or first[-1] != second[-1]:
        return False
    if len(first) == 1 or len(second) == 1:
        return True
    return first[0].startswith(second[0]) or second[0].startswith(first[0])


def _parts(name: str) -> list[str]:
    words = [word.strip(".,'\u2019\"").lower() for word in name.replace("\u2019", "'").split()]
    titles = endorsement_words().single["titles"]
    kept = [word for word in words if word and word not in _SUFFIXES]
    return [word for word in kept if word not in titles] or kept


def last_name(name: str) -> str:
    """The last name in lower case; empty without one.

    >>> last_name("Jane Roe Jr."), last_name("District Attorney Jane Roe")
    ('roe', 'roe')
    """
    return (_parts(name) or [""])[-1]
