"""The columns of a screening's tables. A contract with the readers of the data: names are added, never taken away."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from unionscreen.output.tables import Keys, TypedColumn
from unionscreen.screening.result import Flag

# A contribution as a row of data. The first fifteen columns are those of the first version of the CSV; new ones are
# added at the end.
_NAMED: Final = (
    TypedColumn("source", "text", "the file, and the member or sheet inside it"),
    TypedColumn("row", "count", "line (text) or record number (sheet) in that file; the heading is 1"),
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("recipient", "text", "the committee that received, as filed"),
    TypedColumn("contributor", "text", "the donor, as filed"),
    TypedColumn("date", "date", "empty if missing or impossible"),
    TypedColumn("amount", "cents", "US dollars; negative is money going back"),
    TypedColumn("kind", "text", "monetary, in-kind, loan, refund, transfer, independent-expenditure, other"),
    TypedColumn("status", "text", "active, superseded, covered, duplicate, memo, refunded, void"),
    TypedColumn(
        "tier", "text", "listed, pattern, related (counted because asked for), or empty for a related organization"
    ),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("union", "text", "name in the curated list"),
    TypedColumn("union_kind", "text", "police, corrections, ...; or what a related organization is"),
    TypedColumn("score", "score", "0 to 100, the more certain the higher; not a probability"),
    TypedColumn("why", "text", "the evidence in one sentence, with its place in the filing"),
    TypedColumn("status_cause", "text", "file:row of the row that caused the status, or a sentence if no row did"),
    TypedColumn("counted", "boolean", "whether the row is counted in totals: the counted amounts add up to net"),
    TypedColumn("alias", "text", "the name on the list that matched"),
    TypedColumn("prosecutor_id", "count", "number of the prosecutor (or recipient) in this report"),
    TypedColumn("recipient_id", "text", "the agency's id of the committee"),
    TypedColumn("contributor_type", "text", "individual, organization, committee, unknown"),
    TypedColumn("employer", "text", "the donor's employer, as filed"),
    TypedColumn("occupation", "text", "the donor's occupation, as filed"),
    TypedColumn("city", "text", "the donor's city"),
    TypedColumn("state", "text", "the donor's state"),
    TypedColumn("filing_id", "text", "the report that the row was filed in"),
    TypedColumn("amendment", "text", "which version of that report"),
    TypedColumn("transaction_id", "text", "the agency's or filer's id of the transaction"),
    TypedColumn("reviewed", "text", "what a person decided about this donor: verdict, by whom, when"),
    TypedColumn(
        "finding", "text", "union, related, employer (works for a union), dismissed (reviewed, and not a union)"
    ),
    TypedColumn(
        "recipient_name", "text", "the person, or the committees where no person is known: whose total the row is in"
    ),
    TypedColumn("year", "count", "of the date"),
    TypedColumn("could_be", "text", "ids of unions that an ambiguous name may mean, separated by blanks"),
    TypedColumn("office", "text", "of the prosecutor"),
    TypedColumn("jurisdiction", "text", "of the prosecutor: county, district or city, if the filing says"),
    TypedColumn("decision", "text", "what a person decided about this donor: confirmed, rejected, unsure"),
)
# A field of a flag that is not named above is a column too, described by its metadata (see CONTRIBUTING.md).
CONTRIBUTION: Final = (
    *_NAMED,
    *(
        TypedColumn(each.name, each.metadata.get("type", "text"), each.metadata.get("about", ""))
        for each in fields(Flag)
        if each.name not in {"amount_cents", *(column.name for column in _NAMED)}
    ),
)
# There is an index for every column by which readers look for rows.
CONTRIBUTION_KEYS: Final = Keys(
    primary=("source", "row"),
    links={"prosecutor_id": ("prosecutors", "prosecutor_id"), "union_id": ("organisations", "organisation_id")},
    indexed=("prosecutor_id", "union_id", "contributor", "date", "tier", "status"),
    numbered=True,
    facets=("recipient_name", "year", "tier", "status", "organization"),
)

# The last columns of the tables of people.
ID_COLUMNS: Final = (
    TypedColumn("person_id", "text", "the person, the same in every file; empty where no person is known"),
    TypedColumn("committee_id", "text", "the committee, the same in every file; several are separated by semicolons"),
)
PROSECUTORS: Final = (
    TypedColumn("prosecutor_id", "count", "number in this report"),
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("office", "text", "in the standard words"),
    TypedColumn("jurisdiction", "text", "county, district or city, if known"),
    TypedColumn("recipients", "text", "the committees, as filed"),
    TypedColumn("pledge_date", "date", "the first possible day of the pledge, from the roster"),
    TypedColumn("contributions", "count", "rows of these committees, whatever their status"),
    TypedColumn("raised", "cents", "monetary and in-kind contributions and incoming transfers, minus refunds"),
    TypedColumn("in_kind", "cents", "how much of what was raised came in kind"),
    TypedColumn("loans", "cents", "lent minus repaid; not counted in other totals"),
    TypedColumn("flagged_rows", "count", "union rows counted in totals"),
    TypedColumn("flagged_gross", "cents", "the unions' gifts"),
    TypedColumn("flagged_refunded", "cents", "what went back to them"),
    TypedColumn("flagged_net", "cents", "the difference"),
    TypedColumn("flagged_in_kind", "cents", "how much of the gifts came in kind"),
    TypedColumn("flagged_loans", "cents", "lent by unions; not counted in other totals"),
    TypedColumn("related_rows", "count", "rows of related organizations, not counted in totals"),
    TypedColumn(
        "flagged_not_counted", "count", "union rows not counted in totals: repeats, memo items, loans, withdrawn rows"
    ),
    TypedColumn("raised_rows", "count", "how many of the contributions are counted in raised"),
    TypedColumn("name", "text", "the person, or the committees where no person is known: recipient_name of the rows"),
    TypedColumn("raised_note", "text", "why nothing counts as raised, or that all of it came as transfers or in kind"),
    TypedColumn("recipient_name", "text", "the same as name, to join with the rows"),
    *ID_COLUMNS,
)
ORGANIZATIONS: Final = (
    TypedColumn("organisation_id", "text", "id in the curated list"),
    TypedColumn("name", "text", "in the curated list"),
    TypedColumn("kind", "text", "police, corrections, ...; or what a related organization is"),
)
RECIPIENTS: Final = (
    TypedColumn("prosecutor_id", "count", "number of the prosecutor (or recipient) in this report"),
    TypedColumn("recipient", "text", "the committee, as filed"),
)
TOTAL_COLUMNS: Final = (
    TypedColumn("prosecutor", "text", "the person; empty for a recipient that is not a prosecutor"),
    TypedColumn("office", "text", "in the standard words"),
    TypedColumn("jurisdiction", "text", "county, district or city, if the filing says"),
    TypedColumn("year", "count", "of the date; empty for rows without a date"),
    TypedColumn("union_id", "text", "id in the curated list; empty where the donor is not identified with one on it"),
    TypedColumn("union", "text", "name in the curated list"),
    TypedColumn("union_kind", "text", "police, corrections, ..."),
    TypedColumn("flags", "count", "flagged rows counted in totals"),
    TypedColumn("gross", "cents", "gifts"),
    TypedColumn("refunded", "cents", "what went back, in the year when it did"),
    TypedColumn("net", "cents", "the difference"),
    TypedColumn("not_counted", "count", "flagged rows not counted in totals"),
    TypedColumn("recipient_name", "text", "the person, or the committees where no person is known; as in the flags"),
    *ID_COLUMNS,
)
SUMS: Final = (
    TypedColumn("rows", "count", "flagged rows counted in totals"),
    TypedColumn("gross", "cents", "gifts"),
    TypedColumn("refunded", "cents", "what went back"),
    TypedColumn("net", "cents", "the difference"),
)
NOT_COUNTED_COLUMN: Final = TypedColumn("not_counted", "count", "flagged rows not counted in totals")
FORM_TOTALS: Final = (
    TypedColumn("recipient", "text", "the filer, as filed"),
    TypedColumn("recipient_id", "text", "its id with the agency"),
    TypedColumn("filing_id", "text", "of the report"),
    TypedColumn("amendment", "text", "which version of it"),
    TypedColumn("period_begin", "date", "first day of the report"),
    TypedColumn("period_end", "date", "last day of the report"),
    TypedColumn("line", "text", "of the form"),
    TypedColumn("name", "text", "what stands on that line"),
    TypedColumn("stated", "cents", "what the form says, US dollars; empty where it has no such line"),
    TypedColumn("itemized", "cents", "what the rows add up to, US dollars"),
    TypedColumn("unitemized", "cents", "what the form states without rows, US dollars"),
    TypedColumn(
        "difference", "cents", "how much the rows are above what is stated, US dollars; 0 is equal to the cent"
    ),
    TypedColumn("reason", "text", "the likely reason for a difference"),
    TypedColumn("source", "text", "the file that states it"),
    *ID_COLUMNS,
)
REPORT_DAYS: Final = (
    TypedColumn("recipient", "text", "the filer, as filed"),
    TypedColumn("recipient_id", "text", "its id with the agency"),
    TypedColumn("what", "text", "report, gap (no report covers these days), or overlap (two reports do)"),
    TypedColumn("begin", "date", "first day"),
    TypedColumn("end", "date", "last day"),
    *ID_COLUMNS,
)
INPUTS: Final = (
    TypedColumn("path", "text", "as given"),
    TypedColumn("sha256", "text", "of the bytes as given"),
    TypedColumn("format", "text", "id of the filing format; mapped for a table read by its headings"),
    TypedColumn("encoding", "text", "the one that was found"),
    TypedColumn("rows_read", "count", "rows_screened and rows_rejected"),
    TypedColumn("rows_screened", "count", "rows with an amount"),
    TypedColumn("rows_rejected", "count", "rows that could not be read; table rejects says why"),
    TypedColumn("first_date", "date", "of all rows"),
    TypedColumn("last_date", "date", "of all rows"),
    TypedColumn("undated", "count", "rows without a date, or with an impossible one"),
    TypedColumn("text", "text", "of a page of a PDF: text, OCR or none"),
    TypedColumn("section", "text", "of a page of a PDF: its schedule, or another kind of page"),
)

INPUT_NAMES: Final = tuple(column.name for column in INPUTS)
CONTRIBUTION_NAMES: Final = tuple(column.name for column in CONTRIBUTION)
