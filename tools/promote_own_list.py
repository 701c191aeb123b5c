"""Move the rows of an own list into the curated one: ``python tools/promote_own_list.py own.csv``.

For maintainers, after a person has read the rows (``unionscreen unions import-irs`` writes such a list). New
organizations get an id, a listed one its EIN and, where nobody had traced it, the source; names that several bear are
marked. ``unionscreen unions lint`` says afterwards what is still wrong.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

from unionscreen.irs.names import state_name
from unionscreen.matching.cleaning import clean
from unionscreen.unions.loading import ALIAS_COLUMNS, UNION_COLUMNS
from unionscreen.unions.overlay import OverlayRow, read_overlay, slug

DATA = Path(__file__).resolve().parents[1] / "data"
FORMS = (
    "lodge", "afscme", "ibpo", "federation", "benevolent", "guild", "league", "council", "alliance", "union",
    "association",
)  # fmt: skip
PARENTS = {
    "lodge": "us-fraternal-order-of-police",
    "nepba": "us-new-england-police-benevolent-association",
    "ibpo": "us-international-brotherhood-of-police-officers",
}
NUMBER_ONLY = re.compile(r"(?:fop|fraternal order of police)(?: lodge)?(?: no| number| inc)*\.? ?\d+f?(?: inc)?")


def main(path: Path) -> None:
    """Read the curated files, add the rows, write the files sorted."""
    unions = {row["union_id"]: row for row in _read(DATA / "unions.csv")}
    aliases = _read(DATA / "union_aliases.csv")
    have = {(alias["union_id"], clean(alias["alias"])) for alias in aliases}
    ids: dict[str, str] = {}
    for row in read_overlay(path):
        union_id = row.union if row.union in unions else ids.get(row.union.casefold(), "")
        if not union_id:
            union = _new(row)
            union_id = ids[row.union.casefold()] = union["union_id"]
            if union_id in unions:
                raise SystemExit(f"{path}:{row.line}: {union_id} is on the list")
            unions[union_id] = union
            aliases.append(_alias(union_id, union["name"], row.source))
            have.add((union_id, clean(union["name"])))
        elif row.ein:
            _traced(unions[union_id], row)
        if row.alias and row.action == "add" and (union_id, clean(row.alias)) not in have:
            aliases.append(_alias(union_id, row.alias, row.source) | {"ambiguous": row.ambiguous})
            have.add((union_id, clean(row.alias)))
    shared = _shared(aliases, unions)
    _write(DATA / "unions.csv", UNION_COLUMNS, sorted(unions.values(), key=lambda row: row["union_id"]))
    _write(
        DATA / "union_aliases.csv",
        ALIAS_COLUMNS,
        sorted(shared, key=lambda row: (row["union_id"], row["alias"].casefold(), row["alias"])),
    )
    print(f"{len(unions):,} organizations, {len(shared):,} names")


def _new(row: OverlayRow) -> dict[str, str]:
    """An organization as the curated list holds it; of a namesake's name the state in parentheses goes into the id."""
    name = re.sub(r" \((?:[A-Z][a-z]+ ?)+\)$", "", row.union)
    form = next((form for form in FORMS if re.search(rf"\b{form}", name.casefold())), "association")
    return dict.fromkeys(UNION_COLUMNS, "") | {
        "union_id": f"us-{row.state.lower()}-{slug(name.replace('&', 'and'))}",
        "name": name, "kind": row.kind or "police", "form": {"afscme": "union", "ibpo": "union"}.get(form, form),
        "scope": _scope(row, name),
        "state": row.state, "place": row.place,
        "parent_id": next((parent for word, parent in PARENTS.items() if word in name.casefold().split()), ""),
        "number": row.number, "ein": row.ein, "status": "active", "source": row.source,
        "source_class": "filing" if "irs.gov" in row.source else "web-or-repo", "confidence": "high",
    }  # fmt: skip


def _scope(row: OverlayRow, name: str) -> str:
    """How far it reaches: a name with its state and no number is the state's; what is not known is a city's."""
    if row.place:
        return "county" if row.place.endswith((" County", " Parish")) else "city"
    if row.kind == "state-police" or (not row.number and state_name(row.state) in name):
        return "state"
    return "agency" if row.kind == "special-district" else "city"


def _traced(union: dict[str, str], row: OverlayRow) -> None:
    union["ein"] = ";".join(dict.fromkeys(filter(None, [*union["ein"].split(";"), row.ein])))
    if union["source_class"] == "general-knowledge":
        union |= {"source": row.source, "source_class": "filing", "confidence": "high"}


def _alias(union_id: str, alias: str, source: str) -> dict[str, str]:
    """A name; of the register its number is enough as source, since the organization's own row has the page."""
    if (ein := re.search(r"irs\.gov/\S+ EIN (\d\d-\d{7})", source)) is not None:
        source = f"IRS EIN {ein[1]}"
    kind = "as-filed" if alias.isupper() and len(alias.split()) > 2 else "official"
    return dict(zip(ALIAS_COLUMNS, (union_id, alias, kind, "", source), strict=True))


def _shared(aliases: list[dict[str, str]], unions: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """Say of each name that several bear what separates them."""
    claims: dict[str, list[dict[str, str]]] = defaultdict(list)
    for alias in aliases:
        claims[clean(alias["alias"])].append(alias)
    for name, claimants in claims.items():
        # One union's name in several spellings is one claim.
        states = [unions[union_id]["state"] for union_id in {alias["union_id"] for alias in claimants}]
        several = len(states) > 1 or NUMBER_ONLY.fullmatch(name)
        for alias in claimants:
            if len(set(states)) < len(states):
                alias["ambiguous"] = "place"
            elif several:
                alias["ambiguous"] = alias["ambiguous"] or "state"
    return aliases


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
