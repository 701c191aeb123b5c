"""Which way the money goes: what was paid out is never read as received."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import unionscreen
from unionscreen.errors import FilingError, NoContributionsError
from unionscreen.filings import list_formats, open_filing
from unionscreen.filings.layouts.column_rules import code_lookup


def netfile(*rows):
    keys = ("id", "filerName", "filerFppcId", "transactionType", "name", "amount")
    shared = {"date": "2026-05-12T00:00:00-07:00", "transactionFppcId": "", "city": "Springfield", "state": "CA"}
    return json.dumps({"results": [dict(zip(keys, row, strict=True)) | shared for row in rows]})


GIVEN = ("a", "Springfield Police Officers Association PAC", "950001", 21, "Roe for District Attorney 2026", 30_000)
TAKEN = ("b", "Roe for District Attorney 2026", "1400001", 0, "Springfield Police Officers Association PAC", 500)


def test_a_filer_receives_nothing_by_what_it_pays_out(tmp_path):
    path = tmp_path / "netfile.json"
    path.write_text(netfile(GIVEN, TAKEN))
    found = unionscreen.screen(path, recipients="all")
    assert [(entry.recipients, entry.raised) for entry in found.prosecutors] == [((TAKEN[1],), 500_00)]
    assert (found.manifest["rows_read"], found.manifest["rows_rejected"], found.rejected) == (2, 0, ())
    assert [(gift.recipient, gift.giver, gift.shown) for gift in found.books.gifts] == [
        # Type 21 is a notice of 24 hours. It covers no day, so it says nothing of the gift of $500.
        ("Roe for District Attorney 2026", GIVEN[1], "only by the giver"),
    ]


def test_a_file_of_payments_alone_is_read_as_the_givers_books(tmp_path):
    path = tmp_path / "netfile.json"
    path.write_text(netfile(GIVEN, (*GIVEN[:5], 200)))
    found = unionscreen.screen(path)
    assert found.prosecutors == ()
    assert [(gift.prosecutor, gift.amount_cents) for gift in found.books.gifts] == [
        ("Roe", 30_000_00), ("Roe", 200_00)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "amount", "description", "read"),
    [
        ("INC1", "500", "", True),
        ("IDT1", "500", "", True),
        ("EXP1", "500", "", False),
        ("EDT1", "500", "", False),
        ("PDT1", "500", "", False),
        ("EXP1", "500", "Refund of Contribution", True),
        ("EXP1", "-500", "", True),
    ],
)
def test_the_letters_of_an_id_tell_payments_from_receipts_and_from_refunds(
    number, amount, description, read, read_text
):
    header = "transactionId,filerName,fppcId,date,amount,description,contributorLastName,reportThruDate\n"
    got = read_text(
        f"{header}{number},Roe for DA,1400001,2022-04-14,{amount},{description},Springfield POA,2022-04-23\n"
    )
    assert got.filing.format.id == "ca-netfile-api-json"
    assert [each["kind"] == "contribution-made" for each in got.rows] == [not read]
    assert [each["contributor"] for each in got.rows] == ["Springfield POA" if read else "Roe for DA"]


SPENT = {
    "Form 496": "Filer_NamL,Tran_NamL,Tran_Amt1,Tran_Date,Sup_Opp_Cd\nSpringfield POA,Mailers,25000,2026-05-01,O\n",
    "Schedule D": "Committee,Recipient Name,Amount,Date,Expn_Code\nSpringfield POA,Roe for DA,500,2026-05-01,MON\n",
    "support or oppose": "Vendor,Candidate,Amount,Date,Support/Oppose\nMailers Inc,Roe,25000,2026-05-01,Oppose\n",
    "payees": "Filer,Payee,Amount,Date\nSpringfield POA,Mailers Inc,25000,2026-05-01\n",
}


@pytest.mark.parametrize("text", SPENT.values(), ids=SPENT)
@pytest.mark.parametrize("mapped", [False, True], ids=["as it is", "with --map"])
def test_a_table_of_spending_is_never_read_as_receipts(text, mapped, tmp_path):
    path = tmp_path / "spent.csv"
    path.write_text(text)
    first, second, *_ = text.split(",")
    mapping = {"contributor": first, "recipient": second, "amount": text.split(",")[2]} if mapped else None
    with pytest.raises(FilingError, match="this looks like expenditures, not contributions") as raised:
        open_filing(path, mapping=mapping)
    assert "--map" in raised.value.hint


def test_receipts_with_a_column_of_support_stay_receipts(samples):
    (filing,) = open_filing(samples / "ca-calaccess-rcpt.tsv")
    assert "SUP_OPP_CD" in filing.format.file_columns
    assert filing.format.id == "ca-calaccess-rcpt"


KINDS = [known for known in list_formats() if "kind" in known.columns and known.columns["kind"].default == "monetary"]


@pytest.mark.parametrize("known", KINDS, ids=lambda known: known.id)
def test_a_pledge_is_no_money_and_its_payment_is(known):
    rule = known.columns["kind"]
    look_up = code_lookup(rule.codes, rule.default)
    rest = "|" * (len(rule.headers) - 1)
    assert look_up(f"Pledge{rest}") == "other"
    assert look_up(f"Pledge Payment Received{rest}") == "monetary"


def test_a_late_contribution_counts_only_where_no_row_of_its_donor_and_amount_does(samples):
    found = unionscreen.screen(samples / "ca-powersearch.csv")
    flags = {flag.row: flag for flag in found.prosecutors[0].flags}
    assert [(row, flags[row].status) for row in (2, 3, 4)] == [(2, "refunded"), (3, "covered"), (4, "active")]
    assert flags[3].status_cause.endswith(":2")
    assert found.prosecutors[0].raised == 500_00 + 900_00 + 80_25 - 500_00


def test_of_a_transaction_filed_again_the_latest_filing_counts(samples):
    found = unionscreen.screen(samples / "fec-efile-receipts.csv")
    assert [(flag.row, flag.status) for flag in found.prosecutors[0].flags] == [(2, "superseded"), (4, "active")]
    assert (found.prosecutors[0].raised, found.prosecutors[0].loans) == (1_080_25, 2_500_00)


def test_itcont_with_its_header_row_is_itcont_also_as_a_data_frame(samples):
    path = samples / "fec-itcont-header.csv"
    of_file = unionscreen.screen(path).prosecutors
    of_frame = unionscreen.screen(pd.read_csv(path, dtype=str)).prosecutors
    (entry,) = of_frame
    assert [(each.raised, each.loans) for each in of_file] == [(entry.raised, entry.loans)] == [(80_00, 2_500_00)]
    assert (entry.flagged.gross, entry.flagged.refunded) == (500_00, 500_00)


@pytest.mark.parametrize(
    ("header", "cell", "kind"),
    [
        ("Line Item", "Loans Received", "loan"),
        ("Line Item", "Debts Owed", "other"),
        ("Schedule", "Loans", "loan"),
        ("Amount Subtype", "In-Kind", "in-kind"),
        ("Line Item", "Pledges", "other"),
        ("Line Item", "Pledge payments", "monetary"),
        ("Line Number", "13A", "loan"),
        ("Line Number", "11AI", "monetary"),
        ("Line Number", "SA12", "transfer"),
        ("Line Number", "17A", "monetary"),
        ("Line Number", "17", "other"),
        ("Line Number", "20A", "refund"),
        ("Line Number", "SB28A", "refund"),
        ("Form", "Individual Contributions", "monetary"),
    ],
)
def test_a_generic_table_tells_the_kind_by_the_words_of_its_columns(header, cell, kind, read_text):
    got = read_text(f"Recipient,Contributor,Date,Amount,{header}\nRoe for DA,Lee Doe,2024-01-02,25,{cell}\n")
    assert got.values("kind") == [kind]


@pytest.mark.parametrize("first", [1, 11, 5_000])
def test_a_column_that_numbers_the_rows_tells_no_kind(first, read_text):
    rows = "".join(f"{first + at},Roe for DA,Lee Doe,2024-01-02,25\n" for at in range(30))
    got = read_text(f"Line Number,Recipient,Contributor,Date,Amount\n{rows}")
    assert set(got.values("kind")) == {"monetary"}
    assert any("no column for the kind of receipt" in note for note in got.filing.notes)


def test_lines_of_a_form_that_repeat_or_jump_are_lines(read_text):
    lines = ["11", "11", "13", "17"]
    rows = "".join(f"{line},Roe for DA,Lee Doe,2024-01-02,25\n" for line in lines)
    got = read_text(f"Line Number,Recipient,Contributor,Date,Amount\n{rows}")
    assert got.values("kind") == ["monetary", "monetary", "loan", "other"]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Candidate Supported/Opposed", "Oppose"), ("For/Against", "Against"), ("Stance", "O"), ("Amount Spent", "25000")],
)
def test_words_for_spending_are_refused_also_where_the_user_maps_the_columns(header, cell, tmp_path):
    path = tmp_path / "spent.csv"
    path.write_text(f"Filer Name,{header},Date,Amount,Candidate\nSpringfield POA,{cell},2026-01-02,25000,Vale\n")
    with pytest.raises(FilingError, match="this looks like expenditures"):
        open_filing(path, mapping={"contributor": "Filer Name", "recipient": "Candidate"})


@pytest.mark.parametrize("header", ["Contributor Name", "Filer Name"])
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("For or Against", "A"),
        ("Support or Opposition", "O"),
        ("Supporting/Opposing", "O"),
        ("Opposed Candidate", "Robin Vale"),
        ("Supported or Opposed Candidate", "Robin Vale"),
        ("Position", "Oppose"),
        ("Remarks", "against"),
        ("Stance", "Oppose (mailer)"),
    ],
)
def test_a_column_that_takes_sides_is_one_of_spending_however_it_is_put(header, column, cell, tmp_path):
    path = tmp_path / "spent.csv"
    path.write_text(f"{header},{column},Date,Amount,Candidate\nSpringfield POA,{cell},2026-01-02,25000,Vale\n")
    with pytest.raises(FilingError, match="this looks like expenditures") as raised:
        open_filing(path, mapping={"contributor": header, "recipient": "Candidate"})
    assert f'"{column}"' in str(raised.value)


def test_one_row_that_takes_sides_is_enough(tmp_path):
    path = tmp_path / "spent.csv"
    path.write_text(
        "Filer Name,Stance,Date,Amount,Candidate\nSpringfield POA,n/a,2026-01-02,25000,Vale\n"
        "Springfield POA,Oppose,2026-01-02,25000,Vale\n"
    )
    with pytest.raises(FilingError, match="this looks like expenditures"):
        open_filing(path, mapping={"contributor": "Filer Name", "recipient": "Candidate"})


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Position", "Sergeant"),
        ("Remarks", "against the advice of the committee treasurer"),
        ("Unopposed", "Y"),
        ("Opposite Party", "N"),
        ("Purpose", "Support"),
        ("For", ""),
    ],
)
def test_words_that_only_look_like_taking_sides_leave_receipts_readable(column, cell, read_text):
    got = read_text(f"Recipient,Contributor,Date,Amount,{column}\nRoe for DA,Lee Doe,2024-01-02,25,{cell}\n")
    assert got.values("amount_cents") == [2500]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Contributor", ["Opposition Research LLC"]),
        ("Donor", ["Against Crime PAC", "Lee Doe"]),
        ("Name", ["Against"]),
        ("Contributor Last Name", ["Oppose"]),
        ("Committee", ["Opposition Roe"]),
        ("Employer", ["Against Malaria Fdn", ""]),
        ("Occupation", ["Opposition research"]),
        ("City", ["Against"]),
        ("Description", ["Opposition research", "Catering", "Rent"]),
    ],
)
def test_a_name_that_begins_with_a_word_for_opposition_leaves_receipts_readable(column, cells, read_text):
    others = {"Recipient": "Roe for DA", "Contributor": "Springfield POA", "Date": "2024-01-02", "Amount": "25"}
    others.pop("Contributor" if column in ("Donor", "Name", "Contributor Last Name") else column, None)
    if column == "Committee":
        del others["Recipient"]
    rows = "".join(",".join((*others.values(), cell)) + "\n" for cell in cells)
    got = read_text(f"{','.join((*others, column))}\n{rows}")
    assert got.values("amount_cents") == [2500] * len(cells)


def test_a_column_that_map_names_as_the_donor_takes_no_side(read_text, tmp_path):
    text = "Recipient,Received of,Date,Amount,{}\nRoe for DA,Against Crime PAC,2024-01-02,25,{}\n"
    mapping = {"contributor": "Received of"}
    assert read_text(text.format("Remarks", "Mailer"), mapping=mapping).values("amount_cents") == [2500]
    for header in ("Remarks", "Stance"):
        (tmp_path / "spent.csv").write_text(text.format(header, "Against"))
        with pytest.raises(FilingError, match=f'it has the column "{header}"'):
            open_filing(tmp_path / "spent.csv", mapping=mapping)


@pytest.mark.parametrize("cells", [["Mailer", "Print", "Oppose (TV)"], ["Opposition mailer", "Print"]])
def test_a_column_of_few_sides_is_one_of_spending(cells, tmp_path):
    path = tmp_path / "spent.csv"
    rows = "".join(f"Springfield POA,2026-01-02,25000,Robin Vale,{cell}\n" for cell in cells)
    path.write_text(f"Contributor,Date,Amount,Recipient,Remarks\n{rows}")
    with pytest.raises(FilingError, match='it has the column "Remarks"'):
        open_filing(path)


def test_a_column_for_spending_that_is_empty_says_nothing_of_receipts(read_text):
    got = read_text("Recipient,Contributor,Date,Amount,Sup_Opp_Cd\nRoe for DA,Lee Doe,2024-01-02,25,\n")
    assert got.values("amount_cents") == [2500]


@pytest.mark.parametrize("part", ["", "F497P1", "F497P2"])
def test_without_its_part_a_late_report_tells_payments_by_the_letters_of_their_ids(part, read_text):
    header = "Filer_ID,Filer_NamL,Report_Num,Enty_NamL,Ctrib_Date,Amount,Rpt_ID_Num,Tran_ID,Form_Type\n"
    got = read_text(f"{header}1400001,Roe for DA,0,Springfield POA,2026-01-02,500,R1,EXP1,{part}\n")
    assert [each["reason"] for each in got.rejects] == []
    assert [each["kind"] for each in got.rows] == ["monetary" if part == "F497P1" else "contribution-made"]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Pledge (unpaid)", "other"),
        ("Paid pledge", "monetary"),
        ("Contribution, other than a loan", "monetary"),
        ("Not a refund", "monetary"),
        ("Void", "other"),
        ("Promissory note", "loan"),
        ("Transfer In", "transfer"),
        ("Transfer Out to Vinson", "other"),
        ("F497P2", "other"),
        ("F497P1", "monetary"),
        ("Bank Interest", "other"),
        ("Interest and dividends received", "other"),
        ("Special interest group", "monetary"),
        ("Contribution of an interest group", "monetary"),
    ],
)
def test_words_around_the_kind_are_heeded(cell, kind, read_text):
    got = read_text(f'Recipient,Contributor,Date,Amount,Receipt Type\nRoe for DA,Lee Doe,2024-01-02,25,"{cell}"\n')
    assert got.values("kind") == [kind]


@pytest.mark.parametrize(("line", "loans"), [("13A", 5_000_00), ("SA13A", 5_000_00), ("11AI", 0)])
def test_the_line_of_the_form_tells_a_loan_where_a_row_has_no_type(line, loans, samples, tmp_path):
    frame = pd.read_csv(samples / "fec-schedule-a-api.csv", dtype=str, keep_default_na=False).head(1)
    path = tmp_path / "api.csv"
    frame.assign(line_number=line, receipt_type="", contribution_receipt_amount="5000").to_csv(path, index=False)
    (entry,) = unionscreen.screen(path, recipients="all").prosecutors
    assert (entry.loans, entry.raised) == (loans, 5_000_00 - loans)


@pytest.mark.parametrize(
    ("said", "kind"), [("Transfers In", "transfer"), ("Loans Received", "loan"), ("Transfers Out", "other")]
)
def test_what_illinois_calls_a_receipt_is_told_without_the_committee_below_it(said, kind, read_text):
    cells = f'"Springfield POA\n2 Oak St","{said}\nFriends of Robin Vale, Loans Received Inc"'
    header = "Contributed By,Received By,Amount,Amount Received Date,Report Received Date,Description\n"
    got = read_text(f'{header}{cells},"$1,500.00",3/4/2022,3/15/2022,\n')
    assert got.filing.format.id == "il-sbe-web"
    assert got.values("kind") == [kind]


B1AB = (
    "Committee Name|Committee ID|Contribution Date|Cash Contribution|In-Kind Contribution|Unpaid Pledges|"
    "Contributor Organization Name\n"
)
UNPAID = "an unpaid pledge: no money was given yet"


@pytest.mark.parametrize(
    ("amounts", "cents", "reasons"),
    [
        ("||500", [], [UNPAID]),
        ("0|0|500", [], [UNPAID]),
        ("0.00||500", [], [UNPAID]),
        ("100||500", [100_00], []),
        ("|25.50|500", [25_50], []),
        ("1000|0|0", [1000_00], []),
        ("||", [], ["the amount is empty"]),
    ],
)
def test_a_row_that_holds_nothing_but_a_pledge_is_rejected_by_that_name(amounts, cents, reasons, read_text):
    got = read_text(f"{B1AB}ROE FOR COUNTY ATTORNEY|18|03/04/2018|{amounts}|SPRINGFIELD POLICE UNION\n")
    assert got.filing.format.id == "ne-nadc-b1ab"
    assert (got.values("amount_cents"), [each["reason"] for each in got.rejects]) == (cents, reasons)


def test_a_file_of_pledges_alone_is_an_error_that_says_so(tmp_path):
    path = tmp_path / "b1ab.txt"
    path.write_text(f"{B1AB}ROE FOR COUNTY ATTORNEY|18|03/04/2018|0|0|500|SPRINGFIELD POLICE UNION\n")
    with pytest.raises(NoContributionsError, match="unpaid pledges"):
        unionscreen.screen(path)


def test_what_a_federal_committee_gave_is_a_contribution_made(read_text):
    given = ["SB23", "C00900002", "B1", "", "", "CCM", "Roe for Congress", *[""] * 12]
    lines = [
        ["HDR", "FEC", "8.3", "Paper Clip", "1.0"],
        ["F3XN", "C00900002", "Springfield POA PAC"],
        [*given, "20220304", "500.00"],
        [*given, "20220311", "-500.00"],
        ["SB21B", *given[1:], "20220304", "80"],
    ]
    got = read_text("".join("\x1c".join(line) + "\n" for line in lines), "1500002.fec")
    assert [(each["row"], each["kind"], each["contributor"], each["recipient"]) for each in got.rows] == [
        (3, "contribution-made", "Springfield POA PAC", "Roe for Congress"),
        (4, "contribution-made", "Springfield POA PAC", "Roe for Congress"),
    ]
    assert [each["amount_cents"] for each in got.rows] == [500_00, -500_00]


def test_schedule_e_is_spending_for_or_against_and_its_notice_counts_once(tmp_path):
    def filing(form, *more):
        spent = [
            "SE", "C00900002", "E1", "", "", "ORG", "Shelbyville Printing", *[""] * 10, "P2022", "", "20220504",
            "900.00", "20220505", "900.00", "Mailer", "004", "", "O", "H2OR01001", "Poe", "Sam", "", "", "", "H",
        ]  # fmt: skip
        lines = [["HDR", "FEC", "8.3", "Paper Clip", "1.0"], [form, "C00900002", "Springfield POA PAC"], spent, *more]
        return "".join("\x1c".join(line) + "\n" for line in lines)

    notice, report = tmp_path / "1500003.fec", tmp_path / "1500004.fec"
    notice.write_text(filing("F24N"))
    report.write_text(
        filing("F3XN", ["SA11AI", "C00900002", "A1", "", "", "IND", "", "Doe", "Lee", *[""] * 10, "20220101", "5"])
    )
    found = unionscreen.screen([notice, report], recipients="all")
    (spent,) = found.books.spent()
    assert (spent.target, spent.support_oppose, spent.spender, spent.amount_cents) == (
        "Poe, Sam", "oppose", "Springfield POA PAC", 900_00,
    )  # fmt: skip
    assert {(each.payee, each.status) for each in found.books.spending} == {
        ("Shelbyville Printing", "covered"),
        ("Shelbyville Printing", "active"),
    }
    assert [entry.raised for entry in found.prosecutors] == [5_00]
