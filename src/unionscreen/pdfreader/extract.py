"""Extract words, ruled lines and filled squares of a page, by pypdfium2. Runs in a separate process.

Only the positions of the first and the last letter of a word are read, so a page takes hardly longer than its bare
text. Coordinates are in points (1/72 inch) from the lower left corner of the page, in the direction of its text.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from collections import deque
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Final

import pypdfium2.raw as pdfium

from unionscreen.pdfreader.limits import MAX_LETTERS, MAX_OBJECTS

_WORD: Final = re.compile(r"[^\s\x00\u00a0\ufffe\uffff]+")
# The most thickness of a line, and the most size of a check box, in points.
_THIN: Final = 2.5
_BOX: Final = 14.0
# Invisible text (mode 3) is the result of OCR on a scan.
_INVISIBLE: Final = 3
# Text objects to check for that: those of a scan are all alike.
_LOOKED_AT: Final = 15


def _plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of PDFium that takes addresses as numbers. The checks of pypdfium2 would double the time."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_place = _plain(pdfium.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
_object = _plain(pdfium.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_kind = _plain(pdfium.FPDFPageObj_GetType, _INT, _POINTER)
_bounds = _plain(pdfium.FPDFPageObj_GetBounds, _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
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
        buffer = (ctypes.c_ushort * (letters + 1))()
        # One unit per letter: letters beyond the basic plane count as two here as well.
        pdfium.FPDFText_GetText(text_page, 0, letters, buffer)
        text = bytes(buffer)[: 2 * letters].decode("utf-16-le", "replace")
        spans = (
            [match.span() for match in _WORD.finditer(text)] if len(text) == letters else _by_letter(buffer, letters)
        )
        letters_at = [at for begin, end in spans for at in (begin, end - 1)]
        flat = array("f", bytes(16 * len(letters_at)))  # left, top, right, bottom of each of these letters
        first = flat.buffer_info()[0]
        places = range(first, first + 16 * len(letters_at), 16)
        deque(map(_place, repeat(ctypes.cast(text_page, ctypes.c_void_p).value), letters_at, places), maxlen=0)
        turn = _quarter_turns(text_page, spans)
        boxes = array("f", bytes(16 * len(spans)))
        if turn == 0:
            boxes[0::4], boxes[1::4], boxes[2::4], boxes[3::4] = flat[0::8], flat[3::8], flat[6::8], flat[1::8]
        else:
            for side, (first_of, last_of, pick) in enumerate(((0, 4, min), (3, 7, min), (2, 6, max), (1, 5, max))):
                boxes[side::4] = array("f", map(pick, flat[first_of::8], flat[last_of::8]))
        out.words, out.boxes = [text[begin:end] for begin, end in spans], boxes
        return turn
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _by_letter(buffer: Any, letters: int) -> list[tuple[int, int]]:
    """The positions of the words in a text with letters of two units, which is rare."""
    return [match.span() for match in _WORD.finditer("".join(chr(unit) for unit in buffer[:letters]))]


def _quarter_turns(text_page: Any, spans: list[tuple[int, int]]) -> int:
    """By how many quarter turns most words are rotated, judged by a few."""
    turns = [0, 0, 0, 0]
    for begin, _ in spans[:: max(1, len(spans) // 9)]:
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
    """Add lines, squares, and the share of images."""
    at_page = ctypes.cast(handle, ctypes.c_void_p).value
    objects = list(map(_object, repeat(at_page), range(out.objects)))
    kinds = list(map(_kind, objects))
    some = [each for each, kind in zip(objects, kinds, strict=True) if kind == pdfium.FPDF_PAGEOBJ_TEXT][:_LOOKED_AT]
    texts, hidden = len(some), sum(_mode(each) == _INVISIBLE for each in some)
    seen = [
        (each, kind)
        for each, kind in zip(objects, kinds, strict=True)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH)
    ]
    sides = array("f", bytes(16 * len(seen)))  # left, bottom, right, top of each
    first = sides.buffer_info()[0]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    for at, (each, kind) in enumerate(seen):
        place = first + 16 * at
        _bounds(each, place, place + 4, place + 8, place + 12)
        x0, y0, x1, y1 = sides[4 * at : 4 * at + 4]
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            out.images += max(0.0, x1 - x0) * max(0.0, y1 - y0) / max(1.0, out.width * out.height)
        elif (x1 - x0 <= _THIN) != (y1 - y0 <= _THIN):
            out.rules.extend((x0, y0, x1, y1))
        elif x1 - x0 <= _BOX and y1 - y0 <= _BOX:
            _draw_mode(each, ctypes.addressof(fill), ctypes.addressof(stroke))
            if fill.value:
                out.marks.extend((x0, y0, x1, y1))
    out.ocr = texts > 0 and 2 * hidden > texts
