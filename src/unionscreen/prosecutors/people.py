"""The person in a committee's name, and whether two names can be one person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA

from unionscreen.prosecutors.words import COMMITTEE_WORDS, NameWord, name_key, name_words

_DASH: Final = re.compile(r"[:|–—]|\s-|-\s")
_POSSESSIVE: Final = re.compile(r"['’]s$", re.IGNORECASE)
# What each list is for: see ``data/committee_words.toml``.
_SUFFIXES: Final = COMMITTEE_WORDS["suffixes"]
_TITLES: Final = COMMITTEE_WORDS["titles"]
_POSTS: Final = COMMITTEE_WORDS["posts"]
_SHORT_TITLES: Final = COMMITTEE_WORDS["short_titles"]
_INCUMBENT: Final = COMMITTEE_WORDS["incumbent"]
_COMMITTEE: Final = COMMITTEE_WORDS["committee"]
_DEMONYMS: Final = COMMITTEE_WORDS["demonyms"]
_CAUSES: Final = COMMITTEE_WORDS["causes"]
_ARTICLES: Final = COMMITTEE_WORDS["articles"]
_CAUSES_OR_NAMES: Final = COMMITTEE_WORDS["causes_or_names"]
_PLACE_END: Final = COMMITTEE_WORDS["place_end"]
_OF_A_PERSON: Final = COMMITTEE_WORDS["of_a_person"]
_CONNECTIVES: Final = COMMITTEE_WORDS["connectives"]
_PARTICLES: Final = COMMITTEE_WORDS["particles"]
_STATES: Final = COMMITTEE_WORDS["states"]
_CITIES: Final = COMMITTEE_WORDS["cities"]
_PARENTHESES: Final = re.compile(r"\([^)]*(?:\)|$)")
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b|(?<!\s)\s*+\b\d{5,}\b|#\s*+\d+")
_FOR: Final = frozenset({"for", "4"})
# More words after the committee's name are not given names.
_GIVEN_NAMES: Final = 3
# A first name shorter than this has a namesake one letter away (Jan/Jane, Dan/Dana, Maria/Marie).
_TYPO_LENGTH: Final = 6
# Two letters of a word swapped, or one changed, missing or added, is a typing error.
_TYPO_EDITS: Final = 1
_SURNAME_LENGTH: Final = 5


def natural_order(name: str) -> str:
    """A person's name in spoken order: first name first, not in all capitals, no nickname or year in parentheses.

    >>> natural_order("JOHNSON, RUSSELL"), natural_order("RICH, JR., ELBERT (SKIP)")
    ('Russell Johnson', 'Elbert Rich Jr.')
    """
    bare = _PARENTHESES.sub(" ", name)
    last, *rest = [part.strip() for part in bare.split(",") if part.strip()] or [""]
    rest = [piece for part in rest for piece in _without_suffix(part)]
    suffixes = [part for part in rest if name_key(part) in _SUFFIXES]
    given = [part for part in rest if name_key(part) not in _SUFFIXES]
    joined = " ".join([*given[:1], last, *given[1:], *suffixes])
    return natural_case(" ".join(joined.split()))


def _without_suffix(given: str) -> list[str]:
    """Given names, and a suffix after them as its own part: "Robin Sr." is Robin, and Sr."""
    first, _, last = given.rpartition(" ")
    return [first, last] if first and name_key(last) in _SUFFIXES else [given]


def generation(name: str) -> str:
    """The suffix that distinguishes father and son, folded; "" where there is none.

    >>> generation("Robin Vale Jr."), generation("Robin Vale, Esq."), generation("Robin Vale")
    ('jr', '', '')
    """
    return next((word.folded for word in name_words(name) if word.folded in _SUFFIXES and word.folded != "esq"), "")


def natural_case(name: str) -> str:
    """Capitals only where a name has them; a name that is not in all capitals stays as it is.

    >>> natural_case("SALVATORE F. O'MALLEY-MCBRIDE III"), natural_case("Darcel D. Clark")
    ("Salvatore F. O'Malley-McBride III", 'Darcel D. Clark')
    """
    if name != name.upper():
        return name
    return re.sub(r"[^\W\d_]+", lambda match: _word_case(match.group()), name)


def _word_case(word: str) -> str:
    if word.casefold() in {"ii", "iii", "iv"} or len(word) == 1:
        return word
    if word.startswith("MC") and len(word) > len("MC") + 1:
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def person_in(text: str) -> str | None:
    """The person named in a part of a committee's name, in natural order; None when there is none.

    What follows "for" is a person only if the words before it are all for groups of people; else it is a place, an
    office or a slogan.

    >>> person_in("Friends of Jane Roe"), person_in("THE COMMITTEE TO RE-ELECT JOE MCBRIDE"), person_in("FUNK, GLENN")
    ('Jane Roe', 'Joe McBride', 'Glenn Funk')
    >>> person_in("Roe for Delaware"), person_in("Citizens for Jane Roe"), person_in("Jane Roe for a Safer County")
    ('Roe', 'Jane Roe', 'Jane Roe')
    >>> person_in("Inc."), person_in("Citizens for Safer Streets")
    (None, None)
    """
    bare = _YEAR.sub(" ", _PARENTHESES.sub(" ", text))
    found = list(name_words(bare))
    ends = [i for i, word in enumerate(found) if word.folded in _FOR]
    for first, last in zip([0, *(end + 1 for end in ends)], [*ends, len(found)], strict=True):
        piece = found[first:last]
        if last < len(found) and _is_group(piece):
            continue
        named = _named(bare, piece, behind_for=first > 0)
        if last < len(found) and is_slogan([word.folded for word in found[first:] if word.folded not in _FOR]):
            return None  # "Justice for All"
        if named or last == len(found) or all(word.folded in _CAUSES for word in piece):
            return named
    return None


def _is_group(piece: Sequence[NameWord]) -> bool:
    """Whether the words before "for" are a group of people without names: "Citizens", "Women of Dane County"."""
    folded = [word.folded for word in piece]
    if "of" in folded and not _OF_A_PERSON.isdisjoint(folded[: folded.index("of")]):
        folded = folded[folded.index("of") + 1 :]
    elif "of" in folded and all(word in _COMMITTEE or word in _CAUSES for word in folded[: folded.index("of")]):
        return True
    if folded and folded[-1] in _DEMONYMS:
        return True
    groups = [word for word in folded if word in _COMMITTEE]
    return len(groups) == len(folded) or (
        bool(groups) and all(word in _COMMITTEE or word in _CAUSES or word == "law" for word in folded)
    )


def _named(text: str, piece: Sequence[NameWord], *, behind_for: bool) -> str | None:
    """The person in words without "for": what remains without the words of the committee."""
    folded = [word.folded for word in piece]
    if "of" in folded[1:] and _COMMITTEE.isdisjoint(folded[: folded.index("of")]):  # "Jane Roe of Delaware"
        folded = folded[: folded.index("of")]
    cuts = [i + 1 for i, word in enumerate(folded) if word in _CONNECTIVES and i + 1 < len(folded)]
    cuts = [i for i in cuts if not all(word in _COMMITTEE for word in folded[i:])]
    first, last = (cuts[-1] if cuts else 0), len(folded)
    while first < last and (folded[first] in _COMMITTEE or _is_title(piece, first, last)):
        first += 1
    while last > first and (folded[last - 1] in _COMMITTEE or folded[last - 1].isdigit()):
        last -= 1
    if last - first > 1 and folded[last - 1] in _SHORT_TITLES:
        last -= 1
    while last - first > 2 and folded[last - 1] in _POSTS:  # "Elect Jane Roe Sheriff"
        last -= 1
    first, last = _without_motto(text, piece, first, last)
    name = folded[first:last]
    behind_for = behind_for or bool(cuts)
    if not name or any(word.isdigit() for word in name) or _is_cause_or_place(name, behind_for=behind_for):
        return None
    if behind_for and name[0] in _ARTICLES and text[piece[first].end : piece[first].end + 1] != ".":  # "a Robin Vale"
        return None
    end = piece[last - 1].end
    if text[end : end + 1] == ".":  # "Jr."
        end += 1
    person = text[piece[first].start : end].strip(" ,-–—")
    if last < len(piece):  # "Roe's Victory Fund"
        person = _POSSESSIVE.sub("", person)
    return natural_order(person) or None


def _without_motto(text: str, piece: Sequence[NameWord], first: int, last: int) -> tuple[int, int]:
    """The range of a name's words, without a motto after a dash or colon: "Roe - Justice"."""
    for i in range(first + 1, last):
        if _DASH.search(text[piece[i - 1].end : piece[i].start]):
            left = [word.folded for word in piece[first:i]]
            return (i, last) if _is_cause_or_place(left, behind_for=True) else (first, i)
    return first, last


def _is_title(piece: Sequence[NameWord], at: int, end: int) -> bool:
    """Whether a word before a name is a title: "Judge Vale", "Re-Elect DA Vale", but not "Elect Da Silva"."""
    word = piece[at]
    if word.folded in _TITLES or word.folded in _POSTS:
        return at + 1 < end or word.folded in _TITLES
    if word.folded not in _SHORT_TITLES or at + 1 == end:
        return False
    dotted = word.end - word.start > len(word.folded)
    return (
        word.capitals or dotted or any(each.folded in _INCUMBENT for each in piece[:at]) or _is_reelection(piece[:at])
    )


def _is_reelection(piece: Sequence[NameWord]) -> bool:
    return any(one.folded == "re" and other.folded == "elect" for one, other in pairwise(piece))


def _is_cause_or_place(name: Sequence[str], *, behind_for: bool) -> bool:
    """Whether words are a slogan or a place, not a name; after "for" one word of a slogan is enough."""
    place = name[1:] if name[0] in _CAUSES else name
    if " ".join(place) in _STATES | _CITIES or (len(name) > 1 and name[-1] in _PLACE_END):
        return True
    if all(word in _CAUSES or word in _COMMITTEE or (behind_for and word in _CAUSES_OR_NAMES) for word in name):
        return True
    return behind_for and not _CAUSES.isdisjoint(name)


def is_slogan(folded: Sequence[str]) -> bool:
    """Whether all folded words are a slogan's, so that they are neither a person nor a place.

    >>> is_slogan(["safer", "streets"]), is_slogan(["new"]), is_slogan(["new", "york"]), is_slogan(["dane", "county"])
    (True, True, False, False)
    """
    return all(word in _CAUSES or word in _CAUSES_OR_NAMES or word in _COMMITTEE for word in folded)


def with_given_name(surname: str | None, given: str) -> str | None:
    """A person whose given name the agency writes at the end, as CAL-ACCESS does to sort by surname.

    >>> with_given_name("Vale", "ROBIN"), with_given_name("Vale", "DR. ROBIN L. 2026"), with_given_name("Vale", "Ohio")
    ('Robin Vale', 'Robin L. Vale', 'Vale')
    """
    found = person_in(given)
    if found is None or surname is None or _is_cause_or_place(name_key(found).split(), behind_for=True):
        return surname
    if set(name_key(surname).split()) <= set(name_key(found).split()):
        return found
    if len(name_key(found).split()) > _GIVEN_NAMES or not set(name_key(surname).split()).isdisjoint(
        name_key(found).split()
    ):
        return surname
    return f"{found} {surname}"


@lru_cache(maxsize=65_536)  # as many as words() keeps
def name_parts(name: str) -> tuple[str, tuple[str, ...], str]:
    """First name, middle names and last name, folded; suffixes and titles left out.

    >>> name_parts("JOHNSON, RUSSELL A."), name_parts("Anne Marie de la Cruz Jr.")
    (('russell', ('a',), 'johnson'), ('anne', ('marie',), 'de la cruz'))
    """
    parts = [w.folded for w in name_words(natural_order(name)) if w.folded not in _SUFFIXES and w.folded not in _TITLES]
    if not parts:
        return "", (), ""
    begin = len(parts) - 1
    while begin > 1 and parts[begin - 1] in _PARTICLES:
        begin -= 1
    return (parts[0] if begin else ""), tuple(parts[1:begin]), " ".join(parts[begin:])


def same_person(one: str, other: str, *, typos: bool = False) -> bool:
    """Whether two names can be one person's: order, case, middle names and initials aside.

    Args:
        one: a name in any order.
        other: another; a surname alone is anybody of that name.
        typos: ignore one typing error in a word, but never one that makes another first name.

    >>> same_person("johnson russell", "JOHNSON, RUSSELL A."), same_person("Jane Roe", "Jan Roe", typos=True)
    (True, False)
    >>> same_person("Thien Ho", "Thein Ho"), same_person("Thien Ho", "Thein Ho", typos=True)
    (False, True)
    """
    return any(_same_parts(left, name_parts(other), typos=typos) for left in (name_parts(one), *_surname_first(one)))


def _surname_first(name: str) -> list[tuple[str, tuple[str, ...], str]]:
    """The reading of "johnson russell" as surname first, where there is no comma."""
    parts = name_words(name)
    return (
        [name_parts(f"{name[: parts[0].end]}, {name[parts[1].start :]}")] if "," not in name and len(parts) > 1 else []
    )


def _same_parts(
    left: tuple[str, tuple[str, ...], str], right: tuple[str, tuple[str, ...], str], *, typos: bool
) -> bool:
    (first, middle, last), (other_first, other_middle, other_last) = left, right
    if not last or not other_last or not _near(last, other_last, _SURNAME_LENGTH if typos else None):
        return False
    if not first or not other_first:
        return True
    if not _near_first(first, other_first, typos=typos):
        return False
    return all(
        a[0] == b[0] and (len(a) == 1 or len(b) == 1 or a == b) for a, b in zip(middle, other_middle, strict=False)
    )


def _near(one: str, other: str, typo_length: int | None) -> bool:
    if one == other:
        return True
    if typo_length is None or min(len(one), len(other)) < typo_length:
        return False
    return OSA.distance(one, other, score_cutoff=_TYPO_EDITS) <= _TYPO_EDITS


def _near_first(one: str, other: str, *, typos: bool) -> bool:
    """A swap of two letters is a typing error at any length; another letter or ending may be another name (Daniela)."""
    if one == other or not typos:
        return one == other
    if sorted(one) == sorted(other):
        return OSA.distance(one, other) <= _TYPO_EDITS
    shorter, longer = sorted((one, other), key=len)
    if longer[:-1] == shorter and longer[-1] in "aeiouy":
        return False
    if len(one) == len(other) and one[-1] != other[-1]:
        return False
    return _near(one, other, _TYPO_LENGTH)
