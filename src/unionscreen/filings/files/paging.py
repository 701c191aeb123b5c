"""Pages of an API: whether other pages hold further records. A sum over one page must not look like the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from unionscreen.contributions import count

# Keys as APIs spell them, without case and punctuation. NetFile: totalMatchingCount; OData: @odata.count and nextLink.
_TOTALS: Final = frozenset(
    {"total", "totalcount", "totalmatchingcount", "totalrecords", "totalresults", "totalrows", "totalitems",
     "totalelements", "numfound", "numbermatched", "odatacount"}
)  # fmt: skip
# ArcGIS: exceededTransferLimit; Google: nextPageToken; Datasette: truncated; OGC: a list of links with "rel".
_NEXT: Final = frozenset(
    {"next", "nexturl", "nextpage", "nextpageurl", "nextpagetoken", "nexttoken", "nextcursor", "nextlink",
     "odatanextlink", "continuationtoken", "pagetoken", "hasmore", "hasnext", "hasnextpage", "hasmorepages",
     "morepages", "moreresults", "exceededtransferlimit", "truncated", "istruncated"}
)  # fmt: skip
# Objects next to the records that hold such keys. In these, "count" is the number of all records (FEC). Next to the
# records it is that only where a next page is named; otherwise it may be the number of records on the page.
_INSIDE: Final = frozenset(
    {"pagination", "paging", "pageinfo", "page", "pages", "meta", "metadata", "links", "properties"}
)
_COUNT: Final = "count"

# The start of the sentence, by which a reader of the manifest tells a page from a file that could not be read.
ONE_PAGE: Final = "this is a page"


class Pages:
    """The pages of one file: how many records they hold, and how many exist."""

    def __init__(self) -> None:
        self._rows = 0
        self._total: int | None = None
        self._more = False
        self.unread: dict[str, None] = {}
        """Lists next to the records that look like contributions."""

    def add(self, levels: Sequence[Mapping[str, Any]], rows: int) -> None:
        """Record what a page says about other pages, and how many records it holds.

        Args:
            levels: the object and the objects within it, down to the one that holds the records.
            rows: how many records that is.
        """
        self._rows += rows
        said = [(key, value, False) for page in levels for key, value in _named(page)]
        for key, value in tuple(said_here[:2] for said_here in said):
            if key in _INSIDE and isinstance(value, Mapping):
                said += [(inner, each, True) for inner, each in _named(value)]
            elif key == "links" and isinstance(value, list):
                said += [(str(each.get("rel")), each.get("href"), True) for each in value if isinstance(each, Mapping)]
        self._more = any(key in _NEXT and _leads_on(value) for key, value, _ in said)
        for key, value, inside in said:
            counts = key in _TOTALS or (key == _COUNT and (inside or self._more))
            number = _whole(value) if counts else None
            if number is not None and (key != _COUNT or number != rows or not self._more):
                self._total = max(number, self._total or 0)

    def is_part(self) -> bool:
        """Whether records exist that are on none of the pages so far."""
        return self._more if self._total is None else self._rows < self._total

    def note(self) -> str | None:
        """A warning for the reader; None when the pages are complete, or say nothing about others."""
        if not self.is_part():
            return None
        of = f"{self._rows:,} of " if self._total is not None else ""
        more = "" if of else ", and it names a next page"
        return (
            f"{ONE_PAGE}: {of}{count(self._total or self._rows, 'record')}{more}; what the others hold is not counted, "
            "and a union that is not shown may be among them"
        )


def _named(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return (("".join(filter(str.isalnum, key)).casefold(), each) for key, each in value.items())


def _leads_on(value: Any) -> bool:
    """Whether a value names a next page: a number, an address, true; not "false"."""
    if isinstance(value, Mapping):  # "next": {"href": "…"}
        return any(map(_leads_on, value.values()))
    return bool(value) and str(value).strip().casefold() not in ("", "false", "no", "null", "none", "0")


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value.strip().replace(",", "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    return value if isinstance(value, int) else None
