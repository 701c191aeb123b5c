"""Intake: three lists, due dates, letters, a log; and nothing about cards, papers or accounts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import Result

import unionscreen
from unionscreen.errors import FilingError, UsageError
from unionscreen.filings.layouts.private import is_private
from unionscreen.filings.rows import blocks
from unionscreen.intake import Donation, Intake, judge_donations, return_days
from unionscreen.intake.letters import TEMPLATE_NAME, as_one_name, write_letters
from unionscreen.intake.log import append_log
from unionscreen.intake.outputs import donations_csv, write_refunds
from unionscreen.intake.rules import judge_donor
from unionscreen.matching import Match
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions

Cli = Callable[..., Result]
HEADER = "Receipt ID,Date,Amount,Donor First Name,Donor Last Name,Donor City,Donor State,Donor Employer"
PRIVATE = "Card Number,Passport Number,Account Number"
SECRETS = ("4111111111111111", "P1234567", "99887766")
UNION = "San Diego Police Officers Association"
LIKE = "Willow Bend Police Officers Association"
NOW = datetime(2024, 1, 12, 9, 0, tzinfo=UTC)
ROWS = (
    "AB1,2024-01-05,50.00,Jane,Smith,Oakland,CA,Acme",
    f"AB2,2024-01-06,500.00,,{UNION},San Diego,CA,",
    f"AB3,2024-01-07,75.00,,{LIKE},Willow,CA,",
    "AB4,2024-01-08,20.00,,California Police Chiefs Association,Sacramento,CA,",
    f"AB5,2024-01-09,30.00,Joe,Doe,Oakland,CA,{UNION}",
)


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """An export of incoming donations, with columns that are nobody's business."""

    def write(*rows: str, name: str = "actblue.csv") -> Path:
        lines = [f"{HEADER},{PRIVATE}", *(f"{row},{','.join(SECRETS)}" for row in rows or ROWS)]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def actions(intake: Intake) -> dict[str | None, str]:
    return {each.transaction_id: each.action for each in intake.donations}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("refuse", {"AB1": "accept", "AB2": "refuse", "AB3": "review", "AB4": "review", "AB5": "accept"}),
        ("review", {"AB1": "accept", "AB2": "review", "AB3": "review", "AB4": "review", "AB5": "accept"}),
    ],
)
def test_each_policy_parts_the_donations_into_three(
    export: Callable[..., Path], policy: str, expected: dict[str, str]
) -> None:
    assert actions(judge_donations(export(), policy=policy)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("policy", ["refuse", "review"])
def test_an_acronym_that_fits_a_listed_union_is_reviewed(export: Callable[..., Path], policy: str) -> None:
    rows = ("AB1,2024-01-05,50.00,,MSPTA,,,", "AB2,2024-01-05,50.00,,M.S.P.T.A.,,,", "AB3,2024-01-05,50.00,,DSA,,CA,")
    assert actions(judge_donations(export(*rows), policy=policy)) == dict.fromkeys(("AB1", "AB2", "AB3"), "review")


@pytest.mark.parametrize("nobody", ["", "N/A", "...", "(null)"])
def test_a_donation_that_names_nobody_is_reviewed(export: Callable[..., Path], nobody: str) -> None:
    intake = judge_donations(export(f"AB1,2024-01-05,50.00,,{nobody},Oakland,CA,"))
    assert [(each.action, each.reason) for each in intake.donations] == [("review", "no donor is named")]


def test_a_refunded_payment_of_a_union_is_for_a_person_to_review(tmp_path: Path) -> None:
    path = tmp_path / "stripe.csv"
    path.write_text(
        "id,Customer Description,Created (UTC),Amount,Amount Refunded,Converted Amount Refunded,Status,Mode\n"
        f"ch_1,{UNION},2024-01-06 10:00,500.00,500.00,500.00,Refunded,Live\n"
    )
    (each,) = judge_donations(path, policy="refuse").of("review")
    assert each.reason.endswith(
        "; not a gift by its type or status (refunded, canceled or the like): it may have gone back already"
    )


def test_every_donation_has_a_reason(export: Callable[..., Path]) -> None:
    assert all(each.reason for each in judge_donations(export()).donations)


def test_people_employed_by_a_union_are_reviewed_when_asked(export: Callable[..., Path]) -> None:
    intake = judge_donations(export(), employers=True)
    assert actions(intake)["AB5"] == "review"
    assert actions(intake)["AB1"] == "accept"


def test_only_unions_of_the_kinds_that_are_meant_are_refused(export: Callable[..., Path]) -> None:
    assert actions(judge_donations(export(), policy="refuse", kinds={"corrections"}))["AB2"] == "accept"


def test_the_day_it_is_due_counts_from_receipt(export: Callable[..., Path]) -> None:
    (refused,) = judge_donations(export(), policy="refuse", return_within=10).of("refuse")
    assert refused.due == date(2024, 1, 16)


def test_without_a_day_of_receipt_there_is_none_and_it_is_said(export: Callable[..., Path]) -> None:
    intake = judge_donations(export(f"AB2,,500.00,,{UNION},San Diego,CA,"), policy="refuse", return_within=10)
    assert intake.of("refuse")[0].due is None
    assert any("without a date of receipt" in note for note in intake.notes)


def test_the_sums_of_the_lists_hold_neither_what_was_returned_nor_the_row_that_returned_it(
    cli: Cli, export: Callable[..., Path]
) -> None:
    gift, back = f"AB2,2024-01-06,500.00,,{UNION},,CA,", f"AB9,2024-01-08,-500.00,,{UNION},,CA,"
    other = f"AB3,2024-01-09,70.00,,{UNION},,CA,"
    shown = cli("intake", export(gift, back, other, ROWS[0]), "--policy", "refuse")
    lines = shown.stdout.splitlines()
    assert lines[0] == "Refuse and return: 1 donation, $70.00; returned already: 1 donation, $500.00"
    assert "Accept: 1 donation, $50.00 (--format csv names them)" in lines
    assert "Money that went back, not counted above: 1 row, $500.00" in lines
    said = "3 donations: 2 refuse, 0 review, 1 accept; 1 to return; money that went back: 1 row"
    assert said in shown.stderr


@pytest.mark.parametrize(("recipient", "said"), [(None, False), ("Roe for DA", True)])
def test_a_recipient_that_nobody_named_is_not_said_to_be_unused(
    tmp_path: Path, recipient: str | None, said: bool
) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Date,Amount,Donor,Recipient\n2024-01-06,5.00,Jane Smith,Roe for DA\n")
    notes = judge_donations(path, recipient=recipient).notes
    assert any("--recipient is not used" in note for note in notes) == said


def test_the_columns_that_were_guessed_are_said_without_a_recipient_too(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Date,Amount,Donor\n2024-01-06,5.00,Jane Smith\n")
    assert any("contributor = Donor" in note for note in judge_donations(path).notes)


def test_files_that_could_not_be_read_are_part_of_the_answer(cli: Cli, export: Callable[..., Path]) -> None:
    folder = export(ROWS[0]).parent
    (folder / "login.csv").write_text("<!DOCTYPE html><html><title>Sign in</title></html>", encoding="utf-8")
    shown = cli("intake", folder)
    assert shown.stdout.endswith("\n1 of 2 files could not be read\n")
    assert shown.stderr.rstrip().endswith(" to return; 1 of 2 files could not be read")


def test_a_transaction_that_an_export_lists_twice_is_returned_once(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "winred.csv"
    row = f"w1,Donation,01/06/2024,{UNION},500.00,19.70,480.30,home,CA"
    other = f"w2,Donation,01/06/2024,{UNION},500.00,19.70,480.30,home,CA"
    header = "id,Type,Date,Name,Gross Amount,Fee,Net Amount,Page Name,State"
    path.write_text(f"{header}\n{row}\n{row}\n{other}\n")
    shown = cli("intake", path, "--policy", "refuse", "--letters", tmp_path / "letters").stdout
    assert shown.startswith("Refuse and return: 2 donations, $1,000.00\n")
    assert f"; the same transaction as {path}:2" in shown
    (letter,) = (each for each in (tmp_path / "letters").iterdir() if each.name != TEMPLATE_NAME)
    assert "In all: $1,000.00" in letter.read_text()


def test_accepted_donations_are_due_on_no_day(export: Callable[..., Path]) -> None:
    assert all(each.due is None for each in judge_donations(export(), return_within=10).of("accept"))


@pytest.mark.parametrize(("text", "days"), [("10d", 10), ("30", 30), ("5 days", 5)])
def test_days_are_read(text: str, days: int) -> None:
    assert return_days(text) == days


def test_a_week_is_no_number_of_days() -> None:
    with pytest.raises(UsageError, match="not a number of days"):
        return_days("1w")


def test_decisions_are_applied(export: Callable[..., Path], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    on = "2024-01-01"
    append_decisions(
        log, [Decision(UNION, "", "", "rejected", "A.B.", on), Decision(LIKE, "", "", "confirmed", "A.B.", on)]
    )
    intake = judge_donations(export(), policy="refuse", decisions=log)
    assert (actions(intake)["AB2"], actions(intake)["AB3"]) == ("accept", "refuse")
    (accepted,) = [each for each in intake.donations if each.transaction_id == "AB2"]
    assert accepted.reviewed == "reviewed, not a union by A.B. on 2024-01-01"


def test_what_went_back_already_is_not_to_be_returned_again(export: Callable[..., Path]) -> None:
    gift, back = f"AB2,2024-01-06,500.00,,{UNION},,CA,", f"AB9,2024-01-08,-500.00,,{UNION},,CA,"
    intake = judge_donations(export(gift, back), policy="refuse", return_within=10)
    (refused,) = intake.of("refuse")
    assert (refused.returned, refused.due, intake.to_return) == (True, None, ())
    assert "returned on 2024-01-08" in refused.reason
    assert actions(intake)["AB9"] == "accept"


def test_a_row_that_cannot_be_read_is_reviewed_never_accepted(export: Callable[..., Path]) -> None:
    intake = judge_donations(export(ROWS[0], "AB2,2024-01-06,4222222222222222,,x,,CA", "AB3,2024-01-06,'5'5,,x,,CA,"))
    assert sorted(each.action for each in intake.donations if each.donor != "Smith, Jane") == ["review", "review"]


def test_money_that_was_paid_out_is_left_out_and_that_is_said(export: Callable[..., Path]) -> None:
    paid = Path(__file__).parent / "filings" / "samples" / "ca-netfile-expenditures.csv"
    rows = len(paid.read_text().splitlines()) - 1
    done = judge_donations([export(), paid])
    assert [note for note in done.notes if "paid out" in note] == [
        f"{rows} rows are money that the filer paid out, not donations: left out"
    ]
    with pytest.raises(FilingError, match=f"no donation in these exports: {rows} rows are money that the filer paid"):
        judge_donations(paid)


def test_an_empty_export_is_an_error(export: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(f"{HEADER}\n")
    with pytest.raises(FilingError):
        judge_donations(path)


ACTBLUE = (
    "Receipt ID,Date,Amount,Recurrence Number,Fundraising Page,Donor First Name,Donor Last Name,Donor City,Donor State"
)
STRIPE = "id,Created (UTC),Amount,Status,Card ID,Card Last4,Card Brand,Card Name,Card Address City,Card Address State"
SQUARE = "Date,Time,Gross Sales,Total Collected,Card,Transaction ID,Card Brand,PAN Suffix,Customer Name"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (ACTBLUE, f"AB1,2024-01-06 10:00:01,500.00,1,page,,{UNION},San Diego,CA"),
        (STRIPE, f"ch_1,2024-01-06 10:00,500.00,Paid,card_999,4242,Visa,{UNION},San Diego,CA"),
        (SQUARE, f"01/06/24,10:00:00,$500.00,$500.00,$500.00,TX1,Visa,4242,{UNION}"),
        ("Who,When,How much", f"{UNION},1/6/2024,500"),
    ],
    ids=["actblue", "stripe", "square", "spreadsheet"],
)
def test_the_exports_of_processors_are_read_and_their_card_columns_are_not(
    tmp_path: Path, header: str, row: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{header}\n{row}\n")
    named = {"contributor": "Who", "date": "When", "amount": "How much"} if header.startswith("Who") else None
    named = {STRIPE: {"date": "Created (UTC)"}, SQUARE: {"amount": "Total Collected"}}.get(header, named)
    intake = judge_donations(path, policy="refuse", return_within=10, mapping=named)
    (refused,) = intake.of("refuse")
    assert (refused.donor, refused.amount_cents, refused.due) == (UNION, 50_000, date(2024, 1, 16))
    assert not any(text in json.dumps(intake.to_dict()["refuse"]) for text in ("4242", "card_999", "Visa"))


# Nothing about cards, papers and accounts.


@pytest.mark.parametrize(
    "header",
    [
        "Card Number", "card_last4", "Card Brand", "Card Fingerprint", "Card ID", "PAN Suffix", "Passport No",
        "Passport", "Donor Passport Number", "Account Number", "Bank Account", "Account", "Routing Number", "IBAN",
        "SSN", "Tax ID", "Date of Birth", "Driver's License",
    ],
)  # fmt: skip
def test_private_columns_are_known(header: str) -> None:
    assert is_private(header)


@pytest.mark.parametrize(
    "header",
    [
        "Donor Last Name",
        "Amount",
        "Date",
        "Company",
        "Card Name",
        "Card Address State",
        "Employer",
        "Discard",
        "business_name",
        "Address Number",
        "Meeting",
        "Public",
        "Listing Date",
    ],
)
def test_other_columns_are_not_private(header: str) -> None:
    assert not is_private(header)


def test_nothing_private_is_read_written_or_logged(export: Callable[..., Path], tmp_path: Path) -> None:
    path = export(*ROWS, "AB6,2024-01-06,4222222222222222x,,shifted,,CA,")
    out = tmp_path / "out"
    out.mkdir()
    intake = judge_donations(path, policy="refuse", return_within=10, employers=True)
    (out / "all.json").write_text(json.dumps(intake.to_dict()))
    (out / "all.csv").write_text(donations_csv(intake.donations))
    append_log(out / "log.csv", intake, NOW)
    append_log(out / "log.jsonl", intake, NOW)
    write_refunds(out / "refunds.csv", intake.to_return)
    write_letters(out / "letters", intake.to_return, today=date(2024, 1, 12))
    written = "".join(each.read_text() for each in out.rglob("*") if each.is_file())
    assert UNION in written
    for secret in (*SECRETS, "4222222222222222"):
        assert secret not in written
    read = {column for made in intake.manifest["inputs"][0]["columns_read"].values() for column in made}
    assert not any(is_private(column) for column in read)


@pytest.mark.parametrize("column", ["Card Number", "Passport Number", "Account Number"])
def test_a_private_column_cannot_be_asked_for(export: Callable[..., Path], column: str) -> None:
    with pytest.raises(UsageError, match="never read") as refused:
        judge_donations(export(), mapping={"contributor": column})
    assert not any(secret in str(refused.value) for secret in SECRETS)


def test_a_plain_screening_withholds_the_text_of_unreadable_rows_of_an_export(export: Callable[..., Path]) -> None:
    path = export(*ROWS, "AB6,2024-01-06,4222222222222222x,,shifted,,CA,")
    text = json.dumps(unionscreen.screen(path, recipient="Roe for DA").to_dict())
    assert "withheld" in text
    assert not any(secret in text for secret in (*SECRETS, "4222222222222222"))


def test_a_public_filing_shows_the_text_of_unreadable_rows(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    path.write_text("Recipient Name,Contributor Name,Amount,Account\nRoe for DA,A,1,General\nRoe for DA,B,x,General\n")
    assert unionscreen.screen(path).rejected[0].text == "Roe for DA,B,x,General"


def test_a_card_number_in_the_donors_name_is_withheld(export: Callable[..., Path]) -> None:
    (donation,) = judge_donations(export("AB1,2024-01-05,50.00,,4111 1111 1111 1111,Oakland,CA,")).donations
    assert donation.donor == "(number withheld)"
    assert "1111" not in donation.why


# What is written.


def test_the_log_is_added_to_and_says_nothing_twice(export: Callable[..., Path], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    assert append_log(log, judge_donations(export(), policy="refuse"), NOW) == 5
    before = log.read_bytes()
    assert append_log(log, judge_donations(export(), policy="refuse"), NOW) == 0
    assert append_log(log, judge_donations(export(), policy="review"), NOW) == 1
    assert log.read_bytes().startswith(before)
    rows = list(csv.DictReader(io.StringIO(log.read_text())))
    assert (rows[0]["at"], rows[0]["action"], rows[0]["donor"]) == ("2024-01-12T09:00:00+00:00", "refuse", UNION)


def test_the_next_export_of_the_month_repeats_nothing_in_the_log(export: Callable[..., Path], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    append_log(log, judge_donations(export()), NOW)
    more = export("AB0,2024-01-01,5.00,New,Donor,Oakland,CA,Acme", *ROWS, name="january.csv")
    assert append_log(log, judge_donations(more), NOW) == 1


def test_another_table_is_not_added_to(export: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="its first line is not"):
        append_log(tmp_path / "log.csv", judge_donations(export()), NOW)


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_a_log_whose_last_line_has_no_end_is_added_to_on_a_new_line(
    export: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    log = tmp_path / name
    append_log(log, judge_donations(export(ROWS[0])), NOW)
    log.write_bytes(log.read_bytes().removesuffix(b"\n"))
    assert append_log(log, judge_donations(export()), NOW) == 4
    assert append_log(log, judge_donations(export()), NOW) == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [("[1, 2]", "not a JSON object"), ("7", "not a JSON object"), ('{"action": ', "not JSON: ")],
)
def test_a_line_that_is_no_entry_is_named_and_nothing_is_added(
    export: Callable[..., Path], tmp_path: Path, line: str, message: str
) -> None:
    log = tmp_path / "log.jsonl"
    append_log(log, judge_donations(export(ROWS[0])), NOW)
    log.write_text(log.read_text() + line + "\n")
    before = log.read_bytes()
    with pytest.raises(UsageError, match=message) as error:
        append_log(log, judge_donations(export()), NOW)
    assert (error.value.source, error.value.row, log.read_bytes()) == (str(log), 2, before)


@pytest.mark.parametrize("tail", ['x,"', 'x,"' + "y" * 200_000], ids=["a quote that is not closed", "endless"])
def test_a_csv_log_that_cannot_be_read_is_not_added_to(export: Callable[..., Path], tmp_path: Path, tail: str) -> None:
    log = tmp_path / "log.csv"
    append_log(log, judge_donations(export(ROWS[0])), NOW)
    log.write_text(log.read_text() + tail)
    with pytest.raises(UsageError, match="not a CSV from here on") as error:
        append_log(log, judge_donations(export()), NOW)
    assert (error.value.row, log.read_text().endswith(tail)) == (3, True)


@pytest.mark.parametrize("cell", ["|1", "%1", "＝1+1", '"A\rB"'])
def test_a_donor_of_any_spelling_is_logged_inert_and_once(
    export: Callable[..., Path], tmp_path: Path, cell: str
) -> None:
    log = tmp_path / "log.csv"
    intake = judge_donations(export(f"AB1,2024-01-05,50.00,,{cell},,CA,"))
    assert append_log(log, intake, NOW) == 1
    assert append_log(log, intake, NOW) == 0
    (entry,) = csv.DictReader(io.StringIO(log.read_bytes().decode(), newline=""))
    assert entry["donor"][0] in "'A"


def test_a_log_as_json_lines_works_alike(export: Callable[..., Path], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert append_log(log, judge_donations(export()), NOW) == 5
    assert append_log(log, judge_donations(export()), NOW) == 0
    assert json.loads(log.read_text().splitlines()[0])["policy"] == "review"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_refund_list_holds_what_goes_back(export: Callable[..., Path], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"refunds{suffix}"
    write_refunds(path, judge_donations(export(), policy="refuse", return_within=10).to_return)
    if suffix == ".csv":
        rows = [row[:4] for row in csv.reader(path.read_text().splitlines())]
        assert rows[1] == ["2024-01-16", UNION, "500.00", "2024-01-06"]
    else:
        rows = [row[:4] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()]
        assert rows[1] == [date(2024, 1, 16), UNION, 500.0, date(2024, 1, 6)]
    assert len(rows) == 2


def test_names_that_look_like_formulas_are_inert(export: Callable[..., Path], tmp_path: Path) -> None:
    intake = judge_donations(export('AB1,2024-01-05,50.00,,"=1+1 Police Officers Association",,CA,'))
    append_log(tmp_path / "log.csv", intake, NOW)
    for text in (donations_csv(intake.donations), (tmp_path / "log.csv").read_text()):
        assert "'=1+1 Police" in text


def test_each_donor_gets_one_letter_with_all_gifts(export: Callable[..., Path], tmp_path: Path) -> None:
    rows = (f"AB2,2024-01-06,500.00,,{UNION},San Diego,CA,", f"AB3,2024-01-02,250.50,,{UNION.upper()},San Diego,CA,")
    intake = judge_donations(export(*rows), policy="refuse", return_within=10)
    (letter,) = write_letters(tmp_path / "out", intake.to_return, today=date(2024, 1, 12), recipient="Roe for DA")
    text = letter.read_text()
    assert "Dear San Diego Police Officers Association" in text or "Dear SAN DIEGO" in text
    assert "In all: $750.50, by 2024-01-12." in text
    assert "Thank you for your contributions to Roe for DA" in text


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", UNION),
        (UNION, ""),
        ("San Diego", "Police Officers Association"),
        ("San Diego Police", "Officers Association"),
        ("San Diego Police Officers", "Association"),
        ("Police Officers Association", "San Diego"),
    ],
)
def test_a_letter_addresses_an_organization_as_one_in_whichever_fields_its_name_stands(
    cli: Cli, export: Callable[..., Path], tmp_path: Path, first: str, last: str
) -> None:
    path = export(f"AB2,2024-01-06,1500.00,{first},{last},San Diego,CA,")
    assert cli("intake", path, "--policy", "refuse", "--letters", tmp_path / "out").exit_code == 0
    (letter,) = (each for each in (tmp_path / "out").iterdir() if each.name != TEMPLATE_NAME)
    assert f"\n\nDear {UNION},\n" in letter.read_text()
    assert "In all: $1,500.00." in letter.read_text()


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("ASSN, OAKLAND POLICE OFFICERS", "OAKLAND POLICE OFFICERS ASSN"),
        ("Guild PAC, Elm County Deputies", "Elm County Deputies Guild PAC"),
        ("FOP Lodge 7, Chicago", "Chicago FOP Lodge 7"),
        ("Police Lodge 7, Chicago Fraternal Order of", "Chicago Fraternal Order of Police Lodge 7"),
        ("Lodge 7, Chicago Fraternal Order of Police", "Chicago Fraternal Order of Police Lodge 7"),
        ("Order of Police Lodge 7, Chicago Fraternal", "Chicago Fraternal Order of Police Lodge 7"),
        ("7, Chicago FOP Lodge", "Chicago FOP Lodge 7"),
        ("Chicago, FOP Lodge 7", "Chicago FOP Lodge 7"),
        ("Lodge 7, FOP", "FOP Lodge 7"),
        ("of Police Lodge 7, Elm Police Fraternal Order", "Elm Police Fraternal Order of Police Lodge 7"),
        ("Officers Association, Elm Professional Police", "Elm Professional Police Officers Association"),
        ("Officers Association, Elm Public Safety", "Elm Public Safety Officers Association"),
        ("PBA Local 40, Elmwood", "Elmwood PBA Local 40"),
        ("Local 40, Elmwood PBA", "Elmwood PBA Local 40"),
        ("Elmwood, PBA Local 40", "Elmwood PBA Local 40"),
        ("San Diego Police, Officers Association", "San Diego Police Officers Association"),
        ("Diego Police Officers Association, San", "San Diego Police Officers Association"),
        ("New Orleans, Police Association of", "Police Association of New Orleans"),
        ("Orleans, Police Association of New", "Police Association of New Orleans"),
        ("of New Orleans, Police Association", "Police Association of New Orleans"),
        ("PAC, Oakland POA", "Oakland POA PAC"),
        ("Fraternal Order of Police, Lodge 7", "Fraternal Order of Police, Lodge 7"),
        ("Oakland Police Officers Association, PAC", "Oakland Police Officers Association, PAC"),
        ("Oakland POA, a Nonprofit Corporation", "Oakland POA, a Nonprofit Corporation"),
        ("Oakland POA, Small Contributor Committee", "Oakland POA, Small Contributor Committee"),
        ("Oakland Police Officers Association, Oakland", "Oakland Police Officers Association, Oakland"),
        ("Marshall, Ann", "Marshall, Ann"),
    ],
)
def test_only_a_name_that_is_inverted_is_turned_around(name: str, addressed: str) -> None:
    assert as_one_name(name) == addressed


@pytest.mark.parametrize(("today", "promised"), [(11, True), (12, True), (13, False)])
def test_a_letter_never_promises_a_day_that_is_past(
    export: Callable[..., Path], tmp_path: Path, today: int, promised: bool
) -> None:
    rows = (f"AB2,2024-01-02,500.00,,{UNION},San Diego,CA,", f"AB3,2024-01-09,1000.00,,{UNION},San Diego,CA,")
    intake = judge_donations(export(*rows), policy="refuse", return_within=10)
    (letter,) = write_letters(tmp_path, intake.to_return, today=date(2024, 1, today))
    assert ("In all: $1,500.00, by 2024-01-12." in letter.read_text()) == promised
    assert ("In all: $1,500.00. If" in letter.read_text()) != promised


def test_a_later_letter_takes_no_earlier_ones_place_and_the_same_gifts_give_the_same(
    export: Callable[..., Path], tmp_path: Path
) -> None:
    january = judge_donations(export(ROWS[1]), policy="refuse").to_return
    february = judge_donations(
        export(f"AB8,2024-02-06,250.00,,{UNION},San Diego,CA,", name="b.csv"), policy="refuse"
    ).to_return
    letters = [
        *write_letters(tmp_path / "out", january, today=date(2024, 1, 12)),
        *write_letters(tmp_path / "out", february, today=date(2024, 2, 12)),
    ]
    assert ["In all: $500.00" in letters[0].read_text(), "In all: $250.00" in letters[1].read_text()] == [True, True]
    assert write_letters(tmp_path / "out", january, today=date(2024, 1, 13)) == letters[:1]


def test_gifts_to_two_committees_go_back_in_two_letters(tmp_path: Path) -> None:
    gifts = [
        Donation("a.csv", row, "refuse", "", UNION, "CA", recipient=recipient, amount_cents=cents)
        for row, recipient, cents in ((2, "Roe for DA", 50_000), (3, "Roe Ballot Committee", 10_000))
    ]
    texts = [path.read_text() for path in write_letters(tmp_path, gifts, today=date(2024, 1, 12))]
    assert len(texts) == 2
    assert [text.count("Roe for DA") > 0 for text in texts] == ["In all: $500.00" in text for text in texts]


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% for a in donor %}{{ loop(donor) }}{% endfor %}",
        "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{% macro again() %}{{ again() }}{{ again() }}{% endmacro %}{{ again() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{{ donor * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ 1 / 0 }}",
        "{{ gifts[0].amount.nothing.more }}",
        "{{ donor | center(1000000000) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999d}'.format(1) }}",
        "{{ [1, 'a'] | sort }}",
        "{{ {} | first | upper }}",
        "{{ donor[1:2:0] }}",
        "{{ gifts | sum }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{% include 'x' %}",
        "{% if %}",
    ],
)
def test_a_template_that_loops_or_raises_is_refused_in_words(tmp_path: Path, template: str) -> None:
    path = tmp_path / "own.txt"
    path.write_text(template, encoding="utf-8")
    gift = Donation("a.csv", 2, "refuse", "", UNION, "CA", amount_cents=50_000)
    with pytest.raises(UsageError, match="letter's template cannot be used: ") as error:
        write_letters(tmp_path / "out", [gift], today=date(2024, 1, 12), template=path)
    assert error.value.source == str(path)
    assert [each.name for each in (tmp_path / "out").iterdir()] == []


def test_a_letter_that_cannot_be_written_leaves_the_one_that_was_there(
    export: Callable[..., Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    intake = judge_donations(export(), policy="refuse")
    (letter,) = write_letters(tmp_path / "out", intake.to_return, today=date(2024, 1, 12))
    before = letter.read_bytes()
    request.getfixturevalue("full_disk")
    with pytest.raises(UsageError, match="cannot be written: No space left") as error:
        write_letters(tmp_path / "out", intake.to_return, today=date(2024, 1, 13))
    assert (error.value.source, letter.read_bytes()) == (str(letter), before)


def test_the_template_is_the_campaigns_own(export: Callable[..., Path], tmp_path: Path) -> None:
    intake = judge_donations(export(), policy="refuse")
    write_letters(tmp_path, intake.to_return, today=date(2024, 1, 12))
    (tmp_path / TEMPLATE_NAME).write_text("Returned: {{ total }} to {{ donor }}")
    (letter,) = write_letters(tmp_path, intake.to_return, today=date(2024, 1, 12))
    assert letter.read_text() == f"Returned: 500.00 to {UNION}"


@pytest.mark.parametrize("text", ["{{ nothing }}", "{% if %}", "{{ donor.__class__.__mro__ }}"])
def test_a_template_that_cannot_be_used_is_said(export: Callable[..., Path], tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.txt").write_text(text)
    intake = judge_donations(export(), policy="refuse")
    with pytest.raises(UsageError, match="template cannot be used"):
        write_letters(tmp_path / "out", intake.to_return, today=date(2024, 1, 12), template=tmp_path / "mine.txt")


def test_no_donors_name_leads_out_of_the_folder(export: Callable[..., Path], tmp_path: Path) -> None:
    name = "../../etc/San Diego Police Officers Association"
    intake = judge_donations(export(f'AB2,2024-01-06,500.00,,"{name}",San Diego,CA,'), policy="refuse")
    for letter in write_letters(tmp_path / "out", intake.of("refuse") or intake.donations, today=date(2024, 1, 12)):
        assert letter.resolve().parent == (tmp_path / "out").resolve()


# The command.


def test_the_command_writes_all_of_it(cli: Cli, export: Callable[..., Path], tmp_path: Path) -> None:
    result = cli(
        *("intake", export(), "--policy", "refuse", "--return-within", "10d", "--decision-log", tmp_path / "log.csv"),
        *("--refunds", tmp_path / "refunds.xlsx", "--letters", tmp_path / "letters", "--recipient", "Roe for DA"),
    )
    assert result.exit_code == 0, result.stderr
    assert "Refuse and return: 1 donation, $500.00" in result.stdout
    assert "return by 2024-01-16 OVERDUE" in result.stdout
    assert "5 donations: 1 refuse, 2 review, 2 accept; 1 to return" in result.stderr
    assert (tmp_path / "log.csv").exists()
    assert (tmp_path / "refunds.xlsx").exists()
    assert len(list((tmp_path / "letters").iterdir())) == 2


def test_json_and_csv_hold_all_three_lists(cli: Cli, export: Callable[..., Path]) -> None:
    found = json.loads(cli("intake", export(), "--format", "json").stdout)
    assert [len(found[action]) for action in ("accept", "review", "refuse")] == [2, 3, 0]
    rows = list(csv.DictReader(io.StringIO(cli("intake", export(), "--format", "csv").stdout)))
    assert len(rows) == 5


def test_a_refusal_can_fail_a_script(cli: Cli, export: Callable[..., Path]) -> None:
    assert cli("intake", export(), "--policy", "refuse", "--fail-on-flag").exit_code == 1
    assert cli("intake", export(), "--policy", "review", "--fail-on-flag").exit_code == 0


@pytest.mark.parametrize(
    "options", [("--policy", "refuse"), ("--policy", "review", "--format", "csv", "--exclude-kinds", "federal")]
)
def test_screen_with_a_policy_prints_the_same_and_says_once_what_to_type(
    cli: Cli, export: Callable[..., Path], options: tuple[str, ...]
) -> None:
    now, before = cli("intake", export(), *options), cli("screen", export(), *options)
    assert (before.stdout, before.exit_code) == (now.stdout, now.exit_code)
    said = f"`screen --policy` is deprecated: type `unionscreen intake EXPORT... --policy {options[1]}` instead\n"
    assert before.stderr == said + now.stderr
    assert cli("screen", export(), *options, "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--policy", "ask"], "no such policy"),
        (["--policy", "refuse", "--letter-template", "x"], "--letter-template goes with --letters"),
        (["--policy", "refuse", "--letters", "x", "--letter-template", "none.txt"], "there is no such template"),
        (["--policy", "refuse", "--letters", "README.md"], "not a folder for letters"),
        (["--policy", "refuse", "--decision-log", "x.txt"], "the decision log is a .csv or .jsonl file"),
        (["--policy", "refuse", "--decision-log", "none/x.csv"], "no such directory to write in"),
        (["--policy", "refuse", "--refunds", "x.txt"], "the refund list is written as .xlsx or .csv"),
        (["--policy", "refuse", "--out", "x.csv", "--decision-log", "./x.csv"], "the same file is given twice"),
        (["--policy", "refuse", "--out", "x.html"], "this result is not written with the suffix .html"),
    ],
)
@pytest.mark.parametrize("command", ["intake", "screen"])
def test_options_that_cannot_be_right_are_refused(
    cli: Cli, export: Callable[..., Path], command: str, options: list[str], message: str
) -> None:
    result = cli(command, export(), *options)
    assert (result.exit_code, result.stdout, message in result.stderr) == (2, "", True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--return-within", "10d"], "goes with --policy"),
        (["--letters", "x"], "goes with --policy"),
        (["--policy", "refuse", "--prosecutor", "Roe"], "--prosecutor does not go with --policy"),
        (["--policy", "refuse", "--resume", "kept"], "--resume does not go with --policy"),
        (["--policy", "refuse", "--workers", "2"], "--workers does not go with --policy"),
        (["--policy", "refuse", "--scheduler", "tcp://x:1"], "--scheduler does not go with --policy"),
        (["--policy", "refuse", "--excel-safe"], "--excel-safe does not go with --policy"),
        (["--policy", "refuse", "--max-rejects", "0"], "--max-rejects does not go with --policy"),
        (["--policy", "refuse", "--format", "html"], "written as table, json or csv"),
    ],
)
def test_what_a_screening_and_an_intake_do_not_share_is_refused(
    cli: Cli, export: Callable[..., Path], options: list[str], message: str
) -> None:
    result = cli("screen", export(), *options)
    assert (result.exit_code, result.stdout, message in result.stderr) == (2, "", True)


@pytest.mark.parametrize("policy", ["refuse", "review"])
def test_a_donor_whose_amount_cannot_be_read_is_shown_and_reviewed(
    cli: Cli, export: Callable[..., Path], policy: str
) -> None:
    path = export(
        f"AB1,2024-01-06,$1k,,{UNION},San Diego,CA,",
        "AB2,2024-01-07,,Jane,Smith,Oakland,CA,Acme",
        "AB3,2024-01-07,12,Jane,Roe,Oakland,CA,Acme",
    )
    intake = judge_donations(path, policy=policy, return_within=10)
    union, person = intake.of("review")
    assert (union.donor, union.amount_cents, union.date) == (UNION, 0, date(2024, 1, 6))
    assert union.reason.startswith(
        "not read: the amount cannot be read (not shown: it may be a card number); police union: "
        "San Diego Police Officers"
    )
    assert union.union_id == "us-ca-san-diego-police-officers-association"
    assert (person.donor, person.reason) == ("Smith, Jane", "not read: the amount is empty")
    assert [each["amount"] for each in intake.to_dict()["review"]] == [None, None]
    assert intake.of("refuse") == intake.to_return == ()
    shown = cli("intake", path, "--policy", policy).stdout
    assert f"2024-01-06  {UNION}  amount not read" in shown
    assert "Review before depositing: 2 donations, $0.00 and 2 amounts that could not be read" in shown


def test_a_refund_is_not_taken_for_the_return_of_an_amount_that_is_not_known(export: Callable[..., Path]) -> None:
    path = export(f"AB1,2024-01-06,$1k,,{UNION},San Diego,CA,", f"AB2,2024-01-09,-1000,,{UNION},San Diego,CA,")
    assert not any(each.returned for each in judge_donations(path).donations)


def test_of_a_row_with_shifted_cells_no_code_is_shown_as_the_donor(export: Callable[..., Path]) -> None:
    (found,) = judge_donations(export("AB1,2024-01-06,Smith,,123,Oakland,CA,Acme")).donations
    assert (found.action, found.donor) == ("review", "")


def test_a_donor_that_is_only_a_word_for_nothing_is_not_named(export: Callable[..., Path]) -> None:
    (found,) = judge_donations(export("AB1,2024-01-06,5,nan,nan,nan,nan,nan")).donations
    assert (found.action, found.reason) == ("review", "no donor is named")


def test_days_of_receipt_that_cannot_be_read_are_said(export: Callable[..., Path]) -> None:
    path = export(f"AB1,Jan-24,5,,{UNION},San Diego,CA,", "AB2,Feb-24,5,Jane,Roe,Oakland,CA,")
    assert any(
        f'{path}: no date in the column "Date" could be read, such as "Jan-24"' in n
        for n in judge_donations(path).notes
    )


def test_a_day_of_receipt_in_the_future_is_said(export: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.screening.doubts.today", lambda: date(2024, 1, 6))
    path = export(*ROWS)
    (note,) = [note for note in judge_donations(path).notes if "future" in note]
    assert note.startswith(f"2 flagged rows are dated in the future, such as {path}:4 (2024-01-07)")


def found(**fields: object) -> Match:
    """An answer of the matcher; a listed union unless told otherwise."""
    plain = {"verdict": "union", "tier": "listed", "union_id": "u", "union": "Elk Hills POA", "category": "police"}
    return Match(**{"name": "n", "score": 90.0, "why": "w", **plain, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("match", "decision", "under_refuse", "under_review"),
    [
        (found(), None, "refuse", "review"),
        (found(), "confirmed", "refuse", "review"),
        (found(), "unsure", "review", "review"),
        (found(), "rejected", "accept", "accept"),
        (found(tier="pattern", union=None), None, "review", "review"),
        (found(tier="pattern", union=None), "confirmed", "refuse", "review"),
        (found(tier="pattern", union=None), "unsure", "review", "review"),
        (found(tier="pattern", union=None), "rejected", "accept", "accept"),
        (found(verdict="related", tier=None, category="charity"), None, "review", "review"),
        (found(verdict="related", tier=None, category="charity"), "rejected", "accept", "accept"),
        (found(verdict="clear", tier=None), None, "accept", "accept"),
        (found(verdict="clear", tier=None), "unsure", "accept", "accept"),
    ],
)
def test_what_becomes_of_a_donor_by_answer_decision_and_policy(
    match: Match, decision: str | None, under_refuse: str, under_review: str
) -> None:
    assert judge_donor(match, decision, "refuse")[0] == under_refuse
    assert judge_donor(match, decision, "review")[0] == under_review


@pytest.mark.parametrize(
    ("match", "decision", "reason"),
    [
        (found(), None, "police union: Elk Hills POA (police)"),
        (found(), "unsure", "reads like a police union (police), not identified with one on the list"),
        (found(tier="pattern", union=None), "confirmed", "police union: an organization of officers (police)"),
        (found(verdict="related", tier=None, category="charity"), None, "related to police, not a union: charity"),
        (found(verdict="clear", tier=None), None, "no match"),
        (found(), "rejected", "reviewed: not a union"),
    ],
)
def test_the_reason_says_what_was_found(match: Match, decision: str | None, reason: str) -> None:
    assert judge_donor(match, decision, "refuse")[1] == reason


def test_a_union_of_another_kind_is_accepted_and_not_marked_returned(export: Callable[..., Path]) -> None:
    """What is kept by the policy needs no return, whatever else went back to that donor."""
    gift, back = f"AB2,2024-01-06,500.00,,{UNION},,CA,", f"AB9,2024-01-08,-500.00,,{UNION},,CA,"
    intake = judge_donations(export(gift, back), kinds={"corrections"}, return_within=10)
    assert [(each.action, each.returned, each.due) for each in intake.donations] == [("accept", False, None)] * 2
    assert all("returned" not in each.reason for each in intake.donations)


def test_who_received_is_the_user_s_word_and_nothing_where_there_is_none(export: Callable[..., Path]) -> None:
    named = judge_donations(export(), recipient="Friends of Jane Roe")
    assert {each.recipient for each in named.donations} == {"Friends of Jane Roe"}
    assert {each["recipient"] for each in named.to_dict()["review"]} == {"Friends of Jane Roe"}
    assert {each.recipient for each in judge_donations(export()).donations} == {None}


@pytest.mark.parametrize("block_bytes", [1 << 20, 300])
def test_every_donation_says_the_row_it_stands_in(
    export: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    """However the file is cut into blocks; a row that was not read is looked up by its number."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(blocks, "_WINDOW_BYTES", 100)
    bad = (f"AB6,2024-01-10,$1k,,{UNION},,CA,", "AB7,2024-01-11,5,Al,Poe,,CA,,x", "AB8,2024-01-12,,Ann,Poe,,CA,")
    donations = judge_donations(export(*ROWS, *bad, *ROWS)).donations
    unread = {each.row: (each.donor, each.transaction_id) for each in donations if each.unread}
    assert unread == {7: (UNION, "AB6"), 8: ("", None), 9: ("Poe, Ann", "AB8")}
    at = {each.row: each.transaction_id for each in donations if not each.unread}
    assert at == {2: "AB1", 3: "AB2", 4: "AB3", 5: "AB4", 6: "AB5"} | {
        10: "AB1", 11: "AB2", 12: "AB3", 13: "AB4", 14: "AB5"
    }  # fmt: skip


def test_the_lists_are_in_the_order_they_are_due(export: Callable[..., Path]) -> None:
    rows = (f"AB1,2024-01-09,5,,{UNION},,CA,", f"AB2,,5,,{UNION},,CA,", f"AB3,2024-01-06,5,,{UNION},,CA,")
    intake = judge_donations(export(*rows), policy="refuse", return_within=10)
    assert [each.transaction_id for each in intake.of("refuse")] == ["AB3", "AB1", "AB2"]


def test_the_manifest_counts_each_list(export: Callable[..., Path]) -> None:
    manifest = judge_donations(export(), policy="refuse", return_within=10).manifest
    assert manifest["counts"] == {"accept": 2, "review": 2, "refuse": 1}
    assert (manifest["policy"], manifest["return_within_days"]) == ("refuse", 10)
    assert list(manifest["inputs"][0]["columns_read"])[:1]


def test_employers_are_asked_about_only_where_the_donor_is_not_known(
    export: Callable[..., Path], tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    append_decisions(log, [Decision("Doe, Joe", "CA", "", "rejected", "A.B.", "2024-01-01")])
    intake = judge_donations(export(), employers=True, decisions=log)
    assert actions(intake)["AB5"] == "accept"


def test_of_the_donations_without_a_day_those_that_may_go_back_are_counted(export: Callable[..., Path]) -> None:
    rows = (f"AB1,,5,,{UNION},,CA,", "AB2,,5,Jane,Smith,,CA,", "AB3,,5,,,,CA,", f"AB4,2024-01-05,5,,{UNION},,CA,")
    notes = judge_donations(export(*rows), return_within=10).notes
    assert "donations to refuse or review without a date of receipt, and so without a due date: 1" in notes
