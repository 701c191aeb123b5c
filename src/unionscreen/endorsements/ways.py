"""The ways in which a sentence says that an organization endorses. Each rule looks for one of them.

A rule returns its rulings on one mention; an empty list is no statement. What takes a statement back is in
:mod:`unionscreen.endorsements.scene`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from unionscreen.endorsements.headings import is_plain_label
from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.people import Person, object_of, subject_before
from unionscreen.endorsements.scene import CHECK, NO, WORDS_BEFORE, YES, Ruling, Scene, reason_of, taken_back
from unionscreen.endorsements.subject import NEAR, before_predicate, for_a_candidate, is_possessive, subject
from unionscreen.endorsements.words import Cue, endorsement_words

# A label before a colon has at most this many words: "Law enforcement endorsements for Jane Roe:".
_LABEL: Final = 6
# A list of endorsers after "endorsed by" goes on for at most so many words.
_LONGEST_LIST: Final = 150
# Words after which a name is not a part of the list any more: "the endorsement of A at the hall of B".
_ENDS_LIST: Final = frozenset(
    "at during before after against over despite when to hosted outside president spokesman chairman who said".split()
)
# Nouns that are verbs too, so that a name before them must be a possessive: "the union's support".
_NEEDS_POSSESSIVE: Final = frozenset({"support", "backing", "choice", "pick", "recommendation", "blessing", "nod"})


def _thanked(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization that somebody thanks for an endorsement."""
    _, end = scene.chain(mention)
    cue = next((each for each in scene.of("for_endorsement") if end <= each.begin), None)
    if cue is None or not any(
        word.low.startswith("thank") or word.low == "grateful" for word in scene.words[: mention.begin]
    ):
        return []
    candidate = subject_before(scene.people, mention.begin)
    return [
        taken_back(scene, end, cue, scene.chain(mention)) or Ruling(YES, reason_of(cue.kind), candidate, cue.kind, cue)
    ]


def _after_phrase(kind: str) -> Callable[[Scene, Mention], list[Ruling]]:
    """The organization after a phrase: "endorsed by the union", "the endorsement of the union"."""

    def rule(scene: Scene, mention: Mention) -> list[Ruling]:
        found = []
        for cue in scene.of(kind):
            if not (cue.end <= mention.begin <= cue.end + _LONGEST_LIST) or not _reaches(scene, cue, mention):
                continue
            if not _completed(scene, cue, mention):
                continue
            start, _ = scene.clause(cue.begin, cue.end)
            candidate = _endorsed_by_it(scene, cue, scene.chain(mention)[1])
            limit = taken_back(scene, max(start, cue.begin - WORDS_BEFORE), cue, (mention.begin, mention.end))
            if limit is not None:
                found.append(limit._replace(candidate=candidate))
            else:
                found.append(Ruling(YES, reason_of(kind), candidate, kind, cue))
        return found

    return rule


def _completed(scene: Scene, cue: Cue, mention: Mention) -> bool:
    """Whether the sentence has the other half of a phrase: "as has", "join ... in supporting"."""
    if cue.kind == "as_has":
        return any(each.end <= cue.begin for each in scene.of("endorses", "endorsed_by", "endorsement_of"))
    return cue.kind != "join_them" or any(each.begin >= mention.end for each in scene.of("in_supporting"))


def _endorsed_by_it(scene: Scene, cue: Cue, end: int) -> str:
    """Whom the sentence names around "endorsed by the union": within the phrase, before it, or after the list."""
    inside = next((each.name for each in scene.people if cue.begin <= each.begin < cue.end), "")
    for_whom = next((each.name for each in scene.people if each.begin >= end and _follows(scene, each, end)), "")
    return inside or subject_before(scene.people, cue.begin) or for_whom


def _follows(scene: Scene, person: Person, end: int) -> bool:
    return person.begin <= end + 2 or any(
        word.low == "for" for word in scene.words[max(0, person.begin - 2) : person.begin]
    )


def _reaches(scene: Scene, cue: Cue, mention: Mention) -> bool:
    """Whether a list that begins after a phrase is still open where a name is."""
    single = endorsement_words().single
    inside = False
    for at in range(cue.end, mention.begin):
        word = scene.words[at]
        if at in scene.taken:
            continue
        if word.text == "(":
            inside = True
        elif word.text == ")":
            inside = False
        if inside:
            continue
        if word.low in _ENDS_LIST or word.low in single["verb"] or _begins_statement(scene, at):
            return False
    breaks = [each for each in scene.of("break") if cue.end <= each.begin < mention.begin]
    return not any(scene.words[each.begin].text != ";" for each in breaks)


def _begins_statement(scene: Scene, at: int) -> bool:
    """Whether a verb after a comma ends a list: "endorsed by the firefighters, faces John Doe"."""
    if at + 1 >= len(scene.words) or scene.words[at - 1].text != ",":
        return False
    word, after = scene.words[at], scene.words[at + 1]
    verb = word.text.islower() and word.low.endswith(("s", "ed")) and word.low not in ("others", "as", "unions", "its")
    return verb and after.text.isalpha() and after.low not in ("and", "of", "or", "as")


def _own(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization before a noun: "the union's endorsement", "a union-endorsed candidate"."""
    words = scene.words
    begin, end = scene.chain(mention)
    found = []
    for stop in {mention.end, end}:
        at = stop + (stop < len(words) and words[stop].low in ("'s", "'", "-", "\u2013"))
        hyphen = at > stop and words[stop].text in "-\u2013"
        while at < len(words) and words[at].low in endorsement_words().single["before_endorsement"]:
            at += 1
        cue = next((each for each in scene.of("own_endorsement") if each.begin == at), None)
        if cue is not None and (words[at].low not in _NEEDS_POSSESSIVE or is_possessive(words, stop)):
            found.append(_own_endorsement(scene, cue, (begin, end), mention))
        elif (cue := next((each for each in scene.of("endorsed") if each.begin == at), None)) is not None and (
            hyphen or (cue.end < len(words) and words[cue.end].low in endorsement_words().single["slate"])
        ):
            found.append(Ruling(YES, reason_of("endorsed"), object_of(scene.people, cue.end), "endorsed", cue))
    return found


def _own_endorsement(scene: Scene, cue: Cue, chain: tuple[int, int], mention: Mention) -> Ruling:
    words = scene.words
    if cue.end < len(words) and words[cue.end].low in endorsement_words().single["no_endorsement_yet"]:
        return Ruling(CHECK, reason_of("no_endorsement_yet"), "", "own_endorsement")
    start, stop = scene.clause(chain[0], cue.end)
    whom = (
        object_of(scene.people, cue.end)
        if cue.end < len(words) and words[cue.end].low in ("of", "to", "for", "in", "went")
        else ""
    )
    candidate = whom or subject_before(scene.people, mention.begin)
    if cue.end < len(words) and words[cue.end].low in ("of", "for") and not for_a_candidate(scene, cue.end + 1):
        return Ruling(NO, reason_of("not_a_candidate"), "", "own_endorsement")
    after = scene.within("not", cue.end, min(stop, cue.end + NEAR))
    article = words[chain[0] - 1].low if chain[0] else ""
    if article in ("a", "an", "any") or scene.within("perhaps", cue.end, min(stop, cue.end + 3)):
        return Ruling(CHECK, reason_of("perhaps"), candidate, "own_endorsement")
    limit = taken_back(scene, max(start, chain[0] - WORDS_BEFORE), cue, chain)
    if limit is None and after is not None:
        limit = Ruling(NO, reason_of("not"), candidate, cue.kind)
    return (limit or Ruling(YES, reason_of(cue.kind), "", cue.kind, cue))._replace(candidate=candidate)


def _labeled(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization after a label: "Endorsements: ...", "Jane Roe \u2014 Organizations: ..."."""
    words = scene.words
    single = endorsement_words().single
    for at in range(mention.begin - 1, 0, -1):
        if words[at].text != ":":
            continue
        label = {word.low for word in words[max(0, at - 4) : at]}
        if label & single["not_label"]:
            return [Ruling(CHECK, "listed under a heading of other endorsements", "", "label")]
        if label_cues := [cue for cue in scene.of("label") if at - _LABEL <= cue.begin and cue.end <= at]:
            plain = is_plain_label(scene.sentence, scene.people, label_cues[0].begin, at)
            before = max(0, at - WORDS_BEFORE)
            plain = plain and not any(scene.within(kind, before, at) for kind in ("not", "undone", "perhaps"))
            why = reason_of("label") if plain else "listed under a heading with other words than of endorsements"
            whom = subject_before(scene.people, at)
            return [Ruling(YES if plain else CHECK, why, whom, "label", Cue("label", at, at + 1))]
        named = words[at - 1].low in single["group_label"] and subject_before(scene.people, at)
        if named and any(word.text in "\u2014\u2013-|" for word in words[:at]):
            return [Ruling(YES, reason_of("label"), named, "label", Cue("label", at, at + 1))]
        break
    return []


def _listing(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization before a list of candidates: "the union: Jane Roe (D), district attorney"."""
    words = scene.words
    if (
        mention.end >= len(words)
        or words[mention.end].text != ":"
        or scene.taken.intersection(range(mention.end, len(words)))
    ):
        return []
    marks = sum(word.text == "\u2022" or word.low in ("(r)", "(d)") for word in words[mention.end :])
    parties = sum(
        one.text == "(" and two.low in ("r", "d", "i", "np") and three.text == ")"
        for one, two, three in zip(
            words[mention.end :], words[mention.end + 1 :], words[mention.end + 2 :], strict=False
        )
    )
    people = [each for each in scene.people if each.begin > mention.end]
    if (marks or parties) and people:
        return [Ruling(YES, "a list of candidates follows its name", people[0].name, "listing")]
    return []


def _includes(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization in a list that the sentence before began: "The list includes the union"."""
    for cue in scene.of("includes"):
        begun = scene.of("endorses", "endorsed_by", "endorsement_of")
        goes_on = scene.around.before == YES and cue.end > cue.begin + 1  # "the list includes", not "including"
        if not goes_on and not any(each.end <= cue.begin for each in begun):
            continue
        if cue.end <= mention.begin and _reaches(scene, cue, mention):
            limit = taken_back(scene, max(0, cue.begin - WORDS_BEFORE), cue, (mention.begin, mention.end))
            return [limit or Ruling(YES, reason_of("includes"), "", "includes", cue)]
    return []


def _among(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization that somebody counts among those that endorse."""
    _, end = scene.chain(mention)
    cue = next((each for each in scene.of("among") if end <= each.begin <= end + 2), None)
    if cue is None:
        return []
    candidate = subject_before(scene.people, mention.begin)
    return [
        taken_back(scene, max(0, mention.begin - 2), cue, scene.chain(mention))
        or Ruling(YES, reason_of("among"), candidate, "among", cue)
    ]


def _joins(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization that does as others did: "now the union joins"."""
    _, end = scene.chain(mention)
    for cue in scene.of("joins"):
        if cue.begin >= mention.end and before_predicate(scene, cue, end) < end:
            earlier = any(
                each.begin < mention.begin or each.begin > cue.begin
                for each in scene.of("endorses", "endorsed_by", "endorsement_of")
            )
            if earlier or scene.around.before == YES:
                limit = taken_back(scene, end, cue, scene.chain(mention))
                return [limit or Ruling(YES, reason_of("joins"), subject_before(scene.people, mention.begin), "joins")]
    return []


def _speaks(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization whose president says "we endorse", or that signs a text in the first person."""
    words = scene.words
    first = next(iter(scene.of("we_endorse")), None)
    speaks = (
        scene.of("says")
        and (
            {word.low for word in words[max(0, mention.begin - 6) : mention.begin]}
            | {word.low for word in words[mention.end : mention.end + 3]}
        )
        & endorsement_words().single["officers_of"]
    )
    behalf = scene.within("on_behalf", max(0, mention.begin - WORDS_BEFORE), mention.begin) is not None
    if (speaks or behalf) and (first is not None or scene.around.quoted):
        begin = first.begin if first is not None else 0
        limit = taken_back(scene, max(0, begin - 2), first or Cue("we_endorse", 0, 0), (len(words), len(words)))
        candidate = object_of(scene.people, first.end) if first is not None else ""
        return [limit or Ruling(YES, reason_of("we_endorse"), candidate, "speaks", first)]
    ends = len(words) - mention.end <= 2
    signature = ends and any(word.text in "\u2014\u2013" for word in words[max(0, mention.begin - 8) : mention.begin])
    if (
        scene.around.signed
        and (signature or len(words) <= mention.end - mention.begin + 4)
        and scene.around.listed != NO
    ):
        return [Ruling(YES, reason_of("we_endorse"), "", "speaks")]
    return []


def _in_list(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization in the lines under a heading of endorsements."""
    if not scene.around.listed:
        return []
    if scene.around.listed != YES:
        return [Ruling(scene.around.listed, "listed under a heading of other endorsements", "", "list")]
    if any(
        scene.words[at].low in endorsement_words().single["verb"]
        for at in range(mention.begin)
        if at not in scene.taken
    ):
        return [Ruling(CHECK, "under a heading of endorsements, in a sentence that does not say it", "", "list")]
    return [Ruling(YES, reason_of("label"), "", "list")]


def _noted(scene: Scene, mention: Mention) -> list[Ruling]:
    """The organization with a note that speaks of its endorsement: "(per its endorsements page)"."""
    words = scene.words
    if mention.end < len(words) and words[mention.end].text == "(":
        end = next((at for at in range(mention.end, len(words)) if words[at].text == ")"), len(words))
        if any(word.low.startswith("endors") for word in words[mention.end : end]) and not scene.within(
            "not", mention.end, end
        ):
            return [Ruling(YES, "a note after its name speaks of its endorsement", "", "noted")]
    return []


WAYS: Final = (
    subject, _after_phrase("endorsed_by"), _after_phrase("endorsement_of"), _after_phrase("as_has"),
    _after_phrase("join_them"), _thanked, _own, _labeled, _listing, _includes, _joins, _among, _speaks, _noted,
    _in_list,
)  # fmt: skip
