"""Rejected rows without their text, where the file has columns that must stay private."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from unionscreen.filings import Filing
from unionscreen.filings.layouts.private import has_private, without_cells
from unionscreen.screening.result import Reject

REDACTED: Final = "(withheld: this file has columns of cards, accounts or identity papers)"


def redact_rejects(rejects: tuple[Reject, ...], filings: Iterable[Filing]) -> tuple[Reject, ...]:
    """The rejected rows; those of a payment export only with their place and reason."""
    private = {filing.source for filing in filings if has_private(filing.headings)} if rejects else set()
    return tuple(
        replace(each, reason=without_cells(each.reason), text=REDACTED) if each.source in private else each
        for each in rejects
    )
