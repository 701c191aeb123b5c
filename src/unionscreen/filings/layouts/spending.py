"""The mapper for tables of independent spending, as agencies and newsrooms publish them.

Such a table names who spent, how much, on whom, and for which side. It is read as that or not at all: a column that
could be two things would turn spending against a person into a gift to that person.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from unionscreen.errors import OtherTableError
from unionscreen.filings.layouts.column_rules import ColumnRule
from unionscreen.filings.layouts.definitions import SIDE_CODES
from unionscreen.filings.layouts.headers import normalize_header

# The columns of such a table by their normalized headers, best first. Read in exports of San Diego's Ethics Commission,
# the FEC ("Schedule E" as CSV), Washington's PDC (form C6) and New York's BOE.
SPENDING_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "contributor": (
        "spender", "spendername", "spendingcommittee", "iecommittee", "sponsorname", "sponsor", "entity", "entityname",
        "filername", "filer", "committeename", "committee", "organization", "organizationname",
    ),
    "recipient": (
        "targetedcandidate", "ietarget", "target", "targetname", "candidatesupportedopposed", "candidatename",
        "candidate", "nameofcandidate", "ballotmeasure", "measure",
    ),
    "support_oppose": (),
    "amount_cents": (
        "amountspent", "expenditureamount", "expenditureamt", "transactionamount", "portionofamount", "amount",
        "totalamount",
    ),
    "date": (
        "expendituredate", "expensedate", "dateofexpenditure", "disseminationdate", "datespent",
        "transactiondate", "date",
    ),
    "office": ("candidateoffice", "office", "officesought"),
    "jurisdiction": ("candidatejurisdiction", "jurisdiction", "county"),
    "payee": ("payee", "payeename", "vendor", "vendorname"),
    "transaction_id": ("transactionid", "tranid", "reportnumber"),
}  # fmt: skip
_NEEDED: Final = ("contributor", "recipient", "support_oppose", "amount_cents")


def map_spending(headers: Sequence[str], sides: Sequence[str]) -> dict[str, ColumnRule] | None:
    """The columns of a table of independent spending; None where it does not name each that is needed once.

    Args:
        headers: of the table.
        sides: those of its headers that speak of support and opposition.
    """
    names = [normalize_header(header) for header in headers]
    places: dict[str, int] = {}
    for canonical, known in SPENDING_HEADERS.items():
        found = [names.index(name) for name in known if names.count(name) == 1]
        if found:
            places[canonical] = found[0]
    of_sides = [at for at, header in enumerate(headers) if header.strip() in sides]
    if len(of_sides) == 1:
        places["support_oppose"] = of_sides[0]
    if not places.keys() >= {*_NEEDED} or len({*places.values()}) < len(places):
        return None
    rules = {name: ColumnRule("text", (headers[at].strip(),), at=(at,)) for name, at in places.items()}
    side = rules["support_oppose"]
    rules["support_oppose"] = ColumnRule("codes", side.headers, codes=SIDE_CODES, default="unknown", at=side.at)
    return rules | {
        "candidate": rules["recipient"],
        "kind": ColumnRule("constant", value="independent-expenditure"),
    }


def reads_right(source: str) -> str:
    """The command for a file of money that was paid out."""
    return f"without --map and --recipient it is read as money paid out: unionscreen screen {shlex.quote(source)}"


def refusal(column: str, source: str, *, readable: bool = False) -> OtherTableError:
    """The error for a table of spending that would be read as receipts.

    Args:
        column: the header that shows what it is.
        source: for the message.
        readable: whether it can be read as independent spending.
    """
    return OtherTableError(
        f'this looks like expenditures, not contributions: it has the column "{column}"',
        source=source,
        hint=reads_right(source)
        if readable
        else "give the file of contributions received (Schedule A). Money that was spent for or against somebody is "
        "not a gift to that person: such a table is not read as one, also not with --map. A table that names the "
        "spender, the candidate, the amount and Support or Oppose is read as independent spending without --map and "
        "--recipient. If these are contributions anyway, leave that column out",
    )
