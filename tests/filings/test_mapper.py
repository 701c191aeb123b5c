from __future__ import annotations

import pytest

from unionscreen.errors import FilingError, MappingError, UnknownFormatError
from unionscreen.filings import detect_format, open_filing
from unionscreen.filings.files.heads import MAX_PREAMBLE, read_heads
from unionscreen.filings.layouts.mapper import map_headers


def columns(headers: str, **options) -> dict[str, tuple[str, ...]]:
    """Canonical column to file columns for a header line."""
    return {
        name: rule.headers for name, rule in map_headers(headers.split(","), source="a.csv", **options).rules.items()
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Donor,Committee Name,Date,Amount", {"contributor": "Donor", "recipient": "Committee Name", "date": "Date"}),
        ("donor,filerName,date,type,amount", {"recipient": "filerName", "kind": "type", "contributor_type": "type"}),
        ("Received From,Candidate,Date Rec'd,Amt", {"contributor": "Received From", "date": "Date Rec'd"}),
        ("Received From,Candidate,Date,Amt", {"recipient": "Candidate", "amount_cents": "Amt"}),
        ("Name,Committee,Date,Amount", {"contributor": "Name", "recipient": "Committee"}),
        ("Name,Donor,Recipient,Amount", {"contributor": "Donor"}),
        ("Contributor Name,Last Name,First Name,Recipient,Amount", {"contributor": "Contributor Name"}),
        ("Amount,Contribution Amount,Donor,Recipient", {"amount_cents": "Contribution Amount"}),
        ("Candidate Name,Committee,Donor,Amount", {"recipient": "Committee", "candidate": "Candidate Name"}),
        ("Contributor City,City,Donor,Recipient,Amount", {"city": "Contributor City"}),
        ("DONOR_NAME;x,Recipient Name,Total Amount,Donor", {"amount_cents": "Total Amount", "contributor": "Donor"}),
    ],
)  # fmt: skip
def test_the_strongest_header_wins(headers, expected):
    found = columns(headers)
    assert {name: found[name][0] for name in expected} == expected


@pytest.mark.parametrize(
    ("headers", "parts"),
    [
        ("Last Name,First Name,Recipient,Amount", ("Last Name", "First Name")),
        ("first_name,last_name_or_org,Recipient,Amount", ("last_name_or_org", "first_name")),
        ("Contributor Name,Contributor Company,Recipient,Amount", ("Contributor Name", "Contributor Company")),
        ("Name,Last Name,First Name,Recipient,Amount", ("Last Name", "First Name")),
    ],
)
def test_a_name_may_be_in_parts(headers, parts):
    assert columns(headers)["contributor"] == parts


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ("Donor,Contributor Name,Recipient,Amount", 'the contributor could be "Donor" or "Contributor Name"'),
        ("Donor,Recipient,Contribution Amount,Amount Received", 'the amount could be "Contribution Amount" or'),
        ("Donor,Recipient,Amount,Amount", 'the amount could be "Amount" or "Amount"'),
        ("Donor,Recipient,Filer Name,Amount", 'the recipient could be "Recipient" or "Filer Name"'),
        ("Donor,Recipient,Amount,Receipt Date,Gift Date", 'the date could be "Receipt Date" or "Gift Date"'),
    ],
)
def test_what_is_ambiguous_is_the_user_s_to_decide(headers, said):
    with pytest.raises(MappingError) as caught:
        columns(headers)
    text = str(caught.value)
    assert said in text
    assert "--map" in text
    assert all(f'"{header}"' in text for header in headers.split(","))
    assert caught.value.exit_code == 2


def test_an_ambiguous_detail_is_left_out_and_said():
    mapped = map_headers(["Donor", "Recipient", "Amount", "Donor City", "Contributor City"], source="a.csv")
    assert "city" not in mapped.rules
    assert any(note.startswith("city: left out") for note in mapped.notes)


def test_several_type_columns_are_read_side_by_side(read_text):
    got = read_text("Recipient,Donor,Amount,Contribution Type,Transaction Type\nRoe,Doe,5,Individual,Refund\n")
    assert (got.rows[0]["kind"], got.rows[0]["amount_cents"]) == ("refund", -500)


def test_the_user_decides_what_is_ambiguous():
    found = columns("Donor,Contributor Name,Recipient,Amount", mapping={"contributor": "Donor"})
    assert found["contributor"] == ("Donor",)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Last Name + First Name", "DOE, JANE"),
        ("First Name + Last Name", "DOE, JANE"),
        ("Last Name+First Name", "DOE, JANE"),
        ("last_name", "DOE"),
        ("Prefix + Last Name", "MS DOE"),
        ("A + B", "whole header"),
    ],
)
def test_map_joins_parts_with_plus(written, expected, read_text):
    text = "Last Name,First Name,Prefix,A + B,Recipient,Amount\nDOE,JANE,MS,whole header,Roe,5\n"
    assert read_text(text, mapping={"contributor": written}).values("contributor") == [expected]


def test_map_skips_parts_that_are_empty(read_text):
    text = "Prefix,Who,Recipient,Amount\n,DOE,Roe,5\nMS,,Roe,5\n,,Roe,5\n"
    assert read_text(text, mapping={"contributor": "Prefix + Who"}).values("contributor") == ["DOE", "MS", ""]


def test_map_takes_a_file_whose_headers_say_nothing(read_text):
    got = read_text("Report of 2022\na,b,c\nDoe,Roe,5\n", mapping={"contributor": "a", "recipient": "b", "amount": "c"})
    assert (got.rows[0]["contributor"], got.rows[0]["recipient"], got.rows[0]["amount_cents"]) == ("Doe", "Roe", 500)
    assert got.row_numbers == [3]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"contributor": "Donor Nam"}, '--map contributor: "Donor Nam" is not a header of this file'),
        ({"contributor": "Donor Name + Nobody"}, '"Nobody" is not a header'),
        ({"contributer": "Donor Name"}, "did you mean contributor?"),
        ({"row": "Donor Name"}, "there is no column 'row'"),
        ({"amount": "Twice"}, '"Twice" is the header of several columns'),
    ],
)
def test_a_wrong_map_lists_what_there_is(mapping, said, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Donor Name,Recipient,Amount,Twice,Twice\nDoe,Roe,5,1,2\n")
    with pytest.raises(MappingError) as caught:
        open_filing(path, mapping=mapping)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2
    assert '"Donor Name", "Recipient", "Amount"' in str(caught.value) or "the columns are: " in str(caught.value)


def test_a_wrong_header_is_answered_with_the_nearest(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Donor Name,Recipient,Amount\nDoe,Roe,5\n")
    with pytest.raises(MappingError, match='did you mean "Donor Name"'):
        open_filing(path, mapping={"contributor": "Donor Nam"})


def test_a_file_that_does_not_say_who_received_needs_to_be_told(tmp_path, read_text):
    text = "first_name,last_name_or_org,committee_id,amount_total\nWALTER,DOE,,500.0\n,NURSES PAC,780657,5\n"
    with pytest.raises(MappingError, match="--recipient"):
        read_text(text)
    got = read_text(text, recipient="Roe for District Attorney")
    assert got.values("recipient") == ["Roe for District Attorney"] * 2
    assert got.values("contributor") == ["DOE, WALTER", "NURSES PAC"]
    assert got.values("recipient_id") == [None, None]
    assert any("no column for the date" in note for note in got.filing.notes)


def test_recipient_does_not_overrule_a_column(read_text):
    got = read_text("Donor,Recipient,Amount\nDoe,Roe,5\n", recipient="Somebody Else")
    assert got.values("recipient") == ["Roe"]
    assert any("--recipient is not used" in note for note in got.filing.notes)


def test_the_mapping_chosen_is_said(read_text):
    (note, *_) = read_text("Donor,Recipient,Amount,Date\nDoe,Roe,5,\n").filing.notes
    assert note == "no known format; columns: amount = Amount; date = Date; contributor = Donor; recipient = Recipient"


@pytest.mark.parametrize("missing", ["Donor,Recipient,Date", "Amount,Recipient,Date", "City,Date"])
def test_no_contributor_or_no_amount_is_an_unknown_layout(missing, read_text):
    with pytest.raises(UnknownFormatError) as caught:
        read_text(f"{missing}\na,b,c\n")
    assert "--map" in str(caught.value)
    assert '"Date"' in str(caught.value)


@pytest.mark.parametrize(
    "headers",
    [
        "Filer Name,Payee Name,Amount,Date,Purpose",
        "Committee,Vendor,Amount,Date",
        "Filer_NamL,Payee_NamL,Payee_NamF,Expn_Date,Amount,Expn_Code",
        "Name,Committee,Expenditure Date,Amount",
        "Committee Name,Last Name,First Name,Expn Amount,Amount",
        "Payee,Disbursement,Cost",
    ],
)
def test_expenditures_are_not_contributions(headers, read_text):
    with pytest.raises(FilingError, match="looks like expenditures, not contributions"):
        read_text(f"{headers}\n" + "a," * headers.count(",") + "5\n")


@pytest.mark.parametrize(
    "headers", ["Contributor/Payee,Filer,Amount", "Last Name,Received Date,Vendor Name,Recipient,Amount"]
)
def test_contributions_that_also_speak_of_payees_are_contributions(headers, read_text):
    assert read_text(f"{headers}\n" + "a," * headers.count(",") + "5\n").rows


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_the_delimiter_is_told_by_the_header(delimiter, quote, read_text):
    rows = [["Donor", "Recipient", "Amount", "Date"], ["Doe", "Roe", "5", "1/2/22"], ["Poe", "Roe", "6", "1/3/22"]]
    text = "\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in rows)
    got = read_text(text)
    assert got.filing.layout.delimiter == delimiter
    assert got.values("contributor") == ["Doe", "Poe"]


def test_a_quote_is_a_character_where_fields_are_not_quoted(read_text):
    got = read_text('Donor\tRecipient\tAmount\n6" PIPE CO\tRoe\t5\n"X" CO\tRoe\t5\n')
    assert got.values("contributor") == ['6" PIPE CO', '"X" CO']


@pytest.mark.parametrize("titles", [1, 3, 10])
def test_title_lines_before_the_header_are_skipped_and_said(titles, read_text):
    text = "Contributions received, by date\n" * titles + "Donor,Recipient,Amount\nDoe,Roe,5\n"
    got = read_text(text)
    assert got.row_numbers == [titles + 2]
    assert any(f"before the header on line {titles + 1} skipped" in note for note in got.filing.notes)


def test_title_lines_are_skipped_before_the_header_of_a_known_format_too(samples, read_text):
    got = read_text("Registry of Election Finance\n\n" + (samples / "tn-tncamp.csv").read_text())
    assert got.filing.format.id == "tn-tncamp"
    assert got.row_numbers == [4, 5, 6]


def test_a_header_with_a_line_break_keeps_row_numbers_exact(read_text):
    assert read_text('Donor,"Recipient\nName",Amount\nDoe,Roe,5\n').row_numbers == [3]


def test_rows_that_all_end_in_a_delimiter_are_as_wide_as_they_are(read_text):
    got = read_text("Donor,Recipient,Amount\n" + "Doe,Roe,5,\n" * 5)
    assert len(got.rows) == 5
    assert got.filing.layout.fields == 4


def test_detection_says_what_was_compared_and_why(tmp_path, samples):
    found = detect_format(samples / "tn-tncamp.csv")
    assert (found.format, found.header_line, found.delimiter) == ("tn-tncamp", 1, ",")
    assert found.why == "the headers of tn-tncamp are on line 1"
    assert {result.format for result in found.compared} >= {"tn-tncamp", "ca-netfile-api-json", "fec-itcont"}
    path = tmp_path / "a.csv"
    path.write_text("Donor,Amount\nDoe,5\n")
    mapped = detect_format(path)
    assert (mapped.format, mapped.columns) == ("mapped", {"amount_cents": ("Amount",), "contributor": ("Donor",)})
    assert mapped.notes[0] == "no known format; columns: amount = Amount; contributor = Donor"
    assert "no column says who received" in mapped.notes[-1]
    path.write_text("a,b\n1,2\n")
    unknown = detect_format(path)
    assert unknown.format is None
    assert "no known format" in unknown.why
    assert unknown.to_dict()["headers"] == unknown.headers


def test_bodies_in_a_column_of_their_own_beside_the_parts_of_peoples_names_are_found():
    headers = ["Candidate Name", "Date Paid", "Entity Name", "First Name", "Middle Initial", "Last Name", "Amount"]
    rules = map_headers(headers, source="mt.csv").rules
    assert set(rules["contributor"].headers) == {"Entity Name", "First Name", "Middle Initial", "Last Name"}
    assert rules["date"].headers == ("Date Paid",)
    assert map_headers(["Entity Name", "Committee", "Amount"], source="a.csv").rules["contributor"].how == "text"


def test_the_header_is_the_line_that_map_speaks_of_whatever_stands_above_it(read_text):
    legend, header = "Contributor,Amount,Date,Recipient", "Who,What,When,Whom"
    mapping = {"contributor": "Who", "amount": "What", "recipient": "Whom"}
    got = read_text("\n".join([legend, header, "Ann,5,2022-01-02,Roe", "Bob,6,2022-01-03,Roe", ""]), mapping=mapping)
    assert (got.values("contributor"), got.row_numbers) == (["Ann", "Bob"], [3, 4])


@pytest.mark.parametrize("text", ["a,b\n1,2", "a,b\n1,2\n", "a,b\r\n1,2"])
def test_the_head_of_a_file_holds_its_last_line_however_it_ends(text):
    (head,) = read_heads(text, complete=True)
    assert [list(record.fields) for record in head.records] == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("titles", [0, 1, 2, 3])
def test_the_line_of_the_header_is_said_counted_from_one(titles, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("A report\n" * titles + "Recipient,Contributor,Amount\nRoe,Ann,5\n")
    assert detect_format(path).header_line == titles + 1


@pytest.mark.parametrize(
    ("titles", "said"), [(1, "1 line before the header on line 2"), (2, "2 lines before the header on line 3")]
)
def test_how_many_lines_before_the_header_were_skipped_is_said(titles, said, read_text):
    got = read_text("A report\n" * titles + "Recipient,Contributor,Amount\nRoe,Ann,5\n")
    assert f"{said} skipped" in got.filing.notes


@pytest.mark.parametrize(("titles", "found"), [(MAX_PREAMBLE, True), (MAX_PREAMBLE + 1, False)])
def test_the_header_is_looked_for_in_the_first_lines_only(titles, found, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("A report\n" * titles + "Recipient,Contributor,Amount\nRoe,Ann,5\n")
    assert (detect_format(path).header_line == titles + 1) is found


@pytest.mark.parametrize(
    ("columns", "cells", "used", "note"),
    [
        ("Date,Check Date", ("2022-03-01,2021-12-20",), "Date", 'dates are of "Date"; "Check Date" is not used'),
        ("Deposit Date,Date", ("2022-03-09,2022-03-01",), "Date", '(--map date="Deposit Date" uses it)'),
        ("Date,Date Deposited", ("2022-03-01,2022-03-09",), "Date", '"Date Deposited" is not used'),
        ("Date,Donation Date", ("2022-03-01,2022-02-28",), "Date", '"Donation Date" is not used'),
        ("Date Received,Donation Date", ("2022-03-01,2022-02-28",), "Date Received", '"Donation Date" is not used'),
        ("Receipt Date,Date", ("2022-03-01,2022-05-01",), "Receipt Date", '"Date" is not used'),
        ("Date,Transaction Date", ("2022-05-01,2022-03-01",), "Transaction Date", '"Date" is not used'),
        (
            "Date,Check Date,Deposit Date", ("2022-03-01,2021-12-20,2022-03-09",), "Date",
            '"Check Date" and "Deposit Date" are not used (--map date="…" uses another column)',
        ),
        ("Date,Check Date", ("2022-03-01,", "2022-03-02,"), "Date", None),
        ("Check Date,Date", ("2021-12-20,", "2021-12-21,"), "Check Date", '"Date" is not used for the date: no value'),
        ("Date,Contribution Date", ("2022-03-01,n/a",), "Date", '"Contribution Date" is not used for the date: no'),
        ("Receipt Date,Gift Date", ("2022-03-01,",), "Receipt Date", '"Gift Date" is not used for the date: no value'),
        ("Date,Check Date", (",",), "Date", None),
        ("Check Date", ("2021-12-20",), "Check Date", None),
        ("Date,Check Date,Date", (",2021-12-20,2022-03-01",), "Date", '"Check Date" is not used (--map'),
    ],
)  # fmt: skip
def test_the_day_of_the_gift_is_in_the_column_that_has_it(columns, cells, used, note, read_text):
    rows = [f"Doe,5,Roe,{each}" for each in cells]
    filing = read_text("\n".join([f"Donor,Amount,Recipient,{columns}", *rows, ""])).filing
    assert f"; date = {used}; " in filing.notes[0]
    about = [each for each in filing.notes[1:] if "not used" in each]
    assert len(about) == (note is not None)
    assert all(note in each for each in about)


def test_a_column_that_is_empty_in_the_first_rows_says_how_many_were_seen(read_text):
    rows = [f"Doe,5,Roe,2022-03-01,{'2022-02-01' if row == 250 else ''}\n" for row in range(300)]
    got = read_text("Donor,Amount,Recipient,Date,Contribution Date\n" + "".join(rows))
    assert '"Contribution Date" is not used for the date: no value in the first 199 rows' in got.filing.notes
    assert None not in got.values("date")


@pytest.mark.parametrize("mapping", [{"date": "Check Date"}, {"memo": "Date"}])
def test_columns_that_the_user_names_are_not_chosen_for_the_date(mapping, read_text):
    text = "Donor,Amount,Recipient,Date,Check Date\nDoe,5,Roe,2022-03-01,2021-12-20\n"
    notes = read_text(text, mapping=mapping).filing.notes
    assert "; date = Check Date" in notes[0]
    assert not any("dates are of" in note for note in notes)


def test_two_days_of_paper_are_the_user_s_to_decide(read_text):
    with pytest.raises(MappingError, match='the date could be "Check Date" or "Deposit Date"'):
        read_text("Donor,Amount,Recipient,Check Date,Deposit Date\nDoe,5,Roe,2021-12-20,2022-01-03\n")
