"""``unionscreen check``: is this donor a police union? Nothing that loads slowly is imported."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from unionscreen.cli import completion
from unionscreen.cli.names import Asked, read_names
from unionscreen.cli.options import DecisionsOption, UnionsOption
from unionscreen.cli.quick import INDENT, decode, json_line, lines, refuse_empty
from unionscreen.cli.streams import say, write_data
from unionscreen.errors import FilingError, UsageError
from unionscreen.reports.text import count, visible

if TYPE_CHECKING:
    from unionscreen.matching import Match

EPILOG: Final = """\b
Examples:
  unionscreen check "San Deigo Police Offcers Assn PAC"
  unionscreen check --state NY "PBA Local 40"
  cut -d, -f2 donors.csv | unionscreen check --stdin --json
  unionscreen check --stdin < donors.csv  # with headings name, state, city

Exit code 1 if any name is a union, else 0. "clear" means that the name is not on the list and does not read like an
officers' organization; "no name" is a line of standard input that is empty or has only a word such as "N/A"."""

# Bytes read at once from standard input. Names that have arrived are answered before more are read, so that a program
# can ask one name at a time, and a million names are never in memory.
CHUNK: Final = 1 << 16

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def check(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Donor names as filed.")] = None,
    stdin: Annotated[
        bool,
        typer.Option(
            "--stdin",
            help="Read names from standard input, one per line, or CSV with the headings name, state, city. "
            "A single - in place of the names does the same.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per name and line, in input order.")] = False,
    state: Annotated[
        str | None,
        typer.Option(metavar="XX", autocompletion=completion.states, help="The donors' state: tells namesakes apart."),
    ] = None,
    unions: UnionsOption = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show how each word was read, and the nearest unions."),
    ] = False,
    decisions: DecisionsOption = None,
) -> None:
    """Say whether donors are police unions, and why.

    The answer is union, related or clear.
    """
    if names == ["-"]:
        names, stdin = None, True
    if bool(names) == stdin:
        raise UsageError(
            "give names, or --stdin and one name per line", hint='unionscreen check "Springfield PBA Local 5"'
        )
    refuse_empty(names or [])
    from unionscreen.checking import decided_by
    from unionscreen.matching import load_matcher
    from unionscreen.matching.answers import NO_NAME, answer_of, explanation
    from unionscreen.matching.places import known_state
    from unionscreen.review.store import load_decisions

    where = "" if state is None else known_state(state)

    matcher = load_matcher(unions)
    log = None if decisions is None else load_decisions(decisions)
    for note in log.notes if log else ():
        say(f"note: {note}")
    answer = decided_by(log, matcher)
    given = [[Asked(decode(os.fsencode(name))) for name in names or []]]
    asked = found = without = 0
    for batch in read_names(_from_stdin()) if stdin else given:
        # The state in a row takes precedence over the option, which is about all rows.
        batch = [each if each.state else each._replace(state=where) for each in batch]
        matches = [answer_of(matcher, each.name, each.state, each.city) for each in batch]
        answers = [answer(match, each.state) for match, each in zip(matches, batch, strict=True)]
        matches = [match for match, _ in answers]
        if explain:
            answers = [(match, beside | {"explain": explanation(match)}) for match, beside in answers]
        write_data("".join(json_line(*each) if as_json else _lines(*each) for each in answers))
        without += sum(match.verdict == NO_NAME for match in matches)
        asked += len(batch)
        found += sum(match.verdict == "union" for match in matches)
    if asked == without:
        raise FilingError("no name on standard input", hint="give one name per line, or CSV with the heading name")
    if stdin and not as_json:
        missing = f"; {count(without, 'line')} without a name" if without else ""
        say(f"{count(asked - without, 'name')}, {count(found, 'union')} among them{missing}")
    raise typer.Exit(1 if found else 0)


def _from_stdin() -> Iterator[list[str]]:
    """The lines of standard input, in batches as they arrive; only a line feed ends a line."""
    rest = b""
    first = True
    stream = cast(io.BufferedReader, sys.stdin.buffer)  # read1 returns what has arrived
    for chunk in iter(lambda: stream.read1(CHUNK), b""):
        if first:
            chunk, first = chunk.removeprefix(b"\xef\xbb\xbf"), False
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield [decode(line.removesuffix(b"\r")) for line in lines]
    if rest:
        yield [decode(rest.removesuffix(b"\r"))]


def _explanation(explained: Mapping[str, Any]) -> list[str]:
    """How the name was read, word by word; then the nearest other unions, with the reason against each."""
    lines = []
    for part in explained["parts"]:
        lines.append(f"{INDENT}{part['role']}:")
        for word in part["words"]:
            slip = ", a slip" if word["slip"] else ""
            lines.append(f"{INDENT}  {visible(word['text']):<20} {visible(word['read_as']):<20} {word['says']}{slip}")
    if explained["set_aside"]:
        lines.append(f"{INDENT}set aside: " + visible(", ".join(explained["set_aside"])))
    for rule in explained["rules"]:
        says = f"; {visible(rule['says'])}" if rule["says"] else ""
        lines.append(f"{INDENT}rule {rule['rule']}: looks at {visible(rule['looks_at'])}{says} ({rule['source']})")
    for near in explained["nearest"]:
        why = near["against"] or "; ".join(near["doubts"]) or "as good"
        who = f"{visible(near['union'])} (as {visible(near['alias'])})"
        by = f" [{', '.join(near['rules'])}]" if near["rules"] else ""
        lines.append(f"{INDENT}near: {near['score']:>5.1f} {who}: {visible(why)}{by}")
    return lines


def _lines(match: Match, beside: Mapping[str, Any]) -> str:
    """The answer for a terminal, with the explanation if there is one."""
    more = _explanation(beside["explain"]) if "explain" in beside else []
    return lines(match) + "".join(line + "\n" for line in more)
