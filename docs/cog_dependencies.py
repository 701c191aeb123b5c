"""For cog: the tables of docs/dependencies.md, from committed files only, so that they are the same on any machine."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import cog

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from dependencies import RECORD, declared  # noqa: E402 - the folder of tools is not a package

TEXTS: Final[dict[str, Any]] = tomllib.loads((ROOT / "docs" / "dependencies.toml").read_text(encoding="utf-8"))
KEPT: Final[dict[str, Any]] = json.loads(RECORD.read_text(encoding="utf-8"))
PEERS: Final[dict[str, Any]] = json.loads(
    (ROOT / "benchmarks" / "results" / "alternatives.json").read_text(encoding="utf-8")
)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table of Markdown."""
    for cells in (heads, ["---"] * len(heads), *rows):
        cog.outl("| " + " | ".join(cells) + " |")


def link(see: str) -> str:
    """The file with the evidence, as a link from the page."""
    return f"[{Path(see).name}](../{see})"


def size(found: dict[str, Any]) -> str:
    """How much a package takes on the disk, and in parentheses with the packages that it needs."""
    return f"{found['mb']}" + (f" ({found['mb with them']} with {found['brings']} more)" if found["brings"] else "")


def tested() -> None:
    """When, where, and with which Python each set of releases passed."""
    for name in ("oldest", "newest"):
        kept = KEPT[name]
        cog.outl(f"- {name}: on {kept['day']}, Python {kept['python']}")


def releases(extra: str) -> None:
    """License, size and releases of the dependencies of one extra; "" is what everybody installs."""
    rows = []
    for name in declared()[extra]:
        found = KEPT["measured"].get(name)
        versions = [KEPT[each]["versions"].get(name, "not in CI") for each in ("oldest", "newest")]
        rows.append([f"`{name}`", found["license"] if found else "", size(found) if found else "", *versions])
    table(["package", "license", "MB", "oldest tested", "newest tested"], rows)


def reasons(extra: str) -> None:
    """Purpose, comparison and reason of the dependencies of one extra."""
    chosen = ((name, TEXTS["used"][name]) for name in declared()[extra])
    table(
        ["package", "for", "measured against it", "why it was chosen", "see"],
        ([f"`{name}`", of["purpose"], of["compared"], of["why"], link(of["see"])] for name, of in chosen),
    )


def rejected() -> None:
    """What was tried and is not used."""
    table(
        ["package", "for", "what came out", "see"],
        ([name, of["for"], of["tried"], link(of["see"])] for name, of in TEXTS["rejected"].items()),
    )


def measured() -> None:
    """What the same work takes with each package."""
    cog.outl(f"Measured on {PEERS['machine']}, {PEERS['rounds']} rounds; load when it ended: {PEERS['load']}.")
    cog.outl("")
    rows = []
    for task, methods in PEERS["found"].items():
        ours = next(iter(methods.values()))
        for name, seconds in methods.items():
            used = f"{name} {PEERS['versions'][name]}"
            rows.append([task, used, f"{seconds:.2f}", f"{seconds / ours:.1f}", size(PEERS["packages"][name])])
    table(["work", "package", "processor time, s", "÷ ours", "MB"], rows)
