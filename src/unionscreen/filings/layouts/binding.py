"""A known format, bound to the columns of one file, with the user's options applied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from typing import Final

from unionscreen.filings.files.heads import Head, Record
from unionscreen.filings.layouts.absent import settle_absent
from unionscreen.filings.layouts.column_rules import ABSENT, ColumnRule
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.doubles import NO_DOUBLES, Doubles, find_doubles
from unionscreen.filings.layouts.headers import normalize_header
from unionscreen.filings.layouts.joins import Bound, bind_joins
from unionscreen.filings.layouts.layout import TELLING
from unionscreen.filings.layouts.lookup_files import LookupFile
from unionscreen.filings.layouts.mapper import map_headers
from unionscreen.filings.layouts.resolved import ResolvedFormat

# The placeholder for --recipient when only the format is wanted.
NOBODY: Final = "?"
# Header lines that are kept; a folder has a few layouts.
_MOST_BOUND: Final = 256
_NO_HEAD: Final = Head(",", complete=True)
_BOUND: Final[dict[tuple[str, Record, str | None], ResolvedFormat]] = {}


def bind_format(
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
    doubles = doubles_of(head, header, found)
    mapped = map_headers(names, source=source, mapping=mapping, recipient=recipient, base=base, hidden=doubles.hidden)
    telling = {at for name in TELLING if name in mapped.rules for at in mapped.rules[name].positions}
    return ResolvedFormat(
        found, head, header, header.line + header.span if header else 0, mapped.rules,
        why=why_known(found, header),
        notes=(
            *mapped.notes, *doubles.note(names, telling), *preamble_note(header), *_id_note(mapped.rules),
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


def doubles_of(head: Head, header: Record | None, found: FilingFormat | None = None) -> Doubles:
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


def why_known(found: FilingFormat, header: Record | None) -> str:
    """Why a file is in this format, in words."""
    if header is None:
        return (
            f"no header line, and the first rows are {found.id}: {found.signature.fields} fields with the right cells"
        )
    return f"the headers of {found.id} are on line {header.line + 1}"


def preamble_note(header: Record | None) -> tuple[str, ...]:
    """A note on the lines before the header, if there are any."""
    if header is None or header.line == 0:
        return ()
    lines = "1 line" if header.line == 1 else f"{header.line} lines"
    return (f"{lines} before the header on line {header.line + 1} skipped",)
