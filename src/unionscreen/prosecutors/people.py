"""Who the person is behind a committee's name, and when two names are one person."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import OSA

from unionscreen.prosecutors.words import key, word_set, words

_SUFFIXES: Final = word_set("jr sr ii iii iv esq")
_TITLES: Final = word_set("dr mr mrs ms hon honorable judge atty attorney")
# Words of a committee's name that are no part of the person's: "The Committee to Re-Elect Jane Roe", "Roe Campaign".
_COMMITTEE: Final = word_set(
    "the committee comm cmte campaign friends friend citizens citizen people person neighbors residents supporters"
    " advocates families voters volunteers team elect reelect electing re vote keep retain support to for of by and"
    " inc llc pac fund account acct official exploratory id fppc fec principal our your all taxpayers women men"
    " democrats republicans democratic republican party lawyers attorneys parents 4 we in with organization"
)
# What a name is cut behind: "Friends of Jane Roe", "Committee to Elect Jane Roe", "Vote Keeler".
_CONNECTIVES: Final = word_set("of for elect reelect re-elect retain keep vote electing 4")
_PARTICLES: Final = word_set("van von de del della der la le st san dos da di du")
_PARENTHESES: Final = re.compile(r"\([^)]*(?:\)|$)")
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b|#?\s*\b\d{5,}\b|#\s*\d+")
# Mayor, Sheriff, …: whatever office follows "for" ends the person's name in a committee of an office we do not know.
_FOR: Final = re.compile(r"\s+(?:for|4)\s+", re.IGNORECASE)
# A first name shorter than this has a namesake one letter away (Jan/Jane, Dan/Dana, Maria/Marie).
_TYPO_LENGTH: Final = 6
# Within one word, two letters swapped or one changed, missing or added is a slip of the keyboard.
_TYPO_EDITS: Final = 1
_SURNAME_LENGTH: Final = 5


def natural_order(name: str) -> str:
    """A person's name as one says it: first name first, no all-capitals, no nickname or year in parentheses.

    >>> natural_order("JOHNSON, RUSSELL"), natural_order("RICH, JR., ELBERT (SKIP)")
    ('Russell Johnson', 'Elbert Rich Jr.')
    """
    bare = _PARENTHESES.sub(" ", name)
    last, *rest = [part.strip() for part in bare.split(",") if part.strip()] or [""]
    suffixes = [part for part in rest if key(part) in _SUFFIXES]
    given = [part for part in rest if key(part) not in _SUFFIXES]
    joined = " ".join([*given[:1], last, *given[1:], *suffixes])
    return natural_case(" ".join(joined.split()))


def natural_case(name: str) -> str:
    """Capitals only where a name has them; a name that is not all capitals is left as it is.

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
    """The person that a piece of a committee's name names, in natural order; None when there is none.

    >>> person_in("Friends of Jane Roe"), person_in("THE COMMITTEE TO RE-ELECT JOE MCBRIDE"), person_in("FUNK, GLENN")
    ('Jane Roe', 'Joe McBride', 'Glenn Funk')
    >>> person_in("Inc.") is None
    True
    """
    bare = _YEAR.sub(" ", _PARENTHESES.sub(" ", text))
    found = words(bare)
    starts = [i + 1 for i, word in enumerate(found) if word.folded in _CONNECTIVES and i + 1 < len(found)]
    first = starts[-1] if starts else 0
    last = len(found)
    while first < last and (found[first].folded in _COMMITTEE or found[first].folded in _TITLES):
        first += 1
    while last > first and (found[last - 1].folded in _COMMITTEE or found[last - 1].folded.isdigit()):
        last -= 1
    if first == last or any(word.folded.isdigit() for word in found[first:last]):
        return None
    end = found[last - 1].end
    if bare[end : end + 1] == ".":  # "Jr."
        end += 1
    return natural_order(bare[found[first].start : end].strip(" ,-–—")) or None


def person_of(recipient: str, candidate: str | None = None) -> str | None:
    """The person behind a recipient of any office, for ``--prosecutor`` and the headings.

    >>> person_of("Jim Cooper for Sheriff 2022"), person_of("Citizens for Jane Roe")
    ('Jim Cooper', 'Jane Roe')
    """
    if candidate and candidate.strip():
        return natural_order(candidate)
    before, *after = _FOR.split(recipient, maxsplit=1)
    own = person_in(before)
    if after and own is None:
        return person_of(after[0])
    return own


def name_parts(name: str) -> tuple[str, tuple[str, ...], str]:
    """First name, middle names and last name, folded; suffixes and titles left out.

    >>> name_parts("JOHNSON, RUSSELL A."), name_parts("Anne Marie de la Cruz Jr.")
    (('russell', ('a',), 'johnson'), ('anne', ('marie',), 'de la cruz'))
    """
    parts = [w.folded for w in words(natural_order(name)) if w.folded not in _SUFFIXES and w.folded not in _TITLES]
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
        typos: forgive one slip in a word, but never one that makes another first name.

    >>> same_person("johnson russell", "JOHNSON, RUSSELL A."), same_person("Jane Roe", "Jan Roe", typos=True)
    (True, False)
    >>> same_person("Thien Ho", "Thein Ho"), same_person("Thien Ho", "Thein Ho", typos=True)
    (False, True)
    """
    return any(_same_parts(left, name_parts(other), typos=typos) for left in (name_parts(one), *_other_way_round(one)))


def _other_way_round(name: str) -> list[tuple[str, tuple[str, ...], str]]:
    """The reading of "johnson russell" as surname first, where no comma says so."""
    parts = words(name)
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
    """A swap of two letters is a slip at any length; another letter or ending may be another name (Daniel, Daniela)."""
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
