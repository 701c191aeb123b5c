"""Filing formats as data: one TOML file each under ``formats/``, loaded into frozen dataclasses.

A new agency is one TOML file and one sample. How a canonical column is written in TOML::

    recipient = "Recipient Name"                        one column of the file
    recipient = ["Filer Name", "FilerNaml"]             the first of these headers that the file has
    contributor = { last = "…", first = "…" }           a name in parts: last, first, middle, suffix, organization
    filing_id = { join = ["…", "…"], separator = "/" }  all parts joined; empty when one of them is
    contributor = { words = ["…", "…"] }                the parts that are not empty, side by side
    city = { city_of = "Address" }                      out of "street, city, ST, zip"
    kind = { from = ["Type"], default = "monetary", codes = { "InKind" = "in-kind" } }
    memo = { from = "MEMO_CD", true_for = ["X"] }

Headers are compared by ``normalize_header``. Codes are compared without case, ``*`` stands for any text, the first
that fits wins; with several columns in ``from`` their values are joined by ``|`` first.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from unionscreen.contributions import COLUMNS, CONTRIBUTOR_TYPES, KINDS
from unionscreen.errors import UsageError

How = Literal["text", "name", "join", "words", "city", "state", "constant", "codes", "flag"]

NAME_ROLES: Final = ("last", "first", "middle", "suffix", "organization")
# Columns that a definition or a mapping may fill; source, row and format are ours.
FILLABLE: Final = tuple(name for name in COLUMNS if name not in ("source", "row", "format"))
ABSENT: Final = -1  # position of a part that this file does not have


def normalize_header(header: str) -> str:
    """A header with everything but letters and digits dropped, so that spellings compare equal.

    >>> normalize_header("Report.Name") == normalize_header("Report Name") == normalize_header("REPORT_NAME")
    True
    """
    return re.sub("[^a-z0-9]+", "", header.lower())


@dataclass(frozen=True)
class ColumnRule:
    """How one canonical column is built from the columns of a file."""

    how: How
    headers: tuple[str, ...] = ()
    """File columns: alternatives for ``text``, the parts of the value otherwise."""
    roles: tuple[str, ...] = ()
    """For ``name``: what each header holds, one of ``NAME_ROLES``."""
    value: str | None = None
    """For ``constant``: the text of every row."""
    separator: str = " "
    codes: tuple[tuple[str, str], ...] = ()
    """For ``codes`` and ``flag``: pattern and canonical value, in the order they are tried."""
    default: str | None = None
    missing: tuple[str, ...] = ()
    """Cell texts that mean "nothing here" in this column."""
    at: tuple[int, ...] = ()
    """Positions of the headers in the file, filled by ``resolve``."""

    def resolve(self, positions: Mapping[str, int]) -> ColumnRule | None:
        """The rule bound to a file's column positions, or None when the file cannot fill it.

        Args:
            positions: normalized header to position.
        """
        found = tuple(positions.get(normalize_header(header), ABSENT) for header in self.headers)
        present = tuple(at for at in found if at != ABSENT)
        if self.how == "constant":
            return self
        if self.how == "text":
            return replace(self, at=present[:1]) if present else None
        if self.how == "join":
            return replace(self, at=found) if present == found else None
        if self.how == "codes" and not present and self.default is not None:
            return ColumnRule("constant", value=self.default)
        return replace(self, at=found) if present else None

    @property
    def positions(self) -> tuple[int, ...]:
        """Positions of the file columns this rule reads."""
        return tuple(at for at in self.at if at != ABSENT)


@dataclass(frozen=True)
class Signature:
    """What a file of this format looks like; any one test is enough."""

    headers: tuple[tuple[str, ...], ...] = ()
    """Sets of normalized headers that must all be there, in any order; ``!name`` must not be there."""
    fields: int | None = None
    """Without a header line: the exact number of fields."""
    cells: tuple[tuple[int, str], ...] = ()
    """Without a header line: position and regular expression, tested on the first rows."""


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
    accounting: tuple[str, ...] = ()
    """How filings of this format repeat rows, as in ``accounting.Rules``: amendments, duplicates, late."""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Everything known about the format as plain values, for ``formats show --json``."""
        out = asdict(self)
        out["columns"] = {name: describe_rule(rule) for name, rule in self.columns.items()}
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
    for name in ("value", "default"):
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
    keys = set(written)
    missing = _strings(written.get("missing", []))
    if "column" in keys:
        return ColumnRule("text", _strings(written["column"]), missing=missing)
    if "join" in keys:
        return ColumnRule("join", _strings(written["join"]), separator=written.get("separator", " "), missing=missing)
    if "words" in keys:
        return ColumnRule("words", _strings(written["words"]), missing=missing)
    if "city_of" in keys:
        return ColumnRule("city", (written["city_of"],))
    if "state_of" in keys:
        return ColumnRule("state", (written["state_of"],))
    if "true_for" in keys:
        codes = tuple((code, "true") for code in _strings(written["true_for"]))
        return ColumnRule("flag", _strings(written["from"]), codes=codes)
    if "codes" in keys:
        codes = tuple(written["codes"].items())
        return ColumnRule("codes", _strings(written["from"]), codes=codes, default=written["default"])
    if keys <= set(NAME_ROLES):
        roles = tuple(role for role in NAME_ROLES if role in keys)
        return ColumnRule("name", tuple(written[role] for role in roles), roles=roles)
    raise ValueError(f"{where}: cannot tell what {sorted(keys)} means")


def parse_format(format_id: str, text: str) -> FilingFormat:
    """A format from the text of its TOML file.

    Raises:
        ValueError: a key or code that means nothing: our own data is wrong, which a test catches.
    """
    raw = tomllib.loads(text)
    columns = {name: _rule(f"{format_id}: {name}", written) for name, written in raw.pop("columns").items()}
    if unknown := set(columns) - set(FILLABLE):
        raise ValueError(f"{format_id}: no canonical column {sorted(unknown)}")
    for name, allowed in (("kind", KINDS), ("contributor_type", CONTRIBUTOR_TYPES)):
        rule = columns.get(name)
        if rule and (wrong := {value for _, value in rule.codes} - set(allowed)):
            raise ValueError(f"{format_id}: no {name} {sorted(wrong)}")
    signature = raw.pop("signature")
    return FilingFormat(
        id=format_id,
        columns=columns,
        signature=Signature(
            headers=tuple(tuple(option) for option in signature.get("headers", [])),
            fields=signature.get("fields"),
            cells=tuple((int(at), pattern) for at, pattern in signature.get("cells", {}).items()),
        ),
        urls=tuple(raw.pop("urls")),
        file_columns=tuple(raw.pop("file_columns")),
        date_formats=tuple(raw.pop("date_formats")),
        accounting=tuple(raw.pop("accounting", [])),
        notes=tuple(raw.pop("notes", [])),
        **raw,
    )


@cache
def _formats() -> dict[str, FilingFormat]:
    folder = resources.files("unionscreen.filings") / "formats"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    names = [entry.name.removesuffix(".toml") for entry in files]
    return {
        name: parse_format(name, entry.read_text(encoding="utf-8")) for name, entry in zip(names, files, strict=True)
    }


def list_formats() -> list[FilingFormat]:
    """All known formats, by id."""
    return list(_formats().values())


def load_format(format_id: str) -> FilingFormat:
    """The format with this id.

    Raises:
        UsageError: no such format; the hint names the nearest one.
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
