"""Objects that APIs and programs wrap around records: pages, Socrata, GeoJSON, ArcGIS, CKAN, columns and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from unionscreen.errors import FilingError

# How much some names look like the header of a table of contributions.
Score = Callable[[tuple[str, ...]], int]
# Objects within objects that are looked into: CKAN holds its records at the second, Socrata its columns at the third.
_MAX_DEPTH: Final = 4
# Records whose keys are compared with those of the object around them.
_LOOKED_AT: Final = 1_000
# Keys of lists that name the columns, and the keys by which an entry names its column; the name to show comes first.
_COLUMNS: Final = ("columns", "fields", "cols", "header", "headers")
_SHOWN: Final = ("alias", "label", "title", "name", "id", "fieldName", "field", "key")
_SPELLED: Final = ("fieldName", "name", "id", "field", "key", "label", "title")
# Keys of the object within a record that holds its cells: GeoJSON, ArcGIS, Elasticsearch, GraphQL, Airtable. Beside it
# stand only the others.
_CELLS: Final = ("properties", "attributes", "_source", "node", "fields")
_BESIDE: Final = frozenset(
    {"type", "geometry", "id", "bbox", "links", "_index", "_type", "_id", "_score", "sort", "cursor", "createdTime"}
)
# Columns that a portal adds to every table: CKAN's number of the row and its text to search in.
_ADDED: Final = frozenset({"_id", "_full_text"})
# Where a page without records would hold them, when it has several empty lists.
_RECORDS: Final = ("results", "records", "items", "rows", "features", "data", "value", "hits")


@dataclass(frozen=True)
class Wrapper:
    """Where an object holds its records, and how each of them becomes keys and values."""

    path: tuple[str, ...] = ()
    """The keys that lead to the list of records; empty: the object is a record itself."""
    cells: str = ""
    """The key of the object that holds the cells of a record."""
    columns: tuple[str, ...] = ()
    """Of records that are lists: their column names; an empty one is left out."""
    header_first: bool = False
    """Whether these names are the first of the lists."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What a column is called instead of its key."""
    codes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By column: what its codes mean."""
    carried: tuple[str, ...] = ()
    """Keys of the object that are true of each of its records: the candidate whose contributions it lists."""
    unread: tuple[str, ...] = ()
    """Other lists in it that look like contributions, and are not read."""

    def levels(self, value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The objects from the outermost to the one that holds the list of records."""
        out = [value]
        for key in self.path[:-1]:
            out.append(out[-1][key])
        return out

    def rows(self, value: Mapping[str, Any]) -> list[Any] | None:
        """The list of records; None where it is not there."""
        found: Any = value
        for key in self.path:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, list) else None

    def records(self, value: dict[str, Any]) -> Iterator[Any]:
        """The records, each as keys and values. A value that is not a record is returned unchanged."""
        if not self.path:
            yield self._record(value)
            return
        carried = {key: value[key] for key in self.carried if key in value}
        for row in (self.rows(value) or [])[self.header_first :]:
            record = self._record(row)
            yield {**carried, **record} if carried and isinstance(record, dict) else record

    def _record(self, row: Any) -> Any:
        if self.columns and isinstance(row, list):
            if len(row) > len(self.columns):
                return {"": row}  # the meaning of its last cells is unknown, so it is rejected with its text
            row = {name: cell for name, cell in zip(self.columns, row, strict=False) if name}
        elif self.cells and isinstance(row, dict) and isinstance(row.get(self.cells), dict):
            row = row[self.cells]
        if not (self.names or self.codes) or not isinstance(row, dict):
            return row
        return {self.names.get(key, key): self.codes.get(key, {}).get(str(cell), cell) for key, cell in row.items()}


def wrapper_of(value: dict[str, Any], score: Score, label: str, *, listed: bool) -> Wrapper:
    """How an object holds records.

    A record may hold a list of objects, too. So it is a wrapper only where the names in the list say more of a
    contribution than its own; where neither say anything, an object is a wrapper and a member of a list a record.

    Args:
        value: the object.
        score: of names.
        label: for messages.
        listed: whether it is a member of a list.

    Raises:
        FilingError: it holds several lists that look like contributions, and none more than the others.
    """
    if not any(isinstance(each, (list, dict)) for each in value.values()):
        return Wrapper()
    every = list(_lists(value))
    scored = [(score(_keys(rows, each)), each) for path, rows in every if (each := _wrapper(path, rows, every, score))]
    ranked = sorted(scored, key=lambda pair: (-pair[0], not pair[1].columns))
    own = score(tuple(key for key, each in value.items() if not isinstance(each, list)))
    if not ranked:
        empty = [path for path, rows in every if not rows]
        if listed or own or not empty:
            return Wrapper(cells=_cells_of(value))
        return Wrapper(path=min(empty, key=lambda path: _RECORDS.index(path[-1]) if path[-1] in _RECORDS else 99))
    theirs, best = ranked[0]
    if not (theirs > own or (own == theirs == 0 and not listed)):
        return Wrapper(cells=_cells_of(value))
    others = [".".join(each.path) for points, each in ranked[1:] if points]
    if theirs and len(ranked) > 1 and ranked[1][0] == theirs:
        raise FilingError(
            f"this JSON holds several lists of records: {', '.join(['.'.join(best.path), *others])}",
            source=label,
            hint="save the list of contributions received in a separate file",
        )
    if listed:
        names = _keys(best.rows(value) or [], best)
        scalars = (key for key, each in value.items() if not isinstance(each, (list, dict)) and key not in names)
        best = replace(best, carried=tuple(key for key in scalars if score((*names, key)) > theirs))
    return replace(best, unread=tuple(others))


def _lists(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The lists in an object and in the objects in it, and the keys that lead to them."""
    for key, each in value.items():
        if isinstance(each, list):
            yield (*path, key), each
        elif isinstance(each, dict) and len(path) + 1 < _MAX_DEPTH:
            yield from _lists(each, (*path, key))


def _wrapper(
    path: tuple[str, ...], rows: list[Any], every: Sequence[tuple[tuple[str, ...], list[Any]]], score: Score
) -> Wrapper | None:
    """How a list holds records; None where it holds none."""
    first = rows[0] if rows else None
    if isinstance(first, list):
        named = [(path[-1] in _COLUMNS, each) for path, each in every if len(each) == len(first) and _named(each)]
        best = max(named, key=lambda pair: (pair[0], score(_titles(pair[1], score))), default=None)
        if best is not None:
            return Wrapper(path, columns=_distinct(best[1], score))
        if all(isinstance(cell, str) for cell in first) and score(tuple(first)):
            return Wrapper(path, columns=_distinct(first, score), header_first=True)
        return None
    if not isinstance(first, dict) or (path[-1] in _COLUMNS and _named(rows) and len(every) > 1):
        return None
    described = [each for key, each in every if key[-1] in _COLUMNS and each is not rows and _named(each)]
    fields = {
        field["name"]: field for each in described for field in each if isinstance(field, dict) and "name" in field
    }
    cells = _cells_of(first)
    keys = tuple(first[cells] if cells else first)
    shown = {key: str(fields[key].get("alias") or key) for key in keys if key in fields}
    spelled_better = score(tuple(shown.get(key, key) for key in keys)) <= score(keys)
    codes = {
        key: {str(each.get("code")): each.get("name") for each in coded if isinstance(each, dict)}
        for key in keys
        if isinstance(domain := fields.get(key, {}).get("domain"), dict)
        and isinstance(coded := domain.get("codedValues"), list)
    }
    names = {} if spelled_better or len({*shown.values()}) < len(shown) else shown
    return Wrapper(path, cells, names=names, codes=codes)


def _cells_of(record: Mapping[str, Any]) -> str:
    """The key of the object within a record that holds its cells; empty where the record holds them itself."""
    return next(
        (key for key in _CELLS if isinstance(record.get(key), dict) and {*record} - {key} <= _BESIDE),
        "",
    )


def _keys(rows: list[Any], wrapper: Wrapper) -> tuple[str, ...]:
    """The column names of some records."""
    if wrapper.columns:
        return tuple(name for name in wrapper.columns if name)
    records = (wrapper._record(row) for row in rows[:_LOOKED_AT])
    return tuple(dict.fromkeys(key for record in records if isinstance(record, dict) for key in record))


def _named(entries: Sequence[Any]) -> bool:
    """Whether each entry of a list names a column."""
    return bool(entries) and all(
        isinstance(each, str) or (isinstance(each, dict) and any(isinstance(each.get(key), str) for key in _SHOWN))
        for each in entries
    )


def _titles(entries: Sequence[Any], score: Score) -> tuple[str, ...]:
    """The column names in a list of entries: the display names or the programs' names, whichever are better known."""

    def spelled(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            each if isinstance(each, str) else next(each[key] for key in keys if isinstance(each.get(key), str))
            for each in entries
        )

    shown, plain = spelled(_SHOWN), spelled((*_SPELLED, *_SHOWN))
    return plain if score(plain) > score(shown) else shown


def _distinct(entries: Sequence[Any], score: Score) -> tuple[str, ...]:
    """The column names, each once; empty for those that a portal adds."""
    out: list[str] = []
    for entry, title in zip(entries, _titles(entries, score), strict=True):
        added = isinstance(entry, dict) and (
            entry.get("dataTypeName") == "meta_data" or str(entry.get("fieldName")).startswith(":")
        )
        name, again = title, 1
        while name in out:
            again += 1
            name = f"{title} ({again})"
        out.append("" if added or title in _ADDED else name)
    return tuple(out)
