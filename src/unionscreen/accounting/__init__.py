"""What each row counts for, and the sums. DESIGN §6."""

from unionscreen.accounting.ledgers import (
    block_ledger,
    group_ledger,
    is_report,
    ledger_totals,
    own_statuses,
    period_of,
)
from unionscreen.accounting.lines import STATUSES, Line, Rules, Status, statuses
from unionscreen.accounting.money import GIFT_KINDS, Amount, Money, counts, goes_back, left_out, signed, total
from unionscreen.accounting.refunds import Gift, net_refunds
from unionscreen.accounting.repeats import (
    FIRST_ROWS,
    HASHES,
    Known,
    Repeats,
    find_repeats,
    hash_texts,
    resolve,
    together,
)
from unionscreen.accounting.totals import IDENTITY, TOTALS, BlockRecipients, block_recipients, block_totals, combine

__all__ = [
    "FIRST_ROWS",
    "GIFT_KINDS",
    "HASHES",
    "IDENTITY",
    "STATUSES",
    "TOTALS",
    "Amount",
    "BlockRecipients",
    "Gift",
    "Known",
    "Line",
    "Money",
    "Repeats",
    "Rules",
    "Status",
    "block_ledger",
    "block_recipients",
    "block_totals",
    "combine",
    "counts",
    "find_repeats",
    "goes_back",
    "group_ledger",
    "hash_texts",
    "is_report",
    "ledger_totals",
    "left_out",
    "net_refunds",
    "own_statuses",
    "period_of",
    "resolve",
    "signed",
    "statuses",
    "together",
    "total",
]
