"""Money that filers paid out, through a whole screening: gifts in the givers' filings, and independent spending."""

from __future__ import annotations

import csv
import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest

import unionscreen
from unionscreen.errors import FilingError
from unionscreen.filings import load_format
from unionscreen.reports.terminal import to_terminal
from unionscreen.screening.paid_out import WORDED, Books
from unionscreen.screening.result import Screening

SAMPLES = Path(__file__).parent / "filings" / "samples"
UNION = "Springfield Police Officers Association PAC"
STATES = [*csv.DictReader((Path(__file__).parent / "cases" / "givers_of_states.csv").read_text("utf-8").splitlines())]
RECEIPTS = "Recipient Name,Contributor Name,Amount,Date\n"


@pytest.fixture
def received(tmp_path):
    """Write a prosecutor's own filing."""

    def write(*rows: str) -> Path:
        path = tmp_path / "received.csv"
        path.write_text(RECEIPTS + "".join(f"Roe for District Attorney 2022,{row}\n" for row in rows))
        return path

    return write


def gifts(screening: Screening) -> list[tuple[str | None, str, bool]]:
    return [(each.prosecutor, each.shown, each.recipient_filing) for each in screening.books.gifts]


def test_without_the_recipients_filing_a_gift_is_only_by_the_giver_and_that_is_explained():
    found = unionscreen.screen(SAMPLES / "ca-netfile-expenditures.csv")
    assert gifts(found) == [("Jane Roe", "only by the giver", False)]
    assert found.prosecutors == ()
    (note,) = [note for note in found.notes if "in the givers' filings alone" in note]
    assert "no filing of the recipient is among these files" in note
    assert "the check was returned or never deposited" in note


def test_a_gift_that_both_sides_report_is_one_and_is_counted_once(received):
    own = received(f"{UNION},1000,2022-03-20", "Lee Doe,50,2022-03-21")
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", own])
    assert gifts(found) == [("Jane Roe", "reported by both", True)]
    (gift,) = found.books.gifts
    assert (gift.giver_row, gift.recipient_row) == (f"{SAMPLES / 'ca-netfile-expenditures.csv'}:2", f"{own}:2")
    (entry,) = found.prosecutors
    assert (entry.raised, entry.flagged.gross) == (1_050_00, 1_000_00)


def test_a_gift_that_the_givers_filing_does_not_show_is_named(received):
    own = received(f"{UNION},1000,2022-03-20", f"{UNION},75,2022-04-01")
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", own])
    assert gifts(found) == [
        ("Jane Roe", "reported by both", True),
        ("Roe", "only by the prosecutor", True),
    ]


def test_the_recipient_may_name_the_union_for_its_committee(received):
    own = received("SPRINGFIELD POLICE OFFICERS ASSN,1000,2022-03-20", "Springfield Fire Fighters PAC,1000,2022-03-20")
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", own])
    (gift,) = found.books.gifts
    assert (gift.shown, gift.recipient_row) == ("reported by both", f"{own}:2")


def test_independent_spending_is_in_no_sum_and_a_notice_that_a_report_repeats_counts_once():
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", SAMPLES / "ca-netfile-496.csv"])
    spent = [(each.target, each.support_oppose, each.spender, each.amount_cents) for each in found.books.spent()]
    assert spent == [
        ("Measure Q", "support", "Elm County Neighbors", 775_00),
        ("Poe, Sam", "oppose", UNION, 2_500_50),
    ]
    assert [(each.status, each.date) for each in found.books.spending if each.prosecutor] == [
        ("active", date(2022, 5, 9)),
        ("covered", date(2022, 5, 9)),
    ]
    assert {each.prosecutor for each in found.books.spending} == {"Sam Poe", None}
    assert found.prosecutors == ()


def test_a_gift_to_a_committee_against_a_candidate_is_no_gift_to_the_candidate(tmp_path):
    books = tmp_path / "books.csv"
    header, *rows = (SAMPLES / "ca-netfile-expenditures.csv").read_text().splitlines()
    (gift,) = [row for row in rows if ",D," in row and "Roe for District Attorney" in row]
    assert gift.count(",S,") == 1
    against = gift.replace("Roe for District Attorney 2022", "Elm County Neighbors").replace(",S,", ",O,")
    books.write_text("\n".join([header, gift, against.replace("EXP", "EXQ")]) + "\n")
    assert [each.prosecutor for each in unionscreen.screen(books).books.gifts] == ["Jane Roe", None]


def test_a_newsrooms_table_of_spending_is_read_as_spending(tmp_path):
    path = tmp_path / "ie.csv"
    path.write_text(
        "Entity,Date,Description,Amount,Candidate,Oppose/Support\n"
        f'"{UNION}\t",5/13/25,Mailers,"$15,000.00 ",Jane Roe,Support\n'
        "Neighbors for Poe,5/1/25,Radio,74998.83,Jane Roe,Oppose\n"
    )
    found = unionscreen.screen(path)
    assert [(each.support_oppose, each.amount_cents, each.tier) for each in found.books.spent()] == [
        ("oppose", 74_998_83, None),
        ("support", 15_000_00, "pattern"),
    ]
    with pytest.raises(FilingError, match="looks like expenditures"):
        unionscreen.screen(path, recipient="Roe for District Attorney")


def test_a_named_giver_is_compared_whether_it_is_a_union_or_not(received, tmp_path):
    books = tmp_path / "books.csv"
    sample = (SAMPLES / "ca-netfile-expenditures.csv").read_text()
    books.write_text(sample.replace(UNION, "Friends of Elm County"))
    own = received("FRIENDS OF ELM COUNTY (950001),1000,2022-03-20")
    assert unionscreen.screen([books, own]).books.gifts == ()
    found = unionscreen.screen([books, own], givers=["Friends of Elm County"])
    assert gifts(found) == [("Jane Roe", "reported by both", True)]


def test_without_the_cover_pages_it_is_said_what_cannot_be_told():
    found = unionscreen.screen(SAMPLES / "ca-calaccess-s496.tsv")
    assert any("for or against which candidate" in note for note in found.notes)
    assert {each.support_oppose for each in found.books.spending} == {"unknown"}


def test_what_was_paid_out_is_saved_and_read_again():
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", SAMPLES / "ca-netfile-496.csv"])
    saved = json.loads(json.dumps(found.to_dict()))
    assert Screening.from_dict(saved).books == found.books
    assert "money_out" not in unionscreen.screen(SAMPLES / "tn-tncamp.csv").to_dict()
    assert Screening.from_dict(unionscreen.screen(SAMPLES / "tn-tncamp.csv").to_dict()).books == Books()


@pytest.mark.parametrize("workers", [1, 4])
def test_blocks_and_workers_change_nothing(workers, tmp_path):
    path = tmp_path / "sheet.csv"
    header, *rows = (SAMPLES / "ca-netfile-expenditures.csv").read_text().splitlines()
    path.write_text("\n".join([header, *rows]) + "\n")
    one = unionscreen.screen(path, workers=1).to_dict()["money_out"]
    assert unionscreen.screen(path, workers=workers).to_dict()["money_out"] == one


def test_a_committees_money_is_traced_one_step_back(received, tmp_path):
    committee = "Neighbors for Safety"
    fund = tmp_path / "fund.csv"
    fund.write_text(
        RECEIPTS
        + f'{committee},{UNION},900,2022-01-05\n{committee},"Doe, Lee",100,2022-01-06\n'
        + f'{committee},"Doe, Lee",5000,2022-06-01\n{committee},Ogdenville Police Association,50,2022-07-01\n'
    )
    own = received(f"{committee},250,2022-03-20", "Lee Doe,50,2022-03-21")
    found = unionscreen.screen([fund, own], recipients="prosecutors", trace=True)
    (trace,) = found.traces
    assert trace.sentence() == ("Neighbors for Safety: 90 % of $1,000.00 up to 2022-03-20 in these files, from 1 union")
    assert (trace.prosecutor, trace.gift_cents, trace.matched_by) == ("Roe for District Attorney 2022", 250_00, "name")
    assert Screening.from_dict(found.to_dict()).traces == found.traces
    plain = unionscreen.screen([fund, own], recipients="prosecutors")
    assert plain.traces == ()
    assert plain.prosecutors == found.prosecutors


def test_a_committee_that_is_shown_itself_is_traced(tmp_path):
    fund = tmp_path / "fund.csv"
    fund.write_text(RECEIPTS + f"Neighbors for Safety,{UNION},900,2022-01-05\n")
    (trace,) = unionscreen.screen(fund, trace=True).traces
    assert trace.sentence() == "Neighbors for Safety: 100 % of $900.00 in these files, from 1 union"


def test_a_trace_of_nothing_says_why(received, cli):
    own = received("Neighbors for Safety,250,2022-03-20")
    (note,) = [each for each in unionscreen.screen(own, trace=True).notes if each.startswith("--trace")]
    assert note == "--trace: no donor committee's own filing is among these files, so nothing was traced"
    assert "standard input cannot be read again" in cli("screen", "-", "--trace", stdin=own.read_text()).output
    assert not [each for each in unionscreen.screen(own).notes if each.startswith("--trace")]


def test_gifts_that_the_settings_exclude_are_counted_in_a_note():
    books = SAMPLES / "ca-netfile-expenditures.csv"
    for options, reason in (
        ({"min_score": 100}, "below min-score"),
        ({"kinds": {"corrections"}}, "other kinds"),
    ):
        found = unionscreen.screen(books, recipients="all", **options)
        assert found.books.gifts == ()
        assert f"2 rows of gifts in the filings of unions left out: {reason}" in found.notes
    assert not [note for note in unionscreen.screen(books).notes if "left out" in note]


def test_a_named_giver_that_no_file_knows_is_no_empty_answer():
    found = unionscreen.screen(SAMPLES / "ca-netfile-expenditures.csv", givers=["Friends of Elm Cuonty"])
    (note,) = [note for note in found.notes if "--giver" in note]
    assert note.startswith('--giver "Friends of Elm Cuonty": no gift or independent spending of a committee')
    known = unionscreen.screen(SAMPLES / "ca-netfile-expenditures.csv", givers=[UNION.upper()])
    assert not [note for note in known.notes if "--giver" in note]


def test_one_prosecutor_is_shown_with_the_money_about_that_one_only(received, tmp_path):
    own = received(f"{UNION},1000,2022-03-20")
    other = tmp_path / "other.csv"
    other.write_text(f"{RECEIPTS}Sam Poe for District Attorney 2022,Lee Doe,50,2022-03-20\n")
    files = [SAMPLES / "ca-netfile-expenditures.csv", own, other]
    assert gifts(unionscreen.screen(files, prosecutor="Poe, Sam")) == []
    assert {each.prosecutor for each in unionscreen.screen(files, prosecutor="Poe, Sam").books.spending} == {"Sam Poe"}


def test_a_notice_of_spending_covers_no_days_of_the_givers_books(received):
    own = received(f"{UNION},75,2022-05-09")  # the day of the notice
    found = unionscreen.screen([SAMPLES / "ca-netfile-496.csv", own])
    assert {each.date for each in found.books.spending} >= {date(2022, 5, 9)}
    assert found.books.gifts == ()


def test_the_terminal_says_that_the_recipients_filing_is_missing(received):
    books = SAMPLES / "ca-netfile-expenditures.csv"
    alone, both = unionscreen.screen(books), unionscreen.screen([books, received("Lee Doe,50,2022-03-20")])
    assert "(no" in to_terminal(alone, width=100, color=False)
    assert "filing of the recipient" in to_terminal(alone, width=100, color=False)
    assert "(no" not in to_terminal(both, width=100, color=False)


def test_payments_of_a_format_without_notices_are_the_givers_books(tmp_path):
    path = tmp_path / "sunshine.csv"
    header, gift, *_, spent = (SAMPLES / "wi-sunshine.csv").read_text().splitlines()
    union = "Springfield Professional Police Association"
    spent = spent.replace("Wisconsin Police PAC", union)
    first, last = (spent.replace("03/07/2026", day) for day in ("03/01/2026", "03/31/2026"))
    path.write_text("\n".join([header, gift, first, last.replace("5,", "6,", 1)]) + "\n")
    assert [each.shown for each in unionscreen.screen(path).books.gifts] == ["only by the prosecutor"]
    path.write_text("\n".join([header, gift, last]) + "\n")
    assert unionscreen.screen(path).books.gifts == ()


@pytest.mark.parametrize("case", STATES, ids=lambda case: case["sample"])
def test_the_givers_books_of_a_state_are_read_as_what_they_are(case):
    """Gifts of a union with their prosecutor, independent spending with its target and side; nothing is raised."""
    books = SAMPLES / case["sample"]
    found = unionscreen.screen(books, givers=["2019777", "31001", "C10001", "880001"])
    made = [
        f"{each.prosecutor or 'Kern'} {each.amount_cents / 100:.2f}{' worded' if WORDED in (each.why or '') else ''}"
        for each in found.books.gifts
    ]
    spent = [
        f"{each.target} {each.amount_cents / 100:.2f} {each.support_oppose} {each.status}"
        for each in found.books.spending
    ]
    assert sorted(made) == sorted(filter(None, case["gifts"].split(";")))
    assert sorted(spent) == sorted(filter(None, case["spending"].split(";")))
    assert found.books.unclear_gifts == int(case["unclear"])
    assert any("payees that are not known" in note for note in found.notes) == (case["unclear"] != "0")
    if load_format(books.stem).paid:
        assert found.prosecutors == ()
    assert not any(entry.raised == gift.amount_cents for entry in found.prosecutors for gift in found.books.gifts)
    assert found.manifest["rows_read"] == found.manifest["rows_screened"] + found.manifest["rows_rejected"]


def test_a_payment_called_a_gift_is_one_where_the_payees_own_filing_is_here(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(RECEIPTS + "Springfield Youth League,Lee Doe,50,2021-03-20\n")
    found = unionscreen.screen([SAMPLES / "pa-dos-expense.txt", own], givers=["2019777"])
    assert [each.recipient for each in found.books.gifts if each.recipient_filing] == ["Springfield Youth League"]
    assert found.books.unclear_gifts == 0


def test_a_payment_of_ohio_that_both_lists_have_is_the_one_that_names_the_candidate():
    found = unionscreen.screen([SAMPLES / "oh-sos-exp.csv", SAMPLES / "oh-sos-31u.csv"])
    spent = [(each.target, each.status) for each in found.books.spending if each.amount_cents == 2_600_75]
    assert spent == [("", "covered"), ("DALE KERN", "active")]


def test_debts_in_the_layout_of_expenses_are_no_gifts(tmp_path):
    path = tmp_path / "debt_2021.txt"
    path.write_bytes((SAMPLES / "pa-dos-expense.txt").read_bytes())
    found = unionscreen.screen(path, givers=["2019777"])
    assert (found.books.rows_read, found.books.gifts) == (4, ())


def test_schedule_r_of_an_independent_expenditure_committee_is_spending_for_a_side(tmp_path):
    """The list of filers says which committees are independent; newer exports say for which side."""
    header = (SAMPLES / "ny-boe-socrata.csv").read_text().splitlines()[0]
    cells = dict.fromkeys(header.split(","), "") | {
        "filer_id": "590", "cand_comm_name": "New Yorkers for Safety", "election_year": "2026", "filing_abbrev": "K",
        "filing_cat_desc": "Itemized", "filing_sched_abbrev": "R", "trans_number": "R1", "org_amt": "900.10",
        "sched_date": "2026-03-04T00:00:00.000", "flng_ent_first_name": "Dale", "flng_ent_last_name": "Kern",
        "office_desc": "District Attorney",
    }  # fmt: skip
    party = cells | {"filer_id": "77", "trans_number": "R2"}
    rows = tmp_path / "e9ss.csv"
    lines = [f"{header},r_support_oppose", ",".join([*cells.values(), "O"]), ",".join([*party.values(), "S"])]
    rows.write_text("\n".join(lines) + "\n")
    filers = tmp_path / "filers.csv"
    filers.write_text(
        "filer_id,filer_name,compliance_type_desc,committee_type_desc,office_desc,district,county_desc\n"
        "590,New Yorkers for Safety,COMMITTEE,Independent Expenditure Committee,,,\n"
        "77,Party Committee,COMMITTEE,Party Committee,,,\n"
    )
    found = unionscreen.screen([rows, filers])
    assert [(each.prosecutor, each.support_oppose, each.amount_cents) for each in found.books.spending] == [
        ("Dale Kern", "oppose", 900_10)
    ]


PAID = [
    "oh-sos-31u.csv", "oh-sos-exp.csv", "mi-cfr-expenditures.txt", "mi-mitn-expenditures.txt", "tx-tec-expend.csv",
    "tx-tec-cand.csv", "wa-pdc-expenditures.csv", "wa-pdc-c6.csv", "il-sbe-expenditures.txt", "pa-dos-expense.txt",
    "pa-dos-expense-2022.txt",
]  # fmt: skip


@pytest.mark.parametrize("sample", PAID)
def test_money_paid_out_is_not_turned_into_gifts_by_a_map(sample, cli):
    """The refusal names the command that reads the file right, and that command does."""
    path = SAMPLES / sample
    columns = load_format(path.stem).columns
    payee = columns["recipient"].headers[0]
    done = cli(
        "screen", path, "--map", f"contributor={payee}", "--map", "recipient=" + columns["contributor"].headers[-1]
    )
    assert done.exit_code == 3
    assert (
        "it lists money that filers paid out, and --map contributor could turn that into money received" in done.output
    )
    (command,) = re.findall(r"it is read as money paid out: unionscreen (.*)", done.output.replace("\n", " "))
    assert "money that filers paid out" in cli(*shlex.split(command)).output


def test_a_newsrooms_table_that_is_turned_around_is_refused_with_the_command(tmp_path, cli):
    path = tmp_path / "ie.csv"
    path.write_text(f"Spender,Date,Amount,Candidate,Support/Oppose\n{UNION},5/13/25,15000,Jane Roe,Support\n")
    done = cli("screen", path, "--map", "contributor=Spender", "--map", "recipient=Candidate")
    assert f"it is read as money paid out: unionscreen screen {path}" in done.output.replace("\n", " ")
    assert cli("screen", path).exit_code == 0
