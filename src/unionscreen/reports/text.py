"""Words and figures from a filing, made safe to show.

A donor's name is whatever somebody typed into a form. It may hold terminal escapes, marks that turn the reading
direction round, or a line end; none of these may act on the reader's screen.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from unionscreen.contributions import money_text

# Reports write every amount as the notes of a screening do.
dollars: Final = money_text
# What a reader cannot see, or what would act instead of being shown: control characters (C0, DEL, C1), soft hyphen and
# zero-width characters, marks and overrides of direction, line and paragraph separators, surrogates without a partner,
# tag characters.
_UNSAFE: Final = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_UNSAFE_CHARACTER: Final = re.compile(f"[{_UNSAFE}]")
_UNSAFE_IN_LINES: Final = re.compile("[" + _UNSAFE.replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f") + "]")
_BLANKS: Final = re.compile(r"[\t\n\r]+")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    r"""The text on one line, with every character that would act on a terminal written out.

    >>> visible("ACME\x1b[31m CORP")
    'ACME\\x1b[31m CORP'
    >>> visible("DOE,\nJOHN")
    'DOE, JOHN'
    >>> visible("abc\u202etxt")
    'abc\\u202etxt'
    """
    return _UNSAFE_CHARACTER.sub(_escape, _BLANKS.sub(" ", text))


def visible_lines(text: str) -> str:
    r"""The same for a text of several lines, such as an error with its hint.

    >>> visible_lines("a\x07\nb")
    'a\\x07\nb'
    """
    return _UNSAFE_IN_LINES.sub(_escape, text)


def shorten(text: str, limit: int) -> str:
    """The visible text, cut at ``limit`` characters with an ellipsis: a name of 10,000 would bury the table.

    >>> shorten("POLICE ASSOCIATION", 10)
    'POLICE AS…'
    """
    shown = visible(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def percent(part: int, whole: int) -> str | None:
    """``part`` of ``whole`` to a tenth of a percent, or None where a share means nothing.

    Nothing was raised, or less; or all of it is flagged, as in every file that lists the gifts of one giver.

    >>> percent(500_00, 84769_00), percent(1, 1_000_000)
    ('0.6 %', 'under 0.1 %')
    >>> percent(500, 0) is percent(500, 500) is None
    True
    """
    if whole <= 0 or not 0 <= part < whole:
        return None
    tenths = (2000 * part + whole) // (2 * whole)  # exact, half up
    return "under 0.1 %" if part and not tenths else f"{tenths // 10}.{tenths % 10} %"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "row"), count(1264, "row"), count(2, "body", "bodies")
    ('1 row', '1,264 rows', '2 bodies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def to_json(value: Any, *, indent: int | None = None) -> str:
    r"""JSON that keeps accents readable and writes out what would act on a terminal; a parser sees the same text.

    >>> to_json({"name": "GARCÍA\x9b31m"})
    '{"name": "GARCÍA\\u009b31m"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    # A line end in the text is the encoder's own; those inside strings were escaped by it.
    return _UNSAFE_IN_LINES.sub(lambda match: json.dumps(match[0])[1:-1], text)
