"""Find the format of a file and the meaning of its columns: by signatures first, then by the mapper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Final

from unionscreen.errors import FilingError, MappingError, NoColumnsError, OtherTableError, UnknownFormatError
from unionscreen.filings.files.heads import FIRST_RECORDS, HEAD_LINES, Head, Record
from unionscreen.filings.layouts.binding import NOBODY, bind_format, doubles_of, preamble_note, why_known
from unionscreen.filings.layouts.column_rules import ColumnRule
from unionscreen.filings.layouts.definitions import FilingFormat, list_formats, load_format
from unionscreen.filings.layouts.gift_dates import choose_dates
from unionscreen.filings.layouts.headers import Signatures, header_names, misses, normalize_header
from unionscreen.filings.layouts.lookup_files import LookupFile
from unionscreen.filings.layouts.mapper import (
    canonical_name,
    find_header,
    has_transaction_ids,
    map_headers,
    running_numbers,
    score_header,
    show_headers,
    spent_columns,
    split_mapping,
)
from unionscreen.filings.layouts.resolved import MAPPED_ID, ResolvedFormat, describe_columns
from unionscreen.filings.layouts.spending import map_spending, reads_right, refusal

# Rows without a header that must all fit the cells of a signature.
_TESTED_ROWS: Final = 3
# Who paid whom: turned around, a payment would be a gift to the one who paid.
_DIRECTION: Final = ("contributor", "recipient", "kind", "outgoing")
# The least score of a header of contributions: two weak headers.
_MIN_RECOGNIZED: Final = 2


@dataclass(frozen=True)
class Comparison:
    """How well one format's signature fits a file."""

    format: str
    found: int
    of: int
    missing: tuple[str, ...]


def resolve_format(
    heads: Sequence[Head],
    *,
    source: str,
    filing_format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    profile_mapping: Mapping[str, str] | None = None,
    recipient: str | None = None,
    lookup_files: Mapping[str, Sequence[LookupFile]] | None = None,
) -> ResolvedFormat:
    """Resolve the format and the columns of a file from its head.

    Args:
        heads: the head under each possible delimiter.
        source: for messages.
        filing_format: ``--filing-format``: the format, when it need not be detected.
        mapping: ``--map``.
        profile_mapping: ``[mapping]`` of a profile. A file whose layout was detected, and that lacks one of these
            headers, is read without it.
        recipient: ``--recipient``.
        lookup_files: files to join, by their id.

    Raises:
        UnknownFormatError: no format and no header names a contributor and an amount.
        MappingError: the headers or ``--map`` leave a column unclear.
        FilingError: it looks like expenditures.
    """
    own = {canonical_name(written) for written in mapping or {}}
    usual = {name: header for name, header in (profile_mapping or {}).items() if canonical_name(name) not in own}
    known = _forced(heads, load_format(filing_format), source) if filing_format else _by_signature(heads)
    if known is not None:
        found, head, header = known
        lacking = _lacking(header.fields if header else (), usual)
        if lacking is None or filing_format:
            mapping = {**usual, **(mapping or {})}
        _refuse_wrong_use(found, header, mapping or {}, source)
        bound = bind_format(found, head, header, source, mapping, recipient, lookup_files or {})
        if lacking is None or filing_format:
            return bound
        return replace(bound, notes=(*bound.notes, _unused(found, lacking)))
    mapping = {**usual, **(mapping or {})}
    head, header = _best_header(heads, mapping, source)
    if lacking := _lacking(header.fields, usual):
        raise MappingError(
            f'[mapping] {lacking[0]}: "{lacking[1]}" is not a header of this file, and the file is in no known layout',
            source=source,
            cell=lacking[1],
            hint=f"correct [mapping] in the profile; the headers are: {show_headers(header.fields)}",
        )
    cells = _cells(head, header)
    if spent := spent_columns(header.fields, cells, mapping):
        rules = map_spending(header.fields, spent)
        if rules is None or mapping or recipient not in (None, NOBODY):
            raise refusal(spent[0], source, readable=rules is not None)
        return _spending(rules, head, header)
    doubles = doubles_of(head, header)
    dates = choose_dates(header.fields, cells, doubles, mapping)
    mapped = map_headers(
        header.fields, source=source, mapping=mapping, recipient=recipient, hidden=doubles.hidden,
        unsaid=running_numbers(header.fields, cells) | dates.unused,
    )  # fmt: skip
    chosen = "; ".join(
        f"{'amount' if name == 'amount_cents' else name} = {' + '.join(headers)}"
        for name, headers in describe_columns(mapped.rules).items()
    )
    unnamed = FilingFormat(
        id=MAPPED_ID, title="Columns found by their headers", agency="", jurisdiction="", urls=(),
        source="headers.toml", checked="mapped", columns=mapped.rules, file_columns=header.fields,
        unique_id="agency" if has_transaction_ids(mapped.rules) else "",
    )  # fmt: skip
    why = "no signature fits; the columns were found by their headers"
    resolved = _by_headers(
        unnamed, head, header, why, f"no known format; columns: {chosen}", *dates.notes, *mapped.notes
    )
    return replace(resolved, doubles=doubles)


def _lacking(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, str] | None:
    """The first column of a mapping whose header a file does not have, and this header."""
    for name, value in mapping.items():
        for part in split_mapping(headers, value):
            if not find_header(headers, part):
                return "amount" if name == "amount_cents" else name, part
    return None


def _unused(found: FilingFormat, lacking: tuple[str, str]) -> str:
    """The note that a known layout is read without the mapping of the profile."""
    return f'[mapping] is not used: this is {found.id}, a known layout, and "{lacking[1]}" is not a header of it'


def _refuse_wrong_use(found: FilingFormat, header: Record | None, mapping: Mapping[str, str], source: str) -> None:
    """Refuse a known file of something else, and a mapping that would turn payments around."""
    if found.refuse:
        raise OtherTableError(f"{why_known(found, header)}: {found.refuse}", source=source, hint=f"see {found.urls[0]}")
    if found.paid and (turned := [name for name in mapping if name in _DIRECTION]):
        raise FilingError(
            f"{why_known(found, header)}: it lists money that filers paid out, and --map {turned[0]} could turn "
            "that into money received",
            source=source,
            hint=reads_right(source),
        )


def _by_headers(unnamed: FilingFormat, head: Head, header: Record, why: str, *notes: str) -> ResolvedFormat:
    """A table in no known format: its columns are those of a definition that was made for it."""
    return ResolvedFormat(
        unnamed, head, header, header.line + header.span, unnamed.columns, why, notes=(*notes, *preamble_note(header))
    )


def _cells(head: Head, header: Record) -> list[list[str]] | None:
    """The cells of the first rows by column of the header; None without rows."""
    rows = [row.fields for row in head.filled(head.records.index(header) + 1)]
    return [[row[at].strip() for row in rows if at < len(row)] for at in range(len(header.fields))] if rows else None


def _spending(rules: dict[str, ColumnRule], head: Head, header: Record) -> ResolvedFormat:
    """A table in no known format that lists independent spending."""
    names = {"contributor": "spender", "recipient": "target", "amount_cents": "amount"}
    columns = "; ".join(
        f"{names.get(name, name)} = {rule.headers[0]}"
        for name, rule in rules.items()
        if rule.headers and name != "candidate"
    )
    unnamed = FilingFormat(
        id=MAPPED_ID, title="Independent spending, columns found by their headers", agency="", jurisdiction="", urls=(),
        source="spending.py", checked="mapped", columns=rules, file_columns=header.fields, paid=True,
    )  # fmt: skip
    why = "no signature fits; the headers are those of independent spending"
    note = f"no known format; read as independent spending, not as gifts: {columns}"
    return _by_headers(unnamed, head, header, why, note)


def _by_signature(heads: Sequence[Head]) -> tuple[FilingFormat, Head, Record | None] | None:
    """The format with the largest signature that fits; among equals, the one on the earliest line."""
    best: tuple[int, int] | None = None
    answer: tuple[FilingFormat, Head, Record | None] | None = None
    for head in heads:
        for record in head.first:
            found = _signature_of(record.fields)
            if found is None:
                continue
            known, size = found
            if best is None or (size, -record.line) > best:
                best, answer = (size, -record.line), (known, head, record)
    if answer is not None:
        return answer
    for head in heads:
        for known in list_formats():
            if known.signature.fields and known.delimiter in (None, head.delimiter) and _cells_fit(known, head):
                return known, head, None
    return None


@lru_cache(maxsize=4096)  # as of header_names
def _signature_of(fields: tuple[str, ...]) -> tuple[FilingFormat, int] | None:
    """The format with the largest signature among these headers, the first of equals, and the size of its signature."""
    fitting = _signatures().fitting(header_names(fields))
    return max(((known, len(option)) for option, known in fitting), key=itemgetter(1), default=None)


@cache
def _signatures() -> Signatures[FilingFormat]:
    return Signatures((known, known.signature.headers) for known in list_formats())


def _cells_fit(known: FilingFormat, head: Head) -> bool:
    rows = head.first_rows(_TESTED_ROWS, quoting=known.quoting is not False)
    return bool(rows) and all(
        len(row) == known.signature.fields
        and all(re.search(pattern, row[at].strip()) for at, pattern in known.signature.cells)
        for row in rows
    )


def compare(heads: Sequence[Head]) -> tuple[Comparison, ...]:
    """The best fit of each format on any of the first lines, the nearest format first."""
    best: dict[str, Comparison] = {}
    first_lines = [header_names(record.fields) for head in heads for record in head.first]
    for known in list_formats():
        for names in first_lines:
            for option in known.signature.headers:
                missing = misses(option, names)
                result = Comparison(known.id, len(option) - len(missing), len(option), tuple(missing))
                if known.id not in best or result.found > best[known.id].found:
                    best[known.id] = result
        if known.signature.fields:
            tests = 1 + len(known.signature.cells)
            usable = [head for head in heads if known.delimiter in (None, head.delimiter)]
            fits = any(_cells_fit(known, head) for head in usable)
            between = f" with {known.delimiter} between" if known.delimiter else ""
            wanted = f"{known.signature.fields} fields{between}"
            if known.id not in best or fits:
                best[known.id] = Comparison(known.id, tests if fits else 0, tests, () if fits else (wanted,))
    return tuple(sorted(best.values(), key=lambda c: (-c.found / c.of, c.format)))


def _forced(heads: Sequence[Head], known: FilingFormat, source: str) -> tuple[FilingFormat, Head, Record | None]:
    """The head under the format the user named: the line with most of its headers."""
    usable = [head for head in heads if known.delimiter in (None, head.delimiter)] or list(heads)
    if not known.has_header:
        return known, usable[0], None
    if known.signature.fields and (headless := next((head for head in usable if _cells_fit(known, head)), None)):
        return known, headless, None
    wanted = {normalize_header(name) for name in known.file_columns}
    ranked = [
        (len(wanted & header_names(record.fields)), -record.line, head, record)
        for head in usable
        for record in head.first
    ]
    hits, _, head, record = max(ranked, key=lambda entry: entry[:2], default=(0, 0, heads[0], None))
    if hits < _MIN_RECOGNIZED or record is None:
        shown = show_headers(next(heads[0].filled(), Record(0, 1, ())).fields)
        raise UnknownFormatError(
            f"this is not {known.id}: none of its headers are in the first lines",
            source=source,
            hint=f"omit --filing-format to detect the format; the first line is: {shown}",
        )
    return known, head, record


def _best_header(heads: Sequence[Head], mapping: Mapping[str, str], source: str) -> tuple[Head, Record]:
    """The line that is most likely the header: the one named by --map, else the one with the most known headers."""
    lines = [(head, record) for head in heads for record in islice(head.filled(), FIRST_RECORDS)]
    if mapping:
        for head, record in lines:
            parts = [part for value in mapping.values() for part in split_mapping(record.fields, value)]
            if all(find_header(record.fields, part) for part in parts):
                return head, record
    if not lines:
        raise UnknownFormatError(
            f"the first {HEAD_LINES} lines are empty",
            source=source,
            hint="delete the empty lines before the table",
        )
    ranked = [(score_header(record.fields), -record.line, len(record.fields), head, record) for head, record in lines]
    score, _, _, head, record = max(ranked, key=lambda entry: entry[:3])
    if score >= _MIN_RECOGNIZED:
        return head, record
    # All lines of a sheet are as wide as the widest: a title is one filled cell among empty ones.
    head, record = max(lines, key=lambda entry: (sum(map(bool, map(str.strip, entry[1].fields))), -entry[1].line))
    if mapping:
        return head, record  # map_headers reports which header of --map is missing
    if spent := spent_columns(record.fields):
        raise refusal(spent[0], source)
    if len(record.fields) == 1:
        raise NoColumnsError(
            "this is text without columns", source=source, hint="give a CSV, TSV, Excel or zip file of contributions"
        )
    raise UnknownFormatError(
        "no known format has these headers, and none of the first lines names its columns",
        source=source,
        hint='name the columns: --map contributor="…" --map amount="…"; '
        f"the widest of the first lines is: {show_headers(record.fields)}",
    )
