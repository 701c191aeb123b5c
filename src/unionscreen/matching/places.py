"""The states as words of a name, for rules that ask whether a name is state-wide."""

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
# Territories, the forces' post offices, provinces of Canada: a donor there is in none of the states.
_ELSEWHERE: Final = frozenset("PR GU VI AS MP AA AE AP AB BC MB NB NL NS NT NU ON PE QC SK YT".split())


def state_code(text: str) -> str:
    """The two letters of the state that a filing names; "" where it names none, which is no witness against anybody.

    >>> state_code(" ca"), state_code("New York"), state_code("N.Y."), state_code("ON"), state_code("USA")
    ('CA', 'NY', 'NY', 'ON', '')
    """
    letters = "".join(c for c in text.casefold() if c.isalpha())
    code = _CODES.get(letters, letters.upper())
    return code if code in STATE_NAMES or code in _ELSEWHERE else ""


def state_words(code: str) -> frozenset[str]:
    """The state's name as the words of a donor are read; two letters such as OR, IN and CO are other words there.

    >>> state_words("OR"), state_words("")
    (frozenset({'oregon'}), frozenset())
    """
    return frozenset({STATE_NAMES[code]}) if code in STATE_NAMES else frozenset()


def known_state(text: str) -> str:
    """The two letters of the state that the user names.

    Raises:
        UsageError: it is none.
    """
    code = state_code(text)
    if not code:
        raise UsageError(f"{text!r} is no state", hint="for example CA")
    return code


# Words for the whole country; a body that names nothing else names no place.
NATIONWIDE: Final = frozenset({"national", "american", "america", "americas", "us", "united"})

# What stands beside a state in the name of a state-wide or national body without narrowing it.
STATES: Final = frozenset({*STATE_NAMES.values(), *NATIONWIDE, "major", "western", "statewide"})

# The words of the states' names, one by one: what a slip in a name may hide. Those under four letters have neighbors.
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
