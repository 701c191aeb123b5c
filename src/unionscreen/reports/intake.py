"""The three lists of a pre-screening, for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from unionscreen.reports.text import count, dollars, shorten, visible

if TYPE_CHECKING:
    from datetime import date

    from unionscreen.policy import Donation, Intake

NAME_LIMIT: Final = 200
TITLES: Final = {
    "refuse": "Refuse and return",
    "review": "Review before depositing",
    "accept": "Accept",
}


def intake_text(intake: Intake, *, today: date | None = None) -> str:
    """Refused and reviewed donations one by one, the day they are due first; accepted ones as a count.

    Args:
        intake: what was decided.
        today: for what is overdue.
    """
    lines: list[str] = []
    for action in ("refuse", "review"):
        found = intake.of(action)
        sums = dollars(sum(each.amount_cents for each in found))
        lines.append(f"{TITLES[action]}: {count(len(found), 'donation')}, {sums}")
        for each in found:
            lines += _donation(each, today)
        lines.append("")
    accepted = intake.of("accept")
    sums = dollars(sum(each.amount_cents for each in accepted))
    lines.append(f"{TITLES['accept']}: {count(len(accepted), 'donation')}, {sums} (--format csv names them)")
    manifest = intake.manifest
    lines.append(
        f"Policy {manifest['policy']}, list {manifest['list_sha256'][:12]}, unionscreen {manifest['version']}. "
        "A match with the list is a lead to check."
    )
    return "\n".join(lines) + "\n"


def _donation(each: Donation, today: date | None) -> list[str]:
    who = shorten(each.donor, NAME_LIMIT) if each.donor else "(not read)"
    when = each.date.isoformat() if each.date else "no date"
    due = ""
    if each.due:
        late = " OVERDUE" if today and each.due < today else ""
        due = f", return by {each.due.isoformat()}{late}"
    lines = [f"  {when}  {who}  {dollars(each.amount_cents)}{due}", f"      {visible(each.reason)}"]
    if each.reviewed:
        lines.append(f"      {visible(each.reviewed)}")
    lines.append(f"      {visible(each.source)}:{each.row}")
    return lines
