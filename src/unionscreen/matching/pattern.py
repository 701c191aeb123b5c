"""Class: whether a name reads like an organization of officers, although it is not identified with one on the list.

It needs a word for officers and a word for an organization, and nothing that speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Final, NamedTuple

from unionscreen.matching.places import NATIONWIDE, STATES
from unionscreen.matching.reading import RANKS, Reading
from unionscreen.matching.rule import COST_TYPO
from unionscreen.matching.vocabulary import load_vocabulary

# Scores of the pattern tier stay below those of the listed tier: it is a class, never an identity.
SCORE_STRONG: Final = 68.0  # "Springfield Police Officers Association": police, officers, association, a place
SCORE_PLAIN: Final = 60.0  # one word less
SCORE_PAC: Final = 52.0  # officers, a place and a PAC, no word for an organization
SCORE_WEAK: Final = 45.0  # a rank or a court word with a labor word

# A place beside an acronym has at most this many words: "Tulsa", "San Jose".
SHORT_PLACE: Final = 2

# People's names have at most this many words: "VON DER LODGE, MARIA JOSE DE LA".
PERSON_WORDS: Final = 7

_PERSON: Final = re.compile(r"[^,]+,\s*[^,]+(?:,\s*(?:jr|sr|ii|iii|iv|esq|md|phd)\.?)?$")

# Investigators and detectives who work for the prosecutor: the recipient may be their employer.
PROSECUTORS_OFFICERS: Final = "prosecutors-investigators"


class PatternFinding(NamedTuple):
    """Why a name reads like an organization of officers."""

    score: float
    category: str
    evidence: str
    rule: ClassRule
    """The rule that decided."""


class Evidence:
    """The facts about a reading that the rules look at, each computed once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def who(self) -> frozenset[str]:
        """Words for officers that are spelled out."""
        return frozenset(w.word for w in self.reading.types if not w.acronym)

    @cached_property
    def strength(self) -> frozenset[str]:
        """Their strengths: strong, weak or generic."""
        return frozenset(load_vocabulary().type_strength[word] for word in self.who)

    @cached_property
    def labor(self) -> bool:
        """Whether a word stands for representation by itself: union, lodge, local, benevolent."""
        return any(load_vocabulary().forms[form] == "labor" for form in self.reading.forms)

    @cached_property
    def body(self) -> frozenset[str]:
        """Words for an organization, without those that are only part of a name for one."""
        return self.reading.forms - _words("part_of_a_name")

    @cached_property
    def members(self) -> bool:
        """Whether there is a word for the members themselves."""
        return bool(self.who & _words("members"))

    @cached_property
    def several(self) -> bool:
        """Whether there are several officers: "Nassau County Correction Officers". One officer is an occupation."""
        return any(w.text.split()[-1] in _words("several") for w in self.reading.types)

    @cached_property
    def several_members(self) -> bool:
        """Whether there are several of any rank or task, with a place or a number."""
        return bool(self.placed or self.reading.numbers) and any(w.text.endswith("s") for w in self.reading.types)

    @cached_property
    def pac(self) -> bool:
        """Whether there is a word for a political committee."""
        return any(w.word in load_vocabulary().pac_words for w in self.reading.tails)

    @cached_property
    def placed(self) -> bool:
        """Whether there is a place or a proper name."""
        return bool(self.reading.identity)

    @cached_property
    def statewide(self) -> bool:
        """Whether only a state, or nothing, identifies it."""
        if "county" in self.reading.levels:
            return False
        return "state" in self.reading.levels or all(w.word in STATES for w in self.reading.identity)

    @cached_property
    def nationwide(self) -> bool:
        """Whether only words such as "American" identify it."""
        return all(w.word in NATIONWIDE for w in self.reading.identity)

    @cached_property
    def acronym(self) -> str:
        """The first acronym that has other meanings too."""
        return next((w.text for w in self.reading.types if w.acronym), "")

    @cached_property
    def safe_acronym(self) -> bool:
        """Whether there is an acronym that has no other meaning."""
        return any(w.word in load_vocabulary().safe_acronyms for w in self.reading.words)


class ClassRule(NamedTuple):
    """One rule of the class tier."""

    name: str
    looks_at: str
    holds: Callable[[Evidence], bool]
    score: float | None
    """None: the name is not an organization of officers, and no further rule is checked."""
    says: str
    source: str


_VOCABULARY: Final = "the naming vocabulary of the list's sources"
_REGISTER: Final = "names in the register of tax-exempt organizations"
_FILED: Final = "donors of CA, IL, MA, NY, RI, TN and the FEC, read one by one"

# Checked from top to bottom: the first rule that holds decides. The words are in ``[pattern]`` of the vocabulary.
CLASS_RULES: Final = (
    ClassRule(
        "lodge", "the Fraternal Order of Police with a place, a name or a number",
        lambda e: e.reading.has("fop") and bool(e.placed or e.reading.numbers), SCORE_STRONG,
        "a lodge of the Fraternal Order of Police", _VOCABULARY,
    ),
    ClassRule(
        "order", "the Fraternal Order of Police alone", lambda e: e.reading.has("fop"), SCORE_PLAIN,
        "the Fraternal Order of Police, no lodge named", _VOCABULARY,
    ),
    ClassRule(
        "officers-of-a-prosecutor", "a prosecutor with investigators or detectives, several of them or an organization",
        lambda e: e.reading.has(*_words("prosecutors")) and bool(e.who & _words("prosecutors_officers"))
        and bool(e.body or e.several_members), SCORE_PLAIN,
        "officers who work for the prosecutor", _VOCABULARY,
    ),
    ClassRule(
        "safe-acronym", "no word for officers but \"employees\"; an acronym with one meaning",
        lambda e: e.strength <= {"generic"} and e.safe_acronym,
        SCORE_PLAIN, "an acronym that always stands for an organization of officers", _VOCABULARY,
    ),
    ClassRule(
        "deputies-acronym", "no word for officers; DSA with a county",
        lambda e: not e.who and e.acronym in _words("deputies") and "county" in e.reading.levels and e.placed,
        SCORE_PAC, "DSA of a county: deputy sheriffs, not the Democratic Socialists", _FILED,
    ),
    ClassRule(
        "acronym-of-a-committee", "no word for officers; POA or a similar acronym with a short place and a PAC",
        lambda e: not e.who and e.acronym not in {"", *_words("deputies"), *_words("never_alone")} and e.pac
        and e.placed and len(e.reading.identity) <= SHORT_PLACE,
        SCORE_PAC, "an acronym of officers' associations with a place and a PAC, which property owners do not have",
        _FILED,
    ),
    ClassRule(
        "acronym-alone", "no word for officers; SPBA", lambda e: not e.who and e.acronym in _words("alone"),
        SCORE_WEAK, "an acronym that few others use", _FILED,
    ),
    ClassRule(
        "acronym-with-pac", "no word for officers; COBA with a PAC",
        lambda e: not e.who and e.acronym in _words("with_pac") and e.pac, SCORE_WEAK,
        "an acronym that few others use, and a committee", _FILED,
    ),
    ClassRule(
        "deputies-of-a-place", "deputies, in the plural, with a place and a word for an organization",
        lambda e: e.who == {"deputy"} and e.placed and any(w.text == "deputies" for w in e.reading.types)
        and bool(e.body), SCORE_WEAK,
        "deputies of one place, as sheriff's deputies call themselves", _REGISTER,
    ),
    ClassRule(
        "police-council", "no word for officers; AFSCME with the number of a council of officers",
        lambda e: not e.who and e.reading.has("afscme") and e.reading.has("council")
        and bool(e.reading.numbers & _words("police_councils")),
        SCORE_PLAIN, "a council of AFSCME that has only officers", _VOCABULARY,
    ),
    ClassRule(
        "abbreviation-alone", "an abbreviation or a surname that may be a rank, and no other word for officers",
        lambda e: bool(e.who) and all(w.text in _words("unsure") for w in e.reading.types if w.word in e.who), None,
        '"Marine Corps League Jane Roe Det", "Sargent Association"', _REGISTER,
    ),
    ClassRule(
        "soldiers", "a rank and a word for soldiers, no police",
        lambda e: e.reading.groups <= RANKS and e.reading.has(*_words("soldiers")), None,
        "soldiers have sergeants too", _REGISTER,
    ),
    ClassRule("nobody", "no word for officers", lambda e: not e.who, None, "nothing stands for officers", _VOCABULARY),
    ClassRule(
        "fire-fighters", "fire fighters and public safety, no police",
        lambda e: e.reading.has("firefighter", "fire") and e.reading.groups <= {"publicsafety"}, None,
        'fire fighters: "Dallas Firefighters Association Public Safety Committee"', _FILED,
    ),
    ClassRule(
        "elected-sheriffs", "sheriffs of a state or of the nation, and no labor word",
        lambda e: e.who == {"sheriff"} and not e.labor and e.statewide, None, "a state's elected sheriffs", _VOCABULARY,
    ),
    ClassRule(
        "fund-raisers", "a coalition or alliance without a place",
        lambda e: bool(e.body) and e.body <= _words("loose_forms") and e.nationwide and not e.labor, None,
        'a name that fund-raisers use: "American Police and Troopers Coalition"', _FILED,
    ),
    ClassRule(
        "officers-body", "a strong word for officers with a word for an organization, and members or a labor word",
        lambda e: "strong" in e.strength and bool(e.body) and (e.members or e.labor), SCORE_STRONG,
        "an organization of officers", _VOCABULARY,
    ),
    ClassRule(
        "police-body", "a strong word for officers with a word for an organization",
        lambda e: "strong" in e.strength and bool(e.body), SCORE_PLAIN, "an organization with a word for police",
        _VOCABULARY,
    ),
    ClassRule(
        "numbered-unit", "a force with a numbered unit, chapter or local",
        lambda e: bool(e.reading.numbers and e.reading.forms & _words("numbered_units")) and "strong" in e.strength,
        SCORE_PLAIN, "a numbered unit of a union: \"Weston Police UPSEU Unit 1493\"", _REGISTER,
    ),
    ClassRule(
        "labor-committee", "a force with a labor committee",
        lambda e: "strong" in e.strength and e.reading.has("labor") and e.reading.has("committee"),
        SCORE_PLAIN, "a labor committee, a name that those of the Fraternal Order of Police use", _VOCABULARY,
    ),
    ClassRule(
        "rank-body", "weak words alone (ranks, public safety), with a labor word, officers, or a unit of a force",
        lambda e: e.strength == {"weak"} and _organized(e), SCORE_WEAK, "a rank or a unit with an organization",
        _VOCABULARY,
    ),
    ClassRule(
        "rank-and-officers-body", "weak words among others, with a labor word, officers, or a unit of a force",
        lambda e: "weak" in e.strength and _organized(e), SCORE_PLAIN,
        "a rank or a unit with officers and an organization", _VOCABULARY,
    ),
    ClassRule(
        "benevolent-officers", "officers without a force, with a benevolent association",
        lambda e: "generic" in e.strength and e.reading.has("benevolent") and bool(e.who & {"superior", "officer"}),
        SCORE_WEAK, "officers with a benevolent association", _FILED,
    ),
    ClassRule(
        "for-somebody", "for or with somebody", lambda e: e.reading.has("for", "with"), None,
        'a cause or a candidate, whoever supports it: "Peace Officers for Jane Roe"', _FILED,
    ),
    ClassRule(
        "correction-pac", "corrections and a PAC, no place",
        lambda e: e.pac and "correction" in e.who and not e.placed, SCORE_PAC, "a committee of corrections", _FILED,
    ),
    ClassRule(
        "officers-of-a-place", "officers in the plural and a place, no PAC",
        lambda e: not e.pac and e.placed and "strong" in e.strength and e.several, SCORE_WEAK,
        "several officers of one place", _FILED,
    ),
    ClassRule(
        "probation-pac", "probation or parole and a PAC", lambda e: e.pac and bool(e.who & {"probation", "parole"}),
        SCORE_PAC, "a name that no candidate and no cause uses", _FILED,
    ),
    ClassRule(
        "officers-pac", "members with a strong word, a place and a PAC",
        lambda e: e.pac and e.placed and "strong" in e.strength and e.members, SCORE_PAC,
        "officers of a place with a committee", _FILED,
    ),
)  # fmt: skip


def category_of(reading: Reading) -> str:
    """The kind of union that the words stand for; the most special kind is checked first."""
    vocabulary = load_vocabulary()
    groups = reading.groups
    if reading.has(*_words("prosecutors")):
        return PROSECUTORS_OFFICERS
    if reading.has("firefighter", "fire"):
        return "mixed-public-safety"
    if "marshal" in groups:
        return "court-officers"
    if "police" not in groups or "sheriff" not in groups:
        for group, kind in vocabulary.kinds:
            if group in groups:
                return kind
    if "sheriff" in groups:
        return "sheriff-deputies"
    return "mixed-public-safety" if groups == {"publicsafety"} else "police"


def find_pattern(reading: Reading) -> PatternFinding | None:
    """The evidence in one part of a name, or None.

    Individuals and look-alikes have been excluded before; this looks only at words.
    """
    evidence = Evidence(reading)
    if not (reading.types or reading.numbers or evidence.safe_acronym):  # no rule holds for most names
        return None
    rule = next((rule for rule in CLASS_RULES if rule.holds(evidence)), None)
    return None if rule is None or rule.score is None else _result(reading, rule.score, rule)


def _words(name: str) -> frozenset[str]:
    return load_vocabulary().pattern_words[name]


def _organized(e: Evidence) -> bool:
    """Whether weak words make an organization of officers all the same."""
    return e.labor or ("officer" in e.who and bool(e.body)) or (bool(e.body) and _unit_of_officers(e))


def _unit_of_officers(e: Evidence) -> bool:
    """Whether weak words together stand for officers: "deputy sheriff", "command officers", "public safety"."""
    return (
        {"deputy", "sheriff"} <= e.who
        or ("investigator" in e.who and e.reading.has("districtattorney", "prosecutor"))
        or bool(e.who & {"publicsafety", "superiorofficer"})
        or bool(e.who & {"captain", "lieutenant"} and e.who & {"superior", "police"})
        or ("deputy" in e.who and bool(e.who & {"marshal", "constable"}))
    )


def _result(reading: Reading, score: float, rule: ClassRule) -> PatternFinding:
    vocabulary = load_vocabulary()
    typos = sum(w.typo for w in reading.types)
    said = vocabulary.type_groups.keys() | vocabulary.safe_acronyms
    who = " ".join(dict.fromkeys(w.text for w in reading.words if w.word in said))
    what = " ".join(
        dict.fromkeys(
            w.text for w in reading.words if w.word in vocabulary.forms and w.word not in vocabulary.type_groups
        )
    )
    evidence = " with ".join(f'"{each}"' for each in dict.fromkeys((who, what)) if each) or rule.says
    return PatternFinding(score - COST_TYPO * typos, category_of(reading), evidence, rule)


def looks_like_a_person(text: str, reading: Reading) -> bool:
    """Whether a cleaned text is a surname, a comma and given names: "officer, john r.", "warden, gary"."""
    if reading.tails or reading.numbers or reading.has("department", "office") or len(reading.words) > PERSON_WORDS:
        return False
    # "police foundation, elmhaven" is a name and a place; "deputy roe, jan" is clear without this rule.
    if reading.groups and " " in text.partition(",")[0]:
        return False
    return bool(_PERSON.fullmatch(text)) and not reading.forms - _words("also_surnames")
