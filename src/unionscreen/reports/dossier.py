"""All that one union gave to prosecutors in some filings: as lines for the terminal, and as tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting import Amount, Money, total
from unionscreen.contributions import money_text
from unionscreen.output.tables import TableList
from unionscreen.reports.coverage import period
from unionscreen.reports.money_out import NO_PROSECUTOR, UNNAMED, money_out_tables
from unionscreen.reports.tables import prosecutors_table, tidy_table, totals_table
from unionscreen.reports.text import count, percent, shorten, visible
from unionscreen.reports.words import CAUTION, NAME_LIMIT, entry_name, outcome
from unionscreen.screening import Screening
from unionscreen.screening.verdicts import several_unions
from unionscreen.unions import load_unions

if TYPE_CHECKING:
    from datetime import date

    from unionscreen.screening import Flag, ProsecutorEntry
    from unionscreen.screening.paid_out import Books, Spending
    from unionscreen.unions import Union

# Rows that a sentence names.
_PLACES: Final = 5


@dataclass(frozen=True)
class Dossier:
    """What one union gave.

    Args:
        union: the organization.
        screening: the filings, reduced to the rows of this union; entries without one are left out.
        could_be: flagged rows whose name fits several unions, of which this is one: in no sum, as no union is known to
            have given. A pledge that covers the union is not broken by them either.
        recipients: how many prosecutors and recipients the filings have.
        ids: of the union, and of its locals where they are included.
    """

    union: Union
    screening: Screening
    could_be: tuple[Flag, ...]
    recipients: int
    ids: frozenset[str] = frozenset()

    @property
    def money(self) -> Money:
        """The sums over all recipients."""
        return _money(flag for entry in self.screening.prosecutors for flag in entry.flags)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: as a saved result, with the union in front."""
        return {
            "union": self.union._asdict(),
            **self.screening.to_dict(),
            "could_be": [flag.to_dict() for flag in self.could_be],
        }


def dossier_of(screening: Screening, union: Union, ids: Collection[str] = ()) -> Dossier:
    """Keep what this union gave and spent.

    Args:
        screening: what was found in the filings.
        union: the organization.
        ids: of its locals, to include them.
    """
    wanted = {union.union_id, *ids}
    entries = []
    for name, entry in zip(screening.names, screening.prosecutors, strict=True):
        flags = tuple(flag for flag in entry.flags if flag.union_id in wanted)
        if flags:
            entries.append((name, _only(entry, flags)))
    could_be = [
        flag
        for entry in screening.prosecutors
        for flag in entry.flags
        if flag.union_id not in wanted and wanted.intersection((flag.could_be or "").split())
    ]
    books = replace(
        screening.books,
        gifts=tuple(each for each in screening.books.gifts if each.union_id in wanted),
        spending=tuple(each for each in screening.books.spending if each.union_id in wanted),
    )
    reduced = Screening(tuple(entry for _, entry in entries), (), screening.manifest, screening.notes, books)
    return Dossier(union, reduced, tuple(could_be), len(screening.prosecutors), frozenset(wanted))


def _only(entry: ProsecutorEntry, flags: tuple[Flag, ...]) -> ProsecutorEntry:
    return replace(entry, flags=flags, flagged=_money(flags), related=(), employers=(), dismissed=())


def _money(flags: Iterator[Flag] | Sequence[Flag]) -> Money:
    return total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags)


def dossier_result(found: Dossier) -> TableList:
    """The rows, the sums by recipient and by year, and what the givers' own filings show."""
    screening = found.screening
    rows = tidy_table(screening)
    tables = (rows, prosecutors_table(screening), totals_table(screening), *money_out_tables(screening))
    return TableList(tables, rows, {"manifest": screening.manifest, "notes": list(screening.notes)})


def dossier_text(found: Dossier) -> str:
    """The organization, each recipient with its rows, the sums, and what is shown apart."""
    union, entries = found.union, found.screening.prosecutors
    place = ", ".join(visible(part) for part in (union.kind, union.place, union.state) if part)
    names = sorted({visible(flag.contributor) for entry in entries for flag in entry.flags})
    lines = [visible(union.name), f"{visible(union.union_id)} ({place})"]
    if names:
        lines.append(f"as filed: {'; '.join(shorten(name, NAME_LIMIT) for name in names)}")
    for entry in entries:
        lines += ["", *_entry(entry)]
    lines += ["", *_summary(found)]
    return "\n".join(lines) + "\n"


def _entry(entry: ProsecutorEntry) -> Iterator[str]:
    who = ", ".join(filter(None, (entry_name(entry), entry.office, entry.jurisdiction)))
    yield shorten(who, 2 * NAME_LIMIT) + ("" if entry.prosecutor else f" {NO_PROSECUTOR}")
    share = percent(entry.flagged.net, entry.raised)
    yield f"  {_sums(entry.flagged)}" + (f", {share} of raised" if share else "")
    for flag in sorted(entry.flags, key=lambda flag: (flag.date is None, str(flag.date), flag.place)):
        yield _row(flag.date, flag.amount_cents, flag.place, ", ".join(outcome(flag)))


def _sums(money: Money) -> str:
    given, back = money_text(money.gross), money_text(money.refunded)
    return f"{given} given, {back} returned, {money_text(money.net)} net"


def _summary(found: Dossier) -> Iterator[str]:
    entries, books = found.screening.prosecutors, found.screening.books
    flags = [flag for entry in entries for flag in entry.counted]
    whose = f"{len(entries):,} of {count(found.recipients, 'recipient')}"
    days = period(flag.date for flag in flags)
    yield f"All: {_sums(found.money)}, in {count(len(flags), 'row')} to {whose}" + (f", {days}" if days else "")
    alone = [each for each in books.gifts if each.is_alone]
    if alone:
        cents = sum(each.amount_cents for each in alone)
        yield f"In its own filings only: {count(len(alone), 'gift')}, {money_text(cents)}, not counted above"
        for gift in alone:
            to = _target(gift.prosecutor, gift.recipient, gift.jurisdiction)
            yield _row(gift.date, gift.amount_cents, gift.giver_row or "", f"to {to}")
    yield from _spending(books)
    yield from _not_counted(found)
    yield CAUTION


def _spending(books: Books) -> Iterator[str]:
    """The independent spending by target and side, each row with its place."""
    rows: dict[tuple[str, str], list[Spending]] = {}
    for each in books.active_spending:
        side = {"support": "for", "oppose": "against"}.get(each.support_oppose, "about")
        rows.setdefault((side, _target(each.prosecutor, each.target, each.jurisdiction)), []).append(each)
    for (side, whom), spent in sorted(rows.items()):
        cents = sum(each.amount_cents for each in spent)
        rows_of = count(len(spent), "row")
        yield f"Independent spending {side} {whom}: {money_text(cents)} in {rows_of}, not counted above"
        for each in sorted(spent, key=lambda each: (each.date is None, str(each.date), each.place)):
            yield _row(each.date, each.amount_cents, each.place)


def _target(prosecutor: str | None, filed: str, jurisdiction: str | None) -> str:
    """Whom a payment is to or about."""
    where = f" ({visible(jurisdiction)})" if jurisdiction else ""
    if prosecutor:
        return f"{visible(prosecutor)}{where}"
    return f"{visible(filed)}{where} {NO_PROSECUTOR}" if filed else UNNAMED["target"]


def _row(day: date | None, cents: int, place: str, more: str = "") -> str:
    """The line of one row: its date, amount and place."""
    when = day.isoformat() if day else "no date"
    return f"  {when}  {money_text(cents)}  {visible(place)}" + (f"  {more}" if more else "")


def _not_counted(found: Dossier) -> Iterator[str]:
    """The rows whose name fits several unions, by the unions that may be meant."""
    unions = load_unions()
    alike: dict[str, list[Flag]] = {}
    for flag in found.could_be:
        alike.setdefault(several_unions(flag, unions), []).append(flag)
    for why, flags in alike.items():
        places = ", ".join(visible(flag.place) for flag in flags[:_PLACES])
        all_here = all(found.ids.issuperset((flag.could_be or "").split()) for flag in flags)
        whose = ", all included here, but none of them is known to have given" if all_here else ""
        cents = sum(flag.amount_cents for flag in flags if flag.counts)
        yield f"Not counted: {count(len(flags), 'row')} of {money_text(cents)} ({places}): {visible(why)}{whose}"
