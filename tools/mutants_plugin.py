"""A pytest plugin for `make mutants`: writes down how long each test took, or runs the tests of a list in its order.

MUTANTS_DURATIONS names the JSON file to write; MUTANTS_TESTS names a file with one test id on a line; MUTANTS_FAILED
names the file that gets the ids of tests that fail.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

_seconds: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what setting a test up, running it and taking it down took."""
    _seconds[report.nodeid] += report.duration
    target = os.environ.get("MUTANTS_FAILED")
    if report.failed and target:
        with Path(target).open("a", encoding="utf-8") as handle:
            handle.write(report.nodeid + "\n")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the durations; under pytest-xdist only the process that hears of every test does."""
    target = os.environ.get("MUTANTS_DURATIONS")
    if target and not hasattr(session.config, "workerinput"):
        Path(target).write_text(json.dumps(_seconds), encoding="utf-8")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the list, in its order: the fastest of those that run the changed line come first."""
    listed = os.environ.get("MUTANTS_TESTS")
    if not listed:
        return
    place = {name: at for at, name in enumerate(Path(listed).read_text(encoding="utf-8").split("\n"))}
    items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])
