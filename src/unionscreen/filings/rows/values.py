"""Build canonical columns from text columns: join names, look up codes, split addresses. Vectorized in Arrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.layouts.column_rules import ABSENT, ColumnRule, code_lookup
from unionscreen.filings.layouts.nothing import without_nothing

# A function from the position of a file column to its texts.
Texts = Callable[[int], pa.Array]

# "10821 MEMPHIS-ART RD, LAKELAND , TN, 38002": city and state are before the ZIP code, whatever the street is.
# "TALLAHASSEE, FL 323010000": the same without the street.
_ADDRESS: Final = r"(?:^|,)\s*(?P<city>[^,]*?)\s*,\s*(?P<state>[A-Za-z]{2})(?:\s*,\s*[0-9-]*|\s+[0-9-]+)\s*$"
# These columns are always text. In the others an empty cell is null.
ALWAYS_TEXT: Final = ("contributor", "recipient")
# More distinct cells than a column of codes has: those of filers' own words.
_MANY: Final = 500
# Words for a missing id: 74 rows of one NetFile workbook have the filer id "Pending". Rows that share such a word have
# nothing in common.
_IDS: Final = ("recipient_id", "transaction_id", "filing_id")
_NO_ID: Final = pa.array(
    [
        spelled
        for word in ("Pending", "N/A", "NA", "None", "Null", "NaN", "Unknown", "TBD", "Not Available", "Applied For")
        for spelled in dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    ]
    + ["0", "-", "--"]
)


def trimmed(texts: pa.Array) -> pa.Array:
    """Texts without surrounding blanks, which are padding and not part of what was filed."""
    return pc.ascii_trim_whitespace(texts)


def _without(texts: pa.Array, missing: tuple[str, ...]) -> pa.Array:
    """Texts in which those that mean "nothing here" become empty."""
    patterns = tuple((text, "nothing") for text in missing if "*" in text)
    if patterns:
        texts = pc.if_else(pc.is_valid(look_up(texts, patterns, None)), "", texts)
    exact = [text for text in missing if "*" not in text]
    return pc.if_else(pc.is_in(texts, pa.array(exact, pa.string())), "", texts) if exact else texts


def _cells(rule: ColumnRule, texts: Texts) -> list[pa.Array]:
    """The cells that a rule reads, without what the rule drops."""
    parts = [_without(trimmed(texts(at)), rule.missing) for at in rule.positions]
    if rule.drop is None:
        return parts
    return [trimmed(pc.replace_substring_regex(part, rule.drop, " ")) for part in parts]


def code_cells(rule: ColumnRule, texts: Texts) -> pa.Array:
    """The cells for a code table, joined by ``|``. A missing column is an empty cell."""
    there = iter(_cells(rule, texts))
    parts = ["" if at == ABSENT else next(there) for at in rule.at]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "|")


def _is_empty(texts: pa.Array) -> pa.Array:
    return pc.equal(texts, "")


def _side_by_side(parts: list[pa.Array], separator: str = " ") -> pa.Array:
    """Texts joined, without a separator next to an empty text."""
    # Not null_handling="skip": pyarrow 26 drops a row whose parts are all null, and the later rows move up.
    out = parts[0]
    for part in parts[1:]:
        between = pc.if_else(pc.or_(_is_empty(out), _is_empty(part)), "", separator)
        out = pc.binary_join_element_wise(out, between, part, "")
    return out


def _join_all(parts: list[pa.Array], separator: str) -> pa.Array:
    """Texts joined; empty if one of them is empty."""
    lacking = _is_empty(parts[0])
    for part in parts[1:]:
        lacking = pc.or_(lacking, _is_empty(part))
    return pc.if_else(lacking, "", pc.binary_join_element_wise(*parts, separator))


def join_name(parts: dict[str, pa.Array]) -> pa.Array:
    """One readable name from its parts: ``Last Suffix, First Middle``, or the organization alone.

    Args:
        parts: role (last, first, middle, suffix, organization) to texts.
    """
    family = _side_by_side([parts[role] for role in ("last", "suffix") if role in parts]) if "last" in parts else None
    given_parts = [parts[role] for role in ("first", "middle") if role in parts]
    name = family
    if given_parts:
        given = _side_by_side(given_parts)
        name = given if family is None else _side_by_side([family, given], ", ")
    body = parts.get("organization")
    if body is None:
        return name
    return body if name is None else pc.if_else(_is_empty(body), name, body)


def look_up(texts: pa.Array, codes: tuple[tuple[str, str], ...], default: str | None) -> pa.Array:
    """The canonical value of each cell by a code table. Each distinct cell is looked up once.

    Purposes in the filers' own words are nearly all distinct, and few of them have a code: Arrow finds those.
    """
    lookup = code_lookup(codes, default)
    distinct = pc.dictionary_encode(texts)
    cells = distinct.dictionary
    if len(cells) <= _MANY or (likely := _likely(codes)) is None:
        values = [lookup(cell or "") for cell in cells.to_pylist()]
    else:
        values = [default] * len(cells)
        at = np.flatnonzero(pc.fill_null(pc.match_substring_regex(cells, likely), False).to_numpy(zero_copy_only=False))
        for i, cell in zip(at.tolist(), cells.take(pa.array(at)).to_pylist(), strict=True):
            values[i] = lookup(cell)
    return pa.array(values, pa.string()).take(distinct.indices)


@cache
def _likely(codes: tuple[tuple[str, str], ...]) -> str | None:
    """A regular expression that every cell with one of the codes matches; None if only the code table can tell.

    It is the longest piece of each code, at the start of the cell where the code begins with it.
    """
    pieces = []
    for code, _ in codes:
        of_code = re.split(r"[*|]", code.strip())
        longest = max(of_code, key=len)
        if not longest:
            return None
        pieces.append((r"^\W*" if longest == of_code[0] else "") + re.escape(longest))
    return f"(?i){'|'.join(pieces)}" if pieces else None


def build_text(name: str, rule: ColumnRule, texts: Texts, rows: int) -> pa.Array:
    """One canonical text column.

    Args:
        name: the canonical column.
        rule: how it is built.
        texts: gives the file's columns.
        rows: how many rows there are.
    """
    if rule.when is not None:
        there = build_flag(rule.when, texts)
        nothing = pa.scalar("" if name in ALWAYS_TEXT else None, pa.string())
        return pc.if_else(there, build_text(name, replace(rule, when=None), texts, rows), nothing)
    if rule.how == "constant":
        return pa.repeat(pa.scalar(rule.value, pa.string()), rows)
    if rule.how == "codes":
        return look_up(code_cells(rule, texts), rule.codes, rule.default)
    parts = _cells(rule, texts)
    match rule.how:
        case "name":
            roles = [role for role, at in zip(rule.roles, rule.at, strict=True) if at != ABSENT]
            named: dict[str, pa.Array] = {}
            for role, part in zip(roles, parts, strict=True):
                if role == "organization" or roles.count(role) > 1:  # where a filled cell hides another
                    part = without_nothing(part)
                named[role] = pc.if_else(_is_empty(named[role]), part, named[role]) if role in named else part
            out = join_name(named)
        case "join":
            out = _join_all(parts, rule.separator)
        case "words":
            out = _side_by_side(parts)
        case "city" | "state":
            found = pc.extract_regex(parts[0], _ADDRESS)
            out = without_nothing(pc.fill_null(found.field(rule.how), ""))
        case "extract":
            found = pc.extract_regex(parts[0], rule.value)
            out = pc.fill_null(found.field("found"), "")
        case _:
            out = parts[0]
    if name == "contributor":
        return out  # as filed, because people are called Na; code that counts donors calls ``is_nothing``
    out = without_nothing(out)
    if name in ALWAYS_TEXT:
        return out
    if name in _IDS:
        out = pc.if_else(pc.is_in(out, _NO_ID), "", out)
    return pc.if_else(_is_empty(out), pa.scalar(None, pa.string()), out)


def build_flag(rule: ColumnRule, texts: Texts, rows: int | None = None) -> pa.Array:
    """One canonical true-or-false column.

    Args:
        rule: a flag, or a constant.
        texts: gives the file's columns.
        rows: how many rows there are, for a constant.
    """
    if rule.how == "constant":
        return pa.repeat(pa.scalar(rule.value == "true"), rows or 0)
    return pc.fill_null(pc.equal(look_up(code_cells(rule, texts), rule.codes, None), "true"), False)
