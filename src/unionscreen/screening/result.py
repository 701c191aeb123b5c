"""What a screening found: plain values, the JSON of DESIGN §8 there and back, and DataFrames for Python users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting.form_totals import FormTotal
from unionscreen.accounting.money import Money, cents_to_decimal, counts, decimal_to_cents, exclusion_summary, signed
from unionscreen.accounting.periods import ReportPeriods
from unionscreen.screening.paid_out import Books, Trace
from unionscreen.screening.pledge import Pledge, pledge_money
from unionscreen.screening.reviews import ReviewedGift
from unionscreen.screening.years import ByYear

if TYPE_CHECKING:
    import pandas as pd


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# Causes of a status that are not a single row: a mark in the filing itself, and a gift that an amendment no longer has
# (the first row of that report follows).
MARKED: Final = "marked so in the filing itself"
NOT_IN_LATER_REPORT: Final = "the later report has no row of this donor; it begins at "
# A note on what was raised: the share of a donor in it is not a share of all that was raised.
ONLY_IN_KIND: Final = "all that counts as raised is goods and services; these files list no gifts of money to them"


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
    where no row of this donor did (:data:`MARKED`, :data:`NOT_IN_LATER_REPORT`)."""
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
    """With ``--decisions``: the decision about the donor, as a sentence."""
    decision: str | None = None
    """The same as one word: confirmed, rejected or unsure."""
    could_be: str | None = None
    """Where the donor's name may be that of several unions: ids of those on the list, separated by spaces."""
    note: str | None = field(
        default=None, metadata={"about": "what to check in the row: OCR: check the name; its form does not add up"}
    )
    person_id: str | None = field(
        default=None,
        metadata={"about": "the recipient's person, the same in every file; empty where no person is known"},
    )
    committee_id: str | None = field(default=None, metadata={"about": "the recipient, the same in every file"})

    @property
    def place(self) -> str:
        """Where it is: ``file:row``."""
        return f"{self.source}:{self.row}"

    @property
    def counts(self) -> bool:
        """Whether rows of its kind and status are in the sums; a look-alike's row never is."""
        return counts(self.kind, self.status)

    @property
    def year(self) -> int | None:
        """Of its date."""
        return self.date.year if self.date else None

    def to_dict(self) -> dict[str, Any]:
        """The keys of DESIGN §8, in its order; every other field follows."""
        values = {"amount" if name == "amount_cents" else name: getattr(self, name) for name in _FLAG_FIELDS}
        values["date"] = self.date.isoformat() if self.date else None
        values["amount"] = cents_to_decimal(self.amount_cents)
        values["score"] = round(self.score, 1)
        return values | ({"reviewed": self.reviewed, "decision": self.decision} if self.reviewed else {})

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Flag:
        """The flag that :meth:`to_dict` saved; unknown keys are ignored."""
        values = {each.name: saved[each.name] for each in fields(cls) if each.name in saved}
        amount = signed(decimal_to_cents(saved["amount"]), saved["kind"])
        return cls(**values | {"date": _day(saved["date"]), "amount_cents": amount})


# The fields of a flag that are always saved, in their order.
_FLAG_FIELDS: Final = [each.name for each in fields(Flag) if each.name not in ("reviewed", "decision")]


@dataclass(frozen=True)
class ProsecutorEntry:
    """One prosecutor, or with ``--recipients all`` any recipient, and the money in cents."""

    prosecutor: str | None
    """The person in natural order; None for a recipient that is not a prosecutor."""
    office: str | None
    """In the standard words."""
    jurisdiction: str | None
    recipients: tuple[str, ...]
    """The committees as filed."""
    contributions: int
    """How many rows they filed, whatever their status."""
    raised: int
    """Monetary and in-kind contributions and transfers in, less refunds."""
    in_kind: int
    """How much of ``raised`` came in kind."""
    loans: int
    """Lent less repaid; in no other sum."""
    flagged: Money
    flags: tuple[Flag, ...]
    """The union rows, whether they count or not."""
    related: tuple[Flag, ...]
    """Rows of look-alikes; in no sum."""
    employers: tuple[Flag, ...] = ()
    """Individuals employed by a union, when asked for; in no sum."""
    pledge_date: date | None = None
    pledge_source: str | None = None
    """Where the pledge is documented, from the roster."""
    pledge_latest: date | None = None
    """Where the day of the pledge is not known, the last day on which it can have been made."""
    dismissed: tuple[Flag, ...] = ()
    """With ``--decisions``, rows whose donor was reviewed and is not a union; in no sum."""
    raised_rows: int | None = None
    """How many of ``contributions`` are in ``raised``; None in a result saved before this was recorded."""
    raised_left_out: str = ""
    """What the others are, such as "928 repeats and 2 loans"."""
    raised_note: str | None = None
    """What a reader of ``raised`` must know: that no row counts, or that all of it is transfers or in kind."""
    person_id: str | None = None
    """The same in every file; None where no person is known."""
    committee_ids: tuple[str, ...] = ()
    """Of the recipients, sorted."""
    by_year: ByYear | None = None
    """With ``by_year``: what was raised in each year, and the days that the filings cover."""

    @property
    def committee_id(self) -> str | None:
        """The ids of its committees in one text; None in a result saved before this was recorded."""
        return "; ".join(self.committee_ids) or None

    @property
    def name(self) -> str:
        """The person, else the committees: the heading of a report."""
        return self.prosecutor or "; ".join(self.recipients)

    @property
    def counted(self) -> tuple[Flag, ...]:
        """The union rows that are in the sums."""
        return tuple(flag for flag in self.flags if flag.counts)

    @property
    def not_counted(self) -> str:
        """Which union rows are in no sum, such as "9 repeats and 1 loan"; "" where all of them are in it."""
        return exclusion_summary((1, flag.kind, flag.status) for flag in self.flags)

    @property
    def findings(self) -> Iterator[tuple[str, Flag]]:
        """Every row that is shown, with its finding: union, related, employer, dismissed."""
        for name, finding in FINDING_OF.items():
            for flag in getattr(self, name):
                yield finding, flag

    @property
    def pledge(self) -> Pledge | None:
        """What came before the pledge and what after, and what was returned; None without a pledge."""
        if self.pledge_date is None:
            return None
        return pledge_money(self.pledge_date, self.pledge_source, self.flags, self.pledge_latest)

    def to_dict(self, *, employers: bool = False, name: str | None = None) -> dict[str, Any]:
        """The keys of DESIGN §8, in its order, and what else is known.

        Args:
            employers: include that finding.
            name: the ``recipient_name`` of its rows; None is its own name.
        """

        def rows(of: str) -> list[dict[str, Any]]:
            shown = self.name if name is None else name
            return [flag.to_dict() | report_columns(shown, FINDING_OF[of], flag) for flag in getattr(self, of)]

        entry: dict[str, Any] = {
            "prosecutor": self.prosecutor,
            "office": self.office,
            "jurisdiction": self.jurisdiction,
            "recipients": list(self.recipients),
            "contributions": self.contributions,
            "raised": cents_to_decimal(self.raised),
            "flagged": {
                "count": len(self.counted),
                "gross": cents_to_decimal(self.flagged.gross),
                "refunded": cents_to_decimal(self.flagged.refunded),
                "net": cents_to_decimal(self.flagged.net),
            },
            "flags": rows("flags"),
            "related": rows("related"),
            "in_kind": cents_to_decimal(self.in_kind),
            "loans": cents_to_decimal(self.loans),
            "flagged_in_kind": cents_to_decimal(self.flagged.in_kind),
            "flagged_loans": cents_to_decimal(self.flagged.loans),
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
        if self.by_year:
            entry["by_year"] = self.by_year.to_dict()
        return entry | {"person_id": self.person_id, "committee_ids": list(self.committee_ids)}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> ProsecutorEntry:
        """The entry that :meth:`to_dict` saved."""
        money = saved["flagged"] | {name: saved[f"flagged_{name}"] for name in ("in_kind", "loans")}
        rows = {"employers": (), "dismissed": (), **saved}
        values: dict[str, Any] = {
            name: saved[name] for name in ("prosecutor", "office", "jurisdiction", "contributions")
        }
        values |= {name: decimal_to_cents(saved[name]) for name in ("raised", "in_kind", "loans")}
        values |= {name: tuple(map(Flag.from_dict, rows[name])) for name in FINDING_OF}
        return cls(
            **values,
            recipients=tuple(saved["recipients"]),
            flagged=Money(*(decimal_to_cents(money[each.name]) for each in fields(Money))),
            pledge_date=_day(saved["pledge_date"]),
            pledge_source=(saved.get("pledge") or {}).get("source"),
            pledge_latest=_day((saved.get("pledge") or {}).get("latest")),
            raised_rows=saved.get("raised_rows"),
            raised_left_out=saved.get("raised_left_out", ""),
            raised_note=saved.get("raised_note"),
            person_id=saved.get("person_id"),
            committee_ids=tuple(saved.get("committee_ids", ())),
            by_year=ByYear.from_dict(saved["by_year"]) if saved.get("by_year") else None,
        )


# The fields of an entry that hold rows, and the finding of each; only a union's rows are in the flagged sums.
FINDING_OF: Final = {"flags": "union", "related": "related", "employers": "employer", "dismissed": "dismissed"}


def report_columns(recipient_name: str, finding: str, flag: Flag) -> dict[str, Any]:
    """The columns that every table adds to a flag, so that a sum over it agrees with the report."""
    return {"counted": finding == "union" and flag.counts, "recipient_name": recipient_name, "year": flag.year}


def _distinct_names(entries: Sequence[ProsecutorEntry]) -> tuple[str, ...]:
    """The entries' names; namesakes get their office and place, else their committees, else a number."""
    namesakes: dict[str, list[int]] = {}
    for at, entry in enumerate(entries):
        namesakes.setdefault(entry.name, []).append(at)
    names = [entry.name for entry in entries]
    for name, places in namesakes.items():
        if len(places) > 1:
            offices = [", ".join(filter(None, (entries[at].office, entries[at].jurisdiction))) for at in places]
            committees = ["; ".join(entries[at].recipients) for at in places]
            numbers = [str(number) for number in range(1, len(places) + 1)]
            suffixes = next(each for each in (offices, committees, numbers) if len({*each}) == len(each))
            for at, suffix in zip(places, suffixes, strict=True):
                names[at] = f"{name} ({suffix})" if suffix else name
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
        notes: what the user should know besides the result, one sentence each.
        books: money that filers paid out: gifts in the givers' filings, and independent spending; in no sum.
        traces: with ``trace``, the share that unions have in what donor committees received; in no sum.
        form_totals: where the filings state their own sums: each line, and whether the rows add up to it.
        periods: which days the reports of each committee cover, where the filings say.
        reviews: with ``reviews``, how gifts and open reviews of the giver's members lie in time; in no sum.
    """

    prosecutors: tuple[ProsecutorEntry, ...]
    rejected: tuple[Reject, ...]
    manifest: dict[str, Any]
    notes: tuple[str, ...] = ()
    books: Books = field(default_factory=Books)
    traces: tuple[Trace, ...] = ()
    form_totals: tuple[FormTotal, ...] = ()
    periods: tuple[ReportPeriods, ...] = ()
    reviews: tuple[ReviewedGift, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON of DESIGN §8 as plain values; the same input gives the same dictionary."""
        employers = bool(self.manifest["settings"].get("employers"))
        entries = zip(self.names, self.prosecutors, strict=True)
        return {
            "manifest": self.manifest,
            "prosecutors": [entry.to_dict(employers=employers, name=name) for name, entry in entries],
            "rejects": [asdict(each) for each in self.rejected],
            "notes": list(self.notes),
            **({"traces": [each.to_dict() for each in self.traces]} if self.traces else {}),
            **({"money_out": self.books.to_dict()} if self.books.rows_read else {}),
            **({"form_totals": [each.to_dict() for each in self.form_totals]} if self.form_totals else {}),
            **({"periods": [each.to_dict() for each in self.periods]} if self.periods else {}),
            **({"reviews": [each.to_dict() for each in self.reviews]} if "reviews" in self.manifest else {}),
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Screening:
        """The screening that :meth:`to_dict` saved.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is not such a dictionary.
        """
        return cls(
            prosecutors=tuple(map(ProsecutorEntry.from_dict, saved["prosecutors"])),
            rejected=tuple(Reject(**each) for each in saved["rejects"]),
            manifest=dict(saved["manifest"]),
            notes=tuple(saved["notes"]),
            books=Books.from_dict(saved.get("money_out", {})),
            traces=tuple(map(Trace.from_dict, saved.get("traces", ()))),
            form_totals=tuple(map(FormTotal.from_dict, saved.get("form_totals", ()))),
            periods=tuple(map(ReportPeriods.from_dict, saved.get("periods", ()))),
            reviews=tuple(map(ReviewedGift.from_dict, saved.get("reviews", ()))),
        )

    def _repr_html_(self) -> str:
        """For notebooks: the table of prosecutors."""
        html: str = import_module("unionscreen.reports.notebook").screening_html(self)  # reports know screenings
        return html

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Each entry's name, made distinct where two have the same: the ``recipient_name`` of its rows."""
        return _distinct_names(self.prosecutors)

    @cached_property
    def flags(self) -> pd.DataFrame:
        """The union rows of all entries; the plain sum of the ``counted`` ones is the net sum of the report."""
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

        return pd.DataFrame([asdict(each) for each in self.rejected], columns=[each.name for each in fields(Reject)])

    def _frame(self, finding: str) -> pd.DataFrame:
        """The rows of one finding: the fields of a flag, then ``finding`` and :func:`report_columns`."""
        import pandas as pd

        names = [each.name for each in fields(Flag)]
        rows = [
            [
                entry.prosecutor,
                *(getattr(flag, n) for n in names),
                finding,
                *report_columns(name, finding, flag).values(),
            ]
            for name, entry in zip(self.names, self.prosecutors, strict=True)
            for found, flag in entry.findings
            if found == finding
        ]
        columns = ["prosecutor", *names, "finding", "counted", "recipient_name", "year"]
        frame = pd.DataFrame(rows, columns=columns).astype({"counted": bool, "year": "Int64"})
        frame["date"] = pd.to_datetime(frame["date"])
        return frame
