"""The file of decisions: SQLite, or a CSV for version control. Both are append-only."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.files import adding, read_text
from unionscreen.lists import delimiter_of, list_text, parse_list
from unionscreen.review.decisions import DECISION_COLUMNS, Decision, Decisions, decisions_of
from unionscreen.spreadsheet import guarded, unguarded

CSV: Final = frozenset({".csv"})
SQLITE: Final = frozenset({".sqlite", ".sqlite3", ".db"})

# The table is append-only, whatever program opens it: every decision stays readable.
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY,
    donor TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '',
    union_id TEXT NOT NULL DEFAULT '',
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'rejected', 'unsure', 'revoked')),
    "by" TEXT NOT NULL,
    "on" TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT ''
);
CREATE TRIGGER IF NOT EXISTS decisions_keep BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added to; revoke one instead'); END;
CREATE TRIGGER IF NOT EXISTS decisions_stay BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added to; add a later one instead'); END;
"""
_NAMES: Final = ", ".join(f'"{name}"' for name in DECISION_COLUMNS)


def load_decisions(path: str | os.PathLike[str], *, missing_ok: bool = False) -> Decisions:
    """The log of decisions.

    Args:
        path: a ``.csv``, ``.sqlite`` or ``.db`` file.
        missing_ok: whether a missing file is an empty log, as before the first review.

    Raises:
        UsageError: no such file, another kind of file, or a line that cannot be a decision.
    """
    file = Path(path)
    kind = _kind(file)
    if not file.exists():
        if missing_ok:
            return Decisions((), str(file))
        raise UsageError(
            "there is no such file of decisions",
            source=str(file),
            hint="`unionscreen review` makes it; is the path right?",
        )
    if kind == "sqlite":
        return Decisions(tuple(_read_sqlite(file)), str(file))
    return _of_text(list_text(file), file)


def append_decisions(path: str | os.PathLike[str], decisions: Iterable[Decision]) -> None:
    """Add decisions at the end of the log, all or none; the file is created if missing.

    Raises:
        UsageError: the file cannot be written, or its last line is incomplete.
    """
    added = list(decisions)
    if added:
        _append(Path(path), lambda _: added)


def append_new(path: str | os.PathLike[str], offered: Sequence[Decision]) -> tuple[Decisions, list[Decision]]:
    """Add the new ones among the offered decisions, in one step: nobody can add the same in between.

    Returns:
        The log as it was before, and what was added.

    Raises:
        UsageError: the file cannot be read or written, or its last line is incomplete.
    """
    before: list[Decisions] = []

    def fresh(log: Decisions) -> list[Decision]:
        before.append(log)
        return log.new(offered)

    added = _append(Path(path), fresh)
    return before[0], added


def _append(file: Path, fresh: Callable[[Decisions], list[Decision]]) -> list[Decision]:
    """Add what ``fresh`` makes of the current log, while nobody else can add to it."""
    if not file.parent.is_dir():
        raise UsageError("there is no such directory to write in", source=str(file.parent), hint="create it first")
    if _kind(file) == "sqlite":
        with _database(file) as connection:
            connection.executescript(_SCHEMA)
            connection.isolation_level = None  # the only transaction begins here, before the log is read
            connection.execute("BEGIN IMMEDIATE")
            added = fresh(Decisions(tuple(_rows(connection)), str(file)))
            marks = ", ".join("?" * len(DECISION_COLUMNS))
            rows = [astuple(each) for each in added]
            connection.executemany(f"INSERT INTO decisions ({_NAMES}) VALUES ({marks})", rows)  # noqa: S608 - names of ours
            connection.execute("COMMIT")
        return added
    with adding(file) as end:
        text = read_text(file, missing_ok=True)
        log = _of_text(text, file)  # a file that cannot be read must not be added to
        if text and text.split("\n", 1)[0].strip() != ",".join(DECISION_COLUMNS):
            raise UsageError(
                "the first line is not " + ",".join(DECISION_COLUMNS), source=str(file), row=1,
                hint="keep the columns of the log; `review import` takes any table",
            )  # fmt: skip
        if log.torn is not None:
            raise UsageError(
                "the last line is an incomplete decision: its writing was interrupted", source=str(file), row=log.torn,
                hint="complete or remove the line, so that nothing is added to an incomplete decision",
            )  # fmt: skip
        added = fresh(log)
        if added:
            end.add(_csv_lines(added, header=not text))
    return added


def _csv_lines(decisions: Iterable[Decision], *, header: bool) -> str:
    """One line each, so that only the last one can be incomplete; no cell is one that a spreadsheet would run."""
    rows = ([guarded(" ".join(cell.split())) for cell in astuple(each)] for each in decisions)
    return _csv_text(rows, header=header)


def decisions_csv(decisions: Iterable[Decision]) -> str:
    """Decisions in the CSV form that is accepted everywhere: the header, then a line each."""
    return _csv_text(map(astuple, decisions), header=True)


def _csv_text(rows: Iterable[Iterable[str]], *, header: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(DECISION_COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def log_sha256(decisions: Decisions) -> str:
    """The hash of the decisions in the log: the same for a CSV and an SQLite file with the same decisions."""
    return hashlib.sha256(decisions_csv(decisions.log).encode()).hexdigest()


def _kind(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in SQLITE:
        return "sqlite"
    if suffix in CSV:
        return "csv"
    raise UsageError(
        "decisions are kept in a CSV or an SQLite file", source=str(path), hint="end the name in .csv, .sqlite or .db"
    )


@contextmanager
def _database(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    where = path.resolve().as_uri() + ("?mode=ro" if read_only else "")
    try:
        with closing(sqlite3.connect(where, uri=True, timeout=10)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise UsageError(f"not a file of decisions: {error}", source=str(path)) from error


def _read_sqlite(path: Path) -> list[Decision]:
    with _database(path, read_only=True) as connection:
        return _rows(connection)


def _rows(connection: sqlite3.Connection) -> list[Decision]:
    rows = connection.execute(f"SELECT {_NAMES} FROM decisions ORDER BY id").fetchall()  # noqa: S608 - names of ours
    return [Decision(*(str(cell or "") for cell in row)) for row in rows]


def _of_text(text: str, path: Path) -> Decisions:
    """The log in a CSV, without an incomplete last line."""
    end = text.rfind("\n") + 1
    if 0 < end < len(text) and _is_torn(text, end):
        return Decisions(tuple(read_table(text[:end], str(path))), str(path), text.count("\n", 0, end) + 1)
    return Decisions(tuple(read_table(text, str(path))), str(path))


def _is_torn(text: str, at: int) -> bool:
    """Whether the last line, from ``at`` on, is incomplete: cells are missing, or a quote is open."""
    try:
        before = list(csv.reader([text.split("\n", 1)[0]], delimiter=delimiter_of(text)))
        last = list(csv.reader([text[at:]], delimiter=delimiter_of(text), strict=True))
    except csv.Error:  # also where the line ends a cell of several lines: then the text before it is refused
        return True
    return len(last[0]) < len(before[0])


def read_table(text: str, source: str, *, by: str = "", on: str = "") -> list[Decision]:
    """The decisions in a CSV text; rows without a verdict are skipped, and unknown columns too.

    Args:
        text: a header line, then rows; comma, semicolon or tab.
        source: the file, for errors.
        by: who decided, where a row has nobody.
        on: the day, where a row has none.

    Raises:
        UsageError: a column is missing, or a row cannot be a decision.
    """
    if not text.strip():
        return []
    header, rows = parse_list(text, source)
    check_header(header, source)
    unguarded_rows = ((line, {name: unguarded(cell) for name, cell in row.items()}) for line, row in rows)
    return decisions_of(unguarded_rows, source, by=by, on=on)


def check_header(header: Sequence[str], source: str) -> None:
    """Refuse a table without the columns donor and verdict, with a UsageError that names the missing ones."""
    missing = [name for name in ("donor", "verdict") if name not in header]
    if missing:
        raise UsageError(
            f"no column {' and no column '.join(missing)}",
            source=source,
            row=1,
            hint="columns: " + ",".join(DECISION_COLUMNS),
        )
