"""Which recipients are prosecutors, and which committees belong to one person. DESIGN §7."""

from unionscreen.prosecutors.entries import (
    NOT_LOOKED_UP,
    Entry,
    RecipientFilter,
    Selection,
    entry_of_each,
    prosecutor_of,
    select,
)
from unionscreen.prosecutors.grouping import Recipient, recipient_key
from unionscreen.prosecutors.people import natural_order, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, person_of, recognize_prosecutor
from unionscreen.prosecutors.roster import Roster, read_roster

__all__ = [
    "NOT_LOOKED_UP",
    "Entry",
    "Prosecutor",
    "Recipient",
    "RecipientFilter",
    "Roster",
    "Selection",
    "entry_of_each",
    "is_about",
    "natural_order",
    "person_of",
    "prosecutor_of",
    "read_roster",
    "recipient_key",
    "recognize_prosecutor",
    "same_person",
    "select",
]
