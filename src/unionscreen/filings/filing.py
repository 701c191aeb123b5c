"""A filing that was opened: one table of contributions, read in blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, NamedTuple, cast

from unionscreen.errors import FilingError, NoContributionsError
from unionscreen.filings.files import parquet
from unionscreen.filings.files.sources import Source
from unionscreen.filings.files.transcode import Transcoded
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.detect import ResolvedFormat
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.rows.blocks import BlockTask, file_tasks, stream_tasks
from unionscreen.filings.rows.parse import PAID_OUT, PROMISED


class Unread(NamedTuple):
    """A file that was given and could not be read."""

    path: str
    reason: str


@dataclass(frozen=True)
class Filing:
    """One table of contributions: a file, a member of a zip, or a sheet, ready to be read in blocks."""

    source: str
    """As the user gave the path, plus ``!member`` and ``#Sheet``; ``<stdin>``."""
    path: str | None
    format: FilingFormat
    columns: Mapping[str, tuple[str, ...]]
    """Canonical column to the file columns (or the constant) it is made of."""
    size: int | None
    """Bytes as unpacked, for progress; None when not known before reading."""
    notes: tuple[str, ...]
    input_index: int
    layout: Layout = field(repr=False)
    recognition: ResolvedFormat = field(repr=False)
    """How the format and the columns were told."""
    _from: Source = field(repr=False)
    _bare_cr: bool = field(repr=False, default=False)
    _sheet: bytes | None = field(repr=False, default=None)
    _parquet: bool = field(repr=False, default=False)
    unread: tuple[Unread, ...] = ()
    """Of the first filing in a folder or a zip: the files there that could not be read."""
    empty: int = 0
    """Of the same: how many files there itemize no contribution."""

    @property
    def file(self) -> str:
        """The file or member that it is in: several sheets share one."""
        return self._from.label

    def tasks(self) -> Iterator[BlockTask]:
        """The blocks in order, cut between records; standard input can be asked once.

        Raises:
            FilingError: the file cannot be read on.
        """
        skip = self.recognition.skip_lines
        if self._parquet and self.path is not None:
            yield from parquet.tasks(self.path, self.layout, self.source, self.input_index)
        elif self._sheet is not None:
            stream = cast("BinaryIO", BytesIO(self._sheet))
            yield from stream_tasks(stream, self.layout, self.source, self.input_index, skip)
        elif self._from.plain and self.path is not None and self.layout.encoding is None and not self._bare_cr:
            size = cast("int", self._from.size)
            yield from file_tasks(self.path, size, self.layout, self.source, self.input_index, skip)
        else:
            with self._from.open() as raw:
                stream = raw
                if self.layout.encoding or self._bare_cr:
                    stream = cast("BinaryIO", Transcoded(raw, self.layout.encoding, bare_cr=self._bare_cr))
                yield from stream_tasks(stream, self.layout, self.source, self.input_index, skip)

    def sha256(self) -> str:
        """SHA-256 of the bytes of the file as given; of standard input: of what was read, so ask after ``tasks()``."""
        return self._from.digest()

    def no_contributions(self, rejected: int = 0, reasons: Collection[str] = ()) -> FilingError:
        """The error to raise when nothing in it could be screened, which must never look like "no police money".

        Args:
            rejected: rows that were read and rejected.
            reasons: why they were.
        """
        if rejected and {*reasons} == {PAID_OUT}:
            return NoContributionsError(
                f"all {rejected} rows are money that the filer paid out: it received nothing here",
                source=self.source,
                hint="this is a giver's file; give the file of what the candidate received",
            )
        if rejected and PROMISED in reasons and {*reasons} <= {PAID_OUT, PROMISED}:
            return NoContributionsError(
                f"no contributions in {self.source}: all {rejected} rows are unpaid pledges or were paid out",
                source=self.source,
                hint="the payment of a pledge is a row of its own, in the report of the period in which it was paid",
            )
        if rejected:
            return FilingError(
                f"no contributions in {self.source}: all {rejected} rows were rejected",
                source=self.source,
                hint="the columns are probably not what they seem; name them with --map, "
                f"the file was read as {self.format.id} with {_show_columns(self.columns)}",
            )
        return no_rows(self.source)


def _show_columns(columns: Mapping[str, tuple[str, ...]]) -> str:
    shown = [name for name in ("contributor", "amount_cents", "recipient") if name in columns]
    return ", ".join(f"{name.removesuffix('_cents')} = {' + '.join(columns[name])}" for name in shown)


def no_rows(label: str) -> NoContributionsError:
    """The error for a table without a row, which must never look like "no police money"."""
    return NoContributionsError(
        "this report itemizes no contributions",
        source=label,
        hint="no row stands after its header; is this the right file, and did the download finish?",
    )
