"""Before and after a pledge, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from unionscreen.reports.text import count, dollars, visible

if TYPE_CHECKING:
    from unionscreen.screening.pledge import Pledge, PledgeReturn

RETURNS_LIMIT: Final = 5  # returned gifts named one by one; JSON has all of them

WORDS: Final = {"before": "before", "after": "on the day or after", "undated": "undated"}


def pledge_table(pledge: Pledge) -> RenderableType:
    """Gifts, given, returned and kept on each side of the day; then what went back, and how long it was kept."""
    source = f" ({visible(pledge.source)})" if pledge.source else ""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Pledge")
    for name in ("Gifts", "Given", "Returned", "Kept", "kept, not on the list"):
        table.add_column(name, justify="right")
    for name, side in pledge.sides.items():
        if name == "undated" and not (side.gifts or side.refunded):
            continue
        sums = (side.gross, side.refunded, side.net, side.pattern_net)
        table.add_row(WORDS[name], f"{side.gifts:,}", *map(dollars, sums))
    lines = [Text(line) for line in pledge_lines(pledge)]
    return Group(Text(f"\nPledged {pledge.date.isoformat()}{source}: union money before and after", style="bold"),
                 table, *lines)  # fmt: skip


def pledge_lines(pledge: Pledge) -> list[str]:
    """What went back, gift by gift, with the days it was kept."""
    lines = [_returned(each) for each in pledge.returned[:RETURNS_LIMIT]]
    more = len(pledge.returned) - len(lines)
    return [*lines, f"and {count(more, 'gift')} more returned: --format json has all"] if more else lines


def _returned(each: PledgeReturn) -> str:
    given = each.date.isoformat() if each.date else "no date"
    back = f" on {each.returned_on.isoformat()}" if each.returned_on else ""
    kept = f", kept {count(each.days_kept, 'day')}" if each.days_kept is not None else ""
    return f"{dollars(each.amount_cents)} of {given} returned{back}{kept}"
