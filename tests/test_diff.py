"""What changed between two saved results: new flags first, then amended, returned and gone."""

import json
from datetime import date

import pytest

from report_cases import a_flag
from unionscreen import screen, write_report
from unionscreen.accounting import Money
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions
from unionscreen.screening.changes import compare_results
from unionscreen.screening.result import ProsecutorEntry, Screening

FOP = "Fraternal Order of Police Lodge 5"
DPA = "Dallas Police Association PAC"
HEADER = "Recipient,Contributor,Amount,Date,Type\n"
ROE = "Jane Roe for District Attorney"


@pytest.fixture
def saved(tmp_path):
    def save(name, *rows, recipient=ROE):
        path = tmp_path / f"{name}.csv"
        path.write_text(HEADER + "".join(f"{recipient},{donor},{cents},{day},Monetary\n" for donor, cents, day in rows))
        write_report(screen(path), tmp_path / f"{name}.json")
        return tmp_path / f"{name}.json"

    return save


OLD = ((FOP, 500, "2022-01-02"), (DPA, 1000, "2022-02-02"), (FOP, 70, "2022-03-03"), ("Doe Pat", 5, "2022-01-01"))


def test_new_flags_come_first_and_the_exit_code_is_1(cli, saved):
    new = (
        ("Doe Pat", 5, "2022-01-01"), (FOP, 500, "2022-01-02"), (DPA, 1200, "2022-02-02"), (FOP, -500, "2022-05-02"),
        ("Houston Police Officers Union PAC", 900, "2022-06-06"),
    )  # fmt: skip
    result = cli("diff", saved("old", *OLD), saved("new", *new))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "New flags: 1 row",
        "Amended: 1 row",
        "Returned: 1 row",
        "Gone: 1 row",
        "Jane Roe: $1,570.00 → $2,100.00 net from unions; $1,575.00 → $2,105.00 raised",
    ]
    assert "    amount: $1,000.00 → $1,200.00" in lines
    assert "    status: active → refunded" in lines
    assert "    not in the new result" in lines
    assert result.stderr == "4 changes of flags: 1 added, 1 amended, 1 returned, 1 gone\n"


def test_rows_in_another_order_and_place_are_no_change(cli, saved):
    result = cli("diff", saved("old", *OLD), saved("new", *reversed(OLD)))
    assert (result.exit_code, result.stdout) == (0, "No flag changed.\n")


def test_what_was_raised_alone_is_no_change_of_a_flag(cli, saved):
    result = cli("diff", saved("old", *OLD), saved("new", *OLD, ("Moe Max", 20, "2022-04-04")))
    assert result.exit_code == 0
    assert (
        result.stdout
        == "No flag changed.\nJane Roe: $1,570.00 → $1,570.00 net from unions; $1,575.00 → $1,595.00 raised\n"
    )


def test_changes_are_tables_and_json_too(cli, saved, tmp_path):
    old, new = saved("old", *OLD), saved("new", *OLD, (DPA, 2, "2022-07-07"))
    (change,) = json.loads(cli("diff", old, new, "--format", "json").stdout)["changes"]
    assert (change["change"], change["contributor"], change["amount"], change["old_place"]) == (
        "added",
        DPA,
        "2.00",
        None,
    )
    assert cli("diff", old, new, "--out", tmp_path / "changes.csv").exit_code == 1
    assert (tmp_path / "changes.csv").read_text().startswith("change,what,prosecutor,")


def screening(*flags):
    entry = ProsecutorEntry("Jane Roe", None, None, (ROE,), len(flags), 0, 0, 0, Money(), flags, ())
    return Screening((entry,), (), {"settings": {}})


def changes(old, new):
    found = compare_results(screening(*old), screening(*new))
    return [(each.change, each.what) for each in found.changes]


def test_two_equal_gifts_of_which_one_is_new_are_one_change():
    assert [change for change, _ in changes([a_flag()], [a_flag(), a_flag(row=3)])] == ["added"]


def test_the_row_that_an_amendment_replaced_is_the_same_gift():
    new = [a_flag(status="superseded", status_cause="filing.csv:9"), a_flag(row=9)]
    assert changes([a_flag()], new) == []


def test_a_gift_that_is_void_now_is_gone_with_the_reason():
    assert changes([a_flag()], [a_flag(status="void", status_cause="f:9")]) == [("gone", "now void, because of f:9")]


def test_the_id_of_a_transaction_finds_an_amended_donor_and_day():
    old, new = a_flag(transaction_id="T1"), a_flag(transaction_id="T1", date=date(2022, 9, 9), amount_cents=7)
    assert changes([old], [new]) == [("amended", "date: 2022-03-01 → 2022-09-09; amount: $100.00 → $0.07")]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"date": date(2022, 3, 8)}, ["amended"]),  # the same gift, filed with a corrected day
        ({"date": date(2022, 4, 1)}, ["added", "gone"]),  # next month's gift
        ({"amount_cents": 200_00}, ["amended"]),
        ({"amount_cents": 200_00, "date": date(2022, 3, 8)}, ["added", "gone"]),
        ({"amount_cents": 200_00, "transaction_id": "T2"}, ["added", "gone"]),
        ({"amount_cents": -100_00}, ["returned", "gone"]),
        ({"union": "Another", "union_id": "another"}, ["amended"]),
        ({"recipient": "Jim Poe for DA"}, ["added", "gone"]),
    ],
)
def test_without_a_common_id_only_one_thing_may_differ(changed, wanted):
    found = changes([a_flag(transaction_id="T1")], [a_flag(**({"transaction_id": None} | changed))])
    assert [change for change, _ in found] == wanted


def test_another_list_and_other_settings_are_noted():
    old = Screening((), (), {"settings": {"min_score": 0}, "list_sha256": "a", "version": "1"})
    new = Screening((), (), {"settings": {"min_score": 50}, "list_sha256": "b", "version": "1"})
    assert compare_results(old, new).notes == (
        "the two results were made with different union lists: a flag may be new because the list is",
        "made with different settings: min_score",
    )


def test_a_row_that_a_reviewer_rejected_is_gone_for_that_reason_and_comes_back_without(cli, saved, tmp_path):
    old = saved("old", *OLD)
    append_decisions(tmp_path / "log.csv", [Decision(DPA, "", "", "rejected", "A.B.", "2026-01-02")])
    new = tmp_path / "new.json"
    write_report(screen(tmp_path / "old.csv", decisions=tmp_path / "log.csv"), new)
    for results, what, place in (
        ((old, new), "rejected by a reviewer", "old.csv:3"),
        ((new, old), "no longer rejected by a reviewer", "old.csv:3"),
    ):
        found = json.loads(cli("diff", *results, "--format", "json").stdout)
        (change,) = found["changes"]
        assert (change["what"], change["place"].endswith(place)) == (what, True)
        assert found["notes"] == [
            "made with different decisions of reviewers: a flag may be new or gone because of them"
        ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mapping", {"contributor": "Payee"}),
        ("recipient", "Jane Roe"),
        ("filing_format", "tn-tncamp"),
        ("accept_difference", True),
    ],
)
def test_settings_of_how_a_filing_is_read_are_noted(setting, value):
    old, new = Screening((), (), {"settings": {}}), Screening((), (), {"settings": {setting: value}})
    assert compare_results(old, new).notes == (f"made with different settings: {setting}",)


def test_a_day_between_two_exports_is_named_as_what_it_may_be():
    found = changes([a_flag()], [a_flag(date=date(2022, 3, 2))])
    assert found == [("amended", "date: 2022-03-01 → 2022-03-02 (two exports of one agency may differ by a day)")]


def test_a_person_whom_the_results_name_in_different_ways_is_one_person(cli, tmp_path):
    """One export says "Jane Roe for DA", the next "Jane Roe": no id is common to both, and the name is."""
    paths = []
    for name, recipient, amount in (("old", "Jane Roe", 500), ("new", "Jane Roe for DA", 700)):
        filing = tmp_path / f"{name}.csv"
        filing.write_text(f"Contributor,Amount,Date,Type\n{FOP},{amount},2022-01-02,Monetary\n")
        write_report(screen(filing, recipient=recipient), tmp_path / f"{name}.json")
        paths.append(tmp_path / f"{name}.json")
    for given, sums in ((paths, "$500.00 → $700.00"), (paths[::-1], "$700.00 → $500.00")):
        result = cli("diff", *given)
        assert f"\nJane Roe: {sums} net from unions; {sums} raised\n" in result.stdout
        assert "not in it" not in result.stdout
        assert result.stdout.startswith("Amended: 1 row\n")
        assert "compared by name, because the two results identify these in different ways: Jane Roe\n" in result.stderr


def test_namesakes_of_two_states_stay_two_people(cli, tmp_path):
    for state in ("TN", "CA"):
        filing = tmp_path / f"{state}.csv"
        filing.write_text(f"{HEADER}{ROE},{FOP},5,2022-01-02,Monetary\n")
        write_report(screen(filing, state=state), tmp_path / f"{state}.json")
    assert cli("diff", tmp_path / "TN.json", tmp_path / "CA.json").stdout.count("not in it") == 4
