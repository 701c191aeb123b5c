"""Why each recipient is recognized as a prosecutor's, and which others nearly are: a roster to edit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from unionscreen.lists import days_text
from unionscreen.prosecutors.entries import Entry, prosecutor_of
from unionscreen.prosecutors.grouping import Recipient
from unionscreen.prosecutors.identity import UNKNOWN_AGENCY, Agency, Identities, committee_id
from unionscreen.prosecutors.offices import office_in_cell, offices_in
from unionscreen.prosecutors.people import name_parts
from unionscreen.prosecutors.recognition import Prosecutor, is_about, names_office, office_words, person_of
from unionscreen.prosecutors.roster import MIXED, NO, RECOGNIZED, YES, Roster
from unionscreen.prosecutors.words import COMMITTEE_WORDS, name_key, name_words, spaced

# What each list is for: see ``data/committee_words.toml``.
_LAWYERS: Final = COMMITTEE_WORDS["lawyers"]


@dataclass(frozen=True)
class ExplainedRecipient:
    """One recipient, in the columns of a roster and with the reason.

    Args:
        prosecutor: the person; for a recipient that is not recognized, the person in its name.
        recognized: whether its money is a prosecutor's.
        why: one sentence without a period.
        pledge_date: the day, month or year of the pledge, as a roster writes it.
        rows: how many rows the recipient has.
    """

    prosecutor: str
    recipient: str
    recipient_id: str | None
    office: str | None
    jurisdiction: str | None
    state: str | None
    pledge_date: str | None
    source: str | None
    recognized: bool
    why: str
    rows: int
    person_id: str | None
    committee_id: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, in the order of the columns."""
        return {**vars(self)}


def explain_all(
    whose: Mapping[Recipient, Entry],
    rows: Mapping[Recipient, int],
    identities: Identities,
    agencies: Mapping[Recipient, Collection[Agency]],
    roster: Roster | None = None,
) -> list[ExplainedRecipient]:
    """The recipients that are recognized, prosecutor by prosecutor, and then those that nearly are.

    Args:
        whose: everybody's entry.
        rows: how many rows each recipient has.
        identities: the ids of all people.
        agencies: of each recipient's filings.
        roster: the user's own list.
    """
    namesakes = {
        _first_and_last(entry.full_name): entry.prosecutor
        for entry in whose.values()
        if entry.prosecutor and entry.full_name and name_parts(entry.full_name)[0]
    }
    found: dict[tuple[str, ...], list[tuple[Recipient, ExplainedRecipient]]] = {}
    for each, entry in whose.items():
        namesake = (
            None if entry.prosecutor else namesakes.get(_first_and_last(person_of(each.recipient, each.candidate)))
        )
        why = _why(each, entry, roster) if entry.prosecutor else _nearly(each, namesake)
        if why is not None:
            row = _row(each, entry.prosecutor, namesake, why, rows.get(each, 0), identities, agencies.get(each, ()))
            # The rows of one committee that name its candidate or office in several ways are one.
            found.setdefault(_committee(each, row), []).append((each, row))
    merged = [_merged(same) for _, same in sorted(found.items())]
    return sorted(
        merged, key=lambda row: (not row.recognized, _sort_name(row), name_key(row.recipient), row.committee_id)
    )


def _committee(each: Recipient, row: ExplainedRecipient) -> tuple[str, ...]:
    person = (row.prosecutor, row.office or "", row.jurisdiction or "") if row.recognized else ("", "", "")
    return name_key(each.recipient), each.recipient_id or "", str(row.recognized), *person


def _merged(same: Sequence[tuple[Recipient, ExplainedRecipient]]) -> ExplainedRecipient:
    """One row for a committee, with the reason that most of its rows give."""
    _, first = min(same, key=lambda each: (-each[1].rows, tuple(cell or "" for cell in each[0])))
    return ExplainedRecipient(**{**vars(first), "rows": sum(row.rows for _, row in same)})


def _row(
    each: Recipient,
    prosecutor: Prosecutor | None,
    namesake: Prosecutor | None,
    why: str,
    rows: int,
    identities: Identities,
    agencies: Collection[Agency],
) -> ExplainedRecipient:
    shown = prosecutor or namesake  # what a "yes" of the editor would mean
    agency = min(agencies, default=UNKNOWN_AGENCY)
    return ExplainedRecipient(
        prosecutor=prosecutor.name if prosecutor else person_of(each.recipient, each.candidate) or "",
        recipient=each.recipient,
        recipient_id=each.recipient_id,
        office=shown.office if shown else each.office,
        jurisdiction=shown.jurisdiction if shown else each.jurisdiction,
        state=(prosecutor.state if prosecutor else "") or None,
        pledge_date=_pledged(prosecutor) if prosecutor else None,
        source=prosecutor.pledge_source if prosecutor else None,
        recognized=prosecutor is not None,
        why=why,
        rows=rows,
        person_id=identities.person([each]),
        committee_id=committee_id(each.recipient, each.recipient_id, agency),
    )


def _pledged(prosecutor: Prosecutor) -> str | None:
    first = prosecutor.pledge_date
    return days_text(first, prosecutor.pledge_latest or first) if first else None


def _why(each: Recipient, entry: Entry, roster: Roster | None) -> str:
    """Why a recipient is a prosecutor's."""
    own: Prosecutor | None = prosecutor_of(each, roster)
    if own is None:
        why = "another row of this committee or filer names the office"
    elif own.how == "roster":
        why = "on the roster"
    elif own.how == "office":
        why = f'the office column has "{(each.office or "").strip()}"'
    else:
        why = f'its name has "{office_words(each.recipient)}"'
    return why if entry.full_name else f"{why}; no first name is known"


def _nearly(each: Recipient, namesake: Prosecutor | None) -> str | None:
    """Why a recipient that is not recognized might still be a prosecutor's; None where nothing suggests it."""
    checks: tuple[Callable[[Recipient], str | None], ...] = (_about, _other_office, _lawyers)
    for check in checks:
        if why := check(each):
            return why
    return f"has the name of the prosecutor {namesake.name}, but no office" if namesake else None


def _first_and_last(name: str | None) -> tuple[str, str]:
    """A person's name without the middle name; two empty texts where no first name is known."""
    first, _, last = name_parts(name or "")
    return (first, last) if first else ("", "")


def _about(each: Recipient) -> str | None:
    if is_about(each.recipient) and names_office(each.recipient):
        return "about a prosecutor, but not the prosecutor's own committee"
    return None


def _other_office(each: Recipient) -> str | None:
    in_cell = office_in_cell(each.office, each.jurisdiction) if each.office else None
    in_name = [found.office for found in offices_in(name_words(spaced(each.recipient)), in_name=True)]
    for office in (in_cell, *in_name):
        if office is not None and not office.prosecutes:
            return f"{office.title} is not an office that prosecutes for a state, county or city"
    return None


def _lawyers(each: Recipient) -> str | None:
    for text in filter(None, (each.recipient, each.office)):
        text = spaced(text)
        for word in name_words(text):
            if word.folded in _LAWYERS or (word.folded == "da" and word.capitals):
                return f'has "{text[word.start : word.end]}", but names no office of an elected prosecutor'
    return None


def _sort_name(row: ExplainedRecipient) -> str:
    first, middle, last = name_parts(row.prosecutor)
    return " ".join([last, first, *middle])


def roster_rows(rows: Sequence[ExplainedRecipient]) -> list[dict[str, Any]]:
    """The rows as ``--roster`` reads them.

    A roster identifies a recipient by its id or its name, and takes one name of a prosecutor for one person. Where
    several people share a name, or only some rows of a name are a prosecutor's, only the id is written. Where that does
    not distinguish them, the row says "mixed".
    """
    answers: dict[tuple[str, ...], set[tuple[str | None, ...]]] = {}
    for row in rows:
        for shared, answer in _shared(row).items():
            answers.setdefault(shared, set()).add(answer)
    out = []
    for row in rows:
        cells = {**vars(row), RECOGNIZED: YES if row.recognized else NO}
        several = {kind for kind, *rest in _shared(row) if len(answers[kind, *rest]) > 1}
        if "person" in several:
            cells |= {"why": f"{row.why}; another prosecutor may have this name", RECOGNIZED: MIXED}
        elif "id" in several:
            cells |= {RECOGNIZED: MIXED}
        elif "name" in several or not name_key(row.recipient):
            why = f'{row.why}; the name "{row.recipient}" is also somebody else\'s'
            cells |= {"why": why, "recipient": ""} if row.recipient_id else {"why": why, RECOGNIZED: MIXED}
        out.append(cells)
    return out


def _shared(row: ExplainedRecipient) -> dict[tuple[str, ...], tuple[str | None, ...]]:
    """What a row has in common with others, and its answer, which should be theirs too."""
    answer = (row.prosecutor, row.office, row.jurisdiction, row.state) if row.recognized else ()
    shared: dict[tuple[str, ...], tuple[str | None, ...]] = {("name", name_key(row.recipient)): answer}
    if row.recipient_id:
        shared["id", row.recipient_id] = answer
    if row.recognized:
        first, _, last = name_parts(row.prosecutor)
        shared["person", first, last, row.jurisdiction or "", row.state or ""] = (row.person_id,)
    return shared
