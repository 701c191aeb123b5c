"""Sensitive columns (cards, bank accounts, identity documents) that must never be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from unionscreen.errors import UsageError

# Compared with headers reduced to letters and digits. "Card Name" and "Card Address City" are the donor's name and
# city, the only ones that some processors export; "Card ID" and "Card Last4" are sensitive.
_PRIVATE: Final = re.compile(
    r"\w*passport\w*"
    r"|(?:credit|debit|payment)?card(?!holder|name|address)\w*"
    r"|\w*(?:card(?:no|num|number)|last4|lastfour|lastdigits|cvc|cvv|pansuffix|expiry|expiration)"
    r"|pan"
    r"|\w*(?:bank|checking|savings)account\w*"
    r"|\w*(?:account|acct)(?:no|num|number)|(?:account|acct)(?:id|holder|type)?"
    r"|\w*(?:routing\w*|iban|swift|sortcode)"
    r"|\w*(?:socialsecurity|taxid|drivers?license|licensenumber|dateofbirth|birthdate)\w*"
    r"|ssn\w*|\w*(?:ssn|dob)"
)
# Too short to search within other words: "Business Name" contains ssn, "Meeting" tin, "Public" bic.
_SHORT: Final = frozenset({"ssn", "tin", "dob", "bic"})
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# A quote that is never closed runs to the end: searching for the end of each of many would take quadratic time.
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*(?:”|$)|\d{4,}")

# Headers that a public filing may have too: a kind of account, a printed card.
_PUBLIC_TOO: Final = frozenset({"account", "acct", "card", "pan", "accounttype"})
# Twelve to nineteen digits, with blanks or hyphens between. No committee id is that long.
_LONG_NUMBER: Final = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")


def is_private(header: str) -> bool:
    """Whether a column must not be read.

    >>> [is_private(h) for h in ("Card Number", "card_last4", "Passport No.", "Account Number", "PAN Suffix")]
    [True, True, True, True, True]
    >>> [is_private(h) for h in ("Card Name", "Card Address City", "Donor Last Name", "Amount", "Account Name")]
    [False, False, False, False, False]
    >>> [is_private(h) for h in ("Donor SSN", "donorSSN", "Tax TIN", "Business Name", "Address Number", "Public")]
    [True, True, True, False, False, False]
    """
    joined = "".join(c for c in header.casefold() if c.isalnum())
    return _PRIVATE.fullmatch(joined) is not None or any(w.casefold() in _SHORT for w in _WORD.findall(header))


def has_private(headers: Iterable[str]) -> bool:
    """Whether a file has such columns, as the exports of payment processors have."""
    names = ("".join(c for c in each.casefold() if c.isalnum()) for each in headers)
    return any(is_private(name) for name in names if name not in _PUBLIC_TOO)


def refuse_private(columns: Mapping[str, Iterable[str]], source: str) -> None:
    """Refuse to read such a column, before any row is read.

    Raises:
        UsageError: a column is sensitive; the message names the column, never a cell.
    """
    for name, made in columns.items():
        for header in made:
            if is_private(header):
                raise UsageError(
                    f"the column {header!r} would be read as {name}; columns of cards, accounts and identity documents "
                    "are never read",
                    source=source,
                    hint=f'name another: --map "{name.removesuffix("_cents")}=..."',
                )


def without_cells(reason: str) -> str:
    """A reason for a rejected row without the quoted cell: in a shifted row the cell may be a card number.

    >>> without_cells("'4111 1111 1111 1111' is not an amount")
    'the amount cannot be read (not shown: it may be a card number)'
    >>> without_cells("'4111 1111 1111 1111' is implausible: no contribution is so large")
    '(cell withheld) is implausible: no contribution is so large'
    """
    if reason.startswith("'") and reason.endswith("' is not an amount"):
        return "the amount cannot be read (not shown: it may be a card number)"
    return _QUOTED.sub("(cell withheld)", reason)


def without_numbers(text: str | None) -> str | None:
    """A text without numbers that may be those of a card or an account, as in a row with shifted cells.

    >>> without_numbers("4111 1111 1111 1111"), without_numbers("PBA Local 40, FPPC 1499901")
    ('(number withheld)', 'PBA Local 40, FPPC 1499901')
    """
    return None if text is None else _LONG_NUMBER.sub("(number withheld)", text)
