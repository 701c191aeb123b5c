"""The candidates of one race side by side: ``screen --compare``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from unionscreen.contributions import money_text
from unionscreen.output.tables import Cell, ResultTable, TypedColumn
from unionscreen.reports.columns import ID_COLUMNS
from unionscreen.reports.text import percent, visible
from unionscreen.reports.words import entry_name

if TYPE_CHECKING:
    from unionscreen.screening import Flag, ProsecutorEntry, Screening

# Unions that are named for each candidate.
TOP_UNIONS: Final = 3
_UNKNOWN_PLACE: Final = "place not in the filings, so perhaps several races"
COMPARISON: Final = (
    TypedColumn("race", "text", "office and place"),
    TypedColumn("name", "text", "the person, or the committees where no person is known"),
    TypedColumn("raised", "cents", "monetary and in-kind contributions and incoming transfers, minus refunds"),
    TypedColumn("gross", "cents", "the unions' gifts"),
    TypedColumn("returned", "cents", "what went back to them"),
    TypedColumn("net", "cents", "the difference"),
    TypedColumn("share", "text", "net in percent of raised; empty if it has no meaning"),
    TypedColumn("unions", "count", "unions whose gifts are counted"),
    TypedColumn("top_unions", "text", f"the {TOP_UNIONS} with the largest net, separated by semicolons"),
    *ID_COLUMNS,
)


class Candidate(NamedTuple):
    """One candidate of a race."""

    entry: ProsecutorEntry
    unions: tuple[tuple[str, int], ...]
    """Each union and its net in cents, the largest first."""

    @property
    def top(self) -> list[str]:
        """The largest unions, with their money."""
        return [f"{name} {money_text(net)}" for name, net in self.unions[:TOP_UNIONS]]

    @property
    def share(self) -> str | None:
        """Net in percent of raised; None where nothing was raised, or more went back than came."""
        net, raised = self.entry.flagged.net, self.entry.raised
        return "100.0 %" if net == raised > 0 else percent(net, raised)


def races(screening: Screening) -> dict[str, list[Candidate]]:
    """The entries by office and place, those who raised most first; nothing unless ``--compare`` asked for it."""
    found: dict[str, list[Candidate]] = {}
    if not screening.manifest["settings"].get("compare"):
        return found
    for entry in screening.prosecutors:
        found.setdefault(_race(entry), []).append(Candidate(entry, tuple(_unions(entry.counted))))
    for candidates in found.values():
        candidates.sort(key=lambda each: (-each.entry.raised, each.entry.name))
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _race(entry: ProsecutorEntry) -> str:
    if not entry.office:
        return "no office in the filings"
    # person:ca/jordan-avery/district-attorney; "us" where the state is not known
    state = entry.person_id.removeprefix("person:").partition("/")[0] if entry.person_id else ""
    known = [state.upper()] if len(state) == 2 and state != "us" else []
    if entry.jurisdiction:  # two states may have counties of one name
        return ", ".join([entry.office, entry.jurisdiction, *known])
    return f"{entry.office} ({'; '.join([*known, _UNKNOWN_PLACE])})"


def _unions(flags: Iterable[Flag]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for flag in flags:
        name = flag.union or " ".join(visible(flag.contributor).split())
        sums[name] = sums.get(name, 0) + flag.amount_cents
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def comparison_tables(screening: Screening) -> list[ResultTable]:
    """One row for each candidate, race by race; no table unless ``--compare`` asked for it."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(race, entry_name(each.entry), each.entry.raised, each.entry.flagged.gross, each.entry.flagged.refunded),
            *(each.entry.flagged.net, each.share, len(each.unions), "; ".join(each.top)),
            *(each.entry.person_id, each.entry.committee_id),
        )
        for race, candidates in races(screening).items()
        for each in candidates
    ]
    about = "The candidates of each race side by side"
    return [ResultTable("comparison", "Comparison", about, COMPARISON, rows)] if rows else []
