"""The ids of people and committees in tables that know them by name: traces, totals of forms, periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from unionscreen.accounting.form_totals import FormTotal
from unionscreen.accounting.periods import ReportPeriods
from unionscreen.prosecutors import Identities, Recipient
from unionscreen.prosecutors.words import name_key
from unionscreen.screening.merge import Gathered
from unionscreen.screening.paid_out import Trace

_Known = TypeVar("_Known")
_Stated = TypeVar("_Stated", FormTotal, ReportPeriods)


class IdsByName:
    """The ids of people and committees that a result knows by name, and by the agency's id where the filing has one.

    Args:
        gathered: what was read.
        identities: the ids of all people.
    """

    def __init__(self, gathered: Gathered, identities: Identities) -> None:
        self._gathered = gathered
        self._people: dict[str, set[str]] = {}
        for each, person_id in identities.person_ids.items():
            for key in self._keys(each.recipient, each.recipient_id, each.candidate):
                self._people.setdefault(key, set()).add(person_id)
        self._committees: dict[str, list[Recipient]] = {}
        for each in gathered.recipients:
            for key in self._keys(each.recipient, each.recipient_id):
                self._committees.setdefault(key, []).append(each)

    @staticmethod
    def _keys(name: str, agency_id: str | None, candidate: str | None = None) -> set[str]:
        return {f"id {agency_id}" if agency_id else "", name_key(name), name_key(candidate or "")} - {""}

    def _found(self, known: Mapping[str, _Known], name: str, agency_id: str | None) -> _Known | None:
        """What is known by the id, else by the name."""
        return (known.get(f"id {agency_id}") if agency_id else None) or known.get(name_key(name))

    def person(self, name: str, agency_id: str | None = None) -> str | None:
        """The id of the person; None where none or several are known by this name."""
        people = self._found(self._people, name, agency_id) or set()
        return min(people) if len(people) == 1 else None

    def committee(self, name: str, agency_id: str | None = None, source: str = "") -> str:
        """The id of the committee; several that have the name are separated by semicolons."""
        found = self._gathered.committee_ids(self._found(self._committees, name, agency_id) or ())
        return "; ".join(found) or self._gathered.committee_id(name, agency_id, source)

    def traced(self, traces: Iterable[Trace]) -> tuple[Trace, ...]:
        """The traces with the ids of who received, and of the committee that is traced."""
        return tuple(
            each._replace(
                person_id=self.person(each.prosecutor), committee_id=each.committee_id or self.committee(each.committee)
            )
            for each in traces
        )

    def stated(self, rows: Iterable[_Stated]) -> tuple[_Stated, ...]:
        """What forms state, with the ids of their filers."""
        return tuple(
            replace(
                each,
                person_id=self.person(each.recipient, each.recipient_id),
                committee_id=self.committee(each.recipient, each.recipient_id, getattr(each, "source", "")),
            )
            for each in rows
        )
