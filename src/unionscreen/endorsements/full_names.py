"""Full names: runs of capitalized words, cut where a name ends, and given to the matcher, the longest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from unionscreen.endorsements.page_names import Mention, PageNames, tidied
from unionscreen.endorsements.words import Sentence, TextWord, endorsement_words
from unionscreen.matching.cleaning import clean
from unionscreen.matching.names import read_words
from unionscreen.matching.reading import sort_words
from unionscreen.matching.vocabulary import load_vocabulary

# A name has at most this many words: "Public Safety Employees Association of the City and County of San Francisco".
_LONGEST_NAME: Final = 24
# Words before a name that begin a sentence or are titles, tried one by one: "Former Sheriff".
_MOST_TRIMMED: Final = 4
_CONNECTORS: Final = frozenset({"of", "the", "and", "&", "for", "in", "de", "/"})
_NUMBER_AHEAD: Final = frozenset({"lodge", "local", "chapter", "unit", "council", "no", "number", "district", "post"})
# Look-alikes that are organizations; the others ("San Francisco Police Department") are in every report on crime.
_ORGANIZATIONS: Final = frozenset(
    {"themed-pac", "advocacy", "prosecutors-association", "prosecutors-union", "foundation", "retired", "affinity",
     "professional", "charity", "management"}
)  # fmt: skip
# Ranks, which are a part of names: "Chief of Police".
_RANKS: Final = frozenset({"chief", "officer", "sgt", "detective", "member"})
# Words that do not make an organization of a name: "Professional Police Officers".
_PARTS_OF_NAMES: Final = frozenset({"protective", "professional", "fraternal"})
# Plural forms of the word that several names share: "the Sergeants and Lieutenants Benevolent Associations".
_SHARED_FORMS: Final = {
    "associations": "Association", "unions": "Union", "lodges": "Lodge", "guilds": "Guild", "leagues": "League",
    "federations": "Federation", "councils": "Council", "locals": "Local",
}  # fmt: skip


def full_names(sentence: Sentence, page: PageNames) -> list[Mention]:
    """The organizations whose names a sentence has in full, each with the matcher's answer."""
    words = sentence.words
    found: list[Mention] = []
    for begin, end in _runs(words):
        for at, to in _parts(words, begin, end, page):
            found += _named(sentence, at, to, page)
    return found


def _runs(words: Sequence[TextWord]) -> Iterator[tuple[int, int]]:
    """Where capitalized words follow each other, with the small words between them."""
    ends = endorsement_words().single["ends_a_name"]
    at = 0
    while at < len(words):
        if not _is_name_word(words, at) or words[at].low in ends:
            at += 1
            continue
        end = _run_end(words, at, ends)
        yield at, end
        at = end


def _is_name_word(words: Sequence[TextWord], at: int) -> bool:
    return words[at].capital or (words[at].text[0].isdigit() and at + 1 < len(words) and words[at + 1].capital)


def _run_end(words: Sequence[TextWord], at: int, ends: frozenset[str]) -> int:
    end = at + 1
    while end < len(words) and end - at < _LONGEST_NAME:
        step = _step(words, end)
        if step == 0 or words[end + step - 1].low in ends or words[end].low in ends:
            break
        end += step
    return end


def _step(words: Sequence[TextWord], at: int) -> int:
    """How many words from here on belong to the run that ends before; 0 where it ends."""
    word, before = words[at], words[at - 1]
    after = words[at + 1] if at + 1 < len(words) else None
    if word.capital or (word.text.lstrip("#").isdigit() and (word.text[0] == "#" or before.low in _NUMBER_AHEAD)):
        return 1
    if word.text == "#" and after is not None and after.text.isdigit():
        return 2
    if after is not None and after.capital and _kinds_of(word.low)[0] and any(_kinds_of(after.low)):
        return 1  # "State corrections Officers Association"
    if word.text == "." and before.low in endorsement_words().single["abbreviations"]:
        return 1 if after is not None and (after.capital or after.low in _CONNECTORS or after.text[:1].isdigit()) else 0
    if (
        word.text == "-"
        and word.start == before.end
        and after is not None
        and after.start == word.end
        and after.capital
    ):
        return 2
    if word.text == "," and after is not None and after.low in _NUMBER_AHEAD and at + 2 < len(words):
        number = words[at + 2].low
        return 3 if number.lstrip("#").isdigit() or number in ("no", "#") else 0
    if word.text == "(":
        return _parenthesis(words, at)
    return _connected(words, at)


def _parenthesis(words: Sequence[TextWord], at: int) -> int:
    """A short name in parentheses: "(PBA)"."""
    for length in (3, 5):
        inside = words[at + 1 : at + length - 1]
        if (
            len(words) >= at + length
            and words[at + length - 1].text == ")"
            and all(word.text.isupper() or word.text in "-/&" for word in inside)
        ):
            return length
    return 0


def _connected(words: Sequence[TextWord], at: int) -> int:
    """Small words within a name: "of the City of X", "Police and Sheriffs"; "and the" begins another name."""
    if words[at].low not in _CONNECTORS or words[at].low == "the":
        return 0
    ahead = at + 1
    if ahead < len(words) and words[ahead].low == "the":
        if words[at].low in ("and", "&"):
            return 0
        ahead += 1
    if ahead < len(words) and (words[ahead].capital or words[ahead].text[0] == "#"):
        return ahead - at + 1
    return 0


@lru_cache(maxsize=1 << 14)
def _kinds_of(low: str) -> tuple[bool, bool]:
    """Whether a word stands for officers, and whether it stands for an organization, alone or as a short name."""
    reading = sort_words(read_words(clean(low)))
    safe = reading.has(*load_vocabulary().safe_acronyms)
    officers = bool(reading.types) or safe or reading.has("firefighter", "fire")
    return officers, bool(reading.forms - _PARTS_OF_NAMES) or safe


@dataclass(frozen=True)
class _Span:
    """Some words of a sentence, read as a name."""

    words: Sequence[TextWord]

    @property
    def officers(self) -> bool:
        """Whether it has a word for officers, or a phrase: "law enforcement"."""
        if any(_kinds_of(word.low)[0] for word in self.words):
            return True
        return _kinds_of(" ".join(word.low for word in self.words))[0]

    @property
    def body(self) -> bool:
        """Whether it has a word for an organization, or is a short name of one; an "Order of Police" is one too."""
        if any(_kinds_of(word.low)[1] for word in self.words):
            return True
        words = self.words
        return any(words[at].low == "order" and words[at + 2].low == "police" for at in range(len(words) - 2))


def _parts(words: Sequence[TextWord], begin: int, end: int, page: PageNames) -> Iterator[tuple[int, int]]:
    """A run, cut at offices, at possessives after a name, and at an "and" between two names."""
    at = begin + max(
        (i + 2 - begin for i in range(begin, end - 2) if _office_of(words, i)), default=0
    )  # "National President of the ..."
    for i in range(at + 1, end):
        if i <= at:
            continue
        left_out = _cut(words, at, i, end, page)
        if left_out is not None:
            yield at, i
            at = i + left_out
    if at < end:
        yield at, end


def _office_of(words: Sequence[TextWord], at: int) -> bool:
    offices = endorsement_words().single["ends_before_office"]
    return words[at].low in offices and words[at].low not in _RANKS and words[at + 1].low == "of"


def _cut(words: Sequence[TextWord], at: int, i: int, end: int, page: PageNames) -> int | None:
    """How many words to leave out where a part ends before a word; None where it does not end."""
    if words[i].low in ("and", "&"):
        return 1 if _separates(words[at:i], words[i + 1 : end], page) else None
    if words[i - 1].low.endswith("'s") and _kinds_of(words[i - 1].low)[1]:
        return 0
    offices = endorsement_words().single["ends_before_office"]
    office = words[i].low in offices and words[i - 1].low not in ("of", "the", "&", "and")
    return 0 if office and _Span(words[at:i]).body else None


def _separates(left: Sequence[TextWord], right: Sequence[TextWord], page: PageNames) -> bool:
    """Whether an "and" stands between two names and not within one."""
    before, after = _Span(left), _Span(right)
    if before.body and (before.officers or not after.officers):
        # "Association of Police and Sheriffs": one name, if the second half has no word for an organization.
        return after.body or not after.officers
    if before.officers or not after.officers or not after.body:
        return False
    # "Bridge and Tunnel Officers Benevolent Association" is on the list; "Mayor Roe and Elmhaven POA" are two.
    return page.match(_text_of([*left, *right], " and ", len(left))).tier != "listed"


def _text_of(words: Sequence[TextWord], between: str, at: int) -> str:
    return " ".join(word.text for word in words[:at]) + between + " ".join(word.text for word in words[at:])


def _named(sentence: Sentence, begin: int, end: int, page: PageNames) -> list[Mention]:
    """The mention in one part of a run, if the matcher knows it; words before it are left out one by one."""
    begin, end = _trimmed(sentence.words, begin, end)
    words = sentence.words[begin:end]
    if not _is_name(words) or (len(words) == 1 and words[0].text.isupper()):
        return []  # short names are looked at when the whole page is known
    if shared := _coordinated(sentence, begin, end, page):
        return shared
    for at in range(begin, min(end, begin + _MOST_TRIMMED)):
        if at > begin and sentence.words[at].low in _CONNECTORS:
            continue
        if not _is_name(sentence.words[at:end]):
            break
        text = sentence.text[sentence.words[at].start : sentence.words[end - 1].end]
        match = page.match(tidied(text))
        text = text.removesuffix("'s").removesuffix("\u2019s")
        if match.verdict == "union" or match.category in _ORGANIZATIONS:
            return [Mention(at, end, text, text, match)]
        if match.verdict == "related":
            break
    return []


def _is_name(words: Sequence[TextWord]) -> bool:
    span = _Span(words)
    return span.body and span.officers


def _trimmed(words: Sequence[TextWord], begin: int, end: int) -> tuple[int, int]:
    """A part of a run without words that begin a sentence, and without small words at its end."""
    skip = endorsement_words().single["begins_no_name"] | _CONNECTORS
    while begin < end and words[begin].low in skip and not _starts_listed(words, begin):
        begin += 1
    while begin < end and words[end - 1].text in ("and", "&", "of", "for", "the", "(", "-", ",", "in"):
        end -= 1
    return begin, end


def _starts_listed(words: Sequence[TextWord], at: int) -> bool:
    """Whether a word that may begin a sentence is a part of a name: "United", "Local 502"."""
    return words[at].low in ("local",) and at + 1 < len(words) and words[at + 1].text.lstrip("#").isdigit()


def _coordinated(sentence: Sentence, begin: int, end: int, page: PageNames) -> list[Mention]:
    """Names that share their last words: "Sergeants and Lieutenants Benevolent Associations" are two."""
    words = sentence.words[begin:end]
    last = next((i for i, word in enumerate(words) if word.low in _SHARED_FORMS), None)
    joint = next((i for i, word in enumerate(words) if word.low in ("and", "&")), None)
    if joint and (last is None or last < joint):
        return _of_two_places(sentence, begin, end, begin + joint, page)
    if last is None or joint is None or not 0 < joint < last:
        return []
    shared = last
    while shared - 1 > joint + 1 and _kinds_of(words[shared - 1].low)[1]:
        shared -= 1
    tail = [
        *(word.text for word in words[shared:last]),
        _SHARED_FORMS[words[last].low],
        *(w.text for w in words[last + 1 :]),
    ]
    text = sentence.text[words[0].start : words[-1].end]
    found = []
    for own in (words[:joint], words[joint + 1 : shared]):
        name = " ".join([*(word.text for word in own), *tail])
        match = page.match(name)
        if match.verdict != "union":
            return []
        found.append(Mention(begin, end, text, name, match))
    return found


def _of_two_places(sentence: Sentence, begin: int, end: int, joint: int, page: PageNames) -> list[Mention]:
    """Two listed unions that share everything but their places: "Illinois and Chicago Fraternal Order of Police"."""
    words = sentence.words
    text = sentence.text[words[begin].start : words[end - 1].end]
    both = page.match(tidied(text))
    for tail in range(joint + 2, end):
        names = [
            " ".join(word.text for word in [*own, *words[tail:end]])
            for own in (words[begin:joint], words[joint + 1 : tail])
        ]
        found = [page.match(name) for name in names]
        ids = [match.union_id for match in found]
        if all(ids) and ids[0] != ids[1] and both.union_id in ids:
            return [Mention(begin, end, text, name, match) for name, match in zip(names, found, strict=True)]
    return []
