"""What each row counts for, and the sums. DESIGN §6. Here are the names that reports and commands use."""

from unionscreen.accounting.money import GIFT_KINDS, Amount, Money, exclusion_summary, goes_back, signed, total
from unionscreen.accounting.refunds import Gift, net_refunds

__all__ = ["GIFT_KINDS", "Amount", "Gift", "Money", "exclusion_summary", "goes_back", "net_refunds", "signed", "total"]
