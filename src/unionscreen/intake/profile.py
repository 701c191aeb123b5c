"""A profile: the settings of a campaign's intake in one file, ``intake.toml``.

::

    recipient = "Riley Chen for State's Attorney"
    state = "IL"
    policy = "review"                 # refuse or review
    return_within = 10                # 10, 30 or 60 days
    decisions = "decisions.csv"
    letter_template = "letter.txt"

    [kinds]                           # refuse, review or accept
    police = "refuse"
    corrections = "review"
    foundation = "accept"

    [mapping]                         # for an export in no known layout
    contributor = "Paid by"

A relative path is relative to the profile. An unknown key or a wrong value is an error: a setting that is ignored would
decide about money in silence.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.files import output_path, read_text
from unionscreen.filings import load_format
from unionscreen.filings.layouts.definitions import FILLABLE
from unionscreen.filings.layouts.mapper import ALIASES, canonical_name
from unionscreen.intake.letters import TEMPLATE_NAME
from unionscreen.intake.rules import DONATION_ACTIONS, POLICIES
from unionscreen.matching.places import known_state
from unionscreen.unions import COUNTABLE, UNION_KINDS

DEFAULT_POLICY: Final = "review"  # a person decides about each, as in judge_donations
# The deadlines in days that campaign finance laws set for the return of a contribution.
DEADLINES: Final = (10, 30, 60)
# Kinds of organizations that a policy may name: unions, and those that are related to them.
POLICY_KINDS: Final = (*UNION_KINDS, *COUNTABLE)


@dataclass(frozen=True)
class Profile:
    """The settings of an intake. What is None or empty is not in the profile; paths are resolved."""

    recipient: str | None = None
    state: str | None = None
    filing_format: str | None = None
    policy: str | None = None
    return_within: int | None = None
    employers: bool = False
    decisions: Path | None = None
    unions: Path | None = None
    letters: Path | None = None
    letter_template: Path | None = None
    decision_log: Path | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kind of organization to refuse, review or accept."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Canonical column to header, as ``--map``."""

    @property
    def template(self) -> Path | None:
        """The template of the letters: the one that is named, else the one in the folder of letters; None without."""
        own = None if self.letters is None else self.letters / TEMPLATE_NAME
        return self.letter_template or (own if own is not None and own.exists() else None)


def complete(profile: Profile, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of :func:`unionscreen.intake.judge_donations`: those that were given, completed from a profile.

    Args:
        profile: the campaign's settings.
        given: None, False or empty where nothing was given. A policy that is given replaces the profile's policy and
            its policies for kinds.

    Raises:
        UsageError: the profile's file of decisions does not exist, and could not be created. A file that could be is
            left out: before the first decision there is none.
    """
    from_profile = (
        "policy",
        "return_within",
        "decisions",
        "unions",
        "employers",
        "recipient",
        "state",
        "filing_format",
    )
    found = {**given, **{name: given.get(name) or getattr(profile, name) for name in from_profile}}
    found["policy"] = found["policy"] or DEFAULT_POLICY
    found["policy_by_kind"] = {} if given.get("policy") else dict(sorted(profile.kinds.items()))
    found["profile_mapping"] = dict(profile.mapping)
    if not given.get("decisions") and profile.decisions is not None and not profile.decisions.exists():
        output_path(profile.decisions)
        found["decisions"] = None
    return found


def load_profile(path: Path) -> Profile:
    """The profile in a file.

    Raises:
        UsageError: it cannot be read, or has an unknown key or a wrong value; the message names the file, the key and
            what is allowed.
    """
    source = str(path)
    try:
        raw = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            f"this is not a TOML file: {error}", source=source, hint='write for example policy = "refuse"'
        ) from error
    check = _Check(source, path.parent)
    check.known("", raw, [each.name for each in fields(Profile)])
    return Profile(**{key: _READERS[key](check, key, value) for key, value in raw.items()})


@dataclass(frozen=True)
class _Check:
    """Reads values, and refuses wrong ones by file and key."""

    source: str
    folder: Path

    def refuse(self, key: str, value: object, allowed: str) -> UsageError:
        return UsageError(f"{key} = {_shown(value)}: not allowed", source=self.source, hint=f"{key} is {allowed}")

    def known(self, table: str, raw: Mapping[str, object], allowed: Iterable[str]) -> None:
        names = list(allowed)
        for key in raw:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                where = f" in [{table}]" if table else ""
                raise UsageError(
                    f"unknown key {key}{where}",
                    source=self.source,
                    hint=f"{f'did you mean {near[0]}? ' if near else ''}keys{where} are {', '.join(names)}",
                )

    def text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, value, "a text in quotes")
        return value.strip()

    def state(self, key: str, value: object) -> str:
        try:
            return known_state(self.text(key, value))
        except UsageError:
            raise self.refuse(key, value, "the two letters of a state, such as CA") from None

    def format(self, key: str, value: object) -> str:
        try:
            return load_format(self.text(key, value)).id
        except UnionScreenError:
            raise self.refuse(key, value, "the id of a filing format (see `unionscreen formats list`)") from None

    def one_of(self, allowed: Iterable[str]) -> Callable[[str, object], str]:
        def read(key: str, value: object) -> str:
            if not isinstance(value, str) or value not in allowed:
                raise self.refuse(key, value, " or ".join(f'"{each}"' for each in allowed))
            return value

        return read

    def policy(self, key: str, value: object) -> str:
        return self.one_of(POLICIES)(key, value)

    def days(self, key: str, value: object) -> int:
        if isinstance(value, bool) or value not in DEADLINES or not isinstance(value, int):
            raise self.refuse(key, value, f"a number of days: {', '.join(map(str, DEADLINES[:-1]))} or {DEADLINES[-1]}")
        return value

    def flag(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(key, value, "true or false")
        return value

    def path(self, key: str, value: object) -> Path:
        return self.folder / Path(self.text(key, value)).expanduser()

    def file(self, key: str, value: object) -> Path:
        path = self.path(key, value)
        if not path.is_file():
            raise self.refuse(key, value, f"a file, relative to the profile; there is none at {path}")
        return path

    def table(self, key: str, value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(key, value, f"a table: begin it with a line [{key}]")
        return value

    def kinds(self, key: str, value: object) -> Mapping[str, str]:
        table = self.table(key, value)
        self.known(key, table, POLICY_KINDS)
        action = self.one_of(DONATION_ACTIONS)
        return {kind: action(f"{key}.{kind}", chosen) for kind, chosen in table.items()}

    def mapping(self, key: str, value: object) -> Mapping[str, str]:
        table = self.table(key, value)
        self.known(key, table, (*ALIASES, *FILLABLE))
        return {canonical_name(name): self.text(f"{key}.{name}", header) for name, header in table.items()}


_READERS: Final[Mapping[str, Callable[[_Check, str, object], Any]]] = {
    "recipient": _Check.text,
    "state": _Check.state,
    "filing_format": _Check.format,
    "policy": _Check.policy,
    "return_within": _Check.days,
    "employers": _Check.flag,
    "decisions": _Check.path,
    "unions": _Check.file,
    "letters": _Check.path,
    "letter_template": _Check.file,
    "decision_log": _Check.path,
    "kinds": _Check.kinds,
    "mapping": _Check.mapping,
}


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
