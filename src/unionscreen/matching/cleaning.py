"""The text of a name as filed, cleaned: encodings, accents, initials, and what a join of tables left around it.

Nothing here knows a word: :mod:`unionscreen.matching.names` reads the words of a cleaned text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from unionscreen.invisible import latin, without_invisible

# Names in filings have a few dozen characters; a longer one is a paragraph or an attack, and is read up to here.
MAX_LENGTH: Final = 400

_PLAIN_PUNCTUATION: Final = " .,-'"
_APOSTROPHES: Final = re.compile("[\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc']")
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b(?!/))?")
_SPACED: Final = re.compile(r"(?<![\w&])[a-z](?: [a-z]){2,}(?![\w&/])")
# What a join leaves around a name where a part of it was missing, as programs write it. "Nan" is a given name, "NAT" is
# national, and "NA" before a name may be a part of it.
_LEFT_BY_JOINS: Final = r"(?:nan|NaN|NAN|NaT|None|NONE|NULL|null|<NA>|\(null\)|#N/A|N/A|n/a|\\N)"
_HEAD_OF_JOIN: Final = re.compile(rf"^(?:{_LEFT_BY_JOINS}[\s,;]+|NA\s*[,;]\s*)+")
# Without going back into what it has read: "(null)" is also two characters that are no letters, and a word.
_LEFT_ALONE: Final = re.compile(rf"(?:{_LEFT_BY_JOINS}|NA|\W)*+")
# What a text that names nobody consists of; also for Arrow's expressions.
NO_NAME_PATTERN: Final = rf"(?:(?:{_LEFT_BY_JOINS}|NA)\b|[\W_])*"
_NO_NAME: Final = re.compile(f"{NO_NAME_PATTERN}+", re.IGNORECASE)  # without going back, too
_TAIL_OF_JOIN: Final = re.compile(rf"(?<![\s,;])(?:[\s,;]++(?:{_LEFT_BY_JOINS}|NA))+[\s,;]*+$")
_MOJIBAKE: Final = re.compile("Ã.|â€|Â.")


def clean(raw: str) -> str:
    """Undo encoding damage and fold case and accents; punctuation stays.

    >>> clean("Chicago Police Sergeant&#x27;s Association")
    'chicago police sergeants association'
    """
    text = without_invisible(raw[: 2 * MAX_LENGTH])[:MAX_LENGTH]
    if "&" in text:
        import html  # its table of names takes a while to load, and few names need it

        text = without_invisible(html.unescape(html.unescape(text)))  # "Pol&shy;ice"
    if _MOJIBAKE.search(text):
        with suppress(UnicodeError):  # it only looked like mojibake: the characters are meant
            text = without_invisible(text.encode("cp1252").decode("utf-8"))
    text = text.replace("\\'", "'")
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text))
        text = latin("".join(c for c in text if not unicodedata.combining(c)))
        text = "".join(c if c.isprintable() else " " for c in text)
    text = _APOSTROPHES.sub("", text.lower())
    text = text.replace("&", " and ").replace('"', " ")
    return " ".join(text.split())


def squash(text: str) -> str:
    """Only letters and digits, so that blanks and punctuation do not count."""
    return re.sub(r"[^a-z0-9]+", "", text)


def squashed(names: Sequence[str]) -> list[str]:
    """Many names cleaned and squashed at once.

    Most have only letters and plain punctuation, where cleaning changes nothing else; one by one this took a fifth
    of the time of a ``check``.
    """
    text = "\n".join(names)
    for character in _PLAIN_PUNCTUATION:  # five passes take a tenth of one through a table
        text = text.replace(character, "")
    plain = text.lower().split("\n") if names else []
    return [
        line if line.isascii() and line.isalnum() else squash(clean(name))
        for name, line in zip(names, plain, strict=True)
    ]


def _initials(text: str) -> str:
    """'p.b. a.' → 'pba', 'f o p' → 'fop'; single initials of people stay.

    >>> _initials("riverhead p.b.a."), _initials("southern states p.b. a."), _initials("f o p lodge 7")
    ('riverhead pba ', 'southern states pba ', 'fop lodge 7')
    """
    if "." in text:
        text = _DOTTED.sub(lambda hit: re.sub(r"[.\s]", "", hit[0]) + " ", text)
    return _SPACED.sub(lambda hit: hit[0].replace(" ", ""), text)


def join_initials(text: str) -> str:
    """A cleaned text with its initials joined: periods and spaces between them mean nothing.

    >>> join_initials("c.c.p.o.a."), join_initials("riverhead p.b.a., local 5"), join_initials("f o p lodge 7")
    ('ccpoa', 'riverhead pba, local 5', 'fop lodge 7')
    """
    joined = _initials(text)
    return text if joined == text else " ".join(joined.split()).replace(" ,", ",")


def split_words(text: str) -> list[str]:
    """The tokens of a cleaned text, with initials joined.

    >>> split_words("riverhead p.b.a. lodge#7")
    ['riverhead', 'pba', 'lodge', '#7']
    """
    text = _initials(text)
    text = re.sub(r"#\s*(?=\d)", " #", text)
    text = re.sub(r"\b(no|lodge|local|loc|unit|fop|pba)\.?(?=\d+\b)", r"\1 ", text)
    return re.findall(r"#?[a-z0-9]+", text)


def without_joins(raw: str) -> str:
    """A name without the empty values that a join left around it; a name of nothing else is kept.

    >>> without_joins("nan, Oakland POA, None, NA"), without_joins("Nan Smith"), without_joins("NULL, nan")
    ('Oakland POA', 'Nan Smith', 'NULL, nan')
    """
    raw = raw.strip()
    if len(raw) > MAX_LENGTH:
        return raw
    rest = _TAIL_OF_JOIN.sub("", _HEAD_OF_JOIN.sub("", raw))
    return raw if _LEFT_ALONE.fullmatch(rest) else rest


def is_no_name(raw: str) -> bool:
    """Whether a text names nobody: no letter and no digit in it, or only words for a missing value.

    >>> [is_no_name(each) for each in ("", "...", "N/A", "none, NULL", "Nan Smith", "32BJ")]
    [True, True, True, True, False, False]
    """
    return _NO_NAME.fullmatch(without_invisible(raw)) is not None
