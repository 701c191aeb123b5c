"""Endorsements as lines for the terminal and as a table of their own. They are in no sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from unionscreen.output.tables import ResultTable, TableList, TypedColumn
from unionscreen.reports.text import count, shorten, visible

if TYPE_CHECKING:
    from unionscreen.endorsements import Endorsement, EndorsementSearch

# Characters of a sentence on the terminal; the other formats have all of it.
_SENTENCE_LIMIT: Final = 300
SILENCE: Final = (
    "Only what these texts say: a union that is not shown here may still have endorsed, so silence is not evidence."
)

ENDORSEMENT_COLUMNS: Final = (
    TypedColumn("source", "text", "the file; a page of a PDF is file.pdf#page", 30),
    TypedColumn("line", "count", "the line on which the name begins"),
    TypedColumn("sentence", "text", "the sentence, or the entry of a list; empty for a row of a table", 70),
    TypedColumn("text", "text", "the organization's name as written", 40),
    TypedColumn("verdict", "text", "union, related, or clear (in a table)"),
    TypedColumn("tier", "text", "listed, pattern, or empty where the text does not name the union"),
    TypedColumn("union_id", "text", "of a listed union", 30),
    TypedColumn("union", "text", "of a listed union", 38),
    TypedColumn("could_be", "text", "ids of the listed unions that may be meant, with blanks between", 30),
    TypedColumn("candidate", "text", "who is endorsed, as far as the text says", 24),
    TypedColumn("endorses", "text", "yes, no, or check where the words do not settle it; silence is not evidence"),
    TypedColumn("why", "text", "what the words say"),
    TypedColumn("date", "date", "from a table, or as given with --date"),
    TypedColumn("pledge_date", "text", "day, month or year of the candidate's pledge to take no endorsement of it"),
    TypedColumn("pledge_side", "text", "before, after, or unclear: on the day of the pledge, or in its month or year"),
    TypedColumn("cited", "text", "the source that a table gives for the row", 40),
)


def endorsements_table(search: EndorsementSearch) -> ResultTable:
    """A row for each mention, in the order of the files."""
    return ResultTable(
        "endorsements", "Endorsements",
        "A mention of an organization, and whether the text says that it endorses. " + SILENCE,
        ENDORSEMENT_COLUMNS, [_cells(each) for each in search.found],
    )  # fmt: skip


def _cells(each: Endorsement) -> tuple[Any, ...]:
    return (
        each.source, each.line, each.sentence or None, each.text, each.verdict, each.tier, each.union_id, each.union,
        " ".join(each.could_be) or None, each.candidate or None, each.endorses, each.why, each.day,
        each.pledged or None, each.side or None, each.cited or None,
    )  # fmt: skip


def endorsements_result(search: EndorsementSearch) -> TableList:
    """The table, with the note that silence is not evidence."""
    table = endorsements_table(search)
    return TableList((table,), table, {"notes": [SILENCE, *search.notes]})


def endorsements_json(search: EndorsementSearch) -> dict[str, Any]:
    """Plain values: the mentions under the names of the table's columns, and the notes."""
    names = [column.name for column in ENDORSEMENT_COLUMNS]
    rows = [dict(zip(names, _cells(each), strict=True)) for each in search.found]
    for row, each in zip(rows, search.found, strict=True):
        row["could_be"] = list(each.could_be)
        row["date"] = row["date"].isoformat() if row["date"] else None
    return {"endorsements": rows, "notes": [SILENCE, *search.notes]}


def endorsements_text(search: EndorsementSearch) -> str:
    """A paragraph for each mention, and a last line about what is not shown."""
    lines: list[str] = []
    for each in search.found:
        whom = f" {shorten(each.candidate, 60)}" if each.candidate else ""
        lines.append(f"{each.endorses:<6}{shorten(each.text, 120)}{' →' if whom else ''}{whom}")
        lines.append(f"      {_who(each)}; {visible(each.why)}")
        if each.pledged:
            lines.append(f"      {_pledged(each)}")
        if each.sentence:
            lines.append(f"      “{shorten(each.sentence, _SENTENCE_LIMIT)}”")
        cited = f" ({visible(each.cited)})" if each.cited else ""
        lines.append(f"      {visible(each.source)}:{each.line}{cited}")
        lines.append("")
    if not search.found:
        lines.append("No organization of officers is named in these texts.")
    return "\n".join([*lines, SILENCE]) + "\n"


def _who(each: Endorsement) -> str:
    if each.verdict == "related":
        return "related, not a union"
    if each.verdict == "clear":
        return "not a union on the list, and does not read like one"
    if each.union:
        return f"listed: {visible(each.union)}"
    if each.tier is None:
        return "a union that the text does not name"
    if each.could_be:
        return f"pattern, may be {count(len(each.could_be), 'listed union')}: {' '.join(each.could_be)}"
    return "pattern: reads like a union, not on the list"


_SIDES: Final = {
    "": "the day of the endorsement is not known",
    "before": "endorsed before the pledge",
    "after": "endorsed after the pledge",
    "unclear": "endorsed on that day or in that time, so which came first is not known",
}


def _pledged(each: Endorsement) -> str:
    return f"pledged to take no endorsements: {each.pledged}; {_SIDES[each.side]}"


def endorsements_summary(search: EndorsementSearch) -> str:
    """One line for standard error."""
    unions = [each for each in search.found if each.verdict == "union"]
    by_call = {call: sum(each.endorses == call for each in unions) for call in ("yes", "check", "no")}
    return (
        f"{count(search.read, 'file')} read, {count(len(unions), 'mention')} of unions: "
        f"{by_call['yes']:,} yes, {by_call['check']:,} to check, {by_call['no']:,} no"
    )
