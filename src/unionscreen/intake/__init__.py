"""Intake: a campaign's incoming donations are sorted into three lists, accept, review and refuse."""

from unionscreen.intake.donations import Intake, judge_donations
from unionscreen.intake.profile import Profile, load_profile
from unionscreen.intake.rules import DONATION_ACTIONS, POLICIES, Donation, return_days

__all__ = [
    "DONATION_ACTIONS",
    "POLICIES",
    "Donation",
    "Intake",
    "Profile",
    "judge_donations",
    "load_profile",
    "return_days",
]
