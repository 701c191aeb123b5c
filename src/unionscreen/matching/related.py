"""Look-alikes: organizations that share words with police unions but are not unions.

Two sources: the named organizations of ``related_organizations.csv`` and the rules of ``vocabulary.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from unionscreen.matching.cleaning import clean, squashed
from unionscreen.matching.names import NUMBER_WORDS, Word, read_words
from unionscreen.matching.places import STATES
from unionscreen.matching.reading import Reading, sort_words
from unionscreen.matching.vocabulary import RelatedRule, load_vocabulary
from unionscreen.saved_index import IndexFile, kept
from unionscreen.unions import Related

# Too many organizations use an acronym this short for it to be a look-alike by itself ("CEA", "SBA").
SHORT_ACRONYM: Final = 4


# An occupation has at most this many words: "Deputy Police Chief", "Chief of Police".
ONE_PERSON: Final = 3

# What elected officials call their own organization.
ELECTED_BODIES: Final = frozenset({"association", "conference", "league"})

# Words by which a name is an organization of officers, and not a committee of others.
BODIES: Final = frozenset({"association", "benevolent", "fop", "lodge", "union"})

# Groups that are not a candidate's name: the "Friends of Law Enforcement" are for a cause.
CAUSES: Final = frozenset({"lawenforcement", "publicsafety", "corrections"})

_FOR_OR_ABOUT: Final = "a committee for or about a candidate or cause"

# A number in digits, words or Roman numerals, as ``read_words`` reads it.
_MAYBE_NUMBERED: Final = re.compile(rf"\d|\b(?:[ivxl]+|{'|'.join(NUMBER_WORDS)})\b")


class RelatedFinding(NamedTuple):
    """Why a name is a look-alike."""

    category: str
    reason: str
    name: str
    """The organization on the list, or empty where a rule decided."""
    rule: str
    """The rule that decided; "named" for an organization on the list."""


class RelatedIndex:
    """The look-alikes by their comparable name."""

    def __init__(self, related: Sequence[Related], saved: IndexFile | None = None) -> None:
        """Take the look-alikes.

        Args:
            related: all of them.
            saved: where their names as read may be saved.
        """
        self._saved = saved
        self._names = [
            (name, entry)
            for entry in related
            for name in (entry.name, *entry.aliases)
            if len(name) > SHORT_ACRONYM or not name.isupper()
        ]
        self._by_key: dict[bool, dict[str, Related]] = {}

    @property
    def names(self) -> list[str]:
        """Every name by which a look-alike is known."""
        return [name for name, _ in self._names]

    def _index(self, *, numbered: bool) -> dict[str, Related]:
        """Names that may have a number, or all others; read when first needed, because most donors need neither."""
        index = self._by_key.get(numbered)
        if index is None:
            first = kept(self._saved, f"look-alikes-{int(numbered)}", lambda: self._first_of_each(numbered=numbered))
            index = self._by_key[numbered] = {key: self._names[at][1] for key, at in first.items()}
        return index

    def _first_of_each(self, *, numbered: bool) -> dict[str, int]:
        """Each comparable name, and the first of the names that are read so."""
        first: dict[str, int] = {}
        for at, (name, _) in enumerate(self._names):
            if _maybe_numbered(name) == numbered and (key := _key_of(name)):
                first.setdefault(key, at)
        return first

    def prepare(self) -> None:
        """Read the list now."""
        for numbered in (True, False):
            self._index(numbered=numbered)

    def keys(self) -> Iterator[frozenset[str]]:
        """The words of each name, as read."""
        for numbered in (True, False):
            yield from (frozenset(key.split()) for key in self._index(numbered=numbered))

    def find(self, donor: Reading) -> RelatedFinding | None:
        """The look-alike on the list with the same words as this name, in any order."""
        key = _key(donor)
        if not key:
            return None
        if len(self._by_key) < 2 and (marks := _marks(key)):
            entry = self._among_those_with(marks, key)
        else:
            # A number is part of the key, so a donor with one is not among the names without.
            kinds = (True,) if donor.numbers else (True, False)
            entry = next((found for numbered in kinds if (found := self._index(numbered=numbered).get(key))), None)
        return None if entry is None else RelatedFinding(entry.category, entry.reason, entry.name, "named")

    def _among_those_with(self, marks: Sequence[str], key: str) -> Related | None:
        """The same from the few names with these words: for one donor the others need not be read."""
        for (name, entry), line in zip(self._names, self._lines, strict=True):
            if all(mark in line for mark in marks) and _key_of(name) == key:
                return entry
        return None

    @cached_property
    def _lines(self) -> list[str]:
        return squashed([name for name, _ in self._names])


def longest_pair(name: str) -> str:
    """The longest two neighboring words of a name, as written, which let it pass the prefilter."""
    words = name.lower().split()
    pairs = [f"{one} {other}" for one, other in pairwise(words) if one[0].isalnum() and other[-1].isalnum()]
    return max(pairs, key=len, default="")


def _marks(key: str) -> list[str]:
    """The words of a key that every name with this key has as written, because no other word is read as them."""
    meanings = load_vocabulary().meanings
    return [word for word in key.split() if word.isalpha() and word not in meanings]


def _maybe_numbered(name: str) -> bool:
    return _MAYBE_NUMBERED.search(name.lower()) is not None


def _key_of(name: str) -> str:
    """The key of a name on the list; empty for a single word, which is not a name."""
    reading = sort_words(read_words(clean(name)))
    return _key(reading) if len(reading.words) > 1 else ""


def _key(reading: Reading) -> str:
    """The key of a name. An acronym stays as filed: "NYC DSA" is not the city's deputy sheriffs."""
    counted = reading.key
    if len(counted) <= 1:  # "Police Action Fund" is a name and "Police" is not, so here the tail counts
        counted = frozenset(w.word for w in reading.words)
    spelled = {w.text if w.acronym else w.word for w in reading.words if w.acronym or w.word in counted}
    if reading.has(
        "for"
    ):  # the "Association for Police Officers" is a fund-raiser, the "Police Officers Association" is not
        spelled.add("for")
    return " ".join(sorted(spelled | {f"#{number}" for number in reading.numbers}))


def by_rule(donor: Reading) -> RelatedFinding | None:
    """The first rule of the vocabulary that matches a word of the name."""
    words = {w.word for w in donor.words}
    if not donor.groups and not words & (load_vocabulary().theme_words | load_vocabulary().safe_acronyms):
        return None
    if donor.groups and not words & load_vocabulary().theme_words and not _says_officers(donor):
        return None
    # "Police Chief" is an occupation; an organization has a word for one, or several members.
    one_person = (
        not donor.forms and not any(w.text.endswith("s") for w in donor.words) and len(donor.words) <= ONE_PERSON
    )
    if (found := _elected(donor) or _firm(donor) or _office_holder(donor)) is not None:
        return found
    for rule in load_vocabulary().related_rules:
        if one_person and rule.category == "management":
            continue
        hits = words & rule.words
        if hits and not words & rule.unless and _stands(rule, hits, words, donor):
            return RelatedFinding(rule.category, rule.reason, "", rule.name)
    return None


def _says_officers(donor: Reading) -> bool:
    """Whether a word for officers is not an abbreviation, surname or typo: "Sargent Foundation"."""
    vocabulary = load_vocabulary()
    unsure, names_too = vocabulary.pattern_words["unsure"], vocabulary.pattern_words["names_too"]
    return any(
        w.text not in unsure
        and (
            bool(donor.forms)
            or (w.text not in names_too and not (w.typo and vocabulary.type_strength[w.word] == "weak"))
        )
        for w in donor.types
        if vocabulary.type_groups[w.word]
    )


def _no_place(hits: set[str], donor: Reading) -> bool:
    """Whether one of these words is not a place: "Police Golf Club", unlike "Golf Police Association"."""
    vocabulary = load_vocabulary()
    places_too, before_it = vocabulary.pattern_words["places_too"], vocabulary.pattern_words["before_it"]
    officers = False  # a word for officers is before it, and no organization between
    for word, after in zip(donor.words, [*donor.words[1:], None], strict=True):
        if word.word in hits:
            last = after is None or after.word in before_it or after.word in vocabulary.tails
            if word.text not in places_too or officers or last:
                return True
        officers = bool(vocabulary.type_groups.get(word.word)) or (officers and word.word not in vocabulary.forms)
    return False


def _stands(rule: RelatedRule, hits: set[str], words: set[str], donor: Reading) -> bool:
    """Whether the other conditions of the rule are met."""
    if (
        (rule.officers and not donor.groups)
        or (rule.body and not donor.forms)
        or (rule.beside and not words & rule.beside)
    ):
        return False
    if donor.groups and not _no_place(hits, donor):
        return False
    return not rule.before or any(
        one.word in rule.words and next_.word in rule.before for one, next_ in pairwise(donor.words)
    )


def _elected(donor: Reading) -> RelatedFinding | None:
    """An association of elected officials: a state's sheriffs, or constables."""
    vocabulary = load_vocabulary()
    who = {w.word for w in donor.types if not w.acronym}
    labor = any(vocabulary.forms[form] == "labor" for form in donor.forms)
    if labor or not donor.forms & ELECTED_BODIES or len(who) != 1:
        return None
    region = donor.has("tri") or "county" not in donor.levels
    states = STATES | vocabulary.pattern_words["regions"]
    if who == {"constable"} or (who == {"sheriff"} and region and all(w.word in states for w in donor.identity)):
        return RelatedFinding("management", "elected officials, who command officers", "", "elected")
    return None


def _is_acronym(word: Word) -> bool:
    vocabulary = load_vocabulary()
    return word.text in vocabulary.acronyms or word.text in vocabulary.safe_acronyms


def _firm(donor: Reading) -> RelatedFinding | None:
    """A firm whose name is also an acronym of officers: "PBA Realty", "NAPO Pharmaceuticals"."""
    vocabulary = load_vocabulary()
    words = [w for w in donor.words if w.word not in vocabulary.tails and w.word not in vocabulary.stops]
    firm = bool(words) and words[-1].text in vocabulary.pattern_words["firm_ends"]
    firm = firm or any(w.word in vocabulary.identity["firms"] for w in donor.tails if donor.acronym)
    if not firm or donor.numbers:
        return None
    bodies = [_is_acronym(w) for w in words if w.word in vocabulary.forms or vocabulary.type_groups.get(w.word)]
    bodies += [True for w in words if w.word in vocabulary.safe_acronyms]
    if not bodies or not all(bodies):
        return None
    return RelatedFinding("trap", "a firm whose name is an acronym of officers too", "", "firm")


def _office_holder(donor: Reading) -> RelatedFinding | None:
    """A person with an office in an organization of officers: "Jane Roe PBA President"."""
    vocabulary = load_vocabulary()
    titles, between = vocabulary.pattern_words["office_holders"], vocabulary.pattern_words["before_office"]
    body = False
    for word in donor.words:
        if word.text in titles and (body or word.text == "president"):
            return RelatedFinding("trap", "a person who holds an office in the organization", "", "office-holder")
        if word.text not in between and not word.numbered:
            body = word.word in vocabulary.forms or _is_acronym(word)
    return None


def campaign(text: str, donor: Reading) -> RelatedFinding | None:
    """A committee for a candidate or a cause: "Withrow for Sheriff 2022", "Committee to Restore Police Staffing".

    Args:
        text: the words of the name in order, as one string.
        donor: the same words, sorted.
    """
    vocabulary = load_vocabulary()
    if not donor.groups:
        return None
    words = text.split()
    if _against(words):
        return RelatedFinding("advocacy", "a campaign, not an organization of officers", "", "against")
    if any(text.startswith(opener + " ") for opener in vocabulary.supporters) and donor.forms & BODIES:
        return RelatedFinding("auxiliary", "friends of an organization of officers, not its members", "", "friends-of")
    offices = vocabulary.campaign_offices
    category = "sheriff-campaign" if donor.groups & {"sheriff", "police", "constable", "marshal"} else "trap"
    for at, word in enumerate(words[:-1]):
        if (
            word == "for"
            and at > 0
            and any(w in offices for w in words[at + 1 : at + 4])
            and not _body_follows(words, at)
        ):
            if "support" in words[:at]:  # "… Partnership in support of Jane Roe for Sheriff" is not Roe's own
                return RelatedFinding("themed-pac", _FOR_OR_ABOUT, "", "in-support")
            return RelatedFinding(category, "a candidate's own campaign", "", "candidate")
    opened = any(text.startswith(opener + " ") for opener in vocabulary.campaign_openers)
    if opened and not donor.forms & BODIES:
        # Nobody is elected to the police, so the committee is for a cause.
        cause = not offices & set(words) and (category != "trap" or (donor.groups <= CAUSES and _says_officers(donor)))
        rule = by_rule(donor) if cause and category == "trap" else None  # which cause: "Americans for Prison Reform"
        return rule or RelatedFinding("themed-pac" if cause else category, _FOR_OR_ABOUT, "", "campaign-opener")
    return None


def _against(words: Sequence[str]) -> bool:
    """Whether an opposing word is before the first word for officers: "Stop", "No", "against"."""
    vocabulary = load_vocabulary()
    first = next((at for at, word in enumerate(words) if vocabulary.type_groups.get(word)), 0)
    before = words[:first]
    if "against" in before or "opposed" in before or before[1:2] == ["over"]:  # "People over Police Unions"
        return True
    for at, word in enumerate(before):
        ahead = before[at - 1] if at else "to"
        if word in vocabulary.opposing_near and ahead not in vocabulary.numbered:
            if vocabulary.between.issuperset(before[at + 1 :]):
                return True
        elif word in vocabulary.opposing and ahead == "to":
            return vocabulary.pac_words.isdisjoint(before)  # "Stop Crime PAC of the Elmhaven Police Union"
    return False


def _body_follows(words: Sequence[str], at: int) -> bool:
    """Whether it is the members' office: the "Association for Los Angeles Deputy Sheriffs" has no candidate."""
    after = words[at + 1 : at + 6]
    return "deputy" in after or "association" in words[:at] or "association" in after
