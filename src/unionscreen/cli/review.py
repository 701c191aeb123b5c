"""``unionscreen review``: people decide once for each name, and later runs apply the decision."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperGroup

from unionscreen.cli import completion
from unionscreen.cli.options import UnionsOption
from unionscreen.cli.streams import say, write_data
from unionscreen.contributions import money_text
from unionscreen.errors import UsageError
from unionscreen.files import output_path
from unionscreen.lists import one_day
from unionscreen.reports.text import count, shorten, to_json, visible

if TYPE_CHECKING:
    from unionscreen.review.decisions import Decision, Decisions
    from unionscreen.review.queue import Item
    from unionscreen.screening import Screening

EPILOG: Final = """\b
Examples:
  unionscreen review result.json --decisions decisions.csv --by A.B.
  unionscreen review export queue.xlsx result.json --decisions decisions.csv
  unionscreen review import queue.xlsx --decisions decisions.csv --by A.B.
  unionscreen review clear "Elk POA" --decisions d.csv --by AB --why "homes"
  unionscreen screen *.csv --decisions decisions.csv

A decision is about a donor's name and state, not about a row. It also holds for amended filings, and no name is asked
about twice. Decisions are only added: `review revoke` takes one back, and `review log` shows the earlier ones."""

CARD_NAME_LIMIT: Final = 300
DEFAULT: Final = "terminal"


class ReviewGroup(TyperGroup):
    """``review FILE...`` is ``review terminal FILE...``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command before arguments that do not begin with a command."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [DEFAULT, *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(cls=ReviewGroup, rich_markup_mode=None, add_completion=False, no_args_is_help=True, epilog=EPILOG)

InputsArgument = Annotated[
    list[str], typer.Argument(metavar="RESULT|FILING...", help="A result of `screen --format json`, or filings.")
]
LogOption = Annotated[
    Path, typer.Option("--decisions", metavar="PATH", help="The log: .csv, .sqlite or .db; created if missing.")
]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.", envvar="UNIONSCREEN_REVIEWER")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="DAY", help="The day of the decision; today by default.")]
RelatedOption = Annotated[bool, typer.Option("--related", help="Also ask about look-alikes.")]
UnsureOption = Annotated[bool, typer.Option("--unsure", help="Ask again about donors that were left as unsure.")]


@app.callback()
def review() -> None:
    """Decide about flagged donors, once for each name.

    Decide at the terminal, in a spreadsheet, or with a CSV.
    """


@app.command(DEFAULT, epilog=EPILOG)
def terminal(
    inputs: InputsArgument,
    decisions: LogOption,
    by: ByOption = "",
    on: OnOption = None,
    related: RelatedOption = False,
    unsure: UnsureOption = False,
    unions: UnionsOption = None,
) -> None:
    """Go through the queue with single keys.

    The most uncertain and largest come first; every key is recorded at once.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "the review needs a terminal", hint="`unionscreen review export queue.xlsx ...` writes the queue to a file"
        )
    day = _day(on)
    if not by:
        raise UsageError("nobody is named who decides", hint='add --by "A.B."')
    log = _log(decisions)
    output_path(decisions)
    items = _queue(inputs, log, related, unsure, unions)
    if not items:
        say("Nothing to review: every donor is decided.")
        return
    from unionscreen.review.session import Session
    from unionscreen.review.store import append_decisions

    session = Session(
        items,
        key=typer.getchar,
        line=_ask,
        show=say,
        record=lambda decision: append_decisions(decisions, [decision]),
        by=by,
        on=day,
        card=card,
    )
    tally = session.run()
    say(f"{tally.decided:,} decided, {tally.skipped:,} skipped, {tally.left:,} left; kept in {decisions}")


@app.command("export")
def export(
    queue: Annotated[Path, typer.Argument(metavar="QUEUE", help="The file to write: .xlsx or .csv.")],
    inputs: InputsArgument,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", metavar="PATH", help="Leave out donors that are decided there.")
    ] = None,
    related: RelatedOption = False,
    unsure: UnsureOption = False,
    unions: UnionsOption = None,
) -> None:
    """Write the queue to a spreadsheet.

    Fill in the column verdict (confirmed, rejected or unsure), then run `review import`.
    """
    from unionscreen.review.exchange import queue_path, write_queue

    queue_path(queue)
    items = _queue(inputs, _log(decisions), related, unsure, unions)
    write_queue(queue, items)
    say(f"{count(len(items), 'donor')} to decide about, written to {queue}")


@app.command("import")
def import_decisions(
    table: Annotated[Path, typer.Argument(metavar="FILE", help="A queue that was filled in, or a CSV of decisions.")],
    decisions: LogOption,
    by: ByOption = "",
    on: OnOption = None,
) -> None:
    """Add the decisions of a spreadsheet or CSV to the log.

    A decision that already holds is not added again.
    """
    from unionscreen.review.exchange import read_queue
    from unionscreen.review.store import append_new

    offered = read_queue(table, by=by, on=_day(on))
    log, fresh = append_new(decisions, offered)
    replaced = sum(each.key in log.current for each in fresh)
    said = f", {replaced:,} of them instead of an earlier one" if replaced else ""
    say(f"{count(len(fresh), 'new decision')}{said}; {len(offered) - len(fresh):,} already known; kept in {decisions}")


@app.command("log")
def show_log(
    decisions: LogOption,
    donor: Annotated[str | None, typer.Option(metavar="NAME", help="Only what was decided about this donor.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Print the log, the oldest decision first.

    Revoked and replaced decisions are marked.
    """
    log = _log(decisions, missing_ok=False)
    lines = log.log if donor is None else log.history(donor)
    write_data("".join(_json(each) if as_json else _line(each, log) for each in lines))


@app.command("clear")
def clear(
    donor: Annotated[str, typer.Argument(metavar="DONOR", help="The donor as filed or exported.")],
    decisions: LogOption,
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason; required.")] = "",
    by: ByOption = "",
    state: Annotated[
        str,
        typer.Option(
            metavar="XX",
            autocompletion=completion.states,
            help="Only the donor in this state; default: the name in any state.",
        ),
    ] = "",
    on: OnOption = None,
    unions: UnionsOption = None,
) -> None:
    """Clear one donor: record that it is not a union.

    The log keeps who decided, when and why, and every later list and report shows it. `review revoke` takes it back.
    """
    from unionscreen.review.clearing import clear_donor

    found = clear_donor(decisions, donor, by=by, on=_day(on), why=why, state=state, unions=unions)
    said = "cleared" if found.new else "cleared before"
    decision = found.decision
    say(f"{said}: {shorten(donor, CARD_NAME_LIMIT)} ({decision.scope}): {visible(decision.sentence())}")
    if found.answer.verdict == "clear":
        say("note: this name is not in doubt by itself; is it spelled as in the export?")
    else:
        if found.answer.tier == "listed":
            say(f"This donor is a union on the list: {found.answer.union}.")
        say(f"It overrides this answer: {visible(found.answer.why)}")


@app.command("revoke")
def revoke(
    donor: Annotated[str, typer.Argument(metavar="DONOR", help="The donor as filed.")],
    decisions: LogOption,
    state: Annotated[
        str,
        typer.Option(
            metavar="XX",
            autocompletion=completion.states,
            help="Only the decision about the donor in this state; default: all.",
        ),
    ] = "",
    by: ByOption = "",
    on: OnOption = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason.")] = "",
) -> None:
    """Take a decision back.

    The donor returns to the queue, and the log keeps the earlier decision.
    """
    from unionscreen.review.store import append_decisions

    log = _log(decisions, missing_ok=False)
    held = log.in_force(donor, state)
    if not held:
        raise UsageError(f"nothing is decided about {donor!r}", source=str(decisions))
    if not by:
        raise UsageError("nobody is named who takes it back", hint='add --by "A.B."')
    day = _day(on)
    append_decisions(decisions, [each.revoked(by, day, why) for each in held])
    for each in held:
        say(f"revoked: {each.donor} ({each.scope}): {each.sentence()}")


@app.command("promote")
def promote_names(
    decisions: LogOption,
    overlay: Annotated[Path, typer.Option("--overlay", metavar="CSV", help="Your own list, as for `screen --unions`.")],
    donors: Annotated[list[str] | None, typer.Argument(metavar="DONOR...", help="Only these; default: all.")] = None,
) -> None:
    """Write confirmed names into your own list, for `--unions`."""
    from unionscreen.review.promote import promote

    added = promote(_log(decisions, missing_ok=False), overlay, donors or ())
    for union, alias in added:
        say(f"added: {union}" + (f" ← {alias}" if alias else ""))
    say(f"{count(len(added), 'row')} added to {overlay}")


def _day(on: str | None) -> str:
    if on is None:
        return date.today().isoformat()
    if (day := one_day(on)) is None:
        raise UsageError(f"--on {on}: not a day", hint="write it as 2026-01-31")
    return day.isoformat()


def _log(path: Path | None, *, missing_ok: bool = True) -> Decisions:
    from unionscreen.review.decisions import Decisions
    from unionscreen.review.store import load_decisions

    log = Decisions() if path is None else load_decisions(path, missing_ok=missing_ok)
    for note in log.notes:
        say(f"note: {note}")
    return log


def _ask(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline()


def _queue(inputs: list[str], log: Decisions, related: bool, unsure: bool, unions: Path | None) -> list[Item]:
    from unionscreen.review.queue import make_queue

    return make_queue(_screening(inputs, unions), log, related=related, unsure=unsure, unions=unions)


def _screening(inputs: list[str], unions: Path | None) -> Screening:
    """A saved result, or the result of screening the filings."""
    from unionscreen import screen
    from unionscreen.reports.saved import find_saved

    saved = find_saved(Path(inputs[0])) if len(inputs) == 1 and inputs[0].lower().endswith(".json") else None
    return saved or screen(inputs, unions=unions)


def card(item: Item, number: int, of: int) -> str:
    """An item as a reviewer sees it: donor, amount, answer with the reason, and the nearest unions."""
    state = f" ({visible(item.state)})" if item.state else ""
    whose = visible("; ".join(item.recipients))
    lines = [
        f"\n[{number:,} of {of:,}] {shorten(item.donor, CARD_NAME_LIMIT)}{state}",
        f"  {money_text(item.cents)} given or returned, in {count(item.rows, 'row')} of {whose}",
        f"  matches: {visible(item.claim)}, {item.tier}, score {item.score:.0f}",
        f"  {shorten(item.evidence, 2 * CARD_NAME_LIMIT)}",
    ]
    if item.spellings:
        lines.append("  also filed as: " + "; ".join(shorten(each, CARD_NAME_LIMIT) for each in item.spellings))
    for at, near in enumerate(item.near, 1):
        against = visible(near.against or "a lower score")
        lines.append(f"  {at}  near: {visible(near.union)} [{near.union_id}]: {against}")
    lines.append("  at " + visible(", ".join(item.places)))
    if item.before:
        lines.append(f"  {shorten(item.before, CARD_NAME_LIMIT)}")
    return "\n".join(lines)


def _json(decision: Decision) -> str:
    from dataclasses import asdict

    return to_json(asdict(decision)) + "\n"


def _line(decision: Decision, log: Decisions) -> str:
    holds = log.current.get(decision.key) is decision
    state = f" ({visible(decision.state)})" if decision.state else ""
    mark = "  " if holds else "x "
    return f"{mark}{shorten(decision.donor, CARD_NAME_LIMIT)}{state}: {shorten(decision.sentence(), CARD_NAME_LIMIT)}\n"
