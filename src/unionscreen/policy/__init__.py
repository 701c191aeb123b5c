"""Pre-screening for campaigns: incoming donations in, three lists out: accept, review, refuse."""

from unionscreen.policy.intake import Intake, prescreen
from unionscreen.policy.rules import ACTIONS, POLICIES, Donation, return_days

__all__ = ["ACTIONS", "POLICIES", "Donation", "Intake", "prescreen", "return_days"]
