"""Export the list: one table, JSON, or FollowTheMoney entities."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from unionscreen.unions.model import Alias, Union, UnionList


def export_csv(known: UnionList) -> str:
    """One row per name: the alias and everything about its union."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["alias", "alias_kind", "ambiguous", "alias_source", *Union._fields])
    for union_id, union in known.unions.items():
        for alias in known.by_union.get(union_id, ()):
            writer.writerow([alias.alias, alias.alias_kind, alias.ambiguous, alias.source, *union])
    return out.getvalue()


def export_json(known: UnionList) -> str:
    """One object: the list's version, and each union with its names."""
    unions = [
        union._asdict() | {"aliases": [_without_id(alias) for alias in known.by_union.get(union_id, ())]}
        for union_id, union in known.unions.items()
    ]
    related = [entry._asdict() | {"aliases": list(entry.aliases)} for entry in known.related]
    return (
        json.dumps({"version": known.version, "unions": unions, "related": related}, ensure_ascii=False, indent=1)
        + "\n"
    )


def _without_id(alias: Alias) -> dict[str, str]:
    return {key: value for key, value in alias._asdict().items() if key != "union_id"}


def export_ftm(known: UnionList) -> str:
    """One Organization entity per line, as FollowTheMoney tools read them (Aleph, OpenSanctions, nomenklatura).

    Properties are those of FollowTheMoney's Thing and LegalEntity schemata: name, alias, weakAlias (short or shared
    names), previousName, country, legalForm, classification, status, taxNumber, idNumber, parent, sourceUrl, notes.
    """
    return "".join(
        json.dumps(_entity(union, known), ensure_ascii=False, sort_keys=True) + "\n" for union in known.unions.values()
    )


def _entity(union: Union, known: UnionList) -> dict[str, Any]:
    aliases = known.by_union.get(union.union_id, ())
    own = union.name.casefold()
    properties: dict[str, list[str]] = {
        "name": [union.name],
        "alias": [
            a.alias for a in aliases if not _weak(a) and a.alias_kind != "former-name" and a.alias.casefold() != own
        ],
        "weakAlias": [a.alias for a in aliases if _weak(a) and a.alias_kind != "former-name"],
        "previousName": [a.alias for a in aliases if a.alias_kind == "former-name"],
        "country": ["us"],
        "jurisdiction": ["us"],
        "legalForm": [union.form],
        "classification": [union.kind],
        "status": [union.status],
        "taxNumber": [number for number in union.ein.split(";") if number],
        "idNumber": [number for number in union.fec_ids.split(";") if number],
        "parent": [union.parent_id],
        "sourceUrl": [union.source] if union.source.startswith(("http://", "https://")) else [],
        "notes": [note for note in (_place(union), f"source: {union.source}", union.note) if note],
    }
    kept = {key: [v for v in values if v] for key, values in properties.items()}
    return {"id": union.union_id, "schema": "Organization", "properties": {k: v for k, v in kept.items() if v}}


def _weak(alias: Alias) -> bool:
    """Whether it is an acronym or a shared name: a hint, not an identity."""
    return alias.alias_kind == "acronym" or bool(alias.ambiguous)


def _place(union: Union) -> str:
    return ", ".join(part for part in (union.place, union.state) if part)


EXPORTS: Final[Mapping[str, Callable[[UnionList], str]]] = {"csv": export_csv, "json": export_json, "ftm": export_ftm}
