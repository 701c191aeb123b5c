"""Characters that nobody sees: they may stand inside a word, and are no part of it.

Web pages, word processors and old databases leave them in names (soft hyphens, joiners, direction marks, byte-order
marks, NULs), and whoever wants a name not to be found can put them there. They are taken out where names are compared.
Where a name is shown it stays as it was filed, so that it can be looked up there: reports show such characters escaped.
"""

from __future__ import annotations

import re
from typing import Final

# Unicode 15's category Cf, its default ignorable code points of other categories (the joiner of graphemes, fillers of
# Hangul and Khmer, variation selectors), and the controls that are neither blanks nor line ends. Written out, for
# asking 1.1 million characters takes 0.1 s; a test asks them.
_INSIDE: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ANY: Final = re.compile(f"[{_INSIDE}]+")
# How a control of Latin-1 is read that stands for a character of Windows-1252: "Officers\x92" ends in an apostrophe.
_CP1252: Final = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def without_invisible(text: str) -> str:
    r"""The text without the characters that nobody sees; all else as it is.

    >>> without_invisible("Po\u200blice\x00 Of\u00adficers\x92 Lodge 101")
    'Police Officers’ Lodge 101'
    """
    if text.isascii() and text.isprintable():  # nearly all are
        return text
    return _ANY.sub("", text.translate(_CP1252))


# Letters of the Cyrillic and Greek scripts that look like Latin ones: a keyboard left in another layout, a recognizer
# of text, or somebody who would not be found. No filer in the US writes in these scripts.
_OTHER_SCRIPTS: Final = str.maketrans(
    "АВСЕНІЈКМОРЅТУХаеорсухіјѕһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικρυχ",
    "ABCEHIJKMOPSTYXaeopcyxijshdqwlABEZHIKMNOPTYXoavikpux",
)


def latin(text: str) -> str:
    """The text with letters of other scripts replaced by the Latin ones that look the same."""
    return text.translate(_OTHER_SCRIPTS)
