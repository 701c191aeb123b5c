"""The panel of a batch: every person in every year that a filing covers, and the days that it covers."""

import csv
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from unionscreen import load_result, screen, write_report
from unionscreen.batch import run_batch
from unionscreen.batch_jobs import Job, read_jobs
from unionscreen.errors import UsageError
from unionscreen.filings import load_format
from unionscreen.pledges import check_pledges
from unionscreen.reports.panel import PANEL

FOP = "Fraternal Order of Police Lodge 5"
HEADER = "Recipient,Contributor,Amount,Date,Type\n"
ROE = "Jane Roe for District Attorney"


def filing(path, *rows, recipient=ROE):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f'{recipient},"{donor}",{amount},{day},Monetary\n' for donor, amount, day in rows)
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def roe(tmp_path):
    """A gift, a year of silence, its refund; rows of ordinary donors; one row without a date."""
    return filing(
        tmp_path / "filings" / "texas" / "roe.csv",
        (FOP, "500", "2019-03-30"),
        ("Doe, Pat", "1000", "2019-05-01"),
        (FOP, "-500", "2021-01-03"),
        ("Doe, Pat", "20", "2021-06-30"),
        ("Doe, Pat", "7.50", ""),
    )


def table(path):
    return [*csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


def panel_of(*paths, **options):
    return run_batch([Job("all", tuple(map(str, paths)), options)]).panel.to_pylist()


def cells(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


def test_a_year_without_a_row_that_the_file_covers_is_there_with_zero(roe):
    found = cells(
        panel_of(roe), "year", "raised_cents", "gross_cents", "returned_cents", "net_cents", "gifts", "donors"
    )
    assert found == [
        (2019, 150_000, 50_000, 0, 50_000, 1, 1),
        (2020, 0, 0, 0, 0, 0, 0),
        (2021, -48_000, 0, 50_000, -50_000, 0, 0),
        (None, 750, 0, 0, 0, 0, 0),
    ]


def test_a_year_says_how_it_is_covered(roe):
    found = cells(panel_of(roe), "year", "covered", "covered_from", "covered_to", "covered_days", "share")
    assert [(year, how, str(first), str(last), days) for year, how, first, last, days, _ in found] == [
        (2019, "rows only", "2019-03-30", "2019-12-31", 277),
        (2020, "rows only", "2020-01-01", "2020-12-31", 366),
        (2021, "rows only", "2021-01-01", "2021-06-30", 181),
        (None, "undated", "None", "None", None),
    ]
    assert [share for *_, share in found] == [0.333333, None, None, 0.0]


def test_years_between_two_files_are_a_gap_and_no_zero(tmp_path):
    early = filing(tmp_path / "a.csv", ("Doe, Pat", "10", "2018-01-05"), ("Doe, Pat", "10", "2018-12-31"))
    late = filing(tmp_path / "b.csv", ("Doe, Pat", "10", "2020-01-01"), ("Doe, Pat", "10", "2020-02-01"))
    found = run_batch([Job("all", (str(early), str(late)), {})])
    assert found.panel["year"].to_pylist() == [2018, 2020]
    (covered,) = found.coverage.to_pylist()
    assert (covered["files"], covered["gaps"], covered["gap_days"]) == (2, "2019-01-01 to 2019-12-31", 365)
    assert (str(covered["first_date"]), str(covered["last_date"])) == ("2018-01-05", "2020-02-01")


def test_a_mistyped_year_covers_nothing_before_it(tmp_path):
    path = filing(tmp_path / "a.csv", ("Doe, Pat", "10", "2018-01-05"), ("Doe, Pat", "10", "2081-12-31"))
    assert cells(panel_of(path), "year") == [(2018,), (2081,)]


def test_the_sums_of_the_panel_are_those_of_the_single_runs(roe, tmp_path):
    poe = filing(tmp_path / "poe.csv", (FOP, "70", "2020-01-01"), recipient="Jim Poe for State's Attorney")
    found = run_batch([Job("both", (str(roe), str(poe)), {})])
    for path in (roe, poe):
        (entry,) = screen(path).prosecutors
        mine = [row for row in found.panel.to_pylist() if row["prosecutor"] == entry.prosecutor]
        assert sum(row["raised_cents"] for row in mine) == entry.raised
        assert sum(row["raised_rows"] for row in mine) == entry.raised_rows
        assert sum(row["gross_cents"] for row in mine) == entry.flagged.gross
        assert sum(row["net_cents"] for row in mine) == entry.flagged.net


NETFILE = Path(__file__).parents[1] / "examples" / "netfile-avery.csv"
SAMPLES = Path(__file__).parent / "filings" / "samples"


def test_the_sums_agree_where_reports_replace_one_another_and_periods_cover_the_years():
    found = panel_of(NETFILE)
    (entry,) = screen(NETFILE).prosecutors
    assert sum(row["raised_cents"] for row in found) == entry.raised
    assert sum(row["net_cents"] for row in found) == entry.flagged.net
    assert {row["covered"] for row in found if row["year"]} <= {"whole year", "part of the year", "rows only"}


# Formats in which reports replace, repeat or cover one another, each in its own way.
REPEATING = (
    *(f"bundle-{name}" for name in "calaccess fec illinois newyork oregon texas pennsylvania virginia".split()),
    *("ca-cal.cal", "fec-electronic.fec", "ca-netfile-497.csv"),
)


@pytest.mark.parametrize("name", REPEATING)
def test_asking_for_years_changes_no_status_and_no_sum(name):
    plain = screen(SAMPLES / name, recipients="all")
    found = screen(SAMPLES / name, recipients="all", by_year=True)
    assert len(found.prosecutors) == len(plain.prosecutors) > 0
    assert found.manifest["by_status"] == plain.manifest["by_status"]
    for one, other in zip(plain.prosecutors, found.prosecutors, strict=True):
        assert (one.flags, one.related, one.raised) == (other.flags, other.related, other.raised)
        assert sum(year.raised for year in other.by_year.raised) == one.raised
        assert sum(year.rows for year in other.by_year.raised) == one.raised_rows
        assert sum(file.rows for file in other.by_year.files) == one.contributions


def test_other_recipients_rows_change_nothing(roe, tmp_path):
    mixed = tmp_path / "mixed.csv"
    mixed.write_text(roe.read_text() + f'Max Moe for Mayor,"{FOP}",9,2003-01-01,Monetary\n')
    wanted = ("year", "raised_cents", "gross_cents", "covered_from", "covered_to")
    assert cells(panel_of(mixed), *wanted) == cells(panel_of(roe), *wanted)
    everybody = panel_of(mixed, recipients="all")
    assert cells([row for row in everybody if row["prosecutor"] is None], "year", "gross_cents") == [(2003, 900)]


def test_the_cycle_is_the_next_of_the_elections_that_were_given(cli, roe, tmp_path):
    out = tmp_path / "found.csv"
    assert cli("batch", roe.parents[1], "--out", out, "--elections", "2018, 2020").exit_code == 0
    rows = table(tmp_path / "found.panel.csv")
    assert [(row["year"], row["cycle"]) for row in rows] == [("2019", "2020"), ("2020", "2020"), ("2021", ""), ("", "")]
    assert [*rows[0]] == ["screening", *(f"{c.name}_cents" if c.type == "cents" else c.name for c in PANEL)]
    assert "not a list of years" in cli("batch", roe.parents[1], "--out", out, "--elections", "soon").stderr


def test_independent_spending_is_beside_the_gifts_and_empty_where_no_file_has_any(tmp_path):
    own = filing(tmp_path / "poe.csv", ("Doe, Pat", "10", "2022-02-05"), recipient="Sam Poe for District Attorney 2022")
    sides = ("year", "spent_for_cents", "spent_against_cents", "union_spent_for_cents", "union_spent_against_cents")
    assert cells(panel_of(own), *sides) == [(2022, None, None, None, None)]
    books = [SAMPLES / "ca-netfile-expenditures.csv", SAMPLES / "ca-netfile-496.csv"]
    (row,) = panel_of(own, *books)
    assert cells([row], *sides) == [(2022, 0, 250_050, 0, 250_050)]
    assert (row["prosecutor"], row["raised_cents"]) == ("Sam Poe", 1_000)


def test_who_is_only_spent_on_has_no_zero_for_what_was_raised(tmp_path):
    books = [SAMPLES / "ca-netfile-expenditures.csv", SAMPLES / "ca-netfile-496.csv"]
    (row,) = panel_of(*books)
    assert (row["prosecutor"], row["raised_cents"], row["net_cents"]) == ("Sam Poe", None, None)
    assert (row["year"], row["spent_against_cents"], row["covered"]) == (2022, 250_050, "no filing")


def test_the_elections_of_a_configuration_take_precedence(cli, roe, tmp_path):
    (tmp_path / "batch.toml").write_text("elections = [2022]\n[[screening]]\nname = 'TX'\nfilings = 'filings/texas'\n")
    asked = ("--elections", "2030", "--out", tmp_path / "found.csv")
    assert cli("batch", tmp_path / "batch.toml", *asked).exit_code == 0
    assert {row["cycle"] for row in table(tmp_path / "found.panel.csv")} == {"2022", ""}


def test_a_result_by_year_is_saved_and_read_back(roe, tmp_path):
    found = screen(roe, by_year=True)
    write_report(found, tmp_path / "result.json")
    assert load_result(tmp_path / "result.json").prosecutors == found.prosecutors
    assert '"by_year":' not in json.dumps(screen(roe).to_dict())


def test_a_list_names_the_recipient_of_each_filing(cli, tmp_path):
    for name, amount in (("one", 5), ("two", 6)):
        (tmp_path / f"{name}.csv").write_text(f'Contributor,Amount,Date\n"{FOP}",{amount},2020-01-01\n')
    listed = tmp_path / "list.csv"
    listed.write_text(
        "filing,screening,recipient\none.csv,TX,Jane Roe for District Attorney\n"
        "two.csv,TX,Jim Poe for District Attorney\n"
    )
    result = cli("batch", listed, "--out", tmp_path / "found.csv")
    assert result.exit_code == 0, result.stderr
    rows = table(tmp_path / "found.panel.csv")
    found = {(row["screening"], row["prosecutor"], row["gross_cents"]) for row in rows}
    assert found == {("TX", "Jane Roe", "500"), ("TX", "Jim Poe", "600")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file\na.csv\n", "needs the column filing"),
        ("filing,color\na.csv,red\n", "no such column: color"),
        ("filing,recipient\n,Roe\n", "list.csv:2: the filing is empty"),
        ("filing\na.csv\na.csv\n", "list.csv:3: a.csv is given twice"),
        ("filing\n", "nothing to screen"),
    ],
)
def test_a_wrong_list_is_reported_with_its_line(tmp_path, text, said):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UsageError) as error:
        read_jobs(tmp_path / "list.csv")
    assert said in str(error.value)


def test_one_bad_file_does_not_stop_the_others_and_is_named_last(cli, roe, tmp_path):
    filing(tmp_path / "good.csv", (FOP, "5", "2020-01-01"))
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    (tmp_path / "list.csv").write_text("filing\ngood.csv\nbad.csv\ngone-*.csv\n")
    result = cli("batch", tmp_path / "list.csv", "--out", tmp_path / "found.csv")
    assert result.exit_code == 3
    assert f"list: {tmp_path}/bad.csv: " in result.stderr
    assert result.stderr.splitlines()[-1] == (
        f"Error: 2 files could not be read: {tmp_path}/gone-*.csv, {tmp_path}/bad.csv; the manifest says why"
    )
    (screening,) = json.loads((tmp_path / "found.manifest.json").read_text())["screenings"]
    assert [Path(each["path"]).name for each in screening["failed_files"]] == ["gone-*.csv", "bad.csv"]
    assert table(tmp_path / "found.panel.csv")[0]["gross_cents"] == "500"
    stopped = cli("batch", tmp_path / "list.csv", "--out", tmp_path / "other.csv", "--stop-on-error")
    assert (stopped.exit_code, [*tmp_path.glob("other*")]) == (3, [])


def test_recipients_and_roster_of_the_command_line_apply_where_the_configuration_is_silent(cli, roe, tmp_path):
    filing(tmp_path / "filings" / "ohio" / "x.csv", (FOP, "5", "2020-01-01"), recipient="Friends of Sam Doe")
    (tmp_path / "roster.csv").write_text("prosecutor,recipient\nSam Doe,Friends of Sam Doe\n")
    (tmp_path / "batch.toml").write_text(
        '[[screening]]\nname = "OH"\nfilings = "filings/ohio"\n'
        '[[screening]]\nname = "TX"\nfilings = "filings/texas"\nrecipients = "all"\n'
    )
    asked = ("--roster", tmp_path / "roster.csv", "--recipients", "prosecutors")
    assert cli("batch", tmp_path / "batch.toml", "--out", tmp_path / "found.csv", *asked).exit_code == 0
    rows = table(tmp_path / "found.prosecutors.csv")
    assert [(row["screening"], row["prosecutor"]) for row in rows] == [("OH", "Sam Doe"), ("TX", "Jane Roe")]
    settings = [each["settings"] for each in json.loads((tmp_path / "found.manifest.json").read_text())["screenings"]]
    assert [each["recipients"] for each in settings] == ["prosecutors", "all"]


def loans(path, day="2022-01-15"):
    """NetFile's sheet of loans: its reports have a period, and no contribution can be in it."""
    columns = load_format("ca-netfile-loans").file_columns
    row = {
        "Filer_ID": "1400001", "Filer_NamL": ROE, "Report_Num": "000", "From_Date": "2022-01-01",
        "Thru_Date": "2022-04-23", "Form_Type": "B1", "Tran_ID": "LON1", "Entity_Cd": "IND", "Lndr_NamL": "Roe",
        "Lndr_NamF": "Jane", "Loan_Date1": day, "Loan_Amt1": "10000",
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerow(row)
    return path


def test_a_file_of_loans_covers_no_contributions(tmp_path):
    (row,) = panel_of(loans(tmp_path / "loans.csv"))
    assert (row["year"], row["covered"], row["covered_days"]) == (2022, "no filing", None)
    assert {row[name] for name in ("raised_cents", "raised_rows", "gross_cents", "net_cents", "gifts")} == {None}


def test_a_file_of_loans_adds_no_covered_year_to_a_file_of_contributions(roe, tmp_path):
    found = cells(panel_of(roe, loans(tmp_path / "loans.csv")), "year", "raised_cents", "covered")
    assert found == [
        (2019, 150_000, "rows only"), (2020, 0, "rows only"), (2021, -48_000, "rows only"),
        (2022, None, "no filing"), (None, 750, "undated"),
    ]  # fmt: skip


def test_a_zip_with_contributions_and_loans_covers_the_periods_of_both(tmp_path):
    gifts = tmp_path / "a.csv"
    columns = load_format("ca-netfile-efile-xlsx").file_columns
    with gifts.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerow(
            {"Filer_ID": "1400001", "Filer_NamL": ROE, "Report_Num": "000", "From_Date": "2021-07-01",
             "Thru_Date": "2021-12-31", "Form_Type": "A", "Tran_ID": "INC1", "Entity_Cd": "IND", "Tran_NamL": "Doe",
             "Tran_Date": "2021-08-01", "Tran_Amt1": "5"}
        )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as packed:
        for each in (gifts, loans(tmp_path / "loans.csv")):
            packed.write(each, each.name)
    found = cells(panel_of(tmp_path / "both.zip"), "year", "raised_cents", "covered", "covered_days")
    assert found == [(2021, 500, "part of the year", 184), (2022, 0, "part of the year", 113)]


def test_a_saved_result_keeps_that_a_file_holds_no_contributions(tmp_path):
    screening = screen(loans(tmp_path / "loans.csv"), by_year=True)
    write_report(screening, tmp_path / "saved.json")
    files = load_result(tmp_path / "saved.json").prosecutors[0].by_year.files
    assert (files, [each.gifts for each in files]) == (screening.prosecutors[0].by_year.files, [False])


@pytest.mark.parametrize("options", [{}, {"covers": (date(2021, 1, 1), date(2022, 12, 31))}])
def test_no_pledge_is_kept_by_a_file_of_loans(tmp_path, options):
    people = tmp_path / "people.csv"
    people.write_text("prosecutor,state,pledge_date,source\nJane Roe,CA,2021-06-15,https://e.org/p\n")
    (checked,) = check_pledges(people, loans(tmp_path / "loans.csv"), **options).checked
    assert checked.verdict.verdict == "cannot be decided"
    assert checked.verdict.why[0].startswith("no row of the filings counts as a contribution")
