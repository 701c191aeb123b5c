#!/usr/bin/env bash
# A good guess: readers of PDF give the text that a person sees. Where a program prints bold by drawing a text twice,
#   a third of a point apart, they give it once, or all of them give it twice.
# What really happens: pypdf and PyMuPDF give the row twice, so its amount is there twice. pdfplumber gives one row
#   with each letter twice: "PPoolliiccee" and "11,,225500..0000". pypdfium2 gives it once.
# Versions: pypdf 7.1.1, PyMuPDF 2.0, pdfplumber 0.11.10, pypdfium2 5.15.2, CPython 3.11; reportlab 5.1.0 makes the
#   page.
# Seen: on a made-up page of a schedule with one row in bold.
# Why it matters here: programs emphasize totals and large gifts. The bold gift is added twice, or its donor is no
#   longer found, and the rows around it look right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pypdf==7.1.1' 'pymupdf==2.0' 'pdfplumber==0.11.10' \
    'pypdfium2==5.15.2' 'reportlab==5.1.0' 2>/dev/null

cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import pdfplumber
import pymupdf
import pypdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

canvas = Canvas("schedule.pdf")
for across in (0, 0.3):
    canvas.drawString(72 + across, 700, "Police League")
    canvas.drawString(300 + across, 700, "1,250.00")
canvas.drawString(72, 680, "Ann Doe")
canvas.drawString(300, 680, "75.00")
canvas.save()

texts = {
    "pypdf": pypdf.PdfReader("schedule.pdf").pages[0].extract_text(),
    "pymupdf": pymupdf.open("schedule.pdf")[0].get_text(),
    "pdfplumber": pdfplumber.open("schedule.pdf").pages[0].extract_text(),
    "pypdfium2": pypdfium2.PdfDocument("schedule.pdf")[0].get_textpage().get_text_range(),
}
for name, text in texts.items():
    print(f"{name} {version(name)}: {text.split()}")
seen = {name: text.count("1,250.00") for name, text in texts.items()}
doubled = "PPoolliiccee LLeeaagguuee 11,,225500..0000" in texts["pdfplumber"]
expected = {"pypdf": 2, "pymupdf": 2, "pdfplumber": 0, "pypdfium2": 1}
sys.exit(0 if (seen, doubled) == (expected, True) else "the behavior has changed")
PYTHON
echo "seen: a bold amount of 1,250.00 is read twice, as 11,,225500..0000, or once, depending on the reader"
