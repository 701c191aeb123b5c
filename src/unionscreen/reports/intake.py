"""The lists of an intake screening, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from unionscreen.contributions import money_text
from unionscreen.intake.rules import policy_text
from unionscreen.reports.text import count, shorten, visible
from unionscreen.reports.words import NAME_LIMIT, unread_said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from unionscreen.intake import Donation, Intake

TITLES: Final = {
    "refuse": "Refuse and return",
    "review": "Review before depositing",
    "accept": "Accept",
}


def intake_text(intake: Intake, *, today: date | None = None) -> str:
    """Refused and reviewed donations one by one, the earliest due date first; accepted ones as a count.

    Of the accepted ones, those whose donor a person cleared are listed too, with who cleared it, when and why.

    Args:
        intake: what was decided.
        today: for what is overdue.
    """
    lines: list[str] = []
    for action in ("refuse", "review"):
        found = intake.of(action)
        returned = [each for each in found if each.returned]
        done = f"; returned already: {_sum(returned)}" if returned else ""
        lines.append(f"{TITLES[action]}: {_sum([each for each in found if not each.returned])}{done}")
        for each in found:
            lines += _donation(each, today)
        lines.append("")
    accepted, back = _accepted(intake)
    if cleared := [each for each in accepted if each.cleared]:
        lines.append(f"Cleared by a person, and accepted: {_sum(cleared)}")
        for each in cleared:
            lines += _donation(each, today)
        lines.append("")
    which = "the cleared one" if len(cleared) == 1 else f"the {len(cleared):,} cleared ones"
    included = f", {which} included" if cleared else ""
    lines.append(f"{TITLES['accept']}: {_sum(accepted)}{included} (--format csv names them)")
    if back:
        cents = sum(abs(each.amount_cents) for each in back)
        lines.append(f"Money that went back, not counted above: {count(len(back), 'row')}, {money_text(cents)}")
    manifest = intake.manifest
    lines.append(
        f"Policy {policy_text(manifest)}, list {manifest['list_sha256'][:12]}, unionscreen {manifest['version']}. "
        "A match with the list is a lead to check."
    )
    if unread := unread_said(manifest):
        lines.append(unread)
    return "\n".join(lines) + "\n"


def intake_summary(intake: Intake) -> str:
    """The counts in one line. A row of money going back is not a donation.

    The number of donations still to return is given separately. Files that could not be read are named at the end.
    """
    accepted, back = _accepted(intake)
    counts = (
        f"{len(intake.of('refuse')):,} refuse",
        f"{len(intake.of('review')):,} review",
        f"{len(accepted):,} accept",
    )
    rest = f"; money that went back: {count(len(back), 'row')}" if back else ""
    unread = unread_said(intake.manifest)
    return f"{', '.join(counts)}; {len(intake.to_return):,} to return{rest}" + (f"; {unread}" if unread else "")


def _accepted(intake: Intake) -> tuple[list[Donation], list[Donation]]:
    """The donations to accept, and the rows among them that return money."""
    found = intake.of("accept")
    return [each for each in found if not each.goes_back], [each for each in found if each.goes_back]


def _sum(found: Sequence[Donation]) -> str:
    unread = sum(each.unread for each in found)
    without = f" and {count(unread, 'amount')} that could not be read" if unread else ""
    return f"{count(len(found), 'donation')}, {money_text(sum(each.amount_cents for each in found))}{without}"


def _donation(each: Donation, today: date | None) -> list[str]:
    who = shorten(each.donor, NAME_LIMIT) if each.donor else "(not read)"
    when = each.date.isoformat() if each.date else "no date"
    due = ""
    if each.due:
        late = " OVERDUE" if today and each.due < today else ""
        due = f", return by {each.due.isoformat()}{late}"
    amount = "amount not read" if each.unread else money_text(each.amount_cents)
    lines = [f"  {when}  {who}  {amount}{due}", f"      {visible(each.reason)}"]
    if each.reviewed:
        lines.append(f"      {visible(each.reviewed)}")
    lines.append(f"      {visible(each.source)}:{each.row}")
    return lines
