"""A postal address after a name in the same cell, as forms with a "name and address" box leave it.

Abbreviations of streets are those of the Postal Service (Publication 28, appendix C1), as far as donors have them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from unionscreen.matching.places import STATE_NAMES
from unionscreen.matching.vocabulary import load_vocabulary


class SplitAddress(NamedTuple):
    """A text without the address at its end."""

    name: str
    address: str
    """Empty where there is none."""
    state: str = ""
    """Two letters, where the address has them before its ZIP code."""


# A street of this kind is one also without a ZIP code behind it. The others may end a name: "Teamsters 25 Drive".
_STREETS: Final = "avenue ave boulevard blvd highway hwy lane ln parkway pkwy road rd street suite ste".split()
_MORE_STREETS: Final = (
    "alley circle cir court ct drive dr expressway expy freeway fwy loop plaza plz place pl route rt square sq st "
    "terrace ter trail trl turnpike tpke way"
).split()
_SIDES: Final = r"(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)"
# A house number, up to four words that are not numbers ("5th" is a word), and the kind of street.
_HOUSE: Final = rf"\d{{1,6}}(?:-?[a-z]\b|-\d+)?\.? (?:{_SIDES}\.? )?(?:(?!\d+\b)[\w.-]+,? ){{0,3}}?"
_ZIP: Final = rf"[ ,.(](?P<state>{'|'.join(map(str.lower, STATE_NAMES))})[.,)]*\s*\d{{5}}(?:-\d{{4}})?\W*$"
_FULL: Final = re.compile(rf"(?P<address>\b{_HOUSE}(?:{'|'.join((*_STREETS, *_MORE_STREETS))})\b.*{_ZIP})")
_SHORT: Final = re.compile(
    rf"(?P<address>\b{_HOUSE}(?:{'|'.join(_STREETS)}|st(?= ?[,.]|$| [nsew]\b)|(?:loop|route) \d+)\b"
    rf"(?P<rest>(?:[ ,.#]*(?:{_SIDES}|suite|ste|apt|unit|floor|fl|room|rm|\d+[a-z]?)\b)*[\w ,.]{{0,40}})$)"
)
_BOX: Final = re.compile(r"(?P<address>\b(?:p\.? ?o\.?|post office) ?box [#\d].*)$")
_BOX_ZIP: Final = re.compile(rf".*{_ZIP}")
_DIGIT: Final = re.compile(r"\d")


def split_address(text: str) -> SplitAddress:
    """A cleaned text split into the name and the address that ends it.

    A text that is only an address stays whole: firms are called after theirs. So does a number that belongs to the
    name ("Local 100 Highway Patrol").

    >>> split_address("oakland police assn, 555 5th street, oakland, ca 94607")
    SplitAddress(name='oakland police assn', address='555 5th street, oakland, ca 94607', state='CA')
    >>> split_address("police assn po box 12").address, split_address("332 pine street").address
    ('po box 12', '')
    """
    if not _DIGIT.search(text):
        return SplitAddress(text, "")
    found = _BOX.search(text) or _first(_FULL, text) or _first(_SHORT, text)
    if found is None:
        return SplitAddress(text, "")
    name = text[: found.start()].rstrip(" ,;:(-/")
    if not re.search(r"[a-z]{2}", name):
        return SplitAddress(text, "")
    zipped = found if found.re is _FULL else _BOX_ZIP.fullmatch(found["address"])
    return SplitAddress(name, found["address"].strip(" ,;()"), (zipped["state"] if zipped else "").upper())


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place where the number is not the organization's own, and no word after the street is its name."""
    for found in (pattern.match(text, at.start()) for at in re.finditer(r"(?<![\w#-])\d", text)):
        if found is None:
            continue
        before = re.findall(r"\w+", text[: found.start()])
        if before and before[-1] in _numbered():
            continue
        if pattern is _SHORT and not _names().isdisjoint(re.findall(r"\w+", found["address"])):
            continue
        return found
    return None


@cache
def _numbered() -> frozenset[str]:
    """Words that a number follows, in all their spellings."""
    vocabulary = load_vocabulary()
    numbered = vocabulary.numbered - {"association"}  # "Police Association 12 Main Street"
    return numbered.union(filed for filed, read in vocabulary.words.items() if read in numbered)


@cache
def _names() -> frozenset[str]:
    """Words of organizations and their members, which no short address has."""
    vocabulary = load_vocabulary()
    known = {*vocabulary.type_groups, *vocabulary.forms, *vocabulary.acronyms, *vocabulary.tails} - {"union"}
    return frozenset(known).union(filed for filed, read in vocabulary.words.items() if read in known)
