"""Where decisions lie: one SQLite file, or a CSV to keep under version control. Both are only ever added to."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Final

from unionscreen.errors import UsageError
from unionscreen.files import append_text, read_text
from unionscreen.lists import list_text, parse_list
from unionscreen.review.decisions import COLUMNS, Decision, Decisions, decision_of

CSV: Final = frozenset({".csv"})
SQLITE: Final = frozenset({".sqlite", ".sqlite3", ".db"})

# The table refuses to forget: what was decided once stays readable, whoever opens the file.
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
_NAMES: Final = ", ".join(f'"{name}"' for name in COLUMNS)


def load_decisions(path: str | os.PathLike[str], *, missing_ok: bool = False) -> Decisions:
    """The log of decisions.

    Args:
        path: a ``.csv``, ``.sqlite`` or ``.db`` file.
        missing_ok: whether a file that is not there is an empty log, as before a first review.

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
    log = _read_sqlite(file) if kind == "sqlite" else _read_csv(file)
    return Decisions(tuple(log), str(file))


def append_decisions(path: str | os.PathLike[str], decisions: Iterable[Decision]) -> None:
    """Add decisions at the end of the log, all or none; the file is made when it is not there.

    Raises:
        UsageError: the file cannot be written.
    """
    file = Path(path)
    rows = [astuple(each) for each in decisions]
    if not rows:
        return
    if not file.parent.is_dir():
        raise UsageError("there is no such directory to write in", source=str(file.parent), hint="create it first")
    if _kind(file) == "sqlite":
        with _database(file) as connection, connection:
            connection.executescript(_SCHEMA)
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO decisions ({_NAMES}) VALUES ({marks})", rows)  # noqa: S608 - names of ours
    else:
        _append_csv(file, rows)


def decisions_csv(decisions: Iterable[Decision]) -> str:
    """Decisions in the one text form that every door takes: the header, then a line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(each) for each in decisions)
    return out.getvalue()


def log_sha256(decisions: Decisions) -> str:
    """The hash of what the log says: the same for a CSV and for an SQLite file that say the same."""
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
        raise UsageError(f"no file of decisions: {error}", source=str(path)) from error


def _read_sqlite(path: Path) -> list[Decision]:
    with _database(path, read_only=True) as connection:
        rows = connection.execute(f"SELECT {_NAMES} FROM decisions ORDER BY id").fetchall()  # noqa: S608 - names of ours
    return [Decision(*(str(cell or "") for cell in row)) for row in rows]


def _read_csv(path: Path) -> list[Decision]:
    return read_table(list_text(path), str(path))


def read_table(text: str, source: str, *, by: str = "", on: str = "") -> list[Decision]:
    """The decisions in a CSV text; rows without a verdict are passed over, columns of other names too.

    Args:
        text: a header line, then rows; comma, semicolon or tab.
        source: the file, for errors.
        by: who decided, where a row does not say.
        on: when, where a row does not say.

    Raises:
        UsageError: a column is missing, or a row cannot be a decision.
    """
    if not text.strip():
        return []
    header, rows = parse_list(text, source)
    check_header(header, source)
    found: list[Decision] = []
    for line, row in rows:
        decision = decision_of(row, by=by, on=on, source=source, line=line)
        if decision is not None:
            found.append(decision)
    return found


def check_header(header: Sequence[str], source: str) -> None:
    """Refuse a table that has no donor or no verdict.

    Raises:
        UsageError: names the columns that are missing.
    """
    missing = [name for name in ("donor", "verdict") if name not in header]
    if missing:
        raise UsageError(
            f"no column {' and no column '.join(missing)}", source=source, row=1, hint="columns: " + ",".join(COLUMNS)
        )


def _append_csv(path: Path, rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    text = read_text(path, missing_ok=True)
    if not text:
        writer.writerow(COLUMNS)
    else:
        read_table(text, str(path))  # a file that cannot be read must not be added to
        if text.split("\n", 1)[0].strip() != ",".join(COLUMNS):
            raise UsageError(
                "the first line is not " + ",".join(COLUMNS), source=str(path), row=1,
                hint="keep the columns of the log; `review import` takes any table",
            )  # fmt: skip
    writer.writerows(rows)
    append_text(path, out.getvalue())
