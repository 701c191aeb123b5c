"""Read one block task into the rows of a filing under canonical names.

The text stays as it was filed, and canonical columns are built on demand. Screening needs a few columns for whole
blocks and all columns for a few rows, so the others are parsed only for those rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.contributions import COLUMNS
from unionscreen.filings.layouts.column_rules import ColumnRule
from unionscreen.filings.layouts.doubles import Differing
from unionscreen.filings.layouts.joins import DistinctRows, Places, distinct_rows, lookup
from unionscreen.filings.rows.blocks import BlockTask
from unionscreen.filings.rows.dates import NO_DATES, date_parser, parse_dates
from unionscreen.filings.rows.extra_amounts import extra_amounts, one_array
from unionscreen.filings.rows.loading import parsed_block
from unionscreen.filings.rows.parse import Segment, parse_rows
from unionscreen.filings.rows.values import Texts, build_flag, build_text, code_cells, look_up

_TYPES: Final = {
    "string": pa.string(), "int64": pa.int64(), "date32": pa.date32(), "bool": pa.bool_(),
}  # fmt: skip
# Columns of ``definitions.ACCOUNTING_COLUMNS``, built like the canonical ones.
_ACCOUNTING_TYPES: Final = {
    "status": pa.string(), "late": pa.bool_(), "second": pa.bool_(), "worded": pa.bool_(), "period_begin": pa.date32(),
    "period_end": pa.date32(), "election": pa.string(), "listing": pa.string(), "entry": pa.string(),
    "outgoing": pa.bool_(), "promised": pa.bool_(), "repeats": pa.uint64(), "support_oppose": pa.string(),
    "giver_id": pa.string(), "payee": pa.string(), "form_line": pa.string(),
}  # fmt: skip
_REJECTS: Final = pa.schema([("row", pa.int64()), ("reason", pa.string()), ("text", pa.string())])
_NO_REJECTS: Final = _REJECTS.empty_table()  # shared, because most blocks have none


class _SomeTexts:
    """Columns of the file for some rows of a block. Columns that screening does not need are read at the first call.

    This is a class because a recursive closure is a reference cycle, which would keep the bytes of its block too long.
    """

    def __init__(self, block: Block, wanted: pa.Array, places: Places | None = None) -> None:
        self._block, self._wanted = block, wanted
        self._fetched: dict[int, pa.Array] = {}
        self._places: Places = {} if places is None else places

    def __call__(self, at: int) -> pa.Array:
        block = self._block
        if at in block.layout.virtual:
            joined = block.layout.virtual[at]
            return lookup(joined, [self(key) for key in joined.at], self._places)
        if at in block.layout.screened:
            return block._text(at).take(self._wanted)
        if not self._fetched:
            table = block._fetch(self._wanted.to_numpy().astype(np.int64))
            self._fetched = {int(name): one_array(table.column(name)) for name in table.column_names}
        return self._fetched[at]


class Block:
    """The rows of one block that can be screened, and those that cannot.

    Attributes:
        input_index, block_index, source: as in the task. lines: physical lines in this block, the offset of the rows of
        later blocks. rows_read: rows kept and rejected; blank lines and repeated headers are not rows. num_rows: rows
        kept. encoding: the encoding used for this block. rejects: row (0-based line in the block), reason, text.
        differing: rows in which columns that share a header differ, as in ``doubles.Differing``; under ``REJOINED``
        rows
            that line breaks without quotes cut into pieces.
        paid_out: the rows of money that the filer paid out, read by the format's ``[payments]``; None without any.
        unread: the rows that were rejected because of their amount, which is 0 here; None without any.
        dates: the counts of the dates that were read so far.
    """

    def __init__(
        self,
        task: BlockTask,
        segments: Sequence[Segment],
        rejects: Sequence[tuple[int, str, str]],
        *,
        lines: int,
        encoding: str,
        differing: Differing | None = None,
    ) -> None:
        """Built by ``read_block``."""
        self.input_index = task.input_index
        self.block_index = task.block_index
        self.source = task.source
        self.layout = task.layout
        self.lines = lines
        self.encoding = encoding
        self.differing = differing or {}
        self.paid_out: Block | None = None
        self.unread: Block | None = None
        extra, lacking = extra_amounts(segments, self.layout)
        rejects = [*rejects, *lacking]
        self.rejects = _NO_REJECTS
        if rejects:
            self.rejects = pa.Table.from_pylist(
                [{"row": row, "reason": reason, "text": text} for row, reason, text in sorted(rejects)], schema=_REJECTS
            )
        self._segments = [*segments, *extra]
        self._starts = np.cumsum([0, *(segment.table.num_rows for segment in self._segments)])
        self.num_rows = int(self._starts[-1])
        self._columns: dict[str, pa.Array] = {}
        self._distinct: dict[str, pa.DictionaryArray] = {}
        self._filed: dict[str, pa.DictionaryArray] = {}
        self._texts: dict[int, pa.Array] = {}
        self._places: Places = {}
        self._by_columns: dict[tuple[int, ...], DistinctRows | None] = {}
        self.dates = NO_DATES

    @property
    def rows_read(self) -> int:
        """Rows kept and rejected."""
        return self.num_rows + int(self.rejects.num_rows)

    def column(self, name: str) -> pa.Array:
        """A canonical column of all rows, with its type in ``contributions.COLUMNS``."""
        if name not in self._columns:
            if name == "date" and "date" in self.layout.rules:
                self.dates = NO_DATES  # of all rows, including those that were read before
                self._columns[name] = self._dates(self._text, self.num_rows)
            elif name in self._distinct:
                self._columns[name] = self._distinct[name].dictionary_decode()
            elif (distinct := self._joined_rows(name)) is not None:
                self._columns[name] = self._of_distinct(name, distinct).take(distinct.of_row)
            else:
                self._columns[name] = self._build(name, self._text, self.num_rows)
        return self._columns[name]

    def payments(self) -> list[Block]:
        """Take the money that the filer paid out from among the rows; ask before any column.

        Returns:
            Blocks whose contributor is the filer that paid: none, or one.
        """
        if not self.layout.paid:
            return [] if self.paid_out is None else [self.paid_out]
        taken = copy(self)
        taken.rejects = _NO_REJECTS
        taken.unread = None
        self._segments, self._starts, self.num_rows = [], np.zeros(1, dtype=np.int64), 0
        self._forget()
        taken._forget()
        return [taken] if taken.num_rows else []

    def _forget(self) -> None:
        """Drop what was made of the rows until now."""
        self._columns, self._distinct, self._filed = {}, {}, {}
        self._texts, self._places, self._by_columns = {}, {}, {}
        self.dates = NO_DATES

    def leave_out(self, rows: np.ndarray, of: np.ndarray) -> None:
        """Mark rows that repeat others as duplicates, with the hash that they share.

        Args:
            rows: their positions.
            of: the hash of each (``accounting.repeats``).
        """
        status, repeats = np.full(self.num_rows, None), np.zeros(self.num_rows, np.uint64)
        status[rows], repeats[rows] = "duplicate", of
        found = pa.array(status, pa.string())
        self._columns["status"] = pc.coalesce(self.column("status"), found)
        self._columns["repeats"] = pa.array(repeats, mask=repeats == 0)

    def texts(self, rows: np.ndarray) -> list[pa.Array]:
        """All cells of these rows, by column, without columns that have no name: those number the rows.

        For a block that the line parser read, only the columns that the format uses.
        """
        named = [at for at in range(self.layout.fields) if self.layout.header[at : at + 1] != ("",)]
        for segment in self._segments:
            if segment.whole:
                named = [at for at in named if str(at) in segment.table.column_names]
        return [one_array(column) for column in self._fetch(rows, named).columns]

    def unlisted_kinds(self) -> dict[str, tuple[int, int]]:
        """Codes that the format does not list, with the rows and cents of each.

        The default of the format applies to their rows: not counted, or gifts of money. Codes with the latter default
        are reported only if the format also lists codes of gifts.
        """
        rule = self.layout.rules.get("kind")
        rest = None if rule is None else rule.default or "other"
        if rule is None or not rule.codes or (rest != "other" and not (rest == "monetary" and rule.lists_gifts)):
            return {}
        if rest == "monetary" and len(rule.positions) == 1:
            self.distinct("kind")
            filed = self._filed.get("kind")
            if filed is not None and not pc.any(_unlisted(filed.dictionary, rule)).as_py():
                return {}
        kinds = self.distinct("kind")
        uncounted = pc.fill_null(pc.equal(kinds.dictionary, rest), True)
        if not pc.any(uncounted).as_py():
            return {}
        return self._unlisted_codes(rule, pc.indices_nonzero(pc.fill_null(uncounted.take(kinds.indices), True)))

    def unknown_sides(self) -> dict[str, tuple[int, int]]:
        """Words for the side of independent spending that are not known, with the rows and cents of each."""
        rule = self.layout.rules.get("support_oppose")
        if rule is None or not rule.codes or not self.num_rows or rule.default not in (None, "unknown"):
            return {}  # a format with another default says what rows without a word for the side mean
        kinds = self.distinct("kind")
        spent = pc.fill_null(pc.equal(kinds.dictionary, "independent-expenditure"), False)
        found = self._unlisted_codes(rule, pc.indices_nonzero(spent.take(kinds.indices)))
        return {code: sums for code, sums in found.items() if code.strip(" |")}

    def _unlisted_codes(self, rule: ColumnRule, rows: pa.Array) -> dict[str, tuple[int, int]]:
        """The codes of these rows that a rule does not list, with the rows and cents of each."""
        codes = code_cells(rule, _SomeTexts(self, rows))
        cents = self.column("amount_cents").take(rows)
        sums = pa.table({"code": codes, "cents": cents}).group_by("code", use_threads=False)
        found = sums.aggregate([("cents", "count"), ("cents", "sum")])
        unknown = found.filter(_unlisted(found["code"].combine_chunks(), rule)).to_pylist()
        return {row["code"]: (row["cents_count"], row["cents_sum"]) for row in unknown}

    def distinct(self, name: str) -> pa.DictionaryArray:
        """A canonical text column, dictionary-encoded; null is a value.

        Recipients, kinds and offices are few, so each distinct text is processed once, not each row.
        """
        if name not in self._distinct:
            self._distinct[name] = self._encode(name)
        return self._distinct[name]

    def _encode(self, name: str) -> pa.DictionaryArray:
        rule = self.layout.rules.get(name)
        read = set() if rule is None else set(rule.read)
        if name in self._columns:
            return self._columns[name].dictionary_encode(null_encoding="encode")
        if not read:  # the same in every row
            values = self._build(name, self._text, 1)
            all_first = pa.array(np.zeros(self.num_rows, dtype=np.int32))
            return pa.DictionaryArray.from_arrays(all_first, values, safe=False)  # no need to check so many zeros
        if len(read) > 1 or not read.isdisjoint(self.layout.virtual):
            distinct = self._distinct_rows(read)
            if distinct is None:
                return self.column(name).dictionary_encode(null_encoding="encode")
            values = self._of_distinct(name, distinct).dictionary_encode(null_encoding="encode")
            indices = values.indices.take(distinct.of_row)
            return pa.DictionaryArray.from_arrays(indices, values.dictionary, safe=False)
        filed = self._filed[name] = self._text(read.pop()).dictionary_encode()
        texts = self._build(name, lambda _: filed.dictionary, len(filed.dictionary))
        values = texts.dictionary_encode(null_encoding="encode")  # texts that differ in their blanks are one value
        indices = values.indices.take(filed.indices)
        return pa.DictionaryArray.from_arrays(indices, values.dictionary, safe=False)  # both come from Arrow itself

    def _joined_rows(self, name: str) -> DistinctRows | None:
        """The distinct rows of the columns that a canonical column is made of, if some are joined and they are few."""
        read = self.layout.rules[name].read if name in self.layout.rules else ()
        return None if self.layout.virtual.keys().isdisjoint(read) else self._distinct_rows(read)

    def _distinct_rows(self, positions: Iterable[int]) -> DistinctRows | None:
        """The distinct rows of these columns, or of the keys that they are joined by; None if there are too many.

        A state's table has thousands of rows of each filing, so what is joined by the id of the filing is looked up,
        and put together, once for each filing.
        """
        columns = tuple(sorted(self.layout.file_columns(positions)))
        if columns not in self._by_columns:
            self._by_columns[columns] = distinct_rows(map(self._text, columns), self.num_rows)
        return self._by_columns[columns]

    def _of_distinct(self, name: str, distinct: DistinctRows) -> pa.Array:
        """A canonical column of the distinct rows."""
        return self._build(name, _SomeTexts(self, distinct.first, distinct.places), len(distinct.first))

    def rows(
        self, indices: pa.Array | Sequence[int] | None = None, names: Collection[str] = tuple(COLUMNS)
    ) -> pa.Table:
        """Canonical columns of these rows (positions in the block), or of all rows.

        Args:
            indices: which rows; None is all.
            names: which columns; those of ``layout.SCREENED`` need no second parse.
        """
        if indices is None:
            return pa.table({name: self.column(name) for name in names})
        wanted = indices if isinstance(indices, pa.Array) else pa.array(indices, pa.int64())
        text = _SomeTexts(self, wanted)
        out = {}
        for name in names:
            if name in self._columns or name in ("row", "amount_cents", "kind"):
                out[name] = self.column(name).take(wanted)
            elif name == "date" and name in self.layout.rules:
                out[name] = self._dates(text, len(wanted))
            else:
                out[name] = self._build(name, text, len(wanted))
        return pa.table(out)

    def _build(self, name: str, text: Texts, rows: int) -> pa.Array:
        if name in _ACCOUNTING_TYPES:
            return self._accounting(name, text, rows)
        kind = _TYPES[COLUMNS[name].type]
        rule = self.layout.rules.get(name)
        match name:
            case "source":
                return pa.repeat(pa.scalar(self.source, pa.string()), rows)
            case "format":
                return pa.repeat(pa.scalar(self.layout.format_id, pa.string()), rows)
            case "row":
                return pa.array(np.concatenate([np.empty(0, np.int64), *(s.lines for s in self._segments)]))
            case "amount_cents":
                return self._signed_cents()
            case "kind" if rule is None:
                return pa.repeat(pa.scalar("monetary", pa.string()), rows)
            case "contributor_type" if rule is None:
                return pa.repeat(pa.scalar("unknown", pa.string()), rows)
            case "memo":
                return pa.repeat(pa.scalar(False), rows) if rule is None else build_flag(rule, text, rows)
        return pa.nulls(rows, kind) if rule is None else build_text(name, rule, text, rows)

    def _accounting(self, name: str, text: Texts, rows: int) -> pa.Array:
        """One of ``definitions.ACCOUNTING_COLUMNS``."""
        rule = self.layout.rules.get(name)
        if rule is not None and _ACCOUNTING_TYPES[name] == pa.bool_():
            return build_flag(rule, text, rows)
        if name == "late":
            return pc.is_null(self._build("filing_id", text, rows))  # outside any report
        if rule is None:
            return pa.nulls(rows, _ACCOUNTING_TYPES[name])
        if _ACCOUNTING_TYPES[name] == pa.string():
            said = build_text(name, rule, text, rows)
            return pc.if_else(pc.equal(said, ""), pa.scalar(None, pa.string()), said)
        return parse_dates(build_text(name, rule, text, rows), self._parse_date, rule.missing)[0]

    def _signed_cents(self) -> pa.Array:
        """Cents. A refund is negative even if the agency files it as a positive amount."""
        cents = pa.concat_arrays([pa.array([], pa.int64()), *(segment.cents for segment in self._segments)])
        rule = self.layout.rules.get("kind")
        if rule is None or "refund" not in (value for _, value in rule.codes):
            return cents
        kinds = self.distinct("kind")
        back = pc.and_(pc.equal(kinds.dictionary, "refund").take(kinds.indices), pc.greater(cents, 0))
        return pc.if_else(back, pc.negate(cents), cents) if pc.any(back).as_py() else cents

    @cached_property
    def _parse_date(self) -> Callable[[str], date | None]:
        return date_parser(self.layout.date_formats)

    def _dates(self, text: Texts, rows: int) -> pa.Array:
        rule = self.layout.rules["date"]
        dates, count = parse_dates(build_text("date", rule, text, rows), self._parse_date, rule.missing)
        self.dates += count
        return dates

    def _text(self, at: int) -> pa.Array:
        """A column of the file, or a joined column, for all rows."""
        if at in self.layout.virtual:
            joined = self.layout.virtual[at]
            return lookup(joined, [self._text(key) for key in joined.at], self._places)
        if at not in self._texts:
            if at in self.layout.screened:
                pieces = [segment.table.column(str(at)) for segment in self._segments]
            else:
                pieces = [self._whole(segment).column(str(at)) for segment in self._segments]
            chunks = [chunk for piece in pieces for chunk in piece.chunks]
            self._texts[at] = chunks[0] if len(chunks) == 1 else pa.concat_arrays([pa.array([], pa.string()), *chunks])
        return self._texts[at]

    def _whole(self, segment: Segment) -> pa.Table:
        """All mapped columns of a segment: parsed at the first call, and kept."""
        if not segment.whole:
            everything = parse_rows(segment, np.arange(segment.table.num_rows), self.layout.mapped, self.layout)
            segment.table, segment.whole = everything, True
        return segment.table

    def _fetch(self, rows: np.ndarray, positions: Sequence[int] | None = None) -> pa.Table:
        """Columns of these rows, in their order.

        Args:
            rows: their positions.
            positions: which columns of the file; None is all mapped ones.
        """
        wanted = self.layout.mapped if positions is None else positions
        order = np.argsort(rows, kind="stable")
        pieces: list[pa.Table] = []
        ordered = rows[order]
        for segment, start, end in zip(self._segments, self._starts[:-1], self._starts[1:], strict=True):
            first, last = np.searchsorted(ordered, (start, end))
            if last > first:
                local = ordered[first:last] - start
                if segment.whole:
                    pieces.append(segment.table.select([str(at) for at in wanted]).take(pa.array(local)))
                else:
                    pieces.append(parse_rows(segment, local, wanted, self.layout))
        if not pieces:
            return pa.table({str(at): pa.array([], pa.string()) for at in wanted})
        back = np.empty(len(rows), dtype=np.int64)
        back[order] = np.arange(len(rows))
        return pa.concat_tables(pieces).take(pa.array(back))


def _unlisted(codes: pa.Array, rule: ColumnRule) -> pa.Array:
    """Which codes the rule does not list. If the default is a gift, an empty code does not count as unlisted."""
    unknown = pc.is_null(look_up(codes, rule.codes, None))
    says = pc.not_equal(pc.ascii_trim(codes, " |"), "")
    return unknown if rule.default != "monetary" else pc.and_(unknown, says)


def read_block(task: BlockTask) -> Block:
    """Read one block. This is a pure function, so any process can run it.

    Raises:
        FilingError: the file is gone, or was changed in the meantime.
    """
    parsed, encoding = parsed_block(task)
    block = Block(
        task,
        parsed.segments,
        parsed.rejects,
        lines=parsed.lines,
        encoding=task.layout.encoding or encoding,
        differing=parsed.differing,
    )
    if parsed.paid_out:
        theirs = replace(task, layout=task.layout.of_payments)
        block.paid_out = Block(theirs, parsed.paid_out, (), lines=parsed.lines, encoding=block.encoding)
    if parsed.unread:
        alone = replace(task, layout=replace(task.layout, extra_amounts=()))
        block.unread = Block(alone, parsed.unread, (), lines=parsed.lines, encoding=block.encoding)
    return block
