"""``unionscreen unions``: look into the curated list, and add to your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from unionscreen.cli import completion
from unionscreen.cli.options import (
    AsJson,
    FormatOption,
    MapOption,
    PeopleOption,
    RecipientOption,
    RosterOption,
    StateOption,
    UnionsOption,
    read_mapping,
)
from unionscreen.cli.output import OneFormat, OneOut, one_output, refuse_overwriting_inputs, write_one
from unionscreen.cli.running import NoProgress, Quiet, screened_rows
from unionscreen.cli.streams import say, write_data
from unionscreen.errors import UsageError
from unionscreen.reports.text import count, to_json, visible

if TYPE_CHECKING:
    from unionscreen.irs import Outcome
    from unionscreen.unions import Union

ALIASES_SHOWN: Final = 3  # names under which a search found a union that are shown beside it

KindFilter = Annotated[
    str | None,
    typer.Option(
        "--kind", metavar="KIND", autocompletion=completion.kinds, help="Only this kind: police, corrections, ..."
    ),
]
StateFilter = Annotated[
    str | None, typer.Option(metavar="XX", autocompletion=completion.states, help="Only this state, two letters.")
]

IMPORT_EPILOG: Final = """\b
The register is public, one file for each state, updated every month:
  curl -O https://www.irs.gov/pub/irs-soi/eo_wy.csv
  unionscreen unions import-irs eo_wy.csv --to my-unions.csv
  unionscreen screen filing.csv --unions my-unions.csv

An organization that is already on the list gets its EIN. Look-alikes are left out. Where the name does not settle it,
you decide. The same file a second time changes nothing. Names of people in the register are never kept."""

DOSSIER_EPILOG: Final = """\b
Examples:
  unionscreen unions search "oakland police"
  unionscreen unions dossier us-ca-oakland-police-officers-association filings/"""

app = typer.Typer(
    help="Look into the curated list of police unions.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.command("list")
def list_unions(
    kind: KindFilter = None, state: StateFilter = None, unions: UnionsOption = None, as_json: AsJson = False
) -> None:
    """Print every organization: id, kind, state and name."""
    from unionscreen.matching.places import known_state
    from unionscreen.unions import UNION_KINDS, load_unions

    if kind is not None and kind not in UNION_KINDS:
        raise UsageError(f"--kind {kind}: there is no such kind", hint="one of " + ", ".join(UNION_KINDS))
    where = None if state is None else known_state(state)
    found = [
        union
        for union in load_unions(unions).unions.values()
        if kind in (None, union.kind) and where in (None, union.state)
    ]
    _print(found, as_json)
    say(count(len(found), "organization"))


@app.command("show")
def show(
    union_id: Annotated[
        str, typer.Argument(metavar="ID", autocompletion=completion.union_ids, help="An id as `unions list` prints it.")
    ],
    unions: UnionsOption = None,
    as_json: AsJson = False,
) -> None:
    """Print all that is known about one organization.

    This includes its parent, its locals, and every name it gives under.
    """
    from unionscreen.unions import load_unions

    known = load_unions(unions)
    union = known.get(union_id)
    aliases = known.by_union[union_id]
    children = known.children(union_id)
    if as_json:
        value = union._asdict() | {
            "aliases": [alias._asdict() for alias in aliases],
            "children": [child.union_id for child in children],
        }
        write_data(to_json(value, indent=2) + "\n")
        return
    lines = [f"{key:<12} {visible(value)}" for key, value in union._asdict().items() if value]
    if union.parent_id in known.unions:
        lines.append(f"{'parent':<12} {visible(known.unions[union.parent_id].name)}")
    lines += [f"{'local':<12} {visible(child.name)} ({visible(child.union_id)})" for child in children]
    if union.source_class == "general-knowledge":
        lines.append("unverified: this entry has no source yet; CONTRIBUTING.md says how to help")
    lines.append(f"{len(aliases)} names:")
    for alias in aliases:
        doubt = f", needs its {alias.ambiguous}" if alias.ambiguous else ""
        lines.append(f"  {visible(alias.alias)}  ({alias.alias_kind}{doubt}; {visible(alias.source)})")
    write_data("\n".join(lines) + "\n")


@app.command("search")
def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORD...", help="Words of a name, in any order, also misspelled.")
    ],
    unions: UnionsOption = None,
    as_json: AsJson = False,
) -> None:
    """Find organizations by words of their names.

    For example "orange cnty deputies" or "fop 7 chicago".
    """
    from unionscreen.matching.search import search_unions
    from unionscreen.unions import load_unions

    known = load_unions(unions)
    hits = search_unions(known, " ".join(words))
    if as_json:
        values = [hit.union._asdict() | {"found_as": list(hit.names), "share": hit.share} for hit in hits]
        write_data(to_json(values, indent=2) + "\n")
    else:
        write_data("".join(_line(hit.union) + _found_as(hit.union, list(hit.names)) for hit in hits))
    say(count(len(hits), "organization") + ("" if hits else "; `unionscreen check` explains a single name"))


@app.command("dossier", epilog=DOSSIER_EPILOG)
def dossier(
    union_id: Annotated[
        str,
        typer.Argument(metavar="ID", autocompletion=completion.union_ids, help="An id as `unions search` prints it."),
    ],
    filings: Annotated[list[str], typer.Argument(metavar="FILING...", help="Filings of any kind that `screen` reads.")],
    with_locals: Annotated[bool, typer.Option("--locals", help="Include its locals, and the locals of these.")] = False,
    fmt: OneFormat = None,
    out: OneOut = None,
    roster: RosterOption = None,
    people: PeopleOption = None,
    unions: UnionsOption = None,
    mapping: MapOption = None,
    recipient: RecipientOption = None,
    state: StateOption = None,
    filing_format: FormatOption = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
) -> None:
    """Print all that one union gave to prosecutors in filings.

    Each gift has its file and row. Money in the union's own filings, and independent spending, are shown apart.
    """
    from unionscreen import screen
    from unionscreen.cli.progress import progress_bar
    from unionscreen.reports.dossier import dossier_of, dossier_result, dossier_text
    from unionscreen.screening.verdicts import with_parents
    from unionscreen.unions import load_unions

    writer, target = one_output(fmt, out)
    refuse_overwriting_inputs([target] if target else [], filings, roster, people, unions)
    known = load_unions(unions)
    union = known.get(union_id)
    ids = [each for each in known.unions if union_id in with_parents(each, known)] if with_locals else []
    with progress_bar(shown=not (quiet or no_progress)) as report:
        screening = screen(
            filings, roster=roster, people=people, unions=unions, mapping=read_mapping(mapping or []),
            recipient=recipient, state=state, filing_format=filing_format, progress=report,
        )  # fmt: skip
    found = dossier_of(screening, union, ids)
    write_one(
        writer,
        target,
        text=lambda: dossier_text(found),
        values=found.to_dict,
        result=lambda: dossier_result(found),
    )
    if not quiet:
        for note in screening.notes:
            say(note)
        say(screened_rows([screening.manifest]) + (f"; written to {out}" if out else ""))


@app.command("lint")
def lint(as_json: AsJson = False) -> None:
    """Check the shipped list against its rules.

    docs/the-list.md has the rules; exit 1 when one is broken.
    """
    from unionscreen.matching.lint import lint as find_problems
    from unionscreen.unions import load_unions

    known = load_unions()
    problems = find_problems(known)
    if as_json:
        write_data(to_json([problem._asdict() for problem in problems], indent=2) + "\n")
    else:
        write_data("".join(f"{problem}\n" for problem in problems))
    say(f"{len(known.unions):,} organizations, {len(known.aliases):,} names: {count(len(problems), 'problem')}")
    if problems:
        raise typer.Exit(1)


@app.command("export")
def export(
    form: Annotated[
        str, typer.Option("--format", metavar="csv|json|ftm", help="ftm: FollowTheMoney JSON lines.")
    ] = "csv",
    unions: UnionsOption = None,
) -> None:
    """Print the whole list, for use elsewhere."""
    from unionscreen.unions import load_unions
    from unionscreen.unions.export import EXPORTS

    if form not in EXPORTS:
        raise UsageError(f"--format {form}: there is no such format", hint="one of " + ", ".join(EXPORTS))
    known = load_unions(unions)
    write_data(EXPORTS[form](known))
    say(f"list {known.version}: {count(len(known.unions), 'organization')}")


@app.command("add")
def add(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=completion.union_ids,
            help="The organization's own name, or an id of the list.",
        ),
    ],
    source: Annotated[str, typer.Option(metavar="TEXT", help="Where you found it: a page, a filing.")],
    to: Annotated[Path, typer.Option(metavar="CSV", help="Your list; created if missing.")] = Path("my-unions.csv"),
    alias: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name under which it gives; repeatable.")
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", autocompletion=completion.kinds, help="police, corrections, ...")
    ] = "",
    state: Annotated[str, typer.Option(metavar="XX", autocompletion=completion.states, help="Two letters.")] = "",
    place: Annotated[str, typer.Option(metavar="TEXT", help="City or county.")] = "",
) -> None:
    """Add an organization or more names to your own list.

    `screen --unions CSV` uses the list.
    """
    from unionscreen.matching.additions import add_union

    said = add_union(to, name, aliases=alias or [], source=source, kind=kind, state=state, place=place)
    for line in said:
        say(line)


@app.command("import-irs", epilog=IMPORT_EPILOG)
def import_irs(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="eo_xx.csv of the register of exempt organizations.")
    ],
    to: Annotated[Path, typer.Option(metavar="CSV", help="Your list; created if missing.")] = Path("my-unions.csv"),
    take: Annotated[
        list[str] | None, typer.Option(metavar="EIN", help="Take this one of those to decide; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add the organizations of an IRS register to your own list.

    These are its lodges, unions and associations of officers. `screen --unions CSV` uses the list.
    """
    from unionscreen.irs import OUTCOMES, import_register

    report = import_register(files, to, take=take or (), dry_run=dry_run)
    if as_json:
        write_data(to_json([outcome.to_dict() for outcome in report.outcomes], indent=2) + "\n")
    else:
        write_data("".join(f"{_outcome(each)}\n" for action in OUTCOMES for each in report.of(action)))
    counts = ", ".join(f"{len(report.of(action)):,} {action}" for action in OUTCOMES)
    say(f"{count(report.read, 'organization')}, {len(report.outcomes):,} with a word about officers: {counts}")
    if report.repeated:
        say(f"{count(report.repeated, 'row')} of organizations that were read before: each is counted once")
    written = "nothing written" if dry_run else f"{count(report.added, 'row')} written"
    if not (dry_run or report.added or to.exists()):
        written += ", so no file was made"
    say(f"{to}: {written}" + ("; --take EIN takes one of those to decide" if report.of("to decide") else ""))


def _outcome(outcome: Outcome) -> str:
    row = outcome.body.row
    who = outcome.body.name if outcome.action == "taken" else row.filed
    more = f" → {outcome.union_id}" if outcome.union_id else ""
    kind = f"{outcome.body.kind}; " if outcome.action == "taken" else ""
    return f"{outcome.action:<10} {row.ein}  {visible(who)} ({visible(kind + row.state)}): {visible(outcome.why)}{more}"


def _print(found: list[Union], as_json: bool) -> None:
    if as_json:
        values: list[dict[str, Any]] = [union._asdict() for union in found]
        write_data(to_json(values, indent=2) + "\n")
    else:
        write_data("".join(map(_line, found)))


def _line(union: Union) -> str:
    place = ", ".join(visible(part) for part in (union.place, union.state) if part)
    return f"{visible(union.name)} ({union.kind}{'; ' if place else ''}{place})\n    {visible(union.union_id)}\n"


def _found_as(union: Union, names: list[str]) -> str:
    others = [name for name in names if name.casefold() != union.name.casefold()]
    if not others:
        return ""
    more = f" and {len(others) - ALIASES_SHOWN} more" if len(others) > ALIASES_SHOWN else ""
    return "    as " + "; ".join(map(visible, others[:ALIASES_SHOWN])) + more + "\n"
