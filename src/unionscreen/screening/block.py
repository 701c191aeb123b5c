"""One block of a filing → its totals and the rows worth keeping.

It runs in any process and knows nothing about the other blocks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen._version import __version__
from unionscreen.accounting.ledgers import block_ledger, own_statuses
from unionscreen.accounting.lines import Rules
from unionscreen.accounting.repeats import Repeats
from unionscreen.accounting.totals import NO_TOTALS, BlockRecipients, block_recipients, block_totals
from unionscreen.contributions import COLUMNS
from unionscreen.errors import UnionListError, UnionScreenError
from unionscreen.filings import Block, BlockTask, read_block
from unionscreen.filings.layouts.doubles import Differing
from unionscreen.filings.layouts.nothing import rows_of_nothing
from unionscreen.matching import Match, Matcher, explain, load_matcher
from unionscreen.matching.places import state_code
from unionscreen.prosecutors import recipient_key
from unionscreen.screening.form_sums import block_days, block_form_sums, block_periods
from unionscreen.screening.payments import payment_rows, received_rows
from unionscreen.screening.prosecutor_rows import ProsecutorRows, select_prosecutor_rows
from unionscreen.screening.row_hashes import block_repeats, whole_rows
from unionscreen.screening.settings import CONFIRMED, COUNTED_RELATED, Settings, fold_names
from unionscreen.screening.years import block_spans, days_of_rows

# The columns that the matcher's answer adds to the canonical ones: their types, and their values.
FINDING_COLUMNS: Final[dict[str, tuple[pa.DataType, Callable[[Match], str | float | None]]]] = {
    "finding": (pa.string(), lambda match: match.verdict),  # union, related or employer
    "tier": (pa.string(), lambda match: match.tier),
    "union_id": (pa.string(), lambda match: match.union_id),
    "union": (pa.string(), lambda match: match.union),
    "union_kind": (pa.string(), lambda match: match.category),
    "score": (pa.float64(), lambda match: float(match.score)),
    "why": (pa.string(), lambda match: match.why),
    "alias": (pa.string(), lambda match: match.alias),
    "could_be": (pa.string(), lambda match: " ".join(match.could_be) or None),  # ids
}
_ARROW_TYPES: Final = {"string": pa.string(), "int64": pa.int64(), "date32": pa.date32(), "bool": pa.bool_()}
ROWS_OF_INTEREST: Final = pa.schema(
    [
        *((name, _ARROW_TYPES[column.type]) for name, column in COLUMNS.items()),
        ("status", pa.string()),  # as the filing itself gives it
        ("late", pa.bool_()),
        ("repeats", pa.uint64()),  # the hash that it shares with the row it repeats
        *((name, arrow_type) for name, (arrow_type, _) in FINDING_COLUMNS.items()),
    ]
)

NO_ROWS: Final = ROWS_OF_INTEREST.empty_table()  # shared, because a folder may hold thousands of small files
BELOW_MIN_SCORE: Final = "below min-score"
# The findings of rows that are kept only to add up what a committee received: in its reports, or with Form 496.
TRACED: Final = "traced"
TRACED_496: Final = "traced on Form 496"
# Part 3 of California's Form 496, in the column of the form's lines.
_FORM_496: Final = "F496P3"

# Distinct (name, state, city, type) whose answer a process keeps; an answer is some 500 bytes, so about 60 MB.
_CACHED_MATCHES: Final = 1 << 17
# Parsing one more column of so small a block costs less than parsing some of its rows a second time.
_SMALL_BYTES: Final = 1 << 18
# Threads that start together would each read the list and slow one another down: the first one reads it for all.
_PREPARING: Final = threading.Lock()


@dataclass(frozen=True)
class Partial:
    """What one block contributes to a screening; small whatever the block's size, and picklable."""

    input_index: int
    block_index: int
    source: str
    lines: int
    """Physical lines, so that the rows of later blocks can be numbered."""
    rows_read: int
    encoding: str
    totals: pa.Table
    """Sums by recipient (accounting.TOTALS_SCHEMA). Empty where there is a ledger, which has more detail."""
    ledger: pa.Table | None
    """For formats that repeat rows: what accounting.lines decides from."""
    rules: Rules
    interest: pa.Table
    """ROWS_OF_INTEREST; their row numbers count from the block's first line."""
    rejects: pa.Table
    excluded: dict[str, int] = field(default_factory=dict)
    """Union rows that the settings exclude, by reason."""
    unlisted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Codes that the format does not list: their rows and cents, which are in no sum."""
    hashes: pa.Table | None = None
    """accounting.HASHES_SCHEMA of the rows that may repeat others; None where the format cannot show repeats."""
    first_rows: pa.Table | None = None
    """accounting.FIRST_ROWS_SCHEMA: the rows that others repeat."""
    repeat_example: tuple[int, int] | None = None
    """One row that repeats another, and the hash of both."""
    unknown_sides: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Words for the side of independent spending that are not known, with their rows and cents."""
    listed_again: tuple[int, int] | None = None
    """Rows, and their cents, that a file made of several exports lists a second time; they count."""
    row_note: str = ""
    """What to check in each row."""
    whole_rows: pa.Table | None = None
    """Hash of all columns, row and cents of the rows examined; None where ids show what is repeated."""
    unnamed_rows: int = 0
    """Rows without a contributor name."""
    date_range: dict[str, str | int | None] | None = None
    """``first_date``, ``last_date`` and ``undated`` rows; None unless ``Settings.scan_dates``."""
    dates: tuple[int, int, str | None] = (0, 0, None)
    """``DateCount`` of the dates that were read."""
    differing: Differing = field(default_factory=dict)
    """Rows in which columns with one header differ, counted from the block's first line."""
    prosecutors: Sequence[str] = ()
    """Keys of the prosecutors' recipients in the block; empty where there are none, or where all are wanted."""
    skipped: Sequence[str] = ()
    """Keys of the recipients whose rows were not examined."""
    first_two: Sequence[str] = ()
    """Keys of at most two of the block's recipients; empty where all are wanted."""
    payments: pa.Table | None = None
    """PAYMENT_ROWS of money that the filers paid out, and of the receipts to compare with it; None without any."""
    rows_paid: int = 0
    """Rows of money that the filers paid out, whether they are among ``payments`` or not."""
    excluded_paid: Mapping[str, int] = field(default_factory=dict)
    """Gifts of unions to others that the settings exclude, by reason."""
    form_sums: pa.Table | None = None
    """FORM_SUMS of the rows; None unless ``Settings.form_totals`` asks, or where rows name no line of a form."""
    periods: pa.Table | None = None
    """PERIODS of the reports; None where the format does not say."""
    days: pa.Table | None = None
    """The first and the last date of each recipient's rows, as PERIODS; None unless ``Settings.scan_dates``."""
    spans: pa.Table | None = None
    """years.SPANS of the rows examined; None unless ``Settings.by_year``."""


def screen_block(task: BlockTask, settings: Settings) -> Partial:
    """Read a block, find the donors that matter, and add up the rest.

    Most donors are ordinary people: the distinct names go through the vectorized prefilter, and only the rest costs
    Python time, once per name, state, city and type.
    """
    if settings.prosecutors_only:  # few rows are theirs
        task = replace(task, layout=task.layout.without_addresses)
    if settings.by_year and task.length <= _SMALL_BYTES:
        task = replace(task, layout=task.layout.with_dates)
    block = read_block(task)
    paid = block.payments()
    excluded: dict[str, int] = {}
    excluded_paid: Counter[str] = Counter()
    recipients = block_recipients(block, block.num_rows)
    rules = settings.rules.get(task.layout.format_id, Rules())
    date_range = (
        _date_range(block) if settings.scan_dates else None
    )  # first, so that dates are counted once, of all rows
    repeats = block_repeats(block, recipients, rules, settings.repeats)
    listed_again = None
    if repeats is not None and task.layout.compiled:
        cents = block.column("amount_cents").take(pa.array(repeats.rows))
        listed_again = (len(repeats.rows), pc.sum(cents).as_py() or 0)
        repeats = repeats._replace(rows=repeats.rows[:0])
    repeated = repeats is not None and len(repeats.rows) > 0
    if repeats is not None and repeated:
        block.leave_out(repeats.rows, repeats.of)
    only = (
        select_prosecutor_rows(recipients, settings.roster, settings.prosecutor_keys)
        if settings.prosecutors_only
        else ProsecutorRows()
    )
    days = days_of_rows(block, only.rows) if settings.by_year else None
    years = None if days is None else pc.cast(pc.year(days), pa.int32())
    totals = NO_TOTALS
    if not rules:
        marked = repeated or "status" in task.layout.rules
        totals = block_totals(block, recipients, own_statuses(block) if marked else None, years)
    donors = _names(block, "contributor", only.rows)
    interest = [_matched(block, "contributor", donors, settings, excluded, only.rows)]
    if settings.employers:
        employers = _names(block, "employer", only.rows)
        found = _matched(block, "employer", employers, settings, excluded, only.rows)
        interest.append(_employed(found, interest[0]))
    if settings.traced:
        interest.append(_traced(block, recipients, settings))
    return Partial(
        input_index=block.input_index,
        block_index=block.block_index,
        source=block.source,
        lines=block.lines,
        rows_read=block.rows_read + sum(each.num_rows for each in paid),
        encoding=block.encoding,
        totals=totals,
        ledger=block_ledger(block, rules, years) if rules else None,
        rules=rules,
        interest=interest[0] if len(interest) == 1 else pa.concat_tables(interest),
        rejects=block.rejects,
        excluded=excluded,
        unlisted=block.unlisted_kinds(),
        unknown_sides={word: sums for each in paid for word, sums in each.unknown_sides().items()},
        hashes=None if repeats is None else repeats.hashes,
        first_rows=None if repeats is None else repeats.first_rows,
        repeat_example=None if repeats is None or not repeated else _example(block, repeats),
        listed_again=listed_again,
        row_note=task.layout.row_note,
        whole_rows=whole_rows(block, only.rows) if _may_hold_equal_rows(block, rules, settings) else None,
        unnamed_rows=donors.null_count + (pc.sum(pc.equal(donors, "")).as_py() or 0) + len(rows_of_nothing(donors)),
        date_range=date_range,
        dates=(block.dates.read, block.dates.bad, block.dates.example),
        differing=block.differing,
        prosecutors=only.prosecutors,
        skipped=only.skipped,
        first_two=only.first_two,
        payments=_payments(block, paid, settings, excluded_paid),
        rows_paid=sum(each.num_rows for each in paid),
        excluded_paid=dict(excluded_paid),
        form_sums=block_form_sums(block, recipients) if settings.form_totals else None,
        periods=block_periods(block, recipients, rules),
        days=block_days(block, recipients) if settings.scan_dates else None,
        spans=None if days is None else block_spans(block, recipients, days, only.rows),
    )


def _payments(block: Block, paid: Sequence[Block], settings: Settings, excluded: Counter[str]) -> pa.Table | None:
    """The payments that matter, and the receipts of the givers whose books the user asked for.

    What the settings exclude is added to ``excluded``.
    """

    def answer(each: Block, name: str) -> tuple[Match, str | None]:
        match = _match(name, None, None, None, each.layout.home or settings.state, settings.unions, ocr=each.layout.ocr)
        return match, _exclusion_reason(match, settings, confirmed=False)

    passed = _matcher(settings).worth_matching
    tables = [payment_rows(each, settings, partial(answer, each), passed, excluded) for each in paid]
    if settings.givers and block.num_rows:
        tables.append(received_rows(block, settings))
    tables = [table for table in tables if table.num_rows]
    return pa.concat_tables(tables) if tables else None


def _traced(block: Block, recipients: BlockRecipients, settings: Settings) -> pa.Table:
    """All receipts of the committees whose money is traced."""
    names = recipients.table.select(["recipient", "recipient_id"]).to_pylist()
    wanted = [recipient_key(each["recipient"], each["recipient_id"]) in settings.traced for each in names]
    if recipients.of_row is None:
        rows = range(block.num_rows if any(wanted) else 0)
    else:
        rows = pc.indices_nonzero(pa.array(wanted).take(recipients.of_row)).to_pylist()
    if not rows:
        return NO_ROWS
    found = block.rows([*rows], (*COLUMNS, "status", "late", "repeats"))
    lines = block.rows([*rows], ("form_line",))["form_line"].to_pylist() if "form_line" in block.layout.rules else []
    findings = [TRACED_496 if line == _FORM_496 else TRACED for line in lines] or [TRACED] * len(found)
    for name, (arrow_type, _) in FINDING_COLUMNS.items():
        value = {"score": 0.0, "why": ""}.get(name)
        values = findings if name == "finding" else [value] * len(found)
        found = found.append_column(name, pa.array(values, arrow_type))
    return found.cast(ROWS_OF_INTEREST)


def _may_hold_equal_rows(block: Block, rules: Rules, settings: Settings) -> bool:
    """Whether no id shows which rows are one gift, and the inputs are small enough to compare whole rows."""
    by_id = rules.duplicates or (block.layout.unique_id and "transaction_id" in block.layout.rules)
    return not by_id and block.num_rows > 0 and settings.scan_dates


def _example(block: Block, repeats: Repeats) -> tuple[int, int]:
    return int(block.column("row")[int(repeats.rows[0])].as_py()), int(repeats.of[0])


def _date_range(block: Block) -> dict[str, str | int | None]:
    """The first and the last date of all rows, for the data summary of a report; nothing else reads this column."""
    dates = block.column("date")
    first, last = (None if day is None else day.isoformat() for day in pc.min_max(dates).as_py().values())
    return {"first_date": first, "last_date": last, "undated": dates.null_count}


def _names(block: Block, column: str, only: pa.Array | None) -> pa.Array:
    """The names in a column, of all rows or of those in ``only``; empty or null where there is none."""
    return block.column(column) if only is None else block.rows(only, (column,))[column].combine_chunks()


def _matched(
    block: Block, column: str, names: pa.Array, settings: Settings, excluded: dict[str, int], only: pa.Array | None
) -> pa.Table:
    """The rows whose donor (or employer) is a union or related to one, with the answer beside them.

    Most of the rows that pass the prefilter are answered "clear", so all of them are read only in the columns that
    the matcher needs; the rows that are kept are read whole.
    """
    # A scan has few rows, and the prefilter does not look for what OCR misreads.
    passed = pc.is_valid(names) if block.layout.ocr else _matcher(settings).worth_matching(names)
    confirmed: frozenset[int] = frozenset()
    if settings.confirmed and column == "contributor":
        of_confirmed = _is_confirmed(names, settings.confirmed)
        passed = pc.or_(passed, of_confirmed)
        confirmed = frozenset(_positions(of_confirmed, only).to_pylist())
    survivors = _positions(passed, only)
    if len(survivors) == 0:
        return NO_ROWS
    kept, answers = [], []
    for row, match in zip(survivors.to_pylist(), _answers(block, survivors, column, settings), strict=True):
        reason = _exclusion_reason(match, settings, confirmed=row in confirmed)
        if reason:
            excluded[reason] = excluded.get(reason, 0) + 1
        elif match.verdict != "clear":
            kept.append(row)
            answers.append(_counted(match, settings) if column == "contributor" else match)
        elif row in confirmed:
            kept.append(row)
            answers.append(match._replace(verdict="related", category=CONFIRMED))
    if not kept:
        return NO_ROWS
    return _with_answers(block.rows(kept, (*COLUMNS, "status", "late", "repeats")), answers).cast(ROWS_OF_INTEREST)


def _counted(match: Match, settings: Settings) -> Match:
    """A look-alike of a category that the user counts is flagged like a union; its tier and its sentence say why."""
    if match.verdict != "related" or match.category not in settings.count:
        return match
    why = explain.related(match.name, match.reason, match.category)
    return match._replace(verdict="union", tier=COUNTED_RELATED, why=why)


def _positions(passed: pa.Array, only: pa.Array | None) -> pa.Array:
    """The positions in the block of the rows that passed."""
    return pc.indices_nonzero(passed) if only is None else only.filter(passed)


def _is_confirmed(names: pa.Array, confirmed: tuple[str, ...]) -> pa.Array:
    """Which rows have a donor that a person confirmed."""
    distinct = names.dictionary_encode()
    is_confirmed = pc.is_in(fold_names(distinct.dictionary), pa.array(confirmed, pa.string()))
    return pc.fill_null(is_confirmed.take(distinct.indices), False)


def _answers(block: Block, survivors: pa.Array, column: str, settings: Settings) -> Iterator[Match]:
    """The answer for each row; an employer's place and type are not the donor's, so they are not used."""
    homes = _homes(block, survivors, settings)
    match = partial(_match, ocr=True) if block.layout.ocr else _match
    if column == "contributor":
        asked = block.rows(survivors, ("contributor", "state", "city", "contributor_type"))
        arguments = [values.to_pylist() for values in asked.columns]
    else:
        arguments = [block.rows(survivors, (column,))[column].to_pylist(), *[[None] * len(survivors)] * 3]
    for name, state, city, contributor_type, home in zip(*arguments, homes, strict=True):
        yield match(name or "", state, city, contributor_type, home, settings.unions)


def _homes(block: Block, rows: pa.Array, settings: Settings) -> Sequence[str]:
    """The state of each row's filing: its agency's, else its recipient's, else the one that the user gave."""
    if block.layout.home:
        return [block.layout.home] * len(rows)
    if "jurisdiction" not in block.layout.rules:
        return [settings.state] * len(rows)
    jurisdictions = block.rows(rows, ("jurisdiction",))["jurisdiction"].to_pylist()
    return [state_code(each or "") or settings.state for each in jurisdictions]


@lru_cache(maxsize=_CACHED_MATCHES)
def _match(
    name: str,
    state: str | None,
    city: str | None,
    contributor_type: str | None,
    home: str,
    unions: Path | None,
    *,
    ocr: bool = False,
) -> Match:
    matcher = load_matcher(unions)
    return matcher.match(name, state=state, city=city, contributor_type=contributor_type, home=home, ocr=ocr)


def prepared_matcher(unions: Path | None) -> Matcher:
    """The matcher of this process, with the user's own list; called early, it is ready when the first block is read."""
    with _PREPARING:
        matcher = load_matcher(unions)
        matcher.prepare()
        return matcher


def _matcher(settings: Settings) -> Matcher:
    """The matcher of this process, if it has the list and the version that the screening began with."""
    if settings.version != __version__:
        raise UnionScreenError(
            f"a worker has version {__version__} of unionscreen, but this screening began with {settings.version}",
            hint="install the same version everywhere",
        )
    matcher = prepared_matcher(settings.unions)
    if matcher.unions.sha256 != settings.list_sha256:
        raise UnionListError(
            "a worker has another union list than the one this screening began with",
            hint="install the same version everywhere, and do not edit the list while a screening runs",
        )
    return matcher


def _exclusion_reason(match: Match, settings: Settings, *, confirmed: bool) -> str | None:
    """Why a union is not shown, if so; the score of a donor that a person confirmed does not matter."""
    if match.verdict != "union":
        return None
    if settings.kinds is not None and match.category not in settings.kinds:
        return "other kinds"
    return BELOW_MIN_SCORE if match.score < settings.min_score and not confirmed else None


def _with_answers(rows: pa.Table, answers: list[Match]) -> pa.Table:
    for name, (arrow_type, value) in FINDING_COLUMNS.items():
        rows = rows.append_column(name, pa.array(map(value, answers), arrow_type))
    return rows


def _employed(rows: pa.Table, donors: pa.Table) -> pa.Table:
    """People who work for a union: no organizations, and nobody whose own name is flagged already."""
    person = pc.fill_null(pc.not_equal(rows["contributor_type"], "organization"), True)
    person = pc.and_(person, pc.fill_null(pc.not_equal(rows["contributor_type"], "committee"), True))
    new = pc.invert(pc.is_in(rows["row"], donors["row"].combine_chunks()))
    found = rows.filter(pc.and_(pc.and_(person, new), pc.equal(rows["finding"], "union")))
    return found.set_column(
        found.schema.get_field_index("finding"), "finding", pa.array(["employer"] * len(found), pa.string())
    )
