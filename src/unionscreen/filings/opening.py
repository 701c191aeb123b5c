"""Open what the user gave: containers become text tables, and each table of contributions becomes a filing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from unionscreen.errors import (
    FilingError,
    MappingError,
    NoContributionsError,
    OtherTableError,
    UnknownFormatError,
    is_something_else,
)
from unionscreen.files import shown, unread_hint
from unionscreen.filings.files import cal, delimited, fec, pages, parquet, piped, records, sheets, tec
from unionscreen.filings.files.archives import zip_kind, zip_members
from unionscreen.filings.files.contents import EMPTY_ZIP, OLE, ZIP
from unionscreen.filings.files.given import existing, folder_files
from unionscreen.filings.files.sources import Source, file_source, stdin_source
from unionscreen.filings.files.summary import STATED
from unionscreen.filings.files.tables import Container, FileTables, ReadOptions, TextTable
from unionscreen.filings.layouts.binding import NOBODY
from unionscreen.filings.layouts.definitions import load_format
from unionscreen.filings.layouts.detect import Comparison, compare, resolve_format
from unionscreen.filings.layouts.lookup_files import LookupFile, load_lookup
from unionscreen.filings.layouts.mapper import score_header
from unionscreen.filings.layouts.notation import notation_note
from unionscreen.filings.pdf import opening as pdf
from unionscreen.filings.rows.blocks import Filing, Unread, no_rows
from unionscreen.filings.rows.summaries import lookup_file_of, stated_in, summary_of

# Every kind of file that can be read. The first that recognizes a file makes its tables. A new kind is one line here.
CONTAINERS: Final[tuple[Container, ...]] = (pdf, sheets, parquet, pages, records, fec, cal, piped, tec, delimited)

STDIN: Final = "-"
# Members and sheets to name among those left out; a count follows for the rest.
_MAX_LEFT_OUT: Final = 8
LookupFiles = Mapping[str, Sequence[LookupFile]]
# Errors that mean that a file holds no contributions. A folder or a zip notes them and continues.
_Problem = FilingError | MappingError


@dataclass(frozen=True)
class Opened:
    """The contents of a path: a file with its tables or its error; a folder or a zip with its files."""

    label: str
    name: str
    """Its name in its folder or zip."""
    tables: FileTables | None = None
    error: _Problem | None = None
    what: str = ""
    """What one of its files is called: ``file`` of a folder, ``member`` of a zip."""
    files: tuple[Opened, ...] = ()
    notes: tuple[str, ...] = ()

    def all_tables(self) -> Iterator[TextTable]:
        """Every table in it."""
        yield from self.tables.tables if self.tables is not None else ()
        for file in self.files:
            yield from file.all_tables()


def open_path(path: str | Path, options: ReadOptions) -> Opened:
    """The tables of a path. Errors are part of the result, because a folder may hold other files.

    Args:
        path: a file, a folder, or ``-`` for standard input.
        options: how to read it.
    """
    options = replace(options, header_score=score_header)
    label = shown(path)
    if label == STDIN:
        return _open_source(stdin_source(), label, options)
    if os.path.isdir(path):  # noqa: PTH112 - a path that may not be looked at is not a folder
        return _open_folder(Path(path), label, options)
    return _open_file(Path(path), label, label, options)


def _open_folder(folder: Path, label: str, options: ReadOptions) -> Opened:
    found: list[Opened] = []

    def unlisted(error: OSError) -> None:
        path = Path(error.filename)
        problem = FilingError(f"cannot be read: {error.strerror}", source=shown(path), hint=unread_hint(path, error))
        found.append(Opened(shown(path), shown(path.relative_to(folder)), error=problem))

    paths = folder_files(folder, unlisted)
    found += [_open_file(path, shown(path), shown(path.relative_to(folder)), options) for path in paths]
    return Opened(label, label, what="file", files=tuple(found))


def _open_file(path: Path, label: str, name: str, options: ReadOptions) -> Opened:
    try:
        with existing(path, label).open("rb") as handle:
            head = handle.read(len(ZIP))
        if head != EMPTY_ZIP and not (head == ZIP and zip_kind(path, label) == "zip"):
            return _open_source(file_source(path, label), name, options)
        members = zip_members(path, label)
    except OSError as error:
        hint = unread_hint(Path(path), error)
        return Opened(label, name, error=FilingError(f"cannot be read: {error.strerror}", source=label, hint=hint))
    except FilingError as error:
        return Opened(label, name, error=error)
    found = [_open_source(each, each.label.removeprefix(f"{label}!"), options) for each in members.sources]
    return Opened(label, name, what="member", files=tuple(found), notes=tuple(members.notes))


def _open_source(source: Source, name: str, options: ReadOptions) -> Opened:
    try:
        start = source.start()
        if source.once is not None and start.data.startswith((ZIP, OLE)):
            raise FilingError(
                "a zip or a spreadsheet cannot be read from standard input",
                source=source.label,
                hint="give it as a file",
            )
        container = next(each for each in CONTAINERS if each.recognizes(source, start))
        return Opened(source.label, name, container.tables(source, start, options))
    except (FilingError, MappingError) as error:
        return Opened(source.label, name, error=error)


def survey(opened: Iterable[Opened]) -> tuple[dict[str, tuple[LookupFile, ...]], pa.Table]:
    """What the tables hold for others: lookup files by their id, and what forms say that their rows add up to.

    Hidden tables say nothing of sums; the others do, read or not. The sums are as ``summary.STATED``.

    Raises:
        FilingError: a table of sums cannot be read.
    """
    out: dict[str, list[LookupFile]] = {}
    stated = [STATED.empty_table()]
    for each in opened:
        for table in each.all_tables():  # one pass, because a head is split anew in each
            if not table.hidden and (sums := stated_in(table)) is not None:
                stated.append(sums)
            path = table.file.path
            if not table.joinable or path is None:
                continue
            found = lookup_file_of(table)
            if found is not None:
                member = table.label.removeprefix(f"{shown(path)}!")
                found = replace(
                    found,
                    path=str(path.absolute()),  # a worker may run in another folder
                    member=None if member == table.label else member,
                )
                out.setdefault(found.id, []).append(found)
    return {name: tuple(files) for name, files in out.items()}, pa.concat_tables(stated)


def find_lookup_files(paths: Iterable[str]) -> dict[str, tuple[LookupFile, ...]]:
    """The lookup files among these paths, in folders and zips too, by their id."""
    return survey(open_path(path, ReadOptions()) for path in paths)[0]


def open_filing(
    path: str | Path,
    *,
    filing_format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    recipient: str | None = None,
    input_index: int = 0,
    lookup_files: LookupFiles | None = None,
    accept_difference: bool = False,
) -> list[Filing]:
    """The filings in a file or folder: one of a plain file, one per member of a zip, one per sheet of a workbook.

    Args:
        path: the file, a folder, or ``-`` for standard input.
        filing_format: the id of the format, when it need not be detected.
        mapping: canonical column to header, or to headers joined by ``+``; takes precedence over detection.
        recipient: who received, for files that do not say.
        input_index: position among the user's inputs, kept in every task.
        lookup_files: files to join, from ``find_lookup_files``; None looks for those in ``path`` itself.
        accept_difference: read a filing whose rows do not add up to its own summary, and say so first.

    Raises:
        UsageError: there is no such format.
        FilingError: it cannot be read, or is not a list of contributions.
        UnknownFormatError: the columns of a table are not recognized.
        MappingError: columns that are unclear, or a ``--map`` that does not fit.
    """
    options = ReadOptions(filing_format, mapping or {}, recipient, accept_difference)
    if filing_format is not None:
        load_format(filing_format)  # a wrong id is the user's mistake whatever the file is
    opened = open_path(path, options)
    found = filings_of(opened, options, survey([opened])[0] if lookup_files is None else lookup_files)
    return [replace(filing, input_index=input_index) for filing in found]


def filings_of(opened: Opened, options: ReadOptions, lookup_files: LookupFiles) -> list[Filing]:
    """The filings among the tables of a path. The notes of the first say what was left out.

    Args:
        opened: from :func:`open_path`.
        options: how to read it.
        lookup_files: files to join, by their id.

    Raises:
        FilingError, MappingError: as :func:`open_filing`.
    """
    if opened.error is not None:
        raise opened.error
    joined = {file.source: file for files in lookup_files.values() for file in files}
    if opened.tables is not None:
        if opened.label in joined and options.filing_format is None and not options.mapping:
            raise OtherTableError(
                f"these are not contributions but {load_lookup(joined[opened.label].id).title}, which go with them",
                source=opened.label,
                hint="give them together with the file of contributions, or the folder that holds both",
            )
        return _filings_in_file(opened.tables, opened.label, options, lookup_files)
    out: list[Filing] = []
    problems: list[tuple[str, _Problem]] = []
    for file in opened.files:
        if file.label in joined:
            continue
        try:
            out += filings_of(file, options, lookup_files)
        except (FilingError, MappingError) as error:
            problems.append((file.name, error))
    return _with_left_out(out, problems, opened.label, opened.what, opened.notes)


@dataclass
class _Tables:
    """The results for the tables of one file."""

    filings: list[Filing] = field(default_factory=list)
    problems: list[tuple[str, _Problem]] = field(default_factory=list)
    hidden: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    first_of: dict[bytes, TextTable] = field(default_factory=dict)

    def add(self, table: TextTable, what: str, options: ReadOptions, lookup_files: LookupFiles) -> None:
        """Read a table, or note why it is not read.

        A hidden table may be an older version of a visible one, or money that nobody sees: none of it counts.
        """
        if not options.mapping and options.filing_format is None and summary_of(table) is not None:
            return  # it is compared with the rows
        file = table.file.label
        like = self.first_of.get(table.digest) if table.digest else None
        if like is not None and table.hidden and not like.hidden:
            self.notes.append(f'{file}: {what} "{table.name}" is hidden, equal to "{like.name}", and left out')
            return
        try:
            filing = _filing(table, options, lookup_files)
        except (FilingError, MappingError) as error:
            self.problems.append((table.name or file, error))
            return
        self.first_of.setdefault(table.digest, table)
        if table.hidden:
            self.hidden.append(Unread(table.label, f"this {what} is hidden, and holds contributions"))
            return
        if like is not None:
            self.notes.append(
                f'{file}: {what}s "{like.name}" and "{table.name}" hold the same rows, and each counts: '
                "if they are the same money, give one of them alone"
            )
        self.filings.append(filing)


def _filings_in_file(found: FileTables, label: str, options: ReadOptions, lookup_files: LookupFiles) -> list[Filing]:
    """The tables of one file that are filings; the others are noted."""
    read = _Tables()
    for table in found.tables:
        read.add(table, found.what, options, lookup_files)
    if read.hidden and not read.filings:
        named = ", ".join(each.path.removeprefix(f"{label}#") for each in read.hidden[:_MAX_LEFT_OUT])
        raise FilingError(
            f"its contributions are on hidden {found.what}s only: {named}",
            source=label,
            hint=f"unhide the {found.what} that is to be read",
        )
    first, *others = _with_left_out(read.filings, read.problems, label, found.what)
    notes = (*first.notes, *read.notes, *(f"{each.path}: {each.reason}; not read" for each in read.hidden))
    missing = (Unread(label, found.partial),) if found.partial else ()
    with_rows = {each.table.page for each in read.filings}
    first = replace(
        first,
        notes=(*found.differences, *notes, *found.notes),
        differences=found.differences,
        unread=(*first.unread, *read.hidden, *missing),
        other_pages=tuple(page for page in found.pages if page not in with_rows),
    )
    return [first, *others]


def _filing(table: TextTable, options: ReadOptions, lookup_files: LookupFiles) -> Filing:
    found = resolve_format(
        table.heads,
        source=table.label,
        filing_format=table.format or options.filing_format,
        mapping=options.mapping,
        profile_mapping=options.profile_mapping,
        recipient=options.recipient,
        lookup_files=lookup_files,
    )
    if not found.has_rows:
        raise no_rows(table.label, table)
    if table.header_apart:
        found = replace(found, skip_lines=0)
    ocr = table.page is not None and table.page.text == "OCR"
    layout = found.layout(encoding=table.encoding, ocr=ocr, row_note=table.row_note)
    return Filing(
        source=table.label,
        table=table,
        resolved=found,
        layout=layout,
        lines=table.lines(found.reads),
        notes=(*found.notes, *notation_note(layout.decimal_mark), *table.notes),
    )


def _with_left_out(
    out: list[Filing], problems: Sequence[tuple[str, _Problem]], label: str, what: str, notes: Sequence[str] = ()
) -> list[Filing]:
    """The filings, with notes on what was left out on the first; an error if there is no filing."""
    empty = [error for _, error in problems if isinstance(error, NoContributionsError)]
    if not out:
        raise _nothing_in(problems, empty, label, what)
    left_out = [f"{name}: {error.message}" for name, error in problems if error not in empty] + list(notes)
    # Another sheet of a workbook, or a table of something else in an agency's zip, need not have been read.
    unread = [
        Unread(
            f"{label}!{name}" if what == "member" else str(Path(label) / name),
            error.message,
            None if is_something_else(error) else str(error),
        )
        for name, error in problems
        if error not in empty and (what == "file" or (what == "member" and not isinstance(error, UnknownFormatError)))
    ]
    said = [f"{error.source}: {error.message}" for error in empty]
    if left_out:
        more = [f"and {len(left_out) - _MAX_LEFT_OUT} more"] if len(left_out) > _MAX_LEFT_OUT else []
        said.append(f"{label}: not read: {'; '.join([*left_out[:_MAX_LEFT_OUT], *more])}")
    first = out[0]
    first = replace(first, notes=(*first.notes, *said), unread=(*first.unread, *unread), empty=first.empty + len(empty))
    return [first, *out[1:]]


def _nothing_in(
    problems: Sequence[tuple[str, _Problem]], empty: Sequence[NoContributionsError], label: str, what: str
) -> _Problem:
    """The error for a file, folder or zip without a filing."""
    if empty and len(empty) == len(problems):
        if len(empty) == 1:
            return empty[0]
        return NoContributionsError(
            f"none of its {len(empty)} reports itemizes contributions", source=label, hint=empty[0].hint
        )
    if len(problems) == 1:
        return problems[0][1]
    for _, error in problems:
        if isinstance(error, MappingError):
            return error
    said = "; ".join(f"{name}: {error.message}" for name, error in problems[:_MAX_LEFT_OUT]) or "it has no files"
    kind = OtherTableError if all(is_something_else(error) for _, error in problems) else FilingError
    return kind(
        f"no contributions in {label}: no {what} of it is a filing ({said})",
        source=label,
        hint="give the file of contributions received",
    )


@dataclass(frozen=True)
class Detection:
    """What ``formats detect`` shows: the format and what it was compared with."""

    source: str
    format: str | None
    """The format id; ``mapped`` if only the headers were recognized; None if nothing was."""
    why: str
    delimiter: str | None = None
    header_line: int | None = None
    """1-based; None without a header line."""
    headers: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compared: tuple[Comparison, ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def detect_format(path: str | Path) -> Detection:
    """Which format a file is in, what it was compared with and why; of an archive, the first filing in it.

    Raises:
        FilingError: it cannot be read, or is not a list of contributions. An unknown layout is an answer, not an error.
    """
    try:
        filing = open_filing(path, recipient=NOBODY)[0]
    except (UnknownFormatError, MappingError) as error:
        hint = () if error.hint is None else (error.hint,)
        return Detection(source=shown(path), format=None, why=error.message, notes=hint)
    found = filing.resolved
    nobody = (f'"{NOBODY}"',)
    notes = tuple(
        note.replace(f"; recipient = {nobody[0]}", "") for note in filing.notes if not note.startswith("--recipient")
    )
    if filing.columns["recipient"] == nobody:
        notes += ("no column says who received: pass --recipient to screen it",)
    return Detection(
        source=filing.source,
        format=filing.format.id,
        why=found.why,
        delimiter=found.head.delimiter,
        header_line=None if found.header is None else found.header.line + 1,
        headers=filing.format.file_columns if found.header is None else found.header.fields,
        columns={name: made for name, made in filing.columns.items() if made != nobody},
        compared=compare(filing.table.heads),
        notes=notes,
    )


def detect_pdf(path: str | Path) -> dict[str, Any] | None:
    """Which form a PDF is, its pages by kind, its sections and what they add up to; None for other files.

    Raises:
        FilingError: it cannot be read, has no text, or is in no form that is known.
    """
    label = shown(path)
    if label == STDIN or os.path.isdir(path):  # noqa: PTH112 - a path that may not be looked at is not a folder
        return None
    source = file_source(existing(Path(path), label), label)
    if not pdf.recognizes(source, source.start()):
        return None
    from unionscreen.filings.pdf.report import read_report

    return read_report(str(path), label).to_dict()
