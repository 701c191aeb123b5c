"""Whether a sentence says that an organization in it endorses: yes, no, or check where the words do not settle it.

A sentence is read by its cues: phrases of ``data/endorsement_words.toml``. Each rule looks for one way to say it (the
organization before the verb, after "endorsed by", before its "endorsement", in a list), and then for the words that
take it back.
"""

from __future__ import annotations

from typing import Final

from unionscreen.endorsements.doubts import conflicting, second_look
from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.people import object_of
from unionscreen.endorsements.scene import CHECK, NO, YES, Ruling, Scene, reason_of
from unionscreen.endorsements.ways import WAYS

_STANDS: Final = frozenset({"position", "neutral", "out", "side", "sides", "recommendation"})


def rule_on(scene: Scene, mention: Mention) -> Ruling:
    """What a sentence says about one of its organizations.

    A statement that it endorses decides, also where another one speaks of somebody whom it does not endorse.
    """
    rulings = [second_look(scene, mention, ruling) for way in WAYS for ruling in way(scene, mention)]
    # What the words of an entry say goes before where it stands.
    rulings = [ruling for ruling in rulings if ruling.rule != "list"] or rulings
    for wanted in (YES, CHECK, NO):
        if fitting := [each for each in rulings if each.endorses == wanted]:
            best = max(fitting, key=lambda each: bool(each.candidate))
            if wanted == YES and conflicting(fitting):
                return best._replace(endorses=CHECK, why="the sentence names several candidates", candidate="")
            return best
    return _without_a_way(scene, mention)


def _without_a_way(scene: Scene, mention: Mention) -> Ruling:
    """The ruling where no statement about an endorsement was found."""
    if scene.around.endorsing_table:
        return Ruling(CHECK, "in a table that speaks of endorsements: read its row and its columns")
    _, end = scene.clause(mention.begin, mention.end)
    if scene.within("not", mention.end, end) and any(
        word.low.startswith("endors") or word.low in _STANDS for word in scene.words[mention.end : end]
    ):
        return Ruling(NO, reason_of("not"), object_of(scene.people, mention.end))
    if (money := scene.within("money", 0, len(scene.words))) is not None:
        supports = scene.of("endorses") and not scene.of("against")
        return Ruling(CHECK if supports and money.begin > mention.begin else NO, reason_of("money"))
    if scene.within("against", mention.end, end) is not None:
        return Ruling(NO, reason_of("against"))
    if scene.of("event"):
        return Ruling(NO, reason_of("event"))
    if scene.of("endorses", "endorsed_by", "endorsement_of", "own_endorsement"):
        return Ruling(CHECK, "the sentence speaks of an endorsement, and not clearly of this one")
    return Ruling(NO, "the sentence does not speak of an endorsement")
