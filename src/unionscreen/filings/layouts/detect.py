"""Find the format of a file and the meaning of its columns: by signatures first, then by the mapper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Final

from unionscreen.errors import FilingError, NoColumnsError, OtherTableError, UnknownFormatError
from unionscreen.filings.files.heads import FIRST_RECORDS, HEAD_LINES, Head, Record, row_width, uses_quotes
from unionscreen.filings.layouts.absent import settle_absent
from unionscreen.filings.layouts.definitions import (
    ABSENT,
    ColumnRule,
    FilingFormat,
    Signatures,
    header_names,
    list_formats,
    load_format,
    misses,
    normalize_header,
)
from unionscreen.filings.layouts.doubles import NO_DOUBLES, Doubles, find_doubles
from unionscreen.filings.layouts.joins import Bound, bind_joins
from unionscreen.filings.layouts.layout import TELLING, Layout
from unionscreen.filings.layouts.lookup_files import LookupFile
from unionscreen.filings.layouts.mapper import (
    canonical_name,
    find_header,
    has_transaction_ids,
    is_known_header,
    map_headers,
    running_numbers,
    score_header,
    show_headers,
    spent_columns,
    split_mapping,
)
from unionscreen.filings.layouts.notation import decimal_mark
from unionscreen.filings.layouts.spending import map_spending, reads_right, refusal

MAPPED_ID: Final = "mapped"
# The placeholder for --recipient when only the format is wanted.
NOBODY: Final = "?"
# Rows without a header that must all fit the cells of a signature.
_TESTED_ROWS: Final = 3
# Header lines that are kept; a folder has a few layouts.
_MOST_BOUND: Final = 256
_NO_HEAD: Final = Head(",", complete=True)
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


@dataclass(frozen=True)
class ResolvedFormat:
    """The format of a file, where its rows begin, and which column is which."""

    format: FilingFormat
    head: Head
    header: Record | None
    skip_lines: int
    """Physical lines before the first row: titles and header."""
    rules: Mapping[str, ColumnRule]
    why: str
    payments: Mapping[str, ColumnRule] = field(default_factory=dict)
    """The same for rows of money that the filer paid out."""
    bound: Bound | None = None
    """The joins of a known format."""
    notes: tuple[str, ...] = ()
    doubles: Doubles = NO_DOUBLES
    """Columns that share a header."""
    layouts: dict[tuple[object, ...], Layout] = field(default_factory=dict, compare=False, repr=False)
    """The layouts of all files with this header, by what their rows show of them."""

    def layout(self, *, encoding: str | None = None, ocr: bool = False, row_note: str = "") -> Layout:
        """Everything needed to read any block of the file; files that are laid out alike share it."""
        quoting = self._quoting()
        header = () if self.header is None else self.header.fields
        named = len(header) or len(self.format.file_columns)
        rows = [record.fields for record in self.head.filled(self._start)]
        as_read = rows if quoting else [record.fields for record in self.head.filled(self._start, quoting=False)]
        fields = row_width(as_read, named)
        amounts = self.rules["amount_cents"].positions
        mark = decimal_mark([row[at] for row in rows for at in amounts if at < len(row)], self.head.delimiter)
        key = (self.head.delimiter, quoting, fields, mark, encoding, ocr, row_note)
        if key in self.layouts:
            return self.layouts[key]
        return self.layouts.setdefault(
            key,
            Layout(
                format_id=self.format.id,
                delimiter=self.head.delimiter,
                quoting=quoting,
                fields=fields,
                rules=self.rules,
                header=tuple(map(normalize_header, header)),
                date_formats=self.format.date_formats,
                encoding=encoding,
                virtual=self.bound.virtual if self.bound else {},
                extra_amounts=self._extra_amounts(),
                unique_id=self.format.unique_id,
                decimal_mark=mark,
                line_breaks=self.format.line_breaks,
                compiled=bool(self.format.compiled) and self.format.compiled in map(normalize_header, header),
                doubles=self.doubles.together,
                home=self.format.state,
                paid=self.format.paid,
                refunds_are_payments=self.format.refunds_are_payments,
                payments=self.payments,
                ocr=ocr,
                row_note=row_note,
            ),
        )

    @property
    def _start(self) -> int:
        """The position of the first row in the head."""
        return 0 if self.header is None else self.head.records.index(self.header) + 1

    def _quoting(self) -> bool:
        """Whether ``"`` quotes a field in this file.

        No agency uses commas between unquoted fields: a file with commas was saved again by a program that quotes.
        The lines of workbooks, JSON and Parquet are written with quotes by ourselves.
        """
        if self.format.quoting is None:
            return uses_quotes(self.head)
        return self.format.quoting or self.head.always_quoted

    def _extra_amounts(self) -> tuple[tuple[int, int], ...]:
        positions = self.bound.positions if self.bound else {}
        pairs = [(normalize_header(day), normalize_header(amount)) for day, amount in self.format.extra_amounts]
        return tuple((positions[day], positions[amount]) for day, amount in pairs if {day, amount} <= set(positions))

    def reads(self, header: str) -> bool:
        """Whether an additional column with this header would be read, or could be."""
        name = normalize_header(header)
        if self.format.id == MAPPED_ID:
            return is_known_header(name)
        return any(name == normalize_header(each) for rule in self.format.columns.values() for each in rule.named)

    @property
    def has_rows(self) -> bool:
        """Whether a row follows the header, or may follow after the head."""
        return not self.head.complete or any(True for _ in self.head.filled(self._start))


def describe_columns(rules: Mapping[str, ColumnRule]) -> dict[str, tuple[str, ...]]:
    """Canonical column to the headers (or the constant) it is made of."""
    return {
        name: rule.headers if rule.how != "constant" else (f'"{rule.value}"',)
        for name, rule in rules.items()
        if rule.how != "constant" or name == "recipient"
    }


def resolve_format(
    heads: Sequence[Head],
    *,
    source: str,
    filing_format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    recipient: str | None = None,
    lookup_files: Mapping[str, Sequence[LookupFile]] | None = None,
) -> ResolvedFormat:
    """Resolve the format and the columns of a file from its head.

    Args:
        heads: the head under each possible delimiter.
        source: for messages.
        filing_format: ``--filing-format``: the format, when it need not be detected.
        mapping: ``--map``.
        recipient: ``--recipient``.
        lookup_files: files to join, by their id.

    Raises:
        UnknownFormatError: no format and no header names a contributor and an amount.
        MappingError: the headers or ``--map`` leave a column unclear.
        FilingError: it looks like expenditures.
    """
    for written in mapping or {}:
        canonical_name(written)
    known = _forced(heads, load_format(filing_format), source) if filing_format else _by_signature(heads)
    if known is not None:
        found, head, header = known
        if found.refuse:
            raise OtherTableError(f"{_why(found, header)}: {found.refuse}", source=source, hint=f"see {found.urls[0]}")
        if found.paid and (turned := [name for name in mapping or {} if name in _DIRECTION]):
            raise FilingError(
                f"{_why(found, header)}: it lists money that filers paid out, and --map {turned[0]} could turn that "
                "into money received",
                source=source,
                hint=reads_right(source),
            )
        return _bind_once(found, head, header, source, mapping, recipient, lookup_files or {})
    head, header = _best_header(heads, mapping or {}, source)
    cells = _cells(head, header)
    if spent := spent_columns(header.fields, cells):
        rules = map_spending(header.fields, spent)
        if rules is None or mapping or recipient not in (None, NOBODY):
            raise refusal(spent[0], source, readable=rules is not None)
        return _spending(rules, head, header)
    doubles = _doubles(head, header)
    mapped = map_headers(
        header.fields, source=source, mapping=mapping, recipient=recipient, hidden=doubles.hidden,
        unsaid=running_numbers(header.fields, cells),
    )  # fmt: skip
    chosen = "; ".join(
        f"{'amount' if name == 'amount_cents' else name} = {' + '.join(headers)}"
        for name, headers in describe_columns(mapped.rules).items()
    )
    definition = FilingFormat(
        id=MAPPED_ID, title="Columns found by their headers", agency="", jurisdiction="", urls=(),
        source="headers.toml", checked="mapped", columns=mapped.rules, file_columns=header.fields,
        unique_id="agency" if has_transaction_ids(mapped.rules) else "",
    )  # fmt: skip
    return ResolvedFormat(
        definition, head, header, header.line + header.span, mapped.rules,
        why="no signature fits; the columns were found by their headers",
        notes=(f"no known format; columns: {chosen}", *mapped.notes, *_preamble_note(header)),
        doubles=doubles,
    )  # fmt: skip


_BOUND: Final[dict[tuple[str, Record, str | None], ResolvedFormat]] = {}


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
    definition = FilingFormat(
        id=MAPPED_ID, title="Independent spending, columns told by their headers", agency="", jurisdiction="", urls=(),
        source="spending.py", checked="mapped", columns=rules, file_columns=header.fields, paid=True,
    )  # fmt: skip
    return ResolvedFormat(
        definition, head, header, header.line + header.span, rules,
        why="no signature fits; the headers are those of independent spending",
        notes=(f"no known format; read as independent spending, not as gifts: {columns}", *_preamble_note(header)),
    )  # fmt: skip


def _bind_once(
    found: FilingFormat,
    head: Head,
    header: Record | None,
    source: str,
    mapping: Mapping[str, str] | None,
    recipient: str | None,
    lookup_files: Mapping[str, Sequence[LookupFile]],
) -> ResolvedFormat:
    """The same as ``_bind``, once for the files of a folder that share a header line, where nothing else matters.

    Columns that share a header depend on the rows too, and some columns on the name of the file.
    """
    if header is None or mapping or found.files or (found.joins and lookup_files):
        return _bind(found, head, header, source, mapping, recipient, lookup_files)
    key = (found.id, header, recipient)
    known = _BOUND.get(key)
    if known is None:
        known = _bind(found, head, header, source, mapping, recipient, lookup_files)
        if known.doubles == NO_DOUBLES:
            if len(_BOUND) >= _MOST_BOUND:
                _BOUND.clear()
            _BOUND[key] = replace(known, head=_NO_HEAD)
    return replace(known, head=head)


def _bind(
    found: FilingFormat,
    head: Head,
    header: Record | None,
    source: str,
    mapping: Mapping[str, str] | None,
    recipient: str | None,
    lookup_files: Mapping[str, Sequence[LookupFile]],
) -> ResolvedFormat:
    """A known format bound to the columns of this file, with the user's options applied."""
    names = header.fields if header else found.file_columns
    positions: dict[str, int] = {}
    for at, name in enumerate(names):
        positions.setdefault(normalize_header(name), at)
    # "Report Id:" and "ReportId" are two columns that only their spelling distinguishes.
    positions |= {name.strip(): at for at, name in reversed(tuple(enumerate(names))) if name.strip()}
    bound = bind_joins(found, positions, lookup_files)
    resolved = {canonical: rule.resolve(bound.positions) for canonical, rule in found.columns.items()}
    settled = settle_absent(
        found, {canonical: rule for canonical, rule in resolved.items() if rule is not None}, bound.positions, names
    )
    base = dict(settled.rules) | _named_by_file(found, source)
    if found.paid:  # whom a payment is about may be on a cover page that was not given, as the notes say
        base.setdefault("recipient", ColumnRule("constant", value=""))
    if "listing" in base and not base["listing"].at:
        del base["listing"], base["entry"]  # nothing is listed twice, so half of the file need not be read
    if recipient not in (None, NOBODY) and _only_id(base):
        del base["recipient"]  # the file has only a number; the user gave the name
    doubles = _doubles(head, header, found)
    mapped = map_headers(names, source=source, mapping=mapping, recipient=recipient, base=base, hidden=doubles.hidden)
    telling = {at for name in TELLING if name in mapped.rules for at in mapped.rules[name].positions}
    return ResolvedFormat(
        found, head, header, header.line + header.span if header else 0, mapped.rules,
        why=_why(found, header),
        notes=(
            *mapped.notes, *doubles.note(names, telling), *_preamble_note(header), *_id_note(mapped.rules),
            *settled.notes, *bound.missing, *_joined_note(bound),
        ),
        payments=_payments(found, bound.positions),
        bound=bound, doubles=doubles,
    )  # fmt: skip


def _payments(found: FilingFormat, positions: Mapping[str, int]) -> dict[str, ColumnRule]:
    """How the payments in a file of receipts are read: empty where it lacks a column that says to whom, or how much."""
    rules = {name: rule.resolve(positions) for name, rule in found.payments.items()}
    bound = {name: rule for name, rule in rules.items() if rule is not None}
    return bound if {"contributor", "recipient", "amount_cents", "kind"} <= bound.keys() else {}


def _doubles(head: Head, header: Record | None, found: FilingFormat | None = None) -> Doubles:
    """The columns of a file that share a header; none in a layout without a header line."""
    if header is None:
        return NO_DOUBLES
    rows = (record.fields for record in head.filled(head.records.index(header) + 1))
    return find_doubles(header.fields, rows, found.file_columns if found else ())


def _id_note(rules: Mapping[str, ColumnRule]) -> tuple[str, ...]:
    """A note for a file that identifies its recipients by id only."""
    if not _only_id(rules):
        return ()
    named = rules["recipient"]
    column = next((header for header, at in zip(named.headers, named.at, strict=False) if at != ABSENT), "")
    return (f"recipients are known by their {column} only: their names are in another file of the agency",)


def _only_id(rules: Mapping[str, ColumnRule]) -> bool:
    """Whether a recipient is the same column as its id."""
    named, numbered = rules.get("recipient"), rules.get("recipient_id")
    return named is not None and numbered is not None and bool(named.at) and named.positions == numbered.positions


def _joined_note(bound: Bound) -> tuple[str, ...]:
    return (f"joined with {'; '.join(bound.used)}",) if bound.used else ()


def _named_by_file(found: FilingFormat, source: str) -> dict[str, ColumnRule]:
    """Columns that only the file name determines."""
    name = source.lower().replace("\\", "/")
    for option in found.files:
        if any(fnmatch(part, option["name"].lower()) for part in re.split("[/!#]", name)):
            return {column: ColumnRule("constant", value=value) for column, value in option.items() if column != "name"}
    return {}


def _why(found: FilingFormat, header: Record | None) -> str:
    if header is None:
        return (
            f"no header line, and the first rows are {found.id}: {found.signature.fields} fields with the right cells"
        )
    return f"the headers of {found.id} are on line {header.line + 1}"


def _preamble_note(header: Record | None) -> tuple[str, ...]:
    if header is None or header.line == 0:
        return ()
    lines = "1 line" if header.line == 1 else f"{header.line} lines"
    return (f"{lines} before the header on line {header.line + 1} skipped",)


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
