"""Which recipients are prosecutors, and which committees are one person's. DESIGN §7."""

from unionscreen.prosecutors.entries import Entry, Recipient, Recipients, Selection, prosecutor_of, select
from unionscreen.prosecutors.people import natural_order, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, recognize
from unionscreen.prosecutors.roster import Roster, read_roster

__all__ = [
    "Entry",
    "Prosecutor",
    "Recipient",
    "Recipients",
    "Roster",
    "Selection",
    "is_about",
    "natural_order",
    "prosecutor_of",
    "read_roster",
    "recognize",
    "same_person",
    "select",
]
