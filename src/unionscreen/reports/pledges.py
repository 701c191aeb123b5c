"""All signers of a pledge, before and after: as lines for the terminal and as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from unionscreen.accounting.money import cents_to_decimal as exact
from unionscreen.reports.pledge import WORDS, pledge_lines
from unionscreen.reports.text import count, dollars, shorten, visible, visible_lines

if TYPE_CHECKING:
    from unionscreen.pledges import PledgeCheck

NAME_LIMIT: Final = 120
COLUMNS: Final = (
    "prosecutor", "office", "jurisdiction", "recipients", "pledge_date", "pledge_source", "side", "gifts", "gross",
    "refunded", "net", "pattern_gross", "pattern_refunded", "pattern_net",
)  # fmt: skip


def pledges_text(checked: PledgeCheck) -> str:
    """A paragraph per signer: kept before, kept after, what was returned."""
    lines: list[str] = []
    for entry in checked.screening.prosecutors:
        pledge = entry.pledge
        if pledge is None:
            continue
        office = ", ".join(visible(part) for part in (entry.office, entry.jurisdiction) if part)
        lines.append(f"{shorten(entry.prosecutor or '', NAME_LIMIT)}" + (f" ({office})" if office else ""))
        lines.append(f"  pledged {pledge.date.isoformat()}" + (f", {visible(pledge.source)}" if pledge.source else ""))
        for name, side in pledge.sides.items():
            if name == "undated" and not (side.gifts or side.refunded):
                continue
            sums = f"{dollars(side.gross)} given, {dollars(side.refunded)} returned, {dollars(side.net)} kept"
            pattern = f", {dollars(side.pattern_net)} of it not on the list" if side.pattern_net else ""
            lines.append(f"  {WORDS[name]}: {count(side.gifts, 'gift')}, {sums}{pattern}")
        lines += [f"    {each}" for each in pledge_lines(pledge)]
        lines.append("")
    if checked.missing:
        lines.append("Not in these filings, which says nothing about them: " + ", ".join(map(visible, checked.missing)))
    lines.append("A match with the list is a lead to check; a pledge may be narrower than the list.")
    return "\n".join(lines) + "\n"


def pledges_csv(checked: PledgeCheck) -> str:
    """A row per signer and side, amounts in dollars."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in checked.screening.prosecutors:
        if (pledge := entry.pledge) is None:
            continue
        who = (entry.prosecutor, entry.office, entry.jurisdiction, "; ".join(entry.recipients))
        about = [visible_lines(cell or "") for cell in (*who, pledge.date.isoformat(), pledge.source)]
        for name, side in pledge.sides.items():
            sums = (side.gross, side.refunded, side.net, side.pattern_gross, side.pattern_refunded, side.pattern_net)
            writer.writerow([*about, name, side.gifts, *map(exact, sums)])
    return out.getvalue()
