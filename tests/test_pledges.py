"""Before and after a pledge; who pledged, and where that is documented."""

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
from unionscreen.accounting.periods import Days
from unionscreen.errors import UsageError
from unionscreen.lists import day_span
from unionscreen.pledges import check_pledges, load_pledges
from unionscreen.screening.pledge import pledge_money
from unionscreen.screening.result import Flag
from unionscreen.screening.verdicts import judge
from unionscreen.unions import load_unions

Cli = Callable[..., Result]
AVERY = Path(__file__).resolve().parents[1] / "examples" / "netfile-avery.csv"
PLEDGED = date(2021, 9, 10)


@dataclass
class Row:
    """A flagged row, as far as a pledge asks."""

    row: int
    date: date | None
    amount_cents: int
    status: str = "active"
    status_cause: str | None = None
    tier: str | None = "listed"
    kind: str = "monetary"
    source: str = "f.csv"
    contributor: str = "POA"


def test_gifts_fall_on_both_sides_and_the_day_itself_is_after() -> None:
    rows = [Row(1, date(2021, 9, 9), 100), Row(2, PLEDGED, 200), Row(3, date(2022, 1, 1), 400), Row(4, None, 800)]
    pledge = pledge_money(PLEDGED, None, rows)
    assert (pledge.before.gross, pledge.after.gross, pledge.undated.gross) == (100, 600, 800)
    assert (pledge.before.gifts, pledge.after.gifts, pledge.undated.gifts) == (1, 2, 1)


def test_a_refund_counts_on_the_side_of_its_gift_with_the_days_kept() -> None:
    gift = Row(1, date(2021, 9, 1), 140_000, "refunded", "f.csv:2")
    pledge = pledge_money(PLEDGED, None, [gift, Row(2, date(2021, 9, 20), -140_000)])
    assert (pledge.before.net, pledge.after.refunded) == (0, 0)
    (returned,) = pledge.returned
    assert (returned.days_kept, returned.returned_on, returned.side) == (19, date(2021, 9, 20), "before")


def test_a_refund_of_no_known_gift_counts_on_its_own_day() -> None:
    pledge = pledge_money(PLEDGED, None, [Row(1, date(2021, 9, 20), 500, kind="refund")])
    assert (pledge.after.refunded, pledge.after.net) == (500, -500)


def test_one_refund_of_gifts_on_both_sides_is_parted() -> None:
    rows = [
        Row(1, date(2021, 9, 1), 100, "refunded", "f.csv:3"),
        Row(2, date(2021, 9, 11), 200, "refunded", "f.csv:3"),
        Row(3, date(2021, 9, 20), -300),
    ]
    pledge = pledge_money(PLEDGED, None, rows)
    assert (pledge.before.refunded, pledge.after.refunded) == (100, 200)


def test_what_is_not_on_the_list_is_in_the_sums_and_said_apart() -> None:
    pledge = pledge_money(PLEDGED, None, [Row(1, PLEDGED, 100), Row(2, PLEDGED, 50, tier="pattern")])
    assert (pledge.after.gross, pledge.after.pattern_net) == (150, 50)


@pytest.mark.parametrize("status", ["superseded", "memo", "duplicate", "covered", "void"])
def test_rows_in_no_sum_are_on_no_side(status: str) -> None:
    assert pledge_money(PLEDGED, None, [Row(1, PLEDGED, 100, status)]).after.gross == 0


def test_loans_are_on_no_side() -> None:
    rows = [Row(1, PLEDGED, 100, kind="loan"), Row(2, PLEDGED, -100, kind="loan")]
    assert pledge_money(PLEDGED, None, rows).after.net == 0


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(
        "prosecutor,recipient,jurisdiction,pledge_date,source\n"
        "Jordan Avery,Jordan Avery for District Attorney 2022,Sacramento,2021-09-10,https://example.org/p\n"
        "Sam Roe,Roe for DA,Elsewhere,2020-06-01,https://example.org/q\n"
    )
    return path


def test_both_sides_add_up_to_what_is_flagged(roster: Path) -> None:
    (entry,) = unionscreen.screen([AVERY], roster=roster).prosecutors
    assert entry.pledge is not None
    assert sum(side.net for side in entry.pledge.sides.values()) == entry.flagged.net


def test_json_holds_the_pledge_with_its_source_only_where_there_is_one(roster: Path) -> None:
    (entry,) = unionscreen.screen([AVERY], roster=roster).to_dict()["prosecutors"]
    assert entry["pledge"]["source"] == "https://example.org/p"
    assert entry["pledge"]["after"]["net"] == "12650.00"
    assert entry["pledge"]["returned"][0]["days_kept"] == 19
    (entry,) = unionscreen.screen([AVERY]).to_dict()["prosecutors"]
    assert "pledge" not in entry


def test_the_table_shows_before_and_after(cli: Cli, roster: Path) -> None:
    shown = cli("screen", "examples/netfile-avery.csv", "--roster", roster).stdout
    assert "Pledged 2021-09-10 (https://example.org/p)" in shown
    assert "$1,400.00 of 2021-09-01 returned on 2021-09-20, kept 19 days" in shown


def test_all_signers_are_checked_and_the_absent_are_named(cli: Cli, roster: Path) -> None:
    result = cli("pledges", "check", roster, "examples/netfile-avery.csv", "--format", "json")
    found = json.loads(result.stdout)
    assert [each["prosecutor"] for each in found["signers"]] == ["Jordan Avery"]
    assert found["not_in_these_filings"] == ["Sam Roe"]


def test_the_csv_has_a_row_per_signer_and_side(cli: Cli, roster: Path) -> None:
    result = cli("pledges", "check", roster, "examples/netfile-avery.csv", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["side"], row["net"]) for row in rows][:2] == [("before", "0.00"), ("after", "12650.00")]


@pytest.mark.parametrize(
    ("name", "asked", "begins"),
    [
        ("p.csv", (), "prosecutor,"),
        ("p.json", (), "{"),
        ("p.txt", (), "Jordan Avery"),
        ("p", (), "Jordan Avery"),
        ("p.csv", ("--format", "json"), "{"),
    ],
)
def test_the_suffix_says_what_is_written_unless_a_format_is_asked_for(
    cli: Cli, roster: Path, tmp_path: Path, name: str, asked: tuple[str, ...], begins: str
) -> None:
    path = tmp_path / name
    assert cli("pledges", "check", roster, "examples/netfile-avery.csv", "--out", path, *asked).exit_code == 0
    assert path.read_text().startswith(begins)


@pytest.mark.parametrize("suffix", [".xlsx", ".sqlite", ".parquet", ".jsonl"])
def test_every_format_of_tables_has_the_money_of_both_sides(
    cli: Cli, roster: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"p{suffix}"
    assert cli("pledges", "check", roster, "examples/netfile-avery.csv", "--out", path).exit_code == 0
    if suffix == ".xlsx":
        rows = pd.read_excel(path, "Pledges", engine="calamine")
    elif suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            rows = pd.read_sql("SELECT *, net_cents / 100 AS net FROM pledges", database)
    elif suffix == ".parquet":
        rows = pd.read_parquet(path)
    else:
        rows = pd.read_json(path, lines=True).query("record == 'pledges'")
    assert [*zip(rows.side, rows.net.astype(float), strict=True)][:2] == [("before", 0), ("after", 12650)]


def test_a_suffix_that_means_nothing_is_refused_before_anything_is_read(cli: Cli, tmp_path: Path) -> None:
    result = cli("pledges", "check", "none.csv", "none.csv", "--out", tmp_path / "p.docx")
    assert (result.exit_code, "no format has the suffix .docx" in result.stderr) == (2, True)


def test_money_kept_after_a_pledge_can_fail_a_script(cli: Cli, roster: Path) -> None:
    arguments = ("pledges", "check", roster, "examples/netfile-avery.csv")
    assert (cli(*arguments).exit_code, cli(*arguments, "--fail-on-flag").exit_code) == (0, 1)


def test_signers_without_committees_are_found_by_name_and_place(tmp_path: Path) -> None:
    path = tmp_path / "signers.csv"
    path.write_text('prosecutor,state,pledge_date,source\n"Avery, Jordan",CA,2021-09-10,https://example.org/p\n')
    assert [each.prosecutor for each in check_pledges(path, [AVERY]).broken] == ["Jordan Avery"]


@pytest.mark.parametrize(
    ("said", "found"), [("", False), ("Sacramento County", True), ("San Joaquin County", False), ("San Diego", False)]
)
def test_a_namesake_of_another_place_is_not_the_signer(tmp_path: Path, said: str, found: bool) -> None:
    filing = tmp_path / "f.csv"
    filing.write_text(
        "Recipient Name,Office,Jurisdiction,Contributor Name,Amount,Date\n"
        f"Jordan Avery,District Attorney,{'Sacramento' if 'Sac' in said else 'San Mateo'},"
        "San Diego Police Officers Association,5.00,2022-01-01\n"
    )
    path = tmp_path / "signers.csv"
    path.write_text(f"prosecutor,jurisdiction,pledge_date,source\nJordan Avery,{said},2021-09-10,https://example.org\n")
    assert bool(check_pledges(path, [filing]).broken) is found


def test_accents_do_not_hide_a_signer(tmp_path: Path) -> None:
    filing = tmp_path / "f.csv"
    filing.write_text(
        "Recipient Name,Jurisdiction,Contributor Name,Amount,Date\n"
        "GEORGE GASCON FOR DISTRICT ATTORNEY,Los Angeles,San Diego Police Officers Association,5.00,2020-06-02\n"
    )
    (entry,) = check_pledges(None, [filing]).broken
    assert entry.pledge_source is not None
    assert entry.pledge_source.startswith("https://www.mercurynews")


def test_the_shipped_signers_can_be_listed_with_their_sources(cli: Cli) -> None:
    shown = cli("pledges", "list").stdout
    assert "Larry Krasner (District Attorney, Philadelphia, PA)" in shown
    assert json.loads(cli("pledges", "list", "--json").stdout)[0]["source"].startswith("https://")


def test_a_roster_without_pledges_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("prosecutor,recipient\nJordan Avery,Jordan Avery for District Attorney 2022\n")
    with pytest.raises(UsageError, match="nobody on the roster has a pledge date"):
        check_pledges(path, [AVERY])


@pytest.mark.parametrize(("check_date", "noted"), [("2021-12-20", True), ("", False)])
def test_the_day_of_the_gift_decides_not_the_day_of_the_check(
    cli: Cli, tmp_path: Path, check_date: str, noted: bool
) -> None:
    filing, people = tmp_path / "f.csv", tmp_path / "people.csv"
    filing.write_text(
        "Date,Donor,Amount,Check Date,Recipient\n"
        f"2022-03-01,Oakland Police Officers Association,500,{check_date},Roe for District Attorney\n"
    )
    people.write_text(
        "prosecutor,recipient,pledge_date,source\nSam Roe,Roe for District Attorney,2022-01-01,https://example.org/q\n"
    )
    result = cli("pledges", "check", people, filing, "--format", "json")
    (signer,) = json.loads(result.stdout)["signers"]
    assert [signer["pledge"][side]["net"] for side in ("before", "after", "undated")] == ["0.00", "500.00", "0.00"]
    assert ('dates are of "Date"; "Check Date" is not used' in result.stderr) is noted


# The shipped list.


def test_every_shipped_signer_has_a_day_an_office_a_place_and_a_source() -> None:
    signers = load_pledges()
    assert signers
    for each in signers:
        assert each.office
        assert each.jurisdiction
        assert len(each.state) == 2
        assert each.source.startswith("https://")
        assert date(2018, 1, 1) <= each.pledge_date


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Jane Roe,2020-06-01,", "the pledge of Jane Roe has no published source"),
        ("Jane Roe,2020-06-01,general knowledge", "has no published source"),
        ("Jane Roe,2020-06-01,https://", "has no published source"),
        ("Jane Roe,2020-06-01,https:///statement", "has no published source"),
        ("Jane Roe,2020-06-01,file://example.org/p", "has no published source"),
        ("Jane Roe,2020-06-01,//example.org/p", "has no published source"),
        ("Jane Roe,June 2020,https://example.org", "'June 2020' is not a pledge date"),
        (",2020-06-01,https://example.org", "has no prosecutor"),
    ],
)
def test_nothing_unsourced_about_a_person_is_loaded(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "pledges.csv"
    path.write_text(f"prosecutor,pledge_date,source\n{row}\n")
    with pytest.raises(UsageError, match=message):
        load_pledges(path)


def test_a_person_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pledges.csv"
    path.write_text("prosecutor,pledge_date,source\n" + "Jane Roe,2020-06-01,https://example.org\n" * 2)
    with pytest.raises(UsageError, match="Jane Roe is listed twice"):
        load_pledges(path)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A signer's own list, which says nowhere whose it is."""
    path = tmp_path / "log.csv"
    path.write_text("Contributor,Amount,Date\nFraternal Order of Police Lodge 5,100,2022-01-02\n")
    return path


@pytest.mark.parametrize("recipient", ["Jordan Avery", "Friends of Jordan Avery", "Avery for District Attorney 2022"])
def test_a_list_that_names_no_recipient_is_checked_for_the_one_named(
    cli: Cli, tmp_path: Path, log: Path, recipient: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "prosecutor,office,jurisdiction,pledge_date,source\n"
        "Jordan Avery,District Attorney,Sacramento,2021-09-10,https://example.org/p\n"
    )
    result = cli("pledges", "check", people, log, "--recipient", recipient, "--format", "json")
    (signer,) = json.loads(result.stdout)["signers"]
    assert (signer["prosecutor"].split()[-1], signer["pledge"]["after"]["net"]) == ("Avery", "100.00")
    assert cli("pledges", "check", people, log).exit_code == 2


@pytest.mark.parametrize("recipient", ["Jordan Avery", "Jordan Avery for District Attorney 2022"])
def test_the_one_named_may_be_a_person_or_a_committee_of_the_roster(
    cli: Cli, roster: Path, log: Path, recipient: str
) -> None:
    found = json.loads(cli("pledges", "check", roster, log, "--recipient", recipient, "--format", "json").stdout)
    assert [(each["prosecutor"], each["pledge"]["after"]["net"]) for each in found["signers"]] == [
        ("Jordan Avery", "100.00")
    ]
    assert found["not_in_these_filings"] == ["Sam Roe"]


def test_a_recipient_who_pledged_nothing_is_said(cli: Cli, roster: Path, log: Path) -> None:
    result = cli("pledges", "check", roster, log, "--recipient", "Ann Poe", "--format", "json")
    assert json.loads(result.stdout)["signers"] == []
    assert "--recipient Ann Poe: no signer has this name" in result.stderr


@pytest.mark.parametrize(
    ("signed", "filed", "found"),
    [
        ("Orleans Parish", "Orleans", True),
        ("Orleans", "Parish of Orleans", True),
        ("Orleans Parish", "Jefferson Parish", False),
        ("City and County of Elm", "Elm", True),
        ("Elm County", "Bell County", False),
        ("The District of Elm", "Elm", True),
        ("East Elm", "Elm County", True),
        ("Caddo Parish", "First Judicial Circuit: Caddo", True),
        ("East Elm", "West Elm", False),
    ],
)
def test_the_words_for_a_sort_of_place_tell_no_two_places_apart(
    tmp_path: Path, signed: str, filed: str, found: bool
) -> None:
    filing, signers = tmp_path / "f.csv", tmp_path / "signers.csv"
    filing.write_text(
        "Recipient Name,Office,Jurisdiction,Contributor Name,Amount,Date\n"
        f"Jordan Avery,District Attorney,{filed},San Diego Police Officers Association,5.00,2022-01-01\n"
    )
    signers.write_text(f"prosecutor,jurisdiction,pledge_date,source\nJordan Avery,{signed},2021-09-10,http://e.org\n")
    check = check_pledges(signers, [filing])
    assert (bool(check.broken), check.missing) == (found, () if found else ("Jordan Avery",))


def test_what_another_recipient_took_is_not_the_signers_whom_the_user_named(tmp_path: Path, log: Path) -> None:
    people, other = tmp_path / "people.csv", tmp_path / "other.csv"
    people.write_text(
        'prosecutor,pledge_date,source,tiers\nJordan Avery,2021-09-10,https://example.org/p,"listed, pattern"\n'
    )
    other.write_text(
        "Recipient,Contributor,Amount,Date\nElm Forward,Fraternal Order of Police Lodge 5,900,2022-01-02\n"
    )
    (entry,) = check_pledges(people, [log, other], recipient="Jordan Avery").broken
    assert entry.pledge is not None
    assert (entry.recipients, entry.pledge.after.net) == (("Jordan Avery",), 10000)


# Verdicts: the table of cases says what each must be.

CASES = Path(__file__).parent / "cases"


def _cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _flags(text: str) -> list[Flag]:
    """Gifts of a case: "DATE DOLLARS name=value ...", with semicolons between them."""
    return [_flag(number, each.split()) for number, each in enumerate(filter(None, text.split(";")), 2)]


def _flag(number: int, words: list[str]) -> Flag:
    day, dollars, *rest = words
    own = {"union": "us-ca-san-diego-police-officers-association", "kind_of": "police", "tier": "listed"}
    own |= dict(each.split("=") for each in rest)
    return Flag(
        source="f.csv",
        row=int(own.get("row", number)),
        recipient="Roe for DA",
        contributor=own.get("donor", "San_Diego_POA").replace("_", " "),
        date=None if day == "none" else date.fromisoformat(day),
        amount_cents=round(float(dollars) * 100),
        kind=own.get("kind", "monetary"),
        status="refunded" if "refunded" in own else own.get("status", "active"),
        tier=own["tier"],
        union_id=own["union"] if own["tier"] == "listed" else None,
        union=None,
        union_kind=own["kind_of"],
        score=90,
        why="",
        status_cause=f"f.csv:{own['refunded']}" if "refunded" in own else None,
        decision=own.get("decision"),
        could_be=own.get("could_be"),
    )


def _one(tmp_path: Path, **cells: str) -> Path:
    path = tmp_path / "pledges.csv"
    row = {"prosecutor": "Jane Roe", "source": "https://example.org/p", **cells}
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


@pytest.mark.parametrize("case", _cases("pledge_verdicts.csv"), ids=lambda case: case["case"])
def test_the_verdict_is_what_the_words_the_rows_and_the_days_allow(tmp_path: Path, case: dict[str, str]) -> None:
    cells = dict(each.split("=", 1) for each in case["terms"].split(";"))
    ended = {"end_source": "https://example.org/e"} if "ended" in cells else {}
    (signer,) = load_pledges(_one(tmp_path, **cells, **ended))
    days = day_span(case["covers"])
    found = judge(signer.judged_by, _flags(case["gifts"]), [Days(*days)] if days else [], load_unions())
    assert (found.verdict, case["why"] in "; ".join(found.why)) == (case["verdict"], True), found.why


@pytest.mark.parametrize("case", _cases("pledge_cells.csv"), ids=lambda case: f"{case['column']}={case['cell']}")
def test_a_cell_that_says_nothing_usable_is_refused_with_file_line_and_cell(
    tmp_path: Path, case: dict[str, str]
) -> None:
    path = _one(tmp_path, **{"pledge_date": "2020-08-24", "end_source": "https://e.org", case["column"]: case["cell"]})
    with pytest.raises(UsageError) as raised:
        load_pledges(path)
    assert (raised.value.source, raised.value.row, raised.value.cell) == (str(path), 2, case["cell"])
    assert raised.value.message == case["message"]


def test_an_end_without_a_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the end of the pledge of Jane Roe has no published source"):
        load_pledges(_one(tmp_path, pledge_date="2020-08-24", ended="2021"))


def test_a_person_may_have_two_pledges_and_each_has_its_verdict(tmp_path: Path) -> None:
    path = tmp_path / "signers.csv"
    path.write_text(
        "prosecutor,state,pledge_date,pledge,source,unions\n"
        "Jordan Avery,CA,2021-09-10,all,https://example.org/p,\n"
        "Jordan Avery,CA,2021,FOP only,https://example.org/q,us-fraternal-order-of-police\n"
    )
    found = check_pledges(path, [AVERY])
    assert [(each.signer.pledge, each.verdict.verdict) for each in found.checked] == [
        ("all", "broken"),
        ("FOP only", "kept"),
    ]
    assert len(found.screening.prosecutors) == 1
    assert found.checked[1].verdict.covered == (Days(date(2022, 1, 1), date(2022, 4, 23)),)


def test_gifts_within_the_month_of_a_pledge_are_on_a_side_of_their_own(roster: Path, cli: Cli) -> None:
    roster.write_text(roster.read_text().replace("2021-09-10", "2021-09"))
    (entry,) = unionscreen.screen([AVERY], roster=roster).prosecutors
    assert entry.pledge is not None
    assert sum(side.net for side in entry.pledge.sides.values()) == entry.flagged.net
    assert entry.pledge.unclear.gross == 140_000
    assert "Pledged 2021-09 (https://example.org/p)" in cli("screen", AVERY, "--roster", roster).stdout


def test_a_saved_result_keeps_the_month_of_a_pledge(roster: Path, tmp_path: Path) -> None:
    roster.write_text(roster.read_text().replace("2021-09-10", "2021-09"))
    screening = unionscreen.screen([AVERY], roster=roster)
    unionscreen.write_report(screening, tmp_path / "result.json")
    assert unionscreen.load_result(tmp_path / "result.json").prosecutors[0].pledge == screening.prosecutors[0].pledge


def test_pledges_check_prints_verdicts_with_rows_and_days(cli: Cli, roster: Path, tmp_path: Path) -> None:
    shown = cli("pledges", "check", roster, "examples/netfile-avery.csv").stdout
    assert "BROKEN: " in shown
    assert "examples/netfile-avery.csv:22: not returned" in shown
    found = json.loads(cli("pledges", "check", roster, "examples/netfile-avery.csv", "--format", "json").stdout)
    avery, roe = found["verdicts"]
    assert (avery["verdict"], avery["days_covered"]) == (
        "broken",
        [{"begin": "2021-09-11", "end": "2022-04-23"}],
    )
    assert avery["days_not_covered"] == [{"begin": "2022-04-24", "end": None}]
    assert {row["answer"] for row in avery["rows"]} == {"not returned", "cannot be decided"}
    assert (roe["verdict"], roe["why"][0][:22]) == ("cannot be decided", "not in these filings, ")
    out = tmp_path / "p.xlsx"
    cli("pledges", "check", roster, "examples/netfile-avery.csv", "--out", out)
    assert list(pd.read_excel(out, "Verdicts", engine="calamine").verdict) == ["broken", "cannot be decided"]
    assert "examples/netfile-avery.csv" in set(pd.read_excel(out, "Rows of verdicts", engine="calamine").source)


def test_the_csv_has_the_verdict_beside_the_money(cli: Cli, roster: Path) -> None:
    result = cli("pledges", "check", roster, "examples/netfile-avery.csv", "--format", "csv")
    assert {row["verdict"] for row in csv.DictReader(io.StringIO(result.stdout))} == {"broken"}


def test_the_days_that_filings_cover_can_be_given(cli: Cli, log: Path, tmp_path: Path) -> None:
    people = _one(tmp_path, pledge_date="2022-06-01")
    arguments = ("pledges", "check", people, log, "--recipient", "Jane Roe")
    assert "CANNOT BE DECIDED: no gift" in cli(*arguments).stdout
    result = cli(*arguments, "--covers", "2022")
    assert "KEPT: no gift that it covers is flagged on the days that the filings cover: 2022-06-02" in result.stdout
    assert "is what you said" in result.stderr
    refused = cli(*arguments, "--covers", "last year")
    assert (refused.exit_code, "--covers: 'last year' is not FROM/TO" in refused.stderr) == (2, True)


def test_a_gift_that_only_the_union_reports_keeps_a_pledge_from_being_kept(tmp_path: Path) -> None:
    path = tmp_path / "signers.csv"
    path.write_text("prosecutor,state,pledge_date,source\nJordan Avery,CA,2022-04-22,https://example.org/p\n")
    (alone,) = check_pledges(path, [AVERY]).checked
    assert alone.verdict.verdict == "kept"
    payer = AVERY.with_name("netfile-willow-bend.csv")
    only = [gift for gift in unionscreen.screen([AVERY, payer]).books.gifts if gift.shown == "only by the giver"]
    path.write_text(path.read_text().replace("2022-04-22", "2022-03-16"))
    (checked,) = check_pledges(path, [AVERY, payer]).checked
    assert only
    assert (checked.verdict.verdict, only[0].giver_row in checked.verdict.why[0]) == ("cannot be decided", True)


def test_the_shipped_pledges_are_of_different_words() -> None:
    signers = {(each.prosecutor, each.pledge): each for each in load_pledges()}
    assert len(signers) == 19
    assert signers["Chesa Boudin", "No Cash From Cops"].judged_by.unions == ("us-fraternal-order-of-police",)
    assert signers["Joe Gonzales", "joint statement 2020"].judged_by.made == "2020-08"
    assert signers["Diana Becton", "letter to the State Bar"].judged_by.is_pledge == "no"
    assert signers["TJ Donovan", "own statement"].judged_by.covers == ("contributions",)
    assert signers["John Hummel", "own statement"].judged_by.individuals


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"is_pledge": "no"}, "not a pledge, a statement of 2021-06-01"),
        ({"is_pledge": "unclear"}, "perhaps not a pledge, a statement of 2021-06-01"),
        ({"covers": "endorsements"}, "pledged 2021-06-01"),
    ],
)
def test_nobody_is_said_to_have_pledged_what_the_source_does_not_show(
    cli: Cli, tmp_path: Path, log: Path, cells: dict[str, str], says: str
) -> None:
    people = _one(tmp_path, pledge_date="2021-06-01", **cells)
    arguments = ("pledges", "check", people, log, "--recipient", "Jane Roe")
    shown = cli(*arguments).stdout
    assert says in shown
    assert "CANNOT BE DECIDED" in shown
    assert "on the day or after" not in shown
    found = json.loads(cli(*arguments, "--format", "json").stdout)
    assert "pledge" not in found["signers"][0]
    assert found["verdicts"][0]["rows"] == []
    assert cli(*arguments, "--fail-on-flag").exit_code == 0


# Who the signer is: a namesake is not, and a name alone leaves it open.

TENNESSEE = (
    '"Type","Adj","Amount","Date","Election Year","Report Name","Recipient Name","Contributor Name",'
    '"Contributor Address","Contributor Occupation","Contributor Employer","Description"\n'
    'Monetary,N,$500.00,02/16/2022,2022,1st Quarter,"AVERY, JORDAN (DIST. ATTY.)","MEMPHIS POLICE ASSOCIATION",'
    '"1 ELM, MEMPHIS, TN, 38583",,,\n'
)


@pytest.mark.parametrize("case", _cases("pledge_namesakes.csv"), ids=lambda case: case["case"])
def test_only_the_signer_is_judged_and_never_a_namesake(tmp_path: Path, case: dict[str, str]) -> None:
    path = _one(
        tmp_path, prosecutor="Jordan Avery", pledge_date="2022-01-15",
        **{name: case[name] for name in ("office", "jurisdiction", "state")},
    )  # fmt: skip
    filing = AVERY
    if case["filing"] != "netfile":
        filing = tmp_path / "f.csv"
        plain = "Recipient Name,Jurisdiction,Contributor Name,Amount,Date\nJordan Avery for {},{},{},5.00,2022-03-01\n"
        office, _, place = case["filing"].partition(" in ")
        union = "San Diego Police Officers Association"
        filing.write_text(TENNESSEE if office == "tn" else plain.format(office, f'"{place}"', union))
    (checked,) = check_pledges(path, [filing]).checked
    found = (checked.verdict.verdict, case["why"] in checked.verdict.why[0], bool(checked.recipients))
    assert found == (case["verdict"], True, case["found"] == "yes"), checked.verdict.why


def _signers(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "signers.csv"
    lines = ["prosecutor,office,jurisdiction,state,pledge_date,source,pledge", *rows]
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@pytest.mark.parametrize("place", ["", "Washington County"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_signer_is_never_judged_by_the_filings_of_a_namesake_in_another_state(
    tmp_path: Path, place: str, order: int
) -> None:
    states = ["NY", "TN"][::order]
    rows = (f"Jordan Avery,,{place},{state},2022-01-15,https://example.org/{state}," for state in states)
    filing = tmp_path / "f.csv"
    filing.write_text(TENNESSEE)
    check = check_pledges(_signers(tmp_path, *rows), [filing])
    verdicts = {each.signer.state: (each.verdict.verdict, bool(each.recipients)) for each in check.checked}
    assert verdicts == {"NY": ("cannot be decided", False), "TN": ("broken", True)}
    assert check.missing == (", ".join(filter(None, ("Jordan Avery", place, "NY"))),)
    assert [each.pledge_source for each in check.screening.prosecutors] == ["https://example.org/TN"]


@pytest.mark.parametrize("recipient", [None, "Jordan Avery"])
def test_a_pledge_of_one_of_two_namesakes_is_not_decided_where_nothing_shows_which_of_them_it_is(
    cli: Cli, tmp_path: Path, log: Path, recipient: str | None
) -> None:
    path = _signers(
        tmp_path,
        "Jordan Avery,District Attorney,Washington County,NY,2020-01-15,https://example.org/p,",
        "Jordan Avery,District Attorney,Washington County,CA,2021-01-15,https://example.org/q,",
    )
    if recipient is None:
        log.write_text(
            "Recipient Name,Jurisdiction,Contributor Name,Amount,Date\n"
            "Jordan Avery for District Attorney,Washington County,Fraternal Order of Police Lodge 5,5.00,2022-01-02\n"
        )
    check = check_pledges(path, [log], recipient=recipient)
    assert [each.verdict.verdict for each in check.checked] == ["cannot be decided"] * 2
    assert all("several signers have this name" in "; ".join(each.verdict.why) for each in check.checked)
    (entry,) = check.screening.prosecutors
    assert (entry.pledge, check.broken) == (None, ())


def test_an_entry_of_two_rows_for_one_person_is_counted_once(cli: Cli, tmp_path: Path) -> None:
    path = _signers(
        tmp_path,
        "Jordan Avery,,,CA,2021-09-10,https://example.org/p,one",
        "Jordan Avery,,Sacramento,CA,2022-04-22,https://example.org/q,two",
    )
    result = cli("pledges", "check", path, AVERY, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["side"], row["pledge_date"]) for row in rows] == [
        (side, "2021-09-10") for side in ("before", "after", "undated")
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_namesakes_on_a_roster_have_their_own_committees_and_pledges(tmp_path: Path, order: int) -> None:
    people = [("Sacramento", "2022-01-15"), ("Kings County", "2022-01-15")][::order]
    path, filing = tmp_path / "roster.csv", tmp_path / "f.csv"
    path.write_text("prosecutor,recipient,jurisdiction,pledge_date,source\n")
    filing.write_text("Recipient Name,Contributor Name,Amount,Date\n")
    for place, day in people:
        with path.open("a") as handle:
            handle.write(f"Jordan Avery,Avery in {place},{place},{day},https://example.org/{place[:5]}\n")
    with filing.open("a") as handle:
        handle.write("Avery in Sacramento,San Diego Police Officers Association,5.00,2022-03-01\n")
        handle.write("Avery in Kings County,Elm Bakery,5.00,2022-03-01\n")
    check = check_pledges(path, [filing])
    verdicts = {each.signer.jurisdiction: (each.verdict.verdict, each.recipients) for each in check.checked}
    assert verdicts == {
        "Sacramento": ("broken", ("Avery in Sacramento",)),
        "Kings County": ("cannot be decided", ("Avery in Kings County",)),
    }


@pytest.mark.parametrize("order", [1, -1])
def test_namesakes_on_a_roster_in_counties_of_one_name_are_distinguished_by_the_state(
    cli: Cli, tmp_path: Path, order: int
) -> None:
    path, filing = tmp_path / "roster.csv", tmp_path / "filings" / "f.csv"
    filing.parent.mkdir()
    path.write_text("Prosecutor,Recipient,County,Pledge Date,source,State\n")
    for state in ["NY", "TN"][::order]:
        with path.open("a") as handle:
            handle.write(
                f"Jordan Avery,Avery {state},Washington County,2022-01-15,https://example.org/{state},{state}\n"
            )
    filing.write_text(
        "Recipient Name,Contributor Name,Amount,Date\n"
        "Avery NY,Elm Bakery,5.00,2022-03-01\n"
        "Avery TN,San Diego Police Officers Association,700.00,2022-03-01\n"
    )
    check = check_pledges(path, [filing])
    verdicts = {each.signer.state: (each.verdict.verdict, each.recipients) for each in check.checked}
    assert verdicts == {"NY": ("cannot be decided", ("Avery NY",)), "TN": ("broken", ("Avery TN",))}
    written = tmp_path / "written.csv"  # a roster that was read and written again distinguishes them too
    assert cli("prosecutors", filing, "--roster", path, "--out", written).exit_code == 0
    assert cli("batch", filing.parent, "--roster", written, "--out", tmp_path / "out.csv").exit_code == 0
    with (tmp_path / "out.prosecutors.csv").open() as handle:
        people = {(row["recipients"], row["raised_cents"], row["person_id"]) for row in csv.DictReader(handle)}
    assert people == {
        ("Avery NY", "500", "person:ny/jordan-avery/prosecuting-attorney"),
        ("Avery TN", "70000", "person:tn/jordan-avery/prosecuting-attorney"),
    }


def test_a_place_in_another_state_than_the_one_given_for_the_filing_leaves_the_signer_in_doubt(tmp_path: Path) -> None:
    path = _signers(tmp_path, "Jordan Avery,,Washington County,NY,2022-01-15,https://example.org/p,")
    filing = tmp_path / "f.csv"
    filing.write_text(
        "Recipient Name,Jurisdiction,Contributor Name,Amount,Date\n"
        'Jordan Avery for DA,"Washington County, TN",San Diego Police Officers Association,5,2022-03-01\n'
    )
    (checked,) = check_pledges(path, [filing], state="NY").checked
    assert (checked.verdict.verdict, "NY, TN" in "; ".join(checked.verdict.why)) == ("cannot be decided", True)


def test_the_money_of_a_namesake_is_not_below_a_signer_of_whom_only_the_name_is_known(cli: Cli, tmp_path: Path) -> None:
    filing = tmp_path / "f.csv"
    filing.write_text(TENNESSEE)
    rows = ("Jordan Avery,,,,2022-01-15,https://example.org/p,", "Jordan Avery,,,TN,2022-01-15,https://example.org/q,")
    path = _signers(tmp_path, *rows)
    result = cli("pledges", "check", path, filing)
    shown = [part.count("  before: ") for part in result.stdout.split("pledged 2022-01-15, https://example.org/")[1:]]
    assert (shown, "2 signers in these filings, 0 not" in result.stderr) == ([0, 1], True)
    written = csv.DictReader(io.StringIO(cli("pledges", "check", path, filing, "--format", "csv").stdout))
    assert {(row["pledge_source"][-1], row["verdict"]) for row in written} == {("q", "broken")}


def test_two_committees_with_one_name_are_not_one_signers(cli: Cli, tmp_path: Path) -> None:
    """The verdict on one is not beside the money of the other."""
    filing = tmp_path / "f.csv"
    filing.write_text(
        "Recipient Name,Recipient ID,Jurisdiction,Contributor Name,Amount,Date\n"
        "Jordan Avery for District Attorney,1,Sacramento,San Diego Police Officers Association,5.00,2022-03-01\n"
        "Jordan Avery for District Attorney,2,Kings County,Elm Bakery,5.00,2022-03-01\n"
    )
    path = _signers(
        tmp_path,
        "Jordan Avery,,Sacramento,CA,2022-01-15,https://example.org/p,",
        "Jordan Avery,,Kings County,NY,2022-01-15,https://example.org/q,",
    )
    check = check_pledges(path, [filing])
    assert [each.verdict.verdict for each in check.checked] == ["broken", "cannot be decided"]
    assert [each.jurisdiction for each in check.broken] == ["Sacramento"]
    rows = csv.DictReader(io.StringIO(cli("pledges", "check", path, filing, "--format", "csv").stdout))
    assert {(row["pledge_source"][-1], row["verdict"]) for row in rows} == {
        ("p", "broken"), ("q", "cannot be decided"),
    }  # fmt: skip
    shown = cli("pledges", "check", path, filing).stdout.split("Jordan Avery (")
    assert [(part.split(")")[0], part.count("  before: ")) for part in shown[1:]] == [
        ("Kings County, NY", 1), ("Sacramento, CA", 1),
    ]  # fmt: skip


def test_the_verdict_is_beside_the_money_of_a_committee_whose_name_holds_a_semicolon(cli: Cli, tmp_path: Path) -> None:
    filing = tmp_path / "f.csv"
    filing.write_text(
        "Recipient Name,Contributor Name,Amount,Date\n"
        "Avery; the People's Committee,San Diego Police Officers Association,5.00,2022-03-01\n"
    )
    path = tmp_path / "roster.csv"
    path.write_text(
        "prosecutor,recipient,pledge_date,source\n"
        "Jordan Avery,Avery; the People's Committee,2022-01-15,https://example.org/p\n"
    )
    rows = csv.DictReader(io.StringIO(cli("pledges", "check", path, filing, "--format", "csv").stdout))
    assert {row["verdict"] for row in rows} == {"broken"}


def test_a_committee_for_another_office_of_a_signer_keeps_a_pledge_from_being_kept(tmp_path: Path) -> None:
    filing = tmp_path / "f.csv"
    path = _one(tmp_path, office="DA", state="CA", jurisdiction="Elm", pledge_date="2022-01-15")
    filing.write_text(
        "Recipient Name,Jurisdiction,Contributor Name,Amount,Date\n"
        "Jane Roe for District Attorney,Elm,Elm Bakery,5.00,2022-03-01\n"
        '"Jane Roe for Attorney General","Elm, CA",San Diego Police Officers Association,5.00,2022-03-01\n'
    )
    days = (date(2022, 1, 1), date(2022, 12, 31))
    (checked,) = check_pledges(path, [filing], covers=days).checked
    assert checked.verdict.verdict == "cannot be decided"
    assert "a committee of this name is for another office" in "; ".join(checked.verdict.why)
    filing.write_text(filing.read_text().replace("San Diego Police Officers Association", "Elm Florist"))
    (checked,) = check_pledges(path, [filing], covers=days).checked
    assert checked.verdict.verdict == "kept"


def test_a_signer_contradicts_another_state_office_or_place() -> None:
    (clegg,) = [each for each in load_pledges() if each.prosecutor == "David Clegg"]
    assert clegg.contradicts(state="TN")
    assert clegg.contradicts(office="judge")
    assert clegg.contradicts(place="Kings County")
    assert not clegg.contradicts(state="NY", office="DA", place="Ulster")
    assert not clegg.contradicts()


# What could not be read may hold a gift.


@pytest.mark.parametrize("unread", ["row", "file"])
def test_a_pledge_is_not_kept_where_a_row_or_a_file_could_not_be_read(cli: Cli, tmp_path: Path, unread: str) -> None:
    people, folder = _one(tmp_path, pledge_date="2022-06-01"), tmp_path / "filings"
    folder.mkdir()
    (folder / "log.csv").write_text("Contributor,Amount,Date\nElm Bakery,100,2022-07-01\n")
    arguments = ("pledges", "check", people, folder, "--recipient", "Jane Roe", "--covers", "2022")
    assert "KEPT: " in cli(*arguments).stdout
    if unread == "row":
        with (folder / "log.csv").open("a") as handle:
            handle.write("Oakland Police Officers Association,1O00,2022-07-15\n")
        says = f"1 row of the filings could not be read and may hold a gift: {folder / 'log.csv'}:3"
    else:
        (folder / "late.csv.gz").write_bytes(b"\x1f\x8b\x08\x00damaged")
        says = f"1 file could not be read and may hold a gift: {folder / 'late.csv.gz'}"
    shown = cli(*arguments).stdout
    assert f"CANNOT BE DECIDED: {says}" in shown
    assert "KEPT" not in shown


@pytest.mark.parametrize("source", ["", "my cousin"])
def test_no_verdict_on_a_pledge_of_a_roster_without_a_source_that_opens(
    cli: Cli, tmp_path: Path, roster: Path, source: str
) -> None:
    roster.write_text(roster.read_text().replace("https://example.org/p", source))
    result = cli("pledges", "check", roster, AVERY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{roster}:2: the pledge of Jordan Avery has no published source" in result.stderr
    assert cli("screen", AVERY, "--roster", roster).exit_code == 0


def test_one_row_of_a_person_on_a_roster_has_the_source(roster: Path) -> None:
    roster.write_text(roster.read_text() + "Jordan Avery,Another Avery Committee,Sacramento,2021-09-10,\n")
    signers = {each.signer.source for each in check_pledges(roster, [AVERY]).checked}
    assert signers == {"https://example.org/p", "https://example.org/q"}


def test_the_money_of_two_pledges_is_split_at_the_earlier_one_and_says_so(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "signers.csv"
    path.write_text(
        "prosecutor,state,pledge_date,pledge,source,covers\n"
        "Jordan Avery,CA,2022-04-22,later,https://example.org/p,\n"
        "Jordan Avery,CA,2021-09-10,first,https://example.org/q,\n"
        "Jordan Avery,CA,2020-01-01,other,https://example.org/r,endorsements\n"
    )
    shown = cli("pledges", "check", path, AVERY).stdout
    assert "  money before and after the pledge of 2021-09-10:\n  before: " in shown
    result = cli("pledges", "check", path, AVERY, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {(row["pledge_date"], row["verdict"]) for row in rows} == {("2021-09-10", "broken")}
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    assert "money before and after the pledge of" not in cli("pledges", "check", path, AVERY).stdout


def test_a_pledge_about_a_union_names_it(cli: Cli, tmp_path: Path, log: Path) -> None:
    people = _one(tmp_path, pledge_date="2021-06-01", unions="us-fraternal-order-of-police")
    shown = cli("pledges", "check", people, log, "--recipient", "Jane Roe").stdout
    assert "covers contributions; only of Fraternal Order of Police, with lodges and locals" in shown
    assert "us-fraternal-order-of-police" not in shown
