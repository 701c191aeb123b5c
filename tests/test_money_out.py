"""Money that filers paid out, through a whole screening: gifts in the givers' filings, and independent spending."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import unionscreen
from unionscreen.errors import FilingError
from unionscreen.reports import render
from unionscreen.reports.terminal import to_terminal
from unionscreen.screening.paid_out import Books
from unionscreen.screening.result import Screening

SAMPLES = Path(__file__).parent / "filings" / "samples"
UNION = "Springfield Police Officers Association PAC"
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
    assert "For or against" in to_terminal(alone, width=100, color=False)


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


def test_a_person_who_is_only_in_the_givers_filings_is_found(cli):
    books = SAMPLES / "ca-netfile-expenditures.csv"
    found = unionscreen.screen(books, prosecutor="ROE, JANE")
    assert gifts(found) == [("Jane Roe", "only by the giver", False)]
    assert (found.prosecutors, found.books.spending) == ((), ())
    assert any(
        note.startswith("no recipient of these filings is called Jane Roe: what is shown") for note in found.notes
    )
    about = unionscreen.screen(books, prosecutor="Sam Poe")
    assert ([each.target for each in about.books.spending], about.books.gifts) == (["Poe, Sam"], ())
    nobody = cli("screen", books, "--prosecutor", "Lee Doe")
    assert nobody.exit_code == 2
    assert "no gift of a union and no independent spending in them is about a person of that name" in nobody.stderr
    assert "Jane Roe" in nobody.stderr
    assert "--recipients all" not in nobody.stderr


def test_one_prosecutor_is_found_on_both_sides_however_each_writes_the_name(received):
    own = received(f"{UNION},1000,2022-03-20", f"{UNION},75,2022-04-01")  # "Roe for District Attorney", no first name
    files = [SAMPLES / "ca-netfile-expenditures.csv", own]
    found = unionscreen.screen(files, prosecutor="Jane Roe")
    assert gifts(found) == gifts(unionscreen.screen(files))
    assert [entry.raised for entry in found.prosecutors] == [1_075_00]
    assert not [note for note in found.notes if "what is shown is money" in note]


def test_the_right_name_in_the_givers_filings_is_no_typing_error_of_anothers(received, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text(f"{RECEIPTS}Jane Rowe for District Attorney 2022,Lee Doe,50,2022-03-20\n")
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", other], prosecutor="Jane Roe")
    assert (gifts(found), found.prosecutors) == ([("Jane Roe", "only by the giver", False)], ())


def test_a_newsrooms_table_is_detected_as_independent_spending(tmp_path, cli):
    path = tmp_path / "ie.csv"
    path.write_text(
        'Entity,Date,Amount,Candidate,Oppose/Support\nNeighbors for Poe,5/1/25,"$1,000.00",Jane Roe,Oppose\n'
    )
    result = cli("formats", "detect", path)
    assert result.exit_code == 0
    assert "the headers are those of independent spending" in result.stdout
    assert "read as independent spending, not as gifts: spender = Entity; target = Candidate" in result.stdout


def test_an_empty_target_is_said_for_readers_and_empty_in_the_data(tmp_path):
    path = tmp_path / "notice.csv"
    sample = (SAMPLES / "ca-netfile-496.csv").read_text()
    assert sample.count("Measure Q") == 2
    path.write_text(sample.replace("Measure Q", ""))
    found = unionscreen.screen(path)
    assert "" in {each.target for each in found.books.spending}
    told = "(no candidate or measure named)"
    assert told in to_terminal(found, width=120, color=False).replace("\n", " ")
    for name in ("md", "html"):
        assert told in render(found, name).decode().replace("\\", "")
    assert told not in render(found, "jsonl").decode()
