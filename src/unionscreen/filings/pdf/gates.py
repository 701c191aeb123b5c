"""Compare the rows with the form's own sums. A failed money gate refuses the filing; other differences are notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from unionscreen.contributions import money_text
from unionscreen.filings.pdf.forms import PdfCross, PdfSection, PdfSummary
from unionscreen.filings.pdf.page import PdfPage, PdfWord, squeezed
from unionscreen.filings.pdf.rows import PdfPageRows, PdfRow
from unionscreen.filings.pdf.values import cents

# The amount of a line is this close to its number, in points; lines are at least 15 points apart.
_NEAR: Final = 13.0
# The text of a line is this close after its number, in points; a lone digit is a speck that was read as one.
_AFTER: Final = 40.0


@dataclass
class PdfSummaryLines:
    """The lines of a section's summary, in cents. Lines that are not printed are missing."""

    found: dict[str, int] = field(default_factory=dict)
    printed: bool = False
    """Whether the summary, or the word for the total, is on a page."""
    problems: list[str] = field(default_factory=list)

    @property
    def itemized(self) -> int | None:
        """The sum to which the rows should add up; None if the form does not say."""
        if "itemized" in self.found:
            return self.found["itemized"]
        if "total" in self.found:
            return self.found["total"] - sum(
                value for name, value in self.found.items() if name not in ("total", "count")
            )
        return None


def summary_lines(section: PdfSection, pages: Sequence[PdfPage]) -> PdfSummaryLines:
    """The lines that a section's pages (or the form's summary page) print.

    Args:
        section: of a form.
        pages: the pages with the lines.
    """
    out = PdfSummaryLines()
    for page in pages:
        found = _numbered(section.summary, page) if section.summary is not None else _beside(section.totals, page)
        if found is None:
            continue
        out.printed = True
        out.problems += [
            f"page {page.number}: {section.title} has more than one {name} ({_listed(name, values)})"
            for name, values in found.items()
            if len(values) > 1
        ]
        once = {name: min(values) for name, values in found.items()}
        if out.found and once and once != out.found:
            out.problems.append(
                f"page {page.number}: the summary of {section.title} is there a second time with other amounts"
            )
        out.found = out.found or once
    if out.printed and (section.summary is None or "itemized" not in section.summary.lines):
        needed = ["total"] if section.summary is not None else [*section.totals]
        out.problems += [
            f"the form's {name} of {section.title} has no readable figure" for name in needed if name not in out.found
        ]
        if section.summary is not None and "unitemized" not in out.found:
            out.problems.append(f"the form's line of what is not itemized in {section.title} has no readable figure")
    return out


def _listed(name: str, values: Iterable[int]) -> str:
    return ", ".join(str(value) if name == "count" else money_text(value) for value in sorted(values))


def _numbered(summary: PdfSummary, page: PdfPage) -> dict[str, set[int]] | None:
    """The amounts of numbered lines below an anchor; None if the anchor is not on the page."""
    anchors = [line for line in page.lines if summary.anchor in squeezed(line.text)]
    if not anchors:
        return None
    top = min(line.y for line in anchors)
    every = [word for line in page.lines if line.y < top for word in _numbers(line.words, summary, page)]
    labels = {
        number: [word for word in every if word.text.rstrip(".,") == str(number)] for number in summary.lines.values()
    }
    amounts = [
        (word, value)
        for word in page.words
        if word.y0 < top
        and summary.values[0] <= word.middle / page.width <= summary.values[1]
        and (value := cents(word.text, exact=True)) is not None
    ]
    found: dict[str, set[int]] = {}
    for name, number in summary.lines.items():
        if len(labels[number]) != 1:
            continue
        label = labels[number][0]
        near = [
            (word, value)
            for word, value in amounts
            if abs(word.y0 - label.y0) < _NEAR * page.width / 792 + 3
            and min(every, key=lambda each, y=word.y0: abs(each.y0 - y)) is label  # type: ignore[misc]
        ]
        if len(near) == 1:
            found[name] = {near[0][1]}
    return found


def _numbers(words: Sequence[PdfWord], summary: PdfSummary, page: PdfPage) -> list[PdfWord]:
    """The line numbers of the form among the words of a line: each is followed by words."""
    return [
        word
        for at, word in enumerate(words)
        if word.text.rstrip(".,").isdigit()
        and summary.labels[0] <= word.x0 / page.width <= summary.labels[1]
        and any(after.x0 - word.x1 < _AFTER and after.text[:1].isalpha() for after in words[at + 1 : at + 3])
    ]


def _beside(totals: Mapping[str, str], page: PdfPage) -> dict[str, set[int]] | None:
    """The values to the right of some words; None if none of the words is on the page."""
    found: dict[str, set[int]] = {}
    printed = False
    for name, label in totals.items():
        for line in page.lines:
            for at, word in enumerate(line.words):
                if squeezed(word.text) != label:
                    continue
                printed = True
                after = line.words[at + 1].text if at + 1 < len(line.words) else ""
                value = cents(after, exact=name == "total")
                if value is not None:
                    found.setdefault(name, set()).add(value if name == "total" else value // 100)
    return found if printed else None


def crossed(cross: PdfCross, pages: Sequence[PdfPage]) -> list[int]:
    """The different totals of a section on the summary pages; none if it cannot be read."""
    found = []
    for page in pages:
        labels = page.phrase(cross.label, (0.0, 0.25, 0.0, 1.0))
        if len(labels) != 1:
            continue
        y = labels[0][0].y0
        near = sorted(
            (abs(word.y0 - y), value)
            for word in page.words
            if cross.values[0] <= word.middle / page.width <= cross.values[1]
            and abs(word.y0 - y) < 7
            and (value := cents(word.text, exact=True)) is not None
        )
        found += [near[0][1]] if near else []
    return sorted({*found})


def check_section(section: PdfSection, read: Sequence[PdfPageRows], lines: PdfSummaryLines) -> list[str]:
    """The failed money gates of one section, a sentence each; none if all sums are equal.

    Args:
        section: of a form.
        read: its pages and rows.
        lines: its own sums.
    """
    rows = [row for page in read for row in page.rows]
    got = sum(row.cents for row in rows)
    out = [problem for page in read for problem in page.problems] + lines.problems
    said = lines.itemized
    if said is None:
        if rows or any(page.subtotal for page in read):
            out.append(f"{section.title} does not say what its rows add up to: the line is missing or cannot be read")
        elif any(page.subtotal is not None for page in read):
            pass
    elif got != said:
        out.append(difference(section.title, rows, said))
    found = lines.found
    if "itemized" in found and "total" in found:
        together = sum(value for name, value in found.items() if name not in ("total", "count"))
        if together != found["total"]:
            total = money_text(found["total"])
            out.append(f"{section.title}: its lines add up to {money_text(together)}, its total is {total}")
    if "count" in found and found["count"] != len(rows):
        out.append(f"{section.title}: the form counts {found['count']:,} transactions, and {len(rows):,} were read")
    sofar = 0
    for page in read:
        sofar += page.cents
        if page.subtotal is not None and page.subtotal not in (page.cents, sofar):
            out.append(
                f"page {page.page.number} adds up to {money_text(page.cents)}, and its own subtotal is "
                f"{money_text(page.subtotal)}"
            )
    return out


def difference(title: str, rows: Sequence[PdfRow], said: int) -> str:
    """The sentence for rows that do not add up to the line of the form."""
    got = sum(row.cents for row in rows)
    what = f"{money_text(said - got)} missing" if said > got else f"{money_text(got - said)} too much"
    return f"{title}: rows read: {len(rows):,}, {money_text(got)}; the form says {money_text(said)}; {what}"
