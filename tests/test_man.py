"""The man page is that of the help texts, and the programs that show man pages find nothing wrong with it."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from test_cli_help import ALL, every_command
from unionscreen.errors import UnionScreenError

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "man" / "unionscreen.1"
# Warnings are errors here; the styles that mandoc proposes besides are no faults.
READERS = {
    "mandoc": ("mandoc", "-T", "lint", "-W", "warning"),
    "groff": ("groff", "-man", "-ww", "-z", "-T", "utf8"),
}


def test_the_page_is_that_of_the_help_texts() -> None:
    spec = importlib.util.spec_from_file_location("make_man", ROOT / "tools" / "make_man.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.man_page() == PAGE.read_text(encoding="ascii"), "python tools/make_man.py writes it"


@every_command
def test_the_page_has_each_command_with_all_its_options(words: tuple[str, ...]) -> None:
    text = PAGE.read_text(encoding="ascii").replace("\\-", "-")
    (section,) = re.findall(rf"^\.SS {' '.join(words)}\n(.*?)(?=^\.S[SH])", text, re.MULTILINE | re.DOTALL)
    options = {name for each in ALL[words].params if each.param_type_name == "option" for name in each.opts}
    assert options - {"--help", "--help-all"} <= set(re.findall(r"\\fB(-[a-z-]+)\\fR", section))


def test_the_page_has_every_exit_code() -> None:
    (section,) = re.findall(
        r"^\.SH EXIT STATUS\n(.*?)^\.SH", PAGE.read_text(encoding="ascii"), re.MULTILINE | re.DOTALL
    )
    codes = {int(code) for code in re.findall(r"^\.B (\d+)$", section, re.MULTILINE)}
    assert codes == {0, 1, 2, 3, 4, 5, 70}
    assert {each.exit_code for each in UnionScreenError.__subclasses__()} <= codes


@pytest.mark.parametrize("reader", READERS)
def test_the_programs_that_show_man_pages_have_no_warning(reader: str) -> None:
    if shutil.which(reader) is None:
        pytest.skip(f"{reader} is not on this machine")
    done = subprocess.run([*READERS[reader], str(PAGE)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
