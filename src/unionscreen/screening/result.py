"""What a screening found: plain values, the JSON of DESIGN §8 there and back, and DataFrames at the edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting import Money, Pledge, counts, left_out, pledge_money, signed
from unionscreen.accounting.money import cents, dollars
from unionscreen.screening.paid_out import Books

if TYPE_CHECKING:
    import pandas as pd


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# Causes of a status that no single row is: what the filing itself marks, and what an amendment no longer holds (where
# that report begins follows).
MARKED: Final = "marked so in the filing itself"
LEFT_OUT: Final = "the later report has no row of this donor; it begins at "


@dataclass(frozen=True, slots=True)
class Flag:
    """One contribution shown because of who gave it, as filed, with the evidence."""

    source: str
    row: int
    recipient: str
    contributor: str
    date: date | None
    amount_cents: int
    kind: str
    status: str
    tier: str | None
    union_id: str | None
    union: str | None
    union_kind: str | None
    score: float
    why: str
    status_cause: str | None = None
    """``file:row`` of the row that caused the status: the same gift in the amended report, the refund; or a sentence
    where no row of this donor did (:data:`MARKED`, :data:`LEFT_OUT`)."""
    alias: str | None = None
    recipient_id: str | None = None
    contributor_type: str | None = None
    employer: str | None = None
    occupation: str | None = None
    city: str | None = None
    state: str | None = None
    filing_id: str | None = None
    amendment: str | None = None
    transaction_id: str | None = None
    reviewed: str | None = None
    """With ``--decisions``: what was decided about the donor, in words."""
    decision: str | None = None
    """The same in one: confirmed, rejected or unsure."""
    could_be: str | None = None
    """Where the donor's name may be that of several unions: ids of those on the list, parted by blanks."""
    person_id: str | None = None
    """Of the recipient's person, the same in every file; None for a recipient that is not a prosecutor."""
    committee_id: str | None = None
    """Of the recipient, the same in every file; its rule is in ``prosecutors.identity``."""

    @property
    def counts(self) -> bool:
        """Whether its kind and status are in a sum; a look-alike's row is in none all the same."""
        return counts(self.kind, self.status)

    @property
    def year(self) -> int | None:
        """Of its date."""
        return self.date.year if self.date else None

    def to_dict(self) -> dict[str, Any]:
        """The keys of DESIGN §8, in its order; every other field behind them."""
        return {
            "source": self.source,
            "row": self.row,
            "recipient": self.recipient,
            "contributor": self.contributor,
            "date": self.date.isoformat() if self.date else None,
            "amount": dollars(self.amount_cents),
            "kind": self.kind,
            "status": self.status,
            "tier": self.tier,
            "union_id": self.union_id,
            "union": self.union,
            "union_kind": self.union_kind,
            "score": round(self.score, 1),
            "why": self.why,
            **{name: getattr(self, name) for name in _FLAG_BESIDE},
            **({"reviewed": self.reviewed, "decision": self.decision} if self.reviewed else {}),
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Flag:
        """The flag that :meth:`to_dict` saved; keys that are no field are left aside."""
        values = {each.name: saved[each.name] for each in fields(cls) if each.name in saved}
        amount = signed(cents(saved["amount"]), saved["kind"])
        return cls(**values | {"date": _day(saved["date"]), "amount_cents": amount})


# The ids of the recipient's person and of the recipient: the last columns of every table.
IDS: Final = ("person_id", "committee_id")
# The fields of a flag that DESIGN §8 does not name, in their order.
_FLAG_BESIDE: Final = [
    each.name for each in fields(Flag) if each.default is None and each.name not in ("reviewed", "decision")
]


@dataclass(frozen=True)
class ProsecutorEntry:
    """One prosecutor, or with ``--recipients all`` any recipient, and the money.

    Args:
        prosecutor: the person in natural order; None for a recipient that is no prosecutor.
        office: in the standard words, or None.
        jurisdiction: county, district or city where said.
        recipients: the committees as filed.
        contributions: how many rows they filed, whatever their status.
        raised: monetary and in-kind contributions and transfers in, less refunds, in cents.
        in_kind: how much of what was raised came in kind, in cents.
        loans: lent less repaid, in cents; in no other sum.
        flagged: the union rows' money.
        flags: the union rows, whether they count or not.
        related: rows of look-alikes; in no sum.
        employers: individuals employed by a union, when asked for; in no sum.
        pledge_date: from the roster.
        pledge_source: where the pledge is documented, from the roster.
        dismissed: with ``--decisions``, rows whose donor was reviewed and is no union; in no sum.
        raised_rows: how many of ``contributions`` the sum of ``raised`` adds; None where an older result did not say.
        raised_left_out: what the others are, such as "928 repeats and 2 loans".
        raised_note: what a reader of ``raised`` has to know: that no row counts, or that all of it is transfers.
        person_id: the same in every file; None for a recipient that is not a prosecutor.
        committee_ids: of the recipients, sorted.
    """

    prosecutor: str | None
    office: str | None
    jurisdiction: str | None
    recipients: tuple[str, ...]
    contributions: int
    raised: int
    in_kind: int
    loans: int
    flagged: Money
    flags: tuple[Flag, ...]
    related: tuple[Flag, ...]
    employers: tuple[Flag, ...] = ()
    pledge_date: date | None = None
    pledge_source: str | None = None
    dismissed: tuple[Flag, ...] = ()
    raised_rows: int | None = None
    raised_left_out: str = ""
    raised_note: str | None = None
    person_id: str | None = None
    committee_ids: tuple[str, ...] = ()

    @property
    def committee_id(self) -> str | None:
        """The ids of its committees in one text; None where an older result did not say."""
        return "; ".join(self.committee_ids) or None

    @property
    def name(self) -> str:
        """The person, else the committees: what a report is headed by."""
        return self.prosecutor or "; ".join(self.recipients)

    @property
    def counted(self) -> tuple[Flag, ...]:
        """The union rows that the sums add."""
        return tuple(flag for flag in self.flags if flag.counts)

    @property
    def not_counted(self) -> str:
        """What of the union rows is in no sum, such as "9 repeats and 1 loan"; "" where all of them are in it."""
        return left_out((1, flag.kind, flag.status) for flag in self.flags)

    @property
    def findings(self) -> Iterator[tuple[str, Flag]]:
        """Every row that is shown, with what it was found to be: union, related, employer, dismissed."""
        for name, finding in FINDING_OF.items():
            for flag in getattr(self, name):
                yield finding, flag

    @property
    def pledge(self) -> Pledge | None:
        """What came before the pledge and what after, and what was returned; None without a pledge."""
        return pledge_money(self.pledge_date, self.pledge_source, self.flags) if self.pledge_date else None

    def to_dict(self, *, employers: bool = False, name: str | None = None) -> dict[str, Any]:
        """The keys of DESIGN §8, in its order, and what else is known.

        Args:
            employers: add that finding behind them.
            name: the ``recipient_name`` of its rows; None is its own name.
        """

        def rows(of: str) -> list[dict[str, Any]]:
            return [
                flag.to_dict() | beside(self.name if name is None else name, FINDING_OF[of], flag)
                for flag in getattr(self, of)
            ]

        entry: dict[str, Any] = {
            "prosecutor": self.prosecutor,
            "office": self.office,
            "jurisdiction": self.jurisdiction,
            "recipients": list(self.recipients),
            "contributions": self.contributions,
            "raised": dollars(self.raised),
            "flagged": {
                "count": len(self.counted),
                "gross": dollars(self.flagged.gross),
                "refunded": dollars(self.flagged.refunded),
                "net": dollars(self.flagged.net),
            },
            "flags": rows("flags"),
            "related": rows("related"),
            "in_kind": dollars(self.in_kind),
            "loans": dollars(self.loans),
            "flagged_in_kind": dollars(self.flagged.in_kind),
            "flagged_loans": dollars(self.flagged.loans),
            "pledge_date": self.pledge_date.isoformat() if self.pledge_date else None,
            "flagged_not_counted": len(self.flags) - len(self.counted),
        }
        if self.raised_rows is not None:
            entry |= {"raised_rows": self.raised_rows, "raised_left_out": self.raised_left_out}
        if self.raised_note:
            entry["raised_note"] = self.raised_note
        if employers:
            entry["employers"] = rows("employers")
        if self.pledge:
            entry["pledge"] = self.pledge.to_dict()
        if self.dismissed:
            entry["dismissed"] = rows("dismissed")
        return entry | {"person_id": self.person_id, "committee_ids": list(self.committee_ids)}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ProsecutorEntry:
        """The entry that :meth:`to_dict` saved."""
        money = saved["flagged"]
        return cls(
            **{name: saved[name] for name in ("prosecutor", "office", "jurisdiction", "contributions")},
            raised=cents(saved["raised"]),
            in_kind=cents(saved["in_kind"]),
            loans=cents(saved["loans"]),
            recipients=tuple(saved["recipients"]),
            flagged=Money(
                *(cents(money[name]) for name in ("gross", "refunded")),
                *(cents(saved[name]) for name in ("flagged_in_kind", "flagged_loans")),
            ),
            flags=tuple(map(Flag.from_dict, saved["flags"])),
            related=tuple(map(Flag.from_dict, saved["related"])),
            employers=tuple(map(Flag.from_dict, saved.get("employers", ()))),
            pledge_date=_day(saved["pledge_date"]),
            pledge_source=(saved.get("pledge") or {}).get("source"),
            dismissed=tuple(map(Flag.from_dict, saved.get("dismissed", ()))),
            raised_rows=saved.get("raised_rows"),
            raised_left_out=saved.get("raised_left_out", ""),
            raised_note=saved.get("raised_note"),
            person_id=saved.get("person_id"),
            committee_ids=tuple(saved.get("committee_ids", ())),
        )


# Where an entry keeps its rows, and what each is found to be; only a union's are in the flagged sums.
FINDING_OF: Final = {"flags": "union", "related": "related", "employers": "employer", "dismissed": "dismissed"}


def beside(recipient_name: str, finding: str, flag: Flag) -> dict[str, Any]:
    """What every table of rows says beside a flag, so that a sum over it agrees with the report.

    Args:
        recipient_name: of its entry, from ``Screening.names``.
        finding: what it was found to be, one of the values of :data:`FINDING_OF`.
        flag: the row.
    """
    return {"counted": finding == "union" and flag.counts, "recipient_name": recipient_name, "year": flag.year}


def _distinct_names(entries: Sequence[ProsecutorEntry]) -> tuple[str, ...]:
    """The entries' names; those of one name with their office and place, else their committees, else a number."""
    alike: dict[str, list[int]] = {}
    for at, entry in enumerate(entries):
        alike.setdefault(entry.name, []).append(at)
    names = [entry.name for entry in entries]
    for name, places in alike.items():
        if len(places) > 1:
            offices = [", ".join(filter(None, (entries[at].office, entries[at].jurisdiction))) for at in places]
            committees = ["; ".join(entries[at].recipients) for at in places]
            numbers = [str(number) for number in range(1, len(places) + 1)]
            told = next(each for each in (offices, committees, numbers) if len({*each}) == len(each))
            for at, about in zip(places, told, strict=True):
                names[at] = f"{name} ({about})" if about else name
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read as a contribution: where, why, and its text."""

    source: str
    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Screening:
    """The result of :func:`unionscreen.screen`.

    Args:
        prosecutors: one entry per prosecutor (or recipient), by name.
        rejected: the rows that were not screened.
        manifest: inputs with hashes, list hash, version, settings and counts: enough to run it again.
        notes: what the user should be told beside the result, one sentence each.
        books: money that filers paid out: gifts in the givers' filings, and independent spending; in no sum.
    """

    prosecutors: tuple[ProsecutorEntry, ...]
    rejected: tuple[Reject, ...]
    manifest: dict[str, Any]
    notes: tuple[str, ...] = ()
    books: Books = field(default_factory=Books)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of DESIGN §8 as plain values; the same input gives the same dictionary."""
        employers = bool(self.manifest["settings"].get("employers"))
        return {
            "manifest": self.manifest,
            "prosecutors": [
                entry.to_dict(employers=employers, name=name)
                for name, entry in zip(self.names, self.prosecutors, strict=True)
            ],
            "rejects": [
                {"source": each.source, "row": each.row, "reason": each.reason, "text": each.text}
                for each in self.rejected
            ],
            "notes": list(self.notes),
            **({"money_out": self.books.to_dict()} if self.books.rows_read else {}),
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Screening:
        """The screening that :meth:`to_dict` saved.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is no such dictionary.
        """
        return cls(
            prosecutors=tuple(map(ProsecutorEntry.from_dict, saved["prosecutors"])),
            rejected=tuple(Reject(**each) for each in saved["rejects"]),
            manifest=dict(saved["manifest"]),
            notes=tuple(saved["notes"]),
            books=Books.from_dict(saved.get("money_out", {})),
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Each entry's name, told apart where two are called the same: ``recipient_name`` of its rows."""
        return _distinct_names(self.prosecutors)

    @cached_property
    def flags(self) -> pd.DataFrame:
        """The union rows of all entries; the plain sum of the ``counted`` ones is what a report prints as net."""
        return self._frame("union")

    @cached_property
    def related(self) -> pd.DataFrame:
        """The rows of look-alikes: management, foundations, police-themed PACs."""
        return self._frame("related")

    @cached_property
    def employers(self) -> pd.DataFrame:
        """Contributions of individuals who are employed by a union; empty unless asked for."""
        return self._frame("employer")

    @cached_property
    def rejects(self) -> pd.DataFrame:
        """The rows that were not screened."""
        import pandas as pd

        names = [each.name for each in fields(Reject)]
        return pd.DataFrame([[getattr(each, name) for name in names] for each in self.rejected], columns=names)

    @cached_property
    def prosecutor_table(self) -> pd.DataFrame:
        """One row per entry; sums in cents, because a float cannot hold $150,000.01."""
        from unionscreen.screening.frames import entry_frame

        return entry_frame(self)

    def _frame(self, finding: str) -> pd.DataFrame:
        from unionscreen.screening.frames import flag_frame

        return flag_frame(self, finding)
