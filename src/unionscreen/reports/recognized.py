"""Who is recognized as a prosecutor and who nearly is: as lines for the terminal, and as a roster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from unionscreen.output.tables import ResultTable, TableList, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS
from unionscreen.reports.text import count, visible

if TYPE_CHECKING:
    from unionscreen.recognizing import RecognizedRecipients

# The columns that ``--roster`` reads come first.
_ROSTER: Final = (
    TypedColumn("prosecutor", "text", "the person; of a recipient that is not recognized, the one in its name"),
    TypedColumn("recipient", "text", "as filed"),
    TypedColumn("recipient_id", "text", "the agency's id of the committee"),
    TypedColumn("office", "text", "in the standard words"),
    TypedColumn("jurisdiction", "text", "county, district or city, if the filing says"),
    TypedColumn("state", "text", "two letters, from the roster that was given"),
    TypedColumn("pledge_date", "text", "day, month or year of the pledge, from the roster that was given"),
    TypedColumn("source", "text", "of the pledge"),
    TypedColumn(
        "recognized", "text", "whether it is a prosecutor's: yes, no, or mixed (as the filing says row by row)"
    ),
    TypedColumn("why", "text", "the reason"),
    TypedColumn("rows", "count", "rows that name the recipient"),
    *ID_COLUMNS,
)


def roster_result(found: RecognizedRecipients) -> TableList:
    """The recipients as a roster that a person can edit and ``--roster`` reads."""
    from unionscreen.prosecutors import roster_rows

    rows = [tuple(row[column.name] for column in _ROSTER) for row in roster_rows(found.rows)]
    return TableList.of(ResultTable("roster", "Roster", "Recipients that are or may be prosecutors'", _ROSTER, rows))


def recognized_text(found: RecognizedRecipients) -> str:
    """The recognized recipients, then those that nearly are, each with its reason."""
    lines = []
    for recognized, title in ((True, "Recognized"), (False, "Nearly, and not counted as a prosecutor's")):
        rows = [row for row in found.rows if row.recognized == recognized]
        lines.append(f"{title}: {len(rows):,}")
        for row in rows:
            who = ", ".join(filter(None, (row.prosecutor, row.office, row.jurisdiction)))
            number = f" ({row.recipient_id})" if row.recipient_id else ""
            lines.append(f"  {visible(row.recipient)}{visible(number)}, {count(row.rows, 'row')}")
            lines += [f"    {visible(each)}" for each in (who, row.why) if each]
    return "\n".join(lines) + "\n"


def recognized_summary(found: RecognizedRecipients) -> str:
    """One line for a log: what was read, and how many recipients are recognized."""
    sure = sum(row.recognized for row in found.rows)
    rejected = f", {found.rows_rejected:,} not" if found.rows_rejected else ""
    return (
        f"{count(found.rows_read - found.rows_rejected, 'row')} read{rejected}; {count(sure, 'committee')} recognized "
        f"as a prosecutor's, {len(found.rows) - sure:,} nearly, of {count(found.recipients, 'recipient')}"
    )
