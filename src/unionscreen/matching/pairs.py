"""A donor's name and one name on the list, side by side: the facts that the rules look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from unionscreen.matching.gazetteer import Level, is_place, stands_alone
from unionscreen.matching.names import Word, words_of
from unionscreen.matching.near import is_near
from unionscreen.matching.places import STATES, state_words
from unionscreen.matching.reading import Reading
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.unions import Alias, Union

# Identity words shorter than this are compared to the letter: "Lake" and "Pike" are one letter from many.
NEAR_LENGTH: Final = 5
NEAR_LENGTH_TWO: Final = 9

# Words with several wordings, of which an organization uses one: "patrolmen" for police, "command" for superior.
WORDINGS: Final = frozenset({"police", "superiorofficer"})
# The first letters, by which these wordings differ whatever their endings.
WORDING_STEM: Final = 4
_TOKEN: Final = re.compile(r"[a-z0-9]+")
# What may stand between two letters of an acronym: "S.T.A.N.", "S T A N"
_BETWEEN_LETTERS: Final = r"(?:\.\s?|\s)?"

# Dozens of organizations use an acronym of three letters.
LETTERS_OF_MANY: Final = 3
# One of five letters that the list marks as shared may be a word or a first name ("STAN", "CAUSE"), unlike "SFPOA".
LETTERS_OF_SEVERAL: Final = 5


def words_for(name: str) -> frozenset[str]:
    """A set of words that the rules look at: ``[identity]`` in the vocabulary."""
    return load_vocabulary().identity[name]


class DonorContext(NamedTuple):
    """What the filing shows about the donor besides the name."""

    state: str = ""
    """The donor's own state."""
    city: str = ""
    home: str = ""
    """The state that the filing is from; a donor may live elsewhere, so it is never a reason against a union."""
    filed: str = ""
    """The name as filed, because an acronym is written in capitals."""


class Alignment:
    """The identity words of both names, paired."""

    def __init__(self) -> None:
        self.slips: list[tuple[str, str]] = []
        """A word of the donor's name, and the word on the list that it misspells."""
        self.split_or_joined = False
        self.from_address: list[str] = []
        """Words on the list that are in the donor's address instead of its name."""
        self.noise = 0
        """Single letters, and the beginning of a word such as "political" that was cut off."""
        self.unexplained: list[str] = []
        """Words of the donor's name that no name of this union has."""
        self.hopeless = False
        """A word on the list is missing everywhere: not a candidate at all."""


class _Sides(NamedTuple):
    """A donor's name and one name (alias) of one union."""

    donor: Reading
    reading: Reading
    """The alias, read."""
    alias: Alias
    union: Union
    context: DonorContext
    known_words: Callable[[Union], frozenset[str]]


class Pair(_Sides):
    """A donor's name compared with one name (alias) of one union."""

    @cached_property
    def aligned(self) -> Alignment:
        """Match each identity word of the alias to one of the donor's; extra words of the donor must be explained."""
        found = Alignment()
        explained = self.known_words(self.union)
        left = list(self.donor.identity)
        for word in self.reading.identity:
            for at, mine in enumerate(left):
                same = _same(mine.word, word.word, explained)
                if same is not False:
                    if same is None:
                        found.slips.append((mine.text, word.text))
                    del left[at]
                    break
            else:
                if not self._left_out(word, found):
                    if self._run_together():
                        found.split_or_joined = True
                        return found
                    found.hopeless = True
                    return found
        two_readings = load_vocabulary().two_readings
        for mine in left:
            if mine.word in explained or any(full in explained for full in two_readings.get(mine.word, ())):
                continue
            if len(mine.word) == 1 or (mine is self.donor.identity[-1] and _starts_tail(mine.word)):
                found.noise += 1
            else:
                found.unexplained.append(mine.text)
        return found

    def _left_out(self, word: Word, found: Alignment) -> bool:
        """Whether the filing shows elsewhere an identity word that the donor's name leaves out."""
        union, state, city = self.union, self.context.state, words_of(self.context.city)
        if word.word in state_words(union.state):
            if self.common_name and len(self.reading.identity) > 1:
                return False  # "University Police Association" is not the "University of Oregon Police Association"
            if len(self.reading.identity) > 1 and union.scope in ("city", "county", "agency"):
                return True  # "Memphis Police Association" for "Memphis Tennessee Police Association"
            if state == union.state and self.donor.groups == self.reading.groups:
                found.from_address.append(union.state)
                return True
        if word.word in city and state in ("", union.state) and not self.donor.identity:
            found.from_address.append(word.text)
            return True
        return False

    def _run_together(self) -> bool:
        mine, theirs = ("".join(w.word for w in r.identity) for r in (self.donor, self.reading))
        return len(theirs) >= NEAR_LENGTH_TWO and is_near(mine, theirs, 1)

    # -- which officers ------------------------------------------------------------------------------------------

    @cached_property
    def other_groups(self) -> list[str]:
        """Groups of officers that only one of the two names has, except "police"; empty where that means nothing.

        An acronym on the list implies the group: "SEBA Sheriff" adds nothing, "SEBA Corrections" does.
        """
        mine, theirs = self.donor.groups - {"police"}, self.reading.groups - {"police"}
        if self.same_lodge and not mine:
            return sorted(theirs - {"fop"})
        if theirs or self.reading.forms or not _kind_allows(mine, self.union):
            return sorted(mine ^ theirs)
        return []

    @cached_property
    def only_superiors(self) -> bool:
        """Superior officers of an organization of several forces: they are its own members."""
        return self.other_groups == ["superior"] and self.union.kind == "mixed-public-safety"

    @cached_property
    def bare_acronyms(self) -> list[str]:
        """Acronyms that are the donor's only word for officers, and that the alias does not have."""
        bare = {w.text for w in self.donor.types if w.acronym}
        alone = bare and all(w.acronym or w.word == "officer" for w in self.donor.types)
        return sorted(bare) if alone and not bare & set(_TOKEN.findall(self.alias.alias.lower())) else []

    @cached_property
    def statewide(self) -> bool:
        """Whether a state is the only place in the donor's name."""
        return all(w.word in STATES for w in self.donor.identity) and "county" not in self.donor.levels

    @cached_property
    def sheriffs_for_deputies(self) -> bool:
        """Whether the list has "deputies" where the donor has only "sheriffs"."""
        deputies = any(w.word == "deputy" for w in self.reading.types) and not self.donor.has("deputy")
        return deputies and self.donor.groups == {"sheriff"}

    # -- which form ----------------------------------------------------------------------------------------------

    @cached_property
    def forms(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words for the organization that help to identify it: the donor's, and the alias's."""
        return self.donor.forms - words_for("plain_forms"), self.reading.forms - words_for("plain_forms")

    @cached_property
    def other_form(self) -> bool:
        """Whether both names have words for the organization, and share none."""
        ours, its = self.forms
        return bool(ours and its and not ours & its)

    @cached_property
    def anchored(self) -> bool:
        """Whether the alias has a place of the union, or several words of its own, not only "United" or "Support"."""
        places = words_of(self.union.place) | state_words(self.union.state)
        identity = self.reading.identity
        return len(identity) > 1 or any(w.word in places for w in identity) or bool(self.reading.numbers)

    @cached_property
    def says_a_body(self) -> bool:
        """Whether it is a PAC or several officers: "Anaheim Police Officers PAC", not "Metro Police Department"."""
        pac_words = load_vocabulary().pac_words
        pac = any(w.word in pac_words for w in self.donor.tails)
        if "benevolent" in self.reading.forms and not pac:
            return False
        if pac or any(w.word in words_for("funds") for w in self.donor.tails):
            return True
        return any(w.text.endswith("s") for w in self.donor.types) and not self.donor.has("department")

    @cached_property
    def other_members(self) -> frozenset[str]:
        """Words for the members that only one of the names has."""
        if not self.reading.types or not self.donor.types:
            return frozenset()
        types = {w.word for w in self.donor.types} ^ {w.word for w in self.reading.types}
        return frozenset(types & words_for("members"))

    # -- which level and number ----------------------------------------------------------------------------------

    @cached_property
    def levels(self) -> tuple[frozenset[str], frozenset[str]]:
        """County, city, town …: the donor's, and the alias's; both empty where they are the same."""
        mine, theirs = self.donor.levels & words_for("local_levels"), self.reading.levels & words_for("local_levels")
        return (frozenset(), frozenset()) if mine == theirs else (mine, theirs)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The donor's own number; a plain number counts where the list has it for this union."""
        return self.donor.numbers or (self.donor.digits & self.reading.numbers)

    @cached_property
    def added_number(self) -> str:
        """A number in the donor's name that neither the alias nor the union has."""
        if self.reading.numbers or not self.numbers or self.union.number.lower() in self.numbers:
            return ""
        return any_of(self.numbers)

    # -- which state ---------------------------------------------------------------------------------------------

    @cached_property
    def state_named(self) -> bool:
        """Whether the union's state is in the donor's name; "Washington County" and "Kansas City" are not states."""
        state = state_words(self.union.state)
        words = [*self.donor.words, None]
        return any(
            word.word in state and (after is None or after.word not in words_for("place_endings"))
            for word, after in pairwise(words)
            if word is not None
        )

    @cached_property
    def other_state(self) -> bool:
        """Whether the filing shows another state than the union's."""
        union = self.union
        return bool(self.context.state and union.scope != "national" and union.state not in ("", self.context.state))

    @cached_property
    def shared_name(self) -> bool:
        """Whether others have this name: the list marks it so, or it is a number, a short acronym or plain words."""
        reading = self.reading
        lone = len(reading.key) == 1 and all(len(w) <= LETTERS_OF_MANY for w in reading.key) and not reading.groups
        return bool(self.alias.ambiguous or not reading.identity or lone or self._without_its_pac)

    @property
    def _without_its_pac(self) -> bool:
        """Whether the list has this acronym, or name of common words, only with "PAC" or "Fund": "APOA PAC".

        Without the PAC it may be anybody's name.
        """
        committees = load_vocabulary().pac_words | words_for("funds")
        mine, theirs = ({w.word for w in r.tails} & committees for r in (self.donor, self.reading))
        own = {w.word for w in self.reading.identity} - words_for("supporters")
        return bool((len(self.reading.key) == 1 or not own) and theirs and not mine)

    # -- acronyms ------------------------------------------------------------------------------------------------

    @cached_property
    def bare_acronym(self) -> str:
        """The acronym that is the whole of both names, tails aside; empty for one that only officers use ("PORAC")."""
        acronym, reading = self.donor.acronym, self.reading
        same = reading.acronym == acronym or not (reading.identity or reading.numbers)  # "PBA", or what it stands for
        several_meanings = acronym not in load_vocabulary().safe_acronyms and not self._word_for_officers
        return acronym if same and several_meanings else ""

    @property
    def _word_for_officers(self) -> bool:
        """Whether the alias is only a word for officers, and its committee: "Probation PAC"."""
        acronyms, types = load_vocabulary().acronyms, self.reading.types
        spelled_out = bool(types) and not any(w.text in acronyms for w in types)
        return bool(spelled_out and self.reading.acronym) and self.alias.alias_kind != "acronym"

    @cached_property
    def spelled_out(self) -> bool:
        """Whether the list has an acronym, and the donor has words that are read the same way."""
        acronym = self.reading.acronym
        if acronym and not any(w.text == acronym or w.typo for w in self.donor.words):
            return True
        return self.reading.has("cop") and not self.donor.has("cop")

    @cached_property
    def firm_or_word(self) -> str:
        """Why an acronym is a firm, a word or a first name here ("Rita Inc", "The Spa", "Maps"); else empty."""
        firms = words_for("firms")
        tail = next((w.text for w in self.donor.words[1:] if w.word in firms or w.text == "co"), "")
        if tail and self.donor.acronym:
            return f'"{tail}" is the tail of a firm'
        acronym = self.bare_acronym
        _, safe = load_vocabulary().acronyms.get(acronym, ((), False))
        if not acronym or safe or ends_as_theirs(acronym):
            return ""
        if self.donor.words[0].text == "the":
            return '"the" stands before it'
        if any(w.word == "incorporated" for w in self.donor.tails):
            return '"inc" is the tail of a firm'
        written = re.search(rf"(?i)\b{_BETWEEN_LETTERS.join(map(re.escape, acronym))}\b", self.context.filed)
        others = self.alias.ambiguous or self._without_its_pac or len(acronym) < LETTERS_OF_SEVERAL
        return "it is not written in capitals" if others and written and not written[0].isupper() else ""

    @cached_property
    def short_acronym(self) -> bool:
        """Whether it is an acronym of few letters that others use too: the state alone does not identify a union."""
        acronym, pac_words = self.bare_acronym, load_vocabulary().pac_words
        committees = (any(w.word in pac_words for w in reading.tails) for reading in (self.donor, self.reading))
        if not acronym or (all(committees) and not self.alias.ambiguous):
            return False  # "SBA PAC" is on the list, to the letter
        others = self.alias.ambiguous or self._without_its_pac
        longest = LETTERS_OF_SEVERAL - ends_as_theirs(acronym) if others else LETTERS_OF_MANY
        return len(acronym) <= longest

    @cached_property
    def generic(self) -> bool:
        """Whether any organization of its kind may have this name.

        There are many "Police Benevolent Associations", but one "Patrolmen's Benevolent Association".
        """
        if self.reading.identity or self.reading.numbers or self.union.scope == "national":
            return False
        if self.reading.acronym:
            return self._word_for_officers and self._without_its_pac
        acronyms = load_vocabulary().acronyms
        mine, theirs = (
            {w.text[:WORDING_STEM] for w in reading.types if w.word in WORDINGS and w.text not in acronyms}
            for reading in (self.donor, self.reading)
        )
        return bool(self.alias.ambiguous) or self._without_its_pac or bool(mine and theirs and not mine & theirs)

    # -- lodges and locals ---------------------------------------------------------------------------------------

    @cached_property
    def same_lodge(self) -> bool:
        """Whether it is a lodge's own name and number, without the words for the police: "Queen City Lodge 69"."""
        own = bool(self.donor.identity) and "lodge" in self.donor.forms and bool(self.donor.numbers)
        return own and self.donor.numbers == self.reading.numbers and "fop" in self.reading.groups

    @cached_property
    def local_of(self) -> bool:
        """Whether it is only an acronym on the list and the number of a local: "MassCOP Local 382"."""
        if not (self.donor.numbers and self.donor.forms & words_for("numbered_units")):
            return False
        return self.donor.key - self.donor.numbers - words_for("numbered_units") == self.reading.key

    # -- which namesake ------------------------------------------------------------------------------------------

    @cached_property
    def state_settles(self) -> bool:
        """Whether the filing or the name shows the state of this union."""
        said = self.context.state or self.context.home
        return self.state_named or bool(said and said == self.union.state)

    @cached_property
    def settled(self) -> bool:
        """Whether something shows that this union is meant, and not a namesake in another state.

        That can be the state, its number beside its place, a word that is neither a place nor common ("Locust Club"),
        or a place far larger than all others of its name.
        """
        if self.union.scope == "national" or not self.union.state or self.state_settles:
            return True
        if self.numbers & self.reading.numbers and (self.reading.identity or self._numbers_nationwide):
            return bool(self.donor.groups) or not self.same_lodge
        return any(self._tells(name) for name in self._names())

    @property
    def _numbers_nationwide(self) -> bool:
        """Whether the union numbers its locals nationwide, so that a number is one local; the FOP numbers by state."""
        return bool(self.reading.forms & words_for("nationwide_numbers"))

    @cached_property
    def common_name(self) -> bool:
        """Whether only common words identify the alias: "River City", "University Police"."""
        own = {w.word for w in self.reading.identity} - state_words(self.union.state)
        return bool(self.reading.identity) and own <= words_for("common_names")

    def _names(self) -> list[str]:
        """The alias's own words without states, with "city" where it is the end of a place's name."""
        state = state_words(self.union.state)
        own = {w.word for w in self.reading.identity if w.word not in state}
        longer: list[str] = []
        for word in self.reading.words:
            if word.word in own or (longer and word.word in words_for("place_endings") - {"county", "parish"}):
                longer.append(word.word)
        short = " ".join(word for word in longer if word in own)
        return [" ".join(longer)] if is_place(" ".join(longer)) else [short]

    def _tells(self, name: str) -> bool:
        common = words_for("common_names")
        if not is_place(name):
            return not {*name.split()} <= common
        levels: tuple[Level, ...] = ("place",)
        if self.union.scope == "county":
            says_so = "county" in self.donor.levels or "sheriff" in self.donor.groups
            levels = ("county",) if says_so else ("county", "place")
        return stands_alone(name, self.union.state, levels)


def ends_as_theirs(word: str) -> bool:
    """Whether it is the acronym of a place's officers: letters for the place, then theirs ("SFPOA")."""
    return any(word.endswith(end) and len(word) > len(end) for end in words_for("police_endings"))


def any_of(words: frozenset[str] | set[str]) -> str:
    """Words for a sentence, in alphabetical order."""
    return "/".join(sorted(words))


def allowed(word: str) -> int:
    """How many letters of an identity word may be wrong."""
    return 2 if len(word) >= NEAR_LENGTH_TWO else 1


def _same(donor: str, alias: str, known: frozenset[str]) -> bool | None:
    """True: the same word; None: a misspelling of it; False: another word."""
    if donor == alias:
        return True
    two_readings = load_vocabulary().two_readings
    if alias in two_readings.get(donor, ()) or donor in two_readings.get(alias, ()):
        return True
    if len(donor) < NEAR_LENGTH or len(alias) < NEAR_LENGTH or donor in known:
        return False
    near = is_near(donor, alias, allowed(alias))
    # A real place is not a misspelling of another: Wilton and Milton, Layton and Dayton.
    return None if near and not is_place(donor) else False


def _starts_tail(word: str) -> bool:
    """Whether it is the beginning of "political …" or "committee" that a cut left."""
    return any(tail.startswith(word) and word != tail for tail in words_for("cut_tails"))


def _kind_allows(groups: frozenset[str], union: Union) -> bool:
    kinds = load_vocabulary().group_kinds
    return all(kinds.get(group) == union.kind for group in groups)
