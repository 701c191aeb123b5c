"""Gifts of unions and reviews of their members: what overlaps in time, in every format, and in no sum."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

import unionscreen
from unionscreen.errors import UsageError
from unionscreen.screening.reviews import read_reviews
from unionscreen.unions import load_unions
from unionscreen.unions.agencies import load_agencies

Cli = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
AVERY, REVIEWS = "examples/netfile-avery.csv", "examples/reviews.csv"
SDPOA = "us-ca-san-diego-police-officers-association"

SDPOA_NAME = "San Diego Police Officers Association"


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@dataclass
class Desk:
    """A filing of Jane Roe, and a table of reviews."""

    folder: Path

    def filing(self, *gifts: str) -> Path:
        path = self.folder / "f.csv"
        rows = [f"Jane Roe,District Attorney,Elm County,{gift}" for gift in gifts]
        path.write_text("\n".join(["Recipient Name,Office,Jurisdiction,Contributor Name,Amount,Date", *rows, ""]))
        return path

    def reviews(self, **cells: str) -> Path:
        path = self.folder / "reviews.csv"
        row = {"prosecutor": "Roe, Jane", "opened": "2022-01-02", "source": "https://e.org", **cells}
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(row))
            writer.writeheader()
            writer.writerow(row)
        return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("case", cases("reviews.csv"), ids=lambda case: case["case"])
def test_a_gift_and_a_review_lie_in_time_as_their_days_say(desk: Desk, case: dict[str, str]) -> None:
    filing = desk.filing(f"San Diego Police Officers Association,5.00,{case['gift']}")
    reviews = desk.reviews(agency="Elmhaven PD", union_id=SDPOA, opened=case["opened"], closed=case["closed"])
    (found,) = unionscreen.screen([filing], reviews=reviews).reviews
    overlaps = {True: "yes", False: "no", None: ""}[found.overlaps]
    assert (found.timing, overlaps, found.sentence) == (case["timing"], case["overlaps"], case["sentence"])


@pytest.mark.parametrize("case", cases("review_cells.csv"), ids=lambda case: case["message"])
def test_a_bad_cell_is_named_with_file_and_line(desk: Desk, case: dict[str, str]) -> None:
    message, cell = case.pop("message"), case.pop("cell")
    path = desk.reviews(**case)
    with pytest.raises(UsageError) as raised:
        read_reviews(path, load_unions())
    assert message in raised.value.message
    assert (raised.value.source, raised.value.row, raised.value.cell or "") == (str(path), 2, cell)


def test_a_table_without_a_needed_column_or_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    for text, message in (
        ("prosecutor,agency,opened\n", "no column source"),
        ("prosecutor,opened,source\n", "no column agency"),
        ("prosecutor,agency,opened,source\n", "the table of reviews has no rows"),
    ):
        path.write_text(text)
        with pytest.raises(UsageError, match=message):
            read_reviews(path, load_unions())


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"agency": "San Diego Police Department"}, True),
        ({"agency": "SAN DIEGO P.D.".replace(".", "")}, True),
        ({"agency": "City of San Diego Police Dept."}, True),
        ({"agency": "San Diego Police Department", "state": "ca"}, True),
        ({"agency": "San Diego Police Department", "state": "NV"}, False),
        ({"ori": "CA0371100"}, True),
        ({"agency": "another spelling", "ori": "CA0371100"}, True),
        ({"agency": "San Diego Police Department", "ori": "CA0371199"}, False),
        ({"agency": "San Diego County Sheriff's Department"}, False),
        ({"agency": "San Jose Police Department"}, False),
        ({"union_id": SDPOA}, True),
        ({"agency": "San Jose Police Department", "union_id": SDPOA}, True),
    ],
)
def test_the_agency_leads_to_its_union_in_any_usual_spelling(desk: Desk, cells: dict[str, str], found: bool) -> None:
    filing = desk.filing("San Diego Police Officers Association,5.00,2022-01-19")
    assert bool(unionscreen.screen([filing], reviews=desk.reviews(**cells)).reviews) is found


@pytest.mark.parametrize("case", cases("union_agencies.csv"), ids=lambda case: case["agency"])
def test_the_union_of_an_agency_that_its_name_states_is_known(case: dict[str, str]) -> None:
    assert case["union_id"] in {each.union_id for each in load_agencies().find(case["agency"], case["state"])}


def test_a_gift_of_a_state_patrol_s_union_is_compared_with_the_reviews_of_its_officers(desk: Desk) -> None:
    filing = desk.filing("California Association of Highway Patrolmen PAC,5.00,2022-01-19")
    reviews = desk.reviews(agency="California Highway Patrol", state="California")
    (found,) = unionscreen.screen([filing], reviews=reviews).reviews
    assert (found.union_id, found.overlaps) == ("us-ca-california-association-of-highway-patrolmen", True)


def test_most_unions_of_a_state_s_force_have_an_agency() -> None:
    """A few forces are not in the FBI's list under their own name, such as Oklahoma's."""
    words = ("Trooper", "Highway Patrol", "State Patrol", "State Police ")
    mine = {
        union.union_id
        for union in load_unions().unions.values()
        if union.kind == "state-police" and union.state and any(word in union.name for word in words)
    }
    without = mine - {each.union_id for each in load_agencies().rows}
    assert len(without) <= len(mine) // 20, sorted(without)


def test_another_prosecutor_s_review_is_not_compared_and_named(desk: Desk) -> None:
    filing = desk.filing("San Diego Police Officers Association,5.00,2022-01-19")
    screening = unionscreen.screen([filing], reviews=desk.reviews(prosecutor="Ann Poe", union_id=SDPOA))
    assert screening.reviews == ()
    assert any("not in these filings: Ann Poe (line 2)" in note for note in screening.notes)


@pytest.mark.parametrize(
    ("table", "state", "people", "compared"),
    [
        ("Roe", "", "Jane Roe,Ann Roe", []),
        ("Roe", "", "Jane Roe,Sam Poe", ["Jane Roe"]),
        ("Roe, Jane", "", "Jane Roe,Ann Roe", ["Jane Roe"]),
        ("Jane Roe", "", "Jane Roe,Roe", ["Jane Roe"]),
        ("Roe", "", "Jane Roe,Roe", []),
        ("Jane Roe", "TN", "Jane Roe", ["Jane Roe"]),
        ("Jane Roe", "CA", "Jane Roe", []),
    ],
)
def test_a_review_is_compared_with_the_gifts_of_one_person_only(
    desk: Desk, table: str, state: str, people: str, compared: list[str]
) -> None:
    filing = desk.folder / "f.csv"
    rows = [
        f"{who} for DA 2022,{who},District Attorney,{county} County,San Diego Police Officers Association,5,2022-01-19"
        for who, county in zip(people.split(","), ("Elm", "Oak"), strict=False)
    ]
    header = "Recipient Name,Candidate,Office,Jurisdiction,Contributor Name,Amount,Date"
    filing.write_text("\n".join([header, *rows, ""]))
    screening = unionscreen.screen(
        [filing], state="TN", reviews=desk.reviews(prosecutor=table, union_id=SDPOA, state=state)
    )
    assert {each.name for each in screening.prosecutors} == {*people.split(",")}
    assert [each.prosecutor for each in screening.reviews] == compared
    notes = [note for note in screening.notes if "may be meant: " in note or "not in these filings: " in note]
    assert len(notes) == (0 if compared else 1)
    if not compared:
        assert (f"{table} of {state} (line 2)" if state else f"may be meant: {table} (line 2)") in notes[0]


@pytest.mark.parametrize(
    ("days", "begin", "end"),
    [
        ((), "no gift overlaps in time", ""),
        ((19,), "1 gift overlaps in time", ", which says nothing about why it was given"),
        ((19, 20), "2 gifts overlap in time", ", which says nothing about why they were given"),
    ],
)
def test_the_note_says_how_many_gifts_overlap(desk: Desk, days: tuple[int, ...], begin: str, end: str) -> None:
    filing = desk.filing("Lee Doe,1.00,2022-01-19", *(f"{SDPOA_NAME},5.00,2022-01-{day}" for day in days))
    screening = unionscreen.screen([filing], reviews=desk.reviews(union_id=SDPOA))
    (said,) = [note.partition(": ")[2] for note in screening.notes if "in time with" in note]
    assert said == f"{begin} with a review of the giver's members{end}"


def test_an_agency_without_a_listed_union_is_named(desk: Desk) -> None:
    filing = desk.filing("San Diego Police Officers Association,5.00,2022-01-19")
    screening = unionscreen.screen([filing], reviews=desk.reviews(agency="Elmhaven Police Department"))
    said = (
        "the table of agencies has no union for Elmhaven Police Department (line 2), so gifts of a union of that "
        "agency are not compared; fill in union_id if you know it"
    )
    assert any(said in note for note in screening.notes)


def test_each_review_of_a_prosecutor_is_compared_with_each_gift_and_no_sum_changes(desk: Desk) -> None:
    filing = desk.filing(
        "San Diego Police Officers Association,5.00,2022-01-19", "San Diego Police Officers Association,7.00,2021-01-19"
    )
    reviews = desk.reviews(union_id=SDPOA)
    reviews.write_text(reviews.read_text() + f'"Roe, Jane",2021-01-01,https://e.org/2,{SDPOA}\n')
    screening = unionscreen.screen([filing], reviews=reviews)
    assert [(each.date, each.days) for each in screening.reviews] == [
        (date(2021, 1, 19), 18),
        (date(2021, 1, 19), -348),
        (date(2022, 1, 19), 383),
        (date(2022, 1, 19), 17),
    ]
    assert screening.prosecutors == unionscreen.screen([filing]).prosecutors


def test_a_returned_gift_is_said_to_be_returned_and_a_repeat_is_not_a_gift() -> None:
    screening = unionscreen.screen([ROOT / AVERY], reviews=ROOT / REVIEWS)
    places = [each.place.rsplit(":", 1)[1] for each in screening.reviews]
    assert places == ["5", "22"]
    assert screening.reviews[0].sentence.endswith(", while it was open; the gift was returned")


def test_a_name_of_several_unions_is_said_to_be_doubtful(desk: Desk) -> None:
    filing = desk.filing("Fraternal Order of Police Lodge 5,5.00,2022-01-19")
    reviews = desk.reviews(union_id="us-pa-fraternal-order-of-police-lodge-5")
    (found,) = unionscreen.screen([filing], reviews=reviews).reviews
    assert found.sentence.endswith("; the donor's name may be that of another union")


def test_a_recipient_named_by_the_user_may_be_the_prosecutor(desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("Contributor,Amount,Date\nSan Diego Police Officers Association,100,2022-01-19\n")
    assert unionscreen.screen(
        [log], recipient="Jane Roe", reviews=desk.reviews(prosecutor="Jane Roe", union_id=SDPOA)
    ).reviews


def test_screen_writes_the_table_reviews_in_every_format(cli: Cli, tmp_path: Path) -> None:
    sentence = (
        "17 days after the review of Sacramento County Sheriff's Department was opened (https://example.org/review-2)"
    )
    shown = cli("screen", AVERY, "--reviews", REVIEWS)
    assert "Open reviews, not counted above: 2 rows" in shown.stdout
    assert "2 gifts overlap in time with a review of the giver's members" in shown.stderr
    paths = {suffix: tmp_path / f"r.{suffix}" for suffix in ("json", "csv", "md", "html", "xlsx", "sqlite", "jsonl")}
    for path in paths.values():
        assert cli("screen", AVERY, "--reviews", REVIEWS, "--out", path, "--quiet").exit_code == 0
    saved = json.loads(paths["json"].read_text())
    assert saved["manifest"]["reviews"]["reviews"] == 3
    assert saved["reviews"][1]["sentence"].startswith(sentence)
    rows = list(csv.DictReader(io.StringIO(paths["csv"].read_text())))
    assert [row["reviews"].startswith(sentence) for row in rows if row["reviews"]] == [False, True]
    for suffix in ("md", "html", "jsonl"):
        text = paths[suffix].read_text(encoding="utf-8").replace("&#39;", "'").replace("\\", "")
        assert "17 days after the review of Sacramento County Sheriff's Department was opened" in text, suffix
    sheet = pd.read_excel(paths["xlsx"], "Open reviews", engine="calamine")
    assert list(sheet.overlaps) == [True, True]
    with closing(sqlite3.connect(paths["sqlite"])) as database:
        assert database.execute("SELECT count(*) FROM reviews").fetchone() == (2,)


def test_a_saved_result_keeps_the_reviews(tmp_path: Path) -> None:
    screening = unionscreen.screen([ROOT / AVERY], reviews=ROOT / REVIEWS)
    unionscreen.write_report(screening, tmp_path / "r.json")
    assert unionscreen.load_result(tmp_path / "r.json").reviews == screening.reviews


def test_without_reviews_no_output_has_the_table(cli: Cli) -> None:
    assert "reviews" not in json.loads(cli("screen", AVERY, "--format", "json").stdout)
    assert "reviews" not in cli("screen", AVERY, "--format", "csv").stdout.splitlines()[0].split(",")


# The shipped agencies.


@pytest.mark.parametrize(
    ("union_id", "agency", "ori"),
    [
        ("us-ca-oakland-police-officers-association", "Oakland Police Department", "CA0010900"),
        ("us-nv-las-vegas-police-protective-association", "Las Vegas Metropolitan Police Department", "NV0020100"),
        ("us-ny-police-benevolent-association-of-the-city-of-new-york", "New York City Police Department", "NY0303000"),
        ("us-ca-sacramento-county-deputy-sheriffs-association", "Sacramento County Sheriff's Office", "CA0340000"),
    ],
)
def test_unions_of_plain_names_have_their_agency(union_id: str, agency: str, ori: str) -> None:
    (row,) = [each for each in load_agencies().rows if each.union_id == union_id]
    assert (row.agency, row.ori, row.basis) == (agency, ori, "name and FBI list")


@pytest.mark.parametrize(
    "union_id",
    [
        "us-ar-paragould-fraternal-order-of-police-lodge-87",
        "us-ca-san-francisco-officers-for-justice",
        "us-fraternal-order-of-police",
    ],
)
def test_unions_whose_agency_no_name_states_have_none(union_id: str) -> None:
    assert union_id in load_unions().unions
    assert not [each for each in load_agencies().rows if each.union_id == union_id]


def test_a_town_and_a_city_of_one_name_are_two_agencies() -> None:
    (town,) = load_agencies().find("Town of Newburgh Police Department", "NY")
    assert town.agency == "Newburgh Town Police Department"
    (city,) = load_agencies().find("City of Newburgh Police Department", "NY")
    assert (city.agency, city.ori == town.ori) == ("Newburgh Police Department", False)
