"""A sample of a result for hand coding, and what its labels say about the result."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import unionscreen
from unionscreen.matching.estimate import Estimate, Stratum, wilson
from unionscreen.matching.evaluate import read_cases

GIVERS = Path(__file__).parent / "filings" / "samples" / "ca-netfile-expenditures.csv"
ROE = "Jane Roe for District Attorney"
UNIONS = ("Oakland POA", "San Jose POA", "Chicago FOP Lodge 7", "Dallas Police Association PAC", "Elmhaven PBA")
RELATED = ("Police Chiefs Association of Elmhaven", "Elmhaven Police Foundation")


@pytest.fixture
def filing(tmp_path: Path) -> Path:
    donors = [*UNIONS, *RELATED, *(f"Doe {chr(65 + n // 26)}{chr(65 + n % 26)}, Pat" for n in range(60)), "Police Gym"]
    path = tmp_path / "roe.csv"
    rows = "".join(f'{ROE},"{donor}",5,2022-01-01\n' for donor in [*donors, *donors[:3]])
    path.write_text(f"Recipient,Contributor,Amount,Date\n{rows}Jim Poe for Sheriff,Moe,5,2022-01-01\n")
    return path


@pytest.fixture
def result(filing: Path, tmp_path: Path) -> Path:
    unionscreen.write_report(unionscreen.screen(filing, state="CA"), tmp_path / "result.json")
    return tmp_path / "result.json"


def rows_of(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(text.splitlines())]


def test_a_sample_has_donors_of_every_stratum_each_once(cli, result):
    rows = rows_of(cli("evaluate", "--sample", "20", result).stdout)
    assert len(rows) == len({row["name"] for row in rows}) == 20
    called = {row["called"] for row in rows}
    assert called == {"union", "related", "clear"}
    assert {row["name"] for row in rows if row["called"] == "union"} == {*UNIONS}
    assert {row["in_stratum"] for row in rows if row["stratum"] == "related"} == {"2"}
    assert "Moe" not in {row["name"] for row in rows}  # a recipient that the result does not show


def test_the_strata_add_up_to_the_donors(cli, result):
    rows = rows_of(cli("evaluate", "--sample", "9999", result).stdout)
    sizes = {row["stratum"]: int(row["in_stratum"]) for row in rows}
    assert len(rows) == sum(sizes.values()) == 68


def test_the_filer_of_a_givers_filing_is_not_a_donor(cli, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(
        "Recipient Name,Contributor Name,Amount,Date\nRoe for District Attorney 2022,Oakland POA,5,2022-03-20\n"
        "Roe for District Attorney 2022,Lee Doe,50,2022-03-21\n"
    )
    unionscreen.write_report(unionscreen.screen([GIVERS, own]), tmp_path / "result.json")
    rows = rows_of(cli("evaluate", "--sample", "99", tmp_path / "result.json").stdout)
    assert sorted((row["name"], row["called"]) for row in rows) == [("Lee Doe", "clear"), ("Oakland POA", "union")]


def test_the_same_seed_gives_the_same_sample_and_another_one_another(cli, result):
    one, same = (cli("evaluate", "--sample", "12", result).stdout for _ in range(2))
    assert one == same
    assert one != cli("evaluate", "--sample", "12", "--seed", "2", result).stdout


def test_without_the_files_only_shown_donors_are_sampled_and_that_is_said(cli, filing, result):
    filing.write_text(filing.read_text() + f"{ROE},Doe,5,2022-01-01\n")
    drawn = cli("evaluate", "--sample", "50", result)
    assert {row["called"] for row in rows_of(drawn.stdout)} == {"union", "related"}
    assert f"recall is not known: {filing} is not the file that was screened" in drawn.stderr


def coded(cli, result, tmp_path, label):
    """A sample, coded, as a file."""
    rows = rows_of(cli("evaluate", "--sample", "20", result).stdout)
    path = tmp_path / "coded.csv"
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(row | {"label": label(row)} for row in rows)
    return path


def test_a_coded_sample_gives_precision_and_recall_with_intervals_and_weights(cli, result, tmp_path):
    clear = iter(["union"])  # one of the donors that were not shown is a union
    path = coded(
        cli,
        result,
        tmp_path,
        lambda row: {"union": "union"}.get(
            row["called"], next(clear, "other") if row["called"] == "clear" else "other"
        ),
    )
    found = json.loads(cli("evaluate", path, "--json").stdout)["sample"]
    strata = {each["name"]: each for each in found["strata"]}
    assert found["precision"]["estimate"] == 1.0
    assert found["precision"]["low"] == round(wilson(1.0, 5).low, 4)
    weight = next(each["weight"] for each in strata.values() if each["called"] == "clear" and each["unions"])
    assert found["recall"]["estimate"] == round(5 / (5 + weight), 4)
    assert found["recall"]["low"] < found["recall"]["estimate"] < found["recall"]["high"]
    assert found["lowest_recall"] < found["recall"]["estimate"]
    text = cli("evaluate", path).stdout
    assert "the result that this sample was drawn from: precision 1.000 (0.566 to 1.000)" in text
    assert "stratum                                  donors  coded  unions   weight  share of unions" in text
    assert cli("evaluate", path, "--out", tmp_path / "tables.csv").exit_code == 0
    assert len(rows_of((tmp_path / "tables.strata.csv").read_text())) == len(strata)


def test_a_sample_that_is_not_coded_is_named_with_its_line(cli, result, tmp_path):
    path = coded(cli, result, tmp_path, lambda _row: "")
    assert "coded.csv:2: the label is empty" in cli("evaluate", path).stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "name,label,stratum,in_stratum,called\nA,union,x,,union\n",
            "cases.csv:2: needs stratum, in_stratum and called",
        ),
        ("name,label,stratum,in_stratum,called\nA,union,x,many,union\n", "in_stratum is not a number"),
        ("name,label,stratum,in_stratum,called\nA,union,x,5,union\nB,other,x,6,union\n", "differs from line 2"),
        (
            "name,label,stratum,in_stratum,called\nA,union,x,1,union\nB,uncertain,x,1,union\n",
            "cases.csv:3: the stratum has more rows than donors (in_stratum is 1)",
        ),
    ],
)
def test_wrong_strata_are_refused(cli, tmp_path, text, said):
    path = tmp_path / "cases.csv"
    path.write_text(text)
    result = cli("evaluate", path)
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_a_stratum_of_only_uncertain_donors_is_named_and_not_taken_for_right(cli, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(
        "name,label,stratum,in_stratum,called\nA,union,union listed,10,union\nB,uncertain,union listed,10,union\n"
        "C,uncertain,union pattern,500,union\nD,uncertain,union pattern,500,union\nE,other,clear,90,clear\n"
    )
    text = cli("evaluate", path, "--out", tmp_path / "tables.csv").stdout
    assert "3 donors are labeled uncertain and left out" in text
    assert "the estimate says nothing about them: union pattern (500 donors)" in text
    sample = json.loads(cli("evaluate", path, "--json").stdout)["sample"]
    pattern = next(each for each in sample["strata"] if each["name"] == "union pattern")
    assert (sample["donors_not_coded"], pattern["uncertain"], pattern["share"]) == (500, 2, None)
    assert sample["precision"] == {"estimate": 1.0, "low": 0.2065, "high": 1.0}
    tables = {row["stratum"]: row for row in rows_of((tmp_path / "tables.strata.csv").read_text())}
    assert [tables["union pattern"][each] for each in ("donors", "coded", "uncertain", "low")] == ["500", "0", "2", ""]


def test_a_share_of_nothing_is_not_known_and_not_1(cli, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("name,label,stratum,in_stratum,called\nA,uncertain,x,10,union\nB,other,y,90,clear\n")
    text = cli("evaluate", path).stdout
    assert "sample was drawn from: precision not known\n  recall not known; at least 0.000" in text
    assert "(Wilson): precision not known, recall not known" in text


def test_a_weighted_sample_gives_the_shares_of_the_whole():
    strata = [Stratum("a", "union", 100, 10, 9), Stratum("b", "union", 10, 10, 5), Stratum("c", "clear", 1000, 50, 1)]
    found = Estimate(strata)
    assert found.precision.estimate == pytest.approx((90 + 5) / 110)
    assert found.recall.estimate == pytest.approx(95 / (95 + 20))
    assert found.precision.low < found.precision.estimate < found.precision.high


def test_where_all_weights_are_equal_the_interval_is_wilsons():
    strata = [Stratum("a", "union", 30, 10, 9), Stratum("b", "union", 60, 20, 11)]
    assert Estimate(strata).precision == wilson(20 / 30, 30)


# Wilson (1927) as tabulated: Newcombe, Statistics in Medicine 17 (1998), table I.
@pytest.mark.parametrize(
    ("found", "number", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_intervals_are_the_published_ones(found, number, low, high):
    interval = wilson(found / number, number)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_cases_without_strata_have_intervals_but_no_estimate(cli, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("name,label\nOakland POA,union\nAcme Inc,union\n")
    assert read_cases(path)[0].stratum == ""
    assert (
        "with 95 % intervals (Wilson): precision 1.000 (0.207 to 1.000), recall 0.500 (0.095 to 0.905)"
        in cli("evaluate", path).stdout
    )


def test_a_sample_goes_to_a_csv_and_not_over_the_result(cli, result, tmp_path):
    assert cli("evaluate", "--sample", "5", result, "--out", tmp_path / "sample.csv").exit_code == 0
    assert len(rows_of((tmp_path / "sample.csv").read_text())) == 5
    assert cli("evaluate", "--sample", "5", result, "--out", tmp_path / "sample.xlsx").exit_code == 2
