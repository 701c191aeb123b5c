"""What each row counts for, and the sums."""

import csv
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.accounting.lines import FINAL_STATUSES, LedgerLine, Rules, statuses
from unionscreen.accounting.money import Amount, total
from unionscreen.accounting.refunds import Gift, net_refunds
from unionscreen.accounting.totals import block_recipients, block_totals, combine
from unionscreen.filings import list_formats

with (Path(__file__).parent / "cases" / "refunds.csv").open(encoding="utf-8", newline="") as handle:
    REFUNDS = list(csv.DictReader(handle))


def gift(text):
    day, dollars, kind = text.split()
    return Gift("roe", "poa", None, None if day == "-" else date.fromisoformat(day), int(dollars) * 100, kind)


@pytest.mark.parametrize("case", REFUNDS, ids=lambda case: case["claim"])
def test_refunds_return_gifts_as_told(case):
    gifts = [gift(text) for text in case["rows"].split("; ")]
    changed = net_refunds(gifts)
    assert " ".join(changed[i].status if i in changed else "active" for i in range(len(gifts))) == case["statuses"]


def test_a_refund_to_another_donor_or_recipient_returns_nothing():
    one = gift("2022-09-01 1400 monetary")
    back = gift("2022-09-20 -1400 monetary")
    assert net_refunds([one, back._replace(donor="fop")]) == {}
    assert net_refunds([one, back._replace(recipient="poe")]) == {}


def test_a_refund_that_spells_the_union_otherwise_returns_its_gift():
    one = gift("2022-09-01 1400 monetary")._replace(union_id="x")
    back = gift("2022-09-20 -1400 monetary")._replace(union_id="x", donor="police officers association")
    assert net_refunds([one, back])[0].status == "refunded"


def test_an_offset_with_the_same_transaction_id_and_date_makes_both_void():
    one = gift("2022-09-01 1400 monetary")._replace(transaction_id="A1")
    changed = net_refunds([one, one._replace(amount_cents=-140_000)])
    assert [changed[i].status for i in (0, 1)] == ["void", "void"]


@given(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(["monetary", "refund", "loan"]), st.integers(1, 5))))
def test_netting_never_touches_a_row_twice_and_gross_covers_what_was_returned(rows):
    gifts = [Gift("r", "d", None, date(2022, 1, day), cents * 100, kind) for cents, kind, day in rows]
    changed = net_refunds(gifts)
    for i, status in changed.items():
        assert status.status == "refunded"
        assert gifts[i].amount_cents > 0
        assert status.cause not in changed


def test_took_1400_and_returned_it_comes_out_as_exactly_that():
    money = total([Amount(140_000, "monetary", "refunded"), Amount(-140_000, "monetary", "active")])
    assert (money.gross, money.refunded, money.net) == (140_000, 140_000, 0)


@pytest.mark.parametrize("status", [each for each in FINAL_STATUSES if each not in ("active", "refunded")])
def test_a_row_that_does_not_stand_is_in_no_sum(status):
    assert total([Amount(100, "monetary", status)]).gross == 0


@pytest.mark.parametrize("kind", ["loan", "independent-expenditure", "other"])
def test_what_is_no_gift_is_not_raised(kind):
    assert total([Amount(100, kind, "active")]).net == 0


def test_in_kind_and_loans_are_told_apart():
    money = total([Amount(100, "in-kind", "active"), Amount(50, "loan", "active"), Amount(10, "monetary", "active")])
    assert (money.gross, money.in_kind, money.loans) == (110, 100, 50)


ALL = Rules(amendments=True, duplicates=True, late=True)


def line(**given):
    row = {
        "recipient": "1",
        "filing_id": "1/2022-01-01/2022-04-23",
        "amendment": "0",
        "transaction_id": "A1",
        "donor": "doe",
        "date": date(2022, 3, 1),
        "amount_cents": 100,
        "memo": False,
        "rules": ALL,
    }
    return LedgerLine(**(row | given))


def decided(*lines):
    return [status.status for status in statuses(lines)]


def test_only_the_highest_amendment_of_a_report_counts():
    amended = line(amendment="10", transaction_id="A2")
    assert decided(line(amendment="9"), amended, line(amendment="10")) == ["superseded", "active", "active"]
    assert statuses([line(amendment="9"), amended])[0].cause == 1


def test_a_report_is_the_same_when_its_first_day_is_shifted():
    shifted = line(filing_id="1/2021-12-31/2022-04-23", amendment="0")
    assert decided(shifted, line(amendment="1")) == ["superseded", "active"]


@pytest.mark.parametrize("other", [{"recipient": "2"}, {"filing_id": "1/2022-04-24/2022-05-21"}])
def test_an_amendment_leaves_other_reports_alone(other):
    assert decided(line(**other, transaction_id="B"), line(amendment="1")) == ["active", "active"]


def test_the_same_transaction_counts_once_even_a_day_off():
    again = line(date=date(2022, 2, 28))
    assert decided(line(), again, line()) == ["active", "duplicate", "duplicate"]


@pytest.mark.parametrize(
    "other",
    [{"transaction_id": "A2"}, {"transaction_id": None}, {"donor": "roe"}, {"amount_cents": 200}, {"date": None}],
)
def test_what_differs_is_another_transaction(other):
    assert decided(line(), line(**other)) == ["active", "active"]


LATE = {"filing_id": None, "transaction_id": "L9", "date": date(2022, 3, 2)}


@pytest.mark.parametrize(
    "late",
    [
        {"transaction_id": "A1", "date": None},
        {"transaction_id": None, "date": date(2022, 3, 3)},
        {"donor": "somebody else", "date": date(2022, 4, 1)},
    ],
    ids=["by id", "by donor, amount and date", "by the period that the report covers"],
)
def test_a_late_row_is_covered_by_the_periodic_report(late):
    assert decided(line(), line(**(LATE | late))) == ["active", "covered"]


@pytest.mark.parametrize("late", [{"date": date(2022, 5, 9)}, {"recipient": "2"}])
def test_a_late_row_that_no_report_covers_counts(late):
    assert decided(line(), line(**(LATE | late))) == ["active", "active"]


def test_a_superseded_report_covers_nothing_that_its_amendment_does_not():
    old = line(filing_id="1/2021-12-01/2022-04-23", transaction_id="A0")
    late = line(**(LATE | {"transaction_id": "A0", "date": date(2021, 12, 15), "donor": "poe"}))
    assert decided(old, line(amendment="1"), late) == ["superseded", "active", "active"]


def test_a_memo_stays_a_memo():
    assert decided(line(memo=True)) == ["memo"]


def test_a_format_without_rules_counts_every_row():
    plain = line(rules=Rules())
    assert decided(plain, plain) == ["active", "active"]


@pytest.mark.parametrize("each", list_formats(), ids=lambda each: each.id)
def test_the_rules_of_every_format_are_known(each):
    assert bool(Rules.named(each.accounting)) == bool(each.accounting)


class Encoded:
    def distinct(self, name):
        return self.column(name).dictionary_encode(null_encoding="encode")


class Columns(Encoded):
    """A block as far as the totals look at it."""

    def __init__(self, rows):
        self.rows = rows

    def column(self, name):
        kinds = {"amount_cents": pa.int64(), "memo": pa.bool_()}
        return pa.array([row.get(name) for row in self.rows], kinds.get(name, pa.string()))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "recipient": st.sampled_from(["Roe", "Poe", None, ""]),
            "jurisdiction": st.sampled_from([None, "Dane"]),
            "kind": st.sampled_from(["monetary", "loan"]),
            "memo": st.sampled_from([True, False, None]),
            "amount_cents": st.integers(-(10**12), 10**12),
        }
    ),
    max_size=30,
)


def totals_of(block, rows):
    return block_totals(block, block_recipients(block, rows))


@given(ROWS)
def test_totals_lose_no_row_and_no_cent(rows):
    totals = totals_of(Columns(rows), len(rows))
    assert sum(totals["rows"].to_pylist()) == len(rows)
    assert sum(totals["cents"].to_pylist()) == sum(row["amount_cents"] for row in rows)


@given(ROWS, st.integers(0, 30))
def test_totals_do_not_depend_on_how_the_rows_were_cut(rows, cut):
    whole = combine([totals_of(Columns(rows), len(rows))])
    pieces = combine([totals_of(Columns(part), len(part)) for part in (rows[cut:], rows[:cut])])
    assert whole.equals(pieces)


def test_totals_stay_apart_where_ids_of_everything_are_many():
    rows = 70_000  # distinct in four columns: their product leaves int64

    class Columns(Encoded):
        def column(self, name):
            if name in ("recipient", "recipient_id", "candidate", "office"):
                return pa.array([f"{name} {i}" for i in range(rows)])
            if name == "amount_cents":
                return pa.array(range(rows), pa.int64())
            if name == "memo":
                return pa.array([i % 2 == 1 for i in range(rows)])
            return pa.array(["monetary"] * rows) if name == "kind" else pa.nulls(rows, pa.string())

    totals = totals_of(Columns(), rows)
    assert totals.num_rows == rows
    assert {row["office"].split()[1]: row["cents"] for row in totals.to_pylist()} == {str(i): i for i in range(rows)}
    assert all((row["status"] == "memo") == (row["cents"] % 2 == 1) for row in totals.to_pylist())


def _as_the_rule_says(rows):
    """`net_refunds` by going through all gifts for each refund, as its docstring tells it."""
    changed = {}
    backs = [
        i for i, row in enumerate(rows) if row.status == "active" and (row.amount_cents < 0 or row.kind == "refund")
    ]
    for back in sorted((i for i in backs if rows[i].kind != "loan"), key=lambda i: (rows[i].date or date.max, i)):
        its = rows[back]
        found = [
            i
            for i, row in enumerate(rows)
            if row.status == "active" and row.kind in ("monetary", "in-kind") and row.amount_cents > 0
            if i not in changed and row.recipient == its.recipient
            if row.donor == its.donor or (row.union_id and row.union_id == its.union_id)
        ]  # fmt: skip
        entry = (its.transaction_id, its.date, -its.amount_cents)
        void = [i for i in found if (rows[i].transaction_id, rows[i].date, rows[i].amount_cents) == entry]
        if void and its.transaction_id and its.kind != "refund":
            changed[void[0]], changed[back] = ("void", back), ("void", void[0])
            continue
        before = [i for i in found if None in (rows[i].date, its.date) or rows[i].date <= its.date]
        exact = [i for i in before if rows[i].amount_cents == abs(its.amount_cents)]
        if exact:
            changed[max(exact, key=lambda i: (rows[i].date or date.min, i))] = ("refunded", back)
        elif sum(rows[i].amount_cents for i in before) == abs(its.amount_cents):
            changed |= dict.fromkeys(before, ("refunded", back))
    return changed


ROWS = st.builds(
    Gift,
    recipient=st.sampled_from("rs"),
    donor=st.sampled_from("ab"),
    union_id=st.sampled_from([None, "u", "v"]),
    date=st.sampled_from([None, date(2022, 1, 1), date(2022, 1, 2), date(2022, 1, 3)]),
    amount_cents=st.sampled_from([100, 200, 300, -100, -200, -300, -500, 0]),
    kind=st.sampled_from(["monetary", "monetary", "in-kind", "refund", "loan"]),
    transaction_id=st.sampled_from([None, "", "t"]),
    status=st.sampled_from(["active", "active", "active", "void"]),
)


@given(st.lists(ROWS, max_size=12))
def test_refunds_are_found_as_by_going_through_all_gifts(rows):
    assert {i: (each.status, each.cause) for i, each in net_refunds(rows).items()} == _as_the_rule_says(rows)


def test_no_refund_goes_through_all_gifts_of_its_donor():
    looks = []

    class Donor(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other):
            looks.append(1)
            return str.__eq__(self, other)

    one = gift("2022-01-01 1 monetary")
    rows = [one._replace(donor=Donor("poa"), amount_cents=100 + i) for i in range(1000)]
    rows += [one._replace(donor=Donor("poa"), amount_cents=-(100 + i), transaction_id="t") for i in range(0, 2000, 2)]
    assert len(net_refunds(rows)) == 500
    assert len(looks) < 50 * len(rows)
