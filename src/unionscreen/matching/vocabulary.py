"""``data/vocabulary.toml`` as lookup tables. The matcher's words are all there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from unionscreen.matching.places import STATE_WORDS
from unionscreen.unions.data_files import VOCABULARY, read_data


class RelatedRule(NamedTuple):
    """Words that show what a name with words for police is, if it is not a union."""

    name: str
    category: str
    reason: str
    words: frozenset[str]
    beside: frozenset[str]
    """One of these must be in the name too; empty for no such condition."""
    before: frozenset[str]
    """One of the rule's words must be right before one of these: "Black Officers", not "Black Diamond"."""
    unless: frozenset[str]
    officers: bool
    """The name must have a word for officers; else a theme (prosecutors, "Back the Blue") is enough."""
    body: bool
    """The rule also needs a word for an organization: a candidate for district attorney is not an association."""


class _Words(NamedTuple):
    """The words of the field. All keys are lower case, without apostrophes and accents."""

    words: Mapping[str, str]
    """Spelling → canonical word."""
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    """First word → the phrases that start with it, longest first, each with its canonical word."""
    phrase_words: frozenset[str]
    """Every word of a phrase."""
    acronyms: Mapping[str, tuple[tuple[str, ...], bool]]
    """Acronym → the words it stands for, and whether it always means an organization of officers."""
    safe_acronyms: frozenset[str]
    type_groups: Mapping[str, str]
    type_strength: Mapping[str, str]
    forms: Mapping[str, str]
    tails: frozenset[str]
    before_tails: frozenset[str]
    """Tail words that are a part of the name where it goes on after them: "federal", "public"."""
    pac_words: frozenset[str]
    stops: frozenset[str]
    levels: frozenset[str]
    numbered: frozenset[str]
    places: Mapping[str, tuple[str, ...]]
    """Short form of a place with one meaning → the words of that place."""
    two_readings: Mapping[str, tuple[str, ...]]
    """Short form with several meanings (LA, SD) → each of them, without spaces."""
    typos: tuple[str, ...]
    """Words that a misspelling may be read as."""
    slips: tuple[str, ...]
    """Words that may have one wrong letter in a name about officers, the states' names included."""
    cautious_slips: tuple[str, ...]
    """Those that do not make a name one about officers."""
    glued: frozenset[str]
    """Short words that a missing space joins to a neighbor."""
    not_typos: frozenset[str]
    """Real words that are close to one of them."""
    related_rules: tuple[RelatedRule, ...]
    pattern_words: Mapping[str, frozenset[str]]
    """Sets of words for the rules of the class tier, by name."""
    kinds: tuple[tuple[str, str], ...]
    """Groups of officers and the kind of their union, the most special first."""
    theme_words: frozenset[str]
    """Words with which the related rules are checked although there is no word for officers."""
    identity: Mapping[str, frozenset[str]]
    """Sets of words for the rules of identity, by name."""
    group_kinds: Mapping[str, str]
    """Group of officers → the kind of union whose members they are."""
    campaign_offices: frozenset[str]
    campaign_openers: tuple[str, ...]
    supporters: tuple[str, ...]
    """How committees of an organization's supporters begin."""
    opposing: frozenset[str]
    """First words of campaigns against something."""
    opposing_near: frozenset[str]
    between: frozenset[str]
    """Words that may stand between these and what they are against."""


class Vocabulary(_Words):
    """The words of the field, and what follows from them."""

    @cached_property
    def meanings(self) -> frozenset[str]:
        """Every word that is the reading of another spelling, a phrase, an acronym or a short place name."""
        several = chain(*(words for words, _ in self.acronyms.values()), *self.places.values())
        phrases = (word for found in self.phrases.values() for _, word in found)
        singles = chain(self.words.values(), self.type_groups, self.forms, self.typos)
        return frozenset(chain(several, phrases, singles, ("federal", "fop")))

    @cached_property
    def spaced(self) -> Mapping[str, str]:
        """Words that a phrase was joined to, as people write them: "peaceofficer" → "peace officer"."""
        joined = chain(*self.phrases.values())
        return {word: " ".join(parts) for parts, word in joined if "".join(parts) == word}


# The content of the file, where it was read from a saved index instead.
_saved: list[dict[str, Any]] = []


def read_vocabulary_file() -> dict[str, Any]:
    """The content of ``vocabulary.toml``, in the package or the checkout."""
    import tomllib

    return tomllib.loads(read_data(VOCABULARY))


def use_saved_vocabulary(raw: dict[str, Any]) -> None:
    """Take the content of the file from a saved index; reading the file takes longer than a match."""
    _saved[:] = [raw]


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary from ``vocabulary.toml``."""
    raw = _saved[0] if _saved else read_vocabulary_file()
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, word in raw["phrases"].items():
        parts = tuple(phrase.split())
        phrases.setdefault(parts[0], []).append((parts, word))
    slips = (*raw["slips"]["words"], *sorted(STATE_WORDS))
    return Vocabulary(
        words={spelling: word for word, spellings in raw["words"].items() for spelling in (word, *spellings)},
        phrases={first: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for first, found in phrases.items()},
        phrase_words=frozenset(part for phrase in raw["phrases"] for part in phrase.split()),
        acronyms={key: (tuple(value["words"].split()), value["safe"]) for key, value in raw["acronyms"].items()},
        safe_acronyms=frozenset(raw["safe_acronyms"]["words"]),
        type_groups={word: value["group"] for word, value in raw["types"].items()},
        type_strength={word: value["strength"] for word, value in raw["types"].items()},
        forms={word: value["weight"] for word, value in raw["forms"].items()},
        tails=frozenset(raw["tails"]["words"]),
        before_tails=frozenset(raw["tails"]["before_tails"]),
        pac_words=frozenset(raw["tails"]["pac"]),
        stops=frozenset(raw["stops"]["words"]),
        levels=frozenset(raw["levels"]["words"]),
        numbered=frozenset(raw["numbered"]["words"]),
        places={short: tuple(full[0].split()) for short, full in raw["places"].items() if len(full) == 1},
        two_readings={
            short: tuple(place.replace(" ", "") for place in full)
            for short, full in raw["places"].items()
            if len(full) > 1
        },
        typos=tuple(raw["typos"]["words"]),
        slips=slips,
        cautious_slips=tuple(word for word in slips if word not in raw["slips"]["among_officers"]),
        glued=frozenset(raw["slips"]["glued"]),
        not_typos=frozenset(raw["not_typos"]["words"]),
        related_rules=tuple(
            RelatedRule(
                rule["name"],
                rule["category"],
                rule["reason"],
                frozenset(rule["any"]) | {word + "s" for word in rule["any"]},
                frozenset(rule.get("with", ())),
                frozenset(rule.get("before", ())),
                frozenset(rule.get("unless", ())),
                rule.get("officers", True),
                rule.get("body", False),
            )
            for rule in raw["related"]
        ),
        pattern_words={name: frozenset(words) for name, words in raw["pattern"].items()},
        kinds=tuple(raw["kinds"].items()),
        theme_words=frozenset(raw["themes"]["words"]),
        identity={name: frozenset(words) for name, words in raw["identity"].items()},
        group_kinds=raw["group_kinds"],
        campaign_offices=frozenset(raw["campaign"]["offices"]),
        campaign_openers=tuple(raw["campaign"]["openers"]),
        supporters=tuple(raw["campaign"]["supporters"]),
        opposing=frozenset(raw["campaign"]["opposing"]),
        opposing_near=frozenset(raw["campaign"]["opposing_near"]),
        between=frozenset(raw["campaign"]["between"]),
    )
