"""``unionscreen prosecutors``: filings in, a roster of who is recognized and who nearly is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unionscreen.engine import Progress, run_tasks
from unionscreen.matching.places import known_state
from unionscreen.pipeline import PathLike
from unionscreen.prosecutors import ExplainedRecipient, entry_of_each, explain_all, identify, read_people, read_roster
from unionscreen.screening.inputs import open_inputs
from unionscreen.screening.recipients import BlockNames, gather_names, recipient_names


@dataclass(frozen=True)
class RecognizedRecipients:
    """Who is recognized in filings, and who nearly is."""

    rows: tuple[ExplainedRecipient, ...]
    recipients: int
    """How many recipients the filings name."""
    rows_read: int
    rows_rejected: int
    notes: tuple[str, ...] = ()


def recognized_in(
    filings: PathLike | Sequence[PathLike],
    *,
    roster: PathLike | None = None,
    people: PathLike | None = None,
    mapping: Mapping[str, str] | None = None,
    recipient: str | None = None,
    state: str | None = None,
    filing_format: str | None = None,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RecognizedRecipients:
    """Find the recipients of filings that are recognized as a prosecutor's, and those that nearly are.

    Args:
        filings: as for :func:`unionscreen.screen`, and so are the others.
        roster: the user's own list of prosecutors.
        people: the user's own list of the people behind recipients.
        mapping: canonical column to header.
        recipient: who received, for filings that do not say.
        state: where the recipients run.
        filing_format: read all filings as this format.
        workers: how many blocks at once.
        progress: called after each block.

    Raises:
        UsageError, FilingError: as for ``screen``.
    """
    prosecutor_roster = read_roster(Path(roster)) if roster else None
    assigned = read_people(Path(people)) if people else None
    home = known_state(state) if state else ""
    with tempfile.TemporaryDirectory(prefix="unionscreen-") as scratch:
        inputs = open_inputs(
            filings, filing_format=filing_format, mapping=mapping, recipient=recipient, scratch=Path(scratch)
        )

        def blocks() -> Iterator[BlockNames]:
            done = 0
            for task, block in run_tasks(recipient_names, inputs.tasks(), workers):
                done += task.length
                if progress is not None:
                    progress(Progress(done, inputs.size))
                yield block

        names = gather_names(blocks(), inputs.agencies(home))
    states = {agency.state for found in names.agencies.values() for agency in found} - {""}
    homes = {each: {agency.state for agency in found} - {""} for each, found in names.agencies.items()}
    whose = entry_of_each(names.rows, prosecutor_roster, homes if len(states) > 1 else None, assigned)
    identities = identify(whose.values(), names.agencies, assigned)
    rows = explain_all(whose, names.rows, identities, names.agencies, prosecutor_roster)
    return RecognizedRecipients(tuple(rows), len(whose), names.rows_read, names.rows_rejected, identities.notes)
