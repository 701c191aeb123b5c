"""Split rows with several gifts, each with a date and an amount, into one row per gift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.rows.amounts import parse_amounts, why_no_amount
from unionscreen.filings.rows.parse import Segment, parse_rows
from unionscreen.filings.rows.tolerant import MAX_REJECT_TEXT
from unionscreen.filings.rows.values import trimmed

# An additional amount without a date that is only a placeholder.
_ZEROS: Final = ("0", "0.0", "0.00", ".00")


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """The chunks of a column of text as one array."""
    return pa.concat_arrays([pa.array([], pa.string()), *column.chunks])


def extra_amounts(segments: Sequence[Segment], layout: Layout) -> tuple[list[Segment], list[tuple[int, str, str]]]:
    """The additional pairs of date and amount as separate rows, and rejects for those without a valid amount.

    Such a row has the line of the first pair. Its date and amount replace the first ones.
    """
    extra: list[Segment] = []
    rejects: list[tuple[int, str, str]] = []
    for segment in segments if layout.extra_amounts else ():
        for date_at, amount_at in layout.extra_amounts:
            days, amounts = (one_array(segment.table.column(str(at))) for at in (date_at, amount_at))
            empty = pc.equal(trimmed(amounts), "")
            zero = pc.and_(pc.is_in(trimmed(amounts), pa.array(_ZEROS)), pc.equal(trimmed(days), ""))
            local = pc.indices_nonzero(pc.invert(pc.or_(empty, zero))).to_numpy()
            if len(local) == 0:
                continue
            table = segment.table.take(pa.array(local)) if segment.whole else None
            table = parse_rows(segment, local, layout.mapped, layout) if table is None else table
            cents = parse_amounts(one_array(table.column(str(amount_at))), layout.decimal_mark)
            lines = segment.lines[local]
            for row in pc.indices_nonzero(cents.is_null()).to_pylist():
                amount = table.column(str(amount_at))[row].as_py().strip()
                (line,) = segment.text.at(lines[row : row + 1] - segment.first_line)
                text = line.decode("utf-8").rstrip("\r\n")[:MAX_REJECT_TEXT]
                rejects.append((int(lines[row]), why_no_amount([amount], layout.decimal_mark), text))
            for name, source in ((layout.rules["date"].at[0], date_at), (layout.amounts_at[0], amount_at)):
                at = table.schema.get_field_index(str(name))
                table = table.set_column(at, str(name), table.column(str(source)))
            good = cents.is_valid()
            kept = np.asarray(good.to_numpy(zero_copy_only=False), dtype=bool)
            extra.append(
                Segment(table.filter(good), cents.filter(good), lines[kept], segment.text, segment.first_line, True)
            )
    return extra, rejects
