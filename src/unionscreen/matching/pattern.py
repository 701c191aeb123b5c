"""Class: whether a name reads like an organisation of officers, though it is not on the list.

A word that says whose body it is and a word that says that it is a body, and nothing that says otherwise.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from unionscreen.matching.places import NATIONWIDE, STATES
from unionscreen.matching.reading import Reading
from unionscreen.matching.vocabulary import load_vocabulary

# Scores of the pattern tier stay under the listed tier's threshold region: it is a class, never an identity.
SCORE_STRONG: Final = 68.0  # "Springfield Police Officers Association": police, officers, association, a place
SCORE_PLAIN: Final = 60.0  # one word less
SCORE_PAC: Final = 52.0  # officers, a place and a PAC, no word for the body
SCORE_WEAK: Final = 45.0  # a rank or a court word with a labor word
COST_TYPO: Final = 4.0

# "VON DER LODGE, MARIA JOSE DE LA" is as long as people's names get.
PERSON_WORDS: Final = 7

_PERSON: Final = re.compile(r"[^,]+,\s*[^,]+(?:,\s*(?:jr|sr|ii|iii|iv|esq|md|phd)\.?)?$")


class PatternFinding(NamedTuple):
    """Why a name reads like an organisation of officers."""

    score: float
    category: str
    evidence: str


# Words for the members themselves: with a place and a PAC they are a body without a word for one.
_OFFICERS: Final = frozenset(
    [
        "officer",
        "deputy",
        "trooper",
        "sergeant",
        "detective",
        "highwaypatrol",
        "borderpatrol",
        "peaceofficer",
        "superiorofficer",
        "manager",
        "supervisor",
    ]
)

_CATEGORY: Final = (
    ("probation", "probation-parole"),
    ("corrections", "corrections"),
    ("court", "court-officers"),
    ("federal", "federal"),
    ("state-police", "state-police"),
    ("sheriff", "sheriff-deputies"),
    ("game", "special-district"),
    ("park", "special-district"),
    ("constable", "court-officers"),
    ("marshal", "court-officers"),
)


def category_of(reading: Reading) -> str:
    """The kind of union that the words say: the most special one first."""
    if reading.has("firefighter", "fire"):
        return "mixed-public-safety"
    if "marshal" in reading.groups:
        return "court-officers"
    if "police" not in reading.groups or not reading.groups & {"sheriff"}:
        for group, kind in _CATEGORY:
            if group in reading.groups:
                return kind
    if reading.groups & {"sheriff"}:
        return "sheriff-deputies"
    if reading.groups == {"publicsafety"}:
        return "mixed-public-safety"
    return "police"


def find_pattern(reading: Reading) -> PatternFinding | None:
    """The evidence in one part of a name, or None.

    Individuals and look-alikes have been sorted out before; this looks at words alone.
    """
    vocabulary = load_vocabulary()
    strength = {vocabulary.type_strength[w.word] for w in reading.types if not w.acronym}
    spelled = [w for w in reading.types if not w.acronym]
    types = {w.word for w in spelled}
    if reading.has("fop"):
        return _result(reading, SCORE_STRONG if reading.identity or reading.numbers else SCORE_PLAIN)
    if not types:
        return _bare_acronym(reading)
    if reading.has("firefighter", "fire") and reading.groups <= {"publicsafety"}:
        return None  # "Dallas Firefighters Association Public Safety Committee"
    forms = reading.forms
    labor = {f for f in forms if vocabulary.forms[f] == "labor"}
    body = forms - {"professional", "protective", "unit", "chapter"}
    officers = bool(types & _OFFICERS)
    if types == {"sheriff"} and not labor and _statewide(reading):
        return None  # a state's elected sheriffs
    if body and body <= LOOSE_FORMS and all(w.word in NATIONWIDE for w in reading.identity) and not labor:
        return None  # "American Police and Troopers Coalition": fund-raisers call themselves so
    if "strong" in strength and body:
        return _result(reading, SCORE_STRONG if officers or labor else SCORE_PLAIN)
    if "weak" in strength and (labor or ("officer" in types and body) or _unit_of_officers(types, body, reading)):
        return _result(reading, SCORE_WEAK if strength == {"weak"} else SCORE_PLAIN)
    if "generic" in strength and "benevolent" in forms and types & {"superior", "officer"}:
        return _result(reading, SCORE_WEAK)
    # "Peace Officers for Jane Roe": a cause or a candidate, whoever signs for it.
    if reading.has("for", "with"):
        return None
    pac = any(w.word in vocabulary.pac_words for w in reading.tails)
    if pac and types & {"correction"} and not reading.identity:
        return _result(reading, SCORE_PAC)
    if not pac and reading.identity and "strong" in strength and _members(reading):
        return _result(reading, SCORE_WEAK)
    if pac and types & {"probation", "parole"}:  # no candidate and no cause calls itself so
        return _result(reading, SCORE_PAC)
    if pac and reading.identity and "strong" in strength and officers:
        return _result(reading, SCORE_PAC)
    return None


def _unit_of_officers(types: set[str], body: frozenset[str], reading: Reading) -> bool:
    """Weak words that together say officers: "deputy sheriff", "command officers", "public safety" with a body."""
    return bool(body) and (
        {"deputy", "sheriff"} <= types
        or ("investigator" in types and reading.has("districtattorney", "prosecutor"))
        or "publicsafety" in types
        or bool(types & {"captain", "lieutenant"} and types & {"superior", "police"})
        or "superiorofficer" in types
        or ("marshal" in types and "deputy" in types)
    )


# Forms that need a place: officers of one town do form coalitions.
LOOSE_FORMS: Final = frozenset({"coalition", "alliance"})


def _members(reading: Reading) -> bool:
    """Several officers of one place: "Nassau County Correction Officers". One officer is a person's occupation."""
    return any(w.text == "officers" or w.text.endswith(" officers") for w in reading.types)


def _statewide(reading: Reading) -> bool:
    """Only a state, or nothing, tells it apart: then "Sheriffs' Association" is the elected sheriffs' own."""
    if "county" in reading.levels:
        return False
    return "state" in reading.levels or all(w.word in STATES for w in reading.identity)


def _bare_acronym(reading: Reading) -> PatternFinding | None:
    """An acronym with two meanings ("Tulsa POA PAC", "Kern County DSA") needs a county or a PAC beside a place."""
    vocabulary = load_vocabulary()
    if any(w.word in vocabulary.safe_acronyms for w in reading.words):
        return _result(reading, SCORE_PLAIN)
    words = [w for w in reading.types if w.acronym]
    if not words:
        return None
    text = words[0].text
    pac = any(w.word in vocabulary.pac_words for w in reading.tails)
    if text in ("dsa", "dsas") and "county" in reading.levels and reading.identity:
        return _result(reading, SCORE_PAC)
    if text not in ("dsa", "dsas", "pd", "le") and pac and reading.identity and len(reading.identity) <= 2:
        return _result(reading, SCORE_PAC)
    if text == "spba" or (text == "coba" and pac):
        return _result(reading, SCORE_WEAK)
    return None


def _result(reading: Reading, score: float) -> PatternFinding:
    vocabulary = load_vocabulary()
    typos = sum(w.typo for w in reading.types)
    said = vocabulary.type_groups.keys() | vocabulary.safe_acronyms
    who = " ".join(dict.fromkeys(w.text for w in reading.words if w.word in said))
    what = " ".join(
        dict.fromkeys(
            w.text for w in reading.words if w.word in vocabulary.forms and w.word not in vocabulary.type_groups
        )
    )
    evidence = f'"{who}"' + (f' with "{what}"' if what and what != who else "")
    return PatternFinding(score - COST_TYPO * typos, category_of(reading), evidence)


def looks_like_a_person(raw: str, reading: Reading) -> bool:
    """A surname, a comma, given names, and no word for a body: "OFFICER, JOHN R.", "Warden, Gary"."""
    if reading.tails or reading.numbers or len(reading.words) > PERSON_WORDS:
        return False
    return bool(_PERSON.fullmatch(raw.strip())) and not reading.forms - {"lodge", "union", "local", "unit", "league"}
