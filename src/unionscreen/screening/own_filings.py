"""What is known of the recipients' own filings: whether they are here, and which days they cover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.payments import ids_differ, names_of
from unionscreen.accounting.periods import PERIODS, Days, FiledDays, filed_days
from unionscreen.prosecutors import Entry, Recipient
from unionscreen.prosecutors.words import places_differ
from unionscreen.screening.merge import Gathered
from unionscreen.screening.paid_out import OTHER_COMMITTEE


def county_of(whose: Mapping[Recipient, Entry], recipient: Recipient) -> str | None:
    """The county (or other place) of the prosecutor who is behind a recipient."""
    prosecutor = whose[recipient].prosecutor
    return prosecutor.jurisdiction if prosecutor else None


class OwnFilings:
    """What is known of the recipients' own filings, by the names and ids of the recipients."""

    def __init__(
        self,
        gathered: Gathered,
        names: Mapping[Recipient, frozenset[str]],
        whose: Mapping[Recipient, Entry],
        stated: pa.Table,
    ) -> None:
        self._names = names
        self._whose = whose
        self._counties: dict[tuple[str | None, str | None], set[str | None]] = {}
        self._days = filed_days(
            pa.concat_tables([gathered.periods, stated.filter(pc.is_valid(stated["recipient"])).select(PERIODS.names)]),
            gathered.days,
        )
        self._filers: dict[str, set[tuple[str | None, str | None]]] = {}
        for each in gathered.recipients:
            self._counties.setdefault((each.recipient, each.recipient_id), set()).add(county_of(whose, each))
            for name in names[each]:
                self._filers.setdefault(name, set()).add((each.recipient, each.recipient_id))
        for filer in self._days:  # a report without a row states its period too
            for name in names_of(filer[0] or "", filer[1]):
                self._filers.setdefault(name, set()).add(filer)

    def on_day(self, recipient: Recipient, day: date | None) -> tuple[bool, str, bool | None]:
        """Whether a filing of a recipient is here, what is known about a day in words, and whether it is covered.

        The filings of another committee of the same person are used only where the recipient's own are not here.
        """
        own = names_of(recipient.recipient, recipient.recipient_id)
        by_name = {filer for name in own for filer in self._filers.get(name, ())}
        of_person = {filer for name in self._names[recipient] - own for filer in self._filers.get(name, ())}
        for committee, filers in (
            ("the recipient", {filer for filer in by_name if self._is_own(recipient, filer)}),
            (OTHER_COMMITTEE, of_person),
        ):
            if filers:
                known = [self._days.get(filer, FiledDays()) for filer in sorted(filers, key=str)]
                reports = tuple(sorted({days for each in known for days in each.reports}))
                rows = [each.rows for each in known if each.rows]
                spans = Days(min(each.begin for each in rows), max(each.end for each in rows)) if rows else None
                together = FiledDays(reports, spans)
                about = together.about(day, committee)
                if committee not in about and committee == OTHER_COMMITTEE:  # the gift has no date
                    about += f"; the filings here are of {committee}"
                return True, about, together.covers(day)
        return False, "no filing of the recipient here", None

    def _is_own(self, recipient: Recipient, filer: tuple[str | None, str | None]) -> bool:
        """Whether a filer with a name of the recipient can be the recipient: two counties or two ids are two people."""
        if ids_differ(names_of(recipient.recipient, recipient.recipient_id), names_of(filer[0] or "", filer[1])):
            return False
        county = county_of(self._whose, recipient)
        return not all(places_differ(county, each) for each in self._counties.get(filer, {None}))
