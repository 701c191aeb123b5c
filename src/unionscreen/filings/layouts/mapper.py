"""The generic mapper: which header of a file in an unknown format means which canonical column.

Synonyms are data (``headers.toml``). The strongest header wins. Two headers of equal strength are ambiguous. A wrong
guess about who gave, who received, how much or when would be a wrong accusation, so the user decides with ``--map``.
"""

from __future__ import annotations

import difflib
import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Final

from unionscreen.errors import MappingError, UnknownFormatError
from unionscreen.filings.layouts.column_rules import NAME_ROLES, ColumnRule, code_lookup
from unionscreen.filings.layouts.definitions import FILLABLE, SIDE_CODES
from unionscreen.filings.layouts.headers import normalize_header

STRENGTHS: Final = {"strong": 3, "plain": 2, "weak": 1}
# What the user may write for a canonical column in --map.
ALIASES: Final = {"amount": "amount_cents", "donor": "contributor", "type": "kind"}
# Decided in this order: a header that fits two columns goes to the first. Only "type" may serve two.
_ORDER: Final = (
    "amount_cents", "date", "contributor", "recipient", "recipient_id", "candidate", "office", "jurisdiction",
    "employer", "occupation", "city", "state", "kind", "contributor_type", "transaction_id", "filing_id", "memo",
)  # fmt: skip
_WHO: Final = ("contributor", "name.last", "name.organization")
# A wrong guess here would change who is accused of taking how much. Other ambiguous columns are left out.
_MUST_BE_CLEAR: Final = ("amount_cents", "date", "contributor", "recipient")
_TICKED: Final = (("x", "in-kind"), ("y", "in-kind"), ("yes", "in-kind"), ("true", "in-kind"), ("1", "in-kind"))
# Lines of the FEC's forms: 11, and 17A to 17D of Form 3P, are contributions; 12 and 18 transfers; 13 of Form 3 and 19
# of Form 3P loans; 14 to 17 offsets and other receipts; 20 of Form 3 and 28 of the others refunds of contributions.
# https://www.fec.gov/help-candidates-and-committees/filing-reports/
_FEC_LINES: Final = tuple(
    (f"{schedule}{line}", kind)
    for line, kind in (
        ("11*", "monetary"), ("12*", "transfer"), ("13*", "loan"), ("14*", "other"), ("15*", "other"), ("16*", "other"),
        ("17A*", "monetary"), ("17B*", "monetary"), ("17C*", "monetary"), ("17D*", "monetary"), ("17*", "other"),
        ("18*", "transfer"), ("19*", "loan"), ("20*", "refund"), ("28*", "refund"),
    )
    for schedule in ("", "SA", "SB")
)  # fmt: skip
# So many rows may have consecutive line numbers by chance. If there are more, the column numbers the rows.
_COUNTED_BY_CHANCE: Final = 3
# A cell that may be such a line. The lines of receipts and refunds are numbered from 11 to 30.
_FEC_LINE: Final = re.compile(r"(?:S[AB])?(?:1[1-9]|2[0-9]|30)[A-Z0-9]{0,3}", re.IGNORECASE | re.ASCII)
# Words in a cell that says which side was taken, such as "Oppose (mailer)". A cell of more words describes something.
_SIDE_WORDS: Final = 3
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)")
# Columns with names of people, firms and places. A donor may be called "Against Crime PAC": that takes no side.
_NAMES: Final = frozenset(
    ("contributor", "recipient", "employer", "occupation", "city", *(f"name.{role}" for role in NAME_ROLES))
)
# The start of the note that --recipient is not needed. An intake, which always gives it, drops this note.
RECIPIENT_UNUSED: Final = "--recipient is not used"
# Headers to show in an error; a table rarely has more, and a screen holds no more.
_SHOWN_HEADERS: Final = 60


@dataclass(frozen=True)
class Mapped:
    """The result of mapping a header line."""

    rules: Mapping[str, ColumnRule]
    notes: tuple[str, ...]


@cache
def header_vocabulary() -> dict[str, Any]:
    """The content of headers.toml."""
    text = (resources.files("unionscreen.filings.layouts") / "headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _claims() -> dict[str, dict[str, int]]:
    """Normalized header → canonical column (or ``name.last`` …) → strength."""
    out: dict[str, dict[str, int]] = {}
    raw = header_vocabulary()
    parts = {f"name.{role}": raw["name"][role] for role in NAME_ROLES}
    for canonical, lists in {**{name: raw[name] for name in _ORDER}, **parts}.items():
        for strength, headers in lists.items():
            for header in headers:
                out.setdefault(header, {})[canonical] = STRENGTHS[strength]
    return out


def show_headers(headers: Sequence[str]) -> str:
    """The headers of a file, quoted, for an error message."""
    named = [f'"{header.strip()}"' for header in headers if header.strip()]
    more = f" and {len(named) - _SHOWN_HEADERS} more" if len(named) > _SHOWN_HEADERS else ""
    return ", ".join(named[:_SHOWN_HEADERS]) + more


def score_header(headers: Sequence[str]) -> int:
    """How much a line looks like the header of contributions: the sum of the strengths of the columns it names."""
    best: dict[str, int] = {}
    for header in headers:
        for canonical, strength in _claims().get(normalize_header(header), {}).items():
            best[canonical] = max(strength, best.get(canonical, 0))
    return sum(best.values()) if len(best) > 1 else 0


_side: Final = code_lookup(SIDE_CODES, None)


def is_known_header(name: str) -> bool:
    """Whether a normalized header may mean a column of a contribution."""
    return name in _claims()


def has_transaction_ids(rules: Mapping[str, ColumnRule]) -> bool:
    """Whether a header can only mean the id of a transaction; "ID" alone may be the donor's."""
    rule = rules.get("transaction_id")
    return rule is not None and STRENGTHS["strong"] in find_strengths(rule.headers, "transaction_id").values()


def looks_like_expenditures(headers: Sequence[str]) -> list[str]:
    """The headers that only a list of spending has; empty when other headers mention contributors or receiving."""
    words = header_vocabulary()["expenditures"]
    names = [normalize_header(header) for header in headers]
    strong = STRENGTHS["strong"]
    if any(_claims().get(name, {}).get(part, 0) == strong for name in names for part in _WHO) or any(
        word in name for name in names for word in words["receipts"]
    ):
        return []
    return [h.strip() for h, name in zip(headers, names, strict=True) if any(word in name for word in words["words"])]


def spent_columns(
    headers: Sequence[str], cells: Sequence[Sequence[str]] | None = None, mapping: Mapping[str, str] | None = None
) -> list[str]:
    """The headers that show a table of money that was spent. Read as receipts, spending would turn into gifts.

    Some headers are certain whatever the others are ("Support/Oppose" is next to the name of the payee, which looks
    like a donor), or their column takes sides. Others, such as "Payee", count only if no header mentions contributors
    or receiving.

    Args:
        headers: of the table.
        cells: the first rows by column, in which an empty certain column does not count; None if not known.
        mapping: ``--map``: a column that holds names by it takes no side.
    """
    named = {
        at
        for written, value in (mapping or {}).items()
        if canonical_name(written) in _NAMES
        for part in split_mapping(headers, value)
        for at in find_header(headers, part)
    }
    certain = [
        header.strip() or "(no name)"
        for at, header in enumerate(headers)
        if _is_certain(normalize_header(header), None if cells is None else cells[at], named=at in named)
    ]
    return certain or looks_like_expenditures(headers)


def _is_certain(name: str, cells: Sequence[str] | None, *, named: bool) -> bool:
    known = header_vocabulary()["expenditures"]
    sides = any(word in name for word in known["sides"]) and not any(word in name for word in known["chance"])
    if sides or name in known["certain"]:
        return cells is None or any(cells)
    return cells is not None and not named and not _holds_names(name) and _takes_sides(cells)


def _holds_names(name: str) -> bool:
    claims = _claims().get(name, {}).keys()
    return not claims.isdisjoint(_NAMES) and "candidate" not in claims


def _takes_sides(cells: Sequence[str]) -> bool:
    """Whether a column is about support or opposition.

    Its cells are short. One of them is a word for opposition ("Against"), or half of them begin with one; or each is a
    whole word for a side, such as "pro" and "con". A single letter may be a code for anything.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    phrases = [re.findall(r"[a-z]+", cell.lower()) for cell in filled]
    if any(len(words) > _SIDE_WORDS for words in phrases):
        return False
    against = {*header_vocabulary()["expenditures"]["against"]}
    if any(_IN_BRACKETS.sub("", cell).strip(" .:-").lower() in against for cell in filled):
        return True
    begin = sum(bool(words) and words[0] in against for words in phrases)
    sides = {_side(cell) if len(cell) > 1 else None for cell in filled}
    return 0 < len(filled) <= 2 * begin or ("oppose" in sides and None not in sides)


def running_numbers(headers: Sequence[str], cells: Sequence[Sequence[str]] | None) -> set[int]:
    """Positions of columns that are named like the lines of a form but number the rows of the table.

    Read as lines of the FEC's forms, the thirteenth row would be a loan.

    Args:
        headers: of the table.
        cells: the first rows by column; None if not known.
    """
    named = [at for at, header in enumerate(headers) if normalize_header(header) == "linenumber"]
    return {at for at in named if cells is not None and not _are_lines([cell for cell in cells[at] if cell])}


def _are_lines(cells: Sequence[str]) -> bool:
    """Whether all cells may be lines of the FEC's forms, and are not simply consecutive numbers."""
    if not all(_FEC_LINE.fullmatch(cell) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    counts = all(later == earlier + 1 for earlier, later in itertools.pairwise(numbers))
    return len(cells) <= _COUNTED_BY_CHANCE or len(numbers) < len(cells) or not counts


def word_codes(canonical: str, header: str = "") -> ColumnRule:
    """The rule that classifies a type column by the words in its cells.

    Args:
        canonical: ``kind`` or ``contributor_type``.
        header: the column; one named "In-Kind" may hold only a check mark.
    """
    codes = tuple(header_vocabulary()["words"][canonical].items())
    if canonical == "kind" and normalize_header(header) in ("inkind", "nonmonetary"):
        codes += _TICKED
    if canonical == "kind" and normalize_header(header) == "linenumber":
        codes += _FEC_LINES
    default = "monetary" if canonical == "kind" else "unknown"
    return ColumnRule("codes", (header,) if header else (), codes=codes, default=default)


def _name_in_parts(headers: Sequence[str], used: set[int], whole: int | None, strength: int) -> ColumnRule | None:
    """The contributor from one column, or from parts if no column certainly holds the whole name."""
    parts: dict[str, int] = {}
    for role in NAME_ROLES:
        found = _best(headers, f"name.{role}", used)
        if len(found) == 1 and (role != "organization" or _strength(headers, found[0], f"name.{role}") > 1):
            parts[role] = found[0]
    if whole is not None and ("last" not in parts or strength == STRENGTHS["strong"]):
        if parts.get("organization") in (None, whole):
            return None
        # Some files have the names of people and of organizations in two columns, of which one is filled.
        parts = {"last": whole, "organization": parts["organization"]}
    if "last" not in parts and "organization" not in parts:
        return None
    roles = tuple(role for role in NAME_ROLES if role in parts)
    at = tuple(parts[role] for role in roles)
    return ColumnRule("name", tuple(headers[position] for position in at), roles=roles, at=at)


def _strength(headers: Sequence[str], at: int, canonical: str) -> int:
    return _claims().get(normalize_header(headers[at]), {}).get(canonical, 0)


def find_strengths(headers: Sequence[str], canonical: str) -> dict[int, int]:
    """Positions of the headers that may mean a canonical column, and how strongly each does."""
    return {at: strength for at in range(len(headers)) if (strength := _strength(headers, at, canonical))}


def _best(headers: Sequence[str], canonical: str, used: set[int]) -> list[int]:
    """Positions of the headers that fit a canonical column best."""
    claims = {at: strength for at, strength in find_strengths(headers, canonical).items() if at not in used}
    top = max(claims.values(), default=0)
    return [at for at, strength in claims.items() if strength == top]


def map_headers(
    headers: Sequence[str],
    *,
    source: str,
    mapping: Mapping[str, str] | None = None,
    recipient: str | None = None,
    base: Mapping[str, ColumnRule] | None = None,
    hidden: Set[int] = frozenset(),
    unsaid: Set[int] = frozenset(),
) -> Mapped:
    """The canonical columns of a file by its headers and the user's options.

    Args:
        headers: as in the file.
        source: for messages.
        mapping: ``--map``: canonical column to header, or headers joined by ``+``; takes precedence.
        recipient: ``--recipient``: who received, for files that do not say.
        base: columns already settled (a detected format); nothing is guessed then.
        hidden: positions of columns that only supplement an earlier one with the same header.
        unsaid: positions of columns that are ignored unless the user names them.

    Raises:
        UnknownFormatError: no header means the contributor, or none the amount.
        MappingError: two headers fit equally well, a header is missing, or no column says who received.
    """
    chosen = _user_rules(headers, mapping or {}, source, hidden)
    notes: list[str] = []
    rules = dict(base or {}) if base is not None else _guess(headers, chosen, notes, source, hidden | unsaid)
    rules.update(chosen)
    if missing := [name for name in ("contributor", "amount_cents") if name not in rules]:
        raise _unknown(headers, missing, source, told=base is not None)
    if "recipient" not in rules:
        if recipient is None:
            raise MappingError(
                "no column says who received these contributions",
                source=source,
                hint='pass --recipient "Committee Name", or --map recipient="Header"; '
                f"the headers are: {show_headers(headers)}",
            )
        rules["recipient"] = ColumnRule("constant", value=recipient)
        rules.pop("recipient_id", None)  # it is unclear whose id it is: in such files it is often the donor's
    elif recipient is not None:
        column = " + ".join(rules["recipient"].headers)
        notes.append(f'{RECIPIENT_UNUSED}: the column "{column}" says who received')
    if base is None and "date" not in rules:
        notes.append('no column for the date: dates are empty (name one with --map date="Header")')
    if base is None and "kind" not in rules:
        notes.append(
            "no column for the kind of receipt: loans, gifts in kind and refunds cannot be distinguished from gifts of "
            "money"
        )
    return Mapped(rules, tuple(notes))


def _guess(
    headers: Sequence[str], chosen: Mapping[str, ColumnRule], notes: list[str], source: str, hidden: Set[int]
) -> dict[str, ColumnRule]:
    used = {at for rule in chosen.values() for at in rule.positions} | hidden
    rules: dict[str, ColumnRule] = {}
    for canonical in _ORDER:
        if canonical in chosen:
            continue
        found = _best(headers, canonical, used)
        strength = _strength(headers, found[0], canonical) if found else 0
        if canonical == "contributor":
            rule = _name_in_parts(headers, used, found[0] if len(found) == 1 else None, strength)
            if rule is not None and (strength < STRENGTHS["strong"] or len(found) == 1):
                rules[canonical] = rule
                used.update(rule.at)
                continue
        if len(found) > 1 and canonical == "kind":  # the words of all these columns are read
            names = tuple(headers[at] for at in found)
            rules[canonical] = replace(word_codes(canonical), headers=names, at=tuple(found))
        elif len(found) > 1:
            if canonical in _MUST_BE_CLEAR:
                raise _ambiguous(headers, canonical, found, source)
            notes.append(f"{canonical}: left out, it could be {' or '.join(_quoted(headers, found))}")
        elif found:
            rules[canonical] = _rule_for(canonical, headers[found[0]], found[0])
            if canonical != "kind":  # the same type column may also hold the contributor type
                used.add(found[0])
    return rules


def _rule_for(canonical: str, header: str, at: int) -> ColumnRule:
    if canonical in ("kind", "contributor_type"):
        return replace(word_codes(canonical, header), at=(at,))
    if canonical == "memo":
        return ColumnRule("flag", (header,), codes=(("x", "true"),), at=(at,))
    return ColumnRule("text", (header,), at=(at,))


def _quoted(headers: Sequence[str], found: Sequence[int]) -> list[str]:
    return [f'"{headers[at].strip()}"' for at in found]


def _ambiguous(headers: Sequence[str], canonical: str, found: Sequence[int], source: str) -> MappingError:
    name = "amount" if canonical == "amount_cents" else canonical
    first = headers[found[0]].strip()
    return MappingError(
        f"the {name} could be {' or '.join(_quoted(headers, found))}",
        source=source,
        hint=f'say which: --map {name}="{first}"; the headers are: {show_headers(headers)}',
    )


def _unknown(headers: Sequence[str], missing: Sequence[str], source: str, *, told: bool) -> UnknownFormatError:
    why = "not all headers of its format are there" if told else "no known format has these headers"
    names = ["amount" if name == "amount_cents" else name for name in missing]
    maps = " ".join(f'--map {name}="…"' for name in names)
    return UnknownFormatError(
        f"{why}, and they do not say which column is the {' and the '.join(names)}",
        source=source,
        hint=f"name the columns: {maps}; the headers are: {show_headers(headers)}",
    )


def find_header(headers: Sequence[str], wanted: str) -> list[int]:
    """Positions of the headers equal to ``wanted``: exactly, else without case and punctuation."""
    exact = [at for at, header in enumerate(headers) if header.strip() == wanted.strip()]
    key = normalize_header(wanted)
    return exact or [at for at, header in enumerate(headers) if key and normalize_header(header) == key]


def split_mapping(headers: Sequence[str], written: str) -> list[str]:
    """The headers that a ``--map`` value names: one equal to the whole value, else its parts between ``+``."""
    if find_header(headers, written):
        return [written]
    return [part.strip() for part in written.split("+")]


def canonical_name(written: str) -> str:
    """The canonical column a user means.

    Raises:
        MappingError: there is none; the hint lists them.
    """
    name = ALIASES.get(written.strip(), written.strip())
    if name in FILLABLE:
        return name
    near = difflib.get_close_matches(name, FILLABLE, n=1)
    did_you_mean = f"did you mean {near[0]}? " if near else ""
    shown = ", ".join("amount" if column == "amount_cents" else column for column in FILLABLE)
    raise MappingError(
        f"--map: there is no column {written!r}", cell=written, hint=f"{did_you_mean}the columns are: {shown}"
    )


def _user_rules(
    headers: Sequence[str], mapping: Mapping[str, str], source: str, hidden: Set[int]
) -> dict[str, ColumnRule]:
    rules: dict[str, ColumnRule] = {}
    for written, value in mapping.items():
        canonical = canonical_name(written)
        at: list[int] = []
        for part in split_mapping(headers, value):
            found = find_header(headers, part)
            found = [at for at in found if at not in hidden] or found
            if len(found) != 1:
                problem = "is not a header of this file" if not found else "is the header of several columns"
                near = difflib.get_close_matches(part, [h.strip() for h in headers], n=1)
                did_you_mean = f'did you mean "{near[0]}"? ' if near and not found else ""
                raise MappingError(
                    f'--map {written}: "{part}" {problem}',
                    source=source,
                    cell=part,
                    hint=f"{did_you_mean}the headers are: {show_headers(headers)}",
                )
            at += found
        rules[canonical] = _user_rule(canonical, headers, at)
    return rules


def _user_rule(canonical: str, headers: Sequence[str], at: Sequence[int]) -> ColumnRule:
    """One column as it is; parts of a name as "Last, First" if the headers name the parts; else joined by blanks."""
    if len(at) == 1:
        return _rule_for(canonical, headers[at[0]], at[0])
    names = tuple(headers[position] for position in at)
    claims = [_claims().get(normalize_header(name), {}) for name in names]
    roles = tuple(next((role for role in NAME_ROLES if f"name.{role}" in claim), "") for claim in claims)
    if all(roles) and len(set(roles)) == len(roles) and "last" in roles:
        return ColumnRule("name", names, roles=roles, at=tuple(at))
    return ColumnRule("words", names, at=tuple(at))
