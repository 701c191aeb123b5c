"""Text from a filing, made safe to show.

A donor's name is whatever somebody typed into a form. It may contain terminal escapes, marks that reverse the reading
direction, or a line break; none of these may have an effect on the reader's screen.
"""

from __future__ import annotations

import re
from typing import Any, Final

# What a reader cannot see, or what has an effect instead of being shown: control characters (C0, DEL, C1), soft hyphen
# and zero-width characters, marks and overrides of direction, line and paragraph separators, single surrogates, tag
# characters.
_UNSAFE: Final = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_UNSAFE_CHARACTER: Final = re.compile(f"[{_UNSAFE}]")
_UNSAFE_IN_LINES: Final = re.compile("[" + _UNSAFE.replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f") + "]")
# Where ``str.splitlines`` splits.
LINE_BREAKS: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_BLANKS: Final = re.compile(r"[\t\n\r]+")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    r"""The text on one line, with every character escaped that would have an effect on a terminal.

    >>> visible("ACME\x1b[31m CORP")
    'ACME\\x1b[31m CORP'
    >>> visible("DOE,\nJOHN")
    'DOE, JOHN'
    >>> visible("abc\u202etxt")
    'abc\\u202etxt'
    """
    return _UNSAFE_CHARACTER.sub(_escape, _BLANKS.sub(" ", text))


def visible_lines(text: str) -> str:
    r"""The same for text of several lines, such as an error with its hint.

    >>> visible_lines("a\x07\nb")
    'a\\x07\nb'
    """
    return _UNSAFE_IN_LINES.sub(_escape, text)


def to_json(value: Any, *, indent: int | None = None) -> str:
    r"""JSON that keeps accents readable and escapes what would have an effect on a terminal; parsers see the same text.

    >>> to_json({"name": "GARCÍA\x9b31m"})
    '{"name": "GARCÍA\\u009b31m"}'
    """
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    # A line break here comes from the encoder; it has escaped those inside strings.
    return _UNSAFE_IN_LINES.sub(lambda match: json.dumps(match[0])[1:-1], text)
