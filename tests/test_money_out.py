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
from unionscreen.reports import render
from unionscreen.reports.money_out import readable_tables
from unionscreen.reports.terminal import to_terminal
from unionscreen.screening.paid_out import WORDED, Books, Trace
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


def test_a_notice_that_may_repeat_a_report_counts_and_is_marked(tmp_path):
    header, *rows = (SAMPLES / "ca-netfile-496.csv").read_text().splitlines()
    for spelled, statuses, marked in (
        ("Sam Poe for DA,", ["active", "covered"], 0),
        ("Poe,", ["active", "active"], 2),
    ):
        notice = tmp_path / "496.csv"
        (row,) = [row for row in rows if "Poe,Sam" in row]
        notice.write_text(f"{header}\n{row.replace('Poe,Sam', spelled).replace('EXP2', 'EXP9')}\n")
        found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", notice])
        assert [each.status for each in found.books.spending] == statuses
        assert sum(each.possibly_same is not None for each in found.books.spending) == marked
        notes = [each for each in found.notes if "may list the same payments twice" in each]
        assert len(notes) == (1 if marked else 0)


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


SIDES = list(csv.DictReader((Path(__file__).parent / "cases" / "sides.csv").read_text().splitlines()))


@pytest.mark.parametrize("layout", ["table", "netfile"])
def test_words_for_a_side_are_recognized_and_others_are_named(layout, tmp_path):
    path = tmp_path / "ie.csv"
    if layout == "table":
        rows = "".join(f'POA {at},1/2/22,10,Poe,"{each["word"]}"\n' for at, each in enumerate(SIDES))
        path.write_text(f"Entity,Date,Amount,Candidate,Support/Oppose\n{rows}")
    else:
        sheet = [
            {"Filer_NamL": f"POA {at}", "Exp_Date": "2022-01-02", "Amount": "10", "Cand_NamL": "Poe",
             "Sup_Opp_Cd": each["word"]}
            for at, each in enumerate(SIDES)
        ]  # fmt: skip
        sheet_rows(path, "ca-netfile-496.csv", *sheet)
    found = unionscreen.screen(path)
    assert [each.support_oppose for each in found.books.spending] == [each["side"] for each in SIDES]
    (note,) = [each for each in found.notes if "unknown word for the side" in each]
    assert note == (
        f"{path}: 4 rows of independent spending have an unknown word for the side, which stays unknown ($40.00): "
        '"Does not support" (1), "N/A" (1), "Neutral" (1), "Not opposed" (1)'
    )


def test_pro_and_con_are_a_column_of_sides_but_names_that_begin_so_are_not(tmp_path):
    path = tmp_path / "ie.csv"
    path.write_text("Entity,Date,Amount,Candidate,Position\nPOA,1/2/22,10,Poe,Pro\nPOA,1/2/22,15,Poe,Con\n")
    assert [each.support_oppose for each in unionscreen.screen(path).books.spent()] == ["oppose", "support"]
    path.write_text(f"{RECEIPTS.strip()},Employer\nRoe for DA,Lee Doe,5,1/2/22,Con Edison\n")
    assert unionscreen.screen(path).books.spending == ()


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


COVER = (
    "FILING_ID", "AMEND_ID", "REC_TYPE", "FORM_TYPE", "FILER_ID", "FILER_NAML", "FILER_NAMF", "STMT_TYPE",
    "CMTTE_TYPE", "CAND_NAML", "CAND_NAMF", "OFFICE_CD", "JURIS_DSCR", "SUP_OPP_CD",
)  # fmt: skip


@pytest.fixture
def calaccess(tmp_path):
    """A folder with EXPN_CD of Form 465 (filing 1) and Form 460 (filing 2), and the cover pages."""
    header = (SAMPLES / "ca-calaccess-expn.tsv").read_text().splitlines()[0].split("\t")
    spent = {"AMEND_ID": "0", "REC_TYPE": "EXPN", "PAYEE_NAML": "Shelbyville Printing"}
    covers = [
        ("1", "0", "CVR", "F465", "950001", UNION, "", "", "", "Poe", "Sam", "DAT", "Elm", "O"),
        ("2", "0", "CVR", "F460", "950001", UNION, "", "", "", "Boss", "Bea", "DAT", "Elm", ""),  # who controls it
    ]

    def write(*rows: dict[str, str], cover: bool = True) -> Path:
        lines = [header, *([(spent | row).get(name, "") for name in header] for row in rows)]
        (tmp_path / "EXPN_CD.TSV").write_text("".join("\t".join(line) + "\n" for line in lines))
        if cover:
            name = "CVR_CAMPAIGN_DISCLOSURE_CD.TSV"
            (tmp_path / name).write_text("".join("\t".join(line) + "\n" for line in [COVER, *covers]))
        return tmp_path

    return write


ON_465 = {
    "FILING_ID": "1", "FORM_TYPE": "F465P3", "TRAN_ID": "IE1", "EXPN_DATE": "5/9/2022 12:00:00 AM", "AMOUNT": "2500",
}  # fmt: skip
ON_460 = ON_465 | {"FILING_ID": "2", "FORM_TYPE": "D", "TRAN_ID": "D7", "EXPN_CODE": "IND"}


def test_form_465_names_its_target_on_the_cover_page(calaccess):
    found = unionscreen.screen(calaccess(ON_465, ON_460 | {"AMOUNT": "70"}))
    assert [(each.prosecutor, each.target, each.support_oppose, each.payee) for each in found.books.spending] == [
        ("Sam Poe", "Poe, Sam", "oppose", "Shelbyville Printing"),
        (None, "", "unknown", "Shelbyville Printing"),  # the candidate on the cover of Form 460 is the filer's own
    ]
    (note,) = [each for each in found.notes if "neither a candidate nor a measure" in each]
    assert note.startswith("independent spending: 1 row names neither a candidate nor a measure ($70.00), so ")


def test_what_form_465_repeats_counts_once(calaccess):
    named = {"CAND_NAML": "Poe", "CAND_NAMF": "Sam", "SUP_OPP_CD": "O"}
    found = unionscreen.screen(calaccess(ON_465, ON_460 | named))
    assert [(each.status, each.amount_cents) for each in found.books.spending] == [
        ("covered", 2500_00),
        ("active", 2500_00),
    ]


def test_without_the_cover_page_of_form_465_the_figures_that_are_missing_are_named(calaccess):
    found = unionscreen.screen(calaccess(ON_465, cover=False))
    assert any("for or against which candidate the money on Form 465 was spent" in note for note in found.notes)
    assert any("1 row names neither a candidate nor a measure ($2,500.00)" in note for note in found.notes)
    (spent,) = found.books.spending
    assert (spent.target, spent.payee) == ("", "Shelbyville Printing")


def test_the_sheet_of_form_465_without_a_cover_page_names_no_vendor_as_its_target(tmp_path):
    row = {
        "Filer_ID": "950001", "Filer_NamL": UNION, "Form_Type": "F465P3", "Tran_ID": "IE1", "Expn_Date": "2022-05-09",
        "Amount": "2500", "Payee_NamL": "Shelbyville Printing",
    }  # fmt: skip
    found = unionscreen.screen(sheet_rows(tmp_path / "F465P3.csv", "ca-netfile-expenditures.csv", row))
    assert [(each.target, each.payee) for each in found.books.spending] == [("", "Shelbyville Printing")]
    assert any("1 row names neither a candidate nor a measure ($2,500.00)" in note for note in found.notes)


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


def test_a_candidates_own_committee_that_gave_to_no_prosecutor_is_not_traced(received, tmp_path):
    sheriff = tmp_path / "sheriff.csv"
    sheriff.write_text(RECEIPTS + f"Sam Kern for Sheriff 2022,{UNION},900,2022-01-05\n")
    for files in (sheriff, [sheriff, received("Bakery,250,2022-03-20")]):
        found = unionscreen.screen(files, trace=True, recipients="all")
        assert [entry.name for entry in found.prosecutors if entry.flagged.net] == ["Sam Kern for Sheriff 2022"]
        assert found.traces == ()
        assert [note for note in found.notes if "nothing was traced" in note]


def test_each_trace_names_the_prosecutor_or_says_that_none_received(received, tmp_path):
    fund = tmp_path / "fund.csv"
    fund.write_text(RECEIPTS + f"Neighbors for Safety,{UNION},900,2022-01-05\n")
    sheriff = tmp_path / "sheriff.csv"
    sheriff.write_text(RECEIPTS + "Sam Kern for Sheriff 2022,Neighbors for Safety,80,2022-03-05\n")
    own = received("Neighbors for Safety,250,2022-03-20")

    def whom(*files: Path) -> list[str]:
        found = unionscreen.screen(files, trace=True, recipients="all")
        (table,) = [each for each in readable_tables(found) if each.name == "traces"]
        named = [str(row[table.names.index("prosecutor")]) for row in table.rows]
        shown = " ".join(to_terminal(found, width=200, color=False).split())
        assert all(each.split(" (")[0] in shown.partition("One step back")[2] for each in named)
        assert [each.prosecutor for each in found.traces][-1] == ""  # the data files keep the empty cell
        return named

    assert whom(fund) == ["(no gift to a prosecutor found in these files)"]
    assert whom(fund, own, sheriff) == [
        "Roe for District Attorney 2022",
        "Sam Kern for Sheriff 2022 (not recognized as a prosecutor)",
        "(the committee itself; see its other rows)",
    ]


def test_a_trace_of_nothing_says_why(received, cli):
    own = received("Neighbors for Safety,250,2022-03-20")
    (note,) = [each for each in unionscreen.screen(own, trace=True).notes if each.startswith("--trace")]
    assert note == "--trace: no donor committee's own filing is among these files, so nothing was traced"
    assert "standard input cannot be read again" in cli("screen", "-", "--trace", stdin=own.read_text()).output
    assert not [each for each in unionscreen.screen(own).notes if each.startswith("--trace")]


ROE = "Roe for District Attorney 2022"


def a_report(path: Path, begin: str, end: str, day: str, filer: str = ROE, donor: str = "Bakery", **cells: str) -> Path:
    """A report in NetFile's layout, with its period and one gift."""
    row = {
        "Filer_ID": "1400001", "Filer_NamL": filer, "Report_Num": "000", "From_Date": begin, "Thru_Date": end,
        "Form_Type": "A", "Tran_ID": "INC1", "Entity_Cd": "OTH", "Tran_NamL": donor, "Tran_Date": day,
        "Tran_Amt1": "300",
    }  # fmt: skip
    return sheet_rows(path, "ca-netfile-efile-xlsx.csv", row | cells)


COVERED = ("2022-01-01", "2022-06-30", "2022-04-01")


@pytest.mark.parametrize(
    ("report", "covers", "words", "note"),
    [
        (COVERED, True, "a report of the recipient covers that day", "a report of the recipient covers that day"),
        (
            ("2022-04-01", "2022-06-30", "2022-04-01"),
            False,
            "no report of the recipient here covers that day, only 2022-04-01 to 2022-06-30",
            "no report of the recipient that is among these files covers that day",
        ),
    ],
)
def test_a_gift_only_by_the_giver_says_whether_the_recipients_report_covers_the_day(
    report, covers, words, note, tmp_path
):
    own = a_report(tmp_path / "own.csv", *report)
    found = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", own])
    (gift,) = found.books.gifts
    assert (gift.date, gift.shown, gift.recipient_filing) == (date(2022, 3, 4), "only by the giver", True)
    assert (gift.recipient_covers_day, gift.recipient_days) == (covers, words)
    assert note in next(each for each in found.notes if "in the givers' filings alone" in each)
    assert "covers that day" in " ".join(to_terminal(found, width=300, color=False).split())
    assert Screening.from_dict(json.loads(json.dumps(found.to_dict()))).books == found.books


def test_dates_of_rows_alone_do_not_say_which_days_a_filing_covers(received):
    found = unionscreen.screen(
        [SAMPLES / "ca-netfile-expenditures.csv", received("Bakery,50,2022-03-01", "Bakery,50,2022-03-09")]
    )
    (gift,) = found.books.gifts
    assert (gift.recipient_covers_day, gift.recipient_filing) == (None, True)
    assert gift.recipient_days == "rows of the recipient here are from 2022-03-01 to 2022-03-09"


def test_the_filing_of_another_committee_of_the_person_is_called_that(tmp_path):
    own = a_report(
        tmp_path / "own.csv", *COVERED, filer="Friends of Jane Roe for District Attorney", Filer_ID="1400002"
    )
    (gift,) = unionscreen.screen([SAMPLES / "ca-netfile-expenditures.csv", own]).books.gifts
    assert gift.recipient_days == "a report of another committee of the same person covers that day"


def test_what_a_unions_committee_receives_is_not_missing_from_its_own_books(tmp_path):
    for donor, shown in (
        ("Springfield Police Officers Association", []),  # the union of that committee
        ("Ogdenville Police Officers Association", ["only by the recipient"]),  # whose own books are here
    ):
        own = a_report(tmp_path / "own.csv", *COVERED, filer=UNION, donor=donor, Filer_ID="950001")
        text = (SAMPLES / "ca-netfile-expenditures.csv").read_text()
        other = tmp_path / "other.csv"
        other.write_text(text.replace("950001", "950009").replace(UNION, "Ogdenville Police Officers Association PAC"))
        files = [SAMPLES / "ca-netfile-expenditures.csv", other, own]
        found = unionscreen.screen(files, recipients="all").books.gifts
        assert [each.shown for each in found if each.recipient == UNION] == shown


LABOR, OTHERS = "Ogdenville Police Officers Association", "Neighborhood Bakery"


def sheet_rows(path: Path, sample: str, *rows: dict[str, str]) -> Path:
    """Write rows in the layout of a sample; columns that a row does not name stay empty."""
    header = next(csv.reader([(SAMPLES / sample).read_text("utf-8-sig").splitlines()[0]]))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def listed_with_496(path: Path, *rows: tuple[str, str, str, str]) -> Path:
    """NetFile's sheet F496P3: filer's id, contributor, day, amount."""
    return sheet_rows(
        path,
        "ca-netfile-efile-xlsx.csv",
        *(
            {
                "Filer_ID": filer, "Filer_NamL": UNION, "Report_Num": "000", "Rpt_Date": "2022-05-10",
                "Form_Type": "F496P3", "Tran_ID": f"INC{at}", "Entity_Cd": "OTH", "Tran_NamL": donor, "Tran_Date": day,
                "Tran_Amt1": amount,
            }
            for at, (filer, donor, day, amount) in enumerate(rows)
        ),
    )  # fmt: skip


def test_an_independent_spenders_money_is_traced_in_what_its_form_496_lists(tmp_path):
    receipts = listed_with_496(
        tmp_path / "F496P3.csv",
        ("950001", LABOR, "2022-05-01", "900"),
        ("950001", LABOR, "2022-05-01", "100"),
        ("950001", OTHERS, "2022-05-09", "3000"),
        ("950001", OTHERS, "2022-05-10", "5000"),  # after the spending
        ("950002", OTHERS, "2022-05-01", "70"),  # another committee with the same name
    )
    found = unionscreen.screen([SAMPLES / "ca-netfile-496.csv", receipts], trace=True, recipients="prosecutors")
    (trace,) = found.traces
    assert (trace.kind, trace.prosecutor, trace.gift_cents) == ("independent expenditure", "Poe, Sam", 2_500_50)
    assert (trace.matched_by, trace.place) == ("id", f"{SAMPLES / 'ca-netfile-496.csv'}:2")
    assert trace.union_rows == (f"{receipts}:2", f"{receipts}:3")
    assert trace.sentence() == (
        f"{UNION}: 25 % of $4,000.00 up to 2022-05-09 in these files, from 1 union; $4,000.00 is from Form 496 "
        "(contributors of $100 or more since the last campaign report)"
    )
    assert Screening.from_dict(json.loads(json.dumps(found.to_dict()))).traces == found.traces
    assert "Form 496 only" in to_terminal(found, width=120, color=False)
    assert [note for note in found.notes if "where receipts are stated in Form 496 only" in note]


def test_a_spender_whose_receipts_are_not_here_is_named(tmp_path):
    receipts = listed_with_496(tmp_path / "F496P3.csv", ("950001", LABOR, "2022-05-01", "900"))
    found = unionscreen.screen([SAMPLES / "ca-netfile-496.csv", receipts], trace=True, recipients="all")
    assert [each.prosecutor for each in found.traces] == ["Poe, Sam", ""]
    assert {each.stated_in for each in found.traces} == {"Form 496 only"}
    (note,) = [each for each in found.notes if "independent spender" in each]
    assert note == "--trace: what 1 independent spender received is not in these files: Elm County Neighbors"


def test_what_a_spenders_report_repeats_is_not_counted_twice(tmp_path):
    receipts = listed_with_496(tmp_path / "F496P3.csv", ("950001", LABOR, "2022-05-01", "900"))
    report = tmp_path / "A.csv"
    report.write_text(
        receipts.read_text().replace("F496P3", "A").replace("2022-05-10,,", "2022-05-10,2022-01-01,2022-06-30")
    )
    found = unionscreen.screen([SAMPLES / "ca-netfile-496.csv", receipts, report], trace=True, recipients="prosecutors")
    assert [(each.received_cents, each.stated_in, each.percent) for each in found.traces] == [(900_00, "reports", 100)]


def test_a_gift_to_a_person_in_oregon_names_the_person_and_no_office(tmp_path):
    paid = {"Tran Status": "Original", "Filer": UNION, "Filer Id": "117", "Sub Type": "Cash Expenditure"}
    rows = [
        paid | {"Tran Id": f"{at}", "Original Id": f"{at}", "Tran Date": "03/04/2022", "Amount": "500"} | cells
        for at, cells in enumerate(
            (
                {"Contributor/Payee": "Jane Roe", "Book Type": "Individual", "Purpose Codes": "Cash Contribution"},
                {"Contributor/Payee": "Sam Poe", "Book Type": "Candidate & Immediate Family",
                 "Purpose Codes": "Cash Contribution"},
                {"Contributor/Payee": "Lee Doe", "Book Type": "Individual", "Purpose Codes": "Management Services"},
            )
        )
    ]  # fmt: skip
    found = unionscreen.screen(sheet_rows(tmp_path / "or.csv", "or-orestar.csv", *rows), recipients="all")
    assert [(each.recipient, each.prosecutor, each.shown) for each in found.books.gifts] == [
        ("Jane Roe", None, "only by the giver"),
        ("Sam Poe", None, "only by the giver"),
    ]


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


def table_of_cases(name: str) -> list[dict[str, str]]:
    return [*csv.DictReader((Path(__file__).parent / "cases" / name).read_text("utf-8").splitlines())]


PAYER = {"Filer_ID": "950001", "Filer_NamL": UNION, "Report_Num": "000", "Form_Type": "D", "Entity_Cd": "COM"}
AVERY = "Jordan Avery for District Attorney 2022"


def payments(path: Path, *rows: dict[str, str]) -> Path:
    """Rows of a union's Schedule D."""
    numbered = [PAYER | {"Tran_ID": f"EXP{at}"} | row for at, row in enumerate(rows)]
    return sheet_rows(path, "ca-netfile-expenditures.csv", *numbered)


def a_gift_to(
    name: str = AVERY, recipient_id: str = "1499901", county: str = "Elm County", **cells: str
) -> dict[str, str]:
    return {
        "Payee_NamL": name, "Cmte_ID": recipient_id, "Expn_Date": "2022-03-10", "Amount": "1000", "Expn_Code": "MON",
        "Cand_NamL": "Avery", "Cand_NamF": "Jordan", "Office_Cd": "DAT", "Juris_Dscr": county,
    } | cells  # fmt: skip


def spent_on(first: str, last: str, county: str, **cells: str) -> dict[str, str]:
    return {
        "Payee_NamL": "Shelbyville Printing", "Expn_Date": "2022-05-20", "Amount": "3200", "Expn_Code": "IND",
        "Cand_NamL": last, "Cand_NamF": first, "Office_Cd": "DAT", "Juris_Dscr": county, "Sup_Opp_Cd": "O",
    } | cells  # fmt: skip


NOTES_ON_RETURNS = {
    "taken back": "taken back by another row",
    "came back": "is money that came back",
    "alone": "in the givers' filings alone",
    "left out": "the amount is $0.00",
}


@pytest.mark.parametrize("case", table_of_cases("gift_returns.csv"), ids=lambda case: case["why"])
def test_a_gift_and_its_return_are_two_rows_and_a_return_is_no_gift(case, tmp_path):
    given, received = ([row.split() for row in case[side].split(";") if row] for side in ("given", "received"))
    files = [payments(tmp_path / "D.csv", *(a_gift_to(Expn_Date=day, Amount=amount) for day, amount in given))]
    if received:
        rows = [
            {"Filer_ID": "1499901", "Filer_NamL": AVERY, "Report_Num": "000", "Form_Type": "A", "Tran_ID": f"INC{at}",
             "From_Date": "2022-01-01", "Thru_Date": "2022-06-30", "Entity_Cd": "COM", "Tran_NamL": UNION,
             "Tran_Date": day, "Tran_Amt1": amount}
            for at, (day, amount) in enumerate(received)
        ]  # fmt: skip
        files.append(sheet_rows(tmp_path / "A.csv", "ca-netfile-efile-xlsx.csv", *rows))
    found = unionscreen.screen(files)
    shown = [f"{each.shown} {each.status} {each.amount_cents // 100}" for each in found.books.gifts]
    assert shown == case["shown"].split(";") * bool(case["shown"])
    said = [name for name, words in NOTES_ON_RETURNS.items() if any(words in note for note in found.notes)]
    assert sorted(said) == sorted(case["notes"].split(";"))
    text = render(found, "md").decode()
    for each in found.books.gifts:
        words = {"returned": f"{each.shown}, then returned", "return": f"return, {each.shown}"}
        assert f"| {words.get(each.status, each.shown)} |" in text
    assert Screening.from_dict(json.loads(json.dumps(found.to_dict()))).books == found.books


def test_a_gift_and_the_row_that_takes_it_back_name_each_other(tmp_path):
    books = payments(tmp_path / "D.csv", a_gift_to(), a_gift_to(Amount="-1000", Expn_Date="2022-04-01"))
    (gift, back) = unionscreen.screen(books).books.gifts
    assert (gift.status_cause, back.status_cause) == (back.giver_row, gift.giver_row) == (f"{books}:3", f"{books}:2")


@pytest.mark.parametrize("case", table_of_cases("recipients_of_gifts.csv"), ids=lambda case: case["why"])
def test_the_filing_of_a_namesake_tells_nothing_about_the_recipient(case, tmp_path):
    own = a_report(tmp_path / "A.csv", *COVERED, filer=case["filer"], Filer_ID=case["filer_id"])
    paid = payments(
        tmp_path / "D.csv",
        a_gift_to(case["to"], case["id"], case["county"]),
        a_gift_to(case["filer"], case["filer_id"], case["own_county"], Amount="5"),
    )
    found = unionscreen.screen([paid, own])
    (gift,) = [each for each in found.books.gifts if each.amount_cents == 1000_00]
    assert (gift.recipient_filing, gift.recipient_days) == (case["filing"] == "yes", case["words"])
    (note,) = [each for each in found.notes if "in the givers' filings alone" in each]
    assert case["note"] in note


def test_a_gift_without_a_date_says_whose_filings_are_here(tmp_path):
    own = a_report(tmp_path / "A.csv", *COVERED, filer=AVERY, Filer_ID="1499901")
    paid = payments(tmp_path / "D.csv", a_gift_to(AVERY.replace("2022", "2018"), "1388888", "", Expn_Date=""))
    found = unionscreen.screen([paid, own])
    (gift,) = found.books.gifts
    assert gift.recipient_days == "the gift has no date; the filings here are of another committee of the same person"
    assert any(
        "whether the filings of another committee of the same person among these files" in n for n in found.notes
    )


@pytest.mark.parametrize(
    ("county", "filed", "shown"), [("Elm County", False, "only by the giver"), ("Oak County", True, "reported by both")]
)
def test_a_namesakes_filing_without_ids_is_known_by_its_county(county, filed, shown, tmp_path):
    row = {
        "CommitteeName": AVERY, "CandidateName": "Jordan Avery", "Jurisdiction": county, "LastName": UNION,
        "ContributionAmount": "1000", "ContributionDate": "2022-03-12 00:00:00", "ContributionType": "Monetary",
        "RecordID": "1", "Amended": "N",
    }  # fmt: skip
    own = sheet_rows(tmp_path / "own.csv", "co-tracer.csv", row)
    paid = payments(tmp_path / "D.csv", a_gift_to(recipient_id="", county="Oak County"))
    found = unionscreen.screen([paid, own])
    (gift,) = [each for each in found.books.gifts if each.giver_row]
    assert (gift.recipient_filing, gift.shown) == (filed, shown)


def test_a_row_without_office_and_county_is_nobodys_where_two_people_have_the_name(tmp_path):
    bare = spent_on("Jordan", "Avery", "", Office_Cd="", Amount="66")
    elm, oak = (spent_on("Jordan", "Avery", county) for county in ("Elm County", "Oak County"))
    whose = [
        [each.prosecutor for each in unionscreen.screen(payments(tmp_path / "D.csv", *rows)).books.spending]
        for rows in ((elm, oak, bare), (elm, bare), (elm, elm | {"Juris_Dscr": "County of Elm"}, bare))
    ]
    assert whose == [["Jordan Avery"] * 2 + [None], ["Jordan Avery"] * 2, ["Jordan Avery"] * 3]


def test_two_people_of_one_name_have_their_counties_in_every_report(tmp_path):
    paid = payments(
        tmp_path / "D.csv",
        *(
            spent_on("Jordan", "Avery", county, Amount=amount)
            for county, amount in (("Elm County", "3200"), ("Oak County", "11"))
        ),
        a_gift_to(),
    )
    found = unionscreen.screen(paid, prosecutor="Jordan Avery")
    assert [(each.jurisdiction, each.amount_cents) for each in found.books.spent()] == [
        ("Elm County", 3200_00),
        ("Oak County", 11_00),
    ]
    text = " ".join(to_terminal(found, width=300, color=False).split())
    assert all(f"Avery, Jordan ({county}) oppose" in text for county in ("Elm County", "Oak County"))
    assert re.search(r"Attorney 2022 .*\(Elm County\)", text)
    page = render(found, "html").decode()
    assert all(f"about <bdi>Jordan Avery ({county})</bdi>" in page for county in ("Elm County", "Oak County"))
    tables = found.to_dict()["money_out"]
    for name in ("independent_expenditures", "independent_expenditures_by_target", "contributions_made"):
        assert {each["jurisdiction"] for each in tables[name]} <= {"Elm County", "Oak County"}


def test_money_in_the_sentence_of_a_trace_is_written_as_everywhere():
    trace = Trace(
        "Neighbors for Safety", "", None, None, 123_456_789_012_345_67, 0, 0, "itself", "", listed_cents=-50_00
    )
    assert trace.sentence().startswith(
        "Neighbors for Safety: 0 % of $123,456,789,012,345.67 in these files; -$50.00 is "
    )


@pytest.mark.parametrize(
    ("counties", "sums"),
    [
        (("Elm County", "Oak County"), [("Elm County", 15_000_00), ("Oak County", 700_00)]),
        (("Elm County", "County of Elm"), [("County of Elm; Elm County", 15_700_00)]),
        (("", "Oak County"), [("Oak County", 15_700_00)]),
        (("Elm County", "Oak County", ""), [(None, 1_00), ("Elm County", 15_000_00), ("Oak County", 700_00)]),
    ],
)
def test_targets_of_one_name_in_two_counties_have_two_sums(tmp_path, counties, sums):
    rows = (
        spent_on("Jane", "Smith", county, Office_Cd="", Offic_Dscr="City Council", Amount=amount)
        for county, amount in zip(counties, ("15000", "700", "1"), strict=False)
    )
    spent = unionscreen.screen(payments(tmp_path / "D.csv", *rows)).books.spent()
    assert [(each.jurisdiction, each.amount_cents) for each in spent] == sums
    assert {each.person_id for each in spent} == {None}


def test_a_row_of_no_money_is_no_spending_and_a_note_counts_it(tmp_path):
    rows = [spent_on("Jordan", "Avery", "Elm County", Amount=amount) for amount in ("3200", "0", "0.00")]
    found = unionscreen.screen(payments(tmp_path / "D.csv", *rows))
    assert [each.rows for each in found.books.spent()] == [1]
    assert [each.amount_cents for each in found.books.spending] == [3200_00]
    assert "2 rows of money paid out left out: the amount is $0.00, so nothing was given or spent" in found.notes
    assert found.books.rows_read == 3


def test_the_line_for_a_log_names_what_unions_spent_independently(cli):
    done = cli("screen", SAMPLES / "ca-netfile-496.csv", "--recipients", "all")
    assert "0 flagged at 0 of 0 recipients; organizations that match police unions spent $2,500.50" in done.stderr
