"""A saved page as blocks of text with line numbers: plain text, Markdown, HTML or PDF.

Markup is read by one regular expression that cannot step back, so that the time grows with the length of a page and
with nothing else. What a page draws with scripts or shows in pictures is not read.
"""

from __future__ import annotations

import html
import re
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from unionscreen.endorsements.words import Sentence
from unionscreen.errors import FilingError
from unionscreen.files import shown
from unionscreen.filings.files.contents import HTML, packing, text_encoding
from unionscreen.filings.pdf.opening import is_pdf
from unionscreen.filings.pdf.process import read_document

# A saved article with its markup has 0.1 to 4 MB. PDFs have limits of their own, by their pages.
MAX_TEXT_BYTES: Final = 8 << 20
# A ballot guide full of photographs has about 100 MB. More on standard input would fill the disk.
MAX_PDF_BYTES: Final = 512 << 20
_PIECE: Final = 1 << 20
_STDIN: Final = "-"
_STDIN_LABEL: Final = "<stdin>"
# A heading has at most this many words.
_HEADING_WORDS: Final = 12
# Lines that are all shorter than this are a list with one entry a line, not a paragraph.
_LIST_LINE: Final = 64
BOLD: Final = 7  # the level of a heading that only bold type, or a line of its own, shows
_TITLE: Final = 0

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>|<[!?][^<>]*>")
# What these hold is not text for the reader.
_NOT_TEXT: Final = frozenset({"script", "style", "noscript", "template", "svg", "textarea", "select", "iframe"})
_ITEMS: Final = frozenset({"li", "td", "th", "dt", "dd", "option", "figcaption", "button"})
_BLOCKS: Final = _ITEMS | frozenset(
    "p div section article header footer main aside nav ul ol dl table tr tbody thead blockquote pre form body html "
    "head h1 h2 h3 h4 h5 h6 title address figure hr fieldset".split()
)
# Text between these is struck through; Markdown's "~~" marks it for the rules.
_STRUCK: Final = frozenset({"del", "s", "strike"})
_BULLET: Final = re.compile(r"\s*(?:[•▪◦‣·*–—+-]|\d{1,3}[.)])\s+(?=\S)")
_MARKDOWN_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE: Final = re.compile(r"\s{0,3}(?:=+|-{3,})\s*$")
_MARKDOWN_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_MARKDOWN_MARKS: Final = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_BOLD_LINE: Final = re.compile(r"\s*(?:\*\*|__)([^*_]+)(?:\*\*|__):?\s*$")
_ENDS_SENTENCE: Final = re.compile(r"[.!?;,][\"”’']*$")


class PageBlock(NamedTuple):
    """A paragraph, an entry of a list, a cell or a heading."""

    kind: str
    """text, item, heading, or cell: of a table with several columns."""
    text: str
    """On one line, with single blanks."""
    lines: tuple[tuple[int, int], ...]
    """Where each line begins in the text, and its number in the file."""
    level: int = 0
    """Of a heading: 0 is the title of the page, 1 the largest."""
    page: int | None = None
    """Of a PDF."""

    def line_at(self, at: int) -> int:
        """The line of the file in which this character is."""
        return self.lines[bisect_right(self.lines, (at, sys.maxsize)) - 1][1]


@dataclass(frozen=True)
class TextPage:
    """A saved page."""

    label: str
    """Its path as given, or ``<stdin>``."""
    blocks: tuple[PageBlock, ...]
    notes: tuple[str, ...] = ()


def read_page(path: str) -> TextPage:
    """Read a saved page of text, Markdown, HTML or PDF.

    Args:
        path: a file, or ``-`` for standard input.

    Raises:
        FilingError: it cannot be opened, holds no text, or is too large.
    """
    if path == _STDIN:
        data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
        return _pdf_on_stdin(data) if is_pdf(data) else text_page(data, _STDIN_LABEL)
    label = shown(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_TEXT_BYTES + 1)
            if is_pdf(data):
                file.seek(0)
                return _pdf(file, label)
    except IsADirectoryError:
        raise FilingError("is a folder, not a page", source=label, hint="name the files in it") from None
    except OSError as error:
        raise FilingError(f"cannot be opened: {error.strerror or error}", source=label) from None
    return text_page(data, label, markdown=Path(path).suffix.lower() in (".md", ".markdown"))


def _pdf_on_stdin(data: bytes) -> TextPage:
    """The PDF on standard input, of which ``data`` is the beginning."""
    with tempfile.TemporaryFile() as file:
        while data:
            if file.tell() + len(data) > MAX_PDF_BYTES:
                raise FilingError(
                    f"holds more than {MAX_PDF_BYTES >> 20} MB", source=_STDIN_LABEL,
                    hint="save the PDF, and name the file",
                )  # fmt: skip
            file.write(data)
            data = sys.stdin.buffer.read(_PIECE)
        file.seek(0)
        return _pdf(file, _STDIN_LABEL)


def text_page(data: bytes, label: str, *, markdown: bool = False) -> TextPage:
    """The blocks of a page that is not a PDF.

    Args:
        data: the page; UTF-8, UTF-16 or the Windows code page.
        label: its name in errors.
        markdown: whether marks such as `#` and `**` are markup.

    Raises:
        FilingError: it is too large, is not text, or holds none.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise FilingError(
            f"holds more than {MAX_TEXT_BYTES >> 20} MB, which is not one page of text",
            source=label,
            hint="save the pages one by one, or only the part with the endorsements",
        )
    text = _decoded(data, label)
    # Only the letters of a line count; form feeds and the like are blanks.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [*_html_blocks(text)] if HTML.match(data) or _reads_like_html(text) else [*_line_blocks(text, markdown)]
    if not blocks:
        raise FilingError("holds no text", source=label, hint="save the page as text, or print it to a PDF")
    return TextPage(label, tuple(blocks))


def _decoded(data: bytes, label: str) -> str:
    encoding = text_encoding(data)
    if encoding is None and (packing(data) or data.startswith(b"PK\x03\x04") or b"\0" in data[:4096]):
        raise FilingError("this is not a page of text", source=label, hint="save it as .txt, .html, .md or PDF")
    if encoding is not None:
        return data.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _reads_like_html(text: str) -> bool:
    """Whether it is a piece of a web page: a paragraph, a list or a division, and its end."""
    head = text[:4096].lower()
    return any(f"<{tag}" in head and f"</{tag}>" in text.lower() for tag in ("p", "div", "ul", "li", "h1", "h2"))


def _block(kind: str, pieces: list[tuple[int, str]], level: int = 0, page: int | None = None) -> PageBlock | None:
    """Lines with their numbers as one block; None if they are blank."""
    text, lines = "", []
    for number, piece in pieces:
        piece = " ".join(piece.split())
        if not piece:
            continue
        if len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and piece[0].islower():
            text = text[:-1]  # a word that was divided at the end of a line
        elif text:
            text += " "
        lines.append((len(text), number))
        text += piece
    return PageBlock(kind, text, tuple(lines), level, page) if text else None


def _line_blocks(text: str, markdown: bool, page: int | None = None) -> Iterator[PageBlock]:
    """The blocks of a text: blank lines, bullets and headings separate them."""
    gathered: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        heading = _MARKDOWN_HEADING.match(line) if markdown else None
        bold = _BOLD_LINE.match(line) if markdown else None
        if markdown:
            line = _MARKDOWN_MARKS.sub("", _MARKDOWN_LINK.sub(r"\1", line))
        if heading or bold:
            yield from _paragraph(gathered, page)
            gathered = []
            level = len(heading[1]) if heading else BOLD
            found = _block("heading", [(number, line.strip().strip("#"))], level, page)
            yield from filter(None, (found,))
        elif markdown and gathered and len(gathered) == 1 and _UNDERLINE.match(line):
            yield from filter(None, (_block("heading", gathered, 1, page),))
            gathered = []
        elif not line.strip():
            yield from _paragraph(gathered, page)
            gathered = []
        elif markdown and line.strip().startswith("|"):
            yield from _paragraph(gathered, page)
            gathered = []
            cells = [cell for cell in line.strip().strip("|").split("|") if cell.strip()]
            for cell in cells:
                yield from filter(None, (_block("cell" if len(cells) > 1 else "item", [(number, cell)], 0, page),))
        elif (bullet := _BULLET.match(line)) is not None:
            yield from _paragraph(gathered, page)
            gathered = [(number, "\u2022 " + line[bullet.end() :])]
        else:
            gathered.append((number, line))
    yield from _paragraph(gathered, page)


def _paragraph(gathered: list[tuple[int, str]], page: int | None) -> Iterator[PageBlock]:
    """Lines without a blank one between them: an entry, a heading, a list without bullets, or a paragraph."""
    if not gathered:
        return
    number, first = gathered[0]
    if first.startswith("\u2022 "):
        yield from filter(None, (_block("item", [(number, first[2:]), *gathered[1:]], 0, page),))
        return
    if len(gathered) > 1 and _is_heading(first, alone=False):
        yield from filter(None, (_block("heading", gathered[:1], BOLD, page),))
        yield from _paragraph(gathered[1:], page)
        return
    if len(gathered) == 1 and _is_heading(first):
        yield from filter(None, (_block("heading", gathered, BOLD, page),))
        return
    short = all(len(line) <= _LIST_LINE and not _ENDS_SENTENCE.search(line.strip()) for _, line in gathered)
    begins = all(line.strip()[:1].isupper() or not line.strip()[:1].isalpha() for _, line in gathered)
    if len(gathered) > 1 and short and begins:
        for entry in gathered:
            yield from filter(None, (_block("item", [entry], 0, page),))
        return
    yield from filter(None, (_block("text", gathered, 0, page),))


def _is_heading(line: str, *, alone: bool = True) -> bool:
    """Whether a line of plain text is a heading: short, capitals or a colon at its end, and not a sentence.

    Args:
        line: to examine.
        alone: whether blank lines surround it. The first line of a paragraph may only be a short line.
    """
    line = line.strip()
    words = line.rstrip(":").split()
    if not 0 < len(words) <= _HEADING_WORDS or _ENDS_SENTENCE.search(line):
        return False
    if line.endswith(":") or (line.isupper() and len(line) > 3):
        return True
    return len(words) <= 4 and (alone or any(cue.kind == "label" for cue in Sentence(line, 0).cues))


def _pdf(file: BinaryIO, label: str) -> TextPage:
    document = read_document(file, label)
    blocks: list[PageBlock] = []
    unread = 0
    for page in document.pages:
        unread += page.unread
        blocks += _line_blocks("\n".join(line.text for line in page.lines), False, page.number)
        page.forget()
    if not blocks:
        raise FilingError(
            "the PDF holds no text, only pictures", source=label, hint="run OCR over it: ocrmypdf --skip-text IN OUT"
        )
    notes = [f"{label}: {unread} of {len(document.pages)} pages are pictures and were not read"] if unread else []
    return TextPage(label, tuple(blocks), tuple(notes))


class _Markup:
    """Collects the blocks of a web page, tag by tag."""

    def __init__(self) -> None:
        self.found: list[PageBlock] = []
        self._pieces: list[tuple[int, str]] = []
        self._kind, self._level = "text", 0
        self._bold = self._plain = 0
        self._row: int | None = None  # the first block of the row of a table that is being read

    def text(self, text: str, line: int) -> None:
        """Add text that begins on this line."""
        for piece in text.split("\n"):
            if piece.strip():
                said = html.unescape(piece)
                if self._bold:
                    self._bold += len(said)
                else:
                    self._plain += len(said)
                if self._pieces and self._pieces[-1][0] == line:
                    self._pieces[-1] = (line, self._pieces[-1][1] + said)
                else:
                    self._pieces.append((line, said))
            elif self._pieces and self._pieces[-1][0] == line:
                self._pieces[-1] = (line, self._pieces[-1][1] + " ")
            line += 1

    def tag(self, name: str, closing: bool, line: int) -> None:
        """A tag: it ends a block, or marks bold text, or is of no interest."""
        if name in ("b", "strong"):
            self._bold = 0 if closing else max(self._bold, 1)
        elif name == "br":
            if self._kind == "text":
                self.end()
            else:
                self.text(" ", line)
        elif name in _BLOCKS:
            self.end()
            if name in ("tr", "table"):
                self._end_row()
                self._row = len(self.found) if name == "tr" and not closing else None
            self._kind, self._level = "text", 0
            if closing:
                return
            if name in _ITEMS:
                self._kind = "item"
            elif name == "title":
                self._kind, self._level = "heading", _TITLE
            elif name[0] == "h" and name[1:].isdigit():
                self._kind, self._level = "heading", int(name[1:])

    def _end_row(self) -> None:
        """The row of a table is complete: with several cells it is one of columns."""
        if self._row is not None and len(self.found) > self._row + 1:
            self.found[self._row :] = [each._replace(kind="cell") for each in self.found[self._row :]]

    def end(self) -> None:
        """The block is complete."""
        kind, level = self._kind, self._level
        found = _block(kind, self._pieces, level)
        if found is not None:
            words = len(found.text.split())
            if (
                kind == "text"
                and self._plain == 0
                and words <= _HEADING_WORDS
                and not _ENDS_SENTENCE.search(found.text)
            ):
                found = found._replace(kind="heading", level=BOLD)
            elif kind == "text" and words <= _HEADING_WORDS and not _ENDS_SENTENCE.search(found.text):
                found = found._replace(kind="item")
            self.found.append(found)
        self._pieces = []
        self._bold, self._plain = min(self._bold, 1), 0


def _html_blocks(text: str) -> list[PageBlock]:
    """The blocks of a web page; comments, scripts and what a browser does not show are left out."""
    markup = _Markup()
    at, line = 0, 1
    while at < len(text):
        tag = _next_tag(text, at)
        end = len(text) if tag is None else tag[0]
        if end > at:
            markup.text(text[at:end], line)
            line += text.count("\n", at, end)
        if tag is None:
            break
        _, after, name, closing = tag
        line += text.count("\n", end, after)
        at = after
        if name in _STRUCK:
            markup.text(" ~~ ", line)
        elif name:
            markup.tag(name, closing, line)
            if not closing and "line-through" in text[end:after]:
                markup.text(" ~~ ", line)
    markup.end()
    return markup.found


def _next_tag(text: str, at: int) -> tuple[int, int, str, bool] | None:
    """Where the next tag begins and ends, its name, and whether it closes; a comment or a script is one tag."""
    while (begin := text.find("<", at)) >= 0:
        if text.startswith("<!--", begin):
            end = text.find("-->", begin + 4)
            return begin, len(text) if end < 0 else end + 3, "", False
        found = _TAG.match(text, begin)
        if found is None:
            at = begin + 1
            continue
        name = (found[2] or "").lower()
        if name in _NOT_TEXT and not found[1] and not found[3].endswith("/"):
            end = _closing(text, name, found.end())
            return begin, end, "br" if name == "textarea" else "", False
        return begin, found.end(), name, bool(found[1])
    return None


def _closing(text: str, name: str, at: int) -> int:
    """Where the content of a script or a style ends; the end of the page if it is not closed."""
    end = re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE).search(text, at)
    return len(text) if end is None else end.end()
