"""The cover page of an electronic FEC filing (Forms 3, 3P and 3X): what it says that Schedule A adds up to.

Positions are from the mappings of fecfile 0.9 (Apache-2.0). From the column of itemized individuals on, each form
states its lines in one order in all versions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from unionscreen.filings.files.summary import cents_of, day_of, stated_table


class _Form(NamedTuple):
    """Where a form states its lines."""

    schedules: tuple[str, ...]
    """Schedules from the column of itemized individuals on; "" is a total. The first takes three columns."""
    places: tuple[tuple[float, int, int], ...]
    """From which version on, the column of the first day of the period, and of itemized individuals."""
    paper: tuple[int, int]
    """The same columns in filings that the FEC keyed from paper (versions P...)."""


_FORMS: Final = {
    "F3X": _Form(("11A", "11B", "11C", "", "12", "13"), ((6, 13, 29), (0, 14, 23)), (12, 28)),
    # Before version 7, Form 3P states the total of line 17(a) only.
    "F3P": _Form(
        ("17A", "17B", "17C", "17D", "", "18", "19A", "19B"), ((7, 15, 34), (6, 15, 32), (0, 15, 26)), (14, 33)
    ),
    "F3": _Form(
        ("11A", "11B", "11C", "11D", "", "12", "13A", "13B"), ((6.4, 15, 32), (6, 15, 39), (0, 19, 30)), (14, 31)
    ),
}  # fmt: skip
_FORM: Final = re.compile(r"(F3X|F3P|F3)[ANT]?")
_FIRST_SPLIT_3P: Final = 7
_VERSION: Final = re.compile(r"(P?)(\d+(?:\.\d+)?)")


def cover_totals(cover: Sequence[str], version: str, source: str, filing_id: str, amendment: str) -> pa.Table | None:
    """What a cover page states, as ``summary.STATED``; None for forms without these lines.

    Args:
        cover: the fields of the cover line.
        version: as the header gives it; an impossible one is read as the current one.
        source: the file.
        filing_id: of the report, as beside its rows.
        amendment: the same.
    """
    match = _FORM.fullmatch(cover[0].upper()) if cover else None
    if match is None:
        return None
    form = _FORMS[match[1]]
    found = _VERSION.match(version)
    number = float(found[2]) if found else float("inf")
    if found and found[1]:
        begin, first = form.paper
    else:
        begin, first = next((begin, first) for since, begin, first in form.places if number >= since)
    of_report = {
        "source": source,
        "recipient": _at(cover, 2) or _at(cover, 1),
        "recipient_id": _at(cover, 1) or None,
        "filing_id": filing_id,
        "amendment": amendment,
        "begin": day_of(_at(cover, begin)),
        "end": day_of(_at(cover, begin + 1)),
    }
    individuals, *others = form.schedules
    rows = []
    if individuals != "17A" or number >= _FIRST_SPLIT_3P or (found and found[1]):
        three = (cents_of(_at(cover, first + more)) for more in range(3))
        rows.append({"schedule": individuals, **dict(zip(("itemized", "unitemized", "total"), three, strict=True))})
    rows += [
        {"schedule": schedule, "itemized": cents_of(_at(cover, first + 3 + more))}
        for more, schedule in enumerate(others)
        if schedule
    ]
    return stated_table({**of_report, **row} for row in rows)


def _at(cover: Sequence[str], place: int) -> str:
    return cover[place].strip() if place < len(cover) else ""
