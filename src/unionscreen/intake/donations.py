"""Reads and matches incoming donations, and says of each whether to accept, review or refuse it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from unionscreen._version import __version__
from unionscreen.accounting import GIFT_KINDS, Gift, goes_back, net_refunds
from unionscreen.errors import FilingError, UsageError
from unionscreen.filings import Block, notes_of, read_block
from unionscreen.filings.layouts.doubles import Differing, add_differing
from unionscreen.filings.layouts.mapper import RECIPIENT_UNUSED
from unionscreen.filings.layouts.private import refuse_private, without_cells, without_numbers
from unionscreen.filings.rows.dates import NO_DATES, DateCount
from unionscreen.intake.rules import (
    DONATION_ACTIONS,
    NO_MATCH,
    NO_POLICIES,
    POLICIES,
    Action,
    Donation,
    Policy,
    judge_donor,
)
from unionscreen.matching import Match, Matcher, load_matcher
from unionscreen.matching.cleaning import is_no_name
from unionscreen.matching.places import known_state
from unionscreen.pipeline import PathLike
from unionscreen.review.apply import apply_to_match
from unionscreen.review.decisions import Decisions, cleared_notes, donor_key
from unionscreen.review.store import load_decisions
from unionscreen.screening.doubts import about_dates, about_doubles, about_the_future
from unionscreen.screening.inputs import FilingSet, open_inputs

# The recipient in exports that do not name one: the campaign itself.
RECIPIENT: Final = "this committee"
# The only columns of an export that are read.
READ_COLUMNS: Final = (
    "source", "row", "transaction_id", "recipient", "contributor", "contributor_type", "employer", "city", "state",
    "date", "amount_cents", "kind",
)  # fmt: skip

DonorAnswer = tuple[Action, str, Match, str | None]


@dataclass(frozen=True)
class Intake:
    """The three lists, and a manifest of what was read under which policy."""

    donations: tuple[Donation, ...]
    manifest: dict[str, Any]
    notes: tuple[str, ...] = ()

    def of(self, action: Action) -> tuple[Donation, ...]:
        """The donations of one list, the earliest due first."""
        return tuple(each for each in self.donations if each.action == action)

    @property
    def to_return(self) -> tuple[Donation, ...]:
        """The refused donations that have not been returned yet."""
        return tuple(each for each in self.of("refuse") if not each.returned)

    def to_dict(self) -> dict[str, Any]:
        """The three lists and the manifest as plain values; the same input gives the same dictionary."""
        return {
            "manifest": self.manifest,
            **{action: [each.to_dict() for each in self.of(action)] for action in DONATION_ACTIONS},
        }


def judge_donations(
    exports: PathLike | Sequence[PathLike],
    *,
    policy: Policy = "review",
    policy_by_kind: Mapping[str, str] = NO_POLICIES,
    return_within: int | None = None,
    decisions: PathLike | None = None,
    unions: PathLike | None = None,
    kinds: Collection[str] | None = None,
    employers: bool = False,
    mapping: Mapping[str, str] | None = None,
    profile_mapping: Mapping[str, str] | None = None,
    recipient: str | None = None,
    state: str | None = None,
    filing_format: str | None = None,
) -> Intake:
    """Sort every donation in the exports of a payment service. Card, passport and account columns are never read.

    Args:
        exports: files of ActBlue, Stripe, Square, a bank or any spreadsheet.
        policy: refuse: listed unions are refused; review: a person decides about them.
        policy_by_kind: kind of organization, a union's or a related one's, to refuse, review or accept.
        return_within: days from receipt within which a donation that is not kept must be returned.
        decisions: what people decided about donors.
        unions: a CSV of organizations to add to the curated list.
        kinds: the kinds of unions to which the policy applies; None is all.
        employers: review donations of people whose employer is a union.
        mapping: canonical column to header, for exports that are not in a known format.
        profile_mapping: the same for every export of a campaign: a known layout without these headers is read without
            it, and a note says so.
        recipient: who received the donations, if the export does not say.
        state: the state of the campaign, to tell unions of one name apart when the donor's address has no state.
        filing_format: read as this format.

    Raises:
        UsageError: an option is wrong, or a private column would have to be read.
        FilingError: an export cannot be read, or contains no donation.
    """
    if policy not in POLICIES:
        raise UsageError(f"a policy is {' or '.join(POLICIES)}, not {policy!r}")
    if wrong := {*policy_by_kind.values()}.difference(DONATION_ACTIONS):
        raise UsageError(f"the policy for a kind is {', '.join(DONATION_ACTIONS)}, not {', '.join(sorted(wrong))}")
    overlay = Path(unions) if unions else None
    matcher = load_matcher(overlay)
    home = "" if state is None else known_state(state)
    log = load_decisions(decisions) if decisions else Decisions()
    with tempfile.TemporaryDirectory(prefix="unionscreen-") as scratch:
        inputs = open_inputs(
            exports,
            filing_format=filing_format,
            mapping=mapping,
            profile_mapping=profile_mapping,
            recipient=recipient or RECIPIENT,
            scratch=Path(scratch),
        )
        for filing in inputs.filings:
            refuse_private(filing.columns, filing.source)
        judge = partial(judge_donor, policy=policy, by_kind=policy_by_kind)
        judged, doubts = _judge_all(inputs, matcher, _answerer(matcher, log, judge, kinds, home, employers=employers))
        manifest = _manifest(inputs, judged, policy, return_within, matcher.unions.sha256) | inputs.unread
    if policy_by_kind:
        manifest["policy_by_kind"] = dict(sorted(policy_by_kind.items()))
    unique = {filing.source for filing in inputs.filings if filing.format.unique_id == "agency"}
    dated = [_due(each, return_within) for each in _once(_returned(judged), unique)]
    notes = notes_of(inputs.filings)
    if recipient is None:  # the user did not name RECIPIENT
        notes = [note for note in notes if RECIPIENT_UNUSED not in note]
    cleared = {each.donor: each.reviewed or "" for each in dated if each.cleared}
    notes += [*log.notes, *doubts, *cleared_notes(cleared)]
    notes += about_the_future([each for each in dated if each.action != "accept"])
    undated = sum(each.date is None and each.action != "accept" and bool(each.donor) for each in dated)
    if undated and return_within is not None:
        notes.append(f"donations to refuse or review without a date of receipt, and so without a due date: {undated:,}")
    return Intake(tuple(_ordered(dated)), manifest, tuple(notes))


def _answerer(
    matcher: Matcher,
    log: Decisions,
    judge: Callable[[Match, str | None], tuple[Action, str]],
    kinds: Collection[str] | None,
    home: str,
    *,
    employers: bool,
) -> Callable[[dict[str, Any], bool], DonorAnswer]:
    @lru_cache(maxsize=1 << 16)
    def match(name: str, state: str | None, city: str | None, kind: str | None) -> tuple[Match, str | None, str | None]:
        found = log.find(name, state)
        as_it_is = matcher.match(name, state=state, city=city, contributor_type=kind, home=home)
        answer, said = apply_to_match(as_it_is, found, matcher.unions.unions)
        return answer, said, found.verdict if found else None

    @lru_cache(maxsize=1 << 16)
    def employed(name: str) -> Match:
        return matcher.match(name)

    def answer(row: dict[str, Any], worth_asking: bool) -> DonorAnswer:
        name = row["contributor"] or ""
        if is_no_name(name):
            return "review", "no donor is named", Match("", "clear", None, None, None, None, 0.0, ""), None
        if worth_asking or log.current:
            found, said, verdict = match(name, row["state"], row["city"], row["contributor_type"])
        else:
            found, said, verdict = Match(name, "clear", None, None, None, None, 0.0, "No match."), None, None
        if found.verdict == "union" and kinds is not None and found.category not in kinds:
            return "accept", f"a union of another kind ({found.category})", found, said
        action, reason = judge(found, verdict)
        if action == "accept" and verdict is None and employers and (row["employer"] or "").strip():
            at = employed(row["employer"])
            if at.verdict == "union":
                return "review", f"employed by a police union: {at.union or row['employer']}", found, said
        return action, reason, found, said

    return answer


def _judge_all(
    inputs: FilingSet, matcher: Matcher, answer: Callable[[dict[str, Any], bool], DonorAnswer]
) -> tuple[list[Donation], list[str]]:
    """The donations, and notes on how they were read."""
    donations: list[Donation] = []
    lines: dict[int, int] = {}
    dates: dict[int, DateCount] = {}
    differing: dict[int, Differing] = {}
    paid = 0
    for task in inputs.tasks():
        block = read_block(task)
        paid += sum(each.num_rows for each in block.payments())
        start = lines.get(task.input_index, 0)
        lines[task.input_index] = start + block.lines
        worth_asking = matcher.prefilter(block.column("contributor")).to_pylist()
        donations += _donations(block, start, worth_asking, answer)
        donations += _not_read(block, start, matcher, answer)
        at = task.input_index
        dates[at] = dates.get(at, NO_DATES) + block.dates
        differing[at] = add_differing(differing.get(at, {}), block.differing, start)
    rows = "1 row is" if paid == 1 else f"{paid:,} rows are"
    if not donations:
        paid_out = f": {rows} money that the filer paid out" if paid else ""
        raise FilingError(f"no donation in these exports{paid_out}", hint="are these the right files?")
    doubts = [
        note
        for filing in inputs.filings
        if filing.input_index in dates
        for note in (
            *about_dates(filing, dates[filing.input_index], all_rows=True),
            *about_doubles(filing, differing[filing.input_index]),
        )
    ]
    if paid:
        doubts.append(f"{rows} money that the filer paid out, not donations: left out")
    return donations, doubts


def _donations(
    block: Block, start: int, worth_asking: Sequence[bool], answer: Callable[[dict[str, Any], bool], DonorAnswer]
) -> Iterator[Donation]:
    for row, asked in zip(block.rows(None, READ_COLUMNS).to_pylist(), worth_asking, strict=True):
        action, reason, match, said = answer(row, asked)
        if goes_back(row["amount_cents"], row["kind"]) and action != "accept":
            action, reason = "accept", f"money going back; {reason}"
        elif row["kind"] not in GIFT_KINDS and action == "refuse":
            # "other" is what exports call refunded, canceled or failed; which of them, the row no longer says.
            by_kind = "not a gift by its type or status (refunded, canceled or the like)"
            filed = by_kind if row["kind"] == "other" else f"filed as {row['kind']}"
            action, reason = "review", f"{reason}; {filed}: it may have gone back already"
        yield Donation(
            source=row["source"],
            row=start + row["row"] + 1,
            action=action,
            reason=reason,
            donor=without_numbers(row["contributor"]) or "",
            state=row["state"],
            city=row["city"],
            employer=without_numbers(row["employer"]),
            recipient=None if row["recipient"] == RECIPIENT else row["recipient"],
            date=row["date"],
            amount_cents=row["amount_cents"],
            kind=row["kind"],
            transaction_id=row["transaction_id"],
            tier=match.tier,
            union_id=match.union_id,
            union=match.union,
            score=match.score,
            why=without_numbers(match.why) or "",
            reviewed=said,
        )


def _not_read(
    block: Block, start: int, matcher: Matcher, answer: Callable[[dict[str, Any], bool], DonorAnswer]
) -> Iterator[Donation]:
    """The rejected rows, all for a person to review; the donor is known if only the amount is unreadable."""
    known: dict[int, Donation] = {}
    if block.unread is not None:
        worth_asking = matcher.prefilter(block.unread.column("contributor")).to_pylist()
        known = {each.row: each for each in _donations(block.unread, start, worth_asking, answer)}
    for row in block.rejects.to_pylist():
        line, reason = start + row["row"] + 1, f"not read: {without_cells(row['reason'])}"
        found = known.get(line)
        # In a row with shifted cells the name may be the code of a card.
        if found is None or not any(map(str.isalpha, found.donor)):
            yield Donation(block.source, line, "review", reason, "", unread=True)
        else:
            reason = reason if found.reason == NO_MATCH else f"{reason}; {found.reason}"
            yield replace(found, action="review", reason=reason, unread=True)


def _returned(donations: Sequence[Donation]) -> list[Donation]:
    """Mark the refused and reviewed donations that the same export shows as returned."""
    of_interest = [i for i, each in enumerate(donations) if (each.tier or each.action != "accept") and not each.unread]
    gifts = [
        Gift(
            donations[i].recipient or RECIPIENT,
            donor_key(donations[i].donor),
            donations[i].union_id,
            donations[i].date,
            donations[i].amount_cents,
            donations[i].kind,
            donations[i].transaction_id,
        )
        for i in of_interest
    ]
    out = list(donations)
    for at, status in net_refunds(gifts).items():
        i = of_interest[at]
        if status.cause is not None and out[i].action != "accept":
            back = donations[of_interest[status.cause]]
            when = f" on {back.date.isoformat()}" if back.date else ""
            out[i] = replace(out[i], returned=True, reason=f"{out[i].reason}; returned{when}, row {back.row}")
    return out


def _once(donations: Sequence[Donation], unique: Collection[str]) -> Iterator[Donation]:
    """The donations; of a refused one that is listed twice, the second is reviewed, so that it is returned once.

    Args:
        donations: in the order of the exports.
        unique: sources in which a transaction id means one transaction.
    """
    seen: dict[tuple[Any, ...], Donation] = {}
    for each in donations:
        key = (each.transaction_id, donor_key(each.donor), each.date, each.amount_cents, each.kind)
        if (
            each.action != "refuse"
            or not each.transaction_id
            or each.source not in unique
            or (first := seen.setdefault(key, each)) is each
        ):
            yield each
        else:
            same = f"the same transaction as {first.source}:{first.row}"
            yield replace(each, action="review", reason=f"{each.reason}; {same}")


def _due(donation: Donation, within: int | None) -> Donation:
    if within is None or donation.action == "accept" or donation.returned or donation.date is None:
        return donation
    return replace(donation, due=donation.date + timedelta(days=within))


def _ordered(donations: Sequence[Donation]) -> list[Donation]:
    def order(each: Donation) -> tuple[Any, ...]:
        due = (each.due is None, each.due.toordinal() if each.due else 0)
        return (-DONATION_ACTIONS.index(each.action), *due, each.source, each.row)

    return sorted(donations, key=order)


def _manifest(
    inputs: FilingSet, donations: Sequence[Donation], policy: Policy, return_within: int | None, list_sha256: str
) -> dict[str, Any]:
    return {
        "inputs": [
            {
                "path": filing.source,
                "sha256": inputs.sha256(i),
                "format": filing.format.id,
                "columns_read": {name: list(made) for name, made in filing.columns.items()},
            }
            for i, filing in enumerate(inputs.filings)
        ],
        "list_sha256": list_sha256,
        "version": __version__,
        "policy": policy,
        "return_within_days": return_within,
        "counts": {action: sum(each.action == action for each in donations) for action in DONATION_ACTIONS},
    }
