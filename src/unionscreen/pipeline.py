"""``unionscreen.screen``: filings in, a Screening out. One function body holds the whole pipeline."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from unionscreen.accounting.form_totals import check_totals, total_notes
from unionscreen.accounting.payments import folded
from unionscreen.accounting.periods import period_notes
from unionscreen.engine import Progress, run_tasks
from unionscreen.errors import TooManyRejectsError, UsageError
from unionscreen.files import shown
from unionscreen.filings import BlockTask
from unionscreen.matching.places import known_state
from unionscreen.prosecutors import RecipientFilter, read_people, read_roster, select
from unionscreen.review.apply import apply_decisions, confirmed_names
from unionscreen.review.store import load_decisions, log_sha256
from unionscreen.screening import (
    Gathered,
    Partial,
    Screening,
    Settings,
    entries,
    gather,
    prepared_matcher,
    screen_block,
)
from unionscreen.screening.books import books_notes, entries_and_ids, make_books, paid_for
from unionscreen.screening.checkpoint import Checkpoint
from unionscreen.screening.form_sums import form_totals_of
from unionscreen.screening.ids_by_name import IdsByName
from unionscreen.screening.inputs import FilingSet, open_inputs
from unionscreen.screening.manifest import counted_notes, make_manifest, make_notes, raised_notes
from unionscreen.screening.redact import redact_rejects
from unionscreen.screening.reviews import ReviewedGift, read_reviews, review_notes, reviewed_gifts
from unionscreen.screening.trace import Traced, trace_money
from unionscreen.screening.years import by_years
from unionscreen.unions import COUNTABLE, UNION_KINDS, load_unions

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]

# Up to this size, all dates are read for the data summary of a report; that costs as much again as the screening.
DATED_BYTES: Final = 32 << 20

# Options that the settings of the manifest list only where they are set, so that a new option does not change the
# results made without it.
_ONLY_WHERE_SET: Final = frozenset(
    {"count", "accept_difference", "givers", "require_totals", "by_year", "compare", "people", "trace"}
)


def screen(
    filings: PathLike | Sequence[PathLike] | pd.DataFrame,
    *,
    recipients: RecipientFilter | None = None,
    prosecutor: str | None = None,
    roster: PathLike | None = None,
    people: PathLike | None = None,
    kinds: Collection[str] | None = None,
    count: Collection[str] = (),
    include_related: bool = False,
    compare: bool = False,
    unions: PathLike | None = None,
    min_score: float = 0,
    mapping: Mapping[str, str] | None = None,
    recipient: str | Mapping[str, str] | None = None,
    state: str | None = None,
    filing_format: str | None = None,
    employers: bool = False,
    decisions: PathLike | None = None,
    reviews: PathLike | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: PathLike | None = None,
    max_rejects: int | None = None,
    accept_difference: bool = False,
    givers: Collection[str] = (),
    trace: bool = False,
    require_totals: bool = False,
    by_year: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Screening:
    """Find the police-union money in filings, per prosecutor.

    Args:
        filings: paths ("-" is standard input), or a DataFrame with headers as in a filing or canonical column names.
        recipients: prosecutors or all; None is prosecutors where any is recognized, else all. The recipient of a file
            that holds only one and was given by its name (or by a pattern) is shown too; not so for a folder's files.
        prosecutor: only this person, in any order of names.
        roster: a CSV that lists which recipients are prosecutors.
        people: a CSV that lists who is behind a recipient. All recipients of one person have one ``person_id``; those
            of a prosecutor are one entry.
        kinds: union kinds to flag; None is all of ``unions.UNION_KINDS``.
        count: categories of related organizations to add to the sums, of ``unions.COUNTABLE``; their flags have
            the tier "related".
        include_related: recorded for the writers of reports; related rows are always in the result, and in no sum.
        compare: recorded for the writers of reports, which put the candidates of one race side by side.
        unions: a CSV of organizations to add to the curated list.
        min_score: leave out matches with a lower score (0-100); the manifest counts them.
        mapping: canonical column to header, parts joined with " + ", for filings in no known format.
        recipient: who received, for filings that do not name the recipient; or the same for each path.
        state: where the recipients run, by name or two letters: it separates unions of one name where neither the
            donor's address nor the filing gives a state.
        filing_format: read all filings as this format instead of recognizing it.
        employers: also find individuals who are employed by a union, as a finding of its own.
        decisions: what people decided about donors, a CSV or SQLite file: shown on every flag it is about; the rows of
            a rejected donor count in no sum.
        reviews: a CSV of reviews of officers by prosecutors: which gifts of the officers' unions overlap in time with
            them (docs/reviews.md); in no sum.
        workers: how many blocks at once; 1 is one after the other, None fits the input and the machine. More than three
            are processes, and the calling script needs its ``if __name__ == "__main__":``.
        scheduler: address of a Dask scheduler whose workers screen instead; they must see the files under the same
            paths (docs/batch.md).
        resume: a folder that keeps finished blocks, so that the same call continues where it was interrupted.
        max_rejects: how many unreadable rows are acceptable; None is any number.
        accept_difference: read a PDF whose rows do not add up to its own lines; the notes then begin with that.
        givers: committees whose own filings are among ``filings``, for their gifts beside the recipients' filings.
        trace: where the own filing of a donor committee or an independent spender is among ``filings``, the share of
            its money that came from unions; the files are read twice more.
        require_totals: refuse a result in which the rows of a report differ from what its form states.
        by_year: what each entry raised in every year, and the days that its filings cover (``entry.by_year``); the
            dates of all its rows are read for it.
        progress: called after each block.

    Raises:
        UsageError: an option that cannot be right, or nobody is called ``prosecutor``.
        FilingError: a filing cannot be read, or there is no contribution in it.
        TooManyRejectsError: more rows than ``max_rejects`` could not be read.
        FormTotalsError: ``require_totals``, and a report differs from its form.
    """
    _check_options(recipients, kinds, count, min_score)
    home = "" if state is None else known_state(state)
    overlay = Path(unions) if unions else None
    listed = load_unions(overlay)
    prosecutor_roster = read_roster(Path(roster)) if roster else None
    assigned = read_people(Path(people)) if people else None
    log = load_decisions(decisions) if decisions else None
    opened = read_reviews(Path(reviews), listed) if reviews else None
    options = {
        "prosecutor": prosecutor,
        "roster": shown(roster) if roster else None,
        "kinds": None if kinds is None else sorted(kinds),
        "count": sorted(count),
        "include_related": include_related,
        "unions": shown(unions) if unions else None,
        "min_score": min_score,
        "mapping": dict(sorted(mapping.items())) if mapping else None,
        "recipient": dict(sorted(recipient.items())) if isinstance(recipient, Mapping) else recipient,
        "state": home or None,
        "filing_format": filing_format,
        "employers": employers,
        "max_rejects": max_rejects,
        "accept_difference": accept_difference,
        "givers": sorted(givers),
        "require_totals": require_totals,
        "by_year": by_year,
        "compare": compare,
        "people": shown(people) if people else None,
        "trace": trace,
    }
    options = {name: value for name, value in options.items() if value or name not in _ONLY_WHERE_SET}
    with tempfile.TemporaryDirectory(prefix="unionscreen-") as scratch:
        inputs = open_inputs(
            filings,
            filing_format=filing_format,
            mapping=mapping,
            recipient=recipient,
            scratch=Path(scratch),
            accept_difference=accept_difference,
        )
        settings = Settings(
            list_sha256=listed.sha256,
            unions=overlay,
            kinds=None if kinds is None else frozenset(kinds),
            min_score=min_score,
            count=tuple(sorted(count)),
            employers=employers,
            rules=inputs.rules,
            confirmed=confirmed_names(log) if log else (),
            prosecutors_only=recipients != "all" and prosecutor is None,
            roster=prosecutor_roster,
            state=home,
            givers=tuple(sorted({folded(each) for each in givers})),
            scan_dates=inputs.size is not None and inputs.size <= DATED_BYTES,
            form_totals=inputs.stated.num_rows > 0,
            by_year=by_year,
        )
        # Meanwhile the first blocks are read, which does not need the interpreter lock.
        threading.Thread(target=prepared_matcher, args=(overlay,), daemon=True).start()

        def screened(settings: Settings) -> Gathered:
            work = partial(screen_block, settings=settings)
            run = partial(run_tasks, work, workers=workers, scheduler=scheduler, small=inputs.small)
            tasks = inputs.tasks()
            done = run(tasks) if resume is None else Checkpoint(Path(resume), settings).around(tasks, run)
            by_name = inputs.by_name() if settings.prosecutors_only and recipients is None else ()
            return gather(_with_progress(done, inputs, progress), by_name, inputs.agencies(home), inputs.without_gifts)

        gathered = screened(settings)
        if (gathered.missed_recipients or gathered.repeats) and inputs.can_be_read_again:
            gathered = screened(replace(settings, prosecutor_keys=gathered.missed_recipients, repeats=gathered.repeats))
        _check_read(inputs, gathered, max_rejects)
        selection = select(
            gathered.recipients,
            recipients=recipients,
            prosecutor=prosecutor,
            roster=prosecutor_roster,
            homes=gathered.filing_states,
            given=gathered.given,
            assigned=assigned,
            paid=paid_for(gathered),
        )
        whose, identities = entries_and_ids(gathered, prosecutor_roster, assigned)
        books = make_books(
            gathered,
            whose,
            identities,
            stated=inputs.stated,
            prosecutors_only=selection.recipients == "prosecutors",
            about=None if prosecutor is None else selection.asked,
        )
        found = entries(gathered, selection, identities)
        traced = Traced()
        if trace:
            again = screened if inputs.can_be_read_again else None
            traced = trace_money(gathered, selection, found, books, settings, again)
        manifest = make_manifest(inputs, gathered, selection, listed, options)
        everybody = selection.recipients == "all" and prosecutor is None
        sources = [filing.source for filing in inputs.filings]
        comparison, periods = form_totals_of(gathered, inputs.stated, selection, sources, everybody=everybody)
    if require_totals:
        check_totals(comparison)
    if by_year:
        years = by_years([entry.recipients for entry in selection.entries], gathered, periods, sources)
        found = tuple(replace(entry, by_year=each) for entry, each in zip(found, years, strict=True))
    notes = (
        *make_notes(inputs, gathered, selection),
        *raised_notes(found),
        *counted_notes(found, count),
        *books_notes(books, gathered, givers),
        *identities.notes,
    )
    notes = (*notes, *traced.notes)
    if log is not None:
        found, decision_notes = apply_decisions(found, log, listed.unions, kinds, min_score)
        manifest["decisions"] = {
            "path": log.path and shown(log.path),
            "sha256": log_sha256(log),
            "decisions": len(log.current),
        }
        notes = (*notes, *log.notes, *decision_notes)
    ids = IdsByName(gathered, identities)
    traces = ids.traced(traced.traces)
    comparison, periods = comparison._replace(totals=ids.stated(comparison.totals)), ids.stated(periods)
    reviewed: tuple[ReviewedGift, ...] = ()
    if opened is not None:
        reviewed = reviewed_gifts(found, opened)
        manifest["reviews"] = {"path": shown(opened.path), "sha256": opened.sha256, "reviews": len(opened.reviews)}
        notes = (*notes, *review_notes(found, opened, reviewed))
    rejects = redact_rejects(gathered.rejects, inputs.filings)
    notes = (*total_notes(comparison, required=require_totals), *notes, *period_notes(periods))
    differences = manifest.get("differences", ())
    notes = (*differences, *(note for note in notes if note not in differences))
    return Screening(found, rejects, manifest, notes, books, traces, comparison.totals, periods, reviewed)


def _check_options(
    recipients: str | None, kinds: Collection[str] | None, count: Collection[str], min_score: float
) -> None:
    if recipients is not None and recipients not in get_args(RecipientFilter):
        raise UsageError(f"recipients can be {' or '.join(get_args(RecipientFilter))}, not {recipients!r}")
    if unknown := sorted(set(kinds or ()) - set(UNION_KINDS)):
        raise UsageError(f"no union is of kind {', '.join(unknown)}", hint=f"kinds are {', '.join(UNION_KINDS)}")
    if kinds is not None and not kinds:
        raise UsageError("no kinds given: nothing could be flagged", hint=f"kinds are {', '.join(UNION_KINDS)}")
    if unknown := sorted(set(count) - set(COUNTABLE)):
        raise UsageError(
            f"no related organization is of category {', '.join(unknown)}",
            hint=f"categories are {', '.join(COUNTABLE)}",
        )
    if not 0 <= min_score <= 100:
        raise UsageError(f"a score is between 0 and 100; min_score is {min_score:g}")


def _with_progress(
    done: Iterable[tuple[BlockTask, Partial]], inputs: FilingSet, progress: Callable[[Progress], None] | None
) -> Iterator[Partial]:
    """Pass partials on, and report how many bytes are done."""
    bytes_done = 0
    for task, part in done:
        bytes_done += task.length
        if progress is not None:
            progress(Progress(bytes_done, inputs.size))
        yield part


def _check_read(inputs: FilingSet, gathered: Gathered, max_rejects: int | None) -> None:
    """Refuse a result where "nothing read" would look like "no police money", or more is lost than the user accepts."""
    read = gathered.inputs
    errors = []
    for indices in inputs.by_path().values():
        rows = sum(read[i].rows_read for i in indices if i in read)
        rejected = sum(read[i].rows_rejected for i in indices if i in read)
        if rows == rejected and (rejected or not any(count.rows_read for count in read.values())):
            first = inputs.filings[indices[0]]
            reasons = {reject.reason for reject in gathered.rejects if reject.source == first.source}
            errors.append(first.no_contributions(rejected, reasons))
    if errors:
        errors[0].others = errors[1:]
        raise errors[0]
    rejected = sum(count.rows_rejected for count in read.values())
    if max_rejects is not None and rejected > max_rejects:
        raise TooManyRejectsError(
            f"{rejected:,} {'row' if rejected == 1 else 'rows'} could not be read as contributions; "
            f"--max-rejects allows {max_rejects:,}",
            hint="without --max-rejects the result lists them all under rejects",
        )
