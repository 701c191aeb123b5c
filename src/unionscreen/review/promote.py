"""Confirmed decisions written to the user's own list, so that the matcher knows the names from then on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.lists import append_list
from unionscreen.matching import load_matcher
from unionscreen.matching.places import state_code
from unionscreen.review.decisions import Decision, Decisions, donor_key
from unionscreen.unions import load_unions

# The header of a new overlay; an existing overlay keeps its own columns.
PROMOTED_COLUMNS: Final = ("union", "alias", "state", "source")


def promote(decisions: Decisions, overlay: Path, donors: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Write the confirmed names (of ``donors``, else all) to the user's list, except those that are already in it.

    The confirmed name of a listed union becomes another name of it; any other name becomes a union of its own.

    Returns:
        What was added: union and alias.

    Raises:
        UsageError: a donor is not confirmed, its union is not on the list, or the overlay cannot be written.
    """
    listed = load_unions(overlay if overlay.exists() else None)
    chosen = _confirmed(decisions, list(donors))
    known = {(alias.union_id, donor_key(alias.alias)) for alias in listed.aliases}
    known |= {(union.union_id, donor_key(union.name)) for union in listed.unions.values()}
    names = {donor_key(union.name) for union in listed.unions.values()}
    rows: list[dict[str, str]] = []
    for each in chosen:
        if each.union_id and each.union_id not in listed.unions:
            raise UsageError(
                f"{each.donor!r} was confirmed as {each.union_id}, which is not on the list",
                source=decisions.path,
                hint="see `unionscreen unions list`, and decide again",
            )
        key = donor_key(each.donor)
        if (each.union_id, key) in known or (not each.union_id and key in names):
            continue
        known.add((each.union_id, key))
        names.add(key)
        source = f"reviewed by {each.by} on {each.on}"
        row = {"union": each.union_id or each.donor, "alias": each.donor if each.union_id else "", "source": source}
        rows.append(row | {"state": "" if each.union_id else state_code(each.state)})
    if rows:
        append_list(
            overlay, PROMOTED_COLUMNS, rows, needed=("union", *(["alias"] if any(row["alias"] for row in rows) else []))
        )
        load_unions.cache_clear()  # this process may have read the overlay as it was
        load_matcher.cache_clear()
    return [(row["union"], row["alias"]) for row in rows]


def _confirmed(decisions: Decisions, donors: list[str]) -> list[Decision]:
    confirmed = [each for each in decisions.current.values() if each.verdict == "confirmed"]
    if not donors:
        return confirmed
    wanted = {donor_key(donor): donor for donor in donors}
    missing = [donor for key, donor in wanted.items() if key not in {each.key[0] for each in confirmed}]
    if missing:
        raise UsageError(f"not confirmed in a review: {', '.join(missing)}", source=decisions.path)
    return [each for each in confirmed if each.key[0] in wanted]
