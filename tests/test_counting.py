"""`--count`: categories of look-alikes that the user wants in the sums, and nothing that hides them there."""

import json

import pytest

import unionscreen
from unionscreen.errors import UsageError

HEADER = "Recipient Name,Contributor Name,Amount,Date\n"
ROWS = (
    "Jane Roe for District Attorney,Elmhaven FOP Lodge 999,100,2022-01-01\n"
    "Jane Roe for District Attorney,Elmhaven Hispanic Officers Association,50,2022-01-02\n"
    "Jane Roe for District Attorney,Assistant Prosecutors Union Local 7,25,2022-01-03\n"
)


@pytest.fixture
def filing(tmp_path):
    path = tmp_path / "gifts.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_nothing_but_unions_counts_by_default(filing):
    (entry,) = unionscreen.screen(filing).prosecutors
    assert entry.flagged.net == 100_00
    assert [flag.union_kind for flag in entry.related] == ["affinity", "prosecutors-union"]


@pytest.mark.parametrize(
    ("count", "net", "left"),
    [(["affinity"], 150_00, ["prosecutors-union"]), (["prosecutors-union", "affinity"], 175_00, [])],
    ids=["one", "two"],
)
def test_a_category_that_is_asked_for_is_in_the_sums(filing, count, net, left):
    screening = unionscreen.screen(filing, count=count)
    (entry,) = screening.prosecutors
    assert entry.flagged.net == net
    assert [flag.union_kind for flag in entry.related] == left
    asked = [flag for flag in entry.flags if flag.union_kind in count]
    assert {flag.tier for flag in asked} == {"related"}
    assert all(f"counts because --count {flag.union_kind} was asked" in flag.why for flag in asked)
    assert screening.manifest["settings"]["count"] == sorted(count)
    assert screening.notes[-1].startswith(f"{len(asked)} row")


def test_a_score_or_a_kind_that_is_asked_for_is_about_unions(filing):
    (entry,) = unionscreen.screen(filing, count=["affinity"], kinds=["corrections"], min_score=90).prosecutors
    assert [flag.union_kind for flag in entry.flags] == ["affinity"]


def test_a_decision_reaches_a_category_that_is_counted(filing, tmp_path):
    log = tmp_path / "decisions.csv"
    log.write_text(
        "donor,verdict,by,on\nElmhaven Hispanic Officers Association,rejected,me,2026-01-31\n", encoding="utf-8"
    )
    (entry,) = unionscreen.screen(
        filing, count=["affinity", "prosecutors-union"], min_score=50, decisions=log
    ).prosecutors
    assert entry.flagged.net == 125_00
    assert [flag.union_kind for flag in entry.dismissed] == ["affinity"]


def test_the_report_says_what_was_counted(cli, filing):
    table = cli("screen", str(filing), "--count", "affinity")
    assert "Also counted, because you asked (--count): affinity." in table.stdout
    assert "1 is related, and counted because you asked" in " ".join(table.stdout.split())
    assert "not a union: affinity" in table.stdout
    assert "because of --count affinity" in table.stderr
    page = cli("screen", str(filing), "--count", "affinity", "--format", "md")
    assert "related, counted because you asked: affinity" in page.stdout


def test_a_category_that_does_not_exist_is_an_error_that_lists_them(cli, filing):
    for wrong in ("afinity", "trap", ","):
        result = cli("screen", str(filing), "--count", wrong)
        assert result.exit_code == 2
        assert "prosecutors-union" in result.stderr
    with pytest.raises(UsageError, match="no related organization is of category afinity"):
        unionscreen.screen(filing, count=["afinity"])


def test_a_pre_screening_counts_nothing(cli, filing):
    result = cli("screen", str(filing), "--policy", "refuse", "--count", "affinity")
    assert result.exit_code == 2
    assert "--count does not go with --policy" in result.stderr


def test_a_batch_counts_what_its_configuration_asks_for(cli, filing, tmp_path):
    config = tmp_path / "all.toml"
    config.write_text(
        f'count = ["affinity"]\n[[screening]]\nname = "x"\nfilings = ["{filing.name}"]\n', encoding="utf-8"
    )
    assert cli("batch", str(config), "--out", str(tmp_path / "out.csv")).exit_code == 0
    manifest = json.loads((tmp_path / "out.manifest.json").read_text(encoding="utf-8"))
    assert "affinity" in json.dumps(manifest)
    assert "150" in (tmp_path / "out.prosecutors.csv").read_text(encoding="utf-8")
