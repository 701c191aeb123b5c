"""What a page of an API says of the records that other pages hold: a sum over one page must not look like the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

# Keys as APIs spell them, without case and punctuation. NetFile: totalMatchingCount; OData: @odata.count and nextLink.
_TOTALS: Final = frozenset(
    {"total", "totalcount", "totalmatchingcount", "totalrecords", "totalresults", "totalrows", "totalitems",
     "totalelements", "numfound", "odatacount"}
)  # fmt: skip
_NEXT: Final = frozenset(
    {"next", "nexturl", "nextpage", "nextpageurl", "nextlink", "odatanextlink", "hasmore", "hasnext", "hasnextpage"}
)
# Objects beside the records that hold such keys. In one of these "count" is the number of all records (FEC); beside the
# records it is so only where a next page is named, and may be the number on the page.
_INSIDE: Final = frozenset({"pagination", "paging", "pageinfo", "page", "meta", "metadata", "links"})
_COUNT: Final = "count"


class Pages:
    """The pages of one file: how many records they hold, and how many there are."""

    def __init__(self) -> None:
        self._rows = 0
        self._total: int | None = None
        self._more = False

    def add(self, page: Mapping[str, Any], rows: int) -> None:
        """Note what a page says, and how many records it holds."""
        self._rows += rows
        said = [(key, value, False) for key, value in _named(page)]
        for key, value in _named(page):
            if key in _INSIDE and isinstance(value, Mapping):
                said += [(inner, each, True) for inner, each in _named(value)]
        self._more = any(key in _NEXT and _leads_on(value) for key, value, _ in said)
        for key, value, inside in said:
            counts = key in _TOTALS or (key == _COUNT and (inside or self._more))
            number = _whole(value) if counts else None
            if number is not None and (key != _COUNT or number != rows or not self._more):
                self._total = max(number, self._total or 0)

    def is_part(self) -> bool:
        """Whether there are records that the pages so far do not hold."""
        return self._more if self._total is None else self._rows < self._total

    def note(self) -> str | None:
        """What the reader of the figures must know; None where the pages are the whole, or say nothing."""
        if not self.is_part():
            return None
        of = f" of {self._total:,}" if self._total is not None else ""
        more = "" if of else ", and it names a next page"
        return (
            f"this is a page: {self._rows:,}{of} records{more}; what the others hold is in no sum, "
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
