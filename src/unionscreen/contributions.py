"""The canonical contribution: one row of a filing, in columns whose names every step shares. DESIGN §3.

Cells are as filed and never altered; derived values have their own columns.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class CanonicalColumn(NamedTuple):
    """One canonical column: the name of its Arrow type, and its meaning."""

    type: str
    meaning: str


COLUMNS: Final[dict[str, CanonicalColumn]] = {
    "source": CanonicalColumn("string", "the file, and the member or sheet inside it"),
    "row": CanonicalColumn(
        "int64", "physical line (text) or record number (sheet, JSON), 1-based: a flag traces back to it"
    ),
    "format": CanonicalColumn("string", "format id, 'mapped' for the generic mapper"),
    "filing_id": CanonicalColumn("string", "the report this row was filed in"),
    "amendment": CanonicalColumn("string", "which version of that report"),
    "transaction_id": CanonicalColumn("string", "the agency's or filer's id of the transaction"),
    "recipient": CanonicalColumn("string", "the committee or filer that received, as filed"),
    "recipient_id": CanonicalColumn("string", "its id with the agency"),
    "candidate": CanonicalColumn("string", "the candidate, where the filing or a joined file gives one"),
    "office": CanonicalColumn("string", "the office sought or held, text or code, where given"),
    "jurisdiction": CanonicalColumn("string", "county, district or city of that office, where given"),
    "contributor": CanonicalColumn(
        "string", "the donor as filed, joined from its parts: 'Last, First' or the organization"
    ),
    "contributor_type": CanonicalColumn("string", "individual, organization, committee or unknown"),
    "employer": CanonicalColumn("string", "the donor's employer as filed"),
    "occupation": CanonicalColumn("string", "the donor's occupation as filed"),
    "city": CanonicalColumn("string", "the donor's city"),
    "state": CanonicalColumn("string", "the donor's state, two letters where the filing has them"),
    "date": CanonicalColumn("date32", "null when absent or impossible (flagged, not dropped)"),
    "amount_cents": CanonicalColumn("int64", "exact US cents; negative is money going back"),
    "kind": CanonicalColumn("string", "one of KINDS"),
    "memo": CanonicalColumn("bool", "a memo item: shown, left out of totals"),
}

# The kinds of a row, in the field's terms (FORMATS.md "semantics"). Only the first two are "raised".
KINDS: Final = (
    "monetary", "in-kind", "loan", "refund", "transfer", "other",
    "contribution-made", "independent-expenditure", "expenditure",
)  # fmt: skip

# Money that the filer paid out. The filer is the contributor, and the recipient is whom the money is for or about.
PAYMENTS: Final = ("contribution-made", "independent-expenditure", "expenditure")

# The note of every row that OCR read: the sums of a form prove its amounts, but not its names.
OCR_NOTE: Final = "OCR: check the name"
# The note of every row of a form that does not add up to its own totals, and was read all the same.
DIFFERENCE_NOTE: Final = "its form does not add up"

CONTRIBUTOR_TYPES: Final = ("individual", "organization", "committee", "unknown")


def money_text(cents: int) -> str:
    """Cents as an amount in dollars for readers.

    >>> money_text(-140_000), money_text(44_415_900)
    ('-$1,400.00', '$444,159.00')
    """
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "row"), count(1264, "row"), count(2, "body", "bodies")
    ('1 row', '1,264 rows', '2 bodies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def count_of(part: int, whole: int, noun: str, one: str, several: str, plural: str | None = None) -> str:
    """A number out of another, with its noun and verb.

    >>> count_of(0, 1, "row", "matches", "match"), count_of(1, 2, "row", "matches", "match")
    ('0 of 1 row matches', '1 of 2 rows matches')
    >>> count_of(2, 7_000, "row", "matches", "match")
    '2 of 7,000 rows match'
    """
    return f"{part:,} of {count(whole, noun, plural)} {one if 1 in (part, whole) else several}"
