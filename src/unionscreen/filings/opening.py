"""Opening a filing: what kind of file it is, what is in it, which format and columns."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import FilingError, MappingError, NoContributionsError, UnknownFormatError
from unionscreen.files import shown
from unionscreen.filings.bundles import LookupFiles, find_lookup_files, folder_files, text_heads
from unionscreen.filings.files import fec, parquet, records
from unionscreen.filings.files.archives import zip_kind, zip_members
from unionscreen.filings.files.contents import (
    EMPTY_ZIP,
    OLE,
    ZIP,
    is_fec,
    is_json,
    is_page,
    is_pdf,
    refuse_if_no_text,
    text_encoding,
)
from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.given import existing, first_bytes
from unionscreen.filings.files.heads import Head, sheet_head
from unionscreen.filings.files.pages import read_tables
from unionscreen.filings.files.sheets import read_sheets
from unionscreen.filings.files.sources import Source, converted, file_source, stdin_source
from unionscreen.filings.files.tables import Table, digests, of_page, of_workbook
from unionscreen.filings.filing import Filing, Unread, no_rows
from unionscreen.filings.layouts.definitions import load_format
from unionscreen.filings.layouts.detect import NOBODY, Detection, ResolvedFormat, describe_columns, recognize
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.layouts.lookup_files import load_lookup, recognize_lookup_file

STDIN: Final = "-"
# Notes on members and sheets that were left out, beyond which a count says the rest.
_MAX_LEFT_OUT: Final = 8


@dataclass(frozen=True)
class Options:
    """What the user said about a filing."""

    filing_format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    recipient: str | None = None
    lookup_files: LookupFiles = field(default_factory=dict)
    """Files to join, by their id."""
    accept_difference: bool = False
    """Read a PDF whose rows do not add up to its own lines."""


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
        filing_format: the format's id, when it is not to be found out.
        mapping: canonical column to header, or to headers joined by ``+``; goes before what was found out.
        recipient: who received, for files that do not say.
        input_index: position among the user's inputs, kept in every task.
        lookup_files: files to join, from ``find_lookup_files``; None looks for those in ``path`` itself.
        accept_difference: read a PDF whose rows do not add up to its own lines, and say so first.

    Raises:
        UsageError: there is no such format.
        FilingError: it cannot be read, or is no list of contributions.
        UnknownFormatError: a table whose columns cannot be told.
        MappingError: columns that are unclear, or a ``--map`` that does not fit.
    """
    if filing_format is not None:
        load_format(filing_format)  # a wrong id is the user's mistake whatever the file is
    label = shown(path)
    if lookup_files is None:
        lookup_files = {} if label == STDIN else find_lookup_files([str(path)])
    options = Options(filing_format, mapping or {}, recipient, lookup_files, accept_difference)
    if label == STDIN:
        found = stdin_source()
        head, _ = found.head()
        if head.startswith((ZIP, OLE)):
            raise FilingError(
                "a zip or a spreadsheet cannot be read from standard input",
                source=found.label,
                hint="give it as a file",
            )
        return _open_text(found, options, input_index)
    if os.path.isdir(path):  # noqa: PTH112 - a path that may not be looked at is none
        return _open_folder(Path(path), label, options, input_index)
    return _open_file(existing(Path(path), label), label, options, input_index)


def _open_folder(folder: Path, label: str, options: Options, input_index: int) -> list[Filing]:
    """The files of a folder that are filings; the others are noted."""
    out: list[Filing] = []
    problems: list[tuple[str, FilingError | MappingError]] = []
    joined = {file.source for files in options.lookup_files.values() for file in files}

    def unlisted(error: OSError) -> None:
        path = Path(error.filename)
        problems.append(
            (shown(path.relative_to(folder)), FilingError(f"cannot be read: {error.strerror}", source=shown(path)))
        )

    for path in folder_files(folder, unlisted):
        name = shown(path)
        if name in joined:
            continue
        try:
            out += _open_file(existing(path, name), name, options, input_index)
        except (FilingError, MappingError) as error:
            problems.append((shown(path.relative_to(folder)), error))
    return _with_left_out(out, problems, label, "file")


def _open_file(file: Path, label: str, options: Options, input_index: int) -> list[Filing]:
    head = first_bytes(file, label)
    if head.startswith(OLE) or (head.startswith(ZIP) and zip_kind(file, label) == "sheet"):
        source = file_source(file, label, head)
        return _open_sheets(source, options, input_index)
    if head.startswith((ZIP, EMPTY_ZIP)):
        return _open_zip(file, label, options, input_index)
    if is_pdf(head):
        return _open_pdf(file_source(file, label, head), options, input_index)
    if head.startswith(parquet.MAGIC):
        found = replace(_recognize([sheet_head(parquet.head_rows(str(file), label))], label, options), skip_lines=0)
        opened = _filing(file_source(file, label, head), label, found, found.layout(), found.notes, input_index)
        return [replace(opened, _parquet=True)]
    return _open_text(file_source(file, label, head), options, input_index)


def detect_format(path: str | Path) -> Detection:
    """Which format a file is in, what it was compared with and why; of an archive, the first filing in it.

    Raises:
        FilingError: it cannot be read, or is no list of contributions. An unknown layout is an answer, not an error.
    """
    try:
        filing = open_filing(path, recipient=NOBODY)[0]
    except (UnknownFormatError, MappingError) as error:
        hint = () if error.hint is None else (error.hint,)
        return Detection(source=shown(path), format=None, why=error.message, notes=hint)
    found = filing.recognition
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
        compared=found.compared,
        notes=notes,
    )


def detect_pdf(path: str | Path) -> dict[str, Any] | None:
    """Which form a PDF is, its pages by kind, its sections and what they add up to; None for what is no PDF.

    Raises:
        FilingError: it cannot be read, has no text, or is in no form that is known.
    """
    label = shown(path)
    if label == STDIN or os.path.isdir(path):  # noqa: PTH112 - a path that may not be looked at is none
        return None
    file = existing(Path(path), label)
    if not is_pdf(first_bytes(file, label)):
        return None
    from unionscreen.filings.pdf.report import read_report

    return read_report(file, label).to_dict()


def _open_text(source: Source, options: Options, input_index: int) -> list[Filing]:
    data, _ = source.head()
    if is_page(data):
        return _open_page(source, options, input_index)
    if is_json(data):
        return [_open_records(source, options, input_index)]
    if is_fec(data):
        label = source.label
        try:
            filing = _open_table(converted(source, lambda stream: fec.convert(stream, label)), options, input_index)
        except NoContributionsError as error:
            raise NoContributionsError(error.message, source=label, hint=fec.without_contributions(data)) from None
        return [replace(filing, notes=(*filing.notes, *fec.unread_lines(data)))]
    return [_open_table(source, options, input_index)]


def _open_page(source: Source, options: Options, input_index: int) -> list[Filing]:
    """The tables of a web page."""
    data = source.whole()
    encoding = text_encoding(data[:4096])
    text = data.decode(encoding, "replace") if encoding else to_utf8(data)[0].decode("utf-8")
    page = read_tables(text, source.label)
    if not page.tables:
        refuse_if_no_text(data[:4096], source.label)
    first, *others = _open_tables(source, of_page(page.tables), options, input_index, "table")
    notes = [f"{source.label} ends within a table: did the download finish?"] if page.cut_off else []
    if page.repeated:
        notes.append(f"{source.label} has cells over several rows; they count in each: check that no amount is one")
    return [replace(first, notes=(*first.notes, *notes)), *others]


def _open_records(source: Source, options: Options, input_index: int) -> Filing:
    """JSON: the keys are the header, which stands nowhere, so that a row's number is its record's."""
    label = source.label
    with source.look() as stream:
        header, rows, part = records.head_of(stream, label)
    found = replace(_recognize([sheet_head([header, *rows])], label, options), skip_lines=0)
    as_lines = converted(source, lambda stream: records.lines(stream, label, header, found.reads))
    notes = [*found.notes, f"{label}: {part}"] if part else found.notes
    return _filing(as_lines, label, found, found.layout(), notes, input_index)


def _open_table(source: Source, options: Options, input_index: int) -> Filing:
    heads, encoding, bare_cr = text_heads(source)
    known = recognize_lookup_file(heads, source=source.label, path="", member=None, encoding=encoding)
    if known is not None and options.filing_format is None and not options.mapping:
        raise FilingError(
            f"these are no contributions but {load_lookup(known.id).title}, which say whose they are",
            source=source.label,
            hint="give them together with the file of contributions, or the folder that holds both",
        )
    found = _recognize(heads, source.label, options)
    notes = list(found.notes)
    if encoding:
        notes.append(f"read as {encoding}")
    layout = found.layout(encoding=encoding)
    return _filing(source, source.label, found, layout, notes, input_index, bare_cr=bare_cr)


def _recognize(heads: Sequence[Head], label: str, options: Options) -> ResolvedFormat:
    found = recognize(
        heads, source=label, filing_format=options.filing_format, mapping=options.mapping, recipient=options.recipient,
        lookup_files=options.lookup_files,
    )  # fmt: skip
    if not found.has_rows:
        raise no_rows(label)
    return found


def _filing(
    source: Source,
    label: str,
    found: ResolvedFormat,
    layout: Layout,
    notes: Sequence[str],
    input_index: int,
    *,
    bare_cr: bool = False,
    sheet: bytes | None = None,
) -> Filing:
    return Filing(
        source=label,
        path=None if source.path is None else str(source.path),
        format=found.format,
        columns=describe_columns(found.rules),
        size=len(sheet) if sheet is not None else source.size,
        notes=tuple(notes),
        input_index=input_index,
        layout=layout,
        recognition=found,
        _from=source,
        _bare_cr=bare_cr,
        _sheet=sheet,
    )


def _open_sheets(source: Source, options: Options, input_index: int) -> list[Filing]:
    """The sheets of a workbook that are filings; the others are noted."""
    workbook = read_sheets(source)
    first, *others = _open_tables(source, of_workbook(workbook), options, input_index, "sheet")
    if workbook.hidden:
        what = "1 hidden row or column" if workbook.hidden == 1 else f"{workbook.hidden:,} hidden rows or columns"
        first = replace(first, notes=(*first.notes, f"{source.label} has {what}, read like the others"))
    return [first, *others]


def _open_pdf(source: Source, options: Options, input_index: int) -> list[Filing]:
    """The pages of a PDF that hold rows; the first says what is to be known of all."""
    if source.path is None:
        raise FilingError("a PDF is read as a file of its own", source=source.label, hint="unpack it first")
    from unionscreen.filings.pdf.opening import open_report  # 20 ms, for those alone who give a PDF

    report, tables = open_report(source.path, source.label, accept_difference=options.accept_difference)
    if report.form.format.refuse:
        raise FilingError(f"{report.form.name}: {report.form.format.refuse}", source=source.label)
    known = replace(options, filing_format=report.form.format.id, mapping={})
    if options.mapping or options.filing_format not in (None, known.filing_format):
        raise MappingError(f"a PDF is read by its form, which is {report.form.name}", source=source.label)
    if not report.facts.get("filer") and options.recipient is None:
        raise FilingError(
            "the name of the filer cannot be read on this form", source=source.label, hint="say it with --recipient"
        )
    out: list[Filing] = []
    for page, data in tables:
        label = f"{source.label}#{page}"
        heads = [sheet_head([*csv.reader(io.StringIO(data.decode("utf-8")))])]
        found = _recognize(heads, label, known)
        out.append(_filing(source, label, found, found.layout(), (), input_index, sheet=data))
    out[0] = replace(out[0], notes=tuple(f"{source.label}: {note}" for note in report.notes))
    return out


def _open_tables(
    source: Source, tables: Sequence[Table], options: Options, input_index: int, what: str
) -> list[Filing]:
    """The tables of one file that are filings; the others are noted.

    A table that is hidden may be an older state of one that shows, or money that nobody looks at: none of it counts.
    """
    out: list[Filing] = []
    problems: list[tuple[str, FilingError | MappingError]] = []
    hidden: list[Unread] = []
    notes: list[str] = []
    first_of: dict[bytes, Table] = {}
    for table, digest in zip(tables, digests(tables), strict=True):
        label = f"{source.label}#{table.name}"
        like = first_of.get(digest)
        if like is not None and table.hidden and not like.hidden:
            notes.append(f'{source.label}: {what} "{table.name}" is hidden, equal to "{like.name}", and left out')
            continue
        try:
            found = _recognize([sheet_head(table.head)], label, options)
        except (FilingError, MappingError) as error:
            problems.append((table.name, error))
            continue
        first_of.setdefault(digest, table)
        if table.hidden:
            hidden.append(Unread(label, f"this {what} is hidden, and holds contributions"))
            continue
        if like is not None:
            notes.append(
                f'{source.label}: {what}s "{like.name}" and "{table.name}" hold the same rows, and each counts: '
                "if they are the same money, give one of them alone"
            )
        out.append(_filing(source, label, found, found.layout(), found.notes, input_index, sheet=table.data))
    if hidden and not out:
        named = ", ".join(each.path.removeprefix(f"{source.label}#") for each in hidden[:_MAX_LEFT_OUT])
        raise FilingError(
            f"its contributions stand on hidden {what}s only: {named}",
            source=source.label,
            hint=f"unhide the {what} that is to be read",
        )
    out = _with_left_out(out, problems, source.label, what)
    notes += [f"{each.path}: {each.reason}; not read" for each in hidden]
    out[0] = replace(out[0], notes=(*out[0].notes, *notes), unread=(*out[0].unread, *hidden))
    return out


def _open_zip(path: Path, label: str, options: Options, input_index: int) -> list[Filing]:
    """The members of a zip that are filings; the others are noted."""
    members = zip_members(path, label)
    out: list[Filing] = []
    problems: list[tuple[str, FilingError | MappingError]] = []
    joined = {file.source for files in options.lookup_files.values() for file in files}
    for source in members.sources:
        if source.label in joined:
            continue
        name = source.label.removeprefix(f"{label}!")
        try:
            out += _open_member(source, options, input_index)
        except (FilingError, MappingError) as error:
            problems.append((name, error))
    return _with_left_out(out, problems, label, "member", members.notes)


def _open_member(source: Source, options: Options, input_index: int) -> list[Filing]:
    head, _ = source.head()
    if head.startswith(OLE) or (head.startswith(ZIP) and b"[Content_Types].xml" in head[:4096]):
        return _open_sheets(source, options, input_index)
    return _open_text(source, options, input_index)


def _with_left_out(
    out: list[Filing],
    problems: Sequence[tuple[str, FilingError | MappingError]],
    label: str,
    what: str,
    notes: Sequence[str] = (),
) -> list[Filing]:
    """The filings, the first of which says what was left out; an error when there is none."""
    empty = [error for _, error in problems if isinstance(error, NoContributionsError)]
    if not out:
        if empty and len(empty) == len(problems):
            raise (
                empty[0]
                if len(empty) == 1
                else NoContributionsError(
                    f"none of its {len(empty)} reports itemizes contributions", source=label, hint=empty[0].hint
                )
            )
        if len(problems) == 1:
            raise problems[0][1]
        if any(isinstance(error, MappingError) for _, error in problems):
            raise next(error for _, error in problems if isinstance(error, MappingError))
        said = "; ".join(f"{name}: {error.message}" for name, error in problems[:_MAX_LEFT_OUT])
        raise FilingError(
            f"no contributions in {label}: no {what} of it is a filing" + (f" ({said})" if said else ""),
            source=label,
            hint="give the file of contributions received",
        )
    left_out = [f"{name}: {error.message}" for name, error in problems if error not in empty] + list(notes)
    # A sheet beside the table, or a table of something else in an agency's zip, is nothing that should have been read.
    unread = [
        Unread(f"{label}!{name}" if what == "member" else str(Path(label) / name), error.message)
        for name, error in problems
        if error not in empty and (what == "file" or (what == "member" and not isinstance(error, UnknownFormatError)))
    ]
    out[0] = replace(out[0], unread=(*out[0].unread, *unread), empty=out[0].empty + len(empty))
    if empty:
        out[0] = replace(out[0], notes=(*out[0].notes, *(f"{error.source}: {error.message}" for error in empty)))
    if left_out:
        more = [f"and {len(left_out) - _MAX_LEFT_OUT} more"] if len(left_out) > _MAX_LEFT_OUT else []
        said = "; ".join([*left_out[:_MAX_LEFT_OUT], *more])
        first = out[0]
        out[0] = replace(first, notes=(*first.notes, f"not read: {said}"))
    return out
