"""The payments of a block that matter: by a union, by a giver whom the user named, or independent spending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.accounting.payments import Payment, folded
from unionscreen.contributions import COLUMNS
from unionscreen.filings import Block
from unionscreen.matching import Match
from unionscreen.screening.settings import Settings

_ARROW_TYPES: Final = {"string": pa.string(), "int64": pa.int64(), "date32": pa.date32(), "bool": pa.bool_()}
# The columns of a payment as filed, in the order of ``accounting.payments.Payment``.
_FILED: Final = (
    "source", "row", "format", "kind", "contributor", "giver_id", "recipient", "recipient_id", "candidate", "office",
    "jurisdiction", "payee", "support_oppose", "date", "amount_cents", "transaction_id", "filing_id", "amendment",
    "late", "second", "worded", "memo", "status",
)  # fmt: skip
_FOUND: Final = {
    "tier": pa.string(), "union_id": pa.string(), "union": pa.string(), "union_kind": pa.string(),
    "score": pa.float64(), "why": pa.string(),
}  # fmt: skip


def _type(name: str) -> pa.DataType:
    if name in ("late", "second", "worded"):
        return pa.bool_()
    return _ARROW_TYPES[COLUMNS[name].type] if name in COLUMNS else pa.string()


PAYMENT_ROWS: Final = pa.schema([*((name, _type(name)) for name in _FILED), *_FOUND.items(), ("received", pa.bool_())])
NO_PAYMENTS: Final = PAYMENT_ROWS.empty_table()

# The answer for a giver by its name, and why the settings exclude it, if so. A filer's address is not in these files.
GiverAnswer = Callable[[str], tuple[Match, str | None]]


def payment_rows(
    block: Block,
    settings: Settings,
    answer: GiverAnswer,
    passed: Callable[[pa.Array], pa.Array],
    excluded: Counter[str],
) -> pa.Table:
    """The gifts of unions and of named givers, and all independent spending.

    Args:
        block: payments only.
        settings: whose ``givers`` are the named ones, as :func:`folded`.
        answer: matches a name with the list.
        passed: the prefilter, for a column of names.
        excluded: to which the gifts of unions that the settings exclude are added, by reason.

    Returns:
        PAYMENT_ROWS, with rows still counted from the block's first line.
    """
    givers = block.distinct("contributor")
    names = [name or "" for name in givers.dictionary.to_pylist()]
    asked = pc.fill_null(passed(pa.array(names, pa.string())), False).to_pylist()
    answers = [answer(name) if ask else (None, None) for name, ask in zip(names, asked, strict=True)]
    found = [match if reason is None else None for match, reason in answers]
    of_union = [match is not None and match.verdict == "union" for match in found]
    named = np.array([folded(name) in settings.givers for name in names], dtype=bool)
    wanted = named | np.array(of_union, dtype=bool)
    rows = _marked(wanted, givers)
    kinds = block.distinct("kind")
    # The target of independent spending is often a name alone, so whether it is a prosecutor is decided later.
    rows |= _marked(pc.equal(kinds.dictionary, "independent-expenditure"), kinds)
    # What a union pays for rent and printing is not a gift.
    rows &= ~_marked(pc.equal(kinds.dictionary, "expenditure"), kinds)
    gifts = _marked(pc.equal(kinds.dictionary, "contribution-made"), kinds)
    for reason in {reason for _, reason in answers if reason}:
        left_out = np.array([why == reason for _, why in answers], dtype=bool) & ~named
        excluded[reason] += int((_marked(left_out, givers) & gifts).sum())
    kept = np.flatnonzero(rows)
    if len(kept) == 0:
        return NO_PAYMENTS
    table = block.rows(pa.array(kept), _FILED)
    if "late" not in block.layout.rules:  # this format has no notices, so each payment is in a report
        at = table.schema.get_field_index("late")
        table = table.set_column(at, "late", pa.repeat(pa.scalar(False), table.num_rows))
    relevant = [match if match is not None and match.verdict != "clear" else None for match in found]
    matches = [relevant[at] for at in givers.indices.take(pa.array(kept)).to_pylist()]
    return _with_findings(table, matches, received=False)


def received_rows(block: Block, settings: Settings) -> pa.Table:
    """The receipts from the givers whom the user named, to compare with the givers' own filings."""
    givers = block.distinct("contributor")
    wanted = np.array([folded(name or "") in settings.givers for name in givers.dictionary.to_pylist()], dtype=bool)
    kept = np.flatnonzero(_marked(wanted, givers))
    if len(kept) == 0:
        return NO_PAYMENTS
    return _with_findings(block.rows(pa.array(kept), _FILED), [None] * len(kept), received=True)


def _marked(wanted: pa.Array | np.ndarray, column: pa.DictionaryArray) -> np.ndarray:
    """Which rows have one of the wanted values of a column."""
    marks = pa.array(wanted) if isinstance(wanted, np.ndarray) else pc.fill_null(wanted, False)
    rows: np.ndarray = marks.take(column.indices).to_numpy(zero_copy_only=False).astype(bool)
    return rows


def _with_findings(table: pa.Table, matches: list[Match | None], *, received: bool) -> pa.Table:
    columns = {
        "tier": [None if match is None else match.tier or match.verdict for match in matches],
        "union_id": [None if match is None else match.union_id for match in matches],
        "union": [None if match is None else match.union for match in matches],
        "union_kind": [None if match is None else match.category for match in matches],
        "score": [None if match is None else float(match.score) for match in matches],
        "why": [None if match is None else match.why for match in matches],
    }
    for name, kind in _FOUND.items():
        table = table.append_column(name, pa.array(columns[name], kind))
    table = table.append_column("received", pa.array([received] * table.num_rows))
    return table.cast(PAYMENT_ROWS)


def payments_of(table: pa.Table, first_line: int) -> Iterator[tuple[Payment, bool]]:
    """The rows as payments, and whether each is a receipt.

    Args:
        table: PAYMENT_ROWS of a block.
        first_line: lines of the file before the block.
    """
    names = [*_FILED, *_FOUND]
    columns = {name: _shared(table[name]) for name in (*names, "received")}
    for cells in zip(*columns.values(), strict=True):
        values: dict[str, Any] = dict(zip(columns, cells, strict=True))
        received = bool(values.pop("received"))
        values["giver"] = values.pop("contributor") or ""
        values["row"] += first_line + 1
        values["recipient"] = values["recipient"] or ""
        if values["kind"] == "independent-expenditure":
            values["recipient"] = values["recipient"] or values["candidate"] or ""
        elif values["support_oppose"] == "oppose":  # money against a candidate is not a gift to that person
            values["candidate"] = values["office"] = None
        for each in ("late", "second", "worded", "memo"):
            values[each] = bool(values[each])
        values["status"] = values["status"] or ("memo" if values["memo"] else "active")
        yield Payment(**values), received


def _shared(column: pa.ChunkedArray) -> list[Any]:
    """The values of a column; of texts, equal ones are one object, for a spender has thousands of rows."""
    if not pa.types.is_string(column.type):
        return list(column.to_pylist())
    encoded = column.combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    return [None if at is None else texts[at] for at in encoded.indices.to_pylist()]
