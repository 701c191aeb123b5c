"""The process that reads a PDF: bytes on standard input, its pages on standard output.

``python -m unionscreen.pdfreader.child``. The answer is a line of JSON for each page, followed by its words and its
numbers, and a last line that says how it ended. Nothing in the file is run or followed: no scripts, no links, no forms.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, BinaryIO

from unionscreen.pdfreader.limits import MAX_PAGES, PDF

# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h.
_LOCKED = (4, 5)


def answer(data: bytes, out: BinaryIO) -> None:
    """Write the pages of a PDF and how it ended.

    Args:
        data: the file.
        out: where to write.
    """
    import pypdfium2

    from unionscreen.pdfreader.extract import TooLargeError, extract

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        if count > MAX_PAGES:
            raise TooLargeError(f"it has {count:,} pages, and {MAX_PAGES:,} are read")
        for at in range(count):
            page = document[at]
            found = extract(page)
            page.close()
            words = "\n".join(found.words).encode("utf-8", "replace")
            numbers = (found.boxes, found.rules, found.marks)
            said = {
                "width": found.width,
                "height": found.height,
                "images": round(found.images, 3),
                "ocr": found.ocr,
                "objects": found.objects,
                "parts": [len(words), *map(len, numbers)],
                "bytes": len(words) + sum(each.itemsize * len(each) for each in numbers),
            }
            out.write(json.dumps(said).encode() + b"\n" + words)
            out.writelines(each.tobytes() for each in numbers)
        end: dict[str, Any] = {"end": "read", "attached": _attached(document)}
    except TooLargeError as error:
        end = {"end": "large", "said": str(error)}
    except MemoryError:
        end = {"end": "memory"}
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in _LOCKED or "password" in str(error).lower()
        end = {"end": "locked"} if locked else {"end": "damaged", "said": str(error)}
    out.write(b"\n" + json.dumps(end).encode() + b"\n")


def _attached(document: Any) -> list[str]:
    """The names of the files within it, which are not opened."""
    return [document.get_attachment(at).get_name() for at in range(min(document.count_attachments(), 20))]


def main() -> None:
    """Read the PDF on standard input, within limits, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it silently
    PDF.bind_this_process(os.fstat(sys.stdin.fileno()).st_size)
    answer(sys.stdin.buffer.read(), sys.stdout.buffer)


if __name__ == "__main__":
    main()
