"""Which recipients are prosecutors, and which committees are one person's. DESIGN §7."""

from unionscreen.prosecutors.entries import (
    NOT_LOOKED_UP,
    Entry,
    Recipients,
    Selection,
    listed,
    people,
    prosecutor_of,
    select,
)
from unionscreen.prosecutors.explained import Explained, as_roster, explain_all
from unionscreen.prosecutors.grouping import Recipient
from unionscreen.prosecutors.identity import UNKNOWN, Agency, Identities, agency_of, committee_id, identify
from unionscreen.prosecutors.people import natural_order, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, person_of, recognize
from unionscreen.prosecutors.roster import People, Roster, read_people, read_roster

__all__ = [
    "NOT_LOOKED_UP",
    "UNKNOWN",
    "Agency",
    "Entry",
    "Explained",
    "Identities",
    "People",
    "Prosecutor",
    "Recipient",
    "Recipients",
    "Roster",
    "Selection",
    "agency_of",
    "as_roster",
    "committee_id",
    "explain_all",
    "identify",
    "is_about",
    "listed",
    "natural_order",
    "people",
    "person_of",
    "prosecutor_of",
    "read_people",
    "read_roster",
    "recognize",
    "same_person",
    "select",
]
