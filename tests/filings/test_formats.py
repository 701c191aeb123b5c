from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest

from unionscreen.contributions import COLUMNS
from unionscreen.errors import UsageError
from unionscreen.filings import detect_format, list_formats, load_format, open_filing
from unionscreen.filings.layouts.definitions import ACCOUNTING_COLUMNS, FILLABLE, parse_format
from unionscreen.filings.layouts.headers import header_names, misses, normalize_header

# One file per candidate or account, which says nowhere whose it is.
WITHOUT_RECIPIENT = {"fl-voterfocus", "stripe-payments", "square-transactions", "actblue-cancelled"}

every_format = pytest.mark.parametrize("known", list_formats(), ids=lambda known: known.id)


@every_format
def test_a_format_fills_what_screening_cannot_do_without(known):
    told = {"recipient"} if known.id not in WITHOUT_RECIPIENT else set()
    assert {"contributor", "amount_cents"} | told <= set(known.columns) <= {*FILLABLE, *ACCOUNTING_COLUMNS}


@every_format
def test_a_format_names_only_columns_it_has(known):
    optional = {"agencyname", "source"}  # in some exports of these agencies only
    names = {normalize_header(name) for name in (*known.file_columns, *known.variant_columns)} | optional
    joined = tuple(f"{join.name}." for join in known.joins)
    for rule in known.columns.values():
        used = {normalize_header(name) for name in rule.headers if not name.startswith(joined or ("\n",))}
        # Of what a family shares, each member has at least one spelling.
        assert not used or used & names if known.extends else used <= names


@every_format
def test_a_signature_holds_normalized_headers_or_valid_patterns(known):
    for option in known.signature.headers:
        assert all(normalize_header(word) == word.removeprefix("!") for word in option)
    for _, pattern in known.signature.cells:
        re.compile(pattern)
    assert known.signature.headers or known.signature.fields


@every_format
def test_no_two_formats_claim_the_same_header(known):
    for other in list_formats():
        if not other.has_header:
            continue
        names = {normalize_header(name) for name in other.file_columns}
        fits = [option for option in known.signature.headers if not misses(option, names)]
        assert not fits or other.id == known.id


@every_format
def test_a_format_says_where_it_was_read(known):
    assert known.source
    assert known.agency
    assert known.urls
    assert json.loads(json.dumps(known.to_dict()))["id"] == known.id


# What is refused is tested in test_samples.py.
@pytest.mark.parametrize("known", [each for each in list_formats() if not each.refuse], ids=lambda known: known.id)
def test_a_sample_of_the_format_is_detected_and_read(known, sample_path, sample):
    path = sample_path(known.id)
    detection = detect_format(path)
    assert detection.format == known.id
    assert detection.compared[0].format == known.id
    assert not detection.compared[0].missing
    got = sample(path.name)
    assert len(got.rows) >= 3, f"{path.name} has {len(got.rows)} contributions; a sample has at least 3"
    assert not got.rejects, f"{path.name} has rows that cannot be read: {got.rejects}"
    assert list(got.rows[0]) == list(COLUMNS)


def test_an_unknown_format_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"no filing format 'tn-tncmap'") as caught:
        load_format("tn-tncmap")
    assert "did you mean tn-tncamp?" in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('donor = "A"', "no canonical column"),
        ("contributor = { surname = 'A' }", "cannot tell what"),
        ("kind = { from = 'A', default = 'monetary', codes = { x = 'gift' } }", "no kind"),
    ],
)
def test_a_mistake_in_a_definition_is_said(columns, said):
    with pytest.raises(ValueError, match=said):
        parse_format("x", f"[columns]\n{columns}\n[signature]\n")


def test_netfile_is_read_with_its_refund_and_its_undated_late_report(sample):
    got = sample("ca-netfile-api-json.csv")
    assert got.values("amount_cents") == [100000, 250000, -1624, 20000]
    assert got.values("kind") == ["monetary", "monetary", "refund", "monetary"]
    assert got.values("contributor_type") == ["individual", "committee", "individual", "organization"]
    assert got.values("contributor") == [
        "Marshall, Ann", "Springfield Police Officers Association PAC", "Marshall, Ann", "Five Star Towing, Inc.",
    ]  # fmt: skip
    assert got.values("filing_id")[2:] == ["1400001/2022-05-22/2022-06-30", None]
    assert got.values("amendment") == ["1", "1", "0", "0"]
    assert got.row_numbers == [2, 3, 4, 5]


def test_tennessee_is_read_in_both_spellings(sample, samples, read_text):
    official = sample("tn-tncamp.csv")
    text = (samples / "tn-tncamp.csv").read_text()
    header, *rows = text.splitlines()
    again = "\n".join(['"",' + header.replace(" ", "."), *(f'"{i}",{row}' for i, row in enumerate(rows, 1))])
    spelled_by_r = read_text(again)
    assert spelled_by_r.filing.format.id == "tn-tncamp"
    strip = [{k: v for k, v in row.items() if k != "source"} for row in spelled_by_r.rows]
    assert strip == [{k: v for k, v in row.items() if k != "source"} for row in official.rows]


def test_tennessee_knows_na_for_empty_but_a_donor_may_be_called_na(sample):
    got = sample("tn-tncamp.csv")
    assert got.values("contributor") == ["SPRINGFIELD POLICE ASSN.", "NA, LEE", "NA"]
    assert got.values("employer") == [None, None, "Self"]
    assert got.values("amount_cents") == [125000, 50000, -7525]
    assert got.values("kind") == ["monetary", "monetary", "in-kind"]
    assert got.values("date") == [date(2006, 7, 3), date(2006, 8, 15), None]


def test_tennessee_has_city_and_state_inside_the_address(sample):
    got = sample("tn-tncamp.csv")
    assert got.values("city") == ["SPRINGFIELD", "OAK RIDGE", None]
    assert got.values("state") == ["TN", "TN", None]


def test_fec_refunds_go_back_and_memos_and_giving_are_marked(sample):
    got = sample("fec-itcont.txt")
    assert got.values("amount_cents") == [50000, -50000, 7500, 100000]
    assert got.values("kind") == ["monetary", "refund", "monetary", "other"]
    assert got.values("memo") == [False, False, True, False]
    assert got.values("recipient") == got.values("recipient_id") == ["C00900001"] * 4
    assert got.values("contributor")[0] == 'ROE "JR", GLENN'
    assert got.values("date")[::3] == [date(2019, 1, 18), date(2019, 2, 28)]
    assert got.bad_dates == 1
    assert got.row_numbers == [1, 2, 3, 4]
    assert "known by their CMTE_ID only" in got.filing.notes[0]


@pytest.mark.parametrize("kind", ["24A", "24E"])
def test_fec_independent_expenditures_are_no_contributions(kind, samples, read_text):
    text = (samples / "fec-itcont.txt").read_text().replace("|15|", f"|{kind}|")
    assert read_text(text, "itoth.txt").values("kind")[0] == "independent-expenditure"


def test_a_file_with_one_field_more_is_not_the_fec_s(samples, tmp_path):
    path = tmp_path / "itpas2.txt"
    path.write_text((samples / "fec-itcont.txt").read_text().replace("\n", "|x\n"))
    assert detect_format(path).format is None


@pytest.mark.parametrize(
    "before", ["", '2019001,2021,2,ID,"Ann\nMarshall",,,,,,,,,,,,,20210309,250,,,,,\n'], ids=["", "slow"]
)
def test_a_further_amount_of_a_row_that_is_none_is_rejected_with_the_row(before, samples, read_text):
    row, *rest = (samples / "pa-dos-contrib.txt").read_text().splitlines(keepends=True)
    row = row.replace("500.50", "five")
    got = read_text(before + row + "".join(rest))
    assert got.filing.format.id == "pa-dos-contrib"
    (reject,) = got.rejects
    assert (reject["row"], reject["reason"]) == (1 + before.count("\n"), "'five' is not an amount")
    assert reject["text"] == row.rstrip("\n")


def test_column_order_is_free(samples, read_text):
    rows = list(csv.reader((samples / "ca-netfile-api-json.csv").read_text().splitlines()))
    text = io.StringIO()
    csv.writer(text).writerows(row[::-1] for row in rows)
    got = read_text(text.getvalue())
    assert got.filing.format.id == "ca-netfile-api-json"
    assert got.values("contributor")[0] == "Marshall, Ann"


def test_a_named_format_is_not_looked_for(samples, read_text):
    text = (samples / "tn-tncamp.csv").read_text().replace('"Adj",', "").replace('"N",', "").replace('"Y",', "")
    assert read_text(text).filing.format.id == "mapped"
    assert read_text(text, filing_format="tn-tncamp").filing.format.id == "tn-tncamp"


def test_a_mapping_goes_before_a_detected_format(samples):
    (filing,) = open_filing(samples / "tn-tncamp.csv", mapping={"employer": "Description"})
    assert filing.format.id == "tn-tncamp"
    assert filing.columns["employer"] == ("Description",)


@pytest.mark.parametrize("name", ["fec-itcont.txt", "fec-itpas2.txt"])
def test_a_format_without_a_header_can_be_asked_for_by_name(name, samples, whole):
    told, asked = (
        open_filing(samples / name, **options)[0] for options in ({}, {"filing_format": name.removesuffix(".txt")})
    )
    assert asked.format.id == told.format.id == name.removesuffix(".txt")
    assert whole(asked).rows == whole(told).rows != []


@pytest.mark.parametrize(
    "known", [each for each in list_formats() if each.has_header and each.signature.fields], ids=lambda known: known.id
)
def test_a_file_whose_header_was_lost_can_be_asked_for_by_its_format(known, samples, whole, tmp_path):
    (sample,) = (path for path in samples.iterdir() if path.stem == known.id)
    cut = tmp_path / sample.name
    cut.write_bytes(sample.read_bytes().partition(b"\n")[2])
    (filing,) = open_filing(cut, filing_format=known.id, recipient="Roe")
    assert filing.format.id == known.id
    assert [row["amount_cents"] for row in whole(filing).rows] == [
        row["amount_cents"] for row in whole(open_filing(sample, recipient="Roe")[0]).rows
    ]


@pytest.mark.parametrize(
    "fields", [(), ("",), ("Report Name", "AMOUNT ($)", ""), ("Name of\nDonor", "Amount"), ("Año", "Straße", "Amount")]
)
def test_the_headers_of_a_line_are_normalized_at_once_as_one_by_one(fields):
    assert header_names(fields) == frozenset(map(normalize_header, fields))
