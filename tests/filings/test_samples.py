"""Every format's sample against its expected contributions, and every signature against every sample."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from unionscreen.contributions import COLUMNS
from unionscreen.errors import FilingError
from unionscreen.filings import detect_format, list_formats, load_format, open_filing
from unionscreen.filings.layouts.headers import misses, normalize_header

HERE = Path(__file__).parent
SAMPLES = sorted(path for path in (HERE / "samples").iterdir() if path.is_file())
CONTRIBUTIONS = [path for path in SAMPLES if not load_format(path.stem).refuse]
REFUSED = [known for known in list_formats() if known.refuse]

# What a payment processor's export holds beside the gift, and what nobody has to read to screen it. (A filer's account
# of its committee, as in "Account Type", is no such thing.)
PRIVATE = ("card", "passport", "account", "pan", "cvc", "email", "phone", "ip")


def shown(value: object) -> str:
    return "" if value is None else str(value)


every_sample = pytest.mark.parametrize("path", CONTRIBUTIONS, ids=lambda path: path.name)


@every_sample
def test_a_sample_gives_the_expected_contributions(path, sample, expected):
    got = sample(path.name)
    names = [name for name in COLUMNS if name not in ("source", "format")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([names, *([shown(row[name]) for name in names] for row in got.rows)])
    expected(f"filings/expected/{path.stem}.csv", out.getvalue())
    assert not got.rejects


@every_sample
def test_a_sample_is_of_its_own_format_and_of_no_other(path):
    detection = detect_format(path)
    assert detection.format == path.stem
    assert [each.format for each in detection.compared if not each.missing] == [path.stem]


@pytest.mark.parametrize("known", REFUSED, ids=lambda known: known.id)
def test_a_file_that_is_no_list_of_contributions_is_refused_with_the_reason(known, sample_path):
    with pytest.raises(FilingError, match=known.refuse):
        open_filing(sample_path(known.id))


@pytest.mark.parametrize("known", list_formats(), ids=lambda known: known.id)
def test_a_signature_fits_the_columns_of_its_own_format(known):
    if not known.signature.headers:
        assert known.signature.fields == len(known.file_columns)
        return
    names = {normalize_header(name) for name in (*known.file_columns, *known.variant_columns)}
    wanted = [{word for word in option if not word.startswith("!")} for option in known.signature.headers]
    assert all(option <= names for option in wanted)


@pytest.mark.parametrize("known", list_formats(), ids=lambda known: known.id)
def test_no_column_of_a_card_or_an_account_is_read(known):
    headers = {word for rule in known.columns.values() for header in rule.headers for word in header.lower().split()}
    assert headers.isdisjoint(PRIVATE)


@pytest.mark.parametrize("known", [each for each in list_formats() if each.variant_columns], ids=lambda known: known.id)
def test_the_headers_of_older_exports_are_no_other_format_s(known):
    names = {normalize_header(name) for name in known.variant_columns}
    fits = [each.id for each in list_formats() if any(not misses(wanted, names) for wanted in each.signature.headers)]
    assert fits in ([], [known.id])


@pytest.mark.parametrize(
    ("format_id", "header", "row", "expected"),
    [
        pytest.param(
            "nh-cfs",
            "CF_ID,Transaction Date,Contributor Type,Contributor Name,Receiving Registrant,Office,County,"
            "Election Cycle,Contribution Type,Amount,Total Contribution Amount,Occupation,Employer Name",
            '03000001,03/04/2018,Individual,"Doe, Lee",Friends of Jane Roe,County Attorney,Cheshire,2018,'
            "In-Kind,80.25,80.25,Lawyer,Self",
            ("Friends of Jane Roe", "County Attorney", "Doe, Lee", 8025, "in-kind"),
            id="nh-cfs",
        ),
        pytest.param(
            "vt-cfs",
            "Transaction Date,Contributor Type,Contributor Name,Receiving Registrant,Receiving Registrant Type,Office,"
            "Election Cycle,Contribution Type,Amount,Total Contribution Amount",
            '03/04/2018,Individual,"Doe, Lee",Friends of Jane Roe,Candidate,State\'s Attorney,2018,Monetary,100,100',
            ("Friends of Jane Roe", "State's Attorney", "Doe, Lee", 10000, "monetary"),
            id="vt-cfs",
        ),
        pytest.param(
            "me-ethics",
            "OrgID,ReceiptAmount,ReceiptDate,LastName,FirstName,ReceiptID,ReceiptType,ReceiptSourceType,CommitteeName,"
            "CandidateName,Amended,Description,Occupation Comment,Employment Info Requested",
            "7,100.00,03/04/2016,Doe,Lee,1,Monetary,Individual,Friends of Jane Roe,Jane Roe,N,,,",
            ("Friends of Jane Roe", None, "Doe, Lee", 10000, "monetary"),
            id="me-ethics",
        ),
        pytest.param(
            "al-fcpa",
            "OrgID,ContributionAmount,ContributionDate,LastName,FirstName,InKindContributionID,ContributionType,"
            "ContributorType,CommitteeName,CandidateName,Amended,NatureOfInKindContribution",
            "7,80.25,03/04/2022,Doe,Lee,1,In-Kind (Itemized),Individual,Friends of Jane Roe,Jane Roe,N,Food",
            ("Friends of Jane Roe", None, "Doe, Lee", 8025, "in-kind"),
            id="al-fcpa",
        ),
        pytest.param(
            "mi-cfr",
            "doc_seq_no,contribution_id,cont_detail_id,doc_stmnt_year,doc_type_desc,com_legal_name,cfr_com_id,"
            "contribtype,contributor_f_name,contributor_l_name_or_org,received_date,amount",
            "1,2,3,2025,ANNUAL CS,Friends of Jane Roe,51,Direct Contributions,,Springfield Police,03/04/2025,100",
            ("Friends of Jane Roe", None, "Springfield Police", 10000, "monetary"),
            id="mi-cfr",
        ),
        pytest.param(
            "sc-ethics",
            "Date,Amount,Candidate Name,Office Run Contributed To,Election Date,Contributor Name,Group?,"
            "Contributor Address",
            '03/04/2024,100,Jane Roe,Solicitor,11/05/2024,Lee Doe,No,"2 Elm St, Aiken, SC 29801"',
            ("Jane Roe", "Solicitor", "Lee Doe", 10000, "monetary"),
            id="sc-ethics",
        ),
        pytest.param(
            "ma-ocpf-export",
            "record_type_id,filer_cpf_id,filer_full_name_reverse,date,name,first_name,amount,contributor_cpf_id",
            '203,17001,"Roe, Jane",3/4/2022,Springfield Police Union,,100,',
            ("Roe, Jane", None, "Springfield Police Union", 10000, "monetary"),
            id="ma-ocpf-export",
        ),
    ],
)
def test_the_other_layouts_of_an_agency_are_read_too(format_id, header, row, expected, read_text):
    got = read_text(f"{header}\n{row}\n")
    assert got.filing.format.id == format_id
    (only,) = got.rows
    assert (only["recipient"], only["office"], only["contributor"], only["amount_cents"], only["kind"]) == expected


def test_a_missing_sample_and_a_missing_result_are_reported_in_words(sample_path, expected, monkeypatch):
    monkeypatch.delenv("UPDATE_EXPECTED", raising=False)
    with pytest.raises(AssertionError, match=r"the format xx-none needs one sample, .*/xx-none\.\*, with made-up rows"):
        sample_path("xx-none")
    with pytest.raises(AssertionError, match=r"tests/filings/expected/xx-none\.csv is missing; `make expected`"):
        expected("filings/expected/xx-none.csv", "")
