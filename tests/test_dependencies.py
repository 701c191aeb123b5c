"""docs/dependencies.md has an entry for each dependency, and its oldest tested releases are the bounds."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from dependencies import declared, installed, main  # noqa: E402 - the folder of tools is not a package

TEXTS = tomllib.loads((ROOT / "docs" / "dependencies.toml").read_text(encoding="utf-8"))
KEPT = json.loads((ROOT / "docs" / "dependencies.json").read_text(encoding="utf-8"))
DECLARED = declared()
EVERY = {name: need for stated in DECLARED.values() for name, need in stated.items()}
# What the job with the oldest releases installs, and what `make check` installs: see .ci/run.
OLDEST = [name for extra in ("", "dask", "serve", "mcp", "test", "browser") for name in DECLARED[extra]]
NEWEST = [*OLDEST, *DECLARED["dev"]]


def test_each_dependency_of_each_extra_has_an_entry_and_nothing_else_has() -> None:
    assert {*TEXTS["used"]} == {*EVERY}
    assert {*KEPT["oldest"]["versions"]} == {*OLDEST}
    assert {*KEPT["newest"]["versions"]} == {*KEPT["measured"]} == {*NEWEST}


@pytest.mark.parametrize("name", OLDEST)
def test_the_oldest_tested_release_is_the_lower_bound(name: str) -> None:
    (bound,) = re.findall(r">=([\d.]+)", str(EVERY[name].specifier))
    assert Version(KEPT["oldest"]["versions"][name]) == Version(bound)


@pytest.mark.parametrize("name", NEWEST)
def test_the_newest_tested_release_is_allowed(name: str) -> None:
    assert EVERY[name].specifier.contains(KEPT["newest"]["versions"][name])


@pytest.mark.parametrize("entry", [*TEXTS["used"].values(), *TEXTS["rejected"].values()], ids=lambda each: each["see"])
def test_the_evidence_is_in_the_project(entry: dict[str, str]) -> None:
    assert (ROOT / entry["see"]).is_file()
    assert all(entry.values())


def test_the_line_of_a_job_names_what_is_installed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["dependencies.py"])
    main()
    printed = capsys.readouterr().out
    assert printed.startswith(f"Python {sys.version_info.major}.{sys.version_info.minor}.")
    assert all(f"{name} {version}" in printed for name, version in installed().items())
