"""Ids of persons and committees: the same in every file and run, whatever the order of the inputs."""

import csv
import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unionscreen import screen
from unionscreen.batch import run_batch
from unionscreen.batch_jobs import read_jobs
from unionscreen.errors import UsageError
from unionscreen.prosecutors import (
    Recipient,
    agency_of,
    committee_id,
    entry_of_each,
    explain_all,
    identify,
    read_people,
    read_roster,
    roster_rows,
)
from unionscreen.prosecutors.identity import Post, agreement, contradiction
from unionscreen.reports.tables import ScreeningReport, screening_tables, totals_table
from unionscreen.screening import Screening

TN = agency_of("tn-tncamp", "TN", known=True)
FOP = "Fraternal Order of Police Lodge 5"

with (Path(__file__).parent / "cases" / "identities.csv").open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(handle))


def identified(*found, assigned=None, agency=TN):
    whose = entry_of_each(found, assigned=assigned)
    return identify(whose.values(), dict.fromkeys(found, (agency,)), assigned)


def person(recipient, **cells):
    return Recipient(recipient, **cells)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_the_ids_of_a_recipient_by_itself(case):
    each = Recipient(case["recipient"], *(case[name] or None for name in Recipient._fields[1:]))
    agency = agency_of(case["format"], case["state"], known=case["format"] != "mapped")
    assert identified(each, agency=agency).person([each]) == (case["person_id"] or None)
    assert committee_id(each.recipient, each.recipient_id, agency) == case["committee_id"]


def test_a_full_name_that_only_one_file_says_holds_for_the_filer():
    short, full = person("Roe for DA", recipient_id="7"), person("Jane Roe for DA 2022", recipient_id="7")
    ids = identified(short, full).person_ids
    assert ids[short] == ids[full] == "person:tn/jane-roe/district-attorney"


def test_namesakes_in_one_run_have_two_ids_and_a_note():
    one = person("Jane Roe for Elm County District Attorney")
    other = person("Jane Roe for Oak County District Attorney")
    neither = person("Friends of Jane Roe District Attorney", recipient_id="7")
    found = identified(one, other, neither)
    assert found.person_ids == {
        one: "person:tn/jane-roe/district-attorney/elm-county",
        other: "person:tn/jane-roe/district-attorney/oak-county",
        neither: "person:tn/jane-roe/district-attorney/tn-tncamp-7",
    }
    assert "3 people" in found.notes[0]
    assert "--people" in found.notes[0]
    assert identified(one).person_ids[one] == identified(other).person_ids[other]


def test_a_county_that_only_one_file_says_changes_nothing():
    alone, with_county = person("Jane Roe for District Attorney"), person("Jane Roe for Elm County District Attorney")
    ids = {identified(*found).person(found) for found in ([alone], [with_county], [alone, with_county])}
    assert ids == {"person:tn/jane-roe/district-attorney"}


names = st.sampled_from(["Jane Roe", "JANE Q. ROE", "Roe", "Jane Roe Jr.", "Bill Gibbons", "William Gibbons", ""])
places = st.sampled_from(["", "Elm County ", "Oak County "])
recipients = st.builds(
    lambda name, place, recipient_id, candidate: Recipient(
        f"{name} for {place}District Attorney", recipient_id, candidate or None
    ),
    names, places, st.sampled_from([None, "7", "8"]), names,
)  # fmt: skip


@given(
    st.lists(recipients, min_size=1, max_size=6).flatmap(
        lambda found: st.tuples(st.just(found), st.permutations(found))
    )
)
def test_the_order_of_the_inputs_never_changes_an_id(both):
    found, shuffled = both
    assert identified(*found).person_ids == identified(*shuffled).person_ids


@example([  # the first name is in one row of a filer, the county in another
    Recipient("Jane Roe for District Attorney", "7", "Jane Roe"),
    Recipient("Jane Roe for Elm County District Attorney", None, "Jane Roe"),
    Recipient("Jane Roe for Elm County District Attorney", "7", "Roe"),
    Recipient("Jane Roe for Oak County District Attorney", None, "Jane Roe"),
])  # fmt: skip
@example([  # the rows of a filer name two counties, and a namesake has one of them
    Recipient("Jane Roe for Elm County District Attorney", "8", "Jane Roe"),
    Recipient("Jane Roe for Oak County District Attorney", None, "Jane Roe"),
    Recipient("Friends of the District Attorney of Oak County", "8"),
    Recipient(" for Oak County District Attorney", "8"),
])  # fmt: skip
@given(st.lists(recipients, min_size=1, max_size=6))
def test_one_entry_has_one_id_and_two_entries_two(found):
    whose = entry_of_each(found)
    ids = identified(*found).person_ids
    entries = {*whose.values()}
    assert len({ids[each] for each in found}) == len(entries)
    assert all(len({ids[each] for each in entry.recipients}) == 1 for entry in entries)


@pytest.fixture
def people_csv(tmp_path):
    def write(text):
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_people_list_makes_two_names_one_person(people_csv):
    bill, william = person("Bill Gibbons for DA"), person("William Gibbons for DA", recipient_id="9")
    assert len({*identified(bill, william).person_ids.values()}) == 2
    listed = read_people(
        people_csv("recipient,recipient_id,person\nBILL GIBBONS FOR DA,,Bill Gibbons\n,9,Bill Gibbons\n")
    )
    whose = entry_of_each([bill, william], assigned=listed)
    assert whose[bill] == whose[william]
    assert whose[bill].prosecutor.name == "Bill Gibbons"
    assert {*identified(bill, william, assigned=listed).person_ids.values()} == {
        "person:tn/bill-gibbons/district-attorney"
    }


def test_the_people_list_separates_two_people_of_one_name(people_csv):
    one, other = person("Jane Roe for DA", recipient_id="1"), person("Jane Roe for DA 2022", recipient_id="2")
    assert len({*identified(one, other).person_ids.values()}) == 1
    listed = read_people(people_csv("recipient_id,person,person_id\n1,Jane Roe,roe-elm\n2,Jane Roe,roe-oak\n"))
    assert identified(one, other, assigned=listed).person_ids == {one: "roe-elm", other: "roe-oak"}


def test_the_people_list_names_somebody_who_is_not_a_prosecutor_and_makes_none(people_csv):
    each = person("FUNK, GLENN")
    listed = read_people(people_csv('recipient,person\n"Funk, Glenn",Glenn Funk\n'))
    assert entry_of_each([each], assigned=listed)[each].prosecutor is None
    assert identified(each, assigned=listed).person_ids == {each: "person:tn/glenn-funk"}


def test_a_row_that_matches_nobody_is_noted(people_csv):
    listed = read_people(people_csv("recipient,recipient_id,person\nPoe,,Jim Poe\nRoe for DA,,Jane Roe\n,5,Al Doe\n"))
    (note,) = identified(person("Roe for DA"), assigned=listed).notes
    assert note.endswith("people.csv: rows that match no recipient of these filings: line 2 (Poe); line 4 (5)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recipient\nRoe\n", "people.csv:1: the people list has no column person"),
        ("person\nRoe\n", "people.csv:1: the people list has no column recipient or recipient_id"),
        ("recipient,person\nRoe for DA,\n", "people.csv:2: the people list has no person here"),
        ("recipient,person\n,Jane Roe\n", "people.csv:2: the people list has no recipient and no recipient_id here"),
        ("recipient,person\nR,Jane Roe\nR,Jim Poe\n", "people.csv:3: 'r' is a committee of Jane Roe in an earlier row"),
        ("recipient,person,person_id\nR,Jane Roe,x\nS,Jim Poe,x\n", "people.csv:3: 'x' is Jane Roe in an earlier row"),
        ("recipient,person\n", "the people list has no rows"),
    ],
)
def test_a_wrong_people_list_is_refused_with_its_row(people_csv, text, message):
    with pytest.raises(UsageError) as caught:
        read_people(people_csv(text))
    assert message in str(caught.value)


TENNESSEE = (
    "Type,Adj,Amount,Date,Election Year,Report Name,Recipient Name,Contributor Name,Contributor Address,"
    "Contributor Occupation,Contributor Employer,Description\n"
)


def tennessee(path, *given):
    lines = [
        f'Monetary,N,"{amount}",03/01/2022,2022,1st Quarter,"{recipient}","{donor}",,,,\n'
        for recipient, donor, amount in given
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TENNESSEE + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path):
    """One prosecutor under three names, another one, and a candidate for another office."""
    return (
        tennessee(
            tmp_path / "a" / "one.csv", ("GIBBONS (DIST. ATTY), BILL", FOP, "$100.00"), ("ROE, JANE", FOP, "$7.00")
        ),
        tennessee(tmp_path / "b" / "two.csv", ("Bill Gibbons for District Attorney", FOP, "$20.00")),
        tennessee(tmp_path / "c" / "three.csv", ("Vale, Robin (Dist. Atty.)", FOP, "$3.00")),
    )  # fmt: skip


GIBBONS = "person:tn/bill-gibbons/district-attorney"


def test_the_order_of_files_changes_no_id_of_a_screening(files):
    seen = [
        {
            (flag.source, flag.row): (flag.person_id, flag.committee_id)
            for each in screen(order).prosecutors
            for flag in each.flags
        }
        for order in permutations(files)
    ]
    assert seen == [seen[0]] * 6
    assert {ids[0] for ids in seen[0].values()} == {GIBBONS, "person:tn/robin-vale/district-attorney"}


def test_a_batch_has_one_person_with_the_sums_of_the_single_runs(files, tmp_path):
    singly = {}
    for file in files:
        for entry in screen(file).prosecutors:
            singly[entry.person_id] = singly.get(entry.person_id, 0) + entry.flagged.net
    jobs = [job for job in read_jobs(tmp_path) if job.name in "abc"]
    batch = run_batch(jobs)
    for table, money in (("prosecutors", "flagged_net_cents"), ("totals", "net_cents")):
        sums = {}
        for row in getattr(batch, table).to_pylist():
            sums[row["person_id"]] = sums.get(row["person_id"], 0) + row[money]
        assert sums == singly == {GIBBONS: 12_000, "person:tn/robin-vale/district-attorney": 300}
    assert batch.manifest["notes"] == [
        f"in several screenings, each with its own sums; a row that two of them hold counts twice: {GIBBONS} (a, b)"
    ]
    assert batch.flags.column_names[-2:] == ["person_id", "committee_id"]
    assert {*batch.flags["committee_id"].to_pylist()} == {
        "committee:tn-tncamp/gibbons-dist-atty-bill",
        "committee:tn-tncamp/bill-gibbons-for-district-attorney",
        "committee:tn-tncamp/vale-robin-dist-atty",
    }


def test_every_table_ends_with_the_ids(files):
    screening = screen(files)
    entry = screening.to_dict()["prosecutors"][0]
    assert (entry["person_id"], entry["flags"][0]["person_id"]) == (GIBBONS, GIBBONS)
    assert entry["committee_ids"] == [
        "committee:tn-tncamp/bill-gibbons-for-district-attorney",
        "committee:tn-tncamp/gibbons-dist-atty-bill",
    ]
    assert screening.flags.person_id.tolist()[0] == GIBBONS
    for table in (*screening_tables(screening)[:3], totals_table(screening)):
        assert table.names[-2:] == ["person_id", "committee_id"], table.name
        assert table.column("person_id")[:1] in ([GIBBONS], []), table.name
    assert type(screening).from_dict(json.loads(json.dumps(screening.to_dict()))).to_dict() == screening.to_dict()


def test_a_batch_says_who_may_be_two_people(tmp_path):
    for county in ("Elm", "Oak"):
        tennessee(tmp_path / county / "x.csv", (f"Jane Roe for {county} County District Attorney", FOP, "$1.00"))
    notes = run_batch(read_jobs(tmp_path)).manifest["notes"]
    assert notes[1].endswith("different places: person:tn/jane-roe/district-attorney (Elm County, Oak County)")


def test_gifts_in_the_givers_books_have_the_ids_of_the_recipients_own_filing(tmp_path):
    union, roe = "Springfield Police Officers Association PAC", "Jane Roe for District Attorney 2026"
    shared = {"date": "2026-05-12T00:00:00-07:00", "transactionFppcId": "", "city": "Springfield", "state": "CA"}
    rows = [
        {"filerName": union, "filerFppcId": "950001", "transactionType": 21, "name": roe, "amount": 500},
        {"filerName": union, "filerFppcId": "950001", "transactionType": 21, "name": roe, "amount": 40},
        {"filerName": roe, "filerFppcId": "1400001", "transactionType": 0, "name": union, "amount": 500},
    ]
    path = tmp_path / "netfile.json"
    path.write_text(json.dumps({"results": [{"id": str(at)} | shared | row for at, row in enumerate(rows)]}))
    found = screen(path)
    assert found.prosecutors[0].person_id == "person:ca/jane-roe/district-attorney"
    assert {(gift.shown, gift.person_id, gift.committee_id) for gift in found.books.gifts} == {
        ("reported by both", "person:ca/jane-roe/district-attorney", "committee:ca-fppc/1400001"),
        ("only by the giver", "person:ca/jane-roe/district-attorney",
         "committee:ca-netfile/jane-roe-for-district-attorney-2026"),
    }  # fmt: skip
    assert type(found.books).from_dict(found.books.to_dict()) == found.books


def test_a_state_that_the_user_says_is_in_the_id(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(f"Recipient,Contributor,Amount,Date\nJane Roe for District Attorney,{FOP},5,2022-01-01\n")
    assert screen(path).prosecutors[0].person_id == "person:us/jane-roe/district-attorney"
    assert screen(path, state="Tennessee").prosecutors[0].person_id == "person:tn/jane-roe/district-attorney"


def test_the_people_list_on_the_command_line(files, people_csv, tmp_path, cli):
    listed = people_csv(
        "recipient,person,person_id\n"
        '"Vale, Robin (Dist. Atty.)",Bill Gibbons,gibbons\n'
        '"Gibbons (Dist. Atty), Bill",Bill Gibbons,gibbons\n'
        "Nobody,No Body,\n"
    )
    done = cli("screen", *files, "--people", listed, "--format", "csv")
    rows = [*csv.DictReader(done.stdout.splitlines())]
    assert [row["person_id"] for row in rows] == ["gibbons"] * 3
    assert {row["recipient_name"] for row in rows} == {"Bill Gibbons"}
    assert "line 4 (Nobody)" in done.stderr
    done = cli("batch", tmp_path / "a", "--people", listed, "--out", tmp_path / "out.csv")
    assert done.exit_code == 0, done.stderr
    assert "gibbons" in (tmp_path / "out.flags.csv").read_text()
    done = cli("screen", *files, "--people", people_csv("recipient,person\nX,\n"))
    assert done.exit_code == 2
    assert "people.csv:2" in done.stderr


NEARLY = (
    ("People in support of Bill Gibbons for District Attorney", "about a prosecutor"),
    ("Elm Association of Deputy District Attorneys", 'has "Attorneys"'),
    ("Kim Poe for Public Defender", "Public Defender is not an office that prosecutes"),
    ("GIBBONS, BILL", "has the name of the prosecutor Bill Gibbons"),
)


@pytest.fixture
def statewide(tmp_path):
    given = [(name, "Pat Doe", "$5.00") for name, _ in NEARLY]
    return tennessee(
        tmp_path / "tn.csv", ("GIBBONS (DIST. ATTY), BILL", FOP, "$100.00"),
        ("Vale, Robin (Dist. Atty.)", FOP, "$3.00"), ("SMITH, AL", FOP, "$9.00"),
        ("Crane for District Attorney", FOP, "$2.00"), *given,
    )  # fmt: skip


def test_the_command_says_who_is_recognized_and_who_nearly_is(statewide, cli):
    done = cli("prosecutors", statewide, "--format", "json")
    rows = {row["recipient"]: row for row in json.loads(done.stdout)}
    assert "SMITH, AL" not in rows
    bill = rows["GIBBONS (DIST. ATTY), BILL"]
    assert (bill["recognized"], bill["why"], bill["person_id"], bill["rows"]) == (
        True, 'its name has "DIST. ATTY"', GIBBONS, 1,
    )  # fmt: skip
    for name, why in NEARLY:
        assert rows[name]["recognized"] is False
        assert why in rows[name]["why"]
    assert "8 rows read; 3 committees recognized as a prosecutor's, 4 nearly, of 8 recipients" in done.stderr
    shown = cli("prosecutors", statewide).stdout
    assert "Recognized: 3" in shown
    assert "no first name is known" in shown
    assert "Nearly, and not counted as a prosecutor's: 4" in shown


def test_the_roster_that_the_command_writes_gives_the_same_report(statewide, tmp_path, cli):
    roster = tmp_path / "roster.csv"
    assert cli("prosecutors", statewide, "--out", roster).exit_code == 0
    plain, listed = (
        json.loads(cli("screen", statewide, "--format", "json", *more).stdout) for more in ((), ("--roster", roster))
    )
    assert listed["prosecutors"] == plain["prosecutors"]
    text = roster.read_text()
    assert text.count(',no,"has the name') == 1
    roster.write_text(text.replace(',no,"has the name', ',yes,"has the name'))
    found = screen(statewide, roster=roster)
    assert [(each.name, each.office, each.recipients) for each in found.prosecutors] == [
        ("Crane", "District Attorney", ("Crane for District Attorney",)),
        ("Bill Gibbons", "District Attorney", ("GIBBONS (DIST. ATTY), BILL", "GIBBONS, BILL")),
        ("Robin Vale", "District Attorney", ("Vale, Robin (Dist. Atty.)",)),
    ]
    assert {each.name: each.person_id for each in found.prosecutors}["Bill Gibbons"] == GIBBONS


def test_committees_of_a_surname_alone_stay_apart_with_the_roster_that_the_command_writes(tmp_path, cli):
    given = [(f"{name} for District Attorney", FOP, "$5.00") for name in ("Roe", "Poe", "Citizens for Roe")]
    path, roster = tennessee(tmp_path / "tn.csv", *given), tmp_path / "roster.csv"
    assert cli("prosecutors", path, "--out", roster).exit_code == 0
    plain, listed = (screen(path, roster=each).to_dict()["prosecutors"] for each in (None, roster))
    assert listed == plain
    assert len(plain) == 3
    assert [row["recognized"] for row in csv.DictReader(roster.read_text().splitlines())] == ["yes", "mixed", "mixed"]


@pytest.mark.parametrize("pledged", ["2020-06-09", "2020-06", "2020", "2020-08-24/2020-08-31"])
def test_a_roster_keeps_what_is_known_of_the_day_of_a_pledge(pledged, tmp_path, cli):
    path = tennessee(tmp_path / "tn.csv", ("Roe for District Attorney", FOP, "$5.00"))
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    first.write_text(
        f"prosecutor,recipient,pledge_date,source\nJane Roe,Roe for District Attorney,{pledged},https://example.org/p\n"
    )
    assert cli("prosecutors", path, "--roster", first, "--out", again).exit_code == 0
    assert [row["pledge_date"] for row in csv.DictReader(again.read_text().splitlines())] == [pledged]
    one, two = (screen(path, roster=each).to_dict()["prosecutors"] for each in (first, again))
    assert one == two


def test_a_roster_keeps_a_name_that_a_spreadsheet_would_run(tmp_path, cli):
    path, roster = tmp_path / "x.csv", tmp_path / "roster.csv"
    path.write_text(f"Recipient,Committee ID,Contributor,Amount,Date\n+Roe for DA,-7,{FOP},5,2022-01-01\n")
    assert cli("prosecutors", path, "--out", roster).exit_code == 0
    assert "'+Roe for DA,'-7," in roster.read_text()
    assert read_roster(roster).find("", "-7") == read_roster(roster).find("+Roe for DA", None) is not None


def test_a_recognized_cell_that_is_neither_is_refused(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("prosecutor,recipient,recognized\nRoe,Roe for DA,maybe\n")
    with pytest.raises(UsageError, match="'maybe' is not yes, no or mixed"):
        read_roster(path)


def test_a_no_in_the_roster_takes_out_whom_the_name_calls_a_prosecutor(statewide, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text('prosecutor,recipient,recognized\nRobin Vale,"Vale, Robin (Dist. Atty.)",No\nX,Y,mixed\n')
    found = screen(statewide, roster=roster)
    assert [each.name for each in found.prosecutors] == ["Crane", "Bill Gibbons"]
    assert any("not looked up" in note and "Vale" in note for note in found.notes)


def test_a_roster_that_contradicts_itself_is_refused(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("prosecutor,recipient,recognized\nRoe,Roe for DA,yes\nRoe,Roe for DA,no\n")
    with pytest.raises(UsageError, match="is a committee of Roe in an earlier row and of nobody here"):
        read_roster(path)


def test_one_name_that_is_a_prosecutors_in_some_rows_only_stays_as_filed(tmp_path, cli):
    path, roster = tmp_path / "x.csv", tmp_path / "roster.csv"
    path.write_text(
        "Recipient,Office,Contributor,Amount,Date\n"
        f'"ROE, JANE",District Attorney,{FOP},5,2022-01-01\n"ROE, JANE",Mayor,{FOP},70,2022-01-01\n'
        f'"POE, JIM",District Attorney,{FOP},6,2022-01-01\n'
    )
    assert cli("prosecutors", path, "--out", roster).exit_code == 0
    assert [row["recognized"] for row in csv.DictReader(roster.read_text().splitlines())] == ["yes", "mixed", "mixed"]
    plain, listed = (screen(path, roster=each).to_dict()["prosecutors"] for each in (None, roster))
    assert listed == plain
    assert [each["flagged"]["net"] for each in plain] == ["6.00", "5.00"]


def test_two_peoples_committees_of_one_name_are_distinguished_by_id():
    found = [
        Recipient("Committee for District Attorney", number, name, "District Attorney")
        for number, name in (("1", "Jane Roe"), ("2", "Jim Poe"), (None, "Al Doe"))
    ]
    agencies = dict.fromkeys(found, (TN,))
    whose = entry_of_each(found)
    rows = roster_rows(explain_all(whose, dict.fromkeys(found, 1), identify(whose.values(), agencies), agencies))
    assert [(row["prosecutor"], row["recipient"], row["recipient_id"], row["recognized"]) for row in rows] == [
        ("Al Doe", "Committee for District Attorney", None, "mixed"),
        ("Jim Poe", "", "2", "yes"),
        ("Jane Roe", "", "1", "yes"),
    ]
    assert all("Committee for District Attorney" in row["why"] for row in rows)


def test_the_command_never_writes_over_a_filing(statewide, cli):
    done = cli("prosecutors", statewide, "--out", statewide)
    assert done.exit_code == 2
    assert "would be overwritten" in done.stderr


# Tables about the run, the files or the list, or about all recipients together; a row of theirs is nobody's.
NOBODYS = {"organisations", "recipients", "by_year", "rejects", "diary", "inputs", "manifest"}


def test_every_table_about_people_has_both_ids(tmp_path):
    samples = Path(__file__).parent / "filings" / "samples"
    fund = tmp_path / "fund.csv"
    fund.write_text(
        "Recipient Name,Contributor Name,Amount,Date\n"
        "Neighbors for Safety,Springfield Police Officers Association PAC,900,2022-01-05\n"
        "Ann Vale for District Attorney 2022,Neighbors for Safety,250,2022-03-20\n"
        "Ann Vale for District Attorney 2022,Springfield Police Officers Association PAC,1000,2022-03-20\n"
    )
    files = [samples / f"ca-{name}" for name in ("netfile-expenditures.csv", "netfile-496.csv", "cal.cal")]
    found = screen([*files, fund], trace=True, recipients="all")
    tables = {table.name: table for table in ScreeningReport(found).tables}
    assert {"traces", "by_union", "form_totals", "periods", "givers", "independent_spending"} <= tables.keys()
    missing = {
        name
        for name, table in tables.items()
        if name not in NOBODYS and not {"person_id", "committee_id"} <= {*table.names}
    }
    assert missing == set()
    vale = {entry.person_id for entry in found.prosecutors if entry.prosecutor == "Ann Vale"}
    trace = next(each for each in found.traces if each.prosecutor)
    assert (trace.committee_id, {trace.person_id}) == ("committee:us/neighbors-for-safety", vale)
    (union,) = [
        row
        for row in map(dict, rows_by_name(tables["by_union"]))
        if row["union"] == "Springfield Police Officers Association PAC"
    ]
    assert vale <= set(union["person_id"].split("; "))
    assert "committee:us/neighbors-for-safety" in union["committee_id"].split("; ")
    for name in ("form_totals", "periods"):
        assert None not in tables[name].column("committee_id")
    assert Screening.from_dict(json.loads(json.dumps(found.to_dict()))).traces == found.traces
    assert Screening.from_dict(json.loads(json.dumps(found.to_dict()))).periods == found.periods


def rows_by_name(table):
    return [zip(table.names, row, strict=True) for row in table.rows]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Doña Ana County", "Dona Ana", True),
        ("Prince George's County", "Prince Georges County", True),
        ("St. Mary's County", "St Marys", True),
        ("Kings County, NY", "Kings", True),
        ("Elm County", "Oak County", False),
    ],
)
def test_a_place_spelled_in_two_ways_is_one_place(one, other, same):
    posts = [Post("", "District Attorney", place) for place in (one, other)]
    assert (contradiction(*posts), agreement(*posts)) == ("" if same else "place", same)
