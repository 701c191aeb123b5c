"""What each row counts for, and the sums. DESIGN §6."""

from unionscreen.accounting.money import GIFT_KINDS, Amount, Money, goes_back, total
from unionscreen.accounting.refunds import Gift, net_refunds
from unionscreen.accounting.statuses import STATUSES, Line, Rules, Status, statuses
from unionscreen.accounting.totals import IDENTITY, block_ledger, block_totals, combine, ledger_totals

__all__ = [
    "GIFT_KINDS",
    "IDENTITY",
    "STATUSES",
    "Amount",
    "Gift",
    "Line",
    "Money",
    "Rules",
    "Status",
    "block_ledger",
    "block_totals",
    "combine",
    "goes_back",
    "ledger_totals",
    "net_refunds",
    "statuses",
    "total",
]
