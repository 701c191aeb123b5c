"""Draw strips of pages as pictures. Runs in a separate process, like the reader.

``python -m unionscreen.pdfreader.strips PAGE:BOTTOM:TOP ...`` with the PDF on standard input answers one line for each:
a PNG in base64, or an empty line without a picture.
"""

from __future__ import annotations

import base64
import os
import signal
import struct
import sys
import zlib
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from unionscreen.pdfreader.limits import PDF

# The most bytes of one picture, so that a report with fifty of them can be mailed.
MAX_BYTES: Final = 40_000
# Pixels per point: small print is readable at 1.6; scans are grainy and compress badly.
_SCALES: Final = (1.6, 1.2, 0.9, 0.6)


def draw(data: bytes, wanted: Sequence[tuple[int, float, float]], out: BinaryIO) -> None:
    """Write the strips.

    Args:
        data: the PDF.
        wanted: page (the first is 1), lower and upper edge in points.
        out: where to write.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for number, low, high in wanted:
        page = document[number - 1]
        # On a rotated page the edges mean something else.
        picture = b"" if page.get_rotation() else _picture(page, low, high)
        page.close()
        out.write(base64.b64encode(picture) + b"\n")


def _picture(page: Any, low: float, high: float) -> bytes:
    height = page.get_height()
    crop = (0, max(0.0, low), 0, max(0.0, height - high))
    for scale in _SCALES:
        bitmap = page.render(scale=scale, grayscale=True, crop=crop)
        rows = bytes(bitmap.buffer)
        width, stride = bitmap.width, bitmap.stride
        lines = b"".join(b"\0" + rows[at * stride : at * stride + width] for at in range(bitmap.height))
        picture = _png(width, bitmap.height, lines)
        bitmap.close()
        if len(picture) <= MAX_BYTES:
            return picture
    return b""


def _png(width: int, height: int, lines: bytes) -> bytes:
    """A picture in shades of gray, one byte each."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(lines, 9)) + part(b"IEND", b"")


def main() -> None:
    """Draw strips of the PDF on standard input, within limits."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    PDF.bind_this_process(os.fstat(sys.stdin.fileno()).st_size)
    wanted = [(int(page), float(low), float(high)) for page, low, high in (each.split(":") for each in sys.argv[1:])]
    draw(sys.stdin.buffer.read(), wanted, sys.stdout.buffer)


if __name__ == "__main__":
    main()
