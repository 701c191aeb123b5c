"""No expression of the package backtracks: what one cell costs grows with its length, whatever it is filled with."""

from __future__ import annotations

import ast
import io
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import unionscreen
from unionscreen.filings.files.fec import as_table
from unionscreen.filings.rows.amounts import parse_amount
from unionscreen.matching.cleaning import MAX_LENGTH

# Runs of one class of characters, and of the pairs that the expressions of names, dates and amounts step over.
FILLINGS = (
    "a", "A", "0", "9", "12", "é", " ", "\t", "\n", "\xa0", "-", "–", ",", ".", "=", "$", "(", ")", "[", "'", '"', "“",
    "/", "\\", ":", ";", "#", "&", "_", "^", "<", "%", "a ", " a", "a.", "a. ", "1 ", " 1", "1,", "1.", "1-", ", ",
    ",a", "a,", "; ", " -", "- ", "#1", "# ", "A1", "NA ", "NA, ", "aA", "'a", "a'", "( ", "()", "of ", "for ", "no.",
    "00,", ",000", "x", "iv", "US$", "$ ", "USD", "4a", "aa4", "AaBb", "is ", "%d", "<t", "Ã", "â€", "19", "2020 ",
    "(null)", "null ",
)  # fmt: skip
# Before the run and after it: what a cell begins with, and what keeps the expression from fitting.
ENDS = (("", "\x00"), ("", ""), ("5", "x"), ("a", "!"), ("$", "x"), ("(", "x"), ("5,", "\x00"))
# Lengths, each four times the one before: at the last a square takes 20 ms or more, and a cube shows at the first.
LENGTHS = (64, 256, 1024, 4096)
# Linear growth is a factor of 4 and a square one of 16. What takes less than the floor is not judged: no square does at
# the last length, and a clock tick or a page fault would decide.
MOST_GROWTH = 9.0
FLOOR = 0.005
# What is only used on text of a bounded length, and how long that is.
BOUNDED = {"unionscreen.matching.cleaning._TAIL_OF_JOIN": MAX_LENGTH}
METHODS = {"match", "fullmatch", "search", "sub", "findall", "finditer", "split", "subn"}


class Used(NamedTuple):
    """An expression and a way in which it is used."""

    where: str
    expression: re.Pattern[Any]
    method: str


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(unionscreen.__path__, "unionscreen."):
        if not found.name.endswith("__main__"):
            yield import_module(found.name)


def _patterns(value: Any) -> Iterator[re.Pattern[Any]]:
    """The compiled expressions in a constant, however deep."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for each in (*value.keys(), *value.values()):
            yield from _patterns(each)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _patterns(each)


def _used() -> list[Used]:
    """Every expression with each method by which some module calls it; one kept in a table with ``match``."""
    out: dict[Used, None] = {}
    for module in _modules():
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name)
        ]
        for name, value in list(vars(module).items()):
            methods = {node.attr for node in calls if node.value.id == name}  # type: ignore[attr-defined]
            table = not isinstance(value, re.Pattern)
            for each in _patterns(value):
                for method in sorted(methods) or (["match"] if table else ["search"]):
                    out[Used(f"{module.__name__}.{name}", each, method)] = None
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.args):
                continue
            if isinstance(node.args[0], ast.Constant):
                flags = [each for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr.isupper()]
                flag = re.NOFLAG
                for each in flags:
                    flag |= getattr(re, each.attr)
                compiled = re.compile(node.args[0].value, flag)
                out[Used(f"{module.__name__}:{node.lineno}", compiled, node.func.attr)] = None
    return list(out)


def _call(used: Used, text: str) -> Callable[[], object]:
    subject: Any = text.encode("utf-8") if isinstance(used.expression.pattern, bytes) else text
    if used.method in ("sub", "subn"):
        blank: Any = b" " if isinstance(subject, bytes) else " "
        return lambda: getattr(used.expression, used.method)(blank, subject)
    if used.method == "finditer":
        return lambda: list(used.expression.finditer(subject))
    return lambda: getattr(used.expression, used.method)(subject)


def _user_seconds(work: Callable[[], object]) -> float:
    """Of this thread, so that a busy machine does not count."""
    before = time.thread_time()
    work()
    return time.thread_time() - before


def _grows(at: Callable[[int], Callable[[], object]], longest: int) -> str | None:
    """What grows faster than its input, in words; None when it is linear or too fast to matter."""
    for n, longer in pairwise(each for each in LENGTHS if each <= longest):
        if _user_seconds(at(longer)) < FLOOR:
            continue
        # Once more, the least of several: one cache miss is no growth.
        short = min(_user_seconds(at(n)) for _ in range(5))
        long = min(_user_seconds(at(longer)) for _ in range(3))
        if long >= FLOOR and long > MOST_GROWTH * short:
            return f"{short * 1000:.2f} ms for {n} characters, {long * 1000:.2f} ms for {longer}"
    return None


def _run(
    call: Callable[[str], Callable[[], object]], before: str, filling: str, after: str, n: int
) -> Callable[[], object]:
    return call(before + filling * (n // len(filling)) + after)


def _worst(call: Callable[[str], Callable[[], object]], longest: int = LENGTHS[-1]) -> list[str]:
    """Each filling over which a piece of work grows faster than its length."""
    out = []
    for filling in FILLINGS:
        for before, after in ENDS:
            found = _grows(partial(_run, call, before, filling, after), longest)
            if found:
                out.append(f"{before!r} + {filling!r} * n + {after!r}: {found}")
                break
    return out


USED = _used()


@pytest.mark.parametrize("used", USED, ids=lambda used: f"{used.where} {used.method}")
def test_an_expression_takes_time_linear_in_its_text(used: Used) -> None:
    longest = BOUNDED.get(used.where, LENGTHS[-1])
    assert _worst(lambda text: _call(used, text), longest) == [], used.expression.pattern


def test_the_expressions_that_read_filings_are_among_them() -> None:
    found = {used.where for used in USED}
    assert {"unionscreen.filings.rows.amounts._AMOUNT", "unionscreen.filings.rows.dates._YEAR_FIRST"} <= found
    assert any(where.startswith("unionscreen.filings.files.fec:") for where in found)
    assert len(found) > 60


def test_what_grows_with_the_square_is_noticed() -> None:
    assert _worst(lambda text: _call(Used("", re.compile(r"\s*x"), "search"), text)) != []


def test_an_amount_takes_time_linear_in_its_text() -> None:
    assert _worst(lambda text: lambda: parse_amount(text)) == []


def test_an_old_header_takes_time_linear_in_its_text() -> None:
    def read(text: str) -> Callable[[], object]:
        lines = f"/* Header\n{' '.join(text.splitlines())}\n/* End Header\n"
        return lambda: list(as_table(io.BytesIO(lines.encode()), "1.fec"))

    assert _worst(read) == []
