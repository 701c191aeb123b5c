"""The answers of the tools of ``unionscreen mcp``, from the results of the library.

An assistant reads an answer whole. So each list has a limit, and ``left_out`` says how much is missing and how to get
it. Text from filings is shown as :func:`unionscreen.safe_text.visible` shows it: no character in it is invisible.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from unionscreen.contributions import count
from unionscreen.errors import UsageError
from unionscreen.matching import Match
from unionscreen.matching.answers import explanation, to_dict
from unionscreen.matching.explain import without_union
from unionscreen.matching.search import search_unions
from unionscreen.mcp_models import (
    LONGEST_TEXT,
    MOST_CANDIDATES,
    MOST_ENTRIES,
    MOST_LOCALS,
    MOST_NOTES,
    CheckAnswer,
    CheckedDonor,
    ExplainAnswer,
    FoundName,
    FoundUnion,
    JudgedPledge,
    LeftOut,
    LookupAnswer,
    LookupArguments,
    PledgeAnswer,
    PledgeArguments,
    PossibleUnion,
    RelatedUnion,
    ScreenAnswer,
    ScreenArguments,
    ScreenedEntry,
    ScreenedRow,
)
from unionscreen.prosecutors.people import same_person
from unionscreen.reports.coverage import coverage
from unionscreen.reports.pledges import VERDICT_CAUTION
from unionscreen.reports.text import shorten
from unionscreen.reports.words import CAUTION, LIMITS, entry_name, headline, in_order, quotable, raised, rows_counted
from unionscreen.screening import Flag, ProsecutorEntry, Screening
from unionscreen.unions import Alias, Union, UnionList

# What no filing shows; the last sentences of every report.
NOT_INCLUDED: Final = LIMITS[-2:]
_T = TypeVar("_T")


class _Parts:
    """Cuts lists to their limits, and keeps what is left out."""

    def __init__(self) -> None:
        self.left_out: list[LeftOut] = []

    def first(self, of: Iterable[_T], most: int, what: str, how: str, *, skip: int = 0) -> list[_T]:
        """At most so many, after ``skip``; the others are counted with the way to get them."""
        values = list(of)
        shown = values[skip : skip + most]
        if left := len(values) - len(shown):
            self.left_out.append(LeftOut(what=what, number=left, how_to_get_it=how))
        return shown


def for_assistant(value: Any) -> Any:
    r"""A result without invisible characters, and without a text that fills an assistant's memory.

    >>> for_assistant({"name": "ACME\u202e", "rows": ["x" * 501]})["name"]
    'ACME\\u202e'
    """
    if isinstance(value, str):
        return shorten(value, LONGEST_TEXT)
    if isinstance(value, list):
        return [for_assistant(each) for each in value]
    return (
        {for_assistant(key): for_assistant(each) for key, each in value.items()} if isinstance(value, dict) else value
    )


def donor_answer(match: Match) -> CheckedDonor:
    """The answer for one name."""
    values = to_dict(match)
    unknown = match.verdict == "union" and match.union_id is None
    values |= {"could_be": list(match.could_be[:MOST_CANDIDATES]), "could_be_total": len(match.could_be)}
    return CheckedDonor(**values, doubt=without_union(" ".join(match.could_be)) if unknown else None)


def check_answer(matches: Sequence[Match], known: UnionList) -> CheckAnswer:
    """The answers for several names."""
    answers = [donor_answer(match) for match in matches]
    verdicts = (
        "union",
        "related",
        "clear",
        *(["no name"] if any(each.verdict == "no name" for each in answers) else []),
    )
    counts = {verdict: sum(each.verdict == verdict for each in answers) for verdict in verdicts}
    cut = [each for each in answers if each.could_be_total > len(each.could_be)]
    how = "explain_match with one of the names has them with their places"
    left = [LeftOut(what="candidates of ambiguous names", number=sum(each.could_be_total - len(each.could_be)
                                                                     for each in cut), how_to_get_it=how)]  # fmt: skip
    summary = f"{count(len(answers), 'name')}: " + ", ".join(
        f"{number} {verdict}" for verdict, number in counts.items()
    )
    if doubtful := sum(each.doubt is not None for each in answers):
        summary += f"; {doubtful} of the unions only read like one, and cannot be identified"
    return CheckAnswer(summary=summary, answers=answers, left_out=left if cut else [], list_version=known.version)


def explain_answer(match: Match, known: UnionList) -> ExplainAnswer:
    """How one name was read, and every candidate."""
    parts = _Parts()
    how = f"unionscreen check --explain --json {shlex.quote(match.name)}"
    could_be = parts.first(match.could_be, MOST_LOCALS, "candidates", how)
    return ExplainAnswer(
        answer=donor_answer(match),
        candidates=[_candidate(known.unions[each]) for each in could_be if each in known.unions],
        **explanation(match),
        left_out=parts.left_out,
        list_version=known.version,
    )


def _candidate(union: Union) -> PossibleUnion:
    return PossibleUnion(
        union_id=union.union_id, union=union.name, kind=union.kind, state=union.state, place=union.place
    )  # fmt: skip


def lookup_answer(asked: LookupArguments, known: UnionList) -> LookupAnswer:
    """The organizations with these words; one that has exactly this id or name comes first."""
    parts = _Parts()
    wanted = " ".join(asked.query.split()).casefold()
    exact = [
        union for union_id, union in known.unions.items()
        if union_id.casefold() == wanted or any(each.alias.casefold() == wanted for each in known.by_union[union_id])
    ]  # fmt: skip
    hits = [hit.union for hit in search_unions(known, asked.query, limit=len(known.unions))]
    found = list({union.union_id: union for union in [*exact, *hits]}.values())
    shown, rest = found[: asked.limit], found[asked.limit :]
    others = parts.first(rest, MOST_LOCALS, "organizations", "give more words, such as the place or the number")
    note = "The list is not complete. check_donors says whether a name reads like an officers' organization."
    return LookupAnswer(
        found=len(found),
        organizations=[_organization(union, known, parts) for union in shown],
        others=[_local(union) for union in others],
        note=note if found else f"No organization on the list has these words. {note}",
        left_out=parts.left_out,
        list_version=known.version,
    )


def _organization(union: Union, known: UnionList, parts: _Parts) -> FoundUnion:
    how = f"unionscreen unions show {union.union_id}"
    aliases = parts.first(known.by_union[union.union_id], MOST_LOCALS, f"names of {union.union_id}", how)
    units = parts.first(known.children(union.union_id), MOST_LOCALS, f"locals of {union.union_id}", how)
    parent = known.unions.get(union.parent_id)
    values = {name: value for name, value in union._asdict().items() if name in FoundUnion.model_fields}
    return FoundUnion(
        **values,
        unverified=union.source_class == "general-knowledge",
        aliases=[_name(each) for each in aliases],
        parent=_local(parent) if parent else None,
        locals=[_local(each) for each in units],
    )


def _name(alias: Alias) -> FoundName:
    return FoundName(alias=alias.alias, alias_kind=alias.alias_kind, needs=alias.ambiguous, source=alias.source)


def _local(union: Union) -> RelatedUnion:
    return RelatedUnion(union_id=union.union_id, name=union.name, state=union.state, place=union.place)


def screen_answer(asked: ScreenArguments, saved: Mapping[str, Any], notes: Sequence[str], command: str) -> ScreenAnswer:
    """The sums and the first rows of a screening.

    Args:
        asked: the arguments.
        saved: the result, as `screen --format json` writes it.
        notes: what the command printed besides.
        command: prints all of it.
    """
    screening, parts = Screening.from_dict(saved), _Parts()
    entries = in_order(screening)
    rows = [
        _row(entry, finding, flag)
        for wanted in ("union", "dismissed", "related")
        for entry in entries
        for finding, flag in entry.findings
        if finding == wanted
    ]
    again = f"again with another skip and limit (here {asked.skip} and {asked.limit}); or {command}"
    shown = parts.first(rows, asked.limit, "rows", again, skip=asked.skip)
    first = parts.first(entries, MOST_ENTRIES, "recipients", f"again with prosecutor; or {command}")
    for rows_of, what in (
        (screening.books.gifts, "gifts in the givers' own filings, in no sum"),
        (screening.books.spending, "rows of independent spending, in no sum"),
        (screening.form_totals, "totals that the forms state, compared with their rows"),
    ):
        parts.first(rows_of, 0, what, command)
    return ScreenAnswer(
        path=asked.path,
        headline=headline(screening),
        prosecutors=[_entry(each, parts, command) for each in first],
        rows=shown,
        rows_found=len(rows),
        coverage={fact.label: fact.value for fact in coverage(screening) if fact.value != ""},
        not_seen=_not_seen(saved, parts, command),
        notes=parts.first(notes, MOST_NOTES, "notes", command),
        left_out=parts.left_out,
        list_version=screening.manifest["list_version"],
    )


def _entry(entry: ProsecutorEntry, parts: _Parts, command: str) -> ScreenedEntry:
    values, name = entry.to_dict(), entry_name(entry)
    return ScreenedEntry(
        name=name,
        **{key: values[key] for key in ("office", "jurisdiction", "contributions", "raised", "flagged")},
        committees=parts.first(entry.recipients, MOST_CANDIDATES, f"committees of {name}", command),
        sentence=quotable(entry),
        raised_in_words=raised(entry),
        flagged_in_words=rows_counted(entry),
        related_rows=len(entry.related),
    )


def _row(entry: ProsecutorEntry, finding: str, flag: Flag) -> ScreenedRow:
    values = flag.to_dict() | {"reviewed": flag.reviewed}
    names = ScreenedRow.model_fields.keys() - {"finding", "recipient", "could_be"}
    could_be = (flag.could_be or "").split()
    return ScreenedRow(
        **{name: value for name, value in values.items() if name in names},
        place=flag.place,
        finding=finding,  # type: ignore[arg-type] # one of FINDING_OF; the caller takes these three
        recipient=entry_name(entry),
        committee=flag.recipient,
        counted=finding == "union" and flag.counts,
        doubt=without_union(flag.could_be) if finding == "union" and not flag.union_id else None,
        could_be=could_be[:MOST_CANDIDATES],
        could_be_total=len(could_be),
    )


def _not_seen(saved: Mapping[str, Any], parts: _Parts, command: str) -> list[str]:
    """What is in no sum: rows and files that could not be read, recipients that were not looked up."""
    manifest = saved["manifest"]
    rejects = [f"{each['source']}:{each['row']} could not be read: {each['reason']}" for each in saved["rejects"]]
    unread = [f"{each['path']} could not be read: {each['reason']}" for each in manifest.get("unread", ())]
    others = manifest.get("not_looked_up")
    said = parts.first(unread, MOST_NOTES, "files that could not be read", command)
    said += parts.first(rejects, MOST_NOTES, "rows that could not be read", command)
    if others:
        rows, whose = count(others["rows"], "row"), count(others["recipients"], "recipient")
        said.append(f"{rows} of {whose} that are not prosecutors were not looked up; recipients=all looks them up")
    return [*said, *NOT_INCLUDED]


def pledge_answer(asked: PledgeArguments, saved: Mapping[str, Any], notes: Sequence[str], command: str) -> PledgeAnswer:
    """The verdicts on pledges, and the rows on which they rest.

    Args:
        asked: the arguments.
        saved: the result, as `pledges check --format json` writes it.
        notes: what the command printed besides.
        command: prints all of it.

    Raises:
        UsageError: nobody on the list has this name.
    """
    parts = _Parts()
    mine = [each for each in saved["verdicts"] if asked.name is None or same_person(asked.name, each["prosecutor"])]
    found = [each for each in mine if each["recipients"]]
    if not mine:
        raise UsageError(
            f"no pledge of {asked.name} is on the list", hint="the shipped list is not complete: give a roster"
        )
    missing = dict.fromkeys(each["prosecutor"] for each in mine if not each["recipients"])
    again = f"again with another skip (here {asked.skip}) or with name; or {command}"
    shown = parts.first(found, MOST_ENTRIES, "pledges", again, skip=asked.skip)
    return PledgeAnswer(
        pledges=[_pledge(each, asked.limit, parts, command) for each in shown],
        pledges_found=len(found),
        not_in_these_filings=parts.first(missing, MOST_LOCALS, "signers who are not in these filings", command),
        not_seen=_not_seen(saved, parts, command),
        notes=parts.first(notes, MOST_NOTES, "notes", command),
        left_out=parts.left_out,
        caution=[VERDICT_CAUTION, CAUTION],
        list_version=saved["manifest"]["list_version"],
    )


def _pledge(verdict: Mapping[str, Any], limit: int, parts: _Parts, command: str) -> JudgedPledge:
    rows = [{**row, "place": f"{row['source']}:{row['row']}"} for row in verdict["rows"]]
    whose = verdict["prosecutor"]
    shown = {
        name: parts.first(verdict[name], MOST_ENTRIES, f"{name} of {whose}", command)
        for name in ("recipients", "why", "days_covered", "days_not_covered")
    }
    shown["rows"] = parts.first(rows, limit, f"rows after the pledge of {whose}", f"a larger limit; or {command}")
    return JudgedPledge.model_validate({**verdict, **shown, "rows_found": len(rows)})
