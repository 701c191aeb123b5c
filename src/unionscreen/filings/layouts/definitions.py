"""Filing formats as data: one TOML file each under ``formats/``, loaded into frozen dataclasses.

A new agency is one TOML file and one sample. How a canonical column is written in TOML::

    recipient = "Recipient Name"                        one column of the file
    recipient = ["Filer Name", "FilerNaml"]             the first of these headers that the file has
    contributor = { last = "…", first = "…" }           a name in parts: last, first, middle, suffix, organization;
                                                        of a part that is a list, the first that is filled
    filing_id = { join = ["…", "…"], separator = "/" }  all parts joined; empty when one of them is
    contributor = { words = ["…", "…"] }                the parts that are not empty, side by side
    office = { first_of = ["…", "cvr.OFFICE_CD"] }      the first that is filled, row by row; see ``[join]``
    city = { city_of = "Address" }                      out of "street, city, ST, zip" or "city, ST zip"
    office = { from = "…", pattern = "(?P<found>…)" }   what the regular expression finds in it
    amount_cents = { sum = ["Cash", "In kind"] }        several amounts of a row as one
    kind = { from = ["Type"], default = "monetary", codes = { "InKind" = "in-kind" } }
    memo = { from = "MEMO_CD", true_for = ["X"] }     and before them false_for = ["…"]

Any of them may also have: ``missing = ["N/A"]``, cell texts that mean "nothing here"; ``drop = "…"``, a regular
expression whose matches are removed; ``when = { from = "…", true_for = ["…"] }``, which empties the column where the
flag is not true. Headers are compared by their exact spelling first, then by ``normalize_header``. Codes are compared
without case; ``*`` stands for any text (in ``missing`` too), and the first that matches wins. If ``from`` has several
columns, their values are joined by ``|``. ``extends = "other-id"`` inherits everything from another format that is not
redefined. A column with codes may be given only a new ``from``, and ``false`` removes a column.

``[columns]`` may also define how a row counts (``ACCOUNTING_COLUMNS``). ``[join.NAME]`` names a file of the agency
that holds more about the recipients (``lookup_files.toml``), whose columns are then ``NAME.COLUMN``::

    [join.cvr]
    file = "ca-cvr"                                     its id in lookup_files.toml
    on = { FILING_ID = "FILING_ID" }                    our column (or that of an earlier join) = its column
    lost = "the names of committees"                    what is lost without it
    last_by = "EFFECT_DT"                               of several rows with one key the last by this column

``paid = true`` is a table of money that the filer paid out, and of nothing else.
``[payments]`` has columns as ``[columns]`` has: how the rows are read that ``outgoing`` marks as money paid out. There
the filer is the contributor, and ``kind`` says what was paid (``contributions.PAYMENTS``).

``[[files]]`` are columns that only the file name determines: ``name = "*schedule-c*"``, ``kind = "in-kind"``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from unionscreen.contributions import COLUMNS, CONTRIBUTOR_TYPES, KINDS
from unionscreen.errors import UsageError
from unionscreen.filings.layouts.column_rules import NAME_ROLES, PLEDGE_CODES, ColumnRule
from unionscreen.saved_index import IndexFile

# The jurisdiction of formats that belong to no state.
NATIONAL: Final = "US"


# Columns that a definition or a mapping may fill. We fill source, row and format.
FILLABLE: Final = tuple(name for name in COLUMNS if name not in ("source", "row", "format"))
# How a row counts according to the file. ``accounting`` reads these columns; reports show the status of the row.
ACCOUNTING_COLUMNS: Final = {
    "status": "codes: superseded, void, …; empty is active",
    "late": "a flag: a late or 24-hour report, which the periodic report of its date repeats",
    "second": "a flag, of a payment: another schedule of the same form lists it too (Schedule E of FPPC 460: D)",
    "worded": "a flag, of a payment: only the filer's own words, and no code, may say that it is a gift",
    "period_begin": "the first day that the report covers",
    "period_end": "the last day that the report covers",
    "form_line": "the schedule or line of the form that the row stands on, to compare with the form's own sums",
    "election": "the election that a gift is for: one id may stand for a gift to each of two",
    "outgoing": "a flag: money that the filer paid out; the row is read by ``[payments]``, or rejected without it",
    "support_oppose": "codes of a payment: support or oppose, of whom the row names; unknown where it does not say",
    "giver_id": "the agency's id of the committee that gave: of a payment, the filer",
    "payee": "of independent spending: the vendor that was paid, who is nobody's recipient",
    "promised": "a flag: an unpaid pledge and nothing else; the row is rejected, for no money was given",
    "listing": "codes: first or second, where a portal lists one gift under two headings",
    "entry": "for ``listing``: the values that must be equal in both",
}
POSITIONS: Final = ("support", "oppose", "unknown")
# The words for a side in a column of sides, as agencies and newsrooms write them; added to the codes of each format.
# A cell that names both sides is a heading, not an answer.
SIDE_CODES: Final = (
    ("*support*oppos*", "unknown"),
    ("*oppos*support*", "unknown"),
    *(
        (word, "support")
        for word in ("support*", "in support*", "s", "sup", "sup.", "for", "pro", "favo*r*", "in favo*r*")
    ),
    *((word, "oppose") for word in ("oppos*", "in oppos*", "o", "opp", "opp.", "against*", "anti", "con", "contra")),
)
ROW_STATUSES: Final = ("superseded", "covered", "duplicate", "memo", "void")
_ALLOWED: Final = {
    "kind": KINDS, "contributor_type": CONTRIBUTOR_TYPES, "status": ROW_STATUSES, "support_oppose": POSITIONS,
}  # fmt: skip


@dataclass(frozen=True)
class Signature:
    """How a file of this format is recognized. Any one test is enough."""

    headers: tuple[tuple[str, ...], ...] = ()
    """Sets of normalized headers that must all be there, in any order; ``!name`` must not be there."""
    fields: int | None = None
    """Without a header line: the exact number of fields."""
    cells: tuple[tuple[int, str], ...] = ()
    """Without a header line: position and regular expression, tested on the first rows."""


@dataclass(frozen=True)
class Join:
    """A file of the agency that holds more about the recipients than the contributions do."""

    name: str
    file: str
    """Its id in ``lookup_files.toml``."""
    on: tuple[tuple[str, str], ...]
    """Our column and its column, for each part of the key."""
    lost: str
    """What is lost without it."""
    last_by: str | None = None
    """Of several rows with the same key, the last by this column counts; None: the last in the file."""
    only: tuple[tuple[str, str], ...] = ()
    """Its columns and the value that each must have; other rows of the file are not looked at."""


@dataclass(frozen=True)
class FilingFormat:
    """One agency's layout. See the module's docstring for the TOML."""

    id: str
    title: str
    agency: str
    jurisdiction: str
    urls: tuple[str, ...]
    source: str
    """Where the layout and its codes were read."""
    checked: Literal["real", "layout", "mapped"]
    """``real``: run on a real filing; ``layout``: written from the published layout; ``mapped``: headers guessed."""
    columns: Mapping[str, ColumnRule]
    signature: Signature = field(default_factory=Signature)
    file_columns: tuple[str, ...] = ()
    """The headers of the file in order; for a headerless format the order is binding."""
    has_header: bool = True
    delimiter: str | None = None
    """None: found out from the file."""
    quoting: bool | None = None
    """Whether ``"`` quotes a field; None: found out from the file."""
    date_formats: tuple[str, ...] = ()
    variant_columns: tuple[str, ...] = ()
    """Headers that only some exports of this layout have."""
    extends: str | None = None
    """The format of the same family that this one was written from."""
    refuse: str | None = None
    """Why such a file is not a list of contributions; the error message for it."""
    accounting: tuple[str, ...] = ()
    """How filings of this format repeat rows, as in ``accounting.Rules``: amendments, duplicates, late."""
    unique_id: Literal["", "agency", "filing"] = ""
    """The scope in which a transaction id is unique: a row with the same id, and the same values in the columns of
    ``accounting.repeats``, is the same transaction. Empty: ids say nothing, or ``accounting`` has a rule for them."""
    line_breaks: bool = False
    """Whether the lines of a cell mean different things."""
    compiled: str = ""
    """A header that identifies a file compiled from several exports: what it lists twice may be two gifts."""
    notes: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    """Files that are joined when they are given too."""
    files: tuple[Mapping[str, str], ...] = ()
    """Columns that only the file name determines: ``name`` is a pattern, the rest canonical columns and their value."""
    extra_amounts: tuple[tuple[str, str], ...] = ()
    """Additional pairs of date and amount in the same row. Each filled pair is a separate contribution."""
    pdf: Mapping[str, Any] | None = None
    """How the form is read from the pages of a PDF, as in ``pdf.forms``."""
    paid: bool = False
    """Whether every row is money that the filer paid out: the filer is the contributor, and ``kind`` a payment's."""
    refunds_are_payments: bool = False
    """Whether a negative payment among receipts is a gift that was paid back, and not a payment that was voided."""
    payments: Mapping[str, ColumnRule] = field(default_factory=dict)
    """How the rows are read that ``outgoing`` marks: the filer is their contributor. Empty: they are rejected."""
    row_caps: tuple[int, ...] = ()
    """Numbers of rows at which the agency's portal truncates an export silently."""

    @property
    def state(self) -> str:
        """The state that the agency is in, two letters; empty for national agencies and unknown layouts."""
        return "" if self.jurisdiction[:2] in ("", NATIONAL) else self.jurisdiction[:2]

    def to_dict(self) -> dict[str, Any]:
        """Everything known about the format as plain values, for ``formats show --json``."""
        out = asdict(self)
        out["columns"] = {name: describe_rule(rule) for name, rule in self.columns.items()}
        out["payments"] = {name: describe_rule(rule) for name, rule in self.payments.items()}
        return out


def describe_rule(rule: ColumnRule) -> dict[str, Any]:
    """A rule without its empty fields, as plain values."""
    out: dict[str, Any] = {"how": rule.how}
    if rule.headers:
        out["headers"] = list(rule.headers)
    if rule.roles:
        out["roles"] = list(rule.roles)
    if rule.codes:
        out["codes"] = dict(rule.codes)
    for name in ("value", "default", "drop"):
        if getattr(rule, name) is not None:
            out[name] = getattr(rule, name)
    if rule.missing:
        out["missing"] = list(rule.missing)
    return out


def _strings(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _rule(where: str, written: str | list[str] | dict[str, Any]) -> ColumnRule:
    if isinstance(written, (str, list)):
        return ColumnRule("text", _strings(written))
    given = dict(written)
    missing, drop = _strings(given.pop("missing", [])), given.pop("drop", None)
    when = _rule(where, given.pop("when")) if "when" in given else None
    return replace(_plain_rule(where, given), missing=missing, drop=drop, when=when)


def _plain_rule(where: str, written: dict[str, Any]) -> ColumnRule:
    keys = set(written)
    if "column" in keys:
        return ColumnRule("text", _strings(written["column"]))
    if "join" in keys:
        return ColumnRule("join", _strings(written["join"]), separator=written.get("separator", " "))
    if "first_of" in keys:
        headers = _strings(written["first_of"])
        return ColumnRule("name", headers, roles=("last",) * len(headers))
    if "words" in keys:
        return ColumnRule("words", _strings(written["words"]))
    if "sum" in keys:
        return ColumnRule("sum", _strings(written["sum"]))
    if "city_of" in keys:
        return ColumnRule("city", (written["city_of"],))
    if "state_of" in keys:
        return ColumnRule("state", (written["state_of"],))
    if "pattern" in keys:
        if "found" not in re.compile(written["pattern"]).groupindex:
            raise ValueError(f"{where}: the pattern has no (?P<found>…)")
        return ColumnRule("extract", (written["from"],), value=written["pattern"])
    if "true_for" in keys:
        codes = tuple((code, "false") for code in _strings(written.get("false_for", [])))
        codes += tuple((code, "true") for code in _strings(written["true_for"]))
        return ColumnRule("flag", _strings(written["from"]), codes=codes)
    if "codes" in keys:
        codes = tuple(written["codes"].items())
        return ColumnRule("codes", _strings(written["from"]), codes=codes, default=written["default"])
    if keys <= set(NAME_ROLES):
        parts = [(role, header) for role in NAME_ROLES if role in keys for header in _strings(written[role])]
        return ColumnRule("name", tuple(header for _, header in parts), roles=tuple(role for role, _ in parts))
    raise ValueError(f"{where}: cannot tell what {sorted(keys)} means")


def _inherit(base: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """A definition with what it inherits from the one it extends."""
    columns = dict(base["columns"])
    for name, written in raw.get("columns", {}).items():
        if written is False:
            columns.pop(name, None)
        elif isinstance(written, dict) and isinstance(columns.get(name), dict) and set(written) == {"from"}:
            columns[name] = {**columns[name], **written}
        else:
            columns[name] = written
    pdf = {**base.get("pdf", {}), **raw.get("pdf", {})}
    if every := pdf.pop("each", {}):  # what differs in each section of another edition
        pdf["section"] = [{**section, **every} for section in pdf["section"]]
    return {**base, **raw, "columns": columns} | ({"pdf": pdf} if pdf else {})


def _with_base(format_id: str, texts: Mapping[str, str]) -> dict[str, Any]:
    raw = tomllib.loads(texts[format_id])
    return _inherit(_with_base(raw["extends"], texts), raw) if "extends" in raw else raw


def parse_format(format_id: str, text: str, others: Mapping[str, str] | None = None) -> FilingFormat:
    """A format from the text of its TOML file.

    Args:
        format_id: its name.
        text: the TOML.
        others: the texts of the formats that it may extend, by id.

    Raises:
        ValueError: a key or code is unknown. Then our own data is wrong, which a test finds.
    """
    return _format_of(format_id, _with_base(format_id, {**(others or {}), format_id: text}))


def _format_of(format_id: str, raw: dict[str, Any]) -> FilingFormat:
    """A format from its content and what it inherits."""
    columns = _columns(format_id, raw.pop("columns"))
    payments = _columns(format_id, raw.pop("payments", {}))
    if raw.get("delimiter") == "any":  # of a format that extends one with its own delimiter
        raw |= {"delimiter": None, "quoting": None}
    signature = raw.pop("signature")
    return FilingFormat(
        id=format_id,
        columns=columns,
        payments=payments,
        signature=Signature(
            headers=tuple(tuple(option) for option in signature.get("headers", [])),
            fields=signature.get("fields"),
            cells=tuple((int(at), pattern) for at, pattern in signature.get("cells", {}).items()),
        ),
        urls=tuple(raw.pop("urls")),
        file_columns=tuple(raw.pop("file_columns")),
        variant_columns=tuple(raw.pop("variant_columns", [])),
        date_formats=tuple(raw.pop("date_formats")),
        accounting=tuple(raw.pop("accounting", [])),
        notes=tuple(raw.pop("notes", [])),
        joins=tuple(_join(name, written) for name, written in raw.pop("join", {}).items()),
        files=tuple(raw.pop("files", [])),
        extra_amounts=tuple((day, amount) for day, amount in raw.pop("extra_amounts", [])),
        row_caps=tuple(raw.pop("row_caps", [])),
        **raw,
    )


def _columns(format_id: str, written: dict[str, Any]) -> dict[str, ColumnRule]:
    columns = {name: _rule(f"{format_id}: {name}", rule) for name, rule in written.items()}
    if unknown := set(columns) - set(FILLABLE) - set(ACCOUNTING_COLUMNS):
        raise ValueError(f"{format_id}: no canonical column {sorted(unknown)}")
    if (kind := columns.get("kind")) is not None and kind.default == "monetary":
        columns["kind"] = replace(kind, codes=(*kind.codes, *PLEDGE_CODES))
    if (side := columns.get("support_oppose")) is not None and side.how == "codes":
        columns["support_oppose"] = replace(side, codes=(*side.codes, *SIDE_CODES))
    for name, allowed in _ALLOWED.items():
        rule = columns.get(name)
        if rule and (wrong := {value for _, value in rule.codes} - set(allowed)):
            raise ValueError(f"{format_id}: no {name} {sorted(wrong)}")
    return columns


def _join(name: str, written: dict[str, Any]) -> Join:
    on = tuple(written["on"].items())
    return Join(
        name, written["file"], on, written["lost"], written.get("last_by"), tuple(written.get("only", {}).items())
    )


@cache
def _formats() -> dict[str, FilingFormat]:
    return {name: _format_of(name, raw) for name, raw in _contents().items()}


def _contents() -> dict[str, dict[str, Any]]:
    """The content of each file with what it inherits, saved for the next time: reading the TOML takes 40 ms."""
    here = Path(__file__)
    files = sorted((here.parents[1] / "formats").glob("*.toml"), key=lambda path: path.name)

    def read() -> dict[str, dict[str, Any]]:
        texts = {path.name.removesuffix(".toml"): path.read_text(encoding="utf-8") for path in files}
        return {name: _with_base(name, texts) for name in texts}

    return IndexFile([*map(str, files), str(here)]).kept("formats", read)


def list_formats() -> list[FilingFormat]:
    """All known formats, by id."""
    return list(_formats().values())


def load_format(format_id: str) -> FilingFormat:
    """The format with this id.

    Raises:
        UsageError: there is no such format; the hint names the nearest one.
    """
    known = _formats()
    if format_id in known:
        return known[format_id]
    near = difflib.get_close_matches(format_id.lower(), known, n=1, cutoff=0.5)
    did_you_mean = f"did you mean {near[0]}? " if near else ""
    raise UsageError(
        f"no filing format {format_id!r}",
        cell=format_id,
        hint=f"{did_you_mean}known formats: {', '.join(known)}",
    )
