"""The texts of a row in the register → an organization's name, number, kind, place and other names.

A lodge has its parent's name in the first line ("FRATERNAL ORDER OF POLICE") and its own in the second ("121 MIAMI
LODGE"); its name is both together: Miami Fraternal Order of Police Lodge 121.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from unionscreen.irs.register import RegisterRow, about_officers, register_words
from unionscreen.matching.cleaning import clean
from unionscreen.matching.names import NUMBER_WORDS, read_words
from unionscreen.matching.places import STATE_NAMES

LODGE: Final = "Fraternal Order of Police"
CUT: Final = 35
"""The register cuts a second line after this many characters."""
LONGEST: Final = 60
"""A first line of this many characters may have been cut off: it has at most 70."""
SHORTENED: Final = 10
"""A town's name with fewer characters was not shortened: the post office shortens names of more than 13."""

# The order's name, also as it is misspelled and cut off in the register.
_ORDER: Final = re.compile(
    r"\b(?:THE |NATIONAL )?(?:FRATERNAL|FATERNAL|FRATNERAL|FRATENAL) ?(?:ORDER|OREDER) (?:OF |0F )?"
    r"(?:POLICE|POLIC|POLI|PO)\b(?: GRAND LODGE)?|\bORDER OF POLICE\b"
)
_FOP: Final = re.compile(r"\bF ?O ?P\b")
# Words for a lodge, also as they are misspelled in the register.
_LODGE_WORDS: Final = r"LODGE|LDG|LODEGE|LOGDE|LED|LOD|LO DGE"
# The spellings that are not other words.
_MISSPELT: Final = re.compile(r"\b(?:FRATNERAL|FRATENAL|OREDER|0F|LODEGE|LOGDE|LOD)\b")
# Leading zeros of a number.
_ZEROS: Final = r"(?:0(?=\d))*+"
_NUMBER: Final = re.compile(
    rf"^{_ZEROS}(\d++ ?F?)\b|\b(?:{_LODGE_WORDS}|FOP|NO|NUMBER|#)\.? ?(?:NO|NUMBER|#)?\.? ?"
    rf"(?:{_ZEROS}(\d++F?)|([IVXL]+))\b|\b{_ZEROS}(\d++F?)$"
)
_LOCAL: Final = re.compile(
    rf"\b(?:LOCAL(?: UNION)?|LOC|LCL|UNIT|CHAPTER|IBPO|I B P O)(?: NO| #)? {_ZEROS}(\d++[A-Z]?)\b"
)
_CODE: Final = re.compile(rf"^(?:\d\d-{_ZEROS}(\d++)-([A-Z]+)|L{_ZEROS}(\d++)[A-Z]{{0,2}}|{_ZEROS}(\d++))\b ?")
_AFSCME: Final = re.compile(r"^L\d{3,4}[A-Z]{2} ")
_FORMAL: Final = re.compile(r" (?:INC|INCORPORATED|LLC|LTD|CORP)\b")
_ROMAN: Final = {
    "I": "1",
    "II": "2",
    "III": "3",
    "IV": "4",
    "V": "5",
    "VI": "6",
    "VII": "7",
    "VIII": "8",
    "IX": "9",
    "X": "10",
}
# Words that are not a lodge's name by themselves.
_EMPTY: Final = frozenset({"OF", "THE", "AND", "NO", "NUMBER", "CHAPTER"})
# Before a state's letters: the part of the state. Elsewhere these letters only repeat the state.
_PARTS: Final = frozenset(
    "SOUTHERN NORTHERN EASTERN WESTERN CENTRAL LOWER UPPER NORTHWEST NORTHEAST SOUTHWEST SOUTHEAST NORTH SOUTH EAST "
    "WEST OF OLD".split()
)


class Body(NamedTuple):
    """An organization as in the register."""

    row: RegisterRow
    name: str
    form: str
    """lodge or empty."""
    number: str
    kind: str
    place: str
    """Only where name and mailing town agree, or the name has the county."""
    aliases: tuple[str, ...]
    """Its other names in filings."""

    @property
    def is_lodge(self) -> bool:
        """Whether it is a numbered lodge of the Fraternal Order of Police."""
        return self.form == "lodge" and bool(self.number)


def read_body(row: RegisterRow) -> Body:
    """The organization of a row."""
    name, second = (_FORMAL.sub("", _plain(text)) for text in (row.name, row.second))
    parent = _parent(name)
    if _AFSCME.match(name):
        parent, second = "AFSCME", name
    if parent and second:
        return _local(row, parent, second)
    if _ORDER.search(name) or _FOP.search(name) or (_FOP.search(second) and row.group != "0000"):
        return _lodge(row, name, second)
    if second and (row.group != "0000" or (about_officers(second) and not about_officers(name))):
        name = f"{name} {second}"
    own = titled(name, row, completed=len(row.second) >= CUT)
    found = _LOCAL.search(name)
    # A member of a group has its parent's name in the first line, which alone is not its own name.
    aliases = [row.filed, "" if row.second and row.group != "0000" else row.name]
    return _body(row, own, "", found[1] if found else "", aliases)


def _parent(name: str) -> str:
    key = " ".join(re.sub(r"[^A-Z]", " ", name.replace("&", " AND ")).lower().split())
    return str(register_words()["parents"].get(key, ""))


def _plain(text: str) -> str:
    """Capitals without punctuation, with separated initials joined: "C O P S", "P D", "SHERIFF S"."""
    text = re.sub(r"[.,/]", " ", text.upper().replace("'", "")).replace(" - ", " ")
    text = re.sub(r"\b([A-Z]{3,}) S(?= |$)", r"\1S", " ".join(text.split()))
    text = re.sub(r"\bP O (?=ASS|UNION)", "POLICE OFFICERS ", re.sub(r"\bP D\b", "PD", text))
    return re.sub(r"\b[A-Z](?: [A-Z]){2,}\b", lambda hit: hit[0].replace(" ", ""), text)


def _lodge(row: RegisterRow, name: str, second: str) -> Body:
    rest = _without_order(name)
    own = first = _own_words(rest)
    other = _own_words(_without_order(second))
    number = _number(rest) or _number(second)
    if not own:
        own = other
    if not number and re.search(r"\bLABOR\b|\bSTATE (?:LODGE|FOP)\b", f"{name} {second}"):
        text = titled(" ".join(own), row, completed=len(row.second) >= CUT)
        full = f"{LODGE} {text}" if "LABOR" in own else f"{text.removesuffix(' State')} State Lodge {LODGE}"
        return _body(row, " ".join(full.split()), "lodge", "", [row.filed])
    text = titled(" ".join(own), row, completed=len(row.second) >= CUT)
    lodge = f"Lodge {number}".strip()
    # "South Dakota Fraternal Order of Police" is the state's own organization, and its Lodge 6 is another.
    parts = (text, lodge, LODGE) if text == state_name(row.state) else (text, LODGE, lodge)
    full = " ".join(" ".join(parts).split())
    aliases = [row.filed, row.name if row.second and (first or _number(rest)) else ""]
    if number:
        short = f"{text} FOP {lodge}" if text else f"FOP {lodge}"
        aliases += [short, f"{text} {lodge}" if text else ""]
        aliases.append(f"FOP {lodge}")
    return _body(row, full, "lodge", number, aliases)


def _without_order(text: str) -> str:
    text = _ORDER.sub(" FOP ", text)
    return " ".join(text.split())


def _own_words(rest: str) -> list[str]:
    """The rest of a lodge's line without the order, the word for lodge and the number."""
    rest = _NUMBER.sub(" ", rest)
    rest = re.sub(rf"\b(?:{_LODGE_WORDS}|F ?O ?P)\b", " ", rest)
    rest = re.sub(r"\b\d++F?$|^\d++F?\b", " ", rest.strip())
    found = rest.replace("-", " ").split()
    while found and found[0] in _EMPTY:
        found.pop(0)
    while found and found[-1] in _EMPTY:
        found.pop()
    return found


def _number(text: str) -> str:
    hit = _NUMBER.search(text)
    if hit is None:
        return ""
    number = next(filter(None, hit.groups())).replace(" ", "")
    return _ROMAN.get(number, number if number[0].isdigit() else NUMBER_WORDS.get(number.lower(), ""))


def _local(row: RegisterRow, parent: str, second: str) -> Body:
    """A local under its parent's name: "L1361CT MIDDLETOWN POLICE DEPT EMP", "00-362-IBPO WOODBRIDGE CT PD"."""
    code = _CODE.match(second)
    rest = second[code.end() :] if code else second
    number = code[1] or code[3] or code[4] if code else ""
    if code and code[2] == "IBPO":
        parent = code[2]
    if code and code[4] and rest.startswith(f"{row.state} "):
        rest = rest[3:]
    found = _LOCAL.search(rest)
    if found and not number:
        number = found[1]
    rest = " ".join(
        re.sub(rf"\b(?:{parent}|LOCAL UNION|LOCAL|LOC|NEPBA|IBPO)\b(?: 0*{number or 'X'}\b)?", " ", rest).split()
    )
    text = titled(rest, row, completed=len(row.second) >= CUT)
    local = f"Local {number}".strip() if number else ""
    own = " ".join(f"{parent} {local} {text}".split())
    aliases = [row.filed, row.second if text and about_officers(row.second) else ""]
    aliases += [" ".join(f"{text} {parent} {local}".split())] if text and number else []
    return _body(row, own, "", number, aliases)


def _body(row: RegisterRow, name: str, form: str, number: str, aliases: Sequence[str]) -> Body:
    place = place_in_name(name, row.city)
    seen = {name.casefold()}
    kept = []
    for alias in aliases:
        if alias and alias.casefold() not in seen and not _damaged(alias, row):
            seen.add(alias.casefold())
            kept.append(alias)
    return Body(row, name, form, number, kind_of(name, place), place, tuple(kept))


def _damaged(alias: str, row: RegisterRow) -> bool:
    """Whether a line of the register is cut off or misspelled: on the list its parts would be taken for words.

    The matcher corrects such a name itself when a donor has it.
    """
    last = alias.upper().split()[-1]
    cut = len(row.second) >= CUT or len(row.name) >= LONGEST
    if cut and alias.isupper() and _completed(last) != last and last.lower() not in register_words()["spelled"]:
        return True
    return alias.isupper() and (
        _MISSPELT.search(alias) is not None or any(word.typo for word in read_words(clean(alias)))
    )


def titled(text: str, row: RegisterRow, *, completed: bool = False) -> str:
    """The register's capitals in normal writing, with its abbreviations spelled out.

    Args:
        text: words in capitals.
        row: their row; its state's letters are read as the state.
        completed: the line was cut off, so that letters may be missing from its last word.
    """
    spelled, capitals, small = register_words()["spelled"], register_words()["capitals"], register_words()["small"]
    tokens = _as_the_town(text.replace("D ALENE", "D'ALENE").split(), row.city)
    out: list[str] = []
    for at, token in enumerate(tokens):
        last = at == len(tokens) - 1
        if completed and last:
            token = _completed(token)
        low = token.lower()
        if token in {row.state, "CONN", "KANSAS" if row.state == "KS" else ""} and len(tokens) > 1 and low not in small:
            if (
                not at
                or tokens[at - 1] in _PARTS
                or not (last or about_officers(tokens[at + 1]) or tokens[at + 1] in _AFTER)
            ):
                out.append(state_name(row.state))
            continue  # "NORWALK CT POLICE": the list has the state beside the name
        if low in small and at:
            out.append(low)
        elif low == "co":
            out.append("County" if at else "Co")
        elif low == "fed":
            out.append("Federation" if not last and tokens[at + 1] == "OF" else "Federal")
        elif low in {"st", "mt"}:
            out.append(token.capitalize() if last else spelled[low])
        elif low in spelled:
            out.append(spelled[low])
        elif low in capitals or not re.search(r"[aeiouy\d]", low) or _INITIALS.fullmatch(low):
            out.append(token)
        else:
            out.append(re.sub(r"[A-Z]+(?:'[A-Z]+)?", lambda hit: _cased(hit[0]), token))
    return " ".join(_undoubled(out))


# Words for an organization, after a place and its state's letters.
_AFTER: Final = frozenset({"PD", "DETENTION", "LAW", "LODGE", "UNION", "IBPO", "OFFICERS", "FRATERNAL"})
# Initials with vowels: "JCPOA", "KCDSA", "RCSO".
_INITIALS: Final = re.compile(r"[a-z]{1,4}(?:poa|dsa|pba|cso|pd)")


_COMPASS: Final = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}


def _as_the_town(tokens: list[str], city: str) -> list[str]:
    """The tokens with the compass point of a town in full: "E GRANBY" whose mail goes to East Granby."""
    town = city.upper().split()
    if len(tokens) > 1 and len(town) > 1 and tokens[0] in _COMPASS and town[-1] in tokens[1:]:
        return [_COMPASS[tokens[0]], *tokens[1:]]
    return tokens


def _cased(word: str) -> str:
    if word.startswith("MC") and len(word) > 4:
        return "Mc" + word[2:].capitalize()
    if word.startswith("D'"):
        return "d'" + word[2:].capitalize()
    if word in {"TH", "ND", "RD", "ST"}:
        return word.lower()
    return word.capitalize()


def _undoubled(tokens: list[str]) -> list[str]:
    return [token for at, token in enumerate(tokens) if not at or token.casefold() != tokens[at - 1].casefold()]


def _completed(token: str) -> str:
    """A word that the register cut off, completed.

    >>> _completed("COUNC"), _completed("POLIC"), _completed("A"), _completed("HAVRE")
    ('COUNCIL', 'POLICE', 'ASSOCIATION', 'HAVRE')
    """
    if token == "A":  # noqa: S105 - a letter of a name
        return "ASSOCIATION"
    whole = [
        word.upper() for word in register_words()["completed"] if word.upper().startswith(token) and len(token) > 2
    ]
    return whole[0] if whole else token


def state_name(code: str) -> str:
    """The name of a state: ``NM`` is New Mexico."""
    name = STATE_NAMES[code]
    for first in ("new", "north", "south", "west", "rhode"):
        if name.startswith(first) and name not in {"southern"}:
            return f"{first.capitalize()} {name[len(first) :].capitalize()}"
    return {"DC": "District of Columbia"}.get(code, name.capitalize())


def place_in_name(text: str, city: str) -> str:
    """The place in a name: a county, or the town of its mail if the name has it too.

    >>> place_in_name("Bonner Springs", "BONNER SPGS"), place_in_name("Kent County Sheriffs", "DOVER")
    ('Bonner Springs', 'Kent County')
    >>> place_in_name("Elk", "ERIE")
    ''
    """
    tokens = text.replace("-", " ").split()
    for at, token in enumerate(tokens):
        if at and token in {"County", "Parish"}:
            two = at > 1 and tokens[at - 2] in _FIRST_HALVES
            return " ".join(tokens[at - 1 - two : at + 1])
    town = city.upper().replace("-", " ").split()
    for at in range(len(tokens) - len(town) + 1):
        pairs = [(short, long.upper().rstrip(".")) for short, long in zip(town, tokens[at:], strict=False)]
        if pairs and all(_short_for(*pair, cut=len(city) >= SHORTENED) for pair in pairs):
            return " ".join(tokens[at : at + len(town)])
    return ""


# First words of counties' names that have two.
_FIRST_HALVES: Final = frozenset(
    "St. Salt La Le El New San Santa Fort West East North South Nez Prince Los Anne Rio Grand Scotts Bon Walla Des De "
    "Red Big Deer Lewis Tri Palm Royal King Queen Van Cape Contra Las Rock".split()
)


def _short_for(short: str, long: str, *, cut: bool) -> bool:
    """Whether a mailing town's word is the name's word, or a short form of it: "SPGS", "N", "CAMPBELLSVLLE".

    Args:
        short: the town's word.
        long: the name's word.
        cut: the town's name is so long that the post office may have shortened it.
    """
    if short == long or long == _COMPASS.get(short) or {short, long} in _SAME:
        return True
    letters = iter(long)
    return cut and short[0] == long[0] and 2 < len(short) < len(long) and all(letter in letters for letter in short)


_SAME: Final = ({"ST", "SAINT"}, {"MT", "MOUNT"}, {"FT", "FORT"})


def kind_of(text: str, place: str) -> str:
    """The kind of an organization, without the words of its place: Marshall County has no marshals' lodge."""
    rest = f" {text.lower().replace('-', ' ')} "
    for word in place.lower().replace(".", "").replace(" county", "").replace(" parish", "").split():
        rest = rest.replace(f" {word} ", "  ", 1)
    rest = re.sub(r"\b[a-z]+(?=dsa\b|cso\b)", "", rest)  # "KCDSA": a county's deputies
    for rule in register_words()["kinds"]:
        if any(f" {word} " in rest for word in rule["words"]):
            return str(rule["kind"])
    return "police"
