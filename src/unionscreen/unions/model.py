"""The curated list as values: organizations, their names, and look-alikes that are not unions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from unionscreen.errors import UnionListError

# The members of an organization. DESIGN §1: every category is a named switch.
UNION_KINDS: Final = (
    "police",
    "sheriff-deputies",
    "state-police",
    "corrections",
    "probation-parole",
    "court-officers",
    "federal",
    "special-district",
    "mixed-public-safety",
    "prosecutors",
    "prosecutors-investigators",
)

RELATED_CATEGORIES: Final = (
    "management",
    "foundation",
    "charity",
    "retired",
    "pension",
    "themed-pac",
    "advocacy",
    "prosecutors-association",
    "fire-only",
    "professional",
    "affinity",
    "prosecutors-union",
    "auxiliary",
    "agency",
    "sheriff-campaign",
    "trap",
)

# Categories that are answered as clear: they have nothing to do with officers, and cannot be counted.
NOT_SHOWN: Final = frozenset({"trap", "fire-only"})
# Categories that `--count` can add to the sums.
COUNTABLE: Final = tuple(category for category in RELATED_CATEGORIES if category not in NOT_SHOWN)

ALIAS_KINDS: Final = ("official", "acronym", "pac-name", "former-name", "as-filed")


class Union(NamedTuple):
    """One organization of the list. Empty strings are "not known"."""

    union_id: str
    name: str
    kind: str
    """One of UNION_KINDS."""
    form: str = ""
    scope: str = ""
    """city, county, state, national or agency."""
    state: str = ""
    """Two letters; empty for national organizations."""
    place: str = ""
    parent_id: str = ""
    number: str = ""
    """Local or lodge number, as text: '7', '156A'."""
    fec_ids: str = ""
    ein: str = ""
    filer_ids: str = ""
    status: str = "active"
    source: str = ""
    source_class: str = ""
    """filing, web-or-repo or general-knowledge (not traced)."""
    confidence: str = ""
    note: str = ""


class Alias(NamedTuple):
    """One name that an organization gives under."""

    union_id: str
    alias: str
    alias_kind: str = "as-filed"
    ambiguous: str = ""
    """What separates it from others with that name: 'state' or 'place'; empty where no other has it."""
    source: str = ""


class Related(NamedTuple):
    """A look-alike: it shares words with police unions but is not one."""

    name: str
    state: str
    category: str
    """One of RELATED_CATEGORIES; 'trap' and 'fire-only' are answered as clear, the others as related."""
    aliases: tuple[str, ...]
    reason: str
    source: str


class UnionList(NamedTuple):
    """The list as loaded: what the matcher matches against.

    ``sha256`` is of the bytes of the files, the user's overlay included, so that a manifest can identify the list.
    """

    unions: Mapping[str, Union]
    aliases: Sequence[Alias]
    related: Sequence[Related]
    sha256: str
    date: str = ""
    """When the shipped files were last edited, ISO."""
    by_union: Mapping[str, tuple[Alias, ...]] = MappingProxyType({})

    @property
    def version(self) -> str:
        """What to cite: the date of the shipped list and the first eight digits of the hash."""
        return f"{self.date}+{self.sha256[:8]}"

    def get(self, union_id: str) -> Union:
        """The union of that id.

        Raises:
            UnionListError: there is none; with the nearest ids.
        """
        try:
            return self.unions[union_id]
        except KeyError:
            from rapidfuzz import process

            near = [hit[0] for hit in process.extract(union_id, self.unions.keys(), limit=3, score_cutoff=60)]
            raise UnionListError(
                f"no union has the id {union_id!r}",
                hint="did you mean " + ", ".join(near) + "?" if near else "`unionscreen unions search` finds its id",
            ) from None

    def children(self, union_id: str) -> list[Union]:
        """The locals, lodges and units that name this union as their parent, by name."""
        return sorted((u for u in self.unions.values() if u.parent_id == union_id), key=lambda u: (u.name, u.union_id))
