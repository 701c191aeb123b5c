"""What several test modules need: the command line in this process, the examples, files of expected results."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import hypothesis
import pytest
from typer.testing import CliRunner, Result

ROOT = Path(__file__).resolve().parents[1]
# R is not a dependency: the code of docs/r.md runs only where R is installed. pipx and uv install the wheel and the
# sdist only where the extra dev is installed; one such job is enough.
MAY_BE_SKIPPED = ("no Rscript on this machine", "the extra dev brings it")
# A first call may load the union list, and a busy machine is no bug: time is measured in benchmarks/, not here.
hypothesis.settings.register_profile("unionscreen", deadline=None)
hypothesis.settings.load_profile("unionscreen")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail where a test was skipped and all are said to be able to run (UNIONSCREEN_NO_SKIPS=1, as in .ci/run)."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    skipped = [each for each in skipped if not any(reason in str(each.longrepr) for reason in MAY_BE_SKIPPED)]
    if skipped and exitstatus == pytest.ExitCode.OK and os.environ.get("UNIONSCREEN_NO_SKIPS"):
        reporter.write_line(f"{len(skipped)} tests were skipped, and none may be here: see pytest -rs", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Saved indexes stay out of the cache folder of whoever runs the tests."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is dated in the future, whatever day it is."""
    monkeypatch.setattr("unionscreen.screening.doubts.today", lambda: date(2100, 12, 31))


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `unionscreen ...` in this process, in the checkout, at 80 columns without color."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        from unionscreen.cli.app import app

        return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin, prog_name="unionscreen")

    return run


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `Path.write_bytes` and `Path.write_text` leaves half of what it was given, and fails."""

    def fails(path: Path, data: bytes | str, **_: object) -> None:
        half = data[: len(data) // 2]
        with path.open("wb") as handle:
            handle.write(half.encode() if isinstance(half, str) else half)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fails)
    monkeypatch.setattr(Path, "write_text", fails)


@pytest.fixture
def expected() -> Callable[[Path | str, str], None]:
    """Compare a text with a file under `tests/`; `make expected` (UPDATE_EXPECTED=1) writes the file instead."""

    def compare(name: Path | str, text: str) -> None:
        path = ROOT / "tests" / name
        shown = path.relative_to(ROOT)
        if os.environ.get("UPDATE_EXPECTED"):
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{shown} is missing; `make expected` writes it; then read it against the input"
        assert text == path.read_text(encoding="utf-8"), f"{shown} differs; if you meant it: make expected"

    return compare
