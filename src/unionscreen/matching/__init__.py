"""Who a donor is and why: a listed union, a pattern, a related organization, or clear."""

from unionscreen.matching.matcher import Match, Matcher, load_matcher

__all__ = ["Match", "Matcher", "load_matcher"]
