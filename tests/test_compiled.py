"""The optional library in C decides nothing: with it and without it, cells, cents, names and reports are the same."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unionscreen import compiled, saved_index
from unionscreen.filings.rows.amounts import parse_amount
from unionscreen.matching import load_matcher, pieces, prefilter

NEEDED = pytest.mark.skipif(
    compiled._loaded() is None, reason="the library in C is not built here: install with a C compiler to run this"
)
AGAIN = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(compiled.SWITCH, raising=False)
    yield
    prefilter.prefilter_patterns.cache_clear()


def split(text: str, fields: int, *, quoting: bool = True, lines: int | None = None) -> list[list[str]] | None:
    count = text.count("\n") + (bool(text) and not text.endswith("\n")) if lines is None else lines
    table = compiled.split_lines(text.encode(), count, ",", fields, range(fields), quoting=quoting)
    if table is None:
        return None
    table.validate(full=True)
    return [list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]


@NEEDED
@pytest.mark.parametrize(
    ("text", "quoting", "rows"),
    [
        ("a,b\nc,d\n", True, [["a", "b"], ["c", "d"]]),
        ("a,b\r\nc,d\r\n", True, [["a", "b"], ["c", "d"]]),
        ("a,b\nc,", True, [["a", "b"], ["c", ""]]),
        ('"a","b"', True, [["a", "b"]]),
        ('"a,""b""",""\n', True, [['a,"b"', ""]]),
        ('"""",x\n', True, [['"', "x"]]),
        ('"a",b\n', False, [['"a"', "b"]]),
        ("Peña,ü\n", True, [["Peña", "ü"]]),
        (f"{'x' * 100},{'y' * 33}\n", True, [["x" * 100, "y" * 33]]),
    ],
)
def test_plain_lines_are_split(text: str, quoting: bool, rows: list[list[str]]) -> None:
    assert split(text, 2, quoting=quoting) == rows


@NEEDED
@pytest.mark.parametrize(
    "text",
    [
        "a\n", "a,b,c\n", "\n", "a,b\n\nc,d\n", 'a"b,c\n', '"a"b,c\n', '"a\nb",c\n', '"a,b\n', '"a', '"a""', "a,b\r",
        "a\rb,c\n", "a,b\r\r\n", "a,b\x00\n", '"a\x00",b\n', "\ufeffa,b\n", '"a"\r,b\n',
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_other_parsers(text: str) -> None:
    assert split(text, 2) is None


@NEEDED
@AGAIN
@given(
    rows=st.lists(st.lists(st.text('ab ,"$é\n\r\x00', max_size=40), min_size=3, max_size=3), min_size=1, max_size=6),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_cells_are_those_of_pythons_csv(rows: list[list[str]], quoting: int, end: str) -> None:
    made = io.StringIO()
    csv.writer(made, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    found = split(made.getvalue(), 3)
    plain = not any({*"\n\r\x00"} & {*cell} for row in rows for cell in row)
    assert found == (rows if plain else None)


@NEEDED
@AGAIN
@given(text=st.text('a,"\n\r', max_size=30), lines=st.integers(0, 5), fields=st.integers(2, 4))
def test_any_bytes_and_any_number_of_lines_are_refused_or_split(text: str, lines: int, fields: int) -> None:
    found = split(text, fields, lines=lines)
    assert found is None or (len(found) == lines and [*csv.reader(io.StringIO(text, newline=""))] == found)


@NEEDED
@pytest.mark.parametrize("rest", ["", "\n"])
@pytest.mark.parametrize("other", [False, True])
def test_cells_of_any_length_end_where_they_should(
    rest: str, other: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if other:
        use_a_library_of_another_processor(tmp_path, monkeypatch)
    # The end of a cell is looked for in 16 bytes at once, and in single bytes near the end of the data.
    for length in range(70):
        plain, quoted = "x" * length, "x" * length + '""' + "y" * (70 - length)
        rows = [[plain, quoted.replace('""', '"'), ""], ["", plain, plain]]
        assert split(f'{plain},"{quoted}",\n,"{plain}",{plain}{rest}', 3) == rows


def use_a_library_of_another_processor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile the source as if the processor had no vectors of 16 bytes, and use that library."""
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler here")
    library = folder / "other.library"
    digest = hashlib.sha256(compiled.SOURCE.read_bytes()).hexdigest()
    flags = ["-O2", "-fPIC", "-shared", "-U__SSE2__", f'-DSOURCE_SHA256="{digest}"']
    subprocess.run(["cc", *flags, str(compiled.SOURCE), "-o", str(library)], check=True)
    monkeypatch.setattr(compiled, "LIBRARY", library)
    monkeypatch.setattr(compiled, "_loaded", lru_cache(compiled._loaded.__wrapped__))
    assert compiled._loaded() is not None


@NEEDED
@AGAIN
@given(
    data=st.lists(st.sampled_from([b"\n", b"\x00", b"\x1a", b"x" * 100, b"\n" * 300]), max_size=12).map(b"".join),
    stretch=st.integers(1, 700),
)
@example(data=b"\n" * 256, stretch=256)  # a count that does not fit a byte
def test_lines_are_counted_and_marks_found(data: bytes, stretch: int) -> None:
    looked = compiled.look_over(data, 0x0A, stretch, b"\x00\x1a")
    assert looked is not None
    counts = [data[at : at + stretch].count(b"\n") for at in range(0, len(data), stretch)]
    assert (looked[0].tolist(), looked[1]) == (counts, b"\x00" in data or b"\x1a" in data)


AMOUNTS = st.one_of(
    st.text("$-,.0123456789", max_size=16),
    st.from_regex(r"\A\$?-?\d{1,3}(,\d{3}){0,4}(\.\d{0,3})?\Z"),
    st.from_regex(r"\A\$?-?\d{1,13}(\.\d{0,3})?\Z"),
    st.text(max_size=6),
)


@NEEDED
@AGAIN
@given(texts=st.lists(AMOUNTS, max_size=8))
@example(texts=["9999999999.99", "10000000000", "0,000", "1,", ",1", "1,23", "$", "-", ".", ".5", "5.", "-$5", "$-5.1"])
def test_cents_are_those_of_parse_amount(texts: list[str]) -> None:
    filed = pa.array(["x", *texts], pa.string()).slice(1)
    found = compiled.read_cents(filed)
    assert found is not None
    for text, cents, odd in zip(texts, *found, strict=True):
        assert odd or cents == parse_amount(text)


@NEEDED
def test_the_amounts_of_an_export_are_all_usual() -> None:
    found = compiled.read_cents(pa.array(["$1,234.50", "-20", "3.5", "$-1,000,000", "25.", "0"]))
    assert found is not None
    assert (found[0].tolist(), found[1].any()) == ([123450, -2000, 350, -100000000, 2500, 0], False)


WORDS = st.sampled_from(
    "police officers f.o.p. fop pba p.b.a lodge 12 locust assn jane smith of the 0fficers p0lice fedn k-9 d.a. deputy "
    "da's court  of.c. game warden sheriff's a b c n. y. s. union pol1ce , - _ é ’ brotherhood law  enforc".split()
)


@NEEDED
@AGAIN
@given(names=st.lists(st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text(max_size=12)), min_size=1))
@example(names=["A.B", "a_fop", "FOP", "xfop", "K9", "K - 9", "1st", "po1ice", "", "Lodge7", "\x7f", "d'a"])
def test_a_name_that_matches_an_expression_has_one_of_its_pieces(names: list[str]) -> None:
    import pyarrow.compute as pc

    patterns = prefilter.prefilter_patterns(load_matcher(None)._rare_words)
    text = pa.array([None, *names], pa.string())
    for pattern in (patterns.clue, patterns.spelled, patterns.misspelled):
        automaton = pieces.automaton_of(pattern) if pattern not in AUTOMATA else AUTOMATA[pattern]
        assert automaton is not None
        AUTOMATA[pattern] = automaton
        found = compiled.find_pieces(text, pieces.classes_table(), automaton)
        assert found is not None
        matches = pc.fill_null(pc.match_substring_regex(pc.ascii_lower(text), pattern=pattern), False)
        assert not np.any(matches.to_numpy(zero_copy_only=False) & ~found)


AUTOMATA: dict[str, np.ndarray] = {}


@NEEDED
@pytest.mark.parametrize("count", [500, prefilter.FEW + 10])
def test_the_prefilter_passes_the_same_names(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)  # noqa: S311 - chance with a seed is no secret
    listed = [each.name for each in load_matcher(None).unions.unions.values()]
    words = "smith jane l. po1ice polcie f.o.p. n y p d lodge 7 assn officer union fund of locust élan 0fficers".split()
    made = [" ".join(chance.choices(words, k=chance.randint(1, 5))) for _ in range(count)]
    names = pa.array([None, *made, *(name.replace("o", "0") for name in listed), *listed])
    rare = load_matcher(None)._rare_words
    answers = []
    for switch in ("1", "0"):
        monkeypatch.setenv(compiled.SWITCH, switch)
        prefilter.prefilter_patterns.cache_clear()
        answers.append([prefilter.prefilter(names, rare).to_pylist() for _ in range(6)])
    prefilter.prefilter_patterns.cache_clear()
    assert answers[0] == answers[1]


@NEEDED
def test_an_automaton_is_kept_with_the_index_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made_from = tmp_path / "list.csv"
    made_from.write_text("a list\n", "utf-8")
    os.utime(made_from, (1, 1))
    monkeypatch.setattr(saved_index, "_SETTLED", -(10**10))  # as if the list had not changed for a while
    index = saved_index.IndexFile([str(made_from)])
    fresh = pieces.Automata(index).of("spelled", "police|fop")
    monkeypatch.setattr(pieces, "automaton_of", lambda _: pytest.fail("it was not read"))
    kept = pieces.Automata(index).of("spelled", "police|fop")
    assert fresh is not None
    assert np.array_equal(fresh, kept)  # type: ignore[arg-type]
    assert kept.dtype == np.int32  # type: ignore[union-attr]


@NEEDED
@pytest.mark.parametrize(
    "damaged", [np.full((3, pieces.CLASSES), 3), np.full((2, pieces.CLASSES), -1), np.empty((0, 1))]
)
def test_an_automaton_that_leads_out_of_its_table_is_made_again(
    damaged: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "kept", lambda *_: pieces._packed(damaged))
    found = pieces.Automata(None).of("spelled", "police")
    assert np.array_equal(found, pieces.automaton_of("police"))  # type: ignore[arg-type]


def test_the_switch_turns_the_library_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(compiled.SWITCH, "0")
    assert not compiled.is_active()
    assert split("a,b\n", 2) is None
    assert compiled.read_cents(pa.array(["1"])) is None
    assert compiled.look_over(b"\n", 0x0A, 1, b"ab") is None
    assert pieces.Automata(None).of("spelled", "police") is None


def test_a_library_of_another_source_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "SOURCE", tmp_path / "_loops.c")
    (tmp_path / "_loops.c").write_text("int other;\n", encoding="utf-8")
    assert compiled._loaded.__wrapped__() is None
    monkeypatch.setattr(compiled, "LIBRARY", tmp_path / "missing.so")
    assert compiled._loaded.__wrapped__() is None


@NEEDED
def test_a_report_is_the_same_without_the_library(tmp_path: Path) -> None:
    filing = Path(__file__).parents[1] / "examples"
    outputs = []
    for switch in ("1", "0"):
        done = subprocess.run(
            [sys.executable, "-m", "unionscreen", "screen", str(filing), "--format", "json", "--recipients", "all"],
            capture_output=True, env=os.environ | {compiled.SWITCH: switch}, check=False,
        )  # fmt: skip
        outputs.append((done.returncode, done.stdout, done.stderr))
    assert outputs[0] == outputs[1]
    assert outputs[0][1]


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
def test_the_source_compiles_without_warnings(tmp_path: Path) -> None:
    command = ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-O2", "-c", str(compiled.SOURCE)]
    done = subprocess.run([*command, "-o", str(tmp_path / "loops.o")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(compiled.SOURCE.read_bytes()).hexdigest()
