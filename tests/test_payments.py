"""Money paid out: each payment once, and both sides of a gift."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.accounting.payments import Payment, ReportedGift, names_of, pair, settle


def a_payment(**changes):
    made = Payment(
        source="books.csv", row=2, format="x", kind="contribution-made", giver="Elmhaven POA PAC", giver_id="77",
        recipient="Roe for District Attorney", recipient_id=None, candidate="Jane Roe", office=None, jurisdiction=None,
        payee=None, support_oppose=None, date=date(2022, 3, 1), amount_cents=100_000, transaction_id="E1",
        filing_id="R1", amendment="0", late=False, memo=False,
    )  # fmt: skip
    return replace(made, **changes)


def statuses(*payments):
    return [(each.status, each.status_cause) for each in settle(payments)]


def test_only_the_last_version_of_a_report_counts():
    first, second = a_payment(), a_payment(row=3, amendment="1", amount_cents=90_000)
    assert statuses(first, second) == [("superseded", "books.csv:3"), ("active", None)]


def test_a_payment_on_two_schedules_counts_once_and_keeps_its_target():
    on_e = a_payment(kind="expenditure", source="E.csv")
    on_d = a_payment(source="D.csv")
    assert statuses(on_e, on_d) == [("duplicate", "D.csv:2"), ("active", None)]
    assert statuses(on_d, on_e) == [("active", None), ("duplicate", "D.csv:2")]


def test_one_id_of_two_filers_is_two_payments():
    assert statuses(a_payment(), a_payment(giver_id="78", row=3)) == [("active", None)] * 2


def test_a_notice_that_a_report_repeats_is_covered_once():
    spent = a_payment(kind="independent-expenditure", support_oppose="oppose")
    notice = replace(spent, late=True, transaction_id="N1", filing_id="N", row=9)
    assert statuses(notice, spent) == [("covered", "books.csv:2"), ("active", None)]
    again = replace(notice, transaction_id="N2", filing_id="M", row=10)
    assert statuses(notice, again, spent) == [("covered", "books.csv:2")] * 2 + [("active", None)]
    assert statuses(notice, replace(spent, support_oppose="support")) == [("active", None)] * 2
    assert statuses(notice, replace(spent, date=date(2022, 3, 4))) == [("covered", "books.csv:2"), ("active", None)]
    assert statuses(notice, replace(spent, date=date(2022, 3, 5))) == [("active", None)] * 2


def test_what_two_schedules_and_a_notice_list_counts_once():
    on_d = a_payment(transaction_id="D1")
    on_e = a_payment(transaction_id="E1", second=True, row=3)
    notice = a_payment(transaction_id="N1", filing_id="N", late=True, row=9)
    assert statuses(notice, on_e, on_d) == [("covered", "books.csv:2")] * 2 + [("active", None)]
    assert statuses(notice, on_e) == [("covered", "books.csv:3"), ("active", None)]
    assert statuses(on_e) == [("active", None)]


CASES = Path(__file__).parent / "cases"
SAME = list(csv.DictReader((CASES / "same_target.csv").read_text().splitlines()))
VOIDED = list(csv.DictReader((CASES / "voided.csv").read_text().splitlines()))


@pytest.mark.parametrize("case", SAME, ids=[each["why"] for each in SAME])
@pytest.mark.parametrize("kind", ["independent-expenditure", "contribution-made"])
def test_a_target_that_is_spelled_differently(case, kind):
    notice, report = (
        a_payment(
            row=row, kind=kind, recipient=case[which], recipient_id=None, candidate=None,
            office=case[f"{which}_office"] or None, jurisdiction=case[f"{which}_county"] or None, transaction_id=None,
            late=which == "notice",
        )
        for row, which in ((2, "notice"), (3, "report"))
    )  # fmt: skip
    found = settle([notice, report])
    expected = {
        "yes": [("covered", None), ("active", None)],
        "no": [("active", None), ("active", None)],
        "doubt": [("active", "books.csv:3"), ("active", "books.csv:2")],
    }
    assert [(each.status, each.possibly_same) for each in found] == expected[case["same"]]


def test_committees_with_different_ids_are_not_one_target():
    notice, report = (
        a_payment(row=row, recipient="Roe for DA", recipient_id=agency_id, transaction_id=None, late=row == 2)
        for row, agency_id in ((2, "1400001"), (3, "1400002"))
    )
    assert [each.status for each in settle([notice, replace(report, recipient="Jane Roe for DA")])] == ["active"] * 2


def test_a_voided_payment_and_the_one_it_takes_back_count_neither():
    paid, voided = a_payment(), a_payment(row=3, transaction_id="E2", amount_cents=-100_000, date=date(2022, 4, 1))
    assert statuses(paid, voided) == [("void", "books.csv:3"), ("void", "books.csv:2")]
    other = replace(voided, recipient="Poe for District Attorney")
    assert statuses(paid, other) == [("active", None)] * 2
    later = replace(paid, row=4, transaction_id="E3", date=date(2022, 5, 1))
    assert statuses(later, voided) == [("active", None)] * 2
    assert statuses(paid, later, voided) == [("void", "books.csv:3"), ("active", None), ("void", "books.csv:2")]


@pytest.mark.parametrize("kind", ["independent-expenditure", "contribution-made"])
@pytest.mark.parametrize(
    "case", [VOIDED[at : at + 3] for at in range(0, len(VOIDED), 3)], ids=lambda each: each[0]["why"]
)
def test_a_return_cancels_the_payment_to_the_same_person_only(case, kind):
    rows = [
        a_payment(
            row=at, kind=kind, recipient=each["to"], recipient_id=each["id"] or None, candidate=None,
            jurisdiction=each["county"] or None, office=each["office"] or None, transaction_id=f"E{at}",
            date=date.fromisoformat(each["day"]), amount_cents=-500_00 if each["paid"] == "back" else 500_00,
        )
        for at, each in enumerate(case)
    ]  # fmt: skip
    expected = [("void", "books.csv:2"), ("active", None), ("void", "books.csv:0")]
    for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0)):
        found = sorted(settle([rows[at] for at in order]), key=lambda each: each.row)
        shown = [(each.status, each.status_cause) for each in found]
        assert shown == (expected if case[0]["taken_back"] else [("active", None)] * 3)


def a_gift(day=0, cents=100, name="Elmhaven POA PAC", recipient="roe", union_id=None, agency_id=None, place=""):
    givers = names_of(name, agency_id) | ({f"list {union_id}"} if union_id else set())
    return ReportedGift(givers, frozenset({recipient}), date(2022, 3, 1) + timedelta(day), cents, place)


@pytest.mark.parametrize(
    ("received", "pairs"),
    [
        (a_gift(), [(0, 0)]),
        (a_gift(day=30), [(0, 0)]),
        (a_gift(day=31), []),
        (a_gift(day=-31), []),
        (a_gift(cents=101), []),
        (a_gift(recipient="poe"), []),
        (a_gift(name="ELMHAVEN P.O.A. PAC (1234567)"), []),
        (a_gift(name="ELMHAVEN POA PAC (1234567)"), [(0, 0)]),
        (a_gift(name="Elmhaven Officers", union_id="elmhaven-poa"), [(0, 0)]),
        (a_gift(name="Elmhaven Officers (77001)"), [(0, 0)]),
    ],
)
def test_what_makes_two_rows_one_gift(received, pairs):
    assert pair([a_gift(union_id="elmhaven-poa", agency_id="77001")], [received]) == pairs


def test_the_nearest_days_are_paired_first_and_each_gift_once():
    assert pair([a_gift(0), a_gift(10)], [a_gift(9), a_gift(11), a_gift(12)]) == [(0, 1), (1, 0)]


def test_as_many_gifts_as_can_be_are_paired():
    assert pair([a_gift(0), a_gift(30)], [a_gift(19), a_gift(59)]) == [(0, 0), (1, 1)]
    days = range(0, 60 * 1500, 30)  # a chain longer than Python's stack, of which each gift has to give way
    ours, theirs = [a_gift(day) for day in days], [a_gift(day + 16) for day in days]
    assert len(pair(ours, theirs)) == len(days)


def test_ids_that_differ_are_two_gifts():
    ours, theirs = (a_gift(name="Elmhaven POA PAC", agency_id=each) for each in ("77001", "77002"))
    assert pair([ours], [theirs]) == []
    assert pair([ours], [a_gift(name="Elmhaven POA PAC", agency_id="C00900001")]) == [(0, 0)]


@given(st.lists(st.integers(0, 60), max_size=12), st.lists(st.integers(0, 60), max_size=12))
def test_no_gift_is_in_two_pairs(ours, theirs):
    pairs = pair([a_gift(day) for day in ours], [a_gift(day) for day in theirs])
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert all(abs(ours[one] - theirs[other]) <= 30 for one, other in pairs)
    free = [day for at, day in enumerate(theirs) if at not in {other for _, other in pairs}]
    left = [day for at, day in enumerate(ours) if at not in {one for one, _ in pairs}]
    assert not [day for day in left for other in free if abs(day - other) <= 30]
