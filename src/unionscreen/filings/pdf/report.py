"""Read one PDF filing, from its pages to rows that equal the form's own lines, or to a refusal with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from unionscreen.contributions import money_text
from unionscreen.errors import FilingError, UnknownFormatError
from unionscreen.files import shown
from unionscreen.filings.files.tables import PageText
from unionscreen.filings.pdf.forms import PdfForm, PdfPlace, forms
from unionscreen.filings.pdf.gates import PdfSummaryLines, check_section, crossed, summary_lines
from unionscreen.filings.pdf.page import PdfPage, joined
from unionscreen.filings.pdf.process import PdfDocument, read_document
from unionscreen.filings.pdf.rows import PdfPageRows, PdfRow, read_pages
from unionscreen.filings.pdf.values import day

SEARCHABLE: Final = "make it searchable first (ocrmypdf --skip-text IN OUT), or ask for the agency's export"
# Items to name in a sentence; a count follows for the rest.
_SAID: Final = 6
# Pages to examine to identify the form: covers and letters may come first.
_LOOKED_AT: Final = 12


@dataclass
class PdfReport:
    """A PDF filing as read."""

    source: str
    document: PdfDocument
    form: PdfForm
    kinds: list[str]
    """For each page: the title of its section, another kind of page, "no text", or "unknown"."""
    sections: dict[str, list[PdfPageRows]] = field(default_factory=dict)
    lines: dict[str, PdfSummaryLines] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    """The filer, the period and other facts on the form."""
    counts: list[int] = field(default_factory=list)
    """The number of pages of the form, as printed on each page."""
    problems: list[str] = field(default_factory=list)
    """Money gates that failed."""
    accepted: tuple[str, ...] = ()
    """The problems, if the user accepts them."""
    notes: list[str] = field(default_factory=list)
    """Other gates that failed, and further remarks."""

    @property
    def rows(self) -> list[PdfRow]:
        """All rows in the order of the pages."""
        return sorted(
            (row for pages in self.sections.values() for page in pages for row in page.rows),
            key=lambda row: (row.page, row.line),
        )

    @property
    def screened(self) -> list[PdfRow]:
        """The rows that are contributions, received or made. Only ``convert`` writes the others."""
        return [row for row in self.rows if row.kind != "other"]

    @property
    def page_texts(self) -> tuple[PageText, ...]:
        """What each page contains."""
        return tuple(
            PageText(
                page.number,
                "none" if page.unread or not page.texts else "OCR" if page.read_by_machine else "text",
                "unknown" if kind == "no text" else kind,
            )
            for page, kind in zip(self.document.pages, self.kinds, strict=True)
        )

    def to_dict(self) -> dict[str, Any]:
        """A description as plain values, for ``formats detect``."""
        titles = {section.id: section.title for section in self.form.sections}
        pages: dict[str, list[int]] = {}
        for number, kind in enumerate(self.kinds, 1):
            pages.setdefault(kind, []).append(number)
        return {
            "source": self.source,
            "format": self.form.format.id,
            "form": self.form.name,
            "pages": pages,
            "sections": {
                titles[name]: {
                    "rows": sum(len(page.rows) for page in read),
                    "amount": money_text(sum(page.cents for page in read)),
                    "form_says": None if (said := self.lines[name].itemized) is None else money_text(said),
                }
                for name, read in self.sections.items()
            },
            **self.facts,
            "ocr": any(page.read_by_machine for page in self.document.pages),
            "problems": self.problems,
            "notes": self.notes,
        }

    def refusal(self) -> FilingError:
        """The error that says why it was not read."""
        said = "; ".join(self.problems[:_SAID])
        more = f"; and {len(self.problems) - _SAID} more" if len(self.problems) > _SAID else ""
        unread = "no text" in self.kinds
        hint = SEARCHABLE[0].upper() + SEARCHABLE[1:] if unread else (
            "check the page against the form; --accept-difference reads it anyway, and says so first"
        )  # fmt: skip
        return FilingError(f"{said}{more}. Nothing was screened.", source=self.source, hint=hint)


def read_report(path: str | Path, label: str | None = None) -> PdfReport:
    """Read a PDF filing, and compare its rows with its own sums. Differences are in ``problems``.

    Args:
        path: the file.
        label: its name in errors.

    Raises:
        FilingError: it cannot be read, has no text, or has no rows.
        UnknownFormatError: its form is not known.
    """
    label = label or shown(path)
    with Path(path).open("rb") as file:
        document = read_document(file, label)
    return report_of(document, label)


def report_of(document: PdfDocument, label: str) -> PdfReport:
    """The same for the pages of a filing.

    Args:
        document: its pages, numbered from 1.
        label: its name in errors.

    Raises:
        FilingError, UnknownFormatError: as :func:`read_report`.
    """
    pages = document.pages
    unread = [page.number for page in pages if page.unread]
    form = _form_of(document, label, unread)
    report = PdfReport(label, document, form, [])
    for page in pages:
        report.kinds.append(_kind_of(form, page))
        if form.page_count:
            report.counts += _counts(page, form.page_count)
        page.forget()
    for section in form.sections:
        mine = [page for page, kind in zip(pages, report.kinds, strict=True) if kind == section.title]
        if mine:
            report.sections[section.id] = read_pages(section, mine, form.width)
            on = mine if not section.summary_on else _of_kind(report, section.summary_on)
            report.lines[section.id] = summary_lines(section, on)
    _find_facts(report)
    _check(report, unread)
    return report


def _form_of(document: PdfDocument, label: str, unread: Sequence[int]) -> PdfForm:
    pages = document.pages
    looked_at = pages[:_LOOKED_AT]
    found = [
        form
        for form in forms()
        if any(all(page.says(phrase) for phrase in option) for option in form.identify for page in looked_at)
    ]
    if len(found) == 1:
        return found[0]
    if not found and document.attached:
        held = ", ".join(document.attached[:_SAID])
        raise UnknownFormatError(
            f"the form of this PDF is not known, but it contains other files, which are not opened: {held}. "
            "Nothing was screened.",
            source=label, hint="open it in a PDF viewer, save the attachments, and give those files",
        )  # fmt: skip
    if len(unread) == len(pages):
        raise FilingError(
            f"{len(unread)} of {len(pages)} pages are images without text: nothing can be read. Nothing was screened.",
            source=label, hint=SEARCHABLE[0].upper() + SEARCHABLE[1:],
        )  # fmt: skip
    names = ", ".join(form.name for form in forms())
    if found:
        raise UnknownFormatError(
            f"this PDF names several forms ({', '.join(form.name for form in found)}): it may contain several filings. "
            "Nothing was screened.",
            source=label, hint="split it into one PDF per filing",
        )  # fmt: skip
    raise UnknownFormatError(
        f"the form of this PDF is not known (known forms: {names}). Nothing was screened.",
        source=label, hint="ask the agency for the data as CSV or Excel, or add the form (docs/pdf-forms.md)",
    )  # fmt: skip


def _kind_of(form: PdfForm, page: PdfPage) -> str:
    if page.unread:
        return "no text"
    fitting = [
        section.title
        for section in form.sections
        if all(map(page.says, section.phrases)) and not any(map(page.says, section.unless))
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return "unknown"
    known = [kind for kind, phrases in form.pages.items() if all(map(page.says, phrases))]
    if known:
        return known[0]
    return "unknown" if page.texts else "empty"


def _of_kind(report: PdfReport, kind: str) -> list[PdfPage]:
    return [page for page, each in zip(report.document.pages, report.kinds, strict=True) if each == kind]


def _find_facts(report: PdfReport) -> None:
    titles = {section.title for section in report.form.sections}
    own = [page for page, kind in zip(report.document.pages, report.kinds, strict=True) if kind in titles]
    for name, place in report.form.places.items():
        for page in _of_kind(report, place.pages) if place.pages else own:
            if name == "period":
                days = sorted(found for word in page.within(place.box) if (found := day(word.text)))
                if len(days) == 2:
                    report.facts["from"], report.facts["to"] = (each.isoformat() for each in days)
                    break
            elif text := _text_at(page, place):
                report.facts[name] = text
                break


def _text_at(page: PdfPage, place: PdfPlace) -> str:
    """The text next to or below a label; without a label, all text in the box."""
    words = page.within(place.box)
    if not place.after and not place.below:
        return joined(sorted(words, key=lambda word: word.x0))
    label = place.after or place.below
    box = (0.0, 1.0, *place.box[2:]) if place.after else place.box
    for run in page.phrase(label, box):
        y = run[0].y0
        if place.after:
            text = [word for word in words if abs(word.y0 - y) < 5 and word.x0 > run[-1].x0]
        else:
            text = [word for word in words if 4 < y - word.y0 < 18]
        if place.after:
            text = [word for word in text if word.x0 >= run[-1].x1 - 1]
        if text:
            return joined(sorted(text, key=lambda word: word.x0))
    return ""


def _check(report: PdfReport, unread: Sequence[int]) -> None:
    """Check all gates. Failures about money go to ``problems``, the others to ``notes``."""
    form, rows = report.form, report.rows
    for section in form.sections:
        if section.id in report.sections:
            report.problems += check_section(section, report.sections[section.id], report.lines[section.id])
    sure = _check_cross(report)
    _check_pages(report, unread, sure=sure)
    if not report.sections:
        report.problems.append("this file has no schedule of contributions that can be read")
    elif not rows and not any(lines.found for lines in report.lines.values()):
        report.problems.append("this form is blank: it has no row and no total")
    if "from" in report.facts:
        outside = [row for row in rows if not report.facts["from"] <= row.date <= report.facts["to"]]
        if outside:
            some = ", ".join(f"page {row.page} line {row.line} ({row.date})" for row in outside[:_SAID])
            report.notes.append(
                f"{len(outside)} {'date lies' if len(outside) == 1 else 'dates lie'} outside the period "
                f"{report.facts['from']} to {report.facts['to']}: {some}"
                + (f" and {len(outside) - _SAID} more" if len(outside) > _SAID else "")
                + ("; OCR misreads figures" if any(row.ocr for row in outside) else "")
            )
    if large := [row for row in rows if row.cumulative is not None and row.cents > row.cumulative]:
        some = ", ".join(f"page {row.page} line {row.line} ({money_text(row.cents)})" for row in large[:_SAID])
        which = "amount is" if len(large) == 1 else "amounts are"
        more = f" and {len(large) - _SAID} more" if len(large) > _SAID else ""
        report.notes.append(
            f"{len(large)} {which} larger than the donor's cumulative total on the same line: {some}{more}; "
            "amounts that changed places look like this, and so do gifts that were returned"
        )
    if others := [row for row in rows if row.kind == "other"]:
        titles = ", ".join(section.title for section in form.sections if section.kind == "other")
        report.notes.append(
            f"{titles}: {len(others)} rows, {money_text(sum(row.cents for row in others))}, are not contributions and "
            "not screened; `unionscreen convert` writes them out"
        )
    if machine := sum(row.ocr for row in rows):
        report.notes.append(f"{machine} of {len(rows)} rows were read by OCR: check the names")
    if report.document.attached:
        report.notes.append(f"files in the PDF were not opened: {', '.join(report.document.attached)}")


def _check_cross(report: PdfReport) -> bool:
    """Compare with the form's summary page. Returns whether it covers every section of contributions received."""
    sections = {section.id: section for section in report.form.sections}
    sure = bool(report.form.cross)
    for cross in report.form.cross:
        values = crossed(cross, _of_kind(report, "summary"))
        said = values[0] if values else None
        if len(values) > 1:
            several = ", ".join(map(money_text, values))
            report.problems.append(f"{cross.what} is in the file with different amounts: {several}; is it one filing?")
        if not cross.section:  # money on a schedule without rows to read
            if said:
                report.notes.append(f"{cross.what} says {money_text(said)}: that schedule is not read and not counted")
            continue
        section = sections[cross.section]
        if said is None:
            sure = False
            continue
        lines = report.lines.get(cross.section)
        if lines is None:
            if said:
                report.problems.append(f"{section.title} is not in the file, and {cross.what} says {money_text(said)}")
        elif "total" in lines.found:
            if lines.found["total"] != said:
                total = money_text(lines.found["total"])
                report.problems.append(
                    f"{section.title} has a total of {total}, and {cross.what} says {money_text(said)}"
                )
        elif said:
            report.problems.append(
                f"{cross.what} says {money_text(said)}, and the total of {section.title} cannot be read"
            )
    return sure


def _check_pages(report: PdfReport, unread: Sequence[int], *, sure: bool) -> None:
    pages = report.document.pages
    titles = {section.title for section in report.form.sections}
    inside: set[int] = set()
    for title in titles:
        numbers = [page.number for page, kind in zip(pages, report.kinds, strict=True) if kind == title]
        if numbers:
            inside.update(range(min(numbers), max(numbers) + 1))
    own = [page.number for page, kind in zip(pages, report.kinds, strict=True) if kind in titles]
    strange = [page.number for page, kind in zip(pages, report.kinds, strict=True) if kind == "unknown"]
    if unread:
        said = (f"page {unread[0]} of {len(pages)} has no text" if len(unread) == 1
                else f"{len(unread)} of {len(pages)} pages have no text: {_numbers(unread)}")  # fmt: skip
        if not sure or report.problems or inside & {*unread} or not own:
            report.problems.insert(0, said)
        else:
            report.notes.append(f"{said}; the schedules are complete without them")
    if strange:
        said = f"not a known page of this form: {_numbers(strange)}"
        (report.problems if inside & {*strange} or not sure else report.notes).append(said)
    printed = max(report.counts, key=report.counts.count, default=0)
    if printed > len(pages):
        report.notes.append(f"the form has {printed} pages, and the file {len(pages)}")
    absent = [section.title for section in report.form.sections if section.id not in report.sections]
    if absent and len(report.form.sections) > 1:
        report.notes.append(f"not in the file: {', '.join(absent)}")


def _counts(page: PdfPage, box: Sequence[float]) -> list[int]:
    """The number of pages of the form, if the page says it ("4 of 42")."""
    words = page.within(box)
    return [
        int(after.text)
        for each in words
        if each.text.lower() == "of"
        for after in words
        if abs(after.y0 - each.y0) < 7 and 0 < after.x0 - each.x0 < 45 and after.text.isdigit()
    ]


def _numbers(numbers: Sequence[int]) -> str:
    said = ", ".join(map(str, numbers[:_SAID]))
    return f"pages {said}" + (f" and {len(numbers) - _SAID} more" if len(numbers) > _SAID else "")
