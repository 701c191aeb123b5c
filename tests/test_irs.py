"""`unions import-irs`: made-up organizations in the true layout of the register of exempt organizations."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from unionscreen.irs.names import read_body
from unionscreen.irs.register import RegisterRow, read_register
from unionscreen.unions.loading import load_unions

Cli = Callable[..., Result]

HEADER = (
    "EIN,NAME,ICO,STREET,CITY,STATE,ZIP,GROUP,SUBSECTION,AFFILIATION,CLASSIFICATION,RULING,DEDUCTIBILITY,FOUNDATION,"
    "ACTIVITY,ORGANIZATION,STATUS,TAX_PERIOD,ASSET_CD,INCOME_CD,FILING_REQ_CD,PF_FILING_REQ_CD,ACCT_PD,ASSET_AMT,"
    "INCOME_AMT,REVENUE_AMT,NTEE_CD,SORT_NAME"
)
CASES = Path(__file__).parent / "cases" / "irs_names.csv"


def line(
    ein: str,
    name: str,
    second: str = "",
    *,
    city: str = "ELMHAVEN",
    state: str = "OH",
    group: str = "",
    sub: str = "05",
) -> str:
    """One row as the IRS writes it, a person in care of it and the street included."""
    group = group or ("1199" if name.startswith("FRATERNAL ORDER OF POLICE") and second else "0000")
    return (
        f"{ein},{name},% QUILL MARVIN,12 ELM ST,{city},{state},45000-1234,{group},{sub},3,1000,199001,0,00,263000000,5,"
        f"01,202412,0,0,02,0,12,0,0,0,J40,{second}"
    )


ROWS = [
    line("010000001", "FRATERNAL ORDER OF POLICE", "912 ELMHAVEN LODGE", sub="08"),
    line("010000002", "FRATERNAL ORDER OF POLICE", "913 MARSHALL COUNTY LODGE", city="TILLMORE", sub="08"),
    line("010000003", "WILLOW BEND POLICE OFFICERS ASSOCIATION INC", city="WILLOW BEND"),
    line("010000004", "ELMHAVEN POLICE FOUNDATION", sub="03"),
    line("010000005", "FRATERNAL ORDER OF POLICE LODGE 912 AUXILIARY", sub="08"),
    line("010000006", "QUILLBACK COUNTY DEPUTY SHERIFFS ASSOCIATION", sub="03"),
    line("010000007", "ELMHAVEN GARDEN CLUB", "QUILL MARVIN TREAS", sub="03"),
    line("010000008", "WILLOW BEND POLICE OFFICERS ASSOC", city="WILLOW BEND"),
    line("010000009", "FRATERNAL ORDER OF POLICE LODGE NO 914 INC", city="OAK POND", sub="08"),
    line("010000010", "TILLMORE PROBATION OFFICERS ASSOCIATION", "JANE QUILL SEC", city="TILLMORE"),
    line("010000012", "TILLMORE SHERIFFS ASSOCIATION INC C/O SHERIFF JANE QUILL", city="TILLMORE"),
    line("010000013", "TILLMORE DETECTIVES ASSOCIATION C/O JANE QUILL", city="TILLMORE"),
    line("010000014", "ELMHAVEN POLICE MOTORCYCLE CLUB"),
    line("010000015", "FRATERNAL ORDER OF POLICE", "912 ELMHAVEN LODGE AUX", sub="08"),
    line("010000016", "ELMHAVEN LATINO PEACE OFFICERS ASSOCIATION"),
    line("010000011", "CAPITAL CITY LODGE 9 FRATERNAL ORDER OF POLICE", city="COLUMBUS", sub="08"),
]


def register(tmp_path: Path, rows: list[str] = ROWS, name: str = "eo_oh.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def outcomes(cli: Cli, *arguments: object) -> dict[str, dict[str, object]]:
    result = cli("unions", "import-irs", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return {each["ein"]: each for each in json.loads(result.stdout)}


def names_in(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        found.setdefault(row["union"], []).append(row["alias"])
    return found


with CASES.open(newline="", encoding="utf-8") as handle:
    NAMES = list(csv.DictReader(handle))


@pytest.mark.parametrize("case", NAMES, ids=lambda case: f"{case['name']} {case['second']}".strip()[:60])
def test_a_row_is_read_as_the_organization_that_it_is(case: dict[str, str]) -> None:
    row = RegisterRow(
        "01-0000001", case["name"], case["second"], case["city"], case["state"], case["group"] or "0000", "05", "01",
        "eo_xx.csv", 2,
    )  # fmt: skip
    body = read_body(row)
    assert (body.name, body.number, body.kind, body.place) == (
        case["body"],
        case["number"],
        case["kind"],
        case["place"],
    )


def test_each_organization_is_taken_merged_left_out_or_left_to_decide(cli: Cli, tmp_path: Path) -> None:
    found = outcomes(cli, register(tmp_path), "--to", tmp_path / "own.csv")
    assert {ein[-2:]: each["action"] for ein, each in found.items()} == {
        "01": "taken",
        "02": "taken",
        "03": "taken",
        "04": "left out",
        "05": "left out",
        "06": "to decide",
        "08": "merged",
        "09": "taken",
        "10": "taken",
        "11": "merged",
        "12": "left out",
        "13": "taken",
        "14": "left out",
        "15": "left out",
        "16": "left out",
    }
    assert found["01-0000002"]["kind"] == "police"
    assert found["01-0000011"]["union_id"] == "us-oh-capital-city-lodge-no-9-fraternal-order-of-police"


def test_the_own_list_is_one_that_screen_takes_and_holds_the_ways_it_is_filed(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    outcomes(cli, register(tmp_path), "--to", own)
    assert names_in(own)["Elmhaven Fraternal Order of Police Lodge 912"] == [
        "",
        "FRATERNAL ORDER OF POLICE 912 ELMHAVEN LODGE",
        "Elmhaven FOP Lodge 912",
        "Elmhaven Lodge 912",
        "FOP Lodge 912",
    ]
    known = load_unions.__wrapped__(own)
    union = known.get("own-elmhaven-fraternal-order-of-police-lodge-912")
    assert (union.number, union.ein, union.place, union.state) == ("912", "01-0000001", "Elmhaven", "OH")
    assert union.source == "https://www.irs.gov/pub/irs-soi/eo_oh.csv EIN 01-0000001"
    answer = json.loads(cli("check", "--json", "--unions", own, "Elmhaven F.O.P. Lodge #912").stdout)
    assert answer["union_id"] == union.union_id


def test_a_lodges_name_that_others_may_bear_needs_the_state(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    outcomes(cli, register(tmp_path), "--to", own)
    marked = {
        alias.alias: alias.ambiguous
        for alias in load_unions.__wrapped__(own).by_union["own-elmhaven-fraternal-order-of-police-lodge-912"]
    }
    assert marked["Elmhaven Lodge 912"] == marked["FOP Lodge 912"] == "state"
    assert marked["Elmhaven FOP Lodge 912"] == ""
    (alone,) = [json.loads(cli("check", "--json", "--unions", own, "Elmhaven Lodge 912").stdout)]
    (there,) = [json.loads(cli("check", "--json", "--unions", own, "--state", "OH", "Elmhaven Lodge 912").stdout)]
    assert alone["union"] is None
    assert there["union"] == "Elmhaven Fraternal Order of Police Lodge 912"


def test_two_registrations_of_one_organization_are_one(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    outcomes(cli, register(tmp_path), "--to", own)
    known = load_unions.__wrapped__(own)
    (union,) = [union for union in known.unions.values() if union.name == "Willow Bend Police Officers Association"]
    assert union.ein == "01-0000003;01-0000008"


def test_a_second_run_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    own, file = tmp_path / "own.csv", register(tmp_path)
    first = outcomes(cli, file, "--to", own)
    before = own.read_bytes()
    result = cli("unions", "import-irs", file, "--to", own)
    assert own.read_bytes() == before
    assert "0 taken" in result.stderr
    assert "0 rows written" in result.stderr
    second = outcomes(cli, file, "--to", own)
    same = {ein for ein, each in first.items() if each["action"] in ("left out", "to decide")}
    assert {ein for ein, each in second.items() if each["action"] in ("left out", "to decide")} == same


def test_no_person_of_the_register_is_kept(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    shown = cli("unions", "import-irs", register(tmp_path), "--to", own).stdout
    assert "Tillmore Probation Officers Association" in shown
    assert "QUILL MARVIN" not in (shown + own.read_text(encoding="utf-8")).upper()
    assert "JANE" not in (shown + own.read_text(encoding="utf-8")).upper()


def test_lodges_of_one_number_in_two_states_stay_two(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    bare = line("020000009", "FRATERNAL ORDER OF POLICE LODGE NO 914 INC", city="OAK POND", state="KY", sub="08")
    namesake = line("020000003", "WILLOW BEND POLICE OFFICERS ASSOCIATION INC", city="WILLOW BEND", state="KY")
    outcomes(cli, register(tmp_path), register(tmp_path, [bare, namesake], "eo_ky.csv"), "--to", own)
    unions = [union for union in load_unions.__wrapped__(own).unions.values() if union.union_id.startswith("own-")]
    assert sorted((union.name, union.state) for union in unions if union.number == "914") == [
        ("Fraternal Order of Police Lodge 914 (Kentucky)", "KY"),
        ("Fraternal Order of Police Lodge 914 (Ohio)", "OH"),
    ]
    assert {union.state for union in unions if union.name.startswith("Willow Bend")} == {"OH", "KY"}


def test_a_lodge_whose_number_is_listed_for_another_place_is_yours_to_decide(cli: Cli, tmp_path: Path) -> None:
    file = register(
        tmp_path, [line("030000001", "FRATERNAL ORDER OF POLICE", "9 TILLMORE LODGE", city="TILLMORE", sub="08")]
    )
    own = tmp_path / "own.csv"
    (first,) = outcomes(cli, file, "--to", own).values()
    assert first["action"] == "to decide"
    assert "us-oh-capital-city-lodge-no-9-fraternal-order-of-police" in str(first["why"])
    assert not own.exists()
    (taken,) = outcomes(cli, file, "--to", own, "--take", "03-0000001").values()
    assert taken["action"] == "taken"
    assert "Tillmore Fraternal Order of Police Lodge 9" in names_in(own)


def test_a_dry_run_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    result = cli("unions", "import-irs", register(tmp_path), "--to", tmp_path / "own.csv", "--dry-run")
    assert "nothing written" in result.stderr
    assert not (tmp_path / "own.csv").exists()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("name,state\nACME,OH\n", 3, "has no column EIN"),
        (HEADER + "\n", 3, "has no organizations"),
        (HEADER + "\n010000001,FRATERNAL ORDER OF POLICE,,12 ELM\n", 3, "eo_oh.csv:2: 4 cells where 28 are expected"),
    ],
    ids=["another file", "no row", "cut off"],
)
def test_a_file_that_is_no_register_is_refused(cli: Cli, tmp_path: Path, text: str, code: int, said: str) -> None:
    file = tmp_path / "eo_oh.csv"
    file.write_text(text, encoding="utf-8")
    result = cli("unions", "import-irs", file, "--to", tmp_path / "own.csv")
    assert result.exit_code == code
    assert said in result.stderr


@pytest.mark.parametrize(("ein", "said"), [("12", "is not an EIN"), ("99-9999999", "no organization about officers")])
def test_an_ein_that_is_not_there_cannot_be_taken(cli: Cli, tmp_path: Path, ein: str, said: str) -> None:
    result = cli("unions", "import-irs", register(tmp_path), "--to", tmp_path / "own.csv", "--take", ein)
    assert result.exit_code == 2
    assert said in result.stderr


def test_columns_are_found_by_name_and_only_what_is_needed_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "eo2.csv"
    file.write_text(
        "SORT_NAME,NAME,EIN,STATE,CITY,STATUS,SUBSECTION,GROUP\n"
        "912 ELMHAVEN LODGE,FRATERNAL ORDER OF POLICE,10000001,oh,ELMHAVEN,01,8,1199\n",
        encoding="utf-8",
    )
    (row,), read = read_register(file)
    assert (row.ein, row.state, row.subsection, read) == ("01-0000001", "OH", "08", 1)
    assert row.source == "https://www.irs.gov/pub/irs-soi/eo2.csv EIN 01-0000001"


def test_an_organization_in_two_files_is_counted_once(cli: Cli, tmp_path: Path) -> None:
    file, own = register(tmp_path), tmp_path / "own.csv"
    once = cli("unions", "import-irs", file, "--to", own, "--dry-run")
    again = register(tmp_path, [ROWS[0], line("010000099", "ELMHAVEN GARDEN SOCIETY")], "eo2.csv")
    twice = cli("unions", "import-irs", file, file, again, "--to", own, "--dry-run")
    assert twice.stdout == once.stdout
    assert f"{len(ROWS) + 1} organizations, " in twice.stderr
    assert f"{len(ROWS) + 1} rows of organizations that were read before: each is counted once" in twice.stderr
    assert "read before" not in once.stderr


def test_without_a_row_to_write_no_file_is_made_and_that_is_reported(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    file = register(tmp_path, [line("010000099", "ELMHAVEN GARDEN SOCIETY")])
    result = cli("unions", "import-irs", file, "--to", own)
    assert (result.exit_code, own.exists()) == (0, False)
    assert "0 rows written, so no file was made" in result.stderr
