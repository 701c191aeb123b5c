"""Invisible characters: they may be inside a word, but are not part of it.

Web pages, word processors and old databases leave them in names (soft hyphens, joiners, direction marks, byte-order
marks, NULs), and somebody who wants to hide a name can add them. They are removed when names are compared. Where a name
is shown it stays as filed, so that it can be found in the filing: reports show such characters escaped.
"""

from __future__ import annotations

import re
from typing import Final

# Unicode 15's category Cf, its default ignorable code points of other categories (the joiner of graphemes, fillers of
# Hangul and Khmer, variation selectors), and the controls that are neither blanks nor line ends. Written out
# because checking 1.1 million characters takes 0.1 s; a test checks them.
_INSIDE: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ANY: Final = re.compile(f"[{_INSIDE}]+")
# Controls of Latin-1 that mean a character of Windows-1252: "Officers\x92" ends in an apostrophe.
_CP1252: Final = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def without_invisible(text: str) -> str:
    r"""The text without invisible characters.

    >>> without_invisible("Po\u200blice\x00 Of\u00adficers\x92 Lodge 101")
    'Police Officers’ Lodge 101'
    """
    if text.isascii() and text.isprintable():  # nearly all texts are
        return text
    return _ANY.sub("", text.translate(_CP1252))


# Cyrillic and Greek letters that look like Latin letters, from another keyboard layout, from OCR, or from somebody who
# wants to hide. No filer in the US writes in these scripts.
_OTHER_SCRIPTS: Final = str.maketrans(
    "АВСЕНІЈКМОРЅТУХаеорсухіјѕһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικρυχ",
    "ABCEHIJKMOPSTYXaeopcyxijshdqwlABEZHIKMNOPTYXoavikpux",
)


def latin(text: str) -> str:
    """The text with letters of other scripts replaced by the Latin ones that look the same."""
    return text.translate(_OTHER_SCRIPTS)
