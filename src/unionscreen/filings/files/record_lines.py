"""Files whose lines are records of several kinds: each is read by its fields, and becomes a row on the same line."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence


def record_fields(line: str) -> list[str] | None:
    """The fields of a record, without blanks around them; None where one is longer than csv takes."""
    try:
        return [each.strip() for each in next(csv.reader([line.replace("\x00", " ")]), [])]
    except csv.Error:
        return None


def rows_as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    r"""Rows as lines of CSV, an empty one as an empty line, so that each stays on its line.

    >>> rows_as_csv([["a", "b,c"], [], ["d"]])
    b'a,"b,c"\n\nd\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        if row:
            writer.writerow(row)
        else:
            out.write("\n")
    return out.getvalue().encode("utf-8", "replace")
