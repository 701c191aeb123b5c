"""Who a donor is: listed by identity, pattern by class, related apart, and why."""

from unionscreen.matching.matcher import Match, Matcher, load_matcher

__all__ = ["Match", "Matcher", "load_matcher"]
