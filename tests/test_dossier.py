"""All that one union gave to prosecutors in some filings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import unionscreen

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = (EXAMPLES / "netfile-avery.csv", EXAMPLES / "tennessee-2022.csv")
SAMPLES = Path(__file__).parent / "filings" / "samples"
ID = "us-ca-oakland-police-officers-association"
HEADER = "Recipient,Contributor,Amount,Date,Type\n"


@pytest.fixture
def filings(tmp_path):
    """Two prosecutors; the union gave to both, and one returned a gift."""
    rows = {
        "roe": ["Oakland POA,500,2022-01-02", "Oakland POA,-500,2022-02-02", "San Jose POA,70,2022-03-03"],
        "poe": ["OAKLAND POLICE OFFICERS ASSOCIATION PAC,200,2021-05-05", "Doe Pat,800,2021-05-06"],
        "moe": ["Doe Pat,5,2022-01-01"],
    }
    for name, lines in rows.items():
        who = f"Jane {name.title()} for District Attorney"
        (tmp_path / f"{name}.csv").write_text(HEADER + "".join(f"{who},{line},Monetary\n" for line in lines))
    return [tmp_path / f"{name}.csv" for name in rows]


def test_the_gifts_of_one_union_are_listed_for_each_prosecutor_with_their_place(cli, filings):
    result = cli("unions", "dossier", ID, *filings)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[:2] == ["Oakland Police Officers' Association", f"{ID} (police, Oakland, CA)"]
    assert "  $500.00 given, $500.00 returned, $0.00 net, 0.0 % of raised" in lines
    assert "  $200.00 given, $0.00 returned, $200.00 net, 20.0 % of raised" in lines
    assert f"  2021-05-05  $200.00  {filings[1]}:2" in lines
    assert (
        "All: $700.00 given, $500.00 returned, $200.00 net, in 3 rows to 2 of 3 recipients, 2021-05-05 to 2022-02-02"
        in lines
    )
    assert "San Jose" not in result.stdout


def test_the_sums_are_those_of_a_screening():
    found = unionscreen.screen(FILES, recipients="all")
    for union_id in {flag.union_id for entry in found.prosecutors for flag in entry.flags} - {None}:
        from unionscreen.reports.dossier import dossier_of

        dossier = dossier_of(found, unionscreen.load_unions().get(union_id))
        rows = found.flags[(found.flags.union_id == union_id) & found.flags.counted]
        assert dossier.money.net == rows.amount_cents.sum()


def test_the_rows_are_tables_and_json_too(cli, filings, tmp_path):
    assert cli("unions", "dossier", ID, *filings, "--out", tmp_path / "rows.csv").exit_code == 0
    rows = [*csv.DictReader((tmp_path / "rows.csv").read_text().splitlines())]
    assert {row["union_id"] for row in rows} == {ID}
    assert sum(float(row["amount"]) for row in rows if row["counted"] == "true") == 200
    saved = json.loads(cli("unions", "dossier", ID, *filings, "--format", "json").stdout)
    assert (saved["union"]["union_id"], len(saved["prosecutors"])) == (ID, 2)


def test_a_union_that_gave_nothing_here_is_no_error(cli, filings):
    result = cli("unions", "dossier", "us-il-chicago-fraternal-order-of-police-lodge-7", *filings)
    assert result.exit_code == 0
    assert "All: $0.00 given, $0.00 returned, $0.00 net, in 0 rows to 0 of 3 recipients" in result.stdout


def test_a_name_that_may_be_the_union_s_is_named_and_in_no_sum(cli, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}Jane Roe for District Attorney,BPOA,9,2022-01-01,Monetary\n")
    could_be = unionscreen.screen(path, state="CA").prosecutors[0].flags[0].could_be.split()
    shown = cli("unions", "dossier", could_be[0], path, "--state", "CA").stdout
    assert f"Not counted: 1 row of $9.00 ({path}:2): the name fits several unions, and may be that of " in shown
    assert "in 0 rows" in shown


def test_the_locals_of_locals_are_in_the_dossier_too(cli, tmp_path):
    known = unionscreen.load_unions()
    parents = {union.union_id: union.parent_id for union in known.unions.values()}
    (lodge, *_) = sorted(each for each, parent in parents.items() if parents.get(parent) in known.unions)
    path = tmp_path / "roe.csv"
    path.write_text(HEADER + f"Jane Roe for District Attorney,{known.get(lodge).name},500,2022-01-02,Monetary\n")
    for above in (parents[lodge], parents[parents[lodge]]):
        assert "All: $500.00 given" in cli("unions", "dossier", above, path, "--locals").stdout
    assert "$500.00" not in cli("unions", "dossier", parents[parents[lodge]], path).stdout


def test_the_dossier_and_a_pledge_have_one_rule_for_a_name_of_several_locals(cli, tmp_path):
    path, people = tmp_path / "fop.csv", tmp_path / "people.csv"
    path.write_text("Contributor,Amount,Date\nFraternal Order of Police Lodge 7,300,2022-07-03\n")
    people.write_text(
        "prosecutor,pledge_date,source,unions\nJane Roe,2022-06-20,https://e.org/p,us-fraternal-order-of-police\n"
    )
    shown = cli("unions", "dossier", "us-fraternal-order-of-police", path, "--recipient", "Jane Roe", "--locals").stdout
    why = "the name fits several unions, and may be that of Coral Gables Fraternal Order of Police Lodge 7 or "
    assert f"Not counted: 1 row of $300.00 ({path}:2): {why}" in shown
    assert "all included here, but none of them is known to have given" in shown
    assert "All: $0.00 given" in shown
    checked = cli("pledges", "check", people, path, "--recipient", "Jane Roe").stdout
    assert f"CANNOT BE DECIDED: 1 row of $300.00 cannot be decided: {why}" in checked


def test_an_id_that_is_not_on_the_list_is_wrong_usage(cli, filings):
    result = cli("unions", "dossier", "us-xx-nobody", *filings)
    assert result.exit_code in (2, 3)
    assert "us-xx-nobody" in result.stderr


def test_spending_about_somebody_who_is_not_recognized_is_listed_with_its_rows(cli, tmp_path):
    path = tmp_path / "spent.csv"
    path.write_text(
        "Spender,Date,Amount,Candidate,Support/Oppose\n"
        "Oakland POA,2022-05-02,1200.50,Sam Kern,Support\n"
        "Oakland POA,2022-05-01,300,Sam Kern,Support\n"
        "Elm Bakers,2022-05-01,70,Sam Kern,Support\n"
    )
    lines = cli("unions", "dossier", ID, path).stdout.splitlines()
    at = lines.index(
        "Independent spending for Sam Kern (not recognized as a prosecutor): $1,500.50 in 2 rows, not counted above"
    )
    assert lines[at + 1 : at + 3] == [f"  2022-05-01  $300.00  {path}:3", f"  2022-05-02  $1,200.50  {path}:2"]
    saved = json.loads(cli("unions", "dossier", ID, path, "--format", "json").stdout)
    assert [each["place"] for each in saved["money_out"]["independent_expenditures"]] == [f"{path}:2", f"{path}:3"]


def test_gifts_in_the_union_s_own_filings_are_listed_with_their_rows(cli, tmp_path):
    path, sample = tmp_path / "d.csv", SAMPLES / "ca-netfile-expenditures.csv"
    path.write_text(sample.read_text().replace("Springfield Police Officers Association", "Oakland POA"))
    lines = cli("unions", "dossier", ID, path).stdout.splitlines()
    at = lines.index("In its own filings only: 1 gift, $1,000.00, not counted above")
    assert lines[at + 1].startswith("  2022-03-")
    assert lines[at + 1].endswith(f"  $1,000.00  {path}:2  to Jane Roe (Elm County)")


def test_a_name_in_place_of_an_id_is_told_how_to_find_the_id(cli, filings):
    assert "`unionscreen unions search` finds its id" in cli("unions", "dossier", "PORAC", *filings).stderr
