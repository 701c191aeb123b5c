"""A configuration or a folder in; flags, totals, prosecutors and a manifest out."""

import json
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from unionscreen import screen
from unionscreen.batch import run_batch
from unionscreen.batch_jobs import Job, read_jobs
from unionscreen.errors import FilingError, UsageError
from unionscreen.output.database import column_name
from unionscreen.reports.columns import CONTRIBUTION
from unionscreen.reports.tables import prosecutors_table

FOP = "Fraternal Order of Police Lodge 5"
HEADER = "Recipient,Contributor,Amount,Date,Type\n"
ROE = "Jane Roe for District Attorney"


def rows(*given):
    return HEADER + "".join(f'{ROE},"{donor}",{amount},{day},Monetary\n' for donor, amount, day in given)


@pytest.fixture
def folder(tmp_path):
    """Two jurisdictions; in the first a gift, its refund in the next year, and a gift without a date."""
    for name, text in {
        "alabama/one.csv": rows((FOP, "500", "2021-12-30"), (FOP, "-500", "2022-01-03"), ("Doe, Pat", "20", "")),
        "alabama/two.csv": rows((FOP, "70.50", "")),
        "texas/log.csv": rows(("Dallas Police Association PAC", "1000", "2020-02-02")),
    }.items():
        path = tmp_path / "filings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "filings"


@pytest.fixture
def config(folder):
    path = folder.parent / "batch.toml"
    path.write_text(
        'recipients = "prosecutors"\n'
        '[[screening]]\nname = "AL"\nfilings = ["filings/alabama/*.csv"]\nmin_score = 10\n'
        '[[screening]]\nname = "TX"\nfilings = "filings/texas"\n',
        encoding="utf-8",
    )
    return path


def test_each_folder_is_a_screening_of_its_name(folder):
    assert [(job.name, len(job.filings)) for job in read_jobs(folder)] == [("alabama", 1), ("texas", 1)]
    (folder / "loose.csv").write_text("")
    assert [job.name for job in read_jobs(folder)] == ["alabama", "texas", "filings"]


def test_a_configuration_and_a_folder_find_the_same(folder, config):
    one, other = run_batch(read_jobs(config)), run_batch(read_jobs(folder))
    assert one.totals.drop_columns("screening").equals(other.totals.drop_columns("screening"))
    assert one.flags["screening"].to_pylist() == ["AL", "AL", "AL", "TX"]
    assert one.manifest["screenings"][0]["settings"]["min_score"] == 10


def test_totals_are_by_year_and_union_and_a_refund_counts_in_its_own_year(folder):
    found = run_batch(read_jobs(folder)).totals.to_pylist()
    assert [(row["screening"], row["year"], row["gross_cents"], row["refunded_cents"]) for row in found] == [
        ("alabama", None, 7050, 0),
        ("alabama", 2021, 50000, 0),
        ("alabama", 2022, 0, 50000),
        ("texas", 2020, 100000, 0),
    ]
    assert {row["prosecutor"] for row in found} == {"Jane Roe"}


def test_prosecutors_carry_what_was_raised_in_all(folder):
    (roe, _) = run_batch(read_jobs(folder)).prosecutors.to_pylist()
    assert (roe["contributions"], roe["raised_cents"], roe["flagged_net_cents"], roe["flags"]) == (4, 9050, 7050, 3)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_tables_and_manifest_are_files_side_by_side(cli, folder, config, tmp_path, suffix):
    result = cli("batch", config, "--out", tmp_path / f"found{suffix}")
    assert result.exit_code == 0, result.stderr
    read = pq.read_table if suffix == ".parquet" else pa_csv.read_csv
    assert [read(tmp_path / f"found.{name}{suffix}").num_rows for name in ("flags", "totals", "prosecutors")] == [
        4,
        4,
        2,
    ]
    manifest = json.loads((tmp_path / "found.manifest.json").read_text())
    assert [each["name"] for each in manifest["screenings"]] == ["AL", "TX"]
    assert "2 screenings, 5 rows screened, 0 not; 4 flagged at 2 of 2 prosecutors or recipients" in result.stderr
    assert result.stdout == ""


def test_what_was_dismissed_in_a_review_is_in_the_table_and_in_no_sum(folder):
    decisions = folder.parent / "decisions.csv"
    decisions.write_text(f"donor,verdict,by,on\n{FOP},rejected,A.B.,2026-01-31\n")
    (job,) = [job for job in read_jobs(folder) if job.name == "alabama"]
    found = run_batch([Job(job.name, job.filings, {"decisions": str(decisions)})])
    assert found.flags["finding"].to_pylist() == ["dismissed"] * 3
    assert found.totals.num_rows == 0


def test_what_was_not_read_is_said_beside_what_was_found(cli, folder, tmp_path):
    (folder / "texas" / "log.csv").write_text(rows(("Doe, Pat", "5", ""), ("Doe, Pat", "five", "")), encoding="utf-8")
    said = cli("batch", folder, "--out", tmp_path / "found.sqlite").stderr
    assert "2 screenings, 5 rows screened, 1 not; 3 flagged at 1 of 2 prosecutors or recipients" in said
    assert "notes in the manifest: how files were read, what was not" in said


def test_who_was_not_looked_up_is_named_and_not_counted_as_screened(cli, folder, tmp_path):
    with (folder / "alabama" / "one.csv").open("a") as handle:
        handle.write(f"Jim Poe for Sheriff,{FOP},5,2022-01-01,Monetary\n")
    result = cli("batch", folder, "--out", tmp_path / "out.csv")
    assert "alabama: not looked up: Jim Poe for Sheriff\n" in result.stderr
    assert "5 rows screened, 0 not; 1 row of 1 other recipient not looked up; " in result.stderr


def test_a_file_of_a_batch_given_by_its_name_is_shown_whatever_its_neighbors_say(folder):
    own = folder / "own.csv"
    own.write_text(f"{HEADER}Friends of Sam Doe,{FOP},5,2022-01-01,Monetary\n")
    found = run_batch([Job("both", (str(own), str(folder / "texas" / "log.csv")), {})])
    assert found.prosecutors["recipients"].to_pylist() == [ROE, "Friends of Sam Doe"]
    assert found.prosecutors["flagged_gross_cents"].to_pylist() == [100_000, 500]


def test_a_database_holds_all_tables(cli, config, tmp_path):
    assert cli("batch", config, "--out", tmp_path / "found.sqlite").exit_code == 0
    with sqlite3.connect(tmp_path / "found.sqlite") as found:
        assert found.execute("SELECT sum(net_cents), min(year) FROM totals").fetchone() == (107050, 2020)
        assert found.execute("SELECT date FROM flags WHERE row = 2 AND screening = 'TX'").fetchone() == ("2020-02-02",)
        assert [name for (name,) in found.execute("SELECT screening FROM manifest")] == ["AL", "TX"]
    found.close()


def test_what_fails_stops_the_batch_with_its_name_or_is_noted(cli, folder, tmp_path):
    (folder / "texas" / "log.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FilingError, match="texas: "):
        run_batch(read_jobs(folder), keep_going=False)
    stopped = cli("batch", folder, "--out", tmp_path / "found.csv", "--stop-on-error")
    assert (stopped.exit_code, list(tmp_path.glob("found*"))) == (3, [])
    result = cli("batch", folder, "--out", tmp_path / "found.csv")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1] == "Error: 1 of 2 screenings failed: texas; the manifest says why"
    assert "error" in json.loads((tmp_path / "found.manifest.json").read_text())["screenings"][1]


def test_a_batch_resumes(config, tmp_path):
    kept = tmp_path / "kept"
    first = run_batch(read_jobs(config), resume=kept)
    assert len(list(kept.glob("*.block"))) == 3
    second = run_batch(read_jobs(config), resume=kept)
    assert (second.flags, second.totals, second.manifest) == (first.flags, first.totals, first.manifest)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing to screen"),
        ("= 1", "is not TOML"),
        ('[screening]\nname = "x"', "two brackets"),
        ("[[screening]]", "filings must be"),
        ("[[screening]]\nfilings = [1]", "filings must be"),
        ('color = "red"\n[[screening]]\nfilings = "x"', "no such option: color"),
        ('[[screening]]\nfilings = "x"\nworkers = 2', "no such option: workers"),
        ("screening = [1]", "two brackets"),
        ("[[screening]]\nfilings = 3", "filings must be"),
        ("[[screening]]\nfilings = {a = 'x'}", "filings must be"),
        ("[[screening]]\nfilings = ['x', '']", "filings must be"),
        ("[[screening]]\nname = ['a']\nfilings = 'x'", "screening 1: name must be a text"),
        ("roster = 3\n[[screening]]\nfilings = 'x'", "batch.toml: the file: roster must be a text in quotes, not 3"),
        ("[[screening]]\nname = 'TX'\nfilings = 'x'\nkinds = 'police'", "TX: kinds must be a list of texts"),
        ("[[screening]]\nfilings = 'x'\nkinds = [1]", "kinds must be a list of texts"),
        ("[[screening]]\nfilings = 'x'\nmapping = 'contributor=Name'", "mapping must be a table"),
        ("[[screening]]\nfilings = 'x'\nmapping = {contributor = 3}", "mapping must be a table"),
        ("[[screening]]\nfilings = 'x'\nmin_score = '50'", "min_score must be a number, not '50'"),
        ("[[screening]]\nfilings = 'x'\nmin_score = true", "min_score must be a number, not True"),
        ("[[screening]]\nfilings = 'x'\nmax_rejects = 0.5", "max_rejects must be a whole number"),
        ("[[screening]]\nfilings = 'x'\nemployers = 'no'", "employers must be true or false"),
        ("elections = '2022'\n[[screening]]\nfilings = 'x'", "elections must be a list of years"),
        ("elections = ['2022']\n[[screening]]\nfilings = 'x'", "elections must be a list of years"),
        ('[[screening]]\nname="a"\nfilings = "x"\n[[screening]]\nname="a"\nfilings = "y"', "two screenings are called"),
    ],
)
def test_a_wrong_configuration_is_said(tmp_path, text, said):
    path = tmp_path / "batch.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=said):
        read_jobs(path)


@pytest.mark.parametrize("name", ["none.toml", "a" * 300 + ".toml"], ids=["none", "too long"])
def test_a_configuration_that_cannot_be_read_is_said(tmp_path, name):
    with pytest.raises(UsageError, match=r"cannot be read: (No such file|File name too long)"):
        read_jobs(tmp_path / name)


def test_a_readme_in_a_folder_of_files_alone_is_noted(folder):
    (folder / "texas" / "README.txt").write_text("Downloaded in January.\n")
    found = run_batch(read_jobs(folder / "texas"))
    (screening,) = found.manifest["screenings"]
    assert (screening["name"], found.flags.num_rows) == ("texas", 1)
    assert any(note.startswith(f"{folder / 'texas'}: not read: README.txt") for note in screening["notes"])


def test_a_link_to_nothing_in_a_folder_is_not_passed_over(folder):
    (folder / "lost.csv").symlink_to(folder / "gone.csv")
    with pytest.raises(FilingError, match=r"lost\.csv: filings: there is no such file"):
        run_batch(read_jobs(folder), keep_going=False)
    assert run_batch(read_jobs(folder)).failed == ["filings"]


def test_the_spark_recipe_finds_the_donors():
    page = (Path(__file__).parents[1] / "docs" / "batch.md").read_text(encoding="utf-8")
    recipe = page.split("```python\n")[1].split("\ndistinct = ")[0]
    names: dict = {}
    exec(recipe, names)  # noqa: S102 - our own page
    batch = pa.RecordBatch.from_pylist([{"contributor": n, "state": "TX"} for n in ("Doe, Pat", FOP)])
    (found,) = names["donors"]([batch])
    assert [(row["contributor"], row["verdict"]) for row in found.to_pylist()] == [(FOP, "union")]


def test_an_output_that_cannot_be_is_said_before_the_work(cli, config, tmp_path):
    result = cli("batch", config, "--out", tmp_path / "found.docx")
    assert (result.exit_code, "no format has the suffix .docx" in result.stderr) == (2, True)


def test_a_batch_has_the_tables_of_a_report_with_the_screening_in_front(folder):
    found = run_batch(read_jobs(folder))
    names = [column_name(column) for column in CONTRIBUTION]
    assert found.flags.column_names == ["screening", *names]
    report = screen(folder / "texas", recipients="prosecutors")
    own = [column_name(column) for column in prosecutors_table(report).columns]
    assert found.prosecutors.column_names == ["screening", *own, "flags", "not_counted"]
    assert {field.type for field in found.flags.schema if field.name.endswith("_cents")} == {pa.int64()}


# What the tables of a batch had in their first version; a name is never taken away.
_PROMISED = {
    "flags": "screening prosecutor office jurisdiction finding source row recipient contributor date amount_cents kind "
    "status tier union_id union union_kind score why status_cause alias recipient_id contributor_type employer "
    "occupation city state filing_id amendment transaction_id reviewed decision could_be counted recipient_name year",
    "totals": "screening prosecutor office jurisdiction year union_id union union_kind flags gross_cents "
    "refunded_cents net_cents not_counted recipient_name",
    "prosecutors": "screening prosecutor office jurisdiction recipients contributions raised_cents in_kind_cents "
    "loans_cents flags flagged_gross_cents flagged_refunded_cents flagged_net_cents not_counted raised_rows "
    "recipient_name",
}


@pytest.mark.parametrize("table", _PROMISED)
def test_no_column_of_a_batch_is_taken_away(folder, table):
    assert set(_PROMISED[table].split()) <= {*getattr(run_batch(read_jobs(folder)), table).column_names}


SAMPLES = Path(__file__).parent / "filings" / "samples"
UNION = "Springfield Police Officers Association PAC"


@pytest.fixture
def twice(tmp_path):
    """One union's filing in two screenings, in the second beside the prosecutor's own and under another name."""
    own = tmp_path / "received.csv"
    own.write_text(f'{HEADER}Roe for District Attorney 2022,"{UNION}",1000,2022-03-20,Monetary\n')
    books, notices = (SAMPLES / f"ca-netfile-{name}.csv" for name in ("expenditures", "496"))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(books.read_bytes())
    return [Job("one", (str(books), str(notices)), {}), Job("two", (str(copy), str(notices), str(own)), {})]


def test_money_paid_out_is_in_the_tables_and_what_two_screenings_have_is_counted_once(twice):
    found = run_batch(twice)
    gifts = found.table("givers").to_pylist()
    assert [(row["screening"], row["shown"], row["also_in"]) for row in gifts] == [
        ("one", "only by the giver", None),
        ("two", "reported by both", "one"),
    ]
    spending = found.table("independent_spending").to_pylist()
    active = [(row["screening"], row["also_in"]) for row in spending if row["status"] == "active"]
    assert active == [("one", None)] * 3 + [("two", "one")] * 3
    assert found.manifest["money_out"] == {
        "givers": {"rows": 1, "amount": "1000.00"},
        "independent_spending": {"rows": 3, "amount": "3275.50"},
    }
    (note,) = [each for each in found.manifest["notes"] if "also_in" in each]
    assert note.endswith(": 1 gift in the givers' filings and 3 rows of independent spending")
    assert found.prosecutors["flagged_gross_cents"].to_pylist() == [100_000]
    single = screen(twice[0].filings)
    assert sum(row["amount_cents"] for row in spending if row["screening"] == "one" and row["status"] == "active") == (
        sum(each.amount_cents for each in single.books.spent())
    )


def test_equal_rows_of_one_screening_are_several_gifts(twice, tmp_path):
    header, *rows = Path(twice[0].filings[0]).read_text().splitlines()
    (gift,) = [row for row in rows if ",D," in row and "Roe for District Attorney" in row]
    path = tmp_path / "three.csv"
    path.write_text("\n".join([header, *(gift.replace("EXP", f"EX{at}") for at in range(3))]) + "\n")
    found = run_batch([twice[0], Job("three", (str(path),), {})])
    rows = found.table("givers").to_pylist()
    assert [row["also_in"] for row in rows if row["screening"] == "three"] == ["one", None, None]
    assert found.manifest["money_out"]["givers"] == {"rows": 3, "amount": "3000.00"}


NEWSROOM = "Entity,Date,Description,Amount,Candidate,Oppose/Support,Jurisdiction\n"


def spending_of(*given):
    return NEWSROOM + "".join(
        f'{UNION},5/13/25,Mailers,"{amount}",{who},Support,{place}\n' for amount, who, place in given
    )


def test_one_payment_counts_once_where_only_one_screening_knows_the_county(tmp_path):
    spent, own = tmp_path / "spent.csv", tmp_path / "own.csv"
    spent.write_text(spending_of(("$15,000.00", "Jane Roe", ""), ("$100.00", "Measure Q", "")))
    own.write_text(
        "Recipient Name,Office,Jurisdiction,Contributor Name,Amount,Date\n"
        "Jane Roe,District Attorney,Elm County,Lee Doe,50,2025-05-01\n"
    )
    found = run_batch([Job("one", (str(spent),), {}), Job("two", (str(spent), str(own)), {})])
    rows = found.table("independent_spending").to_pylist()
    assert [row["jurisdiction"] for row in rows] == [None, None, "Elm County", None]
    assert [row["also_in"] for row in rows] == [None, None, "one", "one"]
    assert found.manifest["money_out"]["independent_spending"] == {"rows": 2, "amount": "15100.00"}


@pytest.mark.parametrize(
    ("one", "two", "also"),
    [
        (["Elm County"], ["County of Elm"], ["one"]),
        (["Elm County"], ["Oak County"], [None]),
        (["Elm County"], [""], ["one"]),
        (["", "Elm County"], ["Elm County", "Oak County"], ["one", "one"]),
        ([""], ["Elm County", "Elm County"], ["one", None]),
    ],
)
def test_the_same_payment_about_targets_of_two_counties_is_two(tmp_path, one, two, also):
    jobs = []
    for name, places in (("one", one), ("two", two)):
        path = tmp_path / f"{name}.csv"
        path.write_text(spending_of(*(("$700.00", "Measure Q", place) for place in places)))
        jobs.append(Job(name, (str(path),), {}))
    rows = run_batch(jobs).table("independent_spending").to_pylist()
    assert [row["also_in"] for row in rows if row["screening"] == "two"] == also


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".sqlite", ".xlsx", ".jsonl"])
def test_every_format_of_a_batch_has_the_money_paid_out_with_the_screening_in_front(cli, twice, tmp_path, suffix):
    for job in twice:
        folder = tmp_path / "filings" / job.name
        folder.mkdir(parents=True)
        for path in job.filings:
            (folder / Path(path).name).write_bytes(Path(path).read_bytes())
    result = cli("batch", tmp_path / "filings", "--out", tmp_path / f"found{suffix}")
    assert result.exit_code == 0, result.stderr
    assert (
        "not counted above: 1 gift in the givers' filings ($1,000.00), 3 rows of independent spending ($3,275.50)"
        in result.stderr
    )
    names = {"givers": 2, "spending_by_target": 4, "independent_spending": 8, "traces": 0}
    assert tables_of(tmp_path / f"found{suffix}", suffix, names) == names


def tables_of(path, suffix, names):
    """How many rows of each table have a screening."""
    if suffix in (".csv", ".parquet"):
        read = pq.read_table if suffix == ".parquet" else pa_csv.read_csv
        tables = {name: read(path.with_suffix(f".{name}{suffix}")) for name in names}
        return {name: len(table["screening"].drop_null()) for name, table in tables.items()}
    if suffix == ".sqlite":
        with sqlite3.connect(path) as found:
            rows = {name: found.execute(f"SELECT count(screening) FROM {name}").fetchone()[0] for name in names}  # noqa: S608
        found.close()
        return rows
    if suffix == ".jsonl":
        records = [json.loads(line) for line in path.read_text().splitlines()]
        return {name: sum(each["record"] == name and bool(each["screening"]) for each in records) for name in names}
    book = CalamineWorkbook.from_path(path)
    titles = dict(
        zip(
            names,
            ["In the givers' filings", "Independent spending", "Independent spending, rows", "One step back"],
            strict=True,
        )
    )
    return {name: len(book.get_sheet_by_name(title).to_python()) - 1 for name, title in titles.items()}


def test_a_flagged_row_that_two_screenings_have_is_counted_once_in_the_batch(cli, folder, tmp_path):
    (folder / "texas" / "again.csv").write_bytes((folder / "alabama" / "two.csv").read_bytes())
    found = run_batch(read_jobs(folder))
    assert found.manifest["flagged_again"] == 1
    assert any("1 flagged row; each screening counts its own" in note for note in found.manifest["notes"])
    result = cli("batch", folder, "--out", tmp_path / "found.csv")
    assert "; 4 flagged at 2 of 2" in result.stderr


def test_a_batch_has_the_named_givers_and_the_traces_of_a_single_run(twice):
    (job,) = twice[1:]
    options = {"givers": [UNION], "trace": True}
    found = run_batch([Job(job.name, job.filings, options)])
    assert len(found.table("givers")) == len(screen(job.filings, **options).books.gifts)
    assert found.manifest["screenings"][0]["settings"]["givers"] == [UNION]


@pytest.mark.parametrize("years", [" ", "20", "0000", "2018;2022", "２０１８"])
def test_election_years_that_are_none_are_refused(cli, folder, tmp_path, years):
    refused = cli("batch", folder, "--out", tmp_path / "out.csv", "--elections", years)
    assert (refused.exit_code, "not a list of years" in refused.stderr) == (2, True)


def test_an_output_without_a_suffix_is_refused_with_the_suffixes(cli, folder, tmp_path):
    refused = cli("batch", folder, "--out", tmp_path / "out")
    assert refused.exit_code == 2
    assert "the name has no suffix, which says the format\nHint: end it in .csv, .jsonl" in refused.stderr


@pytest.mark.parametrize("good", [True, False])
def test_files_of_rows_that_cannot_be_read_are_left_out_together(tmp_path, monkeypatch, good):
    screened = []

    def counted(paths, **options):
        screened.append(len(paths))
        return screen(paths, **options)

    monkeypatch.setattr("unionscreen.batch.screen", counted)
    paths = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv", "d.csv")]
    for number, path in enumerate(paths, 1):
        path.write_text(rows(*[("Doe, Pat", "ten", "2022-01-03")] * number))
    if good:
        paths[2].write_text(rows((FOP, "500", "2021-12-30")))
    (found,) = run_batch([Job("one", tuple(map(str, paths)), {})]).manifest["screenings"]
    if not good:
        assert (found["error"].partition(": ")[0], screened) == (str(paths[3]), [4])
        return
    assert screened == [4, 1]
    reasons = [each["reason"].splitlines()[0].rpartition(": ")[2] for each in found["failed_files"]]
    assert [Path(each["path"]).name for each in found["failed_files"]] == ["a.csv", "b.csv", "d.csv"]
    assert reasons == [f"all {number} rows were rejected" for number in (1, 2, 4)]
    with pytest.raises(FilingError, match=r"a\.csv: one: no contributions in "):
        run_batch([Job("one", tuple(map(str, paths)), {})], keep_going=False)
