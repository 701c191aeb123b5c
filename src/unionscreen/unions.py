"""The curated list: organisations, their names, and the look-alikes that are none.

People edit ``data/*.csv``; this module loads and checks it. It knows nothing of matching.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.errors import UnionListError

# What an organisation's members are. DESIGN §1: every category is a named switch.
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
    "auxiliary",
    "sheriff-campaign",
    "trap",
)

ALIAS_KINDS: Final = ("official", "acronym", "pac-name", "former-name", "as-filed")

_UNION_COLUMNS: Final = (
    "union_id", "name", "kind", "form", "scope", "state", "place", "parent_id", "number", "fec_ids", "ein",
    "filer_ids", "status", "source", "source_class", "confidence", "note",
)  # fmt: skip
_ALIAS_COLUMNS: Final = ("union_id", "alias", "alias_kind", "ambiguous", "source")
_RELATED_COLUMNS: Final = ("name", "state", "category", "aliases", "reason", "source")


class Union(NamedTuple):
    """One organisation of the list. Empty strings are "not known"."""

    union_id: str
    name: str
    kind: str
    """One of UNION_KINDS."""
    form: str = ""
    scope: str = ""
    """city, county, state, national or agency."""
    state: str = ""
    """Two letters; empty for national bodies."""
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
    """filing, web-or-repo or general-knowledge (nobody has traced it)."""
    confidence: str = ""
    note: str = ""


class Alias(NamedTuple):
    """One name that an organisation gives under."""

    union_id: str
    alias: str
    alias_kind: str = "as-filed"
    ambiguous: str = ""
    """What separates it from others of that name: 'state' or 'place'; empty when it stands alone."""
    source: str = ""


class Related(NamedTuple):
    """A look-alike: it shares words with police unions and is none."""

    name: str
    state: str
    category: str
    """One of RELATED_CATEGORIES; 'trap' and 'fire-only' are answered as clear, the others as related."""
    aliases: tuple[str, ...]
    reason: str
    source: str


@dataclass(frozen=True)
class UnionList:
    """The list as loaded: what the matcher matches against.

    ``sha256`` is of the files' bytes, the user's overlay included: a manifest can say which list was used.
    """

    unions: Mapping[str, Union]
    aliases: Sequence[Alias]
    related: Sequence[Related]
    sha256: str
    by_union: Mapping[str, tuple[Alias, ...]] = field(repr=False, default_factory=dict)

    def get(self, union_id: str) -> Union:
        """The union of that id.

        Raises:
            UnionListError: there is none; names the nearest ids.
        """
        try:
            return self.unions[union_id]
        except KeyError:
            from rapidfuzz import process

            near = [hit[0] for hit in process.extract(union_id, self.unions.keys(), limit=3, score_cutoff=60)]
            raise UnionListError(
                f"no union has the id {union_id!r}",
                hint="did you mean " + ", ".join(near) + "?" if near else "see `unionscreen unions list`",
            ) from None

    def children(self, union_id: str) -> list[Union]:
        """The locals, lodges and units that name this union as their parent, by name."""
        return sorted((u for u in self.unions.values() if u.parent_id == union_id), key=lambda u: (u.name, u.union_id))


def data_path(name: str) -> Path:
    """Where a file of ``data/`` lies: inside the installed package, else in the checkout.

    Raises:
        UnionListError: it is in neither.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "data", here.parents[1] / "data"):
        if (folder / name).is_file():
            return folder / name
    raise UnionListError(f"the data file {name} is missing", hint="reinstall unionscreen")


def _rows(path: Path, columns: Sequence[str]) -> list[list[str]]:
    """The rows of a list file, header and width checked. Row `i` is the one at ``_line(path, i)``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnionListError(f"cannot be opened: {error.strerror}", source=str(path)) from None
    except UnicodeDecodeError as error:
        raise UnionListError(f"not UTF-8 at byte {error.start}", source=str(path), hint="save it as UTF-8") from None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or tuple(rows.pop(0)) != tuple(columns):
        raise UnionListError(
            "the header is not " + ",".join(columns), source=str(path), row=1, hint="restore the first line"
        )
    for at, cells in enumerate(rows):
        if len(cells) != len(columns):
            raise UnionListError(
                f"{len(cells)} cells where {len(columns)} are expected",
                source=str(path),
                row=_line(path, at),
                hint="a cell that holds a comma needs quotes around it; delete empty lines",
            )
    return rows


def _line(path: Path, at: int) -> int:
    """The physical line of a row: read again, because only an error asks for it."""
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.reader(handle)
        for number, _ in enumerate(reader, start=-1):
            if number == at:
                break
        return reader.line_num


def _read_unions(path: Path) -> dict[str, Union]:
    unions: dict[str, Union] = {}
    for at, cells in enumerate(_rows(path, _UNION_COLUMNS)):
        union = Union._make(cells)
        if union.kind not in UNION_KINDS:
            raise UnionListError(
                f"{union.kind!r} is not a kind",
                source=str(path),
                row=_line(path, at),
                hint="one of " + ", ".join(UNION_KINDS),
            )
        if not union.union_id or not union.name:
            raise UnionListError("union_id and name may not be empty", source=str(path), row=_line(path, at))
        if union.union_id in unions:
            raise UnionListError(f"the id {union.union_id!r} is there twice", source=str(path), row=_line(path, at))
        unions[union.union_id] = union
    return unions


def _read_aliases(path: Path, unions: Mapping[str, Union]) -> list[Alias]:
    aliases = []
    for at, cells in enumerate(_rows(path, _ALIAS_COLUMNS)):
        alias = Alias._make(cells)
        if alias.union_id not in unions:
            raise UnionListError(f"no union has the id {alias.union_id!r}", source=str(path), row=_line(path, at))
        if alias.alias_kind not in ALIAS_KINDS:
            raise UnionListError(
                f"{alias.alias_kind!r} is not an alias kind", source=str(path), row=_line(path, at),
                hint="one of " + ", ".join(ALIAS_KINDS),
            )  # fmt: skip
        aliases.append(alias)
    return aliases


def _read_related(path: Path) -> list[Related]:
    related = []
    for at, (name, state, category, aliases, reason, source) in enumerate(_rows(path, _RELATED_COLUMNS)):
        if category not in RELATED_CATEGORIES:
            raise UnionListError(
                f"{category!r} is not a category", source=str(path), row=_line(path, at),
                hint="one of " + ", ".join(RELATED_CATEGORIES),
            )  # fmt: skip
        related.append(Related(name, state, category, tuple(a for a in aliases.split(";") if a), reason, source))
    return related


def _read_overlay(path: Path) -> list[tuple[int, str, str]]:
    """(line, union, alias) of the user's own list: two columns, ``union`` and ``alias``, are enough."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except IsADirectoryError:
        raise UnionListError("is a folder, not a list", source=str(path), hint="name a CSV file") from None
    except OSError as error:
        raise UnionListError(f"cannot be opened: {error.strerror}", source=str(path)) from None
    except UnicodeDecodeError as error:
        raise UnionListError(f"not UTF-8 at byte {error.start}", source=str(path), hint="save it as UTF-8") from None
    reader = csv.reader(text.splitlines())
    header = [cell.strip().lower() for cell in next(reader, [])]
    if "union" not in header:
        raise UnionListError(
            "no column called 'union'", source=str(path), row=1, hint="the first line must read: union,alias"
        )
    union_at, alias_at = header.index("union"), header.index("alias") if "alias" in header else None
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        name = cells[union_at].strip() if union_at < len(cells) else ""
        if not name:
            raise UnionListError("the union's name is empty", source=str(path), row=reader.line_num)
        alias = cells[alias_at].strip() if alias_at is not None and alias_at < len(cells) else ""
        rows.append((reader.line_num, name, alias))
    if not rows:
        raise UnionListError("holds no union", source=str(path), hint="one line for each name: union,alias")
    return rows


def _slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def _lay_over(unions: dict[str, Union], aliases: list[Alias], path: Path) -> None:
    """Add the user's unions and names in place; a known id or name gets the alias, any other becomes a union."""
    by_name = {union.name.casefold(): union.union_id for union in unions.values()}
    for _, name, alias in _read_overlay(path):
        union_id = name if name in unions else by_name.get(name.casefold())
        if union_id is None:
            union_id = f"own-{_slug(name)}"
            unions[union_id] = Union(
                union_id, name, "police", source=f"{path.name} (yours)", source_class="own", confidence="yours"
            )
            by_name[name.casefold()] = union_id
            aliases.append(Alias(union_id, name, "official", "", path.name))
        if alias:
            aliases.append(Alias(union_id, alias, "as-filed", "", path.name))


@lru_cache(maxsize=4)
def load_unions(overlay: Path | None = None) -> UnionList:
    """The shipped list, with the user's own laid over it.

    Args:
        overlay: a CSV of the user's with the columns ``union`` and ``alias``.

    Raises:
        UnionListError: a file is missing or breaks a rule; names file and line.
    """
    paths = [data_path(name) for name in ("unions.csv", "union_aliases.csv", "related_organizations.csv")]
    vocabulary = data_path("vocabulary.toml")  # its words decide matches as much as the names do
    unions = _read_unions(paths[0])
    aliases = _read_aliases(paths[1], unions)
    related = _read_related(paths[2])
    if overlay is not None:
        _lay_over(unions, aliases, overlay)
    digest = hashlib.sha256()
    for path in [*paths, vocabulary, *([] if overlay is None else [overlay])]:
        digest.update(path.read_bytes())
    by_union: dict[str, list[Alias]] = {union_id: [] for union_id in unions}
    for alias in aliases:
        by_union[alias.union_id].append(alias)
    return UnionList(
        unions, aliases, related, digest.hexdigest(), {key: tuple(value) for key, value in by_union.items()}
    )
