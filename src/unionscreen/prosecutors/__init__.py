"""Which recipients are prosecutors, and which committees belong to one person. DESIGN §7."""

from unionscreen.prosecutors.entries import (
    NOT_LOOKED_UP,
    Entry,
    RecipientFilter,
    Selection,
    entry_of_each,
    prosecutor_of,
    select,
    shorten_list,
)
from unionscreen.prosecutors.explained import ExplainedRecipient, explain_all, roster_rows
from unionscreen.prosecutors.grouping import Recipient, recipient_key
from unionscreen.prosecutors.identity import (
    UNKNOWN_AGENCY,
    Agency,
    Identities,
    Post,
    agency_of,
    agreement,
    committee_id,
    contradiction,
    identify,
    state_in_place,
    states_of,
)
from unionscreen.prosecutors.people import natural_order, same_person
from unionscreen.prosecutors.recognition import Prosecutor, is_about, is_candidates, person_of, recognize_prosecutor
from unionscreen.prosecutors.roster import PeopleList, Roster, read_people, read_roster

__all__ = [
    "NOT_LOOKED_UP",
    "UNKNOWN_AGENCY",
    "Agency",
    "Entry",
    "ExplainedRecipient",
    "Identities",
    "PeopleList",
    "Post",
    "Prosecutor",
    "Recipient",
    "RecipientFilter",
    "Roster",
    "Selection",
    "agency_of",
    "agreement",
    "committee_id",
    "contradiction",
    "entry_of_each",
    "explain_all",
    "identify",
    "is_about",
    "is_candidates",
    "natural_order",
    "person_of",
    "prosecutor_of",
    "read_people",
    "read_roster",
    "recipient_key",
    "recognize_prosecutor",
    "roster_rows",
    "same_person",
    "select",
    "shorten_list",
    "state_in_place",
    "states_of",
]
