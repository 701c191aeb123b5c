"""Missing columns of a known format: a note says what cannot be known without them, and no money is lost.

Exports leave columns out: an option was not selected, a newsroom made a copy, the year is another. A missing code
column counts as an empty code. If gifts of money could then not be distinguished from other rows, rows count as gifts,
and a note says so: a total of $0.00 would look like "no police money".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from unionscreen.contributions import PAYMENTS
from unionscreen.filings.layouts.column_rules import NAME_ROLES, ColumnRule, code_lookup
from unionscreen.filings.layouts.definitions import FilingFormat
from unionscreen.filings.layouts.headers import normalize_header

# The words for rows of each kind in a sentence.
_KINDS: Final = {
    "monetary": "gifts of money",
    "in-kind": "gifts in kind",
    "loan": "loans",
    "refund": "refunds",
    "transfer": "transfers",
    "contribution-made": "contributions made",
    "independent-expenditure": "independent spending",
    "expenditure": "payments to vendors",
    "other": "rows that are not contributions",
}
# Parts that may be the whole name of a donor; a first name or a suffix is not.
_TELLING_ROLES: Final = ("last", "organization")
# What cannot be known without a column, apart from the kinds. No answer depends on the occupation.
_WITHOUT: Final = {
    "recipient": "only other columns say who received",
    "recipient_id": "only their names distinguish committees",
    "candidate": "only the committee's name says who the candidate is",
    "office": "only the words in a committee's name show that it is a prosecutor's",
    "jurisdiction": "two prosecutors with the same name in two places cannot be distinguished",
    "contributor": "donors that are named only there are not seen",
    "contributor_type": "the file does not distinguish persons from organizations",
    "employer": "the employers of donors are not known",
    "city": "a donor's city cannot help to distinguish unions with the same name",
    "state": "a donor's state cannot help to distinguish unions with the same name",
    "date": "the dates of gifts are not known: not whether before or after a pledge",
    "amount_cents": "amounts in it are not added",
    "outgoing": "money that the filer paid out cannot be distinguished from what it received",
    "promised": "unpaid pledges cannot be distinguished from gifts",
    "memo": "memo items, which repeat other rows, cannot be distinguished and count",
    "support_oppose": "spending for a candidate cannot be distinguished from spending against",
    "payee": "the vendors who were paid are not known",
    "status": "rows that were amended or voided cannot be distinguished and count",
}
_TWICE: Final = "a gift in both counts twice"
# The same, where it is otherwise of money that the filer paid out.
_WITHOUT_IN_PAYMENTS: Final = {
    "recipient": "whom a contribution was made to cannot be told",
    "candidate": "whom independent spending is about cannot be told",
    "date": "when a payment was made cannot be told: a gift cannot be compared with the recipient's own filing",
    "contributor": "who paid cannot be told",
    "giver_id": "givers are distinguished by their names alone",
    "filing_id": f"an amended report cannot be told from the one that it replaces; {_TWICE}",
    "amendment": f"an amended report cannot be told from the one that it replaces; {_TWICE}",
    "transaction_id": "a payment that is listed on two schedules cannot be told from two payments",
    "late": f"24-hour notices cannot be told from periodic reports; {_TWICE}",
}
# The same, of columns that only the rules of some formats look at.
_BY_RULE: Final = {
    "amendments": {
        "filing_id": f"an amended report cannot be distinguished from the one that it replaces; {_TWICE}",
        "amendment": f"an amended report cannot be distinguished from the one that it replaces; {_TWICE}",
    },
    "duplicates": {"transaction_id": "a row that repeats another cannot be distinguished from a second gift"},
    "late": {
        "late": f"late reports cannot be distinguished from periodic ones; {_TWICE}",
        "period_begin": f"only its rows show which days a report covers; {_TWICE}",
        "period_end": f"only its rows show which days a report covers; {_TWICE}",
    },
}


@dataclass(frozen=True)
class Settled:
    """The rules of a format for a file that lacks some of its columns, and notes on what cannot be known then."""

    rules: Mapping[str, ColumnRule]
    notes: tuple[str, ...]


def settle_absent(
    found: FilingFormat, rules: Mapping[str, ColumnRule], there: Collection[str], headers: Sequence[str]
) -> Settled:
    """Adapt the rules of a format to the columns that a file lacks, and note what cannot be known.

    Args:
        found: the format.
        rules: its rules, bound to the columns that the file has.
        there: the headers of the file, normalized, and those of joined files.
        headers: the headers of the file in their order, as spelled.
    """
    settled = dict(rules)
    by_sentence: dict[str, list[str]] = {}
    sentences = _WITHOUT | (_WITHOUT_IN_PAYMENTS if found.paid else {})
    for name in (*found.accounting, *(["duplicates"] if found.unique_id else [])):
        sentences |= _BY_RULE.get(name, {})
    own = {normalize_header(header) for header in found.file_columns}
    for canonical, rule in found.columns.items():
        lacking = _lacking(canonical, rule, own, there, rules.get(canonical))
        if not lacking:
            continue
        if canonical == "kind":
            settled["kind"], sentence = _settle_kind(rule, rules.get("kind"), there)
        else:
            sentence = sentences.get(canonical)
        if sentence is not None:
            named = by_sentence.setdefault(sentence, [])
            named += [header for header in lacking if header not in named]
    for canonical, rule in found.payments.items():
        bound = rule if any(normalize_header(header) in there for header in rule.headers) else None
        lacking = _lacking(canonical, rule, own, there, bound)
        sentence = (_WITHOUT | _WITHOUT_IN_PAYMENTS).get(canonical, "what the filer paid for cannot be known")
        named = by_sentence.setdefault(sentence, [])
        named += [header for header in lacking if header not in named]
    for pair in found.extra_amounts:
        lacking = [header for header in pair if normalize_header(header) not in there]
        by_sentence.setdefault(_WITHOUT["amount_cents"], []).extend(lacking)
    doubled = [
        f'no second "{header}" column: it is not known which of the two is there; check what it holds'
        for header, count in Counter(found.file_columns).items()
        if header and count > 1 and headers.count(header) == 1
    ]
    said = [f"no {_columns(named)}: {sentence}" for sentence, named in by_sentence.items() if named]
    return Settled(settled, (*doubled, *said))


def _columns(headers: list[str]) -> str:
    """Headers in a sentence.

    >>> _columns(["Type"]), _columns(["Type", "Form"])
    ('"Type" column', '"Type" and no "Form" column')
    """
    return " and no ".join(f'"{header}"' for header in headers) + " column"


def _lacking(
    canonical: str, rule: ColumnRule, own: Collection[str], there: Collection[str], bound: ColumnRule | None
) -> list[str]:
    """The headers of this rule that the file lacks and that nothing replaces."""
    lacking = [
        header for header in rule.headers if normalize_header(header) in own and normalize_header(header) not in there
    ]
    if not lacking or bound is None:
        return lacking
    if rule.how == "text":  # any of its headers is enough
        return []
    if any(normalize_header(header) in there and normalize_header(header) not in own for header in rule.headers):
        return []  # another layout of the agency has other names for the same
    if rule.how == "name":
        roles = dict(zip(rule.headers, rule.roles, strict=True))
        telling = _TELLING_ROLES if canonical == "contributor" else NAME_ROLES
        return [header for header in lacking if roles[header] in telling]
    if rule.how in ("codes", "flag"):
        none_there = not any(normalize_header(header) in there for header in rule.headers)
        return lacking if none_there or any(_reach(rule, there)[1:]) else []
    return lacking


def _reach(rule: ColumnRule, there: Collection[str]) -> tuple[list[str], list[str], list[str]]:
    """The values of the codes that rows can still have, that they may lack, and that no row can have."""
    whole: list[str] = []
    partly: list[str] = []
    never: list[str] = []
    absent = [normalize_header(header) not in there for header in rule.headers]
    for pattern, value in rule.codes:
        parts = pattern.split("|")
        if not pattern.strip("*|"):
            whole.append(value)
        elif all(absent):
            never.append(value)
        elif len(parts) == len(absent):
            asks = any(part.strip("*") and lacks for part, lacks in zip(parts, absent, strict=True))
            (never if asks else whole).append(value)
        else:  # the text may be in any of the columns
            (partly if any(absent) else whole).append(value)
    return whole, partly, never


def _usual(rule: ColumnRule, kinds: Collection[str | None]) -> str:
    """What rows of a format mostly are: gifts of money, payments to vendors, or what its first code says."""
    if rule.default in PAYMENTS:
        return rule.default
    return "monetary" if "monetary" in kinds else rule.codes[0][1]


def _settle_kind(rule: ColumnRule, bound: ColumnRule | None, there: Collection[str]) -> tuple[ColumnRule, str | None]:
    """The rule for kinds, with a default for rows without a code, and a note on what cannot be distinguished."""
    whole, partly, never = _reach(rule, there)
    if not rule.codes:
        return ColumnRule("constant", value=rule.default), None
    usual = _usual(rule, {*whole, *partly, *never, rule.default})
    default = rule.default if usual in {*whole, *partly, rule.default} else usual
    if bound is not None and bound.how == "codes":
        settled = replace(bound, default=default)
    else:  # every row has the empty code
        settled = ColumnRule("constant", value=code_lookup(rule.codes, default)("|" * (len(rule.headers) - 1)))
    mixed = {*partly, *never, *([rule.default] if default != rule.default else [])} - {usual}
    if settled.how == "constant":  # rows of every kind count alike
        mixed |= {*whole, rule.default} - {settled.value}
    others = [kind for kind in _KINDS if kind in mixed]
    if not others:
        return settled, None
    told = " and ".join(filter(None, (", ".join(_KINDS[kind] for kind in others[:-1]), _KINDS[others[-1]])))
    verb = "cannot" if never or settled.how == "constant" else "cannot always"
    counted = "" if default == rule.default else f"; what no other column marks counts as {_KINDS[usual]}"
    return settled, f"{told} {verb} be distinguished from {_KINDS[usual]}{counted}"
