"""The states as words of a name, for rules that check whether a name is statewide."""

from __future__ import annotations

from typing import Final

from unionscreen.errors import UsageError

# USPS codes and names, the names run together as names.py reads them.
STATE_NAMES: Final = {
    "AL": "alabama", "AK": "alaska", "AZ": "arizona", "AR": "arkansas", "CA": "california", "CO": "colorado",
    "CT": "connecticut", "DE": "delaware", "DC": "districtofcolumbia", "FL": "florida", "GA": "georgia",
    "HI": "hawaii", "ID": "idaho", "IL": "illinois", "IN": "indiana", "IA": "iowa", "KS": "kansas", "KY": "kentucky",
    "LA": "louisiana", "ME": "maine", "MD": "maryland", "MA": "massachusetts", "MI": "michigan", "MN": "minnesota",
    "MS": "mississippi", "MO": "missouri", "MT": "montana", "NE": "nebraska", "NV": "nevada", "NH": "newhampshire",
    "NJ": "newjersey", "NM": "newmexico", "NY": "newyork", "NC": "northcarolina", "ND": "northdakota", "OH": "ohio",
    "OK": "oklahoma", "OR": "oregon", "PA": "pennsylvania", "RI": "rhodeisland", "SC": "southcarolina",
    "SD": "southdakota", "TN": "tennessee", "TX": "texas", "UT": "utah", "VT": "vermont", "VA": "virginia",
    "WA": "washington", "WV": "westvirginia", "WI": "wisconsin", "WY": "wyoming",
}  # fmt: skip

_CODES: Final = {name: code for code, name in STATE_NAMES.items()}
# Territories, military post offices, provinces of Canada: a donor there is not in any of the states.
_ELSEWHERE: Final = frozenset("PR GU VI AS MP AA AE AP AB BC MB NB NL NS NT NU ON PE QC SK YT".split())


def state_code(text: str) -> str:
    """The two letters of the state in a filing; "" where it has none, which is not a reason against any union.

    >>> state_code(" ca"), state_code("New York"), state_code("N.Y."), state_code("ON"), state_code("USA")
    ('CA', 'NY', 'NY', 'ON', '')
    """
    letters = "".join(c for c in text.casefold() if c.isalpha())
    code = _CODES.get(letters, letters.upper())
    return code if code in STATE_NAMES or code in _ELSEWHERE else ""


def state_words(code: str) -> frozenset[str]:
    """The state's name as it is read in a donor's name, where two letters such as OR, IN and CO are other words.

    >>> state_words("OR"), state_words("")
    (frozenset({'oregon'}), frozenset())
    """
    return frozenset({STATE_NAMES[code]}) if code in STATE_NAMES else frozenset()


def known_state(text: str) -> str:
    """The two letters of the state that the user names.

    Raises:
        UsageError: it is not a state.
    """
    code = state_code(text)
    if not code:
        raise UsageError(f"{text!r} is not a state", hint="for example CA")
    return code


# Words for the whole country; a name with no other such word has no place.
NATIONWIDE: Final = frozenset({"national", "american", "america", "americas", "us", "united"})

# Words that can be beside a state in the name of a statewide or national organization.
STATES: Final = frozenset({*STATE_NAMES.values(), *NATIONWIDE, "major", "western", "statewide"})

# The single words of the states' names, for correcting typos. Words under four letters are too close to others.
STATE_WORDS: Final = frozenset(
    {
        name
        for name in STATE_NAMES.values()
        if not name.startswith(("new", "north", "south", "west", "rhode", "district"))
    }
    | {
        "north",
        "south",
        "west",
        "carolina",
        "dakota",
        "virginia",
        "rhode",
        "island",
        "jersey",
        "mexico",
        "hampshire",
        "york",
    }
)
