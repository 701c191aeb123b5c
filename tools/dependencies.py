"""Show which releases of the dependencies are installed here, or keep them in docs/dependencies.json.

    .venv/bin/python tools/dependencies.py                     one line, as `.ci/run` prints it for each job
    .venv/bin/python tools/dependencies.py --record newest     after the suite passed with these releases
    .venv/bin/python tools/dependencies.py --record oldest     the same, with the oldest that pyproject.toml allows

`--record newest` also keeps licenses and sizes, as the installed packages state them. docs/dependencies.md shows both.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import tomllib
from datetime import date
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parents[1]
RECORD: Final = ROOT / "docs" / "dependencies.json"
# Texts in place of a license's usual short name, in packages that state no SPDX expression.
_LICENSES: Final = (("mit", "MIT"), ("bsd", "BSD"), ("apache", "Apache-2.0"))


def declared() -> dict[str, dict[str, Requirement]]:
    """Each extra with its direct dependencies, as pyproject.toml states them; "" is what everybody installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {"": project["dependencies"], **project["optional-dependencies"]}
    found = {extra: [Requirement(each) for each in stated] for extra, stated in extras.items()}
    return {
        extra: {each.name: each for each in stated if each.name != project["name"]} for extra, stated in found.items()
    }


def installed() -> dict[str, str]:
    """The releases of the direct dependencies that are installed."""
    versions = {}
    for name in sorted({name for stated in declared().values() for name in stated}):
        try:
            versions[name] = distribution(name).version
        except PackageNotFoundError:
            continue
    return versions


def license_of(found: Distribution) -> str:
    """The license as the package states it: SPDX if it does, else the classifier, else the first words of the text."""
    stated = found.metadata.json
    if expression := stated.get("license_expression"):
        return str(expression)
    classified = [each.rpartition(" :: ")[2] for each in stated.get("classifier", ()) if each.startswith("License")]
    text = " ".join(classified) or str(stated.get("license", "")).partition("\n")[0]
    short = next((name for word, name in _LICENSES if re.search(rf"\b{word}\b", text.lower())), None)
    return text if short is None or (short == "BSD" and "BSD-" in text) else short


def size_of(found: Distribution) -> int:
    """The bytes of the installed files, without what Python compiled."""
    return sum(each.size or 0 for each in found.files or () if each.suffix != ".pyc")


def brings(name: str) -> set[str]:
    """The names of all packages that this one needs here, and their needs, without itself."""
    seen: set[str] = set()
    waiting = [(name, frozenset[str]())]
    while waiting:
        one, extras = waiting.pop()
        for stated in distribution(one).requires or ():
            need = Requirement(stated)
            wanted = need.marker is None or any(need.marker.evaluate({"extra": each}) for each in extras or {""})
            key = re.sub(r"[-_.]+", "-", need.name).lower()
            if wanted and key not in seen:
                seen.add(key)
                waiting.append((key, frozenset(need.extras)))
    return seen - {name}


def measured(name: str) -> dict[str, Any]:
    """License and size of one installed package, and what comes with it."""
    found = distribution(name)
    others = sorted(brings(name))
    return {
        "license": license_of(found),
        "mb": round(size_of(found) / 1e6, 1),
        "brings": len(others),
        "mb with them": round((size_of(found) + sum(size_of(distribution(each)) for each in others)) / 1e6, 1),
    }


def main() -> None:
    """Print the line, or keep what is installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", choices=("oldest", "newest"))
    asked = parser.parse_args().record
    versions = installed()
    print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {each}" for name, each in versions.items()))
    if asked is None:
        return
    kept = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    kept[asked] = {"day": date.today().isoformat(), "python": platform.python_version(), "versions": versions}
    if asked == "newest":
        kept["machine"] = f"{platform.system()} {platform.machine()}"
        kept["measured"] = {name: measured(name) for name in versions}
    RECORD.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
