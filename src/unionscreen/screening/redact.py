"""Rejected rows without their text, where the file has columns that must stay private."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from unionscreen.filings import Filing
from unionscreen.filings.layouts.private import is_private, without_cells
from unionscreen.screening.result import Reject

REDACTED: Final = "(withheld: this file has columns of cards, accounts or identity papers)"
# Headers that a public filing may have too: a kind of account, a printed card.
_PUBLIC_TOO: Final = frozenset({"account", "acct", "card", "pan", "accounttype"})


def redact_rejects(rejects: tuple[Reject, ...], filings: Iterable[Filing]) -> tuple[Reject, ...]:
    """The rejected rows; those of a payment export only with their place and reason."""
    private = {filing.source for filing in filings if _is_export(filing)} if rejects else set()
    return tuple(
        replace(each, reason=without_cells(each.reason), text=REDACTED) if each.source in private else each
        for each in rejects
    )


def _is_export(filing: Filing) -> bool:
    header = filing.resolved.header
    headers = filing.format.file_columns if header is None else header.fields
    names = ("".join(c for c in each.casefold() if c.isalnum()) for each in headers)
    return any(is_private(name) for name in names if name not in _PUBLIC_TOO)
