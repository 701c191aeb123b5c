"""A name and the words beside it: a person of the union in its place, or an entry of a list with more than a name."""

from __future__ import annotations

from typing import Final

from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.scene import CHECK, NO, YES, Ruling, Scene, reason_of
from unionscreen.endorsements.subject import is_possessive
from unionscreen.endorsements.words import endorsement_words
from unionscreen.matching.places import STATE_NAMES
from unionscreen.matching.vocabulary import load_vocabulary

_SEPARATORS: Final = frozenset({",", ";", "and", "&", "\u2022", "|", ":", "\u2014"})
# Rules whose phrase comes before the organizations: "endorsed by the union".
BEFORE_NAME: Final = frozenset({"endorsed_by", "endorsement_of", "as_has", "includes", "label", "for_endorsement"})
_PERSON: Final = Ruling(CHECK, "a person of it, or somebody near it, not the organization")
_MORE: Final = Ruling(CHECK, "listed under a heading of endorsements, with other words in its entry")
_LOOSE_ARTICLES: Final = frozenset({"the", "a", "an", "our", "its", "both", "including", "even", "also"})
# Words before a union's name that lead from a person to it: "Ed Poe of the union".
_LINKS: Final = frozenset({"of", "from", "with", "at", "for", "-", "\u2013", "(", "in"})
# Words with which the names of organizations begin, besides those for officers.
_ORDERS: Final = frozenset(
    "order brotherhood alliance society benevolent protective fraternal relief endowment".split()
)
# Marks that say nothing; a cross or a question mark is none of them.
_MARKS: Final = frozenset(
    ",.;:()[]{}*'\"&/#|-\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2020\u2021\u00b7\u00ae\u2122\u2713\u2714\u2705\u2605\ufe0f"
)
_STATES: Final = frozenset(word.lower() for name in (*STATE_NAMES, *STATE_NAMES.values()) for word in name.split())


def person_before(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """Somebody of the union in its place: "endorsed by Ed Poe of the union", "a retired member of the union"."""
    words, single = scene.words, endorsement_words().single
    least = ruling.cue.end if ruling.cue is not None and ruling.cue.end <= mention.begin else 0
    begin = _item_begin(scene, mention.begin, least)
    segment = words[begin : mention.begin]
    low = {word.low for word in segment}
    quoted = scene.of("says") and ruling.rule == "speaks"
    part = low & single["part_of"] and (low & {"of", "in", "within", "from"} or _noun_after(scene, mention.end))
    if low & (single["once_of_it"] | {"who", "whom"}) or part:
        return _PERSON
    if quoted:
        first = ruling.cue is not None and words[ruling.cue.begin].low == "i"
        return _PERSON if first else None
    if ruling.rule not in BEFORE_NAME:
        return None
    role = low & (single["officers_of"] | single["rank"])
    person = any(begin <= each.begin and each.end <= mention.begin for each in scene.people)
    linked = [word.low for word in segment if word.low != "the"][-1:]
    if (linked and linked[0] in _LINKS) and (role or person):
        return _PERSON
    loose = [word for word in segment if word.low not in _LOOSE_ARTICLES]
    if len(loose) > 1 and linked[0] in ("from", "with", "against", "near", "within", "inside", "outside", "at"):
        return _PERSON
    if begin > least and words[begin - 1].text == ",":
        earlier = words[_item_begin(scene, begin - 1, least) : begin - 1]
        ranked = {word.low for word in earlier} & single["rank"] - {"sheriff"} and not segment
        if ranked or (
            earlier
            and all(word.low in single["officers_of"] | single["rank"] | {"its", "the", "."} for word in earlier)
        ):
            return _PERSON
    return None


def _noun_after(scene: Scene, at: int) -> bool:
    """Whether a noun for people follows a name: "several union members"."""
    return at < len(scene.words) and scene.words[at].low in endorsement_words().single["whole_of"]


def person_in_name(scene: Scene, mention: Mention, _ruling: Ruling) -> Ruling | None:
    """A name that begins with a person's: "Ed Poe of the Elmhaven Police Association"."""
    words = scene.words[mention.begin : mention.end]
    at = next((at for at, word in enumerate(words) if word.low in ("of", "from")), 0)
    known, single = load_vocabulary(), endorsement_words().single
    low = [word.low.removesuffix("'s").rstrip("s'.") for word in words[:at]]
    org = {word for word in low if word in known.words or word in known.type_groups or word.upper() in known.acronyms}
    org |= {word.low for word in words[:at]} & single["not_a_person"] | {word for word in low if word in _ORDERS}
    return _PERSON if at > 1 and not org and all(word.capital or word.text == "." for word in words[:at]) else None


def _item_begin(scene: Scene, end: int, least: int) -> int:
    """Where the item of a list begins that ends before a word."""
    return max(
        (at + 1 for at in range(least, end) if scene.words[at].low in _SEPARATORS and at not in scene.taken),
        default=least,
    )


def person_after(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """Somebody of the union after its name: "the union's former president", "union president Ed Poe"."""
    words, single = scene.words, endorsement_words().single
    end = mention.end
    roles = single["officers_of"] | single["rank"] | single["once_of_it"]
    near = end + (end < len(words) and words[end].low in ("'s", "'"))
    if near < len(words) and words[near].low in single["near_it"] and words[near].text.islower():
        return _PERSON
    if ruling.rule == "subject":
        if not is_possessive(words, end):
            return None
        after = words[end : end + 6]
        low = {word.low for word in after}
        acts = single["whole_of"] | {"committee"}
        return None if low & acts and not low & single["once_of_it"] else _PERSON
    if ruling.rule not in BEFORE_NAME or end >= len(words):
        return None
    at = end + (words[end].low in ("'s", "'"))
    if at >= len(words) or words[at].text == ",":
        return None
    near_by = [word.low for word in words[at : at + 2]]
    if words[at].text == "(":
        return _PERSON if {word.low for word in words[at : at + 4]} & roles else None
    if set(near_by[:1]) & single["whole_of"] and (
        set(near_by[1:]) & roles or words[max(0, mention.begin - 1)].low in ("a", "an")
    ):
        return _PERSON
    person = any(at <= each.begin <= at + 1 and words[at].text not in _SEPARATORS for each in scene.people)
    named = person and not any(
        word.text in ".(-\u2014\u2013" or word.low in ("for", "endorse") for word in words[at : at + 2]
    )
    return (
        _PERSON if set(near_by[:1]) & roles or (is_possessive(words, end) and set(near_by) & roles) or named else None
    )


def entry(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """An entry that holds more than the name, its acronym and its place."""
    words = scene.words
    begin, end = 0, len(words)
    if ruling.rule == "label":
        least = ruling.cue.end if ruling.cue is not None else 0
        begin = _item_begin(scene, mention.begin, least)
        end = next(
            (at for at in range(mention.end, end) if words[at].low in _SEPARATORS and at not in scene.taken), end
        )
        if words[begin:end] and (whom := _noted_for(scene, begin, end, mention)):
            return Ruling(YES, ruling.why, whom)
    left = [at for at in range(begin, end) if at not in scene.taken and not _is_plain(scene, at)]
    if not left:
        return None
    for kind in ("not", "undone", "earlier"):
        if scene.within(kind, begin, end) is not None:
            return Ruling(NO, reason_of(kind))
    return _MORE


def longer_name(scene: Scene, mention: Mention, _ruling: Ruling) -> Ruling | None:
    """A name in a list that holds more than a name: "Union for Jane Roe", "Copyright Union"."""
    words = scene.words[mention.begin : mention.end]
    single = endorsement_words().single
    more = single["other_lines"] | {"copyright", "photo", "image", "courtesy"}
    more |= single["once_of_it"] - {"former", "retired", "veteran", "past"}
    if words[0].low in more or any(word.low == "for" for word in words):
        return _MORE
    return None


def _is_plain(scene: Scene, at: int) -> bool:
    """Whether a word of an entry says nothing more: an acronym in parentheses, a place, a number."""
    word, single = scene.words[at], endorsement_words().single
    if not word.text.isalnum():
        return word.text in _MARKS or "&" in word.text or word.text.startswith("#") or "." in word.text
    if word.text.isdigit():
        return len(word.text) < 4
    near = {one.text for one in scene.words[max(0, at - 1) : at + 2]}
    acronym = word.text.isupper() and near >= {"(", ")"}
    return word.low in single["entry_word"] or word.low in _STATES or acronym


def _noted_for(scene: Scene, begin: int, end: int, mention: Mention) -> str:
    """The candidate whom an item of a label names: "Doe - the union", "the union (Doe)"."""
    people = [each for each in scene.people if begin <= each.begin and each.end <= end]
    if len(people) != 1:
        return ""
    person, words = people[0], scene.words
    dash = ("-", "\u2013", "\u2014")
    if person.begin == mention.end + 1 and words[mention.end].text in ("(", *dash) and person.end >= end - 1:
        return person.name
    before = person.begin == begin and person.end + 1 <= mention.begin and words[person.end].text in dash
    return (
        person.name
        if before and all(word.low in _LOOSE_ARTICLES for word in words[person.end + 1 : mention.begin])
        else ""
    )
