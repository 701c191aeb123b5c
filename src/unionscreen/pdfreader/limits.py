"""What reading a PDF may cost, by the size of its file."""

from __future__ import annotations

from typing import Final

from unionscreen.limited.limits import Limits

# The longest real filings have about 2,000 pages; a page takes milliseconds.
MAX_PAGES: Final = 5_000
# Objects of one page: a scan with a text layer has about 1,000, a dense table 5,000. More is a drawing or an attack.
MAX_OBJECTS: Final = 50_000
# Letters of one page: the densest page of a form has 6,000.
MAX_LETTERS: Final = 200_000
PDF: Final = Limits(
    # 68 scanned pages are 2.5 MB and take 0.3 s.
    seconds=30,
    seconds_per_mb=2,
    # The interpreter and the reader reserve most of the first; the second is for the content of a large file.
    memory=1 << 30,
    memory_per_byte=8,
)
