"""The scripts in findings/ have the form that findings/README.md promises. `make findings` runs them; no test does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shlex import split

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "findings").glob("*.sh"))
PARTS = ("A good guess", "What really happens", "Versions", "Seen", "Why it matters here")

# What the head says instead of a pin where a script needs no package.
NO_PACKAGE = "of the standard library"


def head_of(text: str) -> str:
    """The comment at the top, in one line."""
    lines = text.splitlines()[1:]
    end = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return " ".join(line.removeprefix("#").strip() for line in lines[:end])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
class TestScript:
    def test_its_head_has_every_part_in_order(self, path: Path) -> None:
        start, *found = re.split(f"({'|'.join(PARTS)}): ", head_of(path.read_text(encoding="utf-8")))
        assert start == ""
        assert found[::2] == [*PARTS]
        assert min(len(text) for text in found[1::2]) > 15

    def test_it_stops_at_the_first_error_and_works_in_a_temporary_folder(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "#!/usr/bin/env bash"
        assert [line for line in lines if not line.startswith("#")][:4] == [
            "set -euo pipefail",
            "",
            "work=$(mktemp -d)",
            """trap 'rm -rf "$work"' EXIT""",
        ]
        assert "the behavior has changed" in "\n".join(lines)

    def test_every_package_that_it_installs_is_pinned(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        installs = re.findall(r"(?:pip\"|npm) install (.*)", text)
        packages = [word for line in installs for word in re.findall(r"'([^']+)'", line)]
        assert [package for package in packages if not re.fullmatch(r"[\w-]+(==|@)\d[\w.]*", package)] == []
        assert packages or NO_PACKAGE in head_of(text)
        # A word that is not an option, a redirection or quoted is a package without a pin.
        bare = [re.sub(r"'[^']+'|\"[^\"]+\"|\d?>\S+|--[\w-]+", "", line).split() for line in installs]
        assert [words for words in bare if words] == []

    def test_it_names_no_place_of_a_machine_and_not_our_product(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"/(?:work|tmp|home|root|Users)/|https?://", text) == []
        assert "unionscreen" not in text.lower()

    def test_its_last_line_says_what_was_seen(self, path: Path) -> None:
        [command, seen] = split(path.read_text(encoding="utf-8").splitlines()[-1])
        assert command == "echo"
        assert seen.startswith("seen: ")
        shown = seen.removeprefix("seen: ").replace("\\$", "$")
        assert f"| [{path.stem}]({path.name}) | {shown} |" in (path.with_name("README.md").read_text(encoding="utf-8"))

    def test_bash_can_read_it(self, path: Path) -> None:
        assert subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False).stderr == ""


def test_make_findings_says_which_no_longer_hold(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("echo 1\necho 'seen: a'\n")
    (tmp_path / "b.sh").write_text("echo 'the behavior has changed' >&2\nexit 1\n")
    (tmp_path / "c.sh").write_text("echo 'seen: c'\n")
    scripts = " ".join(str(tmp_path / name) for name in ("a.sh", "b.sh", "c.sh"))
    run = subprocess.run(
        ["make", "-C", ROOT, "--no-print-directory", "findings", f"FINDINGS={scripts}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert run.stdout.replace(f"{tmp_path}/", "").splitlines() == [
        "holds: a.sh: seen: a",
        "no longer holds: b.sh: the behavior has changed",
        "holds: c.sh: seen: c",
    ]
