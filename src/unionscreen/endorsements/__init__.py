"""Endorsements: unions that a page or a table names, and whether they endorse a candidate."""

from unionscreen.endorsements.finding import Endorsement, EndorsementSearch, find_endorsements

__all__ = ["Endorsement", "EndorsementSearch", "find_endorsements"]
