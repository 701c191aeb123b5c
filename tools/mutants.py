"""Change the code at one point, run the tests that reach it, and see whether one fails: `make mutants`.

Cosmic Ray makes the changes (its operators; one change at each place drawn). This script draws the places, picks the
tests by the coverage of each test, and counts. All of it happens in copies of the tree, never in the tree itself.

    make mutants SAMPLE=300 SEED=12
    .venv/bin/python tools/mutants.py --only accounting/ --sample 40 --seed 7

A place is drawn by a hash of the seed, its file, its line's text and its column. So the draw stays the same for code
that did not change, and a test added for a survivor is judged by the same change next time.

Out of the draw, because a change there can change no answer: type annotations, decorators (caches and the flags of
data classes), blocks under TYPE_CHECKING, and comparisons turned into or out of `is`.
"""

from __future__ import annotations

import argparse
import ast
import csv
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/unionscreen")
# The modules that decide money and identity.
SCOPE = (
    "accounting/",
    "screening/",
    "matching/",
    "prosecutors/",
    "filings/",
    "review/",
    "intake/donations.py",
    "intake/rules.py",
    "pledges.py",
)
# Between runs the coverage stays there; of each checkout its own.
WORK = Path(tempfile.gettempdir()) / f"unionscreen-mutants-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
EQUIVALENT = ROOT / "tests/mutants-equivalent.csv"
IDENTITY = {"Is", "IsNot"}
NEEDS_ARGUMENTS = {"core/VariableReplacer", "core/VariableInserter"}
CACHES = "core/RemoveDecorator"
# What the tests of one change may take, in seconds they took when the coverage was collected: first the fastest few
# hundred of its line and some of its module; where all of them pass, more of its line. The slowest (whole reports,
# subprocesses) are left out: the count errs to survivors.
LINE_SECONDS = 15.0
MODULE_SECONDS = 5.0
MORE_SECONDS = 90.0
# A change may turn a loop endless. Starting and importing take a few seconds on a busy machine.
TIMES_SLOWER, START_SECONDS = 4, 60
NO_TEST_SELECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Change:
    """One change: where, by which operator, and what the file then holds."""

    path: str
    line: int
    lines: tuple[int, ...]
    operator: str
    code: str
    before: str
    after: str


@dataclass(frozen=True)
class Outcome:
    """What became of a change: the tests run for it, and the one that failed ("" where none did)."""

    change: Change
    killed: bool
    how: str
    tests: int


def main() -> int:
    """Draw, run, count, and write the survivors."""
    options = _options()
    work = options.work
    base = work / "base"
    work.mkdir(parents=True, exist_ok=True)
    state = _copy(base, work / "state")
    tests = _coverage(base, work, state)
    drawn = draw(base, options.seed, options.sample, tuple(options.only or SCOPE))
    print(f"{len(drawn)} changes, seed {options.seed}; {len(tests.seconds)} tests", file=sys.stderr)
    same = _equivalent()
    outcomes = _judge(drawn, tests, base, work, options.jobs, same)
    doubtful = _fail_unchanged({o.how for o in outcomes if o.killed}, tests.seconds, base)
    outcomes = [Outcome(o.change, False, "failing without it", o.tests) if o.how in doubtful else o for o in outcomes]
    return _report(outcomes, options, same)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=300, help="how many changes")
    parser.add_argument("--seed", type=int, default=12, help="which ones")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument("--only", action="append", help="a file or folder below src/unionscreen; may be repeated")
    parser.add_argument("--least", type=float, default=0, help="exit 1 when fewer percent are killed")
    parser.add_argument("--work", type=Path, default=WORK, help="where to work")
    parser.add_argument("--out", type=Path, help="the list of survivors; WORK/survivors.txt when left out")
    return parser.parse_args()


def _copy(base: Path, stamp: Path) -> str:
    """Copy the tree as it is, committed or not, unless the copy is of this very tree; return its hash."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in sorted(filter(None, listed.stdout.split("\0"))) if (ROOT / name).is_file()]
    digest = hashlib.sha256()
    for name in names:
        if name.startswith(("src/", "tests/", "data/", "examples/", "pyproject.toml")):
            digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    if not (stamp.exists() and stamp.read_text() == digest.hexdigest()):
        stamp.unlink(missing_ok=True)
        shutil.rmtree(base, ignore_errors=True)
        for name in names:
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, base / name)
    return digest.hexdigest()


class Tests:
    """Which tests run which line, and how long each took."""

    def __init__(self, base: Path, coverage: Path, durations: Path) -> None:
        self.seconds: dict[str, float] = json.loads(durations.read_text(encoding="utf-8"))
        data = CoverageData(str(coverage))
        data.read()
        self._of: dict[str, dict[int, set[str]]] = {}
        for file in data.measured_files():
            lines: dict[int, set[str]] = defaultdict(set)
            for line, contexts in data.contexts_by_lineno(file).items():
                lines[line] = {c.rpartition("|")[0] for c in contexts} & self.seconds.keys()
            self._of[Path(file).relative_to(base).as_posix()] = lines

    def for_change(self, change: Change) -> tuple[list[str], list[str]]:
        """The tests to run, the fastest first: those of the line and of the module; and more of the line."""
        lines = self._of.get(change.path, {})
        of_line = set().union(*(lines.get(line, set()) for line in change.lines))
        of_module = set().union(*lines.values()) - of_line
        # A line that runs at import runs in no test: every test of the module may notice.
        of_line, of_module = (of_line, of_module) if of_line else (of_module, of_line)
        first = self._within(of_line, LINE_SECONDS) + self._within(of_module, MODULE_SECONDS)
        return first, self._within(of_line - {*first}, MORE_SECONDS)

    def _within(self, names: set[str], limit: float) -> list[str]:
        kept: list[str] = []
        spent = 0.0
        for name in sorted(names, key=lambda n: (self.seconds[n], n)):
            spent += self.seconds[name]
            if kept and spent > limit:
                break
            kept.append(name)
        return kept


def _coverage(base: Path, work: Path, state: str) -> Tests:
    """Run the whole suite once with a context for each test, unless that was done for this very tree."""
    found, durations, stamp = work / "coverage", work / "durations.json", work / "state"
    if not stamp.exists():
        print("running all tests once, to see which reach which line", file=sys.stderr)
        arguments = ["-n", "2", "--dist", "loadfile", f"--cov={PACKAGE}", "--cov-context=test", "--cov-report="]
        done = _pytest(base, arguments, MUTANTS_DURATIONS=str(durations), COVERAGE_FILE=str(found))
        if done.returncode:
            sys.exit(f"{done.stdout[-3000:]}\nThe tests fail before anything is changed.")
        stamp.write_text(state)
    return Tests(base, found, durations)


def _pytest(
    tree: Path, arguments: list[str], timeout: float | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tree / "src"), str(ROOT / "tools")]),
        **environment,
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mutants_plugin", "-p", "no:cacheprovider", *arguments]
    process = subprocess.Popen(
        command,
        cwd=tree,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)  # and what the tests started
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, output)


def draw(base: Path, seed: int, sample: int, scope: tuple[str, ...]) -> list[Change]:
    """The changes of this seed, in a fixed order; fewer than `sample` when there are not so many places."""
    drawn = []
    for path in sorted((base / PACKAGE).rglob("*.py")):
        if path.relative_to(base / PACKAGE).as_posix().startswith(scope):
            drawn += list(_places(path, base, seed))
    changes: list[Change] = []
    for _, place in sorted(drawn):
        if len(changes) == sample:
            break
        change = _change(*place, base)
        if _compiles(change.code):
            changes.append(change)
    return changes


def _compiles(code: str) -> bool:
    """Whether it is Python still: the ``*`` and ``/`` among parameters are no operators, though they look alike."""
    try:
        compile(code, "change", "exec")
    except SyntaxError:
        return False
    return True


# A place: the file, the line, the operators there (each with its occurrence in the file), and the rank.
Place = tuple[str, int, tuple[tuple[str, int], ...], int]


def _places(path: Path, base: Path, seed: int) -> Iterator[tuple[int, Place]]:
    source = path.read_text(encoding="utf-8")
    out = _unchanging(source)
    found: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    nodes = list(ast_nodes(get_ast(source)))
    for name in operator_names():
        if name in NEEDS_ARGUMENTS or name == CACHES or _crosses_identity(name):
            continue
        operator = get_operator(name)()
        positions = (at for node in nodes for at in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(positions):
            if not any(first <= start < last for first, last in out):
                found[start].append((name, occurrence))
    lines, seen = source.splitlines(), Counter[str]()
    name = path.relative_to(base).as_posix()
    for (line, column), operators in sorted(found.items()):
        text = f"{lines[line - 1].strip()}\0{column}"
        seen[text] += 1
        rank = int.from_bytes(hashlib.sha256(f"{seed}\0{name}\0{text}\0{seen[text]}".encode()).digest()[:8])
        yield rank, (name, line, tuple(operators), rank)


def _crosses_identity(operator: str) -> bool:
    """Whether it turns `==` into `is` or back: for the names and enums compared here, both say the same."""
    parts = operator.removeprefix("core/ReplaceComparisonOperator_").split("_")
    return len(parts) == 2 and (parts[0] in IDENTITY) != (parts[1] in IDENTITY)


def _unchanging(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The parts of a file whose change can change no answer."""
    parts: list[ast.AST] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            parts.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts += node.decorator_list
            if isinstance(node, ast.FunctionDef):
                parts += [node.returns] if node.returns else []
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            parts.append(node)
    return [((p.lineno, p.col_offset), (p.end_lineno, p.end_col_offset)) for p in parts]  # type: ignore[attr-defined]


def _change(name: str, line: int, operators: tuple[tuple[str, int], ...], rank: int, base: Path) -> Change:
    source = (base / name).read_text(encoding="utf-8")
    operator, occurrence = operators[rank // len(operators) % len(operators)]
    code = mutate_code(source, get_operator(operator)(), occurrence)
    difference = [d for d in difflib.ndiff(source.splitlines(), code.splitlines()) if d[0] in "+-"]
    return Change(
        name,
        line,
        _statement(source, line),
        operator.removeprefix("core/"),
        code,
        *(" ".join(d[2:].strip() for d in difference if d[0] == sign) for sign in "-+"),
    )


def _statement(source: str, line: int) -> tuple[int, ...]:
    """The lines of the statement a place is in; of a compound one, those before its body."""
    first, last = line, line
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and _first_line(node) <= line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            end = _first_line(body[0]) - 1 if body else node.end_lineno
            end = max(end or 0, node.lineno)
            if line <= end:
                first, last = node.lineno, end
    return tuple(range(first, last + 1))


def _first_line(node: ast.stmt) -> int:
    """The line a statement starts on, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


# What the list of changes that change nothing says, by file and by the lines before and after.
Same = dict[tuple[str, str, str], str]


def _equivalent() -> Same:
    with EQUIVALENT.open(encoding="utf-8", newline="") as handle:
        return {(row["file"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(handle)}


def _reason(change: Change, same: Same) -> str:
    """Why a change changes nothing; "" where nobody said so."""
    return same.get((change.path, change.before, change.after), "")


def _judge(drawn: list[Change], tests: Tests, base: Path, work: Path, jobs: int, same: Same) -> list[Outcome]:
    free: SimpleQueue[Path] = SimpleQueue()
    for number in range(jobs):
        tree = work / f"copy{number}"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(base, tree)
        free.put(tree)
    done, lock, started = Counter[bool](), threading.Lock(), time.monotonic()

    def judge(change: Change) -> Outcome:
        tree = free.get()
        try:
            outcome = _one(change, tests, tree, _reason(change, same) != "")
        finally:
            shutil.copy2(base / change.path, tree / change.path)
            free.put(tree)
        with lock:
            done[outcome.killed] += 1
            word = "killed  " if outcome.killed else "SURVIVED"
            print(f"{word} {change.path}:{change.line} {change.operator} ({outcome.how})", file=sys.stderr, flush=True)
        return outcome

    with ThreadPoolExecutor(jobs) as pool:
        outcomes = list(pool.map(judge, drawn))
    print(f"{done[True]} of {len(drawn)} killed in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return outcomes


def _one(change: Change, tests: Tests, tree: Path, known: bool) -> Outcome:
    """Judge a change; of one that is known to change nothing it is only looked whether the first tests agree."""
    (tree / change.path).write_text(change.code, encoding="utf-8")
    ran = 0
    for names in tests.for_change(change)[: 1 if known else None]:
        limit = TIMES_SLOWER * sum(tests.seconds[n] for n in names) + START_SECONDS
        ran += len(names)
        try:
            code, failed = _selected(tree, names, limit, "-x") if names else (0, [])
        except subprocess.TimeoutExpired:
            return Outcome(change, True, f"no end within {limit:.0f} s", ran)
        if code not in (0, NO_TEST_SELECTED):
            return Outcome(change, True, failed[0] if failed else "the tests do not start", ran)
    return Outcome(change, False, f"{ran} tests pass" if ran else "no test reaches the module", ran)


def _selected(tree: Path, tests: list[str], limit: float | None, *arguments: str) -> tuple[int, list[str]]:
    """Run these tests, in this order; return pytest's exit code, and those that failed."""
    files = list(dict.fromkeys(name.partition("::")[0] for name in tests))
    listed, failed = tree / "mutants-tests", tree / "mutants-failed"
    listed.write_text("\n".join(tests), encoding="utf-8")
    failed.write_text("", encoding="utf-8")
    # The copies hold the byte code of the unchanged files. None is written: a changed file of the same size and second
    # would be taken for the next one.
    names = {"MUTANTS_TESTS": str(listed), "MUTANTS_FAILED": str(failed), "PYTHONDONTWRITEBYTECODE": "1"}
    done = _pytest(tree, ["--tb=no", *arguments, *files], limit, **names)
    return done.returncode, failed.read_text(encoding="utf-8").split("\n")[:-1]


def _fail_unchanged(names: set[str], seconds: dict[str, float], base: Path) -> set[str]:
    """Those of the tests that killed a change that also fail without any, in this order: they prove nothing."""
    listed = sorted(names & seconds.keys(), key=lambda name: (seconds[name], name))
    return set(_selected(base, listed, None)[1]) if listed else set()


def _report(outcomes: list[Outcome], options: argparse.Namespace, same: Same) -> int:
    survivors = [o for o in outcomes if not o.killed]
    known = {o: _reason(o.change, same) for o in survivors}
    target = options.out or options.work / "survivors.txt"
    with target.open("w", encoding="utf-8") as handle:
        for outcome in sorted(survivors, key=lambda o: (bool(known[o]), o.change.path, o.change.line)):
            c, reason = outcome.change, known[outcome]
            note = f"changes nothing: {reason}" if reason else outcome.how
            handle.write(f"{c.path}:{c.line} {c.operator} ({note})\n- {c.before}\n+ {c.after}\n\n")
    killed, nothing = len(outcomes) - len(survivors), sum(map(bool, known.values()))
    share = 100 * killed / max(1, len(outcomes))
    print(f"seed {options.seed}: {killed} of {len(outcomes)} changes killed ({share:.1f} %)")
    print(f"survived: {len(survivors)}, of which {nothing} change nothing ({EQUIVALENT.relative_to(ROOT)})")
    print(f"of the changes that change something, {100 * killed / max(1, len(outcomes) - nothing):.1f} % killed")
    print(f"survivors: {target}")
    return int(share < options.least)


if __name__ == "__main__":
    sys.exit(main())
