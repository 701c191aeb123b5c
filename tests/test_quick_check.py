"""A plain `check NAME` reads a saved index without typer; it answers like the careful way, whatever is in the cache."""

from __future__ import annotations

import csv
import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from typer.testing import Result

from unionscreen import saved_index
from unionscreen.cli import check as careful
from unionscreen.cli.quick import quick_check
from unionscreen.filings.layouts import definitions
from unionscreen.matching import Matcher, load_matcher, near
from unionscreen.matching.saved import entries_of, saved_matcher
from unionscreen.saved_index import DamagedIndexError, IndexFile
from unionscreen.unions import data_files, load_unions
from unionscreen.unions.data_files import LIST_KIND, list_index

CASES = Path(__file__).parent / "cases" / "donor_matches_reference.csv"
UNION = "San Diego Police Officers Association"
MAIN = "import sys\nfrom unionscreen.cli import main\nmain()"
CAREFUL = "import sys\nfrom unionscreen.cli.app import app\napp(prog_name='unionscreen')"

ARGUMENTS: list[list[str | bytes]] = [
    [UNION], [UNION.upper(), "jane smith"], ["Willow Bend Police Foundation"], ["--json", UNION], [UNION, "--json"],
    ["--json", "--json", "Ann Lee"], ["--json=1", UNION], ["--state", "pa", "Fraternal Order of Police Lodge 5"],
    ["--state=PA", "Fraternal Order of Police Lodge 5"], ["--state", "New York", "PBA Local 40"],
    ["--state", "ZZ", "ACME"], ["--state", "", "ACME"], ["--state", "--json", "ACME"], ["ACME", "--state"],
    ["--state", "NY", "--state", "CA", "PBA Local 40"], [""], [" "], ["ACME", ""], ["", "--state", "ZZ"], [],
    ["N/A"], ["ACME", "..."], ["ACME", "-"], ["-", "ACME"], ["(null)", "--json"],
    ["--json"],
    ["--help"], ["-h"], ["ACME", "--help"], ["--nonsense"], ["--jso", "ACME"], ["-x", "ACME"], ["-"], ["--"],
    ["--", "ACME"], ["--", "--json"], ["--explain", UNION], ["--stdin"], ["--stdin", "ACME"], ["--version"],
    [b"Garc\xeda Police Assn", "García"], [b"\xff\xfe"],
    ["[red]ACME\x1b[31m\u202e", "two\nlines", "\U0001f46e", "a\tb"],
    ["--unions", "none.csv", "ACME"], ["--unions", ".", "ACME"], ["--unions", "", "ACME"], ["--unions"],
    ["--unions", "own.csv", "Quillback Wardens Committee"], ["--unions", "bad.csv", "ACME"], ["x" * 5000],
    ["--decisions", "none.csv", "ACME"], ["check"], ["Local 7", "FOP Lodge 7", "PBA"],
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.csv").write_text("union,alias\nQuillback Harbor Wardens,Quillback Wardens Committee\n")
    (tmp_path / "bad.csv").write_text("union,tint\nACME,red\n")
    return tmp_path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, in which an index is kept however new its files are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(saved_index, "_SETTLED", -(1 << 62))
    return tmp_path / "cache" / "unionscreen"


def index_of_list(own: Path | None = None) -> IndexFile:
    found = list_index(own)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def entries() -> list[tuple[str, str]]:
    return list(entries_of(load_matcher()))


@pytest.fixture
def index(cache: Path, entries: list[tuple[str, str]]) -> Path:
    index_of_list().save(LIST_KIND, entries)
    (file,) = cache.glob("list-*")
    return file


def run(code: str, arguments: list[str | bytes], folder: Path, **options: object) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-c", code, "check", *arguments]
    done = subprocess.run(command, capture_output=True, cwd=folder, stdin=subprocess.DEVNULL, check=False, **options)  # type: ignore[call-overload]
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda each: " ".join(map(repr, each))[:40] or "nothing")
def test_both_ways_write_the_same_bytes_and_end_with_the_same_code(arguments: list[str | bytes], folder: Path) -> None:
    assert run(MAIN, arguments, folder) == run(CAREFUL, arguments, folder)


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), OSError(errno.ENOSPC, "full", "x"), RuntimeError("a\nb"), ValueError("embedded null")],
)
def test_both_ways_report_a_failure_alike(
    cli: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    error: BaseException,
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr("unionscreen.cli.quick.refuse_empty", fails)
    code, shown = quick_check([UNION]), capfd.readouterr()
    monkeypatch.setattr(careful, "refuse_empty", fails)
    result = cli("check", UNION)
    same = [text.replace("test_quick_check", "") for text in (shown.err, result.stderr)]
    assert (code, same[0].split(":")[:2]) == (result.exit_code, same[1].split(":")[:2])


@pytest.mark.skipif(sys.platform == "win32", reason="shell redirections")
@pytest.mark.parametrize("redirected", [">&-", "2>&-", ">/dev/full", "| true", "<&-"])
def test_closed_and_full_streams_end_alike(redirected: str, folder: Path) -> None:
    found = []
    for code in (MAIN, CAREFUL):
        # Many names, so that the pipe is full before `true` has ended.
        script = f'set -o pipefail; "$0" -c "$1" check {" ".join(["ACME"] * 3)} {redirected}'
        if code == CAREFUL:
            code = code.replace(
                "\nfrom", "\nfrom unionscreen.cli.streams import reopen_closed\nreopen_closed()\nfrom", 1
            )
        done = subprocess.run(
            ["bash", "-c", script, sys.executable, code], capture_output=True, cwd=folder, check=False
        )
        found.append(
            (done.stdout, done.stderr) if redirected == "| true" else (done.returncode, done.stdout, done.stderr)
        )
    assert found[0] == found[1]


def donors() -> Iterator[str]:
    with CASES.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield row["name"]


def test_an_index_gives_the_answers_of_the_whole_list(index: Path) -> None:
    found = index_of_list().open(LIST_KIND)
    assert found is not None
    quick, whole = saved_matcher(found), load_matcher()
    names = [*donors(), *(alias.alias for alias in whole.unions.aliases[::25])]
    names += [name[:30] for name in names[-300:]]  # cut off
    for name in names:
        for state in ("", "NY"):
            assert quick.match(name, state=state) == whole.match(name, state=state)


def answer(matcher: Matcher) -> str:
    return "".join(matcher.match(name, state="").why for name in (UNION, "Willow Bend Police Foundation", "Ann Lee"))


def test_damage_is_noticed_or_far_from_what_is_read(index: Path) -> None:
    content, expected, noticed = index.read_bytes(), answer(load_matcher()), 0
    places = [*range(0, len(content), len(content) // 60)]
    places.append(content.index(UNION.encode()) + 4)
    for at in places:
        damaged = bytearray(content)
        damaged[at] ^= 1
        index.write_bytes(damaged)
        found = index_of_list().open(LIST_KIND)
        try:
            assert found is None or answer(saved_matcher(found)) == expected
            noticed += found is None
        except DamagedIndexError:
            noticed += 1
    assert noticed


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
        lambda file: file.write_bytes(b"\0" * file.stat().st_size),
        lambda file: file.write_bytes(file.read_bytes().replace(b"San Diego", b"San Doego")),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["empty", "short", "half", "zeros", "words", "folder"],
)
def test_a_spoiled_index_changes_no_answer_and_is_made_again(
    index: Path, spoil: Callable[[Path], object], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = index.read_bytes()
    spoil(index)
    assert quick_check([UNION]) == 1
    assert b"is San Diego Police Officers Association" in capfdbinary.readouterr().out
    assert index.is_dir() or index.read_bytes() == content
    assert {each.suffix for each in index.parent.iterdir()} == {".index"}  # nothing half written is left


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_an_index_that_others_may_write_is_not_read(index: Path) -> None:
    assert index_of_list().open(LIST_KIND) is not None
    index.chmod(0o666)
    assert index_of_list().open(LIST_KIND) is None


def test_where_nothing_can_be_written_every_check_reads_the_list(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    cache.parent.write_text("a file, not a folder")
    assert quick_check([UNION]) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", "relative")
    assert quick_check([UNION]) == 1
    assert capfdbinary.readouterr().err == b""


def test_a_changed_list_has_a_new_index(cache: Path, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    own = folder / "own.csv"
    plain = ["--unions", str(own), "Quillback Wardens Committee", "Thornback Wardens Committee"]
    for name, other in (("Quillback", "Thornback"), ("Thornback", "Quillback")):
        own.write_text(f"union,alias\n{name} Harbor Wardens,{name} Wardens Committee\n")
        load_matcher.cache_clear()
        load_unions.cache_clear()
        for _ in range(2):
            assert quick_check(plain) == 1
            shown = capfdbinary.readouterr().out.decode()
            assert f"union    {name}" in shown
            assert f"clear    {other}" in shown
    assert len(list(cache.glob("list-*"))) == 1


@pytest.mark.usefixtures("cache")
def test_an_index_depends_on_all_code_that_reads_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import sys\nfrom unionscreen.matching import load_matcher\nfrom unionscreen.matching.saved import entries_of\n"
        "list(entries_of(load_matcher()))\n"
        "print(*(each.__file__ for name, each in sys.modules.items() if name.startswith('unionscreen')), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # These do not change what is read from the list; the version is in the header of the index.
    others = {"__init__.py", "_version.py", "errors.py", "saved_index.py"}
    asked: list[str] = []
    monkeypatch.setattr(data_files, "IndexFile", asked.extend)
    list_index(None)
    missing = {*map(Path, done.stdout.splitlines())} - {*map(Path, asked)}
    assert {path.name for path in missing} <= others


def test_without_a_file_of_the_list_there_is_no_index(folder: Path) -> None:
    assert list_index(folder / "no such list.csv") is None


def test_a_file_that_was_just_changed_may_change_again_unseen(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(saved_index, "_SETTLED", 1 << 62)
    assert quick_check([UNION]) == 1
    assert not cache.exists()


def test_few_indexes_are_kept(cache: Path, folder: Path, entries: list[tuple[str, str]]) -> None:
    for number in range(7):
        own = folder / f"own-{number}.csv"
        own.write_text(f"union\nUnion {number}\n")
        index_of_list(own).save(LIST_KIND, entries[:5])
    assert len(list(cache.iterdir())) == saved_index._KEPT


@pytest.mark.parametrize(
    ("name", "loaded"),
    [(UNION, []), ("Jane Smith", []), ("San Deigo Polcie Oficers Asociation", ["rapidfuzz"])],
)
def test_a_plain_check_loads_nothing_that_it_does_not_need(index: Path, name: str, loaded: list[str]) -> None:
    heavy = ["pandas", "numpy", "pyarrow", "typer", "rapidfuzz", "dataclasses", "inspect", "pathlib", "csv", "hashlib",
             "tomllib", "shutil", *([] if loaded else ["html"])]  # fmt: skip
    script = (
        f"import sys\nsys.argv = ['unionscreen', 'check', {name!r}]\nbefore = set(sys.modules)\n"
        "from unionscreen.cli import main\ntry: main()\nexcept SystemExit as done: assert done.code in (0, 1)\n"
        f"print([name for name in {heavy} if name in sys.modules and name not in before])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(loaded)


def test_what_is_kept_is_what_would_be_made(cache: Path) -> None:
    whole = Matcher(load_unions())
    for _ in range(2):  # made, then read
        kept = Matcher(load_unions(), saved=list_index(None))
        assert kept._rare_words == whole._rare_words
        assert kept._listed.without_police_word == whole._listed.without_police_word
        assert kept._plain_names._keys == whole._plain_names._keys
        for table in ("postings", "literal", "nameless"):
            assert getattr(kept._listed, table) == getattr(whole._listed, table)
        for numbered in (True, False):
            assert kept._related._index(numbered=numbered) == whole._related._index(numbered=numbered)
    assert {each.name.rpartition("-")[0] for each in cache.iterdir()} == {
        "words", "rare-words", "look-alikes-0", "look-alikes-1", "without-police-word", "names-without-police-word",
    }  # fmt: skip


def test_the_kept_formats_are_those_of_the_files(cache: Path) -> None:
    first = definitions._contents()
    assert (definitions._contents(), definitions._formats()) == (first, definitions._formats.__wrapped__())
    assert [each.name.rpartition("-")[0] for each in cache.iterdir()] == ["formats"]


LETTERS = st.text(st.sampled_from("abcd é"), max_size=12)


@given(LETTERS, LETTERS, st.lists(LETTERS, max_size=6), st.integers(1, 3))
def test_the_few_comparisons_agree_with_rapidfuzz(one: str, other: str, words: list[str], most: int) -> None:
    assert near._distance(one, other) == OSA.distance(one, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "_loaded", lambda: False)
        assert near.is_near(one, other, most) == (OSA.distance(one, other) <= most)
        assert near.likeness(one, other) == fuzz.ratio(one, other)
        hit = process.extractOne(one, words, scorer=OSA.distance, score_cutoff=most)
        assert near.nearest_word(one, words, most) == (hit and hit[:2])


def test_the_index_is_the_users_alone(index: Path) -> None:
    if sys.platform != "win32":
        assert (index.stat().st_mode & 0o777, index.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not any(os.path.sep in each for each in (index.name,))
