"""What the tools of ``unionscreen mcp`` take and answer: one model for each, which is its JSON schema too."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from unionscreen.reports.words import CAUTION
from unionscreen.unions import UNION_KINDS

MOST_NAMES: Final = 200  # in one call; an answer for each takes about 100 tokens of an assistant's memory
LONGEST_NAME: Final = 300  # the longest name in filings has 203 characters
MOST_ROWS: Final = 100
USUAL_ROWS: Final = 25
MOST_ENTRIES: Final = 20  # prosecutors, pledges
MOST_NOTES: Final = 20
MOST_CANDIDATES: Final = 10
MOST_LOCALS: Final = 30
LONGEST_TEXT: Final = 500  # characters of a sentence or a cell
LONGEST_PATH: Final = 1_024  # the shortest limit of a path on a usual system, macOS; Linux has 4,096
LONGEST_ERROR: Final = 4_000  # an error about many files names each


def _as_list(value: object) -> object:
    """A list that a client sent as JSON in a text, or one name alone."""
    if not isinstance(value, str):
        return value
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        return [value]
    return listed if isinstance(listed, list) else [value]


class Arguments(BaseModel):
    """Arguments of a tool. An unknown one is an error, because ignoring it would answer another question."""

    model_config = ConfigDict(extra="forbid")


DonorName = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
FilingPath = Annotated[
    str, Field(min_length=1, max_length=LONGEST_PATH, description="A file or folder below --root, relative to it.")
]
StateArgument = Annotated[
    str | None, Field(description="Two letters or the name of a state. It separates organizations of one name.")
]
RowsSkipped = Annotated[int, Field(ge=0, description="How many rows to leave out, to get those after them.")]
RowLimit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="The largest number of rows in the answer.")]
RecipientArgument = Annotated[str | None, Field(description="Who received the money, for filings that do not say.")]


class CheckArguments(Arguments):
    """Arguments of check_donors."""

    names: Annotated[
        list[DonorName],
        Field(min_length=1, max_length=MOST_NAMES, description="Donor names as filed."),
        BeforeValidator(_as_list),
    ]
    state: StateArgument = None


class ExplainArguments(Arguments):
    """Arguments of explain_match."""

    name: Annotated[DonorName, Field(description="One donor name as filed.")]
    state: StateArgument = None


class LookupArguments(Arguments):
    """Arguments of union_lookup."""

    query: Annotated[
        str, Field(min_length=1, max_length=LONGEST_NAME, description="An id of the list, words of a name, an acronym.")
    ]
    limit: Annotated[int, Field(ge=1, le=10, description="The largest number of organizations in full.")] = 3


class ScreenArguments(Arguments):
    """Arguments of screen_filing."""

    path: FilingPath
    recipients: Annotated[
        Literal["prosecutors", "all"] | None,
        Field(description="Whose contributions: default is prosecutors if any is recognized, else all."),
    ] = None
    prosecutor: Annotated[str | None, Field(description="Only this person, in any order of names.")] = None
    state: Annotated[
        str | None, Field(description="Where the recipients run, for a filing that does not say: two letters or name.")
    ] = None
    kinds: Annotated[
        list[str] | None,
        Field(
            min_length=1,
            description=f"Only unions of these kinds: {', '.join(UNION_KINDS)}.",
        ),
        BeforeValidator(_as_list),
    ] = None
    recipient: RecipientArgument = None
    mapping: Annotated[
        dict[str, str] | None,
        Field(
            description="For a table in no known format: the header of each column, as --map of the command line, "
            'such as {"contributor": "Last + First", "amount": "Check $"}.'
        ),
    ] = None
    skip: RowsSkipped = 0
    limit: RowLimit = USUAL_ROWS

    def options(self) -> list[str]:
        """These arguments as options of ``unionscreen screen``."""
        given = {
            "recipients": self.recipients, "prosecutor": self.prosecutor, "state": self.state,
            "kinds": self.kinds and ",".join(self.kinds), "recipient": self.recipient,
        }  # fmt: skip
        columns = [f"--map={name}={header}" for name, header in (self.mapping or {}).items()]
        return [f"--{name}={value}" for name, value in given.items() if value is not None] + columns


class PledgeArguments(Arguments):
    """Arguments of pledge_check."""

    paths: Annotated[
        list[FilingPath],
        Field(min_length=1, max_length=MOST_ENTRIES, description="Filings: files or folders below --root."),
        BeforeValidator(_as_list),
    ]
    roster: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=LONGEST_PATH,
            description="A CSV below --root: prosecutor, pledge_date, source, and recipient or recipient_id. "
            "Default: the shipped list of signers, which is not complete.",
        ),
    ] = None
    name: Annotated[
        str | None, Field(min_length=1, max_length=LONGEST_NAME, description="Only pledges of this person.")
    ] = None
    recipient: RecipientArgument = None
    covers: Annotated[
        str | None, Field(description="FROM/TO: the days that the filings cover, where they do not say.")
    ] = None
    skip: Annotated[int, Field(ge=0, description="How many pledges to leave out, to get those after them.")] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="The largest number of rows for each pledge.")] = (
        USUAL_ROWS
    )

    def options(self) -> list[str]:
        """These arguments as options of ``unionscreen pledges check``."""
        given = {"recipient": self.recipient, "covers": self.covers}
        return [f"--{name}={value}" for name, value in given.items() if value is not None]


class LeftOut(BaseModel):
    """A part of the answer that is too long for it."""

    what: str
    number: int
    how_to_get_it: str


class Answered(BaseModel):
    """What every answer ends with."""

    left_out: Annotated[list[LeftOut], Field(description="What is not in this answer, and how to get it.")] = []
    caution: Annotated[list[str], Field(description="Repeat this to the reader of the result.")] = [CAUTION]
    list_version: Annotated[str, Field(description="The list of unions to cite.")] = ""


class PossibleUnion(BaseModel):
    """An organization of the list that may be meant."""

    union_id: str
    union: str
    kind: str
    state: Annotated[str, Field(description="Empty for a national organization.")]
    place: str


class CheckedDonor(BaseModel):
    """The answer for one name: the keys of `check --json`, and the doubt in words."""

    name: str
    verdict: Annotated[
        Literal["union", "related", "clear", "no name"],
        Field(description="related is a look-alike, not a union; no name: the text names nobody."),
    ]
    tier: Annotated[
        Literal["listed", "pattern"] | None,
        Field(description="listed: this union; pattern: reads like an officers' organization, not identified."),
    ]
    union_id: str | None
    union: str | None
    category: Annotated[str | None, Field(description="The kind of a union, or the category of a look-alike.")]
    score: Annotated[float, Field(description="0-100: ranks matches by certainty. It is not a probability.")]
    why: Annotated[str, Field(description="One sentence that can be quoted.")]
    ambiguous: Annotated[bool, Field(description="The name may be that of several unions, and nothing shows whose.")]
    doubt: Annotated[str | None, Field(description="Why a union is not identified; null where it is, or is not one.")]
    could_be: Annotated[list[str], Field(description="Ids of listed unions that may be meant; the first ones.")]
    could_be_total: int


class CheckAnswer(Answered):
    """The answer of check_donors."""

    summary: str
    answers: Annotated[list[CheckedDonor], Field(description="One for each name, in the same order.")]


class ExplainAnswer(Answered):
    """The answer of explain_match."""

    answer: CheckedDonor
    candidates: Annotated[list[PossibleUnion], Field(description="Unions on the list that may be meant.")]
    parts: Annotated[
        list[dict[str, Any]],
        Field(
            description="Each word as read: who (officers), what (organization), which (place, number), level, aside."
        ),
    ]
    set_aside: Annotated[list[str], Field(description="What was removed before the words were read.")]
    rules: Annotated[list[dict[str, Any]], Field(description="The rules that led to the answer, in order.")]
    nearest: Annotated[list[dict[str, Any]], Field(description="Unions that were nearly a match, and what is against.")]


class RelatedUnion(BaseModel):
    """A parent or a local of an organization."""

    union_id: str
    name: str
    state: str
    place: str


class FoundName(BaseModel):
    """A name under which an organization gives."""

    alias: str
    alias_kind: str
    needs: Annotated[str, Field(description="state or place, where other organizations have this name; else empty.")]
    source: str


class FoundUnion(BaseModel):
    """All that the list has about one organization. An empty text is "not known"."""

    union_id: str
    name: str
    kind: str
    state: Annotated[str, Field(description="Empty for a national organization.")]
    place: str
    scope: str
    number: Annotated[str, Field(description="Of a local or lodge.")]
    status: str
    fec_ids: str
    ein: str
    filer_ids: str
    source: str
    unverified: Annotated[bool, Field(description="The entry has no traced source yet.")]
    note: str
    aliases: list[FoundName]
    parent: RelatedUnion | None
    locals: list[RelatedUnion]


class LookupAnswer(Answered):
    """The answer of union_lookup."""

    found: Annotated[int, Field(description="Organizations with these words; with all of them, where there are any.")]
    organizations: list[FoundUnion]
    others: Annotated[list[RelatedUnion], Field(description="More that were found, without details.")]
    note: str


class ScreenedRow(BaseModel):
    """One contribution, as filed, with the evidence."""

    place: Annotated[str, Field(description="file:row. Quote it with the row.")]
    finding: Annotated[Literal["union", "related", "dismissed"], Field(description="Only union rows are in the sums.")]
    recipient: Annotated[str, Field(description="The person, or the committee where no person is known.")]
    committee: str
    contributor: str
    date: str | None
    amount: Annotated[str, Field(description="US dollars, as filed.")]
    kind: str
    status: Annotated[str, Field(description="active, or why it is not counted: superseded, duplicate, refunded ...")]
    status_cause: Annotated[str | None, Field(description="file:row of the amendment or refund, or a sentence.")]
    counted: bool
    tier: str | None
    union_id: str | None
    union: str | None
    union_kind: str | None
    score: float
    doubt: Annotated[str | None, Field(description="Why the union is not identified; null where it is.")]
    could_be: list[str]
    could_be_total: int
    why: str
    note: Annotated[str | None, Field(description="What to check in the row.")]
    reviewed: Annotated[str | None, Field(description="What a person decided about the donor.")]


class FlaggedSums(BaseModel):
    """Sums in US dollars."""

    count: int
    gross: str
    refunded: str
    net: str


class ScreenedEntry(BaseModel):
    """One prosecutor, or one recipient, with the sums of the whole filing."""

    name: str
    office: str | None
    jurisdiction: str | None
    committees: list[str]
    sentence: Annotated[str, Field(description="One sentence that can be quoted.")]
    contributions: Annotated[int, Field(description="Rows that they filed, whatever their status.")]
    raised: Annotated[str, Field(description="US dollars.")]
    raised_in_words: str
    flagged: FlaggedSums
    flagged_in_words: Annotated[str, Field(description="How many rows are counted, and what is not.")]
    related_rows: int


class ScreenAnswer(Answered):
    """The answer of screen_filing."""

    path: str
    headline: str
    prosecutors: Annotated[list[ScreenedEntry], Field(description="The largest net sum first; of the whole filing.")]
    rows: Annotated[list[ScreenedRow], Field(description="Rows of unions, then of look-alikes, which are in no sum.")]
    rows_found: int
    coverage: Annotated[dict[str, str | int], Field(description="What was read, of which days, and what was not.")]
    not_seen: Annotated[list[str], Field(description="What no sum includes: unread rows and files, and what is filed "
                                                     "nowhere.")]  # fmt: skip
    notes: Annotated[list[str], Field(description="What the command prints besides the result.")]


class PledgeRow(BaseModel):
    """A gift on or after the day of a pledge."""

    place: Annotated[str, Field(description="file:row. Quote it with the row.")]
    contributor: str
    union_id: str | None
    tier: str | None
    date: str | None
    amount: str
    answer: Annotated[str, Field(description="not returned, returned, cannot be decided, not covered by the pledge")]
    why: str
    returned_on: str | None
    days_kept: int | None


class JudgedPledge(BaseModel):
    """One pledge of a person in these filings, and its verdict."""

    prosecutor: str
    office: str
    jurisdiction: str
    state: str
    pledge: Annotated[str, Field(description="Which pledge.")]
    pledge_date: str
    source: Annotated[str, Field(description="Where the pledge is documented.")]
    is_pledge: Annotated[str, Field(description="yes; no: a statement that is not a pledge; unclear.")]
    covers: list[str]
    recipients: list[str]
    verdict: Annotated[str, Field(description="kept, broken, returned, cannot be decided")]
    why: list[str]
    rows: list[PledgeRow]
    rows_found: int
    days_covered: Annotated[list[dict[str, Any]], Field(description="Days after the pledge that the filings cover.")]
    days_not_covered: list[dict[str, Any]]


class PledgeAnswer(Answered):
    """The answer of pledge_check."""

    pledges: Annotated[list[JudgedPledge], Field(description="Pledges of people in these filings.")]
    pledges_found: int
    not_in_these_filings: Annotated[list[str], Field(description="Signers; this says nothing about their pledges.")]
    not_seen: list[str]
    notes: Annotated[list[str], Field(description="What the command prints besides the result.")]
