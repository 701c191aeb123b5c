"""The canonical contribution: one row of a filing under names that every step shares.

As filed, never altered; what is derived stands beside it. DESIGN §3.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Column(NamedTuple):
    """One canonical column: its Arrow type by name, and what it holds."""

    type: str
    meaning: str


COLUMNS: Final[dict[str, Column]] = {
    "source": Column("string", "the file, and the member or sheet inside it"),
    "row": Column("int64", "physical line (text) or record number (sheet, JSON), 1-based: a flag traces back to it"),
    "format": Column("string", "format id, 'mapped' for the generic mapper"),
    "filing_id": Column("string", "the report this row was filed in"),
    "amendment": Column("string", "which version of that report"),
    "transaction_id": Column("string", "the agency's or filer's id of the transaction"),
    "recipient": Column("string", "the committee or filer that received, as filed"),
    "recipient_id": Column("string", "its id with the agency"),
    "candidate": Column("string", "the candidate, where the filing or a joined file says"),
    "office": Column("string", "the office sought or held, text or code, where said"),
    "jurisdiction": Column("string", "county, district or city of that office, where said"),
    "contributor": Column("string", "the donor as filed, joined from its parts: 'Last, First' or the organization"),
    "contributor_type": Column("string", "individual, organization, committee or unknown"),
    "employer": Column("string", "the donor's employer as filed"),
    "occupation": Column("string", "the donor's occupation as filed"),
    "city": Column("string", "the donor's city"),
    "state": Column("string", "the donor's state, two letters where the filing has them"),
    "date": Column("date32", "null when absent or impossible (flagged, not dropped)"),
    "amount_cents": Column("int64", "exact US cents; negative is money going back"),
    "kind": Column("string", "one of KINDS"),
    "memo": Column("bool", "a memo item: shown, left out of totals"),
}

# What a row is, in the field's terms (FORMATS.md "semantics"). Only the first two are "raised".
KINDS: Final = (
    "monetary", "in-kind", "loan", "refund", "transfer", "other",
    "contribution-made", "independent-expenditure", "expenditure",
)  # fmt: skip

# Money that the filer paid out. The filer is the contributor, and the recipient is whom the money is for or about.
PAYMENTS: Final = ("contribution-made", "independent-expenditure", "expenditure")

CONTRIBUTOR_TYPES: Final = ("individual", "organization", "committee", "unknown")


def money_text(cents: int) -> str:
    """Cents as a reader writes dollars.

    >>> money_text(-140_000), money_text(44_415_900)
    ('-$1,400.00', '$444,159.00')
    """
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
