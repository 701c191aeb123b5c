"""Money before and after a pledge: as lines for the terminal, and all signers as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from unionscreen.contributions import money_text
from unionscreen.output.tables import TableList
from unionscreen.reports.tables import pledges_table, screening_tables
from unionscreen.reports.text import count, shorten, visible

if TYPE_CHECKING:
    from unionscreen.pledges import PledgeCheck
    from unionscreen.screening.pledge import Pledge, PledgeReturn

SIGNER_LIMIT: Final = 120  # characters of a name
RETURNS_LIMIT: Final = 5  # returned gifts named one by one; JSON has all of them
SIDE_WORDS: Final = {"before": "before", "after": "on the day or after", "undated": "undated"}


def pledges_text(checked: PledgeCheck) -> str:
    """A paragraph for each signer: what was kept before and after, and what was returned."""
    lines: list[str] = []
    for entry in checked.screening.prosecutors:
        pledge = entry.pledge
        if pledge is None:
            continue
        office = ", ".join(visible(part) for part in (entry.office, entry.jurisdiction) if part)
        lines.append(f"{shorten(entry.prosecutor or '', SIGNER_LIMIT)}" + (f" ({office})" if office else ""))
        lines.append(f"  pledged {pledge.date.isoformat()}" + (f", {visible(pledge.source)}" if pledge.source else ""))
        for name, side in pledge.sides.items():
            if name == "undated" and not (side.gifts or side.refunded):
                continue
            sums = f"{money_text(side.gross)} given, {money_text(side.refunded)} returned, {money_text(side.net)} kept"
            pattern = f", {money_text(side.pattern_net)} of it not on the list" if side.pattern_net else ""
            lines.append(f"  {SIDE_WORDS[name]}: {count(side.gifts, 'gift')}, {sums}{pattern}")
        lines += [f"    {each}" for each in pledge_lines(pledge)]
        lines.append("")
    if checked.missing:
        lines.append(
            "Not found in these filings (this says nothing about them): " + ", ".join(map(visible, checked.missing))
        )
    lines.append("A match with the list is a lead to check; a pledge may be narrower than the list.")
    return "\n".join(lines) + "\n"


def pledges_result(checked: PledgeCheck) -> TableList:
    """All tables of the signers; where a format holds one, a row per signer and side."""
    screening = checked.screening
    about = {"manifest": screening.manifest, "notes": list(screening.notes)}
    return TableList(screening_tables(screening), pledges_table(screening), about)


def pledge_lines(pledge: Pledge) -> list[str]:
    """Each returned gift, with the number of days it was kept."""
    lines = [_returned(each) for each in pledge.returned[:RETURNS_LIMIT]]
    more = len(pledge.returned) - len(lines)
    return [*lines, f"and {count(more, 'gift')} more returned: --format json has all"] if more else lines


def _returned(each: PledgeReturn) -> str:
    given = each.date.isoformat() if each.date else "no date"
    back = f" on {each.returned_on.isoformat()}" if each.returned_on else ""
    kept = f", kept {count(each.days_kept, 'day')}" if each.days_kept is not None else ""
    return f"{money_text(each.amount_cents)} of {given} returned{back}{kept}"
