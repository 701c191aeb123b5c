"""The organization as the subject of a verb: "the union, which has 200 members, voted to endorse her"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.people import object_of
from unionscreen.endorsements.scene import CHECK, DAYS, MONTHS, NO, YES, Ruling, Scene, reason_of, taken_back
from unionscreen.endorsements.words import Cue, TextWord, endorsement_words

# Words between an organization and its verb that need no commas around them: "the union last week endorsed".
NEAR: Final = 6
# An object begins within so many words: "endorsed the controversial ballot measure".
_OBJECT: Final = 5
# "It endorsed neither."
_EMPTY_OBJECTS: Final = frozenset({"neither", "no", "nobody", "none", "nothing"})
_AFTER_ADVERB: Final = frozenset({"in", "to", "on", "at", "from", "and", "then", "when", ".", ",", ";"})
# Words that stand for an organization that was just named.
_STANDS_FOR_IT: Final = frozenset({"which", "that", "it", "they", "members"})
# Marks around an apposition.
_AROUND: Final = frozenset({",", "\u2014", "\u2013"})


def subject(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization before the verb: "the union endorsed her"."""
    begin, end = scene.chain(mention)
    role = _role(scene, begin)
    if role == "other" and not _goes_on(scene, end):
        return []
    found = []
    for cue in scene.of("endorses"):
        link = _link(scene, mention, end, cue) if cue.begin >= mention.end and _is_verb(scene, cue) else None
        if link is not None:
            speaker = "officer" in (role, link) and not scene.words[cue.begin].low.startswith("announc")
            found.append(_ruling(scene, (begin, end), cue, speaker=speaker))
    return found


def _ruling(scene: Scene, names: tuple[int, int], cue: Cue, *, speaker: bool) -> Ruling:
    """What a verb says about the organizations before it.

    Args:
        scene: the sentence.
        names: the first word of the organizations' names, and the word after them.
        cue: the verb.
        speaker: whether a person of the organization is the subject.
    """
    end = names[1]
    candidate = object_of(scene.people, cue.end)
    limit = taken_back(scene, predicate_start(scene, end, cue), cue, names)
    if cue.end < len(scene.words) and scene.words[cue.end].low in _EMPTY_OBJECTS:
        return Ruling(NO, reason_of("not"), candidate, "subject")
    if limit is not None:
        return limit._replace(candidate=candidate)
    if not for_a_candidate(scene, cue.end):
        return Ruling(NO, reason_of("not_a_candidate"), "", "subject")
    if not candidate and _names_nobody(scene, cue.end):
        return Ruling(CHECK, "it speaks of candidates and names none", "", "subject")
    if scene.within("money", end, cue.begin) is not None:
        return Ruling(CHECK, reason_of("money"), candidate, "subject")
    if speaker:
        return Ruling(CHECK, reason_of("officers_of"), candidate, "subject")
    return Ruling(YES, reason_of("endorses"), candidate, "subject", cue)


def _goes_on(scene: Scene, at: int) -> bool:
    """Whether a relative clause follows a name: "two officers of the union, which has endorsed him"."""
    return [word.low for word in scene.words[at : at + 2]] == [",", "which"]


def _is_verb(scene: Scene, cue: Cue) -> bool:
    """Whether it is a verb, and not "endorsed by" or an adverb: "back in June"."""
    after = scene.words[cue.end].low if cue.end < len(scene.words) else "."
    adverb = scene.words[cue.begin].low == "back" and cue.end == cue.begin + 1 and after in _AFTER_ADVERB
    return not adverb and not any(each.begin == cue.begin for each in scene.of("endorsed_by", "not"))


def _names_nobody(scene: Scene, at: int) -> bool:
    """Whether what follows is "candidates" and no list of them."""
    near = [word.low for word in scene.words[at : at + _OBJECT]]
    if near and near[0] in ("every", "each", "any", "many", "most"):
        return True
    following = bool(scene.people) or any(
        word.text == ":" or word.low == "following" for word in scene.words[max(0, at - 2) :]
    )
    if scene.words[at - 1].low == "endorsements" and not following:
        return True  # "released its endorsements today"
    return "candidates" in near and not any(word.text == ":" for word in scene.words[at:])


def _role(scene: Scene, begin: int) -> str:
    """What the words before a name make of it: the subject, an officer's organization, or something else."""
    single = endorsement_words().single
    if [word.low for word in scene.words[max(0, begin - 3) : begin] if word.low != "the"][-2:] in (
        ["among", "them"],
        ["including"],
    ):
        return "subject"
    at = begin - 1
    steps = 0
    while (
        at >= 0
        and steps < 4
        and not scene.words[at].capital
        and scene.words[at].text.isalnum()
        and (scene.words[at].low not in single["preposition"] and scene.words[at].low not in single["verb"])
    ):
        at -= 1
        steps += 1
    if at < 0 or scene.words[at].low not in single["preposition"]:
        return "subject"
    if scene.words[at].low != "of":
        return "subject" if scene.words[at].low in ("in", "on", "like") and at == 0 else "other"
    head = [word.low for word in scene.words[max(0, at - 4) : at]]
    if set(head) & single["whole_of"]:
        return "subject"
    return "officer" if set(head) & single["officers_of"] else "other"


def _link(scene: Scene, mention: Mention, end: int, cue: Cue) -> str | None:
    """How a name leads to a verb: "direct", "officer" (a person of the organization), or None where it does not."""
    words = scene.words
    before = before_predicate(scene, cue, end)
    if before < end:
        possessive = is_possessive(words, end) or words[max(end - 1, 0)].low.endswith("'s")
        return None if possessive and before < mention.end - 1 else "direct"
    word = words[before]
    single = endorsement_words().single
    between = [*words[before + 1 : cue.begin], word]
    if any(each.low in _STANDS_FOR_IT for each in between) and not scene.taken.intersection(range(end, before)):
        return None if _has_semicolon(words, end, before) else "direct"
    if word.low in single["somebody_else"]:
        return None
    if _has_semicolon(words, end, before):
        return None
    person = next((each for each in scene.people if each.begin <= before < each.end), None)
    if words[end].text in _AROUND and word.text == words[end].text:
        return "direct"  # an apposition: "the union, with 200 members, endorsed"
    if person is not None or before in scene.taken:
        office = {each.low for each in words[end : person.begin if person else before]} & single["officers_of"]
        return (
            "officer"
            if person is not None and (office or is_possessive(words, end)) and before - end <= 2 * NEAR
            else None
        )
    gap = range(end, before + 1)
    if any(scene.within("break", at, at + 1) for at in gap) and word.low not in ("and",):
        return None
    others = any(at in scene.taken for at in gap)
    if word.low in ("and", ",") and not others and _same_clause(scene, end, cue.begin):
        return "direct"  # "met on Monday and endorsed"
    if len(gap) <= NEAR and not others and not any(words[at].low in single["verb"] for at in gap):
        return "officer" if {words[at].low for at in gap} & single["officers_of"] else "direct"
    return None


def _same_clause(scene: Scene, begin: int, end: int) -> bool:
    return not any(begin <= cue.begin < end for cue in scene.of("break"))


def _has_semicolon(words: Sequence[TextWord], begin: int, end: int) -> bool:
    return any(word.text == ";" for word in words[begin:end])


def is_possessive(words: Sequence[TextWord], at: int) -> bool:
    """Whether the name that ends before a word is a possessive."""
    return (0 < at <= len(words) and words[at - 1].low.endswith(("'s", "s'"))) or (
        at < len(words) and words[at].low in ("'s", "'")
    )


def before_predicate(scene: Scene, cue: Cue, end: int) -> int:
    """The word before a verb and everything that belongs to it: "has", "not", "formally", "voted to"."""
    single = endorsement_words().single
    loose = {at for each in scene.of("not", "perhaps", "earlier") for at in range(each.begin, each.end)}
    at = cue.begin - 1
    while at >= end and (
        scene.words[at].low in single["between"] or at in loose or scene.words[at].low in DAYS
        or scene.words[at].low in MONTHS or (scene.words[at].low.endswith("ly") and not scene.words[at].capital)
        or scene.words[at].text.isdigit() or (scene.words[at].text == "." and scene.words[at - 1].low in MONTHS)
    ):  # fmt: skip
        at -= 1
    return at


def predicate_start(scene: Scene, end: int, cue: Cue) -> int:
    """Where the words begin that belong to a verb: after the last comma or "and" before it."""
    stops = [at for at in range(end, cue.begin) if scene.words[at].low in (",", "and", "but", ";")]
    return max([end, *(at + 1 for at in stops)])


def for_a_candidate(scene: Scene, at: int) -> bool:
    """Whether what follows is not a measure, a plan or the like."""
    end = at
    while end < min(len(scene.words), at + _OBJECT):
        word = scene.words[end]
        if (
            word.text in ",;.:"
            or any(each.begin == end for each in scene.people)
            or word.low in ("for", "in", "as", "over")
        ):
            return True
        if word.low in endorsement_words().single["not_a_candidate"]:
            return False
        if word.low in endorsement_words().single["slate"]:
            return True
        end += 1
    return True
