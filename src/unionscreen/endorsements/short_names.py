"""Names that need a second witness, and unions that a text calls only by their kind or their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from unionscreen.endorsements.page_names import ACRONYM_LETTERS, Mention, PageNames, tidied
from unionscreen.endorsements.words import Sentence, endorsement_words
from unionscreen.matching import Match
from unionscreen.matching.vocabulary import load_vocabulary

# The ends of short names; the letters before are those of the place: "SFPOA".
_ACRONYM_ENDINGS: Final = ("poa", "pba", "dsa", "fop", "coba", "sba", "lba", "boa", "ppa", "ppoa", "pboa")
# A union that a text calls by its place or by nothing: "the Portland police union".
_PLAIN_UNIONS: Final = frozenset({"union", "association", "guild", "federation", "lodge"})
_PLAIN_OFFICERS: Final = frozenset(
    {"police", "officers", "officer's", "officers'", "deputies", "deputies'", "sheriffs", "sheriffs'", "sheriff's",
     "deputy", "troopers", "troopers'", "patrolmen's", "patrolman's", "detectives", "detectives'", "cops'",
     "correctional", "corrections", "correction", "enforcement", "law", "sergeants", "sergeants'", "rank-and-file"}
)  # fmt: skip


# Phrases that speak of an endorsement.
_ACTS: Final = frozenset({"endorses", "endorsed_by", "endorsement_of", "own_endorsement", "not"})
# A place's name has at most this many words.
_LONGEST_PLACE: Final = 4
_UNNAMED: Final = Match("", "union", None, None, None, None, 0.0, "A union that the text does not name.")


def short_names(sentence: Sentence, mentions: Sequence[Mention], page: PageNames) -> Iterator[Mention]:
    """Short names, and listed names without a word for officers; each needs a second witness."""
    taken = {at for mention in mentions for at in range(mention.begin, mention.end)}
    words = sentence.words
    at = 0
    while at < len(words):
        found = None if at in taken else _short_name(sentence, at, page) or _unmarked(sentence, at, taken, page)
        if found is not None:
            yield found
        at = found.end if found is not None else at + 1


def _short_name(sentence: Sentence, at: int, page: PageNames) -> Mention | None:
    word = sentence.words[at]
    letters = word.text.replace(".", "").replace("\u2019", "'").removesuffix("'s").removesuffix("'").removesuffix("s")
    if len(letters) not in ACRONYM_LETTERS or not letters.isupper() or not letters.isalpha():
        return None
    text = sentence.text[word.start : word.start + len(tidied(word.text))]
    if _in_capitals(sentence) and letters.lower() not in load_vocabulary().safe_acronyms:
        return None
    explained = page.explained.get(letters)
    if explained is not None:
        return Mention(at, at + 1, text, explained.read_as, explained.match)
    vocabulary = load_vocabulary()
    match = page.match(letters)
    if letters.lower() in vocabulary.safe_acronyms or vocabulary.acronyms.get(letters.lower(), ((), False))[1]:
        return Mention(at, at + 1, text, letters, match) if match.verdict == "union" else None
    known = letters in page.acronyms or letters.lower().endswith(_ACRONYM_ENDINGS)
    if not known or page.not_police or not (page.police or _witness(sentence, at, match)):
        return None
    if match.verdict != "union":
        match = match._replace(verdict="union", tier="pattern", category=None, why=_short_why(letters))
    return Mention(at, at + 1, text, letters, match)


def _in_capitals(sentence: Sentence) -> bool:
    """Whether a line is all in capitals, so that every short word looks like a short name."""
    words = [word.text for word in sentence.words if word.text.isalpha()]
    return len(words) > 1 and 2 * sum(map(str.isupper, words)) > len(words)


def _short_why(letters: str) -> str:
    return f'"{letters}" is a short name of officers\' organizations, and of others; the text is about police.'


def _witness(sentence: Sentence, at: int, match: Match) -> bool:
    """Whether words next to a short name show what it is: the matcher knows it, and it has a president or endorses."""
    near = {word.low for word in sentence.words[max(0, at - 8) : at + 9]}
    single = endorsement_words().single
    acts = any(cue.kind in _ACTS for cue in sentence.cues)
    known = match.verdict == "union" and "short-acronym" not in match.rules  # others use "DSA" too
    return bool(near & {"union", "union's", "association", "guild"}) or (
        known and (acts or bool(near & single["officers_of"]))
    )


def _unmarked(sentence: Sentence, at: int, taken: set[int], page: PageNames) -> Mention | None:
    """A listed name without a word for officers, where the page is about police: "Council 82", "Locust Club"."""
    words = sentence.words
    if not page.police or not (words[at].capital or words[at].text[0].isdigit()):
        return None
    for name in page.unmarked.get(words[at].low.rstrip("."), ()):
        end = at + len(name)
        ahead = tuple(word.low.lstrip("#") for word in words[at:end])
        if (
            ahead != name
            or taken & {*range(at, end)}
            or (not words[end - 1].text[0].isupper() and not words[end - 1].text.lstrip("#").isdigit())
        ):
            continue
        text = sentence.text[words[at].start : words[end - 1].end]
        match = page.match(text)
        if match.verdict != "union":
            match = match._replace(
                verdict="union",
                tier="pattern",
                category=None,
                why=f'"{text}" is a name on the list, and others have it too; the text is about police.',
            )
        return Mention(at, end, text, text, match)
    return None


def plain_names(sentence: Sentence, mentions: Sequence[Mention], page: PageNames) -> Iterator[Mention]:
    """A union that is called by its place, or only by its kind in a sentence about an endorsement."""
    taken = {at for mention in mentions for at in range(mention.begin, mention.end)}
    words = sentence.words
    for at in range(1, len(words)):
        if words[at].low not in _PLAIN_UNIONS or words[at].capital:
            continue
        begin = at
        while begin > 0 and words[begin - 1].low in _PLAIN_OFFICERS:
            begin -= 1
        if begin == at or not taken.isdisjoint(range(begin, at + 1)):
            continue
        place = _place_before(sentence, begin, taken)
        text = sentence.text[words[place].start : words[at].end]
        match = page.match(text) if place < begin else _UNNAMED
        if place < begin and match.verdict == "union":
            yield Mention(place, at + 1, text, text, match)
        elif place == begin and _is_definite(sentence, begin) and not _is_named_beside(sentence, begin, at, taken):
            yield Mention(begin, at + 1, text, text, _UNNAMED._replace(name=text), named=False)


def _place_before(sentence: Sentence, begin: int, taken: set[int]) -> int:
    """Where a place before a word begins: "Portland", "New York City's"."""
    words, place = sentence.words, begin
    while place > 0 and words[place - 1].capital and place - 1 not in taken and begin - place < _LONGEST_PLACE:
        place -= 1
    while place < begin and words[place].low in endorsement_words().single["begins_no_name"]:
        place += 1
    return place


def _is_definite(sentence: Sentence, begin: int) -> bool:
    """Whether it is "the police union" in a sentence about an endorsement, and not any police union."""
    acts = any(cue.kind in _ACTS for cue in sentence.cues)
    before = [word.low for word in sentence.words[max(0, begin - 3) : begin]]
    return acts and any(word == "the" or word.endswith("'s") for word in before) and "any" not in before


def _is_named_beside(sentence: Sentence, begin: int, at: int, taken: set[int]) -> bool:
    """Whether a comma separates it from its name: "the largest police union, the Elmhaven Police Association"."""
    words = sentence.words
    next_to_it = at + 1 < len(words) and words[at + 1].text == "," and not taken.isdisjoint(range(at + 2, at + 6))
    comma = next((i for i in range(begin - 1, max(0, begin - 5), -1) if words[i].text == ","), 0)
    return next_to_it or (comma > 0 and comma - 1 in taken)
