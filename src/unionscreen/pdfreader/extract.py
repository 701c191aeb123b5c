"""Extract words, ruled lines and filled squares of a page, by pypdfium2. Runs in a separate process.

Only the positions of the first and the last letter of a word are read, so a page takes hardly longer than its bare
text. Coordinates are in points (1/72 inch) from the lower left corner of the page, in the direction of its text.
"""

from __future__ import annotations

import ctypes
import re
import sys
from array import array
from collections import deque
from dataclasses import dataclass, field
from itertools import accumulate, compress, repeat
from operator import add, sub
from typing import Any, Final

import pypdfium2.raw as pdfium

from unionscreen.pdfreader.limits import MAX_LETTERS, MAX_OBJECTS

_WORD: Final = re.compile(r"[^\s\x00\u00a0\ufffe\uffff]+")
_UTF16: Final = f"utf-16-{sys.byteorder[0]}e"
# The blanks between most words; all others are found with the expression, which takes longer.
_BLANKS: Final = ("\r", "\n", "\0", "\u00a0", "\ufffe", "\uffff")
# The most thickness of a line, and the most size of a check box, in points.
_THIN: Final = 2.5
_BOX: Final = 14.0
# Invisible text (mode 3) is the result of OCR on a scan.
_INVISIBLE: Final = 3
# Objects to look at first. In a scan, the picture and enough of its text are among them.
_HEAD: Final = 40
# A page with a larger share covered by pictures, and with invisible text, is a scan.
_SCAN: Final = 0.5
# The kinds of objects, to select with.
_IS_TEXT: Final = bytes(kind == pdfium.FPDF_PAGEOBJ_TEXT for kind in range(256))
_IS_DRAWN: Final = bytes(kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH) for kind in range(256))
# Text objects to check for that: those of a scan are all alike.
_LOOKED_AT: Final = 15


def _plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of PDFium that takes addresses as numbers. The checks of pypdfium2 would double the time.

    The process has one thread, so the interpreter lock is kept, which takes a tenth of the time of a call.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_text = _plain(pdfium.FPDFText_GetText, _INT, _POINTER, _INT, _INT, _POINTER)
_place = _plain(pdfium.FPDFText_GetLooseCharBox, None, _POINTER, _INT, _POINTER)
_object = _plain(pdfium.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_kind = _plain(pdfium.FPDFPageObj_GetType, _INT, _POINTER)
_bounds = _plain(pdfium.FPDFPageObj_GetBounds, None, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
_draw_mode = _plain(pdfium.FPDFPath_GetDrawMode, _INT, _POINTER, _POINTER, _POINTER)
_mode = _plain(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)


class TooLargeError(Exception):
    """A page with more content than any form."""


@dataclass
class Extracted:
    """The content of one page."""

    width: float
    height: float
    words: list[str] = field(default_factory=list)
    boxes: array[float] = field(default_factory=lambda: array("f"))
    """Left, bottom, right, top of each word."""
    rules: array[float] = field(default_factory=lambda: array("f"))
    """The same of each ruled line."""
    marks: array[float] = field(default_factory=lambda: array("f"))
    """The same of each small filled square."""
    images: float = 0.0
    """The share of the page that images cover."""
    ocr: bool = False
    """Whether its text is the result of OCR."""
    objects: int = 0


def extract(page: Any) -> Extracted:
    """Extract the content of a page.

    Args:
        page: a page of pypdfium2.

    Raises:
        TooLargeError: it has more objects or letters than a page of any form.
    """
    left, bottom, right, top = page.get_bbox()
    out = Extracted(right - left, top - bottom)
    handle = page.raw
    out.objects = pdfium.FPDFPage_CountObjects(handle)
    if out.objects > MAX_OBJECTS:
        raise TooLargeError(f"a page holds {out.objects:,} objects")
    turn = _words(handle, out)
    _objects(handle, out)
    for boxes in (out.boxes, out.rules, out.marks):
        _turn(boxes, (left, bottom, right, top), turn)
    if turn % 2:
        out.width, out.height = out.height, out.width
    return out


def _words(handle: Any, out: Extracted) -> int:
    """Add the words and their positions. Returns by how many quarter turns the text is rotated."""
    text_page = pdfium.FPDFText_LoadPage(handle)
    try:
        letters = pdfium.FPDFText_CountChars(text_page)
        if letters > MAX_LETTERS:
            raise TooLargeError(f"a page holds {letters:,} letters")
        if letters <= 0:
            return 0
        buffer = array("H", bytes(2 * letters + 2))
        # One unit per letter: letters beyond the basic plane count as two here as well.
        _text(ctypes.cast(text_page, ctypes.c_void_p).value, 0, letters, buffer.buffer_info()[0])
        text = buffer.tobytes()[: 2 * letters].decode(_UTF16, "replace")
        if len(text) == letters:
            words, begins, ends = _split(text)
        else:  # letters of two units, which are rare
            spans = [match.span() for match in _WORD.finditer("".join(chr(unit) for unit in buffer[:letters]))]
            words = [text[begin:end] for begin, end in spans]
            begins, ends = [begin for begin, _ in spans], [end - 1 for _, end in spans]
        first, last = _places(text_page, begins), _places(text_page, ends)
        turn = _quarter_turns(text_page, begins)
        boxes = array("f", bytes(16 * len(words)))
        if turn == 0:
            boxes[0::4], boxes[1::4], boxes[2::4], boxes[3::4] = first[0::4], first[3::4], last[2::4], first[1::4]
        else:
            for side, (of, pick) in enumerate(((0, min), (3, min), (2, max), (1, max))):
                boxes[side::4] = array("f", map(pick, first[of::4], last[of::4]))
        out.words, out.boxes = words, boxes
        return turn
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _split(text: str) -> tuple[list[str], list[int], list[int]]:
    """The words of a text, and the positions of the first and the last letter of each."""
    plain = text
    for blank in _BLANKS:
        plain = plain.replace(blank, " ")
    pieces = plain.split(" ")
    words = list(filter(None, pieces))
    if len(plain.split()) != len(words):  # rare blanks
        spans = [match.span() for match in _WORD.finditer(text)]
        return [text[begin:end] for begin, end in spans], [begin for begin, _ in spans], [end - 1 for _, end in spans]
    lengths = list(map(len, pieces))
    ends = list(accumulate(map(add, lengths, repeat(1)), initial=-2))[1:]  # of each piece: its last letter
    return words, list(compress(map(sub, ends, map(sub, lengths, repeat(1))), pieces)), list(compress(ends, pieces))


def _places(text_page: Any, letters: list[int]) -> array[float]:
    """Left, top, right, bottom of each of these letters."""
    flat = array("f", bytes(16 * len(letters)))
    first = flat.buffer_info()[0]
    page = ctypes.cast(text_page, ctypes.c_void_p).value
    deque(map(_place, repeat(page), letters, range(first, first + 16 * len(letters), 16)), maxlen=0)
    return flat


def _quarter_turns(text_page: Any, begins: list[int]) -> int:
    """By how many quarter turns most words are rotated, judged by a few."""
    turns = [0, 0, 0, 0]
    for begin in begins[:: max(1, len(begins) // 9)]:
        angle = pdfium.FPDFText_GetCharAngle(text_page, begin)
        turns[round(angle / 1.5707963) % 4 if angle > 0 else 0] += 1
    return turns.index(max(turns))


def _turn(boxes: array[float], page: tuple[float, float, float, float], turn: int) -> None:
    """Move boxes so that the page begins at 0, and rotate them back."""
    left, bottom, right, top = page
    if not turn and not left and not bottom:
        return
    x0, y0, x1, y1 = (list(boxes[side::4]) for side in range(4))
    if turn == 1:
        sides = ([v - bottom for v in y0], [right - v for v in x1], [v - bottom for v in y1], [right - v for v in x0])
    elif turn == 2:
        sides = ([right - v for v in x1], [top - v for v in y1], [right - v for v in x0], [top - v for v in y0])
    elif turn == 3:
        sides = ([top - v for v in y1], [v - left for v in x0], [top - v for v in y0], [v - left for v in x1])
    else:
        sides = ([v - left for v in x0], [v - bottom for v in y0], [v - left for v in x1], [v - bottom for v in y1])
    for side, values in enumerate(sides):
        boxes[side::4] = array("f", values)


def _objects(handle: Any, out: Extracted) -> None:
    """Add lines, squares, and the share of images, and find out whether the text is that of OCR."""
    at_page = ctypes.cast(handle, ctypes.c_void_p).value
    texts: list[int] = []
    begin, end = 0, min(_HEAD, out.objects)
    while begin < end:
        objects = list(map(_object, repeat(at_page), range(begin, end)))
        kinds = bytes(map(_kind, objects))
        texts += compress(objects, kinds.translate(_IS_TEXT))
        _drawn(objects, kinds, out)
        hidden = sum(_mode(each) == _INVISIBLE for each in texts[:_LOOKED_AT])
        scan = hidden == _LOOKED_AT and out.images > _SCAN  # its lines are in the picture, and the rest is its text
        begin, end = end, end if scan else out.objects
        out.ocr = 2 * hidden > len(texts[:_LOOKED_AT])


def _drawn(objects: list[int], kinds: bytes, out: Extracted) -> None:
    """Add the lines and squares among some objects, and the share of images."""
    drawn = kinds.translate(_IS_DRAWN)
    seen, kinds = [*compress(objects, drawn)], bytes(compress(kinds, drawn))
    sides = array("f", bytes(16 * len(seen)))  # left, bottom, right, top of each
    first = sides.buffer_info()[0]
    end = first + 16 * len(seen)
    deque(map(_bounds, seen, *(range(first + side, end + side, 16) for side in (0, 4, 8, 12))), maxlen=0)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    to_fill, to_stroke = ctypes.addressof(fill), ctypes.addressof(stroke)
    for each, kind, x0, y0, x1, y1 in zip(seen, kinds, *(sides[side::4] for side in range(4)), strict=True):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            out.images += max(0.0, x1 - x0) * max(0.0, y1 - y0) / max(1.0, out.width * out.height)
        elif (x1 - x0 <= _THIN) != (y1 - y0 <= _THIN):
            out.rules.extend((x0, y0, x1, y1))
        elif x1 - x0 <= _BOX and y1 - y0 <= _BOX:
            _draw_mode(each, to_fill, to_stroke)
            if fill.value:
                out.marks.extend((x0, y0, x1, y1))
