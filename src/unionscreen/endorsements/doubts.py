"""A second look at every "yes": words that make an endorsement doubtful, wherever they are in its sentence.

A wrong "yes" hurts a person, and a wrong "check" costs a reader one sentence. So each rule here may only lower an
answer.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from unionscreen.endorsements.beside import (
    BEFORE_NAME,
    entry,
    longer_name,
    person_after,
    person_before,
    person_in_name,
)  # fmt: skip
from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.people import OBJECT_AHEAD, is_opponent, same_candidate
from unionscreen.endorsements.scene import CHECK, NO, YES, Ruling, Scene, reason_of
from unionscreen.endorsements.subject import before_predicate, for_a_candidate, is_possessive, predicate_start
from unionscreen.endorsements.words import Cue, endorsement_words

# Words between one statement and the next in which the union stays the subject: "endorsed her and later withdrew".
_SAME_SUBJECT: Final = frozenset({"and", "but", "then", "before", "later", "which", "until", ",", ";", "\u2014", "now"})
# A negation before a name reaches so far.
_NEGATION: Final = 12
_LISTS: Final = frozenset({"list", "label"})
_OTHER_OBJECT: Final = "what it supports may not be the candidate"
_PROSECUTORS: Final = frozenset("attorney attorney's prosecutor da solicitor attorneys prosecutors".split())


def second_look(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling:
    """The ruling, or a lower one where other words of the sentence speak against it."""
    if ruling.endorses != YES:
        return ruling
    for doubt in _LIST_DOUBTS if ruling.rule in _LISTS else _DOUBTS:
        if (lower := doubt(scene, mention, ruling)) is not None:
            return lower._replace(rule=ruling.rule, candidate=lower.candidate or ruling.candidate)
    return _gapped(scene, mention, ruling)


def conflicting(rulings: list[Ruling]) -> bool:
    """Whether a sentence says "yes" for several candidates."""
    names = [each.candidate for each in rulings if each.candidate]
    return any(not same_candidate(names[0], name) and not is_opponent(name) for name in names[1:])


def _check(why: str) -> Ruling:
    return Ruling(CHECK, why)


# ------------------------------------------------------------------------------------------- the whole sentence


def _struck(scene: Scene, mention: Mention, _ruling: Ruling) -> Ruling | None:
    """A name that the page strikes through."""
    marks = [at for at in range(len(scene.words) - 1) if scene.words[at].text == scene.words[at + 1].text == "~"]
    if not marks:
        return None
    before = sum(at < mention.begin for at in marks)
    return Ruling(NO if before % 2 or len(marks) == 1 else CHECK, "the page strikes words through")


def _unreal(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """A condition, an untruth or a joke."""
    words = scene.words
    inverted = any(
        word.low in ("had", "were", "should") and (at == 0 or words[at - 1].text in ",;\u201c\"")
        and (at + 1 in scene.taken or (at + 1 < len(words) and words[at + 1].low == "the"))
        for at, word in enumerate(words)
    )  # fmt: skip
    future = ruling.cue is not None and words[ruling.cue.begin].low.endswith("s") and any(
        word.low in ("once", "when", "until", "unless") for word in words[max(0, mention.begin - 3) : mention.begin]
    )  # fmt: skip
    purpose = words[0].low == "to"  # "To be endorsed by the union, she must"
    return _check(reason_of("unreal")) if inverted or future or purpose or scene.of("unreal") else None


def _other_office(scene: Scene, _mention: Mention, _ruling: Ruling) -> Ruling | None:
    """An endorsement for judge or mayor."""
    for cue in scene.of("other_office"):
        if not {word.low for word in scene.words[cue.begin : cue.end]} & _PROSECUTORS:
            return _check(reason_of("other_office"))
    return None


def _reaction(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """Somebody who speaks against an endorsement: "she criticized the union's endorsement"."""
    if ruling.rule not in ("own_endorsement", "endorsement_of", "endorsed"):
        return None
    begin = min(mention.begin, ruling.cue.begin) if ruling.cue is not None else mention.begin
    found = scene.within("against", max(0, begin - 3), begin)
    return _check("the sentence does not say whose endorsement it is") if found is not None else None


def _undone(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """An endorsement that the same or the next sentence takes back."""
    if scene.around.undone:
        return _check(reason_of("undone"))
    after = ruling.cue.end if ruling.cue is not None else mention.end
    if ruling.rule == "subject" and ruling.cue is not None:
        start = predicate_start(scene, mention.end, ruling.cue)
        if scene.within("undone", start, ruling.cue.end) is not None:
            return _check(reason_of("undone"))
    for cue in scene.of("undone"):
        if cue.begin >= after and not _of_another(scene, mention, ruling, cue):
            return _check(reason_of("undone"))
    return None


def _of_another(scene: Scene, mention: Mention, ruling: Ruling, cue: Cue) -> bool:
    """Whether somebody else takes something back: "after John Doe withdrew"."""
    if cue.begin - 1 in scene.taken and not mention.begin <= cue.begin - 1 < mention.end:
        return True
    new = next((each for each in scene.people if each.end in (cue.begin, cue.begin - 1)), None)
    if new is None or (ruling.candidate and same_candidate(new.name, ruling.candidate)):
        return False
    return not any(word.low in _SAME_SUBJECT for word in scene.words[new.end : cue.begin])


def _denied_before(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """A negation before the name, or a word that takes it out of a list: "not even the union", "except the union"."""
    start, _ = scene.clause(mention.begin, mention.end)
    if ruling.rule == "subject":
        if any(each.end in (mention.begin, mention.begin - 1) for each in scene.of("except")):
            return Ruling(NO, reason_of("except"))
        start = max(start, mention.begin - _NEGATION)
        for kind in ("not", "except"):
            if (found := scene.within(kind, start, mention.begin)) is not None:
                return Ruling(NO if mention.begin - found.end <= 1 else CHECK, reason_of(kind))
        return None
    begin = max(start, ruling.cue.end if ruling.cue is not None and ruling.rule in BEFORE_NAME else mention.begin - 3)
    found = scene.within("except", begin, mention.begin) or scene.within("not", begin, mention.begin)
    return Ruling(NO, reason_of("except")) if found is not None else None


# ------------------------------------------------------------------------------------- the object of a statement


def _other_object(scene: Scene, _mention: Mention, ruling: Ruling) -> Ruling | None:
    """A verb whose object is something of the candidate, or somebody else: "backs Roe's plan", "whom Roe charged"."""
    cue = ruling.cue
    if cue is None or ruling.rule not in ("subject", "own_endorsement", "endorsed", "speaks"):
        return None
    at = cue.end
    if ruling.rule == "own_endorsement":
        if at >= len(scene.words) or scene.words[at].low not in ("of", "to", "for", "in"):
            return None
        at += 1
    if at < len(scene.words) and scene.words[at].low == "against":
        return Ruling(NO, reason_of("against"))
    _, stop = scene.clause(cue.begin, cue.end)
    if scene.within("leaving", at, stop) is not None:
        return _check(_OTHER_OBJECT)
    person = next((each for each in scene.people if at <= each.begin <= at + OBJECT_AHEAD), None)
    if person is None:
        return _check(_OTHER_OBJECT) if _is_thing_of_pronoun(scene, at) or _ing(scene, at) else None
    if _leads_elsewhere(scene, at, person.begin):
        return _check(_OTHER_OBJECT)
    if is_possessive(scene.words, person.end) and not _of_candidate(scene, person.end):
        return _check(_OTHER_OBJECT)
    return _check(_OTHER_OBJECT) if _ing(scene, person.end, "goes_on_ing") or _in_a_cause(scene, person.end) else None


def _leads_elsewhere(scene: Scene, begin: int, end: int) -> bool:
    """Whether words between a verb and a name make something else its object: "the deputies whom", "a bill by"."""
    single, between = endorsement_words().single, range(begin, end)
    low = [scene.words[at].low for at in range(begin, end + 1)]
    if any(one in single["not_the_person"] and two in ("to", "of", "for") for one, two in pairwise(low)):
        return True
    if any(_ing(scene, at) or scene.words[at].low in single["not_the_object"] for at in between):
        return True
    things = any(scene.words[at].text.islower() and scene.words[at].low in single["not_a_candidate"] for at in between)
    return things and not {"for", "in"} & {*low[:-1]}


def _in_a_cause(scene: Scene, at: int) -> bool:
    """Whether a name goes on with a cause: "supports Roe in her lawsuit", "backs Roe on the budget"."""
    words = scene.words[at : at + 4]
    causes = endorsement_words().single["not_a_candidate"] - {"ballot", "call", "officer", "officers"}
    return bool(words) and words[0].low in ("in", "on", "over") and any(word.low in causes for word in words)


def _ing(scene: Scene, at: int, harmless: str = "harmless_ing") -> bool:
    """Whether a word is a gerund that changes the object: "recalling", "being"."""
    if at >= len(scene.words) or at in scene.taken:
        return False
    word = scene.words[at]
    fine = word.low in endorsement_words().single[harmless]
    return word.text.islower() and word.low.endswith("ing") and len(word.low) > 4 and not fine


def _of_candidate(scene: Scene, at: int) -> bool:
    """Whether a possessive goes on with a noun that still means the candidate: "Roe's campaign", "Roe's second bid"."""
    words = scene.words
    at += words[at].low in ("'s", "'") if at < len(words) else 0
    single = endorsement_words().single
    for one in range(at, min(at + 3, len(words))):
        if words[one].low in single["of_candidate"]:
            after = words[one + 1] if one + 1 < len(words) else None
            return after is None or not after.text.islower() or after.low in (
                "for", "in", "on", "to", "and", "at", "as", "this", "last", "after", "against", "over", "with", "today",
                "election", "while", "but", "early",
            )  # fmt: skip
        if not words[one].text.isalpha():
            return False
    return False


def _is_thing_of_pronoun(scene: Scene, at: int) -> bool:
    """Whether the object is a thing of hers: "endorsed her plan"."""
    words = scene.words
    if at + 1 >= len(words) or words[at].low not in ("her", "his", "their"):
        return False
    single = endorsement_words().single
    after = words[at + 1]
    if not after.text.islower() or after.low in single["preposition"] or after.low in ("and", "when", "today"):
        return False
    fine = single["of_candidate"] | single["slate"] | {"opponents", "challengers", "rivals", "again", "despite"}
    return not any(word.low in fine for word in words[at + 1 : at + 4]) and not after.low.endswith("ly")


def _other_subject(scene: Scene, _mention: Mention, ruling: Ruling) -> Ruling | None:
    """A passive whose subject is not a candidate: "Roe's plan was endorsed by", "her predecessor, who was endorsed"."""
    cue = ruling.cue
    if cue is None or ruling.rule not in ("endorsed_by", "endorsed"):
        return None
    if _one_of_many(scene, cue.begin):
        return _check("the sentence does not name who was endorsed")
    at = before_predicate(scene, cue, 0) if ruling.rule == "endorsed_by" else -1
    if at < 0:
        return None
    words, single = scene.words, endorsement_words().single
    named = {one for each in scene.people for one in range(each.begin, each.end)}
    if words[at].low in ("who", "that", "which"):
        noun = at - 1 - (at > 0 and words[at - 1].text == ",")
        return None if noun in named else _check("the sentence does not name who was endorsed")
    if at in named:
        owner = next(each for each in scene.people if each.begin <= at < each.end)
        link = words[owner.begin - 1].low if owner.begin else ""
        return _check(_OTHER_OBJECT) if link in ("by", "from", "of", "for", "with", "to", "against") else None
    if not words[at].text.islower():
        return None
    if words[at].low in single["not_a_candidate"]:
        return Ruling(NO, reason_of("not_a_candidate"))
    owned = any(is_possessive(words, one) for one in range(max(1, at - 2), at + 1))
    fine = single["of_candidate"] | single["slate"]
    return _check(_OTHER_OBJECT) if owned and words[at].low not in fine else None


def _one_of_many(scene: Scene, at: int) -> bool:
    """Whether a noun without a name was endorsed: "beat a man endorsed by"; not in "Roe, a prosecutor endorsed by"."""
    words = scene.words
    article = next((one for one in range(at - 1, max(-1, at - 4), -1) if words[one].low in ("a", "an", "the")), None)
    if not article or not all(word.text.islower() for word in words[article:at]):
        return False
    before = words[article - 1]
    return before.text.islower() and before.low not in ("is", "was", "be", "became", "as", "remains", "being", "are")


def _another_clause(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling | None:
    """A name with a verb of its own: "and the union opposes her", "booed when the club endorsed her"."""
    words, verbs = scene.words, endorsement_words().single["verb"]
    if ruling.rule in BEFORE_NAME:
        begin = mention.begin - (words[mention.begin - 1].low == "the")
        joined = begin > 0 and words[begin - 1].low in ("and", ",", "but")
        own = mention.end < len(words) and words[mention.end].low in verbs
        return _check("the sentence says something else of it") if joined and own else None
    if ruling.rule != "subject" or ruling.cue is None:
        return None
    between = range(mention.end, ruling.cue.begin)
    if any(words[at].low in ("when", "as", "because", "where", "if") for at in between):
        return _check("the sentence may say it of somebody else")
    last = before_predicate(scene, ruling.cue, mention.end)
    restrictive = last >= mention.end and words[last].low == "that"
    if restrictive and all(words[at].text.isalpha() for at in between):
        return _check("the sentence may say it of a part of it")
    return None


def _gapped(scene: Scene, mention: Mention, ruling: Ruling) -> Ruling:
    """A second statement without a verb: "Roe is backed by the Teamsters and Doe by the union"."""
    if ruling.rule != "endorsed_by" or ruling.cue is None:
        return ruling
    begin = ruling.cue.end
    at = next((one for one in range(mention.begin - 1, begin, -1) if scene.words[one].low in ("by", "from")), None)
    if at is None or at in scene.taken:
        return ruling
    person = next((each for each in reversed(scene.people) if begin <= each.begin and each.end <= at), None)
    if person is not None and at - person.end <= 1 and scene.words[person.end].low != "and":
        return ruling._replace(candidate=person.name)
    return ruling._replace(endorses=CHECK, why=_OTHER_OBJECT) if person else ruling


def _in_cell(scene: Scene, _mention: Mention, _ruling: Ruling) -> Ruling | None:
    """A cell of a table: what its row says of whom, the columns say."""
    return _check("a cell of a table: read its row and its columns") if scene.around.tabled else None


def _measure(scene: Scene, _mention: Mention, ruling: Ruling) -> Ruling | None:
    """A noun phrase whose object is not a candidate."""
    cue = ruling.cue
    if cue is not None and ruling.rule == "endorsement_of":  # "the endorsement of Measure C by the union"
        things = {word.low for word in scene.words[cue.begin : cue.end]} & endorsement_words().single["not_a_candidate"]
        return Ruling(NO, reason_of("not_a_candidate")) if things else None
    if cue is None or ruling.rule != "for_endorsement" or cue.end >= len(scene.words):
        return None
    if scene.words[cue.end].low not in ("of", "for"):
        return None
    if not for_a_candidate(scene, cue.end + 1):
        return Ruling(NO, reason_of("not_a_candidate"))
    near = range(cue.end, cue.end + 5)
    named = any(each.begin in near for each in scene.people)
    her = {word.low for word in scene.words[cue.end : cue.end + 3]} & {"her", "his", "him", "me", "my", "our"}
    return None if named or her else _check(_OTHER_OBJECT)


_Doubt = Callable[[Scene, Mention, Ruling], Ruling | None]
_DOUBTS: Final[tuple[_Doubt, ...]] = (
    _struck, _in_cell, _unreal, _other_office, _reaction, _undone, _denied_before, _another_clause, _other_object,
    _other_subject, person_in_name, person_before, person_after, _measure,
)  # fmt: skip
_LIST_DOUBTS: Final[tuple[_Doubt, ...]] = (
    _struck, _in_cell, _undone, person_in_name, person_before, person_after, longer_name, entry,
)  # fmt: skip
