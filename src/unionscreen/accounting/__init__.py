"""What each row counts for, and the sums. DESIGN §6."""

from unionscreen.accounting.ledgers import (
    block_ledger,
    group_ledger,
    is_report,
    ledger_totals,
    own_statuses,
    period_of,
)
from unionscreen.accounting.lines import ROW_STATUSES, LedgerLine, Rules, Status, statuses
from unionscreen.accounting.money import GIFT_KINDS, Amount, Money, counts, exclusion_summary, goes_back, signed, total
from unionscreen.accounting.refunds import Gift, net_refunds
from unionscreen.accounting.repeats import (
    FIRST_ROWS_SCHEMA,
    HASHES_SCHEMA,
    CrossBlockRepeats,
    Repeats,
    combine_hashes,
    find_repeats,
    hash_texts,
    resolve,
)
from unionscreen.accounting.totals import (
    IDENTITY,
    TOTALS_SCHEMA,
    BlockRecipients,
    block_recipients,
    block_totals,
    combine,
)

__all__ = [
    "FIRST_ROWS_SCHEMA",
    "GIFT_KINDS",
    "HASHES_SCHEMA",
    "IDENTITY",
    "ROW_STATUSES",
    "TOTALS_SCHEMA",
    "Amount",
    "BlockRecipients",
    "CrossBlockRepeats",
    "Gift",
    "LedgerLine",
    "Money",
    "Repeats",
    "Rules",
    "Status",
    "block_ledger",
    "block_recipients",
    "block_totals",
    "combine",
    "combine_hashes",
    "counts",
    "exclusion_summary",
    "find_repeats",
    "goes_back",
    "group_ledger",
    "hash_texts",
    "is_report",
    "ledger_totals",
    "net_refunds",
    "own_statuses",
    "period_of",
    "resolve",
    "signed",
    "statuses",
    "total",
]
