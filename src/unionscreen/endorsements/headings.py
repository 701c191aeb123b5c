"""Headings and labels: which of them begin a list of endorsements, and whose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from unionscreen.endorsements.pages import BOLD, PageBlock
from unionscreen.endorsements.people import Person, last_name, people_in
from unionscreen.endorsements.scene import CHECK, NO, YES
from unionscreen.endorsements.words import Sentence, endorsement_words, is_year

# Words of a heading that is a label and nothing else: "Law Enforcement Endorsements", "Endorsed by:".
_LABEL_WORDS: Final = 8
# An entry of a list is shorter than a paragraph.
_ENTRY_WORDS: Final = 10
# A line in a list that begins another group has at most this many words: "2018 campaign", "Who is against us".
_LINE_WORDS: Final = 5


def is_entry(block: PageBlock) -> bool:
    """Whether a block is an entry of a list and not a paragraph."""
    return block.kind != "text" or len(block.text.split()) <= _ENTRY_WORDS


def heading_kind(block: PageBlock) -> str:
    """Whether a heading begins a list of endorsements (yes), one of other endorsements (check or no), or none.

    Only a heading of nothing but words for endorsements, groups, the office and a name is plain.
    """
    opens = block.text.endswith(":")
    if (block.kind != "heading" and not opens) or len(block.text.split()) > _LABEL_WORDS * (1 + opens):
        return ""
    sentence = Sentence(block.text, 0)
    words = [word.low for word in sentence.words]
    kinds = ("label", "endorsement_of", "endorsed_by") if opens else ("label",)
    labels = [cue for cue in sentence.cues if cue.kind in kinds]
    if not labels:
        return ""
    if set(words) & endorsement_words().single["not_label"]:
        return NO
    if any(word.isdigit() and len(word) == 4 for word in words):
        return CHECK
    if any(cue.kind in ("not", "undone", "perhaps", "against") for cue in sentence.cues):
        return CHECK
    if opens and any(cue.kind != "label" and cue.end >= len(words) - 1 for cue in labels):
        return YES  # "Jane Roe has been endorsed by:"
    return YES if is_plain_label(sentence, people_in(sentence, ()), 0, len(words)) else CHECK


def is_plain_label(sentence: Sentence, people: Sequence[Person], begin: int, end: int) -> bool:
    """Whether a part of a sentence holds only words for endorsements, groups, the office and a name."""
    single = endorsement_words().single
    plain = single["label"] | single["group_label"] | single["label_word"] | {"supported", "backed", "endorsed"}
    named = {at for person in people for at in range(person.begin, person.end)}
    return all(
        at in named or word.low.removesuffix("'s") in plain or not word.text.isalnum()
        for at, word in enumerate(sentence.words[begin:end], begin)
    )


def owner_of(block: PageBlock, surnames: Collection[str]) -> str:
    """The candidate whom a heading names: "Endorsements of Jane Roe". A word of a menu is not a name.

    Args:
        block: a heading.
        surnames: last names of people whom the page or the user names in full, in lower case.
    """
    sentence = Sentence(block.text, 0)
    people = people_in(sentence, ())
    if len(people) != 1:
        return ""
    person, single = people[0], endorsement_words().single
    names = [word.low.removesuffix("'s") for word in sentence.words[person.begin : person.end] if len(word.text) > 1]
    others = [word for at, word in enumerate(sentence.words) if not person.begin <= at < person.end]
    known = last_name(person.name) in surnames
    if set(names) & (single["menu_word"] | single["other_section"] | single["group_label"]) - set(surnames):
        return ""
    if len(names) < 2 and not known:
        return ""
    plain = single["titles"] | single["label"] | single["label_word"] | single["group_label"] | {"d", "r", "i", "np"}
    return person.name if all(word.low in plain or not word.text.isalpha() for word in others) else ""


def is_group(text: str) -> bool:
    """Whether every word of a heading is of a group of those who endorse: "Elected officials"."""
    return all(
        word.low in endorsement_words().single["group_label"] or word.text == ":" for word in Sentence(text, 0).words
    )


def closes(block: PageBlock, level: int) -> bool:
    """Whether a heading ends a list of this level: not a group of those who endorse, nor a name in bold type."""
    if Sentence(block.text, 0).words[0].low in endorsement_words().single["other_section"]:
        return True
    if block.level > level or is_group(block.text):
        return False
    return block.level < BOLD or block.text.isupper() or block.text.endswith(":")


def qualifies(block: PageBlock) -> bool:
    """Whether a line within a list says that what follows may be something else: "2018 campaign", "Opposition"."""
    words = Sentence(block.text, 0).words
    single = endorsement_words().single
    if block.kind == "heading":
        people = people_in(Sentence(block.text, 0), ())
        person = len(people) == 1 and len(people[0].name.split()) > 1 and owner_of(block, ()) != ""
        # A person's name in bold type is an entry; one in a larger heading has an affiliation below it.
        return not ((person and block.level == BOLD) or is_group(block.text))
    short = len(words) <= _LINE_WORDS
    return short and any(word.low in single["other_lines"] or is_year(word.text) for word in words)
