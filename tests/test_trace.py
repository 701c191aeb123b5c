"""One step back: whose money a donor committee's money was, by its id where the filing gives one."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace

import pytest

import unionscreen
from unionscreen.filings import PAID_OUT
from unionscreen.screening.books import books_notes
from unionscreen.screening.paid_out import Books
from unionscreen.screening.result import Screening

SAMPLES = Path(__file__).parent / "filings" / "samples"
UNION = "Springfield Police Officers Association PAC"
NEIGHBORS = "Neighbors for Safety"


@pytest.fixture
def sheet(tmp_path):
    """Write rows of a NetFile sheet, in the layout of the sample of that name."""

    def write(name: str, sample: str, *rows: dict[str, str]) -> Path:
        header = next(csv.reader((SAMPLES / sample).read_text(encoding="utf-8").splitlines()))
        text = io.StringIO()
        writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_text(text.getvalue())
        return path

    return write


def receipt(filer: str, filer_id: str, donor: str, amount: str, day: str, donor_id: str = "") -> dict[str, str]:
    return {
        "Filer_ID": filer_id, "Filer_NamL": filer, "Report_Num": "000", "From_Date": "2022-01-01",
        "Thru_Date": "2022-06-30", "Rec_Type": "RCPT", "Form_Type": "A", "Tran_ID": f"{donor_id}{day}{amount}",
        "Entity_Cd": "COM", "Tran_NamL": donor, "Tran_Date": day, "Tran_Amt1": amount, "Cmte_ID": donor_id,
    }  # fmt: skip


def payment(filer: str, filer_id: str, payee: str, payee_id: str, amount: str, day: str) -> dict[str, str]:
    return {
        "Filer_ID": filer_id, "Filer_NamL": filer, "Report_Num": "000", "From_Date": "2022-01-01",
        "Thru_Date": "2022-06-30", "Rec_Type": "EXPN", "Form_Type": "D", "Tran_ID": f"E{day}", "Entity_Cd": "COM",
        "Payee_NamL": payee, "Expn_Date": day, "Amount": amount, "Expn_Code": "MON", "Cmte_ID": payee_id,
    }  # fmt: skip


A, D = "ca-netfile-efile-xlsx.csv", "ca-netfile-expenditures.csv"
OWN = receipt("Jane Roe for District Attorney 2022", "1499901", NEIGHBORS, "2000", "2022-03-12", "1488888")


def test_the_committee_with_the_donors_id_is_traced_and_not_its_namesake(sheet):
    own = sheet("own.csv", A, OWN)
    funds = sheet(
        "funds.csv", A,
        receipt(NEIGHBORS, "1488888", "Doe, Lee", "1000", "2022-02-01"),
        receipt(NEIGHBORS, "1477777", UNION, "1000", "2022-02-01"),
    )  # fmt: skip
    found = unionscreen.screen([own, funds], recipients="prosecutors", trace=True)
    (trace,) = found.traces
    assert (trace.matched_by, trace.committee_id) == ("id", "committee:ca-fppc/1488888")
    assert (trace.received_cents, trace.from_unions_cents, trace.unions) == (1000_00, 0, 0)


def test_a_namesake_with_another_id_is_not_traced(sheet):
    own = sheet("own.csv", A, OWN)
    funds = sheet("funds.csv", A, receipt(NEIGHBORS, "1477777", UNION, "1000", "2022-02-01"))
    assert unionscreen.screen([own, funds], recipients="prosecutors", trace=True).traces == ()


def test_a_gift_that_only_the_giver_shows_is_traced_too(sheet):
    roe = "Jane Roe for District Attorney 2022"
    books = sheet("books.csv", D, payment(NEIGHBORS, "1488888", roe, "1499901", "2000", "2022-03-12"))
    fund = sheet("fund.csv", A, receipt(NEIGHBORS, "1488888", UNION, "500", "2022-02-01"))
    found = unionscreen.screen([books, fund], givers=[NEIGHBORS], trace=True)
    by_gift = {(each.matched_by, each.kind): each for each in found.traces}
    gift = by_gift["id", "contribution"]
    assert (gift.gift_cents, gift.date.isoformat(), gift.percent) == (2000_00, "2022-03-12", 100)
    assert by_gift["itself", "contribution"].gift_cents is None
    assert Screening.from_dict(found.to_dict()).traces == found.traces


@pytest.mark.parametrize("amounts", [["0"], ["400", "-400"], ["-400"]], ids=str)
def test_a_union_whose_money_is_not_there_is_not_counted(sheet, amounts):
    own = sheet("own.csv", A, OWN)
    rows = [
        receipt(NEIGHBORS, "1488888", UNION, amount, f"2022-02-0{at}", "1499950")
        for at, amount in enumerate(amounts, 1)
    ]
    funds = sheet("funds.csv", A, receipt(NEIGHBORS, "1488888", "Doe, Lee", "1000", "2022-02-01"), *rows)
    (trace,) = unionscreen.screen([own, funds], recipients="prosecutors", trace=True).traces
    assert trace.unions == 0


def test_a_cal_filing_shows_what_its_filer_gave_and_spent():
    found = unionscreen.screen(SAMPLES / "ca-cal.cal", givers=["Jane Roe for District Attorney 2026"])
    assert [(each.recipient, each.amount_cents) for each in found.books.gifts] == [
        ("Dale Kern for District Attorney 2026", 300_00)
    ]
    assert [(each.target, each.support_oppose, each.amount_cents, each.payee) for each in found.books.spending] == [
        ("Poe, Sam", "oppose", 410_10, "Marshall Print Inc."),
        ("Roe, Jane", "unknown", 250_00, None),  # a line of Form 496: the cover page names the target, not the side
        ("Roe, Jane", "unknown", 75_00, "Marshall Print Inc."),
    ]


@pytest.mark.parametrize(
    ("reasons", "says"),
    [
        ([PAID_OUT, PAID_OUT, "no amount"], "what it gave is not known: 2 rows of money that filers paid out"),
        (["no amount"], "no gift or independent spending of a committee with this name is in these files"),
    ],
)
def test_a_giver_whose_payments_are_not_read_is_not_said_to_have_given_nothing(reasons, says):
    rejects = [SimpleNamespace(reason=each) for each in reasons]
    gathered = SimpleNamespace(payments=(), received=(), excluded_paid={}, rejects=rejects)
    (note,) = books_notes(Books(), gathered, ["Elm County Democrats"])
    assert note.startswith(f'--giver "Elm County Democrats": {says}')


def test_a_format_that_says_the_side_by_its_table_has_no_unknown_words():
    notes = unionscreen.screen(SAMPLES / "tx-tec-cand.csv").notes
    assert not [note for note in notes if "unknown word" in note]
