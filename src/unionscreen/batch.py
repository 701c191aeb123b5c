"""Many filings of many jurisdictions → tidy tables: flags, totals, prosecutors, the panel, money paid out.

Each jurisdiction is a separate screening, because amendments and duplicates do not cross from one to another.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting.money import COUNTED_STATUSES, cents_to_decimal, decimal_to_cents
from unionscreen.accounting.payments import folded
from unionscreen.contributions import money_text
from unionscreen.engine import Progress
from unionscreen.errors import FilingError, MappingError, UnionScreenError, is_something_else
from unionscreen.files import shown
from unionscreen.output.columnar import arrow_table
from unionscreen.output.files import table_paths, write_tables
from unionscreen.output.html import html_table
from unionscreen.output.tables import Cell, Keys, ResultTable, TableList, TypedColumn, in_cents
from unionscreen.output.text import to_json
from unionscreen.pipeline import screen
from unionscreen.prosecutors import shorten_list
from unionscreen.prosecutors.words import places_differ
from unionscreen.reports.money_out import MONEY_OUT, money_out_tables
from unionscreen.reports.panel import coverage_table, panel_table
from unionscreen.reports.tables import prosecutors_table, tidy_table, totals_table
from unionscreen.reports.text import count
from unionscreen.screening import Screening
from unionscreen.screening.inputs import matching_paths

if TYPE_CHECKING:
    import pyarrow as pa
from unionscreen.batch_jobs import Job

TABLES: Final = ("flags", "totals", "prosecutors", "panel", "coverage", *MONEY_OUT)
# An error of these kinds with the name of a file is about that file.
_OF_A_FILE: Final = (FilingError, MappingError)
# Additional names in the prosecutors table of a batch.
_ALSO: Final = {"flags": "flagged_rows", "not_counted": "flagged_not_counted"}
# What is the same in a row of money paid out that two screenings hold, in one file or in two.
_SAME_ROW: Final = {
    "givers": ("giver", "recipient", "date", "amount_cents"),
    "independent_spending": ("spender", "target", "support_oppose", "date", "amount_cents"),
}
_GIFTS: Final = ("gift in the givers' filings", "gifts in the givers' filings")
_SPENDING: Final = ("row of independent spending", "rows of independent spending")
_SAME_FLAG: Final = ("recipient", "contributor", "date", "amount_cents", "kind", "counted")
_ALSO_IN: Final = TypedColumn(
    "also_in", "text", "an earlier screening that has this row: leave it out of a sum over all"
)


@dataclass(frozen=True)
class Batch:
    """The result of a batch: the tables of a report over all screenings, with money in whole cents.

    Args:
        tables: flags (with related, employer and dismissed rows), totals by prosecutor, year and union (a refund counts
            in the year it was made), every prosecutor with what was raised, the panel of people and years, the days
            that the filings of each person cover, and the tables of money that filers paid out. That money is in no
            other table.
        manifest: the manifests of all screenings, what failed, notes on people who are in several, and the sums of
            money paid out.
    """

    tables: tuple[ResultTable, ...]
    manifest: dict[str, Any]

    @cached_property
    def flags(self) -> pa.Table:
        """One row per flagged, related, employer or dismissed row."""
        return self.table("flags")

    @cached_property
    def totals(self) -> pa.Table:
        """Money by prosecutor, year and union."""
        return self.table("totals")

    @cached_property
    def prosecutors(self) -> pa.Table:
        """Every prosecutor, flagged or not."""
        return self.table("prosecutors")

    def table(self, name: str) -> pa.Table:
        """One of :data:`TABLES`."""
        return arrow_table(self.tables[TABLES.index(name)])

    @cached_property
    def panel(self) -> pa.Table:
        """Every person in every year that a filing covers."""
        return self.table("panel")

    @cached_property
    def coverage(self) -> pa.Table:
        """The days that the filings of each person cover."""
        return self.table("coverage")

    def _repr_html_(self) -> str:
        """For notebooks: the panel."""
        return html_table(self.tables[TABLES.index("panel")])

    @property
    def failed(self) -> list[str]:
        """The screenings that failed."""
        return [each["name"] for each in self.manifest["screenings"] if "error" in each]

    @property
    def failed_files(self) -> list[str]:
        """The files that could not be read in screenings that went on without them."""
        return [file["path"] for each in self.manifest["screenings"] for file in each.get("failed_files", ())]


def batch_paths(out: Path) -> dict[str, Path]:
    """Where each table and the manifest go, checked before the work begins.

    Raises:
        UsageError: no such format, or no such folder.
    """
    return table_paths(out, TABLES, manifest=True)


def money_out_summary(batch: Batch) -> str | None:
    """The sums of money that filers paid out, in a sentence; None where there is none."""
    parts = [
        f"{count(sums['rows'], *words)} ({money_text(decimal_to_cents(sums['amount']))})"
        for name, words in (("givers", _GIFTS), ("independent_spending", _SPENDING))
        if (sums := batch.manifest.get("money_out", {}).get(name))
    ]
    return f"not counted above: {', '.join(parts)}" if parts else None


def write_batch(batch: Batch, paths: Mapping[str, Path]) -> None:
    """Write a batch to where :func:`batch_paths` says.

    Raises:
        UsageError: it cannot be written.
    """
    write_tables(TableList((*batch.tables, manifest_table(batch)), about={"manifest": batch.manifest}), paths)


def manifest_table(batch: Batch) -> ResultTable:
    """The manifest of each screening, for databases and workbooks."""
    rows: list[tuple[Cell, ...]] = [(each["name"], to_json(each)) for each in batch.manifest["screenings"]]
    columns = (TypedColumn("screening", "text", "its name"), TypedColumn("manifest", "text", "as JSON"))
    return ResultTable("manifest", "Manifest", "What was read in each screening", columns, rows, "about")


def run_batch(
    jobs: Sequence[Job],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: str | os.PathLike[str] | None = None,
    keep_going: bool = True,
    progress: Callable[[Progress], None] | None = None,
    begin: Callable[[Job], None] | None = None,
) -> Batch:
    """Screen the jurisdictions one after the other, and put the results into tables.

    Args:
        jobs: from :func:`read_jobs`.
        workers: as in :func:`unionscreen.screen`, and so ``scheduler``, ``resume`` and ``progress``.
        scheduler: address of a Dask scheduler.
        resume: a folder that keeps finished blocks.
        keep_going: record a file or a screening that fails in the manifest, and continue without it.
        progress: called after each block.
        begin: called before each screening.

    Raises:
        UnionScreenError: the error of a screening, with its name, unless ``keep_going``.
    """
    parts: list[tuple[ResultTable, ...]] = [_tables("", Screening((), (), {"settings": {}}))]
    manifests: list[dict[str, Any]] = []
    notes: list[str] = []
    for job in jobs:
        if begin is not None:
            begin(job)
        try:
            options = {name: value for name, value in job.options.items() if name != "elections"}
            options |= {"workers": workers, "scheduler": scheduler, "resume": resume, "progress": progress}
            screening, left_out = _screened(job, options, keep_going=keep_going)
        except UnionScreenError as error:
            if not keep_going:
                error.message = f"{job.name}: {error.message}"
                raise
            manifests.append({"name": job.name, "error": str(error)})
            continue
        if screening is None:
            notes += [f"{job.name}: {note}" for note in left_out.notes]
            continue
        manifests.append({"name": job.name, **left_out.added_to(screening)})
        parts.append(_tables(job.name, screening, job.options.get("elections", ())))
    tables = tuple(
        _also_in(replace(same[0], rows=[row for table in same for row in table.rows]))
        for same in zip(*parts, strict=True)
    )
    manifest = _manifest(manifests, {table.name: table for table in tables})
    manifest["notes"] += notes
    return Batch(tables, manifest)


def _manifest(screenings: list[dict[str, Any]], tables: Mapping[str, ResultTable]) -> dict[str, Any]:
    """The manifests of all screenings, with notes on what several have, and the sums of money paid out."""
    money_out, notes = _money_out(tables["givers"], tables["independent_spending"])
    manifest: dict[str, Any] = {"screenings": screenings, "notes": [*_several_times(tables["prosecutors"]), *notes]}
    flags = tables["flags"]
    again = sum(bool(also and counted) for also, counted in zip(_earlier(flags), flags.column("counted"), strict=True))
    if again:
        manifest["flagged_again"] = again
        manifest["notes"].append(
            f"in several screenings, with the same recipient, donor, date and amount: {count(again, 'flagged row')}; "
            "each screening counts its own, and the batch counts them once"
        )
    return manifest | ({"money_out": money_out} if money_out else {})


def _also_in(table: ResultTable) -> ResultTable:
    """The table with a last column: the earlier screening that has the same row."""
    if table.name not in _SAME_ROW:
        return table
    rows = [(*row, owner) for row, owner in zip(table.rows, _earlier(table), strict=True)]
    return replace(table, columns=(*table.columns, _ALSO_IN), rows=rows)


def _earlier(table: ResultTable) -> list[Cell]:
    """For each row the earlier screening that has it too, else None.

    Equal rows of one screening are several gifts: its second one is the same as the second one of another screening.
    The county of a target may be known in one screening only; two counties are two targets.
    """
    first: dict[tuple[Cell, ...], list[_First]] = {}
    left: dict[tuple[Cell, ...], list[_First]] = {}
    found: list[Cell] = []
    same = zip(*map(table.column, _SAME_ROW.get(table.name, _SAME_FLAG)), strict=True)
    # A row that another row of its screening repeats or supersedes is in no sum anyway.
    active = table.column("status") if "status" in table.names else ["active"] * len(table.rows)
    counties = table.column("jurisdiction") if table.name == "independent_spending" else [None] * len(table.rows)
    places = [str(each) if each else None for each in counties]
    for screening, cells, status, place in zip(table.column("screening"), same, active, places, strict=True):
        if status not in COUNTED_STATUSES:
            found.append(None)
            continue
        key = tuple(folded(cell) if isinstance(cell, str) else cell for cell in cells)
        earlier = first.setdefault(key, [])
        if (screening, *key) not in left:
            left[screening, *key] = [*earlier]
        found.append(_taken(left[screening, *key], place))
        if found[-1] is None:
            earlier.append(_First(screening, place))
    return found


@dataclass
class _First:
    """The first screening that has a row, and the county of its target as far as any screening knows it."""

    screening: Cell
    place: str | None


def _taken(left: list[_First], place: str | None) -> Cell:
    """Take the row that is the same from those that earlier screenings have, one of a known county first."""
    fitting = (at for at, each in enumerate(left) if not places_differ(each.place, place))
    at = next(fitting, None)
    if at is None:
        return None
    if place and not left[at].place:
        at = next((other for other in fitting if left[other].place), at)
    same = left.pop(at)
    same.place = same.place or place
    return same.screening


def _money_out(givers: ResultTable, spending: ResultTable) -> tuple[dict[str, Any], list[str]]:
    """The sums of money paid out over all screenings, each row once; and a note on the rows that several have."""
    # A gift that only the recipient's filing shows is a flag, and is not in the givers' filings.
    standing = zip(givers.column("giver_row"), givers.column("status"), strict=True)
    gifts = [row is not None and status == "active" for row, status in standing]
    spent = [status == "active" for status in spending.column("status")]
    sums: dict[str, Any] = {}
    again = []
    for table, counted, (one, several) in ((givers, gifts, _GIFTS), (spending, spent, _SPENDING)):
        cells = zip(counted, table.column("also_in"), table.column("amount_cents"), strict=True)
        rows = [(also, int(str(cents))) for counts, also, cents in cells if counts]
        once = [cents for also, cents in rows if also is None]
        if rows:
            sums[table.name] = {"rows": len(once), "amount": cents_to_decimal(sum(once))}
        if len(rows) > len(once):
            again.append(count(len(rows) - len(once), one, several))
    if again:
        again = [f"in several screenings, and counted once in the batch (see also_in): {' and '.join(again)}"]
    return sums, again


@dataclass
class _LeftOut:
    """The files of a screening that it goes on without: those that failed, and those that are not filings."""

    failed: list[dict[str, str]] = field(default_factory=list)
    unread: list[dict[str, str]] = field(default_factory=list)

    def add(self, path: str, error: UnionScreenError, *, found: bool) -> None:
        """Note a file that is plainly not a filing if it lay in a folder; all others failed."""
        if found and is_something_else(error):
            self.unread.append({"path": path, "reason": error.message})
        else:
            self.failed.append({"path": path, "reason": str(error)})

    @property
    def notes(self) -> list[str]:
        return [f"not read: {each['path']}: {each['reason']}" for each in self.unread]

    def added_to(self, screening: Screening) -> dict[str, Any]:
        """The manifest of the screening of the others, with these files."""
        manifest = {**screening.manifest, "notes": [*screening.notes, *self.notes]}
        if failed := [*self.failed, *manifest.get("failed_files", ())]:
            manifest["failed_files"] = failed
        if self.unread:
            files = manifest.get("files") or len({each["path"] for each in manifest["inputs"]})
            manifest["files"] = files + len(self.unread)
            manifest["unread"] = [*self.unread, *manifest.get("unread", ())]
        return manifest


def _screened(job: Job, options: Mapping[str, Any], *, keep_going: bool) -> tuple[Screening | None, _LeftOut]:
    """Screen the filings of a job; one that cannot be read is left out, and reported, if others remain.

    None instead of a screening if all that lies in a folder is plainly something else.
    """
    left_out = _LeftOut()
    paths: dict[str, str] = {}
    for each in job.filings:
        try:
            paths |= dict.fromkeys(matching_paths([each]), each)
        except FilingError as error:  # a pattern that no file matches
            if not keep_going or len(job.filings) == 1:
                raise
            left_out.add(each, error, found=False)
    while paths:
        whose = {path: job.recipients[each] for path, each in paths.items() if each in job.recipients}
        named = {"recipient": whose} if whose else {}
        try:
            screening = screen([*paths], **{**options, **named}, by_year=True)
        except _OF_A_FILE as error:
            for problem in (error, *error.others):
                path = _file_of(problem, paths)
                plain = job.found and is_something_else(problem)
                if path is None or (not plain and (not keep_going or len(paths) == 1)):
                    raise problem from None
                del paths[path]
                left_out.add(path, problem, found=job.found)
        else:
            failed = screening.manifest.get("failed_files", ())
            if failed and not keep_going:
                raise FilingError(failed[0]["reason"])
            return screening, left_out
    return None, left_out


def _file_of(error: UnionScreenError, paths: Iterable[str]) -> str | None:
    """The path that an error is about: the file itself, a member of it, or a sheet."""
    source = error.source or ""
    for path in paths:
        name = shown(path)
        if source == name or source.startswith((f"{name}!", f"{name}#")):
            return path
    return None


def _several_times(prosecutors: ResultTable) -> list[str]:
    """Notes on people who are in several screenings: rows that two of them hold count in each."""
    screenings: dict[Cell, set[str]] = {}
    places: dict[Cell, set[str]] = {}
    columns = map(prosecutors.column, ("person_id", "screening", "jurisdiction"))
    for person_id, screening, place in zip(*columns, strict=True):
        if person_id is not None:
            screenings.setdefault(person_id, set()).add(str(screening))
            places.setdefault(person_id, set()).update([str(place)] if place else [])
    several = {str(who): ", ".join(sorted(found)) for who, found in screenings.items() if len(found) > 1}
    notes = []
    if several:
        people = shorten_list([f"{who} ({found})" for who, found in sorted(several.items())])
        notes.append(
            f"in several screenings, each with its own sums; a row that two of them hold counts twice: {people}"
        )
    doubtful = [f"{who} ({', '.join(sorted(places[who]))})" for who in sorted(several) if len(places[who]) > 1]
    if doubtful:
        notes.append(f"may be two people, because the screenings name different places: {shorten_list(doubtful)}")
    return notes


def _tables(name: str, screening: Screening, elections: Sequence[int] = ()) -> tuple[ResultTable, ...]:
    """The tables of one screening; the first column is its name."""
    people = prosecutors_table(screening)
    also = [people.names.index(column) for column in _ALSO.values()]
    people = replace(
        people,
        columns=(
            *people.columns,
            *(people.columns[at]._replace(name=alias) for at, alias in zip(also, _ALSO, strict=True)),
        ),
        rows=[(*row, *(row[at] for at in also)) for row in people.rows],
    )
    found = (
        *(tidy_table(screening, related=True), totals_table(screening), people),
        *(panel_table(screening, elections), coverage_table(screening)),
        *money_out_tables(screening, empty=True),
    )
    return tuple(_of_screening(name, table) for table in found)


def _of_screening(name: str, table: ResultTable) -> ResultTable:
    """The table with the screening in front and money in whole cents; without keys: ids are unique in a screening."""
    columns = [
        column._replace(name=f"{column.name}_cents", type="count", about=in_cents(column.about))
        if column.type == "cents"
        else column
        for column in table.columns
    ]
    first = TypedColumn("screening", "text", "its name in the configuration, or the folder's")
    keys = Keys(facets=table.keys.facets)
    return replace(table, columns=(first, *columns), rows=[(name, *row) for row in table.rows], keys=keys)
