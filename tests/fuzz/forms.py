"""Damage to a PDF form: what is read afterwards must equal the page to the cent, or the filing is refused.

    PYTHONPATH=tests python -m fuzz.forms [FOLDER] --cases 300 --seed 12

damages each PDF in a folder, for real filings, which are not committed; without a folder, the made-up ones.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pypdfium2

from pdf_forms import FORMS
from unionscreen.errors import FilingError
from unionscreen.filings.pdf.forms import PdfSection
from unionscreen.filings.pdf.page import PdfPage, squeezed
from unionscreen.filings.pdf.process import PdfDocument, read_document
from unionscreen.filings.pdf.report import PdfReport, report_of
from unionscreen.filings.pdf.rows import PdfGrid, find_grid
from unionscreen.filings.pdf.values import cents

_AMOUNT: Final = re.compile(r"\$?[\d,]+\.\d\d")
# How many of the altered amounts are those of rows.
_MOST: Final = 0.7
# The header of a table is at most this high, in points.
_HEADER: Final = 24.0


@dataclass
class Form:
    """A filing, whole."""

    name: str
    data: bytes
    document: PdfDocument
    report: PdfReport

    @property
    def pages(self) -> list[PdfPage]:
        """Of the whole filing."""
        return self.document.pages


@dataclass
class Outcomes:
    """What became of the damaged copies of one form."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """The counts, by outcome and by kind of damage."""
        by: Counter[str] = Counter()
        for (_, outcome), count in self.counts.items():
            by[outcome] += count
        kinds = "; ".join(
            f"{kind} " + ", ".join(f"{count} {of}" for (each, of), count in sorted(self.counts.items()) if each == kind)
            for kind in DAMAGES
        )
        total = ", ".join(f"{count} {outcome}" for outcome, count in sorted(by.items()))
        return f"{name}: {sum(by.values())} cases: {total}\n    {kinds}"


def form(name: str, data: bytes) -> Form:
    """Read a whole filing.

    Raises:
        FilingError: it cannot be read, or does not agree with itself.
    """
    document = _document(data)
    report = report_of(document, name)
    if report.problems:
        raise report.refusal()
    return Form(name, data, document, report)


def _document(data: bytes) -> PdfDocument:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return read_document(file, "a damaged form")


def _numbered(pages: Iterable[PdfPage]) -> list[PdfPage]:
    return [replace(page, number=number) for number, page in enumerate(pages, 1)]


def _dropped(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    at = chance.randrange(len(whole.pages))
    return [page for i, page in enumerate(whole.pages) if i != at]


def _doubled(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    at = chance.randrange(len(whole.pages))
    return [*whole.pages[: at + 1], *whole.pages[at:]]


def _without_cover(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    first = next((at for at, kind in enumerate(whole.report.kinds) if kind.startswith("Schedule")), 1)
    return whole.pages[chance.randint(1, max(1, first)) :]


def _reordered(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    pages = [*whole.pages]
    chance.shuffle(pages)
    return pages


def _rewritten(page: PdfPage, words: Sequence[tuple[str, Sequence[float]]]) -> PdfPage:
    boxes = array("f", [side for _, box in words for side in box])
    return replace(page, texts="\n".join(text for text, _ in words), boxes=boxes)


def _words(page: PdfPage) -> list[tuple[str, Sequence[float]]]:
    return [(word.text, word[:4]) for word in page.words]


def _with_page(whole: Form, at: int, page: PdfPage) -> list[PdfPage]:
    return [*whole.pages[:at], page, *whole.pages[at + 1 :]]


def _amounts(whole: Form) -> list[tuple[int, int]]:
    """Page and word of every amount in a schedule or a summary."""
    return [
        (at, i)
        for at, page in enumerate(whole.pages)
        if whole.report.kinds[at].startswith("Schedule") or whole.report.kinds[at] in ("summary", "totals")
        for i, word in enumerate(page.words)
        if _AMOUNT.fullmatch(word.text)
    ]


def _of_rows(whole: Form) -> list[tuple[int, int]]:
    """Page and word of the amounts of rows."""
    read = {(row.page - 1, row.cents) for row in whole.report.rows}
    return [(at, i) for at, i in _amounts(whole) if (at, cents(whole.pages[at].words[i].text)) in read]


def _altered(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    at, i = chance.choice(_of_rows(whole) if chance.random() < _MOST else _amounts(whole))
    words = _words(whole.pages[at])
    text, box = words[i]
    digit = chance.choice([j for j, letter in enumerate(text) if letter.isdigit()])
    other = chance.choice([each for each in "0123456789O" if each != text[digit]])
    changed = "" if chance.random() < 0.2 else f"{text[:digit]}{other}{text[digit + 1 :]}"
    words[i : i + 1] = [(changed, box)] if changed else []
    return _with_page(whole, at, _rewritten(whole.pages[at], words))


def _exchanged(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    """Two amounts of one page in each other's place: the page then says something else, and adds up."""
    among = _of_rows(whole) if chance.random() < _MOST else _amounts(whole)
    at, i = chance.choice(among)
    words = _words(whole.pages[at])
    others = [j for page, j in among if page == at and words[j][0] != words[i][0]]
    if others:
        j = chance.choice(others)
        (one, here), (two, there) = words[i], words[j]
        words[i], words[j] = (two, here), (one, there)
    return _with_page(whole, at, _rewritten(whole.pages[at], words))


def _swapped(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    """Two columns in each other's place with their headers, on one page or on all, as in another edition."""
    form = whole.report.form
    grids = {
        at: (section, grid)
        for at, page in enumerate(whole.pages)
        for section in form.sections
        if whole.report.kinds[at] == section.title and (grid := find_grid(section, page, page.width / form.width))
    }
    section, grid = grids[chance.choice([*grids])]
    order = [*range(len(grid.edges))]
    one, two = chance.sample(order, 2)
    order[one], order[two] = order[two], order[one]
    mine = [at for at, (each, _) in grids.items() if each is section]
    wanted = mine if chance.random() < 0.5 else [chance.choice(mine)]
    return [
        _with_order(page, section, grids[at][1], order) if at in wanted else page for at, page in enumerate(whole.pages)
    ]


def _with_order(page: PdfPage, section: PdfSection, grid: PdfGrid, order: Sequence[int]) -> PdfPage:
    """The table of a page with its columns in another order."""
    moves = [0.0] * len(order)
    left = grid.edges[0][1]
    for at in order:
        moves[at] = left - grid.edges[at][1]
        left += grid.edges[at][2] - grid.edges[at][1]
    top = grid.top + (_HEADER if section.layout == "table" else page.height)
    stops = [line.y for line in page.lines for stop in section.stops if stop in squeezed(line.text)]
    bottom = max([y for y in stops if y < grid.top], default=0.0)
    words = []
    for word in page.words:
        by = 0.0
        if bottom < word.y0 < top:
            by = next((moves[at] for at, (_, x0, x1) in enumerate(grid.edges) if x0 <= word.middle < x1), 0.0)
        words.append((word.text, (word.x0 + by, word.y0, word.x1 + by, word.y1)))
    return _rewritten(page, words)


def _rasterized(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    at = chance.randrange(len(whole.pages))
    source = pypdfium2.PdfDocument(whole.data)
    made = pypdfium2.PdfDocument.new()
    page = source[at]
    width, height = page.get_size()
    picture = pypdfium2.PdfImage.new(made)
    picture.set_bitmap(page.render(scale=0.5))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    new = made.new_page(width, height)
    new.insert_obj(picture)
    new.gen_content()
    return _with_page(whole, at, _document(_saved(made)).pages[0])


def _rotated(whole: Form, chance: random.Random) -> Sequence[PdfPage]:
    at = chance.randrange(len(whole.pages))
    source = pypdfium2.PdfDocument(whole.data)
    made = pypdfium2.PdfDocument.new()
    made.import_pages(source, [at])
    made[0].set_rotation(chance.choice((90, 180, 270)))
    return _with_page(whole, at, _document(_saved(made)).pages[0])


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


DAMAGES: Final[dict[str, Callable[[Form, random.Random], Sequence[PdfPage]]]] = {
    "dropped": _dropped,
    "doubled": _doubled,
    "rasterized": _rasterized,
    "rotated": _rotated,
    "altered": _altered,
    "swapped": _swapped,
    "exchanged": _exchanged,
    "without cover": _without_cover,
    "reordered": _reordered,
}


def outcome(whole: Form, kind: str, pages: Sequence[PdfPage]) -> str:
    """What became of a damaged filing.

    ``exact``; ``other blanks``, in names that OCR read, which are marked; ``refused``; ``noted`` or ``as printed``, an
    exchange that the page itself shows; ``listed``, a whole schedule is not in the file, and the notes that lead every
    output name it; or ``wrong``.
    """
    try:
        report = report_of(PdfDocument(_numbered(pages)), whole.name)
    except FilingError as error:
        return "refused" if len(str(error)) > 40 else "wrong"
    if report.problems:
        return "refused"
    got, want = _rows(report), _rows(whole.report)
    if got == want:
        return "exact"
    if all(row.ocr for row in report.rows) and _without_blanks(got) == _without_blanks(want):
        return "other blanks"
    if kind == "exchanged" and _without_amounts(got) == _without_amounts(want) and _cents(got) == _cents(want):
        return "noted" if any("cumulative total" in note for note in report.notes) else "as printed"
    titles = {section.id: section.title for section in report.form.sections}
    gone = {titles[section] for section, *_ in (want - got)}
    absent = next((note for note in report.notes if note.startswith("not in the file: ")), "")
    return "listed" if not got - want and all(title in absent for title in gone) else "wrong"


def _rows(report: PdfReport) -> Counter[tuple[Any, ...]]:
    return Counter((row.section, row.kind, row.date, row.name, row.cents) for row in report.rows)


def _without_blanks(rows: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter((section, kind, day, squeezed(name), amount) for section, kind, day, name, amount in rows.elements())


def _without_amounts(rows: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter(row[:-1] for row in rows.elements())


def _cents(rows: Counter[tuple[Any, ...]]) -> Counter[int]:
    return Counter(row[-1] for row in rows.elements())


def damage(whole: Form, cases: int, seed: int, kinds: Iterable[str] = tuple(DAMAGES)) -> Outcomes:
    """Damage a form in each way in turn.

    Args:
        whole: the filing.
        cases: how many copies.
        seed: the same copies for the same number.
        kinds: of damage.
    """
    out = Outcomes()
    names = [*kinds]
    for case in range(cases):
        kind = names[case % len(names)]
        chance = random.Random(f"{whole.name} {seed} {case}")
        found = outcome(whole, kind, DAMAGES[kind](whole, chance))
        out.counts[kind, found] += 1
        if found == "wrong":
            out.wrong.append(f"{whole.name} {kind} --seed {seed}, case {case}")
    return out


def _given(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    if folder is not None:
        yield from ((path.name, path.read_bytes()) for path in sorted(folder.glob("*.pdf")))
        return
    for name, made in FORMS.items():
        drawn, how = made()
        yield name, drawn.pdf(**how)


def main() -> int:
    """Damage every filing, and print what became of the copies; 1 if one was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="of real filings; without it, the made-up ones")
    parser.add_argument("--cases", type=int, default=300, help="of each form")
    parser.add_argument("--seed", type=int, default=12)
    options = parser.parse_args()
    wrong: list[str] = []
    for name, data in _given(options.folder):
        started = time.perf_counter()
        try:
            whole = form(name, data)
        except FilingError as error:
            sys.stdout.write(f"{name}: refused whole: {error.message[:90]}\n")
            continue
        found = damage(whole, options.cases, options.seed)
        sys.stdout.write(f"{found.line(name)} ({time.perf_counter() - started:.0f} s)\n")
        sys.stdout.flush()
        wrong += found.wrong
    for each in wrong:
        sys.stdout.write(f"WRONG {each}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
