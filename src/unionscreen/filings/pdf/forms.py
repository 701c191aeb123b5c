"""Forms as data: the ``[pdf]`` part of a format's TOML, as frozen dataclasses. docs/pdf-forms.md shows how to add one.

Positions are shares of the page's width and height, so that prints at other sizes can be read. Offsets from header
words are in points, for a page of the given ``width``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from unionscreen.filings.layouts.definitions import FilingFormat, list_formats
from unionscreen.filings.pdf.page import squeezed

PdfLayout = Literal["table", "boxes"]
SECTION_KINDS: Final = ("monetary", "in-kind", "loan", "other", "given")
ROLES: Final = (
    "date", "name", "code", "occupation", "employer", "description", "amount", "cumulative", "address", "rest",
)  # fmt: skip


@dataclass(frozen=True)
class PdfColumn:
    """Where a column begins, in points from a word of its header. It ends where the next column begins."""

    role: str
    header: str
    """The word, squeezed."""
    near: tuple[float, float]
    """The range in which the word begins, as shares of the width; elsewhere it is not a header of this form."""
    left: float


@dataclass(frozen=True)
class PdfField:
    """For labelled boxes: where a text is, relative to the date."""

    role: str
    across: tuple[float, float]
    """Shares of the width."""
    up: tuple[float, float]
    """The range above the date, in points."""


@dataclass(frozen=True)
class PdfSummary:
    """Numbered lines of a form with an amount each."""

    anchor: str
    """A phrase above them, squeezed."""
    labels: tuple[float, float]
    """Where their numbers are, as shares of the width."""
    values: tuple[float, float]
    """Where their amounts are, as shares of the width."""
    lines: Mapping[str, int]
    """Line numbers of ``itemized``, ``unitemized``, ``total``, and of other lines in the total."""


@dataclass(frozen=True)
class PdfSection:
    """A schedule: which pages belong to it, and where its rows are."""

    id: str
    title: str
    kind: str
    phrases: tuple[str, ...]
    """Phrases that are all on each of its pages, squeezed."""
    unless: tuple[str, ...]
    """Phrases of which none is on its pages, squeezed."""
    layout: PdfLayout
    columns: tuple[PdfColumn, ...]
    fields: tuple[PdfField, ...]
    stops: tuple[str, ...]
    """Words below which there are no rows, squeezed."""
    top: float
    """The share of the height above which there are no rows."""
    above: float
    """How far above its date a row may begin, in points, where no lines are ruled."""
    pitch: float
    """Dates closer to each other than this, in points, are in one cell."""
    name_prefix: str
    name_stops: tuple[str, ...]
    summary: PdfSummary | None
    totals: Mapping[str, str]
    """The words next to ``total`` and ``count``, squeezed."""
    subtotal: str
    """The word before the subtotal of a page, squeezed; empty if none is printed."""
    summary_on: str
    """The kind of page with the summary; empty: on its own pages."""


@dataclass(frozen=True)
class PdfCross:
    """A line of the form's summary page that repeats a section's total."""

    section: str
    label: str
    values: tuple[float, float]
    what: str


@dataclass(frozen=True)
class PdfPlace:
    """Where to find a fact, such as the filer or the period."""

    pages: str
    """A kind of page; empty: the pages of the sections."""
    box: tuple[float, float, float, float]
    after: str = ""
    """The label on the same line."""
    below: str = ""
    """The label on the line above."""


@dataclass(frozen=True)
class PdfForm:
    """One form in one edition."""

    format: FilingFormat
    name: str
    identify: tuple[tuple[str, ...], ...]
    """Sets of phrases, squeezed: all phrases of one set are on one of the first pages."""
    width: float
    sections: tuple[PdfSection, ...]
    pages: Mapping[str, tuple[str, ...]]
    """Kinds of pages without rows to read, by phrases that are all on them."""
    cross: tuple[PdfCross, ...]
    places: Mapping[str, PdfPlace]
    page_count: tuple[float, float, float, float] | None
    """Where the number of pages is printed, as in ``PdfPage.within``."""


def _squeezed(values: Any) -> tuple[str, ...]:
    return tuple(squeezed(value) for value in values)


def _summary(raw: dict[str, Any]) -> PdfSummary:
    return PdfSummary(squeezed(raw["anchor"]), tuple(raw["labels"]), tuple(raw["values"]), raw["lines"])


def _section(form: str, raw: dict[str, Any]) -> PdfSection:
    if raw["kind"] not in SECTION_KINDS:
        raise ValueError(f"{form}: no kind of section {raw['kind']!r}")
    columns = tuple(
        PdfColumn(role, squeezed(each["header"]), tuple(each["near"]), each["left"]) for role, each in raw["columns"]
    )
    if wrong := {column.role for column in columns} - set(ROLES):
        raise ValueError(f"{form}: no column role {sorted(wrong)}")
    summary = raw.get("summary")
    return PdfSection(
        id=raw["id"],
        title=raw["title"],
        kind=raw["kind"],
        phrases=_squeezed(raw["phrases"]),
        unless=_squeezed(raw.get("unless", ())),
        layout=raw["layout"],
        columns=columns,
        fields=tuple(
            PdfField(name, tuple(each["across"]), tuple(each["up"])) for name, each in raw.get("fields", {}).items()
        ),
        stops=_squeezed(raw.get("stops", ())),
        top=raw.get("top", 1.0),
        above=raw["above"],
        pitch=raw["pitch"],
        name_prefix=raw.get("name_prefix", ""),
        name_stops=tuple(raw.get("name_stops", ())),
        summary=None
        if summary is None
        else PdfSummary(
            squeezed(summary["anchor"]), tuple(summary["labels"]), tuple(summary["values"]), summary["lines"]
        ),
        totals={name: squeezed(word) for name, word in raw.get("totals", {}).items()},
        subtotal=squeezed(raw.get("subtotal", "")),
        summary_on=raw.get("summary_on", ""),
    )


def _form(known: FilingFormat) -> PdfForm:
    raw = dict(known.pdf or {})
    return PdfForm(
        format=known,
        name=raw["form"],
        identify=tuple(_squeezed(each) for each in raw["identify"]),
        width=raw["width"],
        sections=tuple(_section(known.id, each) for each in raw["section"]),
        pages={kind: _squeezed(phrases) for kind, phrases in raw["pages"].items()},
        cross=tuple(
            PdfCross(each["section"], each["label"], tuple(each["values"]), each["what"])
            for each in raw.get("cross", ())
        ),
        places={name: PdfPlace(**{**each, "box": tuple(each["box"])}) for name, each in raw["places"].items()},
        page_count=tuple(raw["page_count"]) if "page_count" in raw else None,
    )


@cache
def forms() -> tuple[PdfForm, ...]:
    """All known forms.

    Raises:
        ValueError: our own data is wrong, which a test finds.
    """
    return tuple(_form(known) for known in list_formats() if known.pdf)
