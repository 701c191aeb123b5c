"""What a definition can say about a column, each shown on a filing of a few rows."""

from __future__ import annotations

import pytest

from unionscreen.filings import find_lookup_files, load_format, open_filing
from unionscreen.filings.layouts.definitions import parse_format
from unionscreen.filings.rows.read import read_block

BASE = """
title = "A"
agency = "A"
jurisdiction = "CA"
urls = ["https://example.org"]
source = "made up"
checked = "layout"
date_formats = ["%m/%d/%Y"]
file_columns = ["Donor", "Amount", "To", "Type"]

[signature]
headers = [["donor", "to"]]

[columns]
contributor = "Donor"
recipient = "To"
amount_cents = "Amount"
kind = { from = "Type", default = "monetary", codes = { "IK" = "in-kind" } }
"""


def test_a_format_takes_over_what_it_does_not_write_anew():
    child = parse_format(
        "child",
        'extends = "base"\ntitle = "B"\n[columns]\nrecipient = false\nkind = { from = "Kind" }\ncity = "Town"\n',
        {"base": BASE},
    )
    assert (child.title, child.agency, child.extends) == ("B", "A", "base")
    assert set(child.columns) == {"contributor", "amount_cents", "kind", "city"}
    assert child.columns["kind"].headers == ("Kind",)
    assert child.columns["kind"].codes[0] == ("IK", "in-kind")


def test_a_pattern_must_say_what_it_finds():
    with pytest.raises(ValueError, match=r"no \(\?P<found>…\)"):
        parse_format("x", BASE + "office = { from = 'To', pattern = '[A-Z]+' }")


@pytest.mark.parametrize("member", ["ne-nadc", "me-ethics", "wv-cfrs", "md-mdcris-tcon", "id-sunshine", "nm-cfis-con"])
def test_families_share_one_definition(member):
    known = load_format(member)
    base = load_format(known.extends)
    assert known.columns["kind"].codes == base.columns["kind"].codes
    assert known.columns["contributor_type"].codes == base.columns["contributor_type"].codes


def test_of_two_headers_that_differ_in_spelling_only_the_exact_one_is_read(sample):
    got = sample("tx-sanantonio-campfin.csv")
    assert set(got.values("filing_id")) == {"3001.0"}  # not "View Report" of the column "Report Id:"


def test_two_amounts_of_a_row_are_one(sample, samples, read_text):
    assert sample("ga-legacy-ethics.csv").values("amount_cents") == [50000, 8025, 10000, 25000, 250000]
    text = (samples / "ga-legacy-ethics.csv").read_text()
    neither = read_text(text.replace("500.0000,0.0000", ",", 1))
    assert [reject["reason"] for reject in neither.rejects] == ["the amount is empty"]
    wrong = read_text(text.replace("500.0000,0.0000", "500.0000,some", 1))
    assert [reject["reason"] for reject in wrong.rejects] == ["'500.0000 + some' is not an amount"]


def test_the_first_filled_of_several_columns_is_the_donor(sample):
    assert sample("mo-mec-cd1a.csv").values("contributor")[1:4] == [
        "Springfield Police Officers Association PAC", "Five Star Towing", "Doe, Lee",
    ]  # fmt: skip
    assert sample("ky-kref.csv").values("contributor")[3:5] == ["Doe, Lee", "SPRINGFIELD POLICE ASSOCIATION"]


def test_an_amended_report_goes_under_the_name_of_the_first(sample):
    got = sample("nc-sbe.csv")
    assert got.values("filing_id")[:2] == ["STA-R0E001-C-001/2018 First Quarter"] * 2
    assert got.values("amendment")[:2] == ["0", "1"]


def test_the_office_is_found_inside_another_column(sample):
    assert sample("fl-doe.txt").values("office") == ["STA"] * 5 + ["PAC"]
    got = sample("dc-ocf-xlsx.xlsx")
    assert set(got.values("office")) == {"Attorney General"}
    assert set(got.values("candidate")) == {"Jane Roe"}


@pytest.mark.parametrize("member", ["ok-guardian", "ne-nadc", "me-ethics", "wv-cfrs", "co-tracer"])
def test_an_amended_row_and_its_offset_both_do_not_count(member, samples, sample):
    (path,) = samples.glob(f"{member}.*")
    block = read_block(next(sample(path.name).filing.tasks()))
    statuses = block.column("status").to_pylist()
    assert [status for status in statuses if status] == ["superseded", "void"]
    pair = [cents for cents, status in zip(block.column("amount_cents").to_pylist(), statuses, strict=True) if status]
    assert sum(pair) == 0


@pytest.mark.parametrize(
    ("sample_id", "late"),
    [
        ("ca-sf-ethics-socrata", [5]),
        ("ny-boe-socrata", [6]),
        ("mo-mec-cd1a", [5]),
        ("mi-cfr", [5]),
    ],
)
def test_late_reports_are_marked_so_that_the_periodic_one_covers_them(sample_id, late, samples, sample):
    (path,) = samples.glob(f"{sample_id}.*")
    block = read_block(next(sample(path.name).filing.tasks()))
    assert [row for row, flag in enumerate(block.column("late").to_pylist(), 1) if flag] == late


ROE = "Roe, Jane"
JOINED = [
    pytest.param(
        "ma-ocpf-report-items", "reports.txt", "\t",
        ["Report_ID", "CPF_ID", "Report_Type_ID", "OCPF_Full_Name", "OCPF_Office", "OCPF_District", "OCPF_Comm_Name"],
        ["880001", "17001", "60", ROE, "District Attorney", "Suffolk", "The Jane Roe Committee"],
        "District Attorney", "Suffolk", id="MA",
    ),
    pytest.param(
        "md-mdcris-tcon", "committees.csv", ",",
        ["Filing Entity Id", "Committee Name", "Candidate LastName", "Candidate First Name", "Office Sought",
         "Jurisdiction", "Registration Dissolved Date"],
        ["01010001", "Friends of Jane Roe", "Roe", "Jane", "State's Attorney", "Baltimore County", ""],
        "State's Attorney", "Baltimore County", id="MD",
    ),
    pytest.param(
        "wi-sunshine", "committees.csv", ",",
        ["Registrant ID", "Registrant Type", "Candidate Name", "Ballot events"],
        ["201", "State Candidate", "Jane Roe", "2026 Fall General (Date: 11/03/2026) - Dane County District Attorney"],
        "Dane County District Attorney", None, id="WI",
    ),
    pytest.param(
        "ga-peachfile", "candidates.csv", ",",
        ["filerEntityId", "filerName", "office", "districtName", "jurisdiction"],
        ["501", "Jane Roe", "District Attorney", "Macon Circuit", "Bibb County"],
        "District Attorney", "Bibb County", id="GA",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sample_id", "name", "delimiter", "header", "row", "office", "place"), JOINED)
def test_the_office_comes_from_the_list_beside_the_contributions(
    sample_id, name, delimiter, header, row, office, place, samples, tmp_path, whole
):
    (path,) = samples.glob(f"{sample_id}.*")
    (tmp_path / name).write_text(f"{delimiter.join(header)}\n{delimiter.join(row)}\n")
    (filing,) = open_filing(path, lookup_files=find_lookup_files([str(tmp_path / name)]))
    first = whole(filing).rows[0]
    assert (first["office"], first["jurisdiction"]) == (office, place)


def test_what_a_format_says_of_its_columns_is_shown_without_what_it_does_not_say():
    shown = load_format("tn-tncamp").to_dict()["columns"]
    assert shown["kind"]["default"] is not None
    assert shown["contributor"]["headers"] == ["Contributor Name"]
    assert not {"default", "value", "drop", "codes"} & set(shown["contributor"])
    assert [name for name, rule in shown.items() if None in rule.values()] == []
